"""Hand-over 「移交」 of somebody's open work, and its sheet 「交接单」."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.domain.absences import WITH_DEPUTIES
from tracker.domain.accounts import Role
from tracker.domain.downloads import XLSX, Fetched
from tracker.domain.errors import NotFound
from tracker.domain.handovers import OpenKind, OpenLine, read_kept
from tracker.gateways.handover_sheets import handover_workbook
from tracker.store.queries.handovers import Sheet, sheet
from tracker.usecases.handing_over import hand_over as hand_over_work
from tracker.web.absences import KEEPERS
from tracker.web.access import actor, allow, services
from tracker.web.downloads import send_made
from tracker.web.forms import Form, Id, Reason, Tick, read_form
from tracker.web.seen import check_leave
from tracker.wording.catalogue import ROLES, house
from tracker.wording.moments import clock_words, due_words, from_words
from tracker.wording.open_work import OPEN_NAMES

pages = Blueprint("handing_over", __name__)
_COLUMNS = ("序号", "类别", "文号", "条目", "事项", "未了原因", "时限", "逾期自")
_WIDTHS = (6, 10, 22, 16, 48, 16, 22, 22)
_SIGNERS = ("移交人", "接收人", "单位负责人")


class HandOverForm(Form):
    to_id: Id = Field(title="接收人")
    why: Reason = Field(title="移交事由")
    although_away: Tick = Field(title="接收人请假，仍移交")


@pages.post("/people/<int:user_id>/hand-over")
@allow(*KEEPERS)
def hand_over(user_id: int) -> ResponseReturnValue:
    """Hand over; the sheet is for the people and their head, who reads what the work is about."""
    form = read_form(HandOverForm)
    with services().database.transaction() as session:
        at = services().clock.now()
        made = hand_over_work(
            session,
            user_id=user_id,
            to_id=form.to_id,
            reason=form.why,
            actor=actor(),
            at=at,
            although_away=form.although_away,
        )
        check_leave(session, user_id, form.to_id)
    if actor().role is Role.SYSTEM_ADMIN:
        flash("已移交，交接单由移交人、接收人和本单位负责人查看。")
        return redirect(url_for("absences.show_person", user_id=user_id), 303)
    flash("已移交，交接单如下。请打印后由三方签字存档。")
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


def _rows(work: list[OpenLine]) -> list[tuple[str, ...]]:
    """Return the lines as the page and the workbook have them, by `_COLUMNS`."""
    return [
        (
            str(place),
            OPEN_NAMES[line.kind],
            line.number or "—",
            line.clause or "—",
            line.title,
            line.why,
            due_words(line.due_at, today=None) if line.due_at else "—",
            from_words(line.since, today=None) if line.since else "—",
        )
        for place, line in enumerate(work, start=1)
    ]


@pages.get("/hand-overs/<int:handover_id>")
@allow(*WITH_DEPUTIES)
def show(handover_id: int) -> ResponseReturnValue:
    found = _sheet(handover_id)
    work, messages = _parted(found)
    return render_template(
        "web/handing_over/sheet.html",
        sheet=found.handover,
        place=house(found.handover.unit_name, found.handover.giver_role) or ROLES[found.handover.giver_role],
        columns=_COLUMNS,
        rows=_rows(work),
        overdue=sum(line.since is not None for line in work),
        messages=messages,
        signers=_SIGNERS,
    )


@pages.get("/hand-overs/<int:handover_id>/sheet.xlsx")
@allow(*WITH_DEPUTIES)
def download(handover_id: int) -> ResponseReturnValue:
    """Send the sheet as a workbook that is printed and signed."""
    found = _sheet(handover_id)
    made, (work, messages) = found.handover, _parted(found)
    overdue, place = sum(line.since is not None for line in work), house(made.unit_name, made.giver_role)
    signing = (f"{who}（签字）：　　　　　　　　　　日期：　　　　年　　月　　日" for who in _SIGNERS)
    unread = [f"未读消息：{'；'.join(messages)}，已转接收人，不计入未了事项。"] if messages else []
    book = handover_workbook(
        title="工作交接单",
        facts=(
            f"单位：{place}" if place else f"角色：{ROLES[made.giver_role]}",
            f"移交人：{made.giver}　　接收人：{made.receiver}　　经办：{made.handed_by}　　"
            f"时间：{clock_words(made.handed_at)}",
            f"事由：{made.reason}",
        ),
        columns=_COLUMNS,
        widths=_WIDTHS,
        rows=_rows(work),
        tail=(f"未了事项共{len(work)}项，其中逾期{overdue}项。", *unread, *signing),
    )
    return send_made(book, name="工作交接单.xlsx", media_type=XLSX, what=Fetched.HANDOVER, of=handover_id)
