"""The demonstration's projects are of every list and body, and make a believable evaluation."""

from collections import Counter
from pathlib import Path

import pytest

from seeds.scenarios.scenario import Scenario, load_scenario
from tests.support.demonstration_months import computed, decisions_of, demonstration_projects
from tracker.domain.projects.contradictions import ContradictionKind, contradictions_of
from tracker.domain.projects.counting import counted_inputs
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.rules import Rules
from tracker.gateways.configuration import CONFIGURATION
from tracker.gateways.project_lists import load_project_lists
from tracker.wording.score_views import object_sheets

_LISTS = load_project_lists(CONFIGURATION / "project_lists.toml")
_MONTHS = (8, 9, 10)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(Path(__file__).parents[2] / "seeds" / "scenarios" / "autumn-2022.toml")


def test_every_evaluated_body_has_projects_and_every_list_that_is_counted(scenario: Scenario) -> None:
    scheme, _ = computed(9)
    lists = {code for one in scenario.projects for code in one.since}
    assert lists == {one.code for one in _LISTS.lists}
    for body in scheme.objects:
        own = {code for one in scenario.projects if one.unit == body.unit for code in one.since}
        assert lists - own <= {"waizi"}, body.name


def test_a_name_is_of_one_project_in_its_county(scenario: Scenario) -> None:
    named = Counter((one.unit, one.name) for one in scenario.projects)
    assert [name for name, times in named.items() if times > 1] == []


@pytest.mark.parametrize("number", _MONTHS)
def test_no_value_of_a_project_is_lacking_and_no_number_is_below_zero(number: int) -> None:
    scheme, _ = computed(number)
    counted = counted_inputs(
        Rules(scheme, decisions_of(scheme)), demonstration_projects(), lists=_LISTS, month=Month(2022, number)
    )
    assert [key for key, one in counted.items() if one.without_value or one.value < 0] == []


@pytest.mark.parametrize("number", _MONTHS)
def test_bodies_stand_apart_in_a_month(number: int) -> None:
    sheets = object_sheets(*computed(number))
    assert max(Counter(one.total for one in sheets).values()) <= 2
    assert {one.rank for one in sheets} >= {1, 2, 3}


def test_the_records_contradict_themselves_in_few_places() -> None:
    known = demonstration_projects()
    found = {
        number: Counter(one.kind for _, one in contradictions_of(known, month=Month(2022, number)))
        for number in _MONTHS
    }
    assert 0 < sum(one.pop(ContradictionKind.SEEN_OTHERWISE, 0) for one in found.values()) <= 8
    assert found[8] == {}
    assert found[9] == {ContradictionKind.FALLING: 1}
    assert found[10] == {ContradictionKind.UNTICKED: 1}
