"""Periods: which windows a cadence opens, when they fall due, what filing and extending do."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

import seeds
from seeds.policy import load_policy
from seeds.registry import load_calendar
from tracker.domain.calendar import DayOffRule, NaiveTime, at_local, end_of_day
from tracker.domain.deadlines import due, due_day, hour_clock, workday_clock
from tracker.domain.items import EVENT_BOUND, CadenceKind
from tracker.domain.lifecycle import PeriodState, TransitionRefused
from tracker.domain.periods import (
    ExtensionTooLate,
    NotAnExtension,
    Window,
    accept,
    extend,
    file,
    is_missed,
    next_ends_on,
    return_,
    windows,
)
from tracker.messages import period_label

SEEDS = Path(seeds.__file__).parent
CALENDAR = load_calendar(SEEDS / "calendar.toml")
POLICY = load_policy(SEEDS / "policy.toml")
ISSUED = date(2022, 8, 17)
PLAN = (date(2022, 1, 1), date(2025, 12, 31))


def series(
    kind: CadenceKind,
    *,
    issued_on: date = ISSUED,
    until: date | None = None,
    upto: date = date(2022, 12, 31),
    plan: tuple[date, date] | None = None,
) -> tuple[Window, ...]:
    return windows(kind, issued_on=issued_on, until=until, upto=upto, plan=plan)


def due_on(window: Window, rule: DayOffRule = DayOffRule.NEXT) -> date | None:
    return due(window, policy=POLICY, calendar=CALENDAR, day_off_rule=rule)


@pytest.mark.parametrize(
    ("kind", "starts_on", "ends_on", "code", "label"),
    [
        (CadenceKind.DAILY, date(2022, 8, 17), date(2022, 8, 17), "2022-08-17", "2022年8月17日"),
        (CadenceKind.EVERY_2_DAYS, date(2022, 8, 17), date(2022, 8, 18), "2022-08-17D2", "2022年8月17日—8月18日"),
        (CadenceKind.WEEKLY, date(2022, 8, 15), date(2022, 8, 21), "2022W33", "2022年第33周（8月15日—8月21日）"),
        (CadenceKind.MONTHLY, date(2022, 8, 1), date(2022, 8, 31), "2022-08", "2022年8月"),
        (CadenceKind.BIMONTHLY, date(2022, 7, 1), date(2022, 8, 31), "2022B4", "2022年7—8月"),
        (CadenceKind.QUARTERLY, date(2022, 7, 1), date(2022, 9, 30), "2022Q3", "2022年第三季度"),
        (CadenceKind.IRREGULAR, date(2022, 7, 1), date(2022, 9, 30), "2022Q3", "2022年第三季度"),
        (CadenceKind.CONTINUOUS, date(2022, 7, 1), date(2022, 9, 30), "2022Q3", "2022年第三季度"),
        (CadenceKind.HALF_YEARLY, date(2022, 7, 1), date(2022, 12, 31), "2022H2", "2022年下半年"),
        (CadenceKind.YEARLY, date(2022, 1, 1), date(2022, 12, 31), "2022", "2022年度"),
    ],
)
def test_a_series_begins_with_the_calendar_window_of_its_issue(
    kind: CadenceKind, starts_on: date, ends_on: date, code: str, label: str
) -> None:
    first = series(kind)[0]
    assert (first.starts_on, first.ends_on, first.label(), first.final) == (starts_on, ends_on, code, False)
    assert period_label(code) == label


@pytest.mark.parametrize("kind", sorted(set(CadenceKind) - EVENT_BOUND - {CadenceKind.MIDTERM_AND_FINAL}))
def test_windows_follow_one_another_without_a_gap_and_never_share_a_code(kind: CadenceKind) -> None:
    found = series(kind, upto=date(2024, 12, 31), until=date(2025, 6, 15))
    for earlier, later in pairwise(found):
        assert later.starts_on == earlier.ends_on + timedelta(days=1)
    assert len({window.label() for window in found}) == len(found)


@pytest.mark.parametrize("kind", sorted(EVENT_BOUND))
def test_what_an_event_starts_has_no_window(kind: CadenceKind) -> None:
    assert series(kind, until=date(2022, 12, 31), plan=PLAN) == ()


@pytest.mark.parametrize(("upto", "last"), [(date(2022, 9, 30), "2022Q3"), (date(2022, 10, 1), "2022Q4")])
def test_a_window_begins_on_its_first_day(upto: date, last: str) -> None:
    assert series(CadenceKind.QUARTERLY, upto=upto)[-1].label() == last


def test_the_deadline_ends_its_window_and_the_series() -> None:
    found = series(CadenceKind.QUARTERLY, until=date(2022, 11, 20), upto=date(2023, 12, 31))
    assert [(window.label(), window.ends_on, window.final) for window in found] == [
        ("2022Q3", date(2022, 9, 30), False),
        ("2022Q4", date(2022, 11, 20), True),
    ]


@pytest.mark.parametrize(
    ("until", "count"), [(date(2022, 9, 30), 1), (date(2022, 10, 1), 2), (date(2022, 8, 16), 0), (ISSUED, 1)]
)
def test_a_deadline_on_the_edge_of_a_window(until: date, count: int) -> None:
    found = series(CadenceKind.QUARTERLY, until=until)
    assert len(found) == count
    assert all(window.final == (window.ends_on == until) for window in found)


def test_february_of_a_leap_year_ends_on_the_29th() -> None:
    leap = series(CadenceKind.MONTHLY, issued_on=date(2024, 2, 29), upto=date(2024, 2, 29))
    assert [(window.starts_on, window.ends_on) for window in leap] == [(date(2024, 2, 1), date(2024, 2, 29))]
    assert series(CadenceKind.BIMONTHLY, issued_on=date(2023, 1, 5), upto=date(2023, 1, 5))[0].ends_on == date(
        2023, 2, 28
    )


def test_the_first_days_of_january_belong_to_a_week_of_the_old_year() -> None:
    (week,) = series(CadenceKind.WEEKLY, issued_on=date(2022, 1, 1), upto=date(2022, 1, 1))
    assert (week.starts_on, week.label()) == (date(2021, 12, 27), "2021W52")
    assert period_label("2021W52") == "2021年第52周（12月27日—1月2日）"


def test_a_single_obligation_runs_from_the_issue_to_its_deadline_or_the_end_of_the_plan() -> None:
    deadline = date(2022, 10, 31)
    assert series(CadenceKind.ONCE, until=deadline) == (
        Window(CadenceKind.ONCE, ISSUED, deadline, final=True, stage="once"),
    )
    assert series(CadenceKind.ONCE, plan=PLAN)[0].ends_on == PLAN[1]
    assert series(CadenceKind.ONCE) == ()


@pytest.mark.parametrize(
    ("plan", "ends"),
    [
        (PLAN, [("2023midterm", date(2023, 12, 31)), ("2025final", date(2025, 12, 31))]),
        (
            (date(2022, 3, 1), date(2026, 10, 1)),
            [("2024midterm", date(2024, 12, 31)), ("2026final", date(2026, 12, 31))],
        ),
        ((date(2022, 1, 1), date(2022, 12, 31)), [("2022final", date(2022, 12, 31))]),
        ((date(2018, 1, 1), date(2023, 12, 31)), [("2023final", date(2023, 12, 31))]),
    ],
)
def test_a_plan_is_evaluated_in_the_middle_and_at_the_end(
    plan: tuple[date, date], ends: list[tuple[str, date]]
) -> None:
    found = series(CadenceKind.MIDTERM_AND_FINAL, plan=plan)
    assert [(window.label(), window.ends_on) for window in found] == ends


@pytest.mark.parametrize(
    ("kind", "last_day", "due_day"),
    [
        (CadenceKind.QUARTERLY, date(2022, 9, 30), date(2022, 10, 10)),
        (CadenceKind.MONTHLY, date(2022, 8, 31), date(2022, 9, 5)),
        (CadenceKind.MONTHLY, date(2024, 2, 29), date(2024, 3, 5)),
        (CadenceKind.WEEKLY, date(2022, 9, 4), date(2022, 9, 7)),
        (CadenceKind.YEARLY, date(2022, 12, 31), date(2023, 1, 5)),
        (CadenceKind.DAILY, date(2022, 10, 3), date(2022, 10, 3)),
    ],
)
def test_a_period_is_due_on_the_third_working_day_after_its_end(
    kind: CadenceKind, last_day: date, due_day: date
) -> None:
    window = series(kind, issued_on=last_day, upto=last_day)[0]
    assert window.ends_on == last_day
    assert due_on(window) == due_day


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        (DayOffRule.NEXT, date(2022, 10, 8)),
        (DayOffRule.PREVIOUS, date(2022, 9, 30)),
        (DayOffRule.STAY, date(2022, 10, 2)),
    ],
)
def test_a_deadline_on_a_day_off_moves_by_the_rule_of_its_document(rule: DayOffRule, day: date) -> None:
    window = series(CadenceKind.QUARTERLY, until=date(2022, 10, 2))[-1]
    assert due_on(window, rule) == day


def test_continuous_work_never_falls_due() -> None:
    assert due_on(series(CadenceKind.CONTINUOUS)[0]) is None
    assert due_on(series(CadenceKind.CONTINUOUS, until=date(2022, 9, 15))[0]) is None


def test_an_hour_clock_runs_through_the_night_and_a_holiday() -> None:
    occurred = datetime(2022, 9, 30, 15, 59, tzinfo=UTC)
    assert hour_clock(24, occurred_at=occurred) == datetime(2022, 10, 1, 15, 59, tzinfo=UTC)
    with pytest.raises(NaiveTime):
        hour_clock(24, occurred_at=occurred.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("occurred_at", "last_day"),
    [
        (datetime(2022, 9, 29, 15, 59, tzinfo=UTC), date(2022, 9, 30)),
        (datetime(2022, 9, 29, 16, 0, tzinfo=UTC), date(2022, 10, 8)),
    ],
)
def test_a_workday_clock_counts_from_the_day_in_shanghai(occurred_at: datetime, last_day: date) -> None:
    due_at = workday_clock(1, occurred_at=occurred_at, calendar=CALENDAR)
    assert due_at == end_of_day(last_day)
    assert due_day(due_at) == last_day


@pytest.mark.parametrize(("second", "late"), [(-1, False), (0, True)])
def test_a_report_is_late_from_midnight_in_shanghai_on(second: int, late: bool) -> None:
    due_at = datetime(2022, 10, 10, 16, 0, tzinfo=UTC)
    assert due_at == end_of_day(date(2022, 10, 10))
    filed = file(PeriodState.OPEN, now=due_at + timedelta(seconds=second), due_at=due_at, nil=False)
    assert (filed.state, filed.late) == (PeriodState.SUBMITTED, late)


def test_filing_keeps_nil_reports_and_late_filings_apart() -> None:
    now = at_local(date(2022, 10, 9), 9, 0)
    later = now + timedelta(days=30)
    assert file(PeriodState.OPEN, now=now, due_at=None, nil=True).state is PeriodState.NIL_REPORT
    missed = file(PeriodState.MISSED, now=now, due_at=later, nil=True)
    assert (missed.state, missed.late) == (PeriodState.LATE_FILED, True)
    with pytest.raises(TransitionRefused):
        file(PeriodState.ACCEPTED, now=now, due_at=later, nil=False)
    assert accept(PeriodState.NIL_REPORT) is PeriodState.ACCEPTED
    with pytest.raises(TransitionRefused):
        accept(PeriodState.OPEN)


@pytest.mark.parametrize(
    ("due_day", "expected"),
    [
        (date(2022, 9, 30), date(2022, 10, 9)),
        (date(2022, 10, 10), date(2022, 10, 10)),
        (None, date(2022, 10, 9)),
    ],
)
def test_a_returned_report_has_three_working_days_at_least(due_day: date | None, expected: date) -> None:
    returned = return_(
        PeriodState.SUBMITTED,
        now=at_local(date(2022, 9, 29), 17, 0),
        due_at=end_of_day(due_day) if due_day else None,
        calendar=CALENDAR,
        correction_workdays=POLICY.correction_workdays,
    )
    assert (returned.state, returned.due_at) == (PeriodState.RETURNED, end_of_day(expected))


def test_an_extension_must_move_the_date_later_and_be_asked_by_the_due_date() -> None:
    due_date = date(2022, 9, 30)
    assert extend(due_date, asked_on=due_date, new_due_on=date(2022, 10, 31)).new_due_on == date(2022, 10, 31)
    with pytest.raises(NotAnExtension):
        extend(due_date, asked_on=due_date, new_due_on=due_date)
    with pytest.raises(ExtensionTooLate):
        extend(due_date, asked_on=date(2022, 10, 1), new_due_on=date(2022, 10, 31))


def test_a_period_is_missed_once_the_next_one_has_ended_too() -> None:
    august = series(CadenceKind.MONTHLY)[0]
    following = next_ends_on(august, issued_on=ISSUED, until=date(2022, 9, 20), plan=None)
    assert following == date(2022, 9, 20)
    over = end_of_day(following)
    due_at = end_of_day(date(2022, 9, 5))

    def missed(state: PeriodState, *, now: datetime, due_at: datetime | None = due_at) -> bool:
        return is_missed(state, due_at=due_at, next_ends_on=following, now=now)

    assert missed(PeriodState.OPEN, now=over)
    assert missed(PeriodState.RETURNED, now=over)
    assert not missed(PeriodState.OPEN, now=over - timedelta(seconds=1))
    assert not missed(PeriodState.OPEN, now=over, due_at=end_of_day(date(2022, 10, 31)))
    assert not missed(PeriodState.SUBMITTED, now=over)
    assert not missed(PeriodState.OPEN, now=over, due_at=None)


def test_the_last_period_of_a_series_has_none_after_it() -> None:
    until = date(2022, 9, 20)
    last = series(CadenceKind.MONTHLY, until=until)[-1]
    assert next_ends_on(last, issued_on=ISSUED, until=until, plan=None) is None
    midterm, final = series(CadenceKind.MIDTERM_AND_FINAL, plan=PLAN)
    assert next_ends_on(midterm, issued_on=ISSUED, until=None, plan=PLAN) == final.ends_on
    assert next_ends_on(final, issued_on=ISSUED, until=None, plan=PLAN) is None


def test_a_code_that_is_no_periods_is_refused() -> None:
    assert period_label("T12") == "第12号触发事件"
    with pytest.raises(ValueError):
        period_label("2022Q5")
