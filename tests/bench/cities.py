"""The application on a small and a large bulk city, on one database, and the floor that its pages are held against."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import Template

from tests.bench.bulk import NOW, BulkCity
from tests.support.accounts import log_in
from tests.support.databases import drop_postgres, fresh_postgres, fresh_sqlite, running_postgres
from tests.support.owed_city import BY
from tests.support.site import FixedClock
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.services import Services
from tracker.settings import load_settings
from tracker.store.database import Database
from tracker.web.app import create_app
from tracker.web.cookies import Cookie

SIZES = (1_000, 100_000)
# What nobody can do without: a page of fifty lines, written once, and one query that names its index' condition.
_ROWS = """<!doctype html><html lang="zh"><body><table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table></body></html>
"""
_QUERY = """
SELECT s.id, u.short_name, d.number, s.kind, s.overdue_from FROM series s JOIN unit u ON u.id = s.unit_id
JOIN document d ON d.id = s.document_id WHERE s.overdue_from IS NOT NULL ORDER BY s.overdue_from, s.id LIMIT 50
"""


@dataclass(frozen=True, slots=True)
class BenchCity:
    """One loaded city with the application on it."""

    database: Database
    app: Flask

    @property
    def kind(self) -> str:
        return self.database.engine.dialect.name

    def client(self, user_id: int) -> FlaskClient:
        """Return a browser in which this person is logged in."""
        with self.database.transaction() as session:
            key = log_in(session, user_id=user_id, now=datetime.now(UTC))
        client = self.app.test_client()
        client.set_cookie(Cookie.LOG_IN, key)
        return client

    def floor_page(self) -> Callable[[], object]:
        """Return a request for the floor page: the driver's connection, one query, one precompiled template."""
        app = Flask("floor")
        template: Template = app.jinja_env.from_string(_ROWS)
        # On a reading engine a checkout would cost as much as the query; the floor keeps its connection.
        connection = self.database.engine.raw_connection().driver_connection
        assert connection is not None

        @app.get("/")
        def page() -> str:
            rows = connection.execute(_QUERY).fetchall()
            connection.rollback()
            return template.render(rows=rows)

        client = app.test_client()
        return lambda: client.get("/").get_data()


@contextmanager
def bench_cities(kind: str, *, sizes: tuple[int, ...] = SIZES) -> Iterator[list[BenchCity]]:
    """Load a city of each size into a database of this kind, `sqlite` or `postgresql`."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        folder.chmod(0o755)
        url = stack.enter_context(running_postgres(folder)) if kind == "postgresql" else None
        yield [_open(stack, folder / str(size), size, url) for size in sizes]


def _open(stack: ExitStack, folder: Path, size: int, url: str | None) -> BenchCity:
    folder.mkdir()
    if url is None:
        database = fresh_sqlite(folder)
    else:
        database, name = fresh_postgres(url)
        stack.callback(drop_postgres, url, name)
    stack.callback(database.dispose)
    BulkCity(database, size).load()
    settings = load_settings({"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(folder / "var")})
    evidence = EvidenceFiles(folder / "evidence")
    services = Services(settings, database, FixedClock(NOW), BY.calendar, BY.policy, evidence)
    return BenchCity(database, create_app(services))
