"""Records of projects about a month that is kept already: what no mark counts, and what came after it was kept."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from tracker.domain.events.projects import ProjectListed
from tracker.domain.events.scoring import UncountedRecord
from tracker.domain.projects.lists import ProjectLists
from tracker.domain.projects.records import first_day
from tracker.domain.projects.tallying import project_ids
from tracker.domain.scoring.entries import Entry, InputSource
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.months import KEPT, CorrectionState, read_month
from tracker.domain.scoring.rules import Rules
from tracker.store.queries.counted_months import Held, held_against_projects
from tracker.store.queries.scoring import corrections_of
from tracker.store.tables.events import EventRow
from tracker.store.tables.projects import ProjectMilestoneRow, ProjectValueRow, SiteCheckRow
from tracker.store.tables.scoring import ScoreMonthRow

_NAMED = 5  # projects behind one number: more make no sentence


def uncounted_records(held: Held) -> tuple[UncountedRecord, ...]:
    """Return what counting would write, then what it would withdraw, each with the projects that make it differ."""
    return tuple(_records(held))


def _records(held: Held) -> Iterator[UncountedRecord]:
    for found, before in held.recount.keep:
        counted = before is not None and before.source is InputSource.COUNTED and not before.void
        stood = project_ids(before.behind) if before is not None and counted else ()
        yield _record(held, found.entry, {*found.projects} ^ {*stood})
    for one in held.recount.withdraw:
        yield _record(held, one.entry, {*project_ids(one.behind)})


def _record(held: Held, entry: Entry, projects: Collection[int]) -> UncountedRecord:
    names = [held.projects[one].name for one in sorted(projects) if one in held.projects]
    return UncountedRecord(
        kind=entry.kind.value,
        code=entry.code,
        object=entry.object,
        items=entry.items,
        projects=tuple(names[:_NAMED]),
        count=len(names),
    )


def kept_months(session: Session) -> Sequence[ScoreMonthRow]:
    """Return the months whose result is kept, the oldest first."""
    wanted = select(ScoreMonthRow).where(col(ScoreMonthRow.state).in_([one.value for one in KEPT]))
    return session.scalars(wanted.order_by(col(ScoreMonthRow.month), col(ScoreMonthRow.id))).all()


def records_since(
    session: Session, row: ScoreMonthRow, rules: Rules, *, lists: ProjectLists, aside: Collection[Mapping[str, Any]]
) -> tuple[UncountedRecord, ...]:
    """Return the records of projects that no mark of a kept month counts, but those that were left `aside` openly.

    None where nothing that is about the month came after the office last looked at it: no value or check of the month,
    no milestone of its year, no place on a list since the month. What a project is otherwise changes for later months.
    """
    since = _looked_at(session, row)
    if since is None or not moved_since(session, read_month(row.month), since):
        return ()
    known = [{**one, "items": tuple(one["items"]), "projects": tuple(one["projects"])} for one in aside]
    held = held_against_projects(session, row, rules, lists=lists)
    return tuple(one for one in uncounted_records(held) if asdict(one) not in known)


def _looked_at(session: Session, row: ScoreMonthRow) -> datetime | None:
    """Return when the office last kept a result of a month, or began a correction of which it made nothing."""
    known = corrections_of(session, row.id or 0)
    dropped = [one.opened_at for one in known if one.state == CorrectionState.DROPPED.value]
    kept = [row.frozen_at, *(one.frozen_at for one in known)]
    return max([one for one in (*kept, *dropped) if one is not None], default=None)


def moved_since(session: Session, month: Month, since: datetime) -> bool:
    """Tell whether a value, check or listing of the month, or a milestone of its year until then, came since."""
    first, value, check, reached = first_day(month), ProjectValueRow, SiteCheckRow, ProjectMilestoneRow
    told_since = or_(col(reached.told_at) > since, col(reached.confirmed_at) > since)
    of_year = col(reached.reached_on).is_(None) | (
        (col(reached.reached_on) >= first.replace(month=1)) & (col(reached.reached_on) <= month.last_day)
    )
    wanted = (
        select(col(value.id)).where(col(value.month) == first, col(value.told_at) > since),
        select(col(check.id)).where(col(check.month) == first, col(check.checked_at) > since),
        select(col(reached.id)).where(told_since, of_year),
        select(col(EventRow.seq)).where(
            col(EventRow.type) == ProjectListed.type,
            col(EventRow.occurred_at) > since,
            col(EventRow.payload).contains(f'"since": "{month}-', autoescape=True),
        ),
    )
    return any(session.scalars(one.limit(1)).first() is not None for one in wanted)
