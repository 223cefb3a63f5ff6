"""Leaders' instructions 「批示」: write one on a task, or write down a leader's 「代录」, and what came back to him."""

from datetime import date
from typing import Annotated

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.domain.accounts import EVERY_UNIT, Role
from tracker.domain.calendar import local_day
from tracker.domain.entered import read_day
from tracker.domain.errors import NotFound
from tracker.domain.inquiries import check_answer_by, check_inquiry_words
from tracker.domain.instructions import (
    TASK_INSTRUCTED,
    Haste,
    NobodyInstructed,
    NoSuchLeader,
    check_given_on,
    haste_workdays,
)
from tracker.store.queries.inquiry_tasks import asked_task
from tracker.store.queries.instruction_groups import given_at_once
from tracker.store.queries.instructions import (
    Instruction,
    count_open_instructions,
    instructable_beside,
    instructable_shares,
    instructions_among,
    instructions_on,
    leaders,
    open_instructions,
)
from tracker.usecases.instructing import Instruct, close_instructions, instruct_together, read_instructions
from tracker.web.access import actor, allow, services
from tracker.web.forms import (
    FieldMissing,
    Form,
    Ids,
    OptionalId,
    RefusedForm,
    one_of,
    read_by,
    read_form,
    read_ids,
)
from tracker.web.instruction_cards import LOOKED_THROUGH, InstructionCard, card_of, cards_of, own_id
from tracker.web.paging import paging
from tracker.web.parts import sent_fields
from tracker.web.uploads import DeclarationMissing, is_declared, receive_field
from tracker.wording.inquiries import HASTE_NAMES, haste_words
from tracker.wording.moments import inclusive
from tracker.wording.refusals import sentence

pages = Blueprint("instructions", __name__)
INSTRUCTING = (Role.LEADER, Role.SUPERVISOR)
_PAGE = 20
_ON_A_LIST = 10


def _given_on(text: str, label: str) -> date:
    if not text.strip():
        raise FieldMissing(field=label)
    return check_given_on(read_day(text, field=label), today=_today())


def _answer_by(text: str, label: str) -> date | None:
    return check_answer_by(read_day(text, field=label), today=_today()) if text.strip() else None


def _asked(texts: list[str], label: str) -> tuple[int, ...]:
    if not texts:
        raise NobodyInstructed()
    return read_ids(texts, label)


class InstructForm(Form):
    """The words, to whom and how soon; the office names whose they are, and `again` is what is written anew.

    All that can be told of a field by itself is told here, so that every fault stands beside its field at once.
    """

    words: Annotated[str, read_by(lambda text, _label: check_inquiry_words(text))] = Field(title="批示内容")
    given_on: Annotated[date, read_by(_given_on)] = Field(title="批示日期")
    haste: Annotated[Haste, one_of(Haste)] = Field(title="急缓")
    answer_by: Annotated[date | None, read_by(_answer_by)] = Field(title="反馈时间")
    leader: OptionalId = Field(title="批示领导")
    again: OptionalId = Field(title="再批的批示")
    asked: Annotated[tuple[int, ...], read_by(_asked)] = Field(title="承办单位")
    also: Ids = Field(title="一并批示的事项")


class ReadForm(Form):
    """How many new answers the page showed, of how many instructions that were given at once."""

    shown: OptionalId = Field(title="页面所列新反馈")
    alike: Ids = Field(title="一并办理的批示")


class CloseForm(Form):
    alike: Ids = Field(title="一并办理的批示")


@pages.app_context_processor
def _offer() -> dict[str, object]:
    """Give pages that include a part of these what they show."""
    return {
        "haste_name": HASTE_NAMES.__getitem__,
        "instructions_of_task": _on_task,
        "open_instructions": _open,
        "may_instruct": _may_instruct,
    }


@pages.get("/instructions")
@allow(*INSTRUCTING)
def index() -> ResponseReturnValue:
    """List a leader's own instructions, to the office the open ones of all, with what units answered."""
    with services().database.reading() as session:
        given = given_at_once(session, leader_id=own_id() if actor().role is Role.LEADER else None)
        part = paging(len(given), size=_PAGE)
        shown = part.cut(given)
        found = instructions_among(session, [id_ for ids in shown for id_ in ids])
    return render_template(
        "web/instructions/index.html",
        cards=cards_of(found),
        total=sum(map(len, given)),
        paging=part,
    )


