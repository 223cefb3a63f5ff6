"""Whom the office may order, ask, inform, and whom not at all."""

from pathlib import Path

import pytest

from seeds.registry import load_registry
from tracker.domain.items import ItemKind
from tracker.domain.readings.item import Item, PrintedUnit
from tracker.domain.readings.obstacles import Obstacle, problems
from tracker.domain.readings.reading import Reading
from tracker.domain.unit_classes import CLASSES, Tasking, class_of, may_keep
from tracker.domain.units import Unit, UnitKind, UnitRegistry, UnknownKeeper

REGISTRY = load_registry(Path(__file__).parents[2] / "seeds" / "units.toml")


def test_every_class_has_a_rule_with_its_source() -> None:
    assert set(CLASSES) == set(UnitKind)
    assert all(rule.source for rule in CLASSES.values())


@pytest.mark.parametrize(
    ("code", "tasking", "verb"),
    [
        ("shangwuju", Tasking.TASK, "责成"),
        ("xincai", Tasking.TASK, "责成"),
        ("gaoxinqu", Tasking.TASK, "责成"),
        ("huanghuai", Tasking.TASK, "责成"),
        ("ribaoshe", Tasking.TASK, "责成"),
        ("canlian", Tasking.TASK, "责成"),
        ("fulian", Tasking.LETTER, "商请"),
        ("zuzhibu", Tasking.LETTER, "商请"),
        ("zhongdaxiangmuban", Tasking.LETTER, "商请"),
        ("haiguan", Tasking.FACTS, "函告"),
        ("shizhengfu", Tasking.NEVER, None),
        ("sheng-zhihuibu", Tasking.NEVER, None),
        ("linye-zhihuibu", Tasking.TASK, "责成"),
    ],
)
def test_the_units_of_the_city_are_dealt_with_by_their_class(code: str, tasking: Tasking, verb: str | None) -> None:
    unit = REGISTRY.unit(code)
    rule = class_of(unit.kind, tasked=unit.tasked)
    assert (rule.may_task, rule.verb) == (tasking, verb)


def test_nobody_who_may_not_be_ordered_is_blamed() -> None:
    others = [rule for rule in CLASSES.values() if rule.may_task is not Tasking.TASK]
    assert not any(rule.may_be_blamed for rule in others)


def test_only_papers_to_vertical_bodies_go_to_their_superiors_too() -> None:
    assert [kind for kind, rule in CLASSES.items() if rule.copy_to_superior] == [UnitKind.VERTICAL]


def test_a_paper_that_is_refused_says_what_to_do_instead() -> None:
    assert CLASSES[UnitKind.PARTY_DEPARTMENT].instead == "请以函商请"
    assert CLASSES[UnitKind.VERTICAL].instead == "请函告情况并抄送其上级"


def test_an_exception_changes_the_rule_and_names_its_law() -> None:
    ordered = class_of(UnitKind.MASS_ORGANISATION, tasked=True)
    assert (ordered.verb, ordered.may_be_blamed, ordered.source) == ("责成", True, "残疾人保障法 第八条")
    asked = class_of(UnitKind.CITY_DEPARTMENT, tasked=False)
    assert (asked.verb, asked.may_be_blamed) == ("商请", False)


def test_an_exception_that_says_what_the_class_says_changes_nothing() -> None:
    assert class_of(UnitKind.VERTICAL, tasked=False) is CLASSES[UnitKind.VERTICAL]
    assert class_of(UnitKind.ZONE, tasked=True) is CLASSES[UnitKind.ZONE]


def test_the_provincial_bodies_are_exactly_those_above_the_city() -> None:
    above = {unit.code for unit in REGISTRY.units if unit.kind is UnitKind.UPPER_LEVEL}
    assert above == {unit.code for unit in REGISTRY.units if unit.code.startswith("sheng-")}


def test_a_keeper_stands_only_where_a_document_says_whose_office_it_is() -> None:
    kept = {unit.code: unit.kept_by for unit in REGISTRY.units if unit.kept_by}
    assert kept == {
        "linye-zhihuibu": "linyeju",
        "linye-zhihuibu-ban": "linyeju",
        "zhongdaxiangmu-lxz": "zhongdaxiangmuban",
    }
    assert all(REGISTRY.unit(code).kind is UnitKind.LEADING_GROUP for code in kept)
    assert all("“" in (REGISTRY.unit(code).note or "") for code in kept)
    assert all(may_keep(REGISTRY.unit(keeper).kind) for keeper in kept.values())


def test_neither_a_group_nor_a_body_that_is_never_tasked_keeps_a_group() -> None:
    refused = {kind for kind in UnitKind if not may_keep(kind)}
    assert refused == {UnitKind.LEADING_GROUP, UnitKind.UPPER_LEVEL, UnitKind.CITY_GOVERNMENT}


def test_a_keeper_that_is_no_unit_is_refused() -> None:
    group = Unit("lxz", "某领导小组", "某领导小组", UnitKind.LEADING_GROUP, 10, kept_by="nowhere")
    with pytest.raises(UnknownKeeper):
        UnitRegistry([group])


@pytest.mark.parametrize(("lead", "is_missing"), [("省商务厅", True), ("市商务局", False), ("市委组织部", False)])
def test_a_draft_whose_only_lead_is_a_provincial_body_still_lacks_one(lead: str, *, is_missing: bool) -> None:
    registry = UnitRegistry(
        [
            Unit("sheng", "河南省商务厅", "省商务厅", UnitKind.UPPER_LEVEL, 90),
            Unit("swj", "驻马店市商务局", "市商务局", UnitKind.CITY_DEPARTMENT, 10),
            Unit("zzb", "中共驻马店市委组织部", "市委组织部", UnitKind.PARTY_DEPARTMENT, 5),
        ]
    )
    text = "1.每月通报一次。"
    item = Item("一1", ItemKind.ACTION, "每月通报一次", (0, len(text)), leads=(PrintedUnit(lead),))
    draft = Reading("驻政办〔2022〕99号", "方案", None, None, None, None, text, (item,), ())
    assert (Obstacle.NO_LEAD in {problem.obstacle for problem in problems(draft, registry)}) is is_missing
