"""Papers that were served 「送达」: a unit signs for and answers them, its head signs that, the office reads it."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.domain.accounts import EVERY_UNIT, Role, Scope
from tracker.domain.calendar import local_day
from tracker.domain.circulars.content import Content, Table, tokens
from tracker.domain.circulars.paragraphs import paragraphs
from tracker.domain.errors import NotFound, Rejected
from tracker.editions import content_kept
from tracker.paper.annex_columns import column_names
from tracker.store.queries.served_papers import (
    ServedPaper,
    papers_with_units,
    served_paper,
    services_before,
    services_of_paper,
)
from tracker.store.queries.units import units_read_for
from tracker.store.tables.circulars import CircularRow
from tracker.usecases.served_papers import (
    read_answer,
    receive_paper,
    send_back_answer,
    sign_answer,
    take_back_answer,
    write_answer,
)
from tracker.web.access import UNITS, actor, allow, services
from tracker.web.forms import Form, Id, Ids, Reason, Version, Words, read_form
from tracker.web.own_box import came_or_picked, own_box
from tracker.wording.refusals import sentence

pages = Blueprint("served", __name__)
# Where a head goes on who has signed or sent back one of several things.
_NEXT_TO_SIGN = "sign_off.queue"


@dataclass(frozen=True, slots=True)
class Asking:
    """What a paper says, its figures filled in, and its annexes; nothing of one whose content is not kept."""

    words: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


class ReceiptsForm(Form):
    served: Ids = Field(title="签收的文稿")


class AnswerForm(Form):
    """`version` is that of the service that the page showed, with what had been written by then."""

    version: Version = Field(title="页面所列答复")
    paper_answer: Words = Field(title="答复")
    box: Words = Field(title="佐证箱编号")


class SignForm(Form):
    """`shown` is the version of the answer that the page showed."""

    shown: Id = Field(title="页面所列答复")


class ReasonForm(Form):
    """`version` is that of the answer that the page showed."""

    version: Version = Field(title="页面所列答复")
    reason: Reason = Field(title="退回理由")


@pages.app_context_processor
def _offer() -> dict[str, object]:
    """Give pages that include what was served what they show."""
    return {
        "services_of": _services_of,
        "answers_before": _answers_before,
        "draft_before": _draft_before,
        "answers_to_sign": answers_to_sign,
        "papers_that_wait": papers_that_wait,
        "today_is": _today,
        "paper_asking": _asking,
        "annex_heads": column_names,
        "box_of_answers": own_box,
        "numbers_of_enclosed": _numbers_of,
    }


@pages.post("/served/<int:served_id>/receive")
@allow(*UNITS)
def receive(served_id: int) -> ResponseReturnValue:
    return _done(receive_paper, served_id, "已签收。")


@pages.post("/served/receive")
@allow(*UNITS)
def receive_several() -> ResponseReturnValue:
    """Sign for several papers; one that was signed for or withdrawn meanwhile does not hold up the others."""
    done, refused = 0, ""
    for served_id in read_form(ReceiptsForm).served:
        try:
            with services().database.transaction() as session:
                receive_paper(session, served_id=served_id, actor=actor(), at=services().clock.now())
        except Rejected as error:
            refused = sentence(error)
        else:
            done += 1
    flash(f"已签收{done}件。" + (f"有的文稿未能签收：{refused}" if refused else ""))
    return redirect(url_for(_NEXT_TO_SIGN if actor().role is Role.UNIT_HEAD else "today.show"), 303)


@pages.post("/served/<int:served_id>/answer")
@allow(Role.LIAISON)
def answer(served_id: int) -> ResponseReturnValue:
    _own_paper(served_id)
    files = came_or_picked("file", "box")
    form, told = read_form(AnswerForm), "答复已送本单位负责人审签。"
    return _done(write_answer, served_id, told, version=form.version, words=form.paper_answer, files=files)


@pages.post("/served/<int:served_id>/take-back")
@allow(*UNITS)
def take_back(served_id: int) -> ResponseReturnValue:
    return _done(take_back_answer, served_id, "已撤回，可以修改后再送。")


@pages.post("/served/<int:served_id>/sign")
@allow(Role.UNIT_HEAD)
def sign(served_id: int) -> ResponseReturnValue:
    shown = read_form(SignForm).shown
    return _done(sign_answer, served_id, "答复已审签报出。", onward=_NEXT_TO_SIGN, shown=shown)


@pages.post("/served/<int:served_id>/give-back")
@allow(Role.UNIT_HEAD)
def give_back(served_id: int) -> ResponseReturnValue:
    form, told = read_form(ReasonForm), "已退回联络员，理由一并送达。"
    return _done(send_back_answer, served_id, told, onward=_NEXT_TO_SIGN, version=form.version, reason=form.reason)


@pages.post("/served/<int:served_id>/read")
@allow(Role.SUPERVISOR)
def read(served_id: int) -> ResponseReturnValue:
    return _done(read_answer, served_id, "已标记为已阅。")


def _done(
    act: Callable[..., None], served_id: int, told: str, *, onward: str | None = None, **more: object
) -> ResponseReturnValue:
    """Do one act in a transaction of its own and show the paper again, or the view that is named. Raises NotFound."""
    with services().database.transaction() as session:
        act(session, served_id=served_id, actor=actor(), at=services().clock.now(), **more)
    paper = _own_paper(served_id)
    flash(told)
    if onward is not None:
        return redirect(url_for(onward), 303)
    return redirect(url_for("circulars.show", circular_id=paper.circular_id, _anchor="h-served"), 303)


def _own_paper(served_id: int) -> ServedPaper:
    """Return a paper whose service the viewer sees. Raises NotFound."""
    with services().database.reading() as session:
        paper = served_paper(session, served_id=served_id, unit_ids=services_seen(session))
    if paper is None:
        raise NotFound()
    return paper


def _services_of(circular_id: int) -> tuple[ServedPaper, ...]:
    with services().database.reading() as session:
        return services_of_paper(session, circular_id=circular_id, unit_ids=services_seen(session))


def _answers_before(circular_id: int) -> tuple[ServedPaper, ...]:
    """Return what units answered to the editions that a paper corrects."""
    return tuple(one for one in _before(circular_id) if one.is_answered)


def _draft_before(paper: ServedPaper) -> ServedPaper | None:
    """Return the words that a unit had written for what a paper corrects, to go on with; None where it has begun."""
    if paper.answer is not None:
        return None
    found = (one for one in _before(paper.circular_id) if one.unit_id == paper.unit_id)
    return next(found, None)


def _before(circular_id: int) -> tuple[ServedPaper, ...]:
    with services().database.reading() as session:
        return services_before(session, circular_id=circular_id, unit_ids=services_seen(session))


def answers_to_sign() -> tuple[ServedPaper, ...]:
    """Return the answers of the viewer's units that wait for their head."""
    with services().database.reading() as session:
        mine = units_read_for(session, actor().unit_id)
        return tuple(paper for paper in papers_with_units(session, unit_ids=mine) if paper.to_sign)


