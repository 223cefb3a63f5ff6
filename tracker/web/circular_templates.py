"""Templates of the office 「自制模板」: upload a Word file with fields, checked, tried out, offered, retired."""

import hashlib
from pathlib import Path
from typing import Annotated, Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from werkzeug.datastructures import FileStorage

from tracker.domain.accounts import Role
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.downloads import DOCX, Fetched
from tracker.domain.errors import NotFound
from tracker.domain.quoting import quoted
from tracker.editions import check_usable, template_bytes
from tracker.gateways import office_suite
from tracker.gateways.bounded import read_bounded
from tracker.gateways.upload_inspection import EmptyFile
from tracker.paper.office_templates import FIELDS, LARGEST_BYTES, TemplateRefused, fill_template, inspect_template_file
from tracker.paper.template_samples import sample as sample_of
from tracker.store.queries.circulars import offered_templates
from tracker.store.tables.circulars import CircularTemplateRow
from tracker.usecases.circular_templates import keep_template, retire_template
from tracker.web.access import actor, allow, services
from tracker.web.downloads import send_made
from tracker.web.forms import Form, Words, one_of, read_form
from tracker.web.uploads import keep_upload
from tracker.wording.codes import CIRCULAR_NAMES

pages = Blueprint("circular_templates", __name__)


class TemplateForm(Form):
    type: Annotated[CircularType, one_of(CircularType)] = Field(title="文种")
    name: Words = Field(title="模板名称")


@pages.get("/circulars/templates")
@allow(Role.SUPERVISOR)
def index() -> ResponseReturnValue:
    with services().database.reading() as session:
        offered = offered_templates(session)
    return render_template(
        "web/circulars/templates.html",
        offered=offered,
        fields=FIELDS,
        types=list(CIRCULAR_NAMES.items()),
        draws_pages=office_suite.is_present(),
    )


@pages.post("/circulars/templates")
@allow(Role.SUPERVISOR)
def upload() -> ResponseReturnValue:
    """Check a template whole before anything is kept."""
    file: FileStorage | None = request.files.get("file")
    if file is None or not file.filename:
        raise EmptyFile()
    form = read_form(TemplateForm)
    if not file.filename.strip().lower().endswith(".docx"):  # one for macros is no template, whatever it holds
        raise TemplateRefused(faults="模板须是Word文件（.docx），请用Word另存为该格式。")
    fields: list[str] = []

    def inspect(path: Path) -> None:
        found: Any = read_bounded(inspect_template_file, str(path.resolve()))  # a pair of lists, by way of JSON
        if found[1]:
            raise TemplateRefused(faults="".join(found[1]))
        fields.extend(found[0])

    stored = keep_upload(file, max_bytes=LARGEST_BYTES, inspect=inspect)
    name = form.name.strip() or Path(file.filename).stem
    with services().database.transaction() as session:
        at = services().clock.now()
        keep_template(session, kind=form.type, name=name, sha256=stored.sha256, fields=fields, actor=actor(), at=at)
    flash(f"模板{quoted(name)}已保存，可先看样张，再在拟稿时选用。")
    return redirect(url_for("circular_templates.index"), 303)


@pages.post("/circulars/templates/<int:template_id>/retire")
@allow(Role.SUPERVISOR)
def retire(template_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        retire_template(session, template_id=template_id, actor=actor(), at=services().clock.now())
    flash("模板已停用，用它拟过的文稿不受影响。")
    return redirect(url_for("circular_templates.index"), 303)


@pages.get("/circulars/templates/<int:template_id>/sample")
@allow(Role.SUPERVISOR)
def sample(template_id: int) -> ResponseReturnValue:
    """Send the template filled with sample words."""
    name, docx = _sample(template_id)
    return send_made(docx, name=f"{name}（样张）.docx", media_type=DOCX, what=Fetched.TEMPLATE, of=template_id)


@pages.get("/circulars/templates/<int:template_id>/page")
@allow(Role.SUPERVISOR)
def page(template_id: int) -> ResponseReturnValue:
    """Send the first page of the sample as LibreOffice draws it."""
    if not office_suite.is_present():
        raise NotFound()
    _, docx = _sample(template_id)
    folder = services().settings.data_dir.resolve() / "previews" / hashlib.sha256(docx).hexdigest()
    try:
        found = sorted(folder.glob("page-*.png")) or office_suite.page_pictures(office_suite.to_pdf(docx), folder)
    except office_suite.RenderingFailed:
        raise NotFound() from None
    if not found:
        raise NotFound()
    return send_file(found[0], mimetype="image/png", etag=False)


def _sample(template_id: int) -> tuple[str, bytes]:
    with services().database.reading() as session:
        row = session.get(CircularTemplateRow, template_id)
        if row is None:
            raise NotFound()
    check_usable(services(), template_id)
    docx, name, kind = template_bytes(services().evidence, row), row.name, CircularType(row.type)
    return name, fill_template(docx, sample_of(kind))
