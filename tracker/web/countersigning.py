"""Papers that several organs issue 「联合印发」: the office names and asks them, their heads countersign 「会签」."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.domain.accounts import EVERY_UNIT, Role
from tracker.domain.circulars.editions import EditionState
from tracker.domain.circulars.joint import CoIssuerState
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.errors import NotFound
from tracker.editions import check_layout, made_of
from tracker.paper.letterheads import letterhead
from tracker.store.queries.co_issuers import (
    CoIssuer,
    CountersignCount,
    Returned,
    co_issuer,
    co_issuers_of,
    co_issuing_units,
    countersign_counts,
    other_co_issuers,
    returned_before,
    to_countersign,
)
from tracker.store.queries.units import units_read_for
from tracker.store.tables.circulars import CircularRow
from tracker.usecases.circulars.joint import countersign, drop_co_issuer, take_back_countersign
from tracker.web.access import UNITS, actor, allow, services
from tracker.web.circular_files import MAKERS
from tracker.web.forms import Form, Reason, Version, Words, one_of, read_form
from tracker.wording.codes import CO_ISSUER_STATES

pages = Blueprint("countersigning", __name__)
_MAY_ASK = (EditionState.DRAFT.value, EditionState.SUBMITTED.value)


class Answer(StrEnum):
    """What a head may say."""

    AGREED = CoIssuerState.AGREED.value
    RETURNED = CoIssuerState.RETURNED.value


class SignForm(Form):
    """`version` is that of what was asked, as the page showed it."""

    version: Version = Field(title="页面所列会签")
    countersign_answer: Annotated[Answer, one_of(Answer)] = Field(title="会签结果")
    countersign_words: Words = Field(title="会签意见")


class ReasonForm(Form):
    version: Version = Field(title="页面所列会签")
    reason: Reason = Field(title="理由")


@dataclass(frozen=True, slots=True)
class Joint:
    """Who issues a paper with the office, and what the viewer may do about it.

    `to_join` are the units that may be named yet, `to_sign` what the viewer's unit is asked, `returned` what heads gave
    back before, by the number of the line.
    """

    host: str
    lines: Sequence[CoIssuer]
    to_join: Sequence[str]
    may_change: bool
    may_ask: bool
    may_ask_withdrawal: bool
    to_sign: Sequence[CoIssuer]
    returned: Mapping[int, Sequence[Returned]]

    @property
    def organs(self) -> list[CoIssuer]:
        """The organs that the paper prints after the host."""
        return [one for one in self.lines if not one.withdraws and one.state != CoIssuerState.DROPPED.value]

    @property
    def agreed_reason(self) -> str:
        """Why heads agreed that the paper is withdrawn; empty where none did."""
        agreed = (one.matter for one in self.lines if one.withdraws and one.state == CoIssuerState.AGREED.value)
        return next(filter(None, agreed), "")


@pages.app_context_processor
def _offer() -> dict[str, object]:
    """Give pages that include what is to be countersigned what they show."""
    return {
        "joint_of": _joint_of,
        "to_countersign": _to_countersign,
        "countersigns_of": _countersigns_of,
        "co_issuer_state": CO_ISSUER_STATES.__getitem__,
    }


@pages.post("/co-issuers/<int:co_issuer_id>/sign")
@allow(Role.UNIT_HEAD)
def sign(co_issuer_id: int) -> ResponseReturnValue:
    """Countersign for one's unit, or give the paper back and say why."""
    form = read_form(SignForm)
    agrees = form.countersign_answer is Answer.AGREED
    told = "已会签同意。" if agrees else "已退回督查室，理由一并送达。"
    return _done(countersign, co_issuer_id, told, version=form.version, agrees=agrees, words=form.countersign_words)


@pages.post("/co-issuers/<int:co_issuer_id>/take-back")
@allow(Role.SUPERVISOR)
def take_back(co_issuer_id: int) -> ResponseReturnValue:
    """Ask a co-issuer no more for now."""
    form = read_form(ReasonForm)
    return _done(
        take_back_countersign, co_issuer_id, "已收回，并告知该单位。", version=form.version, reason=form.reason
    )


