"""Say which unit keeps a leading group's office and acts in its name."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.errors import NotFound, Rejected
from tracker.domain.events.units import KeeperSet
from tracker.domain.filings import check_reason
from tracker.domain.unit_classes import may_keep
from tracker.domain.units import UnitGone, UnitKind
from tracker.store import event_log
from tracker.store.tables.units import UnitRow


class NotALeadingGroup(Rejected):
    """Only a leading group is kept by another unit; every other unit has people of its own. Facts: unit."""

    code = "not_a_leading_group"


class MayNotKeep(Rejected):
    """A group, a provincial body or the city government keeps no group's office. Facts: unit."""

    code = "may_not_keep"


class KeptAlready(Rejected):
    """The unit keeps the group already, or nobody does and nobody shall. Facts: unit."""

    code = "kept_already"


@dataclass(frozen=True, slots=True)
class SetKeeper:
    """`keeper_unit_id` is none where nobody is to act for the group any more."""

    unit_id: int
    keeper_unit_id: int | None
    reason: str


def set_keeper(session: Session, command: SetKeeper, *, actor: Actor, at: datetime) -> None:
    """Say who keeps a leading group's office 「办公室设在…」: its people acknowledge, file and sign for the group.

    What the group did before stays the group's. Records KeeperSet. Raises NotYourTask, NotFound, NotALeadingGroup,
    MayNotKeep, KeptAlready, ReasonRequired.
    """
    require_role(actor, Role.SUPERVISOR, act="set_keeper")
    reason = check_reason(command.reason)
    group = session.scalars(select(UnitRow).where(col(UnitRow.id) == command.unit_id).with_for_update()).first()
    if group is None:
        raise NotFound()
    if UnitKind(group.kind) is not UnitKind.LEADING_GROUP:
        raise NotALeadingGroup(unit=group.short_name)
    if command.keeper_unit_id == group.kept_by_unit_id:
        raise KeptAlready(unit=group.short_name)
    if command.keeper_unit_id is not None:
        _refuse_unfit(session, command.keeper_unit_id)
    event = KeeperSet(
        unit_id=command.unit_id,
        keeper_unit_id=command.keeper_unit_id,
        old_keeper_unit_id=group.kept_by_unit_id,
        reason=reason,
    )
    group.kept_by_unit_id = command.keeper_unit_id
    event_log.record(session, event, actor=actor, at=at)


def _refuse_unfit(session: Session, keeper_unit_id: int) -> None:
    keeper = session.get(UnitRow, keeper_unit_id)
    if keeper is None:
        raise NotFound()
    if keeper.merged_into_unit_id is not None:
        raise UnitGone(unit=keeper.short_name)
    if not may_keep(UnitKind(keeper.kind)):
        raise MayNotKeep(unit=keeper.short_name)
