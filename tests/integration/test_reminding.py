"""Digests, single messages and the way of an e-mail, on both databases and against a real SMTP server."""

import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Barrier  # noqa: TID251 # a pass reads once, and nothing can fail before

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.accounts import NewUser, create_user
from tests.support.logs import written_logs
from tests.support.office import BY, CALENDAR, OFFICE, POLICY, City, open_city
from tests.support.smtp import CLOSE, KEEP_THEN_CLOSE, ScriptedSmtpServer, smtp_server
from tests.support.together import together
from tracker.domain.accounts import NotYourTask, Role
from tracker.domain.calendar import at_local
from tracker.domain.deliveries import Outgoing
from tracker.gateways.embedded_redis import redis_command, stop_redis, wait_until_ready
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.gateways.passwords import hash_password
from tracker.services import Services
from tracker.settings import load_settings
from tracker.steps.digests import MERGED, keep_digests, plan_digests
from tracker.steps.rolling_up import keep_rollup
from tracker.store.database import Database
from tracker.store.history.log import last_event
from tracker.store.queries.reminders import count_ledger, ledger
from tracker.store.queries.rollups import by_week
from tracker.store.tables.events import DeliveryRow, DemonstrationClockRow, EventRow, OverdueRollupRow, ReminderRow
from tracker.store.tables.units import UserRow
from tracker.usecases.deliveries import backlog, claim_delivery, deliveries_to_ring, put_off, unread
from tracker.usecases.mail_outbox import (
    NotHeld,
    begin_hand_over,
    claim_reminder,
    record_refused,
    record_sent,
    release_expired,
    reminders_to_ring,
    resend,
    settle,
)
from tracker.usecases.sweeping import sweep, sweep_through
from workers import dispatch, relay
from workers.broker import make_broker

__all__ = ["smtp_server"]

_HASH = hash_password("correct horse")
MONDAY = at_local(date(2022, 10, 10), 8, 40)  # the September form of 市商务局 is due on this day
MACHINE = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


class Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def city(database: Database) -> City:
    city = open_city(database)
    with database.transaction() as session:
        create_user(session, NewUser("swj", "张三", Role.LIAISON, _HASH, "swj", "swj@example.org"))
        create_user(session, NewUser("office", "督查员", Role.SUPERVISOR, _HASH))
    return city


