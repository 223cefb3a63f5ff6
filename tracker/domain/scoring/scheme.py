"""A scheme as printed: annexes, items, what is handed in for them, and whom it evaluates.

Terms: a *figure* is one number that somebody hands in, or that is counted from projects; a *metric* is what is
measured with figures (a number, a rate, a growth); a *mark* is one rule that gives or takes marks; an *item* 「指标」
is what the scheme prints with its full marks, made of marks; an *annex* is a part with its own sum.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.domain.scoring.marks import Mark, Source
from tracker.domain.scoring.plain import CAME_LATER
from tracker.domain.scoring.questions import Question, Settled

PLANNED = ("started", "finished")  # milestones of which a project's plan has a month


class Window(StrEnum):
    """The stretch of time that a figure covers, as the scheme prints it."""

    MONTH = "month"  # 当月
    TO_MONTH_END = "to_month_end"  # 截至当月末
    YEAR_TO_MONTH = "year_to_month"  # 元月至当月
    YEAR = "year"  # 全年, or 年度计划
    YEAR_AGO = "year_ago"  # 上年同月, of what a growth is measured against
    MONTH_BEFORE = "month_before"  # 上月


KNOWN_BEFORE = frozenset({Window.YEAR, Window.YEAR_AGO, Window.MONTH_BEFORE})  # before the month is over


class Measure(StrEnum):
    """What is counted or added up of the projects of a cohort."""

    PROJECTS = "projects"
    TOTAL_INVESTMENT = "total_investment"
    PLANNED_INVESTMENT = "planned_investment"  # of the year
    INVESTED = "invested"  # cumulative investment done


@dataclass(frozen=True, slots=True)
class Cohort:
    """Which projects are meant. `year` is 0 for those of the evaluated year, -1 for the year before, None where open.

    `project_list` is the list's name as printed (「签约一批」, 「省级重点项目」).
    """

    code: str
    project_list: str
    year: int | None = None

    def of_year(self, evaluated: int) -> int | None:
        """Return the year for which its projects are listed, by the evaluated one; None where any is meant."""
        return None if self.year is None else evaluated + self.year


@dataclass(frozen=True, slots=True)
class FromProjects:
    """What happened to the projects of cohorts, or was found of them, counts as `kind` for a mark.

    `milestone` is what was due by the plan and not reached (`started`, `finished`); empty: what was found on site.
    """

    mark: str
    kind: str
    cohorts: tuple[str, ...]
    milestone: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number per object and month. `unit` is printed after it (个, 万元, %).

    With `measure` it is counted from the projects of `cohort`, those in all of `states` where any are named (`started`,
    `finished`, `in_production`, `at_capacity`, `strategic`, `in_statistics`, `planned_start`, `planned_finish`);
    without, somebody hands it in. `supplier` is the code of the unit that hands it in; empty where no document names
    one. `part_of` is the figure that it is a part of, and never more than. Nothing is below 0 but what is `signed`,
    which is not below `least`, where that is said. With `sum_of` it is the sum of these figures, and nobody's to hand
    in: a second number beside them could only contradict them.
    """

    code: str
    name: str
    unit: str
    window: Window
    cohort: str = ""
    measure: Measure | None = None
    states: tuple[str, ...] = ()
    supplier: str = ""
    signed: bool = False  # may be below 0, such as a growth
    common: bool = False  # one number for all objects, such as an announced schedule
    whole: bool = field(default=False, metadata=CAME_LATER)  # things are counted: no part of one
    part_of: str = field(default="", metadata=CAME_LATER)
    least: Decimal | None = field(default=None, metadata=CAME_LATER)
    sum_of: tuple[str, ...] = field(default=(), metadata=CAME_LATER)


class MetricKind(StrEnum):
    VALUE = "value"  # the figure itself
    RATE = "rate"  # figure ÷ base
    GROWTH = "growth"  # figure ÷ base − 1


