"""Rhythms: the windows each makes, their codes, and the words people read for a code."""

from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.cadences import RHYTHMS, Span, label, spans_from
from tracker.domain.items import EVENT_BOUND, CadenceKind
from tracker.wording.periods import period_label

K = CadenceKind
BY_CALENDAR = [kind for kind in CadenceKind if RHYTHMS[kind].spans is not None]


def first(kind: CadenceKind, day: date) -> Span:
    return next(spans_from(kind, day))


def test_every_rhythm_has_its_record() -> None:
    assert set(RHYTHMS) == set(CadenceKind)
    assert all(RHYTHMS[kind].kind is kind for kind in CadenceKind)


def test_rhythms_with_forms_of_their_own_stand_from_the_shortest_to_the_longest() -> None:
    """An item is completed in the longest of a unit's forms, and the office chooses between two of them."""
    own = [kind for kind in RHYTHMS if RHYTHMS[kind].series is kind]
    by_calendar = [kind for kind in own if kind in BY_CALENDAR]
    lengths = [(span.ends_on - span.starts_on).days for span in (first(kind, date(2022, 1, 1)) for kind in by_calendar)]
    assert lengths == sorted(set(lengths))
    assert own[len(by_calendar) :] == [K.MIDTERM_AND_FINAL, K.ONCE]


@pytest.mark.parametrize(
    ("kind", "day", "starts_on", "ends_on", "code", "words"),
    [
        (K.DAILY, "2022-10-03", "2022-10-03", "2022-10-03", "2022-10-03", "2022年10月3日"),
        (K.EVERY_2_DAYS, "2022-09-30", "2022-09-30", "2022-10-01", "2022-09-30D2", "2022年9月30日—10月1日"),
        (K.WEEKLY, "2022-08-16", "2022-08-15", "2022-08-21", "2022W33", "2022年第33周（8月15日—8月21日）"),
        (K.WEEKLY, "2022-08-21", "2022-08-15", "2022-08-21", "2022W33", "2022年第33周（8月15日—8月21日）"),
        (K.WEEKLY, "2022-08-22", "2022-08-22", "2022-08-28", "2022W34", "2022年第34周（8月22日—8月28日）"),
        (K.WEEKLY, "2023-01-01", "2022-12-26", "2023-01-01", "2022W52", "2022年第52周（12月26日—2023年1月1日）"),
        (K.WEEKLY, "2021-01-03", "2020-12-28", "2021-01-03", "2020W53", "2020年第53周（12月28日—2021年1月3日）"),
        (K.EVERY_10_DAYS, "2022-09-01", "2022-09-01", "2022-09-10", "2022-09T1", "2022年9月上旬"),
        (K.EVERY_10_DAYS, "2022-09-10", "2022-09-01", "2022-09-10", "2022-09T1", "2022年9月上旬"),
        (K.EVERY_10_DAYS, "2022-09-11", "2022-09-11", "2022-09-20", "2022-09T2", "2022年9月中旬"),
        (K.EVERY_10_DAYS, "2022-10-31", "2022-10-21", "2022-10-31", "2022-10T3", "2022年10月下旬"),
        (K.EVERY_10_DAYS, "2024-02-29", "2024-02-21", "2024-02-29", "2024-02T3", "2024年2月下旬"),
        (K.EVERY_10_DAYS, "2023-02-21", "2023-02-21", "2023-02-28", "2023-02T3", "2023年2月下旬"),
        (K.MONTHLY, "2022-12-31", "2022-12-01", "2022-12-31", "2022-12", "2022年12月"),
        (K.MONTHLY, "2024-02-29", "2024-02-01", "2024-02-29", "2024-02", "2024年2月"),
        (K.BIMONTHLY, "2022-08-31", "2022-07-01", "2022-08-31", "2022B4", "2022年7—8月"),
        (K.BIMONTHLY, "2023-01-05", "2023-01-01", "2023-02-28", "2023B1", "2023年1—2月"),
        (K.QUARTERLY, "2022-09-30", "2022-07-01", "2022-09-30", "2022Q3", "2022年第三季度"),
        (K.QUARTERLY, "2022-10-01", "2022-10-01", "2022-12-31", "2022Q4", "2022年第四季度"),
        (K.CONTINUOUS, "2022-08-16", "2022-07-01", "2022-09-30", "2022Q3", "2022年第三季度"),
        (K.IRREGULAR, "2022-08-16", "2022-07-01", "2022-09-30", "2022Q3", "2022年第三季度"),
        (K.HALF_YEARLY, "2022-06-30", "2022-01-01", "2022-06-30", "2022H1", "2022年上半年"),
        (K.HALF_YEARLY, "2022-07-01", "2022-07-01", "2022-12-31", "2022H2", "2022年下半年"),
        (K.YEARLY, "2022-08-16", "2022-01-01", "2022-12-31", "2022", "2022年度"),
    ],
)
def test_a_day_lies_in_a_window_with_a_code_and_words(
    kind: CadenceKind, day: str, starts_on: str, ends_on: str, code: str, words: str
) -> None:
    span = first(kind, date.fromisoformat(day))
    assert span == Span(date.fromisoformat(starts_on), date.fromisoformat(ends_on))
    assert label(kind, span.starts_on) == code
    assert period_label(code) == words


