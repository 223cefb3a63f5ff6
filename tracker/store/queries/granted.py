"""Moments as the log tells of them: who gave a row the one that it has, and the last one of a correction."""

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from tracker.domain.events.decoding import decode
from tracker.domain.events.forms import EXTENSION, OFFICE, DueMoved, RowMoved, RowsReset
from tracker.domain.events.reports import ReportSentBack
from tracker.store.tables.events import EventRow
from tracker.store.tables.series import FormRow
from tracker.store.tables.tasks import AssignmentRow

# Rows, each with whether it is its correction that was granted a moment.
Granted = frozenset[tuple[int, bool]]


def granted_rows(session: Session, *, unit_ids: Collection[int]) -> Granted:
    """Return those rows of units to which an extension or the office, unasked, gave a moment.

    That of the first filing and that of the running correction are told apart. What a row was united with by an earlier
    merger counts. Arrears, a grace after a refusal, a calendar and outages give moments by rule: they are nobody's
    decision on this row.
    """
    tasks = select(col(AssignmentRow.task_id)).where(col(AssignmentRow.unit_id).in_(unit_ids))
    of_units = or_(
        col(EventRow.task_id).in_(tasks),
        col(EventRow.unit_id).in_(unit_ids),
        and_(col(EventRow.task_id).is_(None), col(EventRow.unit_id).is_(None)),  # of a tick
    )
    told = session.execute(
        select(col(EventRow.type), col(EventRow.payload))
        .where(col(EventRow.type).in_([DueMoved.type, RowMoved.type, ReportSentBack.type]), of_units)
        .order_by(col(EventRow.seq))
    )
    found: set[tuple[int, bool]] = set()
    for kind, payload in told:
        match decode(kind, json.loads(payload)):
            case DueMoved(row_id=int(row_id)) as moved if moved.cause in {EXTENSION, OFFICE}:
                found.add((row_id, moved.correction))
            case ReportSentBack(row_id=int(row_id)):
                found.discard((row_id, True))
            case RowMoved() as moved:
                found |= {(moved.into_row_id, of) for row_id, of in found if row_id == moved.row_id}
    return frozenset(found)


def correction_moment(session: Session, row: FormRow, *, opened_at: datetime) -> datetime | None:
    """Return the moment that the correction of a row was given last since its return; None where nothing gave one."""
    task = select(col(AssignmentRow.task_id)).where(col(AssignmentRow.id) == row.assignment_id).scalar_subquery()
    told = session.execute(
        select(col(EventRow.type), col(EventRow.payload))
        .where(col(EventRow.type).in_([DueMoved.type, RowsReset.type]), col(EventRow.occurred_at) >= opened_at)
        .where(col(EventRow.task_id) == task if row.assignment_id else col(EventRow.task_id).is_(None))
        .order_by(col(EventRow.seq).desc())
    )
    for kind, payload in told:
        match decode(kind, json.loads(payload)):
            case DueMoved() as moved if moved.row_id == row.id and moved.correction:
                return moved.new_due_at
            case RowsReset(rows=rows):
                given = (reset.correction_due_at for reset in rows if reset.row_id == row.id)
                if moment := next(filter(None, given), None):
                    return moment
    return None
