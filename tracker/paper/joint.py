"""What several organs that issue a paper together 「联合行文」 print: the red head and the signatures.

Source: GB/T 9704-2012, 7.2.4, 7.3.5.1, 7.3.5.2; a letter bears the host's head alone (10.1). Numbers are twips unless
named.
"""

from collections.abc import Sequence

from tracker.domain.calendar import full_date
from tracker.paper import ooxml
from tracker.paper.documents import OfficialDocument
from tracker.paper.ooxml import CHARACTER, LINE_PITCH, TITLE_FACE, TYPE_AREA_WIDTH, paragraph, run, spacing

MOST_IN_A_ROW = 3
_WORD = "文件"
# All names together: what the first page has left beside number, title, addressees and the first line of the text.
_ROOM = 3400
_LARGEST_PITCH = 1120
_LINE_TO_TYPE = 1.22
_NAMES_WIDTH, _BETWEEN = 6700, 240
_WORD_POINTS, _WORD_SQUEEZE = 52, 62
# The ink of the mark stands 35 mm below the type area's edge; in an exact line it begins a little below the line's top.
_INK_BELOW_EDGE = 1984
# Where the first page would show no text else, the head stands higher: 7.3.3 goes before the place of the mark.
RAISED_LINES = 2
_INK_RAISED = _INK_BELOW_EDGE - RAISED_LINES * LINE_PITCH
_SEAL_PITCH = 2608  # 46 mm between two rows of seals of 42 mm, which may not touch
_DAY_RIGHT = 4 * CHARACTER


def mark_height(document: OfficialDocument) -> int:
    """Return how much room the names of a joint head take."""
    return len(document.organs) * _pitch(len(document.organs))


