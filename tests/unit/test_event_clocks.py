"""What an event that is recorded late asks for: moments of single clocks, first windows of running rhythms, codes."""

from datetime import date, datetime, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.calendar import at_local
from tracker.domain.deadlines import hour_clock
from tracker.domain.items import CadenceKind
from tracker.domain.triggers import asked_spans, event_clock, event_code, told_late
from tracker.wording.moments import due_words

RECORDED = at_local(date(2022, 11, 1), 9, 0)
DAYS = st.dates(date(2022, 1, 1), date(2023, 12, 31))


def _day_clock(starts_at: datetime) -> datetime:
    return hour_clock(24, occurred_at=starts_at)


@pytest.mark.parametrize(
    ("hours_before", "due_in"),
    [(0, 24), (1, 23), (23, 1), (24, 24), (25, 24), (24 * 31, 24)],
)
def test_a_clock_that_had_run_out_at_the_recording_runs_its_span_from_then_on(hours_before: int, due_in: int) -> None:
    occurred_at = RECORDED - timedelta(hours=hours_before)
    clock = event_clock(_day_clock, occurred_at=occurred_at, recorded_at=RECORDED)
    assert clock.scheduled_at == occurred_at + timedelta(hours=24)
    assert clock.due_at == RECORDED + timedelta(hours=due_in)
    assert clock.runs_anew is (hours_before >= 24)


@given(minutes=st.integers(0, 60 * 24 * 40), hours=st.integers(1, 200))
def test_no_recording_makes_a_clock_overdue_at_its_own_minute(minutes: int, hours: int) -> None:
    occurred_at = RECORDED - timedelta(minutes=minutes)
    clock = event_clock(
        lambda starts_at: hour_clock(hours, occurred_at=starts_at), occurred_at=occurred_at, recorded_at=RECORDED
    )
    assert clock.due_at > RECORDED
    assert clock.due_at >= clock.scheduled_at


@given(kind=st.sampled_from([CadenceKind.DAILY, CadenceKind.EVERY_2_DAYS]), occurred_on=DAYS, days=st.integers(0, 31))
def test_the_first_window_is_the_one_that_runs_at_the_recording_in_step_with_the_event(
    kind: CadenceKind, occurred_on: date, days: int
) -> None:
    asked_on = occurred_on + timedelta(days=days)
    found = list(islice(asked_spans(kind, occurred_on=occurred_on, asked_on=asked_on), 3))
    assert found[0].starts_on <= asked_on <= found[0].ends_on
    step = (found[0].ends_on - found[0].starts_on).days + 1
    assert (found[0].starts_on - occurred_on).days % step == 0
    assert all(later.starts_on == earlier.ends_on + timedelta(days=1) for earlier, later in pairwise(found))


def test_a_form_is_called_by_the_minute_of_its_event_in_shanghai() -> None:
    assert event_code(at_local(date(2022, 10, 31), 0, 5)) == "E2022-10-31T00:05"


def test_a_moment_is_a_day_or_bears_its_hour() -> None:
    assert due_words(at_local(date(2022, 11, 4), 0, 0), today=None) == "2022年11月3日（周四，含）"
    assert due_words(at_local(date(2022, 11, 3), 8, 30), today=None) == "2022年11月3日8时30分"


def test_the_log_of_before_tells_of_no_clock_that_counts_from_the_recording() -> None:
    late = told_late({"trigger_id": 1, "occurred_at": "2022-10-30T12:30:00+00:00", "matter": "暴雨"})
    assert (late.clocks, late.first_on) == ((), None)
