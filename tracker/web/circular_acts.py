"""What is done with an edition: edited, sent for approval, approved, sent back, issued, corrected, withdrawn."""

import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.circulars.content import Content
from tracker.domain.circulars.joint import CoIssuerState, NoJointPaper
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.errors import BadInput, NotFound, Stale
from tracker.domain.namings import NothingToServe
from tracker.editions import check_can_be_drawn, check_layout, content_kept, differs_from_original, facts_now, made_of
from tracker.paper.circulars import word
from tracker.paper.letterheads import letterhead
from tracker.rankings import check_head
from tracker.store.queries.circulars import find_edition
from tracker.store.queries.co_issuers import co_issuers_of
from tracker.store.queries.typed_judgements import judgements
from tracker.store.tables.circulars import CircularRow
from tracker.usecases.circulars.deciding import approve_circular, send_back_circular, submit_circular
from tracker.usecases.circulars.drafting import AddedParagraph, correct_circular, discard_circular, edit_circular
from tracker.usecases.circulars.issuing import issue_circular, withdraw_circular
from tracker.usecases.circulars.joint import ask_countersigns, ask_withdrawal, name_co_issuer
from tracker.usecases.circulars.naming import include_naming, leave_out_naming, serve_namings
from tracker.web.access import actor, allow, services
from tracker.web.circular_drafting import VersionForm, keeps_template, redraft
from tracker.web.circular_files import MAKERS
from tracker.web.forms import OptionalId, Reason, Texts, Title, Words, read_form

pages = Blueprint("circular_acts", __name__)
_BETWEEN = re.compile(r"[、；;，,\n]")  # between two items that are cited


class PaperForm(VersionForm):
    title: Title = Field(title="标题")
    addressees: Words = Field(title="主送")
    copies: Words = Field(title="抄送")
    note: Words = Field(title="附注")
    urgency: Words = Field(title="紧急程度")
    text: Texts = Field(title="正文")
    place: Texts = Field(title="段落位置")
    put_back: Texts = Field(title="恢复模板原段")
    added: Words = Field(title="增写段落")
    added_after: OptionalId = Field(title="增写在第几段之后")
    cited: Words = Field(title="所依据事项")


class ApprovalForm(VersionForm):
    basis: Reason = Field(title="签批意见")


class ReasonForm(VersionForm):
    reason: Reason = Field(title="理由")


class OrganForm(VersionForm):
    organ: Words = Field(title="联合印发机关")


class ProposalsForm(VersionForm):
    proposal: Texts = Field(title="拟表扬、批评的单位")


@pages.post("/circulars/<int:circular_id>/<act>")
@allow(*MAKERS)
def change(circular_id: int, act: str) -> ResponseReturnValue:
    """Edit, send for approval, approve, send back, issue, correct, withdraw, draft anew or discard an edition."""
    if act not in ACTS:
        raise NotFound()
    target = ACTS[act](circular_id)
    return redirect(target or url_for("circulars.show", circular_id=circular_id), 303)


def _common(circular_id: int) -> dict[str, object]:
    version = read_form(VersionForm).version
    return {"circular_id": circular_id, "version": version, "actor": actor(), "at": services().clock.now()}


def _made_of(circular_id: int) -> tuple[CircularRow, Content | None]:
    with services().database.reading() as session:
        row = find_edition(session, circular_id=circular_id)
        return row, content_kept(services(), session, row)


def _going_out(circular_id: int) -> dict[str, Any]:  # Any: what the acts by which a paper goes out take, by name
    """Return what every act has, and what is read before it and outside of it.

    What the edition was made of, what it would say now where it proposes to criticise, whom its typed words judge; of
    a correction in what it differs. Whatever its template, it can be drawn.
    """
    check_can_be_drawn(services(), circular_id)
    with services().database.reading() as session:
        row = find_edition(session, circular_id=circular_id)
        check_head(session, row)
        content = content_kept(services(), session, row)
        now = facts_now(services(), session, row, content)
        typed = judgements(session, row, content)
        differs = differs_from_original(services(), session, row, content)
    read = {"content": content, "facts_now": now, "typed": typed, "corrects": differs}
    return {**_common(circular_id), **read}


