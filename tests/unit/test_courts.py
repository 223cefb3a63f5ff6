"""In whose court the ball is: of each standing of a task one holder, and of several leads the one that presses."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tracker.domain.courts import Court, Hand, Holder, court_of
from tracker.domain.lifecycle import TaskState
from tracker.wording.task_ledger import court_words, since_words

RUNS = TaskState.IN_PROGRESS
GOT, ASKED, LATE, WRITTEN = (datetime(2022, 10, day, tzinfo=UTC) for day in (1, 10, 12, 20))
HAND = Hand(unit="市商务局", unit_since=GOT)


@pytest.mark.parametrize(
    ("hand", "found", "words"),
    [
        (HAND, Court(Holder.LIAISON, "市商务局", GOT), "市商务局联络员"),
        (replace(HAND, unsigned_since=WRITTEN), Court(Holder.HEAD, "市商务局", WRITTEN), "市商务局负责人"),
        (replace(HAND, office_since=ASKED), Court(Holder.OFFICE, None, ASKED), "督查室"),
        (replace(HAND, office_since=ASKED, by_leader=True), Court(Holder.LEADER, None, ASKED), "市领导"),
        (
            replace(HAND, office_since=ASKED, presses_at=LATE),
            Court(Holder.LIAISON, "市商务局", GOT, presses_at=LATE),
            "市商务局联络员",
        ),
        (
            replace(HAND, office_since=ASKED, presses_at=LATE, unsigned_since=WRITTEN),
            Court(Holder.HEAD, "市商务局", WRITTEN, presses_at=LATE),
            "市商务局负责人",
        ),
    ],
)
def test_the_ball_of_one_lead_is_with_whoever_has_to_take_the_next_step(hand: Hand, found: Court, words: str) -> None:
    assert court_of(RUNS, [hand]) == found
    assert court_words(found) == words


def test_of_several_leads_the_one_that_presses_has_it_and_then_the_office() -> None:
    quiet, asks, late = HAND, replace(HAND, unit="乙", office_since=ASKED), replace(HAND, unit="丙", presses_at=LATE)
    assert court_of(RUNS, [quiet, asks, late]).unit == "丙"
    assert court_of(RUNS, [replace(HAND, unit="丁", presses_at=WRITTEN), late]).unit == "丙"  # it presses longest
    assert court_of(RUNS, [quiet, asks]).holder is Holder.OFFICE


def test_leads_that_stand_alike_are_waited_for_together_and_none_by_its_place_in_a_list() -> None:
    later = replace(HAND, unit="丁", unit_since=ASKED)
    court = court_of(RUNS, [later, HAND])
    assert (court_words(court), court.since, court.since_day) == ("市商务局联络员、丁联络员", GOT, None)
    same_day = court_of(RUNS, [HAND, replace(HAND, unit="丁")])
    assert (court_words(same_day), since_words(same_day, today=ASKED.date())) == (
        "市商务局联络员、丁联络员",
        "自10月1日",
    )
    assert court_words(court_of(RUNS, [HAND, later, replace(HAND, unit="戊")])) == "牵头单位3家"
    late = [replace(one, presses_at=LATE) for one in (HAND, later)]
    assert len(court_of(RUNS, [*late, replace(HAND, unit="戊")]).every) == 2, "what presses nobody is another matter"
    asks = [replace(HAND, office_since=WRITTEN), replace(later, office_since=ASKED)]
    office = court_of(RUNS, asks)
    assert (office.every, office.since) == ((office,), ASKED), "the office is one, since the first of what it has"


def test_nobody_has_the_ball_of_what_has_ended_is_suspended_or_waits_for_an_event() -> None:
    for state in (TaskState.COMPLETED, TaskState.CLOSED, TaskState.ARCHIVED, TaskState.CANCELLED):
        assert court_of(state, [HAND], ended_at=WRITTEN) == Court(Holder.ENDED, None, WRITTEN)
    assert court_of(TaskState.SUSPENDED, [HAND]) == Court(Holder.PAUSED)
    assert court_of(RUNS, [HAND], waits_for_event=True) == Court(Holder.EVENT)
    assert court_of(RUNS, []) == Court(Holder.OFFICE)
