"""What monitoring is told: that a process lives, what it can do, and to whom more is said."""

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dramatiq
import pytest
from dramatiq.brokers.stub import StubBroker
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.support.databases import fresh_sqlite
from tests.support.keys import SECRET_KEY
from tests.support.site import Site
from tracker.gateways.heartbeats import BACKGROUND, HUNG_AFTER_S, SILENT_AFTER_S, WORKER, Heartbeats, hung, latest
from tracker.settings import load_settings
from tracker.store.database import Database
from tracker.store.tables.events import DeliveryRow
from tracker.web.app import create_app
from workers.pulse import Pulse

_NOBODY_LISTENS = Database("postgresql+psycopg://nobody:x@127.0.0.1:1/tracker")
_TOKEN = "t" * 16
_STRANGER = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.work()
    return made


@contextmanager
def _asking(site: Site, database: Database | None = None, /, **variables: str) -> Iterator[FlaskClient]:
    """Ask the site under other settings, or on another database."""
    folder = str(site.services.settings.data_dir)
    given = {"TRACKER_MODE": "demo", "TRACKER_SECRET_KEY": SECRET_KEY, "TRACKER_DATA_DIR": folder, **variables}
    changed = replace(site.services, settings=load_settings(given), database=database or site.services.database)
    with create_app(changed).test_client() as client:
        yield client


def _live(site: Site, *names: str, busy_s: float = 0.0) -> None:
    for name in names:
        Heartbeats(site.services.settings.data_dir).beat(name, busy_s=busy_s)


