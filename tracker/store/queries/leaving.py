"""What of envelopes can leave their unit as things stand, and which words that stayed are written on."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from sqlalchemy import bindparam, label, select
from sqlmodel import Session, col

from tracker.domain.filings import ReportKind
from tracker.domain.inquiries import AskedState
from tracker.domain.leaving import Leaving, stays_because
from tracker.domain.lifecycle import AssignmentState, TaskState
from tracker.domain.owed import ROW_ENDED, RowState
from tracker.store.queries.form_parts import Report
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.inquiries import AskedRow
from tracker.store.tables.series import FormRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow

_STANDINGS = (
    select(
        col(ReportRow.filing_id),
        label("report_id", col(ReportRow.id)),
        col(ReportRow.kind),
        label("row_state", col(FormRow.state)),
        col(FormRow.settled_by),
        label("share_state", col(AssignmentRow.state)),
        label("task_state", col(TaskRow.state)),
        label("asked", col(AskedRow.state)),
    )
    .outerjoin(AskedRow, col(AskedRow.id) == col(ReportRow.answers_id))
    .outerjoin(FormRow, col(FormRow.id) == col(ReportRow.row_id))
    .outerjoin(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
    .outerjoin(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
    .where(col(ReportRow.filing_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(ReportRow.id))
)


def what_leaves(session: Session, filing_ids: Collection[int]) -> dict[int, Leaving]:
    """Return for each envelope which of its reports can leave now; ticks are reports too."""
    stays: dict[int, dict[int, str | None]] = {id_: {} for id_ in filing_ids}
    for line in session.execute(_STANDINGS, {"ids": list(filing_ids)}):
        stays[line.filing_id][line.report_id] = stays_because(
            ReportKind(line.kind),
            row=RowState(line.row_state) if line.row_state else None,
            settled_by=line.settled_by,
            share=AssignmentState(line.share_state) if line.share_state else None,
            task=TaskState(line.task_state) if line.task_state else None,
            wanted=line.asked == AskedState.OPEN.value,
        )
    return {id_: _parted(causes) for id_, causes in stays.items()}


def _parted(causes: Mapping[int, str | None]) -> Leaving:
    leave = frozenset(report_id for report_id, cause in causes.items() if cause is None)
    return Leaving(leave, {report_id: cause for report_id, cause in causes.items() if cause is not None})


def words_to_carry(session: Session, reports: Mapping[int, Iterable[Report]]) -> dict[int, Report]:
    """Return by share what was written last on a row that ended before it left the unit, given the latest first.

    It is written on in the next row of the share. As a claim it holds for its own row only where the next asks for the
    same, which the reader of `kind` tells.
    """
    last = {
        share_id: found
        for share_id, told in reports.items()
        if (found := next((report for report in told if report.row_id is not None), None)) is not None
        and found.state in ("withdrawn", "sent_back")
    }
    ended = set(
        session.scalars(
            select(col(FormRow.id)).where(
                col(FormRow.id).in_([report.row_id for report in last.values()]),
                col(FormRow.state).in_([state.value for state in ROW_ENDED]),
            )
        )
    )
    return {share_id: report for share_id, report in last.items() if report.row_id in ended}


def carried_into(report: Report, *, final: bool) -> Report:
    """Return words of an ended row as they begin another: a claim of another kind of row is not carried."""
    same = (report.kind == ReportKind.COMPLETION.value) == final
    return report if same else replace(report, claim=None, outcome=None)
