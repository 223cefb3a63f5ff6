"""Why a form, or a row of it, ended without a report."""

from collections.abc import Iterable

from tracker.domain.leaving import Signed
from tracker.domain.lifecycle import AssignmentState, TaskState
from tracker.wording.codes import TICKED_NAME

_END_CAUSES = {
    "task_archived": "因事项归档",
    "task_cancelled": "因事项撤销",
    "task_suspended": "因事项中止",
    "task_resumed": "因事项恢复办理",
    "task_reopened": "因事项重启",
    "task_completed": "因事项办结",
    "task_superseded": "因文件由新版替代",
    "share_added": "因承办单位调整",
    "share_released": "因本单位不再承办",
    "share_reassigned": "因事项改派其他单位",
    "share_lowered": "因恢复原分工",
    "deadline_changed": "因事项时限调整",
    "plan_end_corrected": "因计划截止日期更正",
    "document_expired": "因文件期限已满",
    "trigger_ended": "因响应终止",
    "question_answered": "因督查室明确报送要求",
    "key_marked": "因列为重点，改按重点事项报送",
    "key_lifted": "因取消重点，改按原要求报送",
    "interval_set": "因督查室调整报送间隔",
    "later_period_filed": "因已报送后续期次",
    "returned_after_the_end": "因事项已结束",
    "already_reported": "因本期已经报出",
    "units_merged": "因单位合并",
    "asked_anew": "已另行要求反馈",
}
# What papers about several units say where that differs; what is told to one unit speaks of it as its own.
_IN_PAPERS = {
    "share_released": "单位不再承办",
    "later_period_filed": "已报送后续期次",
    "already_reported": "本期已经报出",
    "key_marked": "列为重点事项",
    "key_lifted": "取消重点",
}
ASKED_FOR_MORE, HELD_BY_COMPLETION = "延期或者异议待批", "办结报告待审"
_MOVES = {
    "extension": "批准延期",
    "calendar": "工作日历调整",
    "outage": "系统停用顺延",
    "deadline_changed": "事项时限调整",
    "task_resumed": "事项恢复办理",
    "office": "督查室调整时限",
}
# Why nobody asks for what is still to be corrected: its share is no more, or its task takes no reports.
_OF_SHARES = {AssignmentState.RELEASED: "单位不再承办", AssignmentState.REASSIGNED: "事项改派其他单位"}
_OF_TASKS = {
    TaskState.COMPLETED: "事项办结",
    TaskState.CLOSED: "事项归档",
    TaskState.ARCHIVED: "事项归档",
    TaskState.SUSPENDED: "事项中止",
    TaskState.CANCELLED: "事项撤销",
}
# What is told of a row that waited for its signature, where it differs from what is told of the end of its form.
_STAYED = {"task_resumed": "因事项中止期间到期的报送免报"}
_END_STATES = {"missed": "记为漏报", "waived": "免报", "stands": "以最后一次报送为准"}


def form_end_words(state: str, cause: str, *, reason: str = "") -> str:
    """Say how what a form had left ended: 因事项撤销，记为漏报（上级取消）."""
    words = f"{_END_CAUSES.get(cause, '因情况变化')}，{_END_STATES[state]}"
    return f"{words}（{reason.rstrip('。')}）" if reason else words


def no_longer_asked(cause: str) -> str:
    """Say in a paper by which act nobody asks for a row any more; 因 stands before it."""
    return _IN_PAPERS.get(cause) or _END_CAUSES.get(cause, "情况变化").removeprefix("因")


def no_longer_carried_out(share: AssignmentState, task: TaskState) -> str:
    """Say in a paper why nobody corrects what was returned: the share is no more, or the task has ended."""
    return _OF_SHARES.get(share) or _OF_TASKS[task]


def moved_words(cause: str) -> str:
    """Say in a paper why a row has a later moment."""
    return _MOVES.get(cause, "时限顺延")


def stayed_words(cause: str) -> str:
    """Say why what was written does not leave the unit: 因事项撤销，未报出."""
    return f"{stayed_by([cause])}，未报出"


def nothing_leaves_words(causes: Iterable[str]) -> str:
    """Propose the reason with which a head gives back an envelope of which nothing can leave."""
    return f"{stayed_by(causes)}，这份报送不能报出"


def stayed_by(causes: Iterable[str]) -> str:
    return "、".join(_STAYED.get(cause) or _END_CAUSES.get(cause, "因情况变化") for cause in causes)


def signed_words(signed: Signed) -> str:
    """Say to the head of a unit what left with the signature and what did not."""
    if not signed.stayed:
        return "已审签报出。"
    left = "、".join(
        [
            *([f"{signed.left}行"] if signed.left else []),
            *([f"{TICKED_NAME}{signed.ticked}项"] if signed.ticked else []),
        ]
    )
    return f"已审签报出{left}；{signed.stayed}行所报事项已撤销、改派或者免报，未报出，已告知填报人。"
