"""A form as its page shows it: head, rows, tick, and what may be done with each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.cadences import Span, is_emergency_clock
from tracker.domain.filings import ReportKind, ReportState
from tracker.domain.items import CadenceKind
from tracker.domain.owed import RowState
from tracker.domain.quoting import quoted
from tracker.domain.schedule import Point
from tracker.domain.values import Filed
from tracker.store.queries.asked_of_shares import Requirement, Target
from tracker.store.queries.evidence_states import Judged
from tracker.store.queries.form_ends import FormEnd
from tracker.store.queries.form_parts import GivenBack, LastValue, Report
from tracker.store.queries.petitions import Petition
from tracker.store.queries.readable_reports import LEFT_THE_UNIT
from tracker.store.tables.series import FormRow

OPEN_ROWS = (RowState.OPEN.value, RowState.RETURNED.value)
UNDECIDED = ("awaiting_sign_off", "filed")
UNSETTLED = ("sent_back", "withdrawn", "returned")


@dataclass(frozen=True, slots=True)
class FormHead:
    """Who owes the form: due moments as `due_at`, the first that is not in time any more; days inclusive."""

    period_id: int
    series_id: int
    unit_id: int
    unit_name: str
    document_id: int
    document_number: str
    document_title: str
    kind: str
    addressee: str | None
    code: str
    starts_on: date
    ends_on: date
    opens_at: datetime
    due_at: datetime
    frozen_at: datetime | None
    by_event: bool

    @property
    def emergency(self) -> bool:
        """Whether the form is the clock of an emergency."""
        return is_emergency_clock(CadenceKind(self.kind), by_event=self.by_event)


@dataclass(frozen=True, slots=True)
class RowOfForm:
    """One row: what the item says and asks, where the row stands, what was said last.

    `draft` is what is written on: the last report on this very row that came back or was withdrawn, else what was
    written last on a row of the share that ended before it left the unit (`carried`). `last` is the latest
    other report on the share that has left the unit and stands, `given_back` what left it on this very row and came
    back. `office_reason` says why the office gave the row back, and `head_reason` why the head of the unit stopped the
    last attempt. `asked_until` is the day of an undecided extension, `petition` the one that waits
    for the head, came back from him or was withdrawn.
    `points` are what the office expects of a target by which day, by target.
    `filed` is what else is on file of each target, by target.
    `completion` is the state of a report by which the share asks to be done, while that is undecided.
    `evidence` is what is asked for, judged by the files of `draft`.
    `counts_cases` where the row asks for the cases of a clock per case, which `last_cases` gave last.
    `period` is that of its form, None outside of forms. `news` is what was told last and is not signed.
    """

    row_id: int | None
    assignment_id: int
    task_id: int
    label: str
    title: str
    text: str
    required: bool
    final: bool
    soft: bool
    act: bool
    scheduled: bool
    state: str
    takes: bool
    live: bool
    pending: bool
    late: bool | None
    due_at: datetime | None
    correction_due_at: datetime | None
    overdue: bool
    asked_until: date | None
    targets: tuple[Target, ...]
    points: Mapping[int, Sequence[Point]]
    last_values: dict[int, LastValue]
    filed: Mapping[int, tuple[Filed, ...]]
    requirements: tuple[Requirement, ...]
    draft: Report | None
    last: Report | None
    office_reason: GivenBack | None
    head_reason: str
    completion: str | None
    emergency: bool
    counts_cases: bool = False
    last_cases: Report | None = None
    given_back: Report | None = None
    evidence: tuple[Judged, ...] = ()
    petition: Petition | None = None
    period: Span | None = None
    news: Report | None = None

    @property
    def named(self) -> str:
        """The item by clause and title: clauses repeat within a document, and say little away from their row."""
        return f"{self.label}{quoted(self.title)}"

    @property
    def carried(self) -> bool:
        """Whether what is written on was written for a row that ended before it left the unit."""
        return self.draft is not None and self.draft.row_id != self.row_id

    @property
    def unsent(self) -> Report | None:
        """What was written and came to nothing: it stayed with the unit, and the row takes no reports any more."""
        stayed = self.draft is not None and self.draft.state in ("withdrawn", "sent_back")
        return self.draft if stayed and not (self.open and self.live) else None

    @property
    def writable(self) -> bool:
        """Whether the unit may report on the row now."""
        return self.takes and self.live and self.open and not self.waits

    @property
    def waits(self) -> bool:
        """Whether the row asks for the completion of what has asked to be done already."""
        return self.final and self.live and self.open and self.completion is not None

    @property
    def extendable(self) -> bool:
        """Whether more time may be asked for: owed, in time, no emergency, nothing undecided or with the head."""
        owed = self.live and self.open and (self.required or self.state == RowState.RETURNED.value)
        waits = self.petition is not None and self.petition.waits
        return self.row_id is not None and owed and not (self.pending or self.overdue or self.emergency or waits)

    @property
    def open(self) -> bool:
        return self.state in OPEN_ROWS


@dataclass(frozen=True, slots=True)
class TickOfForm:
    """The row for all other shares; the reasons are as those of a row."""

    state: str
    required: bool
    overdue: bool
    correction_due_at: datetime | None
    office_reason: GivenBack | None
    head_reason: str


@dataclass(frozen=True, slots=True)
class Cover:
    """What was said of a form as a whole."""

    ticked: bool
    missed_words: str


@dataclass(frozen=True, slots=True)
class FormView:
    """`tick` is the row for all other shares, None without one; `ends` are codes of earlier periods.

    `cover` is what the last envelope said of the form as a whole, where it was withdrawn or the head sent it back.

    `moment` is the earliest by which a row is owed, None where nothing is.
    `waiting_filing_id` is the envelope that lies with the head of the unit. `end` says how what was not reported ended,
    where nothing of the period can be written any more.
    """

    head: FormHead
    rows: tuple[RowOfForm, ...]
    others: tuple[RowOfForm, ...]
    tick: TickOfForm | None
    ends: tuple[str, ...]
    waiting_filing_id: int | None
    end: FormEnd | None
    moment: datetime | None
    cover: Cover | None

    @property
    def over(self) -> bool:
        """Whether every row is reported or has ended, so that nothing can be written, now or later."""
        return not any(row.open for row in self.rows) and (self.tick is None or self.tick.state not in OPEN_ROWS)

    @property
    def writable(self) -> bool:
        """Whether the unit may report on any row now, be it one of those that it may leave out."""
        return any(row.writable for row in (*self.rows, *self.others))

    @property
    def takes(self) -> bool:
        """Whether anything can be handed in: rows or the tick, and no envelope of it waits for the head."""
        ticks = self.tick is not None and self.tick.state in OPEN_ROWS
        return self.waiting_filing_id is None and (ticks or self.writable)

    @property
    def tick_needed(self) -> bool:
        """Whether the form is owed for its tick and has not been filed."""
        tick = self.tick
        return tick is not None and tick.required and tick.state == RowState.OPEN.value and not self.head.frozen_at

    @property
    def paused(self) -> bool:
        """Whether rows are open but the work on all of them stands still."""
        tick = self.tick is not None and self.tick.state in OPEN_ROWS
        return not self.over and not tick and not any(row.open and row.live for row in self.rows)


def unsigned_news(reports: Iterable[Report]) -> Report | None:
    """Return the news 「进展动态」 that waits for the head, of the reports on a share, the latest first.

    None where something has left the unit since it was told.
    """
    for report in reports:
        if report.kind == ReportKind.UPDATE.value and report.state == ReportState.AWAITING_SIGN_OFF.value:
            return report
        if report.state in LEFT_THE_UNIT:
            return None
    return None


def waits_in_time(row: FormRow, due_at: datetime) -> bool:
    """Tell whether a row lies with the office since before it was due: whatever is decided gives a moment after that.

    What asks for the completion may have come there late, with another lead's; of other rows only a dispute takes what
    is late, and decides it with its own.
    """
    return row.pending_at is not None and (row.pending_at < due_at or not row.final)