@pytest.fixture
def services(city: City, tmp_path: Path, smtp_server: ScriptedSmtpServer) -> Services:
    settings = load_settings(
        {"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(tmp_path / "var"), "TRACKER_SMTP_URL": smtp_server.url}
    )
    files = EvidenceFiles(tmp_path / "evidence")
    return Services(settings, city.database, Clock(MONDAY), CALENDAR, POLICY, files)


def _sweep(database: Database, at: datetime, *, mail: bool = True) -> int:
    return sweep(database, now=at, by=BY, outgoing=Outgoing(mail=mail, machine_now=MACHINE)).reminders


def _ledger(database: Database, **wanted: str) -> list[ReminderRow]:
    with database.reading() as session:
        rows = ledger(session)
    return [row for row in rows if all(getattr(row, name) == value for name, value in wanted.items())]


def test_each_person_gets_one_digest_a_channel_and_day_however_often_the_pass_is_made(city: City) -> None:
    written = [_sweep(city.database, MONDAY + timedelta(minutes=n)) for n in range(4)]
    assert written == [2, 0, 0, 0]
    in_app, mail = sorted(_ledger(city.database), key=lambda row: row.channel)
    assert (in_app.state, in_app.sent_at, in_app.recipient) == ("sent", MONDAY, "市商务局 张三")
    assert (mail.state, mail.address) == ("pending", "swj@example.org")
    assert in_app.subject.startswith("督办提醒：今日必报1份")
    assert in_app.content["tasks"] == ["99-01"]


@pytest.mark.parametrize(
    "at",
    [MONDAY - timedelta(minutes=1), at_local(date(2022, 10, 1), 9, 0)],
    ids=["before the hour", "on a Saturday that is a holiday"],
)
def test_no_digest_leaves_before_its_hour_or_on_a_day_off(city: City, at: datetime) -> None:
    assert _sweep(city.database, at) == 0


def test_a_report_that_waits_for_the_head_is_not_urged(city: City) -> None:
    city.submit(at=MONDAY - timedelta(hours=20))
    _sweep(city.database, MONDAY)
    assert not [row for row in _ledger(city.database) if "今日必报" in row.subject]


def test_a_jump_of_a_week_makes_every_pass_and_merges_the_mails_that_never_left(city: City) -> None:
    sweep_through(
        city.database,
        since=MONDAY - timedelta(hours=1),
        to=MONDAY + timedelta(days=7),
        by=BY,
        outgoing=Outgoing(mail=True, machine_now=MACHINE),
    )
    in_app = _ledger(city.database, channel="in_app", recipient="市商务局 张三")
    assert len(in_app) == len({row.planned_on for row in in_app}) > 1
    assert all(CALENDAR.is_workday(row.planned_on) for row in in_app)
    states = [(row.state, row.last_error) for row in _ledger(city.database, channel="mail")]
    assert states == [("pending", None)] + [("cancelled", MERGED)] * (len(states) - 1)


def test_a_newer_digest_cancels_the_earlier_mail_of_those_who_get_it_and_nobody_elses(city: City) -> None:
    with city.database.transaction() as session:
        create_user(session, NewUser("swj2", "李四", Role.LIAISON, _HASH, "swj", "swj2@example.org"))
    _sweep(city.database, MONDAY)
    with city.database.transaction() as session:
        on_tuesday = MONDAY + timedelta(days=1)
        planned = plan_digests(session, now=on_tuesday, by=BY, outgoing=Outgoing(mail=True, machine_now=MACHINE))
        hers = [row for row in planned.rows if row.address == "swj2@example.org"]
        assert len(hers) < len(planned.rows)
        keep_digests(session, replace(planned, rows=hers))
    mails = [(row.address, row.planned_on.day, row.state) for row in _ledger(city.database, channel="mail")]
    assert sorted(mails) == [
        ("swj2@example.org", 10, "cancelled"),
        ("swj2@example.org", 11, "pending"),
        ("swj@example.org", 10, "pending"),
    ]


def test_a_later_pass_of_the_day_corrects_the_weeks_snapshot(city: City) -> None:
    with city.database.transaction() as session:
        for overdue in (1, 3, 3):
            keep_rollup(session, [(city.unit_id("swj"), 1, overdue)], now=MONDAY)
    with city.database.reading() as session:
        assert [row.overdue for row in session.scalars(select(OverdueRollupRow))] == [3]


def test_messages_are_counted_by_their_state(city: City) -> None:
    _sweep(city.database, MONDAY)
    with city.database.reading() as session:
        states = Counter(row.state for row in session.scalars(select(ReminderRow)))
        assert len(states) > 1
        assert {state: count_ledger(session, state=state) for state in states} == states
        assert count_ledger(session) == states.total()


def test_the_weeks_snapshot_is_replaced_and_earlier_weeks_stay(city: City) -> None:
    for at in (MONDAY + timedelta(days=1), MONDAY + timedelta(days=2), MONDAY + timedelta(days=8)):
        _sweep(city.database, at)
    with city.database.reading() as session:
        assert [(line.week, line.overdue) for line in by_week(session, weeks=9)] == [("2022W41", 1), ("2022W42", 1)]
        rows = session.scalars(select(OverdueRollupRow).order_by(col(OverdueRollupRow.as_of_on))).all()
    assert [str(row.as_of_on) for row in rows] == ["2022-10-12", "2022-10-18"]


def _return_a_report(city: City) -> None:
    at = MONDAY + timedelta(hours=1)
    city.give_back(city.file(at=at), at=at)


def test_a_return_is_told_at_once_and_once(city: City, services: Services) -> None:
    _return_a_report(city)
    assert dispatch.read_log(services) > 0
    assert dispatch.read_log(services) == 0
    for delivery in dispatch.due_deliveries(services):
        assert dispatch.react(services, delivery)
        assert not dispatch.react(services, delivery)
    told = _ledger(city.database, kind="report.given_back")
    assert sorted(row.channel for row in told) == ["in_app", "mail"]
    assert "缺少数据" in told[0].reason
    assert "99号" in told[0].subject or "99-01" in str(told[0].content)
    with city.database.reading() as session:
        assert unread(session) == 0


def test_a_reaction_that_raises_leaves_nothing_and_is_tried_again(city: City, services: Services) -> None:
    _return_a_report(city)
    dispatch.read_log(services)
    deliveries = dispatch.due_deliveries(services)

    with city.database.transaction() as session:
        for row in session.scalars(select(DeliveryRow)):
            row.reaction = "of a version to come"
    assert not any(dispatch.react(services, delivery) for delivery in deliveries)
    with city.database.transaction() as session:
        rows = session.scalars(select(DeliveryRow)).all()
        assert {(row.state, row.attempts, row.last_error) for row in rows} == {
            ("pending", 1, "KeyError: 'of a version to come'")
        }
        assert deliveries_to_ring(session, machine_now=dispatch.machine_now()) == []
        later = dispatch.machine_now() + timedelta(seconds=10)
        assert deliveries_to_ring(session, machine_now=later) == deliveries
        assert backlog(session, machine_now=later).lag_s > 0
    assert _ledger(city.database) == []


def test_a_delivery_whose_reaction_raises_is_given_up_after_eight_attempts(city: City, services: Services) -> None:
    _return_a_report(city)
    dispatch.read_log(services)
    delivery, now, states = dispatch.due_deliveries(services)[0], dispatch.machine_now(), []
    for _ in range(8):
        with city.database.transaction() as session:
            claimed = claim_delivery(session, delivery_id=delivery, machine_now=now)
            assert claimed is not None
            states.append(put_off(session, claimed, error="KeyError", machine_now=now).value)
        now += timedelta(hours=1)
    assert states == ["pending"] * 7 + ["failed"]


def test_a_delivery_of_an_event_that_no_class_knows_is_put_off_with_the_reason(city: City, services: Services) -> None:
    with city.database.transaction() as session:
        seq = last_event(session) + 1
        former = EventRow(
            seq=seq,
            type="extension.granted",
            occurred_at=MONDAY,
            actor="督查室",
            payload="{}",
            previous_hash="",
            hash="",
        )
        session.add(former)
        session.flush()
        session.add_all(DeliveryRow(event_seq=seq, reaction=name, next_at=MONDAY) for name in ("notice", "drawing"))
    assert not any(dispatch.react(services, delivery) for delivery in dispatch.due_deliveries(services))
    with city.database.reading() as session:
        rows = session.scalars(select(DeliveryRow)).all()
    assert [(row.state, row.attempts, row.last_error) for row in rows] == [
        ("pending", 1, "Undecodable: extension.granted: not recorded any more")
    ] * 2


def test_a_dead_workers_delivery_is_taken_up_again_and_given_up_in_the_end(city: City, services: Services) -> None:
    _return_a_report(city)
    dispatch.read_log(services)
    now = dispatch.machine_now()
    delivery = dispatch.due_deliveries(services)[0]
    rung = []
    for _ in range(8):
        with city.database.transaction() as session:
            assert claim_delivery(session, delivery_id=delivery, machine_now=now) is not None
            assert claim_delivery(session, delivery_id=delivery, machine_now=now) is None
        now += timedelta(seconds=61)
        with city.database.transaction() as session:
            rung.append(delivery in deliveries_to_ring(session, machine_now=now))
    assert rung == [True] * 7 + [False]
    with city.database.reading() as session:
        assert session.get_one(DeliveryRow, delivery).last_error
        assert backlog(session, machine_now=now).failed == 1


def test_a_delivery_is_rung_at_its_second_and_again_only_after_ten(city: City, services: Services) -> None:
    _return_a_report(city)
    dispatch.read_log(services)
    with city.database.reading() as session:
        first = session.scalars(select(DeliveryRow).order_by(col(DeliveryRow.next_at), col(DeliveryRow.id))).first()
    assert first is not None
    rung = {}
    for seconds in (-1, 0, 10, 11):
        with city.database.transaction() as session:
            now = first.next_at + timedelta(seconds=seconds)
            rung[seconds] = first.id in deliveries_to_ring(session, machine_now=now)
    assert rung == {-1: False, 0: True, 10: False, 11: True}


def _send_all(services: Services) -> list[bool]:
    return [dispatch.send_mail(services, row) for row in dispatch.due_reminders(services)]


def test_a_mail_leaves_once_with_its_key_and_its_reason(
    city: City, services: Services, smtp_server: ScriptedSmtpServer
) -> None:
    _sweep(city.database, MONDAY)
    assert _send_all(services) == [True]
    assert _send_all(services) == []
    (mail,) = _ledger(city.database, channel="mail")
    assert mail.state == "sent"
    assert smtp_server.keys == [mail.ukey]
    text = smtp_server.received[0].message.get_content()
    assert "【今日必报】" in text
    assert "为什么收到：您是市商务局的联络员" in text


def test_a_mail_refused_for_now_waits_and_one_refused_for_good_fails(
    city: City, services: Services, smtp_server: ScriptedSmtpServer
) -> None:
    _sweep(city.database, MONDAY)
    smtp_server.answer("rcpt", "451 later", "550 nobody here")
    assert _send_all(services) == [False]
    (mail,) = _ledger(city.database, channel="mail")
    assert (mail.state, mail.last_error) == ("pending", "451 later")
    assert mail.next_at > dispatch.machine_now() + timedelta(seconds=50)
    with city.database.transaction() as session:
        session.get_one(ReminderRow, mail.id).next_at = dispatch.machine_now()
    assert _send_all(services) == [False]
    (mail,) = _ledger(city.database, channel="mail")
    assert (mail.state, mail.last_error) == ("failed", "550 nobody here")


def test_a_mail_that_is_due_is_rung_and_rung_again_only_where_nobody_took_it_up(city: City) -> None:
    _sweep(city.database, MONDAY)
    (mail,) = _ledger(city.database, channel="mail")
    second = timedelta(seconds=1)
    with city.database.transaction() as session:
        planned, tried = mail.planned_for, mail.next_at
        assert reminders_to_ring(session, now=planned - second, machine_now=tried) == [], "not planned for so early"
        assert reminders_to_ring(session, now=planned, machine_now=tried - second) == [], "not to be tried so early"
        rung = [reminders_to_ring(session, now=planned, machine_now=tried + n * second) for n in (0, 1, 20)]
        assert rung == [[mail.id], [], [mail.id]]
        assert claim_reminder(session, reminder_id=mail.id or 0, machine_now=tried + 20 * second) is not None
        assert reminders_to_ring(session, now=planned, machine_now=tried + 40 * second) == [], "it was taken up"


def test_a_server_that_is_away_over_three_days_off_loses_no_mail(city: City) -> None:
    _sweep(city.database, MONDAY)
    (mail,) = _ledger(city.database, channel="mail")
    at, tries = MACHINE, 0
    while at < MACHINE + timedelta(days=3, hours=16):  # from the evening before to the morning after
        with city.database.transaction() as session:
            claimed = claim_reminder(session, reminder_id=mail.id or 0, machine_now=at)
            assert claimed is not None
            state = record_refused(session, claimed, reply="no answer", for_good=False, at=at)
            assert state == "pending", f"given up after {at - MACHINE}"
            at, tries = session.get_one(ReminderRow, mail.id).next_at, tries + 1
    assert tries < 30, "nobody is asked in vain more often than some six times a day"


def test_a_mail_that_took_long_is_sent_and_not_held(city: City) -> None:
    _sweep(city.database, MONDAY)
    (mail,) = _ledger(city.database, channel="mail")
    with city.database.transaction() as session:
        claimed = claim_reminder(session, reminder_id=mail.id or 0, machine_now=MACHINE)
        assert claimed is not None
        assert begin_hand_over(session, claimed)
    with city.database.transaction() as session:
        assert release_expired(session, machine_now=MACHINE + timedelta(minutes=2)) == 1
    with city.database.transaction() as session:
        assert record_sent(session, claimed, at=MONDAY)
    (mail,) = _ledger(city.database, channel="mail")
    assert (mail.state, mail.last_error) == ("sent", None)


class _BothPlanned:
    """A database that lets nobody write what a pass has planned before all have planned."""

    def __init__(self, database: Database, planned: Barrier) -> None:
        self.database, self.planned = database, planned

    def transaction(self) -> AbstractContextManager[Session]:
        return self.database.transaction()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.database.reading() as session:
            yield session
        self.planned.wait(timeout=30)


@pytest.mark.parametrize("hour", [9, 1])
def test_two_schedulers_that_pass_at_the_same_moment_do_it_once(city: City, hour: int) -> None:
    """On the first day of all, and later; also before the hour of digests, when only the week is rolled up."""
    outgoing = Outgoing(mail=True, machine_now=MACHINE)
    for day in (date(2022, 10, 11), date(2022, 10, 12), date(2022, 10, 18)):
        store = _BothPlanned(city.database, Barrier(2))
        made = together(*[partial(sweep, store, now=at_local(day, hour, 0), by=BY, outgoing=outgoing)] * 2)
        assert 0 in {swept.reminders for swept in made}
    with city.database.reading() as session:
        assert session.scalars(select(OverdueRollupRow)).all()
    rows = _ledger(city.database)
    assert len(rows) == len({row.ukey for row in rows})
    assert bool(rows) is (hour == 9)


@pytest.mark.parametrize("ending", [CLOSE, KEEP_THEN_CLOSE])
def test_an_unknown_outcome_is_held_until_the_office_decides(
    city: City, services: Services, smtp_server: ScriptedSmtpServer, ending: str
) -> None:
    _sweep(city.database, MONDAY)
    smtp_server.answer("text", ending)
    assert _send_all(services) == [False]
    (mail,) = _ledger(city.database, channel="mail")
    assert mail.state == "held"
    assert mail.id is not None
    with city.database.transaction() as session, pytest.raises(NotYourTask):
        settle(session, reminder_id=mail.id, actor=city.liaison("swj"), at=MONDAY)
    with city.database.transaction() as session:
        if ending == CLOSE:
            resend(session, reminder_id=mail.id, actor=OFFICE, at=MONDAY, machine_now=dispatch.machine_now())
        else:
            settle(session, reminder_id=mail.id, actor=OFFICE, at=MONDAY)
    assert _send_all(services) == ([True] if ending == CLOSE else [])
    assert smtp_server.keys == [mail.ukey]
    with city.database.transaction() as session:
        assert session.get_one(ReminderRow, mail.id).state == "sent"
        types = set(session.scalars(select(col(EventRow.type))))
        assert types & {"reminder.resent", "reminder.settled"}
        with pytest.raises(NotHeld):
            resend(session, reminder_id=mail.id, actor=OFFICE, at=MONDAY, machine_now=MACHINE)


def test_what_a_dead_worker_claimed_is_freed_and_what_it_handed_over_is_held(city: City) -> None:
    _sweep(city.database, MONDAY)
    (mail,) = _ledger(city.database, channel="mail")
    assert mail.id is not None
    later = MACHINE + timedelta(seconds=61)
    with city.database.transaction() as session:
        assert claim_reminder(session, reminder_id=mail.id, machine_now=MACHINE) is not None
        assert claim_reminder(session, reminder_id=mail.id, machine_now=MACHINE) is None
    with city.database.transaction() as session:
        assert release_expired(session, machine_now=later) == 1
        assert session.get_one(ReminderRow, mail.id).state == "pending"
        session.get_one(ReminderRow, mail.id).state = "handing_over"
    with city.database.transaction() as session:
        assert release_expired(session, machine_now=later) == 1
        assert session.get_one(ReminderRow, mail.id).state == "held"


def test_nobody_writes_to_a_person_who_has_left(city: City, services: Services) -> None:
    _sweep(city.database, MONDAY)
    with city.database.transaction() as session:
        session.scalars(select(UserRow).where(col(UserRow.login) == "swj")).one().active = False
    assert _send_all(services) == [False]
    assert [row.state for row in _ledger(city.database, channel="mail")] == ["cancelled"]


@pytest.fixture
def redis_server(services: Services) -> Iterator[None]:
    with subprocess.Popen(redis_command(services.settings), stdout=subprocess.DEVNULL) as server:
        wait_until_ready(services.settings.redis_url, timeout_s=10)
        yield
        stop_redis(services.settings.redis_url, timeout_s=10)
        server.wait(10)


def _anything_waits(database: Database) -> bool:
    with database.reading() as session:
        deliveries = session.scalars(select(DeliveryRow).where(col(DeliveryRow.state) != "done")).all()
        unread_events = unread(session)
    return bool(deliveries or unread_events or [row for row in _ledger(database, channel="mail") if not row.sent_at])


@pytest.mark.usefixtures("redis_server")
def test_the_relay_rings_and_a_real_worker_sends(
    city: City, services: Services, smtp_server: ScriptedSmtpServer, tmp_path: Path
) -> None:
    _sweep(city.database, MONDAY)
    _return_a_report(city)
    broker = make_broker(services.settings.redis_url)
    environ = {
        "PATH": "/usr/bin:/bin",
        "TRACKER_MODE": "demo",
        "TRACKER_DATA_DIR": str(services.settings.data_dir),
        "TRACKER_DATABASE_URL": city.database.engine.url.render_as_string(hide_password=False),
        "TRACKER_SMTP_URL": smtp_server.url,
    }
    command = [sys.executable, "-m", "workers.worker", "--processes", "1", "--threads", "2"]
    services = replace(services, clock=Clock(MONDAY + timedelta(days=1)))
    with city.database.transaction() as session:
        session.add(DemonstrationClockRow(id=1, now=MONDAY + timedelta(days=1)))
    said = tmp_path / "said"
    with (
        said.open("w") as out,
        subprocess.Popen(command, env=environ, cwd=Path(__file__).parents[2], stderr=out) as worker,
    ):
        try:
            deadline = dispatch.machine_now() + timedelta(seconds=30)
            while _anything_waits(city.database) and dispatch.machine_now() < deadline:
                relay.turn(services, broker)
                time.sleep(0.1)
        finally:
            worker.terminate()
            worker.wait(20)
    mails = _ledger(city.database, channel="mail")
    assert {"digest", "report.given_back"} <= {row.kind for row in mails}
    assert {row.state for row in mails} == {"sent"}
    assert sorted(smtp_server.keys) == sorted(row.ukey for row in mails)
    # Neither the worker's start nor its end says anything: each line is of a delivery or of a mail.
    lines = said.read_text().splitlines()
    assert all(re.match(r"\S+Z \[info +\] (delivery|mail) +\[workers.dispatch\] ", line) for line in lines), lines
    assert len([line for line in lines if "] mail " in line or " mail  " in line]) == len(mails)


def test_without_redis_the_relay_does_the_work_itself(
    city: City, services: Services, smtp_server: ScriptedSmtpServer, tmp_path: Path
) -> None:
    _sweep(city.database, MONDAY)
    broker = make_broker(services.settings.redis_url)
    with written_logs(tmp_path) as logs:
        assert relay.turn(services, broker) > 0
    [handed_over] = logs.records("mail")
    assert {"outcome": "sent", "attempt": 1, "level": "info"}.items() <= handed_over.items()
    with city.database.reading() as session:
        assert session.get_one(ReminderRow, handed_over["reminder_id"]).state == "sent"
    assert len(smtp_server.keys) == 1
