"""What a rule cannot be computed without: the points on which its document must speak or the office decide."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tracker.domain.scoring.marks import (
    EVERY_MONTH,
    ActsMark,
    CasesMark,
    ChecksMark,
    GapMark,
    Mark,
    PlacesMark,
    RankMark,
    TargetMark,
)
from tracker.domain.scoring.questions import Point
from tracker.domain.scoring.scheme import Item, MetricKind, Scheme

TOTAL = "total"  # stands for a mark's code where the totals are meant


@dataclass(frozen=True, slots=True)
class _Known:
    """What of a scheme decides on which points its marks hang."""

    with_base: frozenset[str]  # metrics that are divided
    shared: frozenset[str]  # kinds of what happens that several items look at
    due: frozenset[str]  # marks that count projects not done when they were due


def needs_of(scheme: Scheme) -> dict[str, frozenset[Point]]:
    """Return on which points each mark hangs, by its code, and the totals under `TOTAL`."""
    items: dict[str, set[str]] = {}
    for item, mark in scheme.marks():
        for kind in kinds_of(mark):
            items.setdefault(kind, set()).add(item.code)
    known = _Known(
        frozenset(one.code for one in scheme.metrics if one.kind is not MetricKind.VALUE),
        frozenset(kind for kind, found in items.items() if len(found) > 1),
        frozenset(one.mark for one in scheme.from_projects if one.milestone),
    )
    needs = {mark.code: frozenset(_points(known, item, mark)) for item, mark in scheme.marks()}
    return needs | {TOTAL: frozenset({Point.TIES, Point.OVER_FULL})}


def _points(known: _Known, item: Item, mark: Mark) -> Iterator[Point]:
    match mark:
        case RankMark():
            yield from _of_ranks(known, mark)
        case PlacesMark():
            yield from (Point.TIES, Point.ALL_ZERO)
            if mark.metric in known.with_base:
                yield from (Point.ZERO_BASE, Point.ROUNDING)
        case GapMark():
            yield from (Point.SCHEDULE, Point.FLOOR)
            if mark.metric in known.with_base:
                yield Point.ZERO_BASE
        case ActsMark() | CasesMark() | ChecksMark():
            if known.shared & {*kinds_of(mark)}:
                yield Point.COUNTED_TWICE
            if mark.code in known.due:
                yield Point.DUE
            yield from _of_cases(item, mark)


def _of_ranks(known: _Known, mark: RankMark) -> Iterator[Point]:
    yield from (Point.TIES, Point.ALL_ZERO)
    if len(mark.readings) > 1:
        yield Point.READING
    if any(len(metrics) > 1 for _, metrics in mark.readings):
        yield Point.COMBINE
    if any(known.with_base & {*metrics} for _, metrics in mark.readings):
        yield from (Point.ZERO_BASE, Point.ROUNDING)


def _of_cases(item: Item, mark: Mark) -> Iterator[Point]:
    if isinstance(mark, CasesMark):
        if any(case.each is None for case in mark.cases):
            yield Point.CASE_SIZE
        if any(case.months != EVERY_MONTH for case in mark.cases):
            yield Point.CASE_MONTHS
        takes = any(case.each is None or case.each < 0 for case in mark.cases)
        # Whoever only deducts has no marks of his own that could be used up.
        if takes and item.full and item.floor is None:
            yield Point.FLOOR
    if isinstance(mark, ChecksMark):
        yield from (Point.DIFFERENCE_BASE, Point.DIFFERENCE_DIRECTION)
        if len(mark.tiers) > 1:
            yield Point.TIER_EDGE
        if mark.cap_item:
            yield Point.CAP_BASIS


def metrics_in(mark: Mark) -> tuple[str, ...]:
    """Return the codes of the metrics that a mark may be given by, in all its readings."""
    match mark:
        case TargetMark() | GapMark() | PlacesMark():
            return (mark.metric,)
        case RankMark():
            return tuple(code for _, codes in mark.readings for code in codes)
    return ()


def bases_asked(scheme: Scheme, metrics: Collection[str]) -> frozenset[str]:
    """Return the codes of the questions that say what some metrics are divided by."""
    return frozenset(one.asked for one in scheme.metrics if one.asked and one.code in metrics)


def kinds_of(mark: Mark) -> tuple[str, ...]:
    """Return the kinds of occurrences or checks that a mark looks at."""
    match mark:
        case ActsMark():
            return mark.acts
        case CasesMark():
            return tuple(case.kind for case in mark.cases)
        case ChecksMark():
            return (mark.check,)
    return ()
