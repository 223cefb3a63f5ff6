"""Ask for the completion where a report on something else was accepted in the row that would have asked for it.

The office may move a deadline into a window whose report waits for the head or for its own review: that report was
written before, and says nothing of the completion. Nobody is late with what he was not asked while it waited.
"""

from datetime import datetime

from sqlmodel import Session

from tracker.domain.accounts import SYSTEM
from tracker.domain.calendar import end_of_day
from tracker.domain.filings import after_refusal
from tracker.domain.owed import RowState
from tracker.domain.windows import Reckoning
from tracker.steps.growing import windows_of
from tracker.steps.holding import hold_shares_again
from tracker.steps.locking import lock_growth
from tracker.steps.resetting import Act, disputed_since, tell_reset
from tracker.store.queries.demands import document_frames
from tracker.store.queries.duties import live_duties
from tracker.store.queries.unasked import unasked_rows
from tracker.store.reckoning import reckon
from tracker.store.tables.series import FormRow, PeriodRow

COMPLETION_ASKED = "completion_asked"
_BATCH = 25


def ask_for_completions(session: Session, *, now: datetime, by: Reckoning, limit: int = _BATCH) -> int:
    """Let at most `limit` rows ask for the completion that were accepted as reports on something else; return how many.

    Each is due by the completion's own moment or, where that is later, at the end of the grace after a decision.
    Idempotent. Records RowsReset and RowsHeld.
    """
    reckon(session)
    series_ids = sorted({series_id for _row, series_id in unasked_rows(session, limit=limit)})
    if not series_ids:
        return 0
    lock_growth(session, series_ids)
    act = Act(cause=COMPLETION_ASKED, actor=SYSTEM, at=now, by=by)
    # Asked again under the locks: while this pass waited, another act may have moved the deadline once more.
    found = [row for row, series_id in unasked_rows(session, limit=limit) if series_id in series_ids]
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