@dataclass(frozen=True, slots=True)
class Metric:
    """What is measured and ranked: a figure, its rate of a base, or its growth over a base. More is better.

    Where the text does not say what the base is, `asked` is the code of the question that does, and `bases` has a
    figure for each choice of it: each answer has its own number, so that none is taken for another.
    """

    code: str
    name: str
    kind: MetricKind
    figure: str
    base: str = ""
    asked: str = field(default="", metadata=CAME_LATER)
    bases: tuple[tuple[str, str], ...] = field(default=(), metadata=CAME_LATER)

    @property
    def every_base(self) -> tuple[str, ...]:
        """The codes of all figures that it may be divided by."""
        return (self.base,) if self.base else tuple(code for _, code in self.bases)


@dataclass(frozen=True, slots=True)
class ScoredObject:
    """One evaluated body 「考评对象」; `unit` is its code in the registry, `kind` its class in the scheme."""

    unit: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Item:
    """One printed item. Without marks of its own (a deduction) `full` is 0.

    `floor` and `ceiling` hold the sum of its marks where the text says so; None where it says nothing.
    """

    code: str
    label: str
    title: str
    full: Decimal
    marks: tuple[Mark, ...]
    floor: Decimal | None = None
    ceiling: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Annex:
    """A part of the scheme with its own sum, such as the 60 marks of 附件1. `full` 0: it only deducts."""

    code: str
    label: str
    title: str
    full: Decimal
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Meeting:
    """The meeting that the scheme orders every so many months: how many of the first and of the last speak there."""

    months: int
    first: int
    last: int
    source: Source


@dataclass(frozen=True, slots=True)
class Publication:
    """What becomes of a month's result, where the scheme orders that it is published as a ranking.

    `source` is the sentence that orders it, `words` those of it that a circular quotes; `matter` is what its title
    says, `bodies` what the evaluated bodies are called together. `year` is the sentence that makes the months count for
    the year. `own` is what the paper calls the document whose annexes and clauses it names, for it has annexes of its
    own under the same numbers; empty of rules kept before, whose papers say what they said.
    """

    source: Source
    words: str
    matter: str
    bodies: str
    meeting: Meeting | None = None
    year: Source | None = None
    own: str = field(default="", metadata=CAME_LATER)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme of evaluation: `document` is its number, `full` what all annexes add up to.

    `from_month` is the first month it may be used for (year, month), `issued_on` the day of its document, before which
    nothing of it was decided; None only of rules that were kept before they had to say so.
    `publication` None: nothing orders that places are made public. With `full_workings` a working says the places
    behind a mean of places, what becomes of a rate without a base and where a cap comes from, and papers say units and
    ties as the page does; kept results of rules without it, and papers about them, stay as they were, to the byte.
    """

    code: str
    document: str
    title: str
    full: Decimal
    organiser: str
    annexes: tuple[Annex, ...]
    objects: tuple[ScoredObject, ...]
    cohorts: tuple[Cohort, ...]
    figures: tuple[Figure, ...]
    metrics: tuple[Metric, ...]
    questions: tuple[Question, ...]
    settled: tuple[Settled, ...] = ()
    from_month: tuple[int, int] | None = None
    publication: Publication | None = None
    from_projects: tuple[FromProjects, ...] = field(default=(), metadata=CAME_LATER)
    issued_on: date | None = field(default=None, metadata=CAME_LATER)
    full_workings: bool = field(default=False, metadata=CAME_LATER)

    def parts_of(self, figures: Collection[str | None]) -> Iterator[str]:
        """Go through the codes of figures as they are handed in or counted: those of a sum in its place."""
        for one in self.figures:
            if one.code in figures:
                yield from one.sum_of or (one.code,)

    def items(self) -> Iterator[tuple[Annex, Item]]:
        """Go through the items in printed order."""
        for annex in self.annexes:
            for item in annex.items:
                yield annex, item

    def marks(self) -> Iterator[tuple[Item, Mark]]:
        """Go through the marks in printed order."""
        for _, item in self.items():
            for mark in item.marks:
                yield item, mark


def clause_label(annex: str, item: str) -> str:
    """Return what an item is called outside its annex, of both labels: 附件2一（四）; 四（三） where both are."""
    return item if item == annex else f"{annex}{item}"
