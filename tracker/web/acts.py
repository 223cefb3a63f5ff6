"""What the office does about a task after 交办 「督查室处置」, and a unit's dispute of its share with its decision."""

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from tracker.domain.accounts import Role
from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound
from tracker.domain.filings import DISPUTE_WORKDAYS, RequestKind
from tracker.domain.intervals import INTERVALS
from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.parts import NewShare
from tracker.domain.petitions import Asked
from tracker.store.queries.belonging import check_share_of_task
from tracker.store.queries.outages import terms
from tracker.store.queries.overtaking import on_task
from tracker.store.queries.task_acts import ActShare, DisputeLine, TaskActs, pending_disputes, task_acts
from tracker.store.queries.units import units_acted_for
from tracker.usecases import ending, report_demands, sharing
from tracker.usecases.petitioning import petition
from tracker.web.access import UNITS, actor, allow, services
from tracker.web.act_forms import (
    ActForm,
    DeadlineForm,
    EndedShareForm,
    GoingOnForm,
    IntervalForm,
    ReopenForm,
    ShareForm,
)
from tracker.web.clocks import day_off_words
from tracker.web.form_fields import NoSuchChoice
from tracker.web.forms import read_form
from tracker.web.seen import check_seen

pages = Blueprint("acts", __name__)


_PARTS = {
    "lead": (AssignmentRole.LEAD, Duty.REPORT),
    "member": (AssignmentRole.SUPPORT, Duty.REPORT),
    "support": (AssignmentRole.SUPPORT, Duty.REPLY),
}


@pages.app_context_processor
def _offer() -> dict[str, object]:
    """Give pages that include these forms what they show."""
    return {
        "intervals": INTERVALS,
        "acts_of": _acts_of,
        "disputable_share": _disputable_share,
        "open_disputes": _open_disputes,
    }


@pages.post("/tasks/<int:task_id>/acts/<act>")
@allow(Role.SUPERVISOR)
def act_on_task(task_id: int, act: str) -> ResponseReturnValue:
    """Close, archive, cancel, suspend, resume or reopen a task, make it a key item or no longer."""
    doing = TASK_ACTS.get(act)
    if doing is None:
        raise NotFound()
    use_case, done = doing
    with services().database.transaction() as session:
        use_case(session, task_id)
        check_seen(session, on_task(task_id))
    return _back(task_id, done)


@pages.post("/tasks/<int:task_id>/deadline")
@allow(Role.SUPERVISOR, Role.LEADER)
def change_deadline(task_id: int) -> ResponseReturnValue:
    form = read_form(DeadlineForm)
    with services().database.transaction() as session:
        sharing.change_deadline(
            session,
            task_id=task_id,
            new_on=form.new_on,
            reason=form.reason,
            actor=actor(),
            at=services().clock.now(),
            by=services().reckoning,
        )
        check_seen(session, on_task(task_id))
    hint = day_off_words(form.new_on, services=services())
    return _back(task_id, f"时限已调整，已通知各承办单位。{hint}")


@pages.post("/tasks/<int:task_id>/interval")
@allow(Role.SUPERVISOR)
def set_interval(task_id: int) -> ResponseReturnValue:
    """Set how often a task is reported whose document leaves it open."""
    form = read_form(IntervalForm)
    with services().database.transaction() as session:
        report_demands.set_interval(
            session,
            task_id=task_id,
            interval=form.interval,
            reason=form.reason,
            actor=actor(),
            at=services().clock.now(),
            by=services().reckoning,
        )
        check_seen(session, on_task(task_id))
    return _back(task_id, "报送间隔已调整，已通知报送要求有变化的单位。")


@pages.post("/tasks/<int:task_id>/shares")
@allow(Role.SUPERVISOR)
def add_share(task_id: int) -> ResponseReturnValue:
    form = read_form(ShareForm)
    part = _PARTS.get(form.part)
    if part is None:
        raise NoSuchChoice(field="承办方式")
    with services().database.transaction() as session:
        sharing.add_share(
            session,
            task_id=task_id,
            share=NewShare(form.unit_id, *part),
            reason=form.reason,
            actor=actor(),
            at=services().clock.now(),
            by=services().reckoning,
        )
        check_seen(session, on_task(task_id))
    return _back(task_id, "已补充承办单位，已通知该单位。")


@pages.post("/tasks/<int:task_id>/shares/<int:assignment_id>/end")
@allow(Role.SUPERVISOR)
def end_share(task_id: int, assignment_id: int) -> ResponseReturnValue:
    """Release a share, or hand it to the unit that the form names."""
    form = read_form(EndedShareForm)
    with services().database.transaction() as session:
        check_share_of_task(session, task_id, assignment_id=assignment_id)
        if form.unit_id is not None:
            sharing.reassign_share(
                session,
                assignment_id=assignment_id,
                to_unit_id=form.unit_id,
                reason=form.reason,
                actor=actor(),
                at=services().clock.now(),
                by=services().reckoning,
            )
            done = "已改派，已通知原承办单位和新承办单位。"
        else:
            sharing.release_share(
                session,
                assignment_id=assignment_id,
                reason=form.reason,
                actor=actor(),
                at=services().clock.now(),
                by=services().reckoning,
            )
            done = "已免除，已通知该单位。"
        check_seen(session, on_task(task_id))
    return _back(task_id, done)


