"""In whose court the ball is 「球在谁手里」: who has to take the next step with a task, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from tracker.domain.calendar import local_day
from tracker.domain.lifecycle import TaskState


class Holder(StrEnum):
    """Who has to take the next step; the last three stand for nobody, with why."""

    OFFICE = "office"
    LEADER = "leader"
    HEAD = "head"
    LIAISON = "liaison"
    EVENT = "event"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Court:
    """Who holds the ball: `unit` names the lead whose head or liaison it is; `since` is None where nobody noted it.

    `beside` are those of other leads that stand alike; this one has been waited for longest. `presses_at` is the moment
    of what a unit owes, past it or of a correction; None of one that owes nothing now.
    """

    holder: Holder
    unit: str | None = None
    since: datetime | None = None
    beside: tuple["Court", ...] = ()
    presses_at: datetime | None = None

    @property
    def every(self) -> tuple["Court", ...]:
        """Return all that hold it alike, for none is waited for before another."""
        return self, *self.beside

    @property
    def since_day(self) -> date | None:
        """Return since which day all of them have it; None where they differ, or nobody noted it."""
        days = {local_day(one.since) if one.since is not None else None for one in self.every}
        return days.pop() if len(days) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """What is known of one lead; all times are aware.

    `presses_at` is the first moment of its rows that are past it or came back for correction, where the unit has the
    ball.
    `office_since` is since when the office has a report to review or a request to decide, `by_leader` where the leader
    decides it; `unsigned_since` since when its head has an envelope to sign; `unit_since` since when the office has
    had nothing of it any more: it got the task, or its last report or request was decided.
    """

    unit: str
    presses_at: datetime | None = None
    office_since: datetime | None = None
    by_leader: bool = False
    unsigned_since: datetime | None = None
    unit_since: datetime | None = None


MOST_NAMED = 2  # of leads that hold it alike; more are counted
_LATEST = datetime.max.replace(tzinfo=UTC)
_ENDED = frozenset({TaskState.COMPLETED, TaskState.CLOSED, TaskState.ARCHIVED, TaskState.CANCELLED})


def court_of(
    state: TaskState, hands: Sequence[Hand], *, waits_for_event: bool = False, ended_at: datetime | None = None
) -> Court:
    """Return who holds the ball of a task: of several leads the one that has pressed longest, the office, or a unit.

    Those that stand alike hold it together. Without any lead the office has to name one.
    """
    if state in _ENDED:
        return Court(Holder.ENDED, since=ended_at)
    if state is TaskState.SUSPENDED:
        return Court(Holder.PAUSED)
    if waits_for_event:
        return Court(Holder.EVENT)
    if not hands:
        return Court(Holder.OFFICE)
    ranked = [_court(hand) for hand in hands]
    first = min(rank for rank, _court in ranked)
    alike = sorted((court for rank, court in ranked if rank == first), key=lambda court: court.since or _LATEST)
    one_each: dict[tuple[Holder, str | None], Court] = {}  # the office is one, however many wait for it
    for court in alike:
        one_each.setdefault((court.holder, court.unit), court)
    longest, *beside = one_each.values()
    return replace(longest, beside=tuple(beside))


def _court(hand: Hand) -> tuple[tuple[int, datetime], Court]:
    """Return the court of one lead, with its rank among those of several."""
    presses_at = hand.presses_at
    if presses_at is None and hand.office_since is not None:
        return (1, _LATEST), Court(Holder.LEADER if hand.by_leader else Holder.OFFICE, since=hand.office_since)
    rank = 3 if hand.unsigned_since is None else 2
    ranked = (rank, _LATEST) if presses_at is None else (0, presses_at)
    if hand.unsigned_since is not None:
        return ranked, Court(Holder.HEAD, hand.unit, hand.unsigned_since, presses_at=presses_at)
    return ranked, Court(Holder.LIAISON, hand.unit, hand.unit_since, presses_at=presses_at)
