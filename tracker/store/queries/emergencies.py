"""Whether an event tells of an emergency clock: what is said about one waits for no quiet hours."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from tracker.domain.cadences import EMERGENCY
from tracker.domain.events.base import Event
from tracker.domain.events.forms import DueMoved
from tracker.domain.events.reports import FilingStopped, ReportSentBack, ReportsStayed, ReportVerified
from tracker.domain.events.requests import RequestGranted, RequestRefused
from tracker.domain.events.triggers import TriggerEnded, TriggerRecorded
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.filings import FilingRow
from tracker.store.tables.series import OPEN_ROW, FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow


def is_of_emergency() -> ColumnElement[bool]:
    """Select the rows of a clock that nothing stops: no review, no dispute and no request for more time."""
    clock = (
        select(col(PeriodRow.id))
        .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
        .where(
            col(PeriodRow.id) == col(FormRow.period_id),
            col(SeriesRow.trigger_id).is_not(None),
            is_one_of(col(SeriesRow.kind), *sorted(EMERGENCY)),
        )
    )
    return clock.exists()


def tells_of_emergency(session: Session, event: Event, *, at: datetime) -> bool:
    """Tell whether an event of a time is about an emergency clock.

    Where it names an occurrence, a form or rows of one, the rhythm of their series decides; where it names a task only,
    whether such a clock of it was running then.
    """
    about = _named(event)
    if about is None and event.task_id is not None:
        about = _running(event.task_id, at=at)
    if about is None:
        return False
    found = (
        select(col(SeriesRow.id))
        .join(PeriodRow, col(PeriodRow.series_id) == col(SeriesRow.id))
        .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
        .where(about, is_one_of(col(SeriesRow.kind), *sorted(EMERGENCY)))
        .limit(1)
    )
    return session.execute(found).first() is not None


def _named(event: Event) -> ColumnElement[bool] | None:
    """Return the condition for what an event names; None where it names neither an occurrence nor a form."""
    match event:
        case RequestGranted(rows=rows) | RequestRefused(rows=rows) if rows:
            return col(FormRow.id).in_(rows)
        case DueMoved(row_id=int(id_)) | ReportVerified(row_id=int(id_)) | ReportSentBack(row_id=int(id_)):
            return col(FormRow.id) == id_
        case DueMoved(period_id=int(id_)) | ReportsStayed(period_id=int(id_)):
            return col(PeriodRow.id) == id_
        case TriggerRecorded(trigger_id=id_) | TriggerEnded(trigger_id=id_):
            return col(SeriesRow.trigger_id) == id_
        case FilingStopped(filing_id=id_) | ReportsStayed(filing_id=id_):
            return col(PeriodRow.id).in_(select(col(FilingRow.period_id)).where(col(FilingRow.id) == id_))
    return None


def _running(task_id: int, *, at: datetime) -> ColumnElement[bool]:
    """Return the condition for rows of a task that were live at a time; an act of that time may have ended them."""
    shares = select(col(AssignmentRow.id)).where(col(AssignmentRow.task_id) == task_id)
    live = is_one_of(col(FormRow.state), *OPEN_ROW) | (func.coalesce(col(FormRow.due_at), col(PeriodRow.due_at)) > at)
    return col(FormRow.assignment_id).in_(shares) & live
