"""A scenario as data: how units behave, drawn from their codes, so that the same city always plays the same."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter

from seeds.scenarios.projects import SeedProject, load_projects


class Conduct(StrEnum):
    """How a unit behaves throughout the scenario."""

    PUNCTUAL = "punctual"
    LATE = "late"
    SILENT = "silent"
    RECEIPT_ONLY = "receipt_only"
    SENT_BACK = "sent_back"
    EXTENDED = "extended"
    NIL = "nil"
    LAST_MINUTE = "last_minute"
    BEHIND = "behind"

    @property
    def reports(self) -> bool:
        """Whether such a unit ever writes a report."""
        return self not in (Conduct.SILENT, Conduct.RECEIPT_ONLY)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A figure of an object that its supplier hands in by itself, before the projects are counted."""

    object: str
    figure: str
    value: int


@dataclass(frozen=True, slots=True)
class EvaluatedMonth:
    """On which working days a month of evaluation goes on, and who objects to which of its marks.

    `freezes_on` and `issues_on` are None of one that the scenario leaves in its check. `handed_in` differs from what
    the records of projects say.
    """

    month: str
    opens_on: date
    inputs_on: date
    checks_on: date
    objects_on: date
    objector: str
    item: str
    words: str
    answers_on: date | None = None
    freezes_on: date | None = None
    issues_on: date | None = None
    handed_in: tuple[HandedIn, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """`conduct` says how many of a hundred units behave in which way.

    The scenario is played to `ends_at`; until `goes_on_until`, where it names that, its units behave on. `projects`
    stand beside its file, where it has any.
    """

    starts_on: date
    ends_at: datetime
    issue_after_workdays: int
    approval_basis: str
    conduct: Mapping[Conduct, int]
    by_unit: Mapping[str, Conduct]
    goes_on_until: datetime | None = None
    evaluated: tuple[EvaluatedMonth, ...] = ()
    projects: tuple[SeedProject, ...] = ()

    def of_unit(self, code: str) -> Conduct:
        """Return a unit's fixed conduct, or draw it from its code; the same code always draws the same."""
        if code in self.by_unit:
            return self.by_unit[code]
        drawn = int.from_bytes(sha256(code.encode()).digest()[:4]) % sum(self.conduct.values())
        for conduct, share in self.conduct.items():
            if drawn < share:
                return conduct
            drawn -= share
        raise AssertionError("the shares add up to less than their sum")


def load_scenario(path: Path) -> Scenario:
    """Return the scenario of a file, with the projects beside it."""
    read = TypeAdapter(Scenario).validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    beside = path.with_suffix(".projects.csv")
    return replace(read, projects=load_projects(beside)) if beside.exists() else read
