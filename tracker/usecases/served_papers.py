"""A unit signs for a paper 「签收」 and answers it 「答复」 by its head's word; the office reads the answer."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.entries import AttachedFile
from tracker.domain.errors import NotFound, Stale
from tracker.domain.events.served_papers import (
    PaperAnswered,
    PaperAnswerRead,
    PaperAnswerStopped,
    PaperAnswerWritten,
    PaperReceived,
)
from tracker.domain.filings import check_reason
from tracker.domain.served_papers import (
    ANSWERABLE,
    NoPaperAnswerToRead,
    NoPaperAnswerWaiting,
    NoPaperAnswerWanted,
    PaperAnswerChanged,
    PaperReceivedAlready,
    ServedState,
    check_paper_answer,
)
from tracker.steps.enclosing import enclose, take_out_enclosed
from tracker.store import event_log
from tracker.store.queries.units import units_read_for
from tracker.store.tables.served_papers import ServedPaperRow

_UNIT = (Role.LIAISON, Role.UNIT_HEAD)


def receive_paper(session: Session, *, served_id: int, actor: Actor, at: datetime) -> None:
    """Sign for a paper 「签收」. Records PaperReceived. Raises NotYourTask, NotFound, PaperReceivedAlready."""
    row = _own(session, served_id, actor, *_UNIT)
    if row.state != ServedState.SERVED.value:
        raise PaperReceivedAlready()
    _receive(session, row, actor=actor, at=at)


def write_answer(
    session: Session,
    *,
    served_id: int,
    version: int,
    words: str,
    files: Sequence[AttachedFile] = (),
    actor: Actor,
    at: datetime,
) -> None:
    """Write the answer that a paper asks for, for the head of the unit to sign; whoever answers has signed for it.

    `version` is that of the service that the page showed, with what had been written by then. `files` lie in the
    evidence store; they stand in the place of those of an earlier wording. Records PaperReceived
    where nobody had, PaperAnswerWritten. Raises NotYourTask, NotFound, NoPaperAnswerWanted, Stale, PaperAnswerMissing,
    PaperAnswerTooLong.
    """
    row = _own(session, served_id, actor, Role.LIAISON)
    if not row.wants_answer or ServedState(row.state) not in ANSWERABLE:
        raise NoPaperAnswerWanted()
    if row.version != version:
        raise Stale()
    words = check_paper_answer(words)
    if row.received_at is None:
        _receive(session, row, actor=actor, at=at)
    row.answer, row.written_by, row.written_at = words, actor.name, at
    row.state, row.sent_back_because = ServedState.WRITTEN.value, None
    event = PaperAnswerWritten(
        unit_id=row.unit_id,
        served_id=served_id,
        circular_id=row.circular_id,
        words=words,
        taken_out=take_out_enclosed(session, served_id=served_id, at=at),
        files=enclose(session, files, served_id=served_id, actor=actor, at=at),
    )
    event_log.record(session, event, actor=actor, at=at)


def take_back_answer(session: Session, *, served_id: int, actor: Actor, at: datetime) -> None:
    """Take an answer back before it is signed; its words stay to be written on.

    Records PaperAnswerStopped. Raises NotYourTask, NotFound, NoPaperAnswerWaiting.
    """
    _stop(session, _waiting(session, served_id, actor, *_UNIT), reason="", actor=actor, at=at)


def send_back_answer(
    session: Session, *, served_id: int, version: int, reason: str, actor: Actor, at: datetime
) -> None:
    """Give an answer back to its writer, with a reason; `version` is that of the answer that the page showed.

    Records PaperAnswerStopped. Raises NotYourTask, NotFound, NoPaperAnswerWaiting, Stale, ReasonRequired,
    ReasonTooLong.
    """
    row = _waiting(session, served_id, actor, Role.UNIT_HEAD)
    if row.version != version:
        raise Stale()
    _stop(session, row, reason=check_reason(reason), actor=actor, at=at)


def sign_answer(session: Session, *, served_id: int, shown: int, actor: Actor, at: datetime) -> None:
    """Sign an answer, which thereby goes to the office; `shown` is the version that the page showed.

    Records PaperAnswered. Raises NotYourTask, NotFound, NoPaperAnswerWaiting, PaperAnswerChanged.
    """
    row = _waiting(session, served_id, actor, Role.UNIT_HEAD)
    if row.version != shown:
        raise PaperAnswerChanged()
    row.state, row.signed_by, row.signed_at = ServedState.ANSWERED.value, actor.name, at
    event = PaperAnswered(unit_id=row.unit_id, served_id=served_id, circular_id=row.circular_id, words=row.answer or "")
    event_log.record(session, event, actor=actor, at=at)


def read_answer(session: Session, *, served_id: int, actor: Actor, at: datetime) -> None:
    """Note that the office has read an answer 「已阅」.

    Records PaperAnswerRead. Raises NotYourTask, NotFound, NoPaperAnswerToRead.
    """
    require_role(actor, Role.SUPERVISOR, act="read_paper_answer")
    row = session.get(ServedPaperRow, served_id, with_for_update=True)
    if row is None:
        raise NotFound()
    if row.state != ServedState.ANSWERED.value or row.read_at is not None:
        raise NoPaperAnswerToRead()
    row.read_by, row.read_at = actor.name, at
    event = PaperAnswerRead(unit_id=row.unit_id, served_id=served_id, circular_id=row.circular_id)
    event_log.record(session, event, actor=actor, at=at)


def _receive(session: Session, row: ServedPaperRow, *, actor: Actor, at: datetime) -> None:
    row.state, row.received_by, row.received_at = ServedState.RECEIVED.value, actor.name, at
    event = PaperReceived(unit_id=row.unit_id, served_id=row.id or 0, circular_id=row.circular_id)
    event_log.record(session, event, actor=actor, at=at)


def _stop(session: Session, row: ServedPaperRow, *, reason: str, actor: Actor, at: datetime) -> None:
    row.state, row.sent_back_because = ServedState.RECEIVED.value, reason or None
    event = PaperAnswerStopped(unit_id=row.unit_id, served_id=row.id or 0, circular_id=row.circular_id, reason=reason)
    event_log.record(session, event, actor=actor, at=at)


def _waiting(session: Session, served_id: int, actor: Actor, *roles: Role) -> ServedPaperRow:
    row = _own(session, served_id, actor, *roles)
    if row.state != ServedState.WRITTEN.value:
        raise NoPaperAnswerWaiting()
    return row


def _own(session: Session, served_id: int, actor: Actor, *roles: Role) -> ServedPaperRow:
    """Return a paper that was served on the actor's unit, or on one that went up in it, locked.

    Raises NotYourTask, NotFound.
    """
    require_role(actor, *roles, act="answer_paper")
    wanted = select(ServedPaperRow).where(
        col(ServedPaperRow.id) == served_id, col(ServedPaperRow.unit_id).in_(units_read_for(session, actor.unit_id))
    )
    row = session.scalars(wanted.with_for_update()).first()
    if row is None:
        raise NotFound()
    return row
