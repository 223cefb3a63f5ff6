"""A published year moves the future moments that its estimate had set, in every process, on both databases."""

import json
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.accounts import NewUser, create_user
from tests.support.holiday_notices import INVENTED_2027, NOTICES
from tests.support.office import BY, CALENDAR, OFFICE, POLICY, City, open_city
from tests.support.readings import NUMBER, small_reading, small_registry
from tracker.cli.calendar import calendar_commands
from tracker.domain.accounts import SYSTEM, NotYourTask, Role
from tracker.domain.calendar import at_local, end_of_day
from tracker.domain.calendar_changes import CalendarYearPublished
from tracker.domain.deliveries import Outgoing
from tracker.domain.events.calendar import CalendarPublished
from tracker.domain.holidays import DaysOff, HolidayNotice
from tracker.domain.items import Basis
from tracker.domain.readings.demands import Deadline
from tracker.gateways.clock import SystemClock
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.intake.holiday_notice import read_holiday_notice
from tracker.services import Services
from tracker.settings import load_settings
from tracker.store import event_log
from tracker.store.database import Database
from tracker.store.queries.calendar import moved_by
from tracker.store.tables.calendar import CalendarYearRow
from tracker.store.tables.events import DeliveryRow, EventRow, ReminderRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.subscriptions import Surroundings, follow
from tracker.usecases.deliveries import fan_out
from tracker.usecases.issuing import issue_document
from tracker.usecases.publishing_calendar import Publication, preview_notices, publish_notices
from tracker.usecases.registering import approve_document, register_document, register_units
from tracker.usecases.requesting import RequestExtension, grant_extension, request_extension

NOW = at_local(date(2022, 9, 2), 9, 0)
KNOWN = CALENDAR.notices[2022]
# Two make-up days fewer: the September form is due on 12 October instead of the 10th.
LONGER = replace(KNOWN, source="国办发明电〔2022〕2号", make_ups=KNOWN.make_ups[:-2])
# Four days off fewer: it is due on 6 October.
SHORTER = replace(
    KNOWN,
    source="国办发明电〔2022〕3号",
    holidays=(*KNOWN.holidays[:-1], DaysOff(date(2022, 10, 1), date(2022, 10, 3), "国庆节")),
)
NEXT_YEAR = read_holiday_notice(INVENTED_2027)


@pytest.fixture
def city(database: Database) -> City:
    return open_city(database)


def _publish(city: City, notice: HolidayNotice, *, at: datetime = NOW) -> tuple[Publication, ...]:
    with city.database.transaction() as session:
        return publish_notices(session, [notice], actor=OFFICE, at=at, by=BY, replace=True)


def _due(city: City, code: str = "swj", *, name: str = "2022-09") -> datetime:
    with city.database.reading() as session:
        return city.period(code, session, name=name).due_at


def _events(session: Session, kind: str) -> list[dict[str, object]]:
    rows = session.scalars(select(EventRow).where(col(EventRow.type) == kind).order_by(col(EventRow.seq)))
    return [json.loads(row.payload) for row in rows]