def _ready(client: FlaskClient) -> tuple[int, dict[str, Any]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.get_json()


def test_a_process_lives_whatever_its_parts_do(site: Site) -> None:
    with _asking(site, _NOBODY_LISTENS) as client:
        answer = client.get("/healthz")
        assert answer.status_code == 200
        facts = answer.get_json()
        assert (facts["status"], facts["database"], facts["redis"]) == ("ok", "down", "down")
        assert (facts["outbox_lag_s"], facts["clock"]) == (None, None)
    with _asking(site) as client:
        facts = client.get("/healthz").get_json()
        assert (facts["database"], facts["outbox_lag_s"], facts["version"]) == ("ok", 0.0, "0.1.0")
        assert facts["clock"] == site.clock.at.isoformat()


def test_redis_and_those_who_work_behind_degrade_only(site: Site) -> None:
    with _asking(site) as client:
        status, facts = _ready(client)
        assert (status, facts["status"]) == (200, "degraded")
        assert set(facts["degraded"]) == {"redis", *BACKGROUND}
        _live(site, *BACKGROUND)
        status, facts = _ready(client)
        assert (status, facts["status"], facts["degraded"]) == (200, "degraded", ["redis"])
        assert "down" not in facts


def test_a_database_that_is_away_is_named(site: Site) -> None:
    with _asking(site, _NOBODY_LISTENS) as client:
        status, facts = _ready(client)
    assert (status, facts["status"], facts["down"]) == (503, "down", ["database"])


def test_a_database_of_another_program_is_named(site: Site) -> None:
    with site.services.database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with _asking(site) as client:
        assert _ready(client)[0::1][0] == 503
        assert _ready(client)[1]["down"] == ["migrations"]


def test_who_writes_keeps_nobody_waiting_who_asks(site: Site, tmp_path: Path) -> None:
    with Database(f"sqlite:///{tmp_path / 'tracker.db'}").transaction() as writing, _asking(site) as client:
        writing.execute(text("SELECT 1"))
        before = time.monotonic()
        assert _ready(client)[0] == 200
        assert time.monotonic() - before < 5


@pytest.mark.parametrize("state", ["pending", "claimed"])
def test_work_that_nobody_does_is_named_also_where_somebody_claimed_it(site: Site, state: str) -> None:
    now = datetime.now(UTC)
    with site.services.database.transaction() as session:
        seq = session.execute(text("SELECT max(seq) FROM event")).scalar_one()
        old, until = now - timedelta(minutes=11), now + timedelta(seconds=20)
        session.add(DeliveryRow(event_seq=seq, reaction="x", state=state, next_at=old, attempts=1, claim_until=until))
    with _asking(site) as client:
        status, facts = _ready(client)
        assert (status, facts["down"]) == (503, ["outbox"])
        assert facts["outbox_lag_s"] >= 660
        assert facts["oldest_claim_s"] == pytest.approx(40 if state == "claimed" else 0, abs=5)
        assert f"tracker_oldest_claim_seconds {facts['oldest_claim_s']:.0f}"[:30] in client.get("/metrics").text


def test_events_that_no_relay_reads_are_named_in_production(site: Site) -> None:
    with site.services.database.transaction() as session:
        session.execute(text("UPDATE relay_cursor SET seq = 0"))
    with _asking(site) as client:
        assert _ready(client)[0] == 200, "how old an event of a demonstration is, nobody knows"
    with _asking(site, TRACKER_MODE="production") as client:
        assert _ready(client)[1]["down"] == ["outbox"]


def test_a_worker_that_hangs_or_is_silent_is_named(site: Site) -> None:
    _live(site, *BACKGROUND)
    _live(site, WORKER, busy_s=HUNG_AFTER_S + 1)
    with _asking(site) as client:
        assert set(_ready(client)[1]["degraded"]) == {"redis", WORKER}
        assert f'tracker_busy_seconds{{process="worker"}} {HUNG_AFTER_S + 1}' in client.get("/metrics").text
        _live(site, WORKER)
        assert _ready(client)[1]["degraded"] == ["redis"]
        for path in (site.services.settings.data_dir / "run").glob("worker-*"):
            os.utime(path, (0, time.time() - SILENT_AFTER_S - 5))
        assert set(_ready(client)[1]["degraded"]) == {"redis", WORKER}


@pytest.mark.parametrize(
    ("variables", "environ", "headers", "base_url", "knows"),
    [
        ({}, {}, {}, "http://127.0.0.1:8000", True),
        ({}, {}, {}, "http://localhost", True),
        ({}, _STRANGER, {}, "http://127.0.0.1:8000", False),
        ({}, {}, {"X-Forwarded-For": "203.0.113.7"}, "http://127.0.0.1:8000", False),
        ({}, {}, {"X-Forwarded-For": "127.0.0.1"}, "http://127.0.0.1:8000", False),
        ({}, {}, {"X-Real-IP": "203.0.113.7"}, "http://127.0.0.1:8000", False),
        ({}, {}, {"Forwarded": "for=203.0.113.7"}, "http://127.0.0.1:8000", False),
        ({}, {}, {"Via": "1.1 proxy"}, "http://127.0.0.1:8000", False),
        ({}, {}, {}, "http://tracker.example", False),
        ({"TRACKER_TRUSTED_PROXIES": "127.0.0.1"}, {}, {}, "http://127.0.0.1:8000", False),
        ({"TRACKER_TRUSTED_PROXIES": "unix"}, {"REMOTE_ADDR": ""}, {}, "http://127.0.0.1:8000", False),
        ({"TRACKER_METRICS_TOKEN": _TOKEN}, _STRANGER, {"Authorization": f"Bearer {_TOKEN}"}, "http://x.example", True),
        ({"TRACKER_METRICS_TOKEN": _TOKEN}, _STRANGER, {"Authorization": "Bearer no"}, "http://x.example", False),
    ],
)
def test_more_is_said_to_this_machine_and_to_the_token_only(
    site: Site,
    variables: dict[str, str],
    environ: dict[str, str],
    headers: dict[str, str],
    base_url: str,
    knows: bool,
) -> None:
    with _asking(site, **variables) as client:
        health, ready, metrics = (
            client.get(page, environ_overrides=environ, headers=headers, base_url=base_url)
            for page in ("/healthz", "/readyz", "/metrics")
        )
    assert (health.status_code, ready.status_code) == (200, 200)
    assert (set(health.get_json()) != {"status"}) is knows
    assert ("parts" in ready.get_json()) is knows
    assert metrics.status_code == (200 if knows else 404)


def test_a_thread_of_the_worker_that_hangs_shows_while_another_works(tmp_path: Path) -> None:
    """The worker is dramatiq's own; one of its two threads never returns from its message."""
    beats, stuck, seen = Heartbeats(tmp_path), threading.Event(), threading.Event()
    broker = StubBroker(middleware=[Pulse(beats, every_s=0.05)])

    @dramatiq.actor(broker=broker)
    def hang() -> None:
        stuck.wait(20)

    @dramatiq.actor(broker=broker)
    def work() -> None:
        seen.set()

    worker = dramatiq.Worker(broker, worker_threads=2, worker_timeout=50)
    worker.start()
    try:
        hang.send()
        time.sleep(0.5)
        work.send()
        assert seen.wait(5)
        _until(lambda: (last := latest(beats.read(), WORKER)) is not None and last.busy_s >= 0.4)
        stuck.set()
        _until(lambda: (last := latest(beats.read(), WORKER)) is not None and last.busy_s == 0)
    finally:
        stuck.set()
        worker.stop()
    _until(lambda: beats.read() == ())


def _until(condition: Any) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def test_signs_of_life_survive_what_a_crash_leaves(tmp_path: Path) -> None:
    beats = Heartbeats(tmp_path)
    beats.beat(WORKER, busy_s=3)
    (tmp_path / "run" / "relay-x-1.beat").write_text('{"name": "re')
    (tmp_path / "run" / "old-x-1.beat").write_text(json.dumps({"name": "scheduler", "busy_s": 0}))
    os.utime(tmp_path / "run" / "old-x-1.beat", (0, time.time() - 90_000))
    assert {beat.name for beat in beats.read()} == {"worker", "scheduler"}
    assert hung(beats.read()) is None
    beats.leave("nobody")
    assert {beat.name for beat in beats.read()} == {"worker"}
