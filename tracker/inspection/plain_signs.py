"""Signs that look like others, written as one: what a reader takes for a level with a star is found as such.

Widths, compatibility forms and blanks by NFKC, traditional characters of the words of a marking, stars and asterisks of
every block; what has no width is left out. Source: Unicode 15, names and categories.
"""

import re
import unicodedata

STAR, ASTERISK = "★", "*"
_TRADITIONAL = {
    "絕": "绝",
    "機": "机",
    "祕": "秘",
    "級": "级",
    "長": "长",
    "別": "别",
    "個": "个",
    "漢": "汉",
    "業": "业",
}
# Blocks in which there are such signs; the rest of Unicode is letters of other scripts.
_BLOCKS = (
    *((0x80, 0x370), (0x600, 0x700), (0x115F, 0x1161), (0x17B4, 0x180F), (0x1AB0, 0x1B00), (0x1DC0, 0x1E00)),
    *((0x2000, 0x33FF), (0xA670, 0xA680), (0xF000, 0xF100), (0xF900, 0xFB00), (0xFE00, 0x10000), (0x1F000, 0x1FB00)),
    *((0x2F800, 0x2FA20), (0xE0000, 0xE01F0)),
)
_FIRST_BEYOND = 0x10000
# Letters of symbol fonts (Wingdings, Wingdings 2, Webdings) in the private area, and which of them are no stars.
_SYMBOLS, _BLANK = range(0xF000, 0xF100), 0x20
_NO_STARS = {
    "□": (0x2A, 0x63, 0x6F, 0x70, 0x71, 0x72, 0xA3, 0xA8),
    "☑": (0x50, 0x52, 0x53, 0x54, 0x61, 0x78, 0xFC, 0xFD, 0xFE),
    "→": (*range(0xD5, 0xF5),),
    "·": (0x6C, 0x6D, 0x9E, 0x9F, 0xA7),
}
_FEW = 30  # so many replacements take less time than a look at each sign
_WITHOUT_WIDTH = frozenset(("Cf", "Mn", "Me"))
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
_STAR, _ASTERISK = re.compile(r"\bSTAR(?:RED)?\b"), re.compile(r"\bASTERISK\b")


def as_symbol(sign: str) -> str:
    """Return the sign of a symbol font as Word writes it in the private area, where its font is not known any more."""
    return chr(_SYMBOLS.start + ord(sign)) if _BLANK < ord(sign) < len(_SYMBOLS) else sign


def plain_signs(text: str) -> str:
    """Return a text with its signs written plainly; takes time in proportion to the text."""
    if not _ODD.search(text) and not _BEYOND.search(text):
        return text
    odd = [sign for sign in set(text) if ord(sign) in _PLAIN]
    if len(odd) > _FEW:
        return text.translate(_PLAIN)
    for sign in odd:
        text = text.replace(sign, _PLAIN[ord(sign)])
    return text


def _plain_symbol(code: int) -> str:
    """Return what a letter of Wingdings or Webdings looks like; what is no box, tick or arrow is taken for a star."""
    letter = code - _SYMBOLS.start
    if letter <= _BLANK:
        return " "
    return next((plain for plain, letters in _NO_STARS.items() if letter in letters), STAR)


def _plainly(sign: str) -> str:
    if ord(sign) in _SYMBOLS:
        return _plain_symbol(ord(sign))
    name = unicodedata.name(sign, "")
    # Ten thousand names are asked at each start: few hold the letters.
    if "STAR" in name and _STAR.search(name):
        return STAR
    if "ASTERISK" in name and _ASTERISK.search(name):
        return ASTERISK
    if unicodedata.category(sign) in _WITHOUT_WIDTH or sign in _FILLERS:
        return ""
    if sign in "\x85\u2028\u2029":  # the ends of lines
        return sign
    plain = unicodedata.normalize("NFKC", sign)
    return "".join(_TRADITIONAL.get(each, each) for each in plain if unicodedata.category(each) not in _WITHOUT_WIDTH)


_PLAIN = {
    code: plain for first, end in _BLOCKS for code in range(first, end) if (plain := _plainly(chr(code))) != chr(code)
} | {ord(sign): plain for sign, plain in _TRADITIONAL.items()}


def _ranges() -> str:
    """Return the signs of the table as the inside of a class: neighbours as one range, for a quick search."""
    pieces: list[tuple[int, int]] = []
    for code in sorted(code for code in _PLAIN if code < _FIRST_BEYOND):
        if pieces and pieces[-1][1] == code - 1:
            pieces[-1] = pieces[-1][0], code
        else:
            pieces.append((code, code))
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in pieces)


_ODD = re.compile(f"[{_ranges()}]")
_BEYOND = re.compile(f"[{chr(_FIRST_BEYOND)}-\U0010ffff]")  # apart: a class over both is searched sign by sign
