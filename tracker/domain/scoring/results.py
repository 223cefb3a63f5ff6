"""What a month comes to: marks per object and rule, each with its working, and the ranking."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.questions import Decision

Fact = Decimal | Fraction | int | str | None


class StepKind(StrEnum):
    """One line of a working; `wording.scoring` says it in words."""

    RATE = "rate"
    GROWTH = "growth"
    ZERO_BASE = "zero_base"
    ROUNDED = "rounded"
    MEAN_VALUE = "mean_value"
    MEAN_RANK = "mean_rank"
    PLACE_OF = "place_of"  # by one of several metrics, of whose places the mean is ranked
    WITHOUT_BASE = "without_base"  # what becomes of a rate without a base that is ranked or goes into a mean
    SHARE = "share"
    SHARED = "shared"  # what the shares come to
    PLACE = "place"
    NOT_RANKED = "not_ranked"
    TARGET = "target"
    SCHEDULE = "schedule"
    GAP = "gap"
    ADDITION = "addition"
    ACT = "act"
    CASE = "case"
    NOT_COUNTED = "not_counted"
    CHECK = "check"
    CAPPED = "capped"
    FLOORED = "floored"
    CEILING = "ceiling"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a working, as kind and facts."""

    kind: StepKind
    facts: Mapping[str, Fact]


class State(StrEnum):
    """Whether there are marks: computed, an open question stands before them, or inputs are missing."""

    COMPUTED = "computed"
    ASKED = "asked"
    LACKING = "lacking"


@dataclass(frozen=True, slots=True)
class Used:
    """One figure that went in; `object` is empty for one that holds for all."""

    figure: str
    object: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Lacking:
    """A number that nobody handed in: a figure, or, by the code of its kind, what a case takes that is left to it.

    With a `reference` it is there more than once: the thing of that name was handed in with different numbers.
    """

    figure: str
    object: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class MarkResult:
    """What one rule gives one object. `marks` and `rank` None unless computed; `rank` also where nothing is ranked.

    `asked` are the questions and `lacking` the figures that stand before it. `references` are the occurrences and
    checks that were looked at: projects, articles, meetings.
    """

    mark: str
    state: State
    marks: Decimal | None = None
    rank: int | None = None
    inputs: tuple[Used, ...] = ()
    references: tuple[str, ...] = ()
    working: tuple[Step, ...] = ()
    asked: tuple[str, ...] = ()
    lacking: tuple[Lacking, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemResult:
    """The marks of an item, held between its floor and ceiling; `working` has only what the item itself adds."""

    item: str
    state: State
    marks: Decimal | None
    parts: tuple[MarkResult, ...]
    working: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class AnnexResult:
    annex: str
    state: State
    marks: Decimal | None
    items: tuple[ItemResult, ...]
    working: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectResult:
    """What an object has in all; `rank` only when every object has a total."""

    object: str
    state: State
    total: Decimal | None
    rank: int | None
    annexes: tuple[AnnexResult, ...]
    working: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthResult:
    """A month as computed. Replaying the same scheme, decisions and inputs gives an equal one.

    `rule_version` and `inputs_digest` are hexadecimal SHA-256. `asked` are the codes of open questions (those of
    `Point.OFFICE` too, which hold back the circular, not the marks); `notes` the decisions that were used.
    """

    month: Month
    rule_version: str
    inputs_digest: str
    objects: tuple[ObjectResult, ...]
    asked: tuple[str, ...]
    lacking: tuple[Lacking, ...]
    notes: tuple[Decision, ...]

    @property
    def complete(self) -> bool:
        """Whether every object has its total."""
        return all(one.state is State.COMPUTED for one in self.objects)
