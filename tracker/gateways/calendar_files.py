"""Reads the text of an uploaded holiday notice: the office's usual documents, or the calendar's own TOML."""

from pathlib import Path

from tracker.gateways.document_files import read_document_file
from tracker.gateways.pdf_text import FileDamaged

ENDINGS = ("txt", "docx", "pdf", "toml")


def read_calendar_text(path: Path, *, name: str) -> str:
    """Return the text of a file handed in as `name`. Raises FileDamaged and what `read_document_file` raises."""
    if Path(name).suffix.lower() != ".toml":
        return read_document_file(path, name=name)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise FileDamaged() from None
