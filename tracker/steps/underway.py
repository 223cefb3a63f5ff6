"""What a unit has under way already is not handed in a second time."""

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.filings import AlreadyUnderway, FilingState, ReportKind, ReportState
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.tasks import AssignmentRow


def refuse_second_envelope(session: Session, *, period_id: int) -> None:
    """Refuse a form of which an envelope waits for the head of the unit. Raises AlreadyUnderway."""
    underway = select(col(FilingRow.id)).where(
        col(FilingRow.period_id) == period_id, col(FilingRow.state) == FilingState.AWAITING_SIGN_OFF.value
    )
    if session.scalars(underway).first() is not None:
        raise AlreadyUnderway()


def refuse_second_completion(session: Session, assignment: AssignmentRow) -> None:
    """Refuse a request to be done while another of the share is not decided. Raises AlreadyUnderway."""
    underway = select(col(ReportRow.id)).where(
        col(ReportRow.assignment_id) == assignment.id,
        col(ReportRow.kind) == ReportKind.COMPLETION.value,
        col(ReportRow.state).in_([ReportState.AWAITING_SIGN_OFF.value, ReportState.FILED.value]),
    )
    if session.scalars(underway).first() is not None:
        raise AlreadyUnderway()
