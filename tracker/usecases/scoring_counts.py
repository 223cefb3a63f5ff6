"""A month of evaluation is counted from the records of projects 「从项目台账计数」."""

from datetime import datetime

from sqlmodel import Session

from tracker.domain.accounts import Actor
from tracker.domain.calendar import WorkdayCalendar, local_day
from tracker.domain.projects.lists import ProjectLists
from tracker.domain.projects.tallying import countable
from tracker.domain.scoring.entries import Entry, Evidence, InputSource, ReadScheme, Sourced
from tracker.domain.scoring.months import read_month, require_over
from tracker.steps.changed_marks import marks_in_check, tell_changed_marks
from tracker.steps.scoring import counting_for, keep_inputs, lock_month, require_open
from tracker.store.queries.counted_months import Held, held_against_projects
from tracker.store.queries.scoring_rules import rules_of
from tracker.wording.scoring_months import COUNTED_REASON, COUNTED_SOURCE

_SOURCE = Evidence(COUNTED_SOURCE)


def count_from_projects(
    session: Session,
    month_id: int,
    *,
    read: ReadScheme,
    lists: ProjectLists,
    calendar: WorkdayCalendar,
    actor: Actor,
    at: datetime,
) -> Held:
    """Write what the projects say into a month's inputs, as often as wanted until it is frozen; return what was held.

    The office counts everything, a unit the figures that the scheme prints it to supply. Only what differs is written,
    each correction with its reason; what somebody entered stays, and is told as differing. Records
    ScoringInputsEntered and, where marks change that are being checked, ScoringMarksChanged. Raises NotFound,
    NotYourTask, MonthRunning, InputsClosed, ListsDiffer.
    """
    month = lock_month(session, month_id)
    rules = rules_of(session, month, read)
    unit_id, whats = counting_for(session, rules, countable(rules), actor=actor)
    require_over(read_month(month.month), today=local_day(at))
    require_open(session, month)
    held = held_against_projects(session, month, rules, lists=lists, whats=whats)
    marks = marks_in_check(session, month, read)
    kept = [(_sourced(found.entry, found.behind), before.id if before else None) for found, before in held.recount.keep]
    keep_inputs(session, month, kept, reason=COUNTED_REASON, unit_id=unit_id, actor=actor, at=at)
    gone = [(_sourced(one.entry, one.behind), one.id) for one in held.recount.withdraw]
    keep_inputs(session, month, gone, reason=COUNTED_REASON, unit_id=unit_id, void=True, actor=actor, at=at)
    tell_changed_marks(session, month, marks, read=read, calendar=calendar, actor=actor, at=at)
    return held


def _sourced(entry: Entry, behind: tuple[str, ...]) -> Sourced:
    return Sourced(entry, _SOURCE, InputSource.COUNTED, behind)
