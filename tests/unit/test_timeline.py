"""What was decided is said with the decision, on the page of a task and where another was quicker."""

import re
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.support.event_types import event_classes
from tracker.domain.events.absences import AbsenceSet
from tracker.domain.events.accounts import AccountChanged, AccountCreated, RoleGranted
from tracker.domain.events.base import Event
from tracker.domain.events.calendar import CalendarPublished, OutageRecorded
from tracker.domain.events.circulars import CircularChanged, CircularIssued, CircularTemplateKept
from tracker.domain.events.documents import DocumentApproved, DocumentEnded, DocumentRegistered, PlanEndCorrected
from tracker.domain.events.drafts import DraftApproved, DraftCorrected, DraftUploaded
from tracker.domain.events.forms import DueMoved
from tracker.domain.events.joint import (
    CoIssuerDropped,
    CoIssuerNamed,
    CountersignAsked,
    Countersigned,
    CountersignEnded,
)
from tracker.domain.events.namings import NamingAnswered, NamingLeftOut, NamingServed
from tracker.domain.events.reports import ReportLeadVerified, ReportVerified
from tracker.domain.events.served_papers import PaperAnswered, PaperAnswerWritten
from tracker.domain.events.shares import ShareAdded, ShareEnded, ShareLowered, ShareMoved
from tracker.domain.events.tasks import (
    DeadlineChanged,
    IntervalSet,
    SchedulePointsSet,
    TaskCompleted,
    TaskLapsed,
    TaskReopened,
    TaskResumed,
    TaskSuperseded,
)
from tracker.domain.events.triggers import TriggerRecorded
from tracker.domain.events.units import KeeperSet, UnitRegistered, UnitRenamed, UnitsMerged
from tracker.store.queries.overtaking import on_account, on_leave, on_moment, on_plan_end, on_reports, on_task, on_unit
from tracker.store.queries.tasks import TaskEvent
from tracker.web.conflicts import _STORIES
from tracker.web.timeline import timeline, units_of

