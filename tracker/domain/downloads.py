"""What leaves the system as a file, each time of which is recorded 「下载」."""

from enum import StrEnum


class Fetched(StrEnum):
    """Kinds of files with what they are of: a paper, a file under a report, a document, a form, an input."""

    PAPER = "paper"
    SOURCES = "sources"
    EVIDENCE = "evidence"
    BREAKDOWN = "breakdown"
    TEMPLATE = "template"
    EMPTY_LEDGER = "empty_ledger"
    AUDIT_TRAIL = "audit_trail"
    HANDOVER = "handover"
    TASK_LEDGER = "task_ledger"
    FORM = "form"
    BOX = "box"
    SITE_PHOTO = "site_photo"
    LIST = "list"
    ENCLOSURE = "enclosure"
    SCORE_FILE = "score_file"
    SCORE_BOOK = "score_book"


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What a browser shows without running anything of it, of the files that are taken in.
PICTURES = frozenset({"image/jpeg", "image/png"})
LOOKED_AT = PICTURES | {"application/pdf"}


def about(what: Fetched, object_id: int | None) -> str:
    """Return by what the log finds who fetched a file."""
    return f"{what.value}:{object_id or ''}"
