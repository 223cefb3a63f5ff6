"""The figures of circulars, each with the facts behind it: text and tables come from one computation."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from tracker.domain.calendar import WorkdayCalendar, full_date, local_day
from tracker.domain.circulars.addressing import check_addressed, check_scope
from tracker.domain.circulars.comparing import Previous, compare
from tracker.domain.circulars.content import Content, Figure, Scope, Source, listed
from tracker.domain.circulars.days import AFTER_ISSUE
from tracker.domain.circulars.facts import Facts, FormFact, OverdueFact, ReturnFact, TaskFact
from tracker.domain.circulars.kinds import KINDS, Annex, CircularType, Needs
from tracker.domain.circulars.listing import clauses, some_of
from tracker.domain.circulars.meanings import MEANINGS, PAPER_FIGURES
from tracker.domain.circulars.naming import with_proposals
from tracker.domain.circulars.not_begun import lines_listed, sorted_by_why
from tracker.domain.circulars.order_figures import OrderFigures
from tracker.domain.circulars.orders import addressed, closing_ordered, ordered, owed_by_addressees
from tracker.domain.circulars.sources import (
    of_form,
    of_mending,
    of_overdue,
    of_return,
    of_task,
    returned_rows,
    units_of_returns,
)
from tracker.domain.circulars.span import falls_due, given_back, with_span
from tracker.domain.circulars.tables import Tables
from tracker.domain.circulars.unasked import counted_reasons, joined_reasons
from tracker.domain.circulars.work_figures import WorkFigures
from tracker.domain.errors import BadInput
from tracker.domain.owed import Paper
from tracker.domain.progress import Work
from tracker.domain.quoting import titled

_LEAST_FOR_A_RATE = 5
_NOT_ASKED = frozenset({Paper.WAIVED, Paper.PENDING, Paper.HELD})
_FILED_IN_TIME = frozenset({Paper.ON_TIME, Paper.UNDER_REVIEW, Paper.CORRECTION, Paper.CORRECTION_OVERDUE})


class NothingToSay(BadInput):
    """No fact in the scope gives this circular a matter; facts: type."""

    code = "nothing_to_say"


def compute(
    kind: CircularType, facts: Facts, *, scope: Scope, calendar: WorkdayCalendar, previous: Previous | None = None
) -> Content:
    """Compute a circular. Raises ScopeMissing, AskedByLetter, NobodyActs, NothingToSay."""
    check_scope(kind, scope)
    check_addressed(kind, facts)
    # A paper about a published document is read by everybody, too; one about an internal one by who carries it out.
    about_internal = bool(scope.document) and any(task.internal for task in facts.tasks)
    to_all = KINDS[kind].is_for_all(to_unit=bool(scope.unit), about_internal=about_internal)
    facts = with_span(replace(facts, to_all=to_all), previous)
    content = _Computation(kind, facts, scope, calendar, previous).content()
    return with_proposals(content, facts, previous)


class _Computation:
    """Collects the figures of one circular."""

    def __init__(
        self, kind: CircularType, facts: Facts, scope: Scope, calendar: WorkdayCalendar, previous: Previous | None
    ) -> None:
        self._kind, self._facts, self._scope = kind, facts, scope
        self._rules = KINDS[kind]
        self._calendar, self._previous = calendar, previous
        self._day = local_day(facts.as_of)
        self._figures: dict[str, Figure] = {}
        self._counts: dict[str, int] = {}
        self._orders, self._to = ordered(kind, facts.tasks), addressed(kind, facts, scope=scope)
        self._due = [form for form in facts.forms if falls_due(form, facts)]

    def content(self) -> Content:
        self._day_words("until", self._day)
        self._say("answer_by", AFTER_ISSUE, [])
        self._tasks()
        self._documents()
        self._reports()
        self._returns()
        self._overdue()
        self._called_in()
        self._changes()
        if self._scope.unit:
            self._say("unit", self._scope.unit, [])
        tables = Tables(self._facts, self._calendar, document=self._scope.document).of(self._kind)
        faults = [source for table in tables if table.kind == "faults" for source in table.sources]
        self._count("faults", faults)
        said = any(table.rows for table in tables) and not self._orders_nothing()
        if not self._facts.tasks or not (self._rules.may_find_nothing or said):
            raise NothingToSay(type=self._kind.value)
        return Content(
            type=self._kind,
            scope=self._scope,
            as_of=self._facts.as_of,
            figures=self._figures,
            tables=tuple(table for table in tables if table.rows),
            addressees=listed(self._to),
            counts=self._counts,
        )

    def _say(self, key: str, words: str, sources: Iterable[Source]) -> None:
        self._figures[key] = Figure(key, words, MEANINGS[key], tuple(sources))

    def _count(self, key: str, sources: Sequence[Source]) -> None:
        self._counts[key] = len(sources)
        self._say(key, str(len(sources)), sources)

    def _day_words(self, key: str, day: date) -> None:
        self._say(key, full_date(day), [])

    def _tasks(self) -> None:
        """Count every task in its class of the work partition; of a unit's, only what it leads is its own work."""
        tasks = self._facts.led
        counted = self._orders if self._kind is CircularType.BREAKDOWN else self._facts.tasks
        self._count("total", [of_task(task, "已交办") for task in counted])
        if self._scope.unit:
            self._own_part()
        work_done = WorkFigures(self._facts, tasks, self._rules.to_leaders)
        self._figures |= work_done.figures
        self._counts |= work_done.counts
        for work in Work:
            self._tasks_counted(work.value, [task for task in tasks if task.work.work is work])
        lapsed = [task for task in tasks if task.work.work is Work.LAPSED]
        self._tasks_counted("lapsed_archived", [task for task in lapsed if task.ended])
        self._tasks_counted("lapsed_open", [t for t in lapsed if not t.ended])
        for why, waiting in sorted_by_why(tasks, lines_listed(self._kind, self._facts)).items():
            self._tasks_counted(why.value, waiting)
        self._tasks_counted("own_word", [task for task in tasks if task.work.own_claim])
        self._tasks_counted("unsigned", [task for task in tasks if task.work.unsigned])
        going_on = [task for task in self._facts.tasks if task.goes_on]
        self._tasks_counted("open", going_on)
        ordering = OrderFigures(self._kind, self._orders, self._scope, self._day)
        self._figures |= ordering.figures
        self._counts |= ordering.counts
        self._closing(tasks)

    def _own_part(self) -> None:
        """Count what the unit that the paper is about leads, bears beside others, and has not signed for."""
        parts = [(task, task.own) for task in self._facts.tasks if task.own is not None]
        for key, tasks in (
            ("own_lead", [task for task, own in parts if own.leads]),
            ("own_other", [task for task, own in parts if not own.leads]),
            ("own_unreceived", [task for task, own in parts if own.awaits_receipt]),
        ):
            status = MEANINGS[key].removesuffix("的事项")
            self._count(key, [replace(of_task(task, status), unit=self._scope.unit or "") for task in tasks])

    def _orders_nothing(self) -> bool:
        """Tell whether a list of tasks has none to work on, and asks for nothing that is still owed."""
        ordering = any(task.goes_on for task in self._orders) or self._counts["closing"] or self._counts["called_in"]
        lists_orders = {Annex.SUPERVISED, Annex.ASSIGNED} & set(self._rules.annexes)
        return bool(lists_orders) and not ordering

    def _closing(self, tasks: Sequence[TaskFact]) -> None:
        """Say what is owed for tasks whose document ended: one closing report each, by its day.

        What is past that day counts among the overdue.
        """
        told = [(task, closing_ordered(task, scope=self._scope, from_day=self._day)) for task in tasks]
        owing = [(task, owed) for task, owed in told if owed]
        sources = [
            replace(
                of_task(task, "欠收尾报告"),
                unit="、".join(unit for unit, _due_on in owed),
                due_on=min(due_on for _unit, due_on in owed),
            )
            for task, owed in owing
        ]
        self._count("closing", sources)
        days = sorted({due_on for _task, owed in owing for _unit, due_on in owed})
        self._say("closing_by", "、".join(map(full_date, days)), sources)

    def _tasks_counted(self, key: str, tasks: Sequence[TaskFact]) -> None:
        self._count(key, [of_task(task, MEANINGS[key]) for task in tasks])

    def _documents(self) -> None:
        tasks = self._facts.tasks
        overdue = {line.document for line in self._facts.overdue}
        named = [task for task in tasks if self._kind is not CircularType.URGE or task.document in overdue]
        documents = dict.fromkeys((task.document, task.document_title) for task in named)
        self._counts["documents"] = len(documents)
        by_document = [Source(number, "", "", None, title, ()) for number, title in documents]
        self._say("documents", str(len(documents)), by_document)
        if not tasks:
            return
        since = min(task.issued_on for task in tasks)
        self._counts["days"] = (self._day - since).days
        self._day_words("since", since)
        titles = [f"{titled(title)}（{number}）" for number, title in documents]
        self._say("document", some_of(titles, 2, "件文件"), by_document)

    def _reports(self) -> None:
        """Sort every form that fell due in the span into exactly one class of the paper partition."""
        due = self._due
        self._count("reports_due", [of_form(form) for form in due])
        for paper, key in PAPER_FIGURES.items():
            self._count(key, [of_form(form) for form in due if form.paper is paper])
        late = [form for form in due if form.late and form.paper is not Paper.LATE]
        self._count("late_elsewhere", [of_form(form) for form in late])
        missed = [form for form in due if form.missed]
        self._count("missed", [of_form(form) for form in missed])
        why = [joined_reasons(row for row in form.unasked if row.missed) for form in missed]
        self._say("missed_why", counted_reasons(why, unit="期"), [of_form(form) for form in missed])
        asked = [form for form in due if form.paper not in _NOT_ASKED]
        in_time = [form for form in asked if form.paper in _FILED_IN_TIME and form.reported and not form.late]
        self._count("asked", [of_form(form) for form in asked])
        self._count("in_time", [of_form(form) for form in in_time])
        if len(asked) >= _LEAST_FOR_A_RATE:
            rate = round(100 * len(in_time) / len(asked), 1)
            self._say("rate", f"{rate:g}%", [of_form(form) for form in in_time])

    def _returns(self) -> None:
        """Count what was given back: units, filings, and each row of a filing 「项次」; reasons are those of rows."""
        returns = [(form, once) for form, new in given_back(self._facts) for once in new]
        filings: dict[tuple[int, int], list[tuple[FormFact, ReturnFact]]] = {}
        for form, once in returns:
            filings.setdefault((form.period_id, once.filing_id), []).append((form, once))
        rows = [of_return(form, once) for form, once in returns]
        self._count("returned_units", units_of_returns(returns))
        self._count("returned", [of_return(told[0][0], *(one for _form, one in told)) for told in filings.values()])
        self._count("returned_rows", rows)
        ticks = [of_return(form, once) for form, once in returns if not once.item_code]
        self._count("returned_ticks", ticks)
        reasons = Counter(once.reason for _form, once in returns)
        listed = "、".join(f"{reason}{count}项次" for reason, count in reasons.most_common())
        self._say("return_reasons", listed, rows)
        self._count("mending", [of_mending(form, row) for form, row in returned_rows(self._facts)])
        self._count("extended", [of_form(form) for form in self._facts.forms if form.extended])

    def _overdue(self) -> None:
        """Name units in official order with what is overdue now, each series once; spare whom no paper criticises."""
        self._lines("overdue", self._facts.overdue)
        blamed, spared = self._facts.blamed, self._facts.spared
        self._lines("blamed", blamed)
        self._lines("spared", spared)
        self._lines("withheld", self._facts.withheld)
        kinds = dict.fromkeys(line.spared or "" for line in spared)
        self._say("spared_kinds", "、".join(kinds), [of_overdue(line) for line in spared])
        by_unit: dict[str, list[OverdueFact]] = {}
        for line in blamed:
            by_unit.setdefault(line.unit, []).append(line)
        sources = [of_overdue(line) for lines in by_unit.values() for line in lines]
        self._counts["behind_count"] = len(by_unit)
        self._say("behind_count", str(len(by_unit)), sources)
        self._say("behind_units", "、".join(by_unit), sources)
        listed = "；".join(f"{unit}{len(lines)}份（{clauses(lines)}）" for unit, lines in by_unit.items())
        self._say("behind_list", listed, sources)
        self._say("behind_items", clauses(blamed), sources)
        told = self._facts.overdue if self._rules.needs is Needs.UNIT else blamed
        if told:
            days = {line: self._calendar.workdays_between(line.due_on, self._day) for line in told}
            longest = max(days.values())
            worst = [of_overdue(line) for line in told if days[line] == longest]
            self._counts["longest"] = longest
            self._say("longest", str(longest), worst)

    def _called_in(self) -> None:
        """Count what those whom the paper goes to owe themselves, unit by unit: it orders nothing of others."""
        by_unit: dict[str, list[OverdueFact]] = {}
        for line in owed_by_addressees(self._kind, self._facts, scope=self._scope):
            by_unit.setdefault(line.unit, []).append(line)
        lines = [line for owed in by_unit.values() for line in owed]
        sources = [of_overdue(line) for line in lines]
        self._lines("called_in", lines)
        self._counts.update(addressed=len(self._to), called_count=len(by_unit))
        self._say("called_units", "、".join(by_unit), sources)
        listed = "、".join(f"{unit}{len(owed)}份" for unit, owed in by_unit.items())
        self._say("called_list", listed, sources)

    def _lines(self, key: str, lines: Sequence[OverdueFact]) -> None:
        self._count(key, [of_overdue(line) for line in lines])

    def _changes(self) -> None:
        """Compare with the circular before, in series as everything that is overdue."""
        if self._previous is None:
            return
        self._say("previous", self._previous.number, [])
        self._day_words("previous_until", local_day(self._previous.facts.as_of))
        self._lines("previous_overdue", self._previous.facts.overdue)
        changes = compare(self._previous, self._facts)
        for key, sources in changes.sources().items():
            self._count(key, sources)
        self._say("ended_why", changes.why_ended(), changes.sources()["ended_since"])
