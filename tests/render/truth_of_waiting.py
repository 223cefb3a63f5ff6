"""Why something has not begun, and by when its first report is due, recomputed from the city then."""

from datetime import date

from tests.render.city_then import Share, Task, last_day
from tests.render.paper_matter import Matter
from tests.support.recount import Row

EARLY, WAITS, UNRECEIVED, SILENT, NOT_DUE = "启动时间未到", "待触发", "牵头单位未签收", "尚无报告", "报送期限未到"
GIVEN_BACK = "反馈已退回"
UNREPORTED, UNCORRECTED = "反馈逾期未报", "反馈逾期未补正"
WHY = (EARLY, WAITS, UNRECEIVED, GIVEN_BACK, SILENT, NOT_DUE, UNREPORTED, UNCORRECTED)
_OPEN = ("issued", "in_progress", "under_review", "returned")


def why_waits(task: Task, of: Matter) -> str | None:
    """Say why a task has not begun; None where a word that nobody accepted may or may not stand."""
    leads = of.leads(task)
    if any(share.last_accepted and share.last_accepted.claim == "not_started_yet" for share in leads):
        return EARLY
    if any(one.claim == "not_started_yet" for share in leads for one in share.said):
        return None
    if owed := told_overdue(task, of):
        return owed
    if task.waits:
        return WAITS
    if leads and task.state in _OPEN and all(_has_not_signed(share) for share in leads):
        return UNRECEIVED
    if any(_was_given_back(share) for share in leads):
        return GIVEN_BACK
    return SILENT if any(_is_silent(row, of) for share in leads for row in rows_of(share, of)) else NOT_DUE


def _has_not_signed(share: Share) -> bool:
    return share.state == "pending_receipt" and share.unit.is_blamed


def _was_given_back(share: Share) -> bool:
    reports = [one for one in share.said if one.kind in ("progress", "completion")]
    return share.last_accepted is None and any(one.state == "returned" for one in reports)


def told_overdue(task: Task, of: Matter) -> str:
    """Say of an item whether its leads' forms stand among what the paper lists as overdue."""
    lines = of.blamed if of.kind in ("supervision", "special") else of.overdue
    leads = {share.unit.short for share in task.leads}
    every = [row for line in lines if line["unit"] in leads for row in of.overdue_rows(line["id"])]
    states = {row["state"] for row in every if row["task_id"] == task.id}
    return "" if not states else UNCORRECTED if states == {"returned"} else UNREPORTED


def next_due(task: Task, of: Matter) -> date | None:
    """The last day for the first report that some lead owes; None where none is known yet."""
    rows = (row for share in of.leads(task) for row in rows_of(share, of))
    due = [row.moment for row in rows if row.state == "open" and row.moment and row.moment > of.city.at]
    return last_day(min(due)) if due else None


def rows_of(share: Share, of: Matter) -> list[Row]:
    return of.city.rows_of_shares.get(share.id, [])


def _is_silent(row: Row, of: Matter) -> bool:
    nothing_came = row.filed_at is None and row.state in ("open", "missed")
    return row.required and nothing_came and row.due_at <= of.city.at
