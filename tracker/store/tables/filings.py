"""What units hand in: envelopes, one report a row in each, values, files, corrections and requests."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.domain.filings import (
    CorrectionOutcome,
    FilingKind,
    FilingState,
    ReportKind,
    ReportState,
    RequestKind,
    RequestState,
)
from tracker.domain.verifying import LeadOpinion
from tracker.store.tables.columns import Versioned, partial_index, states


class FilingRow(Versioned, table=True):
    """One envelope 「报送」: one signature for all its reports.

    `missed_words` explain earlier periods that it ends 「漏报」. `evidence_reason` says why mandatory evidence is not
    there in what was sent before each row said so itself.
    """

    __tablename__ = "filing"
    __table_args__ = (
        states("kind", FilingKind, table="filing"),
        states("state", FilingState, table="filing"),
        partial_index("filing_to_sign", "unit_id", "id", where="state = 'awaiting_sign_off'"),
        partial_index("filing_sent_back", "unit_id", "id", where="state = 'sent_back'"),
        Index("filing_of_period", "period_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    unit_id: int = Field(foreign_key="unit.id")
    period_id: int | None = Field(default=None, foreign_key="period.id")
    legacy_period_id: int | None = Field(default=None, foreign_key="legacy_period.id")
    state: str = FilingState.AWAITING_SIGN_OFF.value
    ticked: int = 0
    missed_words: str | None = None
    evidence_reason: str | None = None
    written_by: str
    written_at: datetime
    signed_by: str | None = None
    filed_at: datetime | None = None
    stopped_by: str | None = None
    stopped_at: datetime | None = None
    stopped_reason: str | None = None


class ReportRow(Versioned, table=True):
    """What an envelope says about one share; without a share it is the tick for all others.

    `claim` is the unit's word 「自报」, `verified_claim` the reviewer's 「核定」; so are the outcomes of a completion
    report. Cases are counted where a clock runs for each. `by_lead` tells whether the share led when it was written,
    None of what was written before that was kept. `voice` is the share for which it spoke where a merger has made one
    of two (`steps/voices.py`), or `HEARD_NO_MORE`. `answers_id` is what a reply answers, where somebody asked.
    `evidence_reason` says why mandatory evidence is not under it.
    """

    __tablename__ = "report"
    __table_args__ = (
        states("kind", ReportKind, table="report"),
        states("state", ReportState, table="report"),
        CheckConstraint("percent_done BETWEEN 0 AND 100", name="report_percent_done"),
        CheckConstraint("outcome IN ('met', 'unmet')", name="report_outcome"),
        CheckConstraint("verified_outcome IN ('met', 'unmet')", name="report_verified_outcome"),
        CheckConstraint("(cases_received IS NULL) = (cases_in_time IS NULL)", name="report_cases"),
        CheckConstraint("cases_in_time BETWEEN 0 AND cases_received", name="report_cases_in_time"),
        partial_index("report_under_review", "filed_at", "filing_id", "id", "state", where="state = 'filed'"),
        partial_index("report_lowered", "assignment_id", "id", where="verified_claim <> claim"),
        partial_index("report_untrue", "decided_at", "filing_id", where="reason_class = 'falsified'"),
        Index("report_of_share", "assignment_id", "id"),
        Index("report_of_row", "row_id", "id"),
        partial_index("report_of_asked", "answers_id", where="answers_id IS NOT NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    filing_id: int = Field(foreign_key="filing.id", index=True)
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id")
    row_id: int | None = Field(default=None, foreign_key="form_row.id")
    answers_id: int | None = Field(default=None, foreign_key="inquiry_asked.id")
    kind: str
    by_lead: bool | None = None
    voice: int | None = None
    state: str = ReportState.AWAITING_SIGN_OFF.value
    claim: str | None = None
    verified_claim: str | None = None
    verified_reason: str | None = None
    outcome: str | None = None
    verified_outcome: str | None = None
    text: str
    cause_class: str | None = None
    cause: str | None = None
    next_step: str | None = None
    next_on: date | None = None
    cases_received: int | None = None
    cases_in_time: int | None = None
    percent_done: int | None = None
    nil_reason: str | None = None
    evidence_reason: str | None = None
    written_by: str
    written_at: datetime
    filed_at: datetime | None = None
    late: bool = False
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_reason: str | None = None
    reason_class: str | None = None
    correct_by: date | None = None


class ReportValueRow(SQLModel, table=True):
    """The value a report gives for one target of its item, as of a day."""

    __tablename__ = "report_value"

    report_id: int = Field(foreign_key="report.id", primary_key=True)
    target_id: int = Field(foreign_key="item_target.id", primary_key=True)
    value: float
    value_on: date | None = None


class EvidenceRow(SQLModel, table=True):
    """A file attached to a report; its bytes lie in the evidence store under their digest.

    `from_report_id` is the other unit's answer that it came with.
    """

    __tablename__ = "evidence"

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    requirement_id: int | None = Field(default=None, foreign_key="item_evidence.id")
    from_report_id: int | None = Field(
        default=None, sa_column=Column(Integer, ForeignKey("report.id", name="evidence_from"))
    )
    sha256: str = Field(index=True)
    name: str
    size_bytes: int
    media_type: str
    uploaded_by: str
    uploaded_at: datetime


class LeadVerificationRow(SQLModel, table=True):
    """The word of a task's lead on a member's report 「牵头单位核实」, given once; `claim` is the lower one it advises.

    `sampled` where the office looks at it singly although the lead found it true.
    """

    __tablename__ = "lead_verification"
    __table_args__ = (
        states("opinion", LeadOpinion, table="lead_verification"),
        CheckConstraint("(opinion = 'lower') = (claim IS NOT NULL)", name="lead_verification_claim"),
        CheckConstraint("(opinion = 'stands') = (reason IS NULL)", name="lead_verification_reason"),
    )

    report_id: int = Field(foreign_key="report.id", primary_key=True)
    lead_unit_id: int = Field(foreign_key="unit.id")
    opinion: str
    claim: str | None = None
    reason: str | None = None
    sampled: bool = False
    given_by: str
    given_at: datetime


class CorrectionRow(SQLModel, table=True):
    """One return of one row, with its own moment; outcomes are kept."""

    __tablename__ = "correction"
    __table_args__ = (states("outcome", CorrectionOutcome, table="correction"),)

    id: int | None = Field(default=None, primary_key=True)
    row_id: int = Field(foreign_key="form_row.id", index=True)
    report_id: int = Field(foreign_key="report.id")
    opened_at: datetime
    due_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = None


class RequestRow(Versioned, table=True):
    """A unit asks for more time 「延期」, disputes its share 「异议」, or answers a lowered claim 「核定异议」."""

    __tablename__ = "request"
    __table_args__ = (
        states("kind", RequestKind, table="request"),
        states("state", RequestState, table="request"),
        CheckConstraint("(kind = 'extension') = (row_id IS NOT NULL)", name="request_row"),
        CheckConstraint("(kind = 'objection') = (report_id IS NOT NULL)", name="request_report"),
        UniqueConstraint("report_id", name="request_of_report"),
        partial_index("request_pending", "asked_at", "id", where="state = 'pending'"),
        partial_index("request_decided", "kind", "decided_at", "id", where="state IN ('granted', 'refused')"),
        Index("request_of_row", "row_id", "id"),
        Index("request_of_share", "assignment_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    assignment_id: int = Field(foreign_key="assignment.id")
    row_id: int | None = Field(default=None, foreign_key="form_row.id")
    report_id: int | None = Field(default=None, foreign_key="report.id")
    state: str = RequestState.PENDING.value
    reason: str
    old_due_at: datetime | None = None
    new_due_at: datetime | None = None
    by_leader: bool = False
    asked_by: str
    asked_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_reason: str | None = None
