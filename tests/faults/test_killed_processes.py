"""Processes die at any moment: nothing that was confirmed is lost, no mail is lost, none is sent twice.

TRACKER_FAULT_ROUNDS says how often each kill is repeated (2 in the suite, more in `make soak`).
"""

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from tests.support.accounts import NewUser, create_user
from tests.support.commands import SeededDemonstration
from tests.support.office import CALENDAR, POLICY, open_city
from tests.support.smtp import ScriptedSmtpServer, smtp_server
from tracker.domain.accounts import Role
from tracker.gateways.clock import SystemClock
from tracker.gateways.embedded_redis import redis_command, wait_until_ready
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.services import Services
from tracker.settings import load_settings
from tracker.store import event_log
from tracker.store.database import Database
from tracker.store.tables.events import EventRow, ReminderRow
from tracker.store.tables.filings import FilingRow
from tracker.store.tables.units import UserRow
from workers import relay
from workers.broker import make_broker
from workers.process_records import read_records

__all__ = ["smtp_server"]
pytestmark = pytest.mark.faults
ROOT = Path(__file__).parents[2]
ROUNDS = int(os.environ.get("TRACKER_FAULT_ROUNDS", "2"))
MAILS = 200
AGES_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def _url(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def test_what_was_confirmed_is_there_after_kill_9(database: Database) -> None:
    city = open_city(database)
    confirmed: set[int] = set()
    for turn in range(ROUNDS):
        command = [sys.executable, "-m", "tests.faults.writer", _url(city.database)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            confirmed.add(int(writer.stdout.readline()))
            time.sleep(random.Random(turn).uniform(0.05, 0.6))
            writer.send_signal(signal.SIGKILL)
            confirmed |= {int(line) for line in writer.stdout if line.endswith("\n")}
        with database.reading() as session:
            assert list(event_log.broken_links(session)) == []
            kept = set(session.scalars(select(col(FilingRow.id))))
            events = select(func.count()).select_from(EventRow).where(col(EventRow.type) == "filing.submitted")
            assert session.scalars(events).one() == len(kept)
            assert confirmed <= kept
    print(f"\n{ROUNDS} kills, {len(confirmed)} confirmed reports, none lost")


def _services(database: Database, folder: Path, smtp_url: str) -> Services:
    environ = {"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(folder), "TRACKER_SMTP_URL": smtp_url}
    settings = load_settings({**environ, "TRACKER_DATABASE_URL": _url(database)})
    return Services(settings, database, SystemClock(), CALENDAR, POLICY, EvidenceFiles(folder / "evidence"))


def _write_mails(database: Database) -> None:
    with database.transaction() as session:
        create_user(session, NewUser("swj", "张三", Role.LIAISON, "x", "swj", "swj@example.org"))
        session.flush()
        person = session.scalars(select(UserRow)).one()
        for number in range(MAILS):
            session.add(
                ReminderRow(
                    ukey=f"mail-{number}",
                    kind="digest",
                    channel="mail",
                    recipient_id=person.id or 0,
                    recipient="张三",
                    address="swj@example.org",
                    subject="督办提醒",
                    reason="测试",
                    content={"lines": [], "tasks": []},
                    planned_for=AGES_AGO,
                    planned_on=AGES_AGO.date(),
                    next_at=AGES_AGO,
                )
            )


def _let_a_minute_pass(database: Database) -> None:
    """Age every claim and every ring, as the minute after which they are taken up again would."""
    with database.transaction() as session:
        session.execute(update(ReminderRow).values(rung_at=None))
        claimed = col(ReminderRow.claim_until).is_not(None)
        session.execute(update(ReminderRow).where(claimed).values(claim_until=AGES_AGO))


def _states(database: Database) -> dict[str, str]:
    with database.reading() as session:
        mails = select(ReminderRow).where(col(ReminderRow.channel) == "mail")
        return {row.ukey: row.state for row in session.scalars(mails)}


def test_killed_workers_lose_no_mail_and_send_none_twice(
    database: Database, tmp_path: Path, smtp_server: ScriptedSmtpServer
) -> None:
    open_city(database)
    _write_mails(database)
    services = _services(database, tmp_path, smtp_server.url)
    environ = {
        "PATH": "/usr/bin:/bin",
        "TRACKER_MODE": "demo",
        "TRACKER_DATA_DIR": str(tmp_path),
        "TRACKER_DATABASE_URL": _url(database),
        "TRACKER_SMTP_URL": smtp_server.url,
    }
    command = [sys.executable, "-m", "workers.worker", "--processes", "1", "--threads", "2"]
    broker = make_broker(services.settings.redis_url)
    with subprocess.Popen(redis_command(services.settings), stdout=subprocess.DEVNULL) as server:
        try:
            wait_until_ready(services.settings.redis_url, timeout_s=10)
            for turn in range(ROUNDS):
                with subprocess.Popen(
                    command, env=environ, cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True
                ) as worker:
                    until = time.monotonic() + random.Random(turn).uniform(1.2, 2.2)
                    while time.monotonic() < until:
                        relay.turn(services, broker)
                        time.sleep(0.02)
                    os.killpg(worker.pid, signal.SIGKILL)
                _let_a_minute_pass(database)
        finally:
            server.kill()
    for _ in range(MAILS):
        if set(_states(database).values()) <= {"sent", "held"}:
            break
        relay.turn(services, broker)
    states = _states(database)
    held = {key for key, state in states.items() if state == "held"}
    assert set(states.values()) <= {"sent", "held"}
    assert len(smtp_server.keys) == len(set(smtp_server.keys))
    assert set(states) - held <= set(smtp_server.keys)
    print(
        f"\n{ROUNDS} kills, {len(states)} mails: {len(states) - len(held)} sent once, {len(held)} held for a decision"
    )


def _healthy(address: str, *, within_s: float) -> bool:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=10) as answer:
                facts = json.load(answer)
                if facts["status"] == "ok":
                    return True
        except OSError:
            pass
        time.sleep(0.2)
    return False


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.timeout(400)
def test_the_demonstration_survives_the_death_of_each_of_its_processes(
    seeded_demonstration: SeededDemonstration, tmp_path: Path
) -> None:
    """`make run` on what its commands seeded: killed part by part, stopped by one Ctrl-C, and started again."""
    seeded_demonstration.copy_to(tmp_path)
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    environ = {"PATH": os.environ["PATH"], "PORT": str(port), "TRACKER_DATA_DIR": str(tmp_path)}
    command, said = [sys.executable, "-m", "workers.run"], tmp_path / "said"
    for start in range(2):
        with (
            said.open("a") as out,
            subprocess.Popen(command, env=environ, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT) as run,
        ):
            try:
                assert _healthy(address, within_s=150)  # what is seeded is looked through before the first page
                records = read_records(tmp_path)
                assert {record.name for record in records} >= {"redis", "worker", "relay", "scheduler", "web"}
                for record in records if start == 0 else []:
                    if record.pid != run.pid:
                        os.kill(record.pid, signal.SIGKILL)
                time.sleep(1)
                assert _healthy(address, within_s=30)
            finally:
                # Not SIGINT, which a shell lets its processes in the background ignore.
                run.send_signal(signal.SIGTERM)
                try:
                    ended = run.wait(60)
                finally:
                    run.kill()  # its own processes die with it
            assert ended == 0
        assert not _healthy(address, within_s=0.5)
    # Each start of each part is read along, the records of its log included.
    anchors = re.findall(r"^scheduler +\| \S+Z \[info +\] anchor +\[workers.scheduler\] line='", said.read_text(), re.M)
    assert len(anchors) >= 2
