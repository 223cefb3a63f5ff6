"""The work itself, as 督查通报 and 督查专报 lead with it: by document, what was done, what lies behind and why.

Classes are those of the one partition of work. A task is told by name only from what the office accepted, and never
for work whose document is internal in a paper that everybody reads. That it is behind by its leads' own doing stands
beside no name: who is criticised is proposed, served and heard (`naming.py`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.domain.circulars.content import Source
from tracker.domain.circulars.facts import TaskFact
from tracker.domain.circulars.led import LeadPart
from tracker.domain.circulars.results import Result
from tracker.domain.claims import BEHIND_CLAIMS, CauseClass
from tracker.domain.progress import Work, WorkReason
from tracker.domain.quoting import quoted

# The classes of the partition in the columns of an annex, of which each task stands in one.
CLASS_COLUMNS: Mapping[str, frozenset[Work]] = {
    "已办结": frozenset({Work.COMPLETED_MET, Work.COMPLETED_UNMET}),
    "达序时": frozenset({Work.ON_SCHEDULE}),
    "常态推进": frozenset({Work.ONGOING}),
    "办结待审、待核数": frozenset({Work.COMPLETION_PENDING, Work.AWAITING_FIGURES}),
    "未达序时": frozenset({Work.BEHIND}),
    "逾期未办结": frozenset({Work.OVERDUE_WORK}),
    "情况不明": frozenset({Work.UNKNOWN}),
    "待启动或待报告": frozenset({Work.NOT_STARTED}),
    "中止失效撤销": frozenset({Work.SUSPENDED, Work.LAPSED, Work.CANCELLED}),
}
CLASS_WORDS: Mapping[Work, str] = {
    Work.COMPLETED_MET: "已办结",
    Work.COMPLETED_UNMET: "已办结（未达标）",
    Work.ON_SCHEDULE: "达序时",
    Work.ONGOING: "常态推进",
    Work.COMPLETION_PENDING: "办结待审",
    Work.AWAITING_FIGURES: "到期待核数",
    Work.BEHIND: "未达序时",
    Work.OVERDUE_WORK: "逾期未办结",
    Work.UNKNOWN: "情况不明",
    Work.NOT_STARTED: "待启动或待报告",
    Work.SUSPENDED: "中止",
    Work.LAPSED: "文件到期待收尾",
    Work.CANCELLED: "已撤销",
}
OVERDUE_UNKNOWN = "因反馈逾期情况不明"  # as the text counts it; of whom no paper lists as overdue without the cause
_ON_FILE = "文件到期已归档"  # of what lapsed: nobody waits for its closing any more
# What may be missing of a lead that is past its deadline.
MISSING = _UNREPORTED, _UNCORRECTED = "未报办结情况", "办结情况退回后尚未补正"
UNTRUE = "认定弄虚作假"  # of a report of a lead that the office gave back for that
_MOST_FIGURES = 2  # of an item that is past its deadline
_MOST_BEHIND = 6  # named in the text; the annex has all
_MOST_CLAIMED = 12  # named in a paper to leaders, which has them nowhere else
_FOUND = "经核定低于自报"  # no cause: the office found less than the unit had said


@dataclass(frozen=True, slots=True)
class Behind:
    """A task that is behind, or past its deadline without a completion, by the parts of the leads that are so."""

    task: TaskFact
    parts: tuple[LeadPart, ...]

    @property
    def units(self) -> tuple[str, ...]:
        """The leads whose own part is so; what the others do is not theirs."""
        return tuple(part.unit for part in self.parts)

    @property
    def results(self) -> tuple[Result, ...]:
        """The reports that say so, of those of these leads that have one."""
        return tuple(one for part in self.parts if (one := self._said_by(part)) is not None)

    @property
    def claims(self) -> tuple[Result, ...]:
        """What these leads say so by themselves, as far as nobody has judged it."""
        return tuple(one for one in self.task.claims if one.unit in self.units)

    def may_be_named(self, *, to_all: bool) -> bool:
        """Tell whether a paper may hold it against these leads by name; what is internal not in one to everybody."""
        return bool(self.parts) and all(may_be_named(self.task, part, to_all=to_all) for part in self.parts)

    def said(
        self, *, figures: int | None = None, because: str = "", why: bool = True
    ) -> list[tuple[str, tuple[str, ...]]]:
        """Say lead by lead what is missing, `figures` of the numbers at most, and `why`; of leads alike nothing twice.

        That it is a unit's own doing is criticism and stands beside no name here.
        """
        told = [(part.unit, tuple(self._said(part, figures, because, why))) for part in self.parts]
        if len({words for _unit, words in told}) == 1:
            return [("", told[0][1])]
        return [(unit, words) for unit, words in told if words]

    def _said(self, part: LeadPart, figures: int | None, because: str, why: bool) -> Iterator[str]:
        if part.work.work is Work.OVERDUE_WORK and part.work.reason is WorkReason.UNCORRECTED:
            yield said_missing(part)
        if (result := self._said_by(part)) is not None:
            yield from result.values[:figures]
            if why and (cause := recorded_cause(result)):
                yield f"{because}{cause}"

    def _said_by(self, part: LeadPart) -> Result | None:
        return next((one for one in self.task.results if one.unit == part.unit and one.claim in BEHIND_CLAIMS), None)


def may_be_named(task: TaskFact, part: LeadPart, *, to_all: bool) -> bool:
    """Tell whether a paper may hold a task against one of its leads; what is internal not in one to everybody."""
    return part.may_be_blamed and not (to_all and task.internal)


def cited(task: TaskFact) -> str:
    """Cite an item within its document: clause and name."""
    return f"{task.label}{quoted(task.title)}"


def behind(tasks: Sequence[TaskFact]) -> list[Behind]:
    """Return what the office confirmed to be behind 「未达序时」, in reading order; a unit's own word is not told."""
    return list(_of_class(tasks, Work.BEHIND))


