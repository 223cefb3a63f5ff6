"""Lights: red means overdue and nothing else, and no light worsens while the office has the ball."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import seeds
from seeds.policy import load_policy
from seeds.registry import load_calendar
from tracker.domain.accounts import NotYourTask
from tracker.domain.calendar import at_local, end_of_day
from tracker.domain.lifecycle import (
    AssignmentAction,
    AssignmentState,
    PeriodAction,
    PeriodState,
    TaskAction,
    TaskState,
    TransitionRefused,
)
from tracker.domain.lights import (
    Light,
    LightColour,
    LightFacts,
    LightReason,
    NoFilingTime,
    Waiting,
    light,
    worse,
)
from tracker.domain.periods import ExtensionTooLate
from tracker.domain.reports import NotUnderReview
from tracker.messages import ACTION_NAMES, LIGHT_SENTENCES, STATE_NAMES, light_sentence, sentence

SEEDS = Path(seeds.__file__).parent
CALENDAR = load_calendar(SEEDS / "calendar.toml")
POLICY = load_policy(SEEDS / "policy.toml")
DUE_ON = date(2022, 10, 10)
DUE_AT = end_of_day(DUE_ON)
EARLY = at_local(date(2022, 9, 20), 9, 0)
WEEKS_LATER = at_local(date(2022, 11, 1), 9, 0)
WORKING = LightFacts(
    task_state=TaskState.IN_PROGRESS,
    assignment_state=AssignmentState.WORKING,
    now=EARLY,
    period_state=PeriodState.OPEN,
    due_at=DUE_AT,
)


def shown(**changes: Any) -> Light:  # Any: the changed fields have unlike types
    return light(replace(WORKING, **changes), calendar=CALENDAR, policy=POLICY)


@pytest.mark.parametrize(
    ("now", "colour", "reason", "text"),
    [
        (EARLY, "green", "on_track", "按时序推进"),
        (at_local(date(2022, 9, 29), 23, 59), "green", "on_track", "按时序推进"),
        (at_local(date(2022, 9, 30), 0, 0), "yellow", "due_soon", "10月10日（周一）前报送，还有3个工作日"),
        (at_local(date(2022, 10, 9), 9, 0), "yellow", "due_soon", "10月10日（周一）前报送，还有1个工作日"),
        (at_local(DUE_ON, 9, 0), "yellow", "due_soon", "10月10日（周一）前报送，今日到期"),
        (DUE_AT - timedelta(seconds=1), "yellow", "due_soon", "10月10日（周一）前报送，今日到期"),
        (DUE_AT, "red", "overdue", "应于10月10日（周一）前报送，已逾期1个工作日"),
        (at_local(date(2022, 10, 15), 9, 0), "red", "overdue", "应于10月10日（周一）前报送，已逾期4个工作日"),
        (at_local(date(2022, 10, 17), 9, 0), "red", "overdue", "应于10月10日（周一）前报送，已逾期5个工作日"),
    ],
)
def test_an_owed_period_turns_yellow_three_working_days_ahead_and_red_at_midnight(
    now: datetime, colour: str, reason: str, text: str
) -> None:
    found = shown(now=now)
    assert (found.colour, found.reason, light_sentence(found)) == (colour, reason, text)


def test_a_delay_without_a_working_day_yet_names_no_number() -> None:
    friday = date(2022, 9, 2)
    found = shown(due_at=end_of_day(friday), now=at_local(date(2022, 9, 3), 9, 0))
    assert found.facts["workdays_late"] == 0
    assert light_sentence(found) == "应于9月2日（周五）前报送，已逾期"


@pytest.mark.parametrize(
    ("done", "colour"),
    [(46, LightColour.GREEN), (45, LightColour.YELLOW), (0, LightColour.YELLOW), (80, LightColour.GREEN)],
)
def test_a_gap_to_the_schedule_is_yellow_whatever_its_size(done: int, colour: LightColour) -> None:
    assert shown(percent_done=done, expected_percent=50).colour is colour


def test_what_is_overdue_stays_red_beside_a_gap() -> None:
    assert shown(now=DUE_AT, percent_done=0, expected_percent=90).reason is LightReason.OVERDUE


@pytest.mark.parametrize(
    ("filed_at", "colour"),
    [
        (EARLY, LightColour.GREEN),
        (DUE_AT - timedelta(seconds=1), LightColour.YELLOW),
        (DUE_AT, LightColour.RED),
    ],
)
def test_under_review_the_light_stays_as_it_stood_when_filed(filed_at: datetime, colour: LightColour) -> None:
    filed = shown(period_state=PeriodState.SUBMITTED, in_office_since=filed_at, now=WEEKS_LATER)
    assert (filed.colour, filed.waiting) == (colour, Waiting.REVIEW)
    assert light_sentence(filed).endswith("（已报督查室，待审核）")


def test_an_undecided_extension_and_a_dispute_stop_the_light_too() -> None:
    asked = shown(in_office_since=EARLY, extension_pending=True, now=WEEKS_LATER)
    assert (asked.colour, asked.waiting) == (LightColour.GREEN, Waiting.EXTENSION)
    disputed = shown(assignment_state=AssignmentState.DISPUTED, in_office_since=EARLY, now=WEEKS_LATER)
    assert (disputed.colour, disputed.waiting) == (LightColour.GREEN, Waiting.DISPUTE)


@pytest.mark.parametrize("state", [PeriodState.SUBMITTED, PeriodState.NIL_REPORT, PeriodState.LATE_FILED])
def test_a_filed_period_must_say_since_when_it_lies_with_the_office(state: PeriodState) -> None:
    with pytest.raises(NoFilingTime):
        replace(WORKING, period_state=state)


@pytest.mark.parametrize(
    ("state", "now", "colour", "reason"),
    [
        (PeriodState.RETURNED, EARLY, LightColour.YELLOW, LightReason.RETURNED),
        (PeriodState.RETURNED, DUE_AT, LightColour.RED, LightReason.CORRECTION_OVERDUE),
        (PeriodState.MISSED, WEEKS_LATER, LightColour.RED, LightReason.MISSED),
        (PeriodState.UPCOMING, EARLY, LightColour.GREY, LightReason.NOT_STARTED),
        (PeriodState.WAIVED, WEEKS_LATER, LightColour.GREY, LightReason.WAIVED),
        (PeriodState.ACCEPTED, WEEKS_LATER, LightColour.BLUE, LightReason.ACCEPTED),
        (PeriodState.CLOSED, WEEKS_LATER, LightColour.BLUE, LightReason.ACCEPTED),
        (None, WEEKS_LATER, LightColour.GREY, LightReason.NOT_STARTED),
    ],
)
def test_the_state_of_the_period_decides(
    state: PeriodState | None, now: datetime, colour: LightColour, reason: LightReason
) -> None:
    found = shown(period_state=state, now=now)
    assert (found.colour, found.reason) == (colour, reason)


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
def test_the_state_of_the_task_comes_before_its_periods(
    state: TaskState, colour: LightColour, reason: LightReason
) -> None:
    found = shown(task_state=state, now=WEEKS_LATER)
    assert (found.colour, found.reason) == (colour, reason)


def test_an_assignment_taken_away_is_grey_and_an_accepted_one_blue() -> None:
    assert shown(assignment_state=AssignmentState.RELEASED, now=WEEKS_LATER).reason is LightReason.RELEASED
    assert shown(assignment_state=AssignmentState.ACCEPTED, now=WEEKS_LATER).colour is LightColour.BLUE


def test_a_dormant_task_waits_for_its_event_and_runs_once_it_came() -> None:
    assert shown(dormant=True, period_state=None, due_at=None).reason is LightReason.WAITING_FOR_EVENT
    assert shown(dormant=True, now=DUE_AT).colour is LightColour.RED


@pytest.mark.parametrize(
    ("quarters", "reason"),
    [(0, LightReason.CONTINUOUS), (1, LightReason.CONTINUOUS), (2, LightReason.SILENT), (9, LightReason.SILENT)],
)
@pytest.mark.parametrize("due_at", [None, DUE_AT])
def test_continuous_work_is_grey_then_yellow_and_never_red(
    quarters: int, reason: LightReason, due_at: datetime | None
) -> None:
    found = shown(continuous=True, silent_quarters=quarters, due_at=due_at, now=WEEKS_LATER)
    assert found.reason is reason
    returned = shown(continuous=True, period_state=PeriodState.RETURNED, due_at=DUE_AT, now=WEEKS_LATER)
    assert (returned.colour, returned.reason) == (LightColour.YELLOW, LightReason.RETURNED)


@pytest.mark.parametrize(("second", "colour"), [(-1, LightColour.GREEN), (0, LightColour.YELLOW)])
def test_a_late_receipt_is_yellow(second: int, colour: LightColour) -> None:
    receipt_due_at = end_of_day(date(2022, 9, 20))
    now = receipt_due_at + timedelta(seconds=second)
    found = shown(assignment_state=AssignmentState.PENDING_RECEIPT, receipt_due_at=receipt_due_at, now=now)
    assert found.colour is colour


def test_the_worse_light_is_red_before_yellow_green_grey_and_blue() -> None:
    names = ("red", "yellow", "green", "grey", "blue")
    lights = [Light(LightColour(name), LightReason.ON_TRACK) for name in names]
    for place, a in enumerate(lights):
        for b in lights[place:]:
            assert worse(a, b) is a
            assert worse(b, a).colour is a.colour


def test_every_reason_has_a_sentence() -> None:
    assert set(LIGHT_SENTENCES) == set(LightReason)
    known = {"due_on", "workdays_late", "workdays_left", "gap_points", "quarters"}
    for text in LIGHT_SENTENCES.values():
        assert {name for _, name, _, _ in Formatter().parse(text) if name} <= known


def test_every_state_and_action_has_a_name() -> None:
    machines = {"task": TaskState, "assignment": AssignmentState, "period": PeriodState}
    assert set(STATE_NAMES) == {(name, state.value) for name, states in machines.items() for state in states}
    assert set(ACTION_NAMES) == {
        action.value for actions in (TaskAction, AssignmentAction, PeriodAction) for action in actions
    }


def test_a_refusal_is_said_with_its_facts() -> None:
    refused = TransitionRefused(machine="period", state="accepted", action="submit")
    assert sentence(refused) == "期次现为“审核通过”，不能报送。"
    assert sentence(ExtensionTooLate(due_on=DUE_ON)).startswith("时限为10月10日（周一），")
    assert sentence(NotUnderReview()) == "该反馈不在待审核状态。"
    assert sentence(NotYourTask(act="sign_off")) == "您的岗位或单位不能审签反馈。"
    assert sentence(NotYourTask(act="unheard")) == "您的岗位或单位不能办理此事。"


def test_a_refusal_without_a_sentence_takes_that_of_its_class() -> None:
    class Unheard(NotUnderReview):
        code = "unheard"

    assert sentence(Unheard()) == "该反馈不在待审核状态。"
