"""What stands in one row of a form: targets with their last value, evidence that is asked for, reports with files."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, label, select
from sqlmodel import Session, col

from tracker.domain.cadences import Span
from tracker.domain.counting import period_span
from tracker.domain.entries import AttachedFile
from tracker.domain.filings import ReportKind
from tracker.store.queries.attempts import came_back_at
from tracker.store.queries.origins import Origin, origins
from tracker.store.queries.readable_reports import name_of_report, reason_for_lacking
from tracker.store.rows import as_view
from tracker.store.tables.filings import EvidenceRow, FilingRow, ReportRow, ReportValueRow
from tracker.store.tables.series import FormRow, PeriodRow


@dataclass(frozen=True, slots=True)
class Value:
    """What a report gave for one target; `value_on` is the day it is of."""

    target_id: int
    value: float
    value_on: date | None


@dataclass(frozen=True, slots=True)
class LastValue:
    """What was given for a target before, and in the form of which period.

    `returned` where the office gave that report back.
    """

    value: float
    value_on: date | None
    returned: bool
    period: Span | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file under a report; `origin` where it came with another unit's answer."""

    evidence_id: int
    report_id: int
    requirement_id: int | None
    name: str
    size_bytes: int
    sha256: str
    media_type: str
    from_report_id: int | None
    origin: Origin | None

    @property
    def attached(self) -> AttachedFile:
        """The file as it is laid under a report again."""
        return AttachedFile(
            self.sha256, self.name, self.size_bytes, self.media_type, self.requirement_id, self.from_report_id
        )


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Why the office gave a report back, and when; `same` where what mends it says what was given back before."""

    reason: str
    reason_class: str | None
    at: datetime | None
    same: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One report with all it carries; `called`: as of `name_of_report`; `ticked`: the shares of its envelope's tick.

    `came_back_at` is when its unit had it again, None where it has not.
    """

    report_id: int
    filing_id: int
    assignment_id: int | None
    row_id: int | None
    answers_id: int | None
    kind: str
    called: str
    state: str
    claim: str | None
    verified_claim: str | None
    outcome: str | None
    text: str
    cause_class: str | None
    cause: str | None
    next_step: str | None
    next_on: date | None
    evidence_reason: str | None
    cases_received: int | None
    cases_in_time: int | None
    written_by: str
    written_at: datetime
    reason: str | None
    reason_class: str | None
    decided_at: datetime | None
    period_code: str | None
    period_starts_on: date | None
    period_ends_on: date | None
    ticked: int
    came_back_at: datetime | None
    values: Mapping[int, Value]
    files: tuple[File, ...]

    @property
    def period(self) -> Span | None:
        """The period of its form, None outside of forms."""
        return period_span(self.period_starts_on, self.period_ends_on)

    @property
    def value_day(self) -> date | None:
        """The latest day of which the report gives a number."""
        return max((value.value_on for value in self.values.values() if value.value_on), default=None)

    def says_as(self, other: "Report") -> bool:
        """Whether it says what another said, but for blanks: claim, numbers, words and files."""
        return self._said() == other._said()

    def _said(self) -> tuple[object, ...]:
        words = ("".join((words or "").split()) for words in (self.text, self.cause, self.next_step))
        told = (self.kind, self.claim, self.outcome, self.cause_class, self.next_on)
        numbers = (self.cases_received, self.cases_in_time, dict(self.values))
        files = sorted((file.sha256, file.requirement_id or 0) for file in self.files)
        return (*words, *told, *numbers, files)


_REPORT = (
    label("report_id", col(ReportRow.id)),
    col(ReportRow.filing_id),
    col(ReportRow.assignment_id),
    col(ReportRow.row_id),
    col(ReportRow.answers_id),
    col(ReportRow.kind),
    label("called", name_of_report()),
    col(ReportRow.state),
    col(ReportRow.claim),
    col(ReportRow.verified_claim),
    col(ReportRow.outcome),
    col(ReportRow.text),
    col(ReportRow.cause_class),
    col(ReportRow.cause),
    col(ReportRow.next_step),
    col(ReportRow.next_on),
    reason_for_lacking(),
    col(ReportRow.cases_received),
    col(ReportRow.cases_in_time),
    col(ReportRow.written_by),
    col(ReportRow.written_at),
    case(
        (col(ReportRow.state) == "sent_back", col(FilingRow.stopped_reason)), else_=col(ReportRow.decision_reason)
    ).label("reason"),
    col(ReportRow.reason_class),
    col(ReportRow.decided_at),
    label("period_code", col(PeriodRow.code)),
    label("period_starts_on", col(PeriodRow.starts_on)),
    label("period_ends_on", col(PeriodRow.ends_on)),
    col(FilingRow.ticked),
    label("came_back_at", came_back_at()),
)


