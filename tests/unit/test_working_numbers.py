"""Who reads a working of a mark needs not unfold anything to see the number that has the place."""

from collections import Counter
from decimal import Decimal

from tests.support.demonstration_months import computed
from tracker.domain.scoring.marks import RankMark
from tracker.domain.scoring.results import Fact, Step, StepKind
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
    assert "固定资产投资增速9.2%，列第3名（共13个），得3分" in lines


def test_numbers_of_a_check_have_their_unit_on_the_page_and_stay_as_they_are_in_former_papers() -> None:
    scheme, _ = computed(9)
    facts: dict[str, Fact] = {"reference": "甲项目", "reported": Decimal(20), "found": Decimal(10)}
    step = Step(StepKind.CHECK, {**facts, "percent": Decimal(50), "marks": Decimal(-2)})
    assert "上报20万元，核查10万元，" in working_words(scheme, [step], money="万元")[0]
    assert "上报20，核查10，" in working_words(scheme, [step])[0]


def test_a_place_that_others_have_too_is_said_to_be_shared() -> None:
    scheme, result = computed(9)
    sheets = object_sheets(scheme, result)
    parts = [part for one in sheets for annex in one.annexes for item in annex.items for part in item.parts]
    places = Counter((part.mark, part.rank) for part in parts)
    assert any(part.tied for part in parts)
    for part in parts:
        assert part.tied == (part.rank is not None and places[part.mark, part.rank] > 1)
        lines = [line for line in part.working if "列第" in line and line.startswith(("列", "并列"))]
        assert all(line.startswith("并列") == part.tied for line in lines)
