"""Single projects are entered and corrected by whoever supplies their list (驻政办〔2022〕53号 附件1一)."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound
from tracker.domain.filings import check_reason, check_words
from tracker.domain.projects.acts import (
    NotListedThen,
    OffBeforeListed,
    Place,
    ProjectData,
    ProjectKnown,
    SourceMissing,
    check_data,
    check_month,
    check_past,
)
from tracker.domain.projects.checklists import Build
from tracker.domain.projects.lists import ProjectLists, says_statistics
from tracker.domain.projects.placing import came_in
from tracker.domain.projects.records import came_until, first_day, month_of
from tracker.domain.scoring.inputs import Month
from tracker.steps.project_listings import Relisted, answering_lists, former_rows, listing_rows, relisted, tell_listings
from tracker.steps.projects import keeper_of, lock_project, require_keeper, tell_project, tell_value
from tracker.store.queries.projects import listing_of, unit_id_of
from tracker.store.tables.projects import ProjectRow


def enter_project(
    session: Session, data: ProjectData, place: Place, *, lists: ProjectLists, actor: Actor, at: datetime
) -> int:
    """Enter a project on a list; return its id. Records ProjectKept, ProjectListed.

    Raises NotKeeperOfList, NoSuchList, NotFound (the county), ProjectNameMissing, PlanReversed, ProjectKnown, DayAhead.
    """
    require_keeper(session, actor, lists, lists.need(place.list).code)
    data = check_data(data)
    check_past(data.in_statistics, today=local_day(at), field="in_statistics")
    unit_id = unit_id_of(session, data.unit)
    if unit_id is None:
        raise NotFound()
    _refuse_known(session, data, unit_id, but=0)
    row = ProjectRow(unit_id=unit_id, name=data.name, build=data.build.value)
    _fill(row, data)
    _write(session, row, data)
    tell_project(session, row, actor=actor, at=at)
    _place(session, row, place, lists=lists, actor=actor, at=at)
    return row.id or 0


def correct_project(
    session: Session,
    project_id: int,
    data: ProjectData,
    *,
    version: int,
    reason: str,
    lists: ProjectLists,
    actor: Actor,
    at: datetime,
) -> None:
    """Correct what a project is; the same again is no act. Its county stays. Records ProjectKept.

    Whoever supplies the statistics (附件1一（十二）) corrects only since when it stands there. Raises NotFound,
    ProjectChanged, NotKeeperOfList, ReasonRequired, ProjectNameMissing, PlanReversed, ProjectKnown, DayAhead.
    """
    reason = check_reason(reason)
    row = lock_project(session, project_id, version=version)
    data = check_data(data)
    if says_statistics(keeper_of(session, actor), lists):
        data = replace(_data_of(row), in_statistics=data.in_statistics)
    else:
        require_keeper(session, actor, lists, *answering_lists(session, project_id, at=at))
    if data.in_statistics != row.in_statistics:
        check_past(data.in_statistics, today=local_day(at), field="in_statistics")
    _refuse_known(session, data, row.unit_id, but=project_id)
    before = _data_of(row)
    _fill(row, data)
    if _data_of(row) != before:
        _write(session, row, data)
        tell_project(session, row, actor=actor, at=at, reason=reason)


def place_project(
    session: Session,
    project_id: int,
    place: Place,
    *,
    reason: str,
    lists: ProjectLists,
    actor: Actor,
    at: datetime,
) -> None:
    """Put a project onto a list of a year, again where it left it, or correct since when and with which plan it stands.

    Without a plan, that which is on record stays; so does the day on which it left, unless that is undone. Records
    ProjectListed. Raises NotFound, NotKeeperOfList, NoSuchList, ReasonRequired, NotListedThen.
    """
    reason = check_reason(reason)
    require_keeper(session, actor, lists, lists.need(place.list).code)
    _place(session, lock_project(session, project_id), place, lists=lists, actor=actor, at=at, reason=reason)


def take_project_off(
    session: Session,
    project_id: int,
    code: str,
    year: int,
    *,
    on: date,
    reason: str,
    lists: ProjectLists,
    actor: Actor,
    at: datetime,
) -> None:
    """Say from which day a project stands no more on a list of a year, or correct that day; nothing else changes.

    Where it came onto the list several times, it left after the last time before that day. Its earlier months keep it,
    with its plan. Records ProjectListed. Raises NotFound, NotKeeperOfList, NoSuchList,
    ReasonRequired, OffBeforeListed, DayAhead.
    """
    reason = check_reason(reason)
    require_keeper(session, actor, lists, lists.need(code).code)
    project = lock_project(session, project_id)
    known = listing_rows(session, [project_id], code, year).get(project_id)
    if not known:
        raise NotFound()
    check_past(on, today=local_day(at), field="off")
    rows = {listing_of(one): one for one in known}
    left = came_until(rows, code, on=on, year=year)
    if left is None:
        raise OffBeforeListed(since=known[0].since)
    if left.until != on:
        rows[left].until = on
        told = [Relisted(project, rows[left], left.until)]
        of_year = lists.need(code).of_year(year)
        tell_listings(session, told, of_year=of_year, actor=actor, at=at, reason=reason)


def give_value(
    session: Session,
    project_id: int,
    month: Month,
    invested: int,
    *,
    source: str,
    reason: str,
    lists: ProjectLists,
    actor: Actor,
    at: datetime,
) -> None:
    """Say or correct the cumulative investment of the year until a month's end, in 元. Records ProjectValueGiven.

    A falling value is taken: it may correct one that was too high, and the page flags it. Raises NotFound,
    NotKeeperOfList, MonthAhead, SourceMissing, ReasonTooLong.
    """
    row = lock_project(session, project_id)
    require_keeper(session, actor, lists, *answering_lists(session, project_id, at=at))
    check_month(month, today=local_day(at))
    source = check_words(source)
    if not source:
        raise SourceMissing()
    tell_value(
        session,
        row,
        month=first_day(month),
        invested=invested,
        source=source,
        reason=check_words(reason),
        actor=actor,
        at=at,
    )


def _place(
    session: Session,
    project: ProjectRow,
    place: Place,
    *,
    lists: ProjectLists,
    actor: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    id_ = project.id or 0
    known = listing_rows(session, [id_], place.list, place.year).get(id_, ())
    of_year = lists.need(place.list).of_year(place.year)
    former = former_rows(session, [id_], place.list, place.year, of_year=of_year).get(id_)
    if place.back and not came_in(map(listing_of, known), place.since):
        raise NotListedThen(month=str(month_of(place.since)))
    told = relisted(known, project, place, former)
    if told is not None:
        tell_listings(session, [told], of_year=of_year, actor=actor, at=at, reason=reason)


def _refuse_known(session: Session, data: ProjectData, unit_id: int, *, but: int) -> None:
    named = (col(ProjectRow.unit_id) == unit_id) & (col(ProjectRow.name) == data.name)
    coded = (col(ProjectRow.code) == data.code) & (col(ProjectRow.code) != "")
    known = session.scalars(select(ProjectRow).where(or_(named, coded), col(ProjectRow.id) != but)).first()
    if known is not None:
        raise ProjectKnown(name=known.name)


def _write(session: Session, row: ProjectRow, data: ProjectData) -> None:
    """Write a project whose name or code somebody may have given to another in this instant. Raises ProjectKnown."""
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise ProjectKnown(name=data.name) from error


def _fill(row: ProjectRow, data: ProjectData) -> None:
    row.code, row.name, row.build = data.code, data.name, data.build.value
    row.total, row.strategic, row.in_statistics = data.total, data.strategic, data.in_statistics
    row.planned_start, row.planned_finish = _month(data.planned_start), _month(data.planned_finish)


def _month(day: date | None) -> date | None:
    return day.replace(day=1) if day else None


def _data_of(row: ProjectRow) -> ProjectData:
    return ProjectData(
        row.code,
        row.name,
        "",
        Build(row.build),
        row.total,
        row.planned_start,
        row.planned_finish,
        row.strategic,
        row.in_statistics,
    )
