"""How a paragraph of any Word file looks: what it says itself, else its style and those that this is based on, else
what the document says of all.
"""

from collections.abc import Iterator
from contextlib import suppress

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SINGLE = 240
# Styles that are based on one another in a circle are let go after so many.
_MOST_STYLES = 20
_CHARACTER = 320


class Effective:
    """Reads sizes in half points and lengths in twips; of what nobody says the defaults of WordprocessingML."""

    def __init__(self, styles: etree._Element | None) -> None:
        self._styles: dict[str, etree._Element] = {}
        self._default, self._of_all = "", None
        if styles is None:
            return
        for style in styles.iter(f"{_W}style"):
            self._styles[style.get(f"{_W}styleId", "")] = style
            if style.get(f"{_W}type") == "paragraph" and style.get(f"{_W}default") in ("1", "true", "on"):
                self._default = style.get(f"{_W}styleId", "")
        self._of_all = styles.find(f"{_W}docDefaults")

    def size(self, paragraph: etree._Element) -> int:
        """Return the size of a paragraph's first characters in half points."""
        run = next((one for one in paragraph.iter(f"{_W}r") if one.find(f"{_W}t") is not None), None)
        said = [run] if run is not None else []
        found = (one.find(f"{_W}rPr/{_W}sz") for one in (*said, *self._chain(paragraph)))
        last = self._all("rPrDefault", "rPr", "sz")
        return _number(next((one for one in (*found, last) if one is not None), None), "val") or 20

    def of_paragraph(self, paragraph: etree._Element, name: str, attribute: str) -> str | None:
        """Return an attribute of a property of the paragraph, of the nearest that says it."""
        found = [one.find(f"{_W}pPr/{_W}{name}") for one in (paragraph, *self._chain(paragraph))]
        for one in (*found, self._all("pPrDefault", "pPr", name)):
            if one is not None and one.get(f"{_W}{attribute}") is not None:
                return str(one.get(f"{_W}{attribute}"))
        return None

    def first_line(self, paragraph: etree._Element) -> int:
        """Return how far the first line stands in, with what the whole paragraph does; some say it in characters."""
        return self._indent(paragraph, "firstLineChars", "firstLine") + self.left(paragraph)

    def left(self, paragraph: etree._Element) -> int:
        return self._indent(paragraph, "leftChars", "left") or self._indent(paragraph, "startChars", "start")

    def pitch(self, paragraph: etree._Element) -> int | None:
        """Return the height of a line where it is fixed, by the paragraph or by the grid of its sheet; else None."""
        line = _whole(self.of_paragraph(paragraph, "spacing", "line"))
        if self.of_paragraph(paragraph, "spacing", "lineRule") in ("exact", "atLeast"):
            return line or None
        grid = next(paragraph.getroottree().getroot().iter(f"{_W}docGrid"), None)
        on_grid = grid is not None and grid.get(f"{_W}type") in ("lines", "linesAndChars", "snapToChars")
        off = self.of_paragraph(paragraph, "snapToGrid", "val") in ("0", "false", "off")
        return _number(grid, "linePitch") or None if on_grid and not off and line in (0, _SINGLE) else None

    def _indent(self, paragraph: etree._Element, in_characters: str, in_twips: str) -> int:
        characters = _whole(self.of_paragraph(paragraph, "ind", in_characters))
        return characters * _CHARACTER // 100 or _whole(self.of_paragraph(paragraph, "ind", in_twips))

    def _chain(self, paragraph: etree._Element) -> Iterator[etree._Element]:
        """Yield the styles of a paragraph, its own first."""
        own = paragraph.find(f"{_W}pPr/{_W}pStyle")
        name = self._default if own is None else own.get(f"{_W}val", "")
        for _ in range(_MOST_STYLES):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            based = style.find(f"{_W}basedOn")
            name = "" if based is None else based.get(f"{_W}val", "")

    def _all(self, *path: str) -> etree._Element | None:
        return None if self._of_all is None else self._of_all.find("/".join(f"{_W}{name}" for name in path))


def _number(element: etree._Element | None, attribute: str) -> int:
    return 0 if element is None else _whole(element.get(f"{_W}{attribute}"))


def _whole(text: str | None) -> int:
    """Read a number of WordprocessingML, which some programs write with a point; 0 where it is none."""
    with suppress(ValueError, OverflowError):
        return round(float(text or 0))
    return 0
