"""开工, 竣工, 投产, 达效 by the document's standards, confirmed by the organiser; and what is seen on site."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.calendar import local_day
from tracker.domain.entries import AttachedFile
from tracker.domain.events.projects import Photo, ProjectCheckedOnSite, ProjectMilestoneConfirmed, Ticked
from tracker.domain.filings import check_words
from tracker.domain.projects.acts import (
    ConfirmedAlready,
    EvidenceOfTickMissing,
    NothingReached,
    Seen,
    Told,
    check_past,
    check_seen,
)
from tracker.domain.projects.checklists import Build, Milestone, checklist
from tracker.domain.projects.lists import ProjectLists
from tracker.domain.projects.records import first_day, month_of
from tracker.steps.project_listings import answering_lists
from tracker.steps.projects import (
    lock_project,
    milestone_of,
    require_keeper,
    require_organiser,
    tell_milestone,
    ticked,
)
from tracker.store import event_log
from tracker.store.queries.projects import EVERY_PROJECT, projects
from tracker.store.tables.projects import ProjectValueRow, SiteCheckRow, SitePhotoRow


def tell_reached(
    session: Session, project_id: int, told: Told, *, lists: ProjectLists, actor: Actor, at: datetime
) -> None:
    """Say on which day a project reached a milestone, with the statements of the standard and their evidence.

    Source: 驻政办〔2022〕53号 附件1 四. A tick that stands keeps who ticked it and when. Records ProjectMilestoneTold.
    Raises NotFound, NotKeeperOfList, DayAhead, EvidenceOfTickMissing, ReasonTooLong.
    """
    project = lock_project(session, project_id)
    require_keeper(session, actor, lists, *answering_lists(session, project_id, at=at))
    check_past(told.on, today=local_day(at), field=told.milestone.value)
    row = milestone_of(session, project_id, told.milestone.value)
    known = {one.tick: one for one in map(ticked, row.ticks)} if row else {}
    asked, ticks = {one.value for one in checklist(told.milestone, Build(project.build)).ticks}, []
    for tick, words in told.ticks:
        evidence, before = check_words(words), known.get(tick)
        if not evidence:
            raise EvidenceOfTickMissing(tick=tick)
        if tick in asked:
            stands = before if before is not None and before.evidence == evidence else None
            ticks.append(stands or Ticked(tick, evidence, actor.name, at))
    tell_milestone(session, project, told.milestone.value, reached_on=told.on, ticks=tuple(ticks), actor=actor, at=at)


def confirm_reached(
    session: Session, project_id: int, milestone: Milestone, *, lists: ProjectLists, actor: Actor, at: datetime
) -> None:
    """Confirm a milestone 「核查确认」 (驻政办〔2022〕53号 附件2一（二）, 附件3一（二）).

    Records ProjectMilestoneConfirmed. Raises NotYourTask, NotFound, NothingReached, ConfirmedAlready.
    """
    require_organiser(session, actor, lists)
    project = lock_project(session, project_id)
    row = milestone_of(session, project_id, milestone.value)
    ticks = {tick["tick"] for tick in row.ticks} if row else set()
    if row is None or row.reached_on is None or not checklist(milestone, Build(project.build)).is_met(ticks):
        raise NothingReached()
    if row.confirmed_at is not None:
        raise ConfirmedAlready()
    row.confirmed_by, row.confirmed_at = actor.name, at
    event = ProjectMilestoneConfirmed(
        unit_id=project.unit_id, project_id=project_id, milestone_id=row.id or 0, milestone=milestone.value
    )
    event_log.record(session, event, actor=actor, at=at)


def check_on_site(
    session: Session,
    project_id: int,
    seen: Seen,
    *,
    photos: Sequence[AttachedFile],
    lists: ProjectLists,
    actor: Actor,
    at: datetime,
) -> int:
    """Record what was found on site 「现场核查」 beside what was reported of that month then; return the check's id.

    The same as the one that holds is no act. Source: 驻政办〔2022〕53号 附件1三. Records ProjectCheckedOnSite. Raises
    NotYourTask, NotFound, DayAhead, MonthAhead, CheckSaysNothing, CheckNotTrue, ReasonTooLong.
    """
    require_organiser(session, actor, lists)
    project, month = lock_project(session, project_id), first_day(seen.month)
    reported = _reported(session, project_id, month)
    seen = check_seen(seen, reported=reported, today=local_day(at))
    row = SiteCheckRow(
        project_id=project_id,
        month=month,
        checked_on=seen.on,
        holds=seen.holds,
        reported=reported,
        found=seen.found,
        words=seen.words,
        checked_by=actor.name,
        checked_at=at,
    )
    known = _same_check(session, row, photos)
    if known is not None:
        return known
    session.add(row)
    session.flush()
    told = tuple(_photo(session, row, file) for file in photos)
    event_log.record(session, _told(row, told, unit_id=project.unit_id), actor=actor, at=at)
    return row.id or 0


def _same_check(session: Session, row: SiteCheckRow, photos: Sequence[AttachedFile]) -> int | None:
    """Return the id of the check that holds where it says the same with the same photos; else None."""
    (project,) = projects(session, scope=EVERY_PROJECT, ids=[row.project_id])
    held = project.last_checks.get(month_of(row.month))
    if held is None:
        return None
    known, but = session.get_one(SiteCheckRow, held.id), {"id", "checked_at"}
    files = session.scalars(select(col(SitePhotoRow.sha256)).where(col(SitePhotoRow.check_id) == held.id))
    same = known.model_dump(exclude=but) == row.model_dump(exclude=but)
    return held.id if same and sorted(files) == sorted(one.sha256 for one in photos) else None


def _told(row: SiteCheckRow, photos: tuple[Photo, ...], *, unit_id: int) -> ProjectCheckedOnSite:
    return ProjectCheckedOnSite(
        unit_id=unit_id,
        project_id=row.project_id,
        check_id=row.id or 0,
        month=row.month,
        checked_on=row.checked_on,
        holds=row.holds,
        reported=row.reported,
        found=row.found,
        words=row.words,
        photos=photos,
    )


def _reported(session: Session, project_id: int, month: date) -> int | None:
    wanted = select(col(ProjectValueRow.invested)).where(
        col(ProjectValueRow.project_id) == project_id, col(ProjectValueRow.month) == month
    )
    return session.scalars(wanted).first()


def _photo(session: Session, check: SiteCheckRow, file: AttachedFile) -> Photo:
    row = SitePhotoRow(
        check_id=check.id or 0,
        sha256=file.sha256,
        name=file.name,
        size_bytes=file.size_bytes,
        media_type=file.media_type,
    )
    session.add(row)
    session.flush()
    return Photo(row.id or 0, row.sha256, row.name, row.size_bytes, row.media_type)
