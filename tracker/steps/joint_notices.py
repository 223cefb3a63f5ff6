"""Messages about papers that several organs issue: to whoever is to countersign, and to the office what he said."""

from sqlmodel import Session

from tracker.domain.circulars.joint import AskEnd, DropCause, Purpose
from tracker.domain.deliveries import Delivery
from tracker.domain.events.joint import CoIssuerDropped, CountersignAsked, Countersigned, CountersignEnded
from tracker.domain.quoting import titled
from tracker.steps.document_notices import Notice
from tracker.steps.task_notices import decided_by
from tracker.store.queries.units import present_units, unit_names
from tracker.store.tables.circulars import CircularRow
from tracker.wording.codes import CIRCULAR_NAMES
from tracker.wording.moments import inclusive
from tracker.wording.notices import notice_reason, notice_subject
from tracker.wording.quoting import stopped


def of_asked_countersign(session: Session, event: CountersignAsked, delivery: Delivery) -> list[Notice]:
    """Tell liaisons and heads of what is to be countersigned, and until when; the message leads to the paper."""
    withdraws = event.purpose == Purpose.WITHDRAWAL.value
    words = f"{event.type}.{event.purpose}" if withdraws else event.type
    why = f"撤回原因：{stopped(event.matter)}" if event.matter else ""
    said = f"{why}请于{inclusive(event.answer_by, today=None)}前会签。"
    return _to_unit(session, event, delivery, words=words, said=said, readable=True)


def of_countersign(session: Session, event: Countersigned, delivery: Delivery) -> list[Notice]:
    """Tell the office what a head said."""
    [unit] = unit_names(session, {event.unit_id or 0}).values()
    words = event.type if event.agrees else f"{event.type}.returned"
    subject = notice_subject(words, item=f"{_name(session, event.circular_id)}，{unit}")
    reason = notice_reason(words, said=event.words, by=unit)
    return [Notice(None, delivery.seq, subject, reason, (), circular_id=event.circular_id)]


def of_ended_countersign(session: Session, event: CountersignEnded, delivery: Delivery) -> list[Notice]:
    """Tell that what was asked or signed counts no more, and why."""
    words = event.type if event.because == AskEnd.TAKEN_BACK.value else f"{event.type}.{event.because}"
    return _to_unit(session, event, delivery, words=words, said=event.reason, readable=False)


def of_dropped_co_issuer(session: Session, event: CoIssuerDropped, delivery: Delivery) -> list[Notice]:
    """Tell whoever was asked, or had agreed, that the paper is not his to sign any more, and why."""
    if not event.shown:
        return []
    words = event.type if event.cause == DropCause.DROPPED.value else f"{event.type}.{event.cause}"
    return _to_unit(session, event, delivery, words=words, said=event.reason, readable=False)


def _to_unit(
    session: Session,
    event: CountersignAsked | CountersignEnded | CoIssuerDropped,
    delivery: Delivery,
    *,
    words: str,
    said: str,
    readable: bool,
) -> list[Notice]:
    """Write to one unit; the message leads to the paper where the unit may open it."""
    subject = notice_subject(words, item=_name(session, event.circular_id))
    reason = notice_reason(words, said=said, by=decided_by(session, delivery))
    leads_to = event.circular_id if readable else None
    return [
        Notice(id_, delivery.seq, subject, reason, (), circular_id=leads_to, to_heads=True)
        for id_ in present_units(session, [event.unit_id or 0])
    ]


def _name(session: Session, circular_id: int) -> str:
    row = session.get_one(CircularRow, circular_id)
    return f"{CIRCULAR_NAMES[row.type]}{titled(row.title)}"
