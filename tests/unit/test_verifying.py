"""Which of the reports that a lead found true the office looks at singly."""

from collections import Counter

import pytest

from tracker.domain.verifying import draw

ACTS = [f"act {number}" for number in range(500)]


@pytest.mark.parametrize(
    ("count", "first", "drawn"), [(1, True, 1), (2, False, 1), (5, True, 1), (6, False, 2), (40, True, 8)]
)
def test_of_one_act_one_in_five_is_drawn_rounded_up(count: int, first: bool, drawn: int) -> None:
    sizes = {len(draw(range(7, 7 + count), one_in=5, first=first, seed=seed)) for seed in ACTS}
    assert sizes == {drawn}


def test_over_many_forms_each_place_is_drawn_alike_and_none_always() -> None:
    """Five rows at once, their numbers five apart from one form to the next, as a county files them month by month."""
    places = Counter(
        drawn - 5 * form
        for form, seed in enumerate(ACTS)
        for drawn in draw(range(5 * form, 5 * form + 5), one_in=5, first=True, seed=seed)
    )
    assert set(places) == set(range(5))
    assert all(60 <= count <= 140 for count in places.values()), places  # 100 each, and four deviations beside


def test_a_lone_report_that_is_not_the_first_is_drawn_with_the_same_chance() -> None:
    drawn = sum(len(draw([25], one_in=5, first=False, seed=seed)) for seed in ACTS)
    assert 60 <= drawn <= 140


def test_the_same_seed_draws_the_same_in_whatever_order_the_reports_are_named() -> None:
    for seed in ACTS[:20]:
        assert draw([1, 2, 3], one_in=5, first=True, seed=seed) == draw([3, 1, 2], one_in=5, first=True, seed=seed)