def claimed_behind(tasks: Sequence[TaskFact]) -> list[Behind]:
    """Return what is behind by a unit's own word, which nobody of the office has judged yet, in reading order."""
    return [
        Behind(task, tuple(part for part in task.parts if part.work.work is Work.BEHIND))
        for task in tasks
        if task.work.work is Work.BEHIND and task.work.own_claim
    ]


def past_deadline(tasks: Sequence[TaskFact]) -> list[Behind]:
    """Return what is past its deadline without a completion report in hand 「逾期未办结」, in reading order."""
    return list(_of_class(tasks, Work.OVERDUE_WORK))


def _of_class(tasks: Sequence[TaskFact], work: Work) -> Iterator[Behind]:
    for task in tasks:
        if task.work.work is work and not task.work.own_claim:
            yield Behind(task, tuple(part for part in task.parts if part.work.work is work and not part.work.own_claim))


def said_missing(part: LeadPart) -> str:
    """Say what is missing of a lead that is past its deadline: the report, or the correction of one given back."""
    return _UNCORRECTED if part.work.reason is WorkReason.UNCORRECTED else _UNREPORTED


def _is_own_doing(result: Result) -> bool:
    return result.cause_class is CauseClass.OWN_WORK and not result.lowered


def recorded_cause(result: Result) -> str:
    """Say why it is behind: what the office found, else the class that was recorded and the unit's words.

    Nothing of its own doing: a unit is criticised by name only as a proposal that it was served (`naming.py`).
    """
    if result.lowered:
        return f"{_FOUND}：{result.lowered}"
    if result.cause_class is None or _is_own_doing(result):
        return ""
    return f"{result.cause_words}（{result.cause}）" if result.cause else result.cause_words


def class_words(task: TaskFact) -> str:
    """Name the class as the text counts it, whoever says so."""
    return _ON_FILE if task.work.work is Work.LAPSED and task.ended else CLASS_WORDS[task.work.work]


def classes(tasks: Sequence[TaskFact]) -> str:
    """Count tasks by their classes, those that are not nought, and how many of each rest on a unit's word alone."""
    counted = Counter(map(class_words, tasks))
    own = Counter(class_words(task) for task in tasks if task.work.own_claim)
    named = [(words, counted[words]) for words in (*CLASS_WORDS.values(), _ON_FILE) if counted[words]]
    if len(named) == 1:
        [(words, count)] = named
        return f"{'均' if count > 1 else ''}{words}{_of_own_word(own[words], of=count)}"
    return "、".join(f"{words}{count}项{_of_own_word(own[words], of=count)}" for words, count in named)


def _of_own_word(count: int, *, of: int) -> str:
    if not count:
        return ""
    return f"（其中自报{count}项）" if count < of else f"（{'均' if of > 1 else ''}系自报）"


def of_behind(one: Behind) -> Source:
    """Return what is behind as the fact behind a sentence, by the reports that say so where some do."""
    said = (*one.results, *one.claims)
    events = (*one.task.events, *(seq for result in said for seq in result.events))
    return Source(one.task.item_code, "、".join(one.units), "", None, CLASS_WORDS[one.task.work.work], events)


def told_behind(told: Sequence[Behind], *, why: bool) -> str:
    """Name what is behind: document, clause, name, units, figures, and `why`, as it was recorded."""
    return "；".join(_told(one, why=why) for one in told)


def _told(one: Behind, *, why: bool) -> str:
    named = f"{'、'.join(one.units)}承办的{one.task.document}{cited(one.task)}"
    every = one.said(figures=_MOST_FIGURES, because="原因为", why=why)
    said = [f"{unit}{'，'.join(words)}" for unit, words in every if words]
    return "，".join((named, *([f"其中{said[0]}", *said[1:]] if len(said) > 1 else said)))


def items_behind(told: Sequence[Behind]) -> str:
    """Say of items that have numbers how far they are, without whose they are; of many the first."""
    known = [(one.task, [value for result in one.results for value in result.values]) for one in told]
    said = [f"{task.document}{cited(task)}，{'、'.join(values)}" for task, values in known if values]
    return "；".join(said[:_MOST_BEHIND]) + (f"；等{len(said)}项" if len(said) > _MOST_BEHIND else "")


def items_claimed_behind(told: Sequence[Behind]) -> str:
    """Say of items that are behind by their leads' word who says so, for how long, and how far they are.

    Those first that have been called so for most periods.
    """
    said = [(one.task, claim) for one in told for claim in one.claims]
    said.sort(key=lambda pair: -pair[1].run)
    words = [
        f"{task.document}{cited(task)}，{claim.unit}{f'连续{claim.run}期' if claim.run > 1 else ''}自报"
        f"{'，'.join(('', '、'.join(claim.values) or claim.fact)) if claim.words else '，未报数据'}"
        for task, claim in said
    ]
    return "；".join(words[:_MOST_CLAIMED]) + (f"；等{len(words)}项" if len(words) > _MOST_CLAIMED else "")
