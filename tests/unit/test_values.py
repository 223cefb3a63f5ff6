"""What a reported number can be: which of them may lie below nought, and of which days they are."""

from datetime import date

import pytest

from tracker.domain.items import Measure
from tracker.domain.values import Number, ValueBelowNought, ValueDayToCome, ValueDayTooEarly, value_faults

ISSUED, TODAY = date(2022, 8, 16), date(2022, 10, 8)


@pytest.mark.parametrize(
    ("metric", "unit", "measure", "may"),
    [
        ("实际到位省外资金", "亿元", Measure.CUMULATIVE, False),
        ("全年签约亿元以上项目数", "个", Measure.CUMULATIVE, False),
        ("推送信息次数", "次", Measure.PER_PERIOD, False),
        ("主导产业数", "个", Measure.LEVEL, False),
        ("审核上报时限", "小时", Measure.CEILING, False),
        ("省外资金较上年增长", "%", Measure.LEVEL, True),
        ("省外资金增加额增速", "亿元", Measure.CUMULATIVE, True),
        ("规上工业企业利润总额", "亿元", Measure.CUMULATIVE, True),
        ("贷款余额", "亿元", Measure.LEVEL, True),
        ("产业投资基金规模", "亿元", Measure.LEVEL, True),
        ("没有计量方式的数", "个", None, False),
    ],
)
def test_growth_rates_and_balances_may_be_negative_counts_and_sums_may_not(
    metric: str, unit: str, measure: Measure | None, *, may: bool
) -> None:
    number = Number(metric, unit, measure)
    found = list(value_faults(number, -0.5, TODAY, target=1, item="一1", today=TODAY, earliest=None))
    assert [type(fault) for fault in found] == ([] if may else [ValueBelowNought])
    assert not list(value_faults(number, 0, TODAY, target=1, item="一1", today=TODAY, earliest=None))


@pytest.mark.parametrize(
    ("measure", "reach_on", "earliest"),
    [
        (Measure.CUMULATIVE, date(2022, 12, 31), date(2022, 1, 1)),
        (Measure.CUMULATIVE, date(2025, 12, 31), date(2022, 1, 1)),
        (Measure.CUMULATIVE, None, date(2022, 1, 1)),
        (Measure.LEVEL, date(2022, 12, 31), date(2022, 2, 13)),
        (Measure.PER_PERIOD, None, ISSUED),
        (Measure.CEILING, None, ISSUED),
    ],
)
def test_a_value_is_of_the_time_of_its_target(measure: Measure, reach_on: date | None, earliest: date) -> None:
    number = Number("某数", "亿元", measure)
    first = number.earliest(issued_on=ISSUED, reach_on=reach_on)
    assert first == earliest

    def faults(day: date) -> list[type]:
        told = value_faults(number, 1, day, target=1, item="一1", today=TODAY, earliest=first)
        return [type(fault) for fault in told]

    assert faults(first) == faults(TODAY) == []
    assert faults(date.fromordinal(first.toordinal() - 1)) == [ValueDayTooEarly]
    assert faults(date.fromordinal(TODAY.toordinal() + 1)) == [ValueDayToCome]
