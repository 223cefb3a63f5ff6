"""What corrections taught 「沿用更正」: the list of it, and taking one back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.store.queries.lessons import lesson_lines
from tracker.usecases.teaching import withdraw_lesson
from tracker.web.access import actor, allow, services
from tracker.wording.catalogue import LABEL_ROLES

pages = Blueprint("lessons", __name__)


@pages.get("/lessons")
@allow(Role.SUPERVISOR)
def index() -> ResponseReturnValue:
    with services().database.reading() as session:
        return render_template("web/lessons/index.html", lessons=lesson_lines(session), roles=LABEL_ROLES)


@pages.post("/lessons/<int:lesson_id>/withdraw")
@allow(Role.SUPERVISOR)
def withdraw(lesson_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        withdraw_lesson(session, lesson_id=lesson_id, actor=actor(), at=services().clock.now())
    flash("已撤销，以后的文件不再照此识别；已经识别的不变。")
    return redirect(url_for("lessons.index"), 303)
