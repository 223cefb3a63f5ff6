"""Gathers the text of a document line by line and looks for markings in it as it comes, in bounded memory."""

import re
from collections.abc import Iterator

from tracker.inspection.markings import is_marked
from tracker.inspection.refusals import SecrecyMarked

MARKS_OF_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SECRET = "密"  # in each level of secrecy
_LOOKED_AT_EVERY = 500_000
# What is kept of a stretch that was looked at, so that a marking across its end is seen.
_KEPT = 200
# Codes of a sheet's head: place, font, size, colour, style.
_HEAD_CODES = re.compile(r'&(?:[LCR]|"[^"]{0,200}"|\d{1,3}|K[0-9A-Fa-f]{6}|[A-Z])')


class Lines:
    """Text of one part; `end` must be called after its last word."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._pieces: list[str] = []
        self._length = 0
        self._at_line_start = True

    def say(self, words: str) -> None:
        """Add words to the line. Raises SecrecyMarked."""
        self._at_line_start = False
        self._pieces.append(words)
        self._length += len(words)
        if self._length > _LOOKED_AT_EVERY:
            kept = self._look()[-_KEPT:]
            self._pieces, self._length = [kept], len(kept)

    def break_line(self) -> None:
        """Begin a new line; of several breaks in a row one is kept."""
        if not self._at_line_start:
            self.say("\n")
            self._at_line_start = True

    def end(self) -> None:
        """Raises SecrecyMarked."""
        self._look()
        self._pieces, self._length = [], 0

    def _look(self) -> str:
        text = "".join(self._pieces)
        if is_marked(text):
            raise SecrecyMarked(place=self._place)
        return text


def readings(content: bytes) -> Iterator[str]:
    """Yield a text as it reads in each encoding that it may be in: only UTF-8 and marked UTF-16 tell themselves."""
    if content.startswith(MARKS_OF_UTF16):
        yield content.decode("utf-16", "replace")
        return
    try:
        yield content.decode("utf-8-sig")
    except UnicodeDecodeError:
        for encoding in ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be"):
            if _SECRET.encode(encoding) in content:
                yield content.decode(encoding, "replace")


def refuse_marked(text: str, *, place: str) -> None:
    """Raises SecrecyMarked."""
    if is_marked(text):
        raise SecrecyMarked(place=place)


def head_words(text: str) -> str:
    """Return what a sheet's head shows, a line for each of its three places."""
    return _HEAD_CODES.sub("\n", text)
