"""Facts as the sources behind figures and rows of annexes."""

from collections.abc import Iterable, Mapping

from tracker.domain.circulars.content import Source
from tracker.domain.circulars.facts import Facts, FormFact, OverdueFact, OverdueSpan, ReturnFact, TaskFact
from tracker.domain.circulars.row_facts import RowFact
from tracker.domain.owed import Paper

PAPER_WORDS: Mapping[Paper, str] = {
    Paper.CORRECTION_OVERDUE: "未补正",
    Paper.UNREPORTED: "逾期未报",
    Paper.PENDING: "待批",
    Paper.CORRECTION: "退回补正",
    Paper.UNDER_REVIEW: "审核中",
    Paper.HELD: "随办结待审",
    Paper.NOT_DUE: "未到期",
    Paper.LATE: "迟报",
    Paper.ON_TIME: "按时",
    Paper.WAIVED: "免报",
}


def of_task(task: TaskFact, status: str) -> Source:
    """Return a task as the fact behind a figure."""
    return Source(task.item_code, "、".join(task.leads), "", None, status, task.events)


def of_form(form: FormFact) -> Source:
    """Return a form as the fact behind a figure; lateness stays as a mark beside its class."""
    status = PAPER_WORDS[form.paper]
    if form.late and form.paper is not Paper.LATE:
        status += "（首次报送逾期）"
    codes = "、".join(row.item_code for row in form.rows) or form.document
    return Source(codes, form.unit, form.label, form.due_on, status, form.events)


def of_return(form: FormFact, *returns: ReturnFact) -> Source:
    """Return what was given back of one filing as the fact behind a figure."""
    codes = "、".join(dict.fromkeys(once.item_code for once in returns if once.item_code)) or form.document
    reasons = "、".join(dict.fromkeys(once.reason for once in returns))
    events = tuple(once.event for once in returns)
    return Source(codes, form.unit, form.label, form.due_on, f"反馈被退回：{reasons}", events)


def units_of_returns(returns: Iterable[tuple[FormFact, ReturnFact]]) -> list[Source]:
    """Return each unit once, with the events by which forms of it were given back."""
    events: dict[str, set[int]] = {}
    for form, once in returns:
        events.setdefault(form.unit, set()).add(once.event)
    return [Source("", unit, "", None, "反馈被退回", tuple(sorted(found))) for unit, found in events.items()]


def of_mending(form: FormFact, row: RowFact) -> Source:
    """Return a row whose correction runs as the fact behind a figure; its day is that of the correction."""
    return Source(row.item_code or form.document, form.unit, form.label, row.mend_on, "退回补正", form.events)


def returned_rows(facts: Facts) -> list[tuple[FormFact, RowFact]]:
    """Return what was given back and is being corrected in time, row by row."""
    return [(form, row) for form in facts.forms for row in form.rows if row.paper is Paper.CORRECTION]


def of_overdue(line: OverdueFact) -> Source:
    """Return an overdue series as the fact behind a figure."""
    codes = "、".join(row.item_code for row in line.rows) or line.document
    return Source(codes, line.unit, line.periods, line.due_on, line.status, line.events)


def of_span(line: OverdueFact, span: OverdueSpan) -> Source:
    """Return what an overdue series owes since one day as the fact behind a row of an annex."""
    codes = "、".join(row.item_code for row in span.rows) or line.document
    return Source(codes, line.unit, span.periods, span.due_on, span.status, line.events)
