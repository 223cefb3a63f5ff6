"""What the readings of the four plans say about bearers, measures and open questions: 48, 49, 51 and 52号."""

from datetime import date

import pytest

from seeds.documents import load_documents
from seeds.registry import SEEDS, load_registry
from tracker.domain.items import Basis, Bearer, CadenceKind, ItemKind, Measure, QuestionTopic
from tracker.domain.readings.demands import Bound, Cadence, EvidenceRequirement, Target
from tracker.domain.readings.item import Item
from tracker.domain.unit_classes import Tasking, class_of
from tracker.domain.units import Unit

REGISTRY = load_registry(SEEDS / "units.toml")
READINGS = {reading.number: reading for reading in load_documents(SEEDS / "documents", REGISTRY)}
OPENING_UP, INVESTMENT, GREENING = "驻政办〔2022〕48号", "驻政办〔2022〕49号", "驻政办〔2022〕51号"
DISABILITY = "驻政〔2022〕52号"
PLANS = (OPENING_UP, INVESTMENT, GREENING, DISABILITY)
ITEMS = [item for number in PLANS for item in READINGS[number].items]
BY_CODE = {item.code: item for item in ITEMS}
UNTIMED = frozenset({CadenceKind.IRREGULAR, CadenceKind.CONTINUOUS})


def _may_be_tasked(unit: Unit) -> bool:
    return class_of(unit.kind, tasked=unit.tasked).may_task is Tasking.TASK


def _topics(item: Item) -> set[QuestionTopic]:
    return {question.topic for question in item.questions}


def _demands(item: Item) -> list[Cadence | Target | EvidenceRequirement]:
    return [*item.cadences, *item.targets, *item.evidence]


def _bound(code: str, words: str) -> list[Bound]:
    return [demand.bound for demand in _demands(BY_CODE[code]) if words in (demand.quote or "")]


def test_every_target_of_the_plans_says_how_it_is_measured() -> None:
    assert [item.code for item in ITEMS if any(target.measure is None for target in item.targets)] == []


def test_a_plan_ends_with_the_last_year_of_its_title() -> None:
    ends = {number: READINGS[number].plan_end.on for number in PLANS}
    assert ends == {
        OPENING_UP: date(2022, 12, 31),
        INVESTMENT: date(2022, 12, 31),
        GREENING: None,
        DISABILITY: date(2025, 12, 31),
    }
    assert {READINGS[number].expires_on for number in PLANS} == {None}


def test_the_seven_goals_of_opening_up_stand_in_the_order_of_the_text() -> None:
    goals = [item for item in READINGS[OPENING_UP].items if item.kind is ItemKind.GOAL]
    assert [item.code for item in goals] == [*(f"48-0{n}" for n in range(1, 6)), "48-39", "48-40"]
    assert [len(item.targets) for item in goals] == [1, 1, 1, 1, 1, 0, 0]
    assert all(item.deadline and item.deadline.on == date(2022, 12, 31) for item in goals)


def test_amounts_of_the_year_add_up_and_growth_is_a_level() -> None:
    measured = [(target.unit, target.measure) for code in ("49-01", "49-02") for target in BY_CODE[code].targets]
    assert measured == [("亿元", Measure.CUMULATIVE), ("%", Measure.LEVEL)] * 2


@pytest.mark.parametrize(
    ("code", "words", "bearers"),
    [
        ("49-06", "党政主要领导每月外出招商不少于2次", "各县区"),
        ("49-06", "各县区全年自主举办专题招商活动不少于2次", "各县区"),
        ("49-21", "市招商引资工作领导小组定期召开会议", "市招商引资工作领导小组"),
        ("49-21", "二分之一的工作时间和精力用于招商引资工作", "各县区"),
        ("49-21", "制定招商引资路线图、任务书、责任状", "各县区"),
        ("49-21", "制定专项工作方案", "市直行业主管部门"),
        ("48-33", "每季度至少开展一次", "各相关部门"),
        ("48-38", "本领域对外开放工作专项方案", "市对外开放工作领导小组成员单位"),
        ("51-01", "科学编制国土绿化相关规划", "各县区人民政府"),
        ("51-04", "绿化项目建设单位要依法依规编制作业设计", "绿化项目建设单位"),
        ("52-46", "定期召开会议", "市政府残疾人工作委员会"),
        ("52-46", "研究制定本地残疾预防行动计划", "各县区"),
        ("52-48", "相关任务指标年度监测工作", "市政府残疾人工作委员会成员单位和有关单位"),
        ("52-48", "各县区政府残疾人工作委员会负责组织有关单位", "各县区政府残疾人工作委员会"),
    ],
)
def test_the_words_bind_the_body_that_they_name(code: str, words: str, bearers: str) -> None:
    found = _bound(code, words)
    assert found
    assert {bound.bearer for bound in found} == {Bearer.NAMED}
    assert {name.printed for bound in found for name in bound.named} == {bearers}


