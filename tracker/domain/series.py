"""Series 「报送序列」: who owes whom what kind of report in which rhythm, and from which window on.

One form a unit, document, rhythm and addressee; the items that share these are its rows.
Source: 国务院令第733号 第十五条 (no repeated demands for the same fact).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.cadences import RHYTHMS
from tracker.domain.items import Basis, Bearer, CadenceKind, ItemKind, Measure

_STATISTICS = frozenset({Measure.CUMULATIVE, Measure.LEVEL, Measure.BASELINE})
_TWO_QUARTERS_DAYS = 182
# From the longest rhythm to the shortest: a unit completes an item in the longest of its forms.
_LONGEST_FIRST = (
    CadenceKind.ONCE,
    CadenceKind.MIDTERM_AND_FINAL,
    CadenceKind.YEARLY,
    CadenceKind.HALF_YEARLY,
    CadenceKind.QUARTERLY,
    CadenceKind.BIMONTHLY,
    CadenceKind.MONTHLY,
    CadenceKind.EVERY_10_DAYS,
    CadenceKind.WEEKLY,
    CadenceKind.EVERY_2_DAYS,
    CadenceKind.DAILY,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The units with a part in an item, by their database ids; leads are printed ones, else assigned ones."""

    leads: tuple[int, ...]
    members: tuple[int, ...] = ()
    supports: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One demand of an item: whom its words bind, as units; `named` is empty unless the words name them."""

    bearer: Bearer = Bearer.LEAD
    named: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RhythmDemand(Demand):
    kind: CadenceKind
    basis: Basis = Basis.STATED
    addressee: str | None = None
    addressee_unit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDemand(Demand):
    measure: Measure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDemands:
    """What an item demands of whom; `key` marks an item the office reports monthly on 「重点」 with a reason.

    `waits` where only an event starts it (a step of a response level).
    """

    kind: ItemKind
    shares: Shares
    rhythms: tuple[RhythmDemand, ...] = ()
    targets: tuple[TargetDemand, ...] = ()
    evidence: tuple[Demand, ...] = ()
    deadline_on: date | None = None
    deadline: Demand = Demand()
    waits: bool = False
    key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFrame:
    """What of a document shapes its series: when it was issued, ends, and whether it monitors itself."""

    issued_on: date
    ends_on: date | None = None
    expires_on: date | None = None
    monitors_itself: bool = False

    @property
    def last_on(self) -> date | None:
        """The last day of the document: printed expiry, else the end of what it plans."""
        return self.expires_on or self.ends_on


@dataclass(frozen=True, slots=True, order=True)
class FormKey:
    """What makes rows stand in one form of one unit and document."""

    kind: CadenceKind
    addressee: str | None = None
    addressee_unit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDuty:
    """A required row: the unit that reports, the form it stands in, and how it is owed.

    `until` is the item's deadline, after which no row follows; `completes` where the last row is the completion
    report, `statistic` where its figures come later than the deadline. `counted` where a number is to be reached in
    each period, so that only whole periods count.
    """

    unit_id: int
    form: FormKey
    act: bool
    soft: bool = False
    until: date | None = None
    completes: bool = False
    statistic: bool = False
    counted: bool = False


def bearers(demand: Demand, shares: Shares) -> tuple[int, ...]:
    """Return the units a demand binds; where a bearer group has no known members the lead stands in."""
    match demand.bearer:
        case Bearer.NAMED:
            return demand.named or shares.leads
        case Bearer.GROUP:
            return shares.members or shares.leads
        case Bearer.BOTH:
            return tuple(dict.fromkeys((*shares.leads, *shares.members)))
        case _:
            return shares.leads


def row_duties(item: ItemDemands, frame: DocumentFrame) -> tuple[RowDuty, ...]:
    """Return the required rows of an item, one a unit and form.

    A rhythm of the whole document opens no series at its items, only at the one that orders it. A lead without a
    stated rhythm of its own reports in the office's default rhythm, unless the document monitors itself; so does a
    unit that bears a target, a product or the deadline.
    """
    if item.waits:
        return ()
    found: dict[tuple[int, FormKey], RowDuty] = {}
    for duty in _stated(item):
        at = (duty.unit_id, duty.form)
        found[at] = (
            replace(duty, act=duty.act or found[at].act, soft=duty.soft and found[at].soft) if at in found else duty
        )
    reporting = {unit_id for unit_id, _form in found}
    for duty in _by_default(item, frame):
        if duty.unit_id not in reporting:
            found[duty.unit_id, duty.form] = duty
    return _with_completion(item, tuple(found.values()))


def default_kind(item: ItemDemands, frame: DocumentFrame) -> CadenceKind:
    """Return the office's default rhythm: quarterly; monthly for a year's numeric goal, key items, short documents."""
    is_goal = item.kind is ItemKind.GOAL and bool(item.targets)
    within_a_year = is_goal and item.deadline_on is not None and item.deadline_on.year == frame.issued_on.year
    if item.key or within_a_year or _expires_soon(frame):
        return CadenceKind.MONTHLY
    return CadenceKind.QUARTERLY


def ticked_units(item: ItemDemands, duties: Sequence[RowDuty]) -> tuple[int, ...]:
    """Return the group members without a row of this item: their shares are one tick of the document's form."""
    if item.waits:
        return ()
    with_rows = {duty.unit_id for duty in duties}
    return tuple(unit for unit in item.shares.members if unit not in with_rows)


