"""Computes a month: every mark of every object, the sums of items and annexes, the totals and the ranking."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from tracker.domain.scoring.cases import by_acts, by_cases, by_checks
from tracker.domain.scoring.counting import counted
from tracker.domain.scoring.fitting import check_inputs
from tracker.domain.scoring.inputs import Check, Inputs, Occurrence
from tracker.domain.scoring.marks import (
    ActsMark,
    CasesMark,
    ChecksMark,
    GapMark,
    Mark,
    PlacesMark,
    RankMark,
    TargetMark,
)
from tracker.domain.scoring.measuring import by_gap, by_target
from tracker.domain.scoring.needs import TOTAL, bases_asked, kinds_of, metrics_in
from tracker.domain.scoring.placing import ranked
from tracker.domain.scoring.plain import digest
from tracker.domain.scoring.questions import Decision, Point, Question
from tracker.domain.scoring.ranking import by_first_places, by_rank
from tracker.domain.scoring.results import (
    AnnexResult,
    ItemResult,
    Lacking,
    MarkResult,
    MonthResult,
    ObjectResult,
    State,
    Step,
    StepKind,
)
from tracker.domain.scoring.rules import Rules, covered
from tracker.domain.scoring.scheme import Annex, Item
from tracker.domain.scoring.work import Results, Work, lacking

_Done = dict[tuple[str, str], ItemResult]


def compute_month(rules: Rules, inputs: Inputs) -> MonthResult:
    """Compute a month; what an open question, a missing figure or a contradiction stands before is left out, and named.

    Raises UnknownInput, ImpossibleInput.
    """
    check_inputs(rules.scheme, inputs)
    things = counted(rules.scheme, inputs)
    done: _Done = {}
    for _, item in rules.scheme.items():
        work = Work(rules, inputs, things, done)
        marks = [_mark(work, item, mark) for mark in item.marks if inputs.month.number in mark.months]
        done |= {(item.code, unit): _item(rules, item, [one[unit] for one in marks]) for unit in work.units}
    objects = _ranked(rules, [_object(rules, one.unit, done) for one in rules.scheme.objects])
    return MonthResult(
        inputs.month,
        rules.version,
        inputs_digest(inputs),
        objects,
        asked=rules.open_questions(),
        lacking=_all_lacking(done.values()),
        notes=_notes(rules, inputs.month.number),
    )


def inputs_digest(inputs: Inputs) -> str:
    """Return the digest of a month's inputs, in whatever order they came."""
    return digest(
        (
            inputs.month,
            inputs.figures,
            inputs.common,
            tuple(sorted(inputs.occurrences, key=lambda one: (one.object, one.kind, one.reference, one.items))),
            tuple(sorted(inputs.checks, key=lambda one: (one.object, one.kind, one.reference, one.items))),
        )
    )


def _mark(work: Work, item: Item, mark: Mark) -> Results:
    asked = work.rules.open_for(mark)
    if asked:
        return {unit: MarkResult(mark.code, State.ASKED, asked=asked) for unit in work.units}
    return _by_rule(work, item, mark) | _contradicting(work, item, mark)


def _contradicting(work: Work, item: Item, mark: Mark) -> Results:
    """Return, in the place of what a rule would give, whose things of the item contradict each other."""
    told: list[Occurrence | Check] = [*work.inputs.occurrences, *work.inputs.checks]
    found: dict[str, list[Lacking]] = {}
    for one in (one for one in told if one.kind in kinds_of(mark) and item.code in one.items):
        if (one.object, one.kind, one.reference) in work.counted.contradicting:
            found.setdefault(one.object, []).append(Lacking(one.kind, one.object, one.reference))
    return {unit: lacking(mark, missing) for unit, missing in found.items()}


def _by_rule(work: Work, item: Item, mark: Mark) -> Results:
    match mark:
        case TargetMark():
            return by_target(work, mark)
        case RankMark():
            return by_rank(work, mark)
        case GapMark():
            return by_gap(work, mark)
        case PlacesMark():
            return by_first_places(work, mark)
        case ActsMark():
            return by_acts(work, item, mark)
        case CasesMark():
            return by_cases(work, item, mark)
        case ChecksMark():
            return by_checks(work, item, mark)
    raise LookupError(f"no such kind of mark: {type(mark).__name__}")


