"""The moment of one row: what it is, how it moves, and what a filing was that came before the move was decided."""

from datetime import datetime

from sqlmodel import Session

from tracker.domain.accounts import Actor
from tracker.domain.calendar_changes import GRACE
from tracker.domain.events.forms import EXTENSION, DueMoved, LatenessFixed
from tracker.domain.filings import after_refusal, is_late
from tracker.domain.owed import RowState
from tracker.domain.windows import Reckoning
from tracker.store import event_log
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow


def own_moment(session: Session, row: FormRow) -> datetime:
    """Return when the first filing of a row is due, whatever became of it: its own moment, or its form's."""
    return row.due_at or session.get_one(PeriodRow, row.period_id).due_at


def moment_of(session: Session, row: FormRow) -> datetime:
    """Return when a row is due: its correction's moment, its own, or its form's."""
    if row.state == RowState.RETURNED.value and row.correction_due_at is not None:
        return row.correction_due_at
    return own_moment(session, row)


def move_row(
    session: Session,
    row: FormRow,
    new_due_at: datetime,
    *,
    cause: str,
    actor: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    """Let a row, or its running correction, be due at another moment. Records DueMoved."""
    correction = row.state == RowState.RETURNED.value
    _move(session, row, new_due_at, correction=correction, cause=cause, actor=actor, at=at, reason=reason)


def extended_moment(session: Session, row: FormRow) -> datetime:
    """Return the moment that an extension moves: the first filing's while it is open, else the running correction's."""
    return own_moment(session, row) if row.late is None else moment_of(session, row)


def extend_row(
    session: Session, row: FormRow, new_due_at: datetime, *, grace_until: datetime, actor: Actor, at: datetime
) -> None:
    """Give a row the moment of a granted extension, whatever was filed and returned since it was asked for.

    `grace_until` is when the grace after a decision ends: a granted moment that comes before it must not blame the
    unit for the office's delay. After a first filing whose lateness is fixed only a running correction moves. Records
    DueMoved and LatenessFixed.
    """
    for cause, moment in ((EXTENSION, new_due_at), (GRACE, grace_until)):
        if row.late is None and own_moment(session, row) < moment:
            _move(session, row, moment, correction=False, cause=cause, actor=actor, at=at)
        if row.state == RowState.RETURNED.value and moment_of(session, row) < moment:
            _move(session, row, moment, correction=True, cause=cause, actor=actor, at=at)
    if row.pending_at is None:  # else another decision fixes it
        fix_lateness(session, row, max(new_due_at, grace_until), actor=actor, at=at)


def _move(
    session: Session,
    row: FormRow,
    new_due_at: datetime,
    *,
    correction: bool,
    cause: str,
    actor: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    old = moment_of(session, row) if correction else own_moment(session, row)
    if correction:
        row.correction_due_at = new_due_at
    else:
        row.due_at = new_due_at
    share = session.get(AssignmentRow, row.assignment_id) if row.assignment_id else None
    event = DueMoved(
        task_id=share.task_id if share else None,
        unit_id=share.unit_id if share else None,
        period_id=row.period_id,
        row_id=row.id,
        old_due_at=old,
        new_due_at=new_due_at,
        cause=cause,
        correction=correction,
        reason=reason,
    )
    event_log.record(session, event, actor=actor, at=at)


def hand_back(session: Session, row: FormRow, *, actor: Actor, at: datetime, by: Reckoning) -> None:
    """Give the unit the ball back: a row is due at its old moment, or with the grace after a decision where later.

    Records DueMoved and LatenessFixed.
    """
    old = moment_of(session, row)
    new = after_refusal(old, now=at, calendar=by.calendar, grace_workdays=by.policy.decision_grace_workdays)
    row.pending_at = None
    if new > old:
        move_row(session, row, new, cause=GRACE, actor=actor, at=at)
    fix_lateness(session, row, new, actor=actor, at=at)


def was_overdue(session: Session, row: FormRow) -> bool:
    """Tell whether a row that waits was past its moment when the office got it: what is late stays so."""
    return row.pending_at is not None and moment_of(session, row) <= row.pending_at


def give_back(session: Session, row: FormRow, *, actor: Actor, at: datetime) -> None:
    """Let a row wait for nothing more, by the moment that it has. Records LatenessFixed."""
    row.pending_at = None
    fix_lateness(session, row, own_moment(session, row), actor=actor, at=at)


def excuse_filing(session: Session, row: FormRow, *, actor: Actor, at: datetime) -> None:
    """Let a first filing that was late be in time: its moment turned out to lie after it. Records LatenessFixed."""
    row.late = False
    event_log.record(session, LatenessFixed(row_id=row.id or 0, late=False), actor=actor, at=at)


def fix_lateness(session: Session, row: FormRow, due_at: datetime, *, actor: Actor, at: datetime) -> None:
    """Decide what a filing made while the office had the ball was, by the moment `due_at` that the decision gave.

    That filing may have been returned since, so that the row's present moment is its correction's. Records
    LatenessFixed.
    """
    if row.filed_at is None or row.late is not None:
        return
    late = bool(is_late(due_at, filed_at=row.filed_at, required=row.required, pending=False))
    row.late = late
    event_log.record(session, LatenessFixed(row_id=row.id or 0, late=late), actor=actor, at=at)
