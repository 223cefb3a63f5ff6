"""Reads the text of an uploaded holiday notice: the office's usual documents, or the calendar's own TOML."""

from pathlib import Path

from tracker.gateways.document_files import TextTooLong, read_document_file
from tracker.inspection.refusals import FileDamaged

ENDINGS = ("txt", "docx", "pdf", "toml")
_LONGEST_TOML_BYTES = 200_000


def read_calendar_text(path: Path, *, name: str) -> str:
    """Return the text of a file handed in as `name`.

    Raises FileDamaged, TextTooLong and what `read_document_file` raises.
    """
    if Path(name).suffix.lower() != ".toml":
        return read_document_file(path, name=name)
    if path.stat().st_size > _LONGEST_TOML_BYTES:
        raise TextTooLong(longest=_LONGEST_TOML_BYTES)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise FileDamaged() from None
