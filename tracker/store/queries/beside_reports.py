"""What whoever judges a report is told beside its words, the head of the unit and the office alike."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from tracker.domain.calendar import local_day
from tracker.domain.filings import ReportKind
from tracker.domain.values import Filed
from tracker.store.queries.asked_of_shares import Requirement, asked_in, requirements_of_shares
from tracker.store.queries.denied import denied_reports
from tracker.store.queries.earlier import before
from tracker.store.queries.evidence_states import Judged, brought_before, doubted, judged, window_of
from tracker.store.queries.figures_on_file import figures_on_file
from tracker.store.queries.form_parts import (
    GivenBack,
    Report,
    given_back,
    reports_of_filings,
    reports_of_ids,
    reports_of_rows,
    reports_of_shares,
)

BRINGS_EVIDENCE = frozenset({ReportKind.PROGRESS.value, ReportKind.COMPLETION.value})


@dataclass(frozen=True, slots=True)
class Beside:
    """`mends` where the office gave back what the report corrects; `evidence` is what is asked for, judged.

    `unchanged` where a row of a form says word for word what that of the period before did, `denied` where its numbers
    deny its claim. `before` are the reports on the share that were before, as of `said_before`, `filed` is what else is
    on file of each number.
    """

    mends: GivenBack | None
    evidence: tuple[Judged, ...]
    unchanged: bool
    denied: bool
    before: tuple[Report, ...]
    filed: Mapping[int, tuple[Filed, ...]]

    @property
    def lacking(self) -> tuple[Requirement, ...]:
        """The mandatory evidence that is not there."""
        return tuple(one.requirement for one in self.evidence if one.lacks)

    @property
    def doubts(self) -> tuple[Judged, ...]:
        """The evidence of which whoever judges the report is told."""
        return doubted(self.evidence)

    @property
    def brought_before(self) -> tuple[Judged, ...]:
        """The evidence that an earlier report brought, asked for once."""
        return brought_before(self.evidence)

    @property
    def singly(self) -> bool:
        """Whether the report is decided by itself: its numbers deny it, or it mends nothing of what came back."""
        return self.denied or (self.mends is not None and self.mends.same)


def beside_filings(session: Session, filing_ids: Collection[int]) -> dict[int, Beside]:
    """Return what stands beside each report of some envelopes, ticks too, by its id."""
    inside = reports_of_filings(session, filing_ids)
    return beside_reports(session, [report for reports in inside.values() for report in reports])


def marked_reports(session: Session, report_ids: Collection[int]) -> frozenset[int]:
    """Return those of some reports that are decided by themselves for what stands beside them."""
    beside = beside_reports(session, reports_of_ids(session, report_ids))
    return frozenset(id_ for id_, told in beside.items() if told.singly)


def beside_reports(session: Session, reports: Collection[Report]) -> dict[int, Beside]:
    """Return what stands beside each of some reports, by its id."""
    shares = {report.assignment_id for report in reports if report.assignment_id is not None}
    ticks = {report.row_id for report in reports if report.assignment_id is None and report.row_id is not None}
    history, ticked = reports_of_shares(session, shares), reports_of_rows(session, ticks) if ticks else []
    asked = requirements_of_shares(session, shares)
    denied = denied_reports(session, [report.report_id for report in reports])
    return {
        report.report_id: _beside(
            report, history.get(report.assignment_id or 0, ticked), asked, denied=report.report_id in denied
        )
        for report in reports
    }


def _beside(
    report: Report, told: Iterable[Report], asked: dict[int, tuple[Requirement, ...]], *, denied: bool
) -> Beside:
    told = list(told)
    earlier = [old for old in told if old.report_id < report.report_id]
    wanted = asked.get(report.assignment_id or 0, ()) if report.kind in BRINGS_EVIDENCE else ()
    previous = before(
        told, ends_on=report.period_ends_on, row_id=report.row_id, report_id=report.report_id, kind=report.kind
    )
    return Beside(
        mends=given_back(same_matter(report, earlier), mended_by=report),
        evidence=judged_under(report, wanted, earlier),
        unchanged=_is_unchanged(report, previous),
        denied=denied,
        before=tuple(previous),
        filed=figures_on_file(told, row_id=report.row_id, report_id=report.report_id),
    )


def judged_under(report: Report, asked: Iterable[Requirement], earlier: Iterable[Report]) -> tuple[Judged, ...]:
    """Judge the evidence that is asked of a report, as of when it was written."""
    window = window_of(report.period_starts_on, report.period_ends_on, local_day(report.written_at))
    asked = asked_in(asked, report.period_starts_on, report.period_ends_on)
    return judged(asked, report.files, earlier, row_id=report.row_id, window=window)


def evidence_of_reports(session: Session, report_ids: Collection[int]) -> dict[int, tuple[Judged, ...]]:
    """Return the evidence that is asked of each of some reports, judged, by its id; of those that bring any."""
    reports = [report for report in reports_of_ids(session, report_ids) if report.kind in BRINGS_EVIDENCE]
    asked = requirements_of_shares(session, {report.assignment_id or 0 for report in reports})
    history = reports_of_shares(session, asked)
    found = {}
    for report in reports:
        share = report.assignment_id or 0
        earlier = [old for old in history.get(share, ()) if old.report_id < report.report_id]
        found[report.report_id] = judged_under(report, asked.get(share, ()), earlier)
    return found


def same_matter(report: Report, earlier: list[Report]) -> list[Report]:
    """Return the earlier reports on the same row; outside forms those of the same kind."""
    if report.row_id is not None:
        return [old for old in earlier if old.row_id == report.row_id]
    return [old for old in earlier if old.row_id is None and old.kind == report.kind]


def _is_unchanged(report: Report, previous: list[Report]) -> bool:
    """Tell whether the words are those of the form before, or of the last one that was not given back 「照上期」."""
    words = "".join(report.text.split())
    forms = [old for old in previous if old.row_id is not None]
    stood = [old for old in forms if old.state != "returned"]
    same = any("".join(old.text.split()) == words for old in (*forms[:1], *stood[:1]))
    return report.row_id is not None and bool(words) and same
