"""What a month asks of whom: its figures under the items that need them, how far each supplier is."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.domain.scoring.cases import counts_in
from tracker.domain.scoring.entries import Entry, InputKind, What, kinds_in, suppliers, whats_of
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.marks import CasesMark, GapMark, Mark
from tracker.domain.scoring.metrics import figures_of
from tracker.domain.scoring.questions import ORGANISER, Option, Point
from tracker.domain.scoring.rules import Rules, option_of
from tracker.domain.scoring.scheme import KNOWN_BEFORE, Annex, Figure, Item, Scheme, clause_label


@dataclass(frozen=True, slots=True)
class AskedItem:
    """An item with the figures that a month needs for it; a figure stands under the first item that needs it."""

    annex: Annex
    item: Item
    figures: tuple[Figure, ...]

    @property
    def label(self) -> str:
        return clause_label(self.annex.label, self.item.label)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a supplier is; `owners` are codes of units, none where nobody is named and the office hands it in.

    `wanted` numbers are asked for, one an object, `there` of them are handed in. Of the kinds in `silent` nothing was
    handed in, nor that nothing happened.
    """

    owners: frozenset[str]
    wanted: int
    there: int
    kinds: tuple[What, ...]
    silent: tuple[What, ...]

    @property
    def done(self) -> bool:
        return self.there == self.wanted and not self.silent

    @property
    def begun(self) -> bool:
        return self.there > 0 or len(self.silent) < len(self.kinds)


def named_unit(scheme: Scheme, option: Option) -> str:
    """Return the code of the unit that an answer names; empty where it names none."""
    return option.unit or (scheme.organiser if option.choice == ORGANISER else "")


def decided_suppliers(rules: Rules) -> Mapping[What, str]:
    """Return who hands in what the scheme prints nobody for, by codes of units: whoever scores its annex, as decided.

    What several annexes need is his who scores the first of them.
    """
    scheme, holding = rules.scheme, rules.holding
    scorers: dict[str, str] = {}
    for one in scheme.questions:
        unit = named_unit(scheme, option_of(one, holding[one.code])) if one.code in holding else ""
        scorers |= {annex: unit for annex in one.marks_annexes if unit}
    if not scorers:
        return {}
    printed, found = suppliers(scheme), dict[What, str]()
    for annex, item in scheme.items():
        for mark in item.marks if annex.code in scorers else ():
            for what in (*((InputKind.FIGURE, code) for code in _read(rules, mark)), *whats_of(mark)):
                if not printed.get(what):
                    found.setdefault(what, scorers[annex.code])
    return found


def hands_in(rules: Rules) -> Mapping[What, frozenset[str]]:
    """Return who hands in what, by codes of units: as the scheme prints it, or as it was decided; else nobody.

    What is nobody's or the organiser's alone the office hands in (`is_offices`).
    """
    decided = decided_suppliers(rules)
    return {
        what: frozenset({decided[what]}) if what in decided else codes
        for what, codes in suppliers(rules.scheme).items()
    }


def record_keepers(scheme: Scheme, what: What) -> frozenset[str]:
    """Return whose records of projects are counted for something, by codes of units, whoever counts them.

    Who is printed to supply it, else the organiser: he keeps the lists that are printed for nobody (`kept_by`).
    """
    return suppliers(scheme).get(what) or frozenset({scheme.organiser})


def is_offices(scheme: Scheme, owners: Collection[str]) -> bool:
    """Tell whether the office hands in what is theirs: it works for the organiser, and where nobody is named."""
    return {*owners} <= {scheme.organiser}


def items_asked(rules: Rules, month: Month) -> tuple[AskedItem, ...]:
    """Return the items for which a month needs figures, in printed order."""
    seen: set[str] = set()
    found = []
    known = {one.code: one for one in rules.scheme.figures}
    for annex, item in rules.scheme.items():
        codes = dict.fromkeys(code for mark in item.marks if month.number in mark.months for code in _read(rules, mark))
        new = [code for code in codes if code not in seen]
        seen |= {*new}
        if new:
            found.append(AskedItem(annex, item, tuple(known[code] for code in new)))
    return tuple(found)


