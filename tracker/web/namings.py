"""Praise and criticism by name before they are published: a unit reads what would be said of it, agrees or objects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.domain.accounts import EVERY_UNIT, Role
from tracker.domain.calendar import local_day
from tracker.domain.circulars.content import Content, Figure
from tracker.domain.circulars.editions import EditionState
from tracker.domain.circulars.naming import LEFT_OUT
from tracker.domain.circulars.proposals import Proposal
from tracker.domain.circulars.work_done import UNTRUE
from tracker.domain.errors import NotFound
from tracker.domain.namings import NamingState
from tracker.editions import content_kept, facts_now
from tracker.store.queries.namings import (
    Finding,
    Naming,
    findings_of,
    keys_of,
    naming_of_unit,
    namings_of_paper,
    open_namings,
    outcome_of,
)
from tracker.store.queries.overtaken_blame import newly_blamed, overtaken_of
from tracker.store.queries.units import units_read_for
from tracker.store.queries.untrue_praise import untrue_praise
from tracker.store.tables.circulars import CircularRow
from tracker.usecases.circulars.naming import answer_naming, keep_naming
from tracker.web.access import UNITS, actor, allow, services
from tracker.web.circular_files import MAKERS
from tracker.web.forms import Form, OptionalId, Reason, Words, one_of, read_form
from tracker.wording.namings import PRAISED_UNTRUE, outcome_words, overtaken_words

pages = Blueprint("namings", __name__)
_UNDER_WAY = frozenset({EditionState.DRAFT, EditionState.SUBMITTED, EditionState.APPROVED})


class Answer(StrEnum):
    """What a unit may answer."""

    AGREED = NamingState.AGREED.value
    OBJECTED = NamingState.OBJECTED.value


class AnswerForm(Form):
    """Whether the unit agrees, and what it says; who objects says why."""

    naming_answer: Annotated[Answer, one_of(Answer)] = Field(title="核对结果")
    naming_words: Words = Field(title="说明")
    version: OptionalId = Field(title="页面所列答复")


class KeepForm(Form):
    reason: Reason = Field(title="仍予点名的理由")


@dataclass(frozen=True, slots=True)
class Proposed:
    """One proposal of a paper: its figure, what was served of it, and whether its sentence stands in the text.

    `changed` says what of it holds no more, empty where all of it does; `findings` what the office found untrue.
    """

    proposal: Proposal
    figure: Figure
    served: Naming | None
    included: bool
    changed: str = ""
    findings: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True)
class Proposals:
    """What a paper proposes, and how many more meet the rule of praise."""

    lines: Sequence[Proposed]
    left_out: int


@pages.app_context_processor
def _offer() -> dict[str, object]:
    """Give pages that include namings what they show."""
    return {"proposals_of": _proposals_of, "open_namings": namings_to_answer}


@pages.get("/namings/<int:naming_id>")
@allow(*UNITS)
def show(naming_id: int) -> ResponseReturnValue:
    naming, outcome, findings = _own(naming_id)
    today = local_day(services().clock.now())
    return render_template(
        "web/namings/show.html",
        naming=naming,
        outcome=outcome,
        findings=findings,
        today=today,
        may_answer=naming.is_open(today, head=_is_head()),
    )


@pages.post("/namings/<int:naming_id>/answer")
@allow(*UNITS)
def answer(naming_id: int) -> ResponseReturnValue:
    """Agree to what would be said of one's unit, or object and say why."""
    form = read_form(AnswerForm)
    agrees = form.naming_answer is Answer.AGREED
    with services().database.transaction() as session:
        answer_naming(
            session,
            naming_id=naming_id,
            agrees=agrees,
            words=form.naming_words,
            version=form.version,
            actor=actor(),
            at=services().clock.now(),
        )
        naming = naming_of_unit(session, naming_id=naming_id, unit_ids=EVERY_UNIT)
    proposed = naming is not None and naming.is_proposed
    agreed = "已填答属实，期限内本单位负责人可以改答。" if proposed else "已答复督查室：属实，没有异议。"
    flash(agreed if agrees else "异议已送督查室。")
    return redirect(url_for("namings.show", naming_id=naming_id), 303)