def reports_of_shares(session: Session, assignment_ids: Collection[int]) -> dict[int, list[Report]]:
    """Return the reports on each share, the latest first."""
    return _by_share(_reports(session, col(ReportRow.assignment_id).in_(list(assignment_ids))))


def reports_of_rows(session: Session, row_ids: Collection[int]) -> list[Report]:
    """Return the reports on some rows, the latest first; those of a tick are about no share."""
    return _reports(session, col(ReportRow.row_id).in_(list(row_ids)))


def reports_of_filings(session: Session, filing_ids: Collection[int]) -> dict[int, list[Report]]:
    """Return the reports in each envelope, ticks too, in the order they were written."""
    found: dict[int, list[Report]] = defaultdict(list)
    for report in reversed(_reports(session, col(ReportRow.filing_id).in_(list(filing_ids)))):
        found[report.filing_id].append(report)
    return found


def reports_of_answers(session: Session, asked_ids: Collection[int]) -> list[Report]:
    """Return the replies to what units are asked, the latest first, also what never left its unit."""
    return _reports(session, col(ReportRow.answers_id).in_(list(asked_ids)))


def reports_of_ids(session: Session, report_ids: Collection[int]) -> list[Report]:
    """Return some reports, the latest first."""
    return _reports(session, col(ReportRow.id).in_(list(report_ids)))


def last_values(earlier: Iterable[Report]) -> dict[int, LastValue]:
    """Return the last value of each target, of the reports that `earlier.before` gives."""
    found: dict[int, LastValue] = {}
    for report in earlier:
        for target_id, one in report.values.items():
            found.setdefault(target_id, LastValue(one.value, one.value_on, report.state == "returned", report.period))
    return found


def last_cases(earlier: Iterable[Report]) -> Report | None:
    """Return the last report with counted cases, of the reports that `earlier.before` gives."""
    return next((report for report in earlier if report.cases_received is not None), None)


def given_back(reports: Iterable[Report], *, mended_by: Report | None = None) -> GivenBack | None:
    """Return how the office gave back what left the unit last, given the latest report first; None where it did not.

    What never left the unit since, withdrawn or stopped by its head, does not mend what was given back; `mended_by`
    does, unless it says what any of them said that the office gave back. A tick says nothing that could be the same.
    """
    left = [report for report in reports if report.state in ("filed", "accepted", "returned")]
    last = next(iter(left), None)
    if last is None or last.state != "returned":
        return None
    refused = [report for report in left if report.state == "returned"]
    told = mended_by if mended_by is not None and mended_by.kind != ReportKind.TICK.value else None
    same = told is not None and any(report.says_as(told) for report in refused)
    return GivenBack(last.reason or "", last.reason_class, last.decided_at, same)


def office_reason(reports: Iterable[Report]) -> GivenBack | None:
    """Return why the office gave back what left the unit last, given the latest report first; else nothing."""
    given = given_back(reports)
    return given if given is not None and given.reason else None


def head_reason(reports: Iterable[Report]) -> str:
    """Return why the head of the unit stopped the last attempt, given the latest report first; else nothing."""
    told = (report for report in reports if report.state not in ("awaiting_sign_off", "withdrawn"))
    last = next(told, None)
    return (last.reason or "") if last is not None and last.state == "sent_back" else ""


def _reports(session: Session, wanted: object) -> list[Report]:
    rows = session.execute(
        select(*_REPORT)
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .outerjoin(FormRow, col(FormRow.id) == col(ReportRow.row_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == func.coalesce(col(FormRow.period_id), col(FilingRow.period_id)))
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
            col(EvidenceRow.from_report_id),
        )
        .where(col(EvidenceRow.report_id).in_(ids))
        .order_by(col(EvidenceRow.id))
    ).all()
    found: dict[int, list[File]] = defaultdict(list)
    of = origins(session, {row.from_report_id for row in rows})
    for row in rows:
        found[row.report_id].append(as_view(File, row, origin=of.get(row.from_report_id)))
    return found
