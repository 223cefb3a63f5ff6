"""A unit asked for more time, and something else happened before the office decided: every order ends by one rule."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tracker.domain.calendar import end_of_day
from tracker.domain.filings import NotAnExtension, RequestAlreadyDecided, RequestState, ReturnReason
from tracker.domain.outages import Outage
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.series import series_views
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.series import FormRow, SeriesRow
from tracker.usecases.moving_due import move_due
from tracker.usecases.recording_outages import record_outage
from tracker.usecases.requesting import (
    RequestExtension,
    dispute_share,
    grant_extension,
    refuse_request,
    request_extension,
)
from tracker.usecases.returning import return_report
from tracker.usecases.sharing import change_deadline

UNTIL = date(2022, 11, 30)
GRACE_ENDS = end_of_day(date(2022, 10, 24))  # two working days after Thursday the 20th
DECIDED = at(10, 20)


@pytest.fixture
def city(database: Database) -> OwedCity:
    """The lead's first form is due on 10 October, the next one on 3 November."""
    city = open_owed_city(database)
    city.grow(at(10, 2))
    return city


def _ask(city: OwedCity, period: str = "2022-09", *, until: date = UNTIL) -> int:
    command = RequestExtension(city.rows("swj")[period].id or 0, until, "等统计口径")
    with city.database.transaction() as session:
        return request_extension(session, command, actor=city.liaison("swj"), at=at(10, 8))


def _refuse(city: OwedCity, request_id: int) -> None:
    with city.database.transaction() as session:
        refuse_request(session, request_id=request_id, reason="理由不充分", actor=OFFICE, at=DECIDED, by=BY)


def _end_on(city: OwedCity, day: date) -> None:
    with city.database.transaction() as session:
        change_deadline(
            session, task_id=city.task_id(), new_on=day, reason="提前完成", actor=OFFICE, at=at(10, 9), by=BY
        )


def _give_back(city: OwedCity, report_id: int) -> None:
    with city.database.transaction() as session:
        return_report(
            session,
            report_id=report_id,
            reason="缺少数据",
            reason_class=ReturnReason.NO_EVIDENCE,
            actor=OFFICE,
            at=at(10, 19),
            by=BY,
        )


def _assert_told_alike(city: OwedCity) -> None:
    assert_reckoned(city.database)
    with city.database.reading() as session:
        ids = [id_ for id_ in session.scalars(select(col(SeriesRow.id))) if id_ is not None]
        rows = {
            row.row_id: row for view in series_views(session, ids) for period in view.periods for row in period.rows
        }
        told = [view for view in fold(session, cut(session, as_of=DECIDED)).views() if view.series_id in ids]
    for row in (row for view in told for period in view.periods for row in period.rows if row.row_id in rows):
        assert (row.moment, row.late) == (rows[row.row_id].moment, rows[row.row_id].late)


@pytest.mark.parametrize("deadline_on", [None, date(2022, 10, 10), date(2022, 10, 31), date(2022, 12, 31)])
def test_a_refusal_gives_two_working_days_wherever_the_deadline_went_meanwhile(
    city: OwedCity, deadline_on: date | None
) -> None:
    request_id = _ask(city)
    if deadline_on is not None:
        _end_on(city, deadline_on)
    _refuse(city, request_id)
    assert city.rows("swj")["2022-09"].due_at == GRACE_ENDS
    _assert_told_alike(city)


def test_a_row_after_an_earlier_deadline_ends_with_what_was_asked_for_it(city: OwedCity) -> None:
    request_id = _ask(city, "2022-11", until=date(2022, 12, 20))
    _end_on(city, date(2022, 10, 31))
    row = city.rows("swj")["2022-11"]
    assert (row.state, row.pending_at) == ("waived", None)
    with city.database.reading() as session:
        assert session.get_one(RequestRow, request_id).state == RequestState.MOOT.value
    with pytest.raises(RequestAlreadyDecided):
        _refuse(city, request_id)
    _assert_told_alike(city)


def test_what_was_filed_and_returned_before_a_refusal_is_not_late(city: OwedCity) -> None:
    request_id = _ask(city)
    _give_back(city, city.file("swj", "2022-09", when=at(10, 18)))
    _refuse(city, request_id)
    row = city.rows("swj")["2022-09"]
    assert (row.state, row.late, row.correction_due_at) == ("returned", False, GRACE_ENDS)
    _assert_told_alike(city)


def test_what_was_filed_and_returned_before_a_grant_is_measured_by_the_new_moment(city: OwedCity) -> None:
    request_id = _ask(city)
    _give_back(city, city.file("swj", "2022-09", when=at(10, 18)))
    with city.database.transaction() as session:
        grant_extension(session, request_id=request_id, actor=OFFICE, at=DECIDED, by=BY)
    row = city.rows("swj")["2022-09"]
    assert (row.late, row.due_at, row.correction_due_at) == (False, end_of_day(UNTIL), end_of_day(UNTIL))
    _assert_told_alike(city)


