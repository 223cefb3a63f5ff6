"""What only the leader decides: more time a second time, or past a date that the document prints."""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.deadlines import due_day
from tracker.domain.errors import Rejected
from tracker.domain.filings import RequestState
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.series import FormRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


class LeaderDecides(Rejected):
    """A second extension, or one past a printed date, is the leader's to decide."""

    code = "leader_decides"


def is_for_the_leader(session: Session, row: FormRow, task: TaskRow, new_due_on: date) -> bool:
    """Say whether more time for a row is the leader's to grant: a second time, or a completion past a printed date."""
    before = select(col(RequestRow.id)).where(
        col(RequestRow.row_id) == row.id, col(RequestRow.state) == RequestState.GRANTED.value
    )
    if session.scalars(before).first() is not None:
        return True
    return row.final and is_past_printed_date(session, task, new_due_on)


def pass_to_the_leader(session: Session, row: FormRow) -> None:
    """Give the leader those undecided extensions of a row that are his now: a merger makes one row of two."""
    session.flush()
    asked = (
        select(RequestRow, TaskRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(RequestRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(
            col(RequestRow.row_id) == row.id,
            col(RequestRow.state) == RequestState.PENDING.value,
            col(RequestRow.new_due_at).is_not(None),
        )
        .order_by(col(RequestRow.id))
    )
    for request, task in session.execute(asked).all():
        wanted = due_day(request.new_due_at)
        request.by_leader = request.by_leader or is_for_the_leader(session, row, task, wanted)


def is_past_printed_date(session: Session, task: TaskRow, day: date) -> bool:
    """Say whether a day lies after the deadline that the document prints for a task, or after its printed expiry."""
    printed = session.get_one(ItemRow, task.item_id).deadline_on
    ends_on = session.get_one(DocumentRow, task.document_id).expires_on
    return any(last is not None and day > last for last in (printed, ends_on))
