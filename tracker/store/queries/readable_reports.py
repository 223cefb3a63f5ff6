"""Which reports somebody may read, with their files: one condition for pages, lists and downloads."""

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlmodel import col

from tracker.domain.accounts import EveryUnit, Scope
from tracker.store.queries.leads import tasks_led_by
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.inquiries import AskedRow, InquiryRow
from tracker.store.tables.tasks import AssignmentRow

# What a reply is called that answers no lead.
ANSWERS_A_LEADER = "instruction"
LEFT_THE_UNIT = ("filed", "accepted", "returned")
_NEWS = "update"
_FOR_THE_LEAD = (_NEWS, "reply")


def readable_reports(unit_ids: Scope) -> ColumnElement[bool]:
    """Return the condition on reports, joined with their filings and shares, that selects what a scope reads.

    The office reads what has left its unit, and news before it is signed; a unit its own, and as a lead of the task
    also the news and the replies of the others, but for what these answer a leader's instruction.
    """
    unsigned_news = and_(col(ReportRow.kind) == _NEWS, col(ReportRow.state) == "awaiting_sign_off")
    told = or_(col(ReportRow.state).in_(LEFT_THE_UNIT), unsigned_news)
    if isinstance(unit_ids, EveryUnit):
        return told
    led = col(AssignmentRow.task_id).in_(tasks_led_by(unit_ids))
    for_leads = and_(told, col(ReportRow.kind).in_(_FOR_THE_LEAD), led, ~_answers_a_leader())
    return or_(col(FilingRow.unit_id).in_(list(unit_ids)), for_leads)


def name_of_report() -> ColumnElement[str]:
    """Return the kind of a report, of a reply that answers a leader 「批示」 `ANSWERS_A_LEADER`."""
    return case(
        (and_(col(ReportRow.answers_id).is_not(None), _answers_a_leader()), ANSWERS_A_LEADER), else_=col(ReportRow.kind)
    )


def reason_for_lacking() -> ColumnElement[str]:
    """Return why a report, joined with its filing, lacks mandatory evidence; one of before has what its form said."""
    return func.coalesce(col(ReportRow.evidence_reason), col(FilingRow.evidence_reason)).label("evidence_reason")


def _answers_a_leader() -> ColumnElement[bool]:
    asked = (
        select(col(AskedRow.id))
        .join(InquiryRow, col(InquiryRow.id) == col(AskedRow.inquiry_id))
        .where(col(AskedRow.id) == col(ReportRow.answers_id), col(InquiryRow.instruction_id).is_not(None))
    )
    return asked.correlate(ReportRow).exists()
