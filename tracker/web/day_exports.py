"""What people work through in a day as Excel: the month of what is due, messages, the box, the queue of the office."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.domain.calendar import full_date
from tracker.domain.claims import Claim
from tracker.domain.deadlines import due_day
from tracker.domain.entered import number_text
from tracker.domain.errors import NotFound
from tracker.gateways.ledger_files import Cell
from tracker.store.queries.addressees import HEARING_ROLES
from tracker.store.queries.beside_reports import BRINGS_EVIDENCE
from tracker.store.queries.boxes import BoxFile, Use, box_files, uses
from tracker.store.queries.co_issuers import to_countersign
from tracker.store.queries.filings import FilingView, ReportView, filings_under_review
from tracker.store.queries.nobody import nobody_to_remind
from tracker.store.queries.reminders import notices_for
from tracker.store.queries.report_values import FileView, ValueView
from tracker.store.queries.rollups import parts_of_week
from tracker.store.queries.units import units_read_for
from tracker.store.tables.events import ReminderRow
from tracker.web.access import EVERYBODY, UNITS, actor, allow, services
from tracker.web.boxes import asked_name
from tracker.web.changes import told_since
from tracker.web.due import due_in_month
from tracker.web.list_exports import MOST_ROWS, clock_cell, send_list
from tracker.web.namings import namings_to_answer
from tracker.web.review_cards import filed_before
from tracker.web.scoring_waits import month_waits
from tracker.web.timeline import TimelineEntry
from tracker.web.today import day_of
from tracker.web.today_rows import COLUMNS, rows_of_day
from tracker.wording.notices import reminder_name
from tracker.wording.periods import period_label
from tracker.wording.work import CLAIM_NAMES

pages = Blueprint("day_exports", __name__)
_MOST_ENVELOPES = 2_000  # each carries its rows, values and files
# Heads with the widths of their columns.
_DUE = {"序号": 6, "日期": 14, "事项": 60, "情况": 24}
_NOBODY = {"序号": 6, "单位": 30, "类别": 20, "承办事项": 10, "提醒现送": 12}
_CHANGES = {"序号": 6, "事项": 40, "文件": 22, "条款": 12, "时间": 20, "办理人": 24, "变化": 24, "说明": 60}
_NOTICES = {"序号": 6, "时间": 20, "类别": 16, "标题": 50, "内容": 80, "为什么收到": 50}
_BOX = {"序号": 6, "编号": 8, "文件": 50, "大小（字节）": 14, "存入人": 14, "存入时间": 20, "有效期至": 14, "用于": 60}
_WEEK = {"序号": 6, "单位": 18, "文件": 22, "当周逾期": 10}
_REVIEW = {
    "序号": 6,
    "单位": 18,
    "文件": 22,
    "期次": 16,
    "报出时间": 20,
    "时限": 14,
    "条款": 12,
    "事项": 40,
    "自报": 12,
    "数据": 40,
    "进展情况": 60,
    "原因": 40,
    "佐证": 40,
    "缺佐证说明": 40,
    "迟报": 8,
}


@pages.get("/today.xlsx")
@allow(Role.LIAISON)
def today() -> ResponseReturnValue:
    """Send all lists of the liaison's first page, one under the other."""
    with services().database.reading() as session:
        view, months = day_of(session, now=services().clock.now()), month_waits(session)
        countersigns = to_countersign(session, unit_ids=units_read_for(session, actor().unit_id))
    rows = rows_of_day(view, months=months, countersigns=countersigns, namings=namings_to_answer())
    return send_list("今天", COLUMNS, rows)


@pages.get("/nobody.xlsx")
@allow(Role.SUPERVISOR)
def nobody() -> ResponseReturnValue:
    """Send the units for which nobody hears."""
    with services().database.reading() as session:
        units = nobody_to_remind(session)
    heard = ((one.name, one.kind, one.open_assignments, "负责人" if one.has_head else "督查室") for one in units)
    return send_list("无人可提醒", _NOBODY, heard)


@pages.get("/changes.xlsx")
@allow(*EVERYBODY - {Role.READER})
def changes() -> ResponseReturnValue:
    """Send what others did since the viewer was here last, one row an act."""
    _found, told = told_since()
    rows = (
        (one.task.title, one.task.document_number, one.task.label, *_act_cells(entry))
        for one in told
        for entry in one.entries
    )
    return send_list("上次登录以来", _CHANGES, rows)


def _act_cells(entry: TimelineEntry) -> Sequence[Cell]:
    name = f"{entry.name}（{entry.about}）" if entry.about else entry.name
    return clock_cell(entry.occurred_at), entry.actor, name, entry.words


