"""The kinds of rule that give or take marks. Each says only what its document prints; what is left open is asked."""

from dataclasses import dataclass
from decimal import Decimal

EVERY_MONTH = tuple(range(1, 13))


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence of the document, verbatim, and where it stands (附件1一（二）)."""

    clause: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Roles:
    """Who does what for a mark, as printed: codes of units; empty where the document names nobody."""

    supplies: tuple[str, ...] = ()
    ranks: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    confirms: tuple[str, ...] = ()
    platform: str = ""  # where the data come from, as printed


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What all kinds have. `full` is what the mark adds to the printed marks of its item: 0 for extras and deductions.

    `months` are those in which the rule holds (1-8月 开工, 9-12月 竣工).
    """

    code: str
    name: str
    full: Decimal
    sources: tuple[Source, ...]
    roles: Roles = Roles()
    months: tuple[int, ...] = EVERY_MONTH


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetMark(Mark):
    """Full marks from `targets[class of object]` on, `per_missing` less for each one missing, none at all is 0."""

    metric: str
    targets: tuple[tuple[str, Decimal], ...]
    per_missing: Decimal


@dataclass(frozen=True, slots=True)
class Band:
    """Places `first` to `last` get `marks`."""

    first: int
    last: int
    marks: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RankMark(Mark):
    """Marks by place. More than one metric in a reading: how they make one place is asked.

    `readings` maps a reading to its metrics; more than one where the words can be read in several ways, and then it is
    asked which.
    """

    readings: tuple[tuple[str, tuple[str, ...]], ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GapMark(Mark):
    """Full marks at the schedule; `per_point` less for each whole percentage point below it."""

    metric: str
    schedule_figures: tuple[tuple[str, str], ...]  # choice of the schedule's question → figure that holds it
    per_point: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesMark(Mark):
    """Additions for the first places by one metric: the first place gets the first of `additions`."""

    metric: str
    additions: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActsMark(Mark):
    """Full marks where each of `acts` happened at least once, nothing otherwise."""

    acts: tuple[str, ...]
    act_names: tuple[tuple[str, str], ...] = ()  # kind of act → its name as printed


@dataclass(frozen=True, slots=True)
class Case:
    """What each occurrence of a kind gives (negative: takes); None: what it takes is asked.

    `months` are those in which the text surely means it; outside of them it is asked.
    """

    kind: str
    name: str
    each: Decimal | None
    months: tuple[int, ...] = EVERY_MONTH


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesMark(Mark):
    """So much for each occurrence."""

    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Tier:
    """A difference from `above` percent takes `marks`, up to the next tier; the first begins at `above` itself.

    Where the text puts the edge between two tiers in both, it is asked to which it belongs.
    """

    above: Decimal
    marks: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksMark(Mark):
    """A deduction per checked project whose reported value differs from what was found.

    All together at most `cap`, or at most the marks of `cap_item`.
    """

    check: str
    tiers: tuple[Tier, ...]
    cap: Decimal | None = None
    cap_item: str = ""