def _stated(item: ItemDemands) -> Iterator[RowDuty]:
    for rhythm in item.rhythms:
        record = RHYTHMS[rhythm.kind]
        if record.series is None or rhythm.basis is not Basis.STATED:
            continue
        form = FormKey(record.series, rhythm.addressee, rhythm.addressee_unit)
        for unit_id in bearers(rhythm, item.shares):
            counted = record.act and any(
                target.measure is Measure.PER_PERIOD and unit_id in bearers(target, item.shares)
                for target in item.targets
            )
            yield RowDuty(unit_id=unit_id, form=form, act=record.act, soft=record.soft, counted=counted)


def _by_default(item: ItemDemands, frame: DocumentFrame) -> Iterator[RowDuty]:
    regular: dict[int, None] = {}
    if not frame.monitors_itself:
        regular |= dict.fromkeys(item.shares.leads)
        for demand in (*item.targets, *item.evidence):
            regular |= dict.fromkeys(bearers(demand, item.shares))
    closing = dict.fromkeys(bearers(item.deadline, item.shares)) if item.deadline_on else {}
    for unit_id in {**regular, **closing}:
        kind = default_kind(item, frame) if unit_id in regular else CadenceKind.ONCE
        yield RowDuty(unit_id=unit_id, form=FormKey(kind), act=kind is CadenceKind.ONCE)


def _with_completion(item: ItemDemands, duties: tuple[RowDuty, ...]) -> tuple[RowDuty, ...]:
    """Let each bearer of the deadline complete the item in the longest of its forms, and no row follow it."""
    if item.deadline_on is None:
        return duties
    closing = frozenset(bearers(item.deadline, item.shares))
    statistic = any(target.measure in _STATISTICS for target in item.targets)
    completing: set[int] = set()
    found = []
    for duty in sorted(duties, key=lambda duty: _LONGEST_FIRST.index(duty.form.kind)):
        completes = duty.unit_id in closing and duty.unit_id not in completing
        if completes:
            completing.add(duty.unit_id)
        found.append(replace(duty, until=item.deadline_on, completes=completes, statistic=completes and statistic))
    return tuple(found)


def _expires_soon(frame: DocumentFrame) -> bool:
    """Tell whether a document lives less than two quarters to its printed expiry."""
    return frame.expires_on is not None and (frame.expires_on - frame.issued_on).days < _TWO_QUARTERS_DAYS
