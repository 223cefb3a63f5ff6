"""A mistyped TRACKER_DATA_DIR is said to be missing, and is not made by a command that only reads."""

import stat
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import Result
from flask import Flask

from tests.support.commands import run_flask
from tests.support.keys import SECRET_KEY
from tracker.bootstrap import build_services
from tracker.cli.commands import register_commands
from tracker.settings import load_settings

_AT = "2022-11-01T09:00"
_READ: dict[str, tuple[str, ...]] = {
    "audit anchor": (),
    "audit key": (),
    "audit verify": (),
    "backup": ("there.tar",),
    "circular supervision": ("--as-of", _AT, "--out", "c.docx"),
    "doctor": (),
    "events export": (),
    "evidence orphans": (),
    "items export": (),
    "reminders list": (),
    "reminders preview": ("--on", "2022-11-08"),
    "restore": ("--verify", "there.tar"),
    "score meeting": ("--month", "2022-09", "--out", "c.docx"),
    "score month": ("2022-09",),
    "score replay": ("--month", "2022-09"),
    "score template": ("--month", "2022-09", "--out", "c.docx"),
    "score year": ("2022", "--out", "c.docx"),
    "state": ("--as-of", _AT),
    "users list": (),
}
# What these change is in the database; the first two make one.
_FILL = {
    *("db upgrade", "restore", "seed", "sweep", "clock advance", "calendar import", "search rebuild"),
    *(
        "score check",
        "score correct",
        "score count",
        "score decide",
        "score draft",
        "score freeze",
        "score import",
        "score silent",
    ),
    *("score open", "score renew"),
    *("users create", "users disable", "users enable", "users reset", "users reset-factor", "users unit"),
}
_NEED_NOTHING = {"items extract"}


def _app(folder: Path, mode: str = "production") -> Flask:
    environ = {"TRACKER_MODE": mode, "TRACKER_DATA_DIR": str(folder)}
    if mode == "production":
        environ["TRACKER_SECRET_KEY"] = SECRET_KEY
    app = Flask("tracker")
    register_commands(app, build_services(load_settings(environ, making=False)))
    return app


def _names(group: click.Group, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _names(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def test_every_command_is_tried_or_fills_something(tmp_path: Path) -> None:
    found = {name for name in _names(_app(tmp_path / "away").cli) if not name.startswith("circular ")}
    assert found - {"run", "shell", "routes"} == (_READ.keys() - {"circular supervision"}) | _FILL | _NEED_NOTHING


def _run(app: Flask, folder: Path, command: str) -> Result:
    given = [str(folder / one) if one.endswith((".tar", ".docx")) else one for one in _READ[command]]
    return app.test_cli_runner().invoke(args=[*command.split(), *given])


@pytest.mark.parametrize("mode", ["demo", "production"])
@pytest.mark.parametrize("command", _READ)
def test_nothing_is_made_where_there_is_nothing(tmp_path: Path, command: str, mode: str) -> None:
    folder = tmp_path / "mistyped"
    told = _run(_app(folder, mode), tmp_path, command)
    assert (told.exit_code, "Traceback" in told.output) == (1, False), told.output
    assert str(tmp_path) in told.output or "不在原处" in told.output
    assert list(tmp_path.iterdir()) == []


def test_the_process_itself_makes_nothing_either(tmp_path: Path) -> None:
    told = run_flask(tmp_path / "mistyped", "users", "list", mode="demo")
    assert (told.returncode, told.stderr.count("\n"), str(tmp_path / "mistyped") in told.stderr) == (1, 1, True)
    assert list(tmp_path.iterdir()) == []


def test_what_begins_a_site_makes_the_folder_and_shuts_it(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    done = _app(folder).test_cli_runner().invoke(args=["db", "upgrade"])
    assert (done.exit_code, (folder / "tracker.db").is_file()) == (0, True), done.output
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
