"""What stands in one row of a form: targets with their last value, evidence that is asked for, reports with files."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, case, label, select
from sqlmodel import Session, col

from tracker.domain.items import AssignmentRole, Bearer, DemandKind
from tracker.store.queries.demands import is_member
from tracker.store.rows import as_view, as_views
from tracker.store.tables.documents import ItemBearerRow, ItemEvidenceRow, ItemTargetRow
from tracker.store.tables.filings import EvidenceRow, FilingRow, ReportRow, ReportValueRow
from tracker.store.tables.series import PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


@dataclass(frozen=True, slots=True)
class Target:
    """A number the item prints; `value` is the goal in `unit`, reached `per` what the words say."""

    target_id: int
    metric: str
    op: str
    value: float
    unit: str | None
    per: str | None
    measure: str | None


@dataclass(frozen=True, slots=True)
class Value:
    """What a report gave for one target; `value_on` is the day it is of."""

    target_id: int
    value: float
    value_on: date | None


@dataclass(frozen=True, slots=True)
class File:
    evidence_id: int
    report_id: int
    requirement_id: int | None
    name: str
    size_bytes: int
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """Evidence that the item or the office asks for."""

    requirement_id: int
    what: str
    basis: str
    mandatory: bool
    per: str


@dataclass(frozen=True, slots=True)
class Report:
    """One report on one share with all it carries."""

    report_id: int
    filing_id: int
    assignment_id: int | None
    row_id: int | None
    kind: str
    state: str
    claim: str | None
    verified_claim: str | None
    outcome: str | None
    text: str
    cause_class: str | None
    cause: str | None
    next_step: str | None
    next_on: date | None
    cases_received: int | None
    cases_in_time: int | None
    written_by: str
    written_at: datetime
    reason: str | None
    period_code: str | None
    values: Mapping[int, Value]
    files: tuple[File, ...]

    def lacking(self, requirements: Iterable[Requirement]) -> tuple[Requirement, ...]:
        """Return the mandatory evidence to which no file of this report is tied."""
        given = {file.requirement_id for file in self.files}
        return tuple(asked for asked in requirements if asked.mandatory and asked.requirement_id not in given)


_REPORT = (
    label("report_id", col(ReportRow.id)),
    col(ReportRow.filing_id),
    col(ReportRow.assignment_id),
    col(ReportRow.row_id),
    col(ReportRow.kind),
    col(ReportRow.state),
    col(ReportRow.claim),
    col(ReportRow.verified_claim),
    col(ReportRow.outcome),
    col(ReportRow.text),
    col(ReportRow.cause_class),
    col(ReportRow.cause),
    col(ReportRow.next_step),
    col(ReportRow.next_on),
    col(ReportRow.cases_received),
    col(ReportRow.cases_in_time),
    col(ReportRow.written_by),
    col(ReportRow.written_at),
    case(
        (col(ReportRow.state) == "sent_back", col(FilingRow.stopped_reason)), else_=col(ReportRow.decision_reason)
    ).label("reason"),
    label("period_code", col(PeriodRow.code)),
)


def reports_of_shares(session: Session, assignment_ids: Collection[int]) -> dict[int, list[Report]]:
    """Return the reports on each share, the latest first."""
    return _by_share(_reports(session, col(ReportRow.assignment_id).in_(list(assignment_ids))))


def reports_of_row(session: Session, row_id: int) -> list[Report]:
    """Return the reports on one row, the latest first; those of a tick are about no share."""
    return _reports(session, col(ReportRow.row_id) == row_id)


def reports_of_filings(session: Session, filing_ids: Collection[int]) -> dict[int, list[Report]]:
    """Return the reports in each envelope, in the order they were written; ticks are left out."""
    found: dict[int, list[Report]] = defaultdict(list)
    wanted = col(ReportRow.filing_id).in_(list(filing_ids)) & col(ReportRow.assignment_id).is_not(None)
    for report in reversed(_reports(session, wanted)):
        found[report.filing_id].append(report)
    return found


def binding_targets(session: Session, rows: Iterable[tuple[AssignmentRow, ItemTargetRow]]) -> dict[int, frozenset[int]]:
    """Return the ids of the numbers whose words bind each share, of those that `targets_by_share` gives."""
    bound: dict[int, set[int]] = defaultdict(set)
    rows = list(rows)
    named = _named(session, (target for _share, target in rows), DemandKind.TARGET)
    for share, row in rows:
        if binds(share, row.bearer, named.get((row.item_id, row.position), set())):
            bound[share.id or 0].add(row.id or 0)
    return {share_id: frozenset(ids) for share_id, ids in bound.items()}


def targets_of_shares(session: Session, assignment_ids: Collection[int]) -> dict[int, tuple[Target, ...]]:
    """Return the numbers that bind each share, in reading order; all of its item's where none binds it by name."""
    rows = targets_by_share(session, assignment_ids)
    named = _named(session, (target for _share, target in rows), DemandKind.TARGET)
    every: dict[int, list[Target]] = defaultdict(list)
    bound: dict[int, list[Target]] = defaultdict(list)
    for share, row in rows:
        assert row.id is not None
        assert share.id is not None
        target = Target(row.id, row.metric, row.op, row.value, row.unit, row.per, row.measure)
        every[share.id].append(target)
        if binds(share, row.bearer, named.get((row.item_id, row.position), set())):
            bound[share.id].append(target)
    return {key: tuple(bound.get(key) or targets) for key, targets in every.items()}