def _edit(circular_id: int) -> str | None:
    row, content = _made_of(circular_id)
    form = read_form(PaperForm)
    if row.version != form.version:  # before its shape: a colleague may have left a paragraph out
        raise Stale()
    if content is None:
        raise NotFound()
    if len(form.text) != len(row.statements) or len(form.place) not in (0, len(form.text)):
        raise BadInput()
    head, before = letterhead(CircularType(row.type), office=row.office), _countersigns_alive(circular_id)
    fields = {name: getattr(form, name) for name in ("title", "addressees", "copies", "note", "urgency")}
    with services().database.transaction() as session:
        edit_circular(
            session,
            **_common(circular_id),  # type: ignore[arg-type] # the four fields that every act has
            **fields,
            sentences=form.text,
            content=content,
            template=word(content, head).statements,
            places=form.place,
            added=_added(form),
            put_back=form.put_back,
        )
    check_layout(services(), circular_id)
    lapsed = before - _countersigns_alive(circular_id)
    flash(f"已保存修改。{lapsed}个机关的会签作废，改定后请重新送会签。" if lapsed else "已保存修改。")
    return None


def _countersigns_alive(circular_id: int) -> int:
    """Count the organs that were asked to countersign a draft, or did."""
    with services().database.reading() as session:
        lines = co_issuers_of(session, circular_id=circular_id, unit_ids=EVERY_UNIT)
    return sum(one.state in (CoIssuerState.ASKED.value, CoIssuerState.AGREED.value) for one in lines)


def _added(form: PaperForm) -> AddedParagraph | None:
    """Return the paragraph that is written by hand; None where nothing is."""
    words = " ".join(form.added.split())
    cited = tuple(part.strip() for part in _BETWEEN.split(form.cited) if part.strip())
    return AddedParagraph(form.added_after, words, cited) if words else None


def _submit(circular_id: int) -> str | None:
    given = _going_out(circular_id)
    with services().database.transaction() as session:
        submit_circular(session, **given)
    flash("已送批。")
    return None


def _approve(circular_id: int) -> str | None:
    basis = read_form(ApprovalForm).basis
    given = _going_out(circular_id)
    with services().database.transaction() as session:
        approve_circular(session, **given, basis=basis)
    flash("已签批，可以印发。")
    return None


def _send_back(circular_id: int) -> str | None:
    reason = read_form(ReasonForm).reason
    with services().database.transaction() as session:
        send_back_circular(session, **_common(circular_id), reason=reason)  # type: ignore[arg-type] # as above
    flash("已退回修改。")
    return None


def _issue(circular_id: int) -> str | None:
    (row, _content), given = _made_of(circular_id), _going_out(circular_id)
    head = letterhead(CircularType(row.type), office=row.office)
    with services().database.transaction() as session:
        number = issue_circular(session, **given, numbering=head.number, calendar=services().calendar, host=head.name)
    flash(f"已编号{number}。")
    return None


def _withdraw(circular_id: int) -> str | None:
    reason = read_form(ReasonForm).reason
    with services().database.transaction() as session:
        withdraw_circular(session, **_common(circular_id), reason=reason)  # type: ignore[arg-type] # as above
    flash("已撤回，原文留存并标明。")
    return None


def _discard(circular_id: int) -> str | None:
    with services().database.transaction() as session:
        discard_circular(session, **_common(circular_id))  # type: ignore[arg-type] # as above
    flash("草稿已作废。")
    return url_for("circulars.index")


