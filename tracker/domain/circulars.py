"""Circulars: their types, their editions, and their figures, each with the facts behind it.

One computation gives text and tables. It sees only what had happened by the cut-off, so that a circular can be
computed again at any later time.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tracker.domain.calendar import WorkdayCalendar, full_date, local_day
from tracker.domain.errors import BadInput, Rejected
from tracker.domain.policy import ReminderPolicy

ANSWER_WORKDAYS = 5
_LEAST_FOR_A_RATE = 5
_TOKEN = re.compile(r"\{([a-z_]+)\}")


class CircularType(StrEnum):
    """What the office issues. Source: design of the office's documents; wording follows each type's template."""

    SUPERVISION = "supervision"
    NOTICE = "notice"
    URGE = "urge"
    ASSIGNMENT = "assignment"
    BREAKDOWN = "breakdown"
    SPECIAL = "special"
    RECTIFICATION = "rectification"


NEEDS_UNIT = frozenset({CircularType.URGE, CircularType.RECTIFICATION})
NEEDS_DOCUMENT = frozenset({CircularType.ASSIGNMENT, CircularType.BREAKDOWN})
NEEDS_EITHER = frozenset({CircularType.NOTICE})
# What praises or criticises by name goes to the leader before it goes out.
NEEDS_LEADER = frozenset({CircularType.SUPERVISION, CircularType.SPECIAL, CircularType.RECTIFICATION})


class EditionState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    ISSUED = "issued"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


class EditionAction(StrEnum):
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    ISSUE = "issue"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    DISCARD = "discard"


_S, _A = EditionState, EditionAction
EDITION_TRANSITIONS: Mapping[tuple[EditionState, EditionAction], EditionState] = {
    (_S.DRAFT, _A.SUBMIT): _S.SUBMITTED,
    (_S.DRAFT, _A.DISCARD): _S.DISCARDED,
    (_S.SUBMITTED, _A.SEND_BACK): _S.DRAFT,
    (_S.SUBMITTED, _A.APPROVE): _S.APPROVED,
    (_S.APPROVED, _A.SEND_BACK): _S.DRAFT,
    (_S.APPROVED, _A.ISSUE): _S.ISSUED,
    (_S.ISSUED, _A.CORRECT): _S.CORRECTED,
    (_S.ISSUED, _A.WITHDRAW): _S.WITHDRAWN,
}


class EditionRefused(Rejected):
    """The act is not allowed in this state; facts: state, action."""

    code = "edition_refused"


class ScopeMissing(BadInput):
    """This type is written to a unit or about a document; facts: needs."""

    code = "scope_missing"


class NothingToSay(BadInput):
    """No fact in the scope gives this circular a matter; facts: type."""

    code = "nothing_to_say"


class UnknownToken(BadInput):
    """A sentence names a figure that was not computed; facts: token."""

    code = "unknown_token"


class DigitTyped(BadInput):
    """A sentence carries a number that is neither a figure nor in the template's words; facts: words."""

    code = "digit_typed"


def advance_edition(state: EditionState, action: EditionAction) -> EditionState:
    """Return the next state. Raises EditionRefused."""
    try:
        return EDITION_TRANSITIONS[state, action]
    except KeyError:
        raise EditionRefused(state=state.value, action=action.value) from None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom or what a circular is about: a unit's full name, a document's number, or neither."""

    unit: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class PeriodFact:
    """One reporting period as it stood at the cut-off; `events` are the log's numbers that say so."""

    task_id: int
    item_code: str
    title: str
    document: str
    unit: str
    unit_order: int
    code: str
    label: str
    starts_on: date
    due_on: date
    due_at: datetime
    owed: bool
    late: bool
    nil: bool
    returned: int
    return_reason: str | None
    extended: bool
    ended: bool
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TaskFact:
    """One issued task as it stood at the cut-off."""

    task_id: int
    item_code: str
    label: str
    title: str
    document: str
    document_title: str
    issued_on: date
    done: bool
    leads: tuple[str, ...]
    supports: tuple[str, ...]
    deadline: str
    cadence: str
    targets: str
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """The city, or a part of it, at a cut-off; units in official order."""

    as_of: datetime
    last_event: int
    tasks: tuple[TaskFact, ...]
    periods: tuple[PeriodFact, ...]


