"""Rules that compare all objects: marks by place, and additions for the first places."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from tracker.domain.scoring.marks import Band, Mark, PlacesMark, RankMark
from tracker.domain.scoring.metrics import Measured, has_base, rounded
from tracker.domain.scoring.placing import Choices, Fate, Values, fates, is_all_zero, mean_ranks, mean_values, places
from tracker.domain.scoring.questions import Point
from tracker.domain.scoring.results import Fact, Lacking, MarkResult, Step, StepKind
from tracker.domain.scoring.work import Results, Work, computed, lacking

_MARK_PLACES = 2


def by_rank(work: Work, mark: RankMark) -> Results:
    """Give marks by place; several metrics make one place, or share the marks, as decided."""
    metrics = work.rules.metrics(mark)
    told = [work.measure(metric) for metric in metrics]
    if missing := _missing(told):
        return {unit: lacking(mark, missing, *(one[unit] for one in told)) for unit in work.units}
    choices = work.placing(mark, zero_base=any(has_base(work.rules.scheme, one) for one in metrics))
    lines, steps = _comparable(work, mark, told)
    if len(metrics) == 1:
        if work.rules.scheme.full_workings and not _nothing(lines, choices):
            _tell_lines(metrics, lines, choices, steps, places_of=False)
        return _by_place(mark, fates(lines[0], choices), steps, told)
    combine = work.choice(Point.COMBINE, mark)
    if work.rules.scheme.full_workings and not _nothing(lines, choices):
        _tell_lines(metrics, lines, choices, steps, places_of=combine.choice == "mean_rank")
    if combine.choice in {"split", "weights"}:
        even = Fraction(1, len(metrics))
        weights = dict(combine.weights)
        shares = [Fraction(weights[one]) if combine.choice == "weights" else even for one in metrics]
        results = _by_shares(mark, [fates(line, choices) for line in lines], shares, steps, told)
        return {unit: _summed(one) for unit, one in results.items()} if work.rules.scheme.full_workings else results
    return _by_place(mark, _combined(lines, combine.choice, choices, steps), steps, told)


def by_first_places(work: Work, mark: PlacesMark) -> Results:
    """Add marks for the first places."""
    told = [work.measure(mark.metric)]
    if missing := _missing(told):
        return {unit: lacking(mark, missing, told[0][unit]) for unit in work.units}
    choices = work.placing(mark, zero_base=has_base(work.rules.scheme, mark.metric))
    lines, steps = _comparable(work, mark, told)
    found: Results = {}
    for unit, fate in fates(lines[0], choices).items():
        first = fate.rank is not None and fate.rank <= len(mark.additions)
        marks = mark.additions[(fate.rank or 0) - 1] if first else Decimal(0)
        marks = mark.additions[0] if fate.instead == "full" else marks
        step = Step(StepKind.ADDITION, {"rank": fate.rank, "marks": marks})
        found[unit] = computed(mark, marks, [*steps[unit], step], told[0][unit], rank=fate.rank)
    return found


def _missing(told: Sequence[Mapping[str, Measured]]) -> list[Lacking]:
    return [missing for line in told for one in line.values() for missing in one.lacking]


def _comparable(
    work: Work, mark: Mark, told: Sequence[Mapping[str, Measured]]
) -> tuple[list[Values], dict[str, list[Step]]]:
    """Round rates as decided, and say so."""
    steps: dict[str, list[Step]] = {unit: [] for unit in work.units}
    lines: list[Values] = []
    for line in told:
        metric = next(iter(line.values())).metric
        chosen = work.choice(Point.ROUNDING, mark) if has_base(work.rules.scheme, metric) else None
        if chosen is None or chosen.choice == "exact":
            lines.append({unit: one.value for unit, one in line.items()})
            continue
        digits = int(chosen.number or 0)
        values = {unit: None if one.value is None else rounded(one.value, digits) for unit, one in line.items()}
        for unit, value in values.items():
            if value is not None:
                steps[unit].append(Step(StepKind.ROUNDED, {"metric": metric, "value": value, "places": digits}))
        lines.append({unit: None if value is None else Fraction(value) for unit, value in values.items()})
    return lines, steps


def _combined(lines: list[Values], how: str, choices: Choices, steps: Mapping[str, list[Step]]) -> dict[str, Fate]:
    means = mean_values(lines, choices) if how == "mean_value" else mean_ranks(lines, choices)
    kind = StepKind.MEAN_VALUE if how == "mean_value" else StepKind.MEAN_RANK
    for unit, mean in means.items():
        if mean is not None:
            steps[unit].append(Step(kind, {"value": mean if how == "mean_value" else -mean}))
    if _nothing(lines, choices):
        left = {unit: Fate(None, choices.zero_base) for unit, mean in means.items() if mean is None}
        nought = {unit: Fate(None, choices.all_zero) for unit in means}
        return nought | (left if choices.zero_base in {"none", "full"} else {})
    return places(means, choices)


def _nothing(lines: Sequence[Values], choices: Choices) -> bool:
    """Whether nobody is ranked, because all have 0 and something else was decided for that."""
    return is_all_zero(lines, choices) and choices.all_zero != "tie"


def _tell_lines(
    metrics: Sequence[str], lines: list[Values], choices: Choices, steps: Mapping[str, list[Step]], *, places_of: bool
) -> None:
    """Say each body's place by each metric where their mean is ranked, else what becomes of a rate without a base."""
    for metric, line in zip(metrics, lines, strict=True):
        found = places(line, choices) if places_of else {}
        held = Counter(one.rank for one in found.values())
        for unit, value in line.items():
            facts: dict[str, Fact] = {"metric": metric, "choice": "" if value is not None else choices.zero_base}
            if places_of:
                rank = found[unit].rank
                more: dict[str, Fact] = {"value": value, "rank": rank, "tied": int(rank is not None and held[rank] > 1)}
                steps[unit].append(Step(StepKind.PLACE_OF, facts | more))
            elif value is None and (choices.zero_base in {"zero", "last"} or len(lines) > 1):
                steps[unit].append(Step(StepKind.WITHOUT_BASE, facts))


