"""A month is not kept in silence beside records of projects that no mark counts: counted anew, or left aside openly."""

from collections.abc import Collection, Iterator
from typing import TypedDict

from sqlmodel import Session

from tracker.domain.events.scoring import UncountedRecord
from tracker.domain.filings import check_reason
from tracker.domain.projects.lists import ProjectLists
from tracker.domain.projects.tallying import project_ids
from tracker.domain.scoring.aside import LeftAside, RecordsUncounted
from tracker.domain.scoring.entries import Entry, InputSource
from tracker.domain.scoring.rules import Rules
from tracker.store.queries.counted_months import Held, held_against_projects
from tracker.store.tables.scoring import ScoreMonthRow

_NAMED = 5  # projects behind one number: more make no sentence


class Uncounted(TypedDict, total=False):
    """What an event tells of records that no mark counts."""

    uncounted: int
    uncounted_reason: str
    uncounted_records: tuple[UncountedRecord, ...]


def require_counted(
    session: Session, row: ScoreMonthRow, rules: Rules, *, lists: ProjectLists, aside: LeftAside
) -> Uncounted:
    """Return what the event that keeps a result tells of the records that no mark counts; nothing where all do.

    Records go on changing while a month is checked, so that counting anew cannot be the only way: the office may leave
    aside what it has read, for a reason that is published. Raises RecordsUncounted, ReasonRequired, ReasonTooLong,
    ListsDiffer.
    """
    held = held_against_projects(session, row, rules, lists=lists)
    count = held.recount.uncounted
    if not count:
        return {}
    if count != aside.count:
        raise RecordsUncounted(score_month=row.month, count=count)
    told = tuple(_records(held))
    return {"uncounted": count, "uncounted_reason": check_reason(aside.reason), "uncounted_records": told}


def _records(held: Held) -> Iterator[UncountedRecord]:
    """Go through what counting would write, then what it would withdraw, each with the projects that make it differ."""
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
