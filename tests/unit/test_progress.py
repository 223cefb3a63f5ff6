"""The work partition: every task stands in exactly one class, and the class speaks of work, not of paper."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tracker.domain.calendar import at_local, end_of_day
from tracker.domain.claims import Claim
from tracker.domain.filings import Outcome
from tracker.domain.lifecycle import TaskState
from tracker.domain.owed import OwedKind
from tracker.domain.progress import Work, WorkClass, WorkReason, work_class
from tracker.domain.schedule import StandingKind
from tracker.domain.work_facts import Completion, LeadCompletion, LeadFacts, TaskFacts
from tracker.wording.work import WORK_NAMES, WORK_REASON_NAMES, work_sentence

FIGURES_DUE_AT = end_of_day(date(2023, 2, 2))
NOW = at_local(date(2022, 11, 1), 9, 0)
ASKED = LeadCompletion(asked=True, due_at=FIGURES_DUE_AT)
SILENT = LeadFacts(overdue=OwedKind.UNREPORTED, completion=ASKED)
ON_SCHEDULE = LeadFacts(confirmed=Claim.ON_SCHEDULE, claim=Claim.ON_SCHEDULE, claim_confirmed=True, completion=ASKED)
FILED = replace(ON_SCHEDULE, completion=LeadCompletion(report=Completion.UNDER_REVIEW, asked=True), report_waiting=True)
CORRECTED_BY = end_of_day(date(2023, 3, 2))
CORRECTING = replace(
    ON_SCHEDULE,
    completion=LeadCompletion(report=Completion.UNDER_CORRECTION, asked=True, due_at=CORRECTED_BY, told_by_row=True),
)
GOAL = TaskFacts(
    task_state=TaskState.IN_PROGRESS,
    deadline_on=date(2022, 12, 31),
    statistic=True,
    leads=(ON_SCHEDULE,),
)
MEASURE = TaskFacts(task_state=TaskState.IN_PROGRESS, leads=(LeadFacts(),))


def at(month: int, day: int, *, year: int = 2022) -> datetime:
    return at_local(date(year, month, day), 9, 0)


def work(facts: TaskFacts, *, now: datetime = NOW) -> Work:
    return work_class(facts, now=now).work


def of_lead(lead: LeadFacts, *, now: datetime = NOW, facts: TaskFacts = MEASURE) -> WorkClass:
    return work_class(replace(facts, leads=(lead,)), now=now)


@pytest.mark.parametrize(
    ("now", "lead", "found"),
    [
        (at(9, 5), LeadFacts(), Work.NOT_STARTED),
        (at(10, 10), ON_SCHEDULE, Work.ON_SCHEDULE),
        (end_of_day(date(2022, 12, 31)) - timedelta(seconds=1), ON_SCHEDULE, Work.ON_SCHEDULE),
        (end_of_day(date(2022, 12, 31)), ON_SCHEDULE, Work.AWAITING_FIGURES),
        (at(1, 5, year=2023), ON_SCHEDULE, Work.AWAITING_FIGURES),
        (at(1, 31, year=2023), ON_SCHEDULE, Work.AWAITING_FIGURES),
        (FIGURES_DUE_AT - timedelta(seconds=1), ON_SCHEDULE, Work.AWAITING_FIGURES),
        (FIGURES_DUE_AT, ON_SCHEDULE, Work.OVERDUE_WORK),
        (at(3, 1, year=2023), ON_SCHEDULE, Work.OVERDUE_WORK),
        (at(11, 4), SILENT, Work.UNKNOWN),
        (at(1, 5, year=2023), SILENT, Work.UNKNOWN),
        (at(3, 1, year=2023), SILENT, Work.OVERDUE_WORK),
        (at(1, 31, year=2023), FILED, Work.COMPLETION_PENDING),
        (at(3, 1, year=2023), FILED, Work.COMPLETION_PENDING),
    ],
)
def test_a_goal_of_the_year_waits_for_its_figures_and_is_overdue_only_past_the_filing_day(
    now: datetime, lead: LeadFacts, found: Work
) -> None:
    assert of_lead(lead, now=now, facts=GOAL).work is found


@pytest.mark.parametrize(
    ("outcome", "found", "reason"),
    [
        (Outcome.MET, Work.COMPLETED_MET, None),
        (Outcome.UNMET, Work.COMPLETED_UNMET, None),
        (None, Work.COMPLETED_MET, WorkReason.OUTCOME_UNRECORDED),
    ],
)
@pytest.mark.parametrize("state", [TaskState.COMPLETED, TaskState.CLOSED, TaskState.ARCHIVED])
def test_completion_ends_as_met_or_unmet_and_the_archive_keeps_it(
    state: TaskState, outcome: Outcome | None, found: Work, reason: WorkReason | None
) -> None:
    ended = replace(GOAL, task_state=state, outcome=outcome, leads=(SILENT,))
    got = work_class(ended, now=at(3, 1, year=2023))
    assert (got.work, got.reason) == (found, reason)


@pytest.mark.parametrize(
    ("archived_from", "found"),
    [
        (TaskState.CANCELLED, Work.CANCELLED),
        (TaskState.LAPSED, Work.LAPSED),
        (TaskState.CLOSED, Work.COMPLETED_MET),
        (None, Work.COMPLETED_MET),
    ],
)
def test_an_archived_task_keeps_its_class(archived_from: TaskState | None, found: Work) -> None:
    facts = TaskFacts(task_state=TaskState.ARCHIVED, archived_from=archived_from, outcome=Outcome.MET)
    assert work(facts) is found


@pytest.mark.parametrize(
    ("state", "found", "reason"),
    [
        (TaskState.REGISTERED, Work.NOT_STARTED, WorkReason.NOT_ISSUED),
        (TaskState.PROPOSED, Work.NOT_STARTED, WorkReason.NOT_ISSUED),
        (TaskState.APPROVED, Work.NOT_STARTED, WorkReason.NOT_ISSUED),
        (TaskState.CANCELLED, Work.CANCELLED, None),
        (TaskState.SUSPENDED, Work.SUSPENDED, None),
        (TaskState.LAPSED, Work.LAPSED, None),
        (TaskState.UNDER_REVIEW, Work.COMPLETION_PENDING, WorkReason.UNDER_REVIEW),
        (TaskState.ISSUED, Work.UNKNOWN, WorkReason.UNREPORTED),
        (TaskState.IN_PROGRESS, Work.UNKNOWN, WorkReason.UNREPORTED),
        (TaskState.RETURNED, Work.UNKNOWN, WorkReason.UNREPORTED),
    ],
)
def test_what_the_task_has_become_comes_before_its_leads(
    state: TaskState, found: Work, reason: WorkReason | None
) -> None:
    silent = LeadFacts(overdue=OwedKind.UNREPORTED)
    got = work_class(replace(MEASURE, task_state=state, leads=(silent,)), now=NOW)
    assert (got.work, got.reason) == (found, reason)


@pytest.mark.parametrize(
    ("claim", "found", "reason"),
    [
        (Claim.DONE, Work.ON_SCHEDULE, WorkReason.DONE_NOT_CLOSED),
        (Claim.ON_SCHEDULE, Work.ON_SCHEDULE, None),
        (Claim.ONGOING_ACTIVE, Work.ONGOING, WorkReason.ACTIVE),
        (Claim.ONGOING_QUIET, Work.ONGOING, WorkReason.QUIET),
        (Claim.NOT_STARTED_YET, Work.NOT_STARTED, WorkReason.NOT_DUE),
        (Claim.BEHIND, Work.BEHIND, WorkReason.SHORT_OF_SCHEDULE),
        (Claim.NOT_STARTED_OVERDUE, Work.BEHIND, WorkReason.NOT_BEGUN),
        (Claim.DIFFICULT, Work.BEHIND, WorkReason.DIFFICULT),
    ],
)
def test_the_class_follows_the_claim(claim: Claim, found: Work, reason: WorkReason | None) -> None:
    confirmed = of_lead(LeadFacts(confirmed=claim, claim=claim, claim_confirmed=True))
    assert (confirmed.work, confirmed.reason, confirmed.own_claim) == (found, reason, False)
    own = of_lead(LeadFacts(claim=claim))
    assert (own.work, own.reason, own.own_claim) == (found, reason, True)


def test_a_newer_claim_waits_beside_the_confirmed_one() -> None:
    lead = LeadFacts(confirmed=Claim.BEHIND, claim=Claim.ON_SCHEDULE, report_waiting=True)
    got = of_lead(lead)
    assert (got.work, got.own_claim, got.new_report_waiting) == (Work.BEHIND, False, True)


@pytest.mark.parametrize(
    ("standing", "found"),
    [
        (StandingKind.BEHIND, Work.BEHIND),
        (StandingKind.ON, Work.ON_SCHEDULE),
        (StandingKind.EXCESS, Work.ON_SCHEDULE),
        (StandingKind.UNKNOWN, Work.NOT_STARTED),
    ],
)
def test_figures_speak_only_where_nothing_is_claimed(standing: StandingKind, found: Work) -> None:
    assert of_lead(LeadFacts(standing=standing)).work is found
    assert of_lead(replace(ON_SCHEDULE, standing=standing)).work is Work.ON_SCHEDULE


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"waits_for_event": True}, WorkReason.WAITS_FOR_EVENT),
        ({"waits_for_event": True, "received": False}, WorkReason.WAITS_FOR_EVENT),
        ({"received": False}, WorkReason.NOT_RECEIVED),
        ({}, WorkReason.NOT_DUE),
    ],
)
def test_what_has_not_started_says_why(changes: dict[str, Any], reason: WorkReason) -> None:
    got = work_class(replace(MEASURE, **changes), now=NOW)
    assert (got.work, got.reason) == (Work.NOT_STARTED, reason)


@pytest.mark.parametrize(
    ("overdue", "found", "reason"),
    [
        (OwedKind.UNREPORTED, Work.UNKNOWN, WorkReason.UNREPORTED),
        (OwedKind.CORRECTION, Work.UNKNOWN, WorkReason.UNCORRECTED),
        (OwedKind.DUE, Work.BEHIND, WorkReason.SHORT_OF_SCHEDULE),
        (None, Work.BEHIND, WorkReason.SHORT_OF_SCHEDULE),
    ],
)
def test_a_lead_past_its_moment_leaves_the_work_unknown_whatever_it_said_before(
    overdue: OwedKind | None, found: Work, reason: WorkReason
) -> None:
    got = of_lead(LeadFacts(overdue=overdue, confirmed=Claim.BEHIND))
    assert (got.work, got.reason) == (found, reason)


@pytest.mark.parametrize(
    ("lead", "before", "after"),
    [
        (CORRECTING, Work.COMPLETION_PENDING, Work.COMPLETION_PENDING),
        (
            replace(ON_SCHEDULE, completion=replace(ASKED, report=Completion.UNDER_CORRECTION)),
            Work.COMPLETION_PENDING,
            Work.OVERDUE_WORK,
        ),
        (
            replace(
                ON_SCHEDULE,
                overdue=OwedKind.CORRECTION,
                completion=LeadCompletion(asked=True, due_at=at(2, 6, year=2023), told_by_row=True),
            ),
            Work.UNKNOWN,
            Work.OVERDUE_WORK,
        ),
        (FILED, Work.COMPLETION_PENDING, Work.COMPLETION_PENDING),
        (
            replace(ON_SCHEDULE, completion=replace(ASKED, asked_at=at(1, 30, year=2023))),
            Work.AWAITING_FIGURES,
            Work.AWAITING_FIGURES,
        ),
        (LeadFacts(confirmed=Claim.BEHIND, completion=ASKED), Work.BEHIND, Work.OVERDUE_WORK),
        (LeadFacts(confirmed=Claim.ONGOING_ACTIVE, completion=ASKED), Work.AWAITING_FIGURES, Work.OVERDUE_WORK),
    ],
)
def test_past_the_filing_day_only_a_report_with_the_office_or_corrected_in_time_helps(
    lead: LeadFacts, before: Work, after: Work
) -> None:
    assert of_lead(lead, now=at(1, 31, year=2023), facts=GOAL).work is before
    assert of_lead(lead, now=at(3, 1, year=2023), facts=GOAL).work is after


def test_between_deadline_and_filing_day_it_is_said_what_is_awaited() -> None:
    january = at(1, 5, year=2023)
    assert work_class(GOAL, now=january).reason is WorkReason.FIGURES
    assert work_class(replace(GOAL, statistic=False), now=january).reason is WorkReason.COMPLETION_REPORT


def test_a_deadline_by_which_no_row_asks_for_the_completion_makes_no_work_overdue() -> None:
    bare = replace(GOAL, leads=(replace(ON_SCHEDULE, completion=LeadCompletion()),))
    assert work(bare, now=end_of_day(date(2022, 12, 31)) - timedelta(seconds=1)) is Work.ON_SCHEDULE
    assert work(bare, now=end_of_day(date(2022, 12, 31))) is Work.AWAITING_FIGURES
    assert work(bare, now=at(6, 1, year=2023)) is Work.AWAITING_FIGURES


@pytest.mark.parametrize(
    ("asked", "now", "found"),
    [
        (False, at(1, 5, year=2023), Work.LAPSED),
        (False, at(3, 1, year=2023), Work.LAPSED),
        (True, at(1, 5, year=2023), Work.AWAITING_FIGURES),
        (True, at(3, 1, year=2023), Work.OVERDUE_WORK),
    ],
)
def test_expiry_is_not_success_where_the_completion_is_asked_for_still(asked: bool, now: datetime, found: Work) -> None:
    lapsed = replace(GOAL, task_state=TaskState.LAPSED, outcome=None)
    unasked = replace(lapsed, leads=(replace(ON_SCHEDULE, completion=LeadCompletion()),))
    assert work(lapsed if asked else unasked, now=now) is found


@pytest.mark.parametrize(
    ("second", "found", "own_claim"),
    [
        (SILENT, Work.UNKNOWN, False),
        (LeadFacts(), Work.ON_SCHEDULE, False),
        (LeadFacts(confirmed=Claim.BEHIND), Work.BEHIND, False),
        (LeadFacts(claim=Claim.BEHIND), Work.BEHIND, True),
        (LeadFacts(claim=Claim.ON_SCHEDULE), Work.ON_SCHEDULE, False),
        (LeadFacts(confirmed=Claim.ONGOING_ACTIVE), Work.ONGOING, False),
    ],
)
def test_of_several_leads_the_earliest_class_counts(second: LeadFacts, found: Work, own_claim: bool) -> None:
    for leads in ((ON_SCHEDULE, second), (second, ON_SCHEDULE)):
        got = work_class(replace(MEASURE, leads=leads), now=NOW)
        assert (got.work, got.own_claim) == (found, own_claim)


def test_the_first_lead_to_file_completion_files_it_for_all() -> None:
    assert work(replace(GOAL, leads=(SILENT, FILED)), now=at(3, 1, year=2023)) is Work.COMPLETION_PENDING


@pytest.mark.parametrize(("now", "found"), [(1, Work.COMPLETION_PENDING), (3, Work.OVERDUE_WORK)])
def test_what_another_lead_corrects_is_in_hand_until_the_one_that_is_asked_is_overdue(now: int, found: Work) -> None:
    """What the other filed in time has moved the row of the first behind its correction; what came late has not."""
    other = replace(ON_SCHEDULE, completion=LeadCompletion(report=Completion.UNDER_CORRECTION))
    assert work(replace(GOAL, leads=(SILENT, other)), now=at(now, 31 if now == 1 else 1, year=2023)) is found


def test_silent_members_stand_beside_the_class_and_never_change_it() -> None:
    got = work_class(replace(GOAL, members_silent=3), now=NOW)
    assert got == WorkClass(Work.ON_SCHEDULE, members_silent=3)
    assert work_sentence(got) == "达序时，成员未报3家"


def test_every_class_and_reason_has_a_name_of_its_own() -> None:
    assert set(WORK_NAMES) == set(Work)
    assert set(WORK_REASON_NAMES) == set(WorkReason)
    assert len(set(WORK_NAMES.values())) == len(Work)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (WorkClass(Work.OVERDUE_WORK), "逾期未办结"),
        (WorkClass(Work.COMPLETED_UNMET), "已办结（未达标）"),
        (WorkClass(Work.ON_SCHEDULE, own_claim=True), "达序时（自报）"),
        (WorkClass(Work.ON_SCHEDULE, own_claim=True, unsigned=True), "达序时（自报，未审签）"),
        (WorkClass(Work.BEHIND, WorkReason.NOT_BEGUN, own_claim=True), "未达序时（自报：应启未启）"),
        (WorkClass(Work.BEHIND, WorkReason.SHORT_OF_SCHEDULE, own_claim=True), "未达序时（自报）"),
        (WorkClass(Work.BEHIND, WorkReason.SHORT_OF_SCHEDULE), "未达序时"),
        (WorkClass(Work.UNKNOWN, WorkReason.UNREPORTED, members_silent=2), "情况不明（牵头单位逾期未报），成员未报2家"),
        (WorkClass(Work.NOT_STARTED, WorkReason.NOT_RECEIVED), "未启动（未签收）"),
        (WorkClass(Work.ON_SCHEDULE, new_report_waiting=True), "达序时，新报告待审"),
    ],
)
def test_a_class_is_said_as_the_office_writes_it(found: WorkClass, words: str) -> None:
    assert work_sentence(found) == words
