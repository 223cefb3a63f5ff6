"""What waits for somebody as Excel: a unit's drafts, what its head signs, a lead verifies, a leader decides."""

from collections.abc import Iterator, Sequence

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.domain.calendar import full_date
from tracker.domain.claims import Claim
from tracker.domain.deadlines import due_day
from tracker.domain.errors import NotFound
from tracker.gateways.ledger_files import Cell
from tracker.store.queries.editions_under_way import waiting_for
from tracker.store.queries.envelopes import Envelope, waiting_envelopes
from tracker.store.queries.inquiries import inquiries_on
from tracker.store.queries.inquiry_tasks import asked_task
from tracker.store.queries.inquiry_views import Inquiry
from tracker.store.queries.requests import WaitingRequest, pending_requests
from tracker.store.queries.units import units_acted_for
from tracker.web.access import EVERYBODY, UNITS, acted_for, actor, allow, reads_for, services
from tracker.web.asked_together import unit_standing
from tracker.web.jottings import drafts_shown
from tracker.web.list_exports import clock_cell, send_list
from tracker.web.petition_lines import PetitionLine, lines_that_wait
from tracker.web.served import answers_to_sign
from tracker.web.verifying import VerifyingLine, lines_to_verify
from tracker.wording.catalogue import ENVELOPE_NAMES
from tracker.wording.codes import CIRCULAR_NAMES
from tracker.wording.periods import period_label
from tracker.wording.work import CLAIM_NAMES

pages = Blueprint("waiting_exports", __name__)
# Heads with the widths of their columns.
_DRAFTS = {
    "序号": 6,
    "文件": 22,
    "条款": 12,
    "事项": 40,
    "期次": 16,
    "栏目": 20,
    "内容": 60,
    "保存": 14,
    "保存时间": 20,
}
_TO_SIGN = {
    "序号": 6,
    "单位": 18,
    "类别": 16,
    "文件": 22,
    "期次": 16,
    "条款": 12,
    "事项": 40,
    "自报": 12,
    "内容": 60,
    "附件": 40,
    "填报": 14,
    "填报时间": 20,
    "时限": 14,
}
_TO_VERIFY = {"序号": 6, "成员单位": 18, "文件": 22, "条款": 12, "事项": 40, "自报": 12, "进展情况": 60, "核实期限": 14}
_TO_DECIDE = {
    "序号": 6,
    "类别": 14,
    "标题、事项": 50,
    "单位": 18,
    "提出": 14,
    "时间": 20,
    "原时限": 14,
    "新时限": 14,
    "理由": 50,
}
_ASKED = {
    "序号": 6,
    "提请": 18,
    "协办内容": 50,
    "提请时间": 20,
    "反馈期限": 14,
    "协办单位": 18,
    "情况": 12,
    "反馈": 60,
    "协调意见": 40,
}


@pages.get("/own-drafts.xlsx")
@allow(*UNITS)
def jottings() -> ResponseReturnValue:
    """Send what people of the unit wrote and did not send: one row a field."""
    rows = []
    for draft in drafts_shown():
        head, last = draft.head, draft.last
        of = head.document_number, head.item_label or "", head.item_title or "整张表"
        period = period_label(head.code) if head.code else ""
        by = last.written_by, clock_cell(last.written_at)
        rows += [(*of, period, field.name, field.text, *by) for field in draft.fields]
    return send_list("本单位草稿", _DRAFTS, rows)


@pages.get("/sign-off.xlsx")
@allow(Role.UNIT_HEAD)
def to_sign() -> ResponseReturnValue:
    """Send what waits for the head's signature: rows of envelopes, what liaisons ask for, answers to papers."""
    with services().database.reading() as session:
        mine = list(units_acted_for(session, actor().unit_id))
        envelopes, petitions = waiting_envelopes(session, unit_ids=mine), lines_that_wait(session)
    rows = [row for one in envelopes for row in _envelope_rows(one)]
    rows += map(_petition_row, petitions)
    for paper in answers_to_sign():
        named = paper.unit_name, f"答复{CIRCULAR_NAMES[paper.type]}", paper.number, "", "", paper.title, ""
        files = "；".join(file.name for file in paper.files)
        written: Cell = clock_cell(paper.written_at) if paper.written_at else ""
        rows.append((*named, paper.answer or "", files, paper.written_by or "", written, paper.answer_on or ""))
    return send_list("待我审签", _TO_SIGN, rows)


