"""What the queue of the office shows of an envelope that waits for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from tracker.domain.claims import Claim, lower_claims
from tracker.domain.filings import ReportKind
from tracker.domain.items import AssignmentRole
from tracker.domain.terms import Terms
from tracker.store.queries.beside_reports import Beside, beside_filings
from tracker.store.queries.filings import FilingView, ReportView
from tracker.store.queries.overdue_rows import OwingLead, names_but, overdue_leads_of
from tracker.web.access import services
from tracker.web.clocks import OfficeClock, late_before, office_clock
from tracker.web.verifying import LeadMark, lead_marks
from tracker.wording.work import CLAIM_NAMES


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One report with what may be decided on it; `leads_owing` are leads whose overdue rows stand against an end.

    `mark` where it lies before the task's lead, which has not verified it; `beside` is what the head of the unit was
    told too.
    """

    report: ReportView
    waits: bool
    lower: tuple[tuple[str, str], ...]
    completes: bool
    leads_owing: tuple[str, ...]
    mark: LeadMark | None
    beside: Beside

    @property
    def singly(self) -> bool:
        """Whether it is decided by itself, not together with the others of its envelope."""
        return self.beside.singly or (self.report.lead is not None and self.report.lead.singly)


@dataclass(frozen=True, slots=True)
class ReviewCard:
    filing: FilingView
    clock: OfficeClock
    rows: tuple[ReviewRow, ...]

    @property
    def waiting(self) -> int:
        return sum(row.waits for row in self.rows)

    @property
    def together(self) -> int:
        """How many may be accepted with the others."""
        return sum(row.waits and not row.singly for row in self.rows)

    @property
    def to_decide(self) -> bool:
        """Whether a completion waits of which the unit did not say whether the goal was met."""
        return any(row.waits and row.completes and row.report.outcome is None for row in self.rows)


def filed_before(*, late: bool) -> datetime | None:
    """Return until when what is past the office's clock was filed; None where everything is asked for."""
    if not late:
        return None
    now = services().clock.now()
    return late_before(workdays=services().policy.review_workdays, now=now, services=services())


def review_cards(session: Session, filings: Sequence[FilingView], counted: Terms) -> list[ReviewCard]:
    """Return what waits of each envelope with what may be decided on it, each thing asked once for all of them."""
    beside = beside_filings(session, [filing.filing_id for filing in filings])
    marks = lead_marks(session, filings, counted=counted)
    completed = {report.task_id for filing in filings for report in filing.reports if _ends_a_task(report)}
    owing = overdue_leads_of(session, [id_ for id_ in completed if id_], now=services().clock.now())

    def card(filing: FilingView) -> ReviewCard:
        rows = (
            _row(
                report,
                mark=marks.get(report.report_id),
                beside=beside[report.report_id],
                owing=owing.get(report.task_id or 0, ()) if _ends_a_task(report) else (),
            )
            for report in filing.reports
        )
        return ReviewCard(filing, _clock(filing), tuple(rows))

    return [card(filing) for filing in filings]


def _clock(filing: FilingView) -> OfficeClock:
    return office_clock(
        filing.filed_at or filing.written_at,
        workdays=services().policy.review_workdays,
        now=services().clock.now(),
        services=services(),
    )


def _ends_a_task(report: ReportView) -> bool:
    """Whether accepting it ends its task: a lead's completion that waits."""
    waits = report.state == "filed" and report.kind == ReportKind.COMPLETION.value
    return waits and report.role == AssignmentRole.LEAD.value


def _row(report: ReportView, *, mark: LeadMark | None, beside: Beside, owing: Sequence[OwingLead]) -> ReviewRow:
    waits = report.state == "filed"
    completes = report.kind == ReportKind.COMPLETION.value
    lower: tuple[Claim, ...] = ()
    if waits and report.claim:
        lower = lower_claims(Claim(report.claim), scheduled=report.scheduled, final=completes)
    names = tuple((claim.value, CLAIM_NAMES[claim]) for claim in lower)
    return ReviewRow(report, waits, names, completes, tuple(names_but(owing, report.row_id)), mark, beside)
