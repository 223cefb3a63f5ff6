"""Clients that send slowly, brokenly or nothing more: the server of `make run` goes on answering everybody else."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from typing import IO

import pytest
from werkzeug.exceptions import RequestTimeout
from werkzeug.test import EnvironBuilder

from tests.support.commands import ROOT, SeededDemonstration, environ_of
from tracker.gateways.places import REQUESTS
from tracker.web.places import one_of_a_few
from tracker.web.sent_bytes import BoundedRequest
from workers import web_worker

_HEAD = b"".join(
    (
        b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=b\r\n",
        b"Content-Length: 1000000\r\n\r\n",
        b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\nx',
    )
)
_SLOW = 12  # thrice as many as a process works on at a time


def _free_port() -> int:
    with closing(socket.socket()) as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


@contextmanager
def _served(data: Path, *settings: str, told: IO[str] | int = subprocess.DEVNULL) -> Iterator[int]:
    """Serve a data directory; what the server says goes to `told`."""
    port = _free_port()
    command = [
        str(Path(sys.executable).parent / "gunicorn"),
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "1",
        *settings,
    ]
    server = subprocess.Popen(
        [*command, "--no-control-socket", "wsgi:app"],
        cwd=ROOT,
        env=environ_of(data),
        stdout=told,
        stderr=told,
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(port: int) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        try:
            if _status(port, "/healthz") == 200:
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the server did not start")


def _status(port: int, address: str) -> int:
    with closing(HTTPConnection("127.0.0.1", port, timeout=8)) as connection:
        connection.request("GET", address)
        return connection.getresponse().status


def test_who_sends_slowly_is_waited_for_by_nobody_else(
    seeded_demonstration: SeededDemonstration, tmp_path: Path
) -> None:
    with _served(seeded_demonstration.copy_to(tmp_path / "data")) as port, ExitStack() as slow:
        for _ in range(_SLOW):
            one = slow.enter_context(socket.create_connection(("127.0.0.1", port), timeout=8))
            one.sendall(_HEAD)
        _ask_all(port)


def _ask_all(port: int) -> None:
    """Ask what everybody asks; `/readyz` may say 503: nobody sends the demonstration's deliveries here."""
    for address in ("/login", "/healthz", "/readyz", "/login"):
        assert _status(port, address) in ((200, 503) if address == "/readyz" else (200,)), address


_ENDS = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
_TOO_MUCH = b"".join(
    (
        b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=b\r\n",
        b"Content-Length: 50000000\r\n\r\n",
        b'--b\r\nContent-Disposition: form-data; name="f"\r\n\r\n' + b"x" * 600_000,
    )
)


