"""Whom each demand of an item binds, to whom a rhythm's report goes and how a number counts: rows of the workbench.

A row stands for a demand that the item had when the page was made: the rhythms, the day, then the numbers.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tracker.domain.entered import clean_words, number_text
from tracker.domain.items import Bearer, Measure
from tracker.domain.readings.demands import Addressee, Bound, Cadence, Deadline, NamedBearer, Target
from tracker.domain.readings.item import Item
from tracker.web.forms import RefusedForm
from tracker.wording.catalogue import BEARERS, CADENCES, OPS

_BETWEEN = "；"
# A collective may hold 、 itself: 各县、驿城区.
_BETWEEN_BODIES = re.compile(r"[、，,]")


@dataclass(frozen=True, slots=True)
class DemandRow:
    """One demand as its row shows it; `addressee` is None but at a rhythm, `measure` and `per` but at a number."""

    name: str
    bearer: str
    named: str
    addressee: str | None = None
    measure: str | None = None
    per: str | None = None


@dataclass(frozen=True, slots=True)
class Whom:
    """What the rows of one item's form say: a bearer and names a row, the rest by rhythm and by number."""

    bearers: Sequence[Bearer | None]
    named: Sequence[str]
    addressees: Sequence[str]
    measures: Sequence[Measure | None]
    pers: Sequence[str]

    def fits(self, item: Item) -> bool:
        """Say whether there is a row for each demand: a form that shows none leaves all as it is."""
        rows = len(item.cadences) + bool(item.deadline) + len(item.targets)
        numbers = len(item.targets)
        return (
            (len(self.bearers), len(self.named), len(self.addressees)) == (rows, rows, len(item.cadences))
            and (len(self.measures), len(self.pers)) == (numbers, numbers)
        )  # fmt: skip


def demand_rows(item: Item) -> Iterator[DemandRow]:
    """Yield a row for each rhythm, for the day and for each number."""
    for cadence in item.cadences:
        to = _line(cadence.addressee.printed) if cadence.addressee else ""
        yield DemandRow(name=CADENCES[cadence.kind.value], **_shown(cadence.bound), addressee=to)
    if item.deadline:
        yield DemandRow(name="时限", **_shown(item.deadline.bound))
    for target in item.targets:
        name = f"{target.metric}{OPS[target.op]}{number_text(target.value)}{target.unit or ''}"
        measure = target.measure.value if target.measure else ""
        yield DemandRow(name=name, **_shown(target.bound), measure=measure, per=_line(target.per or ""))


def with_whom(item: Item, said: Whom) -> Item:
    """Return the item with what its rows say; what they show unchanged stays as it was. Raises RefusedForm."""
    if not said.fits(item):
        return item
    demands: list[Cadence | Deadline | Target] = [*item.cadences]
    demands += [item.deadline] if item.deadline else []
    demands += item.targets
    rows = zip(demands, said.bearers, said.named, strict=True)
    bounds = [_bound(demand.bound, bearer, names) for demand, bearer, names in rows]
    first_number = len(demands) - len(item.targets)
    return replace(
        item,
        cadences=tuple(
            replace(cadence, bound=bound, addressee=_addressee(cadence.addressee, to))
            for cadence, bound, to in zip(item.cadences, bounds, said.addressees, strict=False)
        ),
        deadline=item.deadline and replace(item.deadline, bound=bounds[len(item.cadences)]),
        targets=tuple(
            replace(
                target, bound=bound, measure=measure, per=target.per if per == _line(target.per or "") else per or None
            )
            for target, bound, measure, per in zip(
                item.targets, bounds[first_number:], said.measures, said.pers, strict=True
            )
        ),
    )


def _bound(old: Bound, bearer: Bearer | None, names: str) -> Bound:
    """Take the choice; names that were written say that those are bound, whatever is chosen beside them."""
    same_names = names == _shown(old)["named"]
    if same_names and bearer in {old.bearer, None}:
        return old
    if (names and not same_names) or bearer is Bearer.NAMED:
        if not names:
            raise RefusedForm({"named": f"由谁承担选了{BEARERS['named']}，请写明单位。"})
        return Bound(Bearer.NAMED, tuple(_bodies(old, names)))
    return Bound(bearer or Bearer.LEAD)


def _bodies(old: Bound, names: str) -> Iterator[NamedBearer]:
    known = {_line(one.printed): one for one in old.named}
    for piece in dict.fromkeys(part.strip() for part in re.split("[；;\n]", names)):
        if piece in known or piece.startswith("各"):
            yield known.get(piece) or NamedBearer(piece, ())
        else:
            yield from (NamedBearer(name.strip(), ()) for name in _BETWEEN_BODIES.split(piece) if name.strip())


def _addressee(old: Addressee | None, to: str) -> Addressee | None:
    if to == (_line(old.printed) if old else ""):
        return old
    return Addressee(to) if to else None


def _shown(bound: Bound) -> dict[str, str]:
    return {"bearer": bound.bearer.value, "named": _line(_BETWEEN.join(one.printed for one in bound.named))}


def _line(words: str) -> str:
    return clean_words(" ".join(words.split("\n")))
