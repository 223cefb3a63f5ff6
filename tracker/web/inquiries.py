"""What a lead or the office asks of other units of a task 「协办往来」: ask, answer, remind, withdraw, coordinate."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.domain.accounts import EVERY_UNIT, EveryUnit, Role, Scope
from tracker.domain.calendar import at_local, local_day
from tracker.domain.claims import RowContent
from tracker.domain.entries import Entry
from tracker.domain.errors import NotFound
from tracker.domain.filings import FilingKind
from tracker.store.queries.form_parts import Report, reports_of_answers
from tracker.store.queries.inquiries import asked_by_units, asked_of_units, inquiries_on, inquiry_asked
from tracker.store.queries.inquiry_tasks import OpenForm, askable_shares, asked_task, leads_task, open_forms
from tracker.store.queries.inquiry_views import Inquiry
from tracker.store.queries.units import units_acted_for
from tracker.usecases.filing import SubmitOne, submit_one
from tracker.usecases.inquiring import (
    Ask,
    ask,
    ask_for_coordination,
    decide_coordination,
    remind,
    withdraw_inquiry,
)
from tracker.web.access import EVERYBODY, UNITS, acted_for, actor, allow, reads_for, services
from tracker.web.asked_together import (
    AskedLine,
    asked_lines,
    asked_with,
    over_of,
    refuse_gone,
    standing_of,
    unit_standing,
)
from tracker.web.clocks import OfficeClock
from tracker.web.forms import Day, Form, Ids, Tick, Words, read_form
from tracker.web.office_inquiries import coordination_clock, office_asks, pleas
from tracker.web.own_box import came_or_picked, own_box
from tracker.web.quoting import quoted_words

pages = Blueprint("inquiries", __name__)
ASKERS = (*UNITS, Role.SUPERVISOR)
_CAME_BACK = ("sent_back", "withdrawn")


class AskForm(Form):
    """Whom to ask; `everyone` is all units of the task but its leads."""

    words: Words = Field(title="协办内容")
    answer_by: Day = Field(title="反馈时间")
    everyone: Tick = Field(title="全部单位")
    asked: Ids = Field(title="提请协办的单位")


class AnswerForm(Form):
    fact: Words = Field(title="反馈内容")
    box: Words = Field(title="佐证箱编号")
    beside: Ids = Field(title="一并反馈的事项")


class WordsForm(Form):
    words: Words = Field(title="内容")


@dataclass(frozen=True, slots=True)
class InquiryCard:
    """An inquiry as its page shows it: how it stands in words, and what the viewer may do about it."""

    inquiry: Inquiry
    standing: str
    mine: bool
    reminded_today: frozenset[int]
    silent: bool
    forms: tuple[OpenForm, ...]
    quoted: str
    clock: OfficeClock | None


@pages.app_context_processor
def _offer() -> dict[str, object]:
    """Give pages that lead here, or include a part of these, what they show."""
    return {
        "over_of": over_of,
        "unit_standing": unit_standing,
        "inquiry_count": _count_on,
        "inquiry_answered": _answered,
        "asked_lines": asked_lines,
        "asked_on": _asked_on,
        "to_coordinate": pleas,
        "office_asks": office_asks,
        "inquiries_by_share": _by_share,
    }


@pages.get("/tasks/<int:task_id>/inquiries")
@allow(*EVERYBODY - {Role.READER})
def show(task_id: int) -> ResponseReturnValue:
    """Show what was asked on a task, who has answered what, and how the office coordinated."""
    now = services().clock.now()
    with services().database.reading() as session:
        task = asked_task(session, task_id=task_id, unit_ids=reads_for(session))
        if task is None:
            raise NotFound()
        own = acted_for(session)
        mine = frozenset[int]() if isinstance(own, EveryUnit) else frozenset(own)
        lead = leads_task(session, task_id=task_id, unit_ids=own)
        asks = task.live and (lead or actor().role is Role.SUPERVISOR)
        cards = [_card(session, one, own=own, now=now) for one in inquiries_on(session, task_id=task_id, unit_ids=own)]
        units = askable_shares(session, task_id=task_id) if asks else ()
    chosen = request.args.get("to", type=int)
    of_viewer = {"lead": lead, "asks": asks, "own_units": mine, "chosen": chosen}
    return render_template("web/inquiries/task.html", task=task, cards=cards, units=units, **of_viewer)


@pages.post("/tasks/<int:task_id>/inquiries")
@allow(*ASKERS)
def ask_units(task_id: int) -> ResponseReturnValue:
    form = read_form(AskForm)
    with services().database.transaction() as session:
        shares: Collection[int] = form.asked
        if form.everyone:
            shares = [one.assignment_id for one in askable_shares(session, task_id=task_id)]
        command = Ask(task_id, shares, form.words, form.answer_by)
        ask(session, command, actor=actor(), at=services().clock.now())
    flash("已发出，对方在“今天”里可以看到。")
    return redirect(url_for("inquiries.show", task_id=task_id), 303)


@pages.get("/asked/<int:asked_id>")
@allow(*UNITS)
def answer_form(asked_id: int) -> ResponseReturnValue:
    """Show what a unit is asked, with the short form of its answer."""
    with services().database.reading() as session:
        inquiry = _asked(session, asked_id)
        back = _came_back(session, asked_id)
        beside = () if back else _asked_with(session, inquiry)
    unit = inquiry.units[0]
    return render_template(
        "web/inquiries/answer.html", inquiry=inquiry, unit=unit, back=back, beside=beside, box=own_box()
    )


@pages.post("/asked/<int:asked_id>")
@allow(*UNITS)
def answer(asked_id: int) -> ResponseReturnValue:
    """Write an answer and hand it to the head of the unit; the same to what a leader asked with it, where ticked."""
    with services().database.reading() as session:
        asked = _asked(session, asked_id)
        beside = _asked_with(session, asked)
    files = came_or_picked("file", "box")
    form = read_form(AnswerForm)
    chosen = [line.unit for line in beside if line.unit.asked_id in form.beside]
    if gone := set(form.beside) - {unit.asked_id for unit in chosen}:
        with services().database.reading() as session:
            refuse_gone(_asked(session, id_) for id_ in sorted(gone))
    with services().database.transaction() as session:
        for unit in sorted((asked.units[0], *chosen), key=lambda unit: unit.assignment_id):
            entry = Entry(unit.assignment_id, RowContent(text=form.fact, claim=None), {}, files)
            command = SubmitOne(FilingKind.REPLY, entry, answers=unit.asked_id)
            submit_one(session, command, actor=actor(), at=services().clock.now())
    whom = "提请单位" if asked.instruction_id is None else "批示领导"
    flash(f"{f'{len(chosen) + 1}项的反馈' if chosen else ''}已送本单位负责人审签，审签后送达{whom}。")
    return redirect(url_for("login.home"), 303)


@pages.post("/asked/<int:asked_id>/remind")
@allow(*ASKERS)
def remind_unit(asked_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        task_id = remind(session, asked_id=asked_id, actor=actor(), at=services().clock.now())
    flash("已催办，同一单位每天催一次。")
    return _back(task_id)


@pages.post("/inquiries/<int:inquiry_id>/withdraw")
@allow(*ASKERS)
def take_back(inquiry_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        task_id = withdraw_inquiry(session, inquiry_id=inquiry_id, actor=actor(), at=services().clock.now())
    flash("已撤回，未反馈的单位不需再反馈。")
    return _back(task_id)


@pages.post("/inquiries/<int:inquiry_id>/coordination")
@allow(*UNITS)
def plead(inquiry_id: int) -> ResponseReturnValue:
    words = read_form(WordsForm).words
    with services().database.transaction() as session:
        task_id = ask_for_coordination(
            session, inquiry_id=inquiry_id, words=words, actor=actor(), at=services().clock.now()
        )
    flash("已提请督查室协调。")
    return _back(task_id)


@pages.post("/inquiries/<int:inquiry_id>/decision")
@allow(Role.SUPERVISOR)
def decide(inquiry_id: int) -> ResponseReturnValue:
    words = read_form(WordsForm).words
    with services().database.transaction() as session:
        task_id = decide_coordination(
            session, inquiry_id=inquiry_id, words=words, actor=actor(), at=services().clock.now()
        )
    flash("协调意见已送双方。")
    return _back(task_id)


def _card(session: Session, inquiry: Inquiry, *, own: Scope, now: datetime) -> InquiryCard:
    office = actor().role is Role.SUPERVISOR
    mine = office if inquiry.assignment_id is None else own is not EVERY_UNIT and inquiry.asker_unit_id in own
    today = local_day(now)
    forms: tuple[OpenForm, ...] = ()
    if mine and inquiry.assignment_id is not None:
        forms = open_forms(session, assignment_id=inquiry.assignment_id, now=now)
    return InquiryCard(
        inquiry,
        standing_of(inquiry),
        mine,
        frozenset(
            unit.asked_id
            for unit in inquiry.open
            if unit.reminded_at is not None and local_day(unit.reminded_at) == today
        ),
        bool(inquiry.open) and today > inquiry.answer_by,
        forms,
        quoted_words(inquiry),
        coordination_clock(inquiry, now=now) if inquiry.to_coordinate else None,
    )


def _asked(session: Session, asked_id: int) -> Inquiry:
    found = inquiry_asked(session, asked_id=asked_id, unit_ids=units_acted_for(session, actor().unit_id))
    if found is None:
        raise NotFound()
    return found


def _asked_with(session: Session, asked: Inquiry) -> tuple[AskedLine, ...]:
    """Return what the same unit was asked with a leader's instruction in the same words, to be answered at once."""
    if asked.instruction_id is None:
        return ()
    mine = units_acted_for(session, actor().unit_id)
    return asked_with(asked, asked_of_units(session, unit_ids=mine))


