"""Why something has not begun as far as anybody told 「待启动或待报告」: one class that text and annexes share.

Who was asked for no report yet may work on an item all the same: that a report was due and nothing came 「尚无报告」 is
said of nothing else, not of what the office gave back 「反馈已退回」, and what stands among the overdue of a paper is
called so and nothing else in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from tracker.domain.circulars.days import by_moment
from tracker.domain.circulars.facts import Facts, OverdueFact, TaskFact
from tracker.domain.circulars.kinds import KINDS, Annex, CircularType
from tracker.domain.claims import Claim
from tracker.domain.progress import Work, WorkReason


class NotBegun(StrEnum):
    """Why an item has not begun, as far as is known; each stands in the first that holds."""

    EARLY = "early"
    UNREPORTED = "overdue_unreported"
    UNCORRECTED = "overdue_uncorrected"
    WAITS = "waits"
    UNRECEIVED = "unreceived"
    GIVEN_BACK = "given_back"
    SILENT = "silent"
    NOT_DUE = "not_due"


NOT_BEGUN_WORDS: Mapping[NotBegun, str] = {
    NotBegun.EARLY: "启动时间未到",
    NotBegun.UNREPORTED: "反馈逾期未报",
    NotBegun.UNCORRECTED: "反馈逾期未补正",
    NotBegun.WAITS: "待触发",
    NotBegun.UNRECEIVED: "未签收",
    NotBegun.GIVEN_BACK: "反馈已退回",
    NotBegun.SILENT: "尚无报告",
    NotBegun.NOT_DUE: "报送期限未到",
}


def lines_listed(kind: CircularType, facts: Facts) -> tuple[OverdueFact, ...]:
    """Return what a paper of a type lists as overdue: on the work what it may hold against a unit by name, else all."""
    return facts.blamed if Annex.BLAMED in KINDS[kind].annexes else facts.overdue


def why_not_begun(task: TaskFact, overdue: Iterable[OverdueFact]) -> NotBegun | None:
    """Say why a task has not begun, `overdue` being what the paper lists; None of one of another class."""
    if task.work.work is not Work.NOT_STARTED:
        return None
    if task.work.own_claim or any(one.claim is Claim.NOT_STARTED_YET for one in task.results):
        return NotBegun.EARLY
    if (owed := overdue_of(task, overdue)) is not None:
        return owed
    if task.work.reason is WorkReason.WAITS_FOR_EVENT:
        return NotBegun.WAITS
    if task.work.reason is WorkReason.NOT_RECEIVED and unsigned_names(task):
        return NotBegun.UNRECEIVED
    if any(part.returned for part in task.parts):
        return NotBegun.GIVEN_BACK
    return NotBegun.SILENT if any(part.silent for part in task.parts) else NotBegun.NOT_DUE


def overdue_of(task: TaskFact, overdue: Iterable[OverdueFact]) -> NotBegun | None:
    """Tell what a task's leads owe of it among what is overdue: reports, or nothing but corrections."""
    of_leads = (line for line in overdue if line.unit in task.leads)
    owed = [span for line in of_leads for span in line.spans if any(row.task_id == task.task_id for row in span.rows)]
    if not owed:
        return None
    return NotBegun.UNCORRECTED if all(span.correction for span in owed) else NotBegun.UNREPORTED


def said_not_begun(task: TaskFact, why: NotBegun) -> str:
    """Say why a task has not begun: who has not signed, or by when its first report is due where that is known."""
    if why is NotBegun.UNRECEIVED:
        return f"{'、'.join(unsigned_names(task))}{NOT_BEGUN_WORDS[why]}"
    if why is NotBegun.NOT_DUE and (due_at := _next_due(task)) is not None:
        return f"{NOT_BEGUN_WORDS[why]}，{by_moment(due_at)}报送"
    return NOT_BEGUN_WORDS[why]


def unsigned_names(task: TaskFact) -> tuple[str, ...]:
    """Name the leads that have not signed, as units that did stand beside them; none where one may not be blamed."""
    waiting = [part for part in task.parts if part.awaits_receipt]
    return tuple(part.unit for part in waiting) if all(part.may_be_blamed for part in waiting) else ()


def sorted_by_why(tasks: Sequence[TaskFact], overdue: Sequence[OverdueFact]) -> dict[NotBegun, list[TaskFact]]:
    """Sort the tasks that have not begun by why; each stands once."""
    found: dict[NotBegun, list[TaskFact]] = {why: [] for why in NotBegun}
    for task in tasks:
        if (why := why_not_begun(task, overdue)) is not None:
            found[why].append(task)
    return found


def _next_due(task: TaskFact) -> datetime | None:
    return min((part.next_due for part in task.parts if part.next_due is not None), default=None)
