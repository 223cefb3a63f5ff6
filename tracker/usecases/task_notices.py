"""Messages to units about a task, a form or a request of theirs."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from tracker.domain.calendar import local_day
from tracker.domain.filings import FilingState, ReportKind, RequestKind
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING, TaskState
from tracker.domain.objections import admits_objection
from tracker.domain.triggers import told_late
from tracker.domain.verifying import LeadOpinion
from tracker.domain.windows import CLOSING, Reckoning
from tracker.event_words import late_words
from tracker.messages import (
    TICKED_NAME,
    notice_reason,
    notice_subject,
    objection_invited,
    rhythm_change_words,
    stayed_words,
    stopped,
)
from tracker.moments import due_words, inclusive
from tracker.store.queries.outages import terms
from tracker.store.queries.points import units_bound_by
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.usecases.document_notices import Notice
from tracker.usecases.outbox import ClaimedDelivery
from tracker.work_words import lead_opinion_words, points_told


def of_unit(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    assert delivery.unit_id is not None
    if delivery.task_id is None:
        said = str(delivery.payload.get("reason") or "")
        subject = notice_subject(delivery.event_type, item="其他配合事项")
        reason = notice_reason(delivery.event_type, said=said)
        return [Notice(delivery.unit_id, delivery.event_seq, subject, reason, ())]
    return [of_task(session, delivery, delivery.unit_id)]


def of_filing(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    """Tell the liaisons why the head of the unit gave an envelope back; one they withdrew themselves needs no word."""
    if delivery.payload["state"] != FilingState.SENT_BACK.value or delivery.unit_id is None:
        return []
    filing_id = int(str(delivery.payload["filing_id"]))
    rows = session.exec(
        select(ItemRow, DocumentRow)
        .select_from(ReportRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(col(ReportRow.filing_id) == filing_id)
        .order_by(col(ItemRow.id))
    ).all()
    named = "、".join(dict.fromkeys(f"{document.number} {item.label}“{item.title}”" for item, document in rows[:2]))
    more = f"等{len(rows)}项" if len(rows) > 2 else ""
    return [
        Notice(
            delivery.unit_id,
            delivery.event_seq,
            notice_subject(delivery.event_type, item=f"{named}{more}" or "其他配合事项"),
            notice_reason(delivery.event_type, said=str(delivery.payload["reason"])),
            tuple(item.code for item, _document in rows),
        )
    ]


def of_stayed_reports(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    """Tell the liaisons which rows of a signed envelope did not leave, and why."""
    told: list[dict[str, Any]] = delivery.payload["reports"]  # type: ignore[assignment] # JSON
    causes = {report["report_id"]: report["cause"] for report in told}
    rows = session.exec(
        select(ReportRow.id, ItemRow, DocumentRow.number)
        .select_from(ReportRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(col(ReportRow.id).in_(causes))
        .order_by(col(ItemRow.id))
    ).all()
    if delivery.unit_id is None:
        return []
    named = {id_: f"{item.label}“{item.title}”" for id_, item, _number in rows}
    said = "；".join(f"{named.get(id_, TICKED_NAME)}{stayed_words(cause)}" for id_, cause in causes.items())
    subject = notice_subject(delivery.event_type, item=f"{rows[0][2]}，{len(causes)}行" if rows else TICKED_NAME)
    reason = notice_reason(delivery.event_type, said=f"{said}。")
    return [Notice(delivery.unit_id, delivery.event_seq, subject, reason, tuple(row[1].code for row in rows))]


def of_closing_leads(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    """Ask the leads of a lapsed task for its closing report, by its day."""
    if not delivery.payload.get("closing", True):
        return []
    rows = session.exec(
        select(AssignmentRow.unit_id, FormRow.due_at, PeriodRow.due_at)
        .select_from(FormRow)
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .where(col(AssignmentRow.task_id) == delivery.task_id, col(PeriodRow.code) == CLOSING)
        .order_by(col(AssignmentRow.id))
    )
    return [
        of_task(session, delivery, unit_id, said=f"{due_words(own or due_at, today=None)}前报送。")
        for unit_id, own, due_at in rows
    ]


def of_lowered_claim(session: Session, delivery: ClaimedDelivery, *, by: Reckoning) -> list[Notice]:
    """Tell a unit that the office holds less to be true than it claimed; a confirmed claim needs no word.

    Where it may answer it hears until when.
    """
    claim, own = (str(delivery.payload.get(name) or "") or None for name in ("claim", "own_claim"))
    if claim == own or own is None or delivery.unit_id is None:
        return []
    said = _said(delivery)
    if admits_objection(ReportKind(str(delivery.payload["kind"])), own=own, verified=claim):
        decided_on = local_day(delivery.occurred_at)
        until = terms(session, by=by).last_day(decided_on, workdays=by.policy.objection_workdays)
        said = f"{stopped(said)}{objection_invited(until)}"
    return [of_task(session, delivery, delivery.unit_id, said=said)]


def of_lead_word(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    """Tell a member what its lead advises against its report; one found true needs no word."""
    facts = delivery.payload
    if facts["opinion"] == LeadOpinion.STANDS.value or delivery.unit_id is None:
        return []
    said = lead_opinion_words(str(facts["opinion"]), str(facts["claim"] or ""), _said(delivery).rstrip("。"))
    return [of_task(session, delivery, delivery.unit_id, said=f"{facts['lead_name']}{said}。")]


def of_decision(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    """Tell a unit what became of its request; the answer to a lowered claim has words of its own."""
    objection = delivery.payload["kind"] == RequestKind.OBJECTION.value
    if not objection or delivery.unit_id is None:
        return of_unit(session, delivery)
    return [of_task(session, delivery, delivery.unit_id, words=f"{delivery.event_type}.objection")]


def of_moved_row(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    """Tell a unit that the office moved its moment unasked; any other move is told by what caused it."""
    return of_unit(session, delivery) if delivery.payload["cause"] == "office" else []


def of_every_unit(session: Session, delivery: ClaimedDelivery, *, said: str = "") -> list[Notice]:
    """Tell every unit that has a share; a cancelled task also those it let go just then."""
    units = session.exec(
        select(AssignmentRow.unit_id)
        .where(
            col(AssignmentRow.task_id) == delivery.task_id,
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED])
            | (col(AssignmentRow.ended_at) == delivery.occurred_at),
        )
        .order_by(col(AssignmentRow.id))
    )
    return [of_task(session, delivery, unit_id, said=said) for unit_id in units]


def of_reopened(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    """Tell every unit of a task that is taken up again by itself: of a whole document it is told once."""
    return [] if delivery.payload.get("with_document") else of_every_unit(session, delivery)


def of_trigger(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    """Tell every unit that has a share of an event by when it reports, and what counts from the recording."""
    late = told_late(delivery.payload)
    named = {clock.due_at for clock in late.clocks}
    moments = _first_moments(session, int(str(delivery.payload["trigger_id"])))
    found = []
    for notice in of_every_unit(session, delivery, said=""):
        asked = [due_words(at, today=None) for at in moments.get(notice.unit_id or 0, ()) if at not in named]
        by = f"请于{'前、'.join(asked)}前报送" if asked else ""
        told = "。".join(part for part in (_said(delivery).rstrip("。"), late_words(late), by) if part)
        found.append(replace(notice, reason=notice_reason(delivery.event_type, said=f"{told}。")))
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


def of_bound_units(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    """Tell the units that a number binds what the office expects of it by when."""
    facts = delivery.payload
    said = f"{points_told(facts)}。{_said(delivery)}"
    units = units_bound_by(session, task_id=delivery.task_id or 0, target_id=int(str(facts["target_id"])))
    return [of_task(session, delivery, unit_id, said=said) for unit_id in units]


def of_changed_rhythms(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    """Tell each unit whose forms change how, and from which period on; the others need no word."""
    changes: list[dict[str, Any]] = delivery.payload["changes"]  # type: ignore[assignment] # JSON
    found = []
    for change in changes:
        words = rhythm_change_words(change["old"], change["new"], first=change["first"])
        found.append(of_task(session, delivery, change["unit_id"], said=f"{words}。{_said(delivery)}"))
    return found


def of_task(
    session: Session, delivery: ClaimedDelivery, unit_id: int, *, said: str = "", words: str | None = None
) -> Notice:
    """Write the message about a task to one unit; `words` names them where the event's own do not fit."""
    task = session.get_one(TaskRow, delivery.task_id)
    item = session.get_one(ItemRow, task.item_id)
    document = session.get_one(DocumentRow, task.document_id)
    named = f"{document.number} {item.label}“{item.title}”"
    said, words = said or _said(delivery), words or delivery.event_type
    return Notice(
        unit_id,
        delivery.event_seq,
        notice_subject(words, item=named),
        notice_reason(words, said=said),
        (item.code,),
    )