def targets_by_share(session: Session, assignment_ids: Collection[int]) -> list[tuple[AssignmentRow, ItemTargetRow]]:
    """Return shares with each number of their item, in reading order."""
    return [(share, target) for share, target in session.execute(_TARGETS, {"ids": list(assignment_ids)})]


_TARGETS = (
    select(AssignmentRow, ItemTargetRow)
    .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
    .join(ItemTargetRow, col(ItemTargetRow.item_id) == col(TaskRow.item_id))
    .where(col(AssignmentRow.id).in_(bindparam("ids", expanding=True)))
    .order_by(col(ItemTargetRow.position))
)


def requirements_of_shares(session: Session, assignment_ids: Collection[int]) -> dict[int, tuple[Requirement, ...]]:
    """Return the evidence each share owes: what its item asks of the lead, of members, of all or of named units."""
    rows = session.execute(
        select(AssignmentRow, ItemEvidenceRow)
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemEvidenceRow, col(ItemEvidenceRow.item_id) == col(TaskRow.item_id))
        .where(col(AssignmentRow.id).in_(list(assignment_ids)))
        .order_by(col(ItemEvidenceRow.position))
    ).all()
    named = _named(session, (evidence for _share, evidence in rows), DemandKind.EVIDENCE)
    found: dict[int, list[Requirement]] = defaultdict(list)
    for share, row in rows:
        if binds(share, row.bearer, named.get((row.item_id, row.position), set())):
            found[share.id].append(Requirement(row.id, row.what, row.basis, row.mandatory, row.per))
    return {key: tuple(asked) for key, asked in found.items()}


def last_values(reports: Iterable[Report]) -> dict[int, Value]:
    """Return the latest value of each target from reports that have left the unit, given the latest report first."""
    found: dict[int, Value] = {}
    for report in reports:
        if report.state in ("filed", "accepted", "returned"):
            for target_id, value in report.values.items():
                found.setdefault(target_id, value)
    return found


def last_cases(reports: Iterable[Report]) -> Report | None:
    """Return the latest report with counted cases that has left the unit, given the latest report first."""
    left = (report for report in reports if report.state in ("filed", "accepted", "returned"))
    return next((report for report in left if report.cases_received is not None), None)


