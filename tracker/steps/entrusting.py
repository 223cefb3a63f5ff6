"""A unit gets a share of a task, takes another's over besides its own, or loses what it had."""

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound, Rejected
from tracker.domain.events.shares import ShareAdded, ShareEnded, ShareLowered
from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, AssignmentAction, AssignmentState, advance_assignment
from tracker.domain.parts import NewShare, Part
from tracker.domain.unit_classes import check_takes_work
from tracker.domain.units import UnitKind
from tracker.steps.holding import completion_under_review
from tracker.steps.parts_of_shares import forget_taken, keep_taken, own_part, taken_part
from tracker.steps.resetting import Act
from tracker.steps.settling import settle_shares
from tracker.store import event_log
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow


class HasAShare(Rejected):
    """The unit has a share of the task already; facts: unit."""

    code = "has_a_share"


class CompletionUnderReview(Rejected):
    """The lead's completion report lies with the office, which decides it before the share goes to another."""

    code = "completion_under_review"


def entrust(
    session: Session, task: TaskRow, part: NewShare, *, act: Act, instead_of: int | None = None
) -> AssignmentRow:
    """Enter a unit's share, or give an ended one back to it; return it.

    Records ShareAdded. Raises NotFound, UnitGone, NeverTasked, HasAShare.
    """
    # Held until the share is kept: a merger of the unit waits, and then takes the share along.
    unit = session.get(UnitRow, part.unit_id, with_for_update={"read": True})
    if unit is None:
        raise NotFound()
    check_takes_work(
        unit.short_name, UnitKind(unit.kind), tasked=unit.tasked, gone=unit.merged_into_unit_id is not None
    )
    share = _share_of(session, task, part.unit_id)
    if share is not None and AssignmentState(share.state) not in ASSIGNMENT_ENDED:
        raise HasAShare(unit=unit.short_name)
    if share is None:
        share = AssignmentRow(task_id=task.id or 0, unit_id=part.unit_id, role=part.role.value, duty=part.duty.value)
        session.add(share)
    else:
        share.state = advance_assignment(AssignmentState(share.state), AssignmentAction.ENTRUST).value
        share.received_at = share.ended_at = None
    lead = part.role is AssignmentRole.LEAD
    share.role, share.duty = part.role.value, (Duty.REPORT if lead else part.duty).value
    forget_taken(share)
    share.proposed, share.got_on, share.from_on = lead, local_day(act.at), None
    session.flush()
    _note_added(session, share, act=act, instead_of=instead_of)
    return share


def let_report(session: Session, task: TaskRow, unit_id: int, *, act: Act) -> None:
    """Let a unit report as a member: by a new share, an ended one given back, or the one by which it only replies.

    Records ShareAdded. Raises NotFound, UnitGone, NeverTasked.
    """
    share = _share_of(session, task, unit_id)
    if share is None or AssignmentState(share.state) in ASSIGNMENT_ENDED:
        entrust(session, task, NewShare(unit_id, duty=Duty.REPORT), act=act)
        return
    if share.own_duty is not None:
        share.own_duty = Duty.REPORT.value
    if share.duty == Duty.REPORT.value:
        return
    share.duty = Duty.REPORT.value
    share.got_on, share.from_on = local_day(act.at), None
    session.flush()
    _note_added(session, share, act=act, instead_of=None)


def raise_part(session: Session, share: AssignmentRow, part: NewShare, *, act: Act, instead_of: int) -> None:
    """Let a unit take another's part over besides its own, which is kept. Records ShareAdded."""
    own, before, taken = own_part(share), taken_part(share), Part(part.role, part.duty)
    keep_taken(share, own, taken, *([before] if before is not None else []))
    if own.role is not AssignmentRole.LEAD:
        share.proposed = share.proposed or part.role is AssignmentRole.LEAD
    # What it takes over begins today; the series it reports in already keep the day they began.
    share.got_on, share.from_on = local_day(act.at), None
    session.flush()
    _note_added(session, share, act=act, instead_of=instead_of)


def take_away(session: Session, share: AssignmentRow, ending: AssignmentAction, *, act: Act) -> bool:
    """Take a share away, or what its unit took over besides its own part; tell whether it goes on with its own.

    Settled before it changes: what lives with the share must still be known as its own. Records ShareEnded or
    ShareLowered and what settling records. Raises CompletionUnderReview, TransitionRefused.
    """
    if completion_under_review(session, share) is not None:
        raise CompletionUnderReview()
    keeps_own = taken_part(share) is not None
    following = advance_assignment(AssignmentState(share.state), AssignmentAction.LOWER if keeps_own else ending)
    cause = "share_lowered" if keeps_own else act.cause
    settle_shares(session, [share.id or 0], cause=cause, actor=act.actor, at=act.at, reason=act.reason)
    share.state = following.value
    if keeps_own:
        _lower(session, share, act=act)
        return True
    share.ended_at = act.at
    session.flush()
    event = ShareEnded(
        task_id=share.task_id,
        unit_id=share.unit_id,
        assignment_id=share.id or 0,
        state=following.value,
        reason=act.reason,
    )
    event_log.record(session, event, actor=act.actor, at=act.at)
    return False


def _share_of(session: Session, task: TaskRow, unit_id: int) -> AssignmentRow | None:
    wanted = select(AssignmentRow).where(col(AssignmentRow.task_id) == task.id, col(AssignmentRow.unit_id) == unit_id)
    return session.scalars(wanted.with_for_update()).first()


def _lower(session: Session, share: AssignmentRow, *, act: Act) -> None:
    """Give a unit the part back that it had before, from today on."""
    own = own_part(share)
    share.role, share.duty = own.role.value, own.duty.value
    forget_taken(share)
    share.proposed = share.proposed and own.role is AssignmentRole.LEAD
    share.got_on, share.from_on = local_day(act.at), None
    session.flush()
    event = ShareLowered(
        task_id=share.task_id,
        unit_id=share.unit_id,
        assignment_id=share.id or 0,
        role=share.role,
        duty=share.duty,
        got_on=local_day(act.at),
        reason=act.reason,
    )
    event_log.record(session, event, actor=act.actor, at=act.at)


def _note_added(session: Session, share: AssignmentRow, *, act: Act, instead_of: int | None) -> None:
    event = ShareAdded(
        task_id=share.task_id,
        unit_id=share.unit_id,
        assignment_id=share.id or 0,
        role=share.role,
        duty=share.duty,
        got_on=local_day(act.at),
        reason=act.reason,
        instead_of=instead_of,
    )
    event_log.record(session, event, actor=act.actor, at=act.at)
