"""200 random months, computed by the rules as data and again from the document's words alone."""

from collections.abc import Iterator
from fractions import Fraction

import pytest

from tests.support.naive_evaluation import evaluate
from tests.support.random_months import GAPS, SCHEME, RandomMonth, random_months
from tracker.domain.scoring.month import compute_month
from tracker.domain.scoring.results import MonthResult, Step, StepKind
from tracker.domain.scoring.rules import Rules

_MONTHS = 50


@pytest.mark.parametrize("seed", [53, 54, 55, 56])
def test_both_computations_agree_on_every_mark(seed: int) -> None:
    seen: set[StepKind] = set()
    gaps: set[Fraction] = set()
    numbers: set[int] = set()
    for at, month in enumerate(random_months(_MONTHS, seed=seed)):
        result = compute_month(Rules(SCHEME, month.decisions), month.inputs)
        assert result.complete, (at, result.asked, result.lacking[:3])
        _agree(at, month, result)
        numbers.add(month.inputs.month.number)
        for step in _steps(result):
            seen.add(step.kind)
            if step.kind is StepKind.GAP and isinstance(gap := step.facts["gap"], Fraction):
                gaps.add(gap)
    assert seen == {*StepKind}, "every kind of step was taken"
    assert {Fraction(gap) for gap in GAPS if gap > 0} <= gaps, "every edge was met"
    assert numbers == {*range(1, 13)}


def _agree(at: int, month: RandomMonth, result: MonthResult) -> None:
    plain = evaluate(month.naive)
    for one in result.objects:
        for annex in one.annexes:
            for item in annex.items:
                assert item.marks is not None
                assert Fraction(item.marks) == plain.items[item.item][one.object], (at, item, month.naive.answers)
            assert annex.marks is not None
            assert Fraction(annex.marks) == plain.annexes[annex.annex][one.object], (at, annex.annex)
        assert one.total is not None
        assert Fraction(one.total) == plain.totals[one.object], (at, one.object)
        assert one.rank == plain.ranks[one.object], (at, one.object)


def _steps(result: MonthResult) -> Iterator[Step]:
    for one in result.objects:
        yield from one.working
        for annex in one.annexes:
            yield from annex.working
            for item in annex.items:
                yield from item.working
                for part in item.parts:
                    yield from part.working
