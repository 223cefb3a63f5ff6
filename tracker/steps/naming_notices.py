"""Messages about praise and criticism by name, to whom it is about, before it is published."""

from sqlmodel import Session

from tracker.domain.circulars.proposals import NamingAct
from tracker.domain.deliveries import Delivery
from tracker.domain.events.namings import NamingAnswered, NamingEnded, NamingKept, NamingLeftOut, NamingServed
from tracker.steps.document_notices import Notice
from tracker.steps.task_notices import decided_by
from tracker.store.queries.namings import keys_of
from tracker.store.queries.units import present_units, unit_names
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.namings import NamingRow
from tracker.wording.codes import CIRCULAR_NAMES
from tracker.wording.moments import inclusive
from tracker.wording.notices import notice_reason, notice_subject


def of_served_naming(session: Session, event: NamingServed, delivery: Delivery) -> list[Notice]:
    """Tell liaisons and heads what would be said of their unit, word for word, and until when they may answer."""
    said = f"拟写内容：{event.words}。请于{inclusive(event.answer_by, today=None)}前答复，逾期未答复的，视为没有异议。"
    words = event.type if event.act == NamingAct.PRAISE.value else f"{event.type}.{event.act}"
    return _notices(session, delivery, event, words=words, said=said)


def of_answered_naming(session: Session, event: NamingAnswered, delivery: Delivery) -> list[Notice]:
    """Tell the office of an objection: it says why it names the unit all the same, or leaves it out."""
    if event.agrees:
        return []
    naming = session.get_one(NamingRow, event.naming_id)
    [unit] = unit_names(session, {naming.unit_id}).values()
    item = f"{CIRCULAR_NAMES[session.get_one(CircularRow, event.circular_id).type]}，{unit}"
    words = notice_reason(event.type, said=event.words, by=unit)
    subject = notice_subject(event.type, item=item)
    return [Notice(None, delivery.seq, subject, words, (), circular_id=event.circular_id)]


def of_left_out_naming(session: Session, event: NamingLeftOut, delivery: Delivery) -> list[Notice]:
    """Tell a unit that what was served on it is not said."""
    naming, paper = session.get_one(NamingRow, event.naming_id), session.get_one(CircularRow, event.circular_id)
    corrected = session.get_one(CircularRow, paper.replaces_id) if event.issued and paper.replaces_id else None
    if corrected is not None and naming.key in keys_of(corrected):
        said = f"{paper.number}更正{corrected.number}，删去的内容：{naming.words}"
        return _notices(session, delivery, event, words=f"{event.type}.issued.lifted", said=said)
    words = f"{event.type}{'.issued' if event.issued else ''}"
    return _notices(session, delivery, event, words=words, said=naming.words)


def of_kept_naming(session: Session, event: NamingKept, delivery: Delivery) -> list[Notice]:
    """Tell whoever objected why the unit is named all the same."""
    return _notices(session, delivery, event, words=event.type, said=event.reason)


def of_ended_naming(session: Session, event: NamingEnded, delivery: Delivery) -> list[Notice]:
    """Tell that a paper was put away; one that was issued tells by itself."""
    if event.issued:
        return []
    said = session.get_one(NamingRow, event.naming_id).words
    words = f"{event.type}.redrafted" if event.redrafted else event.type
    return _notices(session, delivery, event, words=words, said=said)


def _notices(
    session: Session,
    delivery: Delivery,
    event: NamingServed | NamingKept | NamingLeftOut | NamingEnded,
    *,
    words: str,
    said: str,
) -> list[Notice]:
    """Write to one unit; the paper is a draft that it may not open, the message leads to what would be said."""
    subject = notice_subject(words, item=CIRCULAR_NAMES[session.get_one(CircularRow, event.circular_id).type])
    reason = notice_reason(words, said=said, by=decided_by(session, delivery))
    return [
        Notice(id_, delivery.seq, subject, reason, (), naming_id=event.naming_id, to_heads=True)
        for id_ in present_units(session, [event.unit_id or 0])
    ]
