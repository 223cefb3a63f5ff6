"""Which periods exist and when they fall due; edges of months, years, holidays and Shanghai's midnight."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from seeds.policy import load_policy
from seeds.registry import load_calendar
from tracker.domain.calendar import DayOffRule
from tracker.domain.items import CadenceKind
from tracker.domain.lifecycle import PeriodState, TransitionRefused
from tracker.domain.periods import (
    ExtensionTooLate,
    NotAnExtension,
    Window,
    accept,
    check_extension,
    due,
    file,
    hour_clock,
    is_missed,
    return_,
    windows,
    workday_clock,
)

SEEDS = Path(__file__).parents[2] / "seeds"
CALENDAR = load_calendar(SEEDS / "calendar.toml")
POLICY = load_policy(SEEDS / "policy.toml")
ISSUED = date(2022, 8, 24)


def _windows(kind: CadenceKind, *, upto: date, until: date | None = None) -> tuple[Window, ...]:
    return windows(kind, issued_on=ISSUED, until=until, upto=upto, plan=(date(2022, 1, 1), date(2025, 12, 31)))


@pytest.mark.parametrize(
    ("kind", "upto", "codes"),
    [
        (CadenceKind.WEEKLY, date(2022, 9, 5), ["2022W34", "2022W35", "2022W36"]),
        (CadenceKind.MONTHLY, date(2022, 9, 30), ["2022-08", "2022-09"]),
        (CadenceKind.MONTHLY, date(2022, 10, 1), ["2022-08", "2022-09", "2022-10"]),
        (CadenceKind.BIMONTHLY, date(2022, 9, 1), ["2022B4", "2022B5"]),
        (CadenceKind.QUARTERLY, date(2022, 9, 30), ["2022Q3"]),
        (CadenceKind.HALF_YEARLY, date(2023, 1, 1), ["2022H2", "2023H1"]),
        (CadenceKind.YEARLY, date(2023, 1, 1), ["2022", "2023"]),
        (CadenceKind.CONTINUOUS, date(2022, 10, 1), ["2022Q3", "2022Q4"]),
        (CadenceKind.EVERY_2_DAYS, date(2022, 8, 26), ["2022-08-24", "2022-08-26"]),
        (CadenceKind.ON_EVENT, date(2022, 12, 31), []),
        (CadenceKind.WITHIN_HOURS, date(2022, 12, 31), []),
    ],
)
def test_a_series_begins_with_the_window_holding_the_issue_day(kind: CadenceKind, upto: date, codes: list[str]) -> None:
    assert [window.code for window in _windows(kind, upto=upto)] == codes


def test_midterm_and_final_split_the_plan_at_a_years_end() -> None:
    found = _windows(CadenceKind.MIDTERM_AND_FINAL, upto=date(2025, 1, 1))
    assert [(window.starts_on, window.ends_on) for window in found] == [
        (date(2022, 1, 1), date(2023, 12, 31)),
        (date(2024, 1, 1), date(2025, 12, 31)),
    ]


def test_a_deadline_ends_its_window_and_the_series() -> None:
    found = _windows(CadenceKind.QUARTERLY, upto=date(2023, 6, 1), until=date(2022, 11, 15))
    assert [(window.ends_on, window.final) for window in found] == [
        (date(2022, 9, 30), False),
        (date(2022, 11, 15), True),
    ]


def test_february_of_a_leap_year_ends_on_the_29th() -> None:
    found = windows(CadenceKind.MONTHLY, issued_on=date(2024, 2, 1), until=None, upto=date(2024, 2, 1), plan=None)
    assert found[0].ends_on == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (Window(CadenceKind.QUARTERLY, date(2022, 7, 1), date(2022, 9, 30)), date(2022, 10, 10)),
        (Window(CadenceKind.MONTHLY, date(2022, 8, 1), date(2022, 8, 31)), date(2022, 9, 5)),
        (Window(CadenceKind.WEEKLY, date(2022, 9, 5), date(2022, 9, 11)), date(2022, 9, 15)),
        (Window(CadenceKind.CONTINUOUS, date(2022, 7, 1), date(2022, 9, 30)), None),
        (Window(CadenceKind.QUARTERLY, date(2022, 10, 1), date(2022, 12, 31), final=True), date(2022, 12, 31)),
    ],
)
def test_a_period_is_due_on_the_third_working_day_after_its_end(window: Window, expected: date | None) -> None:
    rule = DayOffRule.STAY
    assert due(window, kind=window.kind, policy=POLICY, calendar=CALENDAR, day_off_rule=rule) == expected


def test_a_deadline_on_a_day_off_moves_by_the_documents_rule() -> None:
    window = Window(CadenceKind.ONCE, ISSUED, date(2022, 12, 31), final=True)
    moved = {
        rule: due(window, kind=window.kind, policy=POLICY, calendar=CALENDAR, day_off_rule=rule) for rule in DayOffRule
    }
    assert moved == {
        DayOffRule.STAY: date(2022, 12, 31),
        DayOffRule.NEXT: date(2023, 1, 3),
        DayOffRule.PREVIOUS: date(2022, 12, 30),
    }


def test_a_report_at_midnight_in_shanghai_after_the_due_day_is_late() -> None:
    due_at = datetime(2022, 10, 10, 16, 0, tzinfo=UTC)
    last_moment = datetime(2022, 10, 10, 15, 59, 59, tzinfo=UTC)
    assert not file(PeriodState.OPEN, now=last_moment, due_at=due_at, nil=False).late
    assert file(PeriodState.OPEN, now=due_at, due_at=due_at, nil=False).late


def test_a_missed_period_is_filed_late_even_as_nil_report() -> None:
    filed = file(PeriodState.MISSED, now=datetime(2022, 11, 2, tzinfo=UTC), due_at=None, nil=True)
    assert (filed.state, filed.late) == (PeriodState.LATE_FILED, True)


def test_a_filed_period_takes_no_second_report() -> None:
    with pytest.raises(TransitionRefused):
        file(PeriodState.SUBMITTED, now=datetime(2022, 9, 1, tzinfo=UTC), due_at=None, nil=False)


def test_accepting_needs_something_filed() -> None:
    assert accept(PeriodState.NIL_REPORT) is PeriodState.ACCEPTED
    with pytest.raises(TransitionRefused):
        accept(PeriodState.OPEN)


def test_a_returned_period_gets_three_working_days_but_never_less_than_it_had() -> None:
    now = datetime(2022, 9, 30, 1, 0, tzinfo=UTC)
    early, late = datetime(2022, 9, 8, 16, 0, tzinfo=UTC), datetime(2022, 11, 30, 16, 0, tzinfo=UTC)
    clocks = {
        due_at: return_(PeriodState.SUBMITTED, now=now, due_at=due_at, calendar=CALENDAR, correction_workdays=3).due_at
        for due_at in (early, late, None)
    }
    assert clocks == {early: datetime(2022, 10, 10, 16, 0, tzinfo=UTC), late: late, None: None}


@pytest.mark.parametrize(("today", "missed"), [(date(2022, 10, 31), False), (date(2022, 11, 1), True)])
def test_a_month_is_missed_once_the_next_one_has_ended(today: date, missed: bool) -> None:
    assert is_missed(Window(CadenceKind.MONTHLY, date(2022, 9, 1), date(2022, 9, 30)), today=today) is missed


def test_a_single_period_is_never_missed() -> None:
    assert not is_missed(Window(CadenceKind.ONCE, ISSUED, date(2022, 9, 30)), today=date(2030, 1, 1))


def test_clocks_started_by_an_event() -> None:
    occurred_at = datetime(2022, 9, 30, 12, 0, tzinfo=UTC)
    assert hour_clock(24, occurred_at=occurred_at) == datetime(2022, 10, 1, 12, 0, tzinfo=UTC)
    ends = workday_clock(1, occurred_at=occurred_at, calendar=CALENDAR)
    assert ends == datetime(2022, 10, 8, 16, 0, tzinfo=UTC)


def test_an_extension_asked_for_after_the_due_date_is_refused() -> None:
    with pytest.raises(ExtensionTooLate):
        check_extension(date(2022, 9, 30), asked_on=date(2022, 10, 1), new_due_on=date(2022, 10, 31))


def test_an_extension_to_an_earlier_day_is_none() -> None:
    with pytest.raises(NotAnExtension):
        check_extension(date(2022, 9, 30), asked_on=date(2022, 9, 1), new_due_on=date(2022, 9, 30))
    check_extension(date(2022, 9, 30), asked_on=date(2022, 9, 30), new_due_on=date(2022, 10, 1))
