"""What a month has of an item is offered to whom it concerns: a supplier its sums, a body its own once checked."""

from decimal import Decimal

import pytest

from seeds.scenarios.evaluation import handed_in
from tests.support.demonstration_months import SCENARIO, computed
from tracker.domain.scoring.entries import Entry, InputKind
from tracker.domain.scoring.months import MonthState
from tracker.domain.scoring.reported import reported
from tracker.domain.scoring.scheme import Scheme
from tracker.wording.score_reported import reported_words

_SIGNED = "附件1一（二）"


def _month() -> tuple[Scheme, tuple[Entry, ...]]:
    scheme, _ = computed(9)
    counted = [
        Entry(kind=InputKind.FIGURE, code=code, object=unit, value=Decimal(value))
        for code, unit, value in (
            ("signed-count", "suiping", 4),
            ("signed-count", "yicheng", 3),
            ("reserve", "suiping", 3),
        )
    ]
    return scheme, (*handed_in(scheme, SCENARIO.evaluated[1], SCENARIO.projects), *counted)


def test_a_supplier_is_told_the_sums_of_what_it_handed_in() -> None:
    scheme, entries = _month()
    found = reported(scheme, entries, label=_SIGNED, unit="zhaoshangju", state=MonthState.COLLECTING)
    assert reported_words(found, month="2022-09") == (
        "已报送2022年9月月度考评数据，涉及2个考评对象：“签约一批”项目个数合计7个。"
    )


def test_rates_are_not_added_up() -> None:
    scheme, entries = _month()
    (growth,) = reported(scheme, entries, label="附件1一（十一）", unit="tongjiju", state=MonthState.COLLECTING)
    assert (growth.value, growth.objects) == (None, 13)
    assert "固定资产投资增速已逐个报送" in reported_words([growth], month="2022-09")


@pytest.mark.parametrize(("state", "known"), [(MonthState.COLLECTING, 0), (MonthState.DRAFT, 0), (MonthState.CHECK, 1)])
def test_an_evaluated_body_is_told_its_own_once_all_check_them(state: MonthState, known: int) -> None:
    scheme, entries = _month()
    found = reported(scheme, entries, label="附件1一（一）", unit="suiping", state=state)
    assert len(found) == known
    for one in found:
        assert (one.value, one.objects) == (Decimal(3), 0)


@pytest.mark.parametrize(
    ("label", "unit"), [("三", "zhaoshangju"), (_SIGNED, "tongjiju"), ("附件9一（二）", "suiping")]
)
def test_nothing_is_told_of_another_item_or_to_another_unit(label: str, unit: str) -> None:
    scheme, entries = _month()
    assert reported(scheme, entries, label=label, unit=unit, state=MonthState.ISSUED) == ()
