"""How a project stands on a list once somebody said since which month it does."""

from dataclasses import replace
from datetime import date

import pytest

from tracker.domain.projects.acts import Place
from tracker.domain.projects.placing import ended_before, former_of, going_along, placed
from tracker.domain.projects.records import Listing, standing
from tracker.domain.scoring.inputs import Month

_Rows = list[tuple[str, str]]  # since and until, as 06-20
_MARCH, _ONCE, _TWICE = [("03-01", "")], [("03-01", "06-20")], [("03-01", "06-20"), ("08-01", "")]


def _day(text: str) -> date:
    return date.fromisoformat(f"2022-{text}")


def _listings(rows: _Rows) -> list[Listing]:
    """Return rows of which each has a plan of its own."""
    return [
        Listing("waizi", 2022, _day(since), number, _day(until) if until else None)
        for number, (since, until) in enumerate(rows, start=1)
    ]


def _after(listings: list[Listing], place: Place) -> list[Listing]:
    before, now = placed(listings, place)
    return sorted([*(one for one in listings if one is not before), now], key=lambda one: one.since)


@pytest.mark.parametrize(
    ("rows", "month", "back", "after"),
    [
        ([], 4, False, [("04-01", "")]),
        # the month in which it was off, a later one, the one in which it came and the one in which it was off at once
        (_ONCE, 6, False, [*_ONCE, ("06-20", "")]),
        (_ONCE, 8, False, _TWICE),
        ([("06-01", "08-10")], 8, False, [("06-01", "08-10"), ("08-10", "")]),
        ([("03-01", "06-30")], 6, False, [("03-01", "06-30"), ("06-30", "")]),
        ([("06-01", "06-10")], 6, False, [("06-01", "06-10")]),
        ([("06-01", "06-10")], 6, True, [("06-01", "")]),
        # how it stands is corrected: what ended it stays, unless that is undone
        (_MARCH, 5, False, [("05-01", "")]),
        (_MARCH, 2, False, [("02-01", "")]),
        (_ONCE, 3, False, _ONCE),
        (_ONCE, 3, True, _MARCH),
        (_ONCE, 5, False, [("05-01", "06-20")]),
        (_ONCE, 2, False, [("02-01", "06-20")]),
        # of two rows the one that is meant, and never into the other
        (_TWICE, 3, False, _TWICE),
        (_TWICE, 3, True, [("03-01", ""), ("08-01", "")]),
        (_TWICE, 8, False, _TWICE),
        (_TWICE, 2, False, [("02-01", "06-20"), ("08-01", "")]),
        (_TWICE, 5, False, [("05-01", "06-20"), ("08-01", "")]),
        (_TWICE, 6, False, [("03-01", "06-20"), ("06-20", "")]),
        (_TWICE, 7, False, [("03-01", "06-20"), ("07-01", "")]),
        (_TWICE, 10, False, [("03-01", "06-20"), ("10-01", "")]),
        ([("03-01", "06-20"), ("06-20", "")], 6, False, [("03-01", "06-20"), ("06-20", "")]),
        ([("03-01", "06-20"), ("08-01", "09-10")], 7, False, [("03-01", "06-20"), ("07-01", "09-10")]),
    ],
)
def test_a_month_says_which_row_is_meant(rows: _Rows, month: int, back: bool, after: _Rows) -> None:
    found = _after(_listings(rows), Place("waizi", 2022, date(2022, month, 1), None, back=back))
    assert [(one.since, one.until) for one in found] == [(one.since, one.until) for one in _listings(after)]


@pytest.mark.parametrize(("month", "plans"), [(3, [9, 2]), (8, [1, 9]), (7, [1, 9])])
def test_a_row_has_the_plan_that_is_said_of_it_and_else_its_own(month: int, plans: list[int]) -> None:
    for planned, told in ((9, plans), (None, [1, 2])):
        found = _after(_listings(_TWICE), Place("waizi", 2022, date(2022, month, 1), planned))
        assert [one.planned for one in found] == told


def test_who_comes_back_has_the_plan_that_stood_unless_another_is_said() -> None:
    for planned, told in ((None, 1), (9, 9)):
        assert placed(_listings(_ONCE), Place("waizi", 2022, date(2022, 6, 1), planned))[1].planned == told


def test_no_month_in_which_it_stood_is_another_once_it_comes_back() -> None:
    """Of whichever two days the first is that on which it came, and the second that on which it was off."""
    days = [date(2022, month, day) for month in range(1, 8) for day in (1, 15)]
    for since, until in ((one, other) for one in days for other in days if one < other):
        known = [Listing("waizi", 2022, since, until=until)]
        for month in range(until.month, 9):
            if month == since.month or not known[0].ended(Month(2022, month).last_day):
                continue  # the month says the row itself
            found = _after(known, Place("waizi", 2022, date(2022, month, 1), None))
            for number in range(1, 13):
                ends = Month(2022, number).last_day
                stood = standing(known, "waizi", on=ends) is not None
                assert (standing(found, "waizi", on=ends) is not None) == (stood or number >= month)


