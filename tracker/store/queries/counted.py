"""In which rhythm each number that is counted in windows is counted: the one place that is asked for it."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.counting import counted_in
from tracker.domain.items import Basis, CadenceKind, Measure
from tracker.store.tables.documents import ItemCadenceRow, ItemTargetRow


def rhythms_of_counts(session: Session, targets: Iterable[ItemTargetRow]) -> dict[int | None, CadenceKind | None]:
    """Return the rhythms of those of some numbers that are counted in windows, by id, each by its own words first."""
    counted = [target for target in targets if target.measure == Measure.PER_PERIOD.value]
    stated = _stated(session, {target.item_id for target in counted}) if counted else {}
    return {target.id: counted_in(target.per, stated.get(target.item_id, ())) for target in counted}


def _stated(session: Session, item_ids: Collection[int]) -> dict[int, list[CadenceKind]]:
    """Return the rhythms that the words of items state, in reading order."""
    wanted = (
        select(col(ItemCadenceRow.item_id), col(ItemCadenceRow.kind))
        .where(col(ItemCadenceRow.item_id).in_(item_ids), col(ItemCadenceRow.basis) == Basis.STATED.value)
        .order_by(col(ItemCadenceRow.position))
    )
    found: dict[int, list[CadenceKind]] = defaultdict(list)
    for item_id, kind in session.execute(wanted):
        found[item_id].append(CadenceKind(kind))
    return found
