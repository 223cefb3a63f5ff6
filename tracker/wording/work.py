"""The Chinese names of claims, causes and classes of work, and how a value stands, in one clause."""

from collections.abc import Sequence
from datetime import date

from tracker.domain.claims import CauseClass, Claim
from tracker.domain.entered import number_text
from tracker.domain.filings import Outcome
from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.progress import Work, WorkClass, WorkReason
from tracker.domain.quoting import quoted
from tracker.domain.schedule import Point
from tracker.domain.verifying import LeadOpinion

CLAIM_NAMES: dict[Claim, str] = {
    Claim.DONE: "已完成",
    Claim.ON_SCHEDULE: "达序时",
    Claim.ONGOING_ACTIVE: "常态推进（有实事）",
    Claim.ONGOING_QUIET: "常态推进（无实事）",
    Claim.NOT_STARTED_YET: "未启动（未到时）",
    Claim.BEHIND: "未达序时",
    Claim.NOT_STARTED_OVERDUE: "未启动（应启未启）",
    Claim.DIFFICULT: "难以完成或需调整",
}
OUTCOME_NAMES: dict[Outcome, str] = {Outcome.MET: "达标", Outcome.UNMET: "未达标"}
CAUSE_NAMES: dict[CauseClass, str] = {
    CauseClass.AWAITS_POLICY: "等待上级文件或政策",
    CauseClass.AWAITS_FUNDS: "等待资金",
    CauseClass.UPSTREAM: "上级或其他单位原因",
    CauseClass.OUT_OF_SEASON: "季节性原因",
    CauseClass.LITIGATION: "涉诉",
    CauseClass.FORCE_MAJEURE: "疫情等不可抗力",
    CauseClass.UNCLEAR_DUTY: "职责存在争议",
    CauseClass.OWN_WORK: "工作推进不力",
    CauseClass.OTHER: "其他",
}
WORK_NAMES: dict[Work, str] = {
    Work.CANCELLED: "已撤销",
    Work.COMPLETED_MET: "已办结（达标）",
    Work.COMPLETED_UNMET: "已办结（未达标）",
    Work.SUSPENDED: "中止",
    Work.LAPSED: "失效待结",
    Work.COMPLETION_PENDING: "办结待审",
    Work.OVERDUE_WORK: "逾期未办结",
    Work.UNKNOWN: "情况不明",
    Work.BEHIND: "未达序时",
    Work.AWAITING_FIGURES: "到期待核数",
    Work.ONGOING: "常态推进",
    Work.ON_SCHEDULE: "达序时",
    Work.NOT_STARTED: "未启动",
}
WORK_REASON_NAMES: dict[WorkReason, str] = {
    WorkReason.OUTCOME_UNRECORDED: "办结时未记录是否达标",
    WorkReason.UNDER_REVIEW: "办结报告待审核",
    WorkReason.UNDER_CORRECTION: "办结报告退回补正",
    WorkReason.UNREPORTED: "牵头单位逾期未报",
    WorkReason.UNCORRECTED: "牵头单位退回后未补正",
    WorkReason.SHORT_OF_SCHEDULE: "",  # the class says it
    WorkReason.NOT_BEGUN: "应启未启",
    WorkReason.DIFFICULT: "难以完成或需调整",
    WorkReason.FIGURES: "待统计数据",
    WorkReason.COMPLETION_REPORT: "待报办结情况",
    WorkReason.ACTIVE: "有实事",
    WorkReason.QUIET: "无实事",
    WorkReason.DONE_NOT_CLOSED: "已完成，未申请办结",
    WorkReason.NOT_ISSUED: "未交办",
    WorkReason.WAITS_FOR_EVENT: "待触发",
    WorkReason.NOT_RECEIVED: "未签收",
    WorkReason.NOT_DUE: "未到期",
    WorkReason.ARCHIVED: "已归档",
}
_OF_THE_LEAD = "牵头单位"  # in a reason that does not name it


