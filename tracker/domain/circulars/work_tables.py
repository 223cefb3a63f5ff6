"""The annexes about the work, and about who did not sign or came late: each row with the fact behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tracker.domain.calendar import full_date, hour_words, local_day
from tracker.domain.circulars.content import Source, Table
from tracker.domain.circulars.facts import Facts, FormFact, OverdueFact, TaskFact
from tracker.domain.circulars.held import held
from tracker.domain.circulars.led import LeadPart
from tracker.domain.circulars.not_begun import overdue_of, said_not_begun, why_not_begun
from tracker.domain.circulars.row_facts import listed_items
from tracker.domain.circulars.sources import PAPER_WORDS, of_form, of_task
from tracker.domain.circulars.span import falls_due
from tracker.domain.circulars.work_done import (
    CLASS_COLUMNS,
    CLASS_WORDS,
    OVERDUE_UNKNOWN,
    Behind,
    behind,
    class_words,
    may_be_named,
    of_behind,
    past_deadline,
)
from tracker.domain.deadlines import is_whole_day
from tracker.domain.items import chapter_of
from tracker.domain.owed import Paper
from tracker.domain.progress import Work

_WITHHELD = "领导批示、会议议定事项等内部事项"
_NOTHING = "—"
_EVERY_CHAPTER = "全部"
_IN_ALL = "合计"
_HELD = "待谁办理（自何日起等待）"
# What became of a form whose first filing was late: that it was is what the table says of all of them.
_NOW = {**PAPER_WORDS, Paper.LATE: "已认可", Paper.ON_TIME: "已认可"}


@dataclass(frozen=True, slots=True)
class WorkTables:
    """Makes the annexes about the work that is counted: all tasks, or those that one unit leads."""

    facts: Facts
    tasks: Sequence[TaskFact]

    def standing(self) -> Table:
        """Count the tasks of each document, of each of its chapters, and of all, by class; the classes add up."""
        told = [(str(n), *line) for n, line in enumerate(self._counted(), 1)]
        if len({document for _n, document, _chapter, _tasks in told}) > 1:
            told.append(("", _IN_ALL, _EVERY_CHAPTER, list(self.tasks)))
        rows = tuple((n, document, chapter, str(len(tasks)), *_by_class(tasks)) for n, document, chapter, tasks in told)
        sources = tuple(
            Source("", "", "", None, f"{document}{chapter}", tuple(sorted({seq for t in tasks for seq in t.events})))
            for _n, document, chapter, tasks in told
        )
        return Table("standing", "办理情况统计表", rows, sources)

    def _counted(self) -> Iterator[tuple[str, str, list[TaskFact]]]:
        by_document: dict[str, list[TaskFact]] = {}
        for task in self.tasks:
            withheld = self.facts.to_all and task.internal
            by_document.setdefault(_WITHHELD if withheld else task.document, []).append(task)
        for document, tasks in by_document.items():
            yield document, _EVERY_CHAPTER, tasks
            chapters: dict[str, list[TaskFact]] = {}
            for task in tasks if document != _WITHHELD else ():
                chapters.setdefault(chapter_of(task.label) or task.label, []).append(task)
            if 1 < len(chapters) < len(tasks):
                yield from ((document, chapter, told) for chapter, told in chapters.items())

    def behind(self) -> Table:
        """List what is behind, or past its deadline; none of whom no paper blames. Causes stand in papers to few.

        Beside others' causes a blank would tell everybody whose own doing it is.
        """
        every = (*past_deadline(self.tasks), *behind(self.tasks))
        told = [one for one in every if one.may_be_named(to_all=self.facts.to_all)]
        rows = tuple(
            (
                str(n),
                "、".join(one.units),
                f"{one.task.label} {one.task.title}",
                one.task.document,
                CLASS_WORDS[one.task.work.work],
                held(one.task, self.facts),
                _reason(one, why=not self.facts.to_all),
            )
            for n, one in enumerate(told, 1)
        )
        caused = any(_reason(one, why=not self.facts.to_all) != _reason(one, why=False) for one in told)
        heads = ("序号", "责任单位", "事项", "依据文件", "办理情况", _HELD, "进度和原因" if caused else "进度")
        named = ((Work.BEHIND, "经审核确认未达序时"), (Work.OVERDUE_WORK, CLASS_WORDS[Work.OVERDUE_WORK]))
        sorts = [words for work, words in named if any(one.task.work.work is work for one in told)]
        title = f"{'和'.join(sorts)}事项清单"
        return _said_columns(Table("items_behind", title, rows, tuple(map(of_behind, told)), heads))

    def late(self) -> Table:
        """List the forms that were first filed late, with what of them, the day on which all had come, what became."""
        told = [form for form in self.facts.forms if came_late(form, self.facts) and may_be_told(form, self.facts)]
        rows = tuple(
            (
                str(n),
                form.unit,
                listed_items(form.late_rows),
                form.document,
                form.label,
                _fell_due(form),
                _came_on(form),
                _NOW[form.paper],
            )
            for n, form in enumerate(told, 1)
        )
        heads = ("序号", "责任单位", "事项", "依据文件", "期次", "应报日期", "报送日期", "目前情况")
        return Table("came_late", "迟报清单", rows, tuple(map(of_form, told)), heads)

    def unreceived(self) -> Table:
        """List what leads have not signed for 「未签收」, lead by lead."""
        every = all_unsigned(self.facts, self.tasks)
        told = [(task, part) for task, part in every if may_be_named(task, part, to_all=self.facts.to_all)]
        rows = tuple(
            (str(n), part.unit, f"{task.label} {task.title}", task.document, full_date(task.issued_on))
            for n, (task, part) in enumerate(told, 1)
        )
        heads = ("序号", "责任单位", "事项", "依据文件", "交办日期")
        return Table("unreceived", "未签收事项清单", rows, tuple(of_unsigned(task, part) for task, part in told), heads)

    def progress(self) -> Table:
        """List every task with its class and what was last accepted of it; internal ones only in papers to few."""
        told = [task for task in self.tasks if not (self.facts.to_all and task.internal)]
        rows = tuple(
            (
                str(n),
                f"{task.document}{task.label}",
                task.title,
                "、".join(task.named.called) or _NOTHING,
                class_told(task, self.facts.blamed),
                held(task, self.facts),
                _told_of(task),
            )
            for n, task in enumerate(told, 1)
        )
        sources = tuple(
            replace(of_task(task, class_told(task, self.facts.blamed)), events=_events(task)) for task in told
        )
        heads = ("序号", "依据", "事项", "牵头（责任）单位", "办理情况", _HELD, "最近经审核认可的进展")
        return _said_columns(Table("item_progress", "事项进展情况表", rows, sources, heads))


def _said_columns(table: Table) -> Table:
    """Leave out the columns of which no row says anything: a blank beside every item tells less than none."""
    said = [n for n in range(len(table.heads)) if any(row[n] != _NOTHING for row in table.rows)]
    rows = tuple(tuple(row[n] for n in said) for row in table.rows)
    return replace(table, rows=rows, heads=tuple(table.heads[n] for n in said))


def class_told(task: TaskFact, overdue: Sequence[OverdueFact]) -> str:
    """Name the class as the text of the same paper counts it, marked where it rests on the unit's word alone 「自报」.

    `overdue` is what the paper lists: what stands there is called so. Lasting work stays in its class while its forms
    are overdue, as far as something was told of it.
    """
    if (why := why_not_begun(task, overdue)) is not None:
        words = said_not_begun(task, why)
    elif task.work.work is Work.UNKNOWN and overdue_of(task, overdue) is not None:
        words = OVERDUE_UNKNOWN
    else:
        words = class_words(task)
    return words + ("（自报）" if task.work.own_claim else "")


def _fell_due(form: FormFact) -> str:
    """Say on which day a form fell due, of a clock of hours the minute too: a later one of the same day was late."""
    return full_date(form.due_on) + ("" if is_whole_day(form.moment) else hour_words(form.moment))


def _came_on(form: FormFact) -> str:
    """Say when the last of a form's rows first left its unit, as exactly as it fell due."""
    first: dict[int, datetime] = {}
    for sent in sorted(form.sent, key=lambda one: one.event):
        first.setdefault(sent.row_id, sent.at)
    if not first:
        return _NOTHING
    at = max(first.values())
    return full_date(local_day(at)) + ("" if is_whole_day(form.moment) else hour_words(at))


