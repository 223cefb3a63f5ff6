"""What acts on projects share: who keeps what, and rows written together with the event that tells them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, NotYourTask
from tracker.domain.errors import NotFound, Rejected
from tracker.domain.events.projects import ProjectKept, ProjectMilestoneTold, ProjectValueGiven, Ticked
from tracker.domain.projects.lists import Keeper, NotKeeperOfList, ProjectLists, keeps_any, organises
from tracker.store import event_log
from tracker.store.queries.projects import unit_code
from tracker.store.tables.projects import ProjectMilestoneRow, ProjectRow, ProjectValueRow


class ProjectChanged(Rejected):
    """Somebody else changed the project since the page was opened; facts: name."""

    code = "project_changed"


def keeper_of(session: Session, actor: Actor) -> Keeper:
    """Return who somebody is as far as projects are concerned."""
    return Keeper(actor.role, unit_code(session, actor.unit_id))


def require_organiser(session: Session, actor: Actor, lists: ProjectLists) -> None:
    """Refuse whoever does not organise the evaluation. Raises NotYourTask."""
    if not organises(keeper_of(session, actor), lists):
        raise NotYourTask(act="check_project")


def require_keeper(session: Session, actor: Actor, lists: ProjectLists, *codes: str) -> None:
    """Refuse whoever keeps none of some lists. Raises NotKeeperOfList."""
    if not keeps_any(keeper_of(session, actor), lists, codes=codes):
        raise NotKeeperOfList(act="keep_project", lists="、".join(lists.names(codes)))


def lock_project(session: Session, project_id: int, *, version: int | None = None) -> ProjectRow:
    """Return a project to be changed. Raises NotFound, ProjectChanged."""
    wanted = select(ProjectRow).where(col(ProjectRow.id) == project_id).with_for_update()
    row = session.scalars(wanted).first()
    if row is None:
        raise NotFound()
    if version is not None and row.version != version:
        raise ProjectChanged(name=row.name)
    return row


def tell_project(session: Session, row: ProjectRow, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Record what a project is from now on. Records ProjectKept."""
    tell_projects(session, [row], actor=actor, at=at, reason=reason)


def tell_projects(
    session: Session,
    rows: Sequence[ProjectRow],
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    import_id: int | None = None,
) -> None:
    """Record what some projects are from now on, written together. Records ProjectKept for each."""
    session.add_all(rows)
    session.flush()
    for row in rows:
        event = ProjectKept(
            unit_id=row.unit_id,
            project_id=row.id or 0,
            code=row.code,
            name=row.name,
            build=row.build,
            total=row.total,
            planned_start=row.planned_start,
            planned_finish=row.planned_finish,
            strategic=row.strategic,
            in_statistics=row.in_statistics,
            reason=reason,
            import_id=import_id,
        )
        event_log.record(session, event, actor=actor, at=at)


def tell_value(
    session: Session,
    project: ProjectRow,
    *,
    month: date,
    invested: int,
    source: str,
    actor: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    """Record the cumulative investment of a month in 元. Records ProjectValueGiven; nothing where it is so already."""
    tell_values(session, [(project, invested)], month=month, source=source, actor=actor, at=at, reason=reason)


def tell_values(
    session: Session,
    told: Sequence[tuple[ProjectRow, int]],
    *,
    month: date,
    source: str,
    actor: Actor,
    at: datetime,
    reason: str = "",
    import_id: int | None = None,
) -> None:
    """Record the cumulative investment of a month in 元 of some projects, written together.

    Records ProjectValueGiven for each of which something else, or nothing, was told.
    """
    written = _values_to_write(session, told, month=month, source=source, told_by=actor.name, at=at)
    for _, row in written:
        row.import_id = import_id
    session.add_all(row for _, row in written)
    session.flush()
    for project, row in written:
        event = ProjectValueGiven(
            unit_id=project.unit_id,
            project_id=row.project_id,
            value_id=row.id or 0,
            month=month,
            invested=row.invested,
            source=source,
            reason=reason,
            import_id=import_id,
        )
        event_log.record(session, event, actor=actor, at=at)


def _values_to_write(
    session: Session,
    told: Sequence[tuple[ProjectRow, int]],
    *,
    month: date,
    source: str,
    told_by: str,
    at: datetime,
) -> list[tuple[ProjectRow, ProjectValueRow]]:
    """Return the values of which something else, or nothing, was told, as they are from now on."""
    wanted = select(ProjectValueRow).where(
        col(ProjectValueRow.project_id).in_([project.id for project, _ in told]), col(ProjectValueRow.month) == month
    )
    known = {row.project_id: row for row in session.scalars(wanted)}
    written = []
    for project, invested in told:
        row = known.get(project.id or 0)
        if row is None:
            row = ProjectValueRow(
                project_id=project.id or 0, month=month, invested=invested, source=source, told_by=told_by, told_at=at
            )
        elif (row.invested, row.source) == (invested, source):
            continue
        row.invested, row.source, row.told_by, row.told_at = invested, source, told_by, at
        written.append((project, row))
    return written


def tell_milestone(
    session: Session,
    project: ProjectRow,
    milestone: str,
    *,
    reached_on: date | None,
    ticks: tuple[Ticked, ...] | None,
    actor: Actor,
    at: datetime,
    reason: str = "",
    import_id: int | None = None,
) -> None:
    """Record a milestone's day and ticks, None leaving the ticks as they are; what was confirmed is so no more.

    Nothing where it is so already. Records ProjectMilestoneTold.
    """
    row = milestone_of(session, project.id or 0, milestone)
    if row is None:
        row = ProjectMilestoneRow(
            project_id=project.id or 0, milestone=milestone, ticks=[], told_by=actor.name, told_at=at
        )
    kept = row.ticks if ticks is None else [_plain(tick) for tick in ticks]
    if row.id is not None and (row.reached_on, row.ticks) == (reached_on, kept):
        return
    row.reached_on, row.ticks, row.told_by, row.told_at = reached_on, kept, actor.name, at
    row.confirmed_by = row.confirmed_at = None
    session.add(row)
    session.flush()
    event = ProjectMilestoneTold(
        unit_id=project.unit_id,
        project_id=row.project_id,
        milestone_id=row.id or 0,
        milestone=milestone,
        reached_on=reached_on,
        ticks=tuple(ticked(one) for one in kept),
        reason=reason,
        import_id=import_id,
    )
    event_log.record(session, event, actor=actor, at=at)


def milestone_of(session: Session, project_id: int, milestone: str) -> ProjectMilestoneRow | None:
    """Return what is told of a milestone; None where nothing is."""
    wanted = select(ProjectMilestoneRow).where(
        col(ProjectMilestoneRow.project_id) == project_id, col(ProjectMilestoneRow.milestone) == milestone
    )
    return session.scalars(wanted).first()


def ticked(kept: dict[str, str]) -> Ticked:
    """Return a tick as it is kept in its row."""
    return Ticked(kept["tick"], kept["evidence"], kept["by"], datetime.fromisoformat(kept["at"]))


def _plain(tick: Ticked) -> dict[str, str]:
    return {"tick": tick.tick, "evidence": tick.evidence, "by": tick.by, "at": tick.at.isoformat()}
