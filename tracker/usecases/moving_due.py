"""The office moves the moment of one row, unasked."""

from datetime import date, datetime

from sqlmodel import Session

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.deadlines import due_day
from tracker.domain.entered import check_day_ahead
from tracker.domain.errors import NotFound, Rejected
from tracker.domain.events.forms import OFFICE
from tracker.domain.filings import NotAnExtension, NothingToExtend, check_reason
from tracker.domain.owed import RowState, earliest_moment
from tracker.steps.for_the_leader import LeaderDecides, is_past_printed_date
from tracker.steps.holding import hold_again
from tracker.steps.requests import lock_row
from tracker.steps.row_moments import moment_of, move_row
from tracker.store.queries.series import row_view
from tracker.store.tables.tasks import AssignmentRow, TaskRow


class DueBeforeOpening(Rejected):
    """A row is not due before its form takes reports; facts: opens_on."""

    code = "due_before_opening"


def move_due(session: Session, *, row_id: int, new_due_on: date, reason: str, actor: Actor, at: datetime) -> None:
    """Let the office move an owed row's moment, unasked and for the future, not to before its form takes reports.

    More time for a completion past a date that the document prints is the leader's to give. Records DueMoved.
    Raises NotYourTask, NotFound, NothingToExtend, NotAnExtension, DueBeforeOpening, LeaderDecides, ReasonRequired.
    """
    require_role(actor, Role.SUPERVISOR, Role.LEADER, act="decide_extension")
    reason = check_reason(reason)
    row = lock_row(session, row_id)
    if row is None:
        raise NotFound()
    if row.state not in (RowState.OPEN.value, RowState.RETURNED.value):
        raise NothingToExtend()
    since = max(local_day(at), due_day(moment_of(session, row)))
    if check_day_ahead(new_due_on, field="新时限", since=since) < local_day(at):
        raise NotAnExtension(due_on=local_day(at), new_due_on=new_due_on)
    new_due_at = end_of_day(new_due_on)
    period, seen = row_view(session, row_id=row_id)
    if new_due_at <= (opens_at := earliest_moment(period, seen, now=at)):
        raise DueBeforeOpening(opens_on=local_day(opens_at))
    if actor.role is not Role.LEADER and row.final and new_due_at > moment_of(session, row):
        share = session.get_one(AssignmentRow, row.assignment_id)
        if is_past_printed_date(session, session.get_one(TaskRow, share.task_id), new_due_on):
            raise LeaderDecides()
    move_row(session, row, new_due_at, cause=OFFICE, actor=actor, at=at, reason=reason)
    if row.assignment_id is not None:
        hold_again(session, session.get_one(AssignmentRow, row.assignment_id), actor=actor, at=at)
