"""The words of a PDF, wherever it has some: what its streams draw, its strings and names, and its metadata.

Source: ISO 32000-1, 7.9.2 (strings), 8.7.3 (patterns), 8.10 (forms), 9.6.5 (letters that are drawn),
12.5.5 (appearances), 14.3.2 (metadata).
"""

import html
import re
from collections.abc import Iterator, Mapping
from itertools import islice

from pypdf import PdfReader
from pypdf._cmap import get_encoding
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from tracker.inspection.markings import is_starred, may_be_marked
from tracker.inspection.pdf_actions import entry
from tracker.inspection.pdf_content import Decode, has_words, read_content
from tracker.inspection.pdf_layout import Drawn, by_place, in_lines
from tracker.inspection.refusals import FileTooComplex, SecrecyMarked
from tracker.inspection.texts import Lines, readings, refuse_marked

# Of what is drawn so much is read: pages from the first on, where a marking has its place; of the rest, appearances,
# forms and patterns, the smallest first, since a marking is short.
_MOST_DRAWN_ON_PAGES_BYTES = 3_000_000
_MOST_DRAWN_ELSEWHERE_BYTES = 1_000_000
_EACH_BYTES = 500  # what the reading of an empty one takes, in bytes of content
_MOST_PAGES = 2_000
_MOST_TEXT_BYTES = 16_000_000
# What a form calls its fields is not shown: a form that asks for a level has one by the name of each.
_NOT_SHOWN = frozenset(("/T", "/TM", "/ID"))
_MAY_BE_STREAMS = ("/V", "/DV", "/RV", "/Metadata")
_CHOSEN = ("/V", "/AS")
_TAG, _EDGE = re.compile("<[^<>]*>"), re.compile("[<>\"']")
_ENTRIES, _DRAWN = "entries", "drawn"


