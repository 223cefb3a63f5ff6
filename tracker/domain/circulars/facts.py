"""What circulars count, each as it stood at the cut-off, folded from the log: forms, overdue series, tasks."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.circulars.led import NO_LEADS, LeadPart, LedFacts, OwnPart
from tracker.domain.circulars.results import Result
from tracker.domain.circulars.row_facts import RowFact, listed_items, listed_names
from tracker.domain.circulars.unasked import Unasked
from tracker.domain.courts import Court, Holder
from tracker.domain.owed import Paper
from tracker.domain.progress import Work, WorkClass, WorkReason
from tracker.domain.responsibility import Responsibility

_NOBODY = Court(Holder.ENDED)
_DONE = (Work.CANCELLED, Work.COMPLETED_MET, Work.COMPLETED_UNMET)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnFact:
    """One row of a filing that was given back 「退回」; `reason` is its class in words, `event` the log's number.

    `filing_id` says which filing: all rows of one are one report of the unit 「一份反馈」. `item_code` is empty for the
    tick for all others, which is one row and no item. `unfit` where it counts as 未按要求报送.
    """

    filing_id: int
    item_code: str
    reason: str
    event: int
    unfit: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What left a unit for a row of a form: a report or a correction."""

    row_id: int
    event: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFact:
    """One form of a unit as it stood; `events` are the log's numbers that say so.

    `moment` is when it falls due: the earliest of its unreported rows, else of all that it must speak of; `due_on` its
    last day. `late` where a row was first filed late, whatever became of it, `late_rows` the items that were;
    `reported` where nothing is left unreported, `missed` where it ended unreported and nobody asks for it any more.
    `returns` are its rows that were given back, each time; `sent` what left the unit for it; `rows` those that wait for
    the unit, `unasked` those that nobody waits for now, though nothing of them was accepted. `named_in_blame` where the
    unit may be criticised by name, `internal` where its document is open only to those who carry it out.
    """

    series_id: int
    period_id: int
    unit: str
    unit_order: int
    document: str
    rhythm: str
    label: str
    due_on: date
    moment: datetime
    paper: Paper
    late: bool = False
    late_rows: tuple[RowFact, ...] = ()
    reported: bool = False
    missed: bool = False
    extended: bool = False
    returns: tuple[ReturnFact, ...] = ()
    sent: tuple[Sent, ...] = ()
    rows: tuple[RowFact, ...] = ()
    unasked: tuple[Unasked, ...] = ()
    named_in_blame: bool = True
    internal: bool = False
    events: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueSpan:
    """Rows of one series that are overdue in the same periods since the same day, from the one named `label` on.

    `run` counts these periods, `in_a_row` where none lies between them; `act` where something is to be done each time,
    so that they are owed one by one; `correction` where a returned report was not mended in time 「未补正」.
    `clock_at` is the moment of an unreported emergency clock, for which days off do not exist; else None.
    """

    label: str
    run: int
    in_a_row: bool
    act: bool
    correction: bool
    due_on: date
    rows: tuple[RowFact, ...]
    clock_at: datetime | None = None

    @property
    def status(self) -> str:
        """What is missing: a report or a correction."""
        return "未补正" if self.correction else "逾期未报"

    @property
    def periods(self) -> str:
        """Which periods are meant: the first, and how many since."""
        since = self.label if self.run <= 1 else f"{self.label}起{self._together}{self.run}期"
        return f"{since}（未补正）" if self.correction else since

    @property
    def _together(self) -> str:
        return "连续" if self.in_a_row and not self.act else "共"

    @property
    def items(self) -> str:
        """The rows as the document prints them; a form of ticks alone names none."""
        return listed_items(self.rows)

    @property
    def names(self) -> str:
        """The rows by their labels, by label and title where the document prints a label twice."""
        return listed_names(self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueFact:
    """One series that is overdue, however many of its periods are: the one that counts, and since when.

    `row_ids` are all rows past their moment, the tick for all others among them. `spans` say which of its rows are
    overdue in which periods. `spared` names the class of a unit that no paper criticises, None for one that may be.
    `internal` where its document is open only to those who carry it out.
    """

    series_id: int
    period_id: int
    unit: str
    unit_order: int
    document: str
    due_on: date
    since: datetime
    spans: tuple[OverdueSpan, ...]
    row_ids: frozenset[int] = frozenset()
    spared: str | None = None
    internal: bool = False
    events: tuple[int, ...] = ()

    @property
    def rows(self) -> tuple[RowFact, ...]:
        """Every item that is overdue in any of the periods, once, in reading order."""
        every = {row.item_code: row for span in self.spans for row in span.rows}
        return tuple(sorted(every.values(), key=lambda row: row.place))

    @property
    def correction(self) -> bool:
        """Whether nothing but corrections is overdue."""
        return all(span.correction for span in self.spans)

    @property
    def status(self) -> str:
        """What is missing: reports, corrections or both."""
        if self.correction:
            return "未补正"
        return "逾期未报、未补正" if any(span.correction for span in self.spans) else "逾期未报"

    @property
    def periods(self) -> str:
        """Which periods are meant; where they differ, of which items."""
        if len(self.spans) == 1:
            return self.spans[0].periods
        return "；".join(f"{span.names}：{span.periods}" for span in self.spans)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFact:
    """One issued task as it stood at the cut-off; `work` is its class in the one partition of work.

    `leads` are the units whose shares lead, `orderable` those of them that the office may order, `beside` those with
    another part whom it may order, `unsigned` who of both has yet to sign, `named` whom papers name. `cadence` is what
    is owed for it from then on: by the unit that the paper is about, else by its leads; `closing` says who owes a
    closing report, each by which day. `due_on` is its deadline; `own` is that unit's part, None where the paper is
    about none. `parts` are those of the leads that stand, `results` what was last accepted of each, `claims` what they
    call behind and nobody judged; of a paper about a lead, its own alone. `internal` where only who carries it out may
    open it; `court`: who had the ball.
    """

    task_id: int
    item_code: str
    label: str
    title: str
    document: str
    document_title: str
    issued_on: date
    work: WorkClass
    leads: tuple[str, ...]
    orderable: tuple[str, ...]
    named: Responsibility
    deadline: str
    cadence: str
    targets: str
    closing: tuple[tuple[str, date], ...] = ()
    own: OwnPart | None = None
    parts: tuple[LeadPart, ...] = ()
    results: tuple[Result, ...] = ()
    claims: tuple[Result, ...] = ()
    beside: tuple[str, ...] = ()
    unsigned: tuple[str, ...] = ()
    internal: bool = False
    due_on: date | None = None
    court: Court = _NOBODY
    events: tuple[int, ...] = ()

    @property
    def ended(self) -> bool:
        """Whether nothing more is asked of it."""
        return self.work.work in _DONE or self.work.reason is WorkReason.ARCHIVED

    @property
    def goes_on(self) -> bool:
        """Whether work on it is still ordered: it has neither ended nor lapsed, and nobody suspended it."""
        return not self.ended and self.work.work not in (Work.LAPSED, Work.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Addressed:
    """The unit that a paper is about: its name, whether the office may order it, and who stands for a leading group.

    `instead` says what the office does where it may not; `acted_for` is None for a unit that is no leading group.
    """

    name: str
    may_be_ordered: bool
    instead: str
    acted_for: bool | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The city, or a part of it, at a cut-off; units in official order, forms and series in order of their moment.

    `unit` is the one that the part is about. `to_all` where they make a paper that everybody reads, so that nothing of
    an internal document may be named. `circle` are those who carry out the internal document that the part is of, and
    who alone may open what is written about it; `official` all units in official order; `leads` say part by part what
    decides whom a paper may name. `since` is the cut-off of the circular before, `since_event` its last event, `told`
    are the periods whose forms it counted.
    """

    as_of: datetime
    last_event: int
    tasks: tuple[TaskFact, ...]
    forms: tuple[FormFact, ...]
    overdue: tuple[OverdueFact, ...]
    unit: Addressed | None = None
    to_all: bool = False
    circle: tuple[str, ...] = ()
    official: tuple[str, ...] = ()
    leads: LedFacts = NO_LEADS
    since: datetime | None = None
    since_event: int = 0
    told: frozenset[int] = frozenset()

    @property
    def led(self) -> tuple[TaskFact, ...]:
        """The tasks whose work is counted: of a paper about one unit what it leads."""
        return tuple(task for task in self.tasks if self.unit is None or (task.own is not None and task.own.leads))

    @property
    def blamed(self) -> tuple[OverdueFact, ...]:
        """What is overdue and may be held against its unit by name."""
        return tuple(line for line in self.overdue if line.spared is None and not (self.to_all and line.internal))

    @property
    def withheld(self) -> tuple[OverdueFact, ...]:
        """What is overdue and would be held against its unit, were its document open to the readers."""
        return tuple(line for line in self.overdue if line.spared is None and self.to_all and line.internal)

    @property
    def spared(self) -> tuple[OverdueFact, ...]:
        """What is overdue of bodies that no paper criticises, or whose part nobody acts for yet."""
        return tuple(line for line in self.overdue if line.spared is not None)