@given(kind=st.sampled_from(BY_CALENDAR), day=st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_windows_hold_their_first_day_and_follow_one_another_without_a_gap(kind: CadenceKind, day: date) -> None:
    found = list(islice(spans_from(kind, day), 40))
    assert found[0].starts_on <= day <= found[0].ends_on
    for earlier, later in pairwise(found):
        assert later.starts_on == earlier.ends_on + timedelta(days=1)
    codes = [label(kind, span.starts_on) for span in found]
    assert len({period_label(code) for code in codes}) == len(set(codes)) == len(found)


@pytest.mark.parametrize("kind", sorted(EVENT_BOUND))
def test_what_an_event_starts_opens_no_form_by_the_calendar(kind: CadenceKind) -> None:
    assert list(spans_from(kind, date(2022, 8, 16))) == []
    assert RHYTHMS[kind].series is None
    assert RHYTHMS[kind].event_bound


@pytest.mark.parametrize("kind", [K.ONCE, K.MIDTERM_AND_FINAL])
def test_a_single_act_and_evaluations_have_no_windows_without_a_document(kind: CadenceKind) -> None:
    assert list(spans_from(kind, date(2022, 8, 16))) == []
    assert RHYTHMS[kind].series is kind


def test_only_lasting_and_irregular_work_is_narrative_and_never_red() -> None:
    assert {kind for kind in CadenceKind if not RHYTHMS[kind].act} == {K.IRREGULAR, K.CONTINUOUS}
    assert {kind for kind in CadenceKind if RHYTHMS[kind].soft} == {K.IRREGULAR, K.CONTINUOUS}
    assert {RHYTHMS[kind].series for kind in (K.IRREGULAR, K.CONTINUOUS)} == {K.QUARTERLY}


def test_the_half_rule_applies_from_the_week_up_to_the_quarter() -> None:
    assert {kind for kind in CadenceKind if RHYTHMS[kind].half_rule} == {
        K.WEEKLY,
        K.EVERY_10_DAYS,
        K.MONTHLY,
        K.BIMONTHLY,
        K.QUARTERLY,
        K.IRREGULAR,
        K.CONTINUOUS,
    }


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("D2022-12-31", "一次性，2022年12月31日（含）前"),
        ("D2024-02-29", "一次性，2024年2月29日（含）前"),
        ("2023midterm", "2023年中期评估"),
        ("2024midterm", "2024年中期评估"),
        ("2025final", "2025年终期评估"),
        ("once", "一次性"),
        ("E2022-10-30T20:30", "2022年10月30日20时30分事件"),
        ("E2024-02-29T08:05", "2024年2月29日8时05分事件"),
        ("T12", "第12号触发事件"),
    ],
)
def test_codes_that_no_calendar_makes_are_worded_too(code: str, words: str) -> None:
    assert period_label(code) == words


@pytest.mark.parametrize(
    "code", ["2022Q5", "2022-13", "2022-00", "2022-09T4", "D2022-02-30", "2022B7", "Dday", "T", "E2022-02-30T08:00"]
)
def test_a_code_that_no_rhythm_makes_is_refused(code: str) -> None:
    with pytest.raises(ValueError):
        period_label(code)


def test_no_two_codes_share_their_words() -> None:
    day = date(2024, 2, 29)
    codes = {label(kind, first(kind, day).starts_on) for kind in BY_CALENDAR}
    codes |= {"D2024-02-29", "2024midterm", "2024final", "once", "T2024", "T2", "E2024-02-29T00:00"}
    assert len({period_label(code) for code in codes}) == len(codes)
