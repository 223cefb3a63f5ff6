"""A unit asks for more time 「延期」, the office grants or refuses."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.deadlines import due_day
from tracker.domain.errors import NotFound
from tracker.domain.events import ExtensionGranted, ExtensionRefused, ExtensionRequested
from tracker.domain.lifecycle import PERIOD_OWED, PeriodState
from tracker.domain.periods import extend
from tracker.domain.reports import (
    AlreadyUnderway,
    ExtensionAlreadyDecided,
    ExtensionState,
    NoDueDate,
    check_reason,
)
from tracker.store import event_log
from tracker.store.tables.tasks import AssignmentRow, ExtensionRow, PeriodRow
from tracker.usecases.reporting import identity, load_assignment


@dataclass(frozen=True, slots=True)
class RequestExtension:
    """`new_due_on` is a day in Asia/Shanghai, inclusive."""

    period_id: int
    new_due_on: date
    reason: str


def request_extension(session: Session, command: RequestExtension, *, actor: Actor, at: datetime) -> int:
    """Ask for a later due date by the due date, after a return by the end of the correction; return the request's id.

    Records ExtensionRequested. Raises NotFound, NotYourTask, NoDueDate, AlreadyUnderway, ReasonRequired,
    NotAnExtension, ExtensionTooLate.
    """
    reason = check_reason(command.reason)
    period = session.get(PeriodRow, command.period_id)
    if period is None:
        raise NotFound()
    assignment, task = load_assignment(
        session, assignment_id=period.assignment_id, actor=actor, act="request_extension"
    )
    if period.due_at is None or PeriodState(period.state) not in PERIOD_OWED:
        raise NoDueDate()
    due_on = due_day(period.due_at)
    extend(due_on, asked_on=local_day(at), new_due_on=command.new_due_on)
    pending = select(ExtensionRow.id).where(
        col(ExtensionRow.period_id) == command.period_id, col(ExtensionRow.state) == ExtensionState.PENDING.value
    )
    if session.exec(pending).first() is not None:
        raise AlreadyUnderway()
    row = ExtensionRow(
        period_id=command.period_id,
        reason=reason,
        old_due_on=due_on,
        new_due_on=command.new_due_on,
        asked_by=actor.name,
        asked_at=at,
    )
    session.add(row)
    session.flush()
    event = ExtensionRequested(
        task_id=task.id,
        unit_id=assignment.unit_id,
        extension_id=identity(row.id),
        period_id=command.period_id,
        new_due_on=command.new_due_on,
        reason=reason,
    )
    event_log.record(session, event, actor=actor, at=at)
    return identity(row.id)


def grant_extension(session: Session, *, extension_id: int, actor: Actor, at: datetime) -> None:
    """Grant a request: the due date moves, the scheduled date stays.

    Records ExtensionGranted. Raises NotYourTask, NotFound, ExtensionAlreadyDecided.
    """
    row, period, assignment = _undecided(session, extension_id=extension_id, actor=actor)
    period.due_on, period.due_at = row.new_due_on, end_of_day(row.new_due_on)
    period.version += 1
    row.state, row.decided_by, row.decided_at = ExtensionState.GRANTED.value, actor.name, at
    event = ExtensionGranted(
        task_id=assignment.task_id,
        unit_id=assignment.unit_id,
        extension_id=extension_id,
        period_id=row.period_id,
        old_due_on=row.old_due_on,
        new_due_on=row.new_due_on,
    )
    event_log.record(session, event, actor=actor, at=at)


def refuse_extension(session: Session, *, extension_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Refuse a request with a reason; the due date stays.

    Records ExtensionRefused. Raises NotYourTask, NotFound, ExtensionAlreadyDecided, ReasonRequired.
    """
    reason = check_reason(reason)
    row, _period, assignment = _undecided(session, extension_id=extension_id, actor=actor)
    row.state, row.decision_reason = ExtensionState.REFUSED.value, reason
    row.decided_by, row.decided_at = actor.name, at
    event = ExtensionRefused(
        task_id=assignment.task_id,
        unit_id=assignment.unit_id,
        extension_id=extension_id,
        period_id=row.period_id,
        reason=reason,
    )
    event_log.record(session, event, actor=actor, at=at)


def _undecided(session: Session, *, extension_id: int, actor: Actor) -> tuple[ExtensionRow, PeriodRow, AssignmentRow]:
    require_role(actor, Role.SUPERVISOR, act="decide_extension")
    row = session.exec(select(ExtensionRow).where(col(ExtensionRow.id) == extension_id).with_for_update()).first()
    if row is None:
        raise NotFound()
    if row.state != ExtensionState.PENDING.value:
        raise ExtensionAlreadyDecided()
    period = session.exec(select(PeriodRow).where(col(PeriodRow.id) == row.period_id).with_for_update()).one()
    return row, period, session.get_one(AssignmentRow, period.assignment_id)