def mark(document: OfficialDocument, *, colour: str, lines: int) -> list[str]:
    """Return the head: the names one under another, the host first, all as wide as the longest, “文件” at their right.

    `lines` stand above it. The names are as large as lets the first page show some of the text (7.2.4, 7.3.3).
    """
    pitch = _pitch(len(document.organs))
    points = int(pitch / 20 / _LINE_TO_TYPE)
    longest = max(map(len, document.organs))
    squeeze = min(85, int(_NAMES_WIDTH * 100 / (longest * points * 20)))
    width = longest * points * 20 * squeeze // 100
    word = _WORD if document.mark.endswith(_WORD) else ""
    whole = width + (_BETWEEN + 2 * _WORD_POINTS * 20 * _WORD_SQUEEZE // 100 if word else 0)
    left = max(0, (TYPE_AREA_WIDTH - whole) // 2)
    shown = not document.preprinted
    names = "".join(
        paragraph(
            "",
            style="Flush",
            properties=f'{spacing(0, line=pitch)}<w:ind w:left="{left}"/><w:jc w:val="left"/>',
            runs=_spread(name, points=points, squeeze=squeeze, width=width, colour=colour) if shown else "",
        )
        for name in document.organs
    )
    suffix = paragraph(
        "",
        style="Flush",
        properties=f'{spacing(0, line=1200)}<w:jc w:val="left"/>',
        runs=run(word, face=TITLE_FACE, half_points=2 * _WORD_POINTS, extra=_ink(colour, _WORD_SQUEEZE))
        if shown and word
        else "",
    )
    ink = int(points * 20 * (_LINE_TO_TYPE * 0.8 - 0.842))
    room = (_INK_RAISED if document.adjusted.raised else _INK_BELOW_EDGE) - ink - lines * LINE_PITCH
    return [
        paragraph("", style="Flush", properties=spacing(0, line=max(20, room))),
        ooxml.bare_table([names, suffix], [left + width + _BETWEEN, TYPE_AREA_WIDTH - left - width - _BETWEEN]),
    ]


def _pitch(count: int) -> int:
    return min(_LARGEST_PITCH, _ROOM // count)


def _ink(colour: str, squeeze: int, *, more: int = 0) -> str:
    apart = f'<w:spacing w:val="{more}"/>' if more else ""
    return f'<w:color w:val="{colour}"/>{apart}<w:w w:val="{squeeze}"/>'


def _spread(name: str, *, points: int, squeeze: int, width: int, colour: str) -> str:
    """Return a name as wide as the longest: its characters are set apart, but for the last."""
    own = len(name) * points * 20 * squeeze // 100
    more = (width - own) // (len(name) - 1) if len(name) > 1 else 0
    given = {"face": TITLE_FACE, "half_points": 2 * points}
    if not more:
        return run(name, **given, extra=_ink(colour, squeeze))  # type: ignore[arg-type] # by name
    first = run(name[:-1], **given, extra=_ink(colour, squeeze, more=more))  # type: ignore[arg-type] # by name
    return first + run(name[-1], **given, extra=_ink(colour, squeeze))  # type: ignore[arg-type] # by name


def rows_of(organs: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the signatures in rows for seals: three at most, fewer where long names need it, as even as they come.

    The host stands first, and no row has fewer than one that comes after it.
    """
    most = _in_a_row(organs)
    count = -(-len(organs) // most)
    rows, rest = [], list(organs)
    for left in range(count, 0, -1):
        size = -(-len(rest) // left)
        rows.append(tuple(rest[:size]))
        rest = rest[size:]
    return rows


def _in_a_row(organs: Sequence[str]) -> int:
    """Return how many names fit beside one another, a character between two; seals of 42 mm fit three times."""
    widest = max(map(ooxml.text_width, organs))
    fitting = (TYPE_AREA_WIDTH // (widest + CHARACTER)) or 1
    return min(MOST_IN_A_ROW, fitting)


def signatures(document: OfficialDocument) -> list[str]:
    """Return the signatures and, under the last of them, the date.

    With room for seals they stand in rows, each centred where its seal comes, the last over the date (7.3.5.1).
    Without, one under another, the host first; the date begins two characters right of where they begin (7.3.5.2).
    """
    return _sealed(document) if document.sealed else _listed(document)


def _listed(document: OfficialDocument) -> list[str]:
    day = full_date(document.dated_on)
    widest = max(*map(ooxml.text_width, document.organs), 2 * CHARACTER + ooxml.text_width(day))
    left = max(0, TYPE_AREA_WIDTH - 2 * CHARACTER - widest)

    def line(words: str, begins: int, *, before: int = 0, keep: str = "<w:keepNext/>") -> str:
        place = f'<w:ind w:left="{begins}"/><w:jc w:val="left"/>'
        return paragraph(words, style="Flush", properties=f"{keep}{_room(document, before)}{place}")

    names = [
        line(name, left, before=0 if place else document.adjusted.gap) for place, name in enumerate(document.organs)
    ]
    return [*names, line(day, left + 2 * CHARACTER, keep="")]


def _sealed(document: OfficialDocument) -> list[str]:
    day, rows = full_date(document.dated_on), rows_of(document.organs)
    widest = max(map(ooxml.text_width, document.organs))
    centres = _centres(max(map(len, rows)), ooxml.text_width(day), widest)
    blocks = []
    for place, names in enumerate(rows):
        # The last of a row stands over the last of the row before: a row that is short begins further to the right.
        own = centres[len(centres) - len(names) :]
        before = 3 * document.adjusted.gap if place == 0 else _SEAL_PITCH - document.adjusted.pitch
        blocks.append(_centred(document, names, own, before=before, keep=True))
    return [*blocks, _centred(document, (day,), centres[-1:], before=0, keep=False)]


def _centres(columns: int, day_width: int, widest: int = 0) -> list[int]:
    """Return where seals are centred, from the left; the last over the date.

    The date ends four characters from the right (7.3.5.1); three seals beside one another need thirds of the line, and
    the date goes with the last of them. No name leaves the type area: the last place stands as far left as the `widest`
    needs.
    """
    last = TYPE_AREA_WIDTH - max(_DAY_RIGHT + day_width // 2, widest // 2)
    if columns == 1:
        return [last]
    if columns == 2:
        edge = 2 * last - TYPE_AREA_WIDTH
        return [edge // 2, last]
    third = TYPE_AREA_WIDTH // 3
    return [third // 2, third + third // 2, 2 * third + third // 2]


def _centred(
    document: OfficialDocument, names: Sequence[str], centres: Sequence[int], *, before: int, keep: bool
) -> str:
    tabs = "".join(f'<w:tab w:val="center" w:pos="{centre}"/>' for centre in centres)
    return paragraph(
        "",
        style="Flush",
        properties=f"{'<w:keepNext/>' if keep else ''}<w:tabs>{tabs}</w:tabs>{_room(document, before)}"
        '<w:jc w:val="left"/>',
        runs="".join(f"<w:r><w:tab/></w:r>{run(name)}" for name in names),
    )


def _room(document: OfficialDocument, before: int) -> str:
    pitch = document.adjusted.pitch
    return spacing(before) if pitch == LINE_PITCH else spacing(before, line=pitch)
