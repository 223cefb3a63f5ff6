"""Those who keep the lists of projects put in their exports of a month, say what was reached, look at some on site."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from seeds.scenarios.deciding import OFFICE
from seeds.scenarios.people import liaison
from seeds.scenarios.project_books import kept_book
from seeds.scenarios.projects import Mark, SeedProject
from tracker.domain.accounts import Actor
from tracker.domain.calendar import local_day
from tracker.domain.projects.acts import Seen, Told
from tracker.domain.projects.checklists import Milestone
from tracker.domain.projects.counting import TEN_THOUSAND
from tracker.domain.projects.frames import Frame
from tracker.domain.projects.imports import Column
from tracker.domain.projects.imports import Told as Cell
from tracker.domain.projects.lists import ProjectList
from tracker.domain.scoring.inputs import Month
from tracker.gateways.project_sheets import parse_export
from tracker.services import Services
from tracker.store.tables.projects import ProjectRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.project_entries import give_value
from tracker.usecases.project_exports import Export, put_export, take_export
from tracker.usecases.project_milestones import check_on_site, confirm_reached, tell_reached
from tracker.wording.projects import BUILD_NAMES

_SOURCE = "{name}{year}年{month}月调度表"
_EVIDENCE = {
    Milestone.STARTED: "施工许可证、开工现场照片",
    Milestone.FINISHED: "竣工验收报告",
    Milestone.IN_PRODUCTION: "生产线、主体工程建成照片",
    Milestone.AT_CAPACITY: "试运行记录、竣工验收报告",
}
_AS_REPORTED, _OTHERWISE = "现场核查与报送一致。", "现场核查核实的累计完成投资少于报送数据。"
_PUTS_IN_BEFORE, _SAYS_BEFORE = timedelta(minutes=50), timedelta(minutes=20)  # what is counted is handed in
_CONFIRMED = (Milestone.STARTED, Milestone.FINISHED)
_WHOLE = (Column.BUILD, Column.TOTAL, Column.PLANNED, Column.PLANNED_START, Column.PLANNED_FINISH, Column.STRATEGIC)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """An export to be put in; `frame.month` is the month of its cumulative values."""

    frame: Frame
    projects: tuple[SeedProject, ...]
    columns: tuple[Column, ...]


class ProjectOffice:
    """Does on a day what a month of evaluation wants of the projects; the transaction is the caller's."""

    def __init__(self, services: Services, projects: Sequence[SeedProject]) -> None:
        self._services, self._lists, self._projects = services, services.project_lists, tuple(projects)

    def tell(self, session: Session, month: Month, *, first: bool, at: datetime) -> None:
        """Put in the exports of a month, in the `first` one with what came in before it; then say what was reached.

        `at` is when suppliers hand in their figures; all of this is done by then.
        """
        units = {one.code: one for one in session.scalars(select(UnitRow))}
        for sheet in self._sheets(month, first=first):
            self._put(session, sheet, units, at=at - _PUTS_IN_BEFORE)
        ids = _ids(session)
        for project in self._projects:
            id_ = ids.get((project.unit, project.name))
            if id_ is not None:
                actor = self._keeper(next(iter(project.since)), units)
                self._give_values(session, project, id_, month, actor=actor, at=at - _PUTS_IN_BEFORE)
                self._say_reached(session, project, id_, month, first=first, actor=actor, at=at - _SAYS_BEFORE)
                self._visit(session, project, id_, month, at=at - _SAYS_BEFORE)

    def _sheets(self, month: Month, *, first: bool) -> Iterator[_Sheet]:
        """Yield the exports list by list; a list of last year's projects is put in under the end of its year."""
        for one in self._lists.lists:
            came: dict[date, list[SeedProject]] = defaultdict(list)
            for project in self._projects:
                if one.code in project.since:
                    came[project.since[one.code]].append(project)
            for since, group in sorted(came.items()):
                projects = tuple(group)
                if since.year < month.year:
                    if first:
                        yield _Sheet(Frame.of(one, Month(since.year, 12), since), projects, _WHOLE)
                elif one.batch:
                    if (since.year, since.month) == (month.year, month.number):
                        yield _Sheet(Frame.of(one, month, since), projects, _WHOLE)
                else:
                    yield from _standing(one, since, projects, month, first=first)

    def _put(self, session: Session, sheet: _Sheet, units: Mapping[str, UnitRow], *, at: datetime) -> None:
        on_list, month = self._lists.need(sheet.frame.list), sheet.frame.month
        actor = self._keeper(on_list.code, units)
        cells = [_cells(project, sheet, units) for project in sheet.projects]
        columns = (Column.NAME, Column.UNIT, *sheet.columns)
        name = _SOURCE.format(name=on_list.name, year=month.year, month=month.number)
        file, rows = kept_book(f"{name}.xlsx", columns, cells, evidence=self._services.evidence)
        export = Export(sheet.frame, name, file.name, file.sha256, file.size_bytes)
        codes = {unit.short_name: code for code, unit in units.items()}
        read = parse_export(rows, unit_named=codes.get)
        import_id = put_export(session, export, lists=self._lists, actor=actor, at=at)
        take_export(session, import_id, read.rows, frame=sheet.frame, lists=self._lists, actor=actor, at=at)

    def _keeper(self, code: str, units: Mapping[str, UnitRow]) -> Actor:
        """Return who enters what stands on a list: whom the document names, else the office for the organiser."""
        keepers = self._lists.need(code).keepers
        return liaison(units[keepers[0]]) if keepers else OFFICE

    def _give_values(
        self, session: Session, project: SeedProject, id_: int, month: Month, *, actor: Actor, at: datetime
    ) -> None:
        """Say this year's value of a project on a list of last year, which no export of this year names."""
        if month.number not in project.values or any(day.year == month.year for day in project.since.values()):
            return
        name = self._lists.need(next(iter(project.since))).name
        give_value(
            session,
            id_,
            month,
            project.values[month.number] * TEN_THOUSAND,
            source=_SOURCE.format(name=name, year=month.year, month=month.number),
            reason="",
            lists=self._lists,
            actor=actor,
            at=at,
        )

    def _say_reached(
        self, session: Session, project: SeedProject, id_: int, month: Month, *, first: bool, actor: Actor, at: datetime
    ) -> None:
        confirms = any(self._lists.need(code).confirmed for code in project.since)
        for milestone, on in project.reached_in(month, first=first):
            ticks = tuple((tick.value, _EVIDENCE[milestone]) for tick in project.ticks(milestone))
            told = Told(milestone, on, ticks)
            tell_reached(session, id_, told, lists=self._lists, actor=actor, at=at)
            if confirms and milestone in _CONFIRMED and Mark.UNCONFIRMED not in project.marks:
                confirm_reached(session, id_, milestone, lists=self._lists, actor=OFFICE, at=at)

    def _visit(self, session: Session, project: SeedProject, id_: int, month: Month, *, at: datetime) -> None:
        visit = project.visit
        if visit is None or visit.month != month.number:
            return
        holds, found = visit.found is None, None if visit.found is None else visit.found * TEN_THOUSAND
        seen = Seen(month, local_day(at), holds, found, _AS_REPORTED if holds else _OTHERWISE)
        check_on_site(session, id_, seen, photos=(), lists=self._lists, actor=OFFICE, at=at)