@pages.post("/namings/<int:naming_id>/keep")
@allow(Role.SUPERVISOR)
def keep(naming_id: int) -> ResponseReturnValue:
    """Say why a unit is named in spite of its objection."""
    reason = read_form(KeepForm).reason
    with services().database.transaction() as session:
        keep_naming(session, naming_id=naming_id, reason=reason, actor=actor(), at=services().clock.now())
        naming = naming_of_unit(session, naming_id=naming_id, unit_ids=EVERY_UNIT)
    if naming is None:
        raise NotFound()
    flash("已写明仍予点名的理由，并告知该单位。")
    return redirect(url_for("circulars.show", circular_id=naming.circular_id, _anchor="h-namings"), 303)


def _own(naming_id: int) -> tuple[Naming, str, Sequence[Finding]]:
    """Return what was served on the viewer's unit, or on one that went up in it, how it ended, and what was found.

    Raises NotFound.
    """
    with services().database.reading() as session:
        mine = units_read_for(session, actor().unit_id)
        naming = naming_of_unit(session, naming_id=naming_id, unit_ids=mine)
        if naming is None:
            raise NotFound()
        editions, left_out = outcome_of(session, naming)
        findings = _findings(session, naming)
    told = [(one.number, one.state, one.named) for one in editions]
    return naming, outcome_words(told, left_out=left_out, redrafted=naming.is_redrafted), findings


def _findings(session: Session, naming: Naming) -> Sequence[Finding]:
    """Return what the office found untrue, as it wrote then; only a paper that says so is read for it."""
    if UNTRUE not in naming.words:
        return ()
    content = content_kept(services(), session, session.get_one(CircularRow, naming.circular_id))
    return findings_of(session, content.figures[naming.key].sources) if content is not None else ()


def namings_to_answer() -> Sequence[Naming]:
    """Return what the viewer's unit may answer yet; nobody else has any."""
    if actor().role not in UNITS:
        return ()
    with services().database.reading() as session:
        mine = units_read_for(session, actor().unit_id)
        return open_namings(session, unit_ids=mine, today=local_day(services().clock.now()), head=_is_head())


def _is_head() -> bool:
    return actor().role is Role.UNIT_HEAD


def _proposals_of(row: CircularRow, content: Content | None) -> Proposals | None:
    """Return what a paper proposes, for whoever makes or approves it; None where it proposes nothing."""
    if content is None or not content.proposals or actor().role not in MAKERS:
        return None
    with services().database.reading() as session:
        served = {one.key: one for one in namings_of_paper(session, circular_id=row.id or 0)}
        found = {one.key: findings_of(session, content.figures[one.key].sources) for one in content.proposals}
        changed = _changed(session, row, content) if served and row.state in _UNDER_WAY else {}
    said = set(keys_of(row))
    lines = [
        Proposed(
            one,
            content.figures[one.key],
            served.get(one.key),
            one.key in said,
            changed.get(one.key, ""),
            found[one.key],
        )
        for one in content.proposals
    ]
    return Proposals(lines, content.counts.get(LEFT_OUT, 0))


def _changed(session: Session, row: CircularRow, content: Content) -> Mapping[str, str]:
    """Say by the key of a proposal why it holds no more; criticism that stood in a corrected paper is let be."""
    today = local_day(services().clock.now())
    told = {one.key: PRAISED_UNTRUE for one in untrue_praise(session, row, content.proposals, today=today)}
    now = facts_now(services(), session, row, content)
    if now is None:
        return told
    found = overtaken_of(session, row, newly_blamed(session, row, content.proposals), content, now.content)
    return told | {key: overtaken_words("、".join(one.grounds), into=one.into) for key, one in found.items()}
