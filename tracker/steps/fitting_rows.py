"""The rows of a duty are fitted to the windows that it has now: asked for again, moved, ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from tracker.domain.cadences import RHYTHMS
from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.owed import ROW_ENDED, RowState
from tracker.domain.series import RowDuty
from tracker.domain.windows import RowWindow
from tracker.steps.asked_windows import rows_of
from tracker.steps.resetting import Act, disputed_since, take_up_again, tell_reset
from tracker.steps.settling import settle_rows
from tracker.store.queries.form_views import waits_in_time
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow

# What ended by another deadline or another end of a plan is owed again where that comes back.
PLAN_END_CORRECTED = "plan_end_corrected"
MOVED_ENDS = frozenset({PLAN_END_CORRECTED, "deadline_changed", "question_answered"})
_ENDED = frozenset(state.value for state in ROW_ENDED)
_UNREPORTED = frozenset({RowState.WAIVED.value, RowState.MISSED.value})


@dataclass(frozen=True, slots=True)
class KeptDuty:
    """A duty that exists, with what is wanted of it now; `moved` where its deadline changed or it begins anew.

    `resumed` where it had ended on the day on which it is asked for again; `asked` where a rhythm was asked for;
    `old_until` is the deadline before.
    """

    row: DutyRow
    wanted: RowDuty
    anew: bool
    moved: bool
    resumed: bool
    asked: bool
    old_until: date | None

    @property
    def moves_whole(self) -> bool:
        """Whether a deadline or the document's end makes the windows, no calendar does: they follow where it moves."""
        return RHYTHMS[self.wanted.form.kind].spans is None

    def deadline_passed(self, today: date) -> bool:
        """Whether the deadline before was over: of what the calendar makes nobody was asked since."""
        passed = self.old_until is not None and self.old_until < today
        return passed and not self.anew and not self.moves_whole


def fit_rows(session: Session, duty: KeptDuty, windows: Sequence[RowWindow], *, act: Act) -> None:
    by_code = {row.window.code: row for row in windows}
    last_on = max((row.window.starts_on for row in windows), default=date.min)
    completion_elsewhere = any(row.final for row in windows)
    follows = duty.wanted.until is not None or (duty.moves_whole and not duty.anew)
    closed = completion_elsewhere or (follows and bool(windows))
    for row, period in rows_of(session, duty.row):
        window = by_code.get(period.code)
        if duty.resumed and window is not None:
            take_up_again(session, row, period, act=act)
        if window is not None:
            _fit(session, row, period, window, duty=duty, act=act)
        elif row.state != RowState.OPEN.value:
            continue
        elif (row.final and completion_elsewhere) or (closed and duty.moves_whole):
            _give_way(session, row, period, duty.wanted, act=act)
        elif closed and period.starts_on > last_on:
            settle_passed(session, row, period, act=act)
        elif duty.asked or row.pending_at is not None or (row.due_at is not None and row.due_at > act.at):
            continue
        elif duty.anew:
            settle_rows(session, [row], RowState.WAIVED, cause=act.cause, reason=act.reason, actor=act.actor, at=act.at)


def _give_way(session: Session, row: FormRow, period: PeriodRow, duty: RowDuty, *, act: Act) -> None:
    """End a row whose form belongs to an earlier deadline or end: the form of the present one asks for it.

    What was overdue stays 漏报 unless the new deadline lies ahead: only that gives more time.
    """
    if _is_ahead(duty, act=act):
        settle_rows(session, [row], RowState.WAIVED, cause=act.cause, reason=act.reason, actor=act.actor, at=act.at)
    else:
        settle_passed(session, row, period, act=act)


def _fit(session: Session, row: FormRow, period: PeriodRow, window: RowWindow, *, duty: KeptDuty, act: Act) -> None:
    """Open an ended row again where the window asks for it anew; move an open one with the deadline."""
    due_at = end_of_day(window.due_on) if window.due_on else None
    overdue = row.state == RowState.OPEN.value and _is_overdue(row, period, act=act)
    if _is_asked_again(row, period, window, duty=duty, at=act.at):
        row.state, row.settled_by, row.pending_at = (
            RowState.OPEN.value,
            None,
            disputed_since(session, row.assignment_id),
        )
    elif row.state != RowState.OPEN.value or not _changes(row, window, due_at, moved=duty.moved):
        return
    if overdue and not (window.final and _is_ahead(duty.wanted, act=act)):
        due_at = row.due_at  # only a decision for the future gives an overdue row more time
    elif not window.final:
        due_at = _ordinary_due(period, act=act)
    row.final, row.due_at = window.final, due_at
    tell_reset(session, row, period, act=act)


def _changes(row: FormRow, window: RowWindow, due_at: datetime | None, *, moved: bool) -> bool:
    """Tell whether an open row becomes final or ordinary, or its completion moves; other moments are left alone."""
    return row.final != window.final or (window.final and moved and row.due_at != due_at)


def _is_asked_again(row: FormRow, period: PeriodRow, window: RowWindow, *, duty: KeptDuty, at: datetime) -> bool:
    """A completion is asked for again whatever became of it; another row only where nobody has filed the form.

    A deadline that comes back asks in the row that had given way to another deadline's, a plan's end likewise; of
    windows that the calendar makes, not in one that is over, since nobody was asked then.
    """
    if window.final and row.state in _ENDED:
        return duty.anew or not row.final or (duty.moved and row.state in _UNREPORTED)
    comes_back = duty.anew or (row.settled_by in MOVED_ENDS and (duty.moves_whole or period.due_at > at))
    return comes_back and row.state == RowState.WAIVED.value and period.frozen_at is None


def _ordinary_due(period: PeriodRow, *, act: Act) -> datetime | None:
    """A row that no longer asks for the completion follows its period, but an act of the office makes nobody late."""
    if period.due_at > act.at:
        return None
    return end_of_day(act.by.calendar.add_workdays(local_day(act.at), act.by.policy.arrears_workdays))


def settle_passed(session: Session, row: FormRow, period: PeriodRow, *, act: Act) -> None:
    state = RowState.MISSED if _is_overdue(row, period, act=act) else RowState.WAIVED
    settle_rows(session, [row], state, cause=act.cause, reason=act.reason, actor=act.actor, at=act.at)


def _is_overdue(row: FormRow, period: PeriodRow, *, act: Act) -> bool:
    """Tell whether an act finds a row overdue: of suspended work nothing is."""
    due_at = row.due_at or period.due_at
    return not act.paused and row.required and not waits_in_time(row, due_at) and due_at <= act.at


def _is_ahead(duty: RowDuty, *, act: Act) -> bool:
    return duty.until is None or duty.until >= local_day(act.at)
