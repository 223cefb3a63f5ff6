"""Whether two ids of one address belong together: each is looked up by itself, and may be somebody else's."""

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.errors import NotFound
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.tasks import AssignmentRow


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