def _correct(circular_id: int) -> str | None:
    """Draft a new edition that takes this one's place when it is issued."""
    reason = read_form(ReasonForm).reason
    in_template, told = keeps_template(circular_id)
    given = {**_common(circular_id), "reason": reason, "in_template": in_template}
    with services().database.transaction() as session:
        new = correct_circular(session, **given)  # type: ignore[arg-type] # as above
    check_layout(services(), new)
    flash(f"已拟出更正稿，数据截止时间与原件相同，印发后替代原件。{told}")
    return url_for("circulars.show", circular_id=new)


def _serve_namings(circular_id: int) -> str | None:
    """Serve what a draft would say of units on them, to be answered before the paper is sent for approval."""
    _row, content = _made_of(circular_id)
    chosen = read_form(ProposalsForm).proposal
    if content is None:
        raise NotFound()
    with services().database.transaction() as session:
        serve_namings(
            session,
            **_common(circular_id),  # type: ignore[arg-type] # as above
            keys=chosen,
            content=content,
            calendar=services().calendar,
        )
    flash(f"已送{len(set(chosen))}个单位核对，答复和期限见“拟表扬、批评”。")
    return url_for("circulars.show", circular_id=circular_id, _anchor="h-namings")


def _name_co_issuer(circular_id: int) -> str | None:
    """Name a unit as one that issues a draft with the office."""
    row, _content = _made_of(circular_id)
    organ = read_form(OrganForm).organ.strip()
    head = letterhead(CircularType(row.type), office=row.office)
    if not head.may_be_joint:
        raise NoJointPaper()
    given = {"unit": organ, "host": head.name, "kinds": head.joint_with, "made": made_of(services(), circular_id)}
    with services().database.transaction() as session:
        name_co_issuer(session, **_common(circular_id), **given)  # type: ignore[arg-type] # as above
    check_layout(services(), circular_id)
    flash(f"已将{organ}列为联合印发机关，送会签后由其负责人会签。")
    return url_for("circulars.show", circular_id=circular_id, _anchor="h-joint")


def _ask_countersigns(circular_id: int) -> str | None:
    with services().database.transaction() as session:
        count = ask_countersigns(session, **_common(circular_id), calendar=services().calendar)  # type: ignore[arg-type] # as above
    flash(f"已送{count}个机关会签。")
    return url_for("circulars.show", circular_id=circular_id, _anchor="h-joint")


def _ask_withdrawal(circular_id: int) -> str | None:
    reason = read_form(ReasonForm).reason
    with services().database.transaction() as session:
        given = {**_common(circular_id), "reason": reason, "calendar": services().calendar}
        count = ask_withdrawal(session, **given)  # type: ignore[arg-type] # as above
    flash(f"已就撤回送{count}个机关会签，全部同意后方可撤回。")
    return url_for("circulars.show", circular_id=circular_id, _anchor="h-joint")


def _change_text(act: Callable[..., None], circular_id: int, told: str) -> str | None:
    """Put the sentences of proposals into the text, or take them out."""
    _row, content = _made_of(circular_id)
    chosen = read_form(ProposalsForm).proposal
    if content is None or len(chosen) != 1:
        raise NothingToServe()
    with services().database.transaction() as session:
        act(session, **_common(circular_id), key=chosen[0], content=content)
    check_layout(services(), circular_id)
    flash(told)
    return url_for("circulars.show", circular_id=circular_id, _anchor="h-namings")


def _include_naming(circular_id: int) -> str | None:
    return _change_text(include_naming, circular_id, "已写入正文。")


def _leave_out_naming(circular_id: int) -> str | None:
    return _change_text(leave_out_naming, circular_id, "已从正文移出。")


ACTS = {
    "edit": _edit,
    "submit": _submit,
    "approve": _approve,
    "send-back": _send_back,
    "issue": _issue,
    "withdraw": _withdraw,
    "discard": _discard,
    "redraft": redraft,
    "correct": _correct,
    "serve-namings": _serve_namings,
    "include-naming": _include_naming,
    "leave-out-naming": _leave_out_naming,
    "name-co-issuer": _name_co_issuer,
    "ask-countersigns": _ask_countersigns,
    "ask-withdrawal": _ask_withdrawal,
}
