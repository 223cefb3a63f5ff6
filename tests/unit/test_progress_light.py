"""The progress light: how the work stands, yellow at most, and which of the two lights is shown."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.support.office import CALENDAR, POLICY
from tracker.domain.calendar import at_local, end_of_day
from tracker.domain.claims import Claim
from tracker.domain.lifecycle import AssignmentState, TaskState
from tracker.domain.lights import Light, LightColour, LightFacts, LightReason, Lights, lights
from tracker.domain.owed import RowState
from tracker.domain.schedule import Standing, StandingKind
from tracker.wording.lights import light_sentence

DUE_ON = date(2022, 10, 10)
DUE_AT = end_of_day(DUE_ON)
EARLY = at_local(date(2022, 9, 20), 9, 0)
WORKING = LightFacts(
    task_state=TaskState.IN_PROGRESS,
    assignment_state=AssignmentState.WORKING,
    now=EARLY,
    row_state=RowState.OPEN,
    due_at=DUE_AT,
)


def both(facts: LightFacts = WORKING, **changes: Any) -> Lights:  # Any: the changed fields have unlike types
    return lights(replace(facts, **changes), calendar=CALENDAR, policy=POLICY)


def seen(light: Light) -> tuple[str, str]:
    return light.colour.value, light_sentence(light, today=date(2022, 10, 1))


@pytest.mark.parametrize(
    ("points", "colour"),
    [(4.99, LightColour.GREEN), (5.0, LightColour.YELLOW), (90.0, LightColour.YELLOW), (None, LightColour.YELLOW)],
)
def test_a_gap_to_the_schedule_is_yellow_from_five_points_on_whatever_its_size(
    points: float | None, colour: LightColour
) -> None:
    standing = Standing(
        kind=StandingKind.BEHIND, value=1.0, value_on=date(2022, 8, 31), expected=2.0, gap=1.0, gap_points=points
    )
    found = both(claim=Claim.ON_SCHEDULE, standing=standing)
    assert (found.progress.colour, found.shown.colour) == (colour, colour)
    assert both(standing=standing, now=DUE_AT).shown.reason is LightReason.OVERDUE


@pytest.mark.parametrize(
    ("changes", "colour", "text"),
    [
        ({"claim": Claim.ON_SCHEDULE}, "green", "核定为达序时"),
        ({"claim": Claim.DONE}, "green", "核定为已完成"),
        ({"claim": Claim.DONE, "own_claim": True}, "green", "自报已完成"),
        ({"claim": Claim.ONGOING_ACTIVE}, "green", "常态推进"),
        ({"claim": Claim.ONGOING_QUIET}, "green", "常态推进"),
        ({"claim": Claim.NOT_STARTED_YET}, "grey", "未到启动时间"),
        ({"claim": Claim.BEHIND}, "yellow", "核定为未达序时"),
        ({"claim": Claim.BEHIND, "own_claim": True}, "yellow", "自报未达序时"),
        ({"claim": Claim.NOT_STARTED_OVERDUE}, "yellow", "核定为应启未启"),
        ({"claim": Claim.DIFFICULT, "own_claim": True}, "yellow", "自报难以完成或需调整"),
        ({"claim": Claim.ONGOING_QUIET, "silent_quarters": 1}, "green", "常态推进"),
        ({"claim": Claim.ONGOING_QUIET, "silent_quarters": 2}, "yellow", "已连续2个季度没有新进展"),
        ({"waits_for_event": True}, "grey", "待触发，事件发生后起算"),
        ({"standing": Standing(kind=StandingKind.ON)}, "green", "所报数值达到序时"),
        ({}, "grey", "尚未报告进展"),
    ],
)
def test_the_progress_light_says_how_the_work_stands(changes: dict[str, Any], colour: str, text: str) -> None:
    assert seen(both(**changes).progress) == (colour, text)


@pytest.mark.parametrize(
    ("kind", "gap", "points", "text"),
    [
        (StandingKind.BEHIND, 36.5, 10.0, "截至8月31日为20，按序时应为56.5，差36.5"),
        (StandingKind.BEHIND, 1.0, None, "截至8月31日为20，按序时应为21，差1"),
        (StandingKind.EXCESS, 2.5, 12.5, "截至8月31日超出规定数2.5"),
        (StandingKind.BEHIND, 36.5016438, 10.0, "截至8月31日为20，按序时应为56.51，差36.51"),
        (StandingKind.EXCESS, 0.001, 12.5, "截至8月31日超出规定数0.001"),
        (StandingKind.EXCESS, 0.0, 0.0, "截至8月31日已到规定的限值"),
    ],
)
def test_figures_that_warn_are_said_with_their_day(
    kind: StandingKind, gap: float, points: float | None, text: str
) -> None:
    standing = Standing(
        kind=kind, value=20.0, value_on=date(2022, 8, 31), expected=20.0 + gap, gap=gap, gap_points=points
    )
    assert seen(both(claim=Claim.DONE, standing=standing).shown) == ("yellow", text)


def test_the_worse_light_is_shown_and_time_where_progress_does_not_warn() -> None:
    behind = both(claim=Claim.BEHIND)
    assert behind.shown is behind.progress
    late = both(claim=Claim.BEHIND, now=DUE_AT)
    assert late.shown is late.time
    soon = both(claim=Claim.BEHIND, now=at_local(DUE_ON, 9, 0))
    assert soon.shown is soon.time
    accepted = both(row_state=RowState.ACCEPTED, claim=Claim.ON_SCHEDULE)
    assert accepted.shown is accepted.time
