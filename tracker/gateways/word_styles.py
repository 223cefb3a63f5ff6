"""What the styles of a Word file say of a paragraph or its words: hidden, numbered, and by which list.

Source: ECMA-376 part 1, 17.7 (styles), 17.3.2.41 (vanish).
"""

from lxml import etree

from tracker.gateways.word_package import W

_OFF = {"0", "false", "off"}
_DEEPEST = 12  # styles stand on one another; a file may let them go round in a circle


class Styles:
    """The styles of one document, each with those it stands on."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles = {} if root is None else {each.get(f"{W}styleId", ""): each for each in root.iter(f"{W}style")}
        self._default = next(
            (
                name
                for name, each in self._styles.items()
                if each.get(f"{W}type") == "paragraph" and each.get(f"{W}default") in {"1", "true", "on"}
            ),
            "",
        )

    def list_of(self, style: str) -> tuple[str | None, int | None] | None:
        """Return the list (numId, level) that a paragraph style puts its paragraphs into; each may be inherited."""
        number: str | None = None
        level: int | None = None
        for each in self._chain(style):
            found = list_entry(each.find(f"{W}pPr"))
            if found:
                number = number if number is not None else found[0]
                level = level if level is not None else found[1]
            if number is not None and level is not None:
                break
        return None if number is None and level is None else (number, level)

    def linked_number(self, style: str) -> str | None:
        """Return the numId of a numbering style."""
        found = self.list_of(style)
        return found[0] if found else None

    def hides(self, style: str) -> bool:
        """Say whether words in a style are not shown."""
        for each in self._chain(style):
            hidden = is_hidden(each.find(f"{W}rPr"))
            if hidden is not None:
                return hidden
        return False

    def style_of(self, paragraph: etree._Element) -> str:
        """Return the id of a paragraph's style: its own, else the document's."""
        properties = paragraph.find(f"{W}pPr")
        named = properties.find(f"{W}pStyle") if properties is not None else None
        return str(named.get(f"{W}val", "")) if named is not None else self._default

    def _chain(self, style: str) -> list[etree._Element]:
        chain: list[etree._Element] = []
        while style in self._styles and len(chain) < _DEEPEST:
            each = self._styles[style]
            chain.append(each)
            below = each.find(f"{W}basedOn")
            style = str(below.get(f"{W}val", "")) if below is not None else ""
        return chain


def is_hidden(properties: etree._Element | None) -> bool | None:
    """Return what a run's own properties say of being hidden; None where they are silent."""
    if properties is None:
        return None
    mark = properties.find(f"{W}vanish")
    return None if mark is None else mark.get(f"{W}val", "1") not in _OFF


def list_entry(properties: etree._Element | None) -> tuple[str | None, int | None] | None:
    """Return (numId, level) of a paragraph's properties, each None where it is not said."""
    entry = properties.find(f"{W}numPr") if properties is not None else None
    if entry is None:
        return None
    number, level = value(entry, "numId", ""), value(entry, "ilvl", "")
    return number or None, int(level) if level.isdecimal() else None


def value(element: etree._Element, name: str, default: str) -> str:
    """Return the val of a child, or what stands for it."""
    child = element.find(f"{W}{name}")
    return str(child.get(f"{W}val", default)) if child is not None else default
