"""Projects as records, for those who may read them: of their own county, of lists that they keep, or all."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from tracker.domain.accounts import EVERY_UNIT, EveryUnit, Scope
from tracker.domain.events.projects import about_project
from tracker.domain.projects.checklists import Build, Milestone
from tracker.domain.projects.lists import ProjectList
from tracker.domain.projects.records import Listing, Project, Reached, SiteCheck, last_day, month_of, standing
from tracker.domain.scoring.inputs import Month
from tracker.store.queries.first_values import first_values
from tracker.store.queries.scopes import within
from tracker.store.tables.events import EventRow
from tracker.store.tables.projects import (
    ProjectImportRow,
    ProjectListingRow,
    ProjectMilestoneRow,
    ProjectRow,
    ProjectValueRow,
    SiteCheckRow,
    SitePhotoRow,
)
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class ProjectScope:
    """Whose projects somebody reads: those of some units, and those that stand or stood on some lists."""

    unit_ids: Scope
    lists: frozenset[str] = frozenset()


EVERY_PROJECT = ProjectScope(EVERY_UNIT)


@dataclass(frozen=True, slots=True)
class Photo:
    id: int
    check_id: int
    sha256: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that was recorded of a project, the newest first."""

    type: str
    at: datetime
    actor: str
    facts: Mapping[str, Any]  # Any: what an event of its type carries


@dataclass(frozen=True, slots=True)
class Beside:
    """What a page shows of a project beside its record; checks the last registered first."""

    version: int
    unit_name: str
    values: Sequence[ProjectValueRow]
    milestones: Mapping[Milestone, ProjectMilestoneRow]
    checks: Sequence[SiteCheckRow]
    photos: Mapping[int, Sequence[Photo]]
    history: Sequence[Happened]


def unit_code(session: Session, unit_id: int | None) -> str | None:
    """Return the code of a unit; None where there is none."""
    return session.scalars(select(col(UnitRow.code)).where(col(UnitRow.id) == unit_id)).first()


def unit_id_of(session: Session, code: str) -> int | None:
    """Return the id of the unit with a code; None where there is none."""
    return session.scalars(select(col(UnitRow.id)).where(col(UnitRow.code) == code)).first()


def projects(
    session: Session,
    *,
    scope: ProjectScope,
    ids: Collection[int] | None = None,
    stands_on: tuple[ProjectList, Month] | None = None,
) -> list[Project]:
    """Return the projects that a scope reads, by county in official order and name; of a list those `_standing`."""
    wanted = (
        select(ProjectRow, col(UnitRow.code))
        .join(UnitRow, col(UnitRow.id) == col(ProjectRow.unit_id))
        .where(readable_projects(scope))
        .order_by(col(UnitRow.official_order), col(ProjectRow.name), col(ProjectRow.id))
    )
    if ids is not None:
        wanted = wanted.where(col(ProjectRow.id).in_(list(ids)))
    if stands_on is not None:
        wanted = wanted.where(col(ProjectRow.id).in_(_standing(session, *stands_on)))
    rows = [(row, code) for row, code in session.execute(wanted)]
    return _made(session, rows)


def project_ids(
    session: Session,
    *,
    scope: ProjectScope,
    stands_on: tuple[ProjectList, Month] | None = None,
    on_list: tuple[str, int] | None = None,
    unit_id: int | None = None,
) -> list[int]:
    """Return the ids of the projects that a scope reads, in the order of `projects`.

    `on_list` are code and year of a list on which they stand or stood.
    """
    wanted = (
        select(col(ProjectRow.id))
        .join(UnitRow, col(UnitRow.id) == col(ProjectRow.unit_id))
        .where(readable_projects(scope))
        .order_by(col(UnitRow.official_order), col(ProjectRow.name), col(ProjectRow.id))
    )
    if stands_on is not None:
        wanted = wanted.where(col(ProjectRow.id).in_(_standing(session, *stands_on)))
    if on_list is not None:
        wanted = wanted.where(_listed(col(ProjectListingRow.list) == on_list[0], year=on_list[1]))
    if unit_id is not None:
        wanted = wanted.where(col(ProjectRow.unit_id) == unit_id)
    return [id_ for id_ in session.scalars(wanted) if id_ is not None]


def project_names(session: Session, ids: Collection[int], *, scope: ProjectScope) -> dict[int, str]:
    """Return the names of those of some projects that a scope reads, by id."""
    wanted = select(col(ProjectRow.id), col(ProjectRow.name)).where(col(ProjectRow.id).in_(list(ids)))
    rows = session.execute(wanted.where(readable_projects(scope)).order_by(col(ProjectRow.id))) if ids else ()
    return {id_: name for id_, name in rows if id_ is not None}


def reads_any_project(session: Session, *, scope: ProjectScope) -> bool:
    """Tell whether a scope reads any project."""
    return session.scalars(select(col(ProjectRow.id)).where(readable_projects(scope)).limit(1)).first() is not None


def readable_projects(scope: ProjectScope) -> ColumnElement[bool]:
    """Select the projects that a scope reads."""
    if isinstance(scope.unit_ids, EveryUnit) or not scope.lists:
        return within(scope.unit_ids, col(ProjectRow.unit_id))
    listed = _listed(col(ProjectListingRow.list).in_(sorted(scope.lists)))
    return or_(within(scope.unit_ids, col(ProjectRow.unit_id)), listed)


def _standing(session: Session, wanted: ProjectList, month: Month) -> list[int]:
    """Return the ids of the projects that stand on a list at a month's end, by the rule of what is counted from it."""
    rows = session.scalars(select(ProjectListingRow).where(col(ProjectListingRow.list) == wanted.code))
    listings = defaultdict[int, list[Listing]](list)
    for one in rows:
        listings[one.project_id].append(listing_of(one))
    year = wanted.of_year(month.year)
    return [id_ for id_, known in listings.items() if standing(known, wanted.code, on=last_day(month), year=year)]


