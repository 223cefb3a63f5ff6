"""Invariants of the documents that were read by hand."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from seeds.documents import load_documents
from seeds.registry import SEEDS, BadSeedFile, load_registry
from tracker.domain.items import ItemKind, LeadBasis, SpanRole
from tracker.domain.unit_classes import Tasking, class_of
from tracker.domain.units import Unit

REGISTRY = load_registry(SEEDS / "units.toml")
READINGS = {reading.number: reading for reading in load_documents(SEEDS / "documents", REGISTRY)}


@pytest.mark.parametrize("number", sorted(READINGS))
def test_every_character_is_classified(number: str) -> None:
    reading = READINGS[number]
    spans = reading.cover()
    unclassified = [reading.text[span.start : span.end] for span in spans if span.role is SpanRole.UNCLASSIFIED]
    assert unclassified == []


@pytest.mark.parametrize("number", sorted(READINGS))
def test_printed_and_assigned_leads_are_kept_apart(number: str) -> None:
    for item in READINGS[number].items:
        unnamed = item.lead_basis in (LeadBasis.NONE, LeadBasis.COLLECTIVE)
        assert bool(item.leads) is not unnamed, item.code
        assert item.leads or item.assigned_leads, item.code
        if item.assigned_leads:
            assert not any(_may_be_tasked(REGISTRY.unit(lead.code)) for lead in item.leads), item.code


def _may_be_tasked(unit: Unit) -> bool:
    return class_of(unit.kind, tasked=unit.tasked).may_task is Tasking.TASK


def test_all_eight_documents_of_the_gazette_are_read() -> None:
    expected = {
        "驻政〔2022〕52号": 49,
        "驻政办〔2022〕48号": 40,
        "驻政办〔2022〕49号": 24,
        "驻政办〔2022〕50号": 61,
        "驻政办〔2022〕51号": 11,
        "驻政办〔2022〕53号": 30,
        "驻政办〔2022〕54号": 19,
        "驻政办〔2022〕57号": 24,
    }
    assert {number: len(reading.items) for number, reading in READINGS.items()} == expected


# Several bodies or rhythms under one printed number, and the goals of one clause (domain rule: same label).
BUNDLED = {
    "驻政办〔2022〕48号": {"二"},
    "驻政办〔2022〕49号": {"二"},
    "驻政办〔2022〕50号": {"2.1", "2.2", "4.2.1", "4.4"},
    "驻政办〔2022〕53号": {"四（一）"},
}


@pytest.mark.parametrize("number", sorted(READINGS))
def test_labels_are_unique_but_for_bundled_items(number: str) -> None:
    counts = Counter(item.label for item in READINGS[number].items)
    assert {label for label, times in counts.items() if times > 1} == BUNDLED.get(number, set())


def test_the_disability_plan_has_25_indicators_due_with_2025() -> None:
    indicators = [item for item in READINGS["驻政〔2022〕52号"].items if item.kind is ItemKind.INDICATOR]
    assert [item.label for item in indicators] == [f"指标{row}" for row in range(1, 26)]
    assert {str(item.deadline and item.deadline.on) for item in indicators} == {"2025-12-31"}
    assert all(len(item.targets) == 1 for item in indicators)


@pytest.mark.parametrize(("annex", "marks"), [("附件1", 60), ("附件2", 25), ("附件3", 15)])
def test_the_marks_of_each_annex_add_up_to_its_weight(annex: str, marks: int) -> None:
    scored = [item.scoring for item in READINGS["驻政办〔2022〕53号"].items if item.label.startswith(annex)]
    assert sum(int(str(scoring["full_marks"])) for scoring in scored if scoring) == marks


def test_each_level_of_the_emergency_plan_starts_with_its_launch() -> None:
    steps = [item for item in READINGS["驻政办〔2022〕50号"].items if item.label.startswith("5.3.")]
    assert [item.level for item in steps] == ["I"] * 6 + ["II"] * 6 + ["III", "IV"]


def test_the_logistics_policies_expire_with_the_year() -> None:
    reading = READINGS["驻政办〔2022〕54号"]
    assert len(reading.items) == 19
    assert str(reading.expires_on) == "2022-12-31"


def test_a_printed_unit_that_is_not_registered_is_named_with_its_item(tmp_path: Path) -> None:
    source = SEEDS / "documents" / "54"
    folder = tmp_path / "54"
    folder.mkdir()
    (folder / "text.txt").write_bytes((source / "text.txt").read_bytes())
    items = (source / "items.json").read_text(encoding="utf-8").replace('"市公安局"', '"市飞碟局"')
    (folder / "items.json").write_text(items, encoding="utf-8")
    with pytest.raises(BadSeedFile, match=r"54-14.*市飞碟局"):
        load_documents(tmp_path, REGISTRY)


@pytest.mark.parametrize("number", ["驻政办〔2022〕49号", "驻政办〔2022〕54号"])
def test_no_title_of_a_document_ends_in_the_middle_of_a_clause(number: str) -> None:
    for item in READINGS[number].items:
        words = READINGS[number].text[slice(*item.span)]
        after = words[words.index(item.title) + len(item.title) :][:1]
        assert after in ("", "，", "。", "；", "：", "\n"), (item.code, item.title, after)


_UNIT = 'code = "gonganju"\nfull_name = "驻马店市公安局"\nshort_name = "市公安局"\nkind = "市政府部门"\norder = 1'
_GROUP = 'code = "quan"\nprinted = ["各部门"]\nmembers = ["gonganju"]'


@pytest.mark.parametrize(
    ("unit", "group", "named"),
    [
        (_UNIT.replace("gonganju", "GongAn"), _GROUP, "GongAn.*slug"),
        (_UNIT.replace("市政府部门", "市直"), _GROUP, "gonganju.*市直"),
        (_UNIT.replace("order = 1", 'order = "1"'), _GROUP, "gonganju.*order"),
        (_UNIT.replace("order = 1", ""), _GROUP, "gonganju.*order is missing"),
        (_UNIT + "\nsize = 1", _GROUP, "gonganju.*size"),
        (_UNIT + '\naliases = ["公安"]', _GROUP, "公安.*no table"),
        (_UNIT + '\naliases = [{name = "公安", valid_from = "2022"}]', _GROUP, "公安.*valid_from"),
        (_UNIT, _GROUP.replace('"gonganju"', "1"), "quan.*codes"),
        (_UNIT, _GROUP.replace('"各部门"', ""), "quan.*printed"),
        (_UNIT, _GROUP + "\n[", "line 11"),
    ],
)
def test_an_entry_of_the_registry_that_is_written_wrong_is_named(
    tmp_path: Path, unit: str, group: str, named: str
) -> None:
    path = tmp_path / "units.toml"
    path.write_text(f"[[unit]]\n{unit}\n[[group]]\n{group}\n", encoding="utf-8")
    with pytest.raises(BadSeedFile, match=f"units.toml: .*{named}"):
        load_registry(path)


def test_a_registry_without_faults_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "units.toml"
    path.write_text(
        f'[[unit]]\n{_UNIT}\naliases = [{{name = "公安", valid_from = 2022-01-01}}]\n[[group]]\n{_GROUP}\n',
        encoding="utf-8",
    )
    registry = load_registry(path)
    assert [unit.code for unit in registry.members(registry.groups[0])] == ["gonganju"]
    assert registry.resolve("公安", on=date(2021, 12, 31)) is None
    assert registry.resolve("公安", on=date(2022, 1, 1)) is registry.unit("gonganju")
