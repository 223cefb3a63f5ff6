"""Rows whose moment somebody granted: the log alone says why a row has the moment that it has."""

import json
from collections.abc import Collection

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from tracker.domain.reporting_events import EXTENSION, OFFICE, DueMoved, RowMoved
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import AssignmentRow


def granted_rows(session: Session, *, unit_ids: Collection[int]) -> frozenset[int]:
    """Return those rows of units to which an extension or the office, unasked, gave a moment for the first filing.

    What a row was united with by an earlier merger counts. Arrears, a grace after a refusal, a calendar and outages
    give moments by rule: they are nobody's decision on this row.
    """
    tasks = select(col(AssignmentRow.task_id)).where(col(AssignmentRow.unit_id).in_(unit_ids))
    of_units = or_(
        col(EventRow.task_id).in_(tasks),
        col(EventRow.unit_id).in_(unit_ids),
        and_(col(EventRow.task_id).is_(None), col(EventRow.unit_id).is_(None)),  # of a tick
    )
    told = session.execute(
        select(col(EventRow.type), col(EventRow.payload))
        .where(col(EventRow.type).in_([DueMoved.type, RowMoved.type]), of_units)
        .order_by(col(EventRow.seq))
    )
    found: set[int] = set()
    for kind, payload in told:
        facts = json.loads(payload)
        if kind == DueMoved.type:
            if facts["cause"] in {EXTENSION, OFFICE} and not facts["correction"]:
                found.add(facts["row_id"])
        elif facts["row_id"] in found:
            found.add(facts["into_row_id"])
    return frozenset(found)