def work_sentence(found: WorkClass, *, whose: str = "", waiting: str = "") -> str:
    """Say a class with what stands beside it: 未达序时（自报：应启未启），新报告待审，成员未报2家.

    `whose` class it is and whose report is `waiting`, where not every lead's: 情况不明（市商务局逾期未报）.
    """
    new = f"，{waiting}新报告待审" if found.new_report_waiting else ""
    silent = f"，成员未报{found.members_silent}家" if found.members_silent else ""
    return f"{class_words(found, whose=whose)}{new}{silent}"


def class_words(found: WorkClass, *, whose: str = "") -> str:
    """Say a class with its reason, and whose it is where that is named: 未达序时（市商务局自报：应启未启）."""
    reason = WORK_REASON_NAMES[found.reason] if found.reason else ""
    own = ("自报，未审签" if found.unsigned else "自报") if found.own_claim else ""
    if whose and not own and reason.startswith(_OF_THE_LEAD):
        beside = whose + reason.removeprefix(_OF_THE_LEAD)
    else:
        beside = "：".join(part for part in (whose + own, reason) if part)
    return WORK_NAMES[found.work] + (f"（{beside}）" if beside else "")


def lead_opinion_words(opinion: str, claim: str | None, reason: str | None) -> str:
    """Say a lead's word on a member's report: 属实; 建议调整为未达序时：只有1期; 建议退回：缺少佐证."""
    match LeadOpinion(opinion):
        case LeadOpinion.STANDS:
            return "属实"
        case LeadOpinion.LOWER:
            return f"建议调整为{CLAIM_NAMES[Claim(claim or '')]}：{reason}"
        case LeadOpinion.RETURN:
            return f"建议退回：{reason}"


def points_words(metric: str, *, op: str, unit: str | None, points: Sequence[Point]) -> str:
    """Say what the office expects of a target on its way: “签约额”到2022年9月30日应达50亿元；…."""
    if not points:
        return f"{quoted(metric)}恢复按目标计算序时"
    towards = "应降至" if op in ("<", "<=") else "应达"
    named = (f"到{month_day(point.day, today=None)}{towards}{number_text(point.value)}{unit or ''}" for point in points)
    return f"{quoted(metric)}" + "；".join(named)


def year_words(day: date, *, today: date | None) -> str:
    """Write the year of a day where it is not this year's, or always without a `today`; else nothing."""
    return "" if today is not None and day.year == today.year else f"{day.year}年"


def month_day(day: date, *, today: date | None) -> str:
    """Write a day: 10月10日 of this year, 2023年9月30日 of another; without a `today` always with its year."""
    return f"{year_words(day, today=today)}{day.month}月{day.day}日"


def part_words(role: object, duty: object) -> str:
    """Name what a unit does in a task, by its role and duty."""
    if role == AssignmentRole.LEAD.value:
        return "牵头"
    return "协办" if duty == Duty.REPLY.value else "配合"


def added_words(name: str, *, role: str, duty: str, instead: bool) -> str:
    """Say that a unit got a part, or got it in the place of another."""
    return f"{'改由' if instead else '增加'}{name}{part_words(role, duty)}"


def ended_share_words(name: str, *, role: str, duty: str, found_right: bool) -> str:
    """Say that a unit has no part any more; `found_right` where it had disputed it."""
    return f"{_found_right(name) if found_right else ''}{name}不再{part_words(role, duty)}"


def lowered_words(name: str, *, role: str, duty: str, found_right: bool) -> str:
    """Say that a unit lost what it had taken over and has its own part, by its role and duty, again."""
    return f"{_found_right(name) if found_right else ''}收回改派{name}的任务，{name}仍{part_words(role, duty)}"


def _found_right(name: str) -> str:
    return f"采纳{name}的职责异议，"


def leads_now_words(names: Sequence[str]) -> str:
    """Say who leads a task from now on."""
    return f"现由{'、'.join(names)}牵头" if names else "现无牵头单位"
