"""Why papers say that nobody asks for a report any more, held against the acts that the log names, row by row."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from tests.render.paper_matter import Matter

_Reasons = frozenset[str]
# Written out here from what the acts are, so that a word for another act is noticed.
_ENDED = {
    "task_archived": "事项归档",
    "task_cancelled": "事项撤销",
    "task_suspended": "事项中止",
    "task_resumed": "事项恢复办理",
    "task_reopened": "事项重启",
    "task_completed": "事项办结",
    "task_superseded": "文件由新版替代",
    "share_added": "承办单位调整",
    "share_released": "单位不再承办",
    "share_reassigned": "事项改派其他单位",
    "share_lowered": "恢复原分工",
    "deadline_changed": "事项时限调整",
    "plan_end_corrected": "计划截止日期更正",
    "document_expired": "文件期限已满",
    "trigger_ended": "响应终止",
    "question_answered": "督查室明确报送要求",
    "key_marked": "列为重点事项",
    "key_lifted": "取消重点",
    "interval_set": "督查室调整报送间隔",
    "later_period_filed": "已报送后续期次",
    "returned_after_the_end": "事项已结束",
    "already_reported": "本期已经报出",
    "units_merged": "单位合并",
    "asked_anew": "已另行要求反馈",
}
_MOVED = {
    "extension": "批准延期",
    "calendar": "工作日历调整",
    "outage": "系统停用顺延",
    "deadline_changed": "事项时限调整",
    "task_resumed": "事项恢复办理",
    "office": "督查室调整时限",
}
_NOT_CORRECTED = {
    "released": "单位不再承办",
    "reassigned": "事项改派其他单位",
    "completed": "事项办结",
    "closed": "事项归档",
    "archived": "事项归档",
    "suspended": "事项中止",
    "cancelled": "事项撤销",
}


def printed_reasons(words: str, *, of: int, unit: str) -> Counter[_Reasons]:
    """Read a list like 事项办结2份；批准延期、事项归档1份; one that all share bears no number."""
    found: Counter[_Reasons] = Counter()
    for one in words.split("；"):
        read = re.fullmatch(rf"(\D+?)(?:(\d+){unit})?", one)
        if read is None:
            raise ValueError(one)
        found[frozenset(read[1].split("、"))] += int(read[2] or of)
    return found


def true_reasons(of: Matter, reports: Iterable[Iterable[int]]) -> Counter[_Reasons]:
    """Count the reasons of reports, each told by its rows that nobody asks for."""
    last = _last_acts(of)
    return Counter(frozenset(_reason(of, row_id, last) for row_id in rows) for rows in reports)


def _last_acts(of: Matter) -> dict[tuple[int, str], str]:
    """Return the cause of what last ended or moved each row, as the log printed it."""
    found: dict[tuple[int, str], str] = {}
    for event in of.city.events:
        facts: dict[str, Any] = event["payload"]
        if event["type"] == "row.settled":
            found[facts["row_id"], "ended"] = facts["cause"]
        elif event["type"] == "due.moved" and facts["row_id"] is not None:
            found[facts["row_id"], "moved"] = facts["cause"]
        elif event["type"] == "form.rows_reset":
            found |= {(row["row_id"], "moved"): facts["cause"] for row in facts["rows"]}
    return found


def _reason(of: Matter, row_id: int, last: dict[tuple[int, str], str]) -> str:
    [row] = (row for series in of.city.series for form in series.forms for row in form.rows if row.id == row_id)
    if row.state in ("missed", "waived", "stands"):
        return _ENDED[last[row_id, "ended"]]
    if not row.live:
        [share] = [
            (task.state, one.state) for task in of.city.tasks for one in task.shares if one.id == _share(of, row_id)
        ]
        return _NOT_CORRECTED.get(share[1]) or _NOT_CORRECTED[share[0]]
    if row.asked:
        return "延期或者异议待批"
    if row.pending:
        return "办结报告待审"
    return _MOVED[last[row_id, "moved"]]


def _share(of: Matter, row_id: int) -> int:
    found: int = of.city.rows[row_id]["assignment_id"]
    return found
