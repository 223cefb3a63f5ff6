"""How often is reported where the document leaves it to the office 「报送间隔」, and whose forms change by that."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tracker.domain.cadences import RHYTHMS
from tracker.domain.errors import BadInput, Rejected
from tracker.domain.items import Basis, CadenceKind
from tracker.domain.lifecycle import TASK_OPEN, TaskState
from tracker.domain.series import (
    DocumentFrame,
    ItemDemands,
    RhythmDemand,
    RowDuty,
    Shares,
    at_least_monthly,
    row_duties,
)

# What the office may choose, from the shortest to the longest.
INTERVALS = tuple(kind for kind, rhythm in RHYTHMS.items() if rhythm.selectable)
# A lead and a member, in the place of the units that 交办 will name.
_STAND_INS = Shares(leads=(-1,), members=(-2,))


class ReportsNotOpen(Rejected):
    """How a task is reported changes only while it goes on."""

    code = "reports_not_open"


class OnlyCompletionLeft(Rejected):
    """The deadline is past: nothing but the completion is asked for; facts: due_on."""

    code = "only_completion_left"


class NotForTheOffice(BadInput):
    """No interval that the office may choose."""

    code = "no_such_interval"


class IntervalPrinted(Rejected):
    """The document says how often the item is reported; facts: printed, the rhythms."""

    code = "interval_printed"


class IntervalNotAsked(Rejected):
    """Nobody reports on the item by the calendar: it waits for an event, or its document monitors itself."""

    code = "interval_not_asked"


class KeyIsMonthly(Rejected):
    """A key item is reported at least monthly."""

    code = "key_is_monthly"


def reports_are_open(state: TaskState, *, due_on: date | None, today: date) -> bool:
    """Tell whether the office may still change how an issued task is reported, the day of its deadline included."""
    return state in TASK_OPEN and not _only_completion_left(due_on, today=today)


def check_reports_open(state: TaskState, *, due_on: date | None, today: date) -> None:
    """Refuse to change how a task is reported where it is too late. Raises ReportsNotOpen, OnlyCompletionLeft."""
    if state not in TASK_OPEN:
        raise ReportsNotOpen()
    if _only_completion_left(due_on, today=today):
        raise OnlyCompletionLeft(due_on=due_on)


def _only_completion_left(due_on: date | None, *, today: date) -> bool:
    return due_on is not None and due_on < today


def check_interval(item: ItemDemands, frame: DocumentFrame, interval: CadenceKind) -> None:
    """Refuse an interval that the office may not set, whether it decides or answers a question.

    Raises NotForTheOffice, IntervalPrinted, IntervalNotAsked, KeyIsMonthly.
    """
    if interval not in INTERVALS:
        raise NotForTheOffice()
    if not takes_interval(item, frame):
        if printed := printed_rhythms(item):
            raise IntervalPrinted(printed="、".join(printed))
        raise IntervalNotAsked()
    if item.key and at_least_monthly(interval) is not interval:
        raise KeyIsMonthly()


def with_interval(item: ItemDemands, interval: CadenceKind) -> ItemDemands:
    """Return what an item demands with an interval of the office in the place of an earlier one."""
    printed = (rhythm for rhythm in item.rhythms if rhythm.basis is not Basis.DEFAULT)
    return replace(item, rhythms=(*printed, RhythmDemand(kind=interval, basis=Basis.DEFAULT)))


def takes_interval(item: ItemDemands, frame: DocumentFrame) -> bool:
    """Tell whether anybody's form follows the office's interval; a printed one, or an event, leaves it no say.

    Before 交办 it is told of whoever will lead.
    """
    if item.shares == Shares(leads=()):
        item = replace(item, shares=_STAND_INS)
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
