"""The supervisor as a real process with real children that die, hang, fork and talk."""

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from workers.process_records import birth_of, write_record
from workers.supervisor import stop_leftovers

LIMIT_S = 15

# Each writes a line into `log` when it starts and when it is told to stop, so that a test can read the order.
POLITE = """
import signal, sys, time
def note(text):
    with open("log", "a") as log: log.write(text + chr(10))
def leave(*_):
    note("stop " + sys.argv[1]); sys.exit(0)
signal.signal(signal.SIGTERM, leave)
note("start " + sys.argv[1]); print("hello from", sys.argv[1], flush=True)
open("ready-" + sys.argv[1], "w").close()
while True: time.sleep(0.05)
"""
FORKING = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open("grandchild", "w").write(str(child.pid))
os.rename("grandchild", "grandchild.pid")
time.sleep(600)
"""
DYING = 'import time; open("deaths", "a").write("x"); raise SystemExit(3)'


def _run(
    folder: Path, specs: str, *, listens_on: str = "None", on_ready: str = "lambda: print('all ready', flush=True)"
) -> subprocess.Popen[bytes]:
    program = textwrap.dedent(f"""
        import sys
        from pathlib import Path
        from tests.integration.test_supervisor import DYING, FORKING, POLITE
        from workers.supervisor import ProcessSpec, supervise
        def python(name, source, ready=None, env=None):
            return ProcessSpec(name, [sys.executable, "-c", source, name], ready, env or {{}})
        def polite(name):
            return python(name, POLITE, lambda: Path("ready-" + name).exists())
        sys.exit(supervise([{specs}], data_dir=Path("data"), listens_on={listens_on}, on_ready={on_ready}))
    """)
    with (folder / "out").open("w") as out, (folder / "err").open("w") as err:
        return subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=out,
            stderr=err,
        )


def _wait(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


class _Run:
    def __init__(self, folder: Path, specs: str, **options: str) -> None:
        self.folder = folder
        self.process = _run(folder, specs, **options)

    def text(self, name: str) -> str:
        path = self.folder / name
        return path.read_text() if path.exists() else ""

    def pid(self, name: str) -> int:
        return int(json.loads(self.text(f"data/run/{name}.pid"))["pid"])

    def wait_for(self, line: str, *, file: str = "out") -> None:
        _wait(lambda: line in self.text(file))

    def end(self) -> None:
        """Whatever the test has shown, leave nothing behind."""
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(LIMIT_S + 25)
        stop_leftovers(self.folder / "data", within_s=1)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., _Run]]:
    with ExitStack() as ends:

        def start(specs: str, **options: str) -> _Run:
            started = _Run(tmp_path, specs, **options)
            ends.callback(started.end)
            return started

        yield start


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_stops_everything_in_reverse_order(run: Callable[..., _Run], number: int) -> None:
    started = run('polite("first"), polite("second")')
    started.wait_for("all ready")
    started.process.send_signal(number)
    assert started.process.wait(LIMIT_S) == 0
    assert started.text("log").split("\n")[:-1] == ["start first", "start second", "stop second", "stop first"]
    assert list((started.folder / "data/run").glob("*.pid")) == []
    assert started.text("err") == ""


def test_each_line_of_output_carries_its_name(run: Callable[..., _Run]) -> None:
    started = run('polite("web"), polite("worker")')
    started.wait_for("all ready")
    assert "web    | hello from web\n" in started.text("out")
    assert "worker | hello from worker\n" in started.text("out")


def test_the_environment_of_a_process_is_added(run: Callable[..., _Run]) -> None:
    started = run("""python("one", "import os; print(os.environ['COLOUR'], bool(os.environ['PATH']))", None,
                     {"COLOUR": "red"})""")
    started.wait_for("one | red True")


def test_a_killed_process_is_started_again(run: Callable[..., _Run]) -> None:
    started = run('polite("web")')
    started.wait_for("all ready")
    killed = started.pid("web")
    os.kill(killed, signal.SIGKILL)
    _wait(lambda: started.text("log").count("start web") == 2)
    started.wait_for("ended with signal SIGKILL; starting again in 0.3 s")
    _wait(lambda: (started.folder / "data/run/web.pid").exists())
    assert started.pid("web") != killed


def test_one_that_keeps_dying_is_started_at_growing_intervals(run: Callable[..., _Run]) -> None:
    started = run('python("bad", DYING, lambda: True)')
    started.wait_for("ended with exit code 3; starting again in 1.2 s")
    assert [f"again in {pause} s" in started.text("out") for pause in ("0.3", "0.6", "1.2")] == [True] * 3
    assert len(started.text("deaths")) == 3


def test_a_dead_process_takes_its_group_along_before_it_starts_again(run: Callable[..., _Run]) -> None:
    started = run('python("tree", FORKING)')
    _wait(lambda: started.text("grandchild.pid"))
    grandchild = int(started.text("grandchild.pid"))
    os.kill(started.pid("tree"), signal.SIGKILL)
    _wait(lambda: birth_of(grandchild) is None)


def test_stopping_ends_children_of_children(run: Callable[..., _Run]) -> None:
    started = run('python("tree", FORKING)')
    _wait(lambda: started.text("grandchild.pid"))
    started.process.terminate()
    assert started.process.wait(LIMIT_S) == 0
    _wait(lambda: birth_of(int(started.text("grandchild.pid"))) is None)


def test_a_second_signal_ends_the_patience_with_one_that_will_not_stop(run: Callable[..., _Run]) -> None:
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    started = run(f'python("deaf", {deaf!r})')
    started.wait_for("| deaf")
    pid = started.pid("deaf")
    before = time.monotonic()
    while started.process.poll() is None:
        started.process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        assert time.monotonic() < before + LIMIT_S
    assert birth_of(pid) is None


def test_children_die_with_a_killed_supervisor(run: Callable[..., _Run]) -> None:
    started = run('polite("web")')
    started.wait_for("all ready")
    pid = started.pid("web")
    started.process.kill()
    _wait(lambda: birth_of(pid) is None)
    assert "stop web" in started.text("log")


def test_a_second_run_is_refused_with_one_line_and_the_first_goes_on(run: Callable[..., _Run]) -> None:
    first = run('polite("web")')
    first.wait_for("all ready")
    pid = first.pid("web")
    (first.folder / "err").unlink()
    second = run('polite("web")')
    assert second.process.wait(LIMIT_S) == 1
    assert second.text("err").startswith("another run is using")
    assert second.text("err").count("\n") == 1
    assert birth_of(pid) is not None


def test_a_port_in_use_is_one_clear_line_and_nothing_is_started(run: Callable[..., _Run]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        started = run('polite("web")', listens_on=f'("127.0.0.1", {port})')
        assert started.process.wait(LIMIT_S) == 1
    assert started.text("err").startswith(f"port {port} is in use")
    assert started.text("err").count("\n") == 1
    assert started.text("log") == ""


def test_a_program_that_does_not_exist_stops_the_start(run: Callable[..., _Run]) -> None:
    started = run('polite("first"), ProcessSpec("second", ["/nonexistent/program"])')
    assert started.process.wait(LIMIT_S) == 1
    assert started.text("err").startswith("second: cannot start /nonexistent/program")
    assert started.text("log").endswith("stop first\n")


def test_make_stop_ends_a_running_supervisor_and_its_processes(run: Callable[..., _Run]) -> None:
    started = run('polite("web")')
    started.wait_for("all ready")
    assert "supervisor" in stop_leftovers(started.folder / "data")
    assert started.process.wait(LIMIT_S) == 0
    assert "stop web" in started.text("log")
    assert stop_leftovers(started.folder / "data") == []


def test_leftovers_of_a_crashed_run_are_ended_by_the_next_one(run: Callable[..., _Run], tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True) as left:
        write_record(tmp_path / "data", "web", pid=left.pid, command=["sleep"])
        run('polite("web")').wait_for("all ready")
        assert left.wait(LIMIT_S) == -signal.SIGTERM


def test_orphans_whose_leader_is_gone_are_ended(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", FORKING], cwd=tmp_path, start_new_session=True) as leader:
        _wait((tmp_path / "grandchild.pid").exists)
        write_record(tmp_path, "tree", pid=leader.pid, command=["tree"])
        leader.kill()
    orphan = int((tmp_path / "grandchild.pid").read_text())
    assert birth_of(orphan) is not None
    assert stop_leftovers(tmp_path) == ["tree"]
    _wait(lambda: birth_of(orphan) is None)


def test_a_process_that_only_got_the_recorded_id_is_spared(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True) as stranger:
        write_record(tmp_path, "web", pid=stranger.pid, command=["web"])
        path = tmp_path / "run" / "web.pid"
        fields = json.loads(path.read_text())
        path.write_text(json.dumps({**fields, "birth": fields["birth"] + "0"}))
        try:
            assert stop_leftovers(tmp_path) == []
            assert stranger.poll() is None
            assert not path.exists()
        finally:
            stranger.kill()


def test_a_record_cut_off_by_a_crash_hinders_nothing(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "web.pid").write_text('{"name": "we')
    assert stop_leftovers(tmp_path) == []
    assert not (tmp_path / "run" / "web.pid").exists()
