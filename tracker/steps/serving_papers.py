"""Papers of the office are served on units when they are issued, and ask for nothing more once they are gone."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.circulars.differences import asks_more
from tracker.domain.circulars.paragraphs import paragraphs
from tracker.domain.events.served_papers import PaperServed, PaperServiceEnded
from tracker.domain.served_papers import OPEN_SERVED, ServedState
from tracker.store import event_log
from tracker.store.queries.circulars import chain_of
from tracker.store.queries.units import present_units
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.served_papers import ServedPaperRow


def serve(
    session: Session,
    *,
    circular_id: int,
    unit_ids: Collection[int],
    wants_answer: bool,
    answer_on: date | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Serve a paper on each unit that it goes to 「送达」; whoever answered it before signs for it alone.

    Records PaperServed for each.
    """
    answered = _answered_before(session, session.get_one(CircularRow, circular_id))
    for unit_id in unit_ids:
        asks = wants_answer and unit_id not in answered
        row = ServedPaperRow(
            circular_id=circular_id,
            unit_id=unit_id,
            wants_answer=asks,
            answer_on=answer_on if asks else None,
            served_at=at,
        )
        session.add(row)
        session.flush()
        event = PaperServed(
            unit_id=unit_id,
            served_id=row.id or 0,
            circular_id=circular_id,
            wants_answer=asks,
            answer_on=row.answer_on,
        )
        event_log.record(session, event, actor=actor, at=at)


def _answered_before(session: Session, row: CircularRow) -> frozenset[int]:
    """Return who answered an edition that a correction takes the place of, directly or not, and that asks no less.

    By the units that have their work today. To be asked once the edition before is closed, for a head may sign until
    then.
    """
    now = _words(row)
    before = [session.get_one(CircularRow, id_) for id_ in chain_of(session, row)[1:]]
    as_much = [one.id for one in before if not asks_more(_words(one), now)]
    answered = select(col(ServedPaperRow.unit_id)).where(
        col(ServedPaperRow.circular_id).in_(as_much), col(ServedPaperRow.state) == ServedState.ANSWERED.value
    )
    return frozenset(present_units(session, session.scalars(answered)))


def _words(row: CircularRow) -> list[str]:
    return [one.words for one in paragraphs(row.statements)]


def end_service(session: Session, *, circular_id: int, actor: Actor, at: datetime) -> None:
    """Free every unit that has not answered yet of a paper that was withdrawn or corrected.

    Records PaperServiceEnded for each.
    """
    wanted = select(ServedPaperRow).where(
        col(ServedPaperRow.circular_id) == circular_id,
        col(ServedPaperRow.state).in_(sorted(state.value for state in OPEN_SERVED)),
    )
    for row in session.scalars(wanted.order_by(col(ServedPaperRow.id)).with_for_update()):
        row.state = ServedState.ENDED.value
        event = PaperServiceEnded(unit_id=row.unit_id, served_id=row.id or 0, circular_id=circular_id)
        event_log.record(session, event, actor=actor, at=at)
