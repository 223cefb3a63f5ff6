"""Rules about what happened: acts that are owed, cases that give or take marks, projects checked on site."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from tracker.domain.scoring.counting import counts_for
from tracker.domain.scoring.inputs import Check, Month, Occurrence
from tracker.domain.scoring.marks import ActsMark, Case, CasesMark, ChecksMark, Mark, Tier
from tracker.domain.scoring.questions import Point
from tracker.domain.scoring.results import Fact, Lacking, MarkResult, State, Step, StepKind
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.scheme import Item
from tracker.domain.scoring.work import Results, Work, computed, lacking


def by_acts(work: Work, item: Item, mark: ActsMark) -> Results:
    """Give the full marks where each act happened, nothing otherwise."""
    found: Results = {}
    for unit in work.units:
        steps: list[Step] = []
        references: list[str] = []
        for act in mark.acts:
            counting, others = _parted(work, item, mark, work.counted.occurrences.get((unit, act), ()))
            steps += [*others, Step(StepKind.ACT, {"kind": act, "count": len(counting)})]
            references += [one.reference for one in counting]
        owed = any(step.kind is StepKind.ACT and not step.facts["count"] for step in steps)
        result = computed(mark, Decimal(0) if owed else mark.full, steps)
        found[unit] = replace(result, references=tuple(references))
    return found


def by_cases(work: Work, item: Item, mark: CasesMark) -> Results:
    """Give or take so much for each case."""
    return {unit: _cases(work, item, mark, unit) for unit in work.units}


def by_checks(work: Work, item: Item, mark: ChecksMark) -> Results:
    """Take marks for projects whose reported value is not what was found, as far as the cap goes."""
    return {unit: _checks(work, item, mark, unit) for unit in work.units}


def _parted(work: Work, item: Item, mark: Mark, things: Sequence[Occurrence]) -> tuple[list[Occurrence], list[Step]]:
    """Part what counts for an item from what was already counted for another, and say so."""
    twice = _twice(work, mark)
    counting = [one for one in things if counts_for(one, item.code, twice=twice)]
    others = [one for one in things if item.code in one.items and one not in counting]
    return counting, [_elsewhere(one) for one in others]


def _elsewhere(one: Occurrence | Check) -> Step:
    return Step(StepKind.NOT_COUNTED, {"kind": one.kind, "reference": one.reference, "item": one.items[0]})


def _twice(work: Work, mark: Mark) -> str:
    if Point.COUNTED_TWICE not in work.rules.needs[mark.code]:
        return "each"
    return work.choice(Point.COUNTED_TWICE, mark).choice


def _cases(work: Work, item: Item, mark: CasesMark, unit: str) -> MarkResult:
    steps: list[Step] = []
    missing: list[Lacking] = []
    references: list[str] = []
    total = Decimal(0)
    for case in mark.cases:
        counting, others = _parted(work, item, mark, work.counted.occurrences.get((unit, case.kind), ()))
        steps += others
        if counting and not counts_in(work.rules, mark, case, work.inputs.month):
            steps += [Step(StepKind.NOT_COUNTED, {"kind": case.kind, "reference": one.reference}) for one in counting]
            continue
        for one in counting:
            each = _each(work, mark, case, one)
            if each is None:
                missing.append(Lacking(case.kind, unit))
                continue
            total += each
            references.append(one.reference)
            steps.append(Step(StepKind.CASE, {"kind": case.kind, "reference": one.reference, "marks": each}))
    result = lacking(mark, missing) if missing else computed(mark, total, steps)
    return replace(result, references=tuple(references))


def counts_in(rules: Rules, mark: CasesMark, case: Case, month: Month) -> bool:
    """Whether what happens of a kind gives or takes marks in a month, as printed or decided; not while that is open."""
    if month.number in case.months:
        return True
    chosen = rules.chosen(Point.CASE_MONTHS, mark.code)
    return chosen is not None and chosen.choice == "whole_year"


def _each(work: Work, mark: CasesMark, case: Case, one: Occurrence) -> Decimal | None:
    """What a case gives; None where it was left to the case and nobody said."""
    if case.each is not None:
        return case.each
    chosen = work.choice(Point.CASE_SIZE, mark)
    taken = chosen.number if chosen.choice == "fixed" else one.marks
    return None if taken is None else -taken


def _checks(work: Work, item: Item, mark: ChecksMark, unit: str) -> MarkResult:
    cap = _cap(work, mark, unit)
    if isinstance(cap, MarkResult):
        return cap
    twice = _twice(work, mark)
    things = work.counted.checks.get((unit, mark.check), ())
    counting = [one for one in things if counts_for(one, item.code, twice=twice)]
    steps = [_elsewhere(one) for one in things if item.code in one.items and one not in counting]
    total = Decimal(0)
    for one in counting:
        percent = _difference(work, mark, one)
        taken = _taken(work, mark, percent)
        total += taken
        facts: dict[str, Fact] = {"reference": one.reference, "reported": one.reported, "found": one.found}
        steps.append(Step(StepKind.CHECK, {**facts, "percent": percent, "marks": -taken}))
    if total > cap:
        steps.append(Step(StepKind.CAPPED, {"sum": total, "cap": cap, "item": mark.cap_item, **_basis(work, mark)}))
    result = computed(mark, -min(total, cap), steps)
    return replace(result, references=tuple(one.reference for one in counting))


def _cap(work: Work, mark: ChecksMark, unit: str) -> Decimal | MarkResult:
    """Return how much may be taken in all, or what stands before the item whose marks are the cap."""
    if mark.cap is not None:
        return mark.cap
    item = next(one for _, one in work.rules.scheme.items() if one.code == mark.cap_item)
    if work.choice(Point.CAP_BASIS, mark).choice == "full":
        return item.full
    done = work.done[mark.cap_item, unit]
    if done.marks is not None:
        return max(Decimal(0), done.marks)
    asked = tuple(sorted({one for part in done.parts for one in part.asked}))
    missing = tuple(one for part in done.parts for one in part.lacking)
    return MarkResult(mark.code, State.ASKED if asked else State.LACKING, asked=asked, lacking=missing)


def _basis(work: Work, mark: ChecksMark) -> dict[str, Fact]:
    """Say which marks of the item are the cap, those obtained or the printed ones."""
    if not mark.cap_item or not work.rules.scheme.full_workings:
        return {}
    return {"basis": work.choice(Point.CAP_BASIS, mark).choice}


def _difference(work: Work, mark: ChecksMark, one: Check) -> Fraction | None:
    """Return how far reported and found lie apart, in percent of the base; None where the base is 0 and they differ."""
    more = Fraction(one.reported) - Fraction(one.found)
    apart = max(Fraction(0), more) if work.choice(Point.DIFFERENCE_DIRECTION, mark).choice == "over" else abs(more)
    base = one.reported if work.choice(Point.DIFFERENCE_BASE, mark).choice == "reported" else one.found
    if not apart:
        return Fraction(0)
    return 100 * apart / Fraction(base) if base else None


def _taken(work: Work, mark: ChecksMark, percent: Fraction | None) -> Decimal:
    if percent is None:  # anything differs from nothing by more than any part of it
        return mark.tiers[-1].marks
    edge = len(mark.tiers) > 1 and work.choice(Point.TIER_EDGE, mark).choice == "lower"
    reached = list(_reached(mark.tiers, percent, edge_is_lower=edge))
    return reached[-1].marks if reached else Decimal(0)


def _reached(tiers: Sequence[Tier], percent: Fraction, *, edge_is_lower: bool) -> Iterator[Tier]:
    for at, tier in enumerate(tiers):
        above = Fraction(tier.above)
        if percent > above or (percent == above and (at == 0 or not edge_is_lower)):
            yield tier
