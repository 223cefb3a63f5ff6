"""Which units a pass must look at for digests: what was planned holds until the log says that something changed."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from tracker.store.tables.events import ChainHeadRow, DigestPassRow, EventRow


@dataclass(frozen=True, slots=True)
class DigestPass:
    """The digests of a day were planned from the log up to an event; `unit_ids` are whose, None means everybody's.

    Whose chosen hour came after `since_hour` and no later than `hour` was not looked at yet, whatever `unit_ids` says.
    """

    on: date
    last_event: int
    unit_ids: frozenset[int] | None
    hour: int
    since_hour: int

    def names(self, unit_id: int) -> bool:
        """Tell whether everybody's, or this unit's, digests are looked at."""
        return self.unit_ids is None or unit_id in self.unit_ids

    def reaches(self, hour: int | None) -> bool:
        """Tell whether an hour that somebody chose has come since the pass before."""
        return hour is not None and self.since_hour < hour <= self.hour


def take_turn(session: Session) -> None:
    """Let one pass at a time write what it has planned: whoever waits here sees what the other has written."""
    if session.get(DigestPassRow, 1) is None:
        try:
            with session.begin_nested():
                session.add(DigestPassRow(id=1, planned_on=date.min, last_event=0))
        except IntegrityError:
            pass  # another made the first pass of all in this instant
    session.get_one(DigestPassRow, 1, with_for_update=True)


def next_pass(session: Session, *, on: date, hour: int) -> DigestPass:
    """Return what this pass must look at: on a new day every unit, later the units that events since then name."""
    last_event = session.scalars(select(col(ChainHeadRow.seq))).one()
    known = session.get(DigestPassRow, 1)
    if known is None or known.planned_on != on:
        return DigestPass(on, last_event, None, hour, hour)
    named = session.scalars(
        select(col(EventRow.unit_id))
        .where(col(EventRow.seq) > known.last_event, col(EventRow.seq) <= last_event)
        .distinct()
    )
    units = set(named)
    unit_ids = None if None in units else frozenset(unit for unit in units if unit is not None)
    return DigestPass(on, last_event, unit_ids, hour, known.hour)


def note_pass(session: Session, made: DigestPass) -> None:
    """Keep how far a pass has looked; one that changes nothing writes nothing.

    Of two passes side by side the later writer wins: at worst the next one looks at some units once more.
    """
    known = session.get(DigestPassRow, 1)
    if known is None:
        session.add(DigestPassRow(id=1, planned_on=made.on, last_event=made.last_event, hour=made.hour))
    elif (known.planned_on, known.last_event, known.hour) != (made.on, made.last_event, made.hour):
        known.planned_on, known.last_event, known.hour = made.on, made.last_event, made.hour
