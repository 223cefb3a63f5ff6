"""What is due by the day: every moment that a form can still miss, by the predicate that says when it is overdue.

`domain/owed.overdue_from` is the first of these moments, so that a calendar, the lists and the digests agree. A series
that is overdue goes on asking for its next forms: each is due on its own day, whatever came before it.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, func, label, literal_column, select, union_all
from sqlmodel import Session, col

from tracker.domain.accounts import Scope
from tracker.domain.deadlines import due_day
from tracker.domain.items import Origin
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING
from tracker.domain.owed import RowState, SeriesView
from tracker.store.queries.scopes import within
from tracker.store.queries.series import series_views
from tracker.store.rows import as_view
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import ReportRow, RequestRow
from tracker.store.tables.series import IS_OPEN_ROW, IS_OVERDUE_SOMETIME, FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow

_OWING = sorted(state.value for state in TASK_OWING)
_ENDED = sorted(state.value for state in ASSIGNMENT_ENDED)


@dataclass(frozen=True, slots=True)
class _Head:
    series_id: int
    unit_name: str
    document_number: str
    document_title: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DueForm:
    """Rows of one form that turn overdue on one day, the first of them at `due_at`.

    `final` where one of them is to say that the work is done; `is_published` of a form on a
    document that everybody may read. Nothing is taken before `opens_at`.
    """

    series_id: int
    unit_name: str
    document_number: str
    document_title: str
    is_published: bool
    period_id: int
    code: str
    opens_at: datetime
    due_at: datetime
    row_ids: tuple[int, ...]
    returned: bool
    final: bool

    @property
    def day(self) -> date:
        return due_day(self.due_at)


def due_forms(session: Session, *, unit_ids: Scope, since: datetime, until: datetime) -> list[DueForm]:
    """Return what units can miss between two moments, `until` excluded, the earliest first."""
    ids = session.scalars(select(col(SeriesRow.id)).where(*_of(unit_ids), col(SeriesRow.overdue_from) < until)).all()
    forms = _forms(session, [id_ for id_ in ids if id_ is not None])
    return sorted((form for form in forms if since <= form.due_at < until), key=lambda form: form.due_at)


def count_due(session: Session, *, unit_ids: Scope, since: datetime, until: datetime) -> dict[date, int]:
    """Count by day the forms that can be missed between two moments, `until` excluded: those of `due_forms`."""
    return Counter(form.day for form in _dated_forms(session, unit_ids, since, until))


def page_of_due(
    session: Session, *, unit_ids: Scope, since: datetime, until: datetime, limit: int, offset: int
) -> list[DueForm]:
    """Return some of what `count_due` counts, the earliest first."""
    wanted = _dated_forms(session, unit_ids, since, until)[offset : offset + limit]
    found = {
        _DatedForm(form.series_id, form.period_id, form.returned, form.day): form
        for form in _forms(session, [one.series_id for one in wanted])
    }
    return [found[one] for one in wanted if one in found]


@dataclass(frozen=True, slots=True)
class _DatedForm:
    """What one form can miss on one day, and whether that is a correction."""

    series_id: int
    period_id: int
    returned: bool
    day: date


def _dated_forms(session: Session, unit_ids: Scope, since: datetime, until: datetime) -> list[_DatedForm]:
    """Return what can be missed between two moments in order of time, by `RowView.moment` in words of the database.

    A row waits for its own moment, that of its form or that of its correction. Each is asked for by itself: of an OR
    over two tables no index finds the days.
    """
    own, of_form, corrected = col(FormRow.due_at), col(PeriodRow.due_at), col(FormRow.correction_due_at)
    first_reports = col(FormRow.state) == RowState.OPEN.value, col(FormRow.required)
    # SQLite enters by a partial index alone where the condition of it is in the question.
    still_open = literal_column(f"form_row.{IS_OPEN_ROW}", Boolean())
    asked = union_all(
        _waiting(unit_ids, of_form, since, until).where(still_open, own.is_(None), *first_reports),
        _waiting(unit_ids, own, since, until).where(*first_reports),
        _waiting(unit_ids, corrected, since, until).where(col(FormRow.state) == RowState.RETURNED.value),
    )
    ordered = sorted(session.execute(asked), key=lambda row: (row.at, row.series_id, row.period_id))
    found = (
        _DatedForm(row.series_id, row.period_id, row.state == RowState.RETURNED.value, due_day(row.at))
        for row in ordered
    )
    return list(dict.fromkeys(found))


def _waiting(
    unit_ids: Scope, moment: Any, since: datetime, until: datetime
) -> Select[*tuple[Any, ...]]:  # Any: a column that may be empty or not; columns are read by name
    """Select the live rows outside the office's court by one of their moments."""
    state, ended = col(TaskRow.state), col(AssignmentRow.state).in_(_ENDED)
    return (
        select(
            col(PeriodRow.series_id),
            label("period_id", col(PeriodRow.id)),
            col(FormRow.state),
            label("at", moment),
        )
        .select_from(PeriodRow)
        .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
        .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
        .outerjoin(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .outerjoin(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(moment >= since, moment < until, within(unit_ids, col(SeriesRow.unit_id)))
        .where(col(FormRow.pending_at).is_(None))
        .where(col(FormRow.assignment_id).is_(None) | (state.in_(_OWING) & ~ended))
        .distinct()
    )


def under_review_since(session: Session) -> list[tuple[datetime, int]]:
    """Return when envelopes were filed that wait for the office, with how many."""
    filed = col(ReportRow.filed_at)
    wanted = (
        select(filed, func.count(col(ReportRow.filing_id).distinct()))
        .where(is_one_of(col(ReportRow.state), "filed"))
        .group_by(filed)
    )
    return [(at, count) for at, count in session.execute(wanted) if at is not None]


def requested_since(session: Session) -> list[tuple[datetime, int]]:
    """Return when requests were made that wait for the office, with how many."""
    asked = col(RequestRow.asked_at)
    waiting = is_one_of(col(RequestRow.state), "pending"), col(RequestRow.by_leader).is_(False)
    return [(at, count) for at, count in session.execute(select(asked, func.count()).where(*waiting).group_by(asked))]


def labels_of(session: Session, forms: Sequence[DueForm]) -> dict[int, str]:
    """Return the numbers of the clauses that rows of forms are about, by row; the tick for other shares has none."""
    wanted = (
        select(col(FormRow.id), col(ItemRow.label))
        .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .where(col(FormRow.id).in_([row_id for form in forms for row_id in form.row_ids]))
    )
    return dict(session.execute(wanted).all())


def _of(unit_ids: Scope) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Select series of some units that can miss something, in the words that the partial indexes have."""
    return literal_column(IS_OVERDUE_SOMETIME, Boolean()), within(unit_ids, col(SeriesRow.unit_id))


def _forms(session: Session, ids: Sequence[int]) -> list[DueForm]:
    heads = _heads(session, ids)
    return [form for view in series_views(session, ids, open_only=True) for form in _dated(view, heads[view.series_id])]


def _dated(series: SeriesView, head: _Head) -> list[DueForm]:
    found = []
    for period in series.periods:
        days: dict[tuple[date, bool], list[tuple[datetime, int, bool]]] = defaultdict(list)
        for row in period.rows:
            if row.moment is not None:
                days[due_day(row.moment), row.state is RowState.RETURNED].append((row.moment, row.row_id, row.final))
        for (_day, returned), rows in days.items():
            found.append(
                DueForm(
                    series_id=head.series_id,
                    unit_name=head.unit_name,
                    document_number=head.document_number,
                    document_title=head.document_title,
                    is_published=head.origin == Origin.PUBLISHED.value,
                    period_id=period.period_id,
                    code=period.code,
                    opens_at=period.opens_at,
                    due_at=min(moment for moment, _row_id, _final in rows),
                    row_ids=tuple(sorted(row_id for _moment, row_id, _final in rows)),
                    returned=returned,
                    final=any(final for _moment, _row_id, final in rows),
                )
            )
    return found


def _heads(session: Session, ids: Sequence[int]) -> dict[int, _Head]:
    wanted = (
        select(
            label("series_id", col(SeriesRow.id)),
            label("unit_name", col(UnitRow.short_name)),
            label("document_number", col(DocumentRow.number)),
            label("document_title", col(DocumentRow.title)),
            col(DocumentRow.origin),
        )
        .join(UnitRow, col(UnitRow.id) == col(SeriesRow.unit_id))
        .join(DocumentRow, col(DocumentRow.id) == col(SeriesRow.document_id))
        .where(col(SeriesRow.id).in_(ids))
    )
    return {row.series_id: as_view(_Head, row) for row in session.execute(wanted)}
