"""The head of a unit sees all that envelopes carry, signs one or several, or sends one back; below are the red lines.

Each envelope is signed by a transaction of its own: one that changed meanwhile comes back with the reason and holds up
none of the others. What the page showed of it is sent along, so that nobody signs what he has not seen.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.domain.accounts import Role
from tracker.domain.calendar import local_day
from tracker.domain.deadlines import due_day
from tracker.domain.errors import BadInput, NotFound, Rejected
from tracker.domain.leaving import EnvelopeChanged, NothingLeaves
from tracker.domain.quoting import titled
from tracker.store.queries.close_up import close_ups
from tracker.store.queries.envelopes import Envelope, envelope, waiting_envelopes
from tracker.store.queries.filings import filing_views
from tracker.store.queries.inquiries import asked_of_units
from tracker.store.queries.owed_lists import owed_by_units
from tracker.store.queries.petitions import petition_of
from tracker.store.queries.sent_back_before import sent_back_before
from tracker.store.queries.served_papers import served_paper
from tracker.store.queries.units import units_acted_for, units_read_for
from tracker.usecases.filing import send_back, sign_off
from tracker.usecases.petitioning import sign_petition
from tracker.usecases.served_papers import sign_answer
from tracker.web.access import actor, allow, services
from tracker.web.form_fields import read_id
from tracker.web.forms import Form, Ids, Texts, Words, read_form
from tracker.web.objections import LoweredLine, lowered_lines
from tracker.web.petition_lines import lines_that_wait
from tracker.web.presentation import ListLine, list_line
from tracker.web.red_lines import red_lines
from tracker.web.served import answers_to_sign
from tracker.wording.catalogue import ENVELOPE_NAMES
from tracker.wording.codes import CIRCULAR_NAMES
from tracker.wording.endings import signed_words
from tracker.wording.open_work import petition_line
from tracker.wording.periods import period_label
from tracker.wording.refusals import sentence

pages = Blueprint("sign_off", __name__)
_NONE: Mapping[int, str] = MappingProxyType({})


class SignForm(Form):
    """`shown` is the mark of what the page said would leave."""

    shown: Words = Field(title="页面所列内容")


class ChosenForm(Form):
    """Each envelope by its number and its mark, each answer to a paper by its number and its version: 12-3."""

    envelope: Texts = Field(title="勾选的报送")
    petition: Ids = Field(title="勾选的申请")
    answer: Texts = Field(title="勾选的文稿答复")


class ReasonForm(Form):
    reason: Words = Field(title="退回理由")


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of an act: `refused` are the reasons by envelope, `given` what was written as a reason to send back.

    `gone` tells of what does not wait any more; `chosen` are the envelopes that stay ticked. What liaisons ask for has
    numbers of its own: `petitions` are the reasons by these, ticked too, `petitions_given` what was written. So have
    answers to papers.
    """

    refused: Mapping[int, str] = field(default_factory=dict)
    given: Mapping[int, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    chosen: frozenset[int] = frozenset()
    petitions: Mapping[int, str] = field(default_factory=dict)
    petitions_given: Mapping[int, str] = field(default_factory=dict)
    answers: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decided:
    """What the office decided against the unit and is not over: series `to_mend`, claims it `lowered`."""

    to_mend: tuple[ListLine, ...]
    lowered: tuple[LoweredLine, ...]


@dataclass(slots=True)
class _Signed:
    """What came of signing several: what was `done`, what was `refused` and why, whether one was of another unit."""

    done: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    foreign: bool = False

    def sign_each(self, ids: Iterable[int], sign: Callable[[Session, int], object]) -> None:
        for id_ in ids:
            try:
                with services().database.transaction() as session:
                    sign(session, id_)
            except NotFound:
                self.foreign = True
            except (BadInput, Rejected) as error:
                self.refused[id_] = sentence(error)
            else:
                self.done.append(id_)


@pages.get("/sign-off")
@allow(Role.UNIT_HEAD)
def queue() -> ResponseReturnValue:
    """Show what waits; `?all=1` ticks all of it."""
    return queue_page(Tried())


@pages.post("/sign-off")
@allow(Role.UNIT_HEAD)
def sign_chosen() -> ResponseReturnValue:
    """Sign all that is ticked, each by itself; what is refused comes back, still ticked, with its reason.

    What is of another unit is as good as missing. Raises NotFound, the others being signed.
    """
    form, at = read_form(ChosenForm), services().clock.now()
    chosen = dict(filter(None, map(_read, form.envelope)))
    shown = {id_: read_id(version) or 0 for id_, version in filter(None, map(_read, form.answer))}
    envelopes, asked, answers = _Signed(), _Signed(), _Signed()
    try:
        envelopes.sign_each(
            chosen, lambda session, id_: sign_off(session, filing_id=id_, actor=actor(), at=at, shown=chosen[id_])
        )
        asked.sign_each(
            form.petition,
            lambda session, id_: sign_petition(session, petition_id=id_, actor=actor(), at=at, by=services().reckoning),
        )
        answers.sign_each(
            shown, lambda session, id_: sign_answer(session, served_id=id_, shown=shown[id_], actor=actor(), at=at)
        )
    finally:  # whatever comes between two, what was signed before is told
        names = [*map(_name_of, envelopes.done), *map(_petition_name, asked.done), *map(_answer_name, answers.done)]
        if names:
            flash(f"已审签报出{len(names)}份：{'、'.join(names)}。")
    every = (envelopes, asked, answers)
    if any(one.foreign for one in every):
        raise NotFound()
    if any(one.refused for one in every):
        return queue_page(_not_signed(*(one.refused for one in every))), 409
    if not names:
        flash("没有勾选任何报送。")
    return redirect(url_for("sign_off.queue"), 303)


@pages.post("/filings/<int:filing_id>/sign")
@allow(Role.UNIT_HEAD)
def sign(filing_id: int) -> ResponseReturnValue:
    """Sign an envelope; where it is not what was shown, or nothing of it can leave, it comes back with the reason."""
    shown = read_form(SignForm).shown or None
    try:
        with services().database.transaction() as session:
            signed = sign_off(session, filing_id=filing_id, actor=actor(), at=services().clock.now(), shown=shown)
    except (EnvelopeChanged, NothingLeaves) as error:
        return queue_page(_not_signed({filing_id: sentence(error)})), 409
    flash(signed_words(signed))
    return redirect(url_for("sign_off.queue"), 303)


@pages.post("/filings/<int:filing_id>/send-back")
@allow(Role.UNIT_HEAD)
def give_back(filing_id: int) -> ResponseReturnValue:
    """Send an envelope back to the liaison; a reason that is refused comes back beside it."""
    reason = read_form(ReasonForm).reason
    try:
        with services().database.transaction() as session:
            send_back(session, filing_id=filing_id, reason=reason, actor=actor(), at=services().clock.now())
    except BadInput as error:
        return queue_page(Tried({filing_id: sentence(error)}, {filing_id: reason})), 400
    flash("已退回联络员，理由一并送达。")
    return redirect(url_for("sign_off.queue"), 303)


def _read(text: str) -> tuple[int, str] | None:
    number, _hyphen, mark = text.partition("-")
    filing_id = read_id(number)
    return None if filing_id is None else (filing_id, mark)


def _not_signed(
    refused: Mapping[int, str], asked: Mapping[int, str] = _NONE, answers: Mapping[int, str] = _NONE
) -> Tried:
    """Part what was refused into what still waits and what somebody else has decided on."""
    unanswered = {one.served_id for one in answers_to_sign()} if answers else set()
    with services().database.reading() as session:
        waiting = {one.filing_id for one in waiting_envelopes(session, unit_ids=_mine(session))}
        unsigned = {line.about.petition_id for line in lines_that_wait(session)}
    gone = [f"{_name_of(id_)}：{words}" for id_, words in refused.items() if id_ not in waiting]
    gone += [f"{_petition_name(id_)}：{words}" for id_, words in asked.items() if id_ not in unsigned]
    gone += [f"{_answer_name(id_)}：{words}" for id_, words in answers.items() if id_ not in unanswered]
    return Tried(
        {id_: words for id_, words in refused.items() if id_ in waiting},
        gone=tuple(gone),
        chosen=frozenset(refused),
        petitions={id_: words for id_, words in asked.items() if id_ in unsigned},
        answers={id_: words for id_, words in answers.items() if id_ in unanswered},
    )


def _name_of(filing_id: int) -> str:
    with services().database.reading() as session:
        found = envelope(session, filing_id=filing_id, unit_ids=_mine(session))
    if found is None:
        raise NotFound()
    return _name(found)


def _petition_name(petition_id: int) -> str:
    with services().database.reading() as session:
        found = petition_of(session, petition_id=petition_id, unit_ids=_mine(session))
    if found is None:
        raise NotFound()
    return petition_line(found.kind, found.item_title)


def _answer_name(served_id: int) -> str:
    with services().database.reading() as session:
        found = served_paper(session, served_id=served_id, unit_ids=units_read_for(session, actor().unit_id))
    if found is None:
        raise NotFound()
    return f"答复{CIRCULAR_NAMES[found.type]} {found.number}"


def _name(one: Envelope) -> str:
    if one.document_title and one.code:
        return f"{titled(one.document_title)}{period_label(one.code)}"
    return f"{ENVELOPE_NAMES[one.called]}（{one.rows[0].title}）" if one.rows else ENVELOPE_NAMES[one.called]


def _mine(session: Session) -> list[int]:
    return list(units_acted_for(session, actor().unit_id))


def queue_page(tried: Tried) -> str:
    """Return the page of what waits, with what became of an act."""
    now = services().clock.now()
    with services().database.reading() as session:
        mine = _mine(session)
        envelopes = waiting_envelopes(session, unit_ids=mine)
        ids = [one.filing_id for one in envelopes]
        filings, before = filing_views(session, ids), sent_back_before(session, ids)
        said = {report.report_id: report for filing in filings for report in filing.reports}
        near = close_ups(session, said)
        petitions = lines_that_wait(session)
        red = red_lines(session, unit_ids=mine, now=now)
        instructions = [one for one in asked_of_units(session, unit_ids=mine) if one.instruction_id is not None]
        decided = _decided(session, mine, now=now)
    every = request.args.get("all") == "1"
    ticked = {one.filing_id for one in envelopes if one.leaves} if every else tried.chosen
    return render_template(
        "web/sign_off/queue.html",
        envelopes=envelopes,
        names={one.filing_id: _name(one) for one in envelopes},
        petitions=petitions,
        ticked_petitions={
            line.about.petition_id
            for line in petitions
            if line.leaves and (every or line.about.petition_id in tried.petitions)
        },
        ticked_answers={one.served_id for one in answers_to_sign()} if every else set(tried.answers),
        said=said,
        near=near,
        red=red,
        instructions=instructions,
        decided=decided,
        before=before,
        today=local_day(now),
        due_today=[one for one in envelopes if _is_due_today(one, now)],
        passed=[one for one in envelopes if one.due_at is not None and one.due_at <= now],
        ticked=ticked,
        now=now,
        tried=tried,
    )


def _decided(session: Session, mine: Collection[int], *, now: datetime) -> Decided:
    """Return what came back of what the head signed, or counts for less than it said; not what lies with him again."""
    owed = owed_by_units(session, unit_ids=mine, now=now)
    lines = (list_line(line.in_hand(), now=now, services=services()) for line in owed)
    return Decided(tuple(line for line in lines if line.to_mend), lowered_lines(session, unit_ids=mine))


def _is_due_today(one: Envelope, now: datetime) -> bool:
    return one.due_at is not None and now < one.due_at and due_day(one.due_at) == local_day(now)
