"""Record the event that a waiting task waits for; its clocks and daily reports run until it is recorded to be over."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import WorkdayCalendar
from tracker.domain.errors import NotFound, Rejected
from tracker.domain.events.triggers import TriggerEnded, TriggerRecorded
from tracker.domain.filings import check_reason
from tracker.domain.items import CadenceKind
from tracker.domain.lifecycle import TASK_OPEN, TaskState
from tracker.domain.owed import RowState
from tracker.domain.triggers import AskedLate, KnownEvent, check_new, check_occurrence
from tracker.steps.event_clocks import RUNNING, clocks_of, counted_from_recording, open_clocks
from tracker.steps.locking import lock_task
from tracker.steps.settling import settle_rows
from tracker.store import event_log
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import TriggerRow


class NotWaiting(Rejected):
    """The task waits for no event, or is not open."""

    code = "not_waiting"


class TriggerOver(Rejected):
    """The event is recorded to be over already."""

    code = "trigger_over"


@dataclass(frozen=True, slots=True)
class RecordTrigger:
    """`occurred_at` is when the event happened, aware; `matter` says what it was."""

    task_id: int
    occurred_at: datetime
    matter: str


@dataclass(frozen=True, slots=True)
class Started:
    """What a recorded event started: how many forms, and which of its clocks count from the recording."""

    forms: int
    late: AskedLate


def record_trigger(
    session: Session, command: RecordTrigger, *, actor: Actor, at: datetime, calendar: WorkdayCalendar
) -> Started:
    """Record an event and open a series a reporting unit and clock; return what that started.

    An hour clock runs on through nights and holidays, daily and two-daily reports run until the event is over; where
    the text gives no number the office's three working days apply. What was over when the event is recorded is asked
    from then on. Records TriggerRecorded, SeriesOpened, FormOpened.
    Raises NotYourTask, NotFound, NotWaiting, ReasonRequired, and what `check_occurrence` and `check_new` raise.
    """
    require_role(actor, Role.SUPERVISOR, act="record_trigger")
    matter = check_reason(command.matter)
    task = lock_task(session, command.task_id)
    if task is None:
        raise NotFound()
    occurred_at = command.occurred_at
    document = session.get_one(DocumentRow, task.document_id)
    check_occurrence(occurred_at, now=at, issued_on=document.issued_on)
    clocks = clocks_of(session, task, occurred_at=occurred_at, recorded_at=at, calendar=calendar)
    if not clocks or not task.dormant or TaskState(task.state) not in TASK_OPEN:
        raise NotWaiting()
    known = session.scalars(select(TriggerRow).where(col(TriggerRow.task_id) == task.id).order_by(col(TriggerRow.id)))
    events = [KnownEvent(row.occurred_at, row.ended_at is not None) for row in known]
    check_new(occurred_at, events, runs=any(clock.once is None for clock in clocks))
    trigger = TriggerRow(task_id=command.task_id, occurred_at=occurred_at, matter=matter, recorded_by=actor.name)
    session.add(trigger)
    session.flush()
    late = counted_from_recording(clocks, occurred_at=occurred_at, recorded_at=at)
    event = TriggerRecorded(
        task_id=command.task_id,
        trigger_id=trigger.id or 0,
        occurred_at=occurred_at,
        matter=matter,
        anew=late.clocks,
        first_on=late.first_on,
    )
    event_log.record(session, event, actor=actor, at=at)
    return Started(open_clocks(session, task, trigger, clocks, actor=actor, at=at), late)


def end_trigger(session: Session, *, trigger_id: int, reason: str, actor: Actor, at: datetime) -> int:
    """Record that an event is over 「终止响应」: no further daily form opens, those not yet due are waived.

    Return the task's id. Records TriggerEnded and RowSettled.
    Raises NotYourTask, NotFound, TriggerOver, ReasonRequired.
    """
    require_role(actor, Role.SUPERVISOR, act="record_trigger")
    reason = check_reason(reason)
    lock_task(session, session.scalars(select(col(TriggerRow.task_id)).where(col(TriggerRow.id) == trigger_id)).first())
    trigger = session.scalars(select(TriggerRow).where(col(TriggerRow.id) == trigger_id).with_for_update()).first()
    if trigger is None:
        raise NotFound()
    if trigger.ended_at is not None:
        raise TriggerOver()
    trigger.ended_at = at
    event_log.record(
        session, TriggerEnded(task_id=trigger.task_id, trigger_id=trigger_id, reason=reason), actor=actor, at=at
    )
    for series in session.scalars(select(SeriesRow).where(col(SeriesRow.trigger_id) == trigger_id)):
        series.extends_on = None
        if CadenceKind(series.kind) in RUNNING:
            future = (
                select(FormRow)
                .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
                .where(
                    col(PeriodRow.series_id) == series.id,
                    col(FormRow.state) == RowState.OPEN.value,
                    col(PeriodRow.due_at) > at,
                )
            )
            rows = session.scalars(future.order_by(col(FormRow.id)).with_for_update(of=FormRow)).all()
            settle_rows(session, rows, RowState.WAIVED, cause="trigger_ended", reason=reason, actor=actor, at=at)
    return trigger.task_id
