"""What a unit has under way already is not handed in a second time."""

from collections.abc import Collection

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.filings import AlreadyUnderway, FilingState, ReportKind
from tracker.domain.jottings import FormSent
from tracker.store.queries.form_views import UNDECIDED
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.tasks import AssignmentRow


def refuse_second_envelope(session: Session, *, period_id: int) -> None:
    """Refuse a form of which an envelope waits for the head of the unit. Raises FormSent."""
    underway = select(col(FilingRow.written_by), col(FilingRow.written_at)).where(
        col(FilingRow.period_id) == period_id, col(FilingRow.state) == FilingState.AWAITING_SIGN_OFF.value
    )
    if (found := session.execute(underway).first()) is not None:
        raise FormSent(by=found.written_by, sent_at=found.written_at)


def refuse_second_completion(session: Session, assignment: AssignmentRow) -> None:
    """Refuse a request to be done while another of the share is not decided. Raises AlreadyUnderway."""
    if completing_shares(session, [assignment.id or 0]):
        raise AlreadyUnderway()


def completing_shares(session: Session, assignment_ids: Collection[int]) -> frozenset[int | None]:
    """Return which of the shares have asked to be done, in a form or outside, and are not decided."""
    underway = select(col(ReportRow.assignment_id)).where(
        col(ReportRow.assignment_id).in_(assignment_ids),
        col(ReportRow.kind) == ReportKind.COMPLETION.value,
        col(ReportRow.state).in_(UNDECIDED),
    )
    return frozenset(session.scalars(underway)) if assignment_ids else frozenset()
