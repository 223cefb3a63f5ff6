"""One series with all its periods and rows: what every figure of a list leads to."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import label, select
from sqlmodel import Session, col

from tracker.domain.accounts import Scope
from tracker.domain.calendar import local_day
from tracker.domain.owed import Paper, PeriodView, RowState, RowView, SeriesView, earliest_moment, paper_now, row_paper
from tracker.store.queries.series import series_views
from tracker.store.rows import as_view
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class SeriesRowLine:
    """One row of a period; `task_id` is None for the tick. `due_at` is its own moment, or that of its correction.

    `movable` while the office may set it another moment, not before `earliest_on`; `missed` where it ended unreported.
    """

    row_id: int
    task_id: int | None
    label: str
    title: str
    final: bool
    movable: bool
    earliest_on: date
    paper: Paper
    due_at: datetime
    filed_at: datetime | None
    late: bool
    missed: bool


@dataclass(frozen=True, slots=True)
class SeriesPeriod:
    """`paper` is the class of what did not end unreported; `missed` where all of it did."""

    period_id: int
    code: str
    starts_on: date
    ends_on: date
    due_at: datetime
    takes: bool
    paper: Paper
    missed: bool
    rows: tuple[SeriesRowLine, ...]


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """The latest period stands first."""

    series_id: int
    unit_id: int
    unit_name: str
    document_id: int
    document_number: str
    document_title: str
    kind: str
    addressee: str | None
    view: SeriesView
    periods: tuple[SeriesPeriod, ...]


def series_page(session: Session, *, series_id: int, unit_ids: Scope, now: datetime) -> SeriesPage | None:
    """Return a series, None where it is of none of the units."""
    head = session.execute(
        select(
            label("series_id", col(SeriesRow.id)),
            label("unit_id", col(UnitRow.id)),
            label("unit_name", col(UnitRow.short_name)),
            label("document_id", col(DocumentRow.id)),
            label("document_number", col(DocumentRow.number)),
            label("document_title", col(DocumentRow.title)),
            col(SeriesRow.kind),
            col(SeriesRow.addressee),
        )
        .join(UnitRow, col(UnitRow.id) == col(SeriesRow.unit_id))
        .join(DocumentRow, col(DocumentRow.id) == col(SeriesRow.document_id))
        .where(col(SeriesRow.id) == series_id)
    ).first()
    if head is None or head.unit_id not in unit_ids:
        return None
    view = series_views(session, [series_id])[0]
    spans = _spans(session, series_id)
    items = _items(session, series_id)
    periods = [_period(period, spans[period.period_id], items, now=now) for period in reversed(view.periods)]
    return as_view(SeriesPage, head, view=view, periods=tuple(periods))


def _period(
    period: PeriodView, span: tuple[date, date], items: dict[int, tuple[str, str, int]], *, now: datetime
) -> SeriesPeriod:
    rows = sorted(period.rows, key=lambda row: items.get(row.row_id, ("", "", 1 << 60))[2])
    return SeriesPeriod(
        period_id=period.period_id,
        code=period.code,
        starts_on=span[0],
        ends_on=span[1],
        due_at=period.moment or period.due_at,
        takes=period.opens_at <= now,
        paper=paper_now(period, now=now),
        missed=all(row.state is RowState.MISSED for row in rows),
        rows=tuple(_line(period, row, items, now=now) for row in rows),
    )


def _line(period: PeriodView, row: RowView, items: dict[int, tuple[str, str, int]], *, now: datetime) -> SeriesRowLine:
    label, title, _place = items.get(row.row_id, ("", "", 0))
    return SeriesRowLine(
        row_id=row.row_id,
        task_id=row.task_id,
        label=label,
        title=title,
        final=row.final,
        earliest_on=local_day(earliest_moment(period, row, now=now)),
        movable=row.live and row.state in (RowState.OPEN, RowState.RETURNED),
        paper=row_paper(row, now=now),
        due_at=row.correction_due_at or row.due_at,
        filed_at=row.filed_at,
        late=row.filed_late,
        missed=row.state is RowState.MISSED,
    )


def _spans(session: Session, series_id: int) -> dict[int, tuple[date, date]]:
    rows = session.execute(
        select(col(PeriodRow.id), col(PeriodRow.starts_on), col(PeriodRow.ends_on)).where(
            col(PeriodRow.series_id) == series_id
        )
    )
    return {period_id: (starts_on, ends_on) for period_id, starts_on, ends_on in rows}


def _items(session: Session, series_id: int) -> dict[int, tuple[str, str, int]]:
    rows = session.execute(
        select(col(FormRow.id), col(ItemRow.label), col(ItemRow.title), col(ItemRow.start_at))
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .where(col(PeriodRow.series_id) == series_id)
    )
    return {row_id: (label, title, start_at) for row_id, label, title, start_at in rows}