def _envelope_rows(one: Envelope) -> Iterator[Sequence[Cell]]:
    of = (
        one.unit_name,
        ENVELOPE_NAMES[one.called],
        one.document_number or "",
        period_label(one.code) if one.code else "",
    )
    by = one.written_by, clock_cell(one.written_at), due_day(one.due_at) if one.due_at else ""
    for row in one.rows:
        claim = CLAIM_NAMES[Claim(row.report.claim)] if row.report.claim else ""
        files = "；".join(file.name for file in row.report.files)
        yield *of, row.label, row.title, claim, row.report.text, files, *by
    if one.ticked or not one.rows:
        yield *of, "", f"其他配合事项{one.ticked}项，无新情况", "", "", "", *by


def _petition_row(line: PetitionLine) -> Sequence[Cell]:
    one = line.about
    asks = f"申请延期至{full_date(one.new_due_on)}" if one.new_due_on else "提出异议"
    of = one.document_number, period_label(one.period_code) if one.period_code else ""
    by = one.written_by, clock_cell(one.written_at), due_day(line.until)
    return one.unit_name, asks, *of, one.item_label, one.item_title, "", one.reason, "", *by


@pages.get("/verifying.xlsx")
@allow(*UNITS)
def to_verify() -> ResponseReturnValue:
    """Send what members filed and the viewer's unit may verify as the lead."""
    return send_list("成员报送核实", _TO_VERIFY, map(_verifying_row, lines_to_verify()))


def _verifying_row(line: VerifyingLine) -> Sequence[Cell]:
    report = line.member.report
    claim = CLAIM_NAMES[Claim(report.claim)] if report.claim else ""
    of = line.member.unit_name, line.member.document_number, report.item_label, report.item_title
    return *of, claim, report.text, line.until


@pages.get("/review/leader.xlsx")
@allow(Role.LEADER)
def to_decide() -> ResponseReturnValue:
    """Send the papers and requests that are the leader's to decide."""
    with services().database.reading() as session:
        editions = waiting_for(session, actor()).to_approve
        requests = pending_requests(session, by_leader=True)
    rows: list[Sequence[Cell]] = []
    for one in editions:
        sent: Cell = clock_cell(one.since) if one.since else ""
        rows.append((CIRCULAR_NAMES[one.type], one.title, "市政府督查室", one.drafted_by or "", sent, "", "", ""))
    return send_list("待我批", _TO_DECIDE, [*rows, *map(_request_row, requests)])


def _request_row(one: WaitingRequest) -> Sequence[Cell]:
    old, new = (due_day(at) if at else "" for at in (one.old_due_at, one.new_due_at))
    item = f"{one.document_number} {one.item_label} {one.item_title}"
    return "延期申请", item, one.unit_name, one.asked_by, clock_cell(one.asked_at), old, new, one.reason


@pages.get("/tasks/<int:task_id>/inquiries.xlsx")
@allow(*EVERYBODY - {Role.READER})
def inquiries(task_id: int) -> ResponseReturnValue:
    """Send what was asked on a task, a row a unit, as far as the viewer sees it."""
    with services().database.reading() as session:
        if asked_task(session, task_id=task_id, unit_ids=reads_for(session)) is None:
            raise NotFound()
        found = inquiries_on(session, task_id=task_id, unit_ids=acted_for(session))
    return send_list("协办往来", _ASKED, (row for one in found for row in _asked_rows(one)))


def _asked_rows(one: Inquiry) -> Iterator[Sequence[Cell]]:
    asker = "领导批示" if one.instruction_id else one.asker or "市政府督查室"
    of = asker, one.words, clock_cell(one.asked_at), one.answer_by
    for unit in one.units:
        answer = unit.answer.text if unit.answer else ""
        standing = "，".join(filter(None, unit_standing(one, unit)))
        yield *of, unit.unit_name, standing, answer, one.decision or ""
