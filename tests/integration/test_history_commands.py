"""State, log and circulars on the command line: what is printed, what is refused in one line."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.support.databases import fresh_sqlite
from tests.support.keys import SECRET_KEY
from tests.support.office import CALENDAR, POLICY, open_city
from tracker.cli.commands import register_commands
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.services import Services
from tracker.settings import load_settings


class StandingClock:
    """A clock that stands at nine in the morning of 12 October 2022."""

    def now(self) -> datetime:
        return datetime(2022, 10, 12, 1, 0, tzinfo=UTC)


def _run(folder: Path, *command: str, mode: str = "demo") -> Result:
    """Run a command on the small city, one report of which is overdue."""
    database = fresh_sqlite(folder)
    open_city(database)
    environ = {"TRACKER_MODE": mode, "TRACKER_DATA_DIR": str(folder), "TRACKER_SECRET_KEY": SECRET_KEY}
    evidence = EvidenceFiles(folder / "evidence")
    services = Services(load_settings(environ), database, StandingClock(), CALENDAR, POLICY, evidence)
    app = Flask("tracker")
    register_commands(app, services)
    done = app.test_cli_runner().invoke(args=list(command))
    database.dispose()
    return done


def test_the_state_of_a_moment_is_printed_as_json(tmp_path: Path) -> None:
    done = _run(tmp_path, "state", "--as-of", "2022-10-11T09:00")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert list(told) == ["as_of", "last_event", "work", "paper", "tasks", "series"]
    assert told["paper"]["市商务局"]["unreported"] == 1


def test_the_log_is_printed_one_event_a_line(tmp_path: Path) -> None:
    done = _run(tmp_path, "events", "export", "--since", "3")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["seq"] for event in events] == list(range(4, 4 + len(events)))


@pytest.mark.parametrize(
    "command",
    [
        ("state", "--as-of", "2022-10-12T09:01"),
        ("circular", "supervision", "--as-of", "2022-12-20T09:00", "--out", "c.docx"),
        ("sweep", "--now", "2023-12-01T09:00"),
    ],
)
def test_a_moment_that_has_not_come_is_refused_in_one_line(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = _run(tmp_path, *command)
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "还没有到" in done.stderr


def test_production_works_on_its_own_clock_only(tmp_path: Path) -> None:
    done = _run(tmp_path, "sweep", "--now", "2022-10-11T09:00", mode="production")
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)


def test_a_circular_is_rendered_for_a_moment_that_has_passed(tmp_path: Path) -> None:
    out = tmp_path / "c.docx"
    done = _run(tmp_path, "circular", "urge", "--unit", "市商务局", "--as-of", "2022-10-11T09:00", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert "逾期1份" in done.stdout
    assert out.is_file()
