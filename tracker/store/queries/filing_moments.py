"""By when envelopes must leave their units: the earliest moment of the rows that they carry, not that of their form."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, label, select
from sqlmodel import Session, col

from tracker.domain.calendar import end_of_day
from tracker.domain.filings import FilingState, ReportState
from tracker.domain.inquiries import AskedState
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.inquiries import AskedRow, InquiryRow
from tracker.store.tables.series import FormRow, PeriodRow

_WANTED = (AskedState.OPEN.value, AskedState.ANSWERED.value)


def moments_of_filings(
    session: Session, filing_ids: Collection[int], *, but: Collection[int] = ()
) -> dict[int, datetime]:
    """Return the earliest moment of the rows in each envelope; what is outside forms has none but the day of an answer.

    A correction is due by its own day, also once it was filed: then the report that it mends still tells which. What
    stayed with its unit when the rest left is not counted, nor are the reports in `but`, which would stay.
    """
    rows = session.execute(
        select(
            col(ReportRow.filing_id),
            label("report_id", col(ReportRow.id)),
            col(ReportRow.row_id),
            col(FormRow.correction_due_at),
            func.coalesce(col(FormRow.due_at), col(PeriodRow.due_at)).label("due_at"),
        )
        .join(FormRow, col(FormRow.id) == col(ReportRow.row_id))
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .where(
            col(ReportRow.filing_id).in_(list(filing_ids)),
            col(ReportRow.id).not_in(list(but)),
            (col(ReportRow.state) != ReportState.WITHDRAWN.value) | (col(FilingRow.state) != FilingState.FILED.value),
        )
    ).all()
    mended = _mended(session, {row.row_id for row in rows})
    found = _answers(session, filing_ids)
    for row in rows:
        days = [moment for earlier_id, moment in mended.get(row.row_id, ()) if earlier_id < row.report_id]
        moment = row.correction_due_at or (days[-1] if days else row.due_at)
        found[row.filing_id] = min(moment, found.get(row.filing_id, moment))
    return found


def _answers(session: Session, filing_ids: Collection[int]) -> dict[int, datetime]:
    """Return by when envelopes must leave that answer a question 「协办」 or an instruction: the end of its day.

    What was withdrawn, decided or has ended is wanted by no day.
    """
    wanted = (
        select(col(ReportRow.filing_id), func.min(col(InquiryRow.answer_by)))
        .join(AskedRow, col(AskedRow.id) == col(ReportRow.answers_id))
        .join(InquiryRow, col(InquiryRow.id) == col(AskedRow.inquiry_id))
        .where(col(ReportRow.filing_id).in_(list(filing_ids)), col(AskedRow.state).in_(_WANTED))
        .group_by(col(ReportRow.filing_id))
    )
    return {filing_id: end_of_day(answer_by) for filing_id, answer_by in session.execute(wanted)}


def _mended(session: Session, row_ids: set[int]) -> dict[int, list[tuple[int, datetime]]]:
    """Return the returned reports of rows with the moments of their corrections, the earliest first."""
    found: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    rows = session.execute(
        select(col(ReportRow.row_id), col(ReportRow.id), col(ReportRow.correct_by))
        .where(col(ReportRow.row_id).in_(row_ids), col(ReportRow.correct_by).is_not(None))
        .order_by(col(ReportRow.id))
    )
    for row_id, report_id, correct_by in rows:
        found[row_id].append((report_id, end_of_day(correct_by)))
    return found