class PdfWords:
    """Is shown each value of a PDF once, then reads what is drawn."""

    def __init__(self) -> None:
        self._drawn: dict[int, tuple[StreamObject, object]] = {}
        self._fonts: dict[int, tuple[DictionaryObject, Decode]] = {}
        self._text_bytes = 0

    def look_at(self, value: PdfObject) -> None:
        """Look for markings in what a value says itself. Raises SecrecyMarked, FileTooComplex."""
        if isinstance(value, DictionaryObject):
            self._look_at_strings((key, value.raw_get(key)) for key in value)
            self._note_streams(value)
        elif isinstance(value, ArrayObject):
            self._look_at_strings(("", list.__getitem__(value, at)) for at in range(len(value)))
        else:
            self._look_at_strings((("", value),))

    def _look_at_strings(self, entries: Iterator[tuple[str, object]] | tuple[tuple[str, object], ...]) -> None:
        """What stands in one value is one text, a line for each: so a list of levels to choose from is told as such."""
        lines: list[str] = []
        for key, said in entries:
            if isinstance(said, NameObject):
                if key in _CHOSEN:
                    lines.append(said[1:])
                elif is_starred(said):
                    raise SecrecyMarked(place=_ENTRIES)
            elif isinstance(said, TextStringObject | ByteStringObject) and not said.isascii():
                for reading in _readings(said):
                    if key not in _NOT_SHOWN:
                        lines.append(reading)
                    elif is_starred(reading):
                        raise SecrecyMarked(place=_ENTRIES)
        if lines:
            refuse_marked("\n".join(lines), place=_ENTRIES)

    def _note_streams(self, value: DictionaryObject) -> None:
        """Read the streams that are text, and keep for later those that draw."""
        texts = [entry(value, key) for key in _MAY_BE_STREAMS if key in value]
        if isinstance(value, StreamObject):
            if "/BBox" in value or entry(value, "/Subtype") == "/Form":
                self._drawn[id(value)] = value, entry(value, "/Resources")
            elif entry(value, "/Type") == "/Metadata" or entry(value, "/Subtype") == "/XML":
                texts.append(value)
        letters = entry(value, "/CharProcs")
        if isinstance(letters, DictionaryObject):
            resources = entry(value, "/Resources")
            found = (entry(letters, key) for key in letters)
            self._drawn |= {id(each): (each, resources) for each in found if isinstance(each, StreamObject)}
        for text in texts:
            if isinstance(text, StreamObject):
                self._look_at_text(text.get_data())

    def _look_at_text(self, content: bytes) -> None:
        self._text_bytes += len(content)
        if self._text_bytes > _MOST_TEXT_BYTES:
            raise FileTooComplex()
        for reading in readings(content):
            for words in _without_marks(reading):
                refuse_marked(words, place=_ENTRIES)

    def read_drawn(self, reader: PdfReader) -> None:
        """Raises SecrecyMarked."""
        left, fonts = _MOST_DRAWN_ON_PAGES_BYTES, dict[str, Decode]()
        for page in islice(reader.pages, _MOST_PAGES):
            contents = page.get_contents()
            content = contents.get_data() if contents is not None else b""
            if has_words(content):
                of_page = self._fonts_of(entry(page, "/Resources"))
                fonts |= of_page
                self._read(content[:left], of_page, place="text")
                left -= len(content) + _EACH_BYTES
            if left <= 0:
                break
        left = _MOST_DRAWN_ELSEWHERE_BYTES
        for stream, resources in sorted(self._drawn.values(), key=lambda each: len(each[0]._data)):
            content = stream.get_data()
            if has_words(content):
                # Old forms have the fonts of the page that draws them.
                of_form = self._fonts_of(resources) if resources is not None else fonts
                self._read(content[:left], of_form, place=_DRAWN)
                left -= len(content) + _EACH_BYTES
            if left <= 0:
                break

    def _read(self, content: bytes, fonts: Mapping[str, Decode], *, place: str) -> None:
        drawn, said = read_content(content, fonts, _as_written)
        for order in (drawn, by_place(drawn)):
            _refuse_marked_lines(order, place=place)
        for string in said:
            for reading in readings(string):
                refuse_marked(reading, place=place)

    def _fonts_of(self, resources: object) -> dict[str, Decode]:
        found = entry(resources, "/Font") if isinstance(resources, DictionaryObject) else None
        if not isinstance(found, DictionaryObject):
            return {}
        fonts = ((key, entry(found, key)) for key in found)
        return {key[1:]: self._decoder(font) for key, font in fonts if isinstance(font, DictionaryObject)}

    def _decoder(self, font: DictionaryObject) -> Decode:
        """Read how a font's strings are to be read: each font once, however many pages it is on."""
        known = self._fonts.get(id(font))
        if known is None:
            known = self._fonts[id(font)] = font, _decode_as(font)
        return known[1]


def _refuse_marked_lines(drawn: list[Drawn], *, place: str) -> None:
    lines = Lines(place)
    for words in in_lines(drawn):
        lines.say(words)
    lines.end()


def _readings(said: TextStringObject | ByteStringObject) -> Iterator[str]:
    """Yield a string as it reads: by the standard, in what programs write instead of it, and without marks within."""
    found = [str(said)] if isinstance(said, str) else []
    for text in [*found, *(each for each in readings(bytes(said.original_bytes)) if each not in found)]:
        if may_be_marked(text):
            yield from _without_marks(text) if "<" in text else (text,)


def _without_marks(text: str) -> Iterator[str]:
    """Yield a text that may be XML without its marks, and with what stands in them, a line each."""
    yield html.unescape(_TAG.sub("", text))
    yield html.unescape(_EDGE.sub("\n", text))


def _decode_as(font: DictionaryObject) -> Decode:
    try:
        encoding, letters = get_encoding(font)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return _as_written
    if isinstance(encoding, str):
        return lambda string: _mapped(string.decode(encoding, "replace"), letters)
    return lambda string: _mapped("".join([encoding.get(code, chr(code)) for code in string]), letters)


def _mapped(text: str, letters: Mapping[object, object]) -> str:
    return "".join([str(letters.get(sign, sign)) for sign in text]) if letters else text


def _as_written(string: bytes) -> str:
    """Read a string whose font is not known as what programs write most."""
    return next(readings(string), string.decode("latin-1"))
