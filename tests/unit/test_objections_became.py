"""Whether an objection that holds was carried out: by what is behind the marks of its own item, and nothing else."""

from decimal import Decimal

import pytest

from tracker.domain.scoring.entries import Entry, InputKind
from tracker.domain.scoring.objections import Became, became, changes_its_matter

_SITE = (InputKind.CHECK, "site")


@pytest.mark.parametrize(
    ("items", "carried_out"),
    [(("1-1",), Became.CORRECTED), (("1-1", "1-2"), Became.CORRECTED), (("1-2",), Became.OWED)],
)
def test_what_is_handed_in_for_another_item_carries_nothing_out(items: tuple[str, ...], carried_out: Became) -> None:
    checked = Entry(kind=InputKind.CHECK, code="site", object="yc", reference="外资甲", items=items)
    assert became("1-1", {_SITE}, before=[], now=[checked], because=None) is carried_out
    assert became("1-1", {_SITE}, before=[checked], now=[], because=None) is carried_out


def _check(name: str, found: str) -> Entry:
    return Entry(kind=InputKind.CHECK, code="site", object="yc", found=Decimal(found), reference=name, items=("1-1",))


def _figure(code: str, value: str) -> Entry:
    return Entry(kind=InputKind.FIGURE, code=code, object="yc", value=Decimal(value))


@pytest.mark.parametrize(
    ("words", "changed", "told"),
    [
        ("外资甲核查数有误", "外资甲", True),
        ("甲核查数有误", "外资乙", False),  # by that name nothing is known
        ("外资甲核查数有误", "外资乙", False),
        ("外资甲核查数有误", "projects", False),
        ("项目个数少计一个", "外资甲", False),
        ("项目个数少计一个", "projects", True),
        ("项目个数少计一个", "started", False),
        ("少计一个", "projects", True),
        ("少计一个", "started", True),
        ("扣分过多", "外资甲", False),
    ],
)
def test_an_objection_is_overtaken_by_what_it_is_about_alone(words: str, changed: str, told: bool) -> None:
    """Another project's check than the one objected to is no reason to say that the body had been right."""
    names = {"projects": "项目个数", "started": "已开工数"}
    stood = {"外资甲": _check("外资甲", "5"), "外资乙": _check("外资乙", "5")} | {
        one: _figure(one, "5") for one in names
    }
    stands = stood | {changed: _figure(changed, "9") if changed in names else _check(changed, "9")}
    behind = {one.what for one in stood.values()}
    given = {"before": stood.values(), "now": stands.values(), "figures": names}
    assert changes_its_matter(words, "1-1", behind, **given) is told  # type: ignore[arg-type] # by name


_PARK, _SECOND = "遂平县产业园", "遂平县产业园二期项目"


@pytest.mark.parametrize(
    ("words", "projects", "told"),
    [
        (f"{_PARK}核查数有误", (_SECOND,), True),
        (f"{_SECOND}核查数有误", (_SECOND,), False),
        (f"{_SECOND}核查数有误", (), True),  # by that name nothing is known
        (f"{_SECOND}和{_PARK}核查数有误", (_SECOND,), True),
        (f"{_PARK}{_SECOND}", (_SECOND,), True),
        (f"{_PARK}核查数有误", ("园核查",), True),  # it reaches over, and neither stands inside the other
    ],
)
def test_a_name_inside_a_longer_one_that_is_known_is_not_named(
    words: str, projects: tuple[str, ...], told: bool
) -> None:
    before, now = [_check(_PARK, "5")], [_check(_PARK, "9")]
    given = {"before": before, "now": now, "figures": {}}
    assert changes_its_matter(words, "1-1", {_SITE}, **given, projects=projects) is told  # type: ignore[arg-type]
    second = [_check(name, "5") for name in projects]
    given = {"before": [*before, *second], "now": [*now, *second], "figures": {}}
    assert changes_its_matter(words, "1-1", {_SITE}, **given) is told  # type: ignore[arg-type] # by name


def test_a_figure_inside_the_name_of_another_is_not_named() -> None:
    names = {"projects": "开工项目个数", "started": "应开工项目个数"}
    before, now = [_figure(one, "5") for one in names], [_figure("projects", "9"), _figure("started", "5")]
    behind = {one.what for one in before}
    for words, told in (("应开工项目个数有误", False), ("开工项目个数有误", True), ("个数有误", True)):
        assert changes_its_matter(words, "1-1", behind, before=before, now=now, figures=names) is told


def test_what_came_or_went_is_another_too() -> None:
    for before, now in (([], [_check("外资甲", "5")]), ([_check("外资甲", "5")], [])):
        assert changes_its_matter("外资甲不属实", "1-1", {_SITE}, before=before, now=now, figures={})
        assert not changes_its_matter("外资甲不属实", "1-2", {_SITE}, before=before, now=now, figures={})
