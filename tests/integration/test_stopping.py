"""`make run` ends with a line that says what became of the data and how to go on."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from workers import run


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(run, "configure_logs", lambda _settings: None)
    monkeypatch.setattr(run, "log_what_nobody_catches", lambda: None)
    monkeypatch.setattr("subprocess.run", lambda *_args, **_named: CompletedProcess([], 0))
    yield tmp_path
    signal.signal(signal.SIGTERM, before)


def _hit_by(number: int) -> Callable[..., int]:
    def supervise(*_args: object, **_named: object) -> int:
        os.kill(os.getpid(), number)
        return 0

    return supervise


@pytest.mark.parametrize(
    ("supervise", "code"),
    [(lambda *_args, **_named: 0, 0), (_hit_by(signal.SIGINT), 130), (_hit_by(signal.SIGTERM), 130)],
    ids=["as asked", "Ctrl-C before it ran", "TERM before it ran"],
)
def test_a_demonstration_that_was_stopped_says_that_the_data_stay(
    started: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    supervise: Callable[..., int],
    code: int,
) -> None:
    monkeypatch.setattr(run, "supervise", supervise)
    assert run.main() == code
    last = capsys.readouterr().out.splitlines()[-1]
    assert str(started) in last
    assert "Stopped:" in last
    assert "make run" in last


def test_what_could_not_run_says_no_goodbye(
    started: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "supervise", lambda *_args, **_named: 1)
    assert run.main() == 1
    assert "Stopped:" not in capsys.readouterr().out
