"""Messages about papers of the office: whoever one goes to hears that it was issued, and that it was withdrawn."""

from collections.abc import Sequence
from itertools import chain

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.circulars.editions import EditionAction
from tracker.domain.circulars.kinds import KINDS, CircularType
from tracker.domain.deliveries import Delivery
from tracker.domain.events.circulars import CircularChanged, CircularIssued
from tracker.domain.events.served_papers import PaperAnswerStopped
from tracker.steps.document_notices import Notice
from tracker.steps.task_notices import decided_by
from tracker.store.queries.co_issuers import joint_units
from tracker.store.queries.paper_hearers import told_of_issue
from tracker.store.queries.units import present_units
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.served_papers import ServedPaperRow
from tracker.wording.notices import notice_reason, notice_subject
from tracker.wording.papers import cited_number, paper_asks, paper_name
from tracker.wording.quoting import stopped

_CORRECTION = ".correction"


def of_issued_paper(session: Session, event: CircularIssued, delivery: Delivery) -> list[Notice]:
    """Tell whom a paper is for what it asks, and until when; a correction says what it takes the place of.

    Who issued it together with the office hears that it was.
    """
    row = session.get_one(CircularRow, event.circular_id)
    corrects = row.replaces_id is not None
    asked = paper_asks(row.type, answer_on=event.answer_on, corrects=corrects) if event.unit_ids else ""
    joint = [one for one in joint_units(session, event.circular_id) if one not in event.unit_ids]
    with_others = _notices(session, row, joint, delivery, words=f"{event.type}.joint", said="")
    if row.replaces_id is None:
        return _notices(session, row, event.unit_ids, delivery, words=event.type, said=asked) + with_others
    wrong = session.get_one(CircularRow, row.replaces_id)
    replaced = cited_number(wrong.number or "", series=wrong.series, year=wrong.year)
    said = f"更正{replaced}，原因：{stopped(row.corrects_because or '见更正件')}"
    words, answered = event.type + _CORRECTION, _have_answered(session, row)
    told = [
        (one, paper_asks(row.type, answer_on=None, answered=True) if one in answered else asked)
        for one in event.unit_ids
    ]
    notices = [_notices(session, row, [one], delivery, words=words, said=said + asks) for one, asks in told]
    return [*chain.from_iterable(notices), *with_others]


def _have_answered(session: Session, row: CircularRow) -> frozenset[int]:
    """Return of which units a paper asks no answer, though its type does: they answered what it corrects."""
    if not KINDS[CircularType(row.type)].wants_answer:
        return frozenset()
    wanted = select(col(ServedPaperRow.unit_id)).where(
        col(ServedPaperRow.circular_id) == row.id, col(ServedPaperRow.wants_answer).is_(False)
    )
    return frozenset(session.scalars(wanted))


def of_changed_paper(session: Session, event: CircularChanged, delivery: Delivery) -> list[Notice]:
    """Tell whoever heard of a paper that it was withdrawn, and why; what becomes of a draft concerns the office alone.

    That one was corrected its correction tells.
    """
    if event.act != EditionAction.WITHDRAW.value:
        return []
    row = session.get_one(CircularRow, event.circular_id)
    heard = tuple(dict.fromkeys([*told_of_issue(session, event.circular_id), *joint_units(session, event.circular_id)]))
    return _notices(session, row, heard, delivery, words=event.type, said=event.words)


def of_stopped_answer(session: Session, event: PaperAnswerStopped, delivery: Delivery) -> list[Notice]:
    """Tell the liaisons why their head gave an answer back; one that was taken back needs no word."""
    if not event.reason:
        return []
    row = session.get_one(CircularRow, event.circular_id)
    subject = notice_subject(event.type, item=paper_name(row.type, number=row.number or "", title=row.title))
    reason = notice_reason(event.type, said=event.reason, by=decided_by(session, delivery))
    return [
        Notice(unit_id, delivery.seq, subject, reason, (), circular_id=row.id)
        for unit_id in present_units(session, [event.unit_id or 0])
    ]


def _notices(
    session: Session, row: CircularRow, unit_ids: Sequence[int], delivery: Delivery, *, words: str, said: str
) -> list[Notice]:
    subject = notice_subject(words, item=paper_name(row.type, number=row.number or "", title=row.title))
    reason = notice_reason(words, said=said, by=decided_by(session, delivery))
    return [
        Notice(unit_id, delivery.seq, subject, reason, (), circular_id=row.id, to_heads=True)
        for unit_id in present_units(session, unit_ids)
    ]
