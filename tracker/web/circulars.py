"""Circulars 「通报」: the office drafts and issues, the leader approves, everybody who may read reads."""

from dataclasses import dataclass
from typing import Annotated

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.domain.accounts import Role
from tracker.domain.audiences import may_read_sources
from tracker.domain.circulars.addressing import ScopeMissing
from tracker.domain.circulars.content import Content, Scope, tokens
from tracker.domain.circulars.editions import PUBLISHED, EditionState
from tracker.domain.circulars.kinds import KINDS, CircularType
from tracker.domain.errors import BadInput, NotFound, Stale
from tracker.editions import check_layout, compute, content_kept
from tracker.gateways import office_suite
from tracker.paper.circulars import word
from tracker.paper.letterheads import letterhead, letterheads
from tracker.paper.office_templates import TemplateRefused
from tracker.store.history.facts import find_unit
from tracker.store.queries.circulars import choices, circular_lines, document_title, find_edition, offered_templates
from tracker.store.tables.circulars import CircularRow, CircularTemplateRow
from tracker.usecases.circulars.deciding import approve_circular, send_back_circular, submit_circular
from tracker.usecases.circulars.drafting import correct_circular, discard_circular, draft_circular, edit_circular
from tracker.usecases.circulars.issuing import issue_circular, withdraw_circular
from tracker.web.access import EVERYBODY, actor, allow, services, viewer
from tracker.web.circular_files import MAKERS, visible
from tracker.web.form_fields import NoSuchChoice
from tracker.web.forms import Form, OptionalId, Reason, Texts, Version, Words, one_of, read_form
from tracker.wording.codes import CIRCULAR_NAMES

pages = Blueprint("circulars", __name__)


class NewPaperForm(Form):
    """What a paper is to be about, and the office's own template where one is chosen."""

    type: Annotated[CircularType, one_of(CircularType)] = Field(title="文种")
    office: Words = Field(title="发文机关")
    unit: Words = Field(title="单位")
    document: Words = Field(title="文件")
    layout: OptionalId = Field(title="模板")


class VersionForm(Form):
    version: Version = Field(title="版次")


class PaperForm(VersionForm):
    title: Words = Field(title="标题")
    addressees: Words = Field(title="主送")
    copies: Words = Field(title="抄送")
    note: Words = Field(title="附注")
    urgency: Words = Field(title="紧急程度")
    text: Texts = Field(title="正文")


class ApprovalForm(VersionForm):
    basis: Reason = Field(title="签批意见")


class ReasonForm(VersionForm):
    reason: Reason = Field(title="理由")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of a sentence; `key` names the figure that they are."""

    words: str
    key: str | None = None


@pages.get("/circulars")
@allow(*EVERYBODY)
def index() -> ResponseReturnValue:
    with services().database.reading() as session:
        lines = circular_lines(session, viewer=viewer(session))
        return render_template(
            "web/circulars/index.html",
            published=[line for line in lines if line.state in PUBLISHED],
            under_way=[line for line in lines if line.state not in PUBLISHED],
            may_draft=actor().role is Role.SUPERVISOR,
            choices=choices(session),
            heads=letterheads(),
            layouts=offered_templates(session),
            types=list(CIRCULAR_NAMES.items()),
        )


@pages.post("/circulars")
@allow(Role.SUPERVISOR)
def draft() -> ResponseReturnValue:
    """Compute a circular as of this moment and keep it as a draft."""
    form = read_form(NewPaperForm)
    kind, unit = form.type, form.unit.strip()
    head = letterhead(kind, office=form.office or "office")
    with services().database.reading() as session:
        full = find_unit(session, unit) if unit else None
        if unit and full is None:
            raise ScopeMissing(needs="unit")
        document = form.document.strip() or None
        if document and document_title(session, document) is None:
            raise NoSuchChoice(field="文件")
        layout_id = _layout(session, kind, form.layout)
    scope = Scope(full, document)
    now = services().clock.now()
    new = compute(services(), kind, head, scope=scope, layout_id=layout_id, now=now)
    with services().database.transaction() as session:
        circular_id = draft_circular(session, new, actor=actor(), at=now)
    check_layout(services(), circular_id)
    flash("已按此刻的数据拟出草稿，请核对后送批。")
    return redirect(url_for("circulars.show", circular_id=circular_id), 303)


def _layout(session: Session, kind: CircularType, chosen: int | None) -> int | None:
    """Return the office's own template that was chosen. Raises TemplateRefused where it is for another type."""
    if chosen is None:
        return None
    row = session.get(CircularTemplateRow, chosen)
    if row is None or row.retired_at is not None:
        raise NotFound()
    if row.type != kind.value:
        raise TemplateRefused(faults=f"模板“{row.name}”用于{CIRCULAR_NAMES[row.type]}，不能用于所选文种。")
    return row.id


