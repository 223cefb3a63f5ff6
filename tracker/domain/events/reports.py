"""Facts about what is handed in, and what a lead and the office say of it."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.events.base import Event
from tracker.domain.events.documents import SealedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingSubmitted(Event):
    """A liaison handed an envelope to the head of the unit; work on its `shares` has begun.

    `evidence_reason` says why mandatory evidence is not under it, of what was sent before each row said so itself.
    """

    type = "filing.submitted"
    filing_id: int
    kind: str
    period_id: int | None = None
    shares: tuple[int, ...] = ()
    evidence_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsTold(Event):
    """A unit told news 「进展动态」 of a share: it is seen at once, before the head of the unit has signed it.

    `words` is the digest of what it says, `by_lead` whether its share leads; None where that was not kept yet.
    """

    type = "news.told"
    filing_id: int
    report_id: int
    assignment_id: int
    by_lead: bool | None = None
    claim: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingStopped(Event):
    """An envelope did not leave the unit: the head sent it back, or the liaison withdrew it; `state` says which."""

    type = "filing.stopped"
    filing_id: int
    state: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingSigned(Event):
    """The head of the unit signed; the envelope left the unit."""

    type = "filing.signed"
    filing_id: int
    kind: str
    reports: int
    ticked: int = 0
    period_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedValue:
    """The value that a report gives for one target of its item, as of a day."""

    target_id: int
    value: float
    value_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFiled(Event):
    """What an envelope says about one share, in the order of `written_at`; None where it was told as it was written.

    `late` is decided by the first filing of the row and never changes. The cases are those of a clock per case. `words`
    is the digest of all that the unit wrote, `by_lead` whether its share led when it was written; None of either where
    it was told before that was kept. So are `written_by`, and `files`, the digests of what lies under it.
    """

    type = "report.filed"
    report_id: int
    filing_id: int
    kind: str
    by_lead: bool | None = None
    written_at: datetime | None = None
    row_id: int | None = None
    period_id: int | None = None
    claim: str | None = None
    outcome: str | None = None
    first: bool = False
    late: bool | None = None
    values: tuple[ReportedValue, ...] = ()
    cases_received: int | None = None
    cases_in_time: int | None = None
    words: str | None = None
    written_by: str | None = None
    files: tuple[SealedRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StayedReport:
    """A report that could not leave with its envelope; `cause` names the act after which nobody asks for it."""

    report_id: int
    row_id: int | None
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsStayed(Event):
    """The head signed an envelope of which these reports could not leave the unit any more; the others did."""

    type = "reports.stayed"
    filing_id: int
    reports: tuple[StayedReport, ...]
    period_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportVerified(Event):
    """The office accepted a report; `claim` is what it holds to be true 「核定」, `own_claim` the unit's word.

    So are the outcomes of a completion, None in what was recorded before they were told apart.
    """

    type = "report.verified"
    report_id: int
    kind: str
    row_id: int | None = None
    claim: str | None = None
    own_claim: str | None = None
    outcome: str | None = None
    own_outcome: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSentBack(Event):
    """The office returned a report 「退回」; a correction with a moment of its own runs.

    `correct_by` is its last day, None where what the report was about has ended and nothing is corrected any more.
    So it is where a second report on the same is `beside` it, accepted or under review, which a merger brought there.
    `unfit` where the row was returned for want of substance before: it counts as 未按要求报送. `closing` where it was
    the closing report of what had lapsed: the task awaits it again. `reopened` where it had been accepted, was found
    untrue, and the work was taken up again for that; `accepted` where it had been and was found untrue otherwise.
    """

    type = "report.given_back"
    report_id: int
    kind: str
    reason: str
    reason_class: str
    correct_by: date | None
    row_id: int | None = None
    correction_due_at: datetime | None = None
    unfit: bool = False
    closing: bool = False
    beside: bool = False
    reopened: bool = False
    accepted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLeadVerified(Event):
    """A lead gave its word on a member's report; `unit_id` is the member, `own_claim` its claim.

    `sampled` where the office looks at it singly although it was found true, drawn by `verifying.draw` with `draw_seed`
    from the reports of its form that were found true in the same act, which share the seed; `draw_first` where these
    were the first of the form. No seed where nothing was drawn, and in records of earlier versions.
    """

    type = "report.lead_verified"
    report_id: int
    lead_unit_id: int
    lead_name: str
    opinion: str
    claim: str | None = None
    own_claim: str | None = None
    reason: str = ""
    sampled: bool = False
    draw_seed: str = ""
    draw_first: bool = False
