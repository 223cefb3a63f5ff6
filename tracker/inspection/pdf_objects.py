"""PDF: every object that the cross-references name, object streams included, and the text of its pages.

Source: ISO 32000-1, 7.3.5 (names), 7.5 (cross-references, object streams).
"""

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject

from tracker.inspection.pdf_actions import page_of, refusal_of
from tracker.inspection.refusals import FileDamaged, FileEncrypted, FileTooComplex
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
                _refuse_active(reader, value)
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


def _refuse_active(reader: PdfReader, value: DictionaryObject) -> None:
    """Raises PdfActive, LinkOutside."""
    refusal = refusal_of(value)
    if refusal is not None:
        page = page_of(reader, value)
        raise refusal(f"，第{page}页" if page else "")


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
