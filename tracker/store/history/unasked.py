"""Why rows of forms were not asked for at a cut-off, by the acts that the log names."""

from collections.abc import Iterator

from tracker.domain.circulars.unasked import Unasked
from tracker.domain.owed import PeriodView, RowState, RowView
from tracker.store.history.state import PastRow, State
from tracker.wording.endings import (
    ASKED_FOR_MORE,
    HELD_BY_COMPLETION,
    moved_words,
    no_longer_asked,
    no_longer_carried_out,
)

_WITHOUT_ACCEPTANCE = frozenset({RowState.MISSED, RowState.WAIVED, RowState.STANDS})


def unasked_rows(state: State, period: PeriodView) -> Iterator[Unasked]:
    """Yield the rows of a form that nobody waited for, each with its recorded reason."""
    for row in period.rows:
        words = _why(state, row, state.rows[row.row_id])
        if words:
            yield Unasked(row.row_id, words, missed=row.state is RowState.MISSED)


def _why(state: State, row: RowView, past: PastRow) -> str:
    if row.state in _WITHOUT_ACCEPTANCE:
        return no_longer_asked(past.ended_by)
    if not row.live:
        share, task = state.shares.get(past.assignment_id or 0), state.tasks.get(past.task_id or 0)
        return no_longer_carried_out(share.state, task.state) if share is not None and task is not None else ""
    if row.asked:
        return ASKED_FOR_MORE
    if row.held:
        return HELD_BY_COMPLETION
    later = row.moment is not None and row.moment > state.until.as_of
    return moved_words(past.moved_by) if later and past.moved_by else ""
