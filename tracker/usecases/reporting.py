"""A unit reports: acknowledge, write, sign off or send back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.errors import NotFound
from tracker.domain.events import AssignmentReceived, ReportSentBack, ReportSignedOff, ReportSubmitted
from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.lifecycle import (
    AssignmentAction,
    AssignmentState,
    PeriodState,
    TaskAction,
    TaskState,
    advance_assignment,
    advance_task,
)
from tracker.domain.periods import file
from tracker.domain.reports import (
    AlreadyUnderway,
    NilReason,
    NotAwaitingSignOff,
    OnlyTheLead,
    ReportKind,
    ReportState,
    check_reason,
    check_report,
)
from tracker.store import event_log
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.tasks import AssignmentRow, EvidenceRow, PeriodRow, ReportRow, ReportValueRow, TaskRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that lies in the evidence store already."""

    sha256: str
    name: str
    size_bytes: int
    media_type: str
    requirement_id: int | None = None


@dataclass(frozen=True, slots=True)
class SubmitReport:
    """What a liaison hands in. `values` maps a target's id to the value reached; `percent_done` is 0–100."""

    assignment_id: int
    kind: ReportKind
    text: str
    period_id: int | None = None
    percent_done: int | None = None
    nil_reason: NilReason | None = None
    values: Mapping[int, float] = field(default_factory=dict)
    files: Sequence[AttachedFile] = ()


def acknowledge(session: Session, *, assignment_id: int, actor: Actor, at: datetime) -> None:
    """Acknowledge receipt 「签收」 of an assignment; the task starts when its lead does.

    Records AssignmentReceived. Raises NotFound, NotYourTask, TransitionRefused.
    """
    assignment, task = load_assignment(session, assignment_id=assignment_id, actor=actor, act="acknowledge")
    _receive(session, assignment, task, actor=actor, at=at)


def submit_report(session: Session, command: SubmitReport, *, actor: Actor, at: datetime) -> int:
    """Hand a report to the head of the unit, or straight out where the unit needs no sign-off; return its id.

    A unit that reports has received the task; one it never acknowledged is acknowledged with the report.
    Records ReportSubmitted, AssignmentReceived with the first word of a unit, and ReportSignedOff where no sign-off
    is needed. Raises NotFound, NotYourTask, AlreadyUnderway, OnlyTheLead, TransitionRefused and what `check_report`
    raises.
    """
    check_report(command.kind, text=command.text, percent_done=command.percent_done, nil_reason=command.nil_reason)
    assignment, task = load_assignment(session, assignment_id=command.assignment_id, actor=actor, act="report")
    _refuse_wrong_kind(command, assignment)
    period = _period(session, command)
    _refuse_second_report(session, command)
    if period is not None:
        file(PeriodState(period.state), now=at, due_at=period.due_at, nil=command.kind is ReportKind.NIL)
    report = _keep(session, command, actor=actor, at=at)
    _keep_attachments(session, command, report_id=identity(report.id), task=task, actor=actor, at=at)
    if assignment.state == AssignmentState.PENDING_RECEIPT.value:
        _receive(session, assignment, task, actor=actor, at=at)
    if assignment.state == AssignmentState.RECEIVED.value:
        assignment.state = advance_assignment(AssignmentState.RECEIVED, AssignmentAction.START).value
    event = ReportSubmitted(
        task_id=task.id,
        unit_id=assignment.unit_id,
        report_id=identity(report.id),
        kind=report.kind,
        period_id=report.period_id,
    )
    event_log.record(session, event, actor=actor, at=at)
    unit = session.get_one(UnitRow, assignment.unit_id)
    if not unit.needs_sign_off:
        _file(session, report, actor=actor, at=at)
    return identity(report.id)


def sign_off(session: Session, *, report_id: int, actor: Actor, at: datetime) -> None:
    """Sign a report 「审签」; it leaves the unit, and from now on the office holds the ball.

    Records ReportSignedOff. Raises NotFound, NotYourTask, NotAwaitingSignOff, TransitionRefused.
    """
    report = _awaiting(session, report_id=report_id, actor=actor)
    _file(session, report, actor=actor, at=at)


