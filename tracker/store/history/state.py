"""The state that is folded: series, periods, rows, tasks and shares as they stood at a cut."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.domain.items import AssignmentRole, CadenceKind
from tracker.domain.lifecycle import (
    ASSIGNMENT_ENDED,
    ASSIGNMENT_TRANSITIONS,
    TASK_OWING,
    TASK_TRANSITIONS,
    AssignmentAction,
    AssignmentState,
    TaskAction,
    TaskState,
)
from tracker.domain.owed import PeriodView, RowState, RowView, SeriesView
from tracker.domain.schedule import Point
from tracker.store.history.log import Cut
from tracker.store.history.past_inquiries import PastAsked, PastInquiry, PastInstruction


@dataclass(slots=True, kw_only=True)
class PastTask:
    """A task that was issued; `events` are the numbers of those that moved its state.

    `key_reason` is why it is a key item, where it is one; `interval` is what the office set after 交办.
    """

    task_id: int
    document_id: int
    issued_at: datetime
    state: TaskState = TaskState.ISSUED
    outcome: str | None = None
    completed_at: datetime | None = None
    archived_from: TaskState | None = None
    superseded: bool = False
    triggered: bool = False
    deadline_moved: bool = False
    due_on: date | None = None
    key_reason: str | None = None
    interval: CadenceKind | None = None
    events: list[int] = field(default_factory=list)

    @property
    def is_key(self) -> bool:
        return self.key_reason is not None

    def advance(self, action: TaskAction) -> None:
        """Take the step where it is allowed, as the use cases do."""
        self.state = TASK_TRANSITIONS.get((self.state, action), self.state)


@dataclass(slots=True, kw_only=True)
class PastShare:
    """One unit's share; `got_at` is when it came into being, `succeeds` where a merger moved it there.

    `ended_at` is None of one that had ended before events told it, too.
    `given` where the office gave it after 交办; `given_before` says so of the smaller part that more was added to.
    """

    assignment_id: int
    task_id: int
    unit_id: int
    role: AssignmentRole
    duty: str
    got_at: datetime
    state: AssignmentState = AssignmentState.PENDING_RECEIPT
    ended_at: datetime | None = None
    succeeds: bool = False
    given: bool = False
    given_before: bool = False

    @property
    def is_lead(self) -> bool:
        return self.role is AssignmentRole.LEAD

    def advance(self, action: AssignmentAction, *, at: datetime) -> None:
        """Take the step where it is allowed, as the use cases do."""
        self.enter(ASSIGNMENT_TRANSITIONS.get((self.state, action), self.state), at=at)

    def enter(self, state: AssignmentState, *, at: datetime) -> None:
        """Be in a state from then on; one that had ended goes on having ended then."""
        if state not in ASSIGNMENT_ENDED:
            self.ended_at = None
        elif self.state not in ASSIGNMENT_ENDED:
            self.ended_at = at
        self.state = state


@dataclass(slots=True, kw_only=True)
class PastReport:
    """A report that left its unit, or news that has been told; `verified` is the office's word, with its reason.

    `at` is when it was written; `state` is filed, accepted or returned, of news that nobody signed yet
    awaiting_sign_off. `correct_by` is the last day to mend what was returned, `words` the digest of what it says,
    `filed_at` when it left its unit, `filed_by`, and `decided_at` when the office decided on it; `given_back` says why;
    `by_lead` whether its share led when it was written, None where the log did not tell that yet, `voice` as in the
    table; `events` are the numbers by which it left its unit and was decided.
    """

    report_id: int
    filing_id: int
    assignment_id: int | None
    kind: str
    row_id: int | None
    at: datetime
    by_lead: bool | None = None
    voice: int | None = None
    claim: str | None = None
    verified: str | None = None
    found_because: str = ""
    state: str = "filed"
    correct_by: date | None = None
    filed_at: datetime | None = None
    filed_by: int | None = None
    decided_at: datetime | None = None
    words: str | None = None
    given_back: "PastReturn | None" = None
    values: dict[int, tuple[float, date | None]] = field(default_factory=dict)
    events: list[int] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class PastReturn:
    """One return of a row 「退回」; `filing_id` is the filing that was given back, 0 where the log did not tell it.

    `unfit` where it was one for want of substance again: 未按要求报送.
    """

    seq: int
    filing_id: int
    reason: str
    reason_class: str
    unfit: bool = False


@dataclass(slots=True, kw_only=True)
class PastRow:
    """One row of a form. `extended` where an extension was granted.

    `named` tells whether the words named its unit itself; None where the log did not tell that yet.

    `sent` are the numbers and times of what left its unit for it: a report, a correction. `ended_by` is the act after
    which nobody asked for it, `moved_by` the one that gave it another moment; empty where there was none.
    """

    row_id: int
    period_id: int
    assignment_id: int | None
    task_id: int | None
    required: bool
    act: bool
    soft: bool
    final: bool
    due_at: datetime | None
    state: RowState = RowState.OPEN
    correction_due_at: datetime | None = None
    filed_at: datetime | None = None
    late: bool | None = None
    pending_at: datetime | None = None
    extended: bool = False
    ended_by: str = ""
    moved_by: str = ""
    named: bool | None = None
    returns: list[PastReturn] = field(default_factory=list)
    sent: list[tuple[int, datetime]] = field(default_factory=list)
    events: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRequest:
    """An extension of a row or, without one, a dispute of a share, that is undecided."""

    assignment_id: int
    row_id: int | None
    asked_at: datetime | None

    def is_dispute_of(self, assignment_id: int) -> bool:
        return self.row_id is None and self.assignment_id == assignment_id


@dataclass(slots=True, kw_only=True)
class PastPeriod:
    period_id: int
    series_id: int
    code: str
    starts_on: date
    ends_on: date
    opens_at: datetime
    due_at: datetime
    events: list[int] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class PastSeries:
    series_id: int
    unit_id: int
    document_id: int
    kind: CadenceKind
    addressee: str | None = None
    trigger_id: int | None = None


@dataclass(slots=True)
class State:
    """Everything that the log had told by a cut; `points` are what the office set for targets, by their ids.

    `objections` are those that are undecided, with the share whose claim was lowered; `decided` says of shares when
    the office last decided on a request.
    """

    until: Cut
    series: dict[int, PastSeries] = field(default_factory=dict)
    periods: dict[int, PastPeriod] = field(default_factory=dict)
    rows: dict[int, PastRow] = field(default_factory=dict)
    tasks: dict[int, PastTask] = field(default_factory=dict)
    shares: dict[int, PastShare] = field(default_factory=dict)
    reports: dict[int, PastReport] = field(default_factory=dict)
    requests: dict[int, PastRequest] = field(default_factory=dict)
    objections: dict[int, int] = field(default_factory=dict)
    decided: dict[int, datetime] = field(default_factory=dict)
    points: dict[int, tuple[Point, ...]] = field(default_factory=dict)
    inquiries: dict[int, PastInquiry] = field(default_factory=dict)
    instructions: dict[int, PastInstruction] = field(default_factory=dict)
    asked: dict[int, PastAsked] = field(default_factory=dict)
    _held: dict[tuple[int | None, int | None], int] = field(default_factory=dict)

    def keep(self, share: PastShare) -> None:
        """Enter a share, or one that changed hands."""
        self.shares[share.assignment_id] = share
        self._held[share.task_id, share.unit_id] = share.assignment_id

    def share_of(self, task_id: int | None, unit_id: int | None) -> PastShare | None:
        """Return the share of a unit in a task."""
        return self.shares.get(self._held.get((task_id, unit_id), 0))

    def shares_of(self, task_id: int | None) -> list[PastShare]:
        """Return the shares of a task in the order in which they came into being."""
        return [share for share in self.shares.values() if share.task_id == task_id]

    def is_live(self, row: PastRow) -> bool:
        """Tell whether a row's task and share go on; the tick for all others ends by being settled."""
        if row.assignment_id is None:
            return True
        share = self.shares.get(row.assignment_id)
        task = self.tasks.get(share.task_id) if share is not None else None
        if share is None or task is None:
            return False
        return task.state in TASK_OWING and share.state not in ASSIGNMENT_ENDED

    def views(self) -> list[SeriesView]:
        """Return the series as the predicate sees them, periods in order of time."""
        asked = {(request.assignment_id, request.row_id) for request in self.requests.values()}
        rows: dict[int, list[RowView]] = defaultdict(list)
        for row_id in sorted(self.rows):
            row = self.rows[row_id]
            waits = (row.assignment_id, None) in asked or (row.assignment_id, row_id) in asked
            rows[row.period_id].append(self._row(row, asked=waits))
        periods: dict[int, list[PeriodView]] = defaultdict(list)
        for period in sorted(self.periods.values(), key=lambda period: (period.due_at, period.period_id)):
            if period.period_id in rows:
                periods[period.series_id].append(
                    PeriodView(
                        period_id=period.period_id,
                        code=period.code,
                        opens_at=period.opens_at,
                        due_at=period.due_at,
                        rows=tuple(rows[period.period_id]),
                    )
                )
        return [
            SeriesView(
                series_id=series.series_id,
                unit_id=series.unit_id,
                document_id=series.document_id,
                kind=series.kind,
                periods=tuple(periods.get(series_id, ())),
            )
            for series_id, series in sorted(self.series.items())
        ]

    def _row(self, row: PastRow, *, asked: bool) -> RowView:
        return RowView(
            row_id=row.row_id,
            task_id=row.task_id,
            state=row.state,
            due_at=row.due_at or self.periods[row.period_id].due_at,
            required=row.required,
            act=row.act,
            soft=row.soft,
            final=row.final,
            correction_due_at=row.correction_due_at,
            filed_at=row.filed_at,
            late=row.late,
            pending=row.pending_at is not None,
            held=row.pending_at is not None and not asked,
            live=self.is_live(row),
        )
