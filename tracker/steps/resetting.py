"""Rows that an act of the office opens again, and those that no change of a rhythm may take from whom they wait for."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.cadences import is_emergency_clock
from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.events.forms import ResetRow, RowsReset
from tracker.domain.filings import CorrectionOutcome, ReportState, RequestKind, RequestState
from tracker.domain.items import CadenceKind
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_GOES_ON, TASK_OPEN, AssignmentState, TaskState
from tracker.domain.outages import Relief, moved
from tracker.domain.owed import RowState
from tracker.domain.windows import Reckoning
from tracker.steps.growing import opened_row
from tracker.steps.settling import with_ticked_shares
from tracker.store import event_log
from tracker.store.queries.granted import correction_moment
from tracker.store.queries.outages import recorded_reliefs
from tracker.store.queries.settled import last_settled
from tracker.store.tables.filings import CorrectionRow, ReportRow, RequestRow
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow

# What ends with its document, or with what that plans.
DOCUMENT_EXPIRED = "document_expired"
_RELIEFS = "tracker_reliefs"
# Rows that ended by these may be owed again by the rhythm that was asked for before.
_RHYTHM_CAUSES = frozenset({"key_marked", "key_lifted", "interval_set", "question_answered"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who brings about a change, when, and its name in the log; `paused` where the work is suspended meanwhile."""

    cause: str
    actor: Actor
    at: datetime
    by: Reckoning
    reason: str = ""
    paused: bool = False


def is_waiting(session: Session, row: FormRow) -> bool:
    """Tell whether an open row waits for the head's signature or for the decision on its extension."""
    written = select(col(ReportRow.id)).where(
        col(ReportRow.row_id) == row.id, col(ReportRow.state) == ReportState.AWAITING_SIGN_OFF.value
    )
    asked = select(col(RequestRow.id)).where(
        col(RequestRow.row_id) == row.id, col(RequestRow.state) == RequestState.PENDING.value
    )
    return any(session.scalars(waiting).first() is not None for waiting in (written, asked))


def disputed_since(session: Session, assignment_id: int | None) -> datetime | None:
    """Return since when the office has the undecided dispute of a share; None where there is none.

    What a merger brought to a share that is not in dispute itself holds only the rows that came with it.
    """
    disputed = (
        select(col(RequestRow.asked_at))
        .join(AssignmentRow, col(AssignmentRow.id) == col(RequestRow.assignment_id))
        .where(
            col(RequestRow.assignment_id) == assignment_id,
            col(AssignmentRow.state) == AssignmentState.DISPUTED.value,
            col(RequestRow.kind) == RequestKind.DISPUTE.value,
            col(RequestRow.state) == RequestState.PENDING.value,
        )
    )
    return session.scalars(disputed).first()


def take_up_again(session: Session, row: FormRow, period: PeriodRow, *, act: Act) -> None:
    """Let a row be owed by its own moment again that ended with its rhythm; the office has what it had of the share.

    Records RowsReset.
    """
    if row.state != RowState.WAIVED.value or row.settled_by not in _RHYTHM_CAUSES:
        return
    row.state, row.settled_by, row.pending_at = RowState.OPEN.value, None, disputed_since(session, row.assignment_id)
    tell_reset(session, row, period, act=act)


def owe_again(session: Session, document_id: int, *, act: Act) -> list[int]:
    """Let what a document that was held to have ended had ended be owed again; return the shares it concerns.

    What was overdue when the end was noted is overdue again, whether it had fallen due before that end or after it, and
    a correction goes on; what was waived, or ended while it could be corrected, and has fallen due since is due
    `arrears_workdays` from the act's day, because no act makes anybody overdue, but for what waits for the answer to a
    dispute or belongs to paused work. What a unit had before it went up in another its successor is asked for anew, by
    the same `arrears_workdays`. What a unit got anew since stays ended: it is asked for from then on.

    Records RowsReset.
    """
    settled = last_settled(session, document_id, cause=DOCUMENT_EXPIRED)
    arrears = end_of_day(act.by.calendar.add_workdays(local_day(act.at), act.by.policy.arrears_workdays))
    rows = session.execute(_ended_with(document_id)).all()
    units = {(unit_id, document_id) for row, _period, unit_id, _share, _state in rows if row.assignment_id is None}
    ticking = with_ticked_shares(session, units, among=TASK_OPEN)
    shares: list[int] = []
    for row, period, unit_id, share, state in rows:
        ended = settled.get(row.id or 0)
        if share is not None and ended is not None and share.got_on and share.got_on >= local_day(ended.at):
            continue
        # A tick for paused work only is asked for, but nobody is overdue with it.
        unasked = share is None and (unit_id, document_id) not in ticking
        anew = unasked or (ended is not None and ended.merged)
        paused = state == TaskState.SUSPENDED.value
        disputed = disputed_since(session, row.assignment_id)
        if row.state == RowState.STANDS.value:
            if not _correct_again(session, row, arrears=None if paused else arrears, anew=anew, act=act):
                continue
        else:
            was_overdue = not anew and (row.state == RowState.MISSED.value or (ended is not None and ended.overdue))
            stays = was_overdue or paused or disputed is not None
            if not stays and (row.due_at or period.due_at) <= act.at:
                row.due_at = arrears
            row.state = RowState.OPEN.value
        row.settled_by, row.pending_at = None, disputed
        tell_reset(session, row, period, act=act)
        shares += [row.assignment_id] if row.assignment_id is not None else []
    return shares


