"""Two leads become one, and what each said of the work differs: the weaker word rules until the successor speaks."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.filings import ReportKind, ReportState
from tracker.domain.items import AssignmentRole
from tracker.domain.progress import LeadFacts, rank_of_word
from tracker.store.queries.work import words_of_leads
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.tasks import AssignmentRow

_SAID = (ReportState.FILED.value, ReportState.ACCEPTED.value, ReportState.RETURNED.value)
_SILENT = rank_of_word(LeadFacts())


def stronger_words(session: Session, share: AssignmentRow, kept: AssignmentRow, *, at: datetime) -> list[int]:
    """Set aside what the one of two leads said that says more than the other; return the ids of these reports.

    The class of the task stays what it was with two leads. What a share said before it was let go is set aside for
    what the one that goes up in it says now.
    """
    if share.role != AssignmentRole.LEAD.value or kept.role != AssignmentRole.LEAD.value:
        return []
    ranks = {id_: rank_of_word(said) for id_, said in words_of_leads(session, share.task_id, now=at).items()}
    moved, there = ranks.get(share.id or 0, _SILENT), ranks.get(kept.id or 0, _SILENT)
    if moved == there:
        return []
    stronger = share if moved > there else kept
    news = (col(ReportRow.kind) == ReportKind.UPDATE.value) & (
        col(ReportRow.state) == ReportState.AWAITING_SIGN_OFF.value
    )
    reports = select(ReportRow).where(
        col(ReportRow.assignment_id) == stronger.id,
        col(ReportRow.by_lead).is_not(False),
        col(ReportRow.set_aside).is_(False),
        col(ReportRow.state).in_(_SAID) | news,
    )
    found = session.scalars(reports.order_by(col(ReportRow.id))).all()
    for report in found:
        report.set_aside = True
    return [report.id or 0 for report in found]