def _standing(
    wanted: ProjectList, since: date, projects: tuple[SeedProject, ...], month: Month, *, first: bool
) -> Iterator[_Sheet]:
    """Yield what is put in of a list that stands for the year: all of it once, its values every month."""
    valued = tuple(one for one in projects if next(iter(one.since)) == wanted.code)
    if first:
        before = sorted({number for one in valued for number in one.values if number < month.number})
        for number in before:
            told = tuple(one for one in valued if number in one.values)
            yield _Sheet(Frame.of(wanted, Month(month.year, number), since), told, (*_WHOLE, Column.INVESTED))
        yield _Sheet(Frame.of(wanted, month, since), projects, (*_WHOLE, Column.INVESTED))
    elif told := tuple(one for one in valued if month.number in one.values):
        yield _Sheet(Frame.of(wanted, month, since), told, (Column.INVESTED,))


def _cells(project: SeedProject, sheet: _Sheet, units: Mapping[str, UnitRow]) -> dict[Column, Cell | None]:
    return {
        Column.NAME: project.name,
        Column.UNIT: units[project.unit].short_name,
        Column.BUILD: BUILD_NAMES[project.build],
        Column.TOTAL: project.total,
        Column.PLANNED: project.planned,
        Column.INVESTED: project.values.get(sheet.frame.month.number),
        Column.PLANNED_START: project.planned_start,
        Column.PLANNED_FINISH: project.planned_finish,
        Column.STRATEGIC: Mark.STRATEGIC in project.marks or None,
    }


def _ids(session: Session) -> dict[tuple[str, str], int]:
    wanted = select(col(UnitRow.code), col(ProjectRow.name), col(ProjectRow.id)).join(
        UnitRow, col(UnitRow.id) == col(ProjectRow.unit_id)
    )
    return {(unit, name): id_ for unit, name, id_ in session.execute(wanted) if id_ is not None}
