"""PDF: every object that the cross-references name, object streams included, each judged by what it is and says.

Source: ISO 32000-1, 7.3.5 (names), 7.5 (cross-references, object streams).
"""

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject, StreamObject

from tracker.inspection.pdf_actions import Stands, how_stands, page_of, refusal_of
from tracker.inspection.pdf_words import PdfWords
from tracker.inspection.refusals import FileDamaged, FileEncrypted, FileTooComplex

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


def inspect_pdf(file: BinaryIO) -> None:
    """Refuse a PDF that acts, carries files, is locked or bears a marking of secrecy.

    Raises PdfActive, LinkOutside, FileEncrypted, FileDamaged, FileTooComplex, SecrecyMarked.
    """
    try:
        reader = open_pdf(file)
        words = PdfWords()
        for value, stands in _values(reader):
            if isinstance(value, DictionaryObject) and (stands is not Stands.LIST or isinstance(value, StreamObject)):
                _refuse_active(reader, value)
            words.look_at(value)
        words.read_drawn(reader)
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


def _values(reader: PdfReader) -> Iterator[tuple[PdfObject, Stands]]:
    """Yield every dictionary, array and what else is an object of its own, each once for the way in which it stands.

    What the trailer leads to comes first, then all others. What leads nowhere may be unreadable, programs leave such
    things behind. Raises FileTooComplex and what pypdf raises.
    """
    seen: set[tuple[int, int, Stands]] = set()
    values = 0
    for begin, must_be_readable in _beginnings(reader):
        waiting: list[tuple[PdfObject, Stands]] = [(begin, Stands.ALONE)]
        while waiting:
            value, stands = waiting.pop()
            if isinstance(value, IndirectObject):
                key = (value.idnum, value.generation, stands)
                # Who comes from the table does not know how it stands: that is known where it was led to.
                if key in seen or (value is begin and any((*key[:2], way) in seen for way in Stands)):
                    continue
                seen.add(key)
                found = _object(value, must_be_readable=must_be_readable)
                if found is None:
                    continue
                value = found
            values += 1
            if values > _MOST_VALUES or len(seen) > _MOST_OBJECTS:
                raise FileTooComplex()
            yield value, stands
            waiting += _within(value, stands)


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


def _within(value: PdfObject, stands: Stands) -> list[tuple[PdfObject, Stands]]:
    """Return what a value holds that may hold more, and what it refers to, with how that stands."""
    if isinstance(value, DictionaryObject):
        inner = [(value.raw_get(key), how_stands(key, within=stands)) for key in value]
    elif isinstance(value, ArrayObject):
        inner = [(list.__getitem__(value, at), Stands.ALONE) for at in range(len(value))]
    else:
        return []
    return [each for each in inner if isinstance(each[0], DictionaryObject | ArrayObject | IndirectObject)]


def _refuse_active(reader: PdfReader, value: DictionaryObject) -> None:
    """Raises PdfActive, LinkOutside."""
    refusal = refusal_of(value)
    if refusal is not None:
        page = page_of(reader, value)
        raise refusal(f"，第{page}页" if page else "")
