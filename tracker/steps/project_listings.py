"""How projects stand on lists: read, written by one rule for forms and exports, told with the event that records it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.calendar import local_day
from tracker.domain.events.projects import ProjectListed
from tracker.domain.projects.acts import Place
from tracker.domain.projects.placing import ended_before, former_of, going_along, placed
from tracker.domain.projects.records import Listing, answered_lists
from tracker.store import event_log
from tracker.store.queries.projects import listing_of
from tracker.store.tables.projects import ProjectListingRow, ProjectRow


def answering_lists(session: Session, project_id: int, *, at: datetime) -> frozenset[str]:
    """Return the codes of the lists whose keepers answer for a project."""
    rows = session.scalars(select(ProjectListingRow).where(col(ProjectListingRow.project_id) == project_id))
    return answered_lists(map(listing_of, rows), today=local_day(at))


def listing_rows(
    session: Session, ids: Collection[int], code: str, year: int
) -> Mapping[int, Sequence[ProjectListingRow]]:
    """Return the rows of some projects on a list of a year by project, the newest last."""
    wanted = select(ProjectListingRow).where(
        col(ProjectListingRow.project_id).in_(ids),
        col(ProjectListingRow.list) == code,
        col(ProjectListingRow.year) == year,
    )
    found = defaultdict[int, list[ProjectListingRow]](list)
    for row in session.scalars(wanted.order_by(col(ProjectListingRow.since))):
        found[row.project_id].append(row)
    return found


def former_rows(
    session: Session, ids: Collection[int], code: str, year: int, *, of_year: int | None
) -> Mapping[int, Listing | None]:
    """Return of some projects their row of a list from before a year (`former_of`)."""
    wanted = select(ProjectListingRow).where(
        col(ProjectListingRow.project_id).in_(ids), col(ProjectListingRow.list) == code
    )
    found = defaultdict[int, list[Listing]](list)
    for row in session.scalars(wanted):
        found[row.project_id].append(listing_of(row))
    return {id_: former_of(rows, code, year, of_year=of_year) for id_, rows in found.items()}


@dataclass(frozen=True, slots=True)
class Relisted:
    """A row by which a project stands on a list from now on otherwise; `ended` as in `ended_before`."""

    project: ProjectRow
    row: ProjectListingRow
    ended: date | None


def relisted(
    known: Sequence[ProjectListingRow], project: ProjectRow, place: Place, former: Listing | None
) -> Relisted | None:
    """Return the row by which a project stands on a list as said from now on; None where it stands so already.

    `known` are its rows there of that year, `former` its row of before (`placed` says which of them becomes another).
    """
    rows = {listing_of(one): one for one in known}
    before, now = placed(rows, place, former)
    if before == now:
        return None
    row = rows[before] if before else ProjectListingRow(project_id=project.id or 0, **asdict(now))
    row.since, row.planned, row.until = now.since, now.planned, now.until
    return Relisted(project, row, ended_before(rows, before, now, former))


def tell_listings(
    session: Session,
    told: Sequence[Relisted],
    *,
    of_year: int | None,
    actor: Actor,
    at: datetime,
    reason: str = "",
    import_id: int | None = None,
) -> None:
    """Record how some projects stand on one list from now on, written together. Records ProjectListed for each row.

    On a list of no year the rows of later years that took the former end over end as theirs does (`going_along`).
    """
    rows = [(one.project, one.row) for one in told]
    if of_year is None:
        rows += _going_along(session, told)
    session.add_all(row for _, row in rows)
    session.flush()
    for project, row in rows:
        event = ProjectListed(
            unit_id=project.unit_id,
            project_id=row.project_id,
            listing_id=row.id or 0,
            list=row.list,
            year=row.year,
            since=row.since,
            planned=row.planned,
            until=row.until,
            reason=reason,
            import_id=import_id,
        )
        event_log.record(session, event, actor=actor, at=at)


def _going_along(session: Session, told: Sequence[Relisted]) -> list[tuple[ProjectRow, ProjectListingRow]]:
    ending = {one.row.project_id: one for one in told if one.ended not in (None, one.row.until)}
    wanted = select(ProjectListingRow).where(col(ProjectListingRow.project_id).in_(ending))
    found = defaultdict[int, dict[Listing, ProjectListingRow]](dict)
    for row in session.scalars(wanted) if ending else ():
        found[row.project_id][listing_of(row)] = row
    rows = []
    for id_, known in found.items():
        one = ending[id_]
        for before, now in going_along(known, listing_of(one.row), one.ended):
            row = known[before]
            # The end also where it is before that row begins: cut to its first day it would be its own.
            row.since, row.until = now.since, now.until
            rows.append((one.project, row))
    return rows
