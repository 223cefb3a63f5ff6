"""What the ladder needs to propose papers: delays of units that are ordered, and which papers they were told of."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from tracker.domain.circulars.editions import EditionState
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.unit_classes import Tasking, class_of
from tracker.domain.units import UnitKind
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.series import IS_OVERDUE_SOMETIME, SeriesRow
from tracker.store.tables.units import UnitRow

_GONE = sorted(state.value for state in (EditionState.WITHDRAWN, EditionState.DISCARDED))


@dataclass(frozen=True, slots=True)
class LateUnit:
    """A unit with the moments since when its series are overdue, and as of when each type of paper to it was made."""

    unit_id: int
    name: str
    full_name: str
    since: tuple[datetime, ...]
    told: dict[CircularType, datetime]


def late_units(session: Session, *, before: datetime) -> tuple[LateUnit, ...]:
    """Return the units that were overdue before a moment and still are, in official order; without those asked by
    letter, who are sent no order (`unit_classes`).

    Papers that were put away or withdrawn told nobody.
    """
    late = select(col(SeriesRow.unit_id), col(SeriesRow.overdue_from)).where(
        text(IS_OVERDUE_SOMETIME), col(SeriesRow.overdue_from) <= before
    )
    since: dict[int, list[datetime]] = defaultdict(list)
    for unit_id, moment in session.execute(late):
        since[unit_id].append(moment)
    units = select(UnitRow).where(col(UnitRow.id).in_(since)).order_by(col(UnitRow.official_order), col(UnitRow.id))
    ordered = [
        unit
        for unit in session.scalars(units)
        if class_of(UnitKind(unit.kind), tasked=unit.tasked).may_task is Tasking.TASK
    ]
    told: dict[str, dict[CircularType, datetime]] = defaultdict(dict)
    papers = (
        select(col(CircularRow.unit_name), col(CircularRow.type), func.max(col(CircularRow.as_of)))
        .where(col(CircularRow.unit_name).is_not(None), col(CircularRow.state).not_in(_GONE))
        .group_by(col(CircularRow.unit_name), col(CircularRow.type))
    )
    for name, kind, as_of in session.execute(papers) if ordered else ():
        told[name][CircularType(kind)] = as_of
    return tuple(
        LateUnit(unit.id or 0, unit.short_name, unit.full_name, tuple(since[unit.id or 0]), told[unit.full_name])
        for unit in ordered
    )
