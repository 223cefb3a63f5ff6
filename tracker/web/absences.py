"""Leave, deputies and 「代…办理」: one's own, and of the people of a unit for its head and 系统管理员."""

from datetime import UTC, date, datetime

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.domain.absences import WITH_DEPUTIES
from tracker.domain.accounts import Role
from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound
from tracker.store.queries.absences import Absence, Colleague, absences_of, colleagues, deputised_by
from tracker.store.queries.accounts import account
from tracker.store.queries.handovers import handover_lines
from tracker.store.queries.open_work import personal_work
from tracker.store.queries.reminders import count_unread
from tracker.usecases.absences import (
    Leave,
    begin_acting,
    end_absence,
    end_acting,
    person_kept_by,
    set_leave,
    take_leave,
)
from tracker.web.access import actor, allow, logged_in, services
from tracker.web.forms import Day, Form, OptionalId, Reason, read_form
from tracker.web.seen import check_leave, note_seen
from tracker.wording.catalogue import ROLES, house
from tracker.wording.open_work import away_words, own_work_words

pages = Blueprint("absences", __name__)
KEEPERS = frozenset({Role.UNIT_HEAD, Role.SYSTEM_ADMIN})
_SHEETS = 20


class LeaveForm(Form):
    first_on: Day = Field(title="起始日期")
    last_on: Day = Field(title="截止日期")
    deputy_id: OptionalId = Field(title="代办人")
    reason: Reason = Field(title="事由")

    def leave(self) -> Leave:
        return Leave(first_on=self.first_on, last_on=self.last_on, deputy_id=self.deputy_id, reason=self.reason)


def own_leave() -> dict[str, object]:
    """Return what 「我的账号」 shows of one's leave and deputies; nothing for roles that have none."""
    if actor().role not in WITH_DEPUTIES:
        return {"with_deputies": False}
    user_id, today = actor().user_id or 0, local_day(services().clock.now())
    with services().database.reading() as db:
        return {
            "with_deputies": True,
            "absences": absences_of(db, user_id=user_id, since=today),
            "deputised": deputised_by(db, user_id=user_id, since=today),
            "deputies": _may_stand_in(db, user_id, unit_id=actor().unit_id, role=actor().role),
            "sheets": handover_lines(db, actor=actor(), limit=_SHEETS),
            "today": today,
        }


def _may_stand_in(db: Session, user_id: int, *, unit_id: int | None, role: str) -> list[Colleague]:
    """Return who could act for a person, or take over his work: at work in the same unit and role."""
    return [one for one in colleagues(db, unit_id=unit_id) if one.role == role and one.user_id != user_id]


def _away(db: Session, user_id: int, *, today: date) -> str:
    """Say until when somebody is away and who acts for him; nothing of whoever is here."""
    leave = next((one for one in absences_of(db, user_id=user_id, since=today) if one.first_on <= today), None)
    return away_words(leave.last_on, leave.acting) if leave else ""


@pages.post("/me/leave")
@allow(*WITH_DEPUTIES)
def take() -> ResponseReturnValue:
    form = read_form(LeaveForm)
    with services().database.transaction() as db:
        take_leave(db, form.leave(), policy=services().accounts, actor=actor(), at=services().clock.now())
        check_leave(db, actor().user_id, form.deputy_id)
    flash("已登记请假，代办人已收到消息。" if form.deputy_id else "已登记请假。")
    return redirect(url_for("mine.show"), 303)


@pages.post("/leave/<int:absence_id>/end")
@allow(*WITH_DEPUTIES, Role.SYSTEM_ADMIN)
def end(absence_id: int) -> ResponseReturnValue:
    with services().database.transaction() as db:
        user_id = end_absence(db, absence_id=absence_id, actor=actor(), at=services().clock.now())
        check_leave(db, user_id)
    flash("请假已提前结束，代办同时终止。")
    own = user_id == actor().user_id
    return redirect(url_for("mine.show") if own else url_for("absences.show_person", user_id=user_id), 303)


@pages.post("/acting/<int:user_id>")
@allow(*WITH_DEPUTIES)
def act_for(user_id: int) -> ResponseReturnValue:
    """Act in another's name; forms that stand open elsewhere were made in one's own and are not taken any more."""
    with services().database.transaction() as db:
        at, log_in_id = services().clock.now(), logged_in().log_in_id
        name = begin_acting(db, user_id=user_id, log_in_id=log_in_id, actor=actor(), at=at)
    session.pop("csrf_token", None)
    flash(f"现在代{name}办理，所办事项记两人姓名。")
    return redirect(url_for("login.home"), 303)


@pages.post("/acting/end")
@allow(*WITH_DEPUTIES)
def act_as_oneself() -> ResponseReturnValue:
    with services().database.transaction() as db:
        end_acting(db, log_in_id=logged_in().log_in_id, actor=actor(), at=services().clock.now())
    session.pop("csrf_token", None)
    flash("已回到本人名义办理。")
    return redirect(url_for("login.home"), 303)


@pages.get("/people")
@allow(Role.UNIT_HEAD)
def people() -> ResponseReturnValue:
    """Show the head who of his unit is at work, who is away and who acts for him."""
    today = local_day(services().clock.now())
    with services().database.reading() as db:
        found = [
            (one, absences_of(db, user_id=one.user_id, since=today)) for one in colleagues(db, unit_id=actor().unit_id)
        ]
        sheets = handover_lines(db, actor=actor(), limit=_SHEETS)
    return render_template("web/absences/people.html", people=found, sheets=sheets, roles=ROLES, today=today)


@pages.get("/people/<int:user_id>")
@allow(*KEEPERS)
def show_person(user_id: int) -> ResponseReturnValue:
    """Show somebody's leave, and how much of his work is open, not what: 系统管理员 sees no matter."""
    now = services().clock.now()
    with services().database.reading() as db:
        note_seen(db)
        kept = person_kept_by(db, user_id, actor=actor(), act="set_leave")
        one = account(db, user_id=user_id, stale_before=services().accounts.stale_before(datetime.now(UTC)))
        absences: list[Absence] = absences_of(db, user_id=user_id, since=local_day(now))
        work, unread = personal_work(db, user_id=user_id, now=now), count_unread(db, user_id=user_id, of_work=True)
        others = _may_stand_in(db, user_id, unit_id=kept.unit_id, role=kept.role)
        away = {one.user_id: _away(db, one.user_id, today=local_day(now)) for one in others}
    if one is None or kept.role not in WITH_DEPUTIES:
        raise NotFound()
    return render_template(
        "web/absences/person.html",
        account=one,
        absences=absences,
        colleagues=others,
        away={id_: words for id_, words in away.items() if words},
        left=own_work_words(len(work), unread=unread),
        roles=ROLES,
        place=house(one.line.unit_name, one.line.role),
        longest=services().accounts.leave_days,
    )


@pages.post("/people/<int:user_id>/leave")
@allow(*KEEPERS)
def set_for(user_id: int) -> ResponseReturnValue:
    form, policy = read_form(LeaveForm), services().accounts
    with services().database.transaction() as db:
        at = services().clock.now()
        set_leave(db, form.leave(), user_id=user_id, policy=policy, actor=actor(), at=at)
        check_leave(db, user_id, form.deputy_id)
    flash("已登记，本人和代办人已收到消息。" if form.deputy_id else "已登记，本人已收到消息。")
    return redirect(url_for("absences.show_person", user_id=user_id), 303)
