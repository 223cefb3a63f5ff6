"""How far a number is from what was expected of it, in words that add up."""

from datetime import date

import pytest

from tracker.domain.items import CadenceKind, Measure
from tracker.domain.schedule import Point, ScheduledTarget, standing
from tracker.web.draft_items import UnreadableTarget, read_targets
from tracker.web.timeline import _joined
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


@pytest.mark.parametrize(
    ("value", "today", "words"),
    [
        (1, date(2022, 9, 30), "应达2次，本期未满，还差1次"),
        (2, date(2022, 9, 30), "应达2次"),
        (3, date(2022, 9, 30), "应达2次，多1次"),
        (1, date(2022, 10, 1), "应达2次，差1次"),
    ],
)
def test_what_a_count_lacks_while_its_window_runs_is_no_fault_yet(value: float, today: date, words: str) -> None:
    held = ScheduledTarget(measure=Measure.PER_PERIOD, op=">=", value=2, rhythm=CadenceKind.QUARTERLY)
    assert standing_words(held, standing(held, value, date(2022, 9, 28), today=today), unit="次") == words


@pytest.mark.parametrize("unit", ["%", "％"])
def test_two_rates_lie_percentage_points_apart(unit: str) -> None:
    held = ScheduledTarget(measure=Measure.LEVEL, op=">=", value=3.0, reach_on=_END)
    found = standing(held, 3.2, _DAY, today=_DAY)
    assert standing_words(held, found, unit=unit) == f"应达3{unit}，多0.2个百分点"


def test_clauses_of_a_story_are_joined_by_one_mark_whatever_somebody_wrote_ends_with() -> None:
    assert _joined("数据有误：请核实。", "", "10月10日前补正") == "数据有误：请核实，10月10日前补正"
    assert _joined("自报达序时", "请核实。") == "自报达序时，请核实。"


def test_a_target_is_written_in_the_words_in_which_it_is_read_or_by_its_sign() -> None:
    lines = ["金额｜不低于｜9｜亿元｜原文", "金额｜不少于｜9｜亿元｜原文", "金额|>=|9|亿元|原文"]
    assert [target.op for target in read_targets("\n".join(lines))] == [">="] * 3
    with pytest.raises(UnreadableTarget):
        read_targets("金额｜至少｜9｜亿元｜原文")
