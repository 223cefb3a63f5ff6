"""Ask for the completion where a report on something else was accepted in the row that would have asked for it.

The office may move a deadline into a window whose report waits for the head or for its own review: that report was
written before, and says nothing of the completion. Nobody is late with what he was not asked while it waited.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.domain.accounts import SYSTEM
from tracker.domain.calendar import end_of_day
from tracker.domain.filings import ReportKind, ReportState, after_refusal
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TaskState
from tracker.domain.owed import RowState
from tracker.domain.windows import CLOSING, Reckoning
from tracker.steps.growing import windows_of
from tracker.steps.holding import hold_shares_again
from tracker.steps.locking import lock_growth
from tracker.steps.resetting import Act, disputed_since, tell_reset
from tracker.store.queries.demands import document_frames
from tracker.store.queries.duties import live_duties
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow

COMPLETION_ASKED = "completion_asked"
_BATCH = 25
_ASKABLE = (TaskState.ISSUED.value, TaskState.IN_PROGRESS.value, TaskState.RETURNED.value)
_STILL_ASKS = (RowState.OPEN.value, RowState.FILED.value, RowState.RETURNED.value)


def ask_for_completions(session: Session, *, now: datetime, by: Reckoning, limit: int = _BATCH) -> int:
    """Let at most `limit` rows ask for the completion that were accepted as reports on something else; return how many.

    Each is due by the completion's own moment or, where that is later, at the end of the grace after a decision.
    Idempotent. Records RowsReset and RowsHeld.
    """
    session.flush()
    series_ids = sorted({series_id for _row, series_id in _unasked(session, limit=limit)})
    lock_growth(session, series_ids)
    act = Act(cause=COMPLETION_ASKED, actor=SYSTEM, at=now, by=by)
    # Asked again under the locks: while this pass waited, another act may have moved the deadline once more.
    found = [row for row, series_id in _unasked(session, limit=limit) if series_id in series_ids]
    for row in found:
        _ask(session, row, act=act)
    hold_shares_again(session, (row.assignment_id or 0 for row in found), actor=SYSTEM, at=now)
    return len(found)


def _ask(session: Session, row: FormRow, *, act: Act) -> None:
    period = session.get_one(PeriodRow, row.period_id)
    [duty] = [one for one in live_duties(session, [period.series_id]) if one.assignment_id == row.assignment_id]
    frame, filing_on = document_frames(session, {duty.document_id})[duty.document_id]
    windows = windows_of(duty, frame, today=period.ends_on, by=act.by, filing_on=filing_on)
    asked = next((one for one in windows if one.final), None)
    moment = end_of_day(asked.due_on or asked.window.due_on) if asked is not None else row.due_at or period.due_at
    grace = act.by.policy.decision_grace_workdays
    row.due_at = after_refusal(moment, now=act.at, calendar=act.by.calendar, grace_workdays=grace)
    row.state, row.final, row.settled_by = RowState.OPEN.value, True, None
    row.pending_at = disputed_since(session, row.assignment_id)
    tell_reset(session, row, period, act=act)


def _unasked(session: Session, *, limit: int) -> list[tuple[FormRow, int]]:
    """Find accepted rows of the windows that hold a deadline by which nothing asks their share for the completion."""
    wanted = (
        select(FormRow, col(PeriodRow.series_id))
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .join(
            DutyRow,
            (col(DutyRow.series_id) == col(PeriodRow.series_id))
            & (col(DutyRow.assignment_id) == col(FormRow.assignment_id)),
        )
        .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(
            is_one_of(col(TaskRow.state), *_ASKABLE),
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
            col(DutyRow.completes).is_(True),
            col(DutyRow.ended_at).is_(None),
            col(DutyRow.until_on) >= col(PeriodRow.starts_on),
            col(DutyRow.until_on) <= col(PeriodRow.ends_on),
            col(FormRow.state) == RowState.ACCEPTED.value,
            _was_accepted(ReportKind.PROGRESS),
            ~_was_accepted(ReportKind.COMPLETION),
            ~_another_row_asks(),
        )
        .order_by(col(FormRow.id))
        .limit(limit)
    )
    return [(row, series_id) for row, series_id in session.execute(wanted).all()]


def _was_accepted(kind: ReportKind) -> ColumnElement[bool]:
    return exists().where(
        col(ReportRow.row_id) == col(FormRow.id),
        col(ReportRow.state) == ReportState.ACCEPTED.value,
        col(ReportRow.kind) == kind.value,
    )


def _another_row_asks() -> ColumnElement[bool]:
    other, its_period = aliased(FormRow), aliased(PeriodRow)
    return exists(
        select(col(other.id))
        .join(its_period, col(its_period.id) == col(other.period_id))
        .where(
            col(other.assignment_id) == col(FormRow.assignment_id),
            col(other.final).is_(True),
            col(other.state).in_(_STILL_ASKS),
            col(its_period.code) != CLOSING,
        )
    )
