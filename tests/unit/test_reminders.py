"""Reminders: what a liaison hears on which day, the ladder, quiet hours."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.domain.calendar import at_local, end_of_day
from tracker.domain.items import CadenceKind
from tracker.domain.owed import Owed, OwedKind, PeriodView
from tracker.domain.reminders import (
    DigestEntry,
    DigestHeading,
    ReminderFacts,
    digest_at,
    digest_entry,
    digest_key,
    escalation_level,
    in_quiet_hours,
    notice_key,
)
from tracker.gateways.configuration import CONFIGURATION, load_calendar, load_policy
from tracker.wording.digests import HEADING_NAMES, REMINDER_SENTENCES, reminder_sentence

CALENDAR = load_calendar(CONFIGURATION / "calendar.toml")
POLICY = load_policy(CONFIGURATION / "policy.toml")
DUE_ON = date(2022, 10, 10)
DUE_AT = end_of_day(DUE_ON)
Q3 = ReminderFacts(
    kind=CadenceKind.QUARTERLY,
    starts_on=date(2022, 7, 1),
    ends_on=date(2022, 9, 30),
    due_at=DUE_AT,
    opens_at=at_local(date(2022, 9, 14), 0, 0),
)


def entry(today: date, facts: ReminderFacts = Q3) -> DigestEntry | None:
    return digest_entry(facts, today=today, policy=POLICY, calendar=CALENDAR)


def overdue_by(facts: ReminderFacts, day: date) -> ReminderFacts:
    """Let a series be overdue once its moment has passed by the day's digest."""
    return replace(facts, since=facts.due_at if facts.due_at <= digest_at(day, policy=POLICY) else None)


def days_heard(facts: ReminderFacts, *, since: date, until: date) -> list[tuple[date, str, int]]:
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    found = [(day, entry(day, overdue_by(facts, day))) for day in days]
    return [(day, line.heading.value, line.workdays) for day, line in found if line]


def test_the_third_quarter_of_2022_is_heard_of_on_these_days() -> None:
    assert days_heard(Q3, since=date(2022, 8, 17), until=date(2022, 11, 10)) == [
        (date(2022, 9, 14), "new", 15),
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
    assert line == DigestEntry(DigestHeading.DUE_TODAY, facts.due_at, 0)
    assert entry(date(2022, 10, 8), replace(facts, since=facts.due_at)) == DigestEntry(
        DigestHeading.OVERDUE, facts.due_at, 1, level=1
    )


def test_nobody_is_urged_while_the_head_of_the_unit_holds_the_envelope() -> None:
    assert entry(DUE_ON, replace(Q3, paused=True)) is None


@pytest.mark.parametrize(
    ("opens_at", "heard_on"),
    [
        (at_local(date(2022, 9, 9), 8, 39), date(2022, 9, 9)),
        (at_local(date(2022, 9, 9), 8, 40), date(2022, 9, 9)),
        (at_local(date(2022, 9, 9), 8, 41), date(2022, 9, 13)),
        (at_local(date(2022, 9, 10), 0, 0), date(2022, 9, 13)),
    ],
)
def test_a_form_stands_in_the_first_digest_after_reports_on_it_are_taken(opens_at: datetime, heard_on: date) -> None:
    facts = replace(Q3, opens_at=opens_at)
    assert [day for day, _, _ in days_heard(facts, since=date(2022, 9, 1), until=date(2022, 9, 20))] == [heard_on]


def test_a_returned_report_is_heard_of_at_once_and_before_its_correction_is_due() -> None:
    returned = replace(
        Q3,
        correction=True,
        due_at=end_of_day(date(2022, 10, 28)),
        returned_at=at_local(date(2022, 10, 18), 17, 0),
    )
    assert days_heard(returned, since=date(2022, 10, 18), until=date(2022, 10, 31)) == [
        (date(2022, 10, 19), "returned", 7),
        (date(2022, 10, 25), "returned", 3),
        (date(2022, 10, 28), "due_today", 0),
        (date(2022, 10, 31), "overdue", 1),
    ]


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


def test_keys_tell_days_people_and_channels_apart() -> None:
    assert digest_key(on=DUE_ON, user_id=7, channel="in_app") == "digest:2022-10-10:7:in_app"
    assert notice_key("returned", subject_id=3, user_id=7, channel="email") == "returned:3:7:email"


def unreported(code: str, *, run: int = 1) -> Owed:
    form = PeriodView(period_id=1, code=code, opens_at=Q3.opens_at, due_at=DUE_AT, rows=())
    return Owed(form, DUE_AT, DUE_AT, OwedKind.UNREPORTED, run, frozenset())


@pytest.mark.parametrize("heading", list(DigestHeading))
def test_every_heading_has_a_name_and_a_sentence(heading: DigestHeading) -> None:
    assert HEADING_NAMES[heading]
    line = DigestEntry(heading, DUE_AT, 3)
    text = reminder_sentence(line, document="〔2022〕49号", items=["一1“甲”"], owed=unreported("2022Q3"), at=DUE_AT)
    assert text.startswith("〔2022〕49号2022年第三季度（一1“甲”）")
    assert set(REMINDER_SENTENCES) == set(DigestHeading)


def test_what_is_due_on_a_day_off_is_told_by_its_day_and_not_as_of_today() -> None:
    line = DigestEntry(DigestHeading.DUE_TODAY, end_of_day(date(2022, 11, 12)), 0)
    friday, saturday = at_local(date(2022, 11, 11), 9, 0), at_local(date(2022, 11, 12), 9, 0)

    def words(at: datetime, owed: Owed) -> str:
        return reminder_sentence(line, document="49号", items=["一1“甲”"], owed=owed, at=at)

    owed = unreported("2022Q3")
    assert words(friday, owed).endswith("，11月12日（周六，含）前报，该日不是工作日，请今天报出。")
    assert words(saturday, owed).endswith("，今天截止。")
    corrected = words(friday, replace(owed, kind=OwedKind.CORRECTION))
    assert corrected.endswith("被退回，11月12日（周六，含）前补正，该日不是工作日，请今天报出。")


def test_a_line_counts_what_is_unreported_in_a_row_and_names_two_items() -> None:
    late = DigestEntry(DigestHeading.OVERDUE, DUE_AT, 3)
    text = reminder_sentence(
        late, document="49号", items=["一1“甲”", "一2“乙”", "一3“丙”"], owed=unreported("2022Q3", run=2), at=DUE_AT
    )
    assert text == (
        "49号2022年第三季度（一1“甲”、一2“乙”等3项），应于10月10日（周一，含）前报送，已逾期3个工作日，共2期未报。"
    )


def test_a_form_of_nothing_but_the_tick_says_so_and_no_number_is_printed_where_it_is_nought() -> None:
    late = DigestEntry(DigestHeading.OVERDUE, DUE_AT, 0)
    text = reminder_sentence(late, document="49号", items=[], owed=unreported("2022H2"), at=DUE_AT)
    assert text.startswith("49号2022年下半年（其他配合事项），")
    assert text.endswith("已逾期。")
