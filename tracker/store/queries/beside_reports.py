"""What whoever judges a report is told beside its words, the head of the unit and the office alike."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlmodel import Session

from tracker.domain.filings import ReportKind
from tracker.store.queries.asked_of_shares import Requirement, requirements_of_shares
from tracker.store.queries.denied import denied_reports
from tracker.store.queries.form_parts import (
    GivenBack,
    Report,
    before,
    given_back,
    reports_of_filings,
    reports_of_ids,
    reports_of_rows,
    reports_of_shares,
)

BRINGS_EVIDENCE = frozenset({ReportKind.PROGRESS.value, ReportKind.COMPLETION.value})


@dataclass(frozen=True, slots=True)
class Beside:
    """`mends` where the office gave back what the report corrects; `lacking` is mandatory evidence without a file.

    `unchanged` where a row of a form says word for word what that of the period before did, `denied` where its numbers
    deny its claim. `before` are the reports on the share that were before, as of `said_before`.
    """

    mends: GivenBack | None
    lacking: tuple[Requirement, ...]
    unchanged: bool
    denied: bool
    before: tuple[Report, ...]

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
    previous = before(told, ends_on=report.period_ends_on, row_id=report.row_id, report_id=report.report_id)
    return Beside(
        mends=given_back(same_matter(report, earlier), mended_by=report),
        lacking=lacking_evidence(wanted, [file.requirement_id for file in report.files], earlier),
        unchanged=_is_unchanged(report, previous),
        denied=denied,
        before=tuple(previous),
    )


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


def lacking_evidence(
    asked: Iterable[Requirement], given: Collection[int | None], earlier: list[Report]
) -> tuple[Requirement, ...]:
    """Return the mandatory evidence that lacks under a report: no file of it is `given`, nor was one before."""
    return tuple(
        one for one in asked if one.mandatory and one.requirement_id not in given and not given_before(one, earlier)
    )


def proved_before(asked: Iterable[Requirement], earlier: list[Report]) -> frozenset[int]:
    """Return the ids of the evidence asked for once that was handed in before."""
    return frozenset(one.requirement_id for one in asked if given_before(one, earlier))


def given_before(asked: Requirement, earlier: list[Report]) -> bool:
    """Tell whether evidence that is asked for once, not each period, was handed in before."""
    left = [report for report in earlier if report.state in ("filed", "accepted")]
    return asked.per != "period" and any(
        file.requirement_id == asked.requirement_id for report in left for file in report.files
    )
