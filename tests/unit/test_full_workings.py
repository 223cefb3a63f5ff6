"""A mark can be followed from its working alone: no place, rate without a base, sum or cap is left out."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from statistics import mean

import pytest

from tests.support.random_months import SCHEME, RandomMonth, decisions_of, random_months
from tracker.domain.scoring.month import compute_month
from tracker.domain.scoring.results import MarkResult, MonthResult, Step, StepKind
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.scheme import Scheme, clause_label
from tracker.wording.score_rows import marked_rows
from tracker.wording.score_sheets import ItemSheet, PartSheet
from tracker.wording.score_short import ShortWords
from tracker.wording.score_views import object_sheets

_MONTHS = list(random_months(40, seed=17))


def _result(month: RandomMonth, scheme: Scheme = SCHEME) -> MonthResult:
    return compute_month(Rules(scheme, month.decisions), month.inputs)


def _parts(result: MonthResult) -> Iterator[tuple[str, MarkResult]]:
    for one in result.objects:
        for annex in one.annexes:
            yield from ((one.object, part) for item in annex.items for part in item.parts)


def _of(part: MarkResult, kind: StepKind) -> list[Step]:
    return [step for step in part.working if step.kind is kind]


def _rank(step: Step) -> int | None:
    return 1 if step.facts["choice"] == "full" else step.facts["rank"]  # type: ignore[return-value]


def test_the_mean_of_places_is_that_of_the_places_that_stand_before_it() -> None:
    seen = 0
    for month in _MONTHS:
        for _, part in _parts(_result(month)):
            for step in _of(part, StepKind.MEAN_RANK):
                places = [rank for rank in map(_rank, _of(part, StepKind.PLACE_OF)) if rank is not None]
                if places:
                    seen += 1
                    assert mean(map(Fraction, places)) == step.facts["value"]
    assert seen


def test_every_place_stands_with_its_number_on_the_page_and_in_the_annex() -> None:
    words = ShortWords(SCHEME, ranked=len(SCHEME.objects))
    names = {one.code: one.name for one in SCHEME.metrics}
    for month in _MONTHS:
        result = _result(month)
        pages = {one.object: one for one in object_sheets(SCHEME, result)}
        for one in result.objects:
            shown = [item for annex in pages[one.object].annexes for item in annex.items]
            told = [item for annex in one.annexes for item in annex.items]
            for sheet, item in zip(shown, told, strict=True):
                for step in (step for part in item.parts for step in _of(part, StepKind.PLACE_OF)):
                    name, place = names[str(step.facts["metric"])], f"第{step.facts['rank']}名"
                    [line] = [line for part in sheet.parts for line in part.working if _says(line, name)]
                    assert place in line or step.facts["rank"] is None
                    assert f"列{place}" in words.item(item) or step.facts["rank"] is None


def _says(line: str, name: str) -> bool:
    return line.startswith(name) and ("列第" in line or "不参加排名" in line)


def _page(result: MonthResult, mark: str) -> PartSheet:
    sheet = next(one for one in object_sheets(SCHEME, result) if one.object == "suiping")
    return next(part for annex in sheet.annexes for item in annex.items for part in item.parts if part.mark == mark)


def test_numbers_and_rates_of_one_mark_are_followed_to_its_place() -> None:
    figures = dict(_MONTHS[0].inputs.figures)
    for place, unit in enumerate(one.unit for one in SCHEME.objects):
        less = Decimal(place % 3 if unit != "suiping" else 0)  # 入库率 60% of all who have no less
        figures |= {("statistics-in", unit): 9 - less, ("signed-count", unit): 6 - less}
        figures |= {("opened-count", unit): Decimal(5), ("producing-count", unit): Decimal(4)}
    inputs = replace(_MONTHS[0].inputs, figures=figures)
    result = compute_month(Rules(SCHEME, decisions_of(SCHEME)), inputs)
    assert _page(result, "1-12-both").working == (
        "入库率：9÷“签约一批”“开工一批”“投产一批”项目个数合计15＝60%",
        "入库项目个数9个，并列第1名",
        "入库率60%，并列第1名",
        "各指标名次平均1",
        "并列第1名（共13个），得2分",
    )
    [row] = [cells for name, cells in marked_rows(SCHEME, result) if name == "遂平县" and "一（十二）" in cells[0]]
    total = "“签约一批”“开工一批”“投产一批”项目个数合计15"
    assert row[1] == f"入库项目个数9个并列第1名、入库率9÷{total}＝60%并列第1名，名次平均1，并列第1名"


@pytest.mark.parametrize("seed", [1, 2])
def test_what_the_shares_come_to_and_how_it_is_rounded_is_said(seed: int) -> None:
    for month in random_months(10, seed=seed):
        for _, part in _parts(_result(month)):
            if given := _of(part, StepKind.SHARE):
                [step] = _of(part, StepKind.SHARED)
                assert step.facts["sum"] == sum((Fraction(str(one.facts["given"])) for one in given), Fraction(0))
                assert step.facts["marks"] == part.marks


def test_results_of_rules_without_full_workings_are_what_they_were() -> None:
    former = replace(SCHEME, full_workings=False)
    new = {StepKind.PLACE_OF, StepKind.WITHOUT_BASE, StepKind.SHARED}
    for month in _MONTHS[:8]:
        before, now = _result(month, former), _result(month)
        for (_, one), (_, other) in zip(_parts(before), _parts(now), strict=True):
            assert not new & {step.kind for step in one.working}
            assert (one.marks, one.rank) == (other.marks, other.rank)
            kept = [step for step in other.working if step.kind not in new]
            assert [step.kind for step in kept] == [step.kind for step in one.working]
            assert all("basis" not in step.facts for step in one.working)


def _rows_and_pages(result: MonthResult) -> Iterator[tuple[str, ItemSheet]]:
    """Go through the rows of a paper with the item of the page that each is about."""
    rows = {(name, cells[0]): cells[1] for name, cells in marked_rows(SCHEME, result)}
    for one in object_sheets(SCHEME, result):
        for annex in one.annexes:
            for item in annex.items:
                titled = f"{clause_label(annex.label, item.label)}{item.title}"
                yield rows.get((one.name, titled), ""), item


def test_the_row_of_a_paper_says_what_the_page_says_of_ties_units_and_floors() -> None:
    ties, units, floors = 0, 0, 0
    for month in _MONTHS[:12]:
        for row, item in _rows_and_pages(_result(month)):
            shared = [f"并列第{part.rank}名" for part in item.parts if part.tied] if row else []
            assert not [words for words in shared if words not in row]
            ties += len(shared)
            units += row.count("万元，核查")
            assert row.count("，核查") == row.count("万元，核查")
            floors += sum("分，扣至0分为止" in line and line in row for line in item.working)
    assert ties
    assert units
    assert floors, "the sum that is floored is said"


def test_papers_of_rules_before_say_of_ties_units_and_floors_what_they_said() -> None:
    former = replace(SCHEME, full_workings=False)
    for month in _MONTHS[:12]:
        words = "".join(cells[1] for _, cells in marked_rows(former, _result(month, former)))
        assert not [one for one in ("并列", "万元，核查", "分，扣至") if one in words]
