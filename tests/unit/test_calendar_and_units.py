"""Working days against an independent source, and the registry's rules."""

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest

from seeds.registry import SEEDS, load_registry
from tracker.domain.calendar import NaiveTime, end_of_day, local_day
from tracker.domain.units import Alias, DuplicateName, Group, Unit, UnitKind, UnitRegistry
from tracker.gateways.configuration import CONFIGURATION, load_calendar

CALENDAR = load_calendar(CONFIGURATION / "calendar.toml")
REGISTRY = load_registry(SEEDS / "units.toml")


@pytest.mark.parametrize("year", range(2022, 2027))
def test_every_day_agrees_with_an_independent_calendar(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    wrong = [day for day in days if day.year == year and CALENDAR.is_workday(day) != chinese_calendar.is_workday(day)]
    assert wrong == []


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2022, 9, 30), 3, date(2022, 10, 10)),
        (date(2022, 10, 7), 1, date(2022, 10, 8)),
        (date(2022, 10, 8), 1, date(2022, 10, 9)),
        (date(2022, 10, 10), -1, date(2022, 10, 9)),
        (date(2024, 2, 28), 1, date(2024, 2, 29)),
        (date(2022, 12, 30), 1, date(2023, 1, 3)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
        (date(2022, 10, 1), 0, date(2022, 10, 1)),
    ],
)
def test_counting_working_days(day: date, n: int, expected: date) -> None:
    assert CALENDAR.add_workdays(day, n) == expected


def test_a_year_without_a_notice_is_estimated() -> None:
    assert CALENDAR.is_estimated(date(2027, 1, 1))
    assert not CALENDAR.is_estimated(date(2026, 12, 31))


def test_the_day_ends_at_midnight_in_shanghai() -> None:
    midnight = datetime(2022, 9, 30, 16, 0, tzinfo=UTC)
    assert end_of_day(date(2022, 9, 30)) == midnight
    assert local_day(midnight) == date(2022, 10, 1)
    assert local_day(midnight - timedelta(seconds=1)) == date(2022, 9, 30)
    with pytest.raises(NaiveTime):
        local_day(datetime(2022, 9, 30))  # noqa: DTZ001 - a naive time is what is refused


@pytest.mark.parametrize(
    ("printed", "code"),
    [("市银监局", "yinbaojian"), ("市银保监局", "yinbaojian"), ("市交通局", "jiaotongju"), ("市卫健体委", None)],
)
def test_printed_forms_resolve_to_one_unit(printed: str, code: str | None) -> None:
    unit = REGISTRY.resolve(printed)
    assert unit is not None
    assert code in (None, unit.code)


def test_the_thirteen_counties_and_zones() -> None:
    group = REGISTRY.group("各县区人民政府、管委会")
    assert group is not None
    assert len(REGISTRY.members(group)) == 13


def test_a_name_never_stands_for_two_units() -> None:
    kind = UnitKind.CITY_DEPARTMENT
    with pytest.raises(DuplicateName):
        UnitRegistry([Unit("a", "甲局", "甲", kind, 1), Unit("b", "乙局", "乙", kind, 2, (Alias("甲局"),))])


@pytest.mark.parametrize(
    ("document", "other", "clashes"),
    [
        (None, None, True),
        ("甲文", None, True),
        (None, "甲文", True),
        ("甲文", "甲文", True),
        ("甲文", "乙文", False),
    ],
)
def test_only_abbreviations_of_different_documents_may_be_spelled_alike(
    document: str | None, other: str | None, clashes: bool
) -> None:
    units = [
        Unit("a", "甲局", "甲", UnitKind.CITY_DEPARTMENT, 1, (Alias("某局", document=document),)),
        Unit("b", "乙局", "乙", UnitKind.CITY_DEPARTMENT, 2, (Alias("某局", document=other),)),
    ]
    if not clashes:
        UnitRegistry(units)
        return
    with pytest.raises(DuplicateName, match="'a' and to 'b'"):
        UnitRegistry(units)


@pytest.mark.parametrize(("printed", "owner"), [("甲局", "a"), ("各县区", "first")])
def test_a_name_stands_for_a_unit_or_for_one_group(printed: str, owner: str) -> None:
    units = [Unit("a", "甲局", "甲", UnitKind.CITY_DEPARTMENT, 1)]
    groups = [Group("first", ("各县区",), ("a",)), Group("second", (printed,), ("a",))]
    with pytest.raises(DuplicateName, match=f"'{owner}' and to 'second'"):
        UnitRegistry(units, groups=groups)
