"""Whatever stands in a setting, no program ends in a traceback: one Chinese line names it, with an example."""

import os
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.support.commands import FLASK, ROOT
from tests.support.keys import SECRET_KEY
from tests.support.logs import logs_given_back
from tracker.addresses import BadAddress, check_database, check_redis
from tracker.bootstrap import build_services, start_program
from tracker.settings import _VARIABLES, SettingsError, load_settings

_LOCAL = "127.0.0.1"
# What people type, or paste, where something else is asked for.
_NONSENSE: dict[str, tuple[str, ...]] = {
    "TRACKER_MODE": ("nonsense", "PROD"),
    "TRACKER_DATA_DIR": ("/dev/null/tracker", "/"),
    "TRACKER_DATABASE_URL": (
        *("nonsense", "postgres://x/y", "postgresql://x/y", "postgresql+psycopg2://x/y", "mysql://x/y", "http://a b"),
        *("postgresql+psycopg://x:abc/y", "postgresql+psycopg://x:70000/y", "postgresql+psycopg://a b/y"),
        *("sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite://var/tracker.db", "sqlite:////a.db?timeout=x"),
    ),
    "TRACKER_REDIS_URL": (
        *("nonsense", "redis", "redis:6379", "http://x", "redis://x:abc/0", "redis://x:99999/0", "redis://x/main"),
        *(
            "unix://",
            "redis://a b/0",
            "redis://[x/0",
            "rediss://x/0?ssl_cert_reqs=CERT_REQUIRED",
            "redis://x?protocol=9",
        ),
    ),
    "TRACKER_SECRET_KEY": ("nonsense", "a" * 40),
    "TRACKER_SECRET_KEY_FALLBACKS": ("nonsense", "changeme" * 4),
    "TRACKER_SMTP_URL": (
        *("nonsense", "http://x", "mail.example.org:25", "smtp://", "smtp://x:abc", "smtp://x:99999"),
        *("smtp://x?starttls=nonsense", "smtp://x?starttls=2", "smtp://x?starttls", "smtp://x?tls", "smtp://x/path"),
        *("smtp://x?tls=1", "smtps://x?starttls=1", "smtp://a b"),
    ),
    "TRACKER_MAIL_FROM": ("nonsense", "督查室 <duban@example.org>", "a@b@c"),
    "TRACKER_ANCHOR_KEY": ("/nonsense/anchor.key", "/etc"),
    "TRACKER_ANCHOR_FILE": ("/nonsense/lines", "/etc"),
    "TRACKER_METRICS_TOKEN": ("nonsense",),
    "TRACKER_CLAMD": (
        "nonsense",
        "/run/clamd.ctl",
        f"tcp://{_LOCAL}",
        f"tcp://{_LOCAL}:99999",
        "unix://clamd",
        "tcp://:1",
    ),
    "TRACKER_OIDC_ISSUER": ("nonsense", "http://sso.example.org", "https://", "https://x:abc", "https://a b"),
    "TRACKER_OIDC_NAME": ("统一" * 20,),
    "TRACKER_OIDC_CLAIM": ("preferred username",),
    "TRACKER_OIDC_REDIRECT_URI": ("nonsense", "http://sso.example.org/back"),
    "TRACKER_TRUSTED_PROXIES": ("nonsense", "10.0.0.0/240"),
    "TRACKER_ALLOW_ROOT": ("nonsense",),
    "PORT": ("nonsense", "0", "70000"),
}
_TAKE_ANYTHING = {
    "TRACKER_OIDC_CLIENT_ID": "what the provider calls us",
    "TRACKER_OIDC_CLIENT_SECRET": "whatever the provider gave",
    "TRACKER_BACKUP_DIR": "a folder on another disk, which may be away: the doctor says so, and the site goes on",
}
_CASES = [(name, value) for name, values in _NONSENSE.items() for value in values]
_PROVIDER = {"ISSUER": f"http://{_LOCAL}:1", "CLIENT_ID": "x", "CLIENT_SECRET": "x"}


def _environ(folder: Path, name: str, value: str) -> dict[str, str]:
    base = {"TRACKER_MODE": "production", "TRACKER_DATA_DIR": str(folder), "TRACKER_SECRET_KEY": SECRET_KEY}
    provider = {f"TRACKER_OIDC_{key}": given for key, given in _PROVIDER.items()}
    return {"PATH": os.environ["PATH"], "TRACKER_ALLOW_ROOT": "1", **base, **provider, name: value}


