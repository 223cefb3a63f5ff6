"""Exports of the province's and the supervision platform's lists are put in, looked at, and taken over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.calendar import local_day
from tracker.domain.entered import clean_words
from tracker.domain.errors import NotFound
from tracker.domain.events.projects import ProjectExportKept, ProjectExportPut
from tracker.domain.projects.acts import ExportTaken, SourceMissing, check_month
from tracker.domain.projects.imports import (
    MILESTONES,
    Column,
    ExportRow,
    Frame,
    ImportFaulty,
    ImportPlan,
    RowPlan,
    build_of,
    plan_import,
)
from tracker.domain.projects.lists import ProjectLists
from tracker.domain.projects.records import first_day
from tracker.steps.projects import require_keeper, tell_listing, tell_milestone, tell_project, tell_value
from tracker.store import event_log
from tracker.store.queries.projects import EVERY_PROJECT, projects, unit_id_of
from tracker.store.tables.projects import ProjectImportRow, ProjectListingRow, ProjectRow


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

    Raises NotKeeperOfList, NoSuchList, MonthAhead, SourceMissing.
    """
    require_keeper(session, actor, lists, lists.need(export.frame.list).code)
    check_month(export.frame.month, today=local_day(at))
    source = clean_words(export.source)
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
) -> ImportPlan:
    """Take over all rows of an export or none; what is on record and not in it stays. Return what it did.

    Records what each row changes, then ProjectExportKept. Raises NotFound, NotKeeperOfList, ExportTaken, ImportFaulty.
    """
    wanted = select(ProjectImportRow).where(col(ProjectImportRow.id) == import_id).with_for_update()
    kept = session.scalars(wanted).first()
    if kept is None:
        raise NotFound()
    require_keeper(session, actor, lists, kept.list)
    if kept.taken_at is not None:
        raise ExportTaken()
    plan = plan_import(rows, projects(session, scope=EVERY_PROJECT), frame=frame)
    if plan.faults:
        raise ImportFaulty(count=len(plan.faults))
    for one in plan.rows:
        if one.differences:
            _take(session, one, frame, kept, actor=actor, at=at)
    kept.taken_by, kept.taken_at = actor.name, at
    new = sum(one.is_new for one in plan.rows)
    changed = sum(bool(one.differences) and not one.is_new for one in plan.rows)
    event = ProjectExportKept(unit_id=actor.unit_id, import_id=import_id, new=new, changed=changed)
    event_log.record(session, event, actor=actor, at=at)
    return plan


def _take(session: Session, plan: RowPlan, frame: Frame, kept: ProjectImportRow, *, actor: Actor, at: datetime) -> None:
    row, columns = plan.row, {one.column for one in plan.differences}
    project = _project(session, plan, columns, import_id=kept.id, actor=actor, at=at)
    if columns & {None, Column.PLANNED}:
        _listing(session, project, row, frame, import_id=kept.id, actor=actor, at=at)
    if Column.INVESTED in columns:
        tell_value(
            session,
            project,
            month=first_day(frame.month),
            invested=int(str(row.told[Column.INVESTED])),
            source=kept.source,
            import_id=kept.id,
            actor=actor,
            at=at,
        )
    for column, milestone in MILESTONES.items():
        on = row.told.get(column)
        if column in columns and isinstance(on, date):
            tell_milestone(
                session, project, milestone.value, reached_on=on, ticks=None, import_id=kept.id, actor=actor, at=at
            )


_OF_PROJECT = (Column.CODE, Column.NAME, Column.BUILD, Column.TOTAL, Column.PLANNED_START, Column.PLANNED_FINISH)
_FIELDS = frozenset({*_OF_PROJECT, Column.STRATEGIC, Column.IN_STATISTICS})


def _project(
    session: Session,
    plan: RowPlan,
    columns: set[Column | None],
    *,
    import_id: int | None,
    actor: Actor,
    at: datetime,
) -> ProjectRow:
    row = plan.row
    found = session.get(ProjectRow, plan.project.id) if plan.project else None
    if found is None:
        unit_id = unit_id_of(session, row.unit)
        if unit_id is None:
            raise NotFound()
        found = ProjectRow(unit_id=unit_id, name=row.name, build=build_of(row).value)
    elif not columns & _FIELDS:
        return found
    if row.code:
        found.code = row.code
    found.name = row.name
    for column in _FIELDS - {Column.CODE, Column.NAME}:
        if column in row.told:
            setattr(found, column.value, row.told[column])
    tell_project(session, found, actor=actor, at=at, import_id=import_id)
    return found


def _listing(
    session: Session,
    project: ProjectRow,
    row: ExportRow,
    frame: Frame,
    *,
    import_id: int | None,
    actor: Actor,
    at: datetime,
) -> None:
    wanted = select(ProjectListingRow).where(
        col(ProjectListingRow.project_id) == project.id,
        col(ProjectListingRow.list) == frame.list,
        col(ProjectListingRow.year) == frame.month.year,
    )
    listing = session.scalars(wanted).first()
    if listing is None:
        listing = ProjectListingRow(
            project_id=project.id or 0, list=frame.list, year=frame.month.year, since=frame.since
        )
    listing.until = None
    if Column.PLANNED in row.told:
        listing.planned = int(str(row.told[Column.PLANNED]))
    tell_listing(session, project, listing, import_id=import_id, actor=actor, at=at)
