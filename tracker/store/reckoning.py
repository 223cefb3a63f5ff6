"""The one writer of `series.overdue_from` and `series.unasked`.

They follow every change of a row, a duty, a share or a task in its transaction.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import BindParameter, Select, bindparam, event, select, update
from sqlalchemy.orm import UOWTransaction
from sqlmodel import Session, SQLModel, col

from tracker.domain.owed import overdue_from
from tracker.store.queries.series import series_views
from tracker.store.queries.unasked import series_with_unasked
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow

_TOUCHED = "tracker_touched_series"
_CHUNK = 500
_SERIES = SQLModel.metadata.tables[str(SeriesRow.__tablename__)]
_REWRITE = (
    update(_SERIES)
    .where(_SERIES.c.id == bindparam("series"))
    .values(
        overdue_from=bindparam("moment", type_=_SERIES.c.overdue_from.type),
        unasked=bindparam("waits", type_=_SERIES.c.unasked.type),
    )
)


def touch(session: Session, series_ids: Iterable[int]) -> None:
    """Note series whose rows a bulk statement changed, which no listener sees."""
    _touched(session, "series").update(series_ids)


def reckon(session: Session) -> int:
    """Rewrite what is kept of every series that this transaction has touched; return how many were looked at.

    Called before each commit, and before a step of the same transaction that reads what is overdue.
    """
    session.flush()
    ids = _touched_series(session)
    unasked = _unasked(session, ids)
    kept = [
        {"series": view.series_id, "moment": overdue_from(view), "waits": view.series_id in unasked}
        for view in series_views(session, ids, open_only=True)
    ]
    if kept:
        session.connection().execute(_REWRITE, kept)
    return len(ids)


def _touched(session: Session, name: str) -> set[int]:
    found: dict[str, set[int]] = session.info.setdefault(_TOUCHED, {})
    return found.setdefault(name, set())


def _touched_series(session: Session) -> set[int]:
    """Resolve what was touched to series, and forget it."""
    noted: dict[str, set[int]] = session.info.pop(_TOUCHED, {})
    series = set(noted.get("series", ()))
    series |= _chunked(session, noted.get("period", ()), _BY_PERIOD)
    series |= _chunked(session, noted.get("assignment", ()), _BY_ASSIGNMENT)
    series |= _chunked(session, noted.get("task", ()), _BY_TASK)
    return series


_IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
_BY_PERIOD = select(col(PeriodRow.series_id)).where(col(PeriodRow.id).in_(_IDS))
_BY_ASSIGNMENT = (
    select(col(PeriodRow.series_id))
    .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
    .where(col(FormRow.assignment_id).in_(_IDS))
    .distinct()
)
_BY_TASK = (
    select(col(PeriodRow.series_id))
    .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
    .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
    .where(col(AssignmentRow.task_id).in_(_IDS))
    .distinct()
)


def _unasked(session: Session, ids: Iterable[int]) -> set[int]:
    wanted = sorted(ids)
    found: set[int] = set()
    for start in range(0, len(wanted), _CHUNK):
        found |= series_with_unasked(session, wanted[start : start + _CHUNK])
    return found


def _chunked(session: Session, ids: Iterable[int], statement: Select[int]) -> set[int]:
    wanted = sorted(ids)
    found: set[int] = set()
    for start in range(0, len(wanted), _CHUNK):
        found.update(session.scalars(statement, {"ids": wanted[start : start + _CHUNK]}))
    return found


@event.listens_for(Session, "after_flush")
def _note(session: Session, _flush: UOWTransaction) -> None:
    """Note what a flush wrote: rows by their period, duties by their series, shares and tasks by themselves."""
    for changed in (*session.new, *session.dirty, *session.deleted):
        match changed:
            case FormRow():
                _touched(session, "period").add(changed.period_id)
            case PeriodRow() | DutyRow():
                _touched(session, "series").add(changed.series_id)
            case AssignmentRow() if changed.id is not None:
                _touched(session, "assignment").add(changed.id)
            case TaskRow() if changed.id is not None:
                _touched(session, "task").add(changed.id)
