"""What an export says of projects, held against what is on record, before anything is kept.

A blank cell says nothing and erases nothing. Projects are known by their code, else by county and name.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.domain.errors import BadInput, Rejected
from tracker.domain.projects.checklists import Build, Milestone
from tracker.domain.projects.frames import Frame, newest_of, off_since, planning
from tracker.domain.projects.records import Project


class Column(StrEnum):
    """What a column of an export may hold."""

    CODE = "code"
    NAME = "name"
    UNIT = "unit"
    BUILD = "build"
    TOTAL = "total"
    PLANNED = "planned"
    INVESTED = "invested"
    PLANNED_START = "planned_start"
    PLANNED_FINISH = "planned_finish"
    STARTED = "started"
    FINISHED = "finished"
    IN_PRODUCTION = "in_production"
    AT_CAPACITY = "at_capacity"
    STRATEGIC = "strategic"
    IN_STATISTICS = "in_statistics"


Told = str | int | bool | date
MILESTONES: Mapping[Column, Milestone] = {Column(one.value): one for one in Milestone}
MONEY = frozenset({Column.TOTAL, Column.PLANNED, Column.INVESTED})
HAPPENED = frozenset({Column.IN_STATISTICS, *MILESTONES})
DAYS = frozenset({Column.PLANNED_START, Column.PLANNED_FINISH, *HAPPENED})


class ImportFaulty(BadInput):
    """Cells cannot be taken; nothing was kept. Facts: faults."""

    code = "import_faulty"


class ExportOvertaken(Rejected):
    """Others changed projects since the check was shown, so that the export would do something else; facts: names."""

    code = "export_overtaken"


class OtherPeriod(BadInput):
    """A head names another month or year than was chosen, and nobody said that it is right; facts: heads."""

    code = "export_other_period"


class FaultKind(StrEnum):
    NO_NAME = "no_name"
    NO_UNIT = "no_unit"
    UNKNOWN_UNIT = "unknown_unit"
    NO_OBJECT = "no_object"  # a unit, and none that is evaluated
    UNREADABLE = "unreadable"
    TWICE = "twice"
    TWO_PROJECTS = "two_projects"  # the code is of one project on record, the name of another
    MOVED = "moved"  # the project on record is of another county
    AHEAD = "ahead"  # the day of what happened has not come


@dataclass(frozen=True, slots=True)
class CellFault:
    """Why a cell (C7) or a row cannot be taken; `text` is what stands there."""

    place: str
    kind: FaultKind
    text: str = ""
    column: Column | None = None


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A row as read: `unit` is the county's code, `told` what its other cells say; money in 元."""

    number: int
    code: str
    name: str
    unit: str
    told: Mapping[Column, Told]


@dataclass(frozen=True, slots=True)
class HeadPeriod:
    """The year and the month up to which a head says that its column goes, each None where it says none."""

    column: Column
    text: str
    year: int | None
    month: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    column: Column | None  # None: comes onto the list
    before: Told | None
    after: Told


