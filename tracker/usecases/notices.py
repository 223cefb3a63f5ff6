"""Single messages 「单独提醒」: what somebody must hear at once, because of one event.

New assignments, returns, decisions on extensions and triggers of dormant tasks; everything else waits for the digest.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from tracker.domain.calendar import WorkdayCalendar
from tracker.domain.policy import ReminderPolicy
from tracker.messages import notice_reason, notice_subject
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.usecases.outbox import ClaimedDelivery
from tracker.usecases.reminding import Outgoing, notify


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to the liaisons of one unit."""

    unit_id: int
    subject_id: int
    subject: str
    reason: str
    tasks: tuple[str, ...]


def announce(
    session: Session,
    delivery: ClaimedDelivery,
    *,
    calendar: WorkdayCalendar,
    policy: ReminderPolicy,
    outgoing: Outgoing,
) -> int:
    """Write the messages that follow from an event; return how many rows. Idempotent by the rows' keys."""
    written = 0
    for notice in _NOTICES[delivery.event_type](session, delivery):
        written += notify(
            session,
            rule=delivery.event_type,
            subject_id=notice.subject_id,
            unit_id=notice.unit_id,
            subject=notice.subject,
            reason=notice.reason,
            tasks=notice.tasks,
            at=delivery.occurred_at,
            calendar=calendar,
            policy=policy,
            outgoing=outgoing,
        )
    return written


def _of_document(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    """One message a unit, however many items of the document it got."""
    document = session.get_one(DocumentRow, int(str(delivery.payload["document_id"])))
    rows = session.exec(
        select(AssignmentRow.unit_id, ItemRow.code)
        .select_from(AssignmentRow)
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .where(col(TaskRow.document_id) == document.id, col(TaskRow.issued_at) == delivery.occurred_at)
        .order_by(col(AssignmentRow.unit_id), col(ItemRow.id))
    )
    codes: dict[int, list[str]] = {}
    for unit_id, code in rows:
        codes.setdefault(unit_id, []).append(code)
    return [
        Notice(
            unit_id,
            delivery.event_seq,
            notice_subject(delivery.event_type, item=f"《{document.title}》{len(mine)}项"),
            notice_reason(delivery.event_type),
            tuple(mine),
        )
        for unit_id, mine in codes.items()
    ]


def _of_unit(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    assert delivery.unit_id is not None
    return [_of_task(session, delivery, delivery.unit_id)]


def _of_every_unit(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    units = session.exec(select(AssignmentRow.unit_id).where(col(AssignmentRow.task_id) == delivery.task_id))
    return [_of_task(session, delivery, unit_id) for unit_id in units]


def _of_task(session: Session, delivery: ClaimedDelivery, unit_id: int) -> Notice:
    task = session.get_one(TaskRow, delivery.task_id)
    item = session.get_one(ItemRow, task.item_id)
    document = session.get_one(DocumentRow, task.document_id)
    named = f"{document.number} {item.label}“{item.title}”"
    said = str(delivery.payload.get("reason") or delivery.payload.get("matter") or "")
    return Notice(
        unit_id,
        delivery.event_seq,
        notice_subject(delivery.event_type, item=named),
        notice_reason(delivery.event_type, said=said),
        (item.code,),
    )


_NOTICES: dict[str, Callable[[Session, ClaimedDelivery], list[Notice]]] = {
    "document.issued": _of_document,
    "report.sent_back": _of_unit,
    "report.returned": _of_unit,
    "extension.granted": _of_unit,
    "extension.refused": _of_unit,
    "trigger.recorded": _of_every_unit,
}
