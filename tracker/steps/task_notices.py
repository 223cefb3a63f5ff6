"""Messages to units about a task, a form or a request of theirs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from tracker.domain.accounts import Role
from tracker.domain.deliveries import Delivery
from tracker.domain.events.reports import FilingStopped, ReportLeadVerified, ReportsStayed
from tracker.domain.events.tasks import (
    DeadlineChanged,
    IntervalSet,
    KeyLifted,
    KeyMarked,
    QuestionAnswered,
    RhythmChange,
    SchedulePointsSet,
    TaskArchived,
    TaskCancelled,
    TaskLapsed,
    TaskSuspended,
)
from tracker.domain.events.triggers import TriggerEnded, TriggerRecorded
from tracker.domain.filings import FilingState
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING, AssignmentState, TaskState
from tracker.domain.quoting import quoted
from tracker.domain.triggers import AskedLate
from tracker.domain.verifying import LeadOpinion
from tracker.domain.windows import CLOSING
from tracker.steps.document_notices import Notice, to_signers
from tracker.store.queries.points import units_bound_by
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UserRow
from tracker.wording.codes import TICKED_NAME
from tracker.wording.endings import stayed_words
from tracker.wording.late_demands import late_words
from tracker.wording.moments import due_words, inclusive
from tracker.wording.notices import LEADER_DECIDES, OFFICE_DECIDES, notice_reason, notice_subject, rhythm_change_words
from tracker.wording.quoting import stopped
from tracker.wording.work import lead_opinion_words, points_words


def of_filing(session: Session, event: FilingStopped, delivery: Delivery) -> list[Notice]:
    """Tell the liaisons why the head of the unit gave an envelope back; one they withdrew themselves needs no word."""
    if event.state != FilingState.SENT_BACK.value or event.unit_id is None:
        return []
    rows = session.execute(
        select(ItemRow, DocumentRow, col(TaskRow.id))
        .select_from(ReportRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(col(ReportRow.filing_id) == event.filing_id)
        .order_by(col(ItemRow.id))
    ).all()
    each = [f"{document.number} {item.label}{quoted(item.title)}" for item, document, _task_id in rows[:2]]
    named = "、".join(dict.fromkeys(each))
    more = f"等{len(rows)}项" if len(rows) > 2 else ""
    period_id = session.get_one(FilingRow, event.filing_id).period_id
    return [
        Notice(
            event.unit_id,
            delivery.seq,
            notice_subject(event.type, item=f"{named}{more}" or "其他配合事项"),
            notice_reason(event.type, said=event.reason),
            tuple(item.code for item, _document, _task_id in rows),
            # It goes on in the form; what stands outside forms, on the page of its task.
            task_id=rows[0][2] if period_id is None and rows else None,
            period_id=period_id,
        )
    ]


def of_stayed_reports(session: Session, event: ReportsStayed, delivery: Delivery) -> list[Notice]:
    """Tell the liaisons, and who signed it, which rows of a signed envelope did not leave, and why."""
    causes = {report.report_id: report.cause for report in event.reports}
    rows = session.execute(
        select(col(ReportRow.id), ItemRow, col(DocumentRow.number))
        .select_from(ReportRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(col(ReportRow.id).in_(causes))
        .order_by(col(ItemRow.id))
    ).all()
    if event.unit_id is None:
        return []
    named = {id_: f"{item.label}{quoted(item.title)}" for id_, item, _number in rows}
    said = "；".join(f"{named.get(id_, TICKED_NAME)}{stayed_words(cause)}" for id_, cause in causes.items())
    subject = notice_subject(event.type, item=f"{rows[0][2]}，{len(causes)}行" if rows else TICKED_NAME)
    reason = notice_reason(event.type, said=f"{said}。")
    codes = tuple(item.code for _id, item, _number in rows)
    return [to_signers(session, Notice(event.unit_id, delivery.seq, subject, reason, codes))]


def of_closing_leads(session: Session, event: TaskLapsed, delivery: Delivery) -> list[Notice]:
    """Ask the leads of a lapsed task for its closing report, by its day."""
    if not event.closing:
        return []
    rows = session.execute(
        select(col(AssignmentRow.unit_id), col(FormRow.due_at), col(PeriodRow.due_at))
        .select_from(FormRow)
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .where(col(AssignmentRow.task_id) == event.task_id, col(PeriodRow.code) == CLOSING)
        .order_by(col(AssignmentRow.id))
    )
    return [
        of_task(session, delivery, unit_id, said=f"{due_words(own or due_at, today=None)}前报送。")
        for unit_id, own, due_at in rows
    ]


def of_lead_word(session: Session, event: ReportLeadVerified, delivery: Delivery) -> list[Notice]:
    """Tell a member what its lead advises against its report; one found true needs no word."""
    if event.opinion == LeadOpinion.STANDS.value or event.unit_id is None:
        return []
    said = lead_opinion_words(event.opinion, event.claim, event.reason.rstrip("。"))
    return [of_task(session, delivery, event.unit_id, said=f"{event.lead_name}{said}。")]


def of_stopped_task(session: Session, event: TaskSuspended | TaskCancelled, delivery: Delivery) -> list[Notice]:
    """Tell every unit of a task why nothing is reported on it, for a time or any more."""
    return of_every_unit(session, delivery, said=event.reason)


def of_deadline(session: Session, event: DeadlineChanged, delivery: Delivery) -> list[Notice]:
    """Tell every unit of a task by which day it is to be done now."""
    return of_every_unit(session, delivery, said=with_limit(event.reason, day=event.new_on))


def of_every_unit(session: Session, delivery: Delivery, *, said: str) -> list[Notice]:
    """Tell every unit that has a share; a cancelled task also those it let go just then."""
    units = session.scalars(
        select(col(AssignmentRow.unit_id))
        .where(
            col(AssignmentRow.task_id) == delivery.event.task_id,
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED])
            | (col(AssignmentRow.ended_at) == delivery.at),
        )
        .order_by(col(AssignmentRow.id))
    )
    return [of_task(session, delivery, unit_id, said=said) for unit_id in units]


def of_trigger(session: Session, event: TriggerRecorded, delivery: Delivery) -> list[Notice]:
    """Tell every unit that has a share of an event by when it reports, and what counts from the recording."""
    late = AskedLate(event.anew, event.first_on)
    named = {clock.due_at for clock in late.clocks}
    moments = _first_moments(session, event.trigger_id)
    found = []
    for notice in of_every_unit(session, delivery, said=""):
        asked = [due_words(at, today=None) for at in moments.get(notice.unit_id or 0, ()) if at not in named]
        by = f"请于{'前、'.join(asked)}前报送" if asked else ""
        told = "。".join(part for part in (event.matter.rstrip("。"), late_words(late), by) if part)
        found.append(replace(notice, reason=notice_reason(event.type, said=f"{told}。")))
    return found


def _first_moments(session: Session, trigger_id: int) -> dict[int, tuple[datetime, ...]]:
    """Return when the first form of each series that an event started is due, by unit, the earliest first."""
    due_at = func.min(PeriodRow.due_at)
    rows = session.execute(
        select(col(SeriesRow.unit_id), due_at)
        .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
        .where(col(SeriesRow.trigger_id) == trigger_id)
        .group_by(col(SeriesRow.id), col(SeriesRow.unit_id))
        .order_by(due_at)
    )
    found: dict[int, tuple[datetime, ...]] = {}
    for unit_id, at in rows:
        found[unit_id] = tuple(dict.fromkeys((*found.get(unit_id, ()), at)))
    return found


def of_bound_units(session: Session, event: SchedulePointsSet, delivery: Delivery) -> list[Notice]:
    """Tell the units that a number binds what the office expects of it by when."""
    said = f"{points_words(event.metric, op=event.op, unit=event.unit, points=event.points)}。{event.reason}"
    units = units_bound_by(session, task_id=event.task_id or 0, target_id=event.target_id)
    return [of_task(session, delivery, unit_id, said=said) for unit_id in units]


def of_rhythm(session: Session, event: KeyMarked | KeyLifted | IntervalSet, delivery: Delivery) -> list[Notice]:
    """Tell the units whose forms change by a decision on how a task is reported."""
    return _of_changes(session, event.changes, delivery, reason=event.reason)


def _of_changes(session: Session, changes: Sequence[RhythmChange], delivery: Delivery, *, reason: str) -> list[Notice]:
    """Tell each unit whose forms change how, and from which period on; the others need no word."""
    found = []
    for change in changes:
        words = rhythm_change_words(change.old, change.new, first=change.first)
        found.append(of_task(session, delivery, change.unit_id, said=f"{words}。{reason}"))
    return found


def of_task(
    session: Session,
    delivery: Delivery,
    unit_id: int,
    *,
    said: str,
    words: str | None = None,
    period_id: int | None = None,
) -> Notice:
    """Write the message about a task, or a form's other rows, to one unit.

    `words` names them where the event's own do not fit; `period_id` is the form in which it goes on.
    """
    words, task_id = words or delivery.event.type, delivery.event.task_id
    reason = notice_reason(words, said=said, by=decided_by(session, delivery))
    if task_id is None:
        subject = notice_subject(words, item=TICKED_NAME)
        return Notice(unit_id, delivery.seq, subject, reason, (), None, period_id)
    task = session.get_one(TaskRow, task_id)
    item = session.get_one(ItemRow, task.item_id)
    document = session.get_one(DocumentRow, task.document_id)
    named = f"{document.number} {item.label}{quoted(item.title)}"
    shown = task.id if _has_share(session, task_id, unit_id) else None
    subject = notice_subject(words, item=named)
    return Notice(unit_id, delivery.seq, subject, reason, (item.code,), shown, period_id)


def decided_by(session: Session, delivery: Delivery) -> str:
    """Name who decided: the body to which the unit reports, the leader, else the office."""
    if delivery.actor_unit:
        return delivery.actor_unit
    person = session.get(UserRow, delivery.actor_id) if delivery.actor_id is not None else None
    return LEADER_DECIDES if person is not None and person.role == Role.LEADER.value else OFFICE_DECIDES


def _has_share(session: Session, task_id: int, unit_id: int) -> bool:
    """Tell whether a unit may still open the task's page, because it has a share in it."""
    own = select(col(AssignmentRow.state)).where(
        col(AssignmentRow.task_id) == task_id, col(AssignmentRow.unit_id) == unit_id
    )
    return any(AssignmentState(state) not in ASSIGNMENT_ENDED for state in session.scalars(own))


