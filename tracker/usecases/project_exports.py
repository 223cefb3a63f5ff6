"""Exports of the province's and the supervision platform's lists are put in, looked at, and taken over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.calendar import local_day
from tracker.domain.circulars.listing import some_of
from tracker.domain.errors import NotFound
from tracker.domain.events.projects import ProjectExportKept, ProjectExportPut
from tracker.domain.filings import check_words
from tracker.domain.projects.acts import ExportTaken, Place, ProjectKnown, SourceMissing, check_month
from tracker.domain.projects.frames import Frame
from tracker.domain.projects.imports import (
    MILESTONES,
    Column,
    ExportOvertaken,
    ExportRow,
    ImportFaulty,
    ImportPlan,
    RowPlan,
    build_of,
    changed_since,
    plan_import,
)
from tracker.domain.projects.lists import ProjectLists
from tracker.domain.projects.placing import place_of
from tracker.domain.projects.records import first_day
from tracker.steps.project_listings import Relisted, former_rows, listing_rows, relisted, tell_listings
from tracker.steps.projects import require_keeper, tell_milestone, tell_projects, tell_values
from tracker.store import event_log
from tracker.store.queries.projects import EVERY_PROJECT, project_ids, projects, unit_id_of
from tracker.store.tables.projects import ProjectImportRow, ProjectRow

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Export:
    """A file that is kept already, and what it is an export of."""

    frame: Frame
    source: str
    name: str
    sha256: str
    size_bytes: int


def put_export(session: Session, export: Export, *, lists: ProjectLists, actor: Actor, at: datetime) -> int:
    """Put in an export to be looked at; return its id. Nothing of it is kept yet. Records ProjectExportPut.

    Raises NotKeeperOfList, NoSuchList, MonthAhead, SourceMissing, ReasonTooLong.
    """
    require_keeper(session, actor, lists, lists.need(export.frame.list).code)
    check_month(export.frame.month, today=local_day(at))
    source = check_words(export.source)
    if not source:
        raise SourceMissing()
    row = ProjectImportRow(
        list=export.frame.list,
        month=first_day(export.frame.month),
        since=export.frame.since,
        source=source,
        name=export.name,
        sha256=export.sha256,
        size_bytes=export.size_bytes,
        put_by=actor.name,
        put_by_unit_id=actor.unit_id,
        put_at=at,
    )
    session.add(row)
    session.flush()
    event = ProjectExportPut(
        unit_id=actor.unit_id,
        import_id=row.id or 0,
        list=row.list,
        month=row.month,
        since=row.since,
        source=source,
        name=row.name,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
    )
    event_log.record(session, event, actor=actor, at=at)
    return row.id or 0


def take_export(
    session: Session,
    import_id: int,
    rows: Sequence[ExportRow],
    *,
    frame: Frame,
    lists: ProjectLists,
    actor: Actor,
    at: datetime,
    shown: str | None = None,
    back: Collection[int] = (),
) -> ImportPlan:
    """Take over all rows of an export or none; what is on record and not in it stays. Return what it did.

    `shown` are the marks of the plan that somebody agreed to, None where nobody was shown one; `back` the numbers of
    rows whose projects come back onto the list from which they were taken off. Records what each row
    changes, then ProjectExportKept. Raises NotFound, NotKeeperOfList, ExportTaken, ImportFaulty, ExportOvertaken,
    ProjectKnown.
    """
    wanted = select(ProjectImportRow).where(col(ProjectImportRow.id) == import_id).with_for_update()
    kept = session.scalars(wanted).first()
    if kept is None:
        raise NotFound()
    require_keeper(session, actor, lists, kept.list)
    if kept.taken_at is not None:
        raise ExportTaken()
    ids = _locked(session, _concerned(session, rows, frame))
    known = projects(session, scope=EVERY_PROJECT, ids=ids)
    today = local_day(at)
    plan = plan_import(rows, known, frame=frame, today=today)
    if plan.faults:
        raise ImportFaulty(count=len(plan.faults))
    if shown is not None and (others := changed_since(plan, shown)):
        raise ExportOvertaken(names=some_of(others, _NAMED, "个项目"))
    plan = plan_import(rows, known, frame=frame, today=today, back=back)
    changing = [one for one in plan.rows if one.differences]
    _take(session, changing, frame, kept, actor=actor, at=at)
    kept.taken_by, kept.taken_at = actor.name, at
    new = sum(one.is_new for one in plan.rows)
    changed = sum(bool(one.differences) and not one.is_new for one in plan.rows)
    event = ProjectExportKept(unit_id=actor.unit_id, import_id=import_id, new=new, changed=changed)
    event_log.record(session, event, actor=actor, at=at)
    return plan


def _concerned(session: Session, rows: Sequence[ExportRow], frame: Frame) -> set[int]:
    """Return the ids of the projects that an export may be about: named like a row, coded like one, or on its list."""
    codes, names = [row.code for row in rows if row.code], [row.name for row in rows]
    called = select(col(ProjectRow.id)).where(or_(col(ProjectRow.name).in_(names), col(ProjectRow.code).in_(codes)))
    return {
        *(id_ for id_ in session.scalars(called) if id_ is not None),
        *project_ids(session, scope=EVERY_PROJECT, on_list=(frame.list, frame.month.year)),
    }


def _locked(session: Session, ids: Collection[int]) -> Collection[int]:
    """Lock projects, in one order, before anything of them is read; return their ids.

    Whoever changes one locks it (`lock_project`): an export that reads it beside him writes over what he said without
    having seen it, and leaves a record of which the log tells otherwise.
    """
    wanted = select(col(ProjectRow.id)).where(col(ProjectRow.id).in_(ids)).order_by(col(ProjectRow.id))
    session.execute(wanted.with_for_update())
    return ids


def _take(
    session: Session, plans: Sequence[RowPlan], frame: Frame, kept: ProjectImportRow, *, actor: Actor, at: datetime
) -> None:
    """Keep what rows change, kind by kind, so that an export of thousands is written in few statements."""
    projects_of = _projects(session, plans, import_id=kept.id, actor=actor, at=at)
    rows = [(plan, projects_of[plan.row.number], _columns(plan)) for plan in plans]
    placed_on = [(project, place) for plan, project, _ in rows if (place := place_of(plan, frame))]
    told_on = _listings(session, placed_on, frame)
    tell_listings(session, told_on, of_year=frame.of_year, import_id=kept.id, actor=actor, at=at)
    told = [
        (project, int(str(plan.row.told[Column.INVESTED])))
        for plan, project, columns in rows
        if Column.INVESTED in columns
    ]
    month = first_day(frame.month)
    tell_values(session, told, month=month, source=kept.source, import_id=kept.id, actor=actor, at=at)
    for plan, project, columns in rows:
        for column, milestone in MILESTONES.items():
            on = plan.row.told.get(column)
            if column in columns and isinstance(on, date):
                tell_milestone(
                    session, project, milestone.value, reached_on=on, ticks=None, import_id=kept.id, actor=actor, at=at
                )


def _columns(plan: RowPlan) -> set[Column | None]:
    return {one.column for one in plan.differences}


_OF_PROJECT = (Column.CODE, Column.NAME, Column.BUILD, Column.TOTAL, Column.PLANNED_START, Column.PLANNED_FINISH)
_FIELDS = frozenset({*_OF_PROJECT, Column.STRATEGIC, Column.IN_STATISTICS})


def _projects(
    session: Session, plans: Sequence[RowPlan], *, import_id: int | None, actor: Actor, at: datetime
) -> dict[int, ProjectRow]:
    """Return the project of each row by its number; those that are new, or something else now, are told."""
    ids = [plan.project.id for plan in plans if plan.project]
    known = {one.id: one for one in session.scalars(select(ProjectRow).where(col(ProjectRow.id).in_(ids)))}
    units = {code: unit_id_of(session, code) for code in sorted({plan.row.unit for plan in plans})}
    found: dict[int, ProjectRow] = {}
    changed: list[ProjectRow] = []
    for plan in plans:
        row, project = plan.row, known.get(plan.project.id) if plan.project else None
        if project is None:
            unit_id = units[row.unit]
            if unit_id is None:
                raise NotFound()
            project = ProjectRow(unit_id=unit_id, name=row.name, build=build_of(row).value)
        elif not _columns(plan) & _FIELDS:
            found[row.number] = project
            continue
        _fill(project, row)
        found[row.number] = project
        changed.append(project)
    keys = [(one.unit_id, one.name, one.code) for one in changed]
    try:
        with session.begin_nested():
            tell_projects(session, changed, actor=actor, at=at, import_id=import_id)
    except IntegrityError as error:
        raise ProjectKnown(name=_known_by_now(session, keys, ids)) from error
    return found


def _known_by_now(session: Session, keys: Sequence[tuple[int, str, str]], known: Collection[int]) -> str:
    """Name the projects, by county, name and code, that somebody else entered in this instant, beside those known."""
    names, codes = {key[:2] for key in keys}, {code for _, _, code in keys if code}
    called = or_(col(ProjectRow.name).in_([name for _, name in names]), col(ProjectRow.code).in_(codes))
    rows = session.scalars(
        select(ProjectRow).where(called, col(ProjectRow.id).not_in(known)).order_by(col(ProjectRow.id))
    )
    found = [row.name for row in rows if (row.unit_id, row.name) in names or row.code in codes]
    return some_of(found, _NAMED, "个项目")


def _fill(project: ProjectRow, row: ExportRow) -> None:
    if row.code:
        project.code = row.code
    project.name = row.name
    for column in _FIELDS - {Column.CODE, Column.NAME}:
        if column in row.told:
            setattr(project, column.value, row.told[column])


def _listings(session: Session, told: Sequence[tuple[ProjectRow, Place]], frame: Frame) -> list[Relisted]:
    ids = [project.id or 0 for project, _ in told]
    known = listing_rows(session, ids, frame.list, frame.month.year)
    former = former_rows(session, ids, frame.list, frame.month.year, of_year=frame.of_year)
    rows = [
        relisted(known.get(project.id or 0, ()), project, place, former.get(project.id or 0)) for project, place in told
    ]
    return [one for one in rows if one is not None]
