"""The partition of work is total and exclusive: whatever is known of a task, it counts once."""

from dataclasses import replace
from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.calendar import at_local, end_of_day
from tracker.domain.claims import Claim
from tracker.domain.completions import completion_standing
from tracker.domain.filings import Outcome
from tracker.domain.lifecycle import TaskState
from tracker.domain.owed import OwedKind
from tracker.domain.progress import Work, work_class
from tracker.domain.schedule import StandingKind
from tracker.domain.work_facts import Completion, LeadCompletion, LeadFacts, TaskFacts
from tracker.wording.work import WORK_NAMES, work_sentence

FIGURES_DUE_AT = end_of_day(date(2023, 2, 2))


def work(facts: TaskFacts, *, now: datetime) -> Work:
    return work_class(facts, now=now).work


COMPLETIONS = st.builds(
    LeadCompletion,
    report=st.sampled_from(Completion),
    asked=st.booleans(),
    due_at=st.sampled_from((None, FIGURES_DUE_AT)),
    told_by_row=st.booleans(),
    asked_at=st.sampled_from((None, at_local(date(2023, 1, 30), 9, 0))),
)
LEADS = st.builds(
    LeadFacts,
    overdue=st.sampled_from((None, *OwedKind)),
    confirmed=st.sampled_from((None, *Claim)),
    claim=st.sampled_from((None, *Claim)),
    claim_confirmed=st.booleans(),
    completion=COMPLETIONS,
    report_waiting=st.booleans(),
    standing=st.sampled_from(StandingKind),
)
DAYS = st.sampled_from((None, date(2022, 10, 31), date(2022, 12, 31), date(2023, 6, 30)))
FACTS = st.builds(
    TaskFacts,
    task_state=st.sampled_from(TaskState),
    archived_from=st.sampled_from((None, TaskState.CLOSED, TaskState.CANCELLED, TaskState.LAPSED)),
    outcome=st.sampled_from((None, *Outcome)),
    deadline_on=DAYS,
    statistic=st.booleans(),
    waits_for_event=st.booleans(),
    received=st.booleans(),
    leads=st.lists(LEADS, max_size=3).map(tuple),
    members_silent=st.integers(0, 13),
)
MOMENTS = st.sampled_from(tuple(at_local(date(*day), 9, 0) for day in ((2022, 11, 1), (2023, 1, 5), (2023, 3, 1))))


@given(FACTS, MOMENTS)
def test_every_task_has_exactly_one_class_with_a_name(facts: TaskFacts, now: datetime) -> None:
    got = work_class(facts, now=now)
    assert [named for named in Work if named is got.work] == [got.work]
    assert work_sentence(got).startswith(WORK_NAMES[got.work])


@given(FACTS, MOMENTS)
def test_several_leads_stand_where_the_earliest_of_them_stands_alone(facts: TaskFacts, now: datetime) -> None:
    """But for what is asked of the work and not of a lead: a corrected completion, one that outlives the document."""
    alone = [work(replace(facts, leads=(lead,)), now=now) for lead in facts.leads]
    order = list(Work)
    corrected = any(lead.completion.report is Completion.UNDER_CORRECTION for lead in facts.leads)
    if alone and not corrected and facts.state is not TaskState.LAPSED:
        assert order.index(work(facts, now=now)) == min(order.index(found) for found in alone)


@given(FACTS, MOMENTS)
def test_work_is_overdue_only_where_its_completion_is_missing_past_a_moment(facts: TaskFacts, now: datetime) -> None:
    found = [completion_standing(facts, lead, now=now) for lead in facts.leads]
    missing = [one for one in found if one.missing]
    if work(facts, now=now) is Work.OVERDUE_WORK:
        assert missing
    assert all(one.due_at is not None and one.due_at <= now for one in missing)
    assert all(one.in_hand is Completion.NONE for one in missing)


def test_a_task_without_a_lead_has_not_started() -> None:
    assert work(TaskFacts(task_state=TaskState.IN_PROGRESS), now=FIGURES_DUE_AT) is Work.NOT_STARTED
