"""The agenda of the meeting about published months 「推进会」 and the year's account, as people read them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tracker.domain.quoting import titled
from tracker.domain.scoring.plain import evenly, number_text
from tracker.domain.scoring.questions import MEETING_ORDER, Decision
from tracker.domain.scoring.scheme import Scheme
from tracker.domain.scoring.several import MeetingRule, PublishedMonth, Speakers, YearLine, names_in
from tracker.wording.scoring import ABOUT, decided_words, exact_words, note_words
from tracker.wording.scoring_months import month_words

NOT_EVALUATED = "—"


@dataclass(frozen=True, slots=True)
class Told:
    """A paper that is read beside a meeting: title, paragraphs with their levels, one table.

    `turned`: the table is too wide for an upright sheet; `named_at` is the column that names whom a row is about.
    """

    title: str
    body: tuple[tuple[int, str], ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    turned: bool = False
    named_at: int = 0


def order_words(scheme: Scheme, rule: MeetingRule) -> str:
    """Say by which decision somebody speaks at the meeting: 按两个月得分之和重新排名."""
    return next((decided_words(scheme, one) for one in rule.by if one.question == MEETING_ORDER), "")


def waits_for_decision(title: str) -> str:
    return f"待决定：{title}"


def held_with(last: str) -> str:
    return f"与{month_words(last)}合开"


def waits_for_months(months: Sequence[str]) -> str:
    """Say which months' results are still to be published; empty where none is."""
    return f"待{'、'.join(map(month_words, months))}考评结果通报" if months else ""


def agenda(scheme: Scheme, rule: MeetingRule, months: Sequence[PublishedMonth], found: Sequence[Speakers]) -> Told:
    """Say who speaks at the meeting, by which sentence and which decisions, with the marks and places that make it."""
    meeting, names = rule.meeting, names_in(months)
    matter = scheme.publication.matter if scheme.publication is not None else ""
    named = "、".join(month_words(str(one.month)) for one in months)
    notes = "；".join(note_words(scheme, one) for one in rule.by)
    parts = [
        ("通报考评结果", [f"通报{named}{matter}的得分和排名（见附表）。"]),
        ("经验介绍", _speaking("介绍经验", [(one, one.first) for one in found], f"前{meeting.first}名", names)),
        ("表态发言", _speaking("作表态发言", [(one, one.last) for one in found], f"后{meeting.last}名", names)),
        ("点评", [f"对{named}的考评情况进行点评。"]),
    ]
    body = [
        (0, f"依据{titled(scheme.title)}（{scheme.document}）{meeting.source.clause}：“{meeting.source.sentence}”"),
        *_numbered([(head, told) for head, told in parts if told]),
        *([(0, f"附注：发言名次按以下决定确定。{notes}。")] if notes else []),
    ]
    heads, rows = _meeting_table(months, found, names)
    span = named if len(months) == 1 else f"{month_words(str(months[0].month))}至{month_words(str(months[-1].month))}"
    return Told(f"{span}{matter}推进会议程", tuple(body), heads, rows)


def _numbered(parts: Sequence[tuple[str, Sequence[str]]]) -> Iterator[tuple[int, str]]:
    """Go through the items of the agenda with their paragraphs; those that nobody has to speak to are not counted."""
    for number, (head, told) in zip("一二三四", parts, strict=False):
        yield 1, f"{number}、{head}"
        yield from ((0, words) for words in told)


def _speaking(
    verb: str, found: Sequence[tuple[Speakers, Sequence[str]]], side: str, names: Mapping[str, str]
) -> list[str]:
    """Say who speaks, each with the place and the marks by which it does; nothing where nobody does."""
    told = []
    for one, units in found:
        when = "、".join(month_words(str(month)) for month in one.months) if len(found) > 1 else ""
        if units:
            why = "；".join(f"{names[unit]}（{_why(one, unit)}）" for unit in units)
            told.append(f"{when}{side}{verb}：{why}。")
    return told


def _why(one: Speakers, unit: str) -> str:
    total = f"得分之和{number_text(one.sums[unit])}分，" if one.sums is not None else ""
    return f"{total}第{one.places[unit]}名"


def _meeting_table(
    months: Sequence[PublishedMonth], found: Sequence[Speakers], names: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the months' marks and places, in the order by which somebody speaks, with the sums where these count."""
    last, one_year = found[-1], len({month.month.year for month in months}) == 1
    heads = ["考评对象"]
    columns = [[names[unit] for unit in last.places]]
    for month in months:
        words = f"{month.month.number}月" if one_year else month_words(str(month.month))
        heads += [f"{words}得分", f"{words}名次"]
        columns.append(_column([month.totals.get(unit) for unit in last.places]))
        columns.append([str(month.ranks.get(unit, NOT_EVALUATED)) for unit in last.places])
    if last.sums is not None:
        heads += ["得分之和", "按和排名"]
        columns.append(evenly([last.sums[unit] for unit in last.places]))
        columns.append([str(place) for place in last.places.values()])
    return tuple(heads), tuple(zip(*columns, strict=True))


def _column(marks: Sequence[Decimal | None]) -> list[str]:
    """Write a month's marks with equally many decimals; whoever was not evaluated in it has none."""
    told = iter(evenly([one for one in marks if one is not None]))
    return [NOT_EVALUATED if one is None else next(told) for one in marks]


def year_account(
    scheme: Scheme, year: int, lines: Sequence[YearLine], by: Decision, *, names: Mapping[str, str]
) -> Told:
    """Say what each body's published months come to, by the rules of the last of them."""
    published = scheme.publication
    count = sum(any(one.months[at] is not None for one in lines) for at in range(12))
    said = (
        "" if published is None or published.year is None else f"{published.year.clause}：“{published.year.sentence}”"
    )
    note = note_words(scheme, by)
    body = (
        (0, f"依据{titled(scheme.title)}（{scheme.document}）{said}"),
        (0, f"{year}年元月至12月已通报{count}个月，没有通报或考评的月份以“—”表示，不计入。说明：{note}。"),
    )
    columns = [_column([one.months[at] for one in lines]) for at in range(12)]
    totals = [exact_words(one.total) for one in lines]
    if not any(one.startswith(ABOUT) for one in totals):
        totals = evenly([Decimal(one) for one in totals])
    rows = tuple(
        zip([str(one.rank) for one in lines], [names[one.body] for one in lines], *columns, totals, strict=True)
    )
    heads = ("名次", "考评对象", "元月", *(f"{number}月" for number in range(2, 13)), "年度")
    matter = published.matter if published is not None else ""
    return Told(f"{year}年{matter}成绩汇总", body, heads, rows, turned=True, named_at=1)