def test_who_does_not_hang_up_is_waited_for_by_nobody_else(
    seeded_demonstration: SeededDemonstration, tmp_path: Path
) -> None:
    """Neither after an answer nor where what was sent is not read to its end."""
    with _served(seeded_demonstration.copy_to(tmp_path / "data")) as port, ExitStack() as open_:
        for said in (_ENDS, _TOO_MUCH) * (_SLOW // 2):
            one = open_.enter_context(socket.create_connection(("127.0.0.1", port), timeout=8))
            one.sendall(said)
        _ask_all(port)


_CHUNKED = b"POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: "
_FORM = b"application/x-www-form-urlencoded"
# By what of it comes byte by byte: what comes before, and each time.
_DRIPS = {
    "a head": (b"GET /login HTTP/1.1\r\nHost: x\r\nX-A: ", b"a"),
    "a file": (_HEAD, b"x"),
    "words": (
        b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 400000\r\nContent-Type: %b\r\n\r\nlogin=" % _FORM,
        b"a",
    ),
    "chunks": (_CHUNKED + _FORM + b"\r\n\r\n", b"1\r\na\r\n"),
    "the size of a chunk": (_CHUNKED + _FORM + b"\r\n\r\n5;", b"a"),
    "what nobody reads": (_HEAD.replace(b"/login", b"/nosuch"), b"x"),
    "what is not asked for": (_HEAD.replace(b"/login", b"/healthz"), b"x"),
}


def test_the_server_gives_up_what_drips(seeded_demonstration: SeededDemonstration, tmp_path: Path) -> None:
    """The server as it is but for its patience, of which it has a second here."""
    settings = tmp_path / "impatient.py"
    own = (ROOT / "gunicorn.conf.py").read_text(encoding="utf-8")
    settings.write_text(f"{own}\nfrom workers import web_worker\nweb_worker.PATIENCE_S = 1.0\n", encoding="utf-8")
    data = seeded_demonstration.copy_to(tmp_path / "data")
    with _served(data, "--config", str(settings)) as port, ExitStack() as open_:
        dripping = {}
        for name, (before, byte) in _DRIPS.items():
            one = dripping[name] = (open_.enter_context(socket.create_connection(("127.0.0.1", port), timeout=8)), byte)
            one[0].sendall(before)
        ends = time.monotonic() + 20
        while dripping and time.monotonic() < ends:
            dripping = {name: (one, byte) for name, (one, byte) in dripping.items() if not _has_ended(one, byte)}
        assert dripping.keys() == set()


def _has_ended(one: socket.socket, byte: bytes) -> bool:
    """Send another byte, and tell within a moment whether the server has hung up, be it after an answer."""
    one.settimeout(0.02)
    try:
        one.sendall(byte)
        while one.recv(65_536):
            pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


_FILE = b"multipart/form-data; boundary=b"
# By what is wrong with it: a body in chunks that no server can read to its end.
_BROKEN = {
    "no size": b"zz\r\n",
    "a negative size": b"-1\r\n",
    "an empty size": b"\r\n",
    "no end of a chunk": b"5\r\nabcdefgh\r\n",
    "a bad extension": b"5;=\r\nabcde\r\n0\r\n\r\n",
    "a bare return": b"5;a\rb\r\nabcde\r\n0\r\n\r\n",
    "a size without an end": b"1" * 20_000,
    "a bad trailer": b"5\r\nlogin\r\n0\r\nno trailer\r\n\r\n",
    "a bare line feed": b"5\r\nlogin\r\n0\r\nX-A: b\nX-B: c\r\n\r\n",
    "a second request within": b"zz\r\nGET /login HTTP/1.1\r\nHost: x\r\n\r\n",
}


def test_a_body_that_cannot_be_read_is_a_bad_request_and_one_line(
    seeded_demonstration: SeededDemonstration, tmp_path: Path
) -> None:
    """As a form and as files, and answered once: nothing that comes after it is taken for a request."""
    log = tmp_path / "log"
    with log.open("w") as told, _served(seeded_demonstration.copy_to(tmp_path / "data"), told=told) as port:
        for kind in (_FORM, _FILE):
            for name, body in _BROKEN.items():
                answer = _answer(port, _CHUNKED + kind + b"\r\n\r\n" + body)
                assert answer.startswith(b"HTTP/1.1 400 "), (name, kind, answer[:200])
                assert answer.count(b"HTTP/1.1 ") == 1, (name, kind)
        _ask_all(port)
    lines = [line for line in log.read_text(encoding="utf-8").splitlines() if "/login" in line and "400" in line]
    assert len(lines) == 2 * len(_BROKEN)
    assert "Traceback" not in log.read_text(encoding="utf-8")


def _answer(port: int, said: bytes) -> bytes:
    """Return all that is answered until the server hangs up."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=8)) as one:
        one.sendall(said)
        parts = []
        while part := one.recv(65_536):
            parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("silent", [True, False], ids=["silent", "trickling"])
def test_what_does_not_come_is_given_up(silent: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be it nothing, or a byte now and then: what a line brings in all is what counts."""
    monkeypatch.setattr(web_worker, "SILENT_S", 0.2 if silent else 60.0)
    monkeypatch.setattr(web_worker, "PATIENCE_S", 60.0 if silent else 0.2)
    ours, theirs = socket.socketpair()
    ended = threading.Event()

    def trickle() -> None:
        while not ended.wait(0.02):
            theirs.send(b"x")

    with closing(ours), closing(theirs):
        sender = threading.Thread(target=trickle)
        if not silent:
            sender.start()
        try:
            waited = web_worker.PatientSocket(ours)
            with pytest.raises(web_worker.TooSlow):
                while waited.recv(65_536):
                    pass
            assert ours.gettimeout() is None
        finally:
            ended.set()
            if not silent:
                sender.join()


class _Silent(BytesIO):
    """A body of which nothing comes any more."""

    def read(self, _size: int | None = -1) -> bytes:
        raise TimeoutError


def test_a_body_that_does_not_come_is_given_up_and_keeps_no_place() -> None:
    builder = EnvironBuilder(method="POST", path="/x", content_type="multipart/form-data; boundary=b")
    environ = builder.get_environ()
    environ.update({"wsgi.input": _Silent(), "CONTENT_LENGTH": "1000000"})
    with REQUESTS.taken():
        request = BoundedRequest(environ)
        with pytest.raises(RequestTimeout):
            _ = request.form
        assert not request.form  # asked again, it has come to its end


def test_that_the_process_serves_is_said_while_no_place_is_free() -> None:
    asked: list[str] = []

    def app(environ: dict[str, object], _start: object) -> list[bytes]:
        asked.append(str(environ["PATH_INFO"]))
        return [b""]

    with ExitStack() as busy:
        for _ in range(4):
            busy.enter_context(REQUESTS.taken())
        one_of_a_few(app)({"PATH_INFO": "/healthz"}, None)  # type: ignore[arg-type] # nothing is started
    assert asked == ["/healthz"]
