"""In which window a count is counted: its form's, whatever day it bears; outside of forms its day's."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.cadences import Span, spans_from
from tracker.domain.counting import before_its_window, counted_in, window_of
from tracker.domain.items import CadenceKind, Measure
from tracker.domain.schedule import ScheduledTarget, standing

_MONTHLY, _YEARLY, _QUARTERLY = CadenceKind.MONTHLY, CadenceKind.YEARLY, CadenceKind.QUARTERLY
_OCTOBER = Span(date(2022, 10, 1), date(2022, 10, 31))
_THIRD_QUARTER = Span(date(2022, 7, 1), date(2022, 9, 30))
_YEAR = Span(date(2022, 1, 1), date(2022, 12, 31))
_THREE = ScheduledTarget(measure=Measure.PER_PERIOD, op=">=", value=3, rhythm=_MONTHLY)


@pytest.mark.parametrize(
    ("per", "stated", "found"),
    [
        ("月", [_YEARLY, _MONTHLY], _MONTHLY),
        ("年", [_MONTHLY], _YEARLY),
        ("季度", [], _QUARTERLY),
        ("每半年", [], CadenceKind.HALF_YEARLY),
        ("县区", [_YEARLY, _MONTHLY], _YEARLY),  # whose it is, not when
        (None, [_QUARTERLY], _QUARTERLY),
        (None, [], None),
    ],
)
def test_a_number_is_counted_as_its_own_words_say_else_as_its_item_states(
    per: str | None, stated: list[CadenceKind], found: CadenceKind | None
) -> None:
    assert counted_in(per, stated) is found


@pytest.mark.parametrize(
    ("rhythm", "day", "period", "found"),
    [
        (_MONTHLY, date(2022, 11, 1), _OCTOBER, _OCTOBER),
        (_MONTHLY, date(2022, 10, 5), _OCTOBER, _OCTOBER),
        (_MONTHLY, date(2022, 11, 1), None, Span(date(2022, 11, 1), date(2022, 11, 30))),
        (_YEARLY, date(2022, 11, 1), _OCTOBER, _YEAR),
        (_YEARLY, date(2023, 1, 3), Span(date(2022, 12, 1), date(2022, 12, 31)), _YEAR),
        (_MONTHLY, date(2022, 10, 9), _THIRD_QUARTER, Span(date(2022, 9, 1), date(2022, 9, 30))),
        (CadenceKind.EVERY_2_DAYS, date(2022, 9, 3), *[Span(date(2022, 9, 1), date(2022, 9, 2))] * 2),
        # A completion of December that is told in October: of December it cannot be.
        (_MONTHLY, date(2022, 10, 20), Span(date(2022, 12, 1), date(2022, 12, 31)), _OCTOBER),
        (None, date(2022, 11, 1), _OCTOBER, None),
        (CadenceKind.ON_EVENT, date(2022, 11, 1), _OCTOBER, None),
    ],
)
def test_a_count_belongs_to_the_window_of_its_form(
    rhythm: CadenceKind | None, day: date, period: Span | None, found: Span | None
) -> None:
    assert window_of(rhythm, day, period) == found


@given(
    rhythm=st.sampled_from([_MONTHLY, _QUARTERLY, _YEARLY, CadenceKind.WEEKLY, CadenceKind.EVERY_10_DAYS]),
    begin=st.dates(date(2022, 1, 1), date(2024, 12, 31)),
    late=st.integers(0, 60),
    value=st.sampled_from([0.0, 2.0, 3.0]),
)
def test_whatever_day_a_count_bears_once_its_window_is_over_it_is_judged_by_that(
    rhythm: CadenceKind, begin: date, late: int, value: float
) -> None:
    period = next(spans_from(rhythm, begin))
    target = ScheduledTarget(measure=Measure.PER_PERIOD, op=">=", value=3, rhythm=rhythm)
    day = date.fromordinal(period.ends_on.toordinal() + 1 + late)
    found = standing(target, value, day, today=day, period=period)
    assert found.kind.value == ("on" if value >= 3 else "behind")
    assert standing(target, value, day, today=date(2026, 1, 1), period=period).kind is found.kind


def test_while_its_window_runs_a_count_is_not_behind() -> None:
    day = date(2022, 10, 28)
    assert standing(_THREE, 0.0, day, today=day, period=_OCTOBER).kind.value == "on"
    assert standing(_THREE, 0.0, day, today=date(2022, 11, 1), period=_OCTOBER).kind.value == "behind"
    assert standing(_THREE, 0.0, date(2022, 11, 1), today=date(2022, 11, 1)).kind.value == "on"


@pytest.mark.parametrize(
    ("rhythm", "day", "period", "early"),
    [
        (_MONTHLY, date(2022, 9, 30), _OCTOBER, True),
        (_MONTHLY, date(2022, 10, 1), _OCTOBER, False),
        (_MONTHLY, date(2022, 11, 2), _OCTOBER, False),
        (_YEARLY, date(2022, 9, 30), _OCTOBER, False),
        (_MONTHLY, date(2022, 9, 30), None, False),
        (_MONTHLY, date(2022, 10, 20), Span(date(2022, 12, 1), date(2022, 12, 31)), False),  # it has not begun
        (None, date(2022, 9, 30), _OCTOBER, False),
    ],
)
def test_a_count_of_before_its_window_is_of_another(
    rhythm: CadenceKind | None, day: date, period: Span | None, early: bool
) -> None:
    found = before_its_window(rhythm, day, period, today=date(2022, 11, 2))
    assert (found is not None) is early
