"""Leave as it is entered and ended, by itself or because somebody's work goes to another."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from tracker.domain.absences import Person
from tracker.domain.accounts import Actor, NotYourTask, Role
from tracker.domain.errors import NotFound
from tracker.domain.events.absences import AbsenceEnded, AbsenceSet
from tracker.store import event_log
from tracker.store.queries.absences import person
from tracker.store.tables.absences import AbsenceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """What is asked for: both days inclusive."""

    first_on: date
    last_on: date
    deputy_id: int | None
    reason: str


def person_kept_by(session: Session, user_id: int, *, actor: Actor, act: str) -> Person:
    """Return a person whose leave and work somebody keeps: a head those of his unit, 系统管理员 everybody's.

    Raises NotYourTask, NotFound.
    """
    if actor.role not in (Role.UNIT_HEAD, Role.SYSTEM_ADMIN):
        raise NotYourTask(act=act)
    found = person(session, user_id=user_id)
    if found is None or (actor.role is Role.UNIT_HEAD and found.unit_id != actor.unit_id):
        raise NotFound()
    return found


def enter_leave(
    session: Session, user_id: int, leave: Leave, *, actor: Actor, at: datetime, follows: int | None = None
) -> int:
    """Enter leave that was found right, or goes on as another; return its id. Records AbsenceSet."""
    row = AbsenceRow(
        user_id=user_id,
        deputy_id=leave.deputy_id,
        first_on=leave.first_on,
        last_on=leave.last_on,
        reason=leave.reason,
        set_by=actor.name,
        set_at=at,
    )
    session.add(row)
    session.flush()
    event = AbsenceSet(
        absence_id=row.id or 0,
        user_id=user_id,
        deputy_id=leave.deputy_id,
        first_on=leave.first_on,
        last_on=leave.last_on,
        reason=leave.reason,
        address=actor.address,
        follows=follows,
    )
    event_log.record(session, event, actor=actor, at=at)
    return row.id or 0


def change_deputy(session: Session, row: AbsenceRow, leave: Leave, *, actor: Actor, at: datetime) -> None:
    """Let leave go on with another deputy or without. Records AbsenceEnded, AbsenceSet."""
    end_leave(session, row, actor=actor, at=at, goes_on=True)
    enter_leave(session, row.user_id, leave, actor=actor, at=at, follows=row.id)


def end_leave(session: Session, row: AbsenceRow, *, actor: Actor, at: datetime, goes_on: bool = False) -> None:
    """End leave; its deputy acts no more. Records AbsenceEnded."""
    row.ended_at = at
    event = AbsenceEnded(
        absence_id=row.id or 0, user_id=row.user_id, deputy_id=row.deputy_id, address=actor.address, goes_on=goes_on
    )
    event_log.record(session, event, actor=actor, at=at)
