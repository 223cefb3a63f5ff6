"""Whether a scheme adds up, and whether each point that its rules hang on is settled or asked."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from tracker.domain.scoring.marks import (
    EVERY_MONTH,
    CasesMark,
    ChecksMark,
    GapMark,
    Mark,
    PlacesMark,
    RankMark,
    TargetMark,
)
from tracker.domain.scoring.needs import kinds_of, metrics_in, needs_of
from tracker.domain.scoring.plain import number_text
from tracker.domain.scoring.questions import (
    BESIDE_MARKS,
    CHOICES,
    CIRCULAR_DUE,
    ISSUER,
    MEETING_MONTHS,
    MEETING_ORDER,
    YEAR_TOTAL,
    Point,
    Question,
    Settled,
)
from tracker.domain.scoring.rules import covered, spoken
from tracker.domain.scoring.scheme import PLANNED, Figure, Item, Metric, MetricKind, Scheme, Window

_ELSEWHERE = BESIDE_MARKS | {Point.BASE}  # points on which no mark hangs by its kind
_READ = frozenset({ISSUER, CIRCULAR_DUE, MEETING_ORDER, MEETING_MONTHS, YEAR_TOTAL})
_OFFERED = frozenset({"announced", "own"})  # choices of a schedule that need a figure


class InvalidScheme(ValueError):
    """A scheme contradicts itself; the message names every fault."""


def check_scheme(scheme: Scheme) -> None:
    """Refuse a scheme that cannot be computed. Raises InvalidScheme."""
    faults = [*_twice(scheme), *_sums(scheme), *_names(scheme), *_publication(scheme)]
    if not faults:
        faults = [fault for item, mark in scheme.marks() for fault in _of_mark(scheme, item, mark)]
        faults += [*_points(scheme), *_options(scheme)]
    if faults:
        raise InvalidScheme("; ".join(faults))


def without_effect(scheme: Scheme) -> tuple[str, ...]:
    """Return the codes of the questions whose answer nothing reads: it would be printed, and change nothing.

    Marks ask by the points on which they hang (`check_scheme`); the rest is read by its code, or names who marks.
    """
    beside = [one for one in scheme.questions if one.point in BESIDE_MARKS]
    return tuple(one.code for one in beside if one.code not in _READ and not one.marks_annexes)


def _twice(scheme: Scheme) -> Iterator[str]:
    lists: dict[str, Iterable[str]] = {
        "annex": [one.code for one in scheme.annexes],
        "item": [item.code for _, item in scheme.items()],
        "mark": [mark.code for _, mark in scheme.marks()],
        "object": [one.unit for one in scheme.objects],
        "cohort": [one.code for one in scheme.cohorts],
        "figure": [one.code for one in scheme.figures],
        "metric": [one.code for one in scheme.metrics],
        "question": [one.code for one in scheme.questions],
    }
    for what, codes in lists.items():
        for code, count in Counter(codes).items():
            if count > 1:
                yield f"{what} {code} stands {count} times"


def _publication(scheme: Scheme) -> Iterator[str]:
    """What is published says why, who issues it is asked, and so is what is made of several months."""
    told, asked = scheme.publication, {one.code for one in scheme.questions}
    if told is None:
        return
    if told.words not in told.source.sentence:
        yield f"publication: its words do not stand in {told.source.clause}"
    meets, counts = told.meeting, told.year is not None
    if meets is not None and (meets.months < 2 or meets.first < 1 or meets.last < 1):
        yield "publication: a meeting is about two months or more, and somebody speaks there"
    for code, wanted in ((ISSUER, True), (MEETING_ORDER, meets is not None), (YEAR_TOTAL, counts)):
        if wanted and code not in asked:
            yield f"publication: {code} is not asked"


def _sums(scheme: Scheme) -> Iterator[str]:
    """Every month each item must come to its marks, each annex to its own, all annexes to the whole."""
    for _, item in scheme.items():
        by_month = {month: _sum(one.full for one in item.marks if month in one.months) for month in EVERY_MONTH}
        for total in sorted({total for total in by_month.values() if total != item.full}):
            months = ", ".join(str(month) for month, one in by_month.items() if one == total)
            yield (
                f"item {item.code}: its marks add up to {number_text(total)}, not {number_text(item.full)}"
                f" (months {months})"
            )
    for annex in scheme.annexes:
        total = _sum(item.full for item in annex.items)
        if total != annex.full:
            yield f"annex {annex.code}: its items add up to {number_text(total)}, not {number_text(annex.full)}"
    whole = _sum(annex.full for annex in scheme.annexes)
    if whole != scheme.full:
        yield f"the annexes add up to {number_text(whole)}, not {number_text(scheme.full)}"


def _sum(numbers: Iterable[Decimal]) -> Decimal:
    return sum(numbers, Decimal(0))


def _names(scheme: Scheme) -> Iterator[str]:
    cohorts = {one.code for one in scheme.cohorts}
    figures = {one.code for one in scheme.figures}
    units = {(one.code, one.unit) for one in scheme.figures}
    asked = {one.code for one in scheme.questions if one.point is Point.BASE}
    for figure in scheme.figures:
        if figure.cohort and figure.cohort not in cohorts:
            yield f"figure {figure.code}: no cohort {figure.cohort}"
        if figure.measure and not figure.cohort:
            yield f"figure {figure.code}: counted from projects of no cohort"
        if figure.part_of and (figure.part_of, figure.unit) not in units - {(figure.code, figure.unit)}:
            yield f"figure {figure.code}: a part of no figure {figure.part_of} in {figure.unit}"
        if figure.measure and figure.window in (Window.YEAR_AGO, Window.MONTH_BEFORE):
            yield f"figure {figure.code}: an earlier month is not counted from projects"
        yield from _of_sum(scheme, figure)
    for metric in scheme.metrics:
        yield from (
            f"metric {metric.code}: no figure {one}"
            for one in (metric.figure, *metric.every_base)
            if one not in figures
        )
        if bool(metric.every_base) == (metric.kind is MetricKind.VALUE):
            yield f"metric {metric.code}: a {metric.kind.value} {'has no' if metric.every_base else 'needs a'} base"
        if bool(metric.asked) != bool(metric.bases) or (metric.asked and (metric.base or metric.asked not in asked)):
            yield f"metric {metric.code}: one base, or one for each answer of a question that is asked"
    metrics = {one.code for one in scheme.metrics}
    for _, mark in scheme.marks():
        yield from (f"mark {mark.code}: no metric {one}" for one in metrics_in(mark) if one not in metrics)
    yield from _from_projects(scheme)


def _of_sum(scheme: Scheme, figure: Figure) -> Iterator[str]:
    """A sum adds up figures of each object that are handed in or counted; nobody hands it in beside them."""
    plain = {one.code for one in scheme.figures if not one.sum_of and not one.common and one.unit == figure.unit}
    if not {*figure.sum_of} <= plain or len(figure.sum_of) == 1:
        yield f"figure {figure.code}: the sum of several figures in {figure.unit} that are no sums"
    if figure.sum_of and (figure.supplier or figure.measure or figure.common):
        yield f"figure {figure.code}: a sum is neither handed in nor counted"


def _from_projects(scheme: Scheme) -> Iterator[str]:
    cohorts, marks = {one.code for one in scheme.cohorts}, {mark.code: mark for _, mark in scheme.marks()}
    for one in scheme.from_projects:
        mark = marks.get(one.mark)
        faults = {
            "no such mark": mark is None,
            "the mark does not look at it": mark is not None and one.kind not in kinds_of(mark),
            "projects of cohorts that are there": not one.cohorts or not {*one.cohorts} <= cohorts,
            "a milestone that has a plan": one.milestone not in ("", *PLANNED),
            "cases have a milestone, checks have none": isinstance(mark, ChecksMark) == bool(one.milestone),
        }
        yield from (
            f"{one.kind} from projects, for {one.mark}: {fault}" for fault, is_there in faults.items() if is_there
        )


def _of_mark(scheme: Scheme, item: Item, mark: Mark) -> Iterator[str]:
    faults = {
        "no source": not mark.sources,
        "months are 1 to 12": not mark.months or not {*mark.months} <= {*EVERY_MONTH},
        "only deducts or adds, so its full marks are 0": isinstance(mark, CasesMark | ChecksMark) and bool(mark.full),
    }
    match mark:
        case TargetMark():
            faults |= _of_target(scheme, mark)
        case RankMark():
            faults |= _of_rank(scheme, mark)
        case PlacesMark():
            faults["its first place gets the full marks"] = max(mark.additions, default=Decimal(0)) != mark.full
        case GapMark():
            faults |= _of_gap(scheme, mark)
        case ChecksMark():
            faults |= _of_checks(scheme, item, mark)
    yield from (f"mark {mark.code}: {fault}" for fault, is_there in faults.items() if is_there)


def _of_target(scheme: Scheme, mark: TargetMark) -> dict[str, bool]:
    kind = next(one.kind for one in scheme.metrics if one.code == mark.metric)
    classes = {one.kind for one in scheme.objects}
    return {
        "a target for each class of objects": {one for one, _ in mark.targets} != classes,
        "a target is a number, no rate": kind is not MetricKind.VALUE,
    }


def _of_rank(scheme: Scheme, mark: RankMark) -> dict[str, bool]:
    bands = sorted(mark.bands, key=lambda band: band.first)
    covers = [place for band in bands for place in range(band.first, band.last + 1)]
    marks = [band.marks for band in bands]
    return {
        f"its bands have each of the {len(scheme.objects)} places once": covers
        != list(range(1, len(scheme.objects) + 1)),
        "its first band gets the full marks": not marks or marks[0] != mark.full,
        "a better band gets more": marks != sorted({*marks}, reverse=True),
        "something to rank by": not mark.readings or not all(metrics for _, metrics in mark.readings),
    }


def _of_gap(scheme: Scheme, mark: GapMark) -> dict[str, bool]:
    figures = {one.code for one in scheme.figures}
    needs = needs_of(scheme)
    offered = {
        option.choice
        for one in scheme.questions
        if one.point is Point.SCHEDULE and mark.code in covered(needs, one)
        for option in one.options
    }
    offered |= {
        one.choice for one in scheme.settled if one.point is Point.SCHEDULE and mark.code in covered(needs, one)
    }
    known = dict(mark.schedule_figures)
    return {
        "a figure for each schedule that may be chosen": not (offered & _OFFERED) <= {*known},
        "its schedules are figures": not {*known.values()} <= figures,
    }


def _of_checks(scheme: Scheme, item: Item, mark: ChecksMark) -> dict[str, bool]:
    before = [one.code for _, one in scheme.items()]
    edges = [tier.above for tier in mark.tiers]
    return {
        "its tiers rise": not edges or edges != sorted({*edges}),
        "one cap, a number or an item": (mark.cap is None) == (not mark.cap_item),
        "the item that caps it stands before it": bool(mark.cap_item)
        and mark.cap_item not in before[: before.index(item.code)],
    }


def _points(scheme: Scheme) -> Iterator[str]:
    """Each point a rule hangs on is settled or asked, once; what covers nothing is a slip."""
    needs = needs_of(scheme)
    said = Counter((mark, one.point) for one in spoken(scheme) for mark in covered(needs, one))
    for mark, point in sorted((mark, point) for mark, points in needs.items() for point in points):
        if said[mark, point] != 1:
            yield f"{mark}: {point.value} is said {said[mark, point]} times"
    for one in spoken(scheme):
        found = {*covered(needs, one)}
        if one.point not in _ELSEWHERE and ({*one.covers} - found or not found):
            yield f"{_called(one)} covers what does not hang on {one.point.value}"


def _options(scheme: Scheme) -> Iterator[str]:
    for one in spoken(scheme):
        choices = {one.choice} if isinstance(one, Settled) else {option.choice for option in one.options}
        if isinstance(one, Question) and len({option.code for option in one.options}) != len(one.options):
            yield f"{_called(one)} has an option twice"
        known = _known(scheme, one)
        if known is not None and not choices <= known:
            yield f"{_called(one)}: unknown choice {', '.join(sorted(choices - known))}"
        if isinstance(one, Question) and not one.marks_annexes and any(option.unit for option in one.options):
            yield f"{_called(one)} names a unit, but nothing is that unit's by it"
        if isinstance(one, Question) and (len(one.options) < 2 or not one.sources):
            yield f"{_called(one)} needs two options and a source"


def _known(scheme: Scheme, one: Question | Settled) -> frozenset[str] | None:
    if one.point is Point.OFFICE:
        return None
    if one.point is Point.BASE:
        bases = [frozenset(choice for choice, _ in each.bases) for each in _divided(scheme, one)]
        return frozenset.intersection(*bases) if bases else frozenset()
    if one.point is not Point.READING:
        return CHOICES[one.point]
    codes = {*covered(needs_of(scheme), one)}
    readings = [
        {name for name, _ in mark.readings}
        for _, mark in scheme.marks()
        if isinstance(mark, RankMark) and mark.code in codes
    ]
    return frozenset.intersection(*map(frozenset, readings)) if readings else frozenset()


def _divided(scheme: Scheme, one: Question | Settled) -> list[Metric]:
    """Return the metrics whose base a question says."""
    return [each for each in scheme.metrics if isinstance(one, Question) and each.asked == one.code]


def _called(one: Question | Settled) -> str:
    return f"question {one.code}" if isinstance(one, Question) else f"settled {one.point.value}"
