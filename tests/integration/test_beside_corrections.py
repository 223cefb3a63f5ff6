"""While what one lead handed in in time is corrected nobody is late with the completion, whatever act moves a row."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session

from tests.support.completing import (
    DAY,
    ask_for_more,
    decide_extension,
    do,
    due_of,
    give_back,
    standing_at,
    stands,
    started,
    to_deadline,
)
from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.deliveries import Outgoing
from tracker.domain.progress import Work
from tracker.store.database import Database
from tracker.store.tables.filings import ReportRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import resume_task, suspend_task
from tracker.usecases.moving_due import move_due
from tracker.usecases.sharing import reassign_share
from tracker.usecases.sweeping import sweep


def _sweep(city: OwedCity, now: datetime) -> None:
    sweep(city.database, now=now, by=BY, outgoing=Outgoing(mail=False, machine_now=now))


def _corrected_by(city: OwedCity, report_id: int) -> datetime:
    with city.database.reading() as session:
        day = session.get_one(ReportRow, report_id).correct_by
    assert day is not None
    return end_of_day(day)


def _in_hand(city: OwedCity, *moments: datetime) -> None:
    for moment in moments:
        assert standing_at(city, moment).work.work is Work.COMPLETION_PENDING, moment
    assert_reckoned(city.database)


def _led_by_a_second_who_came_first(database: Database) -> OwedCity:
    """市卫生健康体育委 handed its completion in on 28 November; then 市商务局 comes before it as a lead."""
    city = open_owed_city(database)

    def reassign(session: Session) -> None:
        share_id, unit_id = city.share("swj").id or 0, city.unit_id("wjw")
        reassign_share(
            session, assignment_id=share_id, to_unit_id=unit_id, reason="调整", actor=OFFICE, at=at(8, 30), by=BY
        )

    do(city, reassign)
    to_deadline(city, date(2022, 11, 11), at(9, 6))
    for period, day in (("2022-09", at(9, 28)), ("2022-10", at(10, 31))):
        city.grow(day)
        city.file("wjw", period, when=day)
    city.grow(at(11, 28))
    report_id = city.file("wjw", "2022-11", when=at(11, 28))
    city.add_lead("swj", at(11, 30))
    give_back(city, report_id, at(12, 8))
    return city


def test_more_time_for_a_correction_is_more_time_for_whoever_else_is_asked(database: Database) -> None:
    city = _led_by_a_second_who_came_first(database)
    until = date(2023, 1, 5)
    ask_for_more(city, "wjw", "2022-11", until, at(12, 9))
    _in_hand(city, at(12, 12), at(12, 20))
    decide_extension(city, granted=True, when=at(12, 20))
    assert due_of(city, "swj") == end_of_day(until)
    _in_hand(city, at(12, 21), at(12, 28), end_of_day(until) - DAY)
    assert standing_at(city, end_of_day(until)).work.work is Work.OVERDUE_WORK


def test_a_correction_that_the_office_moves_takes_along_whoever_else_is_asked(database: Database) -> None:
    city = _led_by_a_second_who_came_first(database)
    row_id, until = city.rows("wjw")["2022-11"].id or 0, date(2023, 1, 5)

    def act(session: Session) -> None:
        move_due(session, row_id=row_id, new_due_on=until, reason="会议议定", actor=OFFICE, at=at(12, 9))

    do(city, act)
    assert due_of(city, "swj") == end_of_day(until)
    _in_hand(city, at(12, 28))


def test_what_the_asked_lead_is_refused_meanwhile_ends_no_earlier_than_the_correction(database: Database) -> None:
    city = started(database, "swj", "wjw")
    due = due_of(city, "swj")
    city.file("wjw", "2022-11", when=due - 4 * DAY)
    ask_for_more(city, "swj", "2022-11", local_day(due) + 20 * DAY, due - 3 * DAY)
    report_id = city.complete("wjw", when=due - 2 * DAY)
    returned = due + 3 * DAY
    give_back(city, report_id, returned)
    decide_extension(city, granted=False, when=returned + timedelta(hours=1))
    over = _corrected_by(city, report_id)
    assert due_of(city, "swj") == over
    _in_hand(city, returned + timedelta(hours=2), over - timedelta(minutes=1))
    assert standing_at(city, over).work.work is Work.OVERDUE_WORK


def test_what_the_asked_lead_is_granted_meanwhile_ends_no_earlier_than_the_correction(database: Database) -> None:
    city = started(database, "swj", "wjw")
    due = due_of(city, "swj")
    city.file("wjw", "2022-11", when=due - 6 * DAY)
    ask_for_more(city, "swj", "2022-11", local_day(due) + 2 * DAY, due - 3 * DAY)
    report_id = city.complete("wjw", when=due - 2 * DAY)
    give_back(city, report_id, due + 3 * DAY)
    decide_extension(city, granted=True, when=due + timedelta(days=3, hours=2))
    over = _corrected_by(city, report_id)
    assert due_of(city, "swj") == over
    _in_hand(city, over - timedelta(minutes=1))


def test_a_row_that_begins_to_ask_waits_for_the_correction(database: Database) -> None:
    """What 市商务局 wrote before the deadline moved is accepted while the other lead corrects its completion."""
    city = open_owed_city(database)
    city.add_lead("wjw", at(9, 5))
    to_deadline(city, date(2022, 12, 30), at(9, 6))
    for period, day in (("2022-09", at(9, 28)), ("2022-10", at(10, 31))):
        city.grow(day)
        for code in ("swj", "wjw"):
            city.file(code, period, when=day)
    city.grow(at(11, 25))
    before = city.file("swj", "2022-11", when=at(11, 25))
    to_deadline(city, date(2022, 11, 30), at(11, 26))
    city.file("wjw", "2022-11", when=at(11, 27))
    completion = city.complete("wjw", when=at(11, 28))
    returned = at(1, 9, year=2023)
    give_back(city, completion, returned)
    hour = timedelta(hours=1)
    do(city, lambda session: accept_report(session, report_id=before, actor=OFFICE, at=returned + hour))
    _sweep(city, returned + 2 * hour)
    over = _corrected_by(city, completion)
    assert city.rows("swj")["2022-11"].due_at == over
    _in_hand(city, returned + 3 * hour, over - timedelta(minutes=1))
    assert standing_at(city, over).work.work is Work.OVERDUE_WORK


@pytest.mark.parametrize("asked", [True, False], ids=["in its form", "outside forms"])
def test_a_resumed_task_gives_a_correction_its_days_anew_by_whichever_door_it_came(
    database: Database, asked: bool
) -> None:
    """The days that it had ran out while the work was suspended."""
    city = started(database, "swj", "wjw")
    due = due_of(city, "swj")
    city.file("wjw", "2022-11", when=due - 4 * DAY)
    came = due - 2 * DAY
    report_id = city.file("swj", "2022-11", when=came) if asked else city.complete("wjw", when=came)
    give_back(city, report_id, due - timedelta(hours=30))
    task_id, resumed = city.task_id(), due + 9 * DAY
    do(city, lambda session: suspend_task(session, task_id=task_id, reason="等", actor=OFFICE, at=due + DAY))
    do(city, lambda session: resume_task(session, task_id=task_id, reason="续", actor=OFFICE, at=resumed, by=BY))
    over = end_of_day(BY.calendar.add_workdays(local_day(resumed), BY.policy.correction_workdays))
    _in_hand(city, resumed + timedelta(hours=1), over - timedelta(minutes=1))
    assert standing_at(city, over).work.work is not Work.COMPLETION_PENDING
    assert stands(city, over + 60 * DAY)[0] is Work.OVERDUE_WORK
