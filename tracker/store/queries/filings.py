"""Envelopes with all they carry: what each report claims, its values beside those of the period before, its files."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, label, select
from sqlalchemy.orm import Bundle
from sqlmodel import Session, col

from tracker.domain.filings import ReportKind
from tracker.domain.lifecycle import TASK_OWING, TaskState
from tracker.domain.owed import RowState
from tracker.store.queries.asked_of_shares import Target, targets_of_shares
from tracker.store.queries.belonging import document_of_report
from tracker.store.queries.filing_moments import moments_of_filings
from tracker.store.queries.lead_words import LeadSaid, lead_words
from tracker.store.queries.report_values import FileView, ValueView, files_of, values_of
from tracker.store.queries.shares import ShareFacts, facts_of_shares
from tracker.store.rows import as_view
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.series import FormRow, LegacyPeriodRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report of an envelope; without a share it is the tick for all others.

    `final` where its row asks for the completion, `scheduled` where the share's work has a schedule, `lead` what the
    task's lead said of a member's report, `left_out` the numbers that bind its unit and that it does not give.
    `evidence_reason` says why mandatory evidence is not under it; of before, its envelope does.
    """

    report_id: int
    filing_id: int
    kind: str
    state: str
    row_id: int | None
    assignment_id: int | None
    task_id: int | None
    role: str | None
    item_label: str
    item_title: str
    item_text: str
    claim: str | None
    verified_claim: str | None
    verified_reason: str | None
    outcome: str | None
    verified_outcome: str | None
    text: str
    cause_class: str | None
    cause: str | None
    next_step: str | None
    next_on: date | None
    cases_received: int | None
    cases_in_time: int | None
    percent_done: int | None
    nil_reason: str | None
    evidence_reason: str | None
    late: bool
    final: bool
    decided_by: str | None
    decision_reason: str | None
    reason_class: str | None
    correct_by: date | None
    row_state: str | None
    task_state: str | None
    scheduled: bool
    values: tuple[ValueView, ...] = ()
    left_out: tuple[Target, ...] = ()
    files: tuple[FileView, ...] = ()
    lead: LeadSaid | None = None

    @property
    def mend_by(self) -> date | None:
        """The last day to correct what was returned; None where that has ended and what was said stands."""
        stands = self.row_state == RowState.STANDS.value
        ended = self.row_id is None and self.task_state is not None and TaskState(self.task_state) not in TASK_OWING
        return None if stands or ended else self.correct_by


@dataclass(frozen=True, slots=True)
class FilingView:
    """One envelope; `period_code` is None for what answers no period, `addressee` for what goes to the office."""

    filing_id: int
    kind: str
    state: str
    unit_id: int
    unit_name: str
    period_id: int | None
    period_code: str | None
    rhythm: str | None
    addressee: str | None
    due_at: datetime | None
    document_number: str
    document_title: str
    ticked: int
    missed_words: str | None
    evidence_reason: str | None
    written_by: str
    written_at: datetime
    signed_by: str | None
    filed_at: datetime | None
    reports: tuple[ReportView, ...]


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits for a decision, and since when the oldest does."""

    envelopes: int
    reports: int
    oldest_at: datetime | None


def review_backlog(session: Session, *, filed_before: datetime | None = None) -> Backlog:
    """Count what waits for the office's review; with `filed_before` only what was filed until then."""
    waiting = [is_one_of(col(ReportRow.state), "filed")]
    if filed_before is not None:
        waiting.append(col(ReportRow.filed_at) < filed_before)
    # The oldest has a walk of its own: the index begins with it.
    oldest = select(func.min(col(ReportRow.filed_at))).where(*waiting).scalar_subquery()
    wanted = select(
        func.count(col(ReportRow.filing_id).distinct()).label("envelopes"),
        func.count().label("reports"),
        oldest.label("oldest_at"),
    ).where(*waiting)
    return as_view(Backlog, session.execute(wanted).one())


def filings_under_review(
    session: Session, *, limit: int, offset: int = 0, filed_before: datetime | None = None
) -> list[FilingView]:
    """Return the envelopes in which something waits for the office, the oldest first; some as `review_backlog`."""
    # Reports carry their envelope's time, so that the index of what is under review gives one page without the rest.
    order = (col(ReportRow.filed_at), col(ReportRow.filing_id))
    waiting = select(col(ReportRow.filing_id)).where(is_one_of(col(ReportRow.state), "filed"))
    if filed_before is not None:
        waiting = waiting.where(col(ReportRow.filed_at) < filed_before)
    page = waiting.group_by(*order).order_by(*order).limit(limit).offset(offset)
    return filing_views(session, list(session.scalars(page)))


def filing_views(session: Session, ids: Sequence[int | None]) -> list[FilingView]:
    """Return envelopes in the given order, each with its reports in reading order, the tick last."""
    reports: dict[int, list[ReportView]] = defaultdict(list)
    wanted = report_columns().where(col(ReportRow.filing_id).in_(ids))
    for report in fill_reports(session, session.scalars(wanted.order_by(*READING_ORDER)).all()):
        reports[report.filing_id].append(report)
    heads = {head.filing_id: head for head in session.execute(_heads().where(col(FilingRow.id).in_(ids)))}
    moments = moments_of_filings(session, heads)
    found = [as_view(FilingView, heads[id_], reports=tuple(reports[id_ or 0])) for id_ in ids]
    return [replace(view, due_at=moments.get(view.filing_id, view.due_at)) for view in found]


