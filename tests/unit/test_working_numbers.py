"""Who reads a working of a mark needs not unfold anything to see the number that has the place."""

from decimal import Decimal

from tests.support.demonstration_months import computed
from tracker.domain.scoring.marks import RankMark
from tracker.domain.scoring.results import Step, StepKind
from tracker.wording.score_views import object_sheets
from tracker.wording.scoring import working_words


def test_each_place_stands_beside_its_numbers_with_their_units() -> None:
    scheme, result = computed(9)
    ranks = {mark.code for _, mark in scheme.marks() if isinstance(mark, RankMark)}
    parts = [
        (sheet.name, part)
        for sheet in object_sheets(scheme, result)
        for annex in sheet.annexes
        for item in annex.items
        for part in item.parts
        if part.mark in ranks
    ]
    assert len(parts) > 100
    for name, part in parts:
        words = "；".join(part.working)
        for figure in part.figures:
            number = figure.value.rstrip("个万亿元项件%")
            assert figure.of not in ("", name) or number in words, (name, part.name, words)


def test_a_bare_place_is_one_line_with_its_number() -> None:
    [first, *_] = object_sheets(*computed(9))
    lines = [line for annex in first.annexes for item in annex.items for part in item.parts for line in part.working]
    assert "重点外资项目个数2个，列第1名（共13个），得2分" in lines


def test_numbers_of_a_check_have_their_unit_on_the_page_and_stay_as_they_are_in_papers() -> None:
    scheme, _ = computed(9)
    facts = {"reference": "甲项目", "reported": Decimal(20), "found": Decimal(10), "percent": Decimal(50)}
    step = Step(StepKind.CHECK, facts | {"marks": Decimal(-2)})
    assert "上报20万元，核查10万元，" in working_words(scheme, [step], money="万元")[0]
    assert "上报20，核查10，" in working_words(scheme, [step])[0]