def _came_back(session: Session, asked_id: int) -> Report | None:
    """Return the answer that came back from the head or was withdrawn, where none has been written since."""
    last = next(iter(reports_of_answers(session, [asked_id])), None)
    return last if last is not None and last.state in _CAME_BACK else None


def _back(task_id: int) -> ResponseReturnValue:
    return redirect(url_for("inquiries.show", task_id=task_id), 303)


def _asked_on(task_id: int) -> list[Inquiry]:
    """Return what the viewer's units are asked on a task, by a leader too, and have not answered."""
    with services().database.reading() as session:
        found = asked_of_units(session, unit_ids=units_acted_for(session, actor().unit_id))
    return [one for one in found if one.task_id == task_id]


def _answered(asked_id: int) -> Inquiry | None:
    """Return what a reply answers, as the head who signs it reads it."""
    with services().database.reading() as session:
        mine = units_acted_for(session, actor().unit_id)
        return inquiry_asked(session, asked_id=asked_id, unit_ids=mine)


def _count_on(task_id: int) -> int:
    with services().database.reading() as session:
        return len(inquiries_on(session, task_id=task_id, unit_ids=acted_for(session)))


def _by_share(since: date) -> dict[int | None, list[tuple[Inquiry, str]]]:
    """Return what the viewer's units asked from a day on, by the share that asked, as their forms offer the answers.

    Looked up once for each day: a page of forty forms has a handful of them.
    """
    known: dict[date, dict[int | None, list[tuple[Inquiry, str]]]] = g.setdefault("inquiries_by_share", {})
    if since not in known:
        found: dict[int | None, list[tuple[Inquiry, str]]] = {}
        with services().database.reading() as session:
            mine = units_acted_for(session, actor().unit_id)
            for one in asked_by_units(session, unit_ids=mine, since=at_local(since, 0, 0)):
                found.setdefault(one.assignment_id, []).append((one, standing_of(one)))
        known[since] = found
    return known[since]
