"""The office drafts a circular as of this moment."""

from datetime import datetime
from functools import partial
from typing import Annotated

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.computing import compute, compute_again
from tracker.domain.accounts import Role
from tracker.domain.circulars.addressing import ScopeMissing
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.editions import TemplateUnusable
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.errors import BadInput, NotFound
from tracker.domain.quoting import quoted
from tracker.editions import check_layout, check_usable, same_facts
from tracker.paper.letterheads import Letterhead, letterhead
from tracker.rankings import ranking_head
from tracker.store.history.facts import find_unit
from tracker.store.queries.circulars import document_title, find_edition
from tracker.store.tables.circulars import CircularTemplateRow
from tracker.store.tables.scoring import ScoreMonthRow
from tracker.usecases.circulars.drafting import draft_circular
from tracker.usecases.circulars.redrafting import redraft_circular
from tracker.web.access import actor, allow, services
from tracker.web.form_fields import NoSuchChoice
from tracker.web.forms import Form, OptionalId, Version, Words, one_of, read_form

pages = Blueprint("circular_drafting", __name__)


class TemplateOfAnotherType(BadInput):
    """The office's own template that was chosen is for papers of another type; facts: name, type."""

    code = "template_of_another_type"


class VersionForm(Form):
    version: Version = Field(title="版次")


class NewPaperForm(Form):
    """What a paper is to be about, and the office's own template where one is chosen."""

    type: Annotated[CircularType, one_of(CircularType)] = Field(title="文种")
    office: Words = Field(title="发文机关")
    unit: Words = Field(title="单位")
    document: Words = Field(title="文件")
    layout: OptionalId = Field(title="模板")
    month: OptionalId = Field(title="考评月份")


@pages.post("/circulars")
@allow(Role.SUPERVISOR)
def draft() -> ResponseReturnValue:
    """Compute a circular as of this moment and keep it as a draft."""
    form = read_form(NewPaperForm)
    kind, unit = form.type, form.unit.strip()
    now = services().clock.now()
    with services().database.reading() as session:
        full = find_unit(session, unit) if unit else None
        if unit and full is None:
            raise ScopeMissing(needs="unit")
        document = form.document.strip() or None
        if document and document_title(session, document) is None:
            raise NoSuchChoice(field="文件")
        scope = Scope(month_id=form.month) if kind is CircularType.RANKING else Scope(full, document)
        head = _head(session, kind, scope, office=form.office, as_of=now)
        layout_id = _layout(session, kind, form.layout)
    check_usable(services(), layout_id)
    new = compute(services(), kind, head, scope=scope, layout_id=layout_id, now=now)
    with services().database.transaction() as session:
        circular_id = draft_circular(session, new, actor=actor(), at=now, same_facts=partial(same_facts, services()))
    check_layout(services(), circular_id)
    flash("已按此刻的数据拟出草稿，请核对后送批。")
    return redirect(url_for("circulars.show", circular_id=circular_id), 303)


def redraft(circular_id: int) -> str:
    """Draft a paper anew as of this moment in place of a draft, with what was typed; return the new one's page."""
    version, now = read_form(VersionForm).version, services().clock.now()
    with services().database.reading() as session:
        row = find_edition(session, circular_id=circular_id)
        kind = CircularType(row.type)
        head = _head(session, kind, Scope(month_id=row.score_month_id), office=row.office, as_of=now)
        layout_id = row.layout_id if _is_offered(session, row.layout_id) else None
    layout_id, told = _still_usable(layout_id)
    made = compute_again(services(), circular_id, head, layout_id=layout_id, now=now)
    with services().database.transaction() as session:
        new = redraft_circular(
            session,
            made.new,
            circular_id=circular_id,
            version=version,
            told=made.told,
            was=made.was,
            before=made.before,
            actor=actor(),
            at=now,
            same_facts=partial(same_facts, services()),
        )
    check_layout(services(), new)
    flash(f"已按此刻的数据重拟，原稿作废。{told}请核对后送批。")
    return url_for("circulars.show", circular_id=new)


def keeps_template(circular_id: int) -> tuple[bool, str]:
    """Tell whether the correction of a paper can be put into its template, and what is said where it cannot."""
    with services().database.reading() as session:
        chosen = find_edition(session, circular_id=circular_id).layout_id
    usable, told = _still_usable(chosen)
    return usable == chosen, told


def _still_usable(layout_id: int | None) -> tuple[int | None, str]:
    """Return the template in which a paper is to be made from another one, and what is said where that takes none."""
    try:
        check_usable(services(), layout_id)
    except TemplateUnusable as refusal:
        return None, f"自制模板{quoted(str(refusal.facts['name']))}不能填写，本稿按系统的版式排。"
    return layout_id, ""


def _is_offered(session: Session, layout_id: int | None) -> bool:
    row = session.get(CircularTemplateRow, layout_id) if layout_id is not None else None
    return row is not None and row.retired_at is None


def _head(session: Session, kind: CircularType, scope: Scope, *, office: str, as_of: datetime) -> Letterhead:
    """Return the paper that was chosen; of a month of evaluation that of whoever issues it by decision."""
    if kind is not CircularType.RANKING:
        return letterhead(kind, office=office or "office")
    if scope.month_id is not None and session.get(ScoreMonthRow, scope.month_id) is None:
        raise NoSuchChoice(field="考评月份")
    return ranking_head(session, scope, office="", as_of=as_of)


def _layout(session: Session, kind: CircularType, chosen: int | None) -> int | None:
    """Return the office's own template that was chosen. Raises NotFound, TemplateOfAnotherType."""
    if chosen is None:
        return None
    row = session.get(CircularTemplateRow, chosen)
    if row is None or row.retired_at is not None:
        raise NotFound()
    if row.type != kind.value:
        raise TemplateOfAnotherType(name=quoted(row.name), type=row.type)
    return row.id
