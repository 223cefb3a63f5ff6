"""What is due by the day: every moment that a series can still miss, by the predicate that says when it is overdue.

`domain/owed.overdue_from` is the first of these moments, so that a calendar, the lists and the digests agree.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Boolean, ColumnElement, func, label, literal_column, select
from sqlmodel import Session, col

from tracker.domain.accounts import Scope
from tracker.domain.deadlines import due_day
from tracker.domain.items import Origin
from tracker.domain.owed import RowState, SeriesView
from tracker.store.queries.scopes import within
from tracker.store.queries.series import series_views
from tracker.store.rows import as_view
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import ReportRow, RequestRow
from tracker.store.tables.series import IS_OVERDUE_SOMETIME, FormRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow


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


def first_forms(
    session: Session, *, unit_ids: Scope, since: datetime, until: datetime, limit: int, offset: int
) -> list[DueForm]:
    """Return of each series whose first moment lies between two what is due then: what `first_moments` counts."""
    wanted = select(col(SeriesRow.id)).where(*_of(unit_ids), *_between(since, until))
    ordered = wanted.order_by(col(SeriesRow.overdue_from), col(SeriesRow.id)).limit(limit).offset(offset)
    ids = [id_ for id_ in session.scalars(ordered) if id_ is not None]
    first: dict[int, DueForm] = {}
    for form in sorted(_forms(session, ids), key=lambda form: form.due_at):
        first.setdefault(form.series_id, form)
    return [first[id_] for id_ in ids if id_ in first]


def first_moments(session: Session, *, unit_ids: Scope, since: datetime, until: datetime) -> dict[date, int]:
    """Count by day the series whose first moment lies between two, `until` excluded."""
    moment = col(SeriesRow.overdue_from)
    wanted = select(moment, func.count()).where(*_of(unit_ids), *_between(since, until)).group_by(moment)
    counts: dict[date, int] = defaultdict(int)
    for at, count in session.execute(wanted):
        if at is not None:
            counts[due_day(at)] += count
    return counts


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


def _between(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return col(SeriesRow.overdue_from) >= since, col(SeriesRow.overdue_from) < until


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
