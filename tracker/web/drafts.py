"""The workbench 「文件拆解」: upload, draft, corrections, approval by a second person."""

from functools import partial
from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session
from werkzeug.datastructures import FileStorage

from tracker.domain.accounts import Role
from tracker.domain.entered import clean_words
from tracker.domain.errors import NotFound
from tracker.domain.quoting import quoted
from tracker.domain.readings.lessons import NOTHING, Lessons, LessonUnclear
from tracker.domain.units import UnitKind, UnitRegistry
from tracker.gateways.document_files import read_document_file
from tracker.gateways.evidence_files import StoredFile
from tracker.gateways.upload_inspection import EmptyFile, clean_name
from tracker.intake import read_documents
from tracker.intake.strange_labels import strange_labels
from tracker.store.queries.draft_groups import known_groups, units_by_kind
from tracker.store.queries.drafts import draft_view, entered_as, open_drafts
from tracker.store.queries.lessons import standing_lessons
from tracker.store.queries.registry import unit_registry
from tracker.usecases.drafting import correct, discard_draft, register_alias, register_unit, upload_draft
from tracker.usecases.registering import approve_draft
from tracker.usecases.teaching import correct_and_teach, teach_names
from tracker.web.access import actor, allow, services
from tracker.web.demand_rows import demand_rows
from tracker.web.draft_forms import Correction, UnknownCorrection, read_correction
from tracker.web.draft_items import shown_fields
from tracker.web.draft_pages import page_of
from tracker.web.form_fields import asked_id, asked_page, read_id
from tracker.web.forms import FieldMissing, Form, Reason, Texts, Version, read_form
from tracker.web.uploads import keep_upload
from tracker.wording.catalogue import BEARERS, CADENCES, ITEM_KINDS, LABEL_ROLES, MEASURES, SPAN_ROLES

_LATER = "later"
pages = Blueprint("drafts", __name__)


class VersionForm(Form):
    version: Version = Field(title="版次")


class NamesForm(VersionForm):
    """Names that nobody knows, and for each what it stands for; in this issuer's documents only where it is `here`."""

    name: Texts = Field(title="名称")
    choice: Texts = Field(title="对应单位")
    here: Texts = Field(title="限本发文机关的文件")


class ApprovalForm(VersionForm):
    basis: Reason = Field(title="批准人及依据")


class DiscardForm(VersionForm):
    reason: Reason = Field(title="理由")


@pages.get("/drafts")
@allow(Role.SUPERVISOR)
def index() -> ResponseReturnValue:
    with services().database.reading() as session:
        return render_template("web/drafts/index.html", drafts=open_drafts(session))


