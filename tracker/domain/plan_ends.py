"""The end of what a document plans, read from the words that say so: a year's plan ends with the year."""

import re
from dataclasses import dataclass
from datetime import date

from tracker.domain.calendar import full_date
from tracker.domain.errors import BadInput

_RANGE = r"(20\d\d)\s?年?\s?(?:[—–―－~～至到-]|——)\s?(20\d\d)(?:\s?年(?!\d))?(?!\d)"
_YEARS = re.compile(_RANGE)
# Years are also printed ２０２２ and 二〇二二; each sign becomes one digit, so that places in the text stay.
_OTHER_YEAR = re.compile(r"[2２二][0０〇零○][0-9０-９〇零○一二三四五六七八九]{2}(?=\s?年|\s?[—–―－~～至到-])")
_DIGITS = str.maketrans("０１２３４５６７８９〇零○一二三四五六七八九", "0123456789000123456789")
_TERM = re.compile(
    rf"(?:规划期|计划期|实施期|行动期|工作期|实施年限)限?[^。；\n\d]{{0,8}}{_RANGE}",
)
# The year of an edition 「2022年修订」 and that of a meeting 「2022年第12次会议」 date the paper, not the work.
_YEAR = re.compile(r"(20\d\d)\s?年(?!\s?(?:修订|修正|版|本|第[\d一二三四五六七八九十]{1,4}次))")
_PLANS = re.compile(r"(?:方案|计划|规划|要点|安排|重点工作)(?:[（(][^（）()]{0,20}[）)])?$|重点工作")
_PART_OF_YEAR = re.compile(r"[上下]半年|季|月|学年|秋冬|冬春|汛期|三夏|三秋|百日")
_NO_PLAN = re.compile(r"(?:纪要|会议|议定事项|批示|通报|公告|批复|报告|请示|函|决定)(?:[（(][^（）()]{0,20}[）)])?$")


class EndBeforeIssue(BadInput):
    """A document cannot end before it was made; facts: field, day, issued_on."""

    code = "end_before_issue"


@dataclass(frozen=True, slots=True)
class PlanEnd:
    """The last day of what a document plans, with the words it was read from.

    No day with words is a question to the office: they name a year and leave open when the plan ends. A day without
    words is the office's own.
    """

    on: date | None = None
    words: str = ""

    @property
    def asked(self) -> bool:
        return self.on is None and bool(self.words)


NO_PLAN = PlanEnd()


def read_plan_end(title: str, *, text: str = "", issued_on: date | None = None) -> PlanEnd:
    """Read when a plan ends: 31 December of the year its title names, or of the last year of a span of years.

    The text decides where it states the term of the plan and the title does not. A part of a year, a season, several
    single years, a kind of paper that need not be a plan and an end before the day of issue are left to the office.
    """
    found = _of_title(title)
    if found.on is None and (term := _TERM.search(_in_digits(text))):
        found = _through(term[1], term[2], words=text[term.start() : term.end()])
    if found.on is not None and issued_on is not None and found.on < issued_on:
        return PlanEnd(words=found.words)
    return found


def check_ends(*, issued_on: date | None, expires_on: date | None, ends_on: date | None) -> None:
    """Refuse a validity or a plan that is over before the document's own day. Raises EndBeforeIssue."""
    for field, day in (("有效期至", expires_on), ("计划截止日期", ends_on)):
        if issued_on is not None and day is not None and day < issued_on:
            raise EndBeforeIssue(field=field, day=full_date(day), issued_on=full_date(issued_on))


def _in_digits(text: str) -> str:
    return _OTHER_YEAR.sub(lambda year: year.group().translate(_DIGITS), text)


def _of_title(title: str) -> PlanEnd:
    digits = _in_digits(title)
    span, years = _YEARS.search(digits), {year[1] for year in _YEAR.finditer(digits)}
    if not (span or years) or _NO_PLAN.search(title):
        return NO_PLAN
    if _PART_OF_YEAR.search(title):
        return PlanEnd(words=title)
    if span:
        return _through(span[1], span[2], words=title[span.start() : span.end()])
    if len(years) == 1 and _PLANS.search(title):
        return PlanEnd(date(int(years.pop()), 12, 31), title)
    return PlanEnd(words=title)


def _through(first: str, last: str, *, words: str) -> PlanEnd:
    return PlanEnd(date(int(last), 12, 31) if first < last else None, words)
