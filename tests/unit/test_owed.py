"""What is owed, since when, and where a form stands: one predicate and one partition."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.calendar import at_local, end_of_day
from tracker.domain.items import CadenceKind
from tracker.domain.owed import (
    PAPER_ORDER,
    ROW_ENDED,
    OwedKind,
    Paper,
    PeriodView,
    RowState,
    RowView,
    SeriesView,
    current,
    is_overdue,
    is_owed,
    overdue_from,
    owed,
    paper_class,
    row_paper,
    standing_paper,
    takes_reports,
    unreported,
)

S = RowState
DUE = end_of_day(date(2022, 10, 10))
OPENS = at_local(date(2022, 9, 14), 0, 0)
SECOND = timedelta(seconds=1)


def row(state: RowState = S.OPEN, *, due_at: datetime = DUE, **facts: object) -> RowView:
    return replace(RowView(row_id=1, task_id=1, state=state, due_at=due_at), **facts)  # type: ignore[arg-type]  # any facts of a row


def period(*rows: RowView, opens_at: datetime = OPENS, due_at: datetime = DUE, code: str = "2022Q3") -> PeriodView:
    return PeriodView(period_id=1, code=code, opens_at=opens_at, due_at=due_at, rows=rows)


def series(*periods: PeriodView, kind: CadenceKind = CadenceKind.QUARTERLY) -> SeriesView:
    return SeriesView(series_id=1, unit_id=1, document_id=1, kind=kind, periods=periods)


def week(last: date, *rows: RowView) -> PeriodView:
    due_at = end_of_day(last + timedelta(days=3))
    moved = tuple(replace(one, due_at=due_at) for one in rows)
    return period(*moved, opens_at=at_local(last, 0, 0), due_at=due_at, code=last.isoformat())


@pytest.mark.parametrize(
    ("now", "kind", "since"),
    [
        (OPENS - SECOND, None, None),
        (OPENS, OwedKind.DUE, None),
        (datetime(2022, 10, 10, 15, 59, 59, tzinfo=UTC), OwedKind.DUE, None),
        (datetime(2022, 10, 10, 16, 0, tzinfo=UTC), OwedKind.UNREPORTED, DUE),
        (at_local(date(2022, 10, 11), 9, 0), OwedKind.UNREPORTED, DUE),
    ],
)
def test_a_form_is_due_from_its_opening_and_overdue_from_the_midnight_after_its_due_day(
    now: datetime, kind: OwedKind | None, since: datetime | None
) -> None:
    view = series(period(row()))
    found = owed(view, now=now)
    assert (found and found.kind, found and found.since) == (kind, since)
    assert is_overdue(view, now=now) is (since is not None)


@pytest.mark.parametrize(
    ("one", "moment"),
    [
        (row(), DUE),
        (row(required=False), None),
        (row(live=False), None),
        (row(pending=True), None),
        (row(S.FILED), None),
        (row(S.ACCEPTED), None),
        (row(S.WAIVED), None),
        (row(S.MISSED), None),
        (row(S.STANDS), None),
        (row(S.RETURNED, correction_due_at=DUE + SECOND), DUE + SECOND),
        (row(S.RETURNED, correction_due_at=DUE + SECOND, required=False), DUE + SECOND),
        (row(S.RETURNED, correction_due_at=DUE + SECOND, pending=True), None),
        (row(S.RETURNED, correction_due_at=DUE + SECOND, live=False), None),
    ],
)
def test_only_a_live_row_outside_the_offices_court_turns_overdue(one: RowView, moment: datetime | None) -> None:
    view = series(period(one))
    assert overdue_from(view) == moment
    assert is_overdue(view, now=DUE + timedelta(days=300)) is (moment is not None)


def test_an_extension_asked_in_time_holds_nothing_against_the_unit_until_it_is_granted() -> None:
    ten_days_later = DUE + timedelta(days=10)
    following = period(row(due_at=end_of_day(date(2023, 1, 5))), opens_at=at_local(date(2022, 12, 14), 0, 0))
    waiting = series(period(row(pending=True)), following)
    assert owed(waiting, now=ten_days_later) is None
    granted = series(period(row(due_at=ten_days_later + timedelta(days=5))), following)
    found = owed(granted, now=ten_days_later)
    assert found is not None
    assert (found.kind, found.due_at) == (OwedKind.DUE, ten_days_later + timedelta(days=5))
    assert granted.periods[1].rows[0].due_at == end_of_day(date(2023, 1, 5))


def test_the_form_is_due_when_its_earliest_unreported_row_is() -> None:
    extended = row(due_at=DUE + timedelta(days=30))
    assert period(row(S.ACCEPTED), extended, row(due_at=DUE + timedelta(days=2))).moment == DUE + timedelta(days=2)


def test_under_review_with_the_next_form_due_in_two_days_is_due_and_not_overdue() -> None:
    under_review = period(row(S.FILED))
    next_due = end_of_day(date(2023, 1, 5))
    following = period(row(due_at=next_due), opens_at=at_local(date(2022, 12, 14), 0, 0), code="2022Q4")
    now = at_local(date(2023, 1, 3), 9, 0)
    found = owed(series(under_review, following), now=now)
    assert found is not None
    assert (found.period.code, found.kind, found.since, found.run) == ("2022Q4", OwedKind.DUE, None, 0)
    assert not is_overdue(series(under_review, following), now=now)


def test_three_missed_weeks_of_an_act_stay_owed_since_the_oldest_though_the_newest_is_filed() -> None:
    act = row(act=True)
    view = series(
        week(date(2022, 8, 21), act),
        week(date(2022, 8, 28), act),
        week(date(2022, 9, 4), act),
        week(date(2022, 9, 11), replace(act, state=S.FILED)),
        kind=CadenceKind.WEEKLY,
    )
    found = owed(view, now=at_local(date(2022, 9, 15), 9, 0))
    assert found is not None
    assert (found.period.code, found.since, found.run) == ("2022-08-21", end_of_day(date(2022, 8, 24)), 3)


def test_an_account_that_closed_the_gap_leaves_nothing_owed() -> None:
    view = series(week(date(2022, 8, 21), row(S.MISSED)), week(date(2022, 8, 28), row(S.FILED)))
    now = at_local(date(2022, 9, 15), 9, 0)
    assert owed(view, now=now) is None
    assert unreported(view, now=now) == []
    counted = current(view.periods, now=now)
    assert counted is not None
    assert counted.code == "2022-08-28"


def test_a_correction_is_counted_from_its_own_moment() -> None:
    moment = end_of_day(date(2022, 10, 18))
    view = series(period(row(S.ACCEPTED), row(S.RETURNED, correction_due_at=moment)))
    before, after = (owed(view, now=now) for now in (moment - SECOND, moment))
    assert before is not None
    assert after is not None
    assert (before.kind, before.due_at, before.since) == (OwedKind.CORRECTION, moment, None)
    assert (after.kind, after.since, after.run) == (OwedKind.CORRECTION, moment, 0)


def test_a_correction_of_an_early_completion_is_named_before_the_form_is_open() -> None:
    early = at_local(date(2022, 8, 25), 9, 0)
    moment = end_of_day(date(2022, 8, 30))
    view = series(period(row(), row(S.RETURNED, final=True, correction_due_at=moment)))
    found = owed(view, now=early)
    assert found is not None
    assert (found.kind, found.due_at) == (OwedKind.CORRECTION, moment)


def test_of_two_open_forms_the_one_that_turns_overdue_first_is_named() -> None:
    extended = period(row(due_at=DUE + timedelta(days=120)))
    following = period(row(due_at=DUE + timedelta(days=80)), code="2022Q4")
    found = owed(series(extended, following), now=DUE + timedelta(days=75))
    assert found is not None
    assert found.period.code == "2022Q4"


CORRECT_BY = DUE + timedelta(days=40)
LATER = DUE + timedelta(days=31)


def asked(view: SeriesView, now: datetime) -> list[tuple[str, OwedKind, datetime, bool]]:
    """Return all that a series is asked for: the period, how, by when, and whether that is past."""
    found = owed(view, now=now)
    told = (found, *found.beside) if found is not None else ()
    return [(one.period.code, one.kind, one.due_at, one.since is not None) for one in told]


def test_overdue_rows_of_a_later_period_are_told_where_another_of_it_has_a_later_moment() -> None:
    """One row more time is no more time for the ten beside it."""
    september = period(row(row_id=1), code="september")
    late = [row(row_id=n, due_at=LATER) for n in range(2, 12)]
    october = period(*late, row(row_id=12, due_at=CORRECT_BY), code="october")
    found = owed(series(september, october), now=LATER)
    assert found is not None
    assert [(one.period.code, one.kind, len(one.row_ids), one.run, one.part) for one in (found, *found.beside)] == [
        ("september", OwedKind.UNREPORTED, 1, 2, False),
        ("october", OwedKind.UNREPORTED, 10, 1, True),
        ("october", OwedKind.DUE, 1, 0, True),
    ]
    assert [len(one.beside) for one in (owed(series(september, period(*late)), now=LATER),) if one] == [0]


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (LATER - SECOND, [("later", OwedKind.DUE, LATER, False), ("earlier", OwedKind.CORRECTION, CORRECT_BY, False)]),
        (LATER, [("later", OwedKind.UNREPORTED, LATER, True), ("earlier", OwedKind.CORRECTION, CORRECT_BY, False)]),
        (CORRECT_BY, [("later", OwedKind.UNREPORTED, LATER, True), ("earlier", OwedKind.CORRECTION, CORRECT_BY, True)]),
    ],
)
def test_a_correction_stands_beside_another_period_before_and_after_its_end(
    now: datetime, told: list[tuple[str, OwedKind, datetime, bool]]
) -> None:
    earlier = period(row(S.RETURNED, correction_due_at=CORRECT_BY), code="earlier")
    later = period(row(due_at=LATER), opens_at=OPENS + timedelta(days=31), code="later")
    assert asked(series(earlier, later), now) == told


def test_what_is_unreported_stands_beside_a_correction_that_ran_out_before_it_and_tells_its_periods() -> None:
    first = period(row(S.RETURNED, correction_due_at=DUE), code="first")
    missed = [period(row(due_at=DUE + timedelta(days=n), act=True), code=f"missed {n}") for n in (1, 2)]
    due = period(row(due_at=LATER), code="due")
    now = DUE + timedelta(days=3)
    view = series(first, *missed, due)
    assert asked(view, now) == [
        ("first", OwedKind.CORRECTION, DUE, True),
        ("missed 1", OwedKind.UNREPORTED, DUE + timedelta(days=1), True),
        ("due", OwedKind.DUE, LATER, False),
    ]
    found = owed(view, now=now)
    assert found is not None
    assert [one.run for one in found.beside] == [2, 0]


def test_rows_of_one_form_with_moments_of_their_own_stand_beside_the_one_that_is_overdue() -> None:
    overdue, extended = row(row_id=1), row(row_id=2, due_at=LATER)
    form = period(overdue, extended, row(S.RETURNED, row_id=3, correction_due_at=CORRECT_BY))
    found = owed(series(form), now=DUE)
    assert found is not None
    assert [(one.kind, set(one.row_ids)) for one in (found, *found.beside)] == [
        (OwedKind.UNREPORTED, {1}),
        (OwedKind.DUE, {2}),
        (OwedKind.CORRECTION, {3}),
    ]


@pytest.mark.parametrize("one", [row(S.RETURNED, correction_due_at=CORRECT_BY, pending=True), row(S.FILED)])
def test_what_lies_with_the_office_stands_beside_nothing(one: RowView) -> None:
    assert asked(series(period(one), period(row(), code="later")), DUE) == [("later", OwedKind.UNREPORTED, DUE, True)]


@pytest.mark.parametrize(
    ("one", "now", "taken"),
    [
        (row(), OPENS - SECOND, False),
        (row(), OPENS, True),
        (row(final=True), OPENS - timedelta(days=20), True),
        (row(S.RETURNED), OPENS - timedelta(days=20), True),
    ],
)
def test_reports_are_taken_from_the_opening_on_and_completions_at_any_time(
    one: RowView, now: datetime, taken: bool
) -> None:
    assert takes_reports(period(one), one, now=now) is taken


def test_nobody_asks_for_a_completion_that_may_come_early() -> None:
    assert not is_owed(series(period(row(final=True))), now=OPENS - SECOND)


@pytest.mark.parametrize(
    ("one", "now", "paper"),
    [
        (row(S.RETURNED, correction_due_at=DUE), DUE, Paper.CORRECTION_OVERDUE),
        (row(S.RETURNED, correction_due_at=DUE), DUE - SECOND, Paper.CORRECTION),
        (row(S.RETURNED, correction_due_at=DUE, pending=True), DUE, Paper.PENDING),
        (row(), DUE - SECOND, Paper.NOT_DUE),
        (row(), DUE, Paper.UNREPORTED),
        (row(pending=True), DUE, Paper.PENDING),
        (row(pending=True, held=True), DUE, Paper.HELD),
        (row(pending=True, held=True, required=False), DUE, Paper.WAIVED),
        (row(S.FILED, pending=True, held=True), DUE, Paper.UNDER_REVIEW),
        (row(S.RETURNED, correction_due_at=DUE, pending=True, held=True), DUE, Paper.CORRECTION),
        (row(S.ACCEPTED, late=True, required=False), DUE, Paper.ON_TIME),
        (row(S.STANDS, late=True, required=False), DUE, Paper.ON_TIME),
        (row(required=False), DUE, Paper.WAIVED),
        (row(live=False), DUE, Paper.WAIVED),
        (row(S.FILED), DUE, Paper.UNDER_REVIEW),
        (row(S.FILED, pending=True), DUE, Paper.PENDING),
        (row(S.FILED, required=False), DUE, Paper.UNDER_REVIEW),
        (row(S.ACCEPTED, late=False), DUE, Paper.ON_TIME),
        (row(S.ACCEPTED, late=True), DUE, Paper.LATE),
        (row(S.ACCEPTED, late=None), DUE, Paper.ON_TIME),
        (row(S.STANDS, late=True), DUE, Paper.LATE),
        (row(S.STANDS, late=False), DUE, Paper.ON_TIME),
        (row(S.WAIVED), DUE, Paper.WAIVED),
        (row(S.MISSED), DUE, Paper.UNREPORTED),
        (row(S.MISSED, live=False), DUE, Paper.UNREPORTED),
    ],
)
def test_the_paper_class_of_a_row(one: RowView, now: datetime, paper: Paper) -> None:
    assert row_paper(one, now=now) is paper
    assert paper_class(period(one), now=now) is paper


def test_the_countys_form_of_three_rows_and_its_ticks_goes_through_return_extension_and_expiry() -> None:
    ticks = tuple(row(required=False, task_id=None) for _ in range(26))
    accepted = row(S.ACCEPTED, late=False)
    corrected_by = end_of_day(date(2022, 10, 20))
    returned = row(S.RETURNED, correction_due_at=corrected_by, late=False)
    extended = row(due_at=end_of_day(date(2022, 11, 10)))
    form = period(accepted, returned, extended, *ticks)
    assert form.moment == corrected_by
    assert paper_class(form, now=at_local(date(2022, 10, 15), 9, 0)) is Paper.CORRECTION
    assert paper_class(form, now=corrected_by) is Paper.CORRECTION_OVERDUE
    lapsed = period(
        accepted,
        replace(returned, state=S.STANDS, live=False),
        replace(extended, state=S.WAIVED, live=False),
        *(replace(tick, state=S.WAIVED, live=False) for tick in ticks),
    )
    assert paper_class(lapsed, now=corrected_by) is Paper.ON_TIME
    assert owed(series(lapsed), now=corrected_by + timedelta(days=90)) is None


def test_a_form_without_rows_is_waived_and_owed_by_nobody() -> None:
    assert paper_class(period(), now=DUE) is Paper.WAIVED
    assert owed(series(period()), now=DUE) is None
    assert owed(series(), now=DUE) is None
    assert current((), now=DUE) is None


def test_one_late_row_makes_the_form_late() -> None:
    assert paper_class(period(row(S.ACCEPTED, late=False), row(S.ACCEPTED, late=True)), now=DUE) is Paper.LATE


@pytest.mark.parametrize(
    ("states", "code"),
    [
        (((S.ACCEPTED, 0), (S.OPEN, 1), (S.OPEN, 2)), "1"),  # the one whose reports are taken
        (((S.OPEN, 0), (S.OPEN, 1), (S.OPEN, 2)), "0"),  # the one overdue
        (((S.FILED, 0), (S.OPEN, 1), (S.OPEN, 2)), "0"),  # the one with the office
        (((S.FILED, 0), (S.FILED, 1), (S.OPEN, 2)), "0"),  # the office takes the earliest first
        (((S.MISSED, 0), (S.ACCEPTED, 1), (S.OPEN, 2)), "1"),  # what ended unreported is history
    ],
)
def test_each_series_counts_by_one_period_at_a_moment(states: tuple[tuple[RowState, int], ...], code: str) -> None:
    now = DUE + timedelta(days=90)
    periods = tuple(
        period(
            row(state, due_at=DUE + timedelta(days=91 * n)),
            opens_at=OPENS + timedelta(days=91 * n),
            code=str(n),
        )
        for state, n in states
    )
    counted = current(periods, now=now)
    assert counted is not None
    assert counted.code == code


def test_a_form_that_a_review_holds_counts_before_a_later_one_that_is_open() -> None:
    quarter = timedelta(days=91)
    held = period(row(pending=True, held=True), code="held")
    later = period(row(due_at=DUE + quarter), opens_at=OPENS + quarter, code="later")
    assert standing_paper((held, later), now=OPENS + quarter) == (held, Paper.HELD)


MOMENTS = st.integers(-60, 60).map(lambda days: DUE + timedelta(days=days))
ROWS = st.builds(
    RowView,
    row_id=st.integers(1, 9),
    task_id=st.just(1),
    state=st.sampled_from(RowState),
    due_at=MOMENTS,
    required=st.booleans(),
    act=st.booleans(),
    final=st.booleans(),
    correction_due_at=MOMENTS,
    late=st.none() | st.booleans(),
    pending=st.booleans(),
    live=st.booleans(),
).flatmap(lambda one: st.booleans().map(lambda held: replace(one, held=held and one.pending)))
PERIODS = st.builds(
    PeriodView,
    period_id=st.integers(1, 9),
    code=st.just("2022Q3"),
    opens_at=MOMENTS,
    due_at=MOMENTS,
    rows=st.lists(ROWS, max_size=5).map(tuple),
)
VIEWS = st.lists(PERIODS, max_size=5).map(lambda periods: series(*periods))


def brute_force(view: SeriesView) -> list[datetime]:
    """Return every moment from which the series is overdue, written out from the words of the rule."""
    moments = []
    for one in (one for form in view.periods for one in form.rows):
        with_the_unit = one.live and not one.pending
        if with_the_unit and one.state is S.OPEN and one.required:
            moments.append(one.due_at)
        if with_the_unit and one.state is S.RETURNED and one.correction_due_at is not None:
            moments.append(one.correction_due_at)
    return moments


@given(view=VIEWS, now=MOMENTS)
def test_overdue_from_is_the_earliest_moment_of_all_rows(view: SeriesView, now: datetime) -> None:
    moments = brute_force(view)
    assert overdue_from(view) == (min(moments) if moments else None)
    assert is_overdue(view, now=now) is any(moment <= now for moment in moments)


@given(view=VIEWS, now=MOMENTS)
def test_what_is_owed_agrees_with_what_is_overdue(view: SeriesView, now: datetime) -> None:
    found = owed(view, now=now)
    assert is_owed(view, now=now) is (found is not None)
    assert (found is not None and found.since is not None) is is_overdue(view, now=now)
    if found is None:
        return
    assert found.period in view.periods
    assert found.due_at in brute_force(view)
    if found.since is not None:
        assert found.since == found.due_at == overdue_from(view)
        assert found.kind in (OwedKind.UNREPORTED, OwedKind.CORRECTION)
        assert found.kind is OwedKind.CORRECTION or found.run >= 1
    else:
        assert found.due_at > now
        assert found.run == 0


@given(view=VIEWS, now=MOMENTS)
def test_nothing_that_is_asked_for_is_hidden_behind_what_is_overdue(view: SeriesView, now: datetime) -> None:
    found = owed(view, now=now)
    told = (found, *found.beside) if found is not None else ()
    for form in view.periods:
        for one in form.rows:
            if one.moment is None or not (one.state is S.RETURNED or min(form.opens_at, one.moment) <= now):
                continue
            past, returned = one.moment <= now, one.state is S.RETURNED
            alike = [
                line for line in told if (line.kind is OwedKind.CORRECTION, line.since is not None) == (returned, past)
            ]
            # Unreported periods are one line by the oldest of them; everything else is told by its own form.
            assert any(line.due_at <= one.moment for line in alike if (past and not returned) or line.period is form)
    assert sum(line.kind is OwedKind.UNREPORTED and not line.part for line in told) <= 1
    for form in view.periods:
        of_form = [line for line in told if line.period is form]
        assert [line.part for line in of_form] == [len(of_form) > 1] * len(of_form)
    assert [line.due_at for line in told] == sorted(line.due_at for line in told)


@given(form=PERIODS, now=MOMENTS)
def test_every_form_has_exactly_one_paper_class_and_it_is_the_first_of_its_rows(
    form: PeriodView, now: datetime
) -> None:
    paper = paper_class(form, now=now)
    papers = [row_paper(one, now=now) for one in form.rows] or [Paper.WAIVED]
    assert paper in papers
    assert all(PAPER_ORDER.index(paper) <= PAPER_ORDER.index(other) for other in papers)


@given(one=ROWS, now=MOMENTS)
def test_a_row_is_of_an_overdue_class_exactly_when_it_is_overdue_or_was_missed(one: RowView, now: datetime) -> None:
    overdue = one.moment is not None and one.moment <= now
    blamed = row_paper(one, now=now) in (Paper.UNREPORTED, Paper.CORRECTION_OVERDUE)
    assert blamed is (overdue or one.state is S.MISSED)
    assert not (one.state in ROW_ENDED and overdue)


@given(view=VIEWS, now=MOMENTS)
def test_a_series_is_counted_as_unreported_exactly_where_it_is_overdue(view: SeriesView, now: datetime) -> None:
    counted = standing_paper(view.periods, now=now)
    assert (counted is None) is (not view.periods)
    pressing = counted is not None and counted[1] in (Paper.CORRECTION_OVERDUE, Paper.UNREPORTED)
    assert pressing is is_overdue(view, now=now)


def test_the_order_of_paper_classes_is_the_offices() -> None:
    assert [paper.value for paper in PAPER_ORDER] == [
        "correction_overdue",
        "unreported",
        "pending",
        "correction",
        "under_review",
        "held",
        "not_due",
        "late",
        "on_time",
        "waived",
    ]
