"""Units merge and are renamed: open work moves with its moments and its history, what has ended stays where it was."""

from datetime import date, datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import local_day
from tracker.domain.entered import check_day
from tracker.domain.errors import BadInput, NotFound
from tracker.domain.events.accounts import AccountChanged
from tracker.domain.events.units import KeeperSet, UnitsMerged
from tracker.domain.filings import check_reason
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING, TaskState
from tracker.domain.unit_classes import check_takes_work
from tracker.domain.units import NotYetMerged, UnitGone, UnitKind
from tracker.steps.locking import lock_work
from tracker.steps.moving_series import Move
from tracker.steps.moving_shares import move_work
from tracker.store import event_log
from tracker.store.queries.granted import granted_rows
from tracker.store.row_digests import row_digest
from tracker.store.tables.documents import ItemBearerRow, ItemGroupMemberRow, ItemGroupRow, ItemRow, ItemUnitRow
from tracker.store.tables.series import SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow, UserRow

_GOING_ON = [*(state.value for state in TASK_OWING), TaskState.SUSPENDED.value]
_NOT_ISSUED = [TaskState.REGISTERED.value, TaskState.PROPOSED.value, TaskState.APPROVED.value]


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
    shares = move_work(move, _going_on(move), col(SeriesRow.unit_id) == from_unit_id)
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


def _going_on(move: Move) -> list[AssignmentRow]:
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
    return list(move.session.scalars(wanted))


def _move_names(move: Move) -> None:
    """Move people, addressees, and the places in documents that are not issued yet or bind by name; `printed` stays."""
    session, old, new = move.session, move.from_unit_id, move.into_unit_id
    _move_people(move)
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


def _move_people(move: Move) -> None:
    """Let the old unit's people be the successor's; what they may do stays. Records AccountChanged for each."""
    people = select(UserRow).where(col(UserRow.unit_id) == move.from_unit_id).order_by(col(UserRow.id))
    for user in move.session.scalars(people.with_for_update()).all():
        user.unit_id = move.into_unit_id
        event = AccountChanged(
            user_id=user.id or 0,
            old_name=user.name,
            new_name=user.name,
            old_unit_id=move.from_unit_id,
            new_unit_id=move.into_unit_id,
            email_changed=False,
            address=move.actor.address,
            sealed=row_digest(user),
        )
        event_log.record(move.session, event, actor=move.actor, at=move.at)


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
