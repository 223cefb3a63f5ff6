"""The office corrects until when a registered document plans 「更正计划截止日期」; its tasks follow."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import end_of_day, full_date, local_day
from tracker.domain.entered import YEARS_FOR_WORK, check_day_ahead
from tracker.domain.errors import NotFound, Rejected
from tracker.domain.events.documents import PlanEndCorrected
from tracker.domain.filings import check_reason
from tracker.domain.lifecycle import TASK_GOES_ON, TaskState
from tracker.domain.plan_ends import check_ends
from tracker.domain.windows import Reckoning
from tracker.steps.asked_windows import duties_by_calendar, keep_first_window, last_asked, revive_duties, waive_unasked
from tracker.steps.closing import check_no_closing_waits, let_closing_go
from tracker.steps.fitting_rows import PLAN_END_CORRECTED
from tracker.steps.holding import hold_shares_again
from tracker.steps.locking import lock_tasks
from tracker.steps.realigning import realign
from tracker.steps.requests import revive_disputes
from tracker.steps.resetting import DOCUMENT_EXPIRED, Act, owe_again
from tracker.steps.taking_up import take_lapse_back
from tracker.steps.tasks import live_shares
from tracker.store import event_log
from tracker.store.queries.demands import end_of_task
from tracker.store.queries.settled import last_lapses
from tracker.store.row_digests import row_digest
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.series import SeriesRow
from tracker.store.tables.tasks import TaskRow

_FIELD = "计划截止日期"
_FOLLOWING = frozenset(state.value for state in TASK_GOES_ON)


class SamePlanEnd(Rejected):
    """The plan ends on this day already, or has no end already; facts: day, in words."""

    code = "same_plan_end"


class ValidityPrinted(Rejected):
    """A document that prints its validity ends by that, whatever it plans; facts: day."""

    code = "validity_printed"


def correct_plan_end(
    session: Session,
    *,
    document_id: int,
    new_on: date | None,
    reason: str,
    actor: Actor,
    at: datetime,
    by: Reckoning,
) -> int:
    """Correct until when a document plans, None for no end; return how many of its tasks take up again.

    Open tasks get the windows of the new end. An end that is past lets them lapse at the next pass, with a closing
    report that counts from then. What had lapsed by an end that turns out to lie ahead goes on, and its closing report
    is owed no more: the slip was not the units'. Records PlanEndCorrected, and what realigning and reopening record.
    Raises NotYourTask, ReasonRequired, NotFound, DayOutOfBounds, EndBeforeIssue, ValidityPrinted, SamePlanEnd,
    ClosingUnderReview.
    """
    require_role(actor, Role.SUPERVISOR, act="change_task")
    reason = check_reason(reason)
    # The tasks before their document: whoever registers or lapses takes them in this order.
    ids = session.scalars(select(col(TaskRow.id)).where(col(TaskRow.document_id) == document_id)).all()
    tasks = lock_tasks(session, ids)
    document = session.get(DocumentRow, document_id, with_for_update=True)
    if document is None:
        raise NotFound()
    _check(document, new_on, today=local_day(at))
    old_on, act = document.ends_on, Act(cause=PLAN_END_CORRECTED, actor=actor, at=at, by=by, reason=reason)
    # Of the whole document before its first task: tasks share the forms that opening looks through.
    goes_on = new_on is None or new_on >= local_day(at)
    passed = old_on is not None and old_on < local_day(at)
    check_no_closing_waits(session, col(SeriesRow.document_id) == document_id)
    if goes_on and old_on is not None and passed:
        revive_duties(session, document_id, since=_ended_since(session, tasks, old_on))
    duties = duties_by_calendar(session, document_id)
    for duty, series in duties:
        keep_first_window(session, duty, series)
    unasked = last_asked(session, (duty for duty, _series in duties)) if passed else {}
    document.ends_on = new_on
    event_log.record(session, _corrected(document, old_on, reason=reason), actor=actor, at=at)
    lapsed = [task for task in tasks if task.state == TaskState.LAPSED.value and goes_on]
    for task in lapsed:
        take_lapse_back(session, task_id=task.id or 0, act=act)
    _follow(session, document_id, tasks, was_held_ended=goes_on and passed, act=act)
    waive_unasked(session, unasked, act=act)
    return len(lapsed)


def _ended_since(session: Session, tasks: Sequence[TaskRow], old_on: date) -> datetime:
    """Return since when the document was held to have ended: of several wrong ends the one by which a task lapsed."""
    lapses = last_lapses(session, tasks[0].document_id) if tasks else {}
    days = [
        lapses[task.id][1].expired_on for task in tasks if task.state == TaskState.LAPSED.value and task.id in lapses
    ]
    return end_of_day(min([old_on, *days]))


def _follow(session: Session, document_id: int, tasks: Sequence[TaskRow], *, was_held_ended: bool, act: Act) -> None:
    """Fit what goes on to the new end; where the old one was wrong, all that ended with it goes on."""
    if was_held_ended:
        revive_disputes(session, document_id, cause=DOCUMENT_EXPIRED, actor=act.actor, at=act.at)
    for task in tasks:
        if task.state in _FOLLOWING:
            if was_held_ended:  # asked of what lapsed, also where its completion was filed since
                shares = [share.id or 0 for share in live_shares(session, task.id or 0)]
                let_closing_go(session, shares, ended_on=end_of_task(session, task), act=act)
            realign(session, task.id or 0, act=act)
    if was_held_ended:
        hold_shares_again(session, owe_again(session, document_id, act=act), actor=act.actor, at=act.at)


def _corrected(document: DocumentRow, old_on: date | None, *, reason: str) -> PlanEndCorrected:
    return PlanEndCorrected(
        document_id=document.id or 0,
        number=document.number,
        old_on=old_on,
        new_on=document.ends_on,
        reason=reason,
        sealed=row_digest(document),
    )


def _check(document: DocumentRow, new_on: date | None, *, today: date) -> None:
    if document.expires_on is not None:
        raise ValidityPrinted(day=full_date(document.expires_on))
    if new_on is not None:
        since = max(today, document.ends_on or today)
        check_day_ahead(new_on, field=_FIELD, since=since, years=YEARS_FOR_WORK)
    check_ends(issued_on=document.issued_on, expires_on=None, ends_on=new_on)
    if new_on == document.ends_on:
        raise SamePlanEnd(day=f"是{full_date(new_on)}" if new_on else "留空")
