"""A liaison reports on a period; the head of the unit signs or sends back; either asks for more time."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select
from werkzeug.datastructures import FileStorage

from tracker.domain.errors import BadInput, NotFound, Rejected
from tracker.domain.reports import NilReason, ReportKind
from tracker.gateways.upload_inspection import clean_name, inspect_upload
from tracker.messages import period_label, sentence
from tracker.store.queries.tasks import TaskPeriod, TaskReport, TaskView, task_view
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.tasks import AssignmentRow, PeriodRow
from tracker.usecases.extensions import RequestExtension, request_extension
from tracker.usecases.reporting import AttachedFile, SubmitReport, submit_report
from tracker.web.access import UNITS, actor, allow, services
from tracker.web.catalogue import NIL_REASONS

pages = Blueprint("reporting", __name__)
LARGEST_FILE_BYTES = 50 * 1024 * 1024


class NotANumber(BadInput):
    """A value is no number; facts: field, value."""

    code = "not_a_number"


class DeclarationMissing(BadInput):
    """Files came without the declaration that they hold no state secret."""

    code = "declaration_missing"


class NotADay(BadInput):
    """A day is not written as one; facts: value."""

    code = "not_a_day"


@dataclass(frozen=True, slots=True)
class FormView:
    task: TaskView
    period: TaskPeriod
    period_name: str
    last: TaskReport | None
    targets: tuple[ItemTargetRow, ...]
    nil_reasons: dict[str, str]


@pages.get("/periods/<int:period_id>/report")
@allow(*UNITS)
def form(period_id: int) -> ResponseReturnValue:
    with services().database.reading() as session:
        view = _form_view(session, period_id)
    return render_template("web/reporting/form.html", view=view, refused=None, given={}, had_files=False)


@pages.post("/periods/<int:period_id>/report")
@allow(*UNITS)
def submit(period_id: int) -> ResponseReturnValue:
    """File the report; a refused one comes back with its reason and everything that was written."""
    try:
        _submit(period_id)
    except (BadInput, Rejected) as error:
        with services().database.reading() as session:
            view = _form_view(session, period_id)
        refused = sentence(error)
        status = 400 if isinstance(error, BadInput) else 409
        given = {"given": request.form, "had_files": bool(_uploads())}
        return render_template("web/reporting/form.html", view=view, refused=refused, **given), status
    flash("已送单位负责人审签。")
    return redirect(url_for("login.home"), 303)


def _submit(period_id: int) -> None:
    nil = request.form.get("kind") == ReportKind.NIL.value
    files = _received_files()
    with services().database.transaction() as session:
        period = _own_period(session, period_id)
        command = SubmitReport(
            assignment_id=period.assignment_id,
            period_id=period_id,
            kind=ReportKind.NIL if nil else ReportKind.PROGRESS,
            text=request.form.get("text", ""),
            percent_done=_whole("percent_done"),
            nil_reason=_nil_reason() if nil else None,
            values=_values(),
            files=files,
        )
        submit_report(session, command, actor=actor(), at=services().clock.now())


@pages.post("/periods/<int:period_id>/extension")
@allow(*UNITS)
def ask_for_time(period_id: int) -> ResponseReturnValue:
    command = RequestExtension(period_id, _day("new_due_on"), request.form.get("reason", ""))
    with services().database.transaction() as session:
        request_extension(session, command, actor=actor(), at=services().clock.now())
    flash("延期申请已送督查室，批复前灯不变差。")
    return redirect(url_for("login.home"), 303)


def _received_files() -> list[AttachedFile]:
    """Put what was uploaded into the evidence store before any transaction begins; a file alone harms nobody."""
    uploads = _uploads()
    if uploads and request.form.get("not_secret") != "yes":
        raise DeclarationMissing()
    return [_receive(upload) for upload in uploads]


def _uploads() -> list[FileStorage]:
    return [upload for upload in request.files.getlist("evidence") if upload.filename]


def _receive(upload: FileStorage) -> AttachedFile:
    name = clean_name(upload.filename or "")
    media_types: list[str] = []

    def inspect(path: Path) -> None:
        media_types.append(inspect_upload(path, name))

    stored = services().evidence.store(cast(BinaryIO, upload.stream), max_bytes=LARGEST_FILE_BYTES, inspect=inspect)
    return AttachedFile(stored.sha256, name, stored.size_bytes, media_types[0])


def _form_view(session: Session, period_id: int) -> FormView:
    row = _own_period(session, period_id)
    assignment = session.get_one(AssignmentRow, row.assignment_id)
    task = task_view(session, task_id=assignment.task_id, unit_id=assignment.unit_id)
    assert task is not None
    period = next(period for period in task.periods if period.period_id == period_id)
    wanted = select(ItemTargetRow).where(col(ItemTargetRow.item_id) == task.head.item_id)
    return FormView(
        task=task,
        period=period,
        period_name=period_label(period.code),
        last=next(iter(task.reports), None),
        targets=tuple(session.exec(wanted.order_by(col(ItemTargetRow.position)))),
        nil_reasons=NIL_REASONS,
    )


def _own_period(session: Session, period_id: int) -> PeriodRow:
    period = session.get(PeriodRow, period_id)
    if period is None or session.get_one(AssignmentRow, period.assignment_id).unit_id != actor().unit_id:
        raise NotFound()
    return period


def _nil_reason() -> NilReason | None:
    value = request.form.get("nil_reason", "")
    return NilReason(value) if value in set(NilReason) else None


def _whole(name: str) -> int | None:
    value = request.form.get(name, "").strip()
    if not value:
        return None
    try:
        return int(value)
    except ValueError:
        raise NotANumber(field="完成比例", value=value) from None


def _values() -> dict[int, float]:
    values = {}
    for name, text in request.form.items():
        if name.startswith("target-") and name.removeprefix("target-").isdigit() and text.strip():
            try:
                values[int(name.removeprefix("target-"))] = float(text.strip())
            except ValueError:
                raise NotANumber(field="指标值", value=text) from None
    return values


def _day(name: str) -> date:
    value = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise NotADay(value=value) from None
