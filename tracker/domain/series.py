"""Series 「报送序列」: who owes whom what kind of report in which rhythm, and from which window on.

One form a unit, document, rhythm and addressee; the items that share these are its rows.
Source: 国务院令第733号 第十五条 (no repeated demands for the same fact).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.domain.cadences import RHYTHMS
from tracker.domain.items import Basis, Bearer, CadenceKind, ItemKind, Measure

_ONE_DAY = timedelta(days=1)
_STATISTICS = frozenset({Measure.CUMULATIVE, Measure.LEVEL, Measure.BASELINE})
_TWO_QUARTERS_MONTHS = 6
# Nothing opens these where neither the item nor its document ends: they are asked after like 不定期, so that they are
# not lost, until the office names a day.
_NEEDS_AN_END = frozenset({CadenceKind.ONCE, CadenceKind.MIDTERM_AND_FINAL})
# From the longest rhythm to the shortest: a unit completes an item in the longest of its forms.
_LONGEST_FIRST = tuple(reversed([kind for kind, rhythm in RHYTHMS.items() if rhythm.series is kind]))


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
    """What an item demands of whom; `key` marks one the office wants reported at least monthly 「重点」, with a reason.

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
    """What of a document shapes its series: when it was issued, ends, and whether it monitors itself.

    `responds` where it has steps of response levels: its clocks wait for an event instead of running per case.
    """

    issued_on: date
    ends_on: date | None = None
    expires_on: date | None = None
    monitors_itself: bool = False
    responds: bool = False

    @property
    def last_on(self) -> date | None:
        """The last day of the document: printed expiry, else the end of what it plans."""
        return self.expires_on or self.ends_on


@dataclass(frozen=True, slots=True)
class FormKey:
    """What makes rows stand in one form of one unit and document; no addressee means the office, which sorts first."""

    kind: CadenceKind
    addressee: str | None = None
    addressee_unit: int | None = None

    def __lt__(self, other: "FormKey") -> bool:
        # A generated order would compare None with a name and fail on the first form with an addressee.
        return self._place < other._place

    @property
    def _place(self) -> tuple[str, str, int]:
        return self.kind, self.addressee or "", self.addressee_unit or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDuty:
    """A required row: the unit that reports, the form it stands in, and how it is owed.

    `act` where each period stays owed by itself: a stated rhythm other than 定期, 不定期 and 持续, or a number to be
    reached in each period, which is `counted` too, so that only whole periods count. `soft` where the matter itself
    never turns red. `until` is the item's deadline, after which no row follows; `completes` where the last row is the
    completion report, `statistic` where its figures come later than the deadline.
    """

    unit_id: int
    form: FormKey
    act: bool
    soft: bool = False
    until: date | None = None
    completes: bool = False
    statistic: bool = False
    counted: bool = False


def asked_after_deadline(duty: RowDuty, *, today: date) -> bool:
    """Tell whether a duty asks for a completion whose deadline was past when the duty was made on `today`.

    It begins with that day, like one in a document that is registered late, so that it is not overdue at once.
    """
    return duty.completes and duty.until is not None and duty.until < today


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
    unit that bears a target or a product. Who completes an item by its deadline and has no row yet owes that one
    report.
    """
    if item.waits:
        return ()
    found: dict[tuple[int, FormKey], RowDuty] = {}
    for duty in _stated(item, frame):
        at = (duty.unit_id, duty.form)
        found[at] = _stricter(duty, found[at]) if at in found else duty
    reporting = {unit_id for unit_id, _form in found}
    for duty in _by_default(item, frame):
        if duty.unit_id not in reporting:
            found[duty.unit_id, duty.form] = duty
    return _with_completion(item, tuple(found.values()))


def office_interval(item: ItemDemands) -> CadenceKind | None:
    """Return the interval that the office asks for by default, or set where the words leave it open; the last holds.

    What is printed as lasting, regular or irregular gives way to it, to that of a key item too; what is printed as an
    interval does not.
    """
    chosen = [rhythm.kind for rhythm in item.rhythms if rhythm.basis is Basis.DEFAULT]
    interval = chosen[-1] if chosen and RHYTHMS[chosen[-1]].series is not None else None
    return at_least_monthly(interval) if item.key else interval


def at_least_monthly(interval: CadenceKind | None) -> CadenceKind:
    """Return the interval of a key item: a month, unless the office set a shorter one."""
    is_shorter = interval in _LONGEST_FIRST[_LONGEST_FIRST.index(CadenceKind.MONTHLY) :]
    return interval if interval is not None and is_shorter else CadenceKind.MONTHLY


def default_kind(item: ItemDemands, frame: DocumentFrame, *, leads: bool = True) -> CadenceKind:
    """Return the office's default rhythm: quarterly; monthly for a year's numeric goal, key items, short documents.

    A document that lives less than two quarters asks only its leads monthly; `leads` tells whether the unit is one.
    """
    is_goal = item.kind is ItemKind.GOAL and bool(item.targets)
    within_a_year = is_goal and item.deadline_on is not None and item.deadline_on.year == frame.issued_on.year
    if item.key or within_a_year or (leads and _expires_soon(frame)):
        return CadenceKind.MONTHLY
    return CadenceKind.QUARTERLY


def ticked_units(item: ItemDemands, duties: Sequence[RowDuty]) -> tuple[int, ...]:
    """Return the group members without a row of this item: their shares are one tick of the document's form."""
    if item.waits:
        return ()
    with_rows = {duty.unit_id for duty in duties}
    return tuple(unit for unit in item.shares.members if unit not in with_rows)


