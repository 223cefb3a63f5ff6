"""Where a text is silent or contradicts itself: what is asked, what may be answered, and what was decided."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.domain.scoring.marks import Source
from tracker.domain.scoring.plain import CAME_LATER


class Point(StrEnum):
    """What a computation cannot go on without, and the choices it knows (`CHOICES`)."""

    TIES = "ties"
    COMBINE = "combine"
    READING = "reading"  # the choices are the readings of the mark
    ROUNDING = "rounding"
    ZERO_BASE = "zero_base"
    ALL_ZERO = "all_zero"
    SCHEDULE = "schedule"
    FLOOR = "floor"
    TIER_EDGE = "tier_edge"
    DIFFERENCE_BASE = "difference_base"
    DIFFERENCE_DIRECTION = "difference_direction"
    CASE_MONTHS = "case_months"
    DUE = "due"  # whether what was due before the month, and still is, counts again
    CAP_BASIS = "cap_basis"
    COUNTED_TWICE = "counted_twice"
    CASE_SIZE = "case_size"
    OVER_FULL = "over_full"
    BASE = "base"  # what metrics are divided by: they name the question, and its answers are their bases
    OFFICE = "office"  # who does something or when: no mark hangs on it, the circular does
    LATER = "later"  # neither marks nor the circular hang on it, but what is made of several months does


CHOICES: dict[Point, frozenset[str]] = {
    Point.TIES: frozenset({"skip", "dense"}),  # 1-1-3, 1-1-2
    Point.COMBINE: frozenset({"mean_value", "mean_rank", "split", "weights"}),
    Point.ROUNDING: frozenset({"exact", "places"}),
    Point.ZERO_BASE: frozenset({"zero", "last", "none", "full"}),
    Point.ALL_ZERO: frozenset({"tie", "none", "bottom"}),
    Point.SCHEDULE: frozenset({"twelfths", "announced", "own"}),
    Point.FLOOR: frozenset({"mark", "item", "none"}),
    Point.TIER_EDGE: frozenset({"lower", "upper"}),
    Point.DIFFERENCE_BASE: frozenset({"reported", "found"}),
    Point.DIFFERENCE_DIRECTION: frozenset({"over", "both"}),
    Point.CASE_MONTHS: frozenset({"as_printed", "whole_year"}),
    Point.DUE: frozenset({"month", "year_to_month"}),
    Point.CAP_BASIS: frozenset({"obtained", "full"}),
    Point.COUNTED_TWICE: frozenset({"each", "first"}),
    Point.CASE_SIZE: frozenset({"fixed", "case"}),
    Point.OVER_FULL: frozenset({"allowed", "annex", "total"}),
    Point.READING: frozenset(),  # the readings of the marks it covers
    Point.BASE: frozenset(),  # the bases of the metrics that name it
    Point.OFFICE: frozenset(),  # whatever it is
    Point.LATER: frozenset({"sum", "mean", "each", "last", "from_january", "before_january"}),
}
NUMBER_PLACE = "{number}"
# No mark hangs on these.
BESIDE_MARKS = frozenset({Point.OFFICE, Point.LATER})
# What the office is asked under these codes, where a scheme asks it: who issues the circular (the code of its answer is
# that of a letterhead), whose places count at the meeting and which months are one meeting's, how the months make the
# year. A scheme that does not ask for the months of a meeting counts them from January.
ISSUER, MEETING_ORDER, MEETING_MONTHS, YEAR_TOTAL = "issuer", "meeting-order", "meeting-months", "year-total"
# By which day of the next month the circular goes out: its number, where one was decided.
CIRCULAR_DUE = "circular-due"
ORGANISER = "organiser"  # the choice that names who organises the evaluation
FROM_JANUARY, BEFORE_JANUARY = "from_january", "before_january"


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer: `code` names it, `choice` is what the computation does, `words` what the office reads.

    `number` is its fixed parameter (places of rounding); `asks_number` and `asks_weights`: the decision brings it. A
    number that is asked for lies between `least` and `most`, both included, and is a `whole` one where that is said.
    `decided` is how the decision is printed where `words` only ask for something, the number at `NUMBER_PLACE`; empty:
    as `words` say. `unit` is the code of the unit that the answer names, where the registry has it.
    """

    code: str
    words: str
    choice: str
    number: Decimal | None = None
    asks_number: bool = False
    asks_weights: bool = False
    least: Decimal = field(default=Decimal(0), metadata=CAME_LATER)
    most: Decimal = field(default=Decimal(100), metadata=CAME_LATER)
    whole: bool = field(default=False, metadata=CAME_LATER)
    decided: str = field(default="", metadata=CAME_LATER)
    unit: str = field(default="", metadata=CAME_LATER)


@dataclass(frozen=True, slots=True)
class Question:
    """What the office decides once. `covers` are codes of marks; empty: all, and the totals.

    `sources` are the sentences that are silent or contradict each other. Where the answer names who marks the items of
    some annexes, `marks_annexes` are their codes.
    """

    code: str
    point: Point
    title: str
    words: str
    sources: tuple[Source, ...]
    options: tuple[Option, ...]
    covers: tuple[str, ...] = ()
    marks_annexes: tuple[str, ...] = field(default=(), metadata=CAME_LATER)


@dataclass(frozen=True, slots=True)
class Settled:
    """A point that the text itself settles for some marks, with the sentence that does."""

    point: Point
    choice: str
    sources: tuple[Source, ...]
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What the office decided on a question: who, on which day (Asia/Shanghai), why. `version` counts from 1.

    `number` and `weights` (metric → share, together 1) where the option asks for them. A changed decision is a new
    one with the next version; months keep those they were computed with.
    """

    question: str
    option: str
    decider: str
    decided_on: date
    reason: str
    version: int = 1
    number: Decimal | None = None
    weights: tuple[tuple[str, Decimal], ...] = ()
