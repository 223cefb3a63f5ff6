"""The numbers that Word writes before paragraphs. Source: ECMA-376 part 1, 17.9 (numbering)."""

import re
from dataclasses import dataclass, replace

from lxml import etree

from tracker.gateways.word_numbers import written
from tracker.gateways.word_package import W
from tracker.gateways.word_styles import Styles, list_entry, value

_OFF = {"0", "false", "off"}
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    pattern: str
    start: int
    legal: bool  # every number of this level's label is written in arabic digits
    restart: int | None  # the level (1-based) that lets this one begin again; 0: none does


@dataclass(frozen=True, slots=True)
class _List:
    """One numId: whose counters it counts in, what its levels are, and where it begins anew."""

    counter: str
    levels: dict[int, _Level]
    starts: dict[int, int]


class Numbering:
    """Counts the lists of one document; ask in reading order. Lists of one definition share its counters."""

    def __init__(self, numbering: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstracts: dict[str, etree._Element] = {}
        self._numbers: dict[str, etree._Element] = {}
        self._lists: dict[str, _List | None] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        if numbering is not None:
            self._abstracts = {each.get(f"{W}abstractNumId", ""): each for each in numbering.iter(f"{W}abstractNum")}
            self._numbers = {each.get(f"{W}numId", ""): each for each in numbering.iter(f"{W}num")}
        self._style_levels = {
            str(link.get(f"{W}val", "")): (name, int(level.get(f"{W}ilvl", "0")))
            for name, abstract in self._abstracts.items()
            for level in abstract.iter(f"{W}lvl")
            for link in level.iter(f"{W}pStyle")
        }

    def next_label(self, paragraph: etree._Element) -> str:
        """Return the number that stands before this paragraph, and count it; empty where there is none."""
        number, level = self._place(paragraph)
        if number in {"", "0"}:
            return ""
        if number not in self._lists:
            self._lists[number] = self._list(number, 0)
        found = self._lists[number]
        if found is None or level not in found.levels:
            return ""
        counts = self._counts.setdefault(found.counter, {})
        if level in found.starts and (number, level) not in self._begun:
            counts[level] = found.starts[level]
        else:
            counts[level] = counts.get(level, found.levels[level].start - 1) + 1
        self._begun.add((number, level))
        for deeper in [key for key in counts if key > level and _restarts(found.levels.get(key), level)]:
            del counts[deeper]
        return _label(found.levels, counts, level)

    def _place(self, paragraph: etree._Element) -> tuple[str, int]:
        """Return (numId, level) of a paragraph: its own words first, then its style's."""
        number, level = list_entry(paragraph.find(f"{W}pPr")) or (None, None)
        style = self._styles.style_of(paragraph)
        of_style = self._styles.list_of(style) if number is None else None
        if of_style:
            number, own = of_style
            linked = self._style_levels.get(style)
            level = level if level is not None else own
            level = linked[1] if level is None and linked else level
        return number or "", level or 0

    def _list(self, number: str, depth: int) -> _List | None:
        """Read a numId; a definition that points to a numbering style is that of the style's own list."""
        entry = self._numbers.get(number)
        if entry is None or depth > _DEEPEST:
            return None
        name = value(entry, "abstractNumId", "")
        abstract = self._abstracts.get(name)
        if abstract is None:
            return None
        link = value(abstract, "numStyleLink", "")
        levels = {int(each.get(f"{W}ilvl", "0")): _level(each) for each in abstract.findall(f"{W}lvl")}
        if link and not levels:
            linked = self._linked(link, number, depth)
            if linked is None:
                return None
            name, levels = linked.counter, linked.levels
        starts = {}
        for override in entry.findall(f"{W}lvlOverride"):
            place = int(override.get(f"{W}ilvl", "0"))
            own = override.find(f"{W}lvl")
            if own is not None:
                levels = {**levels, place: _level(own)}
            begin = value(override, "startOverride", "")
            if begin.isdecimal():
                starts[place] = int(begin)
                if place in levels:
                    levels = {**levels, place: replace(levels[place], start=int(begin))}
        return _List(name, levels, starts)

    def _linked(self, style: str, number: str, depth: int) -> _List | None:
        other = self._styles.linked_number(style)
        if other is not None and other != number:
            found = self._list(other, depth + 1)
            if found is not None and found.levels:
                return found
        for name, abstract in self._abstracts.items():
            if value(abstract, "styleLink", "") == style:
                levels = {int(each.get(f"{W}ilvl", "0")): _level(each) for each in abstract.findall(f"{W}lvl")}
                return _List(name, levels, {})
        return None


def _level(element: etree._Element) -> _Level:
    start, restart = value(element, "start", "1"), value(element, "lvlRestart", "")
    legal = element.find(f"{W}isLgl")
    return _Level(
        form=value(element, "numFmt", "decimal"),
        pattern=value(element, "lvlText", ""),
        start=int(start) if start.isdecimal() else 1,
        legal=legal is not None and legal.get(f"{W}val", "1") not in _OFF,
        restart=int(restart) if restart.isdecimal() else None,
    )


def _restarts(deeper: _Level | None, level: int) -> bool:
    """Say whether a deeper level begins again behind a number of this one."""
    if deeper is None or deeper.restart is None:
        return True
    return deeper.restart != 0 and level < deeper.restart


def _label(levels: dict[int, _Level], counts: dict[int, int], level: int) -> str:
    this = levels[level]
    if this.form == "bullet":
        return ""

    def number(found: re.Match[str]) -> str:
        at = int(found[1]) - 1
        other = levels.get(at)
        start, form = (other.start, other.form) if other else (1, "decimal")
        return written(counts.get(at, start), "decimal" if this.legal and at < level else form)

    return re.sub(r"%(\d)", number, this.pattern)