def test_more_time_that_ends_before_the_present_moment_is_no_extension(city: OwedCity) -> None:
    request_id = _ask(city, "2022-10", until=date(2022, 11, 10))
    _end_on(city, date(2022, 10, 31))
    moment = city.rows("swj")["2022-10"].due_at
    assert moment is None or moment > end_of_day(date(2022, 10, 31))
    with pytest.raises(NotAnExtension), city.database.transaction() as session:
        grant_extension(session, request_id=request_id, actor=OFFICE, at=DECIDED, by=BY, new_due_on=date(2022, 11, 3))


@pytest.mark.parametrize(
    ("outage", "decided_at", "due_on"),
    [
        pytest.param(None, at(10, 9), date(2022, 10, 14), id="the office had moved it: it stays"),
        pytest.param(
            Outage(at(10, 10), at(10, 11)), at(10, 11), date(2022, 10, 13), id="an outage had: with the grace"
        ),
    ],
)
def test_a_day_that_another_act_overtook_is_granted_all_the_same_and_shortens_nothing(
    city: OwedCity, outage: Outage | None, decided_at: datetime, due_on: date
) -> None:
    request_id, row_id = _ask(city, until=date(2022, 10, 11)), city.rows("swj")["2022-09"].id or 0
    with city.database.transaction() as session:
        if outage:
            record_outage(session, outage, reason="机房断电", actor=OFFICE, at=decided_at, by=BY)
        else:
            move_due(session, row_id=row_id, new_due_on=due_on, reason="口径有变", actor=OFFICE, at=decided_at)
    with city.database.transaction() as session:
        grant_extension(session, request_id=request_id, actor=OFFICE, at=decided_at, by=BY)
    with city.database.reading() as session:
        row, request = session.get_one(FormRow, row_id), session.get_one(RequestRow, request_id)
    assert (row.due_at, row.pending_at) == (end_of_day(due_on), None)
    assert (request.state, request.new_due_at) == (RequestState.GRANTED.value, end_of_day(due_on))
    _assert_told_alike(city)


@pytest.mark.parametrize("filed", [False, True])
def test_a_grant_that_comes_after_the_day_it_grants_gives_the_grace_of_a_refusal(city: OwedCity, filed: bool) -> None:
    request_id = _ask(city, until=date(2022, 10, 14))
    if filed:
        city.file("swj", "2022-09", when=at(10, 18))
    with city.database.transaction() as session:
        grant_extension(session, request_id=request_id, actor=OFFICE, at=DECIDED, by=BY)
    row = city.rows("swj")["2022-09"]
    assert (row.due_at, row.late) == (GRACE_ENDS, False if filed else None)
    with city.database.reading() as session:
        assert session.get_one(RequestRow, request_id).new_due_at == GRACE_ENDS
    _assert_told_alike(city)


def test_a_grant_never_shortens_a_correction_that_runs_longer(city: OwedCity) -> None:
    request_id = _ask(city, until=date(2022, 10, 14))
    _give_back(city, city.file("swj", "2022-09", when=at(10, 18)))
    runs_until = city.rows("swj")["2022-09"].correction_due_at
    with city.database.transaction() as session:
        grant_extension(session, request_id=request_id, actor=OFFICE, at=at(10, 19, hour=16), by=BY)
    row = city.rows("swj")["2022-09"]
    assert (row.correction_due_at, row.late) == (runs_until, False)
    assert row.due_at is not None
    assert runs_until is not None
    assert row.due_at < runs_until
    _assert_told_alike(city)


def test_a_dispute_neither_takes_nor_gives_back_a_row_that_waits_for_its_own_extension(database: Database) -> None:
    city = open_owed_city(database)
    asked, disputed, upheld = at(8, 25, hour=10), at(8, 26), at(8, 29)
    share_id, liaison = city.share("swj").id or 0, city.liaison("swj")
    with database.transaction() as session:
        command = RequestExtension(city.rows("swj")["2022-09"].id or 0, UNTIL, "等统计口径")
        extension = request_extension(session, command, actor=liaison, at=asked)
    with database.transaction() as session:
        dispute = dispute_share(
            session, assignment_id=share_id, reason="非我单位职责", actor=liaison, at=disputed, by=BY
        )
    waiting = {period: row.pending_at for period, row in city.rows("swj").items()}
    assert waiting == {"2022-09": asked}
    with database.transaction() as session:
        refuse_request(session, request_id=dispute, reason="职责明确", actor=OFFICE, at=upheld, by=BY)
    waiting = {period: row.pending_at for period, row in city.rows("swj").items()}
    assert waiting == {"2022-09": asked}
    with database.reading() as session:
        assert session.get_one(RequestRow, extension).state == RequestState.PENDING.value
    _assert_told_alike(city)


def test_an_extension_of_a_correction_leaves_the_moment_of_the_first_filing(city: OwedCity) -> None:
    _give_back(city, city.file("swj", "2022-09", when=at(10, 9)))
    until = date(2022, 11, 15)
    with city.database.transaction() as session:
        command = RequestExtension(city.rows("swj")["2022-09"].id or 0, until, "等统计口径")
        request_id = request_extension(session, command, actor=city.liaison("swj"), at=at(10, 19, hour=16))
    with city.database.transaction() as session:
        grant_extension(session, request_id=request_id, actor=OFFICE, at=DECIDED, by=BY)
    row = city.rows("swj")["2022-09"]
    assert (row.due_at, row.late, row.correction_due_at) == (None, False, end_of_day(until))
    _assert_told_alike(city)
