"""Hand-over sheets 「交接单」, for those whose work it was and is, and the head of their unit."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, false, label, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role
from tracker.store.rows import as_view, as_views
from tracker.store.tables.absences import HandoverRow
from tracker.store.tables.units import UnitRow, UserRow


@dataclass(frozen=True, slots=True)
class Handover:
    """A hand-over without what was open."""

    handover_id: int
    unit_name: str | None
    giver: str
    giver_role: str
    receiver: str
    reason: str
    handed_by: str
    handed_at: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """A hand-over with what was open then, as it was kept."""

    handover: Handover
    lines: tuple[list[str], ...]


def handovers_for(actor: Actor) -> ColumnElement[bool]:
    """Select the sheets that somebody may read: his own, and as a head those of his unit."""
    own = col(HandoverRow.from_id).in_(actor.persons) | col(HandoverRow.to_id).in_(actor.persons)
    heads = col(HandoverRow.unit_id) == actor.unit_id if actor.role is Role.UNIT_HEAD else false()
    return own | heads


def _handovers() -> Select[*tuple[object, ...]]:
    giver, receiver = aliased(UserRow), aliased(UserRow)
    return (
        select(
            label("handover_id", col(HandoverRow.id)),
            label("unit_name", col(UnitRow.short_name)),
            label("giver", col(giver.name)),
            label("giver_role", col(giver.role)),
            label("receiver", col(receiver.name)),
            col(HandoverRow.reason),
            col(HandoverRow.handed_by),
            col(HandoverRow.handed_at),
        )
        .join(giver, col(giver.id) == col(HandoverRow.from_id))
        .join(receiver, col(receiver.id) == col(HandoverRow.to_id))
        .outerjoin(UnitRow, col(UnitRow.id) == col(HandoverRow.unit_id))
    )


def handover_lines(session: Session, *, actor: Actor, limit: int) -> list[Handover]:
    """Return the sheets that somebody may read, the latest first."""
    wanted = _handovers().where(handovers_for(actor)).order_by(col(HandoverRow.id).desc()).limit(limit)
    return as_views(Handover, session.execute(wanted))


def sheet(session: Session, *, handover_id: int, actor: Actor) -> Sheet | None:
    """Return a sheet; None where there is none for the actor."""
    mine = col(HandoverRow.id) == handover_id, handovers_for(actor)
    found = session.execute(_handovers().where(*mine)).first()
    if found is None:
        return None
    lines = session.scalars(select(col(HandoverRow.lines)).where(col(HandoverRow.id) == handover_id)).one()
    return Sheet(as_view(Handover, found), tuple(lines))
