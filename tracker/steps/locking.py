"""Which rows an act locks first: tasks, then shares, then what hangs on them; never the other way round.

On PostgreSQL two acts at once would otherwise wait for each other, or one would write over what the other decided: a
row that was read without a lock is as old as the read. Whoever holds a task may change its shares, rows, reports and
requests, nobody else may; a unit's row, its series and the ticks of its forms come last. SQLite lets one writer in at a
time.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlalchemy import BindParameter, bindparam, select
from sqlmodel import Session, col

from tracker.store.tables.filings import ReportRow
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow, TriggerRow

_Row = TypeVar("_Row")
_LOCKED = "tracker_locked"
_CHUNK = 500
_IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
# Every act begins with these: built once, they cost what they ask.
_TASKS = (
    select(TaskRow)
    .where(col(TaskRow.id).in_(_IDS))
    .order_by(col(TaskRow.document_id), col(TaskRow.id))
    .with_for_update()
)
_TASKS_OF_SHARES = select(col(AssignmentRow.task_id)).where(col(AssignmentRow.id).in_(_IDS)).distinct()
_SHARES = select(AssignmentRow).where(col(AssignmentRow.id).in_(_IDS)).order_by(col(AssignmentRow.id)).with_for_update()
_ROWS = select(FormRow).where(col(FormRow.id).in_(_IDS)).order_by(col(FormRow.id)).with_for_update()
_SHARES_OF_FILING = select(col(ReportRow.assignment_id)).where(col(ReportRow.filing_id) == bindparam("filing_id"))
_SHARES_OF_FORM = select(col(FormRow.assignment_id)).where(col(FormRow.period_id) == bindparam("period_id"))


def lock_tasks(session: Session, task_ids: Iterable[int | None]) -> list[TaskRow]:
    """Lock tasks for an act that decides by their states, in one order for everybody; return them read anew."""
    ids = sorted({id_ for id_ in task_ids if id_ is not None})
    if not ids:
        return []
    return _kept(session, session.scalars(_TASKS, params={"ids": ids}).all())


def lock_task(session: Session, task_id: int | None) -> TaskRow | None:
    """Lock one task and return it read anew; None where there is none."""
    return next(iter(lock_tasks(session, [task_id])), None)


def lock_work(session: Session, assignment_ids: Iterable[int | None]) -> None:
    """Lock shares and their tasks for an act that decides by their states; what was read of them is read anew."""
    ids = sorted({id_ for id_ in assignment_ids if id_ is not None})
    if not ids:
        return
    lock_tasks(session, session.scalars(_TASKS_OF_SHARES, params={"ids": ids}).all())
    _kept(session, session.scalars(_SHARES, params={"ids": ids}).all())


def _kept(session: Session, rows: Sequence[_Row]) -> list[_Row]:
    """Keep locked rows for the rest of the transaction: a session forgets what nobody holds, and reads it again."""
    session.info.setdefault(_LOCKED, []).extend(rows)
    return list(rows)


def lock_filing(session: Session, filing_id: int) -> None:
    """Lock the work that an envelope reports on."""
    lock_work(session, session.scalars(_SHARES_OF_FILING, params={"filing_id": filing_id}))


def lock_rows_of(session: Session, reports: Iterable[ReportRow]) -> dict[int | None, FormRow]:
    """Lock the rows that reports are on and return them by their ids."""
    ids = [report.row_id for report in reports if report.row_id is not None]
    return {row.id: row for row in session.scalars(_ROWS, params={"ids": ids})}


def lock_form(session: Session, period_id: int, *, shares: Iterable[int]) -> None:
    """Lock the work that a form asks about, and the shares that somebody reports on in it besides."""
    lock_work(session, [*session.scalars(_SHARES_OF_FORM, params={"period_id": period_id}), *shares])


def lock_forms(session: Session, period_ids: Iterable[int], *, shares: Iterable[int]) -> None:
    """Lock many forms for an act on the whole city: the work that they ask about, then forms, then their rows.

    With them goes the work of shares of which something besides is decided.
    """
    wanted = sorted(set(period_ids))
    parts = [wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK)]
    wanted_work: set[int | None] = set(shares)
    for ids in parts:
        wanted_work |= set(session.scalars(select(col(FormRow.assignment_id)).where(col(FormRow.period_id).in_(ids))))
    lock_work(session, wanted_work)
    for table, column in ((PeriodRow, col(PeriodRow.id)), (FormRow, col(FormRow.period_id))):
        for ids in parts:
            locked = select(col(table.id)).where(column.in_(ids)).order_by(col(table.id))
            session.scalars(locked.with_for_update()).all()


def lock_growth(session: Session, series_ids: list[int]) -> None:
    """Lock the tasks that make series grow: no row comes into being for what ends at the same moment."""
    if not series_ids:
        return
    by_duty = (
        select(col(AssignmentRow.task_id))
        .join(DutyRow, col(DutyRow.assignment_id) == col(AssignmentRow.id))
        .where(col(DutyRow.series_id).in_(series_ids), col(DutyRow.ended_at).is_(None))
    )
    by_event = (
        select(col(TriggerRow.task_id))
        .join(SeriesRow, col(SeriesRow.trigger_id) == col(TriggerRow.id))
        .where(col(SeriesRow.id).in_(series_ids))
    )
    lock_tasks(session, {*session.scalars(by_duty), *session.scalars(by_event)})
