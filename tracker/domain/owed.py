"""What is owed: one predicate on one view, for everything that lists, counts, lights, reminds, rolls up or prints.

A view is a series' periods with their rows, however they were found: from the tables, or from the log up to a
cut-off. The database may restate the predicate where a test finds it equal row for row.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tracker.domain.items import CadenceKind


class RowState(StrEnum):
    """Where one row of a form stands. `filed` lies with the office, `returned` is under correction.

    `missed` is history 「漏报」: it ended unreported. `stands`: a correction ended with its task, so that what was
    filed last holds.
    """

    OPEN = "open"
    FILED = "filed"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WAIVED = "waived"
    MISSED = "missed"
    STANDS = "stands"


ROW_ENDED = frozenset({RowState.ACCEPTED, RowState.WAIVED, RowState.MISSED, RowState.STANDS})


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One row of a period. All times are aware.

    `due_at` is the row's own moment or its period's, `correction_due_at` that of a running correction. `pending`
    while the office has the ball, `held` where it has it for the lead's completion report alone: no extension or
    dispute of its own waits. `live` while its task and share are. `late` is what the first filing decided, None before
    it and while a decision that fixes it is open.
    """

    row_id: int
    task_id: int | None
    state: RowState
    due_at: datetime
    required: bool = True
    act: bool = False
    soft: bool = False
    final: bool = False
    correction_due_at: datetime | None = None
    filed_at: datetime | None = None
    late: bool | None = None
    pending: bool = False
    held: bool = False
    live: bool = True

    @property
    def moment(self) -> datetime | None:
        """When this row turns overdue; None while nothing is owed for it or the office has the ball."""
        if self.pending or not self.live:
            return None
        if self.state is RowState.RETURNED:
            return self.correction_due_at
        return self.due_at if self.state is RowState.OPEN and self.required else None

    @property
    def filed_late(self) -> bool:
        """Whether it was filed late as far as it was owed: nobody is late with what nobody asked for."""
        return self.required and bool(self.late)

    @property
    def asked(self) -> bool:
        """Whether an extension or a dispute asked in time is undecided."""
        return self.pending and not self.held


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodView:
    """One window of a series; `opens_at` is when reports on it are first taken."""

    period_id: int
    code: str
    opens_at: datetime
    due_at: datetime
    rows: tuple[RowView, ...]

    @property
    def moment(self) -> datetime | None:
        """The earliest moment of its rows."""
        return min((row.moment for row in self.rows if row.moment is not None), default=None)

    @property
    def unreported(self) -> bool:
        """Whether a live required row still waits for its first filing and the unit has the ball."""
        return any(row.state is RowState.OPEN and row.moment is not None for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesView:
    """One series with every period that matters, the earliest first."""

    series_id: int
    unit_id: int
    document_id: int
    kind: CadenceKind
    periods: tuple[PeriodView, ...]


class OwedKind(StrEnum):
    UNREPORTED = "unreported"
    CORRECTION = "correction"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Owed:
    """What a series owes: the period, its moment, since when it is overdue (None before), and how many such periods.

    `run` counts the periods that are unreported past their moment 「连续n期未报」, `row_ids` names the rows that it is
    about. `part` where others of its form are asked for otherwise, so that the period does not say which these are.
    `beside` is what else is asked for now by a moment of its own, the earliest first.
    """

    period: PeriodView
    due_at: datetime
    since: datetime | None
    kind: OwedKind
    run: int
    row_ids: frozenset[int]
    part: bool = False
    beside: tuple["Owed", ...] = ()


def overdue_from(series: SeriesView) -> datetime | None:
    """Return the earliest moment, past or future, from which the series is overdue; None where nothing is owed."""
    return min((moment for period in series.periods if (moment := period.moment) is not None), default=None)


def is_overdue(series: SeriesView, *, now: datetime) -> bool:
    """Tell whether a live row outside the office's court, unreported or under correction, is past its moment."""
    since = overdue_from(series)
    return since is not None and since <= now


def owed(series: SeriesView, *, now: datetime) -> Owed | None:
    """Return what the series owes: what is overdue, the earliest first, else a form that is open and not made.

    Of two forms that are open the one that turns overdue first is named; an extension may reverse their order. What
    its report does not settle stands beside it. Of several unreported periods the first stands for all: `run` counts;
    one whose other rows are told by another moment is told too, or that moment would be read as the whole form's.
    """
    behind = len(unreported(series, now=now))
    asked = [one for period in series.periods for one in _asked(period, now=now)]
    asked.sort(key=lambda one: (one.due_at, one.kind is OwedKind.CORRECTION))
    oldest = next((one for one in asked if one.kind is OwedKind.UNREPORTED), None)
    told = [one for one in asked if one is oldest or one.part or one.kind is not OwedKind.UNREPORTED]
    told = [replace(one, run=behind) if one is oldest else one for one in told]
    return replace(told[0], run=behind, beside=tuple(told[1:])) if told else None


def is_owed(series: SeriesView, *, now: datetime) -> bool:
    """Tell whether the unit owes anything in this series: the one predicate."""
    return owed(series, now=now) is not None


def unreported(series: SeriesView, *, now: datetime) -> list[PeriodView]:
    """Return the periods that are unreported past their moment."""
    return [period for period in series.periods if any(_is_past(row, now=now) for row in period.rows)]


def _is_past(row: RowView, *, now: datetime) -> bool:
    return row.state is RowState.OPEN and row.moment is not None and row.moment <= now


def takes_reports(period: PeriodView, row: RowView, *, now: datetime) -> bool:
    """Tell whether it is time to report on a row: from the window's last fifth on; a correction or final row always.

    Whether its state still takes a report is for the transition to say.
    """
    return period.opens_at <= now or row.final or row.state is RowState.RETURNED


def earliest_moment(period: PeriodView, row: RowView, *, now: datetime) -> datetime:
    """Return the moment that a row's due moment must come after, so that nobody is late before reports are taken."""
    return now if takes_reports(period, row, now=now) else period.opens_at


def _asked(period: PeriodView, *, now: datetime) -> Iterator[Owed]:
    """Yield what a form asks for now, unreported, under correction or due, each by its earliest moment.

    A final row may come early, but nobody asks for it, unless its own moment comes before its form opens.
    """
    asked: dict[tuple[OwedKind, bool], list[tuple[datetime, int]]] = defaultdict(list)
    for row in period.rows:
        returned, moment = row.state is RowState.RETURNED, row.moment
        if moment is not None and (returned or period.opens_at <= now or moment <= period.opens_at):
            past = OwedKind.UNREPORTED if moment <= now else OwedKind.DUE
            asked[OwedKind.CORRECTION if returned else past, moment <= now].append((moment, row.row_id))
    for (kind, past_it), moments in asked.items():
        (due_at, _row_id), row_ids = min(moments), frozenset(row_id for _moment, row_id in moments)
        periods = 1 if kind is OwedKind.UNREPORTED else 0
        yield Owed(period, due_at, due_at if past_it else None, kind, periods, row_ids, part=len(asked) > 1)


class Paper(StrEnum):
    """Where a form stands at a moment 「报送情况」: exhaustive and exclusive, the first that holds.

    Paper is never called work: an overdue form is 「反馈逾期未报」. `held` is what its lead's completion report keeps
    with the office unfiled 「随办结待审」; nobody asked for anything, so it is not `pending`.
    """

    CORRECTION_OVERDUE = "correction_overdue"
    UNREPORTED = "unreported"
    PENDING = "pending"
    CORRECTION = "correction"
    UNDER_REVIEW = "under_review"
    HELD = "held"
    NOT_DUE = "not_due"
    LATE = "late"
    ON_TIME = "on_time"
    WAIVED = "waived"


PAPER_ORDER = tuple(Paper)


def paper_class(period: PeriodView, *, now: datetime) -> Paper:
    """Return the class of a form: the first of its rows' classes in the order of `Paper`."""
    classes = {row_paper(row, now=now) for row in period.rows}
    return next((paper for paper in PAPER_ORDER if paper in classes), Paper.WAIVED)


def paper_now(period: PeriodView, *, now: datetime) -> Paper:
    """Return a form's class without what ended unreported: that is history, and nobody owes it any more."""
    return paper_class(
        replace(period, rows=tuple(row for row in period.rows if row.state is not RowState.MISSED)), now=now
    )


def row_paper(row: RowView, *, now: datetime) -> Paper:
    """Return the class of one row; a row that is not required counts only once it was filed."""
    match row.state:
        case RowState.MISSED:
            return Paper.UNREPORTED
        case RowState.ACCEPTED | RowState.STANDS:
            return Paper.LATE if row.filed_late else Paper.ON_TIME
        case RowState.WAIVED:
            return Paper.WAIVED
        case RowState.FILED:
            return Paper.PENDING if row.asked else Paper.UNDER_REVIEW
    if not row.live or (row.state is RowState.OPEN and not row.required):
        return Paper.WAIVED
    if row.asked:
        return Paper.PENDING
    overdue = row.moment is not None and row.moment <= now
    if row.state is RowState.RETURNED:
        return Paper.CORRECTION_OVERDUE if overdue else Paper.CORRECTION
    if row.held:
        return Paper.HELD
    return Paper.UNREPORTED if overdue else Paper.NOT_DUE


def current(periods: Iterable[PeriodView], *, now: datetime) -> PeriodView | None:
    """Return the period by which a series is counted at a moment, so that each counts once.

    That is the one that is owed or lies with the office, the worst class first, the earliest of these, since it is
    overdue since then; else the latest whose reports have been taken; else the first. A period that ended unreported
    is history and does not press any more.
    """
    ordered = list(periods)
    begun = [period for period in ordered if period.opens_at <= now]
    ranks = [(PAPER_ORDER.index(paper_now(period, now=now)), period) for period in ordered if _has_not_ended(period)]
    pressing = [(rank, period) for rank, period in ranks if rank <= LAST_PRESSING]
    if pressing:
        return min(pressing, key=lambda one: one[0])[1]
    return begun[-1] if begun else next(iter(ordered), None)


def standing_paper(periods: Sequence[PeriodView], *, now: datetime) -> tuple[PeriodView, Paper] | None:
    """Return the form by which a series is counted at a moment and its class there; None where it has no form.

    A series that is overdue, and no other, stands in 「未报」 or 「未补正」.
    """
    period = current(periods, now=now)
    return None if period is None else (period, paper_now(period, now=now))


def _has_not_ended(period: PeriodView) -> bool:
    return any(row.state not in ROW_ENDED and row_counts(row) for row in period.rows)


def row_counts(row: RowView) -> bool:
    """Tell whether an unended row still asks for something of somebody."""
    return row.state is RowState.FILED or (row.live and (row.required or row.state is RowState.RETURNED))


LAST_PRESSING = PAPER_ORDER.index(Paper.HELD)
