"""In which order reports speak: by the day as of which, then by when they were written."""

from collections.abc import Callable
from datetime import date, datetime

from tracker.domain.calendar import local_day
from tracker.domain.filings import day_spoken_of
from tracker.store.history.state import PastPeriod, PastReport, State


def period_of(state: State, report: PastReport) -> PastPeriod | None:
    """Return the period of whose form a report is a row; None of one that is told on no form."""
    row = state.rows.get(report.row_id or 0)
    return state.periods.get(row.period_id) if row is not None else None


def in_order(state: State) -> Callable[[PastReport], tuple[date, datetime, int]]:
    """Return by what the reports of a state are sorted.

    What is said of a period after a later one was reported on, as a late correction, does not overtake that.
    """

    def key(report: PastReport) -> tuple[date, datetime, int]:
        period = period_of(state, report)
        spoken_of = day_spoken_of(local_day(report.at), period.ends_on if period is not None else None)
        return spoken_of, report.at, report.report_id

    return key