def papers_that_wait() -> tuple[ServedPaper, ...]:
    """Return what the viewer's units have not signed for or not answered, but for answers that lie with their head."""
    with services().database.reading() as session:
        mine = units_read_for(session, actor().unit_id)
        return tuple(paper for paper in papers_with_units(session, unit_ids=mine) if not paper.to_sign)


def _asking(circular_id: int) -> Asking:
    """Return what a paper asks that was served on a unit of the viewer's, for whoever signs the answer."""
    with services().database.reading() as session:
        mine = services_of_paper(session, circular_id=circular_id, unit_ids=services_seen(session))
        row = session.get(CircularRow, circular_id) if mine else None
        content = content_kept(services(), session, row) if row is not None else None
        if row is None or content is None:
            return Asking()
        return Asking(tuple(_filled(one.words, content) for one in paragraphs(row.statements)), tuple(content.tables))


def _numbers_of(paper: ServedPaper) -> str:
    """Return under which numbers the files of an answer lie in the box, for it to be written anew with them."""
    lying = {(one.sha256, one.name): one.number for one in reversed(own_box().files)}
    numbers = (lying.get((file.sha256, file.name)) for file in paper.files)
    return "、".join(str(number) for number in numbers if number is not None)


def _filled(words: str, content: Content) -> str:
    for key in tokens(words):
        figure = content.figures.get(key)
        words = words.replace(f"{{{key}}}", figure.words if figure else "（见印发件）")
    return words


def services_seen(session: Session) -> Scope:
    """Return whose services somebody sees: the office and the leaders all, a unit its own, nobody else any."""
    if actor().role in (Role.SUPERVISOR, Role.LEADER):
        return EVERY_UNIT
    return units_read_for(session, actor().unit_id)


def _today() -> object:
    return local_day(services().clock.now())