@dataclass(frozen=True, slots=True)
class Previous:
    """The circular before this one and the facts it was made of."""

    number: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Source:
    """One fact behind a figure."""

    item_code: str
    unit: str
    period: str
    due_on: date | None
    status: str
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, a name or a list in a sentence: the words printed, what they count, the facts counted."""

    key: str
    words: str
    meaning: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of an annex, each with the fact behind it; `kind` chooses the columns, the third names the item."""

    kind: str
    title: str
    rows: tuple[tuple[str, ...], ...]
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """What one computation gives: figures for the text, rows for the annexes, counts that the wording asks for."""

    type: CircularType
    scope: Scope
    as_of: datetime
    figures: Mapping[str, Figure]
    tables: tuple[Table, ...]
    addressees: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    def fill(self, words: str) -> str:
        """Put the figures into a sentence. Raises UnknownToken."""

        def word(found: re.Match[str]) -> str:
            if found[1] not in self.figures:
                raise UnknownToken(token=found[1])
            return self.figures[found[1]].words

        return _TOKEN.sub(word, words)


def tokens(words: str) -> list[str]:
    """Return the names of the figures in a sentence."""
    return _TOKEN.findall(words)


def check_sentence(words: str, *, content: Content, before: Sequence[str]) -> None:
    """Refuse figures that nobody computed and numbers typed by hand: figures stay bound to their facts.

    `before` are the template's sentences; numbers that stand in them may stay. Raises UnknownToken, DigitTyped.
    """
    content.fill(words)
    known = set(re.findall(r"\d+", " ".join(before)))
    typed = [number for number in re.findall(r"\d+", _TOKEN.sub("", words)) if number not in known]
    if typed:
        raise DigitTyped(words=typed[0])


def compute(
    kind: CircularType,
    facts: Facts,
    *,
    scope: Scope,
    calendar: WorkdayCalendar,
    policy: ReminderPolicy,
    previous: Previous | None = None,
) -> Content:
    """Compute a circular. Raises ScopeMissing, NothingToSay."""
    if kind in NEEDS_UNIT and not scope.unit:
        raise ScopeMissing(needs="unit")
    if kind in NEEDS_DOCUMENT and not scope.document:
        raise ScopeMissing(needs="document")
    if kind in NEEDS_EITHER and not (scope.unit or scope.document):
        raise ScopeMissing(needs="either")
    return _Computation(kind, facts, scope, calendar, policy, previous).content()


