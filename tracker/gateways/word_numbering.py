"""The numbers that Word writes before paragraphs. Source: ECMA-376 part 1, 17.9 (numbering)."""

import re

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HAN = "零一二三四五六七八九"
_CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_HAN_FORMATS = {
    "chineseCounting",
    "chineseCountingThousand",
    "ideographDigital",
    "japaneseCounting",
    "taiwaneseCounting",
}
_Level = tuple[str, str, int]


class Numbering:
    """Counts the lists of one document; ask in reading order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract_of: dict[str, str] = {}
        self._style_lists: dict[str, tuple[str, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if numbering is not None:
            self._read(numbering)
        if styles is not None:
            for style in styles.iter(f"{_W}style"):
                found = _list_of(style.find(f"{_W}pPr"))
                if found:
                    self._style_lists[style.get(f"{_W}styleId", "")] = found

    def next_label(self, paragraph: etree._Element) -> str:
        """Return the number that stands before this paragraph, and count it; empty where there is none."""
        properties = paragraph.find(f"{_W}pPr")
        found = _list_of(properties)
        if found is None and properties is not None:
            style = properties.find(f"{_W}pStyle")
            found = self._style_lists.get(style.get(f"{_W}val", "")) if style is not None else None
        if found is None or found[0] == "0":
            return ""
        number, level = found
        levels = self._levels.get(self._abstract_of.get(number, ""), {})
        if level not in levels:
            return ""
        counts = self._counts.setdefault(number, {})
        counts[level] = counts.get(level, levels[level][2] - 1) + 1
        for deeper in [key for key in counts if key > level]:
            del counts[deeper]
        return self._write(levels, counts, level)

    def _write(self, levels: dict[int, _Level], counts: dict[int, int], level: int) -> str:
        form, pattern, _ = levels[level]
        if form == "bullet":
            return ""

        def number(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            kind, _, start = levels.get(at, ("decimal", "", 1))
            return _written(counts.get(at, start), kind)

        return re.sub(r"%(\d)", number, pattern)

    def _read(self, numbering: etree._Element) -> None:
        for abstract in numbering.findall(f"{_W}abstractNum"):
            levels = {}
            for level in abstract.findall(f"{_W}lvl"):
                form, pattern = _value(level, "numFmt", "decimal"), _value(level, "lvlText", "")
                start = _value(level, "start", "1")
                levels[int(level.get(f"{_W}ilvl", "0"))] = (form, pattern, int(start) if start.isdecimal() else 1)
            self._levels[abstract.get(f"{_W}abstractNumId", "")] = levels
        for entry in numbering.findall(f"{_W}num"):
            self._abstract_of[entry.get(f"{_W}numId", "")] = _value(entry, "abstractNumId", "")


def _list_of(properties: etree._Element | None) -> tuple[str, int] | None:
    entry = properties.find(f"{_W}numPr") if properties is not None else None
    if entry is None:
        return None
    level = _value(entry, "ilvl", "0")
    return _value(entry, "numId", "0"), int(level) if level.isdecimal() else 0


def _value(element: etree._Element, name: str, default: str) -> str:
    child = element.find(f"{_W}{name}")
    return str(child.get(f"{_W}val", default)) if child is not None else default


def _written(number: int, form: str) -> str:
    if form in _HAN_FORMATS:
        return _han(number)
    if form == "decimalEnclosedCircle" and 0 <= number < len(_CIRCLED):
        return _CIRCLED[number]
    if form in {"lowerLetter", "upperLetter"} and 1 <= number <= 26:
        return chr((97 if form == "lowerLetter" else 65) + number - 1)
    return str(number)


def _han(number: int) -> str:
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _HAN[tens] + "十") + (_HAN[ones] if ones else "")
