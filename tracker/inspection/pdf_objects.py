"""PDF: every object that the cross-references name, object streams included, and the text of its pages.

Source: ISO 32000-1, 7.3.5 (names), 12.6 (actions), 7.11.4 (embedded files), 12.7.8 (XFA).
"""

import re
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NullObject, PdfObject

from tracker.inspection.refusals import FileDamaged, FileEncrypted, FileTooComplex, LinkOutside, PdfActive
from tracker.inspection.texts import Lines

# What a parser of hostile bytes may end in besides its own errors.
BROKEN = (
    PyPdfError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    OverflowError,
    OSError,
    EOFError,
    AssertionError,
    NotImplementedError,
    zlib.error,
    struct.error,
)
# Entries that only what acts or carries files has, and what they are.
_ENTRIES = {
    "/JS": "脚本（JavaScript）",
    "/JavaScript": "脚本（JavaScript）",
    "/AA": "自动执行的动作（AA）",
    "/EmbeddedFiles": "附件（EmbeddedFile）",
    "/EF": "附件（EmbeddedFile）",
    "/XFA": "动态表单（XFA）",
    "/RichMediaContent": "多媒体内容（RichMedia）",
}
_ACTIONS = {
    "/JavaScript": "脚本（JavaScript）",
    "/Launch": "启动程序的动作（Launch）",
    "/SubmitForm": "提交数据的动作（SubmitForm）",
    "/ImportData": "导入数据的动作（ImportData）",
    "/GoToR": "打开其他文件的动作（GoToR）",
    "/GoToE": "打开附件的动作（GoToE）",
    "/Rendition": "播放多媒体的动作（Rendition）",
    "/RichMediaExecute": "多媒体内容（RichMedia）",
}
_KINDS = {
    "/EmbeddedFile": "附件（EmbeddedFile）",
    "/RichMedia": "多媒体内容（RichMedia）",
    "/FileAttachment": "附件（EmbeddedFile）",
}
_OPENS_WITH = frozenset(("/GoTo",))
_INNOCENT_ADDRESS = re.compile(r"\s{0,40}(?:https?://|mailto:|www\.|[^:]{0,2000}$)", re.IGNORECASE)
_MOST_OBJECTS = 200_000
_MOST_VALUES = 2_000_000
# Pages are looked at from the first on, where a marking has its place, until so much of them was read.
_MOST_PAGES = 40
_MOST_CONTENT_BYTES = 1_500_000


def inspect_pdf(file: BinaryIO) -> None:
    """Refuse a PDF that acts, carries files, is locked or bears a marking of secrecy.

    Raises PdfActive, LinkOutside, FileEncrypted, FileDamaged, FileTooComplex, SecrecyMarked.
    """
    try:
        reader = open_pdf(file)
        for value in _values(reader):
            if isinstance(value, DictionaryObject):
                _refuse_active(value)
        _read_pages(reader)
    except RecursionError as error:
        raise FileTooComplex() from error
    except BROKEN as error:
        raise FileDamaged from error


def open_pdf(file: BinaryIO) -> PdfReader:
    """Open a PDF; one that asks no password to be read is unlocked. Raises FileEncrypted and what pypdf raises."""
    try:
        reader = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileEncrypted()
    except (DependencyError, NotImplementedError) as error:
        raise FileEncrypted from error
    return reader


def _values(reader: PdfReader) -> Iterator[PdfObject]:
    """Yield every dictionary and array, each object once: first what the trailer leads to, then all others.

    What leads nowhere may be unreadable, programs leave such things behind.
    Raises FileTooComplex and what pypdf raises.
    """
    seen: set[tuple[int, int]] = set()
    values = 0
    for begin, must_be_readable in _beginnings(reader):
        waiting: list[PdfObject] = [begin]
        while waiting:
            value = waiting.pop()
            if isinstance(value, IndirectObject):
                key = (value.idnum, value.generation)
                if key in seen:
                    continue
                seen.add(key)
                found = _object(value, must_be_readable=must_be_readable)
                if found is None:
                    continue
                value = found
            values += 1
            if values > _MOST_VALUES or len(seen) > _MOST_OBJECTS:
                raise FileTooComplex()
            yield value
            waiting += _within(value)


def _beginnings(reader: PdfReader) -> Iterator[tuple[PdfObject, bool]]:
    """Yield where to begin, and whether all that is found from there must be readable."""
    yield reader.trailer, True
    for generation, found in reader.xref.items():
        for number in list(found):
            yield IndirectObject(number, generation, reader), False
    for number in list(reader.xref_objStm):
        yield IndirectObject(number, 0, reader), False


def _object(reference: IndirectObject, *, must_be_readable: bool) -> PdfObject | None:
    try:
        found = reference.get_object()
    except (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
        if must_be_readable:
            raise
        return None
    return found


def _within(value: PdfObject) -> list[PdfObject]:
    """Return what a value holds that may hold more, and what it refers to."""
    if isinstance(value, DictionaryObject):
        inner = [value.raw_get(key) for key in value]
    elif isinstance(value, ArrayObject):
        inner = [list.__getitem__(value, at) for at in range(len(value))]
    else:
        return []
    return [each for each in inner if isinstance(each, DictionaryObject | ArrayObject | IndirectObject)]


def _refuse_active(value: DictionaryObject) -> None:
    """Raises PdfActive, LinkOutside."""
    for key, what in _ENTRIES.items():
        if key in value and not _is_nothing(_at(value, key)):
            raise PdfActive(what=what)
    for keys, names in ((("/S",), _ACTIONS), (("/Type", "/Subtype"), _KINDS)):
        for name in (_at(value, key) for key in keys):
            if isinstance(name, str) and name in names:
                raise PdfActive(what=names[name])
    opens = _at(value, "/OpenAction")
    if isinstance(opens, DictionaryObject) and _at(opens, "/S") not in _OPENS_WITH:
        raise PdfActive(what="打开时自动执行的动作（OpenAction）")
    address = _at(value, "/URI")
    if isinstance(address, str | bytes):
        text = address.decode("latin-1") if isinstance(address, bytes) else address
        if not _INNOCENT_ADDRESS.match(text):
            raise LinkOutside(part="URI", target=text[:80])


def _at(value: DictionaryObject, key: str) -> object:
    """Return an entry, followed to where it leads."""
    found = value.raw_get(key) if key in value else None
    return found.get_object() if isinstance(found, IndirectObject) else found


def _is_nothing(value: object) -> bool:
    return (
        value is None
        or isinstance(value, NullObject)
        or (isinstance(value, ArrayObject | DictionaryObject) and not value)
    )


def _read_pages(reader: PdfReader) -> None:
    """Raises SecrecyMarked."""
    left = _MOST_CONTENT_BYTES
    for number, page in enumerate(reader.pages):
        if number >= _MOST_PAGES or left <= 0:
            return
        lines = Lines("text")
        contents = page.get_contents()
        left -= len(contents.get_data()) if contents is not None else 0
        if left >= 0:
            lines.say(page.extract_text())
            lines.end()
