"""Facts of events as the fold reads them."""

from datetime import date, datetime

from tracker.store.history.log import Told
from tracker.store.history.state import PastRow, State


def day_told(words: str | None) -> date | None:
    return date.fromisoformat(words) if words else None


def time_told(words: str | None) -> datetime | None:
    return datetime.fromisoformat(words) if words else None


def row_told(state: State, told: Told) -> PastRow | None:
    """Return the row that an event speaks of, the event noted; None where it is not in the part that is folded."""
    row = state.rows.get(told.facts["row_id"] or 0)
    if row is not None:
        row.events.append(told.seq)
    return row


def rows_told(state: State, told: Told) -> list[PastRow]:
    found = [state.rows[row_id] for row_id in told.facts["rows"] if row_id in state.rows]
    for row in found:
        row.events.append(told.seq)
    return found


def correct_anew(state: State, told: Told, correct_by: date | None) -> None:
    """Give the completions that an event names, of which no row is corrected, another last day for that."""
    for report_id in told.facts.get("reports", ()):
        if report_id in state.reports:
            state.reports[report_id].correct_by = correct_by