def inputs_behind(rules: Rules, month: Month, item: str) -> frozenset[What]:
    """Return the figures and kinds from which a month's marks under an item are made."""
    found: set[What] = set()
    for one, mark in rules.scheme.marks():
        if one.code == item and month.number in mark.months:
            found |= {*whats_of(mark)}
            found |= {(InputKind.FIGURE, code) for code in _read(rules, mark)}
    return frozenset(found)


def kinds_asked(scheme: Scheme, month: Month) -> tuple[What, ...]:
    """Return what may happen or be found in a month, in printed order."""
    held = {what for _, mark in scheme.marks() if month.number in mark.months for what in whats_of(mark)}
    return tuple(what for what in kinds_in(scheme) if what in held)


def weighs(rules: Rules, month: Month, what: What) -> bool:
    """Tell whether a figure, a kind or a check can give or take marks in a month, as printed or decided."""
    kind, code = what
    for _, mark in rules.scheme.marks():
        if month.number not in mark.months:
            continue
        if kind is InputKind.FIGURE and code in _read(rules, mark):
            return True
        of_month = not isinstance(mark, CasesMark) or any(
            case.kind == code and counts_in(rules, mark, case, month) for case in mark.cases
        )
        if what in whats_of(mark) and of_month:
            return True
    return False


def filled_in(rules: Rules, month: Month, whats: Collection[What]) -> tuple[What, ...]:
    """Return what of some figures and kinds a month asks for, as its form does: no figure of other months."""
    return tuple(one for one in whats if one[0] is not InputKind.FIGURE or weighs(rules, month, one))


def is_early(figure: Figure, month: Month, *, on: date) -> bool:
    """Whether what was handed in on a day cannot be the figure, whose stretch of time was not over by then.

    What is planned for the year, and what was in an earlier month, is known before.
    """
    return figure.window not in KNOWN_BEFORE and not month.is_over(on)


def silent_kinds(
    scheme: Scheme, month: Month, entries: Iterable[Entry], *, answered: Collection[What]
) -> tuple[What, ...]:
    """Return what may have happened in a month and of which nobody told anything, in printed order.

    `answered` are the kinds of which somebody said that nothing happened, or that are taken as such.
    """
    told = {one.what for one in entries} | {*answered}
    return tuple(what for what in kinds_asked(scheme, month) if what not in told)


def standings(
    rules: Rules,
    month: Month,
    entries: Iterable[Entry],
    *,
    said_none: Collection[What],
    whats: Collection[What] | None = None,
) -> tuple[Standing, ...]:
    """Return how far each supplier is, in the order in which the scheme needs them; what the office hands in last.

    `whats` are those that are looked at: of what the office hands in the organiser has a part.
    """
    scheme, held, whose = rules.scheme, list(entries), hands_in(rules)
    there = {(one.code, one.object) for one in held if one.kind is InputKind.FIGURE}
    told = {one.what for one in held} | {*said_none}
    figures: dict[frozenset[str], list[tuple[str, str]]] = {}
    kinds: dict[frozenset[str], list[What]] = {}
    for asked in items_asked(rules, month):
        for figure in asked.figures:
            if whats is not None and (InputKind.FIGURE, figure.code) not in whats:
                continue
            cells = [(figure.code, "")] if figure.common else [(figure.code, one.unit) for one in scheme.objects]
            figures.setdefault(whose[InputKind.FIGURE, figure.code], []).extend(cells)
    for what in (one for one in kinds_asked(scheme, month) if whats is None or one in whats):
        kinds.setdefault(whose[what], []).append(what)
    order = sorted(dict.fromkeys((*figures, *kinds)), key=lambda one: (is_offices(scheme, one), not one))
    return tuple(
        Standing(
            owners,
            len(figures.get(owners, ())),
            sum(cell in there for cell in figures.get(owners, ())),
            tuple(kinds.get(owners, ())),
            tuple(what for what in kinds.get(owners, ()) if what not in told),
        )
        for owners in order
    )


def _read(rules: Rules, mark: Mark) -> Iterator[str]:
    """Go through the codes of the figures that a mark is computed from."""
    if isinstance(mark, GapMark):
        chosen = rules.chosen(Point.SCHEDULE, mark.code)
        yield from (code for choice, code in mark.schedule_figures if chosen and choice == chosen.choice)
    yield from (code for code in figures_of(rules.scheme, rules.metrics_of(mark)) if code not in rules.unused)