def send_back(session: Session, *, report_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Give a report back to the liaison with a reason; nothing has left the unit.

    Records ReportSentBack. Raises NotFound, NotYourTask, NotAwaitingSignOff, ReasonRequired.
    """
    report = _awaiting(session, report_id=report_id, actor=actor)
    assignment = session.get_one(AssignmentRow, report.assignment_id)
    report.state = ReportState.SENT_BACK.value
    report.decided_by, report.decided_at = actor.name, at
    report.decision_reason = check_reason(reason)
    report.version += 1
    event = ReportSentBack(
        task_id=assignment.task_id,
        unit_id=assignment.unit_id,
        report_id=report_id,
        reason=report.decision_reason,
    )
    event_log.record(session, event, actor=actor, at=at)


def _receive(session: Session, assignment: AssignmentRow, task: TaskRow, *, actor: Actor, at: datetime) -> None:
    assignment.state = advance_assignment(AssignmentState(assignment.state), AssignmentAction.RECEIVE).value
    assignment.received_at = at
    assignment.version += 1
    if assignment.role == AssignmentRole.LEAD.value and task.state == TaskState.ISSUED.value:
        task.state = advance_task(TaskState.ISSUED, TaskAction.START).value
        task.version += 1
    event = AssignmentReceived(task_id=task.id, unit_id=assignment.unit_id, assignment_id=identity(assignment.id))
    event_log.record(session, event, actor=actor, at=at)


def load_assignment(session: Session, *, assignment_id: int, actor: Actor, act: str) -> tuple[AssignmentRow, TaskRow]:
    """Lock an assignment of the actor's own unit and its task; a foreign one is as good as missing.

    Raises NotYourTask where the role carries no such act, NotFound.
    """
    require_role(actor, Role.LIAISON, Role.UNIT_HEAD, act=act)
    assignment = session.exec(
        select(AssignmentRow).where(col(AssignmentRow.id) == assignment_id).with_for_update()
    ).first()
    if assignment is None or assignment.unit_id != actor.unit_id:
        raise NotFound()
    task = session.exec(select(TaskRow).where(col(TaskRow.id) == assignment.task_id).with_for_update()).one()
    return assignment, task


def identity(value: int | None) -> int:
    """Return the id of a row that has been flushed."""
    assert value is not None
    return value


def _refuse_wrong_kind(command: SubmitReport, assignment: AssignmentRow) -> None:
    if command.kind is ReportKind.COMPLETION and assignment.role != AssignmentRole.LEAD.value:
        raise OnlyTheLead()
    needs_period = command.kind in (ReportKind.PROGRESS, ReportKind.NIL)
    if needs_period and command.period_id is None:
        raise NotFound()
    if command.kind is ReportKind.REPLY and assignment.duty != Duty.REPLY.value:
        raise OnlyTheLead()


def _period(session: Session, command: SubmitReport) -> PeriodRow | None:
    if command.period_id is None:
        return None
    period = session.exec(select(PeriodRow).where(col(PeriodRow.id) == command.period_id).with_for_update()).first()
    if period is None or period.assignment_id != command.assignment_id:
        raise NotFound()
    return period


def _refuse_second_report(session: Session, command: SubmitReport) -> None:
    underway = select(ReportRow.id).where(
        col(ReportRow.assignment_id) == command.assignment_id,
        col(ReportRow.period_id) == command.period_id,
        col(ReportRow.kind).in_(_same_errand(command.kind)),
        col(ReportRow.state).in_([ReportState.AWAITING_SIGN_OFF.value, ReportState.FILED.value]),
    )
    if command.kind is not ReportKind.REPLY and session.exec(underway).first() is not None:
        raise AlreadyUnderway()


def _same_errand(kind: ReportKind) -> list[str]:
    if kind in (ReportKind.PROGRESS, ReportKind.NIL):
        return [ReportKind.PROGRESS.value, ReportKind.NIL.value]
    return [kind.value]


def _keep(session: Session, command: SubmitReport, *, actor: Actor, at: datetime) -> ReportRow:
    report = ReportRow(
        assignment_id=command.assignment_id,
        period_id=command.period_id,
        kind=command.kind.value,
        text=command.text.strip(),
        percent_done=command.percent_done,
        nil_reason=command.nil_reason.value if command.nil_reason else None,
        written_by=actor.name,
        written_at=at,
    )
    session.add(report)
    session.flush()
    return report


def _keep_attachments(
    session: Session, command: SubmitReport, *, report_id: int, task: TaskRow, actor: Actor, at: datetime
) -> None:
    if command.values:
        own = set(session.exec(select(ItemTargetRow.id).where(col(ItemTargetRow.item_id) == task.item_id)))
        for target_id, value in command.values.items():
            if target_id not in own:
                raise NotFound()
            session.add(ReportValueRow(report_id=report_id, target_id=target_id, value=value))
    for attached in command.files:
        session.add(
            EvidenceRow(
                report_id=report_id,
                requirement_id=attached.requirement_id,
                sha256=attached.sha256,
                name=attached.name,
                size_bytes=attached.size_bytes,
                media_type=attached.media_type,
                uploaded_by=actor.name,
                uploaded_at=at,
            )
        )


def _awaiting(session: Session, *, report_id: int, actor: Actor) -> ReportRow:
    require_role(actor, Role.UNIT_HEAD, act="sign_off")
    report = session.exec(select(ReportRow).where(col(ReportRow.id) == report_id).with_for_update()).first()
    if report is None:
        raise NotFound()
    assignment = session.get_one(AssignmentRow, report.assignment_id)
    if assignment.unit_id != actor.unit_id:
        raise NotFound()
    if report.state != ReportState.AWAITING_SIGN_OFF.value:
        raise NotAwaitingSignOff()
    return report


def _file(session: Session, report: ReportRow, *, actor: Actor, at: datetime) -> None:
    """Let the report leave the unit and move the period, or the task, with it."""
    assignment = session.get_one(AssignmentRow, report.assignment_id)
    kind = ReportKind(report.kind)
    if report.period_id is not None:
        period = session.exec(select(PeriodRow).where(col(PeriodRow.id) == report.period_id).with_for_update()).one()
        filed = file(PeriodState(period.state), now=at, due_at=period.due_at, nil=kind is ReportKind.NIL)
        period.state, period.late, period.filed_at = filed.state.value, filed.late or period.late, at
        period.version += 1
        report.late = filed.late
    if kind is ReportKind.COMPLETION:
        _ask_for_completion(session, assignment)
    report.state = (ReportState.ACCEPTED if kind is ReportKind.REPLY else ReportState.FILED).value
    report.signed_by, report.filed_at = actor.name, at
    report.version += 1
    event = ReportSignedOff(
        task_id=assignment.task_id,
        unit_id=assignment.unit_id,
        report_id=identity(report.id),
        kind=report.kind,
        late=report.late,
        period_id=report.period_id,
    )
    event_log.record(session, event, actor=actor, at=at)


def _ask_for_completion(session: Session, assignment: AssignmentRow) -> None:
    task = session.exec(select(TaskRow).where(col(TaskRow.id) == assignment.task_id).with_for_update()).one()
    task.state = advance_task(TaskState(task.state), TaskAction.REQUEST_COMPLETION).value
    task.version += 1
    assignment.state = advance_assignment(AssignmentState(assignment.state), AssignmentAction.SUBMIT).value
    assignment.version += 1
