"""`make drill`: the played autumn goes on while it is backed up, and comes back elsewhere, on both databases."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.drill.drilling import Drilled, drill
from tests.support.commands import FLASK, ROOT, SCENARIO
from tests.support.databases import create_postgres, running_postgres
from tracker.bootstrap import build_services
from tracker.services import Services
from tracker.settings import load_settings

_UNTIL = "2022-11-25T18:00"


def main() -> int:
    """Print how long each drill took and how large its backup is; an unlike city ends it with the difference."""
    with tempfile.TemporaryDirectory(prefix="tracker-drill-") as name:
        folder = Path(name)
        with running_postgres(folder) as url:
            for kind in ("sqlite", "postgresql"):
                source, target = (_environ(folder / kind / place, kind, url) for place in ("here", "there"))
                for command in (("db", "upgrade"), ("seed", "--scenario", SCENARIO)):
                    subprocess.run([FLASK, *command], cwd=ROOT, env=source, check=True, capture_output=True)
                archive = folder / f"{kind}.tar"
                done = drill(_services(source), _services(target), archive, load=_going_on(source))
                print(f"{kind:<12}{_words(done)}", flush=True)
    return 0


def _environ(folder: Path, kind: str, url: str) -> dict[str, str]:
    folder.mkdir(parents=True)
    environ = {**os.environ, "TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(folder)}
    environ.pop("TRACKER_DATABASE_URL", None)
    if kind == "postgresql":
        database, _name = create_postgres(url)
        environ["TRACKER_DATABASE_URL"] = database.engine.url.render_as_string(hide_password=False)
    return environ


def _services(environ: dict[str, str]) -> Services:
    return build_services(load_settings(environ))


@contextmanager
def _going_on(environ: dict[str, str]) -> Iterator[None]:
    """Let the clock go on meanwhile: units report with files, leads verify, the office decides and issues papers."""
    command = [str(FLASK), "clock", "advance", "--to", _UNTIL]
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as going:
        assert going.stdout is not None
        going.stdout.readline()  # some days have gone by
        yield
        going.communicate()
        assert going.returncode == 0


def _words(done: Drilled) -> str:
    manifest = done.manifest
    return (
        f"{sum(manifest.tables.values())} rows, {len(manifest.files)} files, {done.archive_bytes / 1e6:.1f} MB; "
        f"backup {done.backup_s:.1f} s, verify {done.verify_s:.1f} s, restore {done.restore_s:.1f} s, "
        f"compare {done.compare_s:.1f} s; {done.behind} events came since its moment"
    )


if __name__ == "__main__":
    sys.exit(main())
