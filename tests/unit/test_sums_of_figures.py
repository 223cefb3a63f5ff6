"""A sum of figures that are there is not handed in beside them: form, checks, working and clicks go by its parts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.support.demonstration_months import SCENARIO, computed
from tests.support.random_months import SCHEME, decisions_of
from tracker.domain.scoring.asked import hands_in, inputs_behind, items_asked
from tracker.domain.scoring.entries import Entry, InputKind, check_entry, suppliers
from tracker.domain.scoring.fitting import UnknownInput
from tracker.domain.scoring.inputs import Inputs, Month
from tracker.domain.scoring.metrics import measured
from tracker.domain.scoring.numbers import parts_over
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.scheme import Figure, Scheme, Window
from tracker.domain.scoring.soundness import InvalidScheme, check_scheme
from tracker.wording.score_sheets import PartSheet
from tracker.wording.score_sources import Delivery, Sources
from tracker.wording.score_views import object_sheets

_SUM, _PARTS = "statistics-all", ("signed-count", "opened-count", "producing-count")
_RULES, _MONTH = Rules(SCHEME, decisions_of(SCHEME)), Month(2022, 9)


def _told(signed: int, opened: int, producing: int, known: int) -> dict[tuple[str, str], Decimal]:
    numbers = {"signed-count": signed, "opened-count": opened, "producing-count": producing, "statistics-in": known}
    return {(code, "suiping"): Decimal(value) for code, value in numbers.items()}


def test_nobody_is_asked_for_a_sum_and_nobody_hands_one_in() -> None:
    asked = [one.code for item in items_asked(_RULES, _MONTH) for one in item.figures]
    assert _SUM not in asked
    assert {*_PARTS} <= {*asked}
    assert (InputKind.FIGURE, _SUM) not in suppliers(SCHEME)
    assert {(InputKind.FIGURE, one) for one in _PARTS} <= inputs_behind(_RULES, _MONTH, "1-12")
    entry = Entry(kind=InputKind.FIGURE, code=_SUM, object="suiping", value=Decimal(3))
    with pytest.raises(UnknownInput):
        check_entry(SCHEME, _MONTH, entry, name=_SUM)


def test_a_rate_divides_by_the_sum_or_names_each_part_that_lacks() -> None:
    figures = _told(4, 7, 1, 9)
    told = measured(_RULES, Inputs(_MONTH, figures), "statistics-rate", "suiping")
    assert (told.value, told.used[1].figure, told.used[1].value) == (Fraction(75), _SUM, Decimal(12))
    del figures["opened-count", "suiping"], figures["signed-count", "suiping"]
    told = measured(_RULES, Inputs(_MONTH, figures), "statistics-rate", "suiping")
    assert [one.figure for one in told.lacking] == ["signed-count", "opened-count"]


@pytest.mark.parametrize(("known", "over"), [(12, False), (13, True)])
def test_a_part_is_not_more_than_the_sum(known: int, over: bool) -> None:  # a row of the table
    found = [*parts_over(SCHEME, _told(4, 7, 1, known))]
    assert bool(found) == over
    if found:
        assert found[0].keys == {(one, "suiping") for one in ("statistics-in", *_PARTS)}
        assert found[0].of == 12


def test_a_part_waits_until_the_sum_is_there() -> None:
    figures = _told(4, 7, 1, 99)
    del figures["producing-count", "suiping"]
    assert not [*parts_over(SCHEME, figures)]


def _part(month: int, body: str, mark: str, behind: Mapping[tuple[str, str, str], tuple[str, ...]]) -> PartSheet:
    sheet = next(one for one in object_sheets(*computed(month), behind=behind) if one.object == body)
    items = (item for annex in sheet.annexes for item in annex.items)
    return next(part for item in items for part in item.parts if part.mark == mark)


def test_the_sum_leads_to_the_projects_of_all_its_parts_and_is_named_in_the_working() -> None:
    behind = {(one, "suiping", ""): (f"project:{at}",) for at, one in enumerate(_PARTS, start=1)}
    part = _part(9, "suiping", "1-12-both", behind)
    assert next(one for one in part.figures if one.code == _SUM).projects == (1, 2, 3)
    assert "入库率：7÷“签约一批”“开工一批”“投产一批”项目个数合计12＝约58.3333%" in part.working


def test_the_annex_of_sources_says_where_the_parts_of_a_sum_come_from() -> None:
    day = date(2022, 10, 12)
    handed = [Delivery(one, frozenset(), "", f"台账{one}", day, counted=True) for one in _PARTS]
    told = Sources(scheme=SCHEME, units={}, whose=hands_in(_RULES), decisions=(), deliveries=handed)
    [row] = [cells for cells in told.rows(computed(9)[1]) if "纳入投资统计库" in cells[0]]
    assert [one for one in _PARTS if f"台账{one}" not in row[2]] == []


def _numbers(month: int) -> dict[tuple[str, str], Decimal]:
    return {
        (used.figure, one.object): used.value
        for one in computed(month)[1].objects
        for annex in one.annexes
        for told in annex.items
        for part in told.parts
        for used in part.inputs
    }


@pytest.mark.parametrize("month", [8, 9, 10])
def test_the_demonstration_divides_by_what_stands_in_its_ledger(month: int) -> None:
    numbers, end = _numbers(month), Month(2022, month).last_day
    for body in (one.unit for one in SCHEME.objects):
        assert numbers[_SUM, body] == sum(numbers[one, body] for one in _PARTS)
        assert 0 <= numbers["statistics-in", body] <= numbers[_SUM, body]
        for code, of in (("industry-year-plan", "gongye"), ("renewal-year-plan", "jigai")):
            told = (one for one in SCENARIO.projects if one.unit == body and of in one.since and one.since[of] <= end)
            assert numbers[code, body] == sum(one.planned or 0 for one in told)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sum_of": ("signed-count",)},
        {"sum_of": ("signed-count", "signed-total")},
        {"sum_of": ("signed-count", "nothing")},
        {"sum_of": ("signed-count", _SUM)},
        {"supplier": "tongjiju"},
    ],
)
def test_a_sum_that_is_none_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidScheme, match=_SUM):
        check_scheme(_with(_SUM, **wrong))


def test_an_earlier_month_is_not_counted_from_projects() -> None:
    with pytest.raises(InvalidScheme, match="an earlier month"):
        check_scheme(_with("zone-new", window=Window.YEAR_AGO))


def _with(code: str, **wrong: object) -> Scheme:
    def changed(one: Figure) -> Figure:
        return replace(one, **wrong) if one.code == code else one  # type: ignore[arg-type]  # of whatever field

    return replace(SCHEME, figures=tuple(map(changed, SCHEME.figures)))
