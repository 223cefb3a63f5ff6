"""A month is not kept in silence beside records that its marks differ from: counted anew, or left aside openly."""

from typing import TypedDict

from sqlmodel import Session

from tracker.domain.events.scoring import UncountedRecord
from tracker.domain.filings import check_reason
from tracker.domain.projects.lists import ProjectLists
from tracker.domain.scoring.aside import LeftAside, RecordsUncounted
from tracker.domain.scoring.rules import Rules
from tracker.store.queries.counted_months import held_against_projects
from tracker.store.queries.since_kept import digest_of_records, uncounted_records
from tracker.store.tables.scoring import ScoreMonthRow


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
    told = uncounted_records(held)
    if not told:
        return {}
    if len(told) != aside.count or aside.read not in ("", digest_of_records(told)):
        raise RecordsUncounted(score_month=row.month, count=len(told))
    return {"uncounted": len(told), "uncounted_reason": check_reason(aside.reason), "uncounted_records": told}
