"""What a rule cannot be computed without: the points on which its document must speak or the office decide."""

from collections.abc import Iterator

from tracker.domain.scoring.marks import (
    EVERY_MONTH,
    ActsMark,
    CasesMark,
    ChecksMark,
    GapMark,
    Mark,
    PlacesMark,
    RankMark,
)
from tracker.domain.scoring.questions import Point
from tracker.domain.scoring.scheme import Item, MetricKind, Scheme

TOTAL = "total"  # stands for a mark's code where the totals are meant


def points_needed(scheme: Scheme, item: Item, mark: Mark) -> frozenset[Point]:
    """Return on which points a mark hangs."""
    return frozenset(_points(scheme, item, mark))


def points_of_totals() -> frozenset[Point]:
    """Return on which points the totals and their ranking hang."""
    return frozenset({Point.TIES, Point.OVER_FULL})


def _points(scheme: Scheme, item: Item, mark: Mark) -> Iterator[Point]:
    match mark:
        case RankMark():
            yield from _of_ranks(scheme, mark)
        case PlacesMark():
            yield from (Point.TIES, Point.ALL_ZERO)
            if _has_base(scheme, mark.metric):
                yield from (Point.ZERO_BASE, Point.ROUNDING)
        case GapMark():
            yield from (Point.SCHEDULE, Point.FLOOR)
            if _has_base(scheme, mark.metric):
                yield Point.ZERO_BASE
        case ActsMark() | CasesMark() | ChecksMark():
            if any(_shared(scheme, kind) for kind in kinds_of(mark)):
                yield Point.COUNTED_TWICE
            yield from _of_cases(item, mark)


def _of_ranks(scheme: Scheme, mark: RankMark) -> Iterator[Point]:
    yield from (Point.TIES, Point.ALL_ZERO)
    if len(mark.readings) > 1:
        yield Point.READING
    if any(len(metrics) > 1 for _, metrics in mark.readings):
        yield Point.COMBINE
    if any(_has_base(scheme, one) for _, metrics in mark.readings for one in metrics):
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


def _shared(scheme: Scheme, kind: str) -> bool:
    return len({item.code for item, mark in scheme.marks() if kind in kinds_of(mark)}) > 1


def _has_base(scheme: Scheme, metric: str) -> bool:
    return any(one.code == metric and one.kind is not MetricKind.VALUE for one in scheme.metrics)
