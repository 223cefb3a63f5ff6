"""Lights in general: red only for what is overdue, whatever the facts; and everything shown or refused is said."""

from datetime import UTC, date, datetime, timedelta
from string import Formatter

from hypothesis import given
from hypothesis import strategies as st

from tests.support.office import CALENDAR, POLICY
from tracker.domain.accounts import NotYourTask
from tracker.domain.calendar import at_local, end_of_day
from tracker.domain.claims import Claim
from tracker.domain.filings import ExtensionTooLate, NotUnderReview
from tracker.domain.lifecycle import (
    TASK_OPEN,
    AssignmentAction,
    AssignmentState,
    TaskAction,
    TaskState,
    TransitionRefused,
)
from tracker.domain.light_kinds import worst
from tracker.domain.lights import Light, LightColour, LightFacts, LightReason, Waiting, lights, worse
from tracker.domain.owed import RowState
from tracker.domain.schedule import Standing, StandingKind
from tracker.wording.codes import ACTION_NAMES, STATE_NAMES
from tracker.wording.lights import LIGHT_SENTENCES, light_sentence
from tracker.wording.refusals import sentence

DUE_ON = date(2022, 10, 10)
NOW = at_local(date(2022, 11, 1), 9, 0)
MOMENTS = st.sampled_from((None, end_of_day(DUE_ON), NOW, NOW + timedelta(seconds=1), end_of_day(date(2022, 12, 31))))
STANDINGS = st.builds(
    Standing,
    kind=st.sampled_from(StandingKind),
    value=st.just(1.0),
    value_on=st.just(DUE_ON),
    gap=st.sampled_from((0.0, 2.5)),
    gap_points=st.sampled_from((None, 4.0, 50.0)),
)
FACTS = st.builds(
    LightFacts,
    task_state=st.sampled_from(TaskState),
    assignment_state=st.sampled_from(AssignmentState),
    now=st.just(NOW),
    row_state=st.sampled_from((None, *RowState)),
    due_at=MOMENTS,
    overdue_periods=st.integers(0, 3),
    late=st.booleans(),
    waiting=st.sampled_from((None, *Waiting)),
    in_office_since=st.sampled_from((at_local(date(2022, 9, 20), 9, 0), end_of_day(DUE_ON), NOW)),
    receipt_due_at=MOMENTS,
    soft=st.booleans(),
    waits_for_event=st.booleans(),
    deadline_on=st.sampled_from((None, date(2022, 9, 30), date(2022, 12, 31))),
    completion_asked=st.booleans(),
    completion_due_at=MOMENTS,
    completion_asked_at=MOMENTS,
    closing_due_at=MOMENTS,
    claim=st.sampled_from((None, *Claim)),
    own_claim=st.booleans(),
    standing=STANDINGS,
    silent_quarters=st.integers(0, 3),
)


def is_past(moment: datetime | None) -> bool:
    return moment is not None and moment <= NOW


def is_overdue(facts: LightFacts) -> bool:
    row = facts.row_state in (RowState.OPEN, RowState.RETURNED) and is_past(facts.due_at) and not facts.soft
    completion = is_past(facts.completion_due_at)
    closing = facts.task_state is TaskState.LAPSED and is_past(facts.closing_due_at)
    return row or completion or closing


@given(FACTS)
def test_nothing_burns_red_that_is_not_overdue_and_progress_never_does(facts: LightFacts) -> None:
    found = lights(facts, calendar=CALENDAR, policy=POLICY)
    if LightColour.RED in (found.time.colour, found.shown.colour):
        assert is_overdue(facts)
    assert found.progress.colour is not LightColour.RED
    assert found.shown in (found.time, found.progress)


@given(FACTS)
def test_a_receipt_is_missed_of_what_goes_on_only(facts: LightFacts) -> None:
    if lights(facts, calendar=CALENDAR, policy=POLICY).time.reason is LightReason.RECEIPT_OVERDUE:
        assert facts.assignment_state is AssignmentState.PENDING_RECEIPT
        assert facts.task_state in TASK_OPEN


@given(FACTS)
def test_every_light_is_said_without_a_hole(facts: LightFacts) -> None:
    found = lights(facts, calendar=CALENDAR, policy=POLICY)
    for light in (found.time, found.progress):
        assert "{" not in light_sentence(light, today=date(2022, 10, 1))
        assert "None" not in light_sentence(light, today=date(2022, 10, 1))


def test_the_worse_light_is_red_before_yellow_green_grey_and_blue() -> None:
    names = ("red", "yellow", "green", "grey", "blue")
    all_lights = [Light(LightColour(name), LightReason.ON_TRACK) for name in names]
    for place, a in enumerate(all_lights):
        for b in all_lights[place:]:
            assert worse(a, b) is a
            assert worse(b, a).colour is a.colour


def test_of_two_lights_of_one_colour_the_one_with_the_earlier_moment_is_the_worse() -> None:
    early, late = (
        Light(LightColour.RED, LightReason.OVERDUE, {"due_at": datetime(2022, month, 10, tzinfo=UTC)})
        for month in (10, 12)
    )
    without = Light(LightColour.RED, LightReason.NOT_COMPLETED)
    assert worse(late, early) is worse(early, late) is early
    assert worst([late, early, late]) is early
    assert worse(without, early) is without
    assert (
        worse(early, Light(LightColour.YELLOW, LightReason.DUE_SOON, {"due_at": datetime(2022, 1, 1, tzinfo=UTC)}))
        is early
    )


def test_every_reason_has_a_sentence() -> None:
    assert set(LIGHT_SENTENCES) == set(LightReason)
    known = {
        "deadline_on",
        "value_on",
        "due",
        "late",
        "left",
        "value",
        "expected",
        "gap",
        "quarters",
        "by",
    }
    for text in LIGHT_SENTENCES.values():
        assert {name for _, name, _, _ in Formatter().parse(text) if name} <= known | {"by"}


def test_every_state_and_action_has_a_name() -> None:
    machines = {"task": TaskState, "assignment": AssignmentState, "row": RowState}
    assert set(STATE_NAMES) == {(name, state.value) for name, states in machines.items() for state in states}
    assert set(ACTION_NAMES) == {action.value for actions in (TaskAction, AssignmentAction) for action in actions}


def test_a_refusal_is_said_with_its_facts() -> None:
    refused = TransitionRefused(machine="task", state="completed", action="submit")
    assert sentence(refused) == "督查事项现为“已办结”，不能报送。"
    assert sentence(ExtensionTooLate(due_on=DUE_ON)).startswith("时限为2022年10月10日（周一），")
    assert sentence(NotUnderReview()) == "该反馈不在待审核状态。"
    assert sentence(NotYourTask(act="sign_off")) == "您的岗位或单位不能审签反馈。"
    assert sentence(NotYourTask(act="unheard")) == "您的岗位或单位不能办理此事。"


def test_a_refusal_without_a_sentence_takes_that_of_its_class() -> None:
    class Unheard(NotUnderReview):
        code = "unheard"

    assert sentence(Unheard()) == "该反馈不在待审核状态。"
