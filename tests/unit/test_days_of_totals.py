"""Of which day a total is, by which it is judged, asked back and offered: one for all."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.cadences import Span, label, spans_from
from tracker.domain.contradictions import ClaimAboveFiled, ClaimAboveValue, NumberOfAnotherYear
from tracker.domain.counting import Counting, Figure, day_of_total
from tracker.domain.denials import day_judged
from tracker.domain.errors import BadInput
from tracker.domain.items import CadenceKind, Measure
from tracker.domain.schedule import ScheduledTarget
from tracker.domain.values import Filed, ValueBackdated, ValueFallen, latest_before, value_doubts
from tracker.wording.refusals import sentence

_TURN, _FIRST = Span(date(2022, 12, 26), date(2023, 1, 1)), Span(date(2024, 12, 30), date(2025, 1, 5))
_YEAR_END = date(2022, 12, 31)
_TOTAL = Counting(Measure.CUMULATIVE, None, _YEAR_END)


@pytest.mark.parametrize(
    ("told_on", "period", "reach_on", "found"),
    [
        (date(2023, 1, 9), None, _YEAR_END, date(2023, 1, 9)),
        (date(2023, 1, 9), Span(date(2022, 11, 1), date(2022, 11, 30)), _YEAR_END, _YEAR_END),
        (date(2022, 12, 10), Span(date(2022, 10, 1), date(2022, 10, 31)), _YEAR_END, date(2022, 12, 10)),
        # The 52nd week of 2022, whatever day its goal has, and whoever has none.
        (date(2023, 1, 1), _TURN, _YEAR_END, _YEAR_END),
        (date(2023, 1, 1), _TURN, date(2022, 12, 15), _YEAR_END),
        (date(2023, 1, 1), _TURN, date(2023, 6, 30), _YEAR_END),
        (date(2023, 1, 1), _TURN, None, _YEAR_END),
        (date(2023, 1, 4), _TURN, date(2023, 1, 1), date(2023, 1, 4)),
        # The first week of 2025, but of a goal of 2024 that it holds.
        (date(2025, 1, 5), _FIRST, date(2025, 6, 30), date(2025, 1, 5)),
        (date(2025, 1, 5), _FIRST, date(2024, 12, 31), date(2024, 12, 31)),
        (date(2024, 12, 31), _FIRST, date(2025, 6, 30), date(2024, 12, 31)),
        # What runs over several years is of that in which it ends.
        (date(2023, 7, 2), Span(date(2022, 8, 16), date(2023, 6, 30)), None, date(2023, 7, 2)),
    ],
)
def test_a_total_in_a_form_is_of_no_day_after_the_year_of_the_form(
    told_on: date, period: Span | None, reach_on: date | None, found: date
) -> None:
    assert day_of_total(told_on, period, reach_on) == found


@given(day=st.dates(date(2021, 1, 1), date(2030, 12, 31)), late=st.integers(0, 40))
def test_a_week_is_of_the_year_that_its_code_names(day: date, late: int) -> None:
    week = next(spans_from(CadenceKind.WEEKLY, day))
    year = int(label(CadenceKind.WEEKLY, week.starts_on)[:4])
    assert day_of_total(week.ends_on + timedelta(days=400), week, None) == date(year, 12, 31)
    target = ScheduledTarget(measure=Measure.CUMULATIVE, op=">=", value=1)
    offered = Counting(Measure.CUMULATIVE, None, None).day_offered(week, today=week.ends_on + timedelta(days=late))
    assert offered.year <= year
    assert day_judged(target, Figure(1, offered, week)) == offered


@pytest.mark.parametrize(
    ("measure", "reach_on", "today", "offered"),
    [
        (Measure.CUMULATIVE, _YEAR_END, date(2023, 1, 4), _YEAR_END),
        (Measure.CUMULATIVE, date(2023, 6, 30), date(2023, 1, 4), _YEAR_END),
        (Measure.CUMULATIVE, _YEAR_END, date(2022, 12, 30), date(2022, 12, 30)),
        (Measure.LEVEL, _YEAR_END, date(2023, 1, 4), date(2023, 1, 1)),
        (Measure.PER_PERIOD, _YEAR_END, date(2023, 1, 4), date(2023, 1, 1)),
        (None, None, date(2023, 1, 4), date(2023, 1, 1)),
    ],
)
def test_the_day_that_is_offered_is_that_by_which_a_total_is_judged(
    measure: Measure | None, reach_on: date | None, today: date, offered: date
) -> None:
    counting = Counting(measure, None, reach_on)
    assert counting.day_offered(_TURN, today=today) == offered
    assert counting.day_offered(None, today=today) == today


def _filed(*told: tuple[float, date, Span | None]) -> list[Filed]:
    return [Filed(place, Figure(value, on, period)) for place, (value, on, period) in enumerate(told, start=1)]


_OCTOBER = Span(date(2022, 10, 1), date(2022, 10, 31))
_ON_FILE = _filed((250, date(2022, 9, 30), None), (320, date(2022, 11, 30), None), (330, date(2023, 1, 4), _TURN))


@pytest.mark.parametrize(
    ("said", "held_against"),
    [
        (Figure(310, date(2022, 12, 10), _OCTOBER), 320),
        (Figure(310, date(2022, 10, 31), _OCTOBER), None),
        (Figure(240, date(2022, 10, 31), _OCTOBER), 250),
        (Figure(320, date(2022, 12, 10), _OCTOBER), None),
        (Figure(325, date(2022, 12, 31)), 330),  # the week's is of 31 December too, and was told first
        (Figure(9, date(2023, 1, 4)), None),
    ],
)
def test_a_total_is_held_against_the_one_of_the_latest_day_before_its_own(
    said: Figure, held_against: float | None
) -> None:
    """In whatever order what is on file comes, and whatever form was before."""
    for filed in permutations(_ON_FILE):
        latest = latest_before(said, filed, _TOTAL, report_id=None)
        doubts = value_doubts(said, goal=350, counting=_TOTAL, before=Figure(250, date(2022, 9, 30)), latest=latest)
        assert [against.value for against in doubts.values() if against] == ([held_against] if held_against else [])
        assert set(doubts) <= {ValueFallen}


def test_of_one_day_what_was_told_first_is_before() -> None:
    filed = _filed((320, _YEAR_END, None), (310, _YEAR_END, None), (300, _YEAR_END, None))
    second = latest_before(filed[1].figure, [filed[0], filed[2]], _TOTAL, report_id=2)
    assert second == filed[0].figure
    assert latest_before(filed[0].figure, filed[1:], _TOTAL, report_id=1) is None


def test_a_day_after_the_year_is_no_later_day_than_its_last() -> None:
    """News of 31 December is of no earlier day than a form of the old year that bears one of January."""
    before = Figure(300, date(2023, 1, 1), _TURN)
    assert not value_doubts(Figure(350, _YEAR_END), goal=350, counting=_TOTAL, before=before, latest=before)
    earlier = Figure(350, date(2022, 12, 30))
    found = value_doubts(earlier, goal=350, counting=_TOTAL, before=before, latest=None)
    assert list(found) == [ValueBackdated]


@pytest.mark.parametrize(
    ("judged_on", "words"),
    [
        (_YEAR_END, "321（截至2023年1月5日，按2022年12月31日的数计），按该日序时应达到350，"),
        (date(2023, 1, 5), "321（截至2023年1月5日），按该日序时应达到350，"),
        (None, "321（截至2023年1月5日），按序时应达到350，"),  # counted in a window
    ],
)
@pytest.mark.parametrize("kind", [ClaimAboveValue, ClaimAboveFiled])
def test_a_refusal_says_by_which_day_a_number_was_judged(
    kind: type[BadInput], judged_on: date | None, words: str
) -> None:
    number = {"metric": "签约金额", "op": ">=", "value": "321", "expected": "350", "day": date(2023, 1, 5)}
    said = sentence(kind(item="一1", claim="on_schedule", judged_on=judged_on, **number))
    assert words in said
    hint = "如为较早日期的数，请改截至日期" in said
    assert hint is (kind is ClaimAboveValue and judged_on is not None)


def test_a_total_of_another_year_says_as_of_which_day_it_counts() -> None:
    days = {"day": date(2023, 1, 1), "judged_on": _YEAR_END, "year": 2023}
    said = sentence(NumberOfAnotherYear(item="一1", metric="签约金额", target=1, **days))
    assert "，按2022年12月31日的数计，不能" in said