_FORMER = Listing("waizi", 2021, date(2021, 3, 1), 1, _day("05-20"))


@pytest.mark.parametrize(
    ("month", "back", "after"),
    [
        (1, False, ("01-01", "05-20")),  # 移出 of the year before's row comes yet
        (5, False, ("05-20", "")),  # in its month, and after it, the project comes back
        (9, False, ("09-01", "")),
        (1, True, ("01-01", "")),
    ],
)
def test_the_end_of_an_earlier_years_row_holds_for_the_first_of_a_later_one(
    month: int, back: bool, after: tuple[str, str]
) -> None:
    """On a list of no year a plan of the new year undid 移出, and a month before it counted for ever."""
    place = Place("waizi", 2022, date(2022, month, 1), 5, back)
    before, now = placed([], place, _FORMER)
    since, until = after
    assert (before, now) == (None, Listing("waizi", 2022, _day(since), 5, _day(until) if until else None))
    own = Listing("waizi", 2022, _day("01-01"), 2)
    assert placed([own], place, _FORMER) == placed([own], place), "the year's own rows say it"


_CUT = Listing("waizi", 2022, _day("01-01"), 5, date(2021, 6, 20))  # its end is before it begins


def _of_former(since: str, until: str = "") -> Listing:
    return Listing("waizi", 2021, date.fromisoformat(since), 1, date.fromisoformat(until) if until else None)


@pytest.mark.parametrize(
    ("place", "later", "after"),
    [
        (Place("waizi", 2021, date(2021, 3, 1), None, back=True), _CUT, replace(_CUT, until=None)),
        (Place("waizi", 2021, date(2021, 9, 1), None), _CUT, replace(_CUT, until=None)),
        (Place("waizi", 2021, date(2021, 9, 1), None), replace(_CUT, until=_day("05-20")), None),
        (Place("waizi", 2021, date(2021, 9, 1), None), replace(_CUT, list="gongye"), None),
        (Place("waizi", 2021, date(2021, 3, 1), 9), _CUT, None),  # of the plan alone no end is another
        # a row that begins before its own year begins, as an export may say: no month before the coming back
        (
            Place("waizi", 2021, date(2021, 9, 1), None),
            replace(_CUT, since=date(2021, 5, 1)),
            replace(_CUT, since=date(2021, 9, 1), until=None),
        ),
    ],
)
def test_an_end_that_was_taken_over_goes_with_what_it_came_from(
    place: Place, later: Listing, after: Listing | None
) -> None:
    rows = [_of_former("2021-03-01", "2021-06-20")]
    before, now = placed(rows, place)
    ended = ended_before(rows, before, now, None)
    assert going_along([*rows, later], now, ended) == ([(later, after)] if after else [])


def test_who_comes_back_after_a_row_of_before_the_year_takes_later_ones_along_too() -> None:
    """The first row of a year that comes after the end, and the second of one in which it had come back already."""
    former, later = _of_former("2021-03-01", "2021-06-20"), replace(_CUT, year=2023, since=date(2023, 1, 1))
    before, now = placed([], Place("waizi", 2022, _day("01-01"), None), former)
    assert going_along([former, later], now, ended_before([], before, now, former)) == [
        (later, replace(later, until=None))
    ]
    rows = [_of_former("2021-03-01", "2021-06-20"), _of_former("2021-08-01", "2021-10-20")]
    before, now = placed(rows, Place("waizi", 2021, date(2021, 12, 1), None))
    assert going_along([*rows, _CUT], now, ended_before(rows, before, now, None)) == [], "it is none of that end"


def test_a_later_years_row_that_is_not_its_last_begins_where_it_did() -> None:
    begun = replace(_CUT, since=date(2021, 5, 1))
    rows, own = [_of_former("2021-03-01", "2021-06-20")], Listing("waizi", 2022, date(2021, 9, 1), 6)
    before, now = placed(rows, Place("waizi", 2021, date(2021, 9, 1), None))
    assert going_along([*rows, begun, own], now, ended_before(rows, before, now, None)) == []


def test_a_list_of_a_year_asks_no_former_one() -> None:
    rows = [_FORMER, Listing("waizi", 2020, date(2020, 1, 1)), Listing("gongye", 2021, date(2021, 1, 1))]
    assert former_of(rows, "waizi", 2022, of_year=None) == _FORMER
    assert former_of(rows, "waizi", 2022, of_year=2022) is None