def _summed(result: MarkResult) -> MarkResult:
    """Say what the shares come to, and that the sum was rounded."""
    given = [Fraction(str(step.facts["given"])) for step in result.working if step.kind is StepKind.SHARE]
    step = Step(StepKind.SHARED, {"sum": sum(given, Fraction(0)), "marks": result.marks})
    return replace(result, working=(*result.working, step))


def _by_place(
    mark: RankMark,
    found: Mapping[str, Fate],
    steps: Mapping[str, list[Step]],
    told: Sequence[Mapping[str, Measured]],
) -> Results:
    results: Results = {}
    for unit, fate in found.items():
        marks = _marks(mark, fate)
        last = _step("", fate, marks, len(found))
        results[unit] = computed(mark, marks, [*steps[unit], last], *(line[unit] for line in told), rank=fate.rank)
    return results


def _by_shares(
    mark: RankMark,
    found: Sequence[Mapping[str, Fate]],
    shares: Sequence[Fraction],
    steps: Mapping[str, list[Step]],
    told: Sequence[Mapping[str, Measured]],
) -> Results:
    results: dict[str, MarkResult] = {}
    for unit in steps:
        total = Fraction(0)
        own = [*steps[unit]]
        for fate_of, share, line in zip(found, shares, told, strict=True):
            marks = _marks(mark, fate_of[unit])
            given = share * Fraction(marks)
            total += given
            own.append(_step(line[unit].metric, fate_of[unit], marks, len(fate_of)))
            own.append(Step(StepKind.SHARE, {"metric": line[unit].metric, "share": share, "given": given}))
        results[unit] = computed(mark, rounded(total, _MARK_PLACES), own, *(line[unit] for line in told))
    return results


def _step(metric: str, fate: Fate, marks: Decimal, of: int) -> Step:
    if fate.rank is None:
        return Step(StepKind.NOT_RANKED, {"metric": metric, "choice": fate.instead, "marks": marks})
    return Step(StepKind.PLACE, {"metric": metric, "rank": fate.rank, "of": of, "marks": marks})


def _marks(mark: RankMark, fate: Fate) -> Decimal:
    if fate.rank is not None:
        return next(band.marks for band in mark.bands if band.first <= fate.rank <= band.last)
    by_fate = {"full": mark.full, "bottom": _last(mark.bands).marks}
    return by_fate.get(fate.instead or "", Decimal(0))


def _last(bands: Sequence[Band]) -> Band:
    return max(bands, key=lambda band: band.last)
