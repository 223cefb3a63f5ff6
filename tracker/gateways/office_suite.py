"""LibreOffice, where it is installed: a Word file as PDF, and the pages of that as lines or pictures.

It gets a profile of its own, no network where the system can take it away, and limits of time and memory; with it ends
whatever it started.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path

from tracker.gateways.pdf_text import read_pages

_TIMEOUT_SECONDS = 90
_CPU_SECONDS = 80
_MEMORY_KIB = 4 * 1024 * 1024
_FILE_BLOCKS = 512 * 1024  # of 512 bytes: 256 MB
# The shell every system has sets the limits; the words of the command stay apart, none is read by it.
_LIMITS = f"ulimit -t {_CPU_SECONDS} && ulimit -v {_MEMORY_KIB} && ulimit -f {_FILE_BLOCKS}"
_LIMITED = ("sh", "-c", f'{_LIMITS} && exec "$@"', "sh")
# Ways to take the network away, the first that works is used: for root, for anybody where the kernel lets him.
_WITHOUT_NETWORK = (
    ("unshare", "--net", "--"),
    ("unshare", "--map-root-user", "--net", "--"),
    ("bwrap", "--dev-bind", "/", "/", "--unshare-net", "--die-with-parent", "--"),
)
# What LibreOffice needs of the environment: no secret of ours stands in these.
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LANGUAGE", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME")
_one_at_a_time = threading.Lock()
# Some 60 kB each: the papers that a process works on within an hour.
_REMEMBERED_FILES = 256


class RenderingFailed(RuntimeError):
    """LibreOffice did not give a PDF in time."""


def is_present() -> bool:
    return shutil.which("soffice") is not None


@cache
def without_network() -> tuple[str, ...]:
    """Return the words before a command that take the network away; none where this system cannot."""
    for words in _WITHOUT_NETWORK:
        if shutil.which(words[0]) is not None:
            tried = subprocess.run([*words, "true"], capture_output=True, check=False, stdin=subprocess.DEVNULL)
            if tried.returncode == 0:
                return words
    return ()


def run_limited(command: Sequence[str], *, timeout_s: float = _TIMEOUT_SECONDS) -> None:
    """Run a program that reads a file from elsewhere; when it ends or time is up, all it started ends too.

    Raises RenderingFailed.
    """
    environ = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    try:
        program = subprocess.Popen(
            [*_LIMITED, *without_network(), *command],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise RenderingFailed(str(error)) from error
    try:
        status = program.wait(timeout=timeout_s)
    except subprocess.TimeoutExpired as error:
        raise RenderingFailed(f"no answer in {timeout_s} s") from error
    finally:
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()
    if status != 0:
        raise RenderingFailed(f"{command[0]} ended with {status}")


def to_pdf(docx: bytes) -> bytes:
    """Return a Word file as PDF. Raises RenderingFailed."""
    with _one_at_a_time, tempfile.TemporaryDirectory(prefix="tracker-pages-") as folder:
        given = Path(folder) / "circular.docx"
        given.write_bytes(docx)
        profile = (Path(folder) / "profile").as_uri()
        command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--norestore"]
        run_limited([*command, "--convert-to", "pdf", "--outdir", folder, str(given)])
        try:
            return given.with_suffix(".pdf").read_bytes()
        except OSError as error:
            raise RenderingFailed(str(error)) from error


@lru_cache(maxsize=_REMEMBERED_FILES)
def page_lines(docx: bytes) -> list[list[str]]:
    """Return the lines of each page of a Word file as LibreOffice breaks them; nobody changes the lists.

    A file once drawn is remembered: a paper is fitted again from the same beginning whenever it is looked at, checked
    and issued, and drawing takes seconds. Raises RenderingFailed, which is not remembered.
    """
    with tempfile.NamedTemporaryFile(suffix=".pdf") as kept:
        kept.write(to_pdf(docx))
        kept.flush()
        return read_pages(Path(kept.name))


def pictures_of(docx: bytes, folder: Path) -> list[Path]:
    """Return a picture of each page of a Word file, drawn once: the folder keeps them and is named for the file.

    Who asks meanwhile, in whatever process, waits for the one that draws. Raises RenderingFailed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return sorted(folder.glob("page-*.png")) or page_pictures(to_pdf(docx), folder)


def page_pictures(pdf: bytes, folder: Path, *, dots_per_inch: int = 70) -> list[Path]:
    """Draw each page of a PDF into a folder; no picture where poppler's tools are not installed.

    Raises RenderingFailed.
    """
    if shutil.which("pdftoppm") is None:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    given = folder / "circular.pdf"
    given.write_bytes(pdf)
    run_limited(["pdftoppm", "-r", str(dots_per_inch), "-png", str(given), str(folder / "page")])
    return sorted(folder.glob("page-*.png"))