def _item(rules: Rules, item: Item, parts: Sequence[MarkResult]) -> ItemResult:
    state, total = _summed([(one.state, one.marks) for one in parts])
    if total is None:
        return ItemResult(item.code, state, None, tuple(parts))
    steps: list[Step] = []
    floor = Decimal(0) if item.floor is None and _floored(rules, item, parts) else item.floor
    if floor is not None and total < floor:
        steps.append(Step(StepKind.FLOORED, {"sum": total, "floor": floor}))
        total = floor
    if item.ceiling is not None and total > item.ceiling:
        steps.append(Step(StepKind.CEILING, {"sum": total, "ceiling": item.ceiling}))
        total = item.ceiling
    return ItemResult(item.code, state, total, tuple(parts), tuple(steps))


def _floored(rules: Rules, item: Item, parts: Sequence[MarkResult]) -> bool:
    """Whether it was decided for one of the marks that its deduction ends where the item has nothing left."""
    held = {one.mark for one in parts}
    asking = [mark for mark in item.marks if mark.code in held and Point.FLOOR in rules.needs[mark.code]]
    chosen = [rules.chosen(Point.FLOOR, mark.code) for mark in asking]
    return any(one is not None and one.choice == "item" for one in chosen)


def _object(rules: Rules, unit: str, done: Mapping[tuple[str, str], ItemResult]) -> ObjectResult:
    over = rules.chosen(Point.OVER_FULL, TOTAL)
    how = over.choice if over else ""
    annexes = tuple(
        _annex(annex, [done[item.code, unit] for item in annex.items], how) for annex in rules.scheme.annexes
    )
    state, total = _summed([(one.state, one.marks) for one in annexes])
    if rules.open_for_totals():
        state, total = State.ASKED, None
    if total is None or how != "total" or total <= rules.scheme.full:
        return ObjectResult(unit, state, total, None, annexes)
    step = Step(StepKind.CEILING, {"sum": total, "ceiling": rules.scheme.full})
    return ObjectResult(unit, state, rules.scheme.full, None, annexes, (step,))


def _annex(annex: Annex, items: Sequence[ItemResult], over_full: str) -> AnnexResult:
    state, total = _summed([(one.state, one.marks) for one in items])
    if total is None or over_full != "annex" or total <= annex.full:
        return AnnexResult(annex.code, state, total, tuple(items))
    step = Step(StepKind.CEILING, {"sum": total, "ceiling": annex.full})
    return AnnexResult(annex.code, state, annex.full, tuple(items), (step,))


def _ranked(rules: Rules, objects: Sequence[ObjectResult]) -> tuple[ObjectResult, ...]:
    totals = {one.object: Fraction(one.total) for one in objects if one.total is not None}
    ties = rules.chosen(Point.TIES, TOTAL)
    if ties is None or len(totals) < len(objects):
        return tuple(objects)
    ranks = ranked(totals, ties=ties.choice)
    return tuple(
        ObjectResult(one.object, one.state, one.total, ranks[one.object], one.annexes, one.working) for one in objects
    )


def _summed(parts: Iterable[tuple[State, Decimal | None]]) -> tuple[State, Decimal | None]:
    """Add up, if everything is there; an open question is told before a missing figure."""
    told = list(parts)
    states = {state for state, _ in told}
    for state in (State.ASKED, State.LACKING):
        if state in states:
            return state, None
    return State.COMPUTED, sum((marks for _, marks in told if marks is not None), Decimal(0))


def _all_lacking(items: Iterable[ItemResult]) -> tuple[Lacking, ...]:
    found = {one for item in items for part in item.parts for one in part.lacking}
    return tuple(sorted(found, key=lambda one: (one.figure, one.object, one.reference)))


def _notes(rules: Rules, month: int) -> tuple[Decision, ...]:
    """Return the decisions that rules of this month hang on, in the scheme's order."""
    used = {TOTAL, *(mark.code for _, mark in rules.scheme.marks() if month in mark.months)}
    return tuple(rules.holding[one.code] for one in rules.scheme.questions if _is_used(rules, one, used))


def _is_used(rules: Rules, question: Question, marks: set[str]) -> bool:
    if question.code not in rules.holding:
        return False
    if question.point is Point.BASE:
        held = {code for _, mark in rules.scheme.marks() if mark.code in marks for code in metrics_in(mark)}
        return question.code in bases_asked(rules.scheme, held)
    return question.point is Point.OFFICE or any(one in marks for one in covered(rules.needs, question))
