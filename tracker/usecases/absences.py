"""Somebody is away, another acts for him: leave is set and ended, a deputy begins and ends to act in his name."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.absences import (
    WITH_DEPUTIES,
    ActingForAnother,
    LeaveOver,
    LeaveOverlaps,
    Person,
    check_absent,
    check_days,
    check_deputy,
)
from tracker.domain.account_policy import AccountPolicy
from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound
from tracker.domain.events.absences import ActingBegan, ActingEnded
from tracker.domain.filings import check_reason
from tracker.steps.absences import Leave, end_leave, enter_leave, person_kept_by
from tracker.steps.accounts import load_account
from tracker.store import event_log
from tracker.store.queries.absences import away_within, may_act_for, person
from tracker.store.tables.absences import AbsenceRow
from tracker.store.tables.units import LoginRow

__all__ = ["Leave", "person_kept_by"]


def take_leave(session: Session, leave: Leave, *, policy: AccountPolicy, actor: Actor, at: datetime) -> int:
    """Be away oneself, with a deputy or without; return the id. Records AbsenceSet.

    Raises NotYourTask, ActingForAnother, LeaveEndsBefore, LeaveIsPast, LeaveTooLong, DeputyUnfit,
    DeputyAway, LeaveOverlaps, ReasonRequired.
    """
    require_role(actor, *WITH_DEPUTIES, act="take_leave")
    _in_own_name(actor)
    own = person(session, user_id=actor.user_id or 0)
    if own is None:
        raise NotFound()
    return _enter(session, own, leave, policy=policy, actor=actor, at=at)


def set_leave(
    session: Session, leave: Leave, *, user_id: int, policy: AccountPolicy, actor: Actor, at: datetime
) -> int:
    """Enter the leave of somebody who cannot do it himself; return its id. Records AbsenceSet.

    Raises NotYourTask, NotFound, ActingForAnother, NoDeputyRole, LeaveEndsBefore, LeaveIsPast, LeaveTooLong,
    DeputyUnfit, DeputyAway, LeaveOverlaps, ReasonRequired.
    """
    absent = person_kept_by(session, user_id, actor=actor, act="set_leave")
    _in_own_name(actor)
    return _enter(session, absent, leave, policy=policy, actor=actor, at=at)


def _in_own_name(actor: Actor) -> None:
    if actor.for_id is not None:
        raise ActingForAnother()


def _enter(session: Session, absent: Person, leave: Leave, *, policy: AccountPolicy, actor: Actor, at: datetime) -> int:
    """Enter leave where it can be; both accounts are locked, so that two such acts do not cross."""
    check_absent(absent)
    today = local_day(at)
    check_days(leave.first_on, leave.last_on, today=today, longest=policy.leave_days)
    check_reason(leave.reason)
    for user_id in sorted({absent.user_id, leave.deputy_id or absent.user_id}):
        load_account(session, user_id)
    away = away_within(session, first_on=leave.first_on, last_on=leave.last_on)
    if absent.user_id in away:
        raise LeaveOverlaps()
    if leave.deputy_id is not None:
        deputy = person(session, user_id=leave.deputy_id)
        if deputy is None:
            raise NotFound()
        check_deputy(deputy, absent=absent, away=away)
    return enter_leave(session, absent.user_id, leave, actor=actor, at=at)


def end_absence(session: Session, *, absence_id: int, actor: Actor, at: datetime) -> int:
    """End leave before its last day, one's own or that of whom one keeps; return whose it was. Records AbsenceEnded.

    Raises NotYourTask, NotFound, ActingForAnother, LeaveOver.
    """
    require_role(actor, *WITH_DEPUTIES, Role.SYSTEM_ADMIN, act="take_leave")
    _in_own_name(actor)
    wanted = select(AbsenceRow).where(col(AbsenceRow.id) == absence_id)
    row = session.scalars(wanted.with_for_update()).first()
    if row is None or row.last_on < local_day(at):
        raise NotFound()
    if row.user_id != actor.user_id:
        if actor.role not in (Role.UNIT_HEAD, Role.SYSTEM_ADMIN):
            raise NotFound()
        person_kept_by(session, row.user_id, actor=actor, act="set_leave")
    if row.ended_at is not None:
        raise LeaveOver()
    end_leave(session, row, actor=actor, at=at)
    return row.user_id


def begin_acting(session: Session, *, user_id: int, log_in_id: int, actor: Actor, at: datetime) -> str:
    """Act for somebody by this log-in from now on; return his name. Records ActingBegan.

    Raises NotYourTask, NotFound where the actor is not his deputy today.
    """
    require_role(actor, *WITH_DEPUTIES, act="act_for")
    mine = may_act_for(session, user_id=actor.user_id or 0, on=local_day(at))
    absence = next((one for one in mine if one.user_id == user_id), None)
    if absence is None:
        raise NotFound()
    _log_in(session, log_in_id, actor=actor).acting_for_id = user_id
    event = ActingBegan(user_id=actor.user_id or 0, for_id=user_id, address=actor.address)
    event_log.record(session, event, actor=actor, at=at)
    return absence.name


def end_acting(session: Session, *, log_in_id: int, actor: Actor, at: datetime) -> None:
    """Act in one's own name again by this log-in. Records ActingEnded where it was otherwise."""
    row = _log_in(session, log_in_id, actor=actor)
    if row.acting_for_id is None:
        return
    event = ActingEnded(user_id=row.user_id, for_id=row.acting_for_id, address=actor.address)
    row.acting_for_id = None
    event_log.record(session, event, actor=actor, at=at)


def _log_in(session: Session, log_in_id: int, *, actor: Actor) -> LoginRow:
    own = select(LoginRow).where(col(LoginRow.id) == log_in_id, col(LoginRow.user_id) == actor.user_id)
    row = session.scalars(own.with_for_update()).first()
    if row is None:
        raise NotFound()
    return row
