"""The moment of one row: what it is, how it moves, and what a filing was that came before the move was decided."""

from datetime import datetime

from sqlmodel import Session

from tracker.domain.accounts import Actor
from tracker.domain.filings import after_refusal
from tracker.domain.owed import RowState
from tracker.domain.reporting_events import DueMoved, LatenessFixed
from tracker.domain.windows import Reckoning
from tracker.store import event_log
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow


def moment_of(session: Session, row: FormRow) -> datetime:
    """Return when a row is due: its correction's moment, its own, or its form's."""
    if row.state == RowState.RETURNED.value and row.correction_due_at is not None:
        return row.correction_due_at
    return row.due_at or session.get_one(PeriodRow, row.period_id).due_at


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
    old, correction = moment_of(session, row), row.state == RowState.RETURNED.value
    if correction:
        row.correction_due_at = new_due_at
    else:
        row.due_at = new_due_at
    row.version += 1
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
        move_row(session, row, new, cause="grace", actor=actor, at=at)
    fix_lateness(session, row, actor=actor, at=at)


def fix_lateness(session: Session, row: FormRow, *, actor: Actor, at: datetime) -> None:
    """Decide what a filing made while the office had the ball was, by the moment the decision gave.

    Records LatenessFixed.
    """
    if row.filed_at is None or row.late is not None:
        return
    due_at = row.due_at or session.get_one(PeriodRow, row.period_id).due_at
    row.late = row.filed_at >= due_at
    event_log.record(session, LatenessFixed(row_id=row.id or 0, late=row.late), actor=actor, at=at)
