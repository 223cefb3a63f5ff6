"""Whom printed words of 主送 mean: units by any of their names, classes by collectives."""

import pytest

from tracker.domain.circulars.salutation import meant
from tracker.domain.units import UnitKind

_NAMES = {
    **dict.fromkeys(("市商务局", "驻马店市商务局"), 1),
    **dict.fromkeys(("市教育局", "驻马店市教育局"), 2),
    **dict.fromkeys(("驿城区", "驿城区人民政府"), 3),
    **dict.fromkeys(("遂平县", "遂平县人民政府"), 4),
    **dict.fromkeys(("市城乡一体化示范区", "市城乡一体化示范区管委会"), 5),
    "市人民政府": None,
}


@pytest.mark.parametrize(
    ("words", "units", "unread"),
    [
        ("驻马店市教育局", {2}, False),
        ("市教育局、驻马店市商务局", {1, 2}, False),
        ("驿城区、遂平县人民政府，市商务局", {1, 3, 4}, False),
        ("市城乡一体化示范区管委会：", {5}, False),
        ("市商务局（市口岸办）", {1}, False),
        ("市人民政府各部门", set(), False),
        ("老王", set(), True),
        ("", set(), False),
    ],
)
def test_units_are_known_by_all_their_names(words: str, units: set[int], unread: bool) -> None:
    read = meant(words, _NAMES)
    assert (read.units, read.is_unread) == (frozenset(units), unread)


@pytest.mark.parametrize(
    ("words", "kind", "is_meant"),
    [
        ("各县区人民政府", UnitKind.LOWER_GOVERNMENT, True),
        ("各县区人民政府", UnitKind.CITY_DEPARTMENT, False),
        ("市直有关部门", UnitKind.CITY_DEPARTMENT, True),
        ("市直有关部门", UnitKind.VERTICAL, True),
        ("市直有关部门", UnitKind.LOWER_GOVERNMENT, False),
        ("各功能区管委会", UnitKind.ZONE, True),
        ("各功能区管委会", UnitKind.LOWER_GOVERNMENT, False),
        ("各有关单位", UnitKind.LOWER_GOVERNMENT, True),
        ("市商务局", UnitKind.CITY_DEPARTMENT, False),
    ],
)
def test_collectives_mean_classes_of_units(words: str, kind: UnitKind, is_meant: bool) -> None:
    assert (kind in meant(words, _NAMES).kinds) == is_meant
