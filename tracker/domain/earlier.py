"""Which earlier accounts a report on a later period of the same work ends as history 「漏报」."""

from collections.abc import Collection
from datetime import datetime

from tracker.domain.owed import PeriodView, RowState, RowView, SeriesView


def ended_by(
    series: SeriesView, period: PeriodView, *, tasks: Collection[int], under_way: Collection[int], now: datetime
) -> list[tuple[PeriodView, RowView]]:
    """Return the earlier narrative rows of `tasks`, unreported past their moment, each with its period.

    What is to be done each time stays owed. `under_way` are the rows of which an envelope waits for the head of the
    unit: they are being reported, late, and are no 漏报.
    """
    return [
        (earlier, row)
        for earlier in series.periods
        if earlier.due_at < period.due_at
        for row in earlier.rows
        if row.task_id in tasks
        and not row.act
        and row.state is RowState.OPEN
        and row.moment is not None
        and row.moment <= now
        and row.row_id not in under_way
    ]