_WEEKDAY = re.compile("（周.）")
NOW, DAY, LATER = datetime(2022, 10, 10, 16, tzinfo=UTC), date(2022, 12, 31), date(2023, 6, 30)
UNITS = {3: "市统计局", 4: "市商务局"}
Facts = dict[str, Any]  # Any: of several types, handed on by name
SHARE: Facts = {"assignment_id": 1, "unit_id": 3, "reason": "三定方案"}
CALENDAR: Facts = {"year": 2027, "source": "国办发明电〔2026〕7号", "issued_on": DAY, "days": (), "moved": 0}
POINTS: Facts = {
    "target_id": 1,
    "metric": "签约项目",
    "op": "ge",
    "unit": "个",
    "points": (),
    "reason": "进度",
}
WORD: Facts = {
    "report_id": 1,
    "lead_unit_id": 4,
    "lead_name": "市商务局",
    "opinion": "stands",
    "own_claim": "on_schedule",
}
NAMING: Facts = {"naming_id": 1, "circular_id": 1}
JOINT: Facts = {"co_issuer_id": 1, "circular_id": 1}
MOVED: Facts = {"assignment_id": 1, "into_assignment_id": 2, "from_unit_id": 4, "unit_id": 3}
SAID: list[tuple[Event, str]] = [
    (
        PlanEndCorrected(document_id=1, number="n", old_on=None, new_on=LATER, reason=""),
        "由无截止日期改为2023年6月30日",
    ),
    (
        AccountChanged(user_id=7, old_name="甲", new_name="乙", old_unit_id=3, new_unit_id=4, email_changed=False),
        "变更姓名（“甲”改为“乙”）、所属单位（“市统计局”改为“市商务局”）",
    ),
    (RoleGranted(user_id=7, old_role="pending", role="reader", reason="来函"), "授予角色“阅文人员”，来函"),
    (
        AccountCreated(user_id=7, login="jia", name="甲", role="pending", asked_role="reader"),
        "开通账号，申请角色：阅文人员",
    ),
    (
        AbsenceSet(absence_id=1, user_id=7, deputy_id=None, first_on=DAY, last_on=DAY, reason="休假"),
        "2022年12月31日至2022年12月31日，休假",
    ),
    (DeadlineChanged(old_on=DAY, new_on=LATER, reason="延"), "由2022年12月31日改为2023年6月30日，延"),
    (TaskReopened(reason="复查", new_deadline_on=LATER), "时限2023年6月30日，复查"),
    (TaskResumed(reason="复工", new_deadline_on=LATER), "时限2023年6月30日，复工"),
    (ShareAdded(**SHARE, role="lead", duty="report", got_on=DAY), "市统计局牵头，三定方案"),
    (ShareAdded(**SHARE, role="support", duty="reply", got_on=DAY), "市统计局协办，三定方案"),
    (ShareEnded(**SHARE, state="released"), "市统计局已免除，三定方案"),
    (ShareLowered(**SHARE, role="support", duty="report", got_on=DAY), "市统计局恢复配合，三定方案"),
    (
        ShareMoved(assignment_id=1, unit_id=3, into_assignment_id=2, from_unit_id=4, role="lead", duty="report"),
        "由市统计局牵头",
    ),
    (
        UnitRenamed(old_name="甲", new_name="乙", valid_from=DAY, reason="改革"),
        "甲更名为乙，2022年12月31日起",
    ),
    (
        UnitsMerged(unit_id=4, into_unit_id=3, merged_on=DAY, shares=1, reason="改革"),
        "并入市统计局，2022年12月31日起",
    ),
    (KeeperSet(unit_id=9, keeper_unit_id=3, old_keeper_unit_id=None, reason="文件"), "办公室设在市统计局，文件"),
    (KeeperSet(unit_id=9, keeper_unit_id=None, old_keeper_unit_id=3, reason="文件"), "取消办公室所在单位，文件"),
    (IntervalSet(interval="monthly", reason="重点"), "每月，重点"),
    (
        ReportVerified(report_id=1, kind="completion", outcome="unmet", own_outcome="met", reason="缺1期"),
        "自报达标，核定未达标，缺1期",
    ),
    (TaskCompleted(report_id=1, outcome="met", let_pass="已说明"), "达标，放行理由：已说明"),
    (DueMoved(period_id=1, old_due_at=NOW, new_due_at=NOW, cause="office", reason="急"), "由2022年10月10日"),
    (ReportLeadVerified(**WORD), "市商务局，自报达序时"),
    (DraftCorrected(draft_id=1, act="merge", item=3), "第3项，与下一项合并"),
    (DraftApproved(draft_id=1, document_id=1, basis="会议"), "会议"),
    (DraftUploaded(draft_id=1, file_name="通知.docx", file_sha256="f", items=2), "通知.docx"),
    (
        DocumentRegistered(document_id=1, number="驻政办〔2022〕1号", text_sha256="f", items=2),
        "驻政办〔2022〕1号",
    ),
    (DocumentApproved(document_id=1, tasks=2, basis="会议"), "会议"),
    (UnitRegistered(name="市投资局", alias=True), "市投资局"),
    (TaskLapsed(expired_on=DAY), "2022年12月31日"),
    (DocumentEnded(document_id=1, ended_on=DAY), "2022年12月31日"),
    (TaskSuperseded(by_number="新1号", by_item="3"), "新1号，由事项3承接"),
    (TriggerRecorded(trigger_id=1, occurred_at=NOW, matter="暴雨"), "暴雨"),
    (CircularChanged(circular_id=1, act="approve", words="同意"), "签批，同意"),
    (PaperAnswerWritten(served_id=1, circular_id=1, words="已补报"), "已补报"),
    (PaperAnswered(served_id=1, circular_id=1, words="已补报"), "已补报"),
    (NamingServed(**NAMING, act="blame", proposal="p", words="未按期答复", answer_by=DAY), "未按期答复"),
    (NamingAnswered(**NAMING, agrees=True), "属实，没有异议"),
    (NamingAnswered(**NAMING, agrees=True, proposed=True), "联络员核对属实"),
    (NamingAnswered(**NAMING, agrees=False, words="已电话答复"), "有异议，已电话答复"),
    (NamingLeftOut(**NAMING, issued=True), "印发的通报没有写入"),
    (NamingLeftOut(**NAMING, issued=False), "提出异议后移出"),
    (CoIssuerNamed(**JOINT, purpose="issue", place=1, name="市统计局"), "市统计局"),
    (CountersignAsked(**JOINT, purpose="withdrawal", digest="f", answer_by=DAY, matter="文号有误"), "文号有误"),
    (Countersigned(**JOINT, purpose="issue", agrees=True), "同意"),
    (Countersigned(**JOINT, purpose="issue", agrees=False, words="数字有误"), "退回：数字有误"),
    (CountersignEnded(**JOINT, because="taken_back", answered=False, reason="另行商定"), "收回：另行商定"),
    (CoIssuerDropped(**JOINT, cause="office", shown=True, reason="不再联合"), "不再联合"),
    (CircularIssued(circular_id=1, number="通1号", facts_sha256=None), "通1号"),
    (CircularTemplateKept(template_id=1, kind="urge", name="甲版", sha256="f", retired=True), "甲版，停用"),
    (CalendarPublished(**CALENDAR), "2027年，国办发明电〔2026〕7号"),
    (SchedulePointsSet(**POINTS), "签约项目"),
    (
        OutageRecorded(from_at=NOW, until_at=NOW, reason="断电", moved=0, reports=(), new_due_at=NOW),
        "2022年10月11日0时00分",
    ),
]
# What decides nothing that a reader asks for: the machinery's, or told by the page that the event stands on.
ASIDE = {
    *("file.fetched", "paper.served", "naming.ended", "scoring.inputs_entered"),
    *("circular.drafted", "circular.drawn", "reminder.resent", "reminder.settled", "reminder.sealed"),
    *("account.settings_chosen", "account.calendar_link_set"),
    *(
        "account.unused",
        "account.email_confirmed",
        "account.disabled",
        "account.enabled",
        "account.reset",
        "account.code_completed",
    ),
    *("account.password_changed", "account.factor_set_up", "account.factor_removed", "account.factor_reset"),
    *("account.recovery_code_used", "account.absence_ended", "account.acting_began", "account.acting_ended"),
    *("account.handed_over", "unit.entered"),
    *("document.issued", "document.reread", "document.superseded", "task.key_marked", "task.key_lifted"),
}


def _told(event: Event) -> str:
    seen = (TaskEvent(event.type, NOW, "督查员", None, event.payload()),)
    assert units_of(seen) <= set(UNITS)
    return _WEEKDAY.sub("", timeline(seen, units=UNITS)[0].words)


@pytest.mark.parametrize(("event", "words"), SAID, ids=[event.type for event, _words in SAID])
def test_a_decision_is_told_with_what_was_decided(event: Event, words: str) -> None:
    assert words in _told(event)


def test_every_decision_that_carries_a_value_is_told_with_it() -> None:
    kinds = (
        on_task(1),
        on_moment(1, period_id=1),
        on_reports([1]),
        on_plan_end(1),
        on_unit(1),
        on_account(1),
        on_leave(1),
    )
    deciding = {type_ for what in kinds for type_ in what.types}
    told = {event.type for event, _words in SAID} | ASIDE
    for kind in event_classes():
        own = {field.name for field in fields(kind)} - {field.name for field in fields(Event)} - {"reason"}
        valued = any(not name.endswith("_id") for name in own)
        if valued and (kind.type in deciding or kind.type.startswith(tuple(_STORIES.values()))):
            assert kind.type in told, kind.type
