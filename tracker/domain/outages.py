"""A time in which the system was not to be used 「系统停用」, and what it does to the moments that fell into it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tracker.domain.calendar import WorkdayCalendar, at_local, end_of_day, local_words
from tracker.domain.deadlines import due_day
from tracker.domain.errors import BadInput, Rejected

OUTAGE = "outage"
# Whatever lasts longer than a month is no outage of a system but a change of how the city reports.
MOST_DAYS = 30


class OutageNotOver(BadInput):
    """It is recorded once the system can be used again."""

    code = "outage_not_over"


class OutageEmpty(BadInput):
    """It ends before it begins."""

    code = "outage_empty"


class OutageTooLong(BadInput):
    """It lasts longer than any; facts: most_days."""

    code = "outage_too_long"


class OutageOverlaps(Rejected):
    """A part of it is recorded already; facts: from_at, until_at, in words."""

    code = "outage_overlaps"


@dataclass(frozen=True, slots=True)
class Outage:
    """From when until when nobody was to use the system, both aware."""

    from_at: datetime
    until_at: datetime

    def overlaps(self, other: "Outage") -> bool:
        """Tell whether some instant lies in both; one may begin where another ends."""
        return self.from_at < other.until_at and other.from_at < self.until_at


@dataclass(frozen=True, slots=True)
class Relief:
    """What an outage moves: a moment later than `after` and not later than `until`, to `new_due_at`.

    A moment is the instant from which a report is late. One at the very beginning of the outage was missed before it.
    """

    after: datetime
    until: datetime
    new_due_at: datetime

    def moves(self, due_at: datetime | None) -> bool:
        """Tell whether a moment is moved."""
        return due_at is not None and self.after < due_at <= self.until


def check_outage(outage: Outage, *, now: datetime) -> None:
    """Refuse what is no outage that is over. Raises OutageEmpty, OutageNotOver, OutageTooLong."""
    if outage.until_at <= outage.from_at:
        raise OutageEmpty()
    if outage.until_at > now:
        raise OutageNotOver()
    if outage.until_at - outage.from_at > timedelta(days=MOST_DAYS):
        raise OutageTooLong(most_days=MOST_DAYS)


def moved(moment: datetime, reliefs: Iterable[Relief]) -> datetime:
    """Return the moment that outages give for one: it goes on to the end of whichever it falls into."""
    others = tuple(reliefs)
    while (further := [other.new_due_at for other in others if other.moves(moment)]) and max(further) > moment:
        moment = max(further)
    return moment


def clear_of(relief: Relief, known: Iterable[Relief]) -> Relief:
    """Return a relief whose new moment lies in no other outage.

    So that outages come to the same in whatever order they are recorded.
    """
    return replace(relief, new_due_at=moved(relief.new_due_at, known))


@dataclass(frozen=True, slots=True)
class Reliefs:
    """An outage together with those that are recorded already, so that they come to the same in any order."""

    added: Relief
    known: tuple[Relief, ...]

    def moment(self, due_at: datetime) -> datetime:
        """Return the moment that all of them give for one."""
        return moved(due_at, (self.added, *self.known))

    def excuses(self, due_at: datetime, *, filed_at: datetime) -> bool:
        """Tell whether a filing was late by its old moment and is in time by the one that they give together.

        An earlier outage moved no moment of what came too late for it alone; this one may lead on from there.
        """
        return due_at <= filed_at < self.moment(due_at)

    @property
    def leading(self) -> tuple[Relief, ...]:
        """Return the outage, and of the known ones those whose new moment leads into it, at once or by others."""
        found, left = [self.added], list(self.known)
        while further := [one for one in left if any(other.moves(one.new_due_at) for other in found)]:
            found += further
            left = [one for one in left if one not in further]
        return tuple(found)


def refuse_overlap(outage: Outage, known: Outage) -> None:
    """Refuse an outage that another one overlaps: moments would be moved twice. Raises OutageOverlaps."""
    if outage.overlaps(known):
        raise OutageOverlaps(from_at=local_words(known.from_at), until_at=local_words(known.until_at))


def relief_after(outage: Outage, *, calendar: WorkdayCalendar, workdays: int) -> Relief:
    """Return what an outage moves: to the end of the n-th working day after the day on which it ended.

    That is whatever fell into it or was due before the next working day begins: of the day on which it ended nobody
    had the whole, and nobody works on the days off that may follow. An outage until midnight ends with the day before.
    """
    ended_on = due_day(outage.until_at)
    return Relief(
        after=outage.from_at,
        until=at_local(calendar.next_workday(ended_on), 0, 0),
        new_due_at=end_of_day(calendar.add_workdays(ended_on, workdays)),
    )
