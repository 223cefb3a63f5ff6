"""What units owe, one line a series: candidates by index, then the one predicate on each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, label, select, text
from sqlalchemy.orm import Bundle
from sqlmodel import Session, col

from tracker.domain.accounts import Scope
from tracker.domain.items import CadenceKind
from tracker.domain.owed import Owed, OwedKind, PeriodView, RowState, RowView, owed
from tracker.store.queries.scopes import within
from tracker.store.queries.series import series_views
from tracker.store.rows import as_view
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import CorrectionRow, FilingRow, ReportRow
from tracker.store.tables.series import IS_OVERDUE_SOMETIME, FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow
from tracker.wording.codes import TICKED_NAME

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class OwedItem:
    """A row of the form that is owed, as a list names it; `key_reason` is why it is a key item, where it is one."""

    row_id: int
    task_id: int
    code: str
    label: str
    title: str
    soft: bool
    final: bool
    key_reason: str | None
    returned: bool


@dataclass(frozen=True, slots=True)
class Returned:
    """A row under correction, with the reason of its return and its class; without a label it is the tick."""

    label: str
    reason: str
    reason_class: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedForm:
    """One form that asks something of its unit, with what that is about and by when.

    `items` are the rows that this is about; none where only the tick is owed. `returned` are the form's rows under
    correction, in reading order, the latest of them returned at `returned_at`. `awaiting_sign_off` while an envelope
    lies with the head of the unit.
    """

    period_id: int
    code: str
    starts_on: date
    ends_on: date
    opens_at: datetime
    owed: Owed
    items: tuple[OwedItem, ...]
    awaiting_sign_off: bool
    returned: tuple[Returned, ...]
    returned_at: datetime | None

    @property
    def is_correction(self) -> bool:
        return self.owed.kind is OwedKind.CORRECTION

    @property
    def labels(self) -> tuple[str, ...]:
        """Name the rows that this is about by their items; the tick for all other shares is the last."""
        ticked = len(self.owed.row_ids) > len(self.items)
        return (*(item.label for item in self.items), *([TICKED_NAME] if ticked else []))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedLine(OwedForm):
    """One series that owes something: the form that counts, and `beside` it what filing that form does not settle."""

    series_id: int
    unit_id: int
    unit_name: str
    document_id: int
    document_number: str
    document_title: str
    kind: str
    addressee: str | None
    beside: tuple[OwedForm, ...]

    @property
    def forms(self) -> tuple[OwedForm, ...]:
        """Return all that the series is asked for now, the earliest moment first."""
        return (self, *self.beside)

    def in_hand(self) -> "OwedLine":
        """Begin with the first form that the liaison can still move: what lies with the head stands apart."""
        first, *others = [form for form in self.forms if not form.awaiting_sign_off] or self.forms
        if first is self:
            return self
        return replace(self, **{own.name: getattr(first, own.name) for own in fields(OwedForm)}, beside=tuple(others))


def overdue_lines(
    session: Session,
    *,
    now: datetime,
    unit_ids: Scope,
    limit: int,
    offset: int = 0,
    document_id: int | None = None,
) -> list[OwedLine]:
    """Return the overdue series of the units, of one document where asked, the longest overdue first."""
    wanted = _overdue(select(col(SeriesRow.id)), now=now, unit_ids=unit_ids, document_id=document_id)
    ordered = wanted.order_by(col(SeriesRow.overdue_from), col(SeriesRow.id)).limit(limit).offset(offset)
    return lines_of(session, list(session.scalars(ordered)), now=now)


def count_overdue(session: Session, *, now: datetime, unit_ids: Scope, document_id: int | None = None) -> int:
    """Count what `overdue_lines` would return without a limit."""
    wanted = _overdue(select(func.count()).select_from(SeriesRow), now=now, unit_ids=unit_ids, document_id=document_id)
    return int(session.execute(wanted).scalar_one())


def owed_by_units(
    session: Session, *, unit_ids: Scope, now: datetime, kinds: Iterable[CadenceKind] | None = None
) -> list[OwedLine]:
    """Return every series of the units that owes something now: overdue, in correction, or due.

    Of some rhythms only where asked.
    """
    wanted = select(col(SeriesRow.id)).where(text(IS_OVERDUE_SOMETIME), within(unit_ids, col(SeriesRow.unit_id)))
    if kinds is not None:
        wanted = wanted.where(is_one_of(col(SeriesRow.kind), *sorted(kinds)))
    ordered = wanted.order_by(col(SeriesRow.overdue_from), col(SeriesRow.id))
    return lines_of(session, list(session.scalars(ordered)), now=now)


def hour_clocks(session: Session, *, since: datetime, until: datetime, now: datetime) -> list[OwedLine]:
    """Return the hour clocks whose moment lies between two times, both included, the earliest first."""
    wanted = select(col(SeriesRow.id)).where(
        text(IS_OVERDUE_SOMETIME),
        col(SeriesRow.overdue_from).between(since, until),
        col(SeriesRow.kind) == CadenceKind.WITHIN_HOURS.value,
    )
    ordered = wanted.order_by(col(SeriesRow.overdue_from), col(SeriesRow.id))
    return lines_of(session, list(session.scalars(ordered)), now=now)


def lines_of(session: Session, series_ids: Sequence[int], *, now: datetime) -> list[OwedLine]:
    """Return the lines of series in the given order; those that owe nothing are left out."""
    found: list[OwedLine] = []
    for start in range(0, len(series_ids), _CHUNK):
        found += _chunk(session, series_ids[start : start + _CHUNK], now=now)
    return found


def _overdue(
    wanted: Select[*tuple[Any, ...]], *, now: datetime, unit_ids: Scope, document_id: int | None
) -> Select[*tuple[Any, ...]]:  # Any: a count or ids
    of_units = within(unit_ids, col(SeriesRow.unit_id))
    wanted = wanted.where(text(IS_OVERDUE_SOMETIME), col(SeriesRow.overdue_from) <= now, of_units)
    return wanted if document_id is None else wanted.where(col(SeriesRow.document_id) == document_id)


def _chunk(session: Session, ids: Sequence[int], *, now: datetime) -> list[OwedLine]:
    found = ((view.series_id, owed(view, now=now)) for view in series_views(session, ids, open_only=True))
    owing = {series_id: what for series_id, what in found if what is not None}
    heads = _heads(session, list(owing))
    forms = _forms(session, [one for what in owing.values() for one in (what, *what.beside)])
    lines = []
    for series_id, what in ((id_, owing[id_]) for id_ in ids if id_ in owing):
        beside = tuple(OwedForm(**_only(forms[one.period.period_id], one)) for one in what.beside)
        lines.append(OwedLine(**heads[series_id], **_only(forms[what.period.period_id], what), beside=beside))
    return lines


def _forms(session: Session, asked: Sequence[Owed]) -> dict[int, dict[str, Any]]:  # Any: fields of a form
    """Return what is to be said of the period of each form, by its id."""
    periods = {one.period.period_id: one.period for one in asked}
    ids = list(periods)
    spans, items = _spans(session, ids), _items(session, periods)
    awaiting, returned = _awaiting(session, ids), _corrections(session, ids)
    forms: dict[int, dict[str, Any]] = {}  # Any: fields of a form
    for period_id, period in periods.items():
        (starts_on, ends_on), (rows, returned_at) = spans[period_id], returned.get(period_id, ((), None))
        forms[period_id] = {
            "period_id": period_id,
            "code": period.code,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "opens_at": period.opens_at,
            "items": tuple(items.get(period_id, ())),
            "awaiting_sign_off": period_id in awaiting,
            "returned": tuple(rows),
            "returned_at": returned_at,
        }
    return forms


def _only(form: dict[str, Any], one: Owed) -> dict[str, Any]:  # Any: fields of a form
    """Narrow a form to the rows that one duty is about."""
    items = tuple(item for item in form["items"] if item.row_id in one.row_ids)
    return {**form, "owed": one, "items": items}


def _heads(session: Session, ids: list[int]) -> dict[int, dict[str, Any]]:  # Any: unpacked into the line at once
    rows = session.execute(
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
        .where(col(SeriesRow.id).in_(ids))
    )
    return {row["series_id"]: dict(row) for row in rows.mappings()}


def _spans(session: Session, ids: list[int]) -> dict[int, tuple[date, date]]:
    rows = session.execute(
        select(col(PeriodRow.id), col(PeriodRow.starts_on), col(PeriodRow.ends_on)).where(col(PeriodRow.id).in_(ids))
    )
    return {period_id: (starts_on, ends_on) for period_id, starts_on, ends_on in rows}


def _items(session: Session, periods: dict[int, PeriodView]) -> dict[int, list[OwedItem]]:
    """Return the rows of each period that wait for the unit, in reading order."""
    waiting: dict[int, RowView] = {
        row.row_id: row for period in periods.values() for row in period.rows if row.moment is not None
    }
    found: dict[int, list[OwedItem]] = defaultdict(list)
    rows = session.execute(
        select(
            col(FormRow.period_id),
            Bundle(
                "item",
                label("row_id", col(FormRow.id)),
                label("task_id", col(TaskRow.id)),
                col(ItemRow.code),
                col(ItemRow.label),
                col(ItemRow.title),
                col(FormRow.soft),
                col(FormRow.final),
                col(TaskRow.key_reason),
            ),
        )
        .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .where(col(FormRow.id).in_(list(waiting)))
        .order_by(col(ItemRow.start_at), col(FormRow.id))
    )
    for period_id, item in rows:
        returned = waiting[item.row_id].state is RowState.RETURNED
        found[period_id].append(as_view(OwedItem, item, returned=returned))
    return found


def _awaiting(session: Session, ids: list[int]) -> set[int | None]:
    wanted = select(col(FilingRow.period_id)).where(
        col(FilingRow.period_id).in_(ids), is_one_of(col(FilingRow.state), "awaiting_sign_off")
    )
    return set(session.scalars(wanted))


def _corrections(session: Session, ids: list[int]) -> dict[int, tuple[list[Returned], datetime]]:
    """Return the rows of each period whose correction runs, in reading order, and the time of the latest return."""
    rows = session.execute(
        select(col(FormRow.period_id), col(ItemRow.label), col(CorrectionRow.opened_at))
        .add_columns(col(ReportRow.decision_reason), col(ReportRow.reason_class))
        .select_from(CorrectionRow)
        .join(FormRow, col(FormRow.id) == col(CorrectionRow.row_id))
        .join(ReportRow, col(ReportRow.id) == col(CorrectionRow.report_id))
        .outerjoin(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .outerjoin(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .outerjoin(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .where(col(FormRow.period_id).in_(ids), col(CorrectionRow.ended_at).is_(None))
        .order_by(col(ItemRow.start_at).is_(None), col(ItemRow.start_at), col(CorrectionRow.id))
    )
    found: dict[int, tuple[list[Returned], datetime]] = {}
    for row in rows:
        known, latest = found.get(row.period_id, ([], row.opened_at))
        known.append(Returned(row.label or "", row.decision_reason or "", row.reason_class))
        found[row.period_id] = (known, max(latest, row.opened_at))
    return found
