"""Exports of lists of projects 「导入」: put in, held against the records cell by cell, then taken over or left."""

from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound
from tracker.domain.projects.frames import Frame
from tracker.domain.projects.imports import (
    CellFault,
    ImportFaulty,
    ImportPlan,
    OtherPeriod,
    RowPlan,
    other_periods,
    plan_import,
    shown_marks,
)
from tracker.domain.projects.lists import kept_by
from tracker.domain.projects.records import first_day, month_of
from tracker.domain.projects.strange import StrangeValues, beside_row, strange_rows
from tracker.gateways.project_sheets import ReadExport, kept_rows, parse_export, read_export
from tracker.gateways.upload_inspection import EmptyFile, clean_name
from tracker.store.queries.projects import EVERY_PROJECT, project_import, project_imports, projects
from tracker.store.queries.registry import unit_registry
from tracker.store.tables.projects import ProjectImportRow
from tracker.usecases.project_exports import Export, put_export, take_export
from tracker.web.access import actor, allow, services
from tracker.web.forms import Form, Ids, Tick, read_form
from tracker.web.parts import sent_fields
from tracker.web.project_acts import ACTORS
from tracker.web.project_forms import ExportForm
from tracker.web.project_readers import counties, keeper, month_to_tell
from tracker.web.projects import list_names
from tracker.web.scoring_since import flash_entered
from tracker.web.uploads import keep_upload
from tracker.wording.projects import (
    COLUMN_WORDS,
    contradiction_words,
    difference_words,
    fault_words,
    money_words,
    month_words,
)

pages = Blueprint("project_imports", __name__)
_LARGEST_BYTES = 20 * 1024 * 1024
_SHOWN = 20


@pages.get("/projects/imports")
@allow(*ACTORS)
def form() -> ResponseReturnValue:
    with services().database.reading() as session:
        own = kept_by(keeper(session), services().project_lists)
        earlier = project_imports(session, lists=[one.code for one in own], limit=_SHOWN)
        month = month_to_tell(session)
    if not own:
        raise NotFound()
    return render_template(
        "web/projects/imports.html",
        own_lists=list_names(own),
        earlier=earlier,
        month=month,
        columns=COLUMN_WORDS.values(),
    )


@pages.post("/projects/imports")
@allow(*ACTORS)
def put_in() -> ResponseReturnValue:
    """Keep an export and show what it would do; no project is touched."""
    form, file = read_form(ExportForm), request.files.get("file")
    if file is None or not file.filename:
        raise EmptyFile()
    name = clean_name(file.filename)
    with services().database.reading() as session:
        named = _unit_named(session)

    def inspect(path: Path) -> None:
        read_export(path, name=name, unit_named=named)

    stored = keep_upload(file, inspect=inspect, max_bytes=_LARGEST_BYTES)
    frame = Frame.of(services().project_lists.need(form.list), form.month, first_day(form.since))
    export = Export(frame, form.source, name, stored.sha256, stored.size_bytes)
    with services().database.transaction() as session:
        import_id = put_export(
            session, export, lists=services().project_lists, actor=actor(), at=services().clock.now()
        )
    return redirect(url_for("project_imports.show", import_id=import_id), 303)


@pages.get("/projects/imports/<int:import_id>")
@allow(*ACTORS)
def show(import_id: int) -> ResponseReturnValue:
    """Show what an export would do to each project, and every cell that cannot be taken."""
    put, read = _read(import_id)
    with services().database.reading() as session:
        plan = _plan(session, put, read)
        names = {code: unit.short_name for code, unit in counties(session).items()}
    faults = _faults(read, plan)
    return render_template(
        "web/projects/import.html",
        put=put,
        plan=plan,
        shown=shown_marks(plan),
        others=other_periods(read.periods, _frame(put)),
        unknown=read.unknown,
        read_columns=[COLUMN_WORDS[one] for one in read.columns],
        faults=[fault_words(one) for one in faults],
        counties=names,
        off=[one for one in plan.rows if one.off],
        changes=[_shown(one, _frame(put)) for one in plan.rows if one.differences],
        strange=strange_rows(plan, _frame(put)),
        list_name="、".join(services().project_lists.names({put.list})),
    )


