"""Tasks without a document: a short form, the template of a ledger; and a document's tasks as an Excel table."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.domain.accounts import Role
from tracker.domain.audiences import may_read_sources
from tracker.domain.circulars.content import Scope
from tracker.domain.downloads import XLSX, Fetched
from tracker.domain.entered import number_text, read_day
from tracker.domain.errors import NotFound
from tracker.domain.items import printed_label
from tracker.domain.ledgers import LedgerEntry, LedgerHead, draft_from_ledger
from tracker.domain.readings.item import Item
from tracker.domain.readings.reading import Reading
from tracker.domain.responsibility import NamedUnit, Responsibility, responsibility
from tracker.gateways.ledger_files import NAMED_RHYTHMS, Cell, template, workbook
from tracker.intake.written_down import with_numbers
from tracker.store.history.facts import facts_as_of
from tracker.store.queries.documents import DocumentView, document_view
from tracker.store.queries.registered_items import Registered, registered_items
from tracker.usecases.drafting import upload_draft
from tracker.web.access import EVERYBODY, actor, allow, services, viewer
from tracker.web.downloads import send_made
from tracker.web.draft_items import names_of
from tracker.web.forms import Form, OptionalDay, Texts, Words, read_form
from tracker.wording.catalogue import CADENCES, ITEM_KINDS
from tracker.wording.codes import STATE_NAMES
from tracker.wording.form_options import SIGNS

pages = Blueprint("ledgers", __name__)
_SOURCES = ("会议议定事项", "领导批示", "其他交办")
_ROWS = 5
_BREAKDOWN = (
    "序号",
    "事项",
    "类别",
    "牵头（责任）单位",
    "配合（其他责任）单位",
    "集体",
    "文件规定频次",
    "时限",
    "目标",
    "状态",
)
_WIDTHS = (12, 50, 10, 22, 36, 24, 16, 12, 30, 10)


class HeadForm(Form):
    source: Words = Field(title="来源")
    number: Words = Field(title="文号")
    title: Words = Field(title="名称")
    issued_on: OptionalDay = Field(title="成文日期")


class EntriesForm(Form):
    """The lines of the short form, column by column."""

    words: Texts = Field(title="事项")
    leads: Texts = Field(title="牵头单位")
    supports: Texts = Field(title="协办单位")
    due_on: Texts = Field(title="时限")
    rhythm: Texts = Field(title="报送")


@pages.get("/ledgers")
@allow(Role.SUPERVISOR)
def form() -> ResponseReturnValue:
    return render_template("web/drafts/ledger.html", sources=_SOURCES, rows=_ROWS, rhythms=list(NAMED_RHYTHMS))


@pages.post("/ledgers")
@allow(Role.SUPERVISOR)
def write_down() -> ResponseReturnValue:
    """Make a draft of the tasks in the short form."""
    draft = draft_from_ledger(_head(), _entries())
    return _keep(draft, file_name=read_form(HeadForm).source, sha256="")


@pages.get("/ledgers/template.xlsx")
@allow(Role.SUPERVISOR)
def empty_ledger() -> ResponseReturnValue:
    return send_made(template(), name="台账导入模板.xlsx", media_type=XLSX, what=Fetched.EMPTY_LEDGER, of=None)


@pages.get("/documents/<int:document_id>/breakdown.xlsx")
@allow(*EVERYBODY)
def as_table(document_id: int) -> ResponseReturnValue:
    """Return the tasks of a document 「任务分解表」 as a workbook."""
    with services().database.reading() as session:
        view = document_view(session, document_id=document_id, viewer=viewer(session))
        if view is None:
            raise NotFound()
        registered = registered_items(session, number=view.line.number)
        facts = facts_as_of(session, as_of=services().clock.now(), scope=Scope(document=view.line.number))
    named = {task.item_code: task.named for task in facts.tasks}
    rows = _table(view, registered, named)
    # A task's state is for its units, the office and the leaders; the table has the states of all in its last column.
    shown = len(_BREAKDOWN) if may_read_sources(actor().role) else _BREAKDOWN.index("状态")
    made = workbook(
        [row[:shown] for row in rows], title="任务分解表", columns=_BREAKDOWN[:shown], widths=_WIDTHS[:shown]
    )
    name = f"任务分解表{view.line.number}.xlsx"
    return send_made(made, name=name, media_type=XLSX, what=Fetched.BREAKDOWN, of=document_id)


def _keep(draft: Reading, *, file_name: str, sha256: str) -> ResponseReturnValue:
    with services().database.transaction() as session:
        draft_id = upload_draft(
            session,
            with_numbers(draft),
            file_name=file_name,
            file_sha256=sha256,
            actor=actor(),
            at=services().clock.now(),
        )
    flash(f"已登记{len(draft.items)}个事项，核对后由另一位督查员立项。")
    return redirect(url_for("drafts.show", draft_id=draft_id), 303)


def _head() -> LedgerHead:
    form = read_form(HeadForm)
    return LedgerHead(form.source or "台账", form.number, form.title, form.issued_on)


def _entries() -> list[LedgerEntry]:
    form = read_form(EntriesForm)
    columns = (form.words, form.leads, form.supports, form.due_on, form.rhythm)
    return [
        _entry(row, *fields) for row, fields in enumerate(zip(*columns, strict=False), start=1) if fields[0].strip()
    ]


def _entry(row: int, words: str, leads: str, supports: str, due_on: str, rhythm: str) -> LedgerEntry:
    day = _day(due_on, f"第{row}行时限")
    return LedgerEntry(words.strip(), names_of(leads), names_of(supports), day, NAMED_RHYTHMS.get(rhythm))


def _day(text: str, field: str) -> date | None:
    if not text.strip():
        return None
    return read_day(text, field=field)


def _table(view: DocumentView, registered: Registered, named: Mapping[str, Responsibility]) -> list[list[Cell]]:
    """Return a row an item; `named` says whom it binds by what became of it, else it is as the document has it."""
    states = {item.code: STATE_NAMES["task", item.task_state] for item in view.items if item.task_state}
    return [
        _row(item, states.get(item.code, ""), named.get(item.code) or _as_registered(item, registered.names))
        for reading in registered.readings
        for item in reading.items
    ]


def _as_registered(item: Item, names: Mapping[str, str]) -> Responsibility:
    return responsibility(
        basis=item.lead_basis,
        printed=[NamedUnit(lead.printed, names[lead.code]) for lead in item.leads],
        assigned=[NamedUnit(names[lead.code], names[lead.code]) for lead in item.assigned_leads],
        supports=[NamedUnit(unit.printed, names[unit.code]) for unit in item.supports],
        groups=[group.printed for group in item.groups],
    )


def _row(item: Item, state: str, named: Responsibility) -> list[Cell]:
    groups = [group.printed for group in item.groups]
    rhythms = [CADENCES[cadence.kind.value] for cadence in item.cadences]
    return [
        printed_label(item.label),
        item.title,
        ITEM_KINDS[item.kind.value],
        "、".join(named.leads),
        "、".join(name for name in named.supports if name not in groups),
        "、".join(groups),
        "、".join(dict.fromkeys(rhythms)),
        item.deadline.on if item.deadline else "",
        "；".join(f"{t.metric}{SIGNS[t.op]}{number_text(t.value)}{t.unit or ''}" for t in item.targets),
        state,
    ]
