"""A unit bears another name from a day on; history keeps the old one."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import local_day
from tracker.domain.entered import check_day
from tracker.domain.errors import BadInput, NotFound, Rejected
from tracker.domain.events.units import UnitRenamed
from tracker.domain.filings import check_reason
from tracker.domain.units import NotYetMerged
from tracker.steps.lessons import refuse_taught
from tracker.store import event_log
from tracker.store.queries.unit_names import FULL, SHORT, held_name, lock_names
from tracker.store.tables.units import UnitAliasRow, UnitRow


class NameMissing(BadInput):
    """A unit has a full and a short name."""

    code = "name_missing"


class NameInUse(Rejected):
    """Another unit bears this name; facts: name."""

    code = "name_in_use"


def rename_unit(
    session: Session,
    *,
    unit_id: int,
    full_name: str,
    short_name: str,
    valid_from: date,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Give a unit new names from a day on; the old ones stay as aliases that ended the day before.

    Records UnitRenamed. Raises NotYourTask, ReasonRequired, NotFound, NameMissing, NameInUse, NameTaught,
    NotYetMerged.
    """
    require_role(actor, Role.SUPERVISOR, act="keep_units")
    reason = check_reason(reason)
    full_name, short_name = full_name.strip(), short_name.strip()
    if not full_name or not short_name:
        raise NameMissing()
    if check_day(valid_from, field="启用日期") > local_day(at):
        raise NotYetMerged(valid_from=valid_from)
    lock_names(session)
    unit = session.scalars(select(UnitRow).where(col(UnitRow.id) == unit_id).with_for_update()).first()
    if unit is None:
        raise NotFound()
    names = (full_name, short_name)
    _refuse_taken(session, unit_id, names)
    _forget_alias(session, unit_id, names)
    _keep_old_names(session, unit, names, last_on=valid_from - timedelta(days=1))
    event = UnitRenamed(
        unit_id=unit_id,
        old_name=unit.full_name,
        new_name=full_name,
        valid_from=valid_from,
        reason=reason,
        old_short_name=unit.short_name,
        new_short_name=short_name,
    )
    unit.full_name, unit.short_name = names
    event_log.record(session, event, actor=actor, at=at)


def _refuse_taken(session: Session, unit_id: int, names: tuple[str, str]) -> None:
    taken = held_name(session, names, but_of=unit_id)
    if taken is not None:
        raise NameInUse(name=taken)
    refuse_taught(session, names)


def _keep_old_names(session: Session, unit: UnitRow, names: tuple[str, str], *, last_on: date) -> None:
    for name, kind in {unit.full_name: FULL, unit.short_name: SHORT}.items():
        if name not in names:
            session.add(UnitAliasRow(unit_id=unit.id or 0, name=name, valid_to=last_on, note=kind))


def _forget_alias(session: Session, unit_id: int, names: tuple[str, str]) -> None:
    """A name the unit bears itself again is no alias beside it."""
    same = select(UnitAliasRow).where(col(UnitAliasRow.unit_id) == unit_id, col(UnitAliasRow.name).in_(names))
    for alias in session.scalars(same).all():
        session.delete(alias)
