"""Circulars 「通报」: the office drafts and issues, the leader approves, everybody who may read downloads."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from tracker.domain.accounts import Role
from tracker.domain.calendar import local_day
from tracker.domain.circulars import (
    NEEDS_LEADER,
    CircularType,
    Content,
    EditionState,
    Figure,
    Scope,
    ScopeMissing,
    tokens,
)
from tracker.domain.errors import BadInput, NotFound
from tracker.gateways import office_suite
from tracker.gateways.source_files import write_sources
from tracker.messages import CIRCULAR_NAMES
from tracker.paper.circulars import Draft, compose, template_version, word
from tracker.paper.letterheads import Letterhead, letterhead, letterheads
from tracker.paper.office_templates import TemplateRefused, fill_template
from tracker.paper.press import Printed, matter_of, press
from tracker.store.history.log import last_event, reckoned_since
from tracker.store.queries.circulars import (
    PUBLISHED,
    choices,
    circular_lines,
    content_as_of,
    content_of,
    document_title,
    offered_templates,
    previous_edition,
)
from tracker.store.queries.facts import find_unit
from tracker.store.tables.circulars import CircularRow, CircularTemplateRow
from tracker.usecases.circulars import (
    NewEdition,
    Rendered,
    approve_circular,
    discard_circular,
    draft_circular,
    edit_circular,
    find,
    issue_circular,
    send_back_circular,
    submit_circular,
    withdraw_circular,
)
from tracker.web.access import EVERYBODY, actor, allow, services
from tracker.web.circular_templates import template_bytes
from tracker.web.form_fields import id_of, version_of
from tracker.web.presentation import clock_words

pages = Blueprint("circulars", __name__)
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LARGEST_BYTES = 50 * 1024 * 1024
_ROWS_OF_A_PREVIEW = 60
_MAKERS = (Role.SUPERVISOR, Role.LEADER)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of a sentence; `key` names the figure that they are."""

    words: str
    key: str | None = None