def _ended_with(document_id: int) -> Select[FormRow, PeriodRow, int, AssignmentRow, str]:
    """Find the rows that ended with a document, of work that goes on and of units that are still there.

    A tick belongs to no share, and is told with None for share and task.
    """
    return (
        select(FormRow, PeriodRow, col(SeriesRow.unit_id), AssignmentRow, col(TaskRow.state))
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
        .join(UnitRow, col(UnitRow.id) == col(SeriesRow.unit_id))
        .outerjoin(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .outerjoin(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(
            col(SeriesRow.document_id) == document_id,
            col(UnitRow.merged_into_unit_id).is_(None),
            col(FormRow.assignment_id).is_not(None) | _ticks(),
            col(FormRow.settled_by) == DOCUMENT_EXPIRED,
            col(FormRow.state).in_([RowState.MISSED.value, RowState.WAIVED.value, RowState.STANDS.value]),
            col(TaskRow.state).is_(None) | col(TaskRow.state).in_([state.value for state in TASK_GOES_ON]),
            col(AssignmentRow.state).is_(None)
            | col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
        )
        .order_by(col(FormRow.id))
        .with_for_update(of=FormRow)
    )


def _ticks() -> ColumnElement[bool]:
    """Find the series in which a unit ticks: none is asked for where it has nothing to tick for, or does elsewhere."""
    return exists().where(
        col(DutyRow.series_id) == col(SeriesRow.id),
        col(DutyRow.assignment_id).is_(None),
        col(DutyRow.ended_at).is_(None),
    )


def _correct_again(session: Session, row: FormRow, *, arrears: datetime | None, anew: bool, act: Act) -> bool:
    """Let the correction go on with which a row ended; return whether there was one. Paused work has no `arrears`.

    Nobody is overdue with one that is asked of him `anew`.
    """
    ended = (
        select(CorrectionRow)
        .where(col(CorrectionRow.row_id) == row.id, col(CorrectionRow.outcome) == CorrectionOutcome.STANDS.value)
        .order_by(col(CorrectionRow.id).desc())
    )
    correction = session.scalars(ended).first()
    if correction is None or correction.ended_at is None:
        return False
    due_at = moved(
        correction_moment(session, row, opened_at=correction.opened_at) or correction.due_at, _reliefs(session, act)
    )
    was_overdue = (
        not anew and due_at <= correction.ended_at and not _waited_then(session, row, ended_at=correction.ended_at)
    )
    row.correction_due_at = due_at if was_overdue or act.at < due_at or arrears is None else arrears
    row.state = RowState.RETURNED.value
    correction.ended_at = correction.outcome = None
    return True


def _waited_then(session: Session, row: FormRow, *, ended_at: datetime) -> bool:
    """Tell whether something asked for a row, or for the whole share, was undecided when the row ended."""
    asked = select(col(RequestRow.id)).where(
        col(RequestRow.state) == RequestState.MOOT.value,
        col(RequestRow.decided_at) == ended_at,
        (col(RequestRow.row_id) == row.id)
        | ((col(RequestRow.kind) == RequestKind.DISPUTE.value) & (col(RequestRow.assignment_id) == row.assignment_id)),
    )
    return session.scalars(asked).first() is not None


def tell_reset(session: Session, row: FormRow, period: PeriodRow, *, act: Act) -> None:
    """Record that a row is owed as it stands now; outages that passed over it while it was ended move it first.

    The clock of an emergency they do not move.
    """
    own, series = row.due_at or period.due_at, session.get_one(SeriesRow, period.series_id)
    emergency = is_emergency_clock(CadenceKind(series.kind), by_event=series.trigger_id is not None)
    later = own if emergency else moved(own, _reliefs(session, act))
    if later != own:
        row.due_at = later
    share = session.get(AssignmentRow, row.assignment_id) if row.assignment_id else None  # a tick is of no share
    event = RowsReset(
        task_id=share.task_id if share else None,
        unit_id=share.unit_id if share else series.unit_id,
        series_id=period.series_id,
        period_id=period.id or 0,
        cause=act.cause,
        rows=(reset_row(row, share.task_id if share else None),),
    )
    event_log.record(session, event, actor=act.actor, at=act.at)


def reset_row(row: FormRow, task_id: int | None) -> ResetRow:
    """Return a row as the event that resets it tells it."""
    told = asdict(opened_row(row, task_id))
    return ResetRow(**told, state=row.state, correction_due_at=row.correction_due_at)


def _reliefs(session: Session, act: Act) -> tuple[Relief, ...]:
    """Return what outages move, read once a transaction: a document that goes on again has hundreds of rows."""
    known: tuple[Relief, ...] | None = session.info.get(_RELIEFS)
    if known is None:
        known = session.info[_RELIEFS] = recorded_reliefs(session, by=act.by)
    return known