@dataclass(frozen=True, slots=True)
class RowPlan:
    """What a row would do: to `project`, None where it is new; without differences it does nothing.

    `off` is the day from which it stands on the list no more, where somebody took it off: that an export has it yet
    puts it back only where somebody says so.
    """

    row: ExportRow
    project: Project | None
    differences: tuple[Difference, ...]
    off: date | None = None

    @property
    def is_new(self) -> bool:
        return self.project is None


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an export would do. `absent` stand on the list and not in the export: they are only pointed at."""

    rows: tuple[RowPlan, ...]
    faults: tuple[CellFault, ...]
    absent: tuple[Project, ...]


def plan_import(
    rows: Sequence[ExportRow],
    known: Iterable[Project],
    *,
    frame: Frame,
    today: date,
    back: Collection[int] = (),
) -> ImportPlan:
    """Hold the rows of an export against the projects on record; nothing is changed.

    `back` are the numbers of rows whose projects, which were taken off the list, come back onto it.
    """
    projects = tuple(known)
    by_code = {one.code: one for one in projects if one.code}
    by_name = {(one.unit, one.name): one for one in projects}
    faults, plans = [*_twice(rows), *_ahead(rows, today=today)], []
    for row in rows:
        coded, named = by_code.get(row.code) if row.code else None, by_name.get((row.unit, row.name))
        if coded and named and coded is not named:
            faults.append(CellFault(str(row.number), FaultKind.TWO_PROJECTS, row.name))
            continue
        if coded and coded.unit != row.unit:
            faults.append(CellFault(str(row.number), FaultKind.MOVED, row.name))
            continue
        if named and not coded and row.code and named.code:  # another code: same name in one county
            faults.append(CellFault(str(row.number), FaultKind.TWO_PROJECTS, row.name))
            continue
        project = coded or named
        off = off_since(project, frame) if project else None
        differences = _differences(row, project, frame, listed=off is None or row.number in back)
        plans.append(RowPlan(row, project, tuple(differences), off))
    told = {plan.project.id for plan in plans if plan.project}
    absent = [one for one in projects if one.id not in told and newest_of(one, frame) and not off_since(one, frame)]
    return ImportPlan(tuple(plans), tuple(faults), tuple(absent))


def shown_marks(plan: ImportPlan) -> str:
    """Return what a page that shows a plan sends back: a short digest of each row, one after the other."""
    return "".join(_mark(one) for one in plan.rows)


def changed_since(plan: ImportPlan, shown: str) -> list[str]:
    """Return the names of the projects of which a plan would do something else than was shown by those marks.

    All, where the marks are of another number of rows: whoever sent them was shown no such plan.
    """
    marks = [shown[at : at + _MARK] for at in range(0, len(shown), _MARK)]
    if len(marks) != len(plan.rows):
        return [one.row.name for one in plan.rows]
    return [one.row.name for one, mark in zip(plan.rows, marks, strict=True) if _mark(one) != mark]


def other_periods(heads: Iterable[HeadPeriod], frame: Frame) -> list[HeadPeriod]:
    """Return the heads that name another month or year than an export is said to be of."""
    return [
        one
        for one in heads
        if one.year not in (None, frame.month.year)
        or (one.column is Column.INVESTED and one.month not in (None, frame.month.number))
    ]


_MARK = 8  # digits: that another plan of a row has the same one is no accident that happens


def _mark(plan: RowPlan) -> str:
    told = (plan.project.id if plan.project else None, plan.row.name, plan.differences, plan.off)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:_MARK]


def _twice(rows: Sequence[ExportRow]) -> Iterable[CellFault]:
    codes = Counter(row.code for row in rows if row.code)
    names = Counter((row.unit, row.name) for row in rows)
    for row in rows:
        if codes[row.code] > 1 or names[(row.unit, row.name)] > 1:
            yield CellFault(str(row.number), FaultKind.TWICE, row.name)


def _ahead(rows: Sequence[ExportRow], *, today: date) -> Iterable[CellFault]:
    """Go through the days of what happened that have not come: a form takes none either (`check_past`)."""
    for row in rows:
        for column, said in row.told.items():
            if column in HAPPENED and isinstance(said, date) and said > today:
                yield CellFault(str(row.number), FaultKind.AHEAD, said.isoformat(), column)


def _differences(row: ExportRow, project: Project | None, frame: Frame, *, listed: bool) -> Iterable[Difference]:
    if listed and (project is None or planning(project, frame) is None or off_since(project, frame)):
        yield Difference(None, None, frame.list)
    said: dict[Column, Told] = {**row.told, Column.NAME: row.name}
    if not listed:
        said.pop(Column.PLANNED, None)
    if row.code:
        said[Column.CODE] = row.code
    for column in Column:
        if column in said:
            before = on_record(project, column, frame) if project else None
            if before != said[column] and not (before is None and said[column] == ""):
                yield Difference(column, before, said[column])


def on_record(project: Project, column: Column, frame: Frame) -> Told | None:
    """Return what is on record where an export says something; None where nothing is."""
    if column in MILESTONES:
        reached = project.reached.get(MILESTONES[column])
        return reached.on if reached else None
    if column is Column.PLANNED:
        listing = planning(project, frame)
        return listing.planned if listing else None
    if column is Column.INVESTED:
        return project.values.get(frame.month)
    plain: Mapping[Column, Told | None] = {
        Column.CODE: project.code or None,
        Column.NAME: project.name,
        Column.UNIT: project.unit,
        Column.BUILD: project.build,
        Column.TOTAL: project.total,
        Column.PLANNED_START: project.planned_start,
        Column.PLANNED_FINISH: project.planned_finish,
        Column.STRATEGIC: project.strategic,
        Column.IN_STATISTICS: project.in_statistics,
    }
    return plain[column]


def build_of(row: ExportRow) -> Build:
    """Return the kind of works that a row tells; industrial where it tells none, as most projects are."""
    return Build(str(row.told.get(Column.BUILD, Build.INDUSTRIAL)))
