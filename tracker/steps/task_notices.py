"""Messages to units about a task, a form or a request of theirs."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from tracker.domain.accounts import Role
from tracker.domain.deliveries import ClaimedDelivery
from tracker.domain.filings import FilingState
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING, AssignmentState, TaskState
from tracker.domain.triggers import told_late
from tracker.domain.verifying import LeadOpinion
from tracker.domain.windows import CLOSING
from tracker.steps.document_notices import Notice
from tracker.store.queries.points import units_bound_by
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UserRow
from tracker.wording.codes import TICKED_NAME
from tracker.wording.endings import stayed_words
from tracker.wording.late_demands import late_words
from tracker.wording.moments import due_words, inclusive
from tracker.wording.notices import LEADER_DECIDES, OFFICE_DECIDES, notice_reason, notice_subject, rhythm_change_words
from tracker.wording.quoting import stopped
from tracker.wording.work import lead_opinion_words, points_told


def of_unit(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    assert delivery.unit_id is not None
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


def of_lead_word(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    """Tell a member what its lead advises against its report; one found true needs no word."""
    facts = delivery.payload
    if facts["opinion"] == LeadOpinion.STANDS.value or delivery.unit_id is None:
        return []
    said = lead_opinion_words(str(facts["opinion"]), str(facts["claim"] or ""), reason_given(delivery).rstrip("。"))
    return [of_task(session, delivery, delivery.unit_id, said=f"{facts['lead_name']}{said}。")]


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


def of_trigger(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    """Tell every unit that has a share of an event by when it reports, and what counts from the recording."""
    late = told_late(delivery.payload)
    named = {clock.due_at for clock in late.clocks}
    moments = _first_moments(session, int(str(delivery.payload["trigger_id"])))
    found = []
    for notice in of_every_unit(session, delivery, said=""):
        asked = [due_words(at, today=None) for at in moments.get(notice.unit_id or 0, ()) if at not in named]
        by = f"请于{'前、'.join(asked)}前报送" if asked else ""
        told = "。".join(part for part in (reason_given(delivery).rstrip("。"), late_words(late), by) if part)
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
    said = f"{points_told(facts)}。{reason_given(delivery)}"
    units = units_bound_by(session, task_id=delivery.task_id or 0, target_id=int(str(facts["target_id"])))
    return [of_task(session, delivery, unit_id, said=said) for unit_id in units]


def of_changed_rhythms(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    """Tell each unit whose forms change how, and from which period on; the others need no word."""
    changes: list[dict[str, Any]] = delivery.payload["changes"]  # type: ignore[assignment] # JSON
    found = []
    for change in changes:
        words = rhythm_change_words(change["old"], change["new"], first=change["first"])
        found.append(of_task(session, delivery, change["unit_id"], said=f"{words}。{reason_given(delivery)}"))
    return found


def of_task(
    session: Session,
    delivery: ClaimedDelivery,
    unit_id: int,
    *,
    said: str = "",
    words: str | None = None,
    period_id: int | None = None,
) -> Notice:
    """Write the message about a task, or a form's other rows, to one unit.

    `words` names them where the event's own do not fit; `period_id` is the form in which it goes on.
    """
    said, words = said or reason_given(delivery), words or delivery.event_type
    reason = notice_reason(words, said=said, by=decided_by(session, delivery))
    if delivery.task_id is None:
        subject = notice_subject(words, item=TICKED_NAME)
        return Notice(unit_id, delivery.event_seq, subject, reason, (), None, period_id)
    task = session.get_one(TaskRow, delivery.task_id)
    item = session.get_one(ItemRow, task.item_id)
    document = session.get_one(DocumentRow, task.document_id)
    named = f"{document.number} {item.label}“{item.title}”"
    shown = task.id if _has_share(session, delivery.task_id, unit_id) else None
    subject = notice_subject(words, item=named)
    return Notice(unit_id, delivery.event_seq, subject, reason, (item.code,), shown, period_id)


def decided_by(session: Session, delivery: ClaimedDelivery) -> str:
    """Name who decided: the body to which the unit reports, the leader, else the office."""
    if delivery.actor_unit:
        return delivery.actor_unit
    person = session.get(UserRow, delivery.actor_id) if delivery.actor_id is not None else None
    return LEADER_DECIDES if person is not None and person.role == Role.LEADER.value else OFFICE_DECIDES


def _has_share(session: Session, task_id: int, unit_id: int) -> bool:
    """Tell whether a unit may still open the task's page, because it has a share in it."""
    own = select(AssignmentRow.state).where(
        col(AssignmentRow.task_id) == task_id, col(AssignmentRow.unit_id) == unit_id
    )
    return any(AssignmentState(state) not in ASSIGNMENT_ENDED for state in session.exec(own))


def reason_given(delivery: ClaimedDelivery) -> str:
    """Return the reason somebody gave, with the day or moment that a deadline moved to."""
    given = (delivery.payload.get(name) for name in ("reason", "matter", "answer"))
    reason = next((str(words) for words in given if words), "")
    day = delivery.payload.get("new_on") or delivery.payload.get("new_deadline_on")
    moment = delivery.payload.get("new_due_at")
    if not day and not moment:
        return reason
    if day:
        by = inclusive(date.fromisoformat(str(day)), today=None)
    else:
        by = due_words(datetime.fromisoformat(str(moment)), today=None)
    return f"{stopped(reason) if reason else ''}新时限{by}。"


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
