"""Windows of a series: the first one, filing, due days, completions and arrears."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.office import CALENDAR, POLICY
from tracker.domain.cadences import Span
from tracker.domain.calendar import at_local, end_of_day, local_day
from tracker.domain.items import CadenceKind
from tracker.domain.series import DocumentFrame, FormKey, RowDuty
from tracker.domain.windows import (
    Reckoning,
    RowWindow,
    asked_from,
    closing_window,
    first_span,
    never_late_before_asked,
    opens_on,
    period_window,
    row_windows,
)

K = CadenceKind
BY = Reckoning(calendar=CALENDAR, policy=POLICY)
GOT = date(2022, 8, 16)
YEAR_END = date(2022, 12, 31)
PLAN_49 = DocumentFrame(issued_on=date(2022, 8, 13), ends_on=YEAR_END)
PLAN_52 = DocumentFrame(issued_on=date(2022, 8, 11), ends_on=date(2025, 12, 31), monitors_itself=True)
POLICY_54 = DocumentFrame(issued_on=date(2022, 8, 24), expires_on=YEAR_END)
OPEN_END = DocumentFrame(issued_on=date(2022, 8, 17))


def duty(
    kind: CadenceKind,
    *,
    until: date | None = None,
    completes: bool | None = None,
    statistic: bool = False,
    counted: bool = False,
) -> RowDuty:
    return RowDuty(
        unit_id=1,
        form=FormKey(kind),
        act=True,
        until=until,
        completes=until is not None if completes is None else completes,
        statistic=statistic,
        counted=counted,
    )


def rows(
    owed: RowDuty,
    frame: DocumentFrame = PLAN_49,
    *,
    got_on: date = GOT,
    today: date = YEAR_END,
    from_on: date | None = None,
    filing_on: date | None = None,
) -> tuple[RowWindow, ...]:
    return row_windows(owed, frame, got_on=got_on, today=today, by=BY, from_on=from_on, filing_on=filing_on)


def dues(found: tuple[RowWindow, ...]) -> list[tuple[str, str]]:
    """Return code and due day of each row, its own where it has one."""
    return [(row.window.code, (row.due_on or row.window.due_on).isoformat()) for row in found]


def first_code(kind: CadenceKind, got_on: date, *, last_on: date | None = None, counted: bool = False) -> str:
    span = first_span(kind, got_on=got_on, last_on=last_on, counted=counted, by=BY)
    assert span is not None
    return period_window(kind, span, by=BY).code


def test_weekly_reports_are_due_on_the_third_working_day_after_the_week_through_holidays_and_make_up_days() -> None:
    assert dues(rows(duty(K.WEEKLY), today=date(2022, 10, 24)))[:11] == [
        ("2022W33", "2022-08-24"),
        ("2022W34", "2022-08-31"),
        ("2022W35", "2022-09-07"),
        ("2022W36", "2022-09-15"),
        ("2022W37", "2022-09-21"),
        ("2022W38", "2022-09-28"),
        ("2022W39", "2022-10-10"),
        ("2022W40", "2022-10-12"),
        ("2022W41", "2022-10-19"),
        ("2022W42", "2022-10-26"),
        ("2022W43", "2022-11-02"),
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (K.MONTHLY, [("2022-08", "2022-09-05"), ("2022-09", "2022-10-10"), ("2022-10", "2022-11-03")]),
        (K.BIMONTHLY, [("2022B5", "2022-11-03")]),
        (K.QUARTERLY, [("2022Q3", "2022-10-10")]),
    ],
)
def test_the_other_circulars_of_measure_14_begin_by_the_half_rule(
    kind: CadenceKind, expected: list[tuple[str, str]]
) -> None:
    assert dues(rows(duty(kind), today=date(2022, 10, 31)))[: len(expected)] == expected


def test_the_goal_of_a_year_is_reported_monthly_and_completed_twenty_working_days_after_it() -> None:
    found = rows(duty(K.MONTHLY, until=YEAR_END, statistic=True), today=date(2023, 3, 1))
    assert dues(found) == [
        ("2022-08", "2022-09-05"),
        ("2022-09", "2022-10-10"),
        ("2022-10", "2022-11-03"),
        ("2022-11", "2022-12-05"),
        ("2022-12", "2023-02-02"),
    ]
    assert [row.final for row in found] == [False, False, False, False, True]
    assert found[-1].window.due_on == date(2023, 1, 5)


@pytest.mark.parametrize(
    ("kind", "got_on", "code"),
    [
        (K.WEEKLY, "2022-08-17", "2022W33"),
        (K.WEEKLY, "2022-08-18", "2022W34"),
        (K.WEEKLY, "2022-08-21", "2022W34"),
        (K.WEEKLY, "2022-10-05", "2022W40"),  # two make-up days are left of two
        (K.WEEKLY, "2022-10-09", "2022W40"),  # one of two is not less than half
        (K.WEEKLY, "2022-02-02", "2022W06"),  # the week of the Spring Festival has no working day
        (K.EVERY_10_DAYS, "2022-08-16", "2022-08T2"),
        (K.EVERY_10_DAYS, "2022-08-18", "2022-08T3"),
        (K.MONTHLY, "2022-08-16", "2022-08"),
        (K.MONTHLY, "2022-08-17", "2022-09"),
        (K.MONTHLY, "2022-09-16", "2022-09"),
        (K.MONTHLY, "2022-09-17", "2022-10"),
        (K.MONTHLY, "2022-08-31", "2022-09"),
        (K.MONTHLY, "2022-09-01", "2022-09"),
        (K.MONTHLY, "2024-02-29", "2024-03"),
        (K.BIMONTHLY, "2022-08-16", "2022B5"),
        (K.QUARTERLY, "2022-08-16", "2022Q3"),
        (K.QUARTERLY, "2022-08-17", "2022Q4"),
        (K.HALF_YEARLY, "2022-12-30", "2022H2"),
        (K.YEARLY, "2022-12-30", "2022"),
        (K.DAILY, "2022-10-03", "2022-10-03"),
        (K.EVERY_2_DAYS, "2022-10-03", "2022-10-03D2"),
    ],
)
def test_a_unit_begins_with_the_next_window_when_less_than_half_of_the_working_days_is_left(
    kind: CadenceKind, got_on: str, code: str
) -> None:
    assert first_code(kind, date.fromisoformat(got_on)) == code


@pytest.mark.parametrize(("hour", "minute", "code"), [(15, 59, "2022-08"), (16, 0, "2022-09")])
def test_the_day_a_unit_gets_a_task_turns_at_midnight_in_shanghai(hour: int, minute: int, code: str) -> None:
    assert first_code(K.MONTHLY, local_day(datetime(2022, 8, 16, hour, minute, tzinfo=UTC))) == code


@pytest.mark.parametrize(
    ("kind", "got_on", "last_on", "code"),
    [
        (K.MONTHLY, "2022-08-17", "2022-09-30", "2022-09"),
        (K.MONTHLY, "2022-08-17", "2022-09-29", "2022-08"),
        (K.QUARTERLY, "2022-12-20", "2022-12-31", "2022Q4"),
        (K.WEEKLY, "2022-12-30", "2022-12-31", "2022W52"),
    ],
)
def test_the_first_window_stays_where_no_other_ends_before_the_deadline(
    kind: CadenceKind, got_on: str, last_on: str, code: str
) -> None:
    assert first_code(kind, date.fromisoformat(got_on), last_on=date.fromisoformat(last_on)) == code


@pytest.mark.parametrize(
    ("kind", "got_on", "last_on", "code"),
    [
        (K.MONTHLY, "2022-08-01", None, "2022-08"),
        (K.MONTHLY, "2022-08-02", None, "2022-09"),
        (K.MONTHLY, "2022-08-02", "2022-09-30", "2022-09"),
        (K.MONTHLY, "2022-08-02", "2022-08-31", "2022-08"),
        (K.QUARTERLY, "2022-07-02", None, "2022Q4"),
        (K.HALF_YEARLY, "2022-07-02", None, "2022H2"),
        (K.YEARLY, "2022-08-16", None, "2022"),
    ],
)
def test_counted_duties_begin_with_the_first_whole_window_up_to_the_quarter(
    kind: CadenceKind, got_on: str, last_on: str | None, code: str
) -> None:
    last = date.fromisoformat(last_on) if last_on else None
    assert first_code(kind, date.fromisoformat(got_on), last_on=last, counted=True) == code


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "expected"),
    [
        ("2022-07-01", "2022-09-30", "2022-09-14"),  # 65 working days: the last 13
        ("2022-08-01", "2022-08-31", "2022-08-26"),  # 23: the last 4
        ("2024-02-01", "2024-02-29", "2024-02-27"),  # 18: the last 3
        ("2022-08-15", "2022-08-21", "2022-08-19"),  # 5: the last one, a Friday
        ("2022-10-03", "2022-10-09", "2022-10-09"),  # two make-up days: the last one, a Sunday
        ("2022-01-31", "2022-02-06", "2022-02-06"),  # holidays only
        ("2022-10-03", "2022-10-03", "2022-10-03"),
    ],
)
def test_reports_are_taken_from_the_last_fifth_of_the_working_days_on(
    starts_on: str, ends_on: str, expected: str
) -> None:
    span = Span(date.fromisoformat(starts_on), date.fromisoformat(ends_on))
    assert opens_on(span, by=BY) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("kind", "starts_on", "ends_on", "due_on"),
    [
        (K.DAILY, "2022-10-03", "2022-10-03", "2022-10-03"),
        (K.EVERY_2_DAYS, "2022-10-03", "2022-10-04", "2022-10-04"),
        (K.WEEKLY, "2022-01-31", "2022-02-06", "2022-02-09"),
        (K.EVERY_10_DAYS, "2022-09-21", "2022-09-30", "2022-10-10"),
        (K.MONTHLY, "2024-02-01", "2024-02-29", "2024-03-05"),
        (K.YEARLY, "2022-01-01", "2022-12-31", "2023-01-05"),
    ],
)
def test_emergency_rhythms_know_no_holidays_and_all_others_count_working_days(
    kind: CadenceKind, starts_on: str, ends_on: str, due_on: str
) -> None:
    window = period_window(kind, Span(date.fromisoformat(starts_on), date.fromisoformat(ends_on)), by=BY)
    assert window.due_on == date.fromisoformat(due_on)


@pytest.mark.parametrize(
    ("got_on", "today", "codes"),
    [
        (GOT, GOT, ["2022Q3", "2022Q4"]),
        (GOT, date(2022, 9, 30), ["2022Q3", "2022Q4"]),
        (GOT, date(2022, 10, 1), ["2022Q3", "2022Q4", "2023Q1"]),
        (date(2022, 9, 20), date(2022, 9, 20), ["2022Q4"]),
        (date(2022, 9, 20), date(2022, 10, 1), ["2022Q4", "2023Q1"]),
    ],
)
def test_one_period_ahead_always_exists(got_on: date, today: date, codes: list[str]) -> None:
    assert [row.window.code for row in rows(duty(K.QUARTERLY), OPEN_END, got_on=got_on, today=today)] == codes


@pytest.mark.parametrize("frame", [PLAN_49, POLICY_54])
def test_no_window_begins_after_the_document_has_ended(frame: DocumentFrame) -> None:
    assert rows(duty(K.MONTHLY), frame, today=date(2023, 6, 1))[-1].window.code == "2022-12"


@pytest.mark.parametrize(
    ("until", "code", "due_on", "own"),
    [
        ("2022-12-31", "2022Q4", "2023-01-05", False),  # the window's own due day
        ("2022-11-15", "2022Q4", "2022-11-18", True),
        ("2022-10-01", "2022Q4", "2022-10-10", True),  # a holiday; both make-up days count
        ("2022-09-30", "2022Q3", "2022-10-10", False),
        ("2024-02-29", "2024Q1", "2024-03-05", True),
    ],
)
def test_a_deadline_closes_its_window_and_the_completion_is_due_on_the_filing_day(
    until: str, code: str, due_on: str, own: bool
) -> None:
    last = rows(duty(K.QUARTERLY, until=date.fromisoformat(until)), OPEN_END, today=date(2025, 1, 1))[-1]
    assert dues((last,)) == [(code, due_on)]
    assert last.final
    assert (last.due_on is not None) is own


@pytest.mark.parametrize(
    ("filing_on", "due_on"), [("2023-01-20", "2023-01-20"), ("2022-12-31", "2022-12-31"), ("2022-12-30", "2023-02-02")]
)
def test_the_office_may_name_the_filing_day_but_none_before_the_deadline(filing_on: str, due_on: str) -> None:
    owed = duty(K.MONTHLY, until=YEAR_END, statistic=True)
    assert dues(rows(owed, filing_on=date.fromisoformat(filing_on)))[-1] == ("2022-12", due_on)


def test_who_does_not_complete_the_item_reports_last_in_the_window_of_the_deadline() -> None:
    last = rows(duty(K.QUARTERLY, until=date(2022, 11, 15), completes=False), today=date(2023, 6, 1))[-1]
    assert dues((last,)) == [("2022Q4", "2023-01-05")]
    assert not last.final


def test_what_is_registered_late_begins_where_the_office_chose_and_its_arrears_have_ten_working_days() -> None:
    found = rows(
        duty(K.QUARTERLY),
        OPEN_END,
        got_on=date(2023, 6, 15),
        today=date(2023, 6, 15),
        from_on=date(2023, 1, 1),
    )
    assert dues(found) == [("2023Q1", "2023-06-30"), ("2023Q2", "2023-07-05"), ("2023Q3", "2023-10-09")]


@pytest.mark.parametrize(
    ("kind", "statistic", "code"),
    [(K.MONTHLY, True, "2022-12"), (K.QUARTERLY, False, "2022Q4"), (K.ONCE, True, "D2022-12-31")],
)
@pytest.mark.parametrize("from_on", [None, date(2023, 1, 1)])
def test_a_deadline_past_at_registration_asks_for_nothing_but_the_completion(
    kind: CadenceKind, statistic: bool, code: str, from_on: date | None
) -> None:
    late = date(2023, 6, 15)
    found = rows(duty(kind, until=YEAR_END, statistic=statistic), got_on=late, today=late, from_on=from_on)
    assert dues(found) == [(code, "2023-06-30")]
    assert found[0].final
    assert rows(duty(kind, until=YEAR_END, completes=False), got_on=late, today=late, from_on=from_on) == ()


def test_periods_chosen_before_a_past_deadline_are_arrears_too() -> None:
    late = date(2023, 6, 15)
    found = rows(duty(K.MONTHLY, until=YEAR_END), got_on=late, today=late, from_on=date(2022, 11, 1))
    assert dues(found) == [("2022-11", "2023-06-30"), ("2022-12", "2023-06-30")]


def test_a_window_that_ended_the_day_before_is_in_arrears_and_one_that_ends_today_is_not() -> None:
    for got_on, due_on in ((date(2022, 9, 30), "2022-10-10"), (date(2022, 10, 1), "2022-10-19")):
        found = rows(duty(K.QUARTERLY), OPEN_END, got_on=got_on, today=got_on, from_on=date(2022, 7, 1))
        assert dues(found)[0] == ("2022Q3", due_on)


def test_of_the_quarter_in_which_the_document_was_made_the_months_before_it_are_not_asked_for() -> None:
    late = date(2022, 10, 20)
    found = rows(duty(K.MONTHLY), got_on=late, today=late, from_on=date(2022, 7, 1))
    assert [code for code, _due in dues(found)] == ["2022-08", "2022-09", "2022-10", "2022-11"]


@pytest.mark.parametrize(
    ("asked_on", "from_on", "begins_on"),
    [
        ("2023-06-20", "2023-04-01", "2023-07-01"),  # less than half of June is left
        ("2023-06-08", "2023-04-01", "2023-06-01"),
        ("2023-06-08", "2023-06-05", "2023-06-05"),
        ("2023-06-20", "2023-06-20", "2023-06-20"),  # the office says from which day on, the half rule does not
        ("2023-06-20", "2023-09-01", "2023-09-01"),
    ],
)
def test_another_rhythm_asks_for_no_window_that_is_over_whatever_day_the_office_chose(
    asked_on: str, from_on: str, begins_on: str
) -> None:
    asked, chosen = date.fromisoformat(asked_on), date.fromisoformat(from_on)
    begins = asked_from(K.MONTHLY, asked_on=asked, from_on=chosen, counted=False, by=BY)
    assert begins == date.fromisoformat(begins_on)
    assert asked_from(K.ONCE, asked_on=asked, from_on=chosen, counted=False, by=BY) == chosen
    assert asked_from(K.MONTHLY, asked_on=asked, from_on=None, counted=False, by=BY) is None


@pytest.mark.parametrize("from_on", [None, YEAR_END])
def test_what_begins_with_the_last_day_of_a_plan_is_asked_of_its_last_window_only(from_on: date | None) -> None:
    found = rows(duty(K.QUARTERLY), got_on=YEAR_END, today=date(2023, 6, 1), from_on=from_on)
    assert [code for code, _due in dues(found)] == ["2022Q4"]


def test_a_printed_validity_ends_the_windows_of_a_plan_that_the_office_lets_go_on() -> None:
    frame, late = DocumentFrame(issued_on=GOT, ends_on=YEAR_END, expires_on=date(2023, 3, 31)), date(2023, 1, 15)
    found = rows(duty(K.QUARTERLY), frame, got_on=late, today=date(2023, 6, 1), from_on=date(2023, 1, 1))
    assert [code for code, _due in dues(found)] == ["2023Q1"]


def test_who_gets_a_plan_on_the_last_day_of_its_first_half_evaluates_that_half_too() -> None:
    for got_on, codes in (("2023-12-31", ["2023midterm", "2025final"]), ("2024-01-01", ["2025final"])):
        found = rows(duty(K.MIDTERM_AND_FINAL), PLAN_52, got_on=date.fromisoformat(got_on), today=date(2024, 6, 1))
        assert [code for code, _due in dues(found)] == codes


def test_a_closing_report_counts_from_the_day_before_it_is_asked() -> None:
    window = closing_window(date(2022, 11, 15), opens_on=date(2022, 11, 16), by=BY)
    assert window.due_on == date(2022, 12, 6)


def test_nothing_is_asked_for_once_the_document_is_over_and_no_deadline_was_set() -> None:
    assert rows(duty(K.QUARTERLY), POLICY_54, got_on=date(2023, 1, 1), today=date(2023, 1, 1)) == ()


def test_a_single_act_runs_from_the_day_a_unit_gets_it_to_its_end() -> None:
    (row,) = rows(duty(K.ONCE, until=date(2022, 10, 31)), today=GOT)
    assert (row.window.starts_on, row.window.ends_on, row.final) == (GOT, date(2022, 10, 31), True)
    assert dues((row,)) == [("D2022-10-31", "2022-11-03")]
    assert dues(rows(duty(K.ONCE), PLAN_49)) == [("D2022-12-31", "2023-01-05")]
    assert rows(duty(K.ONCE), OPEN_END) == ()


@pytest.mark.parametrize(
    ("frame", "got_on", "expected"),
    [
        (PLAN_52, GOT, [("2023midterm", "2022-01-01", "2023-12-31"), ("2025final", "2024-01-01", "2025-12-31")]),
        (PLAN_52, date(2024, 3, 1), [("2025final", "2024-01-01", "2025-12-31")]),
        (
            DocumentFrame(issued_on=date(2022, 3, 1), expires_on=date(2026, 10, 1)),
            GOT,
            [("2024midterm", "2022-01-01", "2024-12-31"), ("2026final", "2025-01-01", "2026-10-01")],
        ),
        (PLAN_49, GOT, [("2022final", "2022-01-01", "2022-12-31")]),
        (OPEN_END, GOT, []),
    ],
)
def test_a_plan_is_evaluated_in_the_middle_and_at_the_end_one_after_the_other(
    frame: DocumentFrame, got_on: date, expected: list[tuple[str, str, str]]
) -> None:
    found = rows(duty(K.MIDTERM_AND_FINAL), frame, got_on=got_on, today=got_on)
    windows = [row.window for row in found]
    assert [(w.code, w.starts_on.isoformat(), w.ends_on.isoformat()) for w in windows] == expected


def test_an_evaluation_whose_plan_is_over_at_registration_is_the_final_one() -> None:
    late = date(2026, 3, 2)
    found = rows(duty(K.MIDTERM_AND_FINAL, until=date(2025, 12, 31)), PLAN_52, got_on=late, today=late)
    assert [(row.window.code, row.final) for row in found] == [("2025final", True)]


@given(
    kind=st.sampled_from([K.WEEKLY, K.EVERY_10_DAYS, K.MONTHLY, K.BIMONTHLY, K.QUARTERLY, K.YEARLY, K.ONCE]),
    got_on=st.dates(date(2022, 1, 1), date(2023, 12, 31)),
    days=st.integers(0, 400),
    until=st.none() | st.dates(date(2022, 1, 1), date(2024, 12, 31)),
    from_on=st.none() | st.dates(date(2021, 7, 1), date(2023, 12, 31)),
    statistic=st.booleans(),
)
def test_rows_stand_in_order_and_none_is_due_before_its_unit_had_the_task(
    kind: CadenceKind, got_on: date, days: int, until: date | None, from_on: date | None, statistic: bool
) -> None:
    today = date.fromordinal(got_on.toordinal() + days)
    found = rows(duty(kind, until=until, statistic=statistic), OPEN_END, got_on=got_on, today=today, from_on=from_on)
    windows = [row.window for row in found]
    assert windows == sorted(windows)
    assert len({window.code for window in windows}) == len(windows)
    assert sum(window.starts_on > today for window in windows) <= 1
    assert [row.final for row in found[:-1]] == [False] * len(found[:-1])
    assert all((row.due_on or row.window.due_on) >= got_on for row in found)
    assert all(window.starts_on <= window.opens_on <= window.ends_on <= window.due_on for window in windows)
    if until is not None:
        assert not found or found[-1].window.starts_on <= until


def test_a_plan_whose_year_is_over_goes_on_where_the_office_wants_reports_from_a_later_day() -> None:
    plan = DocumentFrame(issued_on=date(2022, 8, 13), ends_on=YEAR_END)
    late = date(2023, 6, 15)
    found = rows(duty(K.QUARTERLY), plan, got_on=late, today=late, from_on=date(2023, 1, 1))
    assert [code for code, _due in dues(found)] == ["2023Q1", "2023Q2", "2023Q3"]
    assert rows(duty(K.QUARTERLY), plan, got_on=late, today=late) == ()


@pytest.mark.parametrize(
    ("filing_on", "due_on"),
    [
        (date(2022, 11, 7), date(2022, 11, 7)),  # its own filing day is still ahead, though the window's is past
        (date(2022, 10, 12), date(2022, 11, 3)),
        (None, date(2022, 11, 3)),
    ],
)
def test_what_an_act_opens_is_due_by_its_own_later_day_or_in_ten_working_days(
    filing_on: date | None, due_on: date
) -> None:
    window = period_window(K.MONTHLY, Span(date(2022, 9, 1), date(2022, 9, 30)), by=BY)
    row = RowWindow(window, final=True, due_on=filing_on)
    assert never_late_before_asked(row, at=at_local(date(2022, 10, 20), 9, 0), by=BY).due_on == due_on


def test_what_an_act_opens_at_the_very_moment_it_would_be_overdue_has_ten_working_days_too() -> None:
    row = RowWindow(period_window(K.MONTHLY, Span(date(2022, 9, 1), date(2022, 9, 30)), by=BY))
    moment = end_of_day(row.window.due_on)
    assert never_late_before_asked(row, at=moment - timedelta(seconds=1), by=BY) == row
    assert end_of_day(never_late_before_asked(row, at=moment, by=BY).due_on or GOT) > moment