def _shown(plan: RowPlan, frame: Frame) -> tuple[RowPlan, list[str], str, list[str]]:
    """Return a row with what it changes, the value of the year before its month, and what is asked back."""
    beside = beside_row(plan, frame)
    former = f"{month_words(beside.former[0])}累计{money_words(beside.former[1])}万元" if beside.former else ""
    strange = [contradiction_words(one) for one in beside.strange]
    return plan, [difference_words(one) for one in plan.differences], former, strange


class TakeForm(Form):
    """Beside the marks of the plan that the page showed, `was`, which nobody writes."""

    other_period: Tick = Field(title="列名所写的时间")
    strange_values: Tick = Field(title="须核对的数值")
    back: Ids = Field(title="重新列入")


@pages.post("/projects/imports/<int:import_id>/take")
@allow(*ACTORS)
def take(import_id: int) -> ResponseReturnValue:
    """Take over all rows of an export, or none."""
    put, read = _read(import_id)
    if read.faults:
        raise ImportFaulty(count=len(read.faults))
    form = read_form(TakeForm)
    if (others := other_periods(read.periods, _frame(put))) and not form.other_period:
        raise OtherPeriod(heads="、".join(one.text for one in others))
    with services().database.reading() as session:
        strange = strange_rows(_plan(session, put, read), _frame(put))
    if strange and not form.strange_values:
        raise StrangeValues(count=strange)
    with services().database.transaction() as session:
        plan = take_export(
            session,
            import_id,
            read.rows,
            frame=_frame(put),
            lists=services().project_lists,
            actor=actor(),
            at=services().clock.now(),
            shown=sent_fields().get("was", ""),
            back=form.back,
        )
    new = sum(one.is_new for one in plan.rows)
    changed = sum(bool(one.differences) and not one.is_new for one in plan.rows)
    flash_entered(f"已导入：新增{new}个，更新{changed}个，其余{len(plan.rows) - new - changed}个没有变化。")
    return redirect(url_for("projects.index", list=put.list, month=str(_frame(put).month)), 303)


def _read(import_id: int) -> tuple[ProjectImportRow, ReadExport]:
    """Return an export of a list that the viewer keeps, read anew from its file."""
    with services().database.reading() as session:
        put, named = project_import(session, import_id), _unit_named(session)
        own = {one.code for one in kept_by(keeper(session), services().project_lists)}
    if put is None or put.list not in own:
        raise NotFound()
    services().evidence.verify(put.sha256)
    return put, parse_export(kept_rows(services().evidence.path(put.sha256)), unit_named=named)


def _plan(session: Session, put: ProjectImportRow, read: ReadExport) -> ImportPlan:
    known, today = projects(session, scope=EVERY_PROJECT), local_day(services().clock.now())
    return plan_import(read.rows, known, frame=_frame(put), today=today)


def _frame(put: ProjectImportRow) -> Frame:
    return Frame.of(services().project_lists.need(put.list), month_of(put.month), put.since)


def _faults(read: ReadExport, plan: ImportPlan) -> list[CellFault]:
    return [*read.faults, *plan.faults]


def _unit_named(session: Session) -> Callable[[str], str | None]:
    """Return what gives the code of a county that is evaluated by any of its names, the city's before it or not."""
    registry, evaluated = unit_registry(session, groups=services().groups), counties(session)

    def named(text: str) -> str | None:
        for name in (text, text.removeprefix("驻马店市"), f"市{text}", f"{text}人民政府", f"{text}管委会"):
            unit = registry.resolve(name)
            if unit is not None and unit.code in evaluated:
                return unit.code
        return None

    return named
