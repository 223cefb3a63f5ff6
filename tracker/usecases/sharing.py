"""Who does a task and by when, after 交办: 补协办, 免除, 改派, 改时限, and the decision of a dispute."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound, Rejected
from tracker.domain.events.requests import RequestGranted
from tracker.domain.events.tasks import DeadlineChanged
from tracker.domain.filings import RequestKind, RequestState, check_reason
from tracker.domain.items import AssignmentRole
from tracker.domain.lifecycle import TASK_GOES_ON, AssignmentAction, TaskNotOpen, TaskState
from tracker.domain.parts import NewShare
from tracker.domain.windows import Reckoning
from tracker.steps.closing import check_no_closing_waits
from tracker.steps.demanding import give_back_demands, hand_over_demands
from tracker.steps.entrusting import HasAShare, entrust, raise_part, take_away
from tracker.steps.for_the_leader import LeaderDecides, is_past_printed_date
from tracker.steps.locking import lock_work
from tracker.steps.parts_of_shares import own_part, taken_part
from tracker.steps.realigning import realign
from tracker.steps.requests import decide_request, undecided_request
from tracker.steps.resetting import Act
from tracker.steps.tasks import check_deadline, live_shares, load_task
from tracker.store import event_log
from tracker.store.queries.requests import came_with_a_merger
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow


class LastLead(Rejected):
    """A task always has a lead: hand the share to another unit instead."""

    code = "last_lead"


class SameDeadline(Rejected):
    """The deadline is this day already; facts: due_on."""

    code = "same_deadline"


class MergedDispute(Rejected):
    """The dispute came with a unit that went up in one which has the task itself: its own part is not in dispute."""

    code = "merged_dispute"


def add_share(
    session: Session, *, task_id: int, share: NewShare, reason: str, actor: Actor, at: datetime, by: Reckoning
) -> int:
    """Give one more unit a share of a task 「补协办」; it gets the task today. Return the share's id.

    Records ShareAdded and what opening records. Raises NotYourTask, ReasonRequired, NotFound, UnitGone, NeverTasked,
    TaskNotOpen, ClosingUnderReview, HasAShare.
    """
    act = Act(cause="share_added", actor=actor, at=at, by=by, reason=check_reason(reason))
    task = _open_task(session, task_id, actor=actor)
    added = entrust(session, task, share, act=act)
    realign(session, task_id, act=act, beginning=[added.id or 0])
    return added.id or 0


def release_share(
    session: Session, *, assignment_id: int, reason: str, actor: Actor, at: datetime, by: Reckoning
) -> None:
    """Let a unit go 「免除」: its open rows end, what was overdue stays 漏报.

    A unit that had taken over another's part loses that only, and goes on with its own from today on. Records
    ShareEnded or ShareLowered, and what settling and opening record.
    Raises NotYourTask, ReasonRequired, NotFound, TaskNotOpen,
    ClosingUnderReview, LastLead,
    CompletionUnderReview, TransitionRefused.
    """
    act = Act(cause="share_released", actor=actor, at=at, by=by, reason=check_reason(reason))
    share, task = _share(session, assignment_id, actor=actor)
    others = [other for other in live_shares(session, share.task_id) if other.id != assignment_id]
    goes_on = taken_part(share) is not None and own_part(share).role is AssignmentRole.LEAD
    leads = goes_on or any(other.role == AssignmentRole.LEAD.value for other in others)
    if share.role == AssignmentRole.LEAD.value and not leads:
        raise LastLead()
    keeps_own = take_away(session, share, AssignmentAction.RELEASE, act=act)
    give_back_demands(session, task.item_id, unit_id=share.unit_id)
    realign(session, task.id or 0, act=act, beginning=[assignment_id] if keeps_own else [])


def reassign_share(
    session: Session, *, assignment_id: int, to_unit_id: int, reason: str, actor: Actor, at: datetime, by: Reckoning
) -> int:
    """Hand a share to another unit 「改派」, which begins by the half rule; return the new share's id.

    The old share ends as reassigned, what it owed overdue stays 漏报; where its unit had taken over another's part,
    that goes on and its own stays. Where the other unit has a share already it takes the better of both parts, and has
    its own again when the other is taken away. Records ShareEnded or
    ShareLowered, ShareAdded and what settling and opening record. Raises NotYourTask, ReasonRequired, NotFound,
    TaskNotOpen, ClosingUnderReview, HasAShare, CompletionUnderReview, TransitionRefused.
    """
    act = Act(cause="share_reassigned", actor=actor, at=at, by=by, reason=check_reason(reason))
    old, task = _share(session, assignment_id, actor=actor)
    if to_unit_id == old.unit_id:
        raise HasAShare(unit=session.get_one(UnitRow, to_unit_id).short_name)
    handed = taken_part(old) or own_part(old)
    part = NewShare(to_unit_id, handed.role, handed.duty)
    keeps_own = take_away(session, old, AssignmentAction.REASSIGN, act=act)
    hand_over_demands(session, task.item_id, from_unit_id=old.unit_id, to_unit_id=to_unit_id, keeps_own=keeps_own)
    beginning = [assignment_id] if keeps_own else []
    known = next((share for share in live_shares(session, old.task_id) if share.unit_id == to_unit_id), None)
    if known is None:
        known = entrust(session, task, part, act=act, instead_of=assignment_id)
        beginning.append(known.id or 0)
    else:
        raise_part(session, known, part, act=act, instead_of=assignment_id)
    realign(session, old.task_id, act=act, beginning=beginning)
    return known.id or 0


def change_deadline(
    session: Session, *, task_id: int, new_on: date, reason: str, actor: Actor, at: datetime, by: Reckoning
) -> None:
    """Set another deadline for a task 「改时限」; open final rows move with it, rows after it are waived.

    Past a date that the document prints only the leader sets one. Records DeadlineChanged, RowsReset and what settling
    and opening record. Raises NotYourTask, ReasonRequired, NotFound, TaskNotOpen, ClosingUnderReview,
    DeadlineInThePast, SameDeadline, LeaderDecides.
    """
    act = Act(cause="deadline_changed", actor=actor, at=at, by=by, reason=check_reason(reason))
    task = _open_task(session, task_id, actor=actor, roles=(Role.SUPERVISOR, Role.LEADER))
    check_deadline(new_on, today=local_day(at), old_on=task.due_on)
    if new_on == task.due_on:
        raise SameDeadline(due_on=new_on)
    if actor.role is not Role.LEADER and is_past_printed_date(session, task, new_on):
        raise LeaderDecides()
    event = DeadlineChanged(task_id=task_id, old_on=task.due_on, new_on=new_on, reason=act.reason)
    task.due_on = new_on
    event_log.record(session, event, actor=actor, at=at)
    realign(session, task_id, act=act)


def grant_dispute(
    session: Session,
    *,
    request_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    by: Reckoning,
    to_unit_id: int | None = None,
) -> None:
    """Find for the unit in a dispute 「异议裁定」: its share goes to another unit, or ends where none is named.

    Records RequestGranted and what releasing or reassigning records. Raises NotYourTask, ReasonRequired, NotFound,
    RequestAlreadyDecided, MergedDispute, and what these raise.
    """
    require_role(actor, Role.SUPERVISOR, act="change_task")
    reason = check_reason(reason)
    request = undecided_request(session, request_id=request_id, kind=RequestKind.DISPUTE, actor=actor)
    share = session.get_one(AssignmentRow, request.assignment_id)
    if came_with_a_merger(session, request):
        raise MergedDispute()
    decide_request(request, RequestState.GRANTED, reason=reason, actor=actor, at=at)
    event = RequestGranted(
        task_id=share.task_id, unit_id=share.unit_id, request_id=request_id, kind=request.kind, rows=(), reason=reason
    )
    event_log.record(session, event, actor=actor, at=at)
    session.flush()
    if to_unit_id is None:
        release_share(session, assignment_id=request.assignment_id, reason=reason, actor=actor, at=at, by=by)
        return
    reassign_share(
        session,
        assignment_id=request.assignment_id,
        to_unit_id=to_unit_id,
        reason=reason,
        actor=actor,
        at=at,
        by=by,
    )


def _open_task(session: Session, task_id: int, *, actor: Actor, roles: Sequence[Role] = (Role.SUPERVISOR,)) -> TaskRow:
    task = load_task(session, task_id, actor=actor, roles=roles)
    if TaskState(task.state) not in TASK_GOES_ON:
        raise TaskNotOpen()
    check_no_closing_waits(session, col(AssignmentRow.task_id) == task_id)
    return task


def _share(session: Session, assignment_id: int, *, actor: Actor) -> tuple[AssignmentRow, TaskRow]:
    require_role(actor, Role.SUPERVISOR, act="change_task")
    lock_work(session, [assignment_id])
    share = session.get(AssignmentRow, assignment_id)
    if share is None:
        raise NotFound()
    return share, _open_task(session, share.task_id, actor=actor)