@pages.get("/due.xlsx")
@allow(*EVERYBODY - {Role.READER})
def due() -> ResponseReturnValue:
    """Send what is due in the month that the address asks for, day by day."""
    first, entries = due_in_month()
    rows = (
        (on, one.words, one.note or ("已过时限" if one.is_late else ""))
        for on in sorted(entries)
        for one in entries[on]
    )
    return send_list(f"到期日历{first.year}年{first.month}月", _DUE, rows)


@pages.get("/notices.xlsx")
@allow(*HEARING_ROLES)
def notices() -> ResponseReturnValue:
    """Send all messages of the viewer, the newest first; none is marked as read."""
    user_id = actor().for_id or actor().user_id
    assert user_id is not None
    with services().database.reading() as session:
        rows = [_notice_row(row) for row in notices_for(session, user_id=user_id, limit=MOST_ROWS)]
    return send_list("消息", _NOTICES, rows)


def _notice_row(row: ReminderRow) -> Sequence[Cell]:
    lines = row.content["lines"]
    words = "\n".join(line["sentence"] for line in lines) if isinstance(lines, list) else ""
    return clock_cell(row.planned_for), reminder_name(row.kind), row.subject, words, row.reason


@pages.get("/box.xlsx")
@allow(*UNITS)
def box() -> ResponseReturnValue:
    """Send the files of the unit's box that the page's filters let through, with what each was attached to."""
    with services().database.reading() as session:
        units = units_read_for(session, actor().unit_id)
        out = bool(request.args.get("out"))
        files = box_files(session, unit_ids=units, named=asked_name(), out=out, limit=MOST_ROWS)
        used = uses(session, {file.sha256 for file in files}, unit_ids=units)
    rows = (_box_row(file, used.get(file.sha256, ())) for file in files)
    return send_list("佐证箱（已移出）" if out else "佐证箱", _BOX, rows)


def _box_row(file: BoxFile, used: Sequence[Use]) -> Sequence[Cell]:
    attached = "；".join(f"{one.document_number} {one.label} {one.title}" for one in used)
    put = file.put_by, clock_cell(file.put_at)
    return file.number, file.name, file.size_bytes, *put, file.good_until or "", attached


@pages.get("/review.xlsx")
@allow(Role.SUPERVISOR)
def review() -> ResponseReturnValue:
    """Send what waits for the office's review, one row a report, the oldest envelope first."""
    before = filed_before(late=request.args.get("late") == "1")
    with services().database.reading() as session:
        filings = filings_under_review(session, limit=_MOST_ENVELOPES, offset=0, filed_before=before)
    return send_list("审核队列", _REVIEW, (row for filing in filings for row in _review_rows(filing)))


@pages.get("/desk/weeks/<week>.xlsx")
@allow(Role.SUPERVISOR, Role.LEADER)
def week(week: str) -> ResponseReturnValue:
    """Send what a week's figure is made of."""
    with services().database.reading() as session:
        parts = parts_of_week(session, week=week)
    if not parts:
        raise NotFound()
    return send_list(
        f"{period_label(week)}逾期", _WEEK, ((one.unit_name, one.document_number, one.overdue) for one in parts)
    )


def _review_rows(filing: FilingView) -> Iterator[Sequence[Cell]]:
    """Yield what waits of an envelope; what was decided already stands on the pages of its tasks."""
    filed: Cell = clock_cell(filing.filed_at) if filing.filed_at else ""
    due_on: Cell = due_day(filing.due_at) if filing.due_at else ""
    period = period_label(filing.period_code) if filing.period_code else ""
    for report in filing.reports:
        if report.state == "filed":
            yield filing.unit_name, filing.document_number, period, filed, due_on, *_report_cells(filing, report)


def _report_cells(filing: FilingView, report: ReportView) -> Sequence[Cell]:
    title = report.item_title or f"其他配合事项{filing.ticked}项，无新情况"
    claim = CLAIM_NAMES[Claim(report.claim)] if report.claim else ""
    values = "；".join(map(_value, report.values))
    files = "；".join(map(_file, report.files))
    # Of before the rows have what was said of their form.
    why = report.evidence_reason or (filing.evidence_reason if report.kind in BRINGS_EVIDENCE else "") or ""
    late = "迟报" if report.late else ""
    return report.item_label, title, claim, values, report.text, report.cause or "", files, why, late


def _file(file: FileView) -> str:
    of = file.origin
    return f"{file.name}（来自{of.unit}{full_date(of.on)}反馈）" if of else file.name


def _value(value: ValueView) -> str:
    on = f"（截至{full_date(value.value_on)}）" if value.value_on else ""
    return f"{value.metric}{number_text(value.value)}{value.unit or ''}{on}"
