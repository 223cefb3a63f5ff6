"""One text, printed three ways: as plain text, as a Word file, as a PDF of the official layout, written by hand.

The official layout (GB/T 9704): 28 characters a line of 16 points, the first line of a paragraph two characters in,
22 lines a page, the page's number between dashes below.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from docx import Document

A_LINE, A_PAGE, SIZE, PITCH, LEFT, TOP = 28, 22, 16, 28, 80.0, 740.0
_NEVER_FIRST = "，。；：、）！？”》】,.;:)!?"


@dataclass
class Sheet:
    """A page: words at places, and ruled lines (x0, y0, x1, y1)."""

    words: list[tuple[float, float, str]] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    matrix: str = "1 0 0 1"
    size: int = SIZE
    others: list[tuple[float, float, int, str]] = field(default_factory=list)


def write_pdf(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write pages with a font whose characters are mapped to Unicode."""
    letters = sorted({c for s in sheets for w in [*(w[2] for w in s.words), *(w[3] for w in s.others)] for c in w})
    codes = {letter: n + 1 for n, letter in enumerate(letters)}
    maps = [f"<{code:04x}> <{letter.encode('utf-16-be').hex()}>" for letter, code in codes.items()]
    blocks = [maps[n : n + 100] for n in range(0, len(maps), 100)]
    cmap = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
    cmap += "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
    cmap += "".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar\n" for b in blocks)
    cmap += "endcmap end end"
    narrow = " ".join(f"{code} [500]" for letter, code in codes.items() if not _is_wide(letter))
    count = len(sheets)
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(count))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {count}>>".encode(),
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>" + f"/DW 1000/W[{narrow}]>>".encode(),
        _stream(cmap),
    ]
    for n, sheet in enumerate(sheets):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {7 + 2 * n} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>".encode()
        )
        objects.append(_stream(_drawn(sheet, codes)))
    _write(path, objects)


def official_pdf(path: Path, paragraphs: Sequence[str], *, flush: int = 0) -> None:
    """Print paragraphs; the first `flush` of them stand without an indent, a line each."""
    lines = [(indent, words) for n, p in enumerate(paragraphs) for indent, words in _wrapped(p, flush=n < flush)]
    sheets = []
    for n in range(0, len(lines), A_PAGE):
        sheet = Sheet()
        for row, (indent, words) in enumerate(lines[n : n + A_PAGE]):
            sheet.words.append((LEFT + indent * SIZE, TOP - row * PITCH, words))
        sheet.words.append((270.0, 60.0, f"— {n // A_PAGE + 1} —"))
        sheets.append(sheet)
    write_pdf(path, sheets)


def plain_docx(path: Path, paragraphs: Sequence[str]) -> None:
    """Write each paragraph as one of a Word file."""
    document = Document()
    for words in paragraphs:
        document.add_paragraph(words)
    document.save(str(path))


def _wrapped(words: str, *, flush: bool) -> list[tuple[int, str]]:
    lines: list[tuple[int, str]] = []
    indent = 0 if flush else 2
    line, room = "", A_LINE * 2 - indent * 2
    for place, character in enumerate(words):
        wide = 2 if _is_wide(character) else 1
        after = words[place + 1 : place + 2]
        if room < wide + (2 if after and after in _NEVER_FIRST else 0) and character not in _NEVER_FIRST and line:
            lines.append((indent, line))
            indent, line, room = 0, "", A_LINE * 2
        line += character
        room -= wide
    return [*lines, (indent, line)]


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WFA"


def _drawn(sheet: Sheet, codes: dict[str, int]) -> str:
    drawn = "".join(f"{x0} {y0} m {x1} {y1} l S\n" for x0, y0, x1, y1 in sheet.rules)
    for x, y, size, words in [*((x, y, sheet.size, w) for x, y, w in sheet.words), *sheet.others]:
        shown = "".join(f"{codes[c]:04x}" for c in words)
        drawn += f"BT /F1 {size} Tf {sheet.matrix} {x} {y} Tm <{shown}> Tj ET\n"
    return drawn


def _stream(content: str) -> bytes:
    return f"<</Length {len(content.encode())}>>stream\n{content}\nendstream".encode()


def _write(path: Path, objects: Sequence[bytes]) -> None:
    out = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in offsets)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    path.write_bytes(out)
