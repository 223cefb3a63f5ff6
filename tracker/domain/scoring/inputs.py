"""What is handed in for one month."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of evaluation, `number` 1 to 12."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def last_day(self) -> date:
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    def is_over(self, on: date) -> bool:
        """Whether the month has ended by a day: on its last day it is still running."""
        return on > self.last_day


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened once to an object: an act, a praise, a criticism, a project that should have started.

    `reference` names it (the project, the article, the meeting) and is the same wherever it is counted; `items` are
    the codes of the items it is handed in for. `marks` is what this one takes, where a decision leaves it to the case.
    """

    object: str
    kind: str
    reference: str
    items: tuple[str, ...]
    marks: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A project looked at on site: the reported value and the one found, in the same unit.

    `kind` is the check's kind in the scheme, `items` the codes of the items the project stands under.
    """

    object: str
    kind: str
    reference: str
    items: tuple[str, ...]
    reported: Decimal
    found: Decimal


@dataclass(frozen=True, slots=True)
class Inputs:
    """All inputs of a month. `figures` by (figure, object); `common` by figure, for what holds for all objects."""

    month: Month
    figures: Mapping[tuple[str, str], Decimal] = field(default_factory=lambda: MappingProxyType({}))
    common: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))
    occurrences: tuple[Occurrence, ...] = ()
    checks: tuple[Check, ...] = ()
