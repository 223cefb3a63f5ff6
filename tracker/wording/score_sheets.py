"""What a page or a paper shows of a computed month, as people read it: each object, annex, item, rule and figure."""

from dataclasses import dataclass

from tracker.domain.scoring.marks import Source

CHECKED_IN = "万元"  # what is told and seen on site is an investment


@dataclass(frozen=True, slots=True)
class FigureSheet:
    """A figure that went in; `of` names the object, empty of one that all have in common.

    `projects` are the ids of those that it was counted from.
    """

    code: str
    name: str
    of: str
    window: str
    value: str
    projects: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PartSheet:
    """What one rule gave. Where there are no marks `asked` and `lacking` say why, in names of people.

    `projects` are the ids of those that the mark comes from: of its figures, and of what happened to them. It is `tied`
    where another body has the same place.
    """

    mark: str
    name: str
    state: str
    marks: str | None
    rank: int | None
    figures: tuple[FigureSheet, ...]
    references: tuple[str, ...]
    working: tuple[str, ...]
    asked: tuple[str, ...]
    lacking: tuple[str, ...]
    sources: tuple[Source, ...]
    projects: tuple[int, ...] = ()
    tied: bool = False


@dataclass(frozen=True, slots=True)
class ItemSheet:
    """The marks under an item; `full` is what it prints."""

    item: str
    label: str
    title: str
    full: str
    state: str
    marks: str | None
    working: tuple[str, ...]
    parts: tuple[PartSheet, ...]


@dataclass(frozen=True, slots=True)
class AnnexSheet:
    annex: str
    label: str
    title: str
    full: str
    marks: str | None
    working: tuple[str, ...]
    items: tuple[ItemSheet, ...]


@dataclass(frozen=True, slots=True)
class ObjectSheet:
    """What an evaluated body has in all, and its place, which it may have with others."""

    object: str
    name: str
    total: str | None
    rank: int | None
    working: tuple[str, ...]
    annexes: tuple[AnnexSheet, ...]
    tied: bool = False
