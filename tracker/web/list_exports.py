"""Lists as Excel 「导出」: all rows that the filters of a page let through, in its order and its words."""

from collections.abc import Iterable, Mapping, Sequence

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.domain.calendar import SHANGHAI
from tracker.domain.deadlines import due_day
from tracker.domain.downloads import Fetched
from tracker.gateways.ledger_files import Cell, workbook
from tracker.store.queries.owed_lists import OwedLine, overdue_lines
from tracker.store.queries.paper import PaperLine
from tracker.store.queries.reminders import ledger
from tracker.store.tables.events import ReminderRow, ReminderState
from tracker.web.access import EVERYBODY, allow, services
from tracker.web.downloads import XLSX, send_made
from tracker.web.overdue import asked_scope
from tracker.web.overview import asked_series
from tracker.web.presentation import list_line
from tracker.wording.catalogue import CADENCES, CHANNELS, PAPERS, REMINDER_STATES
from tracker.wording.notices import reminder_name
from tracker.wording.periods import period_label

pages = Blueprint("list_exports", __name__)
_MOST = 20_000
# Heads with the widths of their columns.
_OVERDUE = {
    "序号": 6,
    "单位": 18,
    "文件": 22,
    "报什么": 50,
    "期次": 16,
    "未报期数": 8,
    "时限": 20,
    "情况": 30,
    "退回意见": 40,
}
_SERIES = {"序号": 6, "单位": 18, "文件": 22, "报送序列": 14, "报送": 18, "期次": 16, "时限": 20, "情况": 12}
_REMINDERS = {
    "序号": 6,
    "时间": 20,
    "收件人": 14,
    "渠道": 10,
    "类别": 14,
    "内容": 40,
    "原因": 50,
    "状态": 12,
    "故障": 30,
}


@pages.get("/tasks.xlsx")
@allow(*EVERYBODY - {Role.READER})
def overdue() -> ResponseReturnValue:
    """Send the overdue list that the address asks for; a unit gets its own only."""
    now = services().clock.now()
    with services().database.reading() as session:
        unit_ids, document_id = asked_scope(session)
        lines = overdue_lines(session, now=now, unit_ids=unit_ids, document_id=document_id, limit=_MOST)
    return _send("逾期清单", _OVERDUE, map(_overdue_row, lines))


def _overdue_row(line: OwedLine) -> Sequence[Cell]:
    shown = list_line(line, now=services().clock.now(), services=services())
    items = "；".join(f"{item.label} {item.title}" for item in shown.items) or "其他配合事项"
    what = items + (f"，等{len(shown.items) + shown.more}项" if shown.more else "")
    back = "；".join(f"{row.label or '其他配合事项'}：{row.reason}" for row in shown.returned)
    state = f"{shown.light.name}，{shown.light.why}" + ("，已填报，待单位负责人审签" if shown.awaits_sign_off else "")
    due = due_day(line.owed.due_at)
    return shown.unit_name, shown.source, what, shown.period, shown.run, due, state, back


@pages.get("/overview/series.xlsx")
@allow(Role.SUPERVISOR, Role.LEADER)
def series() -> ResponseReturnValue:
    """Send the series of one class of paper, or all, that the address asks for."""
    with services().database.reading() as session:
        _paper, lines = asked_series(session)
    return _send("报送序列", _SERIES, map(_series_row, lines[:_MOST]))


def _series_row(line: PaperLine) -> Sequence[Cell]:
    due = due_day(line.due_at)
    rhythm, period = CADENCES[line.kind], period_label(line.period.code)
    return line.unit_name, line.document_number, rhythm, line.addressee or "", period, due, PAPERS[line.paper]


@pages.get("/reminders.xlsx")
@allow(Role.SUPERVISOR)
def reminders() -> ResponseReturnValue:
    """Send the ledger of reminders, or those of one state, the newest first."""
    state = request.args.get("state", "")
    wanted = state if state in {known.value for known in ReminderState} else None
    with services().database.reading() as session:
        rows = [_reminder_row(row) for row in ledger(session, state=wanted, limit=_MOST)]
    return _send("提醒台账", _REMINDERS, rows)


def _reminder_row(row: ReminderRow) -> Sequence[Cell]:
    kinds = CHANNELS[row.channel], reminder_name(row.kind), row.subject, row.reason, REMINDER_STATES[row.state]
    planned = row.planned_for.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
    return planned, row.recipient, *kinds, row.last_error or ""


def _send(title: str, columns: Mapping[str, int], rows: Iterable[Sequence[Cell]]) -> ResponseReturnValue:
    """Send a list under a name that says as of when it is."""
    numbered = [(number, *row) for number, row in enumerate(rows, start=1)]
    made = workbook(numbered, title=title, columns=tuple(columns), widths=tuple(columns.values()))
    at = services().clock.now().astimezone(SHANGHAI)
    return send_made(made, name=f"{title}{at:%Y%m%d-%H%M}.xlsx", media_type=XLSX, what=Fetched.LIST, of=None)