_ON_NUMBERS = frozenset({ReportKind.PROGRESS.value, ReportKind.COMPLETION.value})
# Of the reports of an envelope, joined as `report_columns` does: as their items are read, the tick last.
READING_ORDER = (col(ItemRow.start_at).is_(None), col(ItemRow.start_at), col(ReportRow.id))
_REPORT: Bundle[Any] = Bundle(  # Any: `ReportView` types it
    "report",
    label("report_id", col(ReportRow.id)),
    col(ReportRow.filing_id),
    col(ReportRow.kind),
    col(ReportRow.state),
    col(ReportRow.row_id),
    col(ReportRow.assignment_id),
    label("task_id", col(TaskRow.id)),
    col(AssignmentRow.role),
    func.coalesce(col(ItemRow.label), "").label("item_label"),
    func.coalesce(col(ItemRow.title), "").label("item_title"),
    func.coalesce(col(ItemRow.text), "").label("item_text"),
    col(ReportRow.claim),
    col(ReportRow.verified_claim),
    col(ReportRow.verified_reason),
    col(ReportRow.outcome),
    col(ReportRow.verified_outcome),
    col(ReportRow.text),
    col(ReportRow.cause_class),
    col(ReportRow.cause),
    col(ReportRow.next_step),
    col(ReportRow.next_on),
    col(ReportRow.cases_received),
    col(ReportRow.cases_in_time),
    col(ReportRow.percent_done),
    col(ReportRow.nil_reason),
    col(ReportRow.evidence_reason),
    # Decided by the first filing of its row, and by decisions after it; only legacy reports have no row.
    func.coalesce(col(FormRow.late), col(ReportRow.late)).label("late"),
    func.coalesce(col(FormRow.final), False).label("final"),
    col(ReportRow.decided_by),
    col(ReportRow.decision_reason),
    col(ReportRow.reason_class),
    col(ReportRow.correct_by),
    label("row_state", col(FormRow.state)),
    label("task_state", col(TaskRow.state)),
)


def report_columns() -> Select[*tuple[Any, ...]]:  # Any: `fill_reports` makes typed views of the rows
    """Select each report as one `report`, which `fill_reports` takes; the caller says which and in what order."""
    return (
        select(_REPORT)
        .select_from(ReportRow)
        .outerjoin(FormRow, col(FormRow.id) == col(ReportRow.row_id))
        .outerjoin(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .outerjoin(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .outerjoin(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
    )


def fill_reports(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[ReportView]:  # Any: typed below
    """Return what `report_columns` selects as `report` with their values, files and what leads said of them."""
    ids = [row.report_id for row in rows]
    values = values_of(session, ids)
    files = files_of(session, ids)
    leads = lead_words(session, ids)
    shares = facts_of_shares(session, {row.assignment_id for row in rows if row.assignment_id is not None})
    targets = targets_of_shares(session, [id_ for id_, share in shares.items() if share.bound])
    return [
        as_view(
            ReportView,
            row,
            scheduled=row.assignment_id in shares and shares[row.assignment_id].scheduled,
            values=tuple(values.get(row.report_id, ())),
            left_out=_left_out(
                row, shares, targets, given={value.target_id for value in values.get(row.report_id, ())}
            ),
            files=tuple(files.get(row.report_id, ())),
            lead=leads.get(row.report_id),
        )
        for row in rows
    ]


def _left_out(
    row: Row[*tuple[Any, ...]],  # Any: `ReportView` types it
    shares: Mapping[int, ShareFacts],
    targets: Mapping[int, Sequence[Target]],
    *,
    given: Collection[int],
) -> tuple[Target, ...]:
    """Return the numbers that a report leaves out; who claims nothing outside of forms is asked for none."""
    share = shares.get(row.assignment_id)
    if share is None or (row.kind not in _ON_NUMBERS and row.claim is None):
        return ()
    asked = targets.get(share.assignment_id, ())
    return tuple(target for target in asked if target.target_id in share.bound and target.target_id not in given)


def _heads() -> Select[*tuple[Any, ...]]:  # Any: the columns are unpacked into a typed view at once
    """Select envelopes; one outside forms takes its document from its report."""
    return (
        select(
            label("filing_id", col(FilingRow.id)),
            col(FilingRow.kind),
            col(FilingRow.state),
            label("unit_id", col(UnitRow.id)),
            label("unit_name", col(UnitRow.short_name)),
            col(FilingRow.period_id),
            func.coalesce(col(PeriodRow.code), col(LegacyPeriodRow.code)).label("period_code"),
            func.coalesce(col(SeriesRow.kind), col(LegacyPeriodRow.kind)).label("rhythm"),
            col(SeriesRow.addressee),
            func.coalesce(col(PeriodRow.due_at), col(LegacyPeriodRow.due_at)).label("due_at"),
            label("document_number", col(DocumentRow.number)),
            label("document_title", col(DocumentRow.title)),
            col(FilingRow.ticked),
            col(FilingRow.missed_words),
            col(FilingRow.evidence_reason),
            col(FilingRow.written_by),
            col(FilingRow.written_at),
            col(FilingRow.signed_by),
            col(FilingRow.filed_at),
        )
        .select_from(FilingRow)
        .join(UnitRow, col(UnitRow.id) == col(FilingRow.unit_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == col(FilingRow.period_id))
        .outerjoin(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
        .outerjoin(LegacyPeriodRow, col(LegacyPeriodRow.id) == col(FilingRow.legacy_period_id))
        .join(DocumentRow, col(DocumentRow.id) == func.coalesce(col(SeriesRow.document_id), document_of_report()))
    )
