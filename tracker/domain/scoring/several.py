"""What is made of several published months: who speaks at the meeting about them, and how they count for the year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.placing import ranked
from tracker.domain.scoring.scheme import Meeting


@dataclass(frozen=True, slots=True)
class PublishedMonth:
    """A published result: total and place of each body by its code; `ties` is how equal totals were placed."""

    month: Month
    totals: Mapping[str, Decimal]
    ranks: Mapping[str, int]
    ties: str


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who stands first and last: in one month, or in all `months` together."""

    months: tuple[Month, ...]
    first: tuple[str, ...]
    last: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YearLine:
    """A body's months (None where none was published), what they come to by the decision, and its place."""

    body: str
    months: tuple[Decimal | None, ...]
    total: Fraction
    rank: int


def months_before(last: Month, count: int) -> tuple[Month, ...]:
    """Return `count` months that end with one."""
    places = [last.year * 12 + last.number - 1 - back for back in reversed(range(count))]
    return tuple(Month(place // 12, place % 12 + 1) for place in places)


def speakers(meeting: Meeting, months: Sequence[PublishedMonth], *, order: str) -> tuple[Speakers, ...]:
    """Return who speaks at the meeting: by the months' `sum`, of `each` month by itself, or by the `last` month."""
    if order == "each":
        return tuple(_speakers(meeting, (one.month,), one.ranks) for one in months)
    if order == "last":
        return (_speakers(meeting, (months[-1].month,), months[-1].ranks),)
    sums = {body: sum((Fraction(one.totals[body]) for one in months), Fraction(0)) for body in months[-1].totals}
    places = ranked(sums, ties=months[-1].ties)
    return (_speakers(meeting, tuple(one.month for one in months), places),)


def year_lines(months: Sequence[PublishedMonth], *, how: str) -> tuple[YearLine, ...]:
    """Return the year's account, January to December, the first place first: the months' `sum` or their `mean`."""
    by_number = {one.month.number: one.totals for one in months}
    found: dict[str, tuple[tuple[Decimal | None, ...], Fraction]] = {}
    for body in months[-1].totals:
        marks = tuple(by_number[n].get(body) if n in by_number else None for n in range(1, 13))
        known = [Fraction(one) for one in marks if one is not None]
        total = sum(known, Fraction(0))
        found[body] = marks, total / len(known) if how == "mean" else total
    places = ranked({body: total for body, (_marks, total) in found.items()}, ties=months[-1].ties)
    lines = [YearLine(body, marks, total, places[body]) for body, (marks, total) in found.items()]
    return tuple(sorted(lines, key=lambda one: one.rank))


def _speakers(meeting: Meeting, months: tuple[Month, ...], ranks: Mapping[str, int]) -> Speakers:
    """Equal places stand together; nobody stands on both sides."""
    ordered = sorted(ranks, key=lambda body: ranks[body])
    first = tuple(body for body in ordered if ranks[body] <= meeting.first)
    edge = ranks[ordered[-meeting.last]] if len(ordered) > meeting.last else 1
    return Speakers(months, first, tuple(one for one in ordered if ranks[one] >= edge and one not in first))
