"""Why rows of a form ended without a report, as the log tells it."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.events.decoding import decode_as
from tracker.domain.events.forms import RowSettled
from tracker.store.tables.events import EventRow


@dataclass(frozen=True, slots=True)
class FormEnd:
    """How the last rows of a form were settled: `state` is theirs, `cause` the act that settled them."""

    state: str
    cause: str
    reason: str
    at: datetime


def last_settled(session: Session, *, period_id: int, unit_id: int) -> FormEnd | None:
    """Return how the rows of a period that ended last did so; None where none ended but by a report."""
    told = session.execute(
        select(col(EventRow.payload), col(EventRow.occurred_at))
        .where(
            col(EventRow.type) == RowSettled.type,
            (col(EventRow.unit_id) == unit_id) | col(EventRow.unit_id).is_(None),
        )
        .order_by(col(EventRow.seq).desc())
    )
    for payload, at in told:
        settled = decode_as(RowSettled, json.loads(payload))
        if settled.period_id == period_id:
            return FormEnd(settled.state, settled.cause, settled.reason, at)
    return None
