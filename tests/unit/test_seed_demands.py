"""Whom the words of the documents read by hand bind, to whom they report, and what they leave open."""

import pytest

from seeds.documents import load_documents
from seeds.registry import SEEDS, load_registry
from tracker.domain.items import Bearer, CadenceKind, LeadBasis, Measure, QuestionTopic
from tracker.domain.readings.demands import Bound
from tracker.domain.readings.item import Item

REGISTRY = load_registry(SEEDS / "units.toml")
READ = {"驻政办〔2022〕50号", "驻政办〔2022〕53号", "驻政办〔2022〕54号", "驻政办〔2022〕57号"}
READINGS = [reading for reading in load_documents(SEEDS / "documents", REGISTRY) if reading.number in READ]
ITEMS = {item.code: item for reading in READINGS for item in reading.items}
OPEN_ENDED = {CadenceKind.IRREGULAR, CadenceKind.CONTINUOUS}


def _topics(item: Item) -> set[QuestionTopic]:
    return {question.topic for question in item.questions}


def _names(bound: Bound) -> list[str]:
    return [named.printed for named in bound.named]


def _binds_groups(item: Item) -> bool:
    bounds = [
        *(cadence.bound for cadence in item.cadences),
        *(target.bound for target in item.targets),
        *(requirement.bound for requirement in item.evidence),
    ]
    return any(bound.bearer in (Bearer.GROUP, Bearer.BOTH) for bound in bounds)


@pytest.mark.parametrize("code", sorted(ITEMS))
def test_every_target_says_how_it_is_measured(code: str) -> None:
    assert all(target.measure for target in ITEMS[code].targets)


@pytest.mark.parametrize("code", sorted(ITEMS))
def test_an_open_ended_rhythm_asks_its_interval(code: str) -> None:
    item = ITEMS[code]
    if OPEN_ENDED & {cadence.kind for cadence in item.cadences}:
        assert QuestionTopic.INTERVAL in _topics(item)


@pytest.mark.parametrize("code", sorted(ITEMS))
def test_a_bound_group_without_known_members_asks_who_they_are(code: str) -> None:
    item = ITEMS[code]
    if _binds_groups(item) and any(not group.member_codes for group in item.groups):
        assert QuestionTopic.MEMBERS in _topics(item)


@pytest.mark.parametrize("code", sorted(ITEMS))
def test_a_group_is_bound_only_where_the_item_has_one(code: str) -> None:
    item = ITEMS[code]
    assert item.groups or not _binds_groups(item)


@pytest.mark.parametrize("code", sorted(ITEMS))
def test_a_question_is_one_sentence_to_the_office(code: str) -> None:
    for question in ITEMS[code].questions:
        assert question.words.endswith("。")
        assert question.words.count("。") == 1
        assert "请督查室" in question.words


@pytest.mark.parametrize("code", ["53-23", "53-28"])
def test_inspections_and_meetings_bind_the_counties_and_the_scorer_only_scores(code: str) -> None:
    item = ITEMS[code]
    assert item.lead_basis is LeadBasis.COLLECTIVE
    assert [len(group.member_codes) for group in item.groups] == [13]
    assert [cadence.bound.bearer for cadence in item.cadences] == [Bearer.GROUP, Bearer.LEAD]
    assert [(target.bound.bearer, target.measure) for target in item.targets] == [
        (Bearer.GROUP, Measure.PER_PERIOD),
        (Bearer.GROUP, Measure.PER_PERIOD),
    ]


def test_each_class_of_counties_has_its_own_number_of_projects_to_prepare() -> None:
    targets = {tuple(_names(target.bound)): target.value for target in ITEMS["53-06"].targets}
    assert targets == {
        ("各县、驿城区",): 3,
        ("经济开发区、市高新技术产业开发区",): 2,
        ("市城乡一体化示范区",): 1,
    }
    counties, scorer = ITEMS["53-06"].cadences
    assert len({code for named in counties.bound.named for code in named.unit_codes}) == 13
    assert scorer.bound.bearer is Bearer.LEAD


@pytest.mark.parametrize("code", ["53-16", "53-17"])
def test_data_of_the_statistics_bureau_are_owed_by_that_bureau(code: str) -> None:
    assert [_names(requirement.bound) for requirement in ITEMS[code].evidence] == [["市统计局"]]


def test_a_rule_about_where_data_come_from_has_no_rhythm_of_its_own() -> None:
    assert [cadence.kind for cadence in ITEMS["53-05"].cadences] == [CadenceKind.ON_EVENT]


def test_the_evaluation_is_run_by_one_office_and_scored_by_nine_bureaus() -> None:
    item = ITEMS["53-30"]
    assert [lead.printed for lead in item.leads] == ["市重大项目办"]
    assert len(item.supports) == 9


@pytest.mark.parametrize("code", ["50-42", "50-48"])
def test_reports_during_a_response_go_to_the_body_named_first(code: str) -> None:
    (cadence,) = ITEMS[code].cadences
    assert cadence.bound.bearer is Bearer.GROUP
    assert cadence.addressee is not None
    assert cadence.addressee.printed == "本级政府"


def test_each_24_hour_clock_of_a_finding_binds_the_body_that_passes_it_on() -> None:
    county, city = ITEMS["50-27"].cadences[0], ITEMS["50-28"].cadences[0]
    assert (county.bound.bearer, city.bound.bearer) == (Bearer.GROUP, Bearer.LEAD)
    assert [cadence.addressee and cadence.addressee.unit_code for cadence in (county, city)] == [
        "linye-zhihuibu-ban",
        "sheng-zhihuibu",
    ]


def test_the_emergency_plan_is_revised_by_the_headquarters() -> None:
    item = ITEMS["50-61"]
    assert [lead.unit_code for lead in item.leads] == ["linye-zhihuibu"]
    assert [cadence.kind for cadence in item.cadences] == [CadenceKind.IRREGULAR]


def test_prizes_that_the_citys_purse_pays_bind_the_finance_bureau() -> None:
    paid = [(code, target.value) for code in ITEMS for target in ITEMS[code].targets if target.bound.named]
    assert [entry for entry in paid if entry[0].startswith("57")] == [("57-10", 20), ("57-16", 10)]


def test_a_ratio_of_shared_costs_is_no_target() -> None:
    assert [target.value for target in ITEMS["57-22"].targets] == [30]


@pytest.mark.parametrize(
    ("unit_code", "codes"),
    [
        ("linye-zhihuibu-ban", ["50-31", "50-32", "50-37", "50-40", "50-43", "50-46"]),
        ("jinrongju", ["54-10", "54-12"]),
        ("kejiju", ["57-16", "57-17"]),
        ("rensheju", ["57-19", "57-20"]),
    ],
)
def test_where_the_city_may_not_task_the_lead_a_city_body_reports(unit_code: str, codes: list[str]) -> None:
    appointed = [
        item.code
        for item in ITEMS.values()
        if item.leads and any(lead.unit_code == unit_code for lead in item.assigned_leads)
    ]
    assert appointed == codes
