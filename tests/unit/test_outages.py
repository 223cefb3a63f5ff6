"""What an outage excuses, and how far a moment goes on that falls into further outages."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from tracker.domain.outages import Relief, Reliefs, clear_of


def _day(number: int) -> datetime:
    return datetime(2022, 10, number, tzinfo=UTC)


def _relief(after: int, until: int, new: int) -> Relief:
    return Relief(_day(after), _day(until), _day(new))


_SECOND = timedelta(seconds=1)
_STRUCK = _relief(10, 12, 13)


@pytest.mark.parametrize(
    ("due_at", "filed_at", "excused"),
    [
        pytest.param(_day(11), _day(11), True, id="late from its old moment on"),
        pytest.param(_day(11), _day(13) - _SECOND, True, id="in the last second of the new moment"),
        pytest.param(_day(11), _day(13), False, id="late by the new one too"),
        pytest.param(_day(11), _day(11) - _SECOND, False, id="never late"),
        pytest.param(_day(10), _day(11), False, id="due when the outage began, thus missed before it"),
        pytest.param(_day(10) + _SECOND, _day(11), True, id="due just after it began"),
        pytest.param(_day(12), _day(12), True, id="due when the next working day begins"),
        pytest.param(_day(12) + _SECOND, _day(13) - _SECOND, False, id="due after the next working day begins"),
    ],
)
def test_a_filing_is_excused_where_its_moment_fell_into_the_outage_and_it_came_by_the_new_one(
    due_at: datetime, filed_at: datetime, excused: bool
) -> None:
    assert Reliefs(_STRUCK, ()).excuses(due_at, filed_at=filed_at) is excused


@pytest.mark.parametrize(
    ("known", "new_day"),
    [
        pytest.param([], 13, id="no other outage"),
        pytest.param([_relief(13, 15, 16)], 13, id="one that begins when the new moment has passed"),
        pytest.param([_relief(5, 8, 9)], 13, id="one that was over before"),
        pytest.param([_relief(12, 14, 16)], 16, id="one that it falls into"),
        pytest.param([_relief(12, 14, 16), _relief(15, 17, 19), _relief(18, 20, 22)], 22, id="one after another"),
        pytest.param([_relief(12, 14, 16), _relief(12, 13, 18)], 18, id="two that it falls into: the later moment"),
        pytest.param([_relief(12, 14, 16), _relief(15, 16, 16)], 16, id="one that moves nothing any further"),
        pytest.param([_relief(12, 14, 16), _relief(12, 14, 11)], 16, id="one that leads on and one that does not"),
        pytest.param([_relief(12, 14, 11)], 13, id="one whose own new moment is earlier"),
    ],
)
def test_a_new_moment_lies_in_no_known_outage_in_whatever_order_they_are_told(
    known: Sequence[Relief], new_day: int
) -> None:
    for told in permutations(known):
        relief = clear_of(_STRUCK, iter(told))
        assert relief == _relief(10, 12, new_day)


def test_outages_excuse_together_what_each_of_them_alone_does_not() -> None:
    first, second, apart = _relief(10, 12, 13), _relief(12, 15, 16), _relief(20, 22, 23)
    for added, known in ((first, (second, apart)), (second, (apart, first))):
        both = Reliefs(added, known)
        assert both.excuses(_day(11), filed_at=_day(14))
        assert not both.excuses(_day(11), filed_at=_day(16))


def test_an_outage_is_led_to_by_each_whose_new_moment_falls_into_it_at_once_or_by_others() -> None:
    first, second, third = _relief(5, 7, 8), _relief(7, 9, 12), _STRUCK
    assert Reliefs(third, (first, _relief(20, 22, 23), second)).leading == (third, second, first)
    assert Reliefs(first, (second, third)).leading == (first,)
