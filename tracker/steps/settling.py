"""Rows end with what they are about, in the same transaction: nothing of an ended task or share stays owed."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.events.forms import CorrectionEnded, RowSettled
from tracker.domain.filings import CorrectionOutcome
from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_GOES_ON, TaskState
from tracker.domain.owed import RowState
from tracker.steps.inquiries import end_inquiries
from tracker.steps.mooting import moot_requests, moot_requests_of
from tracker.store import event_log
from tracker.store.queries.form_views import OPEN_ROWS, waits_in_time
from tracker.store.tables.filings import CorrectionRow
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow

_IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
# What is asked for each task that ends; where a document lapses these are many.
_STILL_OPEN = (
    select(FormRow, PeriodRow, col(TaskRow.state))
    .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
    .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
    .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
    .where(col(FormRow.assignment_id).in_(_IDS), col(FormRow.state).in_(OPEN_ROWS))
    .order_by(col(FormRow.id))
    .with_for_update(of=FormRow)
)
_DUTIES = select(DutyRow).where(col(DutyRow.assignment_id).in_(_IDS), col(DutyRow.ended_at).is_(None))
_PAIRS = (
    select(col(AssignmentRow.unit_id), col(TaskRow.document_id))
    .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
    .where(col(AssignmentRow.id).in_(_IDS))
    .distinct()
)
_TICKS = (
    select(col(SeriesRow.unit_id), col(SeriesRow.document_id), DutyRow)
    .join(DutyRow, col(DutyRow.series_id) == col(SeriesRow.id))
    .where(
        col(SeriesRow.unit_id).in_(bindparam("units", expanding=True)),
        col(SeriesRow.document_id).in_(bindparam("documents", expanding=True)),
        col(DutyRow.assignment_id).is_(None),
        col(DutyRow.ended_at).is_(None),
    )
    .order_by(col(DutyRow.id))
)


def settle_shares(
    session: Session,
    assignment_ids: Sequence[int],
    *,
    cause: str,
    actor: Actor,
    at: datetime,
    reason: str = "",
    keep: Callable[[FormRow, PeriodRow], bool] | None = None,
    ended_at: datetime | None = None,
) -> int:
    """End the open rows and duties of shares; return how many rows.

    What was already overdue stays 漏报 in history, other unreported rows are waived, a running correction ends and the
    last filing stands; what lies with the office is still decided. Of a suspended task nothing is missed: what was
    overdue before ended with the suspension. Undecided requests become moot. Rows to `keep` are owed on, and what
    was asked for them is decided. `ended_at` is when what they are about ended, where that is noted later than it was.

    Records RowSettled, CorrectionEnded, RequestMooted, RowsLetGo, LatenessFixed and InquiryEnded.
    """
    session.flush()
    ids = list(assignment_ids)
    rows = session.execute(_STILL_OPEN, params={"ids": ids}).all()
    kept = [row for row, period, _state in rows if keep is not None and keep(row, period)]
    count = 0
    for row, period, task_state in rows:
        if row in kept:
            continue
        state = ends_as(row, row.due_at or period.due_at, now=ended_at or at)
        overdue = ends_as(row, row.due_at or period.due_at, now=at) is RowState.MISSED
        if task_state == TaskState.SUSPENDED.value:
            overdue, state = False, RowState.WAIVED if state is RowState.MISSED else state
        settle_rows(session, [row], state, cause=cause, reason=reason, actor=actor, at=at, overdue=overdue)
        count += 1
    moot_requests(session, ids, kept=kept, actor=actor, at=at)
    end_inquiries(session, ids, cause=cause, actor=actor, at=at)
    for duty in session.scalars(_DUTIES, params={"ids": ids}):
        duty.ended_at = at
    session.flush()
    pairs = {(unit_id, document_id) for unit_id, document_id in session.execute(_PAIRS, params={"ids": ids})}
    end_empty_ticks(session, pairs, but=ids, cause=cause, actor=actor, at=at)
    return count


def settle_rows(
    session: Session,
    rows: Iterable[FormRow],
    state: RowState,
    *,
    cause: str,
    actor: Actor,
    at: datetime,
    reason: str = "",
    overdue: bool = False,
) -> None:
    """End rows in a given state; what was asked for them is decided by nobody any more.

    `overdue` says that they were so by now, where they are waived all the same.

    Records RowSettled, RequestMooted, and CorrectionEnded for a correction that ends with its row.
    """
    for row in rows:
        end_what_runs(session, row, state, actor=actor, at=at)
        row.state, row.settled_by, row.pending_at = state.value, cause, None
        share = session.get(AssignmentRow, row.assignment_id) if row.assignment_id else None
        event = RowSettled(
            task_id=share.task_id if share else None,
            unit_id=share.unit_id if share else None,
            row_id=row.id or 0,
            period_id=row.period_id,
            state=state.value,
            cause=cause,
            reason=reason,
            overdue=overdue and state is RowState.WAIVED,
        )
        event_log.record(session, event, actor=actor, at=at)


def ends_as(row: FormRow, due_at: datetime, *, now: datetime) -> RowState:
    """Return how an open row ends with what it is about: as 漏报 where it was overdue by then.

    So it is where the office got it too late, with a completion that another lead handed in.
    """
    if row.state == RowState.RETURNED.value:
        return RowState.STANDS
    if row.required and not waits_in_time(row, due_at) and due_at <= now:
        return RowState.MISSED
    return RowState.WAIVED


def end_what_runs(session: Session, row: FormRow, state: RowState, *, actor: Actor, at: datetime) -> None:
    """End what was asked for a row and its correction, as the row comes to `state`.

    Records RequestMooted and CorrectionEnded.
    """
    if row.pending_at is not None:
        moot_requests_of(session, row, actor=actor, at=at)
    if row.state == RowState.RETURNED.value:
        end_correction(session, row, state, actor=actor, at=at)


def end_correction(session: Session, row: FormRow, state: RowState, *, actor: Actor, at: datetime) -> None:
    """End the correction of a row that comes to `state` without being corrected. Records CorrectionEnded."""
    outcome = CorrectionOutcome.STANDS if state is RowState.STANDS else CorrectionOutcome.WAIVED
    running = select(CorrectionRow).where(col(CorrectionRow.row_id) == row.id, col(CorrectionRow.ended_at).is_(None))
    for correction in session.scalars(running):
        correction.ended_at, correction.outcome = at, outcome.value
        event = CorrectionEnded(row_id=row.id or 0, outcome=outcome.value)
        event_log.record(session, event, actor=actor, at=at)
    row.correction_due_at = None


def end_empty_ticks(
    session: Session,
    pairs: Collection[tuple[int, int]],
    *,
    but: Collection[int] = (),
    cause: str,
    actor: Actor,
    at: datetime,
) -> None:
    """End the tick of a unit that has no share of a document left to tick for; `pairs` are units and documents.

    A correction of it ends too, and what was filed last stands; an open tick is waived. `but` are shares that do not
    count. Records RowSettled and CorrectionEnded.
    """
    ticks = _running_ticks(session, pairs)
    needed = with_ticked_shares(session, ticks, but=but)
    for pair in sorted(ticks.keys() - needed):
        for tick in ticks[pair]:
            tick.ended_at = at
            open_ticks = (
                select(FormRow, PeriodRow)
                .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
                .where(
                    col(PeriodRow.series_id) == tick.series_id,
                    col(FormRow.assignment_id).is_(None),
                    col(FormRow.state).in_(OPEN_ROWS),
                )
            )
            for row, period in session.execute(open_ticks.order_by(col(FormRow.id)).with_for_update(of=FormRow)).all():
                ends = ends_as(row, row.due_at or period.due_at, now=at)
                state = ends if ends is RowState.STANDS else RowState.WAIVED
                overdue = ends is RowState.MISSED
                settle_rows(session, [row], state, cause=cause, actor=actor, at=at, overdue=overdue)


def _running_ticks(session: Session, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], list[DutyRow]]:
    """Return the ticks that go on, by their unit and document."""
    asked = {
        "units": sorted({unit for unit, _document in pairs}),
        "documents": sorted({document for _unit, document in pairs}),
    }
    found: dict[tuple[int, int], list[DutyRow]] = defaultdict(list)
    for unit_id, document_id, duty in session.execute(_TICKS, params=asked):
        found[unit_id, document_id].append(duty)
    return found


def with_ticked_shares(
    session: Session,
    pairs: Collection[tuple[int, int]],
    *,
    but: Collection[int] = (),
    among: Collection[TaskState] = TASK_GOES_ON,
) -> frozenset[tuple[int, int]]:
    """Return the units and documents in which a unit reports on a share that goes on and has no row of its own.

    `but` are shares that do not count; `among` are the states of their tasks in which shares go on.
    """
    if not pairs:
        return frozenset()
    with_rows = select(col(DutyRow.assignment_id)).where(
        col(DutyRow.assignment_id).is_not(None), col(DutyRow.ended_at).is_(None)
    )
    live = (
        select(col(AssignmentRow.unit_id), col(TaskRow.document_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(
            col(AssignmentRow.unit_id).in_({unit_id for unit_id, _document_id in pairs}),
            col(AssignmentRow.id).not_in(but),
            col(AssignmentRow.id).not_in(with_rows),
            col(AssignmentRow.role) != AssignmentRole.LEAD.value,
            col(AssignmentRow.duty) == Duty.REPORT.value,
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
            col(TaskRow.document_id).in_({document_id for _unit_id, document_id in pairs}),
            col(TaskRow.dormant).is_(False),
            col(TaskRow.state).in_([state.value for state in among]),
        )
        .distinct()
    )
    return frozenset((unit_id, document_id) for unit_id, document_id in session.execute(live))
