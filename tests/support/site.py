"""The whole application on a small city, with people who can log in."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from tests.support.accounts import NewUser, create_user
from tests.support.office import CALENDAR, POLICY, City, open_city
from tests.support.projects import LISTS
from tests.support.quick_hashes import QUICK
from tests.support.quick_rules import compile_rules_once
from tracker.domain.accounts import Role
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.services import Services
from tracker.settings import load_settings
from tracker.store.database import Database
from tracker.web.app import create_app
from workers import dispatch

PASSWORD = "correct horse"
# The cost of a hash stands in it, and each log-in pays it.
PASSWORD_HASH = QUICK.hash(PASSWORD)
# Every site has an application of its own; its templates need not be compiled anew for each.
TEMPLATES = FileSystemBytecodeCache(tempfile.mkdtemp(prefix="tracker-templates-"))
atexit.register(shutil.rmtree, TEMPLATES.directory, ignore_errors=True)
compile_rules_once()


class FixedClock:
    """A clock that a test sets; with a `step` it goes on by as much whenever it is asked, as real ones do."""

    def __init__(self, at: datetime) -> None:
        self.at, self.step = at, timedelta()

    def now(self) -> datetime:
        self.at += self.step
        return self.at


class Site:
    """The application, its city and its clock; `client` logs somebody in."""

    def __init__(self, database: Database, folder: Path, *, city: City | None = None, has_people: bool = False) -> None:
        self.city: City = city or open_city(database)
        self.clock = FixedClock(datetime(2022, 9, 2, 1, 0, tzinfo=UTC))
        settings = load_settings({"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(folder / "var")})
        files = EvidenceFiles(folder / "evidence")
        self.services = Services(settings, database, self.clock, CALENDAR, POLICY, files, project_lists=LISTS)
        if not has_people:
            _enter_people(database)
        self.app = create_app(self.services)
        self.app.jinja_env.bytecode_cache = TEMPLATES

    def work(self) -> None:
        """Let what follows from the log follow now, as the workers would."""
        dispatch.read_log(self.services)
        for delivery_id in dispatch.due_deliveries(self.services):
            assert dispatch.react(self.services, delivery_id)

    def logged_in(self, login: str) -> FlaskClient:
        """Log somebody in beside others: what `client` opens belongs to one thread and keeps its last request."""
        client = self.app.test_client()
        assert post(client, "/login", at="/login", login=login, password=PASSWORD).status_code == 303
        return client

    @contextmanager
    def client(self, login: str | None = None) -> Iterator[FlaskClient]:
        with self.app.test_client() as client:
            if login is not None:
                _log_in(client, login)
            yield client

    def beside(self, login: str) -> FlaskClient:
        """Return a browser of somebody that is open while others are."""
        client = self.app.test_client()
        _log_in(client, login)
        return client


def _enter_people(database: Database) -> None:
    with database.transaction() as session:
        for code in ("swj", "tjj", "wjw"):
            create_user(session, NewUser(code, "联络员", Role.LIAISON, PASSWORD_HASH, code))
            create_user(session, NewUser(f"{code}-head", "负责人", Role.UNIT_HEAD, PASSWORD_HASH, code))
        create_user(session, NewUser("office", "督查员", Role.SUPERVISOR, PASSWORD_HASH))
        create_user(session, NewUser("leader", "领导", Role.LEADER, PASSWORD_HASH))
        create_user(session, NewUser("reader", "阅文", Role.READER, PASSWORD_HASH))
        create_user(session, NewUser("sysadmin", "系统管理员", Role.SYSTEM_ADMIN, PASSWORD_HASH))
        create_user(session, NewUser("secadmin", "安全保密管理员", Role.SECURITY_ADMIN, PASSWORD_HASH))
        create_user(session, NewUser("auditor", "审计管理员", Role.AUDIT_ADMIN, PASSWORD_HASH))
        create_user(session, NewUser("pending", "待授权人员", Role.PENDING, PASSWORD_HASH))


def _log_in(client: FlaskClient, login: str) -> None:
    answer = post(client, "/login", at="/login", login=login, password=PASSWORD)
    assert answer.status_code == 303, answer.get_data(as_text=True)


def post(client: FlaskClient, address: str, *, at: str, **fields: str | list[str]) -> TestResponse:
    """Send a form as a browser would: with the token of the page `at` which it stands on."""
    page = client.get(at).get_data(as_text=True)
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    return client.post(address, data={"csrf_token": token, **fields})
