"""Papers of the office are served on units when they are issued, and ask for nothing more once they are gone."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.events.served_papers import PaperServed, PaperServiceEnded
from tracker.domain.served_papers import OPEN_SERVED, ServedState
from tracker.store import event_log
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
    """Serve a paper on each unit that it goes to 「送达」. Records PaperServed for each."""
    for unit_id in unit_ids:
        row = ServedPaperRow(
            circular_id=circular_id,
            unit_id=unit_id,
            wants_answer=wants_answer,
            answer_on=answer_on if wants_answer else None,
            served_at=at,
        )
        session.add(row)
        session.flush()
        event = PaperServed(
            unit_id=unit_id,
            served_id=row.id or 0,
            circular_id=circular_id,
            wants_answer=wants_answer,
            answer_on=row.answer_on,
        )
        event_log.record(session, event, actor=actor, at=at)


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
