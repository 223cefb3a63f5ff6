"""Registers as Excel: units, accounts, people with their leave, files being read, templates, outages."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.domain.calendar import local_day
from tracker.domain.entered import clean_words
from tracker.gateways.ledger_files import Cell
from tracker.store.queries.absences import Absence, Colleague, absences_of, colleagues
from tracker.store.queries.accounts import AccountLine, AccountState, account_lines
from tracker.store.queries.circulars import offered_templates
from tracker.store.queries.drafts import open_drafts
from tracker.store.queries.lessons import lesson_lines
from tracker.store.queries.outages import recorded_outages
from tracker.store.queries.registered_units import registered_units
from tracker.web.access import actor, allow, services
from tracker.web.accounts import asked_state
from tracker.web.list_exports import MOST_ROWS, clock_cell, send_list
from tracker.wording.accounts import ACCOUNT_STATES
from tracker.wording.catalogue import LABEL_ROLES, ROLES
from tracker.wording.codes import CIRCULAR_NAMES

pages = Blueprint("register_exports", __name__)
# Heads with the widths of their columns.
_UNITS = {"序号": 6, "全称": 40, "简称": 20, "类别": 20, "代办单位": 20, "已并入": 20}
_ACCOUNTS = {"序号": 6, "账号": 18, "姓名": 14, "单位": 30, "角色": 16, "待授予": 16, "状态": 14, "最近登录": 20}
_PEOPLE = {"序号": 6, "姓名": 14, "角色": 16, "请假起": 14, "请假止": 14, "代办人": 14, "事由": 40}
_DRAFTS = {"序号": 6, "文号": 22, "标题": 60, "事项数": 8, "文件名": 40, "上传人": 14, "上传时间": 20}
_TEMPLATES = {"序号": 6, "文种": 14, "模板名称": 40, "上传人": 14, "上传时间": 20}
_LESSONS = {
    "序号": 6,
    "原文写作": 24,
    "识别为": 20,
    "发文机关": 36,
    "文件": 40,
    "已用件数": 8,
    "登记人": 14,
    "登记时间": 20,
    "撤销人": 14,
    "撤销时间": 20,
}
_OUTAGES = {"序号": 6, "开始": 20, "结束": 20, "原因": 60, "登记人": 14, "登记时间": 20}


@pages.get("/units.xlsx")
@allow(Role.SUPERVISOR)
def units() -> ResponseReturnValue:
    """Send the list of units, those that went up in others too."""
    with services().database.reading() as session:
        found = registered_units(session)
    rows = ((one.full_name, one.short_name, one.kind, one.kept_by or "", one.merged_into or "") for one in found)
    return send_list("单位名册", _UNITS, rows)


@pages.get("/accounts.xlsx")
@allow(Role.SYSTEM_ADMIN)
def accounts() -> ResponseReturnValue:
    """Send the accounts that the filters of the page let through."""
    return _accounts(asked_state())


@pages.get("/grants.xlsx")
@allow(Role.SECURITY_ADMIN)
def grants() -> ResponseReturnValue:
    """Send those that wait for a role, or of another state where asked, as the page of grants lists them."""
    return _accounts(asked_state() if "state" in request.args else AccountState.PENDING)


def _accounts(state: AccountState | None) -> ResponseReturnValue:
    words = clean_words(request.args.get("q", ""))[:40]
    before = services().accounts.stale_before(datetime.now(UTC))
    with services().database.reading() as session:
        lines = account_lines(session, stale_before=before, words=words, state=state, limit=MOST_ROWS)
    return send_list("账号", _ACCOUNTS, map(_account_row, lines))


def _account_row(line: AccountLine) -> Sequence[Cell]:
    asked = ROLES[line.asked_role] if line.asked_role and line.active else ""
    last: Cell = clock_cell(line.last_login_at) if line.last_login_at else "从未登录"
    return line.login, line.name, line.unit_name or "", ROLES[line.role], asked, ACCOUNT_STATES[line.state], last


@pages.get("/people.xlsx")
@allow(Role.UNIT_HEAD)
def people() -> ResponseReturnValue:
    """Send who of the head's unit is at work and who is or will be away: one row a leave."""
    today = local_day(services().clock.now())
    with services().database.reading() as session:
        found = [
            (one, absences_of(session, user_id=one.user_id, since=today))
            for one in colleagues(session, unit_id=actor().unit_id)
        ]
    rows = [row for one, leaves in found for row in _person_rows(one, leaves)]
    return send_list("本单位人员", _PEOPLE, rows)


def _person_rows(one: Colleague, leaves: Sequence[Absence]) -> Iterator[Sequence[Cell]]:
    who = one.name, ROLES[one.role]
    if not leaves:
        yield *who, "", "", "", "在岗"
    for leave in leaves:
        yield *who, leave.first_on, leave.last_on, leave.acting or "", leave.reason


@pages.get("/drafts.xlsx")
@allow(Role.SUPERVISOR)
def drafts() -> ResponseReturnValue:
    """Send the files that are being read."""
    with services().database.reading() as session:
        found = open_drafts(session)
    rows = (
        (one.number, one.title, one.items, one.file_name, one.uploaded_by, clock_cell(one.uploaded_at)) for one in found
    )
    return send_list("文件拆解", _DRAFTS, rows)


@pages.get("/circulars/templates.xlsx")
@allow(Role.SUPERVISOR)
def templates() -> ResponseReturnValue:
    """Send the office's own templates that are offered."""
    with services().database.reading() as session:
        found = offered_templates(session)
    rows = ((CIRCULAR_NAMES[one.type], one.name, one.uploaded_by, clock_cell(one.uploaded_at)) for one in found)
    return send_list("自制模板", _TEMPLATES, rows)


@pages.get("/lessons.xlsx")
@allow(Role.SUPERVISOR)
def lessons() -> ResponseReturnValue:
    """Send what corrections taught, what was withdrawn too."""
    with services().database.reading() as session:
        found = lesson_lines(session)
    rows = (
        (
            *(one.printed, one.unit or LABEL_ROLES[one.role or ""], one.issuer, one.file_name, one.drafts),
            *(one.taught_by, clock_cell(one.taught_at)),
            *(one.withdrawn_by or "", clock_cell(one.withdrawn_at) if one.withdrawn_at else ""),
        )
        for one in found
    )
    return send_list("沿用更正", _LESSONS, rows)


@pages.get("/outages.xlsx")
@allow(Role.SUPERVISOR)
def outages() -> ResponseReturnValue:
    """Send the outages that were recorded."""
    with services().database.reading() as session:
        found = recorded_outages(session)
    rows = (
        (clock_cell(one.outage.from_at), clock_cell(one.outage.until_at), one.reason, one.actor, clock_cell(one.at))
        for one in found
    )
    return send_list("系统停用", _OUTAGES, rows)