def _is_told(line: str, name: str) -> None:
    assert (line.count("\n"), name in line) == (0, True), line
    assert re.search(r"[\u4e00-\u9fff]{4}", line), line


def test_every_setting_is_tried_or_takes_anything() -> None:
    assert _NONSENSE.keys() | _TAKE_ANYTHING.keys() == set(_VARIABLES.values())
    assert not _NONSENSE.keys() & _TAKE_ANYTHING.keys()


@pytest.mark.parametrize(("name", "value"), _CASES)
def test_a_program_that_serves_ends_with_one_line(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SystemExit) as ended:
        start_program(_environ(tmp_path, name, value))
    _is_told(str(ended.value.code), name)


@pytest.fixture(autouse=True)
def _configured_as_before() -> Iterator[None]:
    """A program that starts in the test's own process opens its logs."""
    with logs_given_back():
        yield


@pytest.fixture
def command_line(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Let `wsgi` be run as Flask's own command runs it; a process each would take minutes."""
    mask = os.umask(0o077)
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    yield monkeypatch
    os.umask(mask)


@pytest.mark.parametrize(("name", "value"), _CASES)
def test_commands_and_the_doctor_say_it_too(
    tmp_path: Path, command_line: pytest.MonkeyPatch, name: str, value: str
) -> None:
    for variable, given in _environ(tmp_path, name, value).items():
        command_line.setenv(variable, given)
    command_line.setattr(sys, "argv", ["flask", "users", "list"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(ROOT / "wsgi.py"))
    _is_told(str(ended.value.code), name)
    command_line.setattr(sys, "argv", ["flask", "doctor"])
    told = runpy.run_path(str(ROOT / "wsgi.py"))["app"].test_cli_runner().invoke(args=["doctor"])
    assert (told.exit_code, told.output) == (1, f"【应处理】设置：{ended.value.code}\n")


_PROGRAMS = {
    "relay": [sys.executable, "-m", "workers.relay"],
    "scheduler": [sys.executable, "-m", "workers.scheduler"],
    "worker": [sys.executable, "-m", "workers.worker"],
    "run": [sys.executable, "-m", "workers.run"],
    "stop": [sys.executable, "-m", "workers.stop"],
    "gunicorn": [str(FLASK.parent / "gunicorn"), "--bind", f"{_LOCAL}:0", "--no-control-socket", "wsgi:app"],
    "command": [str(FLASK), "db", "upgrade"],
}


@pytest.mark.parametrize("program", _PROGRAMS)
def test_each_program_really_ends_with_the_line_alone(tmp_path: Path, program: str) -> None:
    environ = _environ(tmp_path, "TRACKER_DATABASE_URL", "postgres://tracker:geheim@db/tracker")
    ended = subprocess.run(
        _PROGRAMS[program], cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=60
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(
        "TRACKER_DATABASE_URL有误，系统不能启动。PostgreSQL地址的开头应为 postgresql+psycopg://。"
    )
    assert (ended.stderr.count("\n"), "geheim" in ended.stderr) == (1, False)


@pytest.mark.parametrize("url", ["redis://x/0?foo=1", "redis://x/0?db=main", "redis://x/0?socket_timeout=long"])
def test_options_that_only_the_library_knows_are_refused_before_anything_is_asked(tmp_path: Path, url: str) -> None:
    settings = load_settings(_environ(tmp_path, "TRACKER_REDIS_URL", url))
    with pytest.raises(SettingsError, match="TRACKER_REDIS_URL"):
        build_services(settings)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://tracker@/tracker?host=/run/postgresql",
        "postgresql+psycopg://tracker:p%40ss#w/o[rd@database/tracker",
        "postgresql+psycopg://u:p@[::1]:5432/x?sslmode=require",
        "postgresql+psycopg:///x?host=a:1&host=b:2",
        "sqlite:////var/lib/tracker/tracker.db",
        "sqlite:///var/督查.db",
    ],
)
def test_addresses_that_the_library_takes_are_taken(url: str) -> None:
    check_database(url)
    make_url(url)


def test_addresses_of_redis_that_the_library_takes_are_taken() -> None:
    for url in ("redis://h", "redis://u:p%2F@h:6379/1", "rediss://h/0?ssl_cert_reqs=none", "unix:///run/r.sock?db=1"):
        check_redis(url)
    with pytest.raises(BadAddress):
        check_redis("redis:/h")
