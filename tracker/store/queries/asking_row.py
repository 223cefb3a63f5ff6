"""Which of the final rows of a share asks for the completion now."""

from collections.abc import Iterable
from datetime import date

from tracker.domain.owed import RowState
from tracker.store.tables.series import FormRow, PeriodRow


def asking_row(
    finals: Iterable[tuple[FormRow, PeriodRow]], *, deadline_on: date | None
) -> tuple[FormRow, PeriodRow] | None:
    """Return which of the final rows of a share that have not ended asks for the completion now.

    What was filed for an earlier deadline is decided, and corrected, in the row of that one, but dates nothing any
    more: an open row is of the present deadline, of others the one in whose window that lies, or the latest.
    """

    def present(pair: tuple[FormRow, PeriodRow]) -> tuple[bool, bool, date]:
        row, period = pair
        within = deadline_on is not None and period.starts_on <= deadline_on <= period.ends_on
        return row.state == RowState.OPEN.value, within, period.ends_on

    return max(finals, key=present, default=None)
