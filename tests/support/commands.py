"""The product's commands, in processes of their own and within the test's, and the demonstration that they seed."""

import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.support.databases import warmed
from tests.support.keys import SECRET_KEY
from tests.support.once import made_once
from tracker.bootstrap import build_services
from tracker.cli.commands import register_commands
from tracker.settings import load_settings

ROOT = Path(__file__).parents[2]
FLASK = Path(sys.executable).parent / "flask"
SCENARIO = "autumn-2022"
_DATABASE = "tracker.db"


def run_flask(data_dir: Path, *command: str, mode: str = "demo") -> subprocess.CompletedProcess[str]:
    """Run `flask` on a data directory as an administrator does; the caller looks at the exit code."""
    environ = environ_of(data_dir, mode=mode)
    return subprocess.run(
        [str(FLASK), *command], cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=240
    )


def environ_of(data_dir: Path, *, mode: str = "demo") -> dict[str, str]:
    """Return the environment of a program of ours that works on a data directory."""
    environ = {**os.environ, **_environ(data_dir, mode)}
    environ.pop("TRACKER_DATABASE_URL", None)
    return environ


def invoke_flask(data_dir: Path, *command: str, mode: str = "demo") -> Result:
    """Run a command on a data directory without the four seconds that a process takes to start."""
    services = build_services(load_settings(_environ(data_dir, mode)))
    warmed(services.database)
    app = Flask("tracker")
    register_commands(app, services)
    try:
        return app.test_cli_runner().invoke(args=list(command))
    finally:
        services.database.dispose()


def _environ(data_dir: Path, mode: str) -> dict[str, str]:
    return {"TRACKER_MODE": mode, "TRACKER_DATA_DIR": str(data_dir), "TRACKER_SECRET_KEY": SECRET_KEY}


@dataclass(frozen=True, slots=True)
class SeededDemonstration:
    """A data directory in which the scenario has been played by `flask seed`."""

    folder: Path

    def copy_to(self, folder: Path) -> Path:
        """Copy what is committed, the write-ahead log included, and the evidence; return the copy."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns(f"{_DATABASE}*"), dirs_exist_ok=True)
        with sqlite3.connect(self.folder / _DATABASE) as there, sqlite3.connect(folder / _DATABASE) as here:
            there.backup(here)
        return folder


@pytest.fixture(scope="session")
def seeded_demonstration(tmp_path_factory: pytest.TempPathFactory) -> SeededDemonstration:
    """Seed the demonstration by its commands; one test process does it for all."""
    return SeededDemonstration(made_once(tmp_path_factory, "seeded_demonstration", _seed))


def _seed(folder: Path) -> None:
    assert run_flask(folder, "db", "upgrade").returncode == 0
    played = run_flask(folder, "seed", "--scenario", SCENARIO)
    assert played.returncode == 0, played.stderr
