"""Pages and commands on the played scenario, against one indexed query and one template of fifty rows."""

import sqlite3
import tempfile
from pathlib import Path

from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlmodel import select

from seeds.demonstration import EXAMPLE_UNIT, PASSWORD
from tests.bench.measuring import Measurement, paired
from tests.support.site import post
from tracker.bootstrap import build_services
from tracker.settings import load_settings
from tracker.store import event_log
from tracker.store.tables.events import EventRow
from tracker.usecases.reminding import Outgoing
from tracker.usecases.sweeping import sweep
from tracker.web.app import create_app

_ROWS = """
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}
"""
_QUERY = """
SELECT p.id, i.title, u.short_name, p.due_on FROM period p JOIN assignment a ON a.id = p.assignment_id
JOIN unit u ON u.id = a.unit_id JOIN task t ON t.id = a.task_id JOIN item i ON i.id = t.item_id
WHERE p.state = 'open' ORDER BY p.due_at LIMIT 50
"""
_PAGES = {"overdue list": "/tasks?overdue=1", "desk": "/desk", "one task": "/tasks/10", "review queue": "/review"}


def measure() -> list[Measurement]:
    """Play the scenario into a temporary folder and measure there."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings({"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": folder})
        services = build_services(settings)
        app = create_app(services)
        for command in (["db", "upgrade"], ["seed", "--scenario", "autumn-2022"]):
            done = app.test_cli_runner().invoke(args=command)
            assert done.exit_code == 0, done.output
        floor = _floor(Path(folder) / "tracker.db")
        found = _measure_pages(app, floor)
        now = services.clock.now()

        def one_pass() -> None:
            with services.database.transaction() as session:
                outgoing = Outgoing(mail=False, machine_now=now)
                sweep(session, now=now, calendar=services.calendar, policy=services.policy, outgoing=outgoing)

        def verify() -> None:
            with services.database.reading() as session:
                assert event_log.verify(session) is None

        def read_events() -> None:
            with services.database.reading() as session:
                session.exec(select(EventRow.payload, EventRow.hash)).all()

        name = "a pass of the scheduler that finds nothing new"
        found.append(_measurement(name, one_pass, "the floor page", floor, bound=100, rounds=9))
        found.append(_measurement("audit verify", verify, "reading every event", read_events, bound=12, rounds=5))
        services.database.dispose()
        return found


def _floor(database: Path) -> FlaskClient:
    app = Flask("floor")
    connection = sqlite3.connect(database, check_same_thread=False)

    @app.get("/")
    def page() -> str:
        return render_template_string(_ROWS, rows=connection.execute(_QUERY).fetchall())

    return app.test_client()


def _measure_pages(app: Flask, floor: FlaskClient) -> list[Measurement]:
    office, liaison = app.test_client(), app.test_client()
    post(office, "/login", at="/login", login="ducha", password=PASSWORD)
    post(liaison, "/login", at="/login", login=EXAMPLE_UNIT, password=PASSWORD)
    clients = [(name, office, path) for name, path in _PAGES.items()] + [("a liaison's day", liaison, "/today")]
    return [
        _measurement(name, lambda c=client, p=path: _get(c, p), "the floor page", floor, bound=bound, rounds=41)
        for name, client, path in clients
        for bound in [2.5]
    ]


def _get(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


def _measurement(name, work, floor_name, floor, *, bound: float, rounds: int) -> Measurement:  # type: ignore[no-untyped-def]
    floor_work = (lambda: _get(floor, "/")) if isinstance(floor, FlaskClient) else floor
    seconds, floor_seconds = paired(work, floor_work, rounds=rounds)
    return Measurement(name, seconds, floor_name, floor_seconds, bound)