class _Computation:
    """Collects the figures of one circular."""

    def __init__(
        self,
        kind: CircularType,
        facts: Facts,
        scope: Scope,
        calendar: WorkdayCalendar,
        policy: ReminderPolicy,
        previous: Previous | None,
    ) -> None:
        self._kind, self._facts, self._scope = kind, facts, scope
        self._calendar, self._policy, self._previous = calendar, policy, previous
        self._day = local_day(facts.as_of)
        self._figures: dict[str, Figure] = {}
        self._counts: dict[str, int] = {}
        self._due = [period for period in facts.periods if period.due_at <= facts.as_of and not period.ended]
        self._overdue = [period for period in self._due if period.owed]

    def content(self) -> Content:
        self._day_words("until", self._day, "数据截止日")
        answer_by = self._calendar.add_workdays(self._day, ANSWER_WORKDAYS)
        self._day_words("answer_by", answer_by, f"截止日后第{ANSWER_WORKDAYS}个工作日")
        self._tasks()
        self._reports()
        self._units()
        self._changes()
        if self._scope.unit:
            self._say("unit", self._scope.unit, "所致单位", [])
        tables = {
            CircularType.SUPERVISION: lambda: [self._overdue_table()],
            CircularType.SPECIAL: lambda: [self._overdue_table()],
            CircularType.URGE: lambda: [self._overdue_table()],
            CircularType.NOTICE: lambda: [self._task_table("督办事项清单")],
            CircularType.ASSIGNMENT: lambda: [self._task_table("交办事项清单")],
            CircularType.BREAKDOWN: lambda: [self._breakdown_table()],
            CircularType.RECTIFICATION: lambda: [self._faults_table()],
        }[self._kind]()
        if self._kind not in {CircularType.SUPERVISION, CircularType.SPECIAL} and not any(t.rows for t in tables):
            raise NothingToSay(type=self._kind.value)
        return Content(
            type=self._kind,
            scope=self._scope,
            as_of=self._facts.as_of,
            figures=self._figures,
            tables=tuple(table for table in tables if table.rows),
            addressees=self._addressees(),
            counts=self._counts,
        )

    def _addressees(self) -> str | None:
        if self._scope.unit:
            return self._scope.unit
        if self._kind in {CircularType.ASSIGNMENT, CircularType.NOTICE}:
            return "、".join(dict.fromkeys(name for task in self._facts.tasks for name in task.leads)) or None
        return None

    def _say(self, key: str, words: str, meaning: str, sources: Iterable[Source]) -> None:
        self._figures[key] = Figure(key, words, meaning, tuple(sources))

    def _count(self, key: str, meaning: str, sources: Sequence[Source]) -> None:
        self._counts[key] = len(sources)
        self._say(key, str(len(sources)), meaning, sources)

    def _day_words(self, key: str, day: date, meaning: str) -> None:
        self._say(key, full_date(day), meaning, [])

    def _tasks(self) -> None:
        """Sort every task into exactly one of five parts, the first that holds."""
        tasks = self._facts.tasks
        soon_on = self._calendar.add_workdays(self._day, self._policy.warn_workdays)
        overdue = {p.task_id for p in self._overdue}
        soon = {
            p.task_id
            for p in self._facts.periods
            if p.owed and p.due_at > self._facts.as_of and p.due_on <= soon_on and p.starts_on <= self._day
        }
        begun = {p.task_id for p in self._facts.periods if p.starts_on <= self._day}
        parts: dict[str, list[TaskFact]] = {
            name: [] for name in ("completed", "overdue_tasks", "warned", "on_schedule", "not_started")
        }
        for task in tasks:
            place = "on_schedule" if task.task_id in begun else "not_started"
            if task.task_id in soon:
                place = "warned"
            if task.task_id in overdue:
                place = "overdue_tasks"
            parts["completed" if task.done else place].append(task)
        meanings = {
            "completed": "截止时已办结或者销号的事项",
            "overdue_tasks": "有逾期未报期次的事项",
            "warned": f"期次在{self._policy.warn_workdays}个工作日内到期而未报的事项",
            "on_schedule": "已开始报送、没有临期和逾期的事项",
            "not_started": "尚未到办理期的事项",
        }
        self._count("total", "截止时已交办的事项", [_of_task(task, "已交办") for task in tasks])
        for name, found in parts.items():
            self._count(name, meanings[name], [_of_task(task, meanings[name]) for task in found])
        documents = dict.fromkeys((task.document, task.document_title) for task in tasks)
        self._counts["documents"] = len(documents)
        by_document = [Source(number, "", "", None, title, ()) for number, title in documents]
        self._say("documents", str(len(documents)), "已交办事项所属的文件", by_document)
        if tasks:
            self._day_words("since", min(task.issued_on for task in tasks), "最早交办日期")
            named = [f"《{title}》（{number}）" for number, title in documents]
            self._say(
                "document",
                _some(named, 2, "件文件"),
                "所依据的文件",
                by_document,
            )
        leads = dict.fromkeys(name for task in tasks for name in task.leads)
        self._say(
            "lead_count", str(len(leads)), "牵头单位数", [Source("", name, "", None, "牵头", ()) for name in leads]
        )

    def _reports(self) -> None:
        due, overdue = self._due, self._overdue
        self._count("reports_due", "截止时已到应报日期的期次", [_of_period(p) for p in due])
        in_time = [p for p in due if not p.owed and not p.late]
        self._count("on_time", "其中按期报送的期次", [_of_period(p) for p in in_time])
        self._count("late", "其中逾期后补报的期次", [_of_period(p) for p in due if not p.owed and p.late])
        self._count("owed", "其中逾期未报的期次", [_of_period(p) for p in overdue])
        if len(due) >= _LEAST_FOR_A_RATE:
            rate = round(100 * len(in_time) / len(due), 1)
            self._say("rate", f"{rate:g}%", "按期报送的期次÷应报的期次", [])
        self._count("nil", "零报告的期次", [_of_period(p) for p in due if p.nil])
        returned = [p for p in self._facts.periods if p.returned]
        times = sum(p.returned for p in returned)
        self._counts["returned"] = times
        self._say("returned", str(times), "反馈被退回的次数", [_of_period(p) for p in returned])
        self._count("extended", "批准延期的期次", [_of_period(p) for p in self._facts.periods if p.extended])
        late_by = [self._workdays_late(p) for p in overdue]
        if late_by:
            longest = max(late_by)
            worst = [p for p, days in zip(overdue, late_by, strict=True) if days == longest]
            self._say("longest", str(longest), "逾期最长的工作日数", [_of_period(p) for p in worst])

    def _units(self) -> None:
        """Name units in official order: all reports in time, or at least one owed."""
        by_unit: dict[str, list[PeriodFact]] = {}
        for period in sorted(self._due, key=lambda p: (p.unit_order, p.due_at)):
            by_unit.setdefault(period.unit, []).append(period)
        good = {u: ps for u, ps in by_unit.items() if not any(p.owed or p.late for p in ps)}
        behind = {u: [p for p in ps if p.owed] for u, ps in by_unit.items() if any(p.owed for p in ps)}
        self._counts |= {"good_count": len(good), "behind_count": len(behind)}
        for key, units, meaning in (
            ("good", good, "全部到期反馈都按期报送的单位"),
            ("behind", behind, "有逾期未报期次的单位"),
        ):
            sources = [_of_period(p) for ps in units.values() for p in ps]
            self._say(f"{key}_count", str(len(units)), f"{meaning}数", sources)
            self._say(key, "、".join(units), meaning, sources)
        listed = "；".join(
            f"{unit}{len(ps)}期（{_some([p.item_code for p in ps], 5, '项')}）" for unit, ps in behind.items()
        )
        self._say(
            "behind_list", listed, "各单位逾期未报的期次和事项", [_of_period(p) for ps in behind.values() for p in ps]
        )

    def _changes(self) -> None:
        """Compare with the circular before: what is newly overdue, what was made good."""
        if self._previous is None:
            return
        was = {_key(p): p for p in self._previous.facts.periods if p.owed and p.due_at <= self._previous.facts.as_of}
        now = {_key(p): p for p in self._overdue}
        self._say("previous", self._previous.number, "上期通报", [])
        self._day_words("previous_until", local_day(self._previous.facts.as_of), "上期数据截止日")
        self._count("previous_owed", "上期逾期未报的期次", [_of_period(p) for p in was.values()])
        self._count("newly_owed", "本期新增的逾期未报期次", [_of_period(p) for k, p in now.items() if k not in was])
        self._count("made_good", "上期逾期、本期已补报的期次", [_of_period(p) for k, p in was.items() if k not in now])

    def _workdays_late(self, period: PeriodFact) -> int:
        return self._calendar.workdays_between(period.due_on, self._day)

    def _overdue_table(self) -> Table:
        overdue = sorted(self._overdue, key=lambda p: (p.unit_order, p.due_at, p.item_code))
        rows = tuple(
            (str(n), p.item_code, p.title, p.unit, p.label, p.due_on.isoformat(), str(self._workdays_late(p)))
            for n, p in enumerate(overdue, 1)
        )
        return Table("overdue", "逾期未报事项清单", rows, tuple(map(_of_period, overdue)))

    def _task_table(self, title: str) -> Table:
        tasks = [task for task in self._facts.tasks if not task.done]
        rows = tuple(
            (str(n), t.item_code, t.title, "、".join(t.leads), t.deadline, t.cadence) for n, t in enumerate(tasks, 1)
        )
        return Table("tasks", title, rows, tuple(_of_task(task, "已交办") for task in tasks))

    def _breakdown_table(self) -> Table:
        rows = tuple(
            (str(n), t.label, t.title, t.targets, "、".join(t.leads), "、".join(t.supports), t.deadline, t.cadence)
            for n, t in enumerate(self._facts.tasks, 1)
        )
        return Table("breakdown", "任务分解表", rows, tuple(_of_task(task, "已交办") for task in self._facts.tasks))

    def _faults_table(self) -> Table:
        faults = [p for p in self._facts.periods if p.return_reason or (p in self._overdue)]
        rows = tuple(
            (
                str(n),
                p.item_code,
                p.title,
                p.label,
                f"反馈被退回：{p.return_reason}" if p.return_reason else f"逾期{self._workdays_late(p)}个工作日未报",
            )
            for n, p in enumerate(faults, 1)
        )
        self._count("faults", "逾期未报或者反馈被退回未改的期次", [_of_period(p) for p in faults])
        return Table("faults", "整改问题清单", rows, tuple(map(_of_period, faults)))


def _some(names: Sequence[str], most: int, unit: str) -> str:
    """List the first names and say how many there are in all."""
    every = list(dict.fromkeys(names))
    return "、".join(every) if len(every) <= most else f"{'、'.join(every[:most])}等{len(every)}{unit}"


def _key(period: PeriodFact) -> tuple[int, str, str]:
    return period.task_id, period.unit, period.code


def _of_task(task: TaskFact, status: str) -> Source:
    return Source(task.item_code, "、".join(task.leads), "", None, status, task.events)


def _of_period(period: PeriodFact) -> Source:
    status = "逾期未报" if period.owed else "零报告" if period.nil else "逾期补报" if period.late else "按期报送"
    return Source(period.item_code, period.unit, period.label, period.due_on, status, period.events)