def _services(database: Database, folder: Path) -> Services:
    settings = load_settings({"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(folder / "var")})
    return Services(settings, database, SystemClock(), CALENDAR, POLICY, EvidenceFiles(folder / "evidence"))


def test_moments_follow_the_new_calendar_and_each_is_an_event_with_old_and_new(city: City) -> None:
    assert _due(city) == end_of_day(date(2022, 10, 10))
    (done,) = _publish(city, LONGER)
    assert _due(city) == end_of_day(date(2022, 10, 12))
    with city.database.reading() as session:
        period = city.period("swj", session)
        assert period.scheduled_at == period.due_at
        moved = _events(session, "due.moved")
        (published,) = _events(session, "calendar.published")
        assert city.series("swj", session).overdue_from == period.due_at
        assert list(event_log.broken_links(session)) == []
    assert len(moved) == published["moved"] == len(done.moves)
    mine = next(event for event in moved if event["period_id"] == period.id)
    assert (mine["cause"], mine["reason"]) == ("calendar", LONGER.source)
    assert mine["old_due_at"] == end_of_day(date(2022, 10, 10)).isoformat()
    assert mine["new_due_at"] == end_of_day(date(2022, 10, 12)).isoformat()


@pytest.mark.parametrize(
    ("today", "due_on"),
    [
        (date(2022, 9, 30), date(2022, 10, 6)),
        (date(2022, 10, 5), date(2022, 10, 6)),
        (date(2022, 10, 6), date(2022, 10, 7)),
        (date(2022, 10, 9), date(2022, 10, 10)),
        (date(2022, 10, 10), date(2022, 10, 10)),
        (date(2022, 10, 11), date(2022, 10, 10)),
    ],
)
def test_a_moment_never_moves_before_the_next_working_day_and_a_past_one_stays(
    city: City, today: date, due_on: date
) -> None:
    _publish(city, SHORTER, at=at_local(today, 9, 0))
    assert _due(city) == end_of_day(due_on)


def test_a_form_that_opens_later_is_opened_anew_and_an_open_one_stays_open(city: City) -> None:
    with city.database.reading() as session:
        opened_at = city.period("swj", session).opens_at
    fewer = replace(LONGER, holidays=(*KNOWN.holidays, DaysOff(date(2022, 9, 26), date(2022, 9, 30), "休假")))
    _publish(city, fewer)
    with city.database.reading() as session:
        assert city.period("swj", session).opens_at < opened_at
        assert _events(session, "due.moved")[0]["new_opens_at"] is not None
    _publish(city, KNOWN, at=at_local(date(2022, 9, 28), 9, 0))
    with city.database.reading() as session:
        assert city.period("swj", session).opens_at < opened_at
        assert _due(city) == end_of_day(date(2022, 10, 10))


def test_the_moment_that_a_decision_gave_stays(city: City) -> None:
    with city.database.transaction() as session:
        row_id = city.row("swj", session).id or 0
        command = RequestExtension(row_id, date(2022, 10, 20), "等统计口径")
        request_id = request_extension(session, command, actor=city.liaison("swj"), at=NOW)
    with city.database.transaction() as session:
        grant_extension(session, request_id=request_id, actor=OFFICE, at=NOW, by=BY)
    _publish(city, LONGER)
    with city.database.reading() as session:
        assert city.row("swj", session).due_at == end_of_day(date(2022, 10, 20))


def test_the_moment_of_a_filed_form_stays(city: City) -> None:
    city.file("swj")
    _publish(city, LONGER, at=at_local(date(2022, 9, 30), 9, 0))
    assert _due(city) == end_of_day(date(2022, 10, 10))


def test_a_second_import_changes_nothing_and_another_one_needs_to_replace(city: City) -> None:
    _publish(city, LONGER)
    assert _publish(city, LONGER, at=at_local(date(2022, 9, 5), 9, 0)) == ()
    with pytest.raises(CalendarYearPublished) as refused, city.database.transaction() as session:
        publish_notices(session, [SHORTER], actor=OFFICE, at=NOW, by=BY)
    assert refused.value.facts == {"year": 2022, "source": LONGER.source}
    with pytest.raises(NotYourTask), city.database.transaction() as session:
        publish_notices(session, [NEXT_YEAR], actor=city.liaison("swj"), at=NOW, by=BY)
    with city.database.reading() as session:
        assert len(_events(session, "calendar.published")) == 1
        assert [row.year for row in session.scalars(select(CalendarYearRow))] == [2022]


def test_a_preview_says_the_same_and_writes_nothing(city: City) -> None:
    with city.database.reading() as session:
        (seen,) = preview_notices(session, [LONGER], now=NOW, by=BY)
        counted = [(move.form.unit_name, move.new_due_at) for move in seen.moves]
    assert _due(city) == end_of_day(date(2022, 10, 10))
    (done,) = _publish(city, LONGER)
    assert [(move.form.unit_name, move.new_due_at) for move in done.moves] == counted
    assert [(change.day, change.off) for change in done.days] == [
        (date(2022, 10, 8), True),
        (date(2022, 10, 9), True),
    ]


def test_final_figures_of_a_statistic_follow_with_a_moment_of_their_own(database: Database) -> None:
    reading = small_reading()
    first, second = reading.items
    deadline = Deadline(date(2026, 12, 31), Basis.STATED, None)
    at = at_local(date(2026, 12, 1), 9, 0)
    with database.transaction() as session:
        register_units(session, small_registry(), at=at)
        dated = replace(reading, items=(replace(first, deadline=deadline), second))
        register_document(session, dated, actor=SYSTEM, at=at)
        approve_document(session, number=NUMBER, basis="市政府常务会议议定", actor=OFFICE, at=at)
        issue_document(session, number=NUMBER, actor=OFFICE, at=at, by=BY)
    city = City(database)
    with database.reading() as session:
        row = city.row("swj", session, name="2026-12")
        assert row.final
        assert row.due_at == end_of_day(CALENDAR.add_workdays(date(2026, 12, 31), POLICY.statistic_workdays))
    new_year = DaysOff(date(2027, 1, 1), date(2027, 1, 5), "元旦")
    (done,) = _publish(city, replace(NEXT_YEAR, holidays=(new_year, *NEXT_YEAR.holidays[1:])), at=at)
    with database.reading() as session:
        assert city.row("swj", session, name="2026-12").due_at == end_of_day(date(2027, 2, 1))
        period = session.get_one(PeriodRow, session.get_one(FormRow, row.id).period_id)
        assert period.due_at == end_of_day(date(2027, 1, 8))
        assert {event["row_id"] for event in _events(session, "due.moved")} >= {None, row.id}
    assert {move.row.task_id for move in done.moves if move.row} == {1}


def test_every_process_sees_an_imported_year_without_a_restart(city: City, tmp_path: Path) -> None:
    here, elsewhere = _services(city.database, tmp_path), _services(city.database, tmp_path)
    assert here.calendar.is_estimated(date(2027, 1, 4))
    assert elsewhere.calendar is CALENDAR
    _publish(city, NEXT_YEAR)
    for process in (here, elsewhere):
        process.reread_calendar()
        assert not process.calendar.is_estimated(date(2027, 1, 4))
        assert process.reckoning.calendar.is_workday(date(2027, 2, 14))
    again = replace(NEXT_YEAR, make_ups=())
    _publish(city, again)  # at the same time by the office's clock
    elsewhere.reread_calendar()
    assert not elsewhere.calendar.is_workday(date(2027, 2, 14))
    assert replace(elsewhere, clock=SystemClock()).calendar.notices[2027].source == NEXT_YEAR.source


def test_a_process_that_hears_nothing_looks_for_itself_within_a_second_or_so(city: City, tmp_path: Path) -> None:
    elsewhere = _services(city.database, tmp_path)
    assert elsewhere.calendar.is_estimated(date(2027, 1, 4))
    _publish(city, NEXT_YEAR)
    until_s = time.monotonic() + 10
    while elsewhere.calendar.is_estimated(date(2027, 1, 4)) and time.monotonic() < until_s:
        pass
    assert not elsewhere.calendar.is_estimated(date(2027, 1, 4))


def test_each_unit_is_told_once_which_of_its_moments_moved(city: City) -> None:
    with city.database.transaction() as session:
        create_user(session, NewUser("swj", "张三", Role.LIAISON, "x", "swj"))
    _publish(city, LONGER)
    machine_now = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
    around = Surroundings(CALENDAR, POLICY, Outgoing(mail=False, machine_now=machine_now))
    with city.database.transaction() as session:
        fan_out(session, {CalendarPublished: ("notice",)}, machine_now=machine_now)
    with city.database.transaction() as session:
        delivery = session.scalars(select(DeliveryRow)).one()
        assert follow(session, delivery.id or 0, around)
        assert not follow(session, delivery.id or 0, around)
        (message,) = session.scalars(select(ReminderRow)).all()
        (published,) = session.scalars(
            select(col(EventRow.payload)).where(col(EventRow.type) == CalendarPublished.type)
        ).all()
        moved = moved_by(session, after=delivery.event_seq, count=json.loads(published)["moved"])
        assert moved.keys() >= {city.unit_id("swj")}
    assert "2022年" in message.subject
    assert f"{NUMBER}2022年9月，2022年10月10日（周一，含）改为2022年10月12日（周三，含）" in message.reason


def test_the_command_prints_what_moves_and_refuses_in_one_line(city: City, tmp_path: Path) -> None:
    services = _services(city.database, tmp_path)
    app = Flask("commands")
    group, run = calendar_commands(services), app.test_cli_runner()
    file = tmp_path / "notice.txt"
    file.write_text(INVENTED_2027, encoding="utf-8")
    done = run.invoke(group, ["import", str(file)])
    assert done.exit_code == 0, done.output
    assert "2027年：国办发明电〔2026〕9号（2026-11-20）" in done.output
    assert "  2027-02-14  上班" in done.output
    assert not services.calendar.is_estimated(date(2027, 10, 1))
    assert "没有新内容" in run.invoke(group, ["import", str(file)]).output
    file.write_text(INVENTED_2027.replace("放假1天，不调休", "休息"), encoding="utf-8")
    refused = run.invoke(group, ["import", str(file)])
    assert (refused.exit_code, refused.output.count("\n")) == (1, 1)
    assert "第10行" in refused.output
    file.write_text(NOTICES[2026].replace("9月20日（周日）、", ""), encoding="utf-8")
    assert run.invoke(group, ["import", str(file)]).exit_code == 1
    assert run.invoke(group, ["import", str(file), "--replace"]).exit_code == 0
    assert services.calendar.is_workday(date(2026, 9, 20)) is False