@pages.post("/tasks/<int:task_id>/shares/<int:assignment_id>/dispute")
@allow(*UNITS)
def dispute(task_id: int, assignment_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        check_share_of_task(session, task_id, assignment_id=assignment_id)
        asked = Asked(RequestKind.DISPUTE, assignment_id, _reason())
        waits = petition(session, asked, actor=actor(), at=services().clock.now(), by=services().reckoning)
    if waits:
        return _back(task_id, "职责异议已送本单位负责人审签；审签报出后才停止计时，此前照常计时。")
    return _back(task_id, "职责异议已送督查室，答复前不计逾期。")


@pages.post("/disputes/<int:request_id>/grant")
@allow(Role.SUPERVISOR)
def grant(request_id: int) -> ResponseReturnValue:
    """Find for the unit: its share goes to the unit that the form names, or ends."""
    form = read_form(EndedShareForm)
    with services().database.transaction() as session:
        sharing.grant_dispute(
            session,
            request_id=request_id,
            reason=form.reason,
            actor=actor(),
            at=services().clock.now(),
            by=services().reckoning,
            to_unit_id=form.unit_id,
        )
    flash("异议成立，分工已调整，已通知有关单位。")
    return redirect(url_for("review.queue", _anchor="h-disputes"), 303)


def _acts_of(task_id: int) -> TaskActs | None:
    with services().database.reading() as session:
        return task_acts(session, task_id=task_id, now=services().clock.now())


def _open_disputes() -> tuple[DisputeLine, ...]:
    with services().database.reading() as session:
        return pending_disputes(session)


def _disputable_share(acts: TaskActs) -> ActShare | None:
    """Return the viewer's share while it may be disputed."""
    with services().database.reading() as session:
        share = acts.share_of(units_acted_for(session, actor().unit_id))
        if share is None or not share.disputable or share.got_on is None:
            return None
        until = terms(session, by=services().reckoning).last_day(share.got_on, workdays=DISPUTE_WORKDAYS)
    return share if local_day(services().clock.now()) <= until else None


def _close(session: Session, task_id: int) -> None:
    ending.close_task(session, task_id=task_id, reason=_reason(), actor=actor(), at=services().clock.now())


def _archive(session: Session, task_id: int) -> None:
    ending.archive_task(session, task_id=task_id, reason=_reason(), actor=actor(), at=services().clock.now())


def _cancel(session: Session, task_id: int) -> None:
    ending.cancel_task(session, task_id=task_id, reason=_reason(), actor=actor(), at=services().clock.now())


def _suspend(session: Session, task_id: int) -> None:
    ending.suspend_task(session, task_id=task_id, reason=_reason(), actor=actor(), at=services().clock.now())


def _resume(session: Session, task_id: int) -> None:
    form = read_form(GoingOnForm)
    ending.resume_task(
        session,
        task_id=task_id,
        reason=form.reason,
        actor=actor(),
        at=services().clock.now(),
        by=services().reckoning,
        new_deadline_on=form.new_on,
    )


def _reopen(session: Session, task_id: int) -> None:
    form = read_form(ReopenForm)
    ending.reopen_task(
        session,
        task_id=task_id,
        reason=form.reason,
        actor=actor(),
        at=services().clock.now(),
        by=services().reckoning,
        new_deadline_on=form.new_on,
        falsified=form.falsified,
    )


def _mark_key(session: Session, task_id: int) -> None:
    now, by = services().clock.now(), services().reckoning
    report_demands.mark_key(session, task_id=task_id, reason=_reason(), actor=actor(), at=now, by=by)


def _lift_key(session: Session, task_id: int) -> None:
    now, by = services().clock.now(), services().reckoning
    report_demands.lift_key(session, task_id=task_id, reason=_reason(), actor=actor(), at=now, by=by)


TASK_ACTS: Mapping[str, tuple[Callable[[Session, int], None], str]] = {
    "close": (_close, "已销号。"),
    "archive": (_archive, "已归档。"),
    "cancel": (_cancel, "已撤销，已通知各承办单位。"),
    "suspend": (_suspend, "已中止，已通知各承办单位。"),
    "resume": (_resume, "已恢复，已通知各承办单位。"),
    "reopen": (_reopen, "已重启，已通知各承办单位。"),
    "mark-key": (_mark_key, "已列为重点，已通知报送要求有变化的单位。"),
    "lift-key": (_lift_key, "已取消重点，已通知报送要求有变化的单位。"),
}


def _reason() -> str:
    return read_form(ActForm).reason


def _back(task_id: int, done: str) -> ResponseReturnValue:
    flash(done)
    return redirect(url_for("tasks.show", task_id=task_id), 303)
