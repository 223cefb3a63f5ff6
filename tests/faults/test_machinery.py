"""What the log causes is done, all of it and once, whoever dies or hangs: deliveries, mails at the moment they flow."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from tests.faults.test_killed_processes import MAILS, ROOT, _services, _states, _url, _write_mails
from tests.support.office import IN_TIME, OFFICE, open_city
from tests.support.smtp import HANG, ScriptedSmtpServer, smtp_server
from tracker.domain.events.tasks import KeyMarked
from tracker.gateways.embedded_redis import redis_command, wait_until_ready
from tracker.gateways.heartbeats import WORKER, Heartbeats, latest
from tracker.services import Services
from tracker.store import event_log
from tracker.store.database import Database
from tracker.store.tables.events import DeliveryRow, EventRow, ReminderRow
from tracker.subscriptions import SUBSCRIPTIONS
from workers import dispatch, relay
from workers.broker import make_broker

__all__ = ["smtp_server"]
pytestmark = pytest.mark.faults
EVENTS = 120
_PART_S = 60.0


def _record(database: Database, count: int = EVENTS) -> None:
    """Write events that are told, one after the other, so that none of them can be left out unnoticed."""
    with database.transaction() as session:
        for _ in range(count):
            event_log.record(session, KeyMarked(task_id=1, reason="市政府常务会议议定"), actor=OFFICE, at=IN_TIME)


def _expected(database: Database) -> set[tuple[int, str]]:
    """Return which reaction each event of the log must have: counted from the log, not by what reads it."""
    reactions = {kind.type: names for kind, names in SUBSCRIPTIONS.items()}
    with database.reading() as session:
        events = session.execute(select(col(EventRow.seq), col(EventRow.type))).all()
    return {(seq, name) for seq, type_ in events for name in reactions.get(type_, ())}


def _done(database: Database) -> list[tuple[int, str]]:
    with database.reading() as session:
        rows = session.execute(
            select(col(DeliveryRow.event_seq), col(DeliveryRow.reaction)).where(col(DeliveryRow.state) == "done")
        )
        return [(seq, name) for seq, name in rows]


def _has_more(database: Database, before: int) -> bool:
    return len(_done(database)) > before


def _told(database: Database) -> int:
    with database.reading() as session:
        wanted = select(func.count()).where(col(ReminderRow.channel) == "in_app")
        return session.scalars(wanted).one()


def _until(condition: Callable[[], object], *, within_s: float = _PART_S) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def _environ(services: Services, smtp_url: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "TRACKER_MODE": "demo",
        "TRACKER_DATA_DIR": str(services.settings.data_dir),
        "TRACKER_DATABASE_URL": _url(services.database),
        "TRACKER_SMTP_URL": smtp_url,
    }


@contextmanager
def _running(program: str, services: Services, smtp_url: str, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", f"workers.{program}", *options]
    environ = _environ(services, smtp_url)
    with subprocess.Popen(command, env=environ, cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True) as started:
        try:
            yield started
        finally:
            if started.poll() is None:
                os.killpg(started.pid, signal.SIGKILL)


@contextmanager
def _redis(services: Services) -> Iterator[None]:
    with subprocess.Popen(redis_command(services.settings), stdout=subprocess.DEVNULL) as server:
        try:
            wait_until_ready(services.settings.redis_url, timeout_s=20)
            yield
        finally:
            server.kill()


def test_every_event_is_delivered_once_to_each_that_waits_for_it(
    database: Database, tmp_path: Path, smtp_server: ScriptedSmtpServer
) -> None:
    """Also where the relay, which does the work itself without Redis, is killed in the middle of it."""
    open_city(database)
    services = _services(database, tmp_path, smtp_server.url)
    for turn in range(2):
        _record(database)
        before = len(_done(database))
        with _running("relay", services, smtp_server.url) as killed:
            _until(partial(_has_more, database, before))
            os.killpg(killed.pid, signal.SIGKILL)
        assert len(_done(database)) < len(_expected(database)), f"round {turn} killed nobody at work"
    with _running("relay", services, smtp_server.url):
        _until(lambda: len(_done(database)) >= len(_expected(database)), within_s=2 * _PART_S)
    done, told = _done(database), _told(database)
    assert len(_expected(database)) >= 2 * EVENTS
    assert sorted(done) == sorted(_expected(database))
    dispatch.read_log(services)
    assert (_done(database), _told(database)) == (done, told), "nothing is done a second time"
    print(f"\n{len(done)} deliveries of {len(_expected(database))} done once")


def test_a_mail_flows_only_after_everybody_can_read_that_it_does(
    database: Database, tmp_path: Path, smtp_server: ScriptedSmtpServer
) -> None:
    """Whoever dies while the text flows leaves a row that says so, in another process's eyes too."""
    open_city(database)
    _write_mails(database)
    services = _services(database, tmp_path, smtp_server.url)
    seen: list[str] = []
    elsewhere = Database(_url(database))
    smtp_server.at_text = lambda key: seen.append(_states(elsewhere)[key])
    for reminder_id in dispatch.due_reminders(services)[:20]:
        assert dispatch.send_mail(services, reminder_id)
    elsewhere.dispose()
    assert seen == ["handing_over"] * 20


def test_a_worker_does_all_of_it_while_one_of_its_threads_hangs(
    database: Database, tmp_path: Path, smtp_server: ScriptedSmtpServer
) -> None:
    """With Redis nobody but the worker works: what a hung one leaves undone is not done by the relay."""
    open_city(database)
    _record(database, 20)
    _write_mails(database)
    services = _services(database, tmp_path, smtp_server.url)
    broker = make_broker(services.settings.redis_url)
    beats = Heartbeats(services.settings.data_dir)
    smtp_server.answer("text", HANG)
    with _redis(services), _running("worker", services, smtp_server.url, "--processes", "1", "--threads", "2"):
        _until(lambda: latest(beats.read(), WORKER) is not None)
        hung_s = 0.0

        def settled() -> bool:
            nonlocal hung_s
            relay.turn(services, broker)
            last = latest(beats.read(), WORKER)
            hung_s = max(hung_s, last.busy_s if last else 0.0)
            states = [state for key, state in _states(database).items() if key.startswith("mail-")]
            return states.count("sent") == MAILS - 1 and states.count("held") == 1

        _until(settled, within_s=2 * _PART_S)
        _until(lambda: len(_done(database)) >= len(_expected(database)))
    assert sorted(_done(database)) == sorted(_expected(database))
    assert len(smtp_server.keys) == len(set(smtp_server.keys)) >= MAILS - 1
    assert hung_s > 2, "the sign of life tells for how long a thread has been at one message"
