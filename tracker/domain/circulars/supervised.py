"""The list of a supervision notice 「督办事项清单」: each item with where it stands and what clears its line."""

from collections.abc import Iterator, Mapping, Sequence

from tracker.domain.circulars.content import Source, Table
from tracker.domain.circulars.days import by_day
from tracker.domain.circulars.facts import Facts, OverdueFact, OverdueSpan, TaskFact
from tracker.domain.circulars.not_begun import NotBegun, why_not_begun
from tracker.domain.circulars.sources import of_task
from tracker.domain.circulars.work_tables import class_told, unsigned
from tracker.domain.progress import Work, WorkReason

_NOTHING = "—"
# What work in a class still has to bring, whatever its unit owes in reports.
_OF_CLASS: Mapping[Work, str] = {
    Work.OVERDUE_WORK: "报送办结情况",
    Work.BEHIND: "赶上序时进度",
    Work.AWAITING_FIGURES: "报送核定数据",
    Work.SUSPENDED: "中止期间不需办理",
}


def supervised(facts: Facts, tasks: Sequence[TaskFact]) -> Table:
    """List what is still open; of a paper about one unit what clears each line is that unit's own part."""
    rows = tuple(
        (
            str(n),
            f"{task.document}{task.label}",
            task.title,
            "、".join(task.named.called),
            "；".join(words for words in (task.deadline, task.cadence) if words != _NOTHING) or _NOTHING,
            class_told(task, facts.overdue),
            "；".join(dict.fromkeys(_clears(task, facts))),
        )
        for n, task in enumerate(tasks, 1)
    )
    heads = ("序号", "依据", "事项", "牵头（责任）单位", "时限和报送频次", "办理情况", "销号要求")
    return Table("supervised", "督办事项清单", rows, tuple(_source(task, facts) for task in tasks), heads)


def _source(task: TaskFact, facts: Facts) -> Source:
    owed = {seq for line, _span in _overdue(task, facts) for seq in line.events}
    told = of_task(task, class_told(task, facts.overdue))
    return Source(told.item_code, told.unit, "", None, told.status, tuple(sorted({*told.events, *owed})))


def _clears(task: TaskFact, facts: Facts) -> Iterator[str]:
    """Yield each thing that has to be done before a line is struck off."""
    leads = task.own is None or task.own.leads
    yield from _to_sign(task)
    for _line, span in _overdue(task, facts):
        yield f"补正{span.label}反馈" if span.correction else f"补报{span.periods}反馈"
    if why_not_begun(task, facts.overdue) is NotBegun.GIVEN_BACK:
        yield "补正退回的反馈"
    if not leads:
        yield "配合牵头单位，按要求反馈"
    elif task.work.work is Work.LAPSED:
        yield from (f"{unit}于{by_day(due_on)}报送收尾报告" for unit, due_on in task.closing)
    elif task.work.work is Work.COMPLETION_PENDING:
        corrects = task.work.reason is WorkReason.UNDER_CORRECTION
        yield "补正办结报告" if corrects else "办结报告正在审核，暂不需办理"
    elif task.work.work is Work.OVERDUE_WORK and task.work.reason is WorkReason.UNCORRECTED:
        yield "补正办结报告"
    elif task.work.reason is WorkReason.COMPLETION_REPORT:
        yield "报送办结报告"
    elif task.work.work in _OF_CLASS:
        yield _OF_CLASS[task.work.work]
    else:
        yield "按频次报送进展" if task.deadline == _NOTHING else "按期办结并报送办结报告"


def _to_sign(task: TaskFact) -> Iterator[str]:
    """Yield that a part is to be signed for: of the unit that the paper is about, else by which of several leads."""
    if task.own is not None:
        yield from ["签收"] if task.own.awaits_receipt else []
    elif waiting := unsigned(task):
        yield "签收" if len(task.leads) == 1 else f"{'、'.join(part.unit for part in waiting)}签收"


def _overdue(task: TaskFact, facts: Facts) -> Iterator[tuple[OverdueFact, OverdueSpan]]:
    """Yield what is overdue of an item: of the unit that the paper is about, else of its leads."""
    for line in facts.overdue:
        if facts.unit is None and line.unit not in task.leads:
            continue
        yield from ((line, span) for span in line.spans if any(row.task_id == task.task_id for row in span.rows))