def _said(delivery: ClaimedDelivery) -> str:
    """Return the reason somebody gave, with the day or moment that a deadline moved to."""
    given = (delivery.payload.get(name) for name in ("reason", "matter", "answer"))
    reason = next((str(words) for words in given if words), "")
    day = delivery.payload.get("new_on") or delivery.payload.get("new_deadline_on")
    moment = delivery.payload.get("new_due_at") if delivery.event_type == "due.moved" else None
    if not day and not moment:
        return reason
    by = inclusive(date.fromisoformat(str(day)), today=None) if day else _moment(moment)
    return f"{reason.rstrip('。')}。新时限{by}。"


def _moment(value: object) -> str:
    return due_words(datetime.fromisoformat(str(value)), today=None)


def of_answer(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    """Tell what the office settled: an interval to those whose forms change; a day and members are told as such."""
    decided = str(delivery.payload.get("decided") or "")
    if decided.startswith("interval:"):
        return of_changed_rhythms(session, delivery)
    return [] if decided else of_every_unit(session, delivery)


def of_ended_trigger(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    """Tell the units that report on an event that it is over, while its task goes on."""
    units = session.exec(
        select(SeriesRow.unit_id)
        .where(col(SeriesRow.trigger_id) == int(str(delivery.payload["trigger_id"])))
        .distinct()
        .order_by(col(SeriesRow.unit_id))
    ).all()
    task = session.get_one(TaskRow, delivery.task_id)
    owing = TaskState(task.state) in TASK_OWING
    return [of_task(session, delivery, unit_id) for unit_id in units] if owing else []


def of_archived(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    """Tell the units whose closing report ended with the filing away of their lapsed task."""
    units = session.exec(
        select(AssignmentRow.unit_id)
        .join(FormRow, col(FormRow.assignment_id) == col(AssignmentRow.id))
        .where(col(AssignmentRow.task_id) == delivery.task_id, col(FormRow.settled_by) == "task_archived")
        .distinct()
        .order_by(col(AssignmentRow.unit_id))
    )
    return [of_task(session, delivery, unit_id) for unit_id in units]
