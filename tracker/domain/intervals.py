"""How often is reported where the document leaves it to the office 「报送间隔」, and whose forms change by that."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from tracker.domain.cadences import RHYTHMS
from tracker.domain.items import Basis, CadenceKind
from tracker.domain.series import DocumentFrame, ItemDemands, RhythmDemand, RowDuty, row_duties

# What the office may choose, from the shortest to the longest.
INTERVALS = (
    CadenceKind.EVERY_10_DAYS,
    CadenceKind.MONTHLY,
    CadenceKind.BIMONTHLY,
    CadenceKind.QUARTERLY,
    CadenceKind.HALF_YEARLY,
    CadenceKind.YEARLY,
)


def with_interval(item: ItemDemands, interval: CadenceKind) -> ItemDemands:
    """Return what an item demands with an interval of the office in the place of an earlier one."""
    printed = (rhythm for rhythm in item.rhythms if rhythm.basis is not Basis.DEFAULT)
    return replace(item, rhythms=(*printed, RhythmDemand(kind=interval, basis=Basis.DEFAULT)))


def takes_interval(item: ItemDemands, frame: DocumentFrame) -> bool:
    """Tell whether anybody's form follows the office's interval; a printed one, or an event, leaves it no say."""
    shortest, longest = (with_interval(item, kind) for kind in (INTERVALS[0], INTERVALS[-1]))
    return row_duties(shortest, frame) != row_duties(longest, frame)


def printed_rhythms(item: ItemDemands) -> tuple[CadenceKind, ...]:
    """Return the rhythms that the document prints and that leave the interval open neither to the office nor events."""
    stated = (RHYTHMS[rhythm.kind] for rhythm in item.rhythms if rhythm.basis is not Basis.DEFAULT)
    return tuple(dict.fromkeys(record.kind for record in stated if not (record.soft or record.event_bound)))


def forms_of_units(duties: Sequence[RowDuty]) -> dict[int, tuple[CadenceKind, ...]]:
    """Return the rhythms of the forms in which each unit has a row."""
    found: dict[int, list[CadenceKind]] = defaultdict(list)
    for duty in duties:
        found[duty.unit_id].append(duty.form.kind)
    return {unit_id: tuple(sorted(kinds)) for unit_id, kinds in found.items()}
