"""What is made of several published months: who speaks at the meeting about them, and how they count for the year."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import partial

from tracker.domain.quoting import titled
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.months import Term
from tracker.domain.scoring.placing import ranked
from tracker.domain.scoring.publishing import MeetingNotOrdered, RankingHeldBack
from tracker.domain.scoring.questions import BEFORE_JANUARY, FROM_JANUARY, MEETING_MONTHS, MEETING_ORDER, Decision
from tracker.domain.scoring.rules import answers_in, option_of
from tracker.domain.scoring.scheme import Meeting, Scheme


@dataclass(frozen=True, slots=True)
class PublishedMonth:
    """A published result: total and place of each body by its code; `ties` is how equal totals were placed.

    `names` are those of the bodies by the rules of the month: other rules may evaluate others.
    """

    month: Month
    totals: Mapping[str, Decimal]
    ranks: Mapping[str, int]
    ties: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who stands first and last, and at which `places`: in one month, or in all `months` together.

    `sums` are what the bodies have in the months, where these were added up; the order is that of the places.
    """

    months: tuple[Month, ...]
    first: tuple[str, ...]
    last: tuple[str, ...]
    places: Mapping[str, int]
    sums: Mapping[str, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class YearLine:
    """A body's months (None where none was published), what they come to by the decision, and its place."""

    body: str
    months: tuple[Decimal | None, ...]
    total: Fraction
    rank: int


@dataclass(frozen=True, slots=True)
class MeetingRule:
    """Which `months` a meeting is about, whose places count there (the choice `order`), and the decisions on both."""

    meeting: Meeting
    months: tuple[Month, ...]
    order: str
    by: tuple[Decision, ...]


def months_together(meeting: Meeting, month: Month, *, begin: str) -> tuple[Month, ...]:
    """Return the months of the meeting that a month belongs to: every month belongs to one meeting only.

    They are counted from January on, or, to `begin` before it, so that the last month of a year begins a meeting.
    """
    later = 1 if begin == BEFORE_JANUARY else 0
    place = month.year * 12 + month.number - 1
    start = place - (place + later) % meeting.months
    return tuple(Month(one // 12, one % 12 + 1) for one in range(start, start + meeting.months))


def meeting_rule(scheme: Scheme, decisions: Collection[tuple[Term, Decision]], month: Month) -> MeetingRule:
    """Return by which decisions the meeting that a month belongs to is held; each month is at one meeting only.

    `decisions` come with the months for which they hold. Where another beginning was decided on in between, the
    months that neither meeting shares have one of their own. Raises MeetingNotOrdered, RankingHeldBack.
    """
    meeting = scheme.publication.meeting if scheme.publication is not None else None
    if meeting is None:
        raise MeetingNotOrdered(scheme=titled(scheme.title))
    begins = partial(_decided, scheme, decisions, MEETING_MONTHS)

    def together(one: Month) -> tuple[Month, ...]:
        _begin, choice = begins(one)
        return months_together(meeting, one, begin=choice)

    months = tuple(one for one in together(month) if together(one) == together(month))
    order, choice = _decided(scheme, decisions, MEETING_ORDER, months[-1])
    begin, _choice = begins(month)
    return MeetingRule(meeting, months, choice, tuple(one for one in (begin, order) if one is not None))


def _decided(
    scheme: Scheme, decisions: Iterable[tuple[Term, Decision]], code: str, month: Month
) -> tuple[Decision | None, str]:
    """Return a decision with its choice; none where the scheme does not ask. Raises RankingHeldBack."""
    if code not in {one.code for one in scheme.questions}:
        return None, FROM_JANUARY
    return decided_on(scheme, decisions, code, month)


def decided_on(
    scheme: Scheme, decisions: Iterable[tuple[Term, Decision]], code: str, month: Month
) -> tuple[Decision, str]:
    """Return what was decided on a question of a scheme for a month, and the choice it is. Raises RankingHeldBack."""
    question = next(one for one in scheme.questions if one.code == code)
    found = next((one for one in answers_in(scheme, decisions, month=str(month)) if one.question == code), None)
    if found is None:
        raise RankingHeldBack(questions=question.title)
    return found, option_of(question, found).choice


def speakers(meeting: Meeting, months: Sequence[PublishedMonth], *, order: str) -> tuple[Speakers, ...]:
    """Return who speaks at the meeting: by the months' `sum`, of `each` month by itself, or by the `last` month.

    The one rule of the circulars and of the agenda. The months are those of one meeting, with the last one last. Sums
    are those of the bodies that were evaluated in each of them.
    """
    if order == "each":
        return tuple(_speakers(meeting, (one.month,), one.ranks) for one in months)
    if order == "last":
        return (_speakers(meeting, (months[-1].month,), months[-1].ranks),)
    together = [body for body in months[-1].totals if all(body in one.totals for one in months)]
    sums = {body: sum((one.totals[body] for one in months), Decimal(0)) for body in together}
    places = ranked({body: Fraction(total) for body, total in sums.items()}, ties=months[-1].ties)
    return (replace(_speakers(meeting, tuple(one.month for one in months), places), sums=sums),)


def year_lines(months: Sequence[PublishedMonth], *, how: str) -> tuple[YearLine, ...]:
    """Return the year's account, January to December, the first place first: the months' `sum` or their `mean`.

    Who was evaluated in some of the months alone has no marks in the others.
    """
    by_number = {one.month.number: one.totals for one in months}
    found: dict[str, tuple[tuple[Decimal | None, ...], Fraction]] = {}
    for body in dict.fromkeys(body for one in reversed(months) for body in one.totals):
        marks = tuple(by_number[n].get(body) if n in by_number else None for n in range(1, 13))
        known = [Fraction(one) for one in marks if one is not None]
        total = sum(known, Fraction(0))
        found[body] = marks, total / len(known) if how == "mean" else total
    places = ranked({body: total for body, (_marks, total) in found.items()}, ties=months[-1].ties)
    lines = [YearLine(body, marks, total, places[body]) for body, (marks, total) in found.items()]
    return tuple(sorted(lines, key=lambda one: one.rank))


def names_in(months: Iterable[PublishedMonth]) -> Mapping[str, str]:
    """Return the names of all bodies that were evaluated in some of the months, the last one's where they differ."""
    return {code: name for one in months for code, name in one.names.items()}


def _speakers(meeting: Meeting, months: tuple[Month, ...], ranks: Mapping[str, int]) -> Speakers:
    """Equal places stand together; nobody stands on both sides."""
    ordered = sorted(ranks, key=lambda body: ranks[body])
    first = tuple(body for body in ordered if ranks[body] <= meeting.first)
    edge = ranks[ordered[-meeting.last]] if len(ordered) > meeting.last else 1
    last = tuple(one for one in ordered if ranks[one] >= edge and one not in first)
    return Speakers(months, first, last, {body: ranks[body] for body in ordered})
