"""Figures of the running system, for the monitoring page: counts by state, never a person or a text."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from tracker.store.tables.events import ChainHeadRow, DeliveryRow, ReminderRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.series import FormRow


@dataclass(frozen=True, slots=True)
class StateCount:
    what: str
    state: str
    count: int


def state_counts(session: Session) -> list[StateCount]:
    """Return how many deliveries, reminders, rows and reports are in each state."""
    kinds = {
        "delivery": col(DeliveryRow.state),
        "reminder": col(ReminderRow.state),
        "row": col(FormRow.state),
        "report": col(ReportRow.state),
    }
    return [
        StateCount(what, state, count)
        for what, column in kinds.items()
        for state, count in session.execute(select(column, func.count()).group_by(column).order_by(column))
    ]


def events_recorded(session: Session) -> int:
    return int(session.execute(select(func.max(col(ChainHeadRow.seq)))).scalar_one() or 0)