def _reason(one: Behind, *, why: bool) -> str:
    """Say how the figures stand and `why`, as it was recorded, of several leads by name."""
    told = ((unit, "；".join(words)) for unit, words in one.said(why=why))
    return "。".join(f"{unit}：{words}" if unit else words for unit, words in told if words) or _NOTHING


def may_be_told(form: FormFact, facts: Facts) -> bool:
    """Tell whether a form may be held against its unit by name; of what is internal not in a paper to everybody."""
    return form.named_in_blame and not (facts.to_all and form.internal)


def came_late(form: FormFact, facts: Facts) -> bool:
    """Tell whether a form that fell due in the span was first filed late."""
    return falls_due(form, facts) and (form.late or form.paper is Paper.LATE)


def unsigned(task: TaskFact) -> list[LeadPart]:
    """Return the leads that have not signed for their part, whatever the others did and however the work stands."""
    return [part for part in task.parts if part.awaits_receipt]


def all_unsigned(facts: Facts, tasks: Sequence[TaskFact]) -> list[tuple[TaskFact, LeadPart]]:
    """Return each lead with each task that it has not signed for, in official order and that of the documents."""
    places = {name: place for place, name in enumerate(facts.official)}
    every = [(task, part) for task in tasks for part in unsigned(task)]
    return sorted(every, key=lambda one: places.get(one[1].unit, len(places)))


def of_unsigned(task: TaskFact, part: LeadPart) -> Source:
    """Return what a lead has not signed for as the fact behind a figure."""
    return replace(of_task(task, "尚未签收"), unit=part.unit)


def _told_of(task: TaskFact) -> str:
    """Say what was last accepted of a task, by name where several lead it."""
    told = [(one.unit if len(task.leads) > 1 else "", one.words) for one in task.results if one.words]
    return "；".join(f"{unit}：{words}" if unit else words for unit, words in told) or _NOTHING


def _by_class(tasks: Sequence[TaskFact]) -> Iterator[str]:
    for classes in CLASS_COLUMNS.values():
        count = sum(task.work.work in classes for task in tasks)
        yield str(count) if count else _NOTHING


def _events(task: TaskFact) -> tuple[int, ...]:
    return tuple(sorted({*task.events, *(seq for one in task.results for seq in one.events)}))