@pages.get("/circulars/<int:circular_id>")
@allow(*EVERYBODY)
def show(circular_id: int) -> ResponseReturnValue:
    with services().database.reading() as session:
        row = visible(session, circular_id)
        content = content_kept(services(), session, row)
        earlier = session.get(CircularRow, row.replaces_id) if row.replaces_id else None
        role, mine = actor().role, actor().user_id == row.drafted_by_id
        kind = CircularType(row.type)
        return render_template(
            "web/circulars/circular.html",
            row=row,
            earlier=earlier,
            content=content,
            sentences=[(level, words, _stretches(str(words), content)) for level, words in row.statements],
            is_drawing=row.state in PUBLISHED and row.sha256 is None and content is not None,
            needs_leader=KINDS[kind].judges,
            shows_sources=may_read_sources(role),
            may_edit=role is Role.SUPERVISOR and row.state == EditionState.DRAFT.value,
            may_approve=row.state == EditionState.SUBMITTED.value and not mine and role in KINDS[kind].approvers,
            may_send_back=role in MAKERS and row.state in (EditionState.SUBMITTED.value, EditionState.APPROVED.value),
            may_issue=role is Role.SUPERVISOR and row.state == EditionState.APPROVED.value,
            may_close=role is Role.SUPERVISOR and row.state == EditionState.ISSUED.value,
            draws_pages=office_suite.is_present() and role in MAKERS,
        )


@pages.post("/circulars/<int:circular_id>/<act>")
@allow(*MAKERS)
def change(circular_id: int, act: str) -> ResponseReturnValue:
    """Edit, send for approval, approve, send back, issue, correct, withdraw or discard an edition."""
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


def _edit(circular_id: int) -> str | None:
    row, content = _made_of(circular_id)
    form = read_form(PaperForm)
    if row.version != form.version:  # before its shape: a colleague may have left a paragraph out
        raise Stale()
    if content is None:
        raise NotFound()
    if len(form.text) != len(row.statements):
        raise BadInput()
    head = letterhead(CircularType(row.type), office=row.office)
    with services().database.transaction() as session:
        edit_circular(
            session,
            **_common(circular_id),  # type: ignore[arg-type] # the four fields that every act has
            title=form.title,
            addressees=form.addressees,
            copies=form.copies,
            note=form.note,
            urgency=form.urgency,
            sentences=form.text,
            content=content,
            template=word(content, head).statements,
        )
    check_layout(services(), circular_id)
    flash("已保存修改。")
    return None


def _submit(circular_id: int) -> str | None:
    _row, content = _made_of(circular_id)
    with services().database.transaction() as session:
        submit_circular(session, **_common(circular_id), content=content)  # type: ignore[arg-type] # as above
    flash("已送批。")
    return None


def _approve(circular_id: int) -> str | None:
    basis = read_form(ApprovalForm).basis
    _row, content = _made_of(circular_id)
    with services().database.transaction() as session:
        approve_circular(
            session,
            **_common(circular_id),  # type: ignore[arg-type] # as above
            basis=basis,
            content=content,
        )
    flash("已签批，可以印发。")
    return None


def _send_back(circular_id: int) -> str | None:
    reason = read_form(ReasonForm).reason
    with services().database.transaction() as session:
        send_back_circular(session, **_common(circular_id), reason=reason)  # type: ignore[arg-type] # as above
    flash("已退回修改。")
    return None


def _issue(circular_id: int) -> str | None:
    row, content = _made_of(circular_id)
    head = letterhead(CircularType(row.type), office=row.office)
    with services().database.transaction() as session:
        number = issue_circular(
            session,
            **_common(circular_id),  # type: ignore[arg-type] # as above
            numbering=head.number,
            content=content,
        )
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
    with services().database.transaction() as session:
        new = correct_circular(session, **_common(circular_id))  # type: ignore[arg-type] # as above
    check_layout(services(), new)
    flash("已拟出更正稿，数据截止时间与原件相同，印发后替代原件。")
    return url_for("circulars.show", circular_id=new)


ACTS = {
    "edit": _edit,
    "submit": _submit,
    "approve": _approve,
    "send-back": _send_back,
    "issue": _issue,
    "withdraw": _withdraw,
    "discard": _discard,
    "correct": _correct,
}


def _stretches(words: str, content: Content | None) -> list[Stretch]:
    """Cut a sentence into words and figures."""
    found, rest = [], words
    for key in tokens(words):
        before, _, rest = rest.partition(f"{{{key}}}")
        figure = content.figures.get(key) if content else None
        found += [Stretch(before), Stretch(figure.words if figure else "（见印发件）", key)]
    return [stretch for stretch in [*found, Stretch(rest)] if stretch.words]
