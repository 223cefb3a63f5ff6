"""What counts working days from an act follows a calendar that is published meanwhile; granted days stay."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.calendar import end_of_day
from tracker.domain.filings import ReturnReason
from tracker.domain.holidays import DaysOff, HolidayNotice
from tracker.domain.plan_ends import PlanEnd
from tracker.domain.windows import CLOSING
from tracker.steps.lapsing import lapse_expired
from tracker.store.database import Database
from tracker.store.tables.events import EventRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.usecases.moving_due import move_due
from tracker.usecases.plan_ends import correct_plan_end
from tracker.usecases.publishing_calendar import publish_notices
from tracker.usecases.requesting import RequestExtension, grant_extension, refuse_request, request_extension
from tracker.usecases.returning import return_report

KNOWN = BY.calendar.notices[2022]
# Wednesday 12 and Thursday 13 October are off besides.
MORE_OFF = replace(
    KNOWN, source="放假补充通知", holidays=(*KNOWN.holidays, DaysOff(date(2022, 10, 12), date(2022, 10, 13), "休假"))
)
TODAY, TOMORROW = at(10, 10), at(10, 11)


def _publish(city: OwedCity, notice: HolidayNotice = MORE_OFF, *, when: datetime = TOMORROW) -> None:
    with city.database.transaction() as session:
        publish_notices(session, [notice], actor=OFFICE, at=when, by=BY, replace=True)


def _return(city: OwedCity) -> None:
    report_id = city.file("swj", "2022-09", when=at(9, 28))
    with city.database.transaction() as session:
        return_report(
            session,
            report_id=report_id,
            reason="缺少数据",
            reason_class=ReturnReason.NO_EVIDENCE,
            actor=OFFICE,
            at=TODAY,
            by=BY,
        )


def _ask(city: OwedCity) -> int:
    command = RequestExtension(city.rows("swj")["2022-09"].id or 0, date(2022, 10, 20), "等统计口径")
    with city.database.transaction() as session:
        return request_extension(session, command, actor=city.liaison("swj"), at=TODAY)


def _refuse(city: OwedCity) -> None:
    request_id = _ask(city)
    with city.database.transaction() as session:
        refuse_request(session, request_id=request_id, reason="理由不充分", actor=OFFICE, at=TODAY, by=BY)


def _grant(city: OwedCity) -> None:
    request_id = _ask(city)
    with city.database.transaction() as session:
        grant_extension(session, request_id=request_id, actor=OFFICE, at=TODAY, by=BY)


def _refuse_a_correction(city: OwedCity) -> None:
    _return(city)
    _refuse(city)


def _ask_for_a_correction(city: OwedCity) -> None:
    _return(city)
    _ask(city)


def _move_a_correction(city: OwedCity) -> None:
    _return(city)
    with city.database.transaction() as session:
        row_id = city.rows("swj")["2022-09"].id or 0
        move_due(session, row_id=row_id, new_due_on=date(2022, 10, 14), reason="照顾", actor=OFFICE, at=TODAY)


@pytest.mark.parametrize(
    ("act", "before", "after"),
    [
        (_return, date(2022, 10, 13), date(2022, 10, 17)),
        (_refuse, date(2022, 10, 12), date(2022, 10, 14)),
        (_refuse_a_correction, date(2022, 10, 13), date(2022, 10, 17)),
        (_grant, date(2022, 10, 20), date(2022, 10, 20)),
        (_move_a_correction, date(2022, 10, 14), date(2022, 10, 14)),
        (_ask_for_a_correction, date(2022, 10, 13), date(2022, 10, 13)),  # the decision on the request gives its own
    ],
)
def test_counted_moments_move_with_the_calendar_and_granted_days_stay(
    database: Database, act: Callable[[OwedCity], None], before: date, after: date
) -> None:
    city = open_owed_city(database)
    city.grow(at(10, 2))
    act(city)
    row = city.rows("swj")["2022-09"]
    assert (row.correction_due_at or row.due_at) == end_of_day(before)
    _publish(city)
    row = city.rows("swj")["2022-09"]
    assert (row.correction_due_at or row.due_at) == end_of_day(after)
    with database.reading() as session:
        moved = [
            json.loads(told)
            for told in session.scalars(select(col(EventRow.payload)).where(col(EventRow.type) == "due.moved"))
        ]
    mine = [fact for fact in moved if fact["cause"] == "calendar" and fact["row_id"] == row.id]
    assert [fact["new_due_at"] for fact in mine] == ([] if before == after else [end_of_day(after).isoformat()])
    assert_reckoned(database)


def test_what_is_owed_again_since_a_plan_goes_on_moves_with_the_calendar(database: Database) -> None:
    city = open_owed_city(database, reading=replace(small_reading(), plan_end=PlanEnd(date(2022, 9, 30))))
    with database.transaction() as session:
        lapse_expired(session, now=at(10, 1), by=BY)
    with database.transaction() as session:
        end = date(2022, 12, 31)
        correct_plan_end(session, document_id=1, new_on=end, reason="原文为年底", actor=OFFICE, at=at(11, 1), by=BY)
    off = DaysOff(date(2022, 11, 9), date(2022, 11, 10), "休假")
    later = replace(KNOWN, source="放假补充通知", holidays=(*KNOWN.holidays, off))
    for calendar in (BY.calendar, BY.calendar.with_notices([later])):
        until = calendar.add_workdays(date(2022, 11, 1), BY.policy.arrears_workdays)
        assert city.rows("swj")["2022-09"].due_at == end_of_day(until)
        _publish(city, later, when=at(11, 2))
    assert_reckoned(database)


def test_a_correction_moves_back_when_the_notice_is_replaced(database: Database) -> None:
    city = open_owed_city(database)
    _return(city)
    _publish(city)
    with database.transaction() as session:
        publish_notices(session, [KNOWN], actor=OFFICE, at=at(10, 11), by=BY, replace=True)
    assert city.rows("swj")["2022-09"].correction_due_at == end_of_day(date(2022, 10, 13))


def test_a_moment_that_has_passed_stays(database: Database) -> None:
    city = open_owed_city(database)
    _return(city)
    _publish(city, when=at(10, 14))
    assert city.rows("swj")["2022-09"].correction_due_at == end_of_day(date(2022, 10, 13))


def test_a_closing_report_moves_with_the_calendar(database: Database) -> None:
    city = open_owed_city(database, expires_on=date(2022, 9, 30))
    with database.transaction() as session:
        lapse_expired(session, now=at(10, 8), by=BY)

    def due() -> set[datetime]:
        with database.reading() as session:
            return set(
                session.scalars(
                    select(col(PeriodRow.due_at))
                    .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
                    .where(col(PeriodRow.code) == CLOSING)
                )
            )

    assert due() == {end_of_day(date(2022, 10, 26))}
    _publish(city)
    assert due() == {end_of_day(date(2022, 10, 28))}
    assert_reckoned(database)
