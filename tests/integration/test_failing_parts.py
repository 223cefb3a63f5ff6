"""The database or the disk fails under the site: each answer is a sentence, and nothing written is lost."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from tests.support.commands import ROOT
from tests.support.databases import fresh_sqlite
from tests.support.full_disk import FACT
from tests.support.keys import SECRET_KEY
from tests.support.logs import written_logs
from tests.support.office import IN_TIME
from tests.support.site import Site
from tests.support.small_disks import may_mount
from tracker.gateways.clock import DemonstrationClock
from tracker.settings import load_settings
from tracker.store import schema
from tracker.store.database import Database
from tracker.store.sqlite_file import LogLeftBehind, SqliteFile
from tracker.web.app import create_app
from tracker.web.cookies import Cookie

_NOBODY_LISTENS = "postgresql+psycopg://nobody:x@127.0.0.1:1/tracker"
_WRITTEN = "因机构改革，责任分工正在调整，申请顺延。"
_DEADLINE = {"new_on": "2022-12-30", "reason": _WRITTEN}
_AT = {"Referer": "http://localhost/tasks/1"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = IN_TIME
    made.app.config["WTF_CSRF_ENABLED"] = False
    with written_logs(tmp_path):
        yield made


def _is_told(answer: TestResponse, status: int, words: str) -> None:
    page = answer.get_data(as_text=True)
    assert answer.status_code == status, page[:300]
    assert words in page
    assert "Traceback" not in page
    assert int(answer.headers["Retry-After"]) > 0


@contextmanager
def _without_database(site: Site, folder: Path, mode: str) -> Iterator[FlaskClient]:
    environ = {"TRACKER_MODE": mode, "TRACKER_SECRET_KEY": SECRET_KEY, "TRACKER_DATA_DIR": str(folder / "away")}
    away = Database(_NOBODY_LISTENS)
    clock = DemonstrationClock(away, starts_at=IN_TIME) if mode == "demo" else site.clock
    app = create_app(replace(site.services, settings=load_settings(environ), database=away, clock=clock))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_client() as client:
        client.set_cookie(f"{'' if mode == 'demo' else '__Host-'}{Cookie.LOG_IN}", "a log-in of before")
        yield client


@pytest.mark.parametrize("mode", ["demo", "production"])
def test_no_page_needs_the_database_to_say_that_it_is_away(site: Site, tmp_path: Path, mode: str) -> None:
    with _without_database(site, tmp_path, mode) as client:
        for page in ("/", "/today", "/desk", "/tasks/1", "/circulars", "/evidence/1"):
            _is_told(client.get(page), 503, "数据库暂时不可用")
        _is_told(client.post("/login", data={"login": "swj", "password": "x"}), 503, "数据库暂时不可用")
        # The time of a demonstration is a row; the form of production asks nothing.
        assert client.get("/login").status_code == (503 if mode == "demo" else 200)
        assert client.get("/no-such-page").status_code == 404


@pytest.mark.parametrize("mode", ["demo", "production"])
def test_what_was_written_comes_back_where_the_database_is_away(site: Site, tmp_path: Path, mode: str) -> None:
    with _without_database(site, tmp_path, mode) as client:
        refused = client.post("/tasks/1/deadline", data=_DEADLINE, headers=_AT)
    _is_told(refused, 503, "数据库暂时不可用")
    assert _WRITTEN in refused.get_data(as_text=True)


def _each_connection_begins(site: Site, pragma: str) -> None:
    database = site.services.database

    @event.listens_for(database.engine, "connect")
    def begin(connection: object, _record: object) -> None:
        connection.execute(pragma)  # type: ignore[attr-defined]  # the driver's connection has no common type

    database.dispose()


def test_a_locked_database_says_that_it_is_busy_and_keeps_nothing(site: Site, tmp_path: Path) -> None:
    _each_connection_begins(site, "PRAGMA busy_timeout = 20")
    other = Database(f"sqlite:///{tmp_path / 'tracker.db'}")
    with site.client("office") as office, other.transaction() as writing:
        writing.execute(text("SELECT 1"))  # a transaction begins with its first statement
        answer = office.post("/tasks/1/deadline", data=_DEADLINE, headers=_AT)
        _is_told(answer, 503, "系统正忙")
        assert _WRITTEN in answer.get_data(as_text=True)
        assert office.get("/desk").status_code == 200, "who only reads is not kept waiting"


def test_a_full_disk_under_the_database_is_507_and_the_form_comes_back(site: Site) -> None:
    with site.client("office") as office:
        _each_connection_begins(site, "PRAGMA max_page_count = 1")
        for day in range(1, 29):  # until no page of the file is free any more
            sent = {"new_on": f"2022-12-{day:02}", "reason": _WRITTEN * 20}
            answer = office.post("/tasks/1/deadline", data=sent, headers=_AT)
            if answer.status_code != 303:
                break
        _is_told(answer, 507, "存储空间已满")
        assert _WRITTEN in answer.get_data(as_text=True)
        assert office.get("/desk").status_code == 200


def test_a_broken_file_and_a_database_of_an_older_program_are_503(site: Site, tmp_path: Path) -> None:
    site.services.database.dispose()
    for content, words in ((b"no database at all" * 100, "数据库暂时不可用"), (b"", "系统正在升级")):
        for ending in ("", "-wal", "-shm"):
            (tmp_path / f"tracker.db{ending}").unlink(missing_ok=True)
        (tmp_path / "tracker.db").write_bytes(content)
        with site.app.test_client() as client:
            client.set_cookie("tracker_login", "a log-in of before")
            _is_told(client.get("/today"), 503, words)
        site.services.database.dispose()


def _gone(folder: Path) -> None:
    (folder / "tracker.db").rename(folder / "elsewhere.db")


def _replaced(folder: Path) -> None:
    _gone(folder)
    shutil.copyfile(folder / "elsewhere.db", folder / "tracker.db")


@pytest.mark.parametrize("move", [_gone, _replaced])
def test_nothing_is_accepted_into_a_file_that_nobody_will_find_again(
    site: Site, tmp_path: Path, move: Callable[[Path], None]
) -> None:
    with site.client("office") as office:
        move(tmp_path)
        refused = office.post("/tasks/1/deadline", data=_DEADLINE, headers=_AT)
        _is_told(refused, 503, "数据库暂时不可用")
        assert _WRITTEN in refused.get_data(as_text=True)
        assert office.get("/readyz").get_json()["down"] == ["database"]
        (tmp_path / "elsewhere.db").rename(tmp_path / "tracker.db")
        assert office.post("/tasks/1/deadline", data=_DEADLINE, headers=_AT).status_code == 303, "without a restart"


def test_another_file_is_not_opened_in_a_database_s_place(site: Site, tmp_path: Path) -> None:
    """A connection to it would stay in the pool, and later write into the log of the right one."""
    site.services.database.dispose()
    file = SqliteFile(tmp_path / "tracker.db")
    opened = [file.open(patience_s=1)]
    _replaced(tmp_path)
    with pytest.raises(sqlite3.OperationalError):
        file.open(patience_s=1)
    (tmp_path / "elsewhere.db").rename(tmp_path / "tracker.db")
    opened.append(file.open(patience_s=1))
    for connection in opened:
        connection.close()


@pytest.mark.parametrize("move", [_gone, _replaced])
def test_a_transaction_whose_file_goes_meanwhile_is_not_kept(
    site: Site, tmp_path: Path, move: Callable[[Path], None]
) -> None:
    changed = text("UPDATE person SET name = '改名' WHERE login = 'swj'")
    with pytest.raises(OperationalError), site.services.database.transaction() as session:
        session.execute(changed)
        move(tmp_path)
    (tmp_path / "elsewhere.db").rename(tmp_path / "tracker.db")
    with site.services.database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM person WHERE name = '改名'")).scalar_one() == 0


def test_no_database_is_made_by_who_only_asks_for_it(tmp_path: Path) -> None:
    absent = Database(f"sqlite:///{tmp_path / 'tracker.db'}")
    for opened in (absent.reading, absent.transaction, absent.snapshot):
        with pytest.raises(OperationalError), opened() as one:
            one.execute(text("SELECT 1"))
    assert list(tmp_path.iterdir()) == []
    schema.upgrade(absent)
    assert schema.is_current(absent)


def test_no_new_database_destroys_the_log_of_one_that_was_moved(site: Site, tmp_path: Path) -> None:
    with site.services.database.reading() as session:  # as long as somebody has it open the log stays
        session.execute(text("SELECT 1"))
        _gone(tmp_path)
        again = Database(f"sqlite:///{tmp_path / 'tracker.db'}")
        with pytest.raises(LogLeftBehind):
            schema.upgrade(again)
    assert not (tmp_path / "tracker.db").exists()


@pytest.mark.skipif(not may_mount(), reason="this machine lets nobody mount a small disk in a namespace of his own")
@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("full", 507, "存储空间已满"),
        ("received", 507, "存储空间已满"),
        ("read-only", 503, "服务器存储暂时不能读写"),
    ],
)
def test_a_file_for_which_there_is_no_room_leaves_the_form_as_it_was_written(
    tmp_path: Path, kind: str, status: int, words: str
) -> None:
    command = ["unshare", "-rm", sys.executable, "-m", "tests.support.full_disk", str(tmp_path), kind]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, ended.stderr
    said = json.loads(ended.stdout.splitlines()[-1])
    assert (said["status"], said["after"], said["left"]) == (status, 200, [])
    assert int(said["again"]) > 0
    assert words in said["page"]
    # What broke off on its way in was never read whole; the browser still has it.
    assert (FACT in said["page"]) is (kind != "received")
    assert "Traceback" not in said["page"]


def test_a_fault_of_the_program_stays_one(site: Site) -> None:
    @site.app.get("/fault")
    def fault() -> str:
        raise FileNotFoundError(2, "a path that the program should have known")

    fault.tracker_roles = None  # type: ignore[attr-defined]  # as @public marks it
    with site.app.test_client() as client:
        answer = client.get("/fault")
    assert answer.status_code == 500
    assert "a path that" not in answer.get_data(as_text=True)
