"""Lists as Excel 「导出」: all rows that the filters of a page let through, in its order and its words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.domain.calendar import SHANGHAI, local_day
from tracker.domain.deadlines import due_day
from tracker.domain.downloads import XLSX, Fetched
from tracker.gateways.ledger_files import Cell, workbook
from tracker.store.queries.circulars import CircularLine, circular_lines
from tracker.store.queries.documents import document_lines
from tracker.store.queries.inquiry_views import Inquiry
from tracker.store.queries.instructions import Instruction, instructions_of, open_instructions
from tracker.store.queries.owed_lists import OwedLine, overdue_lines
from tracker.store.queries.paper import PaperLine
from tracker.store.queries.questions import QuestionLine, question_lines
from tracker.store.queries.reminders import ledger
from tracker.store.queries.served_papers import ServiceCount, service_counts
from tracker.store.tables.events import ReminderRow, ReminderState
from tracker.web.access import EVERYBODY, actor, allow, services, viewer
from tracker.web.asked_together import standing_of
from tracker.web.downloads import send_made
from tracker.web.instruction_cards import own_id
from tracker.web.overdue import asked_scope
from tracker.web.overview import asked_series
from tracker.web.presentation import ListLine, list_line
from tracker.web.served import services_seen
from tracker.wording.catalogue import CADENCES, CHANNELS, PAPERS, REMINDER_STATES, TOPICS
from tracker.wording.codes import CIRCULAR_NAMES, EDITION_STATES
from tracker.wording.decisions import returned_for_words
from tracker.wording.inquiries import HASTE_NAMES
from tracker.wording.notices import reminder_name
from tracker.wording.periods import period_label

pages = Blueprint("list_exports", __name__)
MOST_ROWS = 20_000
_WAITS = "，已填报，待单位负责人审签"
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
_DOCUMENTS = {"序号": 6, "文号": 22, "标题": 60, "成文日期": 14, "期限至": 14, "事项数": 8}
_CIRCULARS = {
    "序号": 6,
    "文号": 22,
    "文种": 14,
    "标题": 50,
    "主送机关": 40,
    "状态": 10,
    "数据截至": 20,
    "印发日期": 14,
    "送达单位数": 10,
    "签收": 8,
    "答复": 8,
    "逾期答复": 10,
}
_QUESTIONS = {
    "序号": 6,
    "文件": 22,
    "条款": 12,
    "事项": 40,
    "类别": 12,
    "待明确": 50,
    "答复": 50,
    "答复人": 14,
    "答复时间": 20,
}
_INSTRUCTIONS = {
    "序号": 6,
    "批示领导": 14,
    "批示日期": 14,
    "文件": 22,
    "条款": 12,
    "事项": 40,
    "批示内容": 50,
    "急缓": 8,
    "反馈时间": 14,
    "反馈情况": 40,
    "状态": 10,
}


@pages.get("/tasks.xlsx")
@allow(*EVERYBODY - {Role.READER})
def overdue() -> ResponseReturnValue:
    """Send the overdue list that the address asks for; a unit gets its own only."""
    now = services().clock.now()
    with services().database.reading() as session:
        unit_ids, document_id = asked_scope(session)
        lines = overdue_lines(session, now=now, unit_ids=unit_ids, document_id=document_id, limit=MOST_ROWS)
    return send_list("逾期清单", _OVERDUE, map(_overdue_row, lines))


def _overdue_row(line: OwedLine) -> Sequence[Cell]:
    shown = list_line(line, now=services().clock.now(), services=services())
    state = owed_state(shown)
    return (
        shown.unit_name,
        shown.source,
        owed_items(shown),
        shown.period,
        shown.run,
        shown.due_on,
        state,
        owed_back(shown),
    )


def owed_items(shown: ListLine) -> str:
    """Name what a line of what is owed is about."""
    items = "；".join(f"{item.label} {item.title}" for item in shown.items) or "其他配合事项"
    return items + (f"，等{len(shown.items) + shown.more}项" if shown.more else "")


def owed_state(shown: ListLine) -> str:
    """Say how such a line is lit and why, and what its series is asked for besides."""
    own = f"{shown.light.name}，{shown.light.why}{_WAITS if shown.awaits_sign_off else ''}"
    return "；另：".join((own, *(f"{one.words}{_WAITS if one.awaits_sign_off else ''}" for one in shown.beside)))


def owed_back(shown: ListLine) -> str:
    """Say why rows of such a line came back; of another form than that of the line its period is named."""
    back = [("", row) for row in shown.returned]
    back += [(one.period, row) for one in shown.beside for row in one.returned]
    return "；".join(
        f"{period}{row.label or '其他配合事项'}：{returned_for_words(row.reason, row.reason_class)}"
        for period, row in back
    )


@pages.get("/overview/series.xlsx")
@allow(Role.SUPERVISOR, Role.LEADER)
def series() -> ResponseReturnValue:
    """Send the series of one class of paper, or all, that the address asks for."""
    with services().database.reading() as session:
        _paper, lines = asked_series(session)
    return send_list("报送序列", _SERIES, map(_series_row, lines[:MOST_ROWS]))


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
        rows = [_reminder_row(row) for row in ledger(session, state=wanted, limit=MOST_ROWS)]
    return send_list("提醒台账", _REMINDERS, rows)


def _reminder_row(row: ReminderRow) -> Sequence[Cell]:
    kinds = CHANNELS[row.channel], reminder_name(row.kind), row.subject, row.reason, REMINDER_STATES[row.state]
    return clock_cell(row.planned_for), row.recipient, *kinds, row.last_error or ""


@pages.get("/documents.xlsx")
@allow(*EVERYBODY)
def documents() -> ResponseReturnValue:
    """Send the documents that somebody may read."""
    with services().database.reading() as session:
        lines = document_lines(session, viewer=viewer(session))
    rows = (
        (one.number, one.title, one.issued_on or "", one.expires_on or one.ends_on or "", one.items) for one in lines
    )
    return send_list("文件", _DOCUMENTS, rows)


@pages.get("/circulars.xlsx")
@allow(*EVERYBODY)
def circulars() -> ResponseReturnValue:
    """Send the papers that somebody may read, with whom they stand as far as he sees it."""
    today = local_day(services().clock.now())
    with services().database.reading() as session:
        lines = circular_lines(session, viewer=viewer(session))
        ids = [one.circular_id for one in lines]
        served = service_counts(session, ids, unit_ids=services_seen(session), today=today)
    return send_list("通报", _CIRCULARS, (_circular_row(one, served.get(one.circular_id)) for one in lines))


def _circular_row(line: CircularLine, served: ServiceCount | None) -> Sequence[Cell]:
    known = line.number or "", CIRCULAR_NAMES[line.type], line.title, line.addressees
    counts = (served.units, served.received, served.answered, served.late) if served else ("", "", "", "")
    issued_on: Cell = local_day(line.issued_at) if line.issued_at else ""
    return *known, EDITION_STATES[line.state], clock_cell(line.as_of), issued_on, *counts


@pages.get("/questions.xlsx")
@allow(Role.SUPERVISOR)
def questions() -> ResponseReturnValue:
    """Send what is open to be clarified, or what was clarified."""
    answered = request.args.get("answered") == "1"
    with services().database.reading() as session:
        lines = question_lines(session, answered=answered, limit=MOST_ROWS)
    return send_list("已明确事项" if answered else "待明确事项", _QUESTIONS, map(_question_row, lines))


def _question_row(line: QuestionLine) -> Sequence[Cell]:
    at: Cell = clock_cell(line.answered_at) if line.answered_at else ""
    item = line.document_number, line.item_label, line.item_title
    return *item, TOPICS[line.topic], line.words, line.answer or "", line.answered_by or "", at


@pages.get("/instructions.xlsx")
@allow(Role.LEADER, Role.SUPERVISOR)
def instructions() -> ResponseReturnValue:
    """Send a leader's own instructions, to the office the open ones of all: one row a writing."""
    with services().database.reading() as session:
        if actor().role is Role.LEADER:
            found = instructions_of(session, leader_id=own_id(), limit=MOST_ROWS, offset=0)
        else:
            found = open_instructions(session, limit=MOST_ROWS)
    rows = [_instruction_row(one, writing) for one in found for writing in one.writings]
    return send_list("领导批示", _INSTRUCTIONS, rows)


def _instruction_row(one: Instruction, writing: Inquiry) -> Sequence[Cell]:
    item = writing.document_number, writing.item_label, writing.item_title
    how = HASTE_NAMES[writing.haste or ""], writing.answer_by, standing_of(writing)
    return one.leader, writing.given_on or "", *item, writing.words, *how, "已了结" if one.closed_at else "未了结"


def clock_cell(at: datetime) -> datetime:
    """Return a moment as table programs show it: in Shanghai, without its zone."""
    return at.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)


def send_list(title: str, columns: Mapping[str, int], rows: Iterable[Sequence[Cell]]) -> ResponseReturnValue:
    """Send a list under a name that says as of when it is."""
    numbered = [(number, *row) for number, row in enumerate(rows, start=1)]
    made = workbook(numbered, title=title, columns=tuple(columns), widths=tuple(columns.values()))
    at = services().clock.now().astimezone(SHANGHAI)
    name = f"{title}{at:%Y%m%d-%H%M}.xlsx"
    return send_made(made, name=name, media_type=XLSX, what=Fetched.LIST, of=None, title=title)
