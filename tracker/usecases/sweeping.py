"""The pass of the scheduler: everything that should exist by now, in order, each step in short transactions.

Reports are accepted while it runs: a step takes a few series, so that it holds a lock for a fraction of a second,
commits, and is called again until it finds nothing.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from sqlmodel import Session

from tracker.domain.calendar import local_day
from tracker.domain.deliveries import Outgoing
from tracker.domain.reminders import digest_at
from tracker.domain.windows import Reckoning
from tracker.steps.asking_completions import ask_for_completions
from tracker.steps.clock_notices import tell_of_clocks
from tracker.steps.digest_passes import take_turn
from tracker.steps.digests import keep_digests, plan_digests
from tracker.steps.event_clocks import extend_triggered
from tracker.steps.growing import extend_due
from tracker.steps.instructions import repeat_standing
from tracker.steps.lapsing import lapse_expired
from tracker.steps.overdue import note_overdue
from tracker.steps.rolling_up import keep_rollup, roll_up
from tracker.store import event_log, reckoning
from tracker.store.queries.addressees import chosen_hours


class Transactions(Protocol):
    """What opens sessions: a database, or one session that is open already."""

    def transaction(self) -> AbstractContextManager[Session]: ...

    def reading(self) -> AbstractContextManager[Session]: ...


_Done = TypeVar("_Done")
_LONGEST_PAUSE_S = 0.25  # waiting writers ask again each 0.1 s


@dataclass(frozen=True, slots=True)
class Swept:
    """How much a pass found to do."""

    lapsed: int = 0
    opened: int = 0
    overdue: int = 0
    reminders: int = 0

    def __add__(self, other: "Swept") -> "Swept":
        return Swept(
            self.lapsed + other.lapsed,
            self.opened + other.opened,
            self.overdue + other.overdue,
            self.reminders + other.reminders,
        )


def sweep(store: Transactions, *, now: datetime, by: Reckoning, outgoing: Outgoing) -> Swept:
    """Lapse, open, note what turned overdue, remind and roll up, by the given time.

    Idempotent: each step states what should exist and adds only what does not, so passes may be repeated, skipped or
    run side by side.
    """
    lapsed = _count(store, lambda session: lapse_expired(session, now=now, by=by))
    opened = sum(grown.periods for grown in _until_nothing(store, lambda session: extend_due(session, now=now, by=by)))
    _count(store, lambda session: ask_for_completions(session, now=now, by=by))
    _count(store, lambda session: extend_triggered(session, now=now))
    _count(store, lambda session: repeat_standing(session, now=now, by=by))
    overdue = _count(store, lambda session: note_overdue(session, now=now))
    with store.reading() as session:
        digests = plan_digests(session, now=now, by=by, outgoing=outgoing)
        rollup = None if digests.nothing_happened else roll_up(session, now=now)
    with store.transaction() as session:
        take_turn(session)
        reminders = keep_digests(session, digests)
        reminders += tell_of_clocks(session, now=now, policy=by.policy, outgoing=outgoing)
        if rollup is not None:
            keep_rollup(session, rollup, now=now)
    return Swept(lapsed, opened, overdue, reminders)


def sweep_through(store: Transactions, *, since: datetime, to: datetime, by: Reckoning, outgoing: Outgoing) -> Swept:
    """Make every pass between two times: one at each day's digest, one at each hour that somebody chose for his, one at
    the end.

    On days off only emergency clocks are told of, but what lapses or turns overdue then is noted on the day on which it
    would be noted without a leap.
    """
    swept = Swept()
    with store.reading() as session:
        hours = chosen_hours(session)
    for at in _passes(since, to, hours, by=by):
        swept += sweep(store, now=at, by=by, outgoing=outgoing)
    return swept


@dataclass(frozen=True, slots=True)
class Within:
    """A session that is open already: passes write in it, and whoever opened it commits or rolls back."""

    session: Session

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        yield self.session
        reckoning.reckon(self.session)
        event_log.write(self.session)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        yield self.session


def _passes(since: datetime, to: datetime, hours: Sequence[int], *, by: Reckoning) -> Iterator[datetime]:
    day = local_day(since)
    while digest_at(day, policy=by.policy) < to:
        moments = {digest_at(day, policy=by.policy, hour=hour) for hour in (None, *hours)}
        yield from sorted(at for at in moments if since < at < to)
        day += timedelta(days=1)
    yield to


def _until_nothing(store: Transactions, step: Callable[[Session], _Done | None]) -> list[_Done]:
    """Call a step, each time in a transaction of its own, until it finds nothing to do."""
    found: list[_Done] = []
    while True:
        began = time.monotonic()
        with store.transaction() as session:
            done = step(session)
        if not done:
            return found
        found.append(done)
        if len(found) > 1:
            # SQLite hands its lock to whoever asks first: without a pause a pass of many steps takes it again and
            # again, while writers that wait have gone to sleep.
            time.sleep(min(time.monotonic() - began, _LONGEST_PAUSE_S))


def _count(store: Transactions, step: Callable[[Session], int]) -> int:
    return sum(_until_nothing(store, step))
