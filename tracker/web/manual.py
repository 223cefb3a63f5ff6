"""The users' manual as pages show it: `docs/用户手册.md` is the only source, of whose marks those it uses are read.

Chapters (`##`, `###`), numbered and pointed parts, paragraphs that continue them, `**bold**` and `code`. What begins a
line in bold can be led to.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path

MANUAL = Path(__file__).parents[2] / "docs" / "用户手册.md"
_HEADING = re.compile(r"(#{2,3}) (?:[一二三四五六七八九十]+、)?(.+)")
_LINE = re.compile(r"(?P<deep> *)(?:(?P<number>\d+)\. |(?P<point>- ))?(?P<words>.+)")
_RUN = re.compile(r"\*\*(?P<bold>.+?)\*\*|`(?P<code>.+?)`|(?P<plain>(?:(?!\*\*|`).)+|.)")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph or a point; `runs` are its words, each with what it is: bold, code or plain."""

    runs: tuple[tuple[str, str], ...]
    anchor: str | None
    is_point: bool


@dataclass(slots=True)
class Part:
    """A numbered part of a chapter with all that belongs to it, or without a number what stands beside them."""

    number: int | None
    lines: list[Line] = field(default_factory=list)

    def groups(self) -> Iterator[tuple[bool, list[Line]]]:
        """Return paragraphs and points as they follow each other, each time with whether they are points."""
        for is_point, lines in groupby(self.lines, key=lambda line: line.is_point):
            yield is_point, list(lines)


@dataclass(slots=True)
class Chapter:
    """A chapter; `anchor` is its title without its number, `depth` is 2, or 3 of one within another."""

    title: str
    anchor: str
    depth: int
    parts: list[Part] = field(default_factory=list)

    def anchors(self) -> Iterator[str]:
        """Return everything in it that can be led to."""
        yield self.anchor
        yield from (line.anchor for part in self.parts for line in part.lines if line.anchor)


@cache
def chapters() -> tuple[Chapter, ...]:
    """Return the chapters of the manual, read once a process. Raises OSError where it is not there."""
    return tuple(read_manual(MANUAL.read_text(encoding="utf-8")))


def read_manual(text: str) -> list[Chapter]:
    """Read a manual; what stands before its first chapter is its title and left out."""
    found: list[Chapter] = []
    for written in text.splitlines():
        if heading := _HEADING.fullmatch(written):
            title = written.lstrip("# ")
            found.append(Chapter(title, heading[2], len(heading[1])))
        elif written.strip() and found:
            _add(found[-1], written)
    return found


def _add(chapter: Chapter, written: str) -> None:
    read = _LINE.fullmatch(written)
    assert read is not None
    runs = tuple((str(run.lastgroup), str(run[str(run.lastgroup)])) for run in _RUN.finditer(read["words"]))
    anchor = f"{chapter.anchor}-{runs[0][1]}" if runs[0][0] == "bold" else None
    if read["number"]:
        chapter.parts.append(Part(int(read["number"])))
    elif not chapter.parts or (not read["deep"] and chapter.parts[-1].number is not None):
        chapter.parts.append(Part(None))
    chapter.parts[-1].lines.append(Line(runs, anchor, bool(read["point"])))
