"""Lights: only time burns red and only for what is overdue; nothing worsens while the office has the ball."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.support.office import CALENDAR, POLICY
from tracker.domain.calendar import at_local, end_of_day
from tracker.domain.claims import Claim
from tracker.domain.lifecycle import AssignmentState, TaskState
from tracker.domain.lights import Light, LightColour, LightFacts, LightReason, Lights, NoAskingTime, Waiting, lights
from tracker.domain.owed import RowState
from tracker.wording.lights import light_sentence

DUE_ON = date(2022, 10, 10)
DUE_AT = end_of_day(DUE_ON)
EARLY = at_local(date(2022, 9, 20), 9, 0)
WEEKS_LATER = at_local(date(2022, 11, 1), 9, 0)
FIGURES_DUE_AT = end_of_day(date(2023, 2, 2))
WORKING = LightFacts(
    task_state=TaskState.IN_PROGRESS,
    assignment_state=AssignmentState.WORKING,
    now=EARLY,
    row_state=RowState.OPEN,
    due_at=DUE_AT,
)
GOAL = replace(
    WORKING,
    due_at=FIGURES_DUE_AT,
    deadline_on=date(2022, 12, 31),
    completion_asked=True,
    completion_due_at=FIGURES_DUE_AT,
    claim=Claim.ON_SCHEDULE,
)


def both(facts: LightFacts = WORKING, **changes: Any) -> Lights:  # Any: the changed fields have unlike types
    return lights(replace(facts, **changes), calendar=CALENDAR, policy=POLICY)


def seen(light: Light) -> tuple[str, str]:
    return light.colour.value, light_sentence(light, today=date(2022, 10, 1))


@pytest.mark.parametrize(
    ("now", "colour", "text"),
    [
        (EARLY, "green", "10月10日（周一，含）前报送，未到期"),
        (at_local(date(2022, 9, 29), 23, 59), "green", "10月10日（周一，含）前报送，未到期"),
        (at_local(date(2022, 9, 30), 0, 0), "yellow", "10月10日（周一，含）前报送，还有3个工作日"),
        (at_local(date(2022, 10, 9), 9, 0), "yellow", "10月10日（周一，含）前报送，还有1个工作日"),
        (at_local(DUE_ON, 9, 0), "yellow", "10月10日（周一，含）前报送，今日到期"),
        (DUE_AT - timedelta(seconds=1), "yellow", "10月10日（周一，含）前报送，今日到期"),
        (DUE_AT, "red", "应于10月10日（周一，含）前报送，已逾期1个工作日"),
        (at_local(date(2022, 10, 15), 9, 0), "red", "应于10月10日（周一，含）前报送，已逾期4个工作日"),
        (at_local(date(2022, 10, 17), 9, 0), "red", "应于10月10日（周一，含）前报送，已逾期5个工作日"),
    ],
)
def test_a_row_turns_yellow_three_working_days_ahead_and_red_at_midnight(now: datetime, colour: str, text: str) -> None:
    assert seen(both(now=now).time) == (colour, text)


def test_a_delay_without_a_working_day_yet_names_no_number() -> None:
    saturday = at_local(date(2022, 9, 3), 9, 0)
    found = both(due_at=end_of_day(date(2022, 9, 2)), now=saturday).time
    assert seen(found) == ("red", "应于9月2日（周五，含）前报送，已逾期")


def test_several_periods_unreported_are_one_sentence() -> None:
    found = both(now=WEEKS_LATER, overdue_periods=3).time
    assert light_sentence(found, today=date(2022, 10, 1)) == "应于10月10日（周一，含）前报送，已逾期16个工作日，共3期"


@pytest.mark.parametrize(
    ("now", "colour", "text"),
    [
        (at_local(date(2022, 11, 4), 9, 0), "green", "2023年2月2日（周四，含）前报送，未到期"),
        (end_of_day(date(2022, 12, 31)), "green", "12月31日已到期，待核数，2023年2月2日（周四，含）前报送办结情况"),
        (at_local(date(2023, 1, 5), 9, 0), "green", "12月31日已到期，待核数，2023年2月2日（周四，含）前报送办结情况"),
        # 30, 31 January, 1 and 2 February are working days; the make-up days 28 and 29 January are too.
        (at_local(date(2023, 1, 29), 9, 0), "green", "12月31日已到期，待核数，2023年2月2日（周四，含）前报送办结情况"),
        (at_local(date(2023, 1, 30), 0, 0), "yellow", "12月31日已到期，待核数，2023年2月2日（周四，含）前报送办结情况"),
        (at_local(date(2023, 1, 31), 9, 0), "yellow", "12月31日已到期，待核数，2023年2月2日（周四，含）前报送办结情况"),
        (FIGURES_DUE_AT, "red", "应于2023年2月2日（周四，含）前报送办结情况，未办结，已逾期1个工作日"),
        (
            at_local(date(2023, 3, 1), 9, 0),
            "red",
            "应于2023年2月2日（周四，含）前报送办结情况，未办结，已逾期19个工作日",
        ),
    ],
)
def test_a_goal_of_the_year_is_green_until_its_filing_day_is_near_and_red_past_it(
    now: datetime, colour: str, text: str
) -> None:
    assert seen(both(GOAL, now=now).shown) == (colour, text)


def test_a_goal_whose_months_are_unfiled_is_red_before_and_after_its_deadline() -> None:
    december = end_of_day(date(2022, 12, 5))
    january = both(GOAL, due_at=december, now=at_local(date(2023, 1, 5), 9, 0))
    assert (january.time.colour, january.time.reason) == (LightColour.RED, LightReason.OVERDUE)
    march = both(GOAL, due_at=december, now=at_local(date(2023, 3, 1), 9, 0))
    assert (march.time.colour, march.time.reason) == (LightColour.RED, LightReason.OVERDUE)
    assert march.workdays_late > both(GOAL, now=at_local(date(2023, 3, 1), 9, 0)).workdays_late == 19


def test_a_filed_completion_is_green_and_an_accepted_one_blue() -> None:
    march = at_local(date(2023, 3, 1), 9, 0)
    filed = both(GOAL, row_state=RowState.FILED, completion_due_at=None, now=march).shown
    assert seen(filed) == ("green", "本期已报（已报督查室，待审核）")
    assert both(GOAL, task_state=TaskState.COMPLETED, now=march).shown.colour is LightColour.BLUE


def test_an_extension_of_the_completion_asked_in_time_keeps_it_from_red() -> None:
    march = at_local(date(2023, 3, 1), 9, 0)
    asked_at = at_local(date(2023, 1, 10), 9, 0)
    asked = {"waiting": Waiting.EXTENSION, "in_office_since": asked_at, "completion_asked_at": asked_at}
    found = both(GOAL, now=march, **asked).shown
    assert (found.colour, found.reason, found.waiting) == (
        LightColour.GREEN,
        LightReason.AWAITING_FIGURES,
        Waiting.EXTENSION,
    )
    assert both(GOAL, now=march, completion_asked_at=FIGURES_DUE_AT).time.colour is LightColour.RED


@pytest.mark.parametrize("second", [-1, 0])
@pytest.mark.parametrize("waiting", [Waiting.EXTENSION, Waiting.DISPUTE])
def test_what_was_asked_in_time_stands_still_and_what_was_asked_too_late_does_not(
    waiting: Waiting, second: int
) -> None:
    asked_at = DUE_AT + timedelta(seconds=second)
    found = both(waiting=waiting, in_office_since=asked_at, now=WEEKS_LATER).time
    assert (found.colour, found.waiting) == (LightColour.RED if second == 0 else LightColour.YELLOW, waiting)


def test_a_clock_that_stands_still_names_no_days_left() -> None:
    asked = both(waiting=Waiting.EXTENSION, in_office_since=at_local(DUE_ON, 9, 0), now=WEEKS_LATER).time
    assert light_sentence(asked, today=date(2022, 10, 1)) == "10月10日（周一，含）前报送（已申请延期，待批复）"
    early = both(waiting=Waiting.DISPUTE, in_office_since=EARLY, now=WEEKS_LATER).time
    assert seen(early) == ("green", "10月10日（周一，含）前报送，未到期（已提出职责异议，待答复）")


@pytest.mark.parametrize("waiting", [Waiting.EXTENSION, Waiting.DISPUTE])
def test_a_request_must_say_since_when_it_lies_with_the_office(waiting: Waiting) -> None:
    with pytest.raises(NoAskingTime):
        both(waiting=waiting)


@pytest.mark.parametrize(
    ("late", "colour", "text"),
    [(False, "green", "本期已报（已报督查室，待审核）"), (True, "yellow", "迟报（已报督查室，待审核）")],
)
def test_a_report_under_review_is_never_overdue(late: bool, colour: str, text: str) -> None:
    assert seen(both(row_state=RowState.FILED, late=late, now=WEEKS_LATER).time) == (colour, text)


@pytest.mark.parametrize(
    ("state", "now", "colour", "text"),
    [
        (RowState.RETURNED, EARLY, "yellow", "已退回，10月10日（周一，含）前补正"),
        (RowState.RETURNED, DUE_AT, "red", "退回后应于10月10日（周一，含）前补正，已逾期1个工作日"),
        (RowState.MISSED, WEEKS_LATER, "yellow", "本期漏报"),
        (RowState.WAIVED, WEEKS_LATER, "grey", "本期免报"),
        (RowState.ACCEPTED, WEEKS_LATER, "blue", "审核通过"),
        (RowState.STANDS, WEEKS_LATER, "blue", "审核通过"),
        (None, WEEKS_LATER, "grey", "尚未到报送期"),
    ],
)
def test_the_state_of_the_row_decides(state: RowState | None, now: datetime, colour: str, text: str) -> None:
    assert seen(both(row_state=state, now=now).time) == (colour, text)


@pytest.mark.parametrize(
    ("state", "colour", "reason"),
    [
        (TaskState.APPROVED, LightColour.GREY, LightReason.NOT_ISSUED),
        (TaskState.SUSPENDED, LightColour.GREY, LightReason.SUSPENDED),
        (TaskState.CANCELLED, LightColour.GREY, LightReason.CANCELLED),
        (TaskState.LAPSED, LightColour.YELLOW, LightReason.LAPSED_AWAITS_CLOSING),
        (TaskState.COMPLETED, LightColour.BLUE, LightReason.COMPLETED),
        (TaskState.CLOSED, LightColour.BLUE, LightReason.CLOSED),
        (TaskState.ISSUED, LightColour.RED, LightReason.OVERDUE),
    ],
)
def test_the_state_of_the_task_comes_before_its_rows(
    state: TaskState, colour: LightColour, reason: LightReason
) -> None:
    found = both(task_state=state, claim=Claim.BEHIND, now=WEEKS_LATER).shown
    assert (found.colour, found.reason) == (colour, reason)


def test_a_lapsed_task_is_yellow_then_red_past_the_moment_of_its_closing_report() -> None:
    closing_on = date(2023, 1, 30)
    facts = replace(WORKING, task_state=TaskState.LAPSED, closing_due_at=end_of_day(closing_on))
    on_the_day = both(facts, now=end_of_day(closing_on) - timedelta(seconds=1)).shown
    assert seen(on_the_day) == ("yellow", "文件期限已满，请于2023年1月30日（周一，含）前报送收尾情况")
    after = both(facts, now=end_of_day(closing_on)).shown
    assert seen(after) == ("red", "文件期限已满，应于2023年1月30日（周一，含）前报送收尾情况，已逾期1个工作日")
    assert (
        light_sentence(both(facts, closing_due_at=None).shown, today=date(2022, 10, 1))
        == "文件期限已满，请报送收尾情况"
    )


def test_a_lapsed_task_with_an_earlier_deadline_owes_its_completion_instead() -> None:
    march = at_local(date(2023, 3, 1), 9, 0)
    found = both(GOAL, task_state=TaskState.LAPSED, now=march).shown
    assert (found.colour, found.reason) == (LightColour.RED, LightReason.NOT_COMPLETED)


def test_an_assignment_taken_away_is_grey_and_an_accepted_one_blue() -> None:
    assert both(assignment_state=AssignmentState.RELEASED, now=WEEKS_LATER).shown.reason is LightReason.RELEASED
    assert both(assignment_state=AssignmentState.ACCEPTED, now=WEEKS_LATER).shown.colour is LightColour.BLUE


def test_a_dormant_task_waits_for_its_event_and_runs_once_it_came() -> None:
    assert both(waits_for_event=True, row_state=None, due_at=None).shown.reason is LightReason.WAITING_FOR_EVENT
    assert both(waits_for_event=True, now=DUE_AT).shown.colour is LightColour.RED


@pytest.mark.parametrize(
    ("changes", "colour", "text"),
    [
        ({"row_state": None}, "grey", "持续性工作，无固定时限"),
        ({"now": EARLY}, "green", "10月10日（周一，含）前报送，未到期"),
        ({"now": at_local(DUE_ON, 9, 0)}, "yellow", "10月10日（周一，含）前报送，今日到期"),
        ({"now": DUE_AT}, "yellow", "反馈应于10月10日（周一，含）前报送，尚未报送"),
        (
            {"now": WEEKS_LATER, "row_state": RowState.RETURNED},
            "yellow",
            "反馈退回后应于10月10日（周一，含）前补正，尚未补正",
        ),
    ],
)
def test_lasting_and_irregular_work_never_turns_red(changes: dict[str, Any], colour: str, text: str) -> None:
    assert seen(both(soft=True, **changes).time) == (colour, text)


@pytest.mark.parametrize(("second", "colour"), [(-1, LightColour.GREEN), (0, LightColour.YELLOW)])
def test_a_late_receipt_is_yellow(second: int, colour: LightColour) -> None:
    receipt_due_at = end_of_day(date(2022, 9, 20))
    now = receipt_due_at + timedelta(seconds=second)
    found = both(assignment_state=AssignmentState.PENDING_RECEIPT, receipt_due_at=receipt_due_at, now=now)
    assert found.shown.colour is colour


def test_a_clock_of_hours_is_told_by_its_hour_and_not_as_a_day() -> None:
    due_at = at_local(DUE_ON, 20, 0)
    near = both(due_at=due_at, now=at_local(DUE_ON, 9, 0)).time
    assert light_sentence(near, today=date(2022, 10, 1)) == "10月10日20时00分前报送，还有11小时"
    late = both(due_at=due_at, now=at_local(DUE_ON, 21, 0)).time
    assert seen(late) == ("red", "应于10月10日20时00分前报送，已逾期1小时")
