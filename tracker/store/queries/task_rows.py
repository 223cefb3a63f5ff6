"""The rows of one task in the forms of its units, each with its class of paper, and what was reckoned before."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, label, select
from sqlmodel import Session, col

from tracker.domain.accounts import Scope
from tracker.domain.owed import LAST_PRESSING, PAPER_ORDER, Paper, RowView, row_paper
from tracker.store.queries.scopes import within
from tracker.store.queries.series import rows_of_task
from tracker.store.rows import as_view, as_views
from tracker.store.tables.series import FormRow, LegacyPeriodRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class TaskRowLine:
    """One row of a share. `due_at` is its moment: that of a running correction, its own, or its period's.

    `by_text_at` is the moment by the words of the document, where the clock of an event had run out at its recording.
    """

    row_id: int
    assignment_id: int
    unit_id: int
    unit_name: str
    series_id: int
    kind: str
    addressee: str | None
    period_id: int
    code: str
    opens_at: datetime
    by_text_at: datetime | None
    due_at: datetime
    paper: Paper
    final: bool
    required: bool
    soft: bool
    filed_at: datetime | None
    late: bool
    unreported: bool

    @property
    def is_history(self) -> bool:
        """A row that ended unreported 「漏报」 stays so called, and nobody is asked for it."""
        return self.paper is Paper.UNREPORTED and not self.unreported


@dataclass(frozen=True, slots=True)
class LegacyLine:
    """A period of a share as it was reckoned before series; history, never owed."""

    unit_id: int
    unit_name: str
    code: str
    due_on: date | None
    state: str
    filed_at: datetime | None
    late: bool


def task_rows(session: Session, *, task_id: int, now: datetime) -> tuple[TaskRowLine, ...]:
    """Return the rows of a task, by unit in official order, then by moment."""
    views = {row.row_id: row for _series, _period, row in rows_of_task(session, task_id=task_id)}
    rows = session.execute(
        select(
            label("row_id", col(FormRow.id)),
            label("assignment_id", col(AssignmentRow.id)),
            label("unit_id", col(UnitRow.id)),
            label("unit_name", col(UnitRow.short_name)),
            label("series_id", col(SeriesRow.id)),
            col(SeriesRow.kind),
            col(SeriesRow.addressee),
            label("period_id", col(PeriodRow.id)),
            col(PeriodRow.code),
            col(PeriodRow.opens_at),
            case((col(PeriodRow.scheduled_at) != col(PeriodRow.due_at), col(PeriodRow.scheduled_at))).label(
                "by_text_at"
            ),
        )
        .select_from(FormRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
        .where(col(AssignmentRow.task_id) == task_id)
        .order_by(col(UnitRow.official_order), col(UnitRow.id), col(PeriodRow.due_at), col(FormRow.id))
    )
    return tuple(as_view(TaskRowLine, row, **_standing(views[row.row_id], now=now)) for row in rows)


def present(lines: list[TaskRowLine], *, now: datetime) -> TaskRowLine | None:
    """Return the row by which a share is shown: the worst that presses, else the latest begun, else the first."""
    pressing = [line for line in lines if PAPER_ORDER.index(line.paper) <= LAST_PRESSING and not line.is_history]
    if pressing:
        return min(pressing, key=lambda line: PAPER_ORDER.index(line.paper))
    begun = [line for line in lines if line.opens_at <= now]
    return begun[-1] if begun else next(iter(lines), None)


def legacy_lines(session: Session, *, task_id: int, unit_ids: Scope) -> tuple[LegacyLine, ...]:
    """Return the old periods of a task, of the units that are asked for, the earliest first."""
    wanted = (
        select(
            label("unit_id", col(UnitRow.id)),
            label("unit_name", col(UnitRow.short_name)),
            col(LegacyPeriodRow.code),
            col(LegacyPeriodRow.due_on),
            col(LegacyPeriodRow.state),
            col(LegacyPeriodRow.filed_at),
            col(LegacyPeriodRow.late),
        )
        .select_from(LegacyPeriodRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(LegacyPeriodRow.assignment_id))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .where(col(AssignmentRow.task_id) == task_id, within(unit_ids, col(AssignmentRow.unit_id)))
        .order_by(col(UnitRow.official_order), col(LegacyPeriodRow.starts_on), col(LegacyPeriodRow.id))
    )
    return tuple(as_views(LegacyLine, session.execute(wanted)))


def _standing(row: RowView, *, now: datetime) -> dict[str, object]:
    return {
        "due_at": row.correction_due_at or row.due_at,
        "paper": row_paper(row, now=now),
        "final": row.final,
        "required": row.required,
        "soft": row.soft,
        "filed_at": row.filed_at,
        "late": row.filed_late,
        "unreported": row.moment is not None,
    }