def with_limit(reason: str, *, day: date | None = None, moment: datetime | None = None) -> str:
    """Return the reason that somebody gave, with the day or the moment at which a limit ends now, if one was set."""
    if day is not None:
        by = inclusive(day, today=None)
    elif moment is not None:
        by = due_words(moment, today=None)
    else:
        return reason
    return f"{stopped(reason) if reason else ''}新时限{by}。"


def of_answer(session: Session, event: QuestionAnswered, delivery: Delivery) -> list[Notice]:
    """Tell what the office settled: an interval to those whose forms change; a day and members are told as such."""
    if event.decided.startswith("interval:"):
        return _of_changes(session, event.changes, delivery, reason=event.answer)
    return [] if event.decided else of_every_unit(session, delivery, said=event.answer)


def of_ended_trigger(session: Session, event: TriggerEnded, delivery: Delivery) -> list[Notice]:
    """Tell the units that report on an event that it is over, while its task goes on."""
    units = session.scalars(
        select(col(SeriesRow.unit_id))
        .where(col(SeriesRow.trigger_id) == event.trigger_id)
        .distinct()
        .order_by(col(SeriesRow.unit_id))
    ).all()
    task = session.get_one(TaskRow, event.task_id)
    owing = TaskState(task.state) in TASK_OWING
    return [of_task(session, delivery, unit_id, said=event.reason) for unit_id in units] if owing else []


def of_archived(session: Session, event: TaskArchived, delivery: Delivery) -> list[Notice]:
    """Tell the units whose closing report ended with the filing away of their lapsed task."""
    units = session.scalars(
        select(col(AssignmentRow.unit_id))
        .join(FormRow, col(FormRow.assignment_id) == col(AssignmentRow.id))
        .where(col(AssignmentRow.task_id) == event.task_id, col(FormRow.settled_by) == "task_archived")
        .distinct()
        .order_by(col(AssignmentRow.unit_id))
    )
    return [of_task(session, delivery, unit_id, said=event.reason) for unit_id in units]
