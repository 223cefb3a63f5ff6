"""Messages about what leads and the office ask of other units of a task, to whoever asked and who was asked."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.domain.deliveries import Delivery
from tracker.domain.events.inquiries import (
    CoordinationAsked,
    CoordinationDecided,
    InquiryAnswered,
    InquiryAsked,
    InquiryEnded,
    InquiryReminded,
    InquiryWithdrawn,
)
from tracker.domain.events.instructions import InstructionClosed, InstructionGiven
from tracker.domain.quoting import quoted
from tracker.domain.windows import Reckoning
from tracker.steps.document_notices import Notice
from tracker.steps.task_notices import decided_by, of_task
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.inquiries import AskedRow, InquiryRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.wording.inquiries import asked_words, ended_words, instructed_words, together_subject
from tracker.wording.moments import inclusive
from tracker.wording.notices import notice_reason, notice_subject
from tracker.wording.quoting import stopped

# The work goes on without who asked: no other event tells those who were asked.
_GOES_ON = frozenset({"share_released", "share_reassigned", "share_lowered", "units_merged"})

# What writings share that a leader gave at once on several tasks of a document.
_OF_AN_ACT = ("asked_by", "asked_at", "words", "answer_by")


def of_inquiry(session: Session, event: InquiryAsked, delivery: Delivery) -> list[Notice]:
    """Tell each unit what it is asked and until when."""
    said = asked_words(event.words, event.answer_by, today=None)
    return [
        replace(of_task(session, delivery, share.unit_id, said=said), asked_id=share.asked_id) for share in event.asked
    ]


def of_reminder(session: Session, event: InquiryReminded, delivery: Delivery) -> list[Notice]:
    """Tell the unit once more what it is asked."""
    inquiry = session.get_one(InquiryRow, event.inquiry_id)
    said = asked_words(inquiry.words, inquiry.answer_by, today=None)
    words = "instruction.reminded" if inquiry.instruction_id is not None else None
    return [replace(of_task(session, delivery, event.unit_id or 0, said=said, words=words), asked_id=event.asked_id)]


def of_instruction(session: Session, event: InstructionGiven, delivery: Delivery) -> list[Notice]:
    """Tell each unit, its head too, what a leader instructs and until when it answers; at once of several tasks."""
    said = instructed_words(
        event.words,
        event.answer_by,
        given_by=event.given_by,
        given_on=event.given_on,
        recorded_by=event.recorded_by,
    )
    told = []
    for share in event.asked:
        at_once = _given_at_once(session, event.inquiry_id, share.unit_id)
        if next(iter(at_once), event.inquiry_id) != event.inquiry_id:
            continue  # the event of the first of them tells of all
        one = of_task(session, delivery, share.unit_id, said=said)
        if len(at_once) > 1:
            one = replace(one, subject=together_subject(one.subject, len(at_once)), tasks=tuple(at_once.values()))
        told.append(replace(one, asked_id=share.asked_id, to_heads=True))
    return told


def _given_at_once(session: Session, inquiry_id: int, unit_id: int) -> dict[int, str]:
    """Return the writings of one act that ask a unit, with the codes of their items, in the order of the tasks."""
    one = session.get_one(InquiryRow, inquiry_id)
    document = select(col(TaskRow.document_id)).where(col(TaskRow.id) == one.task_id).scalar_subquery()
    wanted = (
        select(col(InquiryRow.id), col(ItemRow.code))
        .join(AskedRow, col(AskedRow.inquiry_id) == col(InquiryRow.id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(AskedRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(InquiryRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .where(
            col(AssignmentRow.unit_id) == unit_id,
            col(InquiryRow.instruction_id).is_not(None),
            col(TaskRow.document_id) == document,
            *(col(getattr(InquiryRow, name)) == getattr(one, name) for name in _OF_AN_ACT),
        )
        .order_by(col(InquiryRow.id))
    )
    return {row.id: row.code for row in session.execute(wanted)}


def of_closed_instruction(session: Session, event: InstructionClosed, delivery: Delivery) -> list[Notice]:
    """Tell those who had not answered, their heads too, that nobody waits for it."""
    told = [of_task(session, delivery, unit_id, said="") for unit_id in _units(session, event.asked)]
    return [replace(one, to_heads=True) for one in told]


def of_reply(session: Session, event: InquiryAnswered, delivery: Delivery) -> list[Notice]:
    """Tell who asked what a unit answers."""
    return [_to_asker(session, event, delivery, said=session.get_one(ReportRow, event.report_id).text)]


def of_withdrawal(session: Session, event: InquiryWithdrawn, delivery: Delivery) -> list[Notice]:
    """Tell those who had not answered that nobody waits for it."""
    said = session.get_one(InquiryRow, event.inquiry_id).words
    return [of_task(session, delivery, unit_id, said=said) for unit_id in _units(session, event.asked)]


def of_end(session: Session, event: InquiryEnded, delivery: Delivery) -> list[Notice]:
    """Tell a unit where the work goes on without who asked; of any other end its own event tells."""
    if event.cause not in _GOES_ON or event.unit_id is None:
        return []
    told = of_task(session, delivery, event.unit_id, said=ended_words(event.cause))
    return [told] if told.task_id is not None else []


def of_plea(session: Session, event: CoordinationAsked, delivery: Delivery, by: Reckoning) -> list[Notice]:
    """Tell the office what it is to coordinate, and until when."""
    until = by.calendar.add_workdays(local_day(delivery.at), by.policy.coordination_workdays)
    said = f"{stopped(event.words)}{inclusive(until, today=None)}前答复"
    return [_to_office(session, event, delivery, said=said)]


def of_coordination(session: Session, event: CoordinationDecided, delivery: Delivery) -> list[Notice]:
    """Tell both sides what the office decided."""
    units = _units(session, event.silent)
    lead = _to_asker(session, event, delivery, said=event.words)
    return [lead, *(of_task(session, delivery, unit_id, said=event.words) for unit_id in units)]


def _units(session: Session, asked_ids: Iterable[int]) -> list[int]:
    wanted = (
        select(col(AssignmentRow.unit_id))
        .join(AskedRow, col(AskedRow.assignment_id) == col(AssignmentRow.id))
        .where(col(AskedRow.id).in_(list(asked_ids)))
        .order_by(col(AskedRow.id))
    )
    return list(session.scalars(wanted))


def _to_asker(
    session: Session, event: InquiryAnswered | CoordinationDecided, delivery: Delivery, *, said: str
) -> Notice:
    inquiry = session.get_one(InquiryRow, event.inquiry_id)
    if inquiry.assignment_id is None:
        words = "instruction.answered" if inquiry.instruction_id is not None else None
        return _to_office(session, event, delivery, said=said, words=words)
    told = of_task(session, delivery, session.get_one(AssignmentRow, inquiry.assignment_id).unit_id, said=said)
    return replace(told, inquiry_id=event.inquiry_id)


def _to_office(
    session: Session,
    event: InquiryAnswered | CoordinationAsked | CoordinationDecided,
    delivery: Delivery,
    *,
    said: str,
    words: str | None = None,
) -> Notice:
    words = words or event.type
    task = session.get_one(TaskRow, event.task_id)
    item, document = session.get_one(ItemRow, task.item_id), session.get_one(DocumentRow, task.document_id)
    return Notice(
        None,
        delivery.seq,
        notice_subject(words, item=f"{document.number} {item.label}{quoted(item.title)}"),
        notice_reason(words, said=said, by=decided_by(session, delivery)),
        (item.code,),
        task.id,
        inquiry_id=event.inquiry_id if words == event.type else None,
    )
