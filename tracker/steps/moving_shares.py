"""Shares move to the unit in which theirs went up: with the merger, or when what had ended before it goes on again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from tracker.domain.events.forms import UNITS_MERGED
from tracker.domain.events.shares import ShareMoved, Voiced
from tracker.domain.filings import FilingState, ReportState, RequestKind, RequestState
from tracker.domain.items import AssignmentRole
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, AssignmentAction, AssignmentState
from tracker.domain.lifecycle import advance_assignment as advance
from tracker.domain.parts import hide_a_member, united
from tracker.domain.petitions import PetitionState
from tracker.steps.holding import hold_shares_again
from tracker.steps.inquiries import move_inquiries
from tracker.steps.mooting import moot_request
from tracker.steps.moving_series import Move, move_series
from tracker.steps.parts_of_shares import keep_taken, own_part, taken_part
from tracker.steps.resetting import Act
from tracker.steps.settling import end_empty_ticks
from tracker.steps.voices import keep_voices
from tracker.store import event_log
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.filings import FilingRow, ReportRow, RequestRow
from tracker.store.tables.petitions import PetitionRow
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow

# What somebody still signs, reviews or corrects; and what was accepted, which goes on saying how the work stands.
_REVIEWABLE = [ReportState.AWAITING_SIGN_OFF.value, ReportState.FILED.value, ReportState.RETURNED.value]


def move_work(move: Move, shares: Sequence[AssignmentRow], of_unit: ColumnElement[bool]) -> dict[int, int]:
    """Move shares with all that hangs on them; return the id each goes on under, its own or that of another.

    `of_unit` are the series that are looked through for ticks too; of others only what belongs to the shares moves.
    Records ShareMoved and what moving series and inquiries, settling and holding record.
    """
    moved = _move_shares(move, shares)
    duties = select(col(DutyRow.series_id)).where(col(DutyRow.assignment_id).in_(list(moved)))
    rows = (
        select(col(PeriodRow.series_id))
        .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
        .where(col(FormRow.assignment_id).in_(list(moved)))
    )
    wanted = select(SeriesRow).where(of_unit | col(SeriesRow.id).in_(duties) | col(SeriesRow.id).in_(rows))
    for series in move.session.scalars(wanted.order_by(col(SeriesRow.id)).with_for_update()).all():
        move_series(move, series, moved)
    _end_ticks(move, moved)
    _move_requests(move, moved)
    move_inquiries(move.session, moved, actor=move.actor, at=move.at)
    _move_envelopes(move, moved)
    hold_shares_again(move.session, moved.values(), actor=move.actor, at=move.at)
    return moved


def follow_mergers(session: Session, task: TaskRow, shares: Iterable[AssignmentRow], *, act: Act) -> None:
    """Give the shares of a task that goes on again to the successors of units that went up in others while it was over.

    Records what moving work records.
    """
    for share in shares:
        into_unit_id = _present(session, share.unit_id)
        if into_unit_id == share.unit_id:
            continue
        move = Move(session, share.unit_id, into_unit_id, act.actor, act.at, act.reason)
        of_unit = (col(SeriesRow.unit_id) == share.unit_id) & (col(SeriesRow.document_id) == task.document_id)
        move_work(move, [share], of_unit)


def _present(session: Session, unit_id: int) -> int:
    """Return who has the work of a unit now, held until the share is kept there: a merger of it takes that along."""
    unit = session.get_one(UnitRow, unit_id)
    while unit.merged_into_unit_id is not None:
        unit = session.get_one(UnitRow, unit.merged_into_unit_id, with_for_update={"read": True})
    return unit.id or 0


def _move_shares(move: Move, shares: Iterable[AssignmentRow]) -> dict[int, int]:
    """Move shares; return the id each goes on under, its own or that of the share it went up in."""
    moved: dict[int, int] = {}
    for share in shares:
        there = select(AssignmentRow).where(
            col(AssignmentRow.task_id) == share.task_id, col(AssignmentRow.unit_id) == move.into_unit_id
        )
        kept = move.session.scalars(there.with_for_update()).first()
        voices: tuple[Voiced, ...] = ()
        if kept is None:
            share.unit_id = move.into_unit_id
        else:
            voices = keep_voices(move.session, share, kept)
            _unite(share, kept, at=move.at)
        goes_on = kept or share
        moved[share.id or 0] = goes_on.id or 0
        event = ShareMoved(
            task_id=share.task_id,
            unit_id=move.into_unit_id,
            assignment_id=share.id or 0,
            into_assignment_id=goes_on.id or 0,
            from_unit_id=move.from_unit_id,
            role=goes_on.role,
            duty=goes_on.duty,
            state=goes_on.state,
            accepted_too=share.role == AssignmentRole.LEAD.value,
            voices=voices,
        )
        event_log.record(move.session, event, actor=move.actor, at=move.at)
    move.session.flush()
    return moved


def _unite(old: AssignmentRow, kept: AssignmentRow, *, at: datetime) -> None:
    """Make two shares of one task one: lead beats support, a report beats a reply, the earlier day stays.

    Who leads and is a member too keeps both parts: that of the other unit as if it had been handed over.
    """
    if AssignmentState(kept.state) in ASSIGNMENT_ENDED:  # it had been let go: only the moved part goes on
        kept.state, kept.role, kept.duty = old.state, old.role, old.duty
        kept.own_role, kept.own_duty = old.own_role, old.own_duty
        kept.taken_role, kept.taken_duty = old.taken_role, old.taken_duty
        kept.got_on, kept.from_on, kept.proposed = old.got_on, old.from_on, old.proposed
        kept.received_at, kept.ended_at = old.received_at, None
    else:
        own, came = own_part(kept), own_part(old)
        taken = [part for part in (taken_part(old), taken_part(kept)) if part is not None]
        if hide_a_member(own, came):
            taken.append(came)
        else:
            own = united(own, came)
        kept.role, kept.duty = own.role.value, own.duty.value
        if taken:
            keep_taken(kept, own, *taken)
        kept.got_on = min((day for day in (old.got_on, kept.got_on) if day is not None), default=None)
        if kept.state == AssignmentState.PENDING_RECEIPT.value and old.received_at is not None:
            kept.state, kept.received_at = AssignmentState.RECEIVED.value, old.received_at
    ending = AssignmentAction.REASSIGN
    old.state = (
        AssignmentState.REASSIGNED.value
        if old.state == AssignmentState.ACCEPTED.value  # its part is done; only its place is another's now
        else advance(AssignmentState(old.state), ending).value
    )
    old.ended_at = at


def _end_ticks(move: Move, moved: Mapping[int, int]) -> None:
    """Let the successor tick no more in a document in which it has nothing left to tick for: it leads that itself."""
    move.session.flush()
    documents = (
        select(col(TaskRow.document_id))
        .join(AssignmentRow, col(AssignmentRow.task_id) == col(TaskRow.id))
        .where(col(AssignmentRow.id).in_(list(moved.values())))
    )
    pairs = {(move.into_unit_id, document_id) for document_id in move.session.scalars(documents)}
    end_empty_ticks(move.session, pairs, cause=UNITS_MERGED, actor=move.actor, at=move.at)


def _move_requests(move: Move, shares: Mapping[int, int]) -> None:
    """Let what is undecided be decided for the share that goes on, its rows having moved with it.

    The answer to a lowered claim is about the word of a share: where that goes up in another nobody decides it.
    """
    pending = select(RequestRow).where(
        col(RequestRow.assignment_id).in_(list(shares)), col(RequestRow.state) == RequestState.PENDING.value
    )
    for request in move.session.scalars(pending.order_by(col(RequestRow.id))).all():
        goes_on = shares[request.assignment_id]
        if request.kind == RequestKind.OBJECTION.value and goes_on != request.assignment_id:
            moot_request(move.session, request, (), actor=move.actor, at=move.at)
            continue
        request.assignment_id = goes_on
    _move_petitions(move, shares)


def _move_petitions(move: Move, shares: Mapping[int, int]) -> None:
    """Let what waits for a head, or came back from one, be seen by the successor's people.

    What is about a row that ended with the merger is only read there. Of two disputes that wait one goes on.
    """
    united = {old: goes_on for old, goes_on in shares.items() if old != goes_on}
    disputes = select(col(PetitionRow.assignment_id)).where(
        col(PetitionRow.assignment_id).in_(list(united.values())),
        col(PetitionRow.kind) == RequestKind.DISPUTE.value,
        is_one_of(col(PetitionRow.state), PetitionState.AWAITING_SIGN_OFF.value),
    )
    disputed = set(move.session.scalars(disputes))
    written = select(PetitionRow).where(col(PetitionRow.assignment_id).in_(list(united)))
    for petition in move.session.scalars(written.order_by(col(PetitionRow.id))).all():
        goes_on = united[petition.assignment_id]
        is_waiting_dispute = (petition.kind, petition.state) == (
            RequestKind.DISPUTE.value,
            PetitionState.AWAITING_SIGN_OFF.value,
        )
        if is_waiting_dispute and goes_on in disputed:
            continue
        if is_waiting_dispute:
            disputed.add(goes_on)
        petition.assignment_id = goes_on


def _move_envelopes(move: Move, shares: Mapping[int, int]) -> None:
    """Move what was said of the shares, and the envelopes that wait for a signature or a review.

    Whoever corrects them is of the successor now; what was decided stays in the envelope of the unit that wrote it.
    What was accepted of a lead goes on saying how the work stands; what a member said of its part is no lead's word.
    """
    leads = select(col(AssignmentRow.id)).where(
        col(AssignmentRow.id).in_(list(shares)), col(AssignmentRow.role) == AssignmentRole.LEAD.value
    )
    reports = select(ReportRow).where(
        col(ReportRow.assignment_id).in_(list(shares)),
        col(ReportRow.state).in_(_REVIEWABLE)
        | ((col(ReportRow.state) == ReportState.ACCEPTED.value) & col(ReportRow.assignment_id).in_(leads)),
    )
    for report in move.session.scalars(reports).all():
        report.assignment_id = shares[report.assignment_id or 0]
    waiting = select(FilingRow).where(
        col(FilingRow.unit_id) == move.from_unit_id,
        (col(FilingRow.state) == FilingState.AWAITING_SIGN_OFF.value)
        | col(FilingRow.id).in_(select(col(ReportRow.filing_id)).where(col(ReportRow.state).in_(_REVIEWABLE))),
    )
    for filing in move.session.scalars(waiting):
        filing.unit_id = move.into_unit_id
