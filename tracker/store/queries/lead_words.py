"""What leads said of members' reports 「牵头单位核实」, and what of it the office may accept at once."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, label, select
from sqlalchemy.orm import Bundle
from sqlmodel import Session, col

from tracker.domain.verifying import LeadOpinion
from tracker.store.queries.beside_reports import marked_reports
from tracker.store.queries.units import unit_names
from tracker.store.rows import as_view
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import FilingRow, LeadVerificationRow, ReportRow
from tracker.store.tables.series import PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class LeadSaid:
    """A lead's word on one report; `sampled` where the office looks at it singly although it was found true."""

    lead_name: str
    opinion: str
    claim: str | None
    reason: str | None
    sampled: bool
    given_by: str
    given_at: datetime

    @property
    def singly(self) -> bool:
        """Whether the report is decided by itself: it is in the sample, or the lead did not find it true."""
        return self.sampled or self.opinion != LeadOpinion.STANDS.value


@dataclass(frozen=True, slots=True)
class ConfirmedRow:
    """A report under review that its lead found true; `marked` where its own numbers deny it, or it mends nothing."""

    report_id: int
    task_id: int
    filing_id: int
    unit_name: str
    item_label: str
    item_title: str
    period_code: str | None
    claim: str | None
    sampled: bool
    marked: bool


@dataclass(frozen=True, slots=True)
class ConfirmedByLead:
    """What one lead found true of one document, waiting for the office."""

    lead_name: str
    document_number: str
    rows: tuple[ConfirmedRow, ...]

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def at_once(self) -> tuple[ConfirmedRow, ...]:
        """The rows that the office may accept together."""
        return tuple(row for row in self.rows if not (row.sampled or row.marked))

    @property
    def sampled(self) -> tuple[ConfirmedRow, ...]:
        return tuple(row for row in self.rows if row.sampled)


_SAID: Bundle[Any] = Bundle(  # Any: `LeadSaid` types it
    "said",
    label("lead_name", col(UnitRow.short_name)),
    col(LeadVerificationRow.opinion),
    col(LeadVerificationRow.claim),
    col(LeadVerificationRow.reason),
    col(LeadVerificationRow.sampled),
    col(LeadVerificationRow.given_by),
    col(LeadVerificationRow.given_at),
)
_WORDS = (
    select(col(LeadVerificationRow.report_id), _SAID)
    .join(UnitRow, col(UnitRow.id) == col(LeadVerificationRow.lead_unit_id))
    .where(col(LeadVerificationRow.report_id).in_(bindparam("ids", expanding=True)))
)


def lead_words(session: Session, report_ids: Collection[int | None]) -> dict[int, LeadSaid]:
    """Return what leads said of reports, by report."""
    return {id_: as_view(LeadSaid, said) for id_, said in session.execute(_WORDS, {"ids": list(report_ids)})}


def confirmed_by_leads(session: Session) -> list[ConfirmedByLead]:
    """Return what leads found true and the office has not decided, by lead and document, in official order."""
    lead = LeadVerificationRow
    row: Bundle[Any] = Bundle(  # Any: `ConfirmedRow` types it
        "row",
        label("report_id", col(ReportRow.id)),
        label("task_id", col(TaskRow.id)),
        col(ReportRow.filing_id),
        label("unit_name", col(UnitRow.short_name)),
        label("item_label", col(ItemRow.label)),
        label("item_title", col(ItemRow.title)),
        label("period_code", col(PeriodRow.code)),
        col(ReportRow.claim),
        col(lead.sampled),
    )
    wanted = (
        select(col(lead.lead_unit_id), col(DocumentRow.number), row)
        .select_from(ReportRow)
        .join(LeadVerificationRow, col(lead.report_id) == col(ReportRow.id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .join(UnitRow, col(UnitRow.id) == col(FilingRow.unit_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == col(FilingRow.period_id))
        .where(is_one_of(col(ReportRow.state), "filed"), col(lead.opinion) == LeadOpinion.STANDS.value)
        .order_by(col(TaskRow.document_id), col(TaskRow.id), col(UnitRow.official_order), col(ReportRow.id))
    )
    rows = session.execute(wanted).all()
    ids = [confirmed.report_id for _lead, _number, confirmed in rows]
    marked = marked_reports(session, ids)
    found: dict[tuple[int, str], list[ConfirmedRow]] = defaultdict(list)
    for lead_id, number, confirmed in rows:
        found[lead_id, number].append(as_view(ConfirmedRow, confirmed, marked=confirmed.report_id in marked))
    names = unit_names(session, {lead_id for lead_id, _number in found})
    ordered = sorted(found, key=lambda key: (list(names).index(key[0]), key[1]))
    return [ConfirmedByLead(names[key[0]], key[1], tuple(found[key])) for key in ordered]
