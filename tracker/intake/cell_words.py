"""The words of a cell: which blanks are of layout and which stand between names."""

import unicodedata

from tracker.intake.expressions import expression

# Columns of plain text are two blanks apart, or a wide one.
# e.g. 改造管网  市城管局
WIDE_GAP = expression(r"(?<=\S)(?: {2,}|[ ]*\u3000+[ \u3000]*)(?=\S)")
# e.g. 财 政 局
_SPACED_OUT = expression(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff](?: |$))")
# A blank beside a Chinese character is one of layout, except between names.
# e.g. 改造 60公里
_BLANK_BESIDE_CJK = expression(r"(?<=[\u2e80-\u9fff，。；：、（）]) +| +(?=[\u2e80-\u9fff，。；：、（）])")
# e.g. 市财政局  市水利局
_BLANKS = expression(r"[ \u3000\xa0\n]+")


def has_blank(line: str) -> bool:
    """Say whether there is any blank in a line; most have none and need not be searched for places between blanks."""
    return " " in line or "\u3000" in line or "\xa0" in line


def clean(cell: str, *, names: bool) -> str:
    """Return a cell's words without blanks of layout; between names one stays."""
    words = _BLANKS.sub(" ", cell).strip()
    if names:
        return _BLANKS.sub("", words) if _SPACED_OUT.search(words) else words
    return _BLANK_BESIDE_CJK.sub("", words)


def bare(words: str) -> str:
    """Return words without any blank."""
    return _BLANKS.sub("", words)


def display(words: str) -> int:
    """Return the width in half characters."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in words)