def _stated(item: ItemDemands, frame: DocumentFrame) -> Iterator[RowDuty]:
    counting = _counting(item)
    endless = item.deadline_on is None and frame.last_on is None
    interval = office_interval(item)
    for rhythm in item.rhythms:
        lost = endless and rhythm.kind in _NEEDS_AN_END
        record = RHYTHMS[CadenceKind.IRREGULAR if lost else rhythm.kind]
        if record.series is None or rhythm.basis is not Basis.STATED:
            continue
        if record.soft and interval is not None:
            record = replace(RHYTHMS[interval], act=False)
        form = FormKey(record.series or record.kind, rhythm.addressee, rhythm.addressee_unit)
        for unit_id in bearers(rhythm, item.shares):
            counted = unit_id in counting
            yield RowDuty(unit_id=unit_id, form=form, act=record.act or counted, soft=record.soft, counted=counted)


def _stricter(duty: RowDuty, other: RowDuty) -> RowDuty:
    """Return the one row of two rhythms that share a form: it owes what either of them owes."""
    return replace(
        duty,
        act=duty.act or other.act,
        soft=duty.soft and other.soft,
        counted=duty.counted or other.counted,
    )


def _counting(item: ItemDemands) -> frozenset[int]:
    """Return the units with a number to be reached in each period."""
    targets = (target for target in item.targets if target.measure is Measure.PER_PERIOD)
    return frozenset(unit_id for target in targets for unit_id in bearers(target, item.shares))


def _completing(item: ItemDemands) -> dict[int, None]:
    """Return the units that report an item's completion: of several leads the first; every member of a bound group."""
    first = replace(item.shares, leads=item.shares.leads[:1])
    return dict.fromkeys(bearers(item.deadline, first))


def _by_default(item: ItemDemands, frame: DocumentFrame) -> Iterator[RowDuty]:
    counting = _counting(item)
    regular: dict[int, None] = {}
    if not frame.monitors_itself:
        regular |= dict.fromkeys(item.shares.leads)
        for demand in (*item.targets, *item.evidence):
            regular |= dict.fromkeys(bearers(demand, item.shares))
    interval = office_interval(item)
    own = None if interval == default_kind(item, frame) else interval
    for unit_id in regular:
        kind = own or default_kind(item, frame, leads=unit_id in item.shares.leads)
        counted = unit_id in counting
        yield RowDuty(unit_id=unit_id, form=FormKey(kind), act=counted, counted=counted)
    for unit_id in _completing(item) if item.deadline_on else ():
        if unit_id not in regular:
            yield RowDuty(unit_id=unit_id, form=FormKey(CadenceKind.ONCE), act=True)


def _with_completion(item: ItemDemands, duties: tuple[RowDuty, ...]) -> tuple[RowDuty, ...]:
    """Let who completes the item do so in the longest of its forms, and no row follow the deadline."""
    if item.deadline_on is None:
        return duties
    closing = _completing(item)
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
    """Tell whether a document lives less than two quarters to its printed expiry, that day included."""
    if frame.expires_on is None:
        return False
    begins_on, over_on = frame.issued_on, frame.expires_on + _ONE_DAY
    months = (over_on.year - begins_on.year) * 12 + over_on.month - begins_on.month - (over_on.day < begins_on.day)
    return months < _TWO_QUARTERS_MONTHS
