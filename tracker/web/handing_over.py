"""Hand-over 「移交」 of somebody's open work, and its sheet 「交接单」."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.domain.absences import WITH_DEPUTIES
from tracker.domain.accounts import Role
from tracker.domain.downloads import Fetched
from tracker.domain.errors import NotFound
from tracker.domain.handovers import OpenKind, OpenLine, read_kept
from tracker.gateways.ledger_files import workbook
from tracker.store.queries.handovers import Sheet, sheet
from tracker.usecases.handing_over import hand_over as hand_over_work
from tracker.web.absences import KEEPERS
from tracker.web.access import actor, allow, services
from tracker.web.downloads import XLSX, send_made
from tracker.web.forms import Form, Id, Reason, read_form
from tracker.web.presentation import clock_words
from tracker.wording.moments import due_words
from tracker.wording.open_work import OPEN_NAMES

pages = Blueprint("handing_over", __name__)
_COLUMNS, _WIDTHS = ("序号", "类别", "事项", "时限"), (8, 14, 70, 20)


class HandOverForm(Form):
    to_id: Id = Field(title="接收人")
    why: Reason = Field(title="移交事由")


@pages.post("/people/<int:user_id>/hand-over")
@allow(*KEEPERS)
def hand_over(user_id: int) -> ResponseReturnValue:
    """Hand over; the sheet is for the people and their head, who reads what the work is about."""
    form = read_form(HandOverForm)
    with services().database.transaction() as session:
        at = services().clock.now()
        made = hand_over_work(session, user_id=user_id, to_id=form.to_id, reason=form.why, actor=actor(), at=at)
    if actor().role is Role.SYSTEM_ADMIN:
        flash("已移交，交接单由移交人、接收人和本单位负责人查看。")
        return redirect(url_for("absences.show_person", user_id=user_id), 303)
    flash("已移交，交接单如下。")
    return redirect(url_for("handing_over.show", handover_id=made), 303)


def _sheet(handover_id: int) -> Sheet:
    with services().database.reading() as session:
        found = sheet(session, handover_id=handover_id, actor=actor())
    if found is None:
        raise NotFound()
    return found


def _parted(found: Sheet) -> tuple[list[OpenLine], list[str]]:
    """Part what was to be done from what was to be read, which counts for no work."""
    lines = [read_kept(line) for line in found.lines]
    unread = [line.title for line in lines if line.kind is OpenKind.MESSAGE]
    return [line for line in lines if line.kind is not OpenKind.MESSAGE], unread


def _due(line: OpenLine) -> str:
    return due_words(line.due_at, today=None) if line.due_at else "—"


@pages.get("/hand-overs/<int:handover_id>")
@allow(*WITH_DEPUTIES)
def show(handover_id: int) -> ResponseReturnValue:
    found = _sheet(handover_id)
    work, messages = _parted(found)
    lines = [(OPEN_NAMES[line.kind], line.title, _due(line)) for line in work]
    return render_template("web/handing_over/sheet.html", sheet=found.handover, lines=lines, messages=messages)


@pages.get("/hand-overs/<int:handover_id>/sheet.xlsx")
@allow(*WITH_DEPUTIES)
def download(handover_id: int) -> ResponseReturnValue:
    """Send the sheet as a workbook with room for both signatures."""
    found = _sheet(handover_id)
    made, when = found.handover, clock_words(found.handover.handed_at)
    work, messages = _parted(found)
    listed = [(str(place), OPEN_NAMES[line.kind], line.title, _due(line)) for place, line in enumerate(work, start=1)]
    unread = [("", OPEN_NAMES[OpenKind.MESSAGE], said, "—") for said in messages]
    facts = (
        ("移交人", made.giver),
        ("接收人", made.receiver),
        ("办理人", made.handed_by),
        ("时间", when),
        ("事由", made.reason),
    )
    tail = [("", name, said, "") for name, said in (*facts, ("移交人签字", ""), ("接收人签字", ""))]
    book = workbook([*listed, *unread, *tail], title="交接单", columns=_COLUMNS, widths=_WIDTHS)
    return send_made(book, name="交接单.xlsx", media_type=XLSX, what=Fetched.HANDOVER, of=handover_id)
