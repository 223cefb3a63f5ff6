"""What may be handed in as evidence: endings, contents that fit them, harmless archives, no secrecy marking."""

import html
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

from tracker.domain.entered import clean_words
from tracker.domain.errors import BadInput
from tracker.gateways import archive_inspection

_LONGEST_NAME = 150
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_CHUNK_BYTES = 1024 * 1024
_OPEN_XML = "application/vnd.openxmlformats-officedocument."

# Ending → first bytes and media type. The endings wps and et are WPS Office's own; it writes them as OLE2.
_ALLOWED = {
    "pdf": (b"%PDF-", "application/pdf"),
    "docx": (_ZIP, _OPEN_XML + "wordprocessingml.document"),
    "xlsx": (_ZIP, _OPEN_XML + "spreadsheetml.sheet"),
    "pptx": (_ZIP, _OPEN_XML + "presentationml.presentation"),
    "ofd": (_ZIP, "application/ofd"),
    "zip": (_ZIP, "application/zip"),
    "doc": (_OLE2, "application/msword"),
    "xls": (_OLE2, "application/vnd.ms-excel"),
    "wps": (_OLE2, "application/vnd.ms-works"),
    "et": (_OLE2, "application/vnd.ms-excel"),
    "jpg": (b"\xff\xd8\xff", "image/jpeg"),
    "jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    "png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    "txt": (b"", "text/plain"),
}

# The name of the storage that holds macros, as OLE2 writes it. Source: MS-OVBA, 2.2.1.
_OLE2_MACROS = "_VBA_PROJECT".encode("utf-16-le")

# The marking of a state secret: the star, before it the level, after it the term.
# Source: 国家秘密文件、资料和其他物品标志的规定 (1990), clause 4.
_SECRECY_MARKING = re.compile(r"(绝密|机密|秘密)[ \t\u3000]*[★☆]")


class EmptyFile(BadInput):
    code = "empty_file"


class BadFileName(BadInput):
    """Nothing is left of the name but its ending; facts: name."""

    code = "bad_file_name"


class EndingNotAllowed(BadInput):
    """Facts: ending, allowed."""

    code = "ending_not_allowed"


class ContentUnlikeEnding(BadInput):
    """The file is not what its name says; facts: ending."""

    code = "content_unlike_ending"


class SecrecyMarked(BadInput):
    """A marking of a state secret stands in the name or the text; such files do not belong here. Facts: place."""

    code = "secrecy_marked"


def inspect_upload(path: Path, name: str) -> str:
    """Return the media type of a complete file that was handed in under a name.

    Raises EmptyFile, BadFileName, EndingNotAllowed, ContentUnlikeEnding, SecrecyMarked and the refusals of
    `archive_inspection`.
    """
    cleaned = clean_name(name)
    ending = Path(cleaned).suffix[1:].lower()
    if ending not in _ALLOWED:
        raise EndingNotAllowed(ending=ending, allowed=", ".join(sorted(_ALLOWED)))
    if path.stat().st_size == 0:
        raise EmptyFile(name=cleaned)
    if _SECRECY_MARKING.search(unicodedata.normalize("NFKC", cleaned)):
        raise SecrecyMarked(place="name")
    first_bytes, media_type = _ALLOWED[ending]
    with path.open("rb") as file:
        if not file.read(len(first_bytes)) == first_bytes:
            raise ContentUnlikeEnding(ending=ending)
    inspect = _INSPECTORS.get(first_bytes if ending != "txt" else b"txt")
    if inspect is not None:
        inspect(path, ending)
    return media_type


def clean_name(name: str) -> str:
    """Make a name that is safe to show and to save under: NFC, one line, no path, at most 150 characters.

    The ending survives the shortening. Raises BadFileName.
    """
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(sign for sign in clean_words(base) if unicodedata.category(sign) not in {"Cc", "Cf"})
    stem, dot, ending = visible.strip().rpartition(".")
    stem = stem.strip(" .")
    if not stem or not dot:
        raise BadFileName(name=visible)
    return stem[: _LONGEST_NAME - len(ending) - 1] + "." + ending[: _LONGEST_NAME // 2]


def _inspect_archive(path: Path, ending: str) -> None:
    parts = archive_inspection.inspect_archive(path)
    if not archive_inspection.is_kind(path, ending, parts):
        raise ContentUnlikeEnding(ending=ending)
    if ending == "docx":
        for part in archive_inspection.read_text_parts(path, parts):
            _refuse_marked_text(_words(part))


def _words(xml: str) -> str:
    """Join the runs of a paragraph, so that a marking cut up by formatting is still found."""
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"</w:p>|<w:br ?/>", "\n", xml)))


def _inspect_ole2(path: Path, _ending: str) -> None:
    tail = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            if _OLE2_MACROS in tail + chunk:
                raise archive_inspection.MacrosInside(part="_VBA_PROJECT")
            tail = chunk[-len(_OLE2_MACROS) :]


def _inspect_text(path: Path, ending: str) -> None:
    content = path.read_bytes()
    text = _decode(content)
    if text is None or "\0" in text:
        raise ContentUnlikeEnding(ending=ending)
    _refuse_marked_text(text)


def _decode(content: bytes) -> str | None:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _refuse_marked_text(text: str) -> None:
    if _SECRECY_MARKING.search(text):
        raise SecrecyMarked(place="text")


_INSPECTORS: dict[bytes, Callable[[Path, str], None]] = {
    _ZIP: _inspect_archive,
    _OLE2: _inspect_ole2,
    b"txt": _inspect_text,
}
