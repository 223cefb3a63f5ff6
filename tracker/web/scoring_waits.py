"""What months of evaluation wait for, on the first pages: inputs to hand in, marks to check, objections to answer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, url_for
from sqlmodel import Session

from tracker.domain.calendar import local_day
from tracker.domain.scoring.months import KEPT, MonthState
from tracker.store.queries.scoring import months_under_way
from tracker.store.queries.scoring_objections import open_objections
from tracker.web.access import services
from tracker.web.scoring_progress import circular_due, todo_of
from tracker.web.scoring_since import months_since, with_since
from tracker.web.scoring_views import MonthSeen, is_office, oversees, seen_of
from tracker.wording.scoring_months import month_words

pages = Blueprint("scoring_waits", __name__)


@dataclass(frozen=True, slots=True)
class MonthWait:
    """A month with what the viewer has to do for it until `until`, that day included.

    `month_id` is that of one under way, of which all is told here, also how many objections are to be answered.
    """

    name: str
    todo: str
    until: date | None
    over: bool
    address: str
    month_id: int | None = None


@pages.app_context_processor
def _offer() -> dict[str, object]:
    """Give the first pages of units what they show."""
    return {"evaluation_waits": _evaluation_waits}


def _evaluation_waits() -> list[MonthWait]:
    with services().database.reading() as session:
        return month_waits(session)


def month_waits(session: Session) -> list[MonthWait]:
    """Return what the viewer has to do for the months that are under way."""
    today, found = local_day(services().clock.now()), []
    late = {one.row.id: one for one in months_since(session)} if is_office() else {}
    for row in months_under_way(session):
        seen = seen_of(session, row)
        todo, is_own = todo_of(session, seen)
        todo = with_since(todo, late.pop(row.id, None))
        if is_own:
            until = _until(session, seen)
            over = until is not None and today > until
            address = url_for("scoring.show", month_id=seen.id)
            found.append(MonthWait(seen.name, todo, until, over, address, seen.id))
    for one in late.values():
        todo = f"核对是否更正已通报的结果：项目台账其后有{len(one.records)}处与得分不一致"
        address = url_for("scoring.show", month_id=one.row.id)
        found.append(MonthWait(month_words(one.row.month), todo, None, over=False, address=address))
    return found


def _until(session: Session, seen: MonthSeen) -> date | None:
    """Return the last day for what a month waits for; the office's is that of the circular, where one was decided."""
    if oversees():
        return circular_due(session, seen)
    if seen.state in KEPT:
        return None
    return seen.row.inputs_by if seen.state is MonthState.COLLECTING else seen.row.check_until


def objections_waiting(session: Session, *, but: Collection[int | None]) -> tuple[int, datetime | None, str]:
    """Return how many objections to marks wait for the office, since when, and where they are answered.

    `but` are the months that tell of theirs already.
    """
    found = [one for one in open_objections(session) if one.month_id not in but]
    address = url_for("scoring.index")
    if len({one.month_id for one in found}) == 1:
        address = url_for("scoring.show", month_id=found[0].month_id, _anchor="h-objections")
    return len(found), found[0].raised_at if found else None, address