def office_reason(reports: Iterable[Report]) -> str:
    """Return why the office gave back what left the unit last, given the latest report first; else nothing.

    What never left the unit since, withdrawn or stopped by its head, does not mend what was given back.
    """
    left = (report for report in reports if report.state in ("filed", "accepted", "returned"))
    last = next(left, None)
    return (last.reason or "") if last is not None and last.state == "returned" else ""


def head_reason(reports: Iterable[Report]) -> str:
    """Return why the head of the unit stopped the last attempt, given the latest report first; else nothing."""
    told = (report for report in reports if report.state not in ("awaiting_sign_off", "withdrawn"))
    last = next(told, None)
    return (last.reason or "") if last is not None and last.state == "sent_back" else ""


def binds(share: AssignmentRow, bearer: str, named: Collection[int | None]) -> bool:
    """Tell whether words bind a share: the lead's, the members', everybody's, or that of a unit they name."""
    is_lead = share.role == AssignmentRole.LEAD.value
    if bearer == Bearer.NAMED.value:
        return share.unit_id in named
    if is_lead and bearer == Bearer.GROUP.value:
        return is_member(share)
    return bearer == Bearer.BOTH.value or is_lead == (bearer == Bearer.LEAD.value)


def _named(
    session: Session, demands: Iterable[ItemTargetRow | ItemEvidenceRow], kind: DemandKind
) -> dict[tuple[int, int], set[int | None]]:
    """Return whom demands of a kind name, by item and position; most name nobody."""
    items = {demand.item_id for demand in demands if demand.bearer == Bearer.NAMED.value}
    return named_units(session, items, kind) if items else {}


def named_units(
    session: Session, item_ids: Collection[int], demand: DemandKind
) -> dict[tuple[int, int], set[int | None]]:
    """Return the units that words of items name, by item and position."""
    found: dict[tuple[int, int], set[int | None]] = defaultdict(set)
    rows = session.execute(
        select(col(ItemBearerRow.item_id), col(ItemBearerRow.demand_position), col(ItemBearerRow.unit_id)).where(
            col(ItemBearerRow.item_id).in_(list(item_ids)), col(ItemBearerRow.demand) == demand.value
        )
    )
    for item_id, position, unit_id in rows:
        found[item_id, position].add(unit_id)
    return found


def _reports(session: Session, wanted: object) -> list[Report]:
    rows = session.execute(
        select(*_REPORT)
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == col(FilingRow.period_id))
        .where(wanted)  # type: ignore[arg-type] # a condition on the report's columns
        .order_by(col(ReportRow.id).desc())
    ).all()
    ids = [row.report_id for row in rows]
    values, files = _values(session, ids), _files(session, ids)
    return [
        as_view(Report, row, values=values.get(row.report_id, {}), files=tuple(files.get(row.report_id, ())))
        for row in rows
    ]


def _by_share(reports: Iterable[Report]) -> dict[int, list[Report]]:
    found: dict[int, list[Report]] = defaultdict(list)
    for report in reports:
        if report.assignment_id is not None:
            found[report.assignment_id].append(report)
    return found


def _values(session: Session, ids: list[int]) -> dict[int, dict[int, Value]]:
    found: dict[int, dict[int, Value]] = defaultdict(dict)
    for row in session.scalars(select(ReportValueRow).where(col(ReportValueRow.report_id).in_(ids))):
        found[row.report_id][row.target_id] = Value(row.target_id, row.value, row.value_on)
    return found


def _files(session: Session, ids: list[int]) -> dict[int, list[File]]:
    rows = session.execute(
        select(
            label("evidence_id", col(EvidenceRow.id)),
            col(EvidenceRow.report_id),
            col(EvidenceRow.requirement_id),
            col(EvidenceRow.name),
            col(EvidenceRow.size_bytes),
            col(EvidenceRow.sha256),
            col(EvidenceRow.media_type),
        )
        .where(col(EvidenceRow.report_id).in_(ids))
        .order_by(col(EvidenceRow.id))
    )
    found: dict[int, list[File]] = defaultdict(list)
    for file in as_views(File, rows):
        found[file.report_id].append(file)
    return found
