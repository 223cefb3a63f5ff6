"""The agenda of the meeting about published months 「推进会」 and the year's account, as people read them."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.domain.quoting import titled
from tracker.domain.scoring.plain import number_text
from tracker.domain.scoring.questions import Decision
from tracker.domain.scoring.scheme import Meeting, Scheme
from tracker.domain.scoring.several import PublishedMonth, Speakers, YearLine
from tracker.wording.scoring import exact_words, note_words
from tracker.wording.scoring_months import month_words


@dataclass(frozen=True, slots=True)
class Told:
    """A paper that is read beside a meeting: title, paragraphs with their levels, one table."""

    title: str
    body: tuple[tuple[int, str], ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def agenda(
    scheme: Scheme, meeting: Meeting, months: Sequence[PublishedMonth], found: Sequence[Speakers], by: Decision
) -> Told:
    """Say who speaks at the meeting, by which sentence and which decision, with the places of its months."""
    names = {one.unit: one.name for one in scheme.objects}
    matter = scheme.publication.matter if scheme.publication is not None else ""
    named = [month_words(str(one.month)) for one in months]
    body = [
        (0, f"依据{titled(scheme.title)}（{scheme.document}）{meeting.source.clause}：“{meeting.source.sentence}”"),
        (1, "一、通报考评结果"),
        (0, f"通报{'、'.join(named)}{matter}的得分和排名（见附表）。"),
    ]
    for at, (head, verb) in enumerate((("二、经验介绍", "介绍经验"), ("三、表态发言", "作表态发言"))):
        body.append((1, head))
        for one in found:
            told = one.last if at else one.first
            when = "、".join(month_words(str(month)) for month in one.months)
            side = f"后{meeting.last}名" if at else f"前{meeting.first}名"
            if told:
                body.append((0, f"{when}{side}{verb}：{'、'.join(names[unit] for unit in told)}。"))
    body += [(1, "四、点评和部署"), (0, f"说明：{note_words(scheme, by)}。")]
    ordered = sorted(names, key=lambda unit: [one.ranks[unit] for one in reversed(months)])
    rows = tuple(
        (names[unit], *(cell for one in months for cell in (number_text(one.totals[unit]), str(one.ranks[unit]))))
        for unit in ordered
    )
    heads = ("考评对象", *(head for name in named for head in (f"{name}得分", f"{name}名次")))
    return Told(f"{named[0]}至{named[-1]}{matter}推进会议程", tuple(body), heads, rows)


def year_account(scheme: Scheme, year: int, lines: Sequence[YearLine], by: Decision) -> Told:
    """Say what each body's published months come to."""
    names = {one.unit: one.name for one in scheme.objects}
    published = scheme.publication
    count = sum(one is not None for one in lines[0].months)
    said = (
        "" if published is None or published.year is None else f"{published.year.clause}：“{published.year.sentence}”"
    )
    body = (
        (0, f"依据{titled(scheme.title)}（{scheme.document}）{said}"),
        (0, f"{year}年元月至12月已通报{count}个月，没有通报的月份以“—”表示，不计入。说明：{note_words(scheme, by)}。"),
    )
    rows = tuple(
        (
            str(one.rank),
            names[one.body],
            *("—" if mark is None else number_text(mark) for mark in one.months),
            exact_words(one.total),
        )
        for one in lines
    )
    heads = ("名次", "考评对象", "元月", *(f"{number}月" for number in range(2, 13)), "年度")
    matter = published.matter if published is not None else ""
    return Told(f"{year}年{matter}成绩汇总", body, heads, rows)