@pages.post("/co-issuers/<int:co_issuer_id>/drop")
@allow(Role.SUPERVISOR)
def drop(co_issuer_id: int) -> ResponseReturnValue:
    """Take a unit out of those that issue a draft."""
    form = read_form(ReasonForm)
    with services().database.reading() as session:
        one = co_issuer(session, co_issuer_id=co_issuer_id, unit_ids=EVERY_UNIT)
        if one is None:
            raise NotFound()
        row = session.get_one(CircularRow, one.circular_id)
        host = letterhead(CircularType(row.type), office=row.office).name
    given = {"version": form.version, "reason": form.reason, "host": host}
    made = made_of(services(), one.circular_id)
    done = _done(drop_co_issuer, co_issuer_id, "已移出联合印发机关。", **given, made=made)
    check_layout(services(), one.circular_id)
    return done


def _done(act: Callable[..., None], co_issuer_id: int, told: str, **more: object) -> ResponseReturnValue:
    """Do one act in a transaction of its own and show the paper again, to a head what else lies with him."""
    with services().database.transaction() as session:
        act(session, co_issuer_id=co_issuer_id, actor=actor(), at=services().clock.now(), **more)
    with services().database.reading() as session:
        one = co_issuer(session, co_issuer_id=co_issuer_id, unit_ids=EVERY_UNIT)
    if one is None:
        raise NotFound()
    flash(told)
    if actor().role is Role.UNIT_HEAD:
        return redirect(url_for("sign_off.queue"), 303)
    return redirect(url_for("circulars.show", circular_id=one.circular_id, _anchor="h-joint"), 303)


def _joint_of(row: CircularRow) -> Joint | None:
    """Return with whom a paper is issued, as far as the viewer may see it; None where nothing is to be shown."""
    role, id_ = actor().role, row.id or 0
    if role not in MAKERS and role not in UNITS:
        return None
    head = letterhead(CircularType(row.type), office=row.office)
    changes = role is Role.SUPERVISOR and row.state == EditionState.DRAFT.value
    with services().database.reading() as session:
        own = frozenset() if role in MAKERS else units_read_for(session, actor().unit_id)
        lines = co_issuers_of(session, circular_id=id_, unit_ids=EVERY_UNIT if role in MAKERS else own)
        lines += other_co_issuers(session, circular_id=id_, unit_ids=own)
        returned = returned_before(session, circular_id=id_) if role in MAKERS and lines else {}
        may_join = changes and row.replaces_id is None and head.may_be_joint
        units = co_issuing_units(session, [kind.value for kind in head.joint_with]) if may_join else ()
    if not lines and not may_join:
        return None
    taken = {one.name for one in lines if one.state != CoIssuerState.DROPPED.value} | {head.name, row.unit_name}
    standing = [one for one in lines if not one.withdraws and one.state != CoIssuerState.DROPPED.value]
    silent = [one for one in standing if one.state in (CoIssuerState.NAMED.value, CoIssuerState.RETURNED.value)]
    office = role is Role.SUPERVISOR
    return Joint(
        host=head.name,
        lines=lines,
        to_join=[name for name in units if name not in taken],
        may_change=may_join,
        may_ask=office and row.state in _MAY_ASK and bool(silent),
        may_ask_withdrawal=office and row.state == EditionState.ISSUED.value and bool(standing),
        to_sign=[one for one in lines if one.is_open and one.unit_id in own] if role is Role.UNIT_HEAD else [],
        returned=returned,
    )


def _to_countersign() -> Sequence[CoIssuer]:
    """Return what the head of the viewer's unit is asked to countersign; nobody else is asked anything."""
    if actor().role not in UNITS:
        return ()
    with services().database.reading() as session:
        return to_countersign(session, unit_ids=units_read_for(session, actor().unit_id))


def _countersigns_of(circular_ids: Sequence[int]) -> dict[int, CountersignCount]:
    """Return to the office and the leaders how the co-issuers of papers stand."""
    if actor().role not in MAKERS:
        return {}
    with services().database.reading() as session:
        return dict(countersign_counts(session, circular_ids))
