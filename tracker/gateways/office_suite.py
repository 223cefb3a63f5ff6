"""LibreOffice, where it is installed: a Word file as PDF, and the pages of that as lines or pictures."""

import fcntl
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

from tracker.gateways.pdf_text import read_pages

_TIMEOUT_SECONDS = 90
_one_at_a_time = threading.Lock()


class RenderingFailed(RuntimeError):
    """LibreOffice did not give a PDF in time."""


def is_present() -> bool:
    return shutil.which("soffice") is not None


def to_pdf(docx: bytes) -> bytes:
    """Return a Word file as PDF. Raises RenderingFailed."""
    with _one_at_a_time, tempfile.TemporaryDirectory(prefix="tracker-pages-") as folder:
        given = Path(folder) / "circular.docx"
        given.write_bytes(docx)
        profile = (Path(folder) / "profile").as_uri()
        command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--norestore"]
        command += ["--convert-to", "pdf", "--outdir", folder, str(given)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT_SECONDS, stdin=subprocess.DEVNULL)
            return given.with_suffix(".pdf").read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise RenderingFailed(str(error)) from error


def page_lines(docx: bytes) -> list[list[str]]:
    """Return the lines of each page of a Word file as LibreOffice breaks them. Raises RenderingFailed."""
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
    command = ["pdftoppm", "-r", str(dots_per_inch), "-png", str(given), str(folder / "page")]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT_SECONDS, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError) as error:
        raise RenderingFailed(str(error)) from error
    return sorted(folder.glob("page-*.png"))
