"""Overdue reports rolled up 「逾期汇总」: by unit and document as they stand now, by week as each week ended."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlmodel import Session, col

from tracker.domain.lifecycle import PERIOD_OWED
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.events import OverdueRollupRow
from tracker.store.tables.tasks import AssignmentRow, PeriodRow, TaskRow
from tracker.store.tables.units import UnitRow

_OWED = [state.value for state in PERIOD_OWED]


@dataclass(frozen=True, slots=True)
class RollupLine:
    """Periods of one unit or document that have opened: overdue ones, others still owed, and all."""

    key: int
    name: str
    overdue: int
    owed: int
    total: int

    @property
    def filed(self) -> int:
        return self.total - self.overdue - self.owed


def by_unit(session: Session, *, now: datetime) -> tuple[RollupLine, ...]:
    """Return one line a unit that has periods, in official order."""
    columns = (col(UnitRow.id), col(UnitRow.short_name))
    rows = session.execute(
        select(*columns, *_counts(now))
        .select_from(PeriodRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(PeriodRow.assignment_id))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .group_by(*columns, col(UnitRow.official_order))
        .order_by(col(UnitRow.official_order), col(UnitRow.id))
    )
    return tuple(RollupLine(*row) for row in rows)


def by_document(session: Session, *, now: datetime) -> tuple[RollupLine, ...]:
    """Return one line a document that has periods, in order of issue."""
    columns = (col(DocumentRow.id), col(DocumentRow.number))
    rows = session.execute(
        select(*columns, *_counts(now))
        .select_from(PeriodRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(PeriodRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .group_by(*columns, col(DocumentRow.issued_on))
        .order_by(col(DocumentRow.issued_on), col(DocumentRow.id))
    )
    return tuple(RollupLine(*row) for row in rows)


def _counts(now: datetime) -> tuple[ColumnElement[int], ColumnElement[int], ColumnElement[int]]:
    owed = col(PeriodRow.state).in_(_OWED)
    late = owed & (col(PeriodRow.due_at) <= now)
    waiting = owed & (col(PeriodRow.due_at).is_(None) | (col(PeriodRow.due_at) > now))
    return func.sum(case((late, 1), else_=0)), func.sum(case((waiting, 1), else_=0)), func.count()


@dataclass(frozen=True, slots=True)
class WeekLine:
    """How many reports were overdue at a week's last pass."""

    week: str
    overdue: int

    @property
    def name(self) -> str:
        return f"{int(self.week[5:])}周"


def by_week(session: Session, *, weeks: int) -> tuple[WeekLine, ...]:
    """Return the latest weeks that had something overdue, the oldest first."""
    rows = session.execute(
        select(col(OverdueRollupRow.week), func.sum(col(OverdueRollupRow.overdue)))
        .group_by(col(OverdueRollupRow.week))
        .order_by(col(OverdueRollupRow.week).desc())
        .limit(weeks)
    )
    return tuple(WeekLine(*row) for row in reversed(rows.all()))
