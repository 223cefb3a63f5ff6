"""The annexes about the work, and about who did not sign or came late: each row with the fact behind it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from tracker.domain.calendar import full_date, hour_words, local_day
from tracker.domain.circulars.content import Source, Table
from tracker.domain.circulars.facts import Facts, FormFact, OverdueFact, TaskFact
from tracker.domain.circulars.led import LeadPart
from tracker.domain.circulars.not_begun import overdue_of, said_not_begun, why_not_begun
from tracker.domain.circulars.sources import of_form, of_task
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
from tracker.domain.claims import CauseClass
from tracker.domain.courts import MOST_NAMED, Holder
from tracker.domain.deadlines import is_whole_day
from tracker.domain.items import chapter_of
from tracker.domain.owed import Paper
from tracker.domain.progress import Work

_WITHHELD = "领导批示、会议议定事项等内部事项"
_NOTHING = "—"
_EVERY_CHAPTER = "全部"
_HOLDERS: Mapping[Holder, str] = {Holder.OFFICE: "市政府督查室", Holder.LEADER: "市政府领导", Holder.EVENT: "待触发"}
# Whom or what work waits for that is behind for a cause which is not the unit's; of its own and others it is the unit.
_WAITS_FOR: Mapping[CauseClass, str] = {
    CauseClass.AWAITS_POLICY: "上级文件或政策",
    CauseClass.AWAITS_FUNDS: "资金到位",
    CauseClass.UPSTREAM: "上级或其他单位",
    CauseClass.OUT_OF_SEASON: "季节适宜",
    CauseClass.LITIGATION: "诉讼结果",
    CauseClass.FORCE_MAJEURE: "不可抗力消除",
    CauseClass.UNCLEAR_DUTY: "市政府督查室明确职责",
}
_BY_CAUSE = "（按登记的原因）"


@dataclass(frozen=True, slots=True)
class WorkTables:
    """Makes the annexes about the work that is counted: all tasks, or those that one unit leads."""

    facts: Facts
    tasks: Sequence[TaskFact]

    def standing(self) -> Table:
        """Count the tasks of each document, and of each of its chapters, by class; the classes of a row add up."""
        told = list(self._counted())
        rows = tuple(
            (str(n), document, chapter, str(len(tasks)), *_by_class(tasks))
            for n, (document, chapter, tasks) in enumerate(told, 1)
        )
        sources = tuple(
            Source("", "", "", None, f"{document}{chapter}", tuple(sorted({seq for t in tasks for seq in t.events})))
            for document, chapter, tasks in told
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
                self._held(one.task),
                _reason(one, why=not self.facts.to_all),
            )
            for n, one in enumerate(told, 1)
        )
        return Table("items_behind", "未达序时和逾期未办结事项清单", rows, tuple(map(of_behind, told)))

    def late(self) -> Table:
        """List the forms that were first filed late, whatever became of them, with the day on which all had come."""
        told = [form for form in self.facts.forms if came_late(form, self.facts) and may_be_told(form, self.facts)]
        rows = tuple(
            (str(n), form.unit, form.document, form.rhythm, form.label, _fell_due(form), _came_on(form))
            for n, form in enumerate(told, 1)
        )
        return Table("late", "迟报清单", rows, tuple(map(of_form, told)))

    def unreceived(self) -> Table:
        """List what leads have not signed for 「未签收」, lead by lead."""
        every = all_unsigned(self.facts, self.tasks)
        told = [(task, part) for task, part in every if may_be_named(task, part, to_all=self.facts.to_all)]
        rows = tuple(
            (str(n), part.unit, f"{task.label} {task.title}", task.document, full_date(task.issued_on))
            for n, (task, part) in enumerate(told, 1)
        )
        return Table("unreceived", "未签收事项清单", rows, tuple(of_unsigned(task, part) for task, part in told))

    def progress(self) -> Table:
        """List every task with its class and what was last accepted of it; internal ones only in papers to few."""
        told = [task for task in self.tasks if not (self.facts.to_all and task.internal)]
        rows = tuple(
            (
                str(n),
                f"{task.document}{task.label}",
                task.title,
                "、".join(task.named.leads) or _NOTHING,
                class_told(task, self.facts.blamed),
                self._held(task),
                _told_of(task),
            )
            for n, task in enumerate(told, 1)
        )
        sources = tuple(
            replace(of_task(task, class_told(task, self.facts.blamed)), events=_events(task)) for task in told
        )
        return Table("item_progress", "事项进展情况表", rows, sources)

    def _held(self, task: TaskFact) -> str:
        return _held(task, local_day(self.facts.as_of), why=not self.facts.to_all)


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


def _held(task: TaskFact, today: date, *, why: bool) -> str:
    """Say who has to take the next step, and since when; nothing of what has ended or waits for nobody.

    Of leads that stand alike it names each, or how many there are, and a day where it is that of all.

    Of what the office confirmed to be behind for causes outside of its leads it says what that waits for: no lead holds
    up what its superiors have not decided. Where causes are not told, `why`, nobody is said to hold up what is behind.
    """
    court = task.court
    if not why and court.unit is not None and any(behind((task,))):
        return _NOTHING
    if court.unit is not None and (outside := _outside(task)):
        return f"{'、'.join(outside)}{_BY_CAUSE}"
    holders = dict.fromkeys(one.unit or _HOLDERS.get(one.holder, _NOTHING) for one in court.every)
    told = "、".join(holders) if len(holders) <= MOST_NAMED else f"牵头单位{len(holders)}家"
    since = court.since_day
    if since is None or told == _NOTHING:
        return told
    return f"{told}（{full_date(since)[0 if since.year != today.year else 5 :]}起）"


def _outside(task: TaskFact) -> tuple[str, ...]:
    """Return what work that is behind waits for outside of its leads; nothing where one has no such cause recorded."""
    late = next(iter(behind((task,))), None)
    if late is None or len(late.results) < len(late.parts):
        return ()
    causes = dict.fromkeys(one.cause_class for one in late.results)
    told = tuple(_WAITS_FOR[cause] for cause in causes if cause is not None and cause in _WAITS_FOR)
    return told if len(told) == len(causes) else ()


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