@pages.post("/drafts")
@allow(Role.SUPERVISOR)
def upload() -> ResponseReturnValue:
    """Read an uploaded file; nothing is kept unless it holds a document with items."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise EmptyFile()
    name = clean_name(file.filename)
    texts: list[str] = []
    stored = _store(file, name, texts)
    drafts = read_documents(texts[0], lessons=_lessons())
    with services().database.transaction() as session:
        ids = [
            upload_draft(
                session, draft, file_name=name, file_sha256=stored.sha256, actor=actor(), at=services().clock.now()
            )
            for draft in drafts
        ]
    flash(f"读出{len(drafts)}件文件、{sum(len(draft.items) for draft in drafts)}个事项，请逐项核对。")
    return redirect(url_for("drafts.show", draft_id=ids[0]) if len(ids) == 1 else url_for("drafts.index"), 303)


@pages.get("/drafts/<int:draft_id>")
@allow(Role.SUPERVISOR)
def show(draft_id: int) -> ResponseReturnValue:
    with services().database.reading() as session:
        registry = _registry(session)
        view = draft_view(session, draft_id=draft_id, registry=registry)
        lessons = standing_lessons(session)
    if view is None:
        raise NotFound()
    if view.state != "open":
        return redirect(url_for("drafts.index"))
    label, item = clean_words(request.args.get("label", "")), asked_id("item")
    page = page_of(view, number=asked_page(), item=None if item is None else item - 1, label=label)
    return render_template(
        "web/drafts/draft.html",
        view=view,
        page=page,
        sought=label,
        kinds=units_by_kind(registry) if view.groups else (),
        known_groups=known_groups(registry) if view.groups else (),
        may_approve=(actor().user_id or 0) not in view.hands,
        item_kinds=ITEM_KINDS,
        cadence_kinds=CADENCES,
        span_roles=SPAN_ROLES,
        shown_fields=shown_fields,
        demand_rows=demand_rows,
        bearer_names=BEARERS,
        measure_names=MEASURES,
        strange_labels=partial(strange_labels, known=lessons.get(view.draft.issuer or "", NOTHING).labels),
        label_roles=LABEL_ROLES,
    )


@pages.post("/drafts/<int:draft_id>/correct")
@allow(Role.SUPERVISOR)
def correct_draft(draft_id: int) -> ResponseReturnValue:
    words = {name: clean_words(text) for name, text in request.form.items()}
    asked = read_correction(words, registry=_known_units, lessons=_lessons)
    version, at = read_form(VersionForm).version, services().clock.now()
    with services().database.transaction() as session:
        if asked.teaches and asked.place is not None:
            others = correct_and_teach(
                session,
                asked.change,
                asked.teaches,
                draft_id=draft_id,
                version=version,
                act=asked.act,
                place=asked.place,
                registry=_registry(session),
                actor=actor(),
                at=at,
            )
            said = f"{asked.done}{_taught(others)}"
        else:
            changed = correct(
                session,
                asked.change,
                draft_id=draft_id,
                version=version,
                act=asked.act,
                place=asked.place,
                about=asked.about,
                actor=actor(),
                at=at,
            )
            said = asked.done if changed else "没有改动，草稿不变。"
    flash(said)
    return redirect(_next_place(draft_id, asked), 303)


def _taught(others: int) -> str:
    also = f"，本件另有{others}项一并更正" if others else ""
    return f"同一发文机关以后的文件照此识别{also}。"


def _next_place(draft_id: int, asked: Correction) -> str:
    """Return where work goes on: after an item was found right with the next in doubt, else where one was."""
    if asked.act == "confirm":
        return url_for("drafts.show", draft_id=draft_id, page=asked_page(), _anchor="items")
    if asked.place is not None:
        return url_for("drafts.show", draft_id=draft_id, item=asked.place + 1, _anchor=f"e{asked.place}")
    return url_for("drafts.show", draft_id=draft_id, _anchor=asked.anchor)


@pages.post("/drafts/<int:draft_id>/units")
@allow(Role.SUPERVISOR)
def enter_units(draft_id: int) -> ResponseReturnValue:
    """Enter names that nobody knows: each as another name of a unit, everywhere or in this issuer's documents, or as a
    new unit; all of them or none.
    """
    form = read_form(NamesForm)
    chosen = {name.strip(): choice for name, choice in zip(form.name, form.choice, strict=False)}
    here = {name: _unit_id(chosen[name]) for name in map(str.strip, form.here) if name in chosen}
    with services().database.transaction() as session:
        rest = ((name, choice) for name, choice in chosen.items() if name not in here)
        entered = [one for name, choice in rest if (one := _enter_unit(session, name, choice))]
        if here:
            teach_names(
                session,
                here,
                draft_id=draft_id,
                version=form.version,
                registry=_registry(session),
                actor=actor(),
                at=services().clock.now(),
            )
    told = "；".join([*entered, *(f"{quoted(name)}限同一发文机关的文件" for name in here)])
    flash(f"已登记{len(entered) + len(here)}个单位名称{'：' if told else ''}{told}。")
    return redirect(url_for("drafts.show", draft_id=draft_id), 303)


def _unit_id(choice: str) -> int:
    """Return which unit was chosen for a name. Raises LessonUnclear where none was."""
    what, _, value = choice.partition(":")
    unit_id = read_id(value) if what == "unit" else None
    if unit_id is None:
        raise LessonUnclear()
    return unit_id


def _enter_unit(session: Session, name: str, choice: str) -> str:
    """Enter one name and say as what; nothing where it is left for later. Raises FieldMissing, UnknownCorrection."""
    what, _, value = choice.partition(":")
    now = services().clock.now()
    unit_id = read_id(value) if what == "unit" else None
    if unit_id is not None:
        register_alias(session, name=name, unit_id=unit_id, actor=actor(), at=now)
    elif what == "kind" and value in set(UnitKind):
        register_unit(session, name=name, kind=UnitKind(value), actor=actor(), at=now)
    elif not choice:
        raise FieldMissing(field=f"{quoted(name)}登记为")
    elif choice != _LATER:
        raise UnknownCorrection()
    return entered_as(session, name) if choice != _LATER else ""


@pages.post("/drafts/<int:draft_id>/approve")
@allow(Role.SUPERVISOR)
def approve(draft_id: int) -> ResponseReturnValue:
    form = read_form(ApprovalForm)
    with services().database.transaction() as session:
        document_id = approve_draft(
            session,
            draft_id=draft_id,
            version=form.version,
            basis=form.basis,
            registry=_registry(session),
            actor=actor(),
            at=services().clock.now(),
        )
    flash("已立项，可以交办。")
    return redirect(url_for("documents.show", document_id=document_id), 303)


@pages.post("/drafts/<int:draft_id>/discard")
@allow(Role.SUPERVISOR)
def discard(draft_id: int) -> ResponseReturnValue:
    form, at = read_form(DiscardForm), services().clock.now()
    with services().database.transaction() as session:
        discard_draft(session, draft_id=draft_id, version=form.version, reason=form.reason, actor=actor(), at=at)
    flash("草稿已作废。")
    return redirect(url_for("drafts.index"), 303)


def _store(file: FileStorage, name: str, texts: list[str]) -> StoredFile:
    def inspect(path: Path) -> None:
        texts.append(read_document_file(path, name=name))

    return keep_upload(file, inspect=inspect)


def _lessons() -> Lessons:
    with services().database.reading() as session:
        return standing_lessons(session)


def _known_units() -> UnitRegistry:
    with services().database.reading() as session:
        return _registry(session)


def _registry(session: Session) -> UnitRegistry:
    return unit_registry(session, groups=services().groups)
