"""The annexes of circulars, each row with the fact behind it."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from tracker.domain.calendar import WorkdayCalendar, full_date, local_day, local_words
from tracker.domain.circulars.content import Source, Table
from tracker.domain.circulars.days import AFTER_ISSUE
from tracker.domain.circulars.facts import Facts, OverdueFact, OverdueSpan, TaskFact
from tracker.domain.circulars.kinds import KINDS, Annex, CircularType
from tracker.domain.circulars.one_document import cited_within
from tracker.domain.circulars.orders import ordered
from tracker.domain.circulars.row_facts import listed_items
from tracker.domain.circulars.sources import of_mending, of_span, of_task, returned_rows
from tracker.domain.circulars.supervised import supervised
from tracker.domain.circulars.work_tables import WorkTables
from tracker.domain.deadlines import is_whole_day

PAST = "已过时限"  # of what no working day has gone by since


class Tables:
    """Makes the annexes of one circular."""

    def __init__(self, facts: Facts, calendar: WorkdayCalendar, *, document: str | None = None) -> None:
        """`document` is the number of the one that the circular is about, None where it is about more."""
        self._facts, self._calendar, self._document = facts, calendar, document
        self._work = WorkTables(facts, facts.led)
        self._day = local_day(facts.as_of)

    def of(self, kind: CircularType) -> list[Table]:
        """Return the annexes of a type."""
        made: Mapping[Annex, Callable[[], Table]] = {
            Annex.STANDING: self._work.standing,
            Annex.BEHIND: self._work.behind,
            Annex.LATE: self._work.late,
            Annex.UNRECEIVED: self._work.unreceived,
            Annex.PROGRESS: self._work.progress,
            Annex.BLAMED: lambda: self._overdue(self._facts.blamed),
            Annex.OVERDUE: lambda: self._overdue(self._facts.overdue),
            Annex.SUPERVISED: lambda: supervised(self._facts, ordered(kind, self._facts.tasks)),
            Annex.ASSIGNED: lambda: self._assigned(ordered(kind, self._facts.tasks)),
            Annex.BREAKDOWN: lambda: self._breakdown(ordered(kind, self._facts.tasks)),
            Annex.FAULTS: self._faults,
        }
        tables = [made[annex]() for annex in KINDS[kind].annexes]
        return tables if self._document is None else [cited_within(table, self._document) for table in tables]

    def _late(self, span: OverdueSpan) -> str:
        """Say for how many working days it is missing, or days of an emergency clock; nothing before the first."""
        if span.clock_at is not None:
            days = (self._day - span.due_on).days
            return f"{days}天" if days else ""
        workdays = self._calendar.workdays_between(span.due_on, self._day)
        return f"{workdays}个工作日" if workdays else ""

    def _overdue(self, lines: Sequence[OverdueFact]) -> Table:
        """Give what a series owes since different days rows of their own, of which the first bears its number."""
        told = [(n, place, line, span) for n, line in enumerate(lines, 1) for place, span in enumerate(line.spans)]
        rows = tuple(
            (
                str(n) if place == 0 else "",
                line.unit,
                span.items,
                line.document,
                span.periods,
                _asked(span),
                self._late(span).removesuffix("个工作日") or PAST,
            )
            for n, place, line, span in told
        )
        sources = tuple(of_span(line, span) for _n, _place, line, span in told)
        heads = ("序号", "责任单位", "事项", "依据文件", "期次", "应报日期", "逾期工作日")
        return Table("overdue", "逾期未报事项清单", rows, sources, heads)

    def _assigned(self, tasks: Sequence[TaskFact]) -> Table:
        rows = tuple(
            (
                str(n),
                f"{t.document}{t.label}",
                t.title,
                "、".join(t.named.leads),
                "、".join(t.named.supports),
                t.deadline,
                t.cadence,
            )
            for n, t in enumerate(tasks, 1)
        )
        heads = ("序号", "依据", "事项", "牵头（责任）单位", "配合（其他责任）单位", "时限", "报送频次")
        return Table("assigned", "交办事项清单", rows, tuple(of_task(task, "已交办") for task in tasks), heads)

    def _breakdown(self, tasks: Sequence[TaskFact]) -> Table:
        rows = tuple(
            (
                str(n),
                t.label,
                t.title,
                t.targets,
                "、".join(t.named.leads),
                "、".join(t.named.supports),
                t.deadline,
                t.cadence,
            )
            for n, t in enumerate(tasks, 1)
        )
        return Table("breakdown", "任务分解表", rows, tuple(of_task(task, "已交办") for task in tasks))

    def _faults(self) -> Table:
        found = list(self._each_fault())
        rows = tuple((str(n), *cells) for n, (cells, _source) in enumerate(found, 1))
        return Table("faults", "整改问题清单", rows, tuple(source for _cells, source in found))

    def _each_fault(self) -> Iterator[tuple[tuple[str, ...], Source]]:
        """Yield what is overdue, then what was returned and is still being corrected; each with its day."""
        for line in self._facts.overdue:
            for span in line.spans:
                cells = (line.document, span.items, span.periods, self._fault(span), AFTER_ISSUE)
                yield cells, of_span(line, span)
        for form, row in returned_rows(self._facts):
            mend_on = full_date(row.mend_on) if row.mend_on is not None else "—"
            what = f"反馈被退回：{row.reason}"
            yield (form.document, listed_items([row]), form.label, what, mend_on), of_mending(form, row)

    def _fault(self, span: OverdueSpan) -> str:
        """Say for how long it is missing; on a day off, and on the day itself, no working day has gone by yet."""
        late = self._late(span)
        since = f"逾期{late}" if late else PAST
        return f"退回后{since}未补正" if span.correction else f"{since}未报"


def _asked(span: OverdueSpan) -> str:
    """Write the day by which it was asked for, of an hour clock with its hour."""
    if span.clock_at is None or is_whole_day(span.clock_at):
        return full_date(span.due_on)
    return local_words(span.clock_at)
