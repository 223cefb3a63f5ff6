"""What documents leave open 「待督查室明确」: the office answers, and where it can, decides with the answer."""

from typing import Annotated

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.domain.accounts import Role
from tracker.domain.intervals import INTERVALS
from tracker.domain.items import CadenceKind
from tracker.store.queries.pickers import takers
from tracker.store.queries.questions import question_counts, question_lines
from tracker.usecases.answering import Answer, answer_question
from tracker.web.access import actor, allow, services
from tracker.web.forms import Form, Ids, OptionalDay, OptionalId, Words, one_or_none_of, read_form
from tracker.web.paging import paging

pages = Blueprint("questions", __name__)
_PAGE = 20


class AnswerForm(Form):
    answer: Words = Field(title="明确意见")
    day: OptionalDay = Field(title="期限")
    interval: Annotated[CadenceKind | None, one_or_none_of(CadenceKind)] = Field(title="报送间隔")
    group: OptionalId = Field(title="集体")
    unit: Ids = Field(title="单位")


@pages.get("/questions")
@allow(Role.SUPERVISOR)
def index() -> ResponseReturnValue:
    answered = request.args.get("answered") == "1"
    with services().database.reading() as session:
        counts = question_counts(session)
        part = paging(counts.answered if answered else counts.open, size=_PAGE)
        lines = question_lines(session, answered=answered, limit=part.length, offset=part.first)
        units = takers(session)
    return render_template(
        "web/questions/index.html",
        lines=lines,
        counts=counts,
        answered=answered,
        units=units,
        intervals=INTERVALS,
        paging=part,
    )


@pages.post("/questions/<int:question_id>/answer")
@allow(Role.SUPERVISOR)
def answer(question_id: int) -> ResponseReturnValue:
    form = read_form(AnswerForm)
    command = Answer(
        question_id=question_id,
        words=form.answer,
        day=form.day,
        interval=form.interval,
        group_id=form.group,
        units=list(form.unit),
    )
    with services().database.transaction() as session:
        answer_question(session, command, actor=actor(), at=services().clock.now(), by=services().reckoning)
    flash("已明确，答复记录在案。")
    return redirect(url_for("questions.index"), 303)