@pages.get("/circulars")
@allow(*EVERYBODY)
def index() -> ResponseReturnValue:
    makes = actor().role in _MAKERS
    with services().database.reading() as session:
        return render_template(
            "web/circulars/index.html",
            published=circular_lines(session, published=True),
            under_way=circular_lines(session, published=False) if makes else (),
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
    kind = _kind(request.form.get("type", ""))
    office = request.form.get("office", "office")
    head = letterhead(kind, office=office)
    now = services().clock.now()
    with services().database.transaction() as session:
        unit = request.form.get("unit", "").strip()
        full = find_unit(session, unit) if unit else None
        if unit and full is None:
            raise ScopeMissing(needs="unit")
        scope = Scope(full, request.form.get("document", "").strip() or None)
        layout_id = _layout(session, kind)
        circular_id = _new(session, kind, head, scope, replaces_id=None, layout_id=layout_id, now=now)
    flash("已按此刻的数据拟出草稿，请核对后送批。")
    return redirect(url_for("circulars.show", circular_id=circular_id), 303)


def _new(
    session: Session,
    kind: CircularType,
    head: Letterhead,
    scope: Scope,
    *,
    replaces_id: int | None,
    layout_id: int | None,
    now: datetime,
) -> int:
    up_to = last_event(session)
    if replaces_id is None:
        previous = previous_edition(session, kind=kind, office=head.office, scope=scope, before=now)
    else:  # a correction is compared with what the corrected circular was compared with
        compared = find(session, circular_id=replaces_id).previous_id
        previous = session.get(CircularRow, compared) if compared is not None else None
    content = content_as_of(
        session, kind=kind, scope=scope, as_of=now, up_to=up_to, previous=previous, calendar=services().calendar
    )
    matter = matter_of(document_title(session, scope.document)) if scope.document else ""
    worded = word(content, head, matter=matter)
    new = NewEdition(
        type=kind,
        office=head.office,
        scope=scope,
        as_of=now,
        last_event=up_to,
        template_version=template_version(kind),
        rule_version=services().policy.version,
        series=head.series,
        title=worded.title,
        addressees=worded.addressees,
        copies=worded.copies,
        note=worded.note,
        statements=worded.statements,
        previous_id=previous.id if previous else None,
        replaces_id=replaces_id,
        layout_id=layout_id,
    )
    return draft_circular(session, new, actor=actor(), at=now)


def _layout(session: Session, kind: CircularType) -> int | None:
    """Return the office's own template that was chosen. Raises TemplateRefused where it is for another type."""
    if not request.form.get("layout"):
        return None
    chosen = id_of("layout", field="模板")
    row = session.get(CircularTemplateRow, chosen)
    if row is None or row.retired_at is not None:
        raise NotFound()
    if row.type != kind.value:
        raise TemplateRefused(faults=f"模板“{row.name}”用于{CIRCULAR_NAMES[row.type]}，不能用于所选文种。")
    return row.id


def _kind(name: str) -> CircularType:
    try:
        return CircularType(name)
    except ValueError:
        raise BadInput() from None


@pages.get("/circulars/<int:circular_id>")
@allow(*EVERYBODY)
def show(circular_id: int) -> ResponseReturnValue:
    with services().database.reading() as session:
        row = _visible(session, circular_id)
        content = _content(session, row)
        earlier = session.get(CircularRow, row.replaces_id) if row.replaces_id else None
        printed = _press(session, row, content) if row.state not in PUBLISHED and content else None
        role, mine = actor().role, actor().user_id == row.drafted_by_id
        needs_leader = CircularType(row.type) in NEEDS_LEADER
        return render_template(
            "web/circulars/circular.html",
            row=row,
            earlier=earlier,
            content=content,
            sentences=[(level, words, _stretches(str(words), content)) for level, words in row.statements],
            printed=printed,
            needs_leader=needs_leader,
            makes=role in _MAKERS,
            may_edit=role is Role.SUPERVISOR and row.state == EditionState.DRAFT.value,
            may_approve=row.state == EditionState.SUBMITTED.value
            and not mine
            and (role is Role.LEADER or (role is Role.SUPERVISOR and not needs_leader)),
            may_send_back=role in _MAKERS and row.state in (EditionState.SUBMITTED.value, EditionState.APPROVED.value),
            may_issue=role is Role.SUPERVISOR and row.state == EditionState.APPROVED.value,
            may_close=role is Role.SUPERVISOR and row.state == EditionState.ISSUED.value,
            draws_pages=office_suite.is_present() and role in _MAKERS,
        )


@pages.post("/circulars/<int:circular_id>/<act>")
@allow(*_MAKERS)
def change(circular_id: int, act: str) -> ResponseReturnValue:
    """Edit, send for approval, approve, send back, issue, correct, withdraw or discard an edition."""
    if act not in _ACTS:
        raise NotFound()
    with services().database.transaction() as session:
        target = _ACTS[act](session, circular_id)
    return redirect(target or url_for("circulars.show", circular_id=circular_id), 303)


def _common(circular_id: int) -> dict[str, object]:
    return {"circular_id": circular_id, "version": version_of(), "actor": actor(), "at": services().clock.now()}


def _edit(session: Session, circular_id: int) -> str | None:
    row = find(session, circular_id=circular_id)
    content = _content(session, row)
    if content is None:
        raise NotFound()
    head = letterhead(CircularType(row.type), office=row.office)
    sentences = request.form.getlist("text")
    if len(sentences) != len(row.statements):
        raise BadInput()
    form = request.form
    edit_circular(
        session,
        **_common(circular_id),  # type: ignore[arg-type] # the four fields that every act has
        title=form.get("title", ""),
        addressees=form.get("addressees", ""),
        copies=form.get("copies", ""),
        note=form.get("note", ""),
        urgency=form.get("urgency", ""),
        sentences=sentences,
        content=content,
        template=word(content, head).statements,
    )
    flash("已保存修改。")
    return None


def _submit(session: Session, circular_id: int) -> str | None:
    submit_circular(session, **_common(circular_id))  # type: ignore[arg-type] # the four fields that every act has
    flash("已送批。")
    return None


def _approve(session: Session, circular_id: int) -> str | None:
    approve_circular(session, **_common(circular_id), basis=request.form.get("basis", ""))  # type: ignore[arg-type] # as above
    flash("已签批，可以印发。")
    return None


def _send_back(session: Session, circular_id: int) -> str | None:
    send_back_circular(session, **_common(circular_id), reason=request.form.get("reason", ""))  # type: ignore[arg-type] # as above
    flash("已退回修改。")
    return None


def _issue(session: Session, circular_id: int) -> str | None:
    row = find(session, circular_id=circular_id)
    head = letterhead(CircularType(row.type), office=row.office)

    def rendered(edition: CircularRow, number: str) -> Rendered:
        content = _content(session, edition)
        if content is None:
            raise NotFound()
        printed = _press(session, edition, content, number=number)
        stored = services().evidence.store(BytesIO(printed.docx), max_bytes=_LARGEST_BYTES)
        name = f"{CIRCULAR_NAMES[edition.type]}{number}.docx"
        return Rendered(stored.sha256, name, (*printed.remarks, *printed.deviations))

    number = issue_circular(
        session,
        **_common(circular_id),  # type: ignore[arg-type] # as above
        numbering=head.number,
        render=rendered,
        calendar=services().calendar,
    )
    flash(f"已印发{number}。")
    return None


def _withdraw(session: Session, circular_id: int) -> str | None:
    withdraw_circular(session, **_common(circular_id), reason=request.form.get("reason", ""))  # type: ignore[arg-type] # as above
    flash("已撤回，原文留存并标明。")
    return None


def _discard(session: Session, circular_id: int) -> str | None:
    discard_circular(session, **_common(circular_id))  # type: ignore[arg-type] # as above
    flash("草稿已作废。")
    return url_for("circulars.index")


def _correct(session: Session, circular_id: int) -> str | None:
    """Draft a new edition that takes this one's place when it is issued."""
    row = find(session, circular_id=circular_id, version=version_of())
    kind = CircularType(row.type)
    head = letterhead(kind, office=row.office)
    scope = Scope(row.unit_name, row.document_number)
    now = services().clock.now()
    new = _new(session, kind, head, scope, replaces_id=circular_id, layout_id=row.layout_id, now=now)
    flash("已拟出更正稿，印发后替代原件。")
    return url_for("circulars.show", circular_id=new)


_ACTS = {
    "edit": _edit,
    "submit": _submit,
    "approve": _approve,
    "send-back": _send_back,
    "issue": _issue,
    "withdraw": _withdraw,
    "discard": _discard,
    "correct": _correct,
}


@pages.get("/circulars/<int:circular_id>/word")
@allow(*EVERYBODY)
def download(circular_id: int) -> ResponseReturnValue:
    """Send the file: of an issued circular the bytes as issued, of a draft what it would be now."""
    with services().database.reading() as session:
        row = _visible(session, circular_id)
        if row.sha256 is None:
            content = _content(session, row)
            if content is None:
                raise NotFound()
            name = f"{CIRCULAR_NAMES[row.type]}（{'送审稿' if row.state != 'draft' else '草稿'}）.docx"
            return _sent(_press(session, row, content).docx, name, _DOCX)
    services().evidence.verify(row.sha256)
    path = services().evidence.path(row.sha256)
    mark = {"withdrawn": "（已撤回）", "corrected": "（已更正）"}.get(row.state, "")
    return send_file(path, mimetype=_DOCX, as_attachment=True, download_name=f"{mark}{row.name}", etag=False)


@pages.get("/circulars/<int:circular_id>/sources")
@allow(*EVERYBODY)
def sources(circular_id: int) -> ResponseReturnValue:
    """Send 《数字溯源表》: every figure with the facts and events behind it."""
    with services().database.reading() as session:
        row = _visible(session, circular_id)
        content = _content(session, row)
        if content is None:
            raise NotFound()
    head = [
        ("文稿", f"{row.number or '未编号'} {row.title}"),
        ("数据截至", clock_words(row.as_of)),
        ("事件截至", f"第{row.last_event}号"),
        ("范围", row.unit_name or row.document_number or "全部已交办事项"),
        ("模板版本", row.template_version),
        ("规则版本", row.rule_version),
    ]
    name = f"数字溯源表{row.number or ''}.xlsx"
    return _sent(write_sources(_placed(row, content), head=head), name, _XLSX)


@pages.get("/circulars/<int:circular_id>/pages")
@allow(*_MAKERS)
def preview(circular_id: int) -> ResponseReturnValue:
    """Show the first pages as they are drawn: a page of its own, because drawing takes seconds."""
    if not office_suite.is_present():
        raise NotFound()
    with services().database.reading() as session:
        return render_template("web/circulars/preview.html", row=_visible(session, circular_id))


@pages.get("/circulars/<int:circular_id>/pages/<int:page>")
@allow(*_MAKERS)
def picture(circular_id: int, page: int) -> ResponseReturnValue:
    """Send one page as LibreOffice draws it; the annexes are drawn with their first rows only."""
    if not office_suite.is_present():
        raise NotFound()
    with services().database.reading() as session:
        row = _visible(session, circular_id)
        content = _content(session, row)
        if content is None:
            raise NotFound()
        most = _ROWS_OF_A_PREVIEW
        short = tuple(replace(table, rows=table.rows[:most], sources=()) for table in content.tables)
        docx = _press(session, row, replace(content, tables=short), number=row.number or "").docx
    folder = _previews() / hashlib.sha256(docx).hexdigest()
    try:
        found = office_suite.pictures_of(docx, folder)
    except office_suite.RenderingFailed:
        raise NotFound() from None
    if not 1 <= page <= len(found):
        raise NotFound()
    return send_file(found[page - 1], mimetype="image/png", etag=False)


def _previews() -> Path:
    return services().settings.data_dir.resolve() / "previews"


def _sent(content: bytes, name: str, media_type: str) -> ResponseReturnValue:
    return send_file(BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name, etag=False)


def _visible(session: Session, circular_id: int) -> CircularRow:
    """Return an edition that this person may see: published ones everybody, others the office and the leader."""
    row = find(session, circular_id=circular_id)
    if row.state not in PUBLISHED and actor().role not in _MAKERS:
        raise NotFound()
    return row


def _content(session: Session, row: CircularRow) -> Content | None:
    """Compute the figures again; None for circulars of a time before the log told series and forms."""
    since = reckoned_since(session)
    if not row.last_event or (since is not None and row.as_of < since):
        return None
    return content_of(session, row, calendar=services().calendar)


def _press(session: Session, row: CircularRow, content: Content, *, number: str = "") -> Printed:
    head = letterhead(CircularType(row.type), office=row.office)
    statements = tuple((int(str(level)), str(words)) for level, words in row.statements)
    worded = Draft(row.title, row.addressees, row.copies, row.note, statements)
    day = local_day(row.issued_at or services().clock.now())
    if row.layout_id is not None:
        layout = session.get_one(CircularTemplateRow, row.layout_id)
        document = compose(worded, content, head, number=number, dated_on=day, urgency=row.urgency)
        docx = fill_template(template_bytes(services().evidence, layout), document)
        return Printed(docx, (f"按自制模板“{layout.name}”排版，版式由模板决定。",), ())
    page_lines = office_suite.page_lines if number and office_suite.is_present() else None
    return press(worded, content, head, number=number, dated_on=day, urgency=row.urgency, page_lines=page_lines)


def _stretches(words: str, content: Content | None) -> list[Stretch]:
    """Cut a sentence into words and figures."""
    found, rest = [], words
    for key in tokens(words):
        before, _, rest = rest.partition(f"{{{key}}}")
        figure = content.figures.get(key) if content else None
        found += [Stretch(before), Stretch(figure.words if figure else "（见印发件）", key)]
    return [stretch for stretch in [*found, Stretch(rest)] if stretch.words]


def _placed(row: CircularRow, content: Content) -> list[tuple[str, Figure]]:
    """Say of every figure in the text and of every row of the annexes where it stands."""
    placed = []
    for place, (_, words) in enumerate(row.statements, 1):
        placed += [(f"第{place}段", content.figures[key]) for key in dict.fromkeys(tokens(str(words)))]
    for table in content.tables:
        for place, (cells, source) in enumerate(zip(table.rows, table.sources, strict=True), 1):
            placed.append((f"附件第{place}行", Figure("", cells[2], table.title, (source,))))
    return placed
