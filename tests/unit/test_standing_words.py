"""How far a number is from what was expected of it, in words that add up."""

from datetime import date

import pytest

from tracker.domain.items import Measure
from tracker.domain.schedule import Point, ScheduledTarget, standing
from tracker.wording.standings import AGAINST_SCHEDULE, standing_words

_END, _DAY = date(2022, 12, 31), date(2022, 9, 30)


@pytest.mark.parametrize(
    ("target", "value", "name", "words"),
    [
        (("cumulative", ">=", 27.0), 20.6, "达序时", "应达20.19亿元，多0.41亿元"),
        (("cumulative", ">=", 27.0), 19.4, "未达序时", "应达20.2亿元，差0.8亿元"),
        (("level", "<=", 3.0), 3.5, "未达序时", "应降至3亿元，高0.5亿元"),
        (("level", "<=", 3.0), 2.5, "达序时", "应降至3亿元，低0.5亿元"),
        (("ceiling", "<=", 5.0), 6.0, "超出规定数", "应不超过5亿元，超出1亿元"),
        (("level", ">=", 3.0), 3.0, "达序时", "应达3亿元"),
    ],
)
def test_what_was_expected_and_how_far_it_is(
    target: tuple[str, str, float], value: float, name: str, words: str
) -> None:
    measure, op, goal = target
    held = ScheduledTarget(measure=Measure(measure), op=op, value=goal, reach_on=_END)
    found = standing(held, value, _DAY, today=_DAY)
    assert (AGAINST_SCHEDULE[found.kind], standing_words(held, found, unit="亿元")) == (name, words)


def test_what_the_office_set_is_said_and_before_it_nothing_is_expected() -> None:
    held = ScheduledTarget(measure=Measure.CUMULATIVE, op=">=", value=9, reach_on=_END, points=[Point(_DAY, 5)])
    assert standing_words(held, standing(held, 6, _DAY, today=_DAY), unit=None) == "应达5（督查室设定），多1"
    early = standing(held, 1, date(2022, 6, 30), today=_DAY)
    assert standing_words(held, early, unit=None) == "尚无序时要求"
