"""How long lasting and irregular work has been silent: quarters in a row of which no fact was told."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.domain.claims import Claim
from tracker.domain.filings import ReportState
from tracker.domain.owed import RowState
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.series import FormRow, PeriodRow

# A row with its window.
Asked = tuple[FormRow, PeriodRow]
_NOT_ASKED = RowState.WAIVED.value


def lasting_rows(session: Session, assignment_ids: Iterable[int]) -> dict[int, list[Asked]]:
    """Return the rows of lasting and irregular work of each share, ended ones too, in order of time."""
    found: dict[int, list[Asked]] = defaultdict(list)
    wanted = (
        select(FormRow, PeriodRow)
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .where(col(FormRow.assignment_id).in_(list(assignment_ids)), col(FormRow.soft).is_(True))
        .order_by(col(PeriodRow.due_at), col(FormRow.id))
    )
    for row, period in session.execute(wanted):
        found[row.assignment_id].append((row, period))
    return found


def silent_quarters(asked: Sequence[Asked], reports: Sequence[ReportRow], *, now: datetime) -> int:
    """Count the last windows in a row of which nothing but silence or 「无实事」 came.

    A window counts once it was reported on or its moment is past; a fact told at any time within it breaks the row,
    and one that was waived is left out.
    """
    facts = [report for report in reports if _tells_a_fact(report)]
    told = {report.row_id for report in facts}
    news = [local_day(report.written_at) for report in facts if report.row_id is None]
    silent = 0
    for row, period in reversed(asked):
        moment = row.due_at or period.due_at
        if row.state == _NOT_ASKED or (row.filed_at is None and moment > now):
            continue
        if row.id in told or any(period.starts_on <= day <= period.ends_on for day in news):
            break
        silent += 1
    return silent


def _tells_a_fact(report: ReportRow) -> bool:
    said = report.verified_claim or report.claim
    return said not in (None, Claim.ONGOING_QUIET.value) and report.state != ReportState.RETURNED.value
