"""Units merge and are renamed: open work moves with its moments and its history, what has ended stays where it was."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import reduce

from sqlalchemy import select, update
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import local_day
from tracker.domain.entered import check_day
from tracker.domain.errors import BadInput, NotFound
from tracker.domain.events.shares import ShareMoved
from tracker.domain.events.units import KeeperSet, UnitsMerged
from tracker.domain.filings import FilingState, ReportState, RequestKind, RequestState, check_reason
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING, AssignmentAction, AssignmentState, TaskState
from tracker.domain.lifecycle import advance_assignment as advance
from tracker.domain.parts import united
from tracker.domain.unit_classes import check_takes_work
from tracker.domain.units import NotYetMerged, UnitGone, UnitKind
from tracker.steps.holding import hold_shares_again
from tracker.steps.locking import lock_work
from tracker.steps.moving_series import Move, move_series
from tracker.steps.parts_of_shares import keep_taken, own_part, taken_part
from tracker.steps.settling import moot_request
from tracker.store import event_log
from tracker.store.queries.granted import granted_rows
from tracker.store.tables.documents import ItemBearerRow, ItemGroupMemberRow, ItemGroupRow, ItemRow, ItemUnitRow
from tracker.store.tables.filings import FilingRow, ReportRow, RequestRow
from tracker.store.tables.series import SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow, UserRow

_GOING_ON = [*(state.value for state in TASK_OWING), TaskState.SUSPENDED.value]
_NOT_ISSUED = [TaskState.REGISTERED.value, TaskState.PROPOSED.value, TaskState.APPROVED.value]
_REVIEWABLE = [ReportState.AWAITING_SIGN_OFF.value, ReportState.FILED.value, ReportState.RETURNED.value]


class SameUnit(BadInput):
    """A unit cannot go up in itself."""

    code = "same_unit"


def merge_units(
    session: Session, *, from_unit_id: int, into_unit_id: int, on: date, reason: str, actor: Actor, at: datetime
) -> int:
    """Move the open work of a unit that went up in another on a day; return how many shares.

    Shares, series, periods, rows, corrections and requests keep their moments. Where the successor has the share
    already the two become one: lead beats support, the earlier moment stays unless only one of them was given more
    time. Accounts move with their history; shares that have ended stay with the old unit.

    Records UnitsMerged, ShareMoved, SeriesMoved, RowMoved, RowSettled and KeeperSet. Raises NotYourTask,
    ReasonRequired, NotFound, SameUnit, NotYetMerged, UnitGone, NeverTasked.
    """
    require_role(actor, Role.SUPERVISOR, act="keep_units")
    reason = check_reason(reason)
    if from_unit_id == into_unit_id:
        raise SameUnit()
    if check_day(on, field="合并日期") > local_day(at):
        raise NotYetMerged(valid_from=on)
    lock_work(session, session.scalars(select(col(AssignmentRow.id)).where(col(AssignmentRow.unit_id) == from_unit_id)))
    old, new = _both(session, from_unit_id, into_unit_id)
    check_takes_work(new.short_name, UnitKind(new.kind), tasked=new.tasked, gone=False)
    old.merged_into_unit_id = into_unit_id
    granted = granted_rows(session, unit_ids=(from_unit_id, into_unit_id))
    move = Move(session, from_unit_id, into_unit_id, actor, at, reason, granted)
    shares = _move_shares(move)
    for series in session.scalars(
        select(SeriesRow).where(col(SeriesRow.unit_id) == from_unit_id).order_by(col(SeriesRow.id)).with_for_update()
    ).all():
        move_series(move, series, shares)
    _move_requests(move, shares)
    _move_envelopes(move, shares)
    hold_shares_again(session, shares.values(), actor=actor, at=at)
    _move_names(move)
    event = UnitsMerged(
        unit_id=from_unit_id, into_unit_id=into_unit_id, merged_on=on, shares=len(shares), reason=reason
    )
    event_log.record(session, event, actor=actor, at=at)
    return len(shares)


def _both(session: Session, *unit_ids: int) -> list[UnitRow]:
    """Lock both units, whichever is asked for first, and return them in the order given."""
    wanted = select(UnitRow).where(col(UnitRow.id).in_(unit_ids)).order_by(col(UnitRow.id)).with_for_update()
    units = {unit.id: unit for unit in session.scalars(wanted)}
    if len(units) < len(unit_ids):
        raise NotFound()
    for unit in units.values():
        if unit.merged_into_unit_id is not None:
            raise UnitGone(unit=unit.short_name)
    return [units[unit_id] for unit_id in unit_ids]


def _move_shares(move: Move) -> dict[int, int]:
    """Move the shares that go on; return the id each goes on under, its own or that of the share it went up in."""
    wanted = (
        select(AssignmentRow)
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(
            col(AssignmentRow.unit_id) == move.from_unit_id,
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
            col(TaskRow.state).in_(_GOING_ON),
        )
        .order_by(col(AssignmentRow.id))
        .with_for_update(of=AssignmentRow)
    )
    moved: dict[int, int] = {}
    for share in move.session.scalars(wanted).all():
        there = select(AssignmentRow).where(
            col(AssignmentRow.task_id) == share.task_id, col(AssignmentRow.unit_id) == move.into_unit_id
        )
        kept = move.session.scalars(there.with_for_update()).first()
        if kept is None:
            share.unit_id = move.into_unit_id
        else:
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
        )
        event_log.record(move.session, event, actor=move.actor, at=move.at)
    move.session.flush()
    return moved


def _unite(old: AssignmentRow, kept: AssignmentRow, *, at: datetime) -> None:
    """Make two shares of one task one: lead beats support, a report beats a reply, the earlier day stays."""
    if AssignmentState(kept.state) in ASSIGNMENT_ENDED:  # it had been let go: only the moved part goes on
        kept.state, kept.role, kept.duty = old.state, old.role, old.duty
        kept.own_role, kept.own_duty = old.own_role, old.own_duty
        kept.taken_role, kept.taken_duty = old.taken_role, old.taken_duty
        kept.got_on, kept.from_on, kept.proposed = old.got_on, old.from_on, old.proposed
        kept.received_at, kept.ended_at = old.received_at, None
    else:
        own = united(own_part(old), own_part(kept))
        taken = [part for part in (taken_part(old), taken_part(kept)) if part is not None]
        kept.role, kept.duty = own.role.value, own.duty.value
        if taken:
            keep_taken(kept, own, reduce(united, taken))
        kept.got_on = min((day for day in (old.got_on, kept.got_on) if day is not None), default=None)
    ending = AssignmentAction.REASSIGN
    old.state = (
        AssignmentState.REASSIGNED.value
        if old.state == AssignmentState.ACCEPTED.value  # its part is done; only its place is another's now
        else advance(AssignmentState(old.state), ending).value
    )
    old.ended_at = at


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


def _move_envelopes(move: Move, shares: Mapping[int, int]) -> None:
    """Move what waits for a signature or a review: whoever corrects it is of the successor now."""
    reports = select(ReportRow).where(
        col(ReportRow.assignment_id).in_(list(shares)), col(ReportRow.state).in_(_REVIEWABLE)
    )
    for report in move.session.scalars(reports):
        report.assignment_id = shares[report.assignment_id or 0]
    waiting = select(FilingRow).where(
        col(FilingRow.unit_id) == move.from_unit_id,
        (col(FilingRow.state) == FilingState.AWAITING_SIGN_OFF.value)
        | col(FilingRow.id).in_(select(col(ReportRow.filing_id)).where(col(ReportRow.state).in_(_REVIEWABLE))),
    )
    for filing in move.session.scalars(waiting):
        filing.unit_id = move.into_unit_id


def _move_names(move: Move) -> None:
    """Move people, addressees, and the places in documents that are not issued yet or bind by name; `printed` stays."""
    session, old, new = move.session, move.from_unit_id, move.into_unit_id
    session.execute(update(UserRow).where(col(UserRow.unit_id) == old).values(unit_id=new))
    session.execute(update(SeriesRow).where(col(SeriesRow.addressee_unit_id) == old).values(addressee_unit_id=new))
    session.execute(update(ItemBearerRow).where(col(ItemBearerRow.unit_id) == old).values(unit_id=new))
    instead = col(ItemBearerRow.instead_of_unit_id)
    session.execute(update(ItemBearerRow).where(instead == old).values(instead_of_unit_id=new))
    itself = instead == col(ItemBearerRow.unit_id)
    session.execute(update(ItemBearerRow).where(itself).values(instead_of_unit_id=None))
    _move_groups(move)
    waiting = (
        select(col(ItemRow.id))
        .join(TaskRow, col(TaskRow.item_id) == col(ItemRow.id))
        .where(col(TaskRow.state).in_(_NOT_ISSUED))
    )
    session.execute(
        update(ItemUnitRow)
        .where(col(ItemUnitRow.unit_id) == old, col(ItemUnitRow.item_id).in_(waiting))
        .values(unit_id=new)
        .execution_options(synchronize_session=False)
    )
    members = (
        select(ItemGroupMemberRow)
        .join(ItemGroupRow, col(ItemGroupRow.id) == col(ItemGroupMemberRow.item_group_id))
        .where(col(ItemGroupMemberRow.unit_id) == old, col(ItemGroupRow.item_id).in_(waiting))
    )
    for member in session.scalars(members).all():
        if session.get(ItemGroupMemberRow, (member.item_group_id, new)) is None:
            session.add(ItemGroupMemberRow(item_group_id=member.item_group_id, unit_id=new))
        session.delete(member)


def _move_groups(move: Move) -> None:
    """Let the successor act for the leading groups whose offices the old unit kept; no unit acts for itself."""
    kept = select(UnitRow).where(col(UnitRow.kept_by_unit_id) == move.from_unit_id).order_by(col(UnitRow.id))
    for group in move.session.scalars(kept.with_for_update()).all():
        keeper_id = move.into_unit_id if group.id != move.into_unit_id else None
        event = KeeperSet(
            unit_id=group.id or 0,
            keeper_unit_id=keeper_id,
            old_keeper_unit_id=move.from_unit_id,
            reason=move.reason,
        )
        group.kept_by_unit_id = keeper_id
        event_log.record(move.session, event, actor=move.actor, at=move.at)
