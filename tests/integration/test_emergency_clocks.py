"""What is told about an emergency clock leaves at once: at night, on days off, on both channels and databases."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.accounts import NewUser, create_user
from tests.support.eight_documents import issue
from tests.support.office import BY, CALENDAR, OFFICE, POLICY, City, open_city
from tracker.domain.accounts import Role
from tracker.domain.calendar import at_local
from tracker.domain.claims import Claim, RowContent
from tracker.domain.deliveries import Outgoing
from tracker.domain.entries import Entry
from tracker.domain.filings import ReturnReason
from tracker.domain.items import CadenceKind
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.services import Services
from tracker.settings import load_settings
from tracker.store.database import Database
from tracker.store.tables.events import ReminderRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.ending import cancel_task
from tracker.usecases.filing import SubmitForm, send_back, sign_off, submit_form
from tracker.usecases.moving_due import move_due
from tracker.usecases.requesting import dispute_share, refuse_request
from tracker.usecases.returning import return_report
from tracker.usecases.sweeping import sweep, sweep_through
from tracker.usecases.triggers import RecordTrigger, record_trigger
from workers import dispatch

FRIDAY_NIGHT = at_local(date(2022, 8, 26), 20, 30)
RUNS_OUT = FRIDAY_NIGHT + timedelta(hours=24)
WAITING = 2


class Clock:
    def now(self) -> datetime:
        return FRIDAY_NIGHT


@pytest.fixture
def city(database: Database) -> City:
    city = open_city(database)
    _people(database, "wjw")
    return city


def _people(database: Database, unit: str) -> None:
    with database.transaction() as session:
        create_user(session, NewUser("lian", "李四", Role.LIAISON, "hash", unit, "lian@example.org"))
        create_user(session, NewUser("fu", "王五", Role.UNIT_HEAD, "hash", unit, "fu@example.org"))


def _record(database: Database, *, task_id: int = WAITING, at: datetime = FRIDAY_NIGHT) -> None:
    with database.transaction() as session:
        record_trigger(session, RecordTrigger(task_id, at, "疫情"), actor=OFFICE, at=at, calendar=CALENDAR)


def _row_id(database: Database) -> int:
    with database.reading() as session:
        wanted = (
            select(col(FormRow.id))
            .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
            .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
            .where(col(SeriesRow.trigger_id).is_not(None))
        )
        return session.scalars(wanted).first() or 0


def _submit(city: City, *, at: datetime) -> int:
    with city.database.transaction() as session:
        row = session.get_one(FormRow, _row_id(city.database))
        entry = Entry(row.assignment_id or 0, RowContent(claim=Claim.ONGOING_ACTIVE, text="8月26日已报告。"), {})
        return submit_form(session, SubmitForm(row.period_id, (entry,)), actor=city.liaison("wjw"), at=at)


def _file(city: City, *, at: datetime) -> int:
    filing_id = _submit(city, at=at)
    with city.database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=city.head("wjw"), at=at)
    return filing_id


def _nothing_more(_city: City) -> None:
    pass


def _send_back(city: City) -> None:
    filing_id = _submit(city, at=FRIDAY_NIGHT)
    with city.database.transaction() as session:
        send_back(session, filing_id=filing_id, reason="缺少数据", actor=city.head("wjw"), at=FRIDAY_NIGHT)


def _give_back(city: City) -> None:
    filing_id = _file(city, at=FRIDAY_NIGHT)
    with city.database.transaction() as session:
        report_id = session.scalars(select(col(ReportRow.id)).where(col(ReportRow.filing_id) == filing_id)).one() or 0
        return_report(
            session,
            report_id=report_id,
            reason="缺少数据",
            reason_class=ReturnReason.NO_EVIDENCE,
            actor=OFFICE,
            at=FRIDAY_NIGHT,
            by=BY,
        )


def _refuse(city: City) -> None:
    with city.database.transaction() as session:
        share_id = session.get_one(FormRow, _row_id(city.database)).assignment_id or 0
        request_id = dispute_share(
            session,
            assignment_id=share_id,
            reason="不属于本单位职责",
            actor=city.liaison("wjw"),
            at=FRIDAY_NIGHT,
            by=BY,
        )
        refuse_request(session, request_id=request_id, reason="三定规定明确", actor=OFFICE, at=FRIDAY_NIGHT, by=BY)


def _move(city: City) -> None:
    row_id, day = _row_id(city.database), date(2022, 8, 28)
    with city.database.transaction() as session:
        move_due(session, row_id=row_id, new_due_on=day, reason="情况复杂", actor=OFFICE, at=FRIDAY_NIGHT)


def _cancel(city: City) -> None:
    with city.database.transaction() as session:
        cancel_task(session, task_id=WAITING, reason="职能划转", actor=OFFICE, at=FRIDAY_NIGHT)


@pytest.mark.parametrize(
    ("act", "rule"),
    [
        (_nothing_more, "trigger.recorded"),
        (_send_back, "filing.stopped"),
        (_give_back, "report.given_back"),
        (_refuse, "request.refused"),
        (_move, "due.moved"),
        (_cancel, "task.cancelled"),
    ],
)
def test_whatever_is_told_of_an_emergency_clock_leaves_at_once(
    city: City, tmp_path: Path, act: Callable[[City], None], rule: str
) -> None:
    _record(city.database)
    act(city)
    _announce(city.database, tmp_path)
    # A head hears too what became of what he signed, so that there may be two whom an act is told to.
    told = [(row.recipient, row.channel, row.planned_for) for row in _told(city.database) if row.kind == rule]
    people = {recipient for recipient, *_ in told}
    assert people
    assert sorted(told) == sorted((one, way, FRIDAY_NIGHT) for one in people for way in ("in_app", "mail"))


def test_the_units_hear_which_clock_counts_from_the_recording_of_its_event(city: City, tmp_path: Path) -> None:
    with city.database.transaction() as session:
        command = RecordTrigger(WAITING, FRIDAY_NIGHT - timedelta(days=2), "疫情")
        record_trigger(session, command, actor=OFFICE, at=FRIDAY_NIGHT, calendar=CALENDAR)
    _announce(city.database, tmp_path)
    [told] = [row for row in _told(city.database) if row.kind == "trigger.recorded" and row.channel == "mail"]
    assert told.reason.endswith(
        "说明：疫情。24小时时限（2022年8月25日20时30分前）在登记时已过，自登记时起按24小时另行计算，应于2022年8月27日20时30分前报送。"
    )


def test_what_is_told_of_other_work_waits_for_the_working_day(database: Database, tmp_path: Path) -> None:
    city = open_city(database)
    _people(database, "swj")
    with database.transaction() as session:
        cancel_task(session, task_id=1, reason="职能划转", actor=OFFICE, at=FRIDAY_NIGHT)
    _announce(city.database, tmp_path)
    told = {row.channel: row.planned_for for row in _told(database) if row.kind == "task.cancelled"}
    assert told == {"in_app": FRIDAY_NIGHT, "mail": at_local(date(2022, 8, 29), 8, 40)}


def _announce(database: Database, tmp_path: Path) -> None:
    settings = load_settings(
        {"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(tmp_path), "TRACKER_SMTP_URL": "smtp://localhost:25"}
    )
    services = Services(settings, database, Clock(), CALENDAR, POLICY, EvidenceFiles(tmp_path / "evidence"))
    dispatch.read_log(services)
    for delivery in dispatch.due_deliveries(services):
        assert dispatch.react(services, delivery)


def _told(database: Database) -> list[ReminderRow]:
    with database.reading() as session:
        return list(session.scalars(select(ReminderRow).order_by(col(ReminderRow.planned_for), col(ReminderRow.id))))


def _sweep(database: Database, at: datetime) -> None:
    sweep(database, now=at, by=BY, outgoing=Outgoing(mail=True, machine_now=at))


def test_an_hour_clock_is_told_of_twice_before_its_moment_and_once_after_it_then_to_the_head_too(city: City) -> None:
    _record(city.database)
    hour = FRIDAY_NIGHT
    while hour <= RUNS_OUT + timedelta(hours=4):
        for minutes in (0, 0, 30):
            _sweep(city.database, hour + timedelta(minutes=minutes))
        hour += timedelta(hours=1)
    told = [row for row in _told(city.database) if row.kind.startswith("clock.")]
    hours = [(row.recipient[-2:], row.channel, (row.planned_for - RUNS_OUT) / timedelta(hours=1)) for row in told]
    assert hours == [
        ("李四", "in_app", -6),
        ("李四", "mail", -6),
        ("李四", "in_app", -2),
        ("李四", "mail", -2),
        ("李四", "in_app", 1),
        ("李四", "mail", 1),
        ("王五", "in_app", 1),
        ("王五", "mail", 1),
    ]
    assert told[0].subject == "应急时限临近：驻政办〔2022〕99号 一2“发生疫情后24小时内报告”"
    assert "请于2022年8月27日20时30分前报送，还有6小时" in told[0].reason
    assert "应于2022年8月27日20时30分前报送，已逾期1小时" in told[-1].reason


def test_a_late_pass_says_only_the_last_of_what_it_missed(city: City) -> None:
    _record(city.database)
    _sweep(city.database, RUNS_OUT - timedelta(minutes=30))
    [told] = [row for row in _told(city.database) if row.kind == "clock.near" and row.channel == "mail"]
    assert "还有不足1小时" in told.reason


def test_what_was_reported_is_told_of_no_more(city: City) -> None:
    _record(city.database)
    _file(city, at=RUNS_OUT - timedelta(hours=8))
    for hours in (-6, -2, 1):
        _sweep(city.database, RUNS_OUT + timedelta(hours=hours))
    assert [row for row in _told(city.database) if row.kind.startswith("clock.")] == []


def test_daily_reports_of_a_response_are_told_of_on_every_day_of_a_holiday_and_nothing_else_is(
    database: Database,
) -> None:
    city = issue(database, ["驻政办〔2022〕50号"])
    began = at_local(date(2022, 9, 30), 20, 0)
    _record(database, task_id=city.task_id("50-42"), at=began)
    with database.reading() as session:
        running = select(col(UnitRow.code)).join(SeriesRow, col(SeriesRow.unit_id) == col(UnitRow.id))
        unit = session.scalars(running.where(col(SeriesRow.kind) == CadenceKind.DAILY.value)).first() or ""
    _people(database, unit)
    to, outgoing = at_local(date(2022, 10, 8), 9, 0), Outgoing(mail=False, machine_now=began)
    sweep_through(database, since=began, to=to, by=BY, outgoing=outgoing)
    told = [row for row in _told(database) if row.kind == "digest"]
    assert [row.planned_on for row in told] == [date(2022, 10, day) for day in range(1, 9)]
    assert all("节假日照常提醒" in row.reason for row in told[:-1])
    assert "每个工作日至多一封" in told[-1].reason
    assert all(row.content["tasks"] == ["50-42"] for row in told[:-1])


def test_the_digest_of_a_day_off_leaves_the_mail_of_the_working_day_before_where_it_is(city: City) -> None:
    _record(city.database, at=at_local(date(2022, 8, 25), 20, 30))
    for day in (26, 27, 29):
        _sweep(city.database, at_local(date(2022, 8, day), 8, 40))
        mails = [row for row in _told(city.database) if row.kind == "digest" and row.channel == "mail"]
        states = [(row.planned_on.day, row.state) for row in mails]
        pending = [(26, "pending"), (27, "pending")][: len(states)]
        assert states == (pending if day < 29 else [(26, "cancelled"), (27, "cancelled"), (29, "pending")])
