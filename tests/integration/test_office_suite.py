"""LibreOffice and its like run apart: no network, no secrets, limits, and nothing of theirs stays behind."""

import os
import socket
import time
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from tests.support.keys import SECRET_KEY
from tracker.gateways.office_suite import RenderingFailed, page_lines, run_limited, without_network

_CONNECTS = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), timeout=5)"


@pytest.mark.skipif(not without_network(), reason="this system lets nobody take the network away")
def test_a_program_that_draws_pages_reaches_no_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        with pytest.raises(RenderingFailed):
            run_limited(["python3", "-c", _CONNECTS, port])
        with socket.create_connection(("127.0.0.1", int(port)), timeout=5):
            pass  # it was there


def test_a_program_that_draws_pages_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_SECRET_KEY", SECRET_KEY)
    run_limited(["sh", "-c", 'test -n "$PATH" && test -z "$TRACKER_SECRET_KEY"'])


@pytest.mark.parametrize(
    "program",
    ["bytearray(5 * 1024 ** 3)", "open('large', 'wb').truncate(1024 ** 3)"],
)
def test_memory_and_files_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RenderingFailed):
        run_limited(["python3", "-c", program])


def test_whatever_a_program_started_ends_with_it(tmp_path: Path) -> None:
    number = tmp_path / "pid"
    with pytest.raises(RenderingFailed):
        run_limited(["sh", "-c", f"sleep 300 & echo $! > {number}; wait"], timeout_s=2)
    child = int(number.read_text())
    until = time.monotonic() + 10
    while _lives(child):
        assert time.monotonic() < until, "the child goes on after its parent was ended"


@pytest.mark.render
def test_a_paper_that_was_drawn_is_not_drawn_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = BytesIO()
    paper = Document()
    paper.add_paragraph("关于督查情况的通报")
    paper.save(kept)
    drawn = page_lines(kept.getvalue())
    assert drawn == [["关于督查情况的通报"]]
    monkeypatch.setenv("PATH", str(tmp_path))
    assert page_lines(kept.getvalue()) == drawn
    with pytest.raises(RenderingFailed):
        page_lines(b"another")


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
