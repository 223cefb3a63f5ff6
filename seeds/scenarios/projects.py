"""The projects that a scenario's city has: `<scenario>-projects.csv`, one a line. Invented, as are their names.

Columns: `lists` as list@day-it-came-in, money in 万元, `values` as month:cumulative-of-the-year, `marks` as words of
`Mark`, `check` as month:found-on-site, nothing behind the colon where all was as reported. Days are told with what the
month's figures count: a state is reached on its day.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from tracker.domain.projects.checklists import Build, Milestone, Tick, checklist
from tracker.domain.projects.records import month_of
from tracker.domain.scoring.inputs import Month


class Mark(StrEnum):
    STRATEGIC = "strategic"  # 战略性新兴产业
    UNTICKED = "unticked"  # its start is told without the standard of 附件1四
    UNCONFIRMED = "unconfirmed"  # the organiser has not looked at its start yet


@dataclass(frozen=True, slots=True)
class SiteVisit:
    """What is found on site of the report of a month; `found` in 万元, None where all was as reported."""

    month: int
    found: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedProject:
    """A project of a scenario; money in 万元, months of the scenario's year by their number."""

    unit: str
    name: str
    build: Build
    since: Mapping[str, date]
    total: int
    planned: int | None
    planned_start: date | None
    planned_finish: date | None
    reached: Mapping[Milestone, date]
    marks: frozenset[Mark]
    values: Mapping[int, int]
    visit: SiteVisit | None

    def ticks(self, milestone: Milestone) -> tuple[Tick, ...]:
        """Return which statements of the standard are confirmed with the milestone."""
        if milestone is Milestone.STARTED and Mark.UNTICKED in self.marks:
            return ()
        asked = checklist(milestone, self.build)
        return (*asked.one_of[:1], *asked.all_of)

    def reached_in(self, month: Month, *, first: bool) -> tuple[tuple[Milestone, date], ...]:
        """Return what is told of a month: what it brought; all until then in the `first` one, or where it came in."""
        all_of_it = first or any(month_of(day) == month for day in self.since.values())
        return tuple(
            (milestone, on)
            for milestone, on in self.reached.items()
            if month_of(on) == month or (all_of_it and month_of(on) < month)
        )


def load_projects(path: Path) -> tuple[SeedProject, ...]:
    """Return the projects of a file, in its order."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(_project(row) for row in csv.DictReader(file))


def _project(row: Mapping[str, str]) -> SeedProject:
    return SeedProject(
        unit=row["unit"],
        name=row["name"],
        build=Build(row["build"]),
        since={code: date.fromisoformat(day) for code, day in _pairs(row["lists"], "@")},
        total=int(row["total"]),
        planned=int(row["planned"]) if row["planned"] else None,
        planned_start=_month(row["plan_start"]),
        planned_finish=_month(row["plan_finish"]),
        reached={one: date.fromisoformat(row[one.value]) for one in Milestone if row[one.value]},
        marks=frozenset(Mark(word) for word in row["marks"].split()),
        values={int(month): int(value) for month, value in _pairs(row["values"], ":")},
        visit=_visit(row["check"]),
    )


def _pairs(words: str, between: str) -> Iterable[tuple[str, str]]:
    for word in words.split():
        before, _, after = word.partition(between)
        yield before, after


def _month(text: str) -> date | None:
    return date.fromisoformat(f"{text}-01") if text else None


def _visit(text: str) -> SiteVisit | None:
    month, _, found = text.partition(":")
    return SiteVisit(int(month), int(found) if found else None) if month else None