def listing_of(row: ProjectListingRow) -> Listing:
    """Return how a row has a project stand on a list."""
    return Listing(row.list, row.year, row.since, row.planned, row.until)


def _listed(on: ColumnElement[bool], *, year: int | None = None) -> ColumnElement[bool]:
    listed = select(col(ProjectListingRow.project_id)).where(on)
    if year is not None:
        listed = listed.where(col(ProjectListingRow.year) == year)
    return col(ProjectRow.id).in_(listed)


def _made(session: Session, rows: Sequence[tuple[ProjectRow, str]]) -> list[Project]:
    ids = [row.id or 0 for row, _ in rows]
    listings, values = defaultdict[int, list[Listing]](list), defaultdict[int, dict[Any, int]](dict)
    reached, checks = defaultdict[int, dict[Milestone, Reached]](dict), defaultdict[int, list[SiteCheck]](list)
    for one in _of(session, ProjectListingRow, ids):
        listings[one.project_id].append(listing_of(one))
    for value in _of(session, ProjectValueRow, ids):
        values[value.project_id][month_of(value.month)] = value.invested
    for told in _of(session, ProjectMilestoneRow, ids):
        ticks = frozenset(str(tick["tick"]) for tick in told.ticks)
        known = Reached(told.reached_on, ticks, told.confirmed_at is not None)
        reached[told.project_id][Milestone(told.milestone)] = known
    found = list(_of(session, SiteCheckRow, ids))
    later = first_values(session, [one for one in found if one.reported is None and one.found is not None])
    for seen in found:
        month = month_of(seen.month)
        reported = later.get((seen.project_id, month)) if seen.reported is None else seen.reported
        checks[seen.project_id].append(
            SiteCheck(seen.id or 0, month, seen.checked_on, seen.holds, reported, seen.found)
        )
    return [
        Project(
            row.id or 0,
            row.code,
            row.name,
            code,
            Build(row.build),
            row.total,
            row.planned_start,
            row.planned_finish,
            row.strategic,
            row.in_statistics,
            tuple(listings[row.id or 0]),
            values[row.id or 0],
            reached[row.id or 0],
            tuple(checks[row.id or 0]),
        )
        for row, code in rows
    ]


def _of(session: Session, kind: Any, ids: Sequence[int]) -> Iterable[Any]:  # Any: one of the tables of a project
    return session.scalars(select(kind).where(kind.project_id.in_(ids)).order_by(kind.id)) if ids else ()


def beside_project(session: Session, project_id: int, *, scope: ProjectScope) -> Beside | None:
    """Return what a page shows beside a project; None where the scope does not read it."""
    found = session.execute(
        select(ProjectRow, col(UnitRow.short_name))
        .join(UnitRow, col(UnitRow.id) == col(ProjectRow.unit_id))
        .where(col(ProjectRow.id) == project_id, readable_projects(scope))
    ).first()
    if found is None:
        return None
    row, name = found
    checks = sorted(_of(session, SiteCheckRow, [project_id]), key=lambda one: one.id, reverse=True)
    photos = defaultdict[int, list[Photo]](list)
    wanted = select(SitePhotoRow).where(col(SitePhotoRow.check_id).in_([one.id for one in checks]))
    for one in session.scalars(wanted.order_by(col(SitePhotoRow.id))):
        photos[one.check_id].append(Photo(one.id or 0, one.check_id, one.sha256, one.name, one.media_type))
    values = sorted(_of(session, ProjectValueRow, [project_id]), key=lambda one: one.month)
    told = {Milestone(one.milestone): one for one in _of(session, ProjectMilestoneRow, [project_id])}
    return Beside(row.version, name, values, told, checks, photos, _history(session, project_id))


def _history(session: Session, project_id: int) -> list[Happened]:
    wanted = (
        select(col(EventRow.type), col(EventRow.occurred_at), col(EventRow.actor), col(EventRow.payload))
        .where(col(EventRow.about) == about_project(project_id), col(EventRow.about).is_not(None))
        .order_by(col(EventRow.seq).desc())
    )
    return [Happened(row.type, row.occurred_at, row.actor, _facts(row.payload)) for row in session.execute(wanted)]


def _facts(payload: str) -> Mapping[str, Any]:  # Any: what an event of its type carries
    facts: Mapping[str, Any] = json.loads(payload)
    return facts


def site_photo(session: Session, photo_id: int, *, scope: ProjectScope) -> Photo | None:
    """Return a file taken on site of a project that the scope reads; else None."""
    wanted = (
        select(SitePhotoRow)
        .join(SiteCheckRow, col(SiteCheckRow.id) == col(SitePhotoRow.check_id))
        .join(ProjectRow, col(ProjectRow.id) == col(SiteCheckRow.project_id))
        .where(col(SitePhotoRow.id) == photo_id, readable_projects(scope))
    )
    row = session.scalars(wanted).first()
    return Photo(row.id or 0, row.check_id, row.sha256, row.name, row.media_type) if row else None


def project_import(session: Session, import_id: int) -> ProjectImportRow | None:
    """Return an export that was put in; None where there is none. Whoever shows it asks whose list it is."""
    return session.get(ProjectImportRow, import_id)


def project_imports(session: Session, *, lists: Collection[str], limit: int) -> list[ProjectImportRow]:
    """Return the newest exports of lists that somebody keeps."""
    wanted = select(ProjectImportRow).where(col(ProjectImportRow.list).in_(list(lists)))
    newest = wanted.order_by(col(ProjectImportRow.put_at).desc(), col(ProjectImportRow.id).desc()).limit(limit)
    return list(session.scalars(newest))
