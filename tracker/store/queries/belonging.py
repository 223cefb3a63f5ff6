"""What belongs together: two ids of one address, each of which may be somebody else's; an envelope and its document."""

from sqlalchemy import ScalarSelect, func, select
from sqlmodel import Session, col

from tracker.domain.errors import NotFound
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


def check_share_of_task(session: Session, task_id: int, *, assignment_id: int) -> None:
    """Raises NotFound where the share is none of the task's."""
    found = select(col(AssignmentRow.task_id)).where(col(AssignmentRow.id) == assignment_id)
    if session.execute(found).scalar_one_or_none() != task_id:
        raise NotFound()


def check_report_of_task(session: Session, task_id: int, *, report_id: int) -> None:
    """Raises NotFound where the report is not on a share of the task."""
    share = select(col(AssignmentRow.task_id)).join(ReportRow, col(ReportRow.assignment_id) == col(AssignmentRow.id))
    if session.execute(share.where(col(ReportRow.id) == report_id)).scalar_one_or_none() != task_id:
        raise NotFound()


def document_of_report() -> ScalarSelect[int]:
    """Return the document of an envelope outside forms, which is that of its report, beside the `filing` selected."""
    return (
        select(func.min(col(TaskRow.document_id)))
        .select_from(ReportRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(col(ReportRow.filing_id) == col(FilingRow.id))
        .correlate(FilingRow)
        .scalar_subquery()
    )