def test_the_outings_of_county_leaders_bind_all_thirteen_counties_and_zones() -> None:
    (rhythm,) = [cadence for cadence in BY_CODE["49-06"].cadences if cadence.kind is CadenceKind.MONTHLY]
    assert len(rhythm.bound.named[0].unit_codes) == 13


def test_the_circulars_on_outings_bind_the_bureau_that_issues_them() -> None:
    assert {demand.bound.bearer for demand in _demands(BY_CODE["49-17"])} == {Bearer.LEAD}


def test_the_committee_for_disabled_persons_bears_every_evaluation() -> None:
    for item in READINGS[DISABILITY].items:
        evaluations = [c for c in item.cadences if c.kind is CadenceKind.MIDTERM_AND_FINAL]
        assert evaluations, item.code
        printed = {name.printed for cadence in evaluations for name in cadence.bound.named}
        counties = {"各县区政府残疾人工作委员会"} if item.code == "52-48" else set()
        assert printed == {"市政府残疾人工作委员会"} | counties, item.code


def test_a_lead_whom_the_city_may_not_task_has_a_city_body_beside_it() -> None:
    for item in ITEMS:
        assert all(_may_be_tasked(REGISTRY.unit(lead.code)) for lead in item.assigned_leads), item.code
        if not any(_may_be_tasked(REGISTRY.unit(lead.code)) for lead in item.leads):
            assert item.assigned_leads, item.code
    beside = {item.code: item.assigned_leads[0].printed for item in ITEMS if item.leads and item.assigned_leads}
    assert beside == {"48-17": "市口岸办", "52-33": "市卫健体委"}


def test_every_rhythm_without_an_interval_asks_the_office_for_one() -> None:
    untimed = [item for item in ITEMS if UNTIMED & {cadence.kind for cadence in item.cadences}]
    assert untimed
    assert [item.code for item in untimed if QuestionTopic.INTERVAL not in _topics(item)] == []


def test_every_product_that_is_owed_once_without_a_day_asks_for_its_day() -> None:
    undated = [item for item in ITEMS if item.deadline is None and any(e.per == "once" for e in item.evidence)]
    assert undated
    assert [item.code for item in undated if QuestionTopic.DATE not in _topics(item)] == []


def test_every_bearer_without_known_members_is_asked_for() -> None:
    unknown = [
        item.code
        for item in ITEMS
        if any(not name.unit_codes for demand in _demands(item) for name in demand.bound.named)
    ]
    assert unknown == ["48-33", "48-38", "49-21", "51-04", "52-48"]
    assert all(QuestionTopic.MEMBERS in _topics(BY_CODE[code]) for code in unknown)


def test_every_indicator_asks_who_answers_for_it() -> None:
    indicators = [item for item in READINGS[DISABILITY].items if item.kind is ItemKind.INDICATOR]
    assert all(QuestionTopic.BEARER in _topics(item) for item in indicators)
    assert {target.measure for item in indicators for target in item.targets} == {Measure.LEVEL}


def test_a_count_for_two_leaders_asks_whether_each_or_both_together() -> None:
    assert QuestionTopic.EACH_OR_TOGETHER in _topics(BY_CODE["49-06"])


def test_the_named_days_of_the_disability_plan_come_every_year_and_their_dates_are_asked() -> None:
    stated = [c for c in BY_CODE["52-28"].cadences if c.basis is Basis.STATED]
    assert [cadence.kind for cadence in stated] == [CadenceKind.YEARLY]
    assert QuestionTopic.DATE in _topics(BY_CODE["52-28"])


def test_the_limits_of_forest_damage_hold_until_the_five_year_plan_ends() -> None:
    item = BY_CODE["51-06"]
    assert {target.measure for target in item.targets} == {Measure.CEILING}
    assert item.deadline
    assert item.deadline.on == date(2025, 12, 31)


def test_a_question_is_one_sentence() -> None:
    words = [question.words for item in ITEMS for question in item.questions]
    assert [sentence for sentence in words if sentence.find("。") != len(sentence) - 1 or "请" not in sentence] == []
