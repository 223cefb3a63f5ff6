"""Reminders: what a liaison hears on which day, the ladder, quiet hours."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import seeds
from seeds.policy import load_policy
from seeds.registry import load_calendar
from tracker.domain.calendar import at_local, end_of_day
from tracker.domain.items import CadenceKind
from tracker.domain.lifecycle import PERIOD_OWED, PeriodState
from tracker.domain.reminders import (
    DigestEntry,
    DigestHeading,
    ReminderFacts,
    digest_at,
    digest_entry,
    digest_key,
    escalation_level,
    in_quiet_hours,
    ladder_key,
    notice_key,
)
from tracker.messages import HEADING_NAMES, REMINDER_SENTENCES, reminder_sentence

SEEDS = Path(seeds.__file__).parent
CALENDAR = load_calendar(SEEDS / "calendar.toml")
POLICY = load_policy(SEEDS / "policy.toml")
DUE_ON = date(2022, 10, 10)
Q3 = ReminderFacts(
    kind=CadenceKind.QUARTERLY,
    period_state=PeriodState.OPEN,
    starts_on=date(2022, 7, 1),
    ends_on=date(2022, 9, 30),
    due_at=end_of_day(DUE_ON),
    opened_at=at_local(date(2022, 8, 17), 15, 0),
)


def entry(today: date, facts: ReminderFacts = Q3) -> DigestEntry | None:
    return digest_entry(facts, today=today, policy=POLICY, calendar=CALENDAR)


def days_heard(facts: ReminderFacts, *, since: date, until: date) -> list[tuple[date, str, int]]:
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    found = [(day, entry(day, facts)) for day in days]
    return [(day, line.heading.value, line.workdays) for day, line in found if line]


def test_the_third_quarter_of_2022_is_heard_of_on_these_days() -> None:
    assert days_heard(Q3, since=date(2022, 8, 17), until=date(2022, 11, 10)) == [
        (date(2022, 8, 18), "new", 33),
        (date(2022, 9, 21), "window", 10),
        (date(2022, 9, 30), "three_days", 3),
        (DUE_ON, "due_today", 0),
        (date(2022, 10, 11), "overdue", 1),
        (date(2022, 10, 13), "overdue", 3),
        (date(2022, 10, 17), "overdue", 5),
        (date(2022, 10, 24), "overdue", 10),
        (date(2022, 10, 31), "overdue", 15),
        (date(2022, 11, 7), "overdue", 20),
    ]


def test_windows_longer_than_the_interval_are_dropped() -> None:
    assert POLICY.windows_for(CadenceKind.ONCE, interval_workdays=30) == (30, 10, 3)
    assert POLICY.windows_for(CadenceKind.ONCE, interval_workdays=29) == (10, 3)
    short = replace(Q3, starts_on=date(2022, 10, 8), ends_on=date(2022, 10, 14), due_at=end_of_day(date(2022, 10, 19)))
    assert days_heard(short, since=date(2022, 9, 26), until=date(2022, 10, 19)) == [
        (date(2022, 10, 14), "three_days", 3),
        (date(2022, 10, 19), "due_today", 0),
    ]


def test_a_leap_february_is_heard_of_before_its_due_day_in_march() -> None:
    leap = replace(
        Q3,
        kind=CadenceKind.MONTHLY,
        starts_on=date(2024, 2, 1),
        ends_on=date(2024, 2, 29),
        due_at=end_of_day(date(2024, 3, 5)),
    )
    assert days_heard(leap, since=date(2024, 2, 19), until=date(2024, 3, 6)) == [
        (date(2024, 2, 27), "window", 5),
        (date(2024, 3, 4), "three_days", 1),
        (date(2024, 3, 5), "due_today", 0),
        (date(2024, 3, 6), "overdue", 1),
    ]


@pytest.mark.parametrize("day", [date(2022, 10, 1), date(2022, 10, 7), date(2022, 10, 15)])
def test_days_off_are_silent(day: date) -> None:
    assert entry(day, replace(Q3, due_at=end_of_day(day))) is None


def test_a_deadline_that_stays_on_a_day_off_is_announced_on_the_last_working_day_before() -> None:
    facts = replace(Q3, due_at=end_of_day(date(2022, 10, 2)))
    line = entry(date(2022, 9, 30), facts)
    assert line == DigestEntry(DigestHeading.DUE_TODAY, date(2022, 10, 2), 0)
    assert entry(date(2022, 10, 8), facts) == DigestEntry(DigestHeading.OVERDUE, date(2022, 10, 2), 1, level=1)


@pytest.mark.parametrize("state", sorted(set(PeriodState) - PERIOD_OWED))
def test_what_is_not_owed_is_not_heard_of(state: PeriodState) -> None:
    assert entry(DUE_ON, replace(Q3, period_state=state)) is None


def test_nobody_is_urged_while_an_extension_or_a_dispute_is_undecided() -> None:
    assert entry(DUE_ON, replace(Q3, paused=True)) is None


@pytest.mark.parametrize(
    ("opened_at", "heard_on"),
    [
        (at_local(date(2022, 9, 9), 8, 39), date(2022, 9, 9)),
        (at_local(date(2022, 9, 9), 8, 40), date(2022, 9, 9)),
        (at_local(date(2022, 9, 9), 8, 41), date(2022, 9, 13)),
        (at_local(date(2022, 9, 10), 0, 0), date(2022, 9, 13)),
    ],
)
def test_a_new_period_stands_in_the_first_digest_after_it_opened(opened_at: datetime, heard_on: date) -> None:
    facts = replace(Q3, opened_at=opened_at)
    assert [day for day, _, _ in days_heard(facts, since=date(2022, 9, 1), until=date(2022, 9, 20))] == [heard_on]


def test_a_returned_report_is_heard_of_at_once_and_before_its_correction_is_due() -> None:
    returned = replace(
        Q3,
        period_state=PeriodState.RETURNED,
        due_at=end_of_day(date(2022, 10, 28)),
        returned_at=at_local(date(2022, 10, 18), 17, 0),
    )
    assert days_heard(returned, since=date(2022, 10, 18), until=date(2022, 10, 31)) == [
        (date(2022, 10, 19), "returned", 7),
        (date(2022, 10, 25), "returned", 3),
        (date(2022, 10, 28), "due_today", 0),
        (date(2022, 10, 31), "overdue", 1),
    ]


def test_continuous_work_is_asked_once_a_quarter_and_never_overdue() -> None:
    facts = replace(Q3, kind=CadenceKind.CONTINUOUS, due_at=None)
    heard = days_heard(facts, since=date(2022, 7, 1), until=date(2023, 7, 1))
    assert heard == [(date(2022, 9, 16), "confirm", 10)]
    owed = replace(facts, period_state=PeriodState.RETURNED, due_at=end_of_day(date(2022, 9, 1)))
    assert days_heard(owed, since=date(2022, 7, 1), until=date(2023, 7, 1)) == heard


@pytest.mark.parametrize(
    ("workdays_late", "level"),
    [(-1, 0), (0, 0), (1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (9, 3), (10, 4), (99, 4)],
)
def test_the_ladder_climbs_with_the_working_days_of_delay(workdays_late: int, level: int) -> None:
    assert escalation_level(workdays_late, policy=POLICY) == level


def test_from_the_second_level_on_nothing_leaves_without_a_human() -> None:
    assert [(step.level, step.needs_sign_off) for step in POLICY.ladder] == [
        (1, False),
        (2, True),
        (3, True),
        (4, True),
    ]


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        (at_local(date(2022, 10, 10), 8, 29), True),
        (at_local(date(2022, 10, 10), 8, 30), False),
        (at_local(date(2022, 10, 10), 17, 59), False),
        (at_local(date(2022, 10, 10), 18, 0), True),
        (at_local(date(2022, 10, 9), 12, 0), False),
        (at_local(date(2022, 10, 7), 12, 0), True),
        (at_local(date(2022, 10, 15), 12, 0), True),
        (datetime(2022, 10, 7, 16, 0, tzinfo=UTC), True),
    ],
)
def test_evenings_and_days_off_are_quiet_and_make_up_workdays_are_not(at: datetime, quiet: bool) -> None:
    assert in_quiet_hours(at, policy=POLICY, calendar=CALENDAR) is quiet


def test_the_digest_goes_out_at_twenty_to_nine_in_shanghai() -> None:
    assert digest_at(DUE_ON, policy=POLICY) == datetime(2022, 10, 10, 0, 40, tzinfo=UTC)


def test_keys_tell_days_people_channels_and_due_dates_apart() -> None:
    assert digest_key(on=DUE_ON, user_id=7, channel="in_app") == "digest:2022-10-10:7:in_app"
    assert notice_key("returned", subject_id=3, user_id=7, channel="email") == "returned:3:7:email"
    first = ladder_key(2, period_id=5, due_on=DUE_ON, user_id=7, channel="email")
    assert first == "ladder:2:5:2022-10-10:7:email"
    assert first != ladder_key(2, period_id=5, due_on=date(2022, 10, 31), user_id=7, channel="email")


@pytest.mark.parametrize("heading", list(DigestHeading))
def test_every_heading_has_a_name_and_a_sentence(heading: DigestHeading) -> None:
    assert HEADING_NAMES[heading]
    line = DigestEntry(heading, DUE_ON, 3)
    text = reminder_sentence(line, document="〔2022〕49号", item="第14条", period="2022Q3")
    assert text.startswith("〔2022〕49号第14条")
    assert "2022年第三季度" in text
    assert set(REMINDER_SENTENCES) == set(DigestHeading)


def test_a_line_without_a_due_day_or_a_number_leaves_them_out() -> None:
    line = DigestEntry(DigestHeading.NEW, None, 0)
    assert reminder_sentence(line, document="49号", item="3", period="2022-09") == "49号32022年9月期次已开放。"
    late = DigestEntry(DigestHeading.OVERDUE, DUE_ON, 0)
    assert reminder_sentence(late, document="", item="", period="2022Q3").endswith("已逾期。")