@pages.get("/tasks/<int:task_id>/instruct")
@allow(*INSTRUCTING)
def form(task_id: int) -> ResponseReturnValue:
    """Show the form of an instruction with those proposed whom the address names as its `unit`, else the task's leads.

    Besides, those tasks of its document that the address names as `also`, to be instructed alike at once. Of one that
    is written anew those are proposed who have not answered, else all whom it asked last, and its haste.
    """
    today = _today()
    with services().database.reading() as session:
        task = asked_task(session, task_id=task_id, unit_ids=EVERY_UNIT)
        if task is None or task.state not in {state.value for state in TASK_INSTRUCTED}:
            raise NotFound()
        again = _again(session, task_id)
        units = instructable_shares(session, task_id=task_id)
        others = request.args.getlist("also", type=int)
        beside = () if again or not others else instructable_beside(session, task_id=task_id, task_ids=others)
        people = leaders(session) if actor().role is Role.SUPERVISOR else ()
    named = set(request.args.getlist("unit", type=int))
    chosen = {unit.assignment_id for unit in (again.last.open or again.last.units)} if again else set()
    chosen = chosen or {unit.assignment_id for unit in units if unit.unit_id in named}
    days = haste_workdays(services().policy)
    return render_template(
        "web/instructions/form.html",
        task=task,
        units=units,
        beside=beside,
        chosen=chosen or {unit.assignment_id for unit in units if unit.leads},
        people=people,
        today=today,
        hastes=[(haste, haste_words(haste, workdays=days[haste], until=_until(days[haste], today))) for haste in Haste],
        again=card_of(again) if again else None,
        usual=again.last.haste if again else Haste.ORDINARY,
    )


@pages.post("/tasks/<int:task_id>/instruct")
@allow(*INSTRUCTING)
def give(task_id: int) -> ResponseReturnValue:
    sent = _sent()
    command = Instruct(
        task_id=task_id,
        shares=sent.asked,
        words=sent.words,
        given_on=sent.given_on,
        haste=sent.haste,
        answer_by=sent.answer_by,
        leader_id=sent.leader,
        again=sent.again,
        files=receive_field("file", requirement_id=None),
    )
    with services().database.transaction() as session:
        told = instruct_together(
            session, command, also=sent.also, actor=actor(), at=services().clock.now(), by=services().reckoning
        )
    given = f"{len(told)}项事项的批示已发出" if len(told) > 1 else "批示已发出"
    flash(f"{given}，承办单位在“今天”里可以看到，反馈经其负责人审签。")
    return _back()


def _sent() -> InstructForm:
    """Return the form that was sent. Raises RefusedForm with every fault."""
    errors: dict[str, str] = {}
    if not is_declared():
        errors["not_secret"] = sentence(DeclarationMissing())
    named, again = (sent_fields().get(name, "").strip() for name in ("leader", "again"))
    if actor().role is Role.SUPERVISOR and not (named or again):
        errors["leader"] = sentence(NoSuchLeader())
    try:
        sent = read_form(InstructForm)
    except RefusedForm as refused:
        raise RefusedForm({**errors, **refused.errors}) from None
    if errors:
        raise RefusedForm(errors)
    return sent


@pages.post("/instructions/<int:instruction_id>/read")
@allow(Role.LEADER)
def read(instruction_id: int) -> ResponseReturnValue:
    now, form = services().clock.now(), read_form(ReadForm)
    of = (instruction_id, *form.alike)
    with services().database.transaction() as session:
        done = read_instructions(session, instruction_ids=of, actor=actor(), at=now, shown=form.shown)
    flash("已阅。" if done else "没有标为已阅：又有新的反馈，已列在下面，请看后再标。")
    return _back()


@pages.post("/instructions/<int:instruction_id>/close")
@allow(*INSTRUCTING)
def close(instruction_id: int) -> ResponseReturnValue:
    of = (instruction_id, *read_form(CloseForm).alike)
    with services().database.transaction() as session:
        closed = close_instructions(session, instruction_ids=of, actor=actor(), at=services().clock.now())
    flash(f"{f'{closed}项事项的' if closed > 1 else ''}批示已了结，未反馈的单位不需再反馈。")
    return _back()


def _today() -> date:
    return local_day(services().clock.now())


def _until(workdays: int, today: date) -> str:
    return inclusive(services().calendar.add_workdays(today, workdays), today=today)


def _again(session: Session, task_id: int) -> Instruction | None:
    """Return what is to be written anew, where the address names an instruction of the viewer's. Raises NotFound."""
    asked = request.args.get("again", type=int)
    if asked is None:
        return None
    on_task = instructions_on(session, task_id=task_id)
    found = next((one for one in on_task if one.instruction_id == asked), None)
    if found is None or not card_of(found).mine:
        raise NotFound()
    return found


def _on_task(task_id: int) -> tuple[InstructionCard, ...]:
    if actor().role not in INSTRUCTING:
        return ()
    with services().database.reading() as session:
        return cards_of(instructions_on(session, task_id=task_id))


def _open() -> tuple[tuple[InstructionCard, ...], int]:
    """Return the first of all open instructions, and how many there are; to whoever else asks, none."""
    if actor().role not in INSTRUCTING:
        return (), 0
    with services().database.reading() as session:
        found = cards_of(open_instructions(session, limit=LOOKED_THROUGH, offset=0))
        return found[:_ON_A_LIST], count_open_instructions(session)


def _may_instruct(state: str) -> bool:
    return actor().role in INSTRUCTING and state in {one.value for one in TASK_INSTRUCTED}


def _back() -> ResponseReturnValue:
    """Go back to the page on which the act stood: a leader's own, else the list of instructions."""
    place = "leader.show" if request.args.get("on") == "leader" else "instructions.index"
    return redirect(url_for(place), 303)
