"""Facts about what is owed. State at any moment is folded from these, so each carries all it changes."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.events.base import Event

# Why a row is settled for which a later report of its series, filed with a word on it, stands too.
LATER_PERIOD_FILED = "later_period_filed"
UNITS_MERGED = "units_merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesOpened(Event):
    """A unit owes reports of a kind on a document; `addressee` is None for the office."""

    type = "series.opened"
    series_id: int
    document_id: int
    kind: str
    addressee: str | None = None
    trigger_id: int | None = None

    def key(self) -> str:
        return f"series.opened/{self.series_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedRow:
    """A row as it enters its form; without a share it is the tick for all others.

    `named` where the words of a demand name the unit itself, and not only as its lead or one of a group.
    """

    row_id: int
    assignment_id: int | None
    task_id: int | None
    required: bool
    act: bool
    soft: bool
    final: bool
    due_at: datetime | None
    pending_at: datetime | None = None
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormOpened(Event):
    """A period of a series came into being with its rows; reports on it are taken from `opens_at` on."""

    type = "form.opened"
    series_id: int
    period_id: int
    code: str
    starts_on: date
    ends_on: date
    opens_at: datetime
    due_at: datetime
    rows: tuple[OpenedRow, ...]

    def key(self) -> str:
        return f"form.opened/{self.period_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsAdded(Event):
    """A duty that came later entered a form that nobody has filed yet."""

    type = "form.rows_added"
    series_id: int
    period_id: int
    rows: tuple[OpenedRow, ...]


@dataclass(frozen=True, slots=True)
class ResetRow(OpenedRow):
    """A row that exists as an act leaves it: open, or under a correction that goes on until `correction_due_at`."""

    state: str = "open"
    correction_due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsReset(Event):
    """Rows that exist are owed again, or ask for something else, as told here; `cause` says by which act."""

    type = "form.rows_reset"
    series_id: int
    period_id: int
    cause: str
    rows: tuple[ResetRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowMoved(Event):
    """A merger moved a row; where the successor's form had one for the same item, the two became `into_row_id`.

    The other fields are those of the row that goes on; `soft` and `final` are None in a log of before they were told.
    `due_at` is a moment of its own, None where the form's counts, which an outage or the calendar may move later.
    """

    type = "row.moved"
    row_id: int
    into_row_id: int
    series_id: int
    period_id: int
    assignment_id: int | None
    state: str
    due_at: datetime | None
    correction_due_at: datetime | None
    pending_at: datetime | None
    filed_at: datetime | None
    late: bool | None
    required: bool
    act: bool
    soft: bool | None = None
    final: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsHeld(Event):
    """A lead's completion report lies with the office, and so does what its share would owe meanwhile."""

    type = "rows.held"
    report_id: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsFreed(Event):
    """The completion report was returned: the rows that waited with it are the unit's again."""

    type = "rows.freed"
    report_id: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsLetGo(Event):
    """What was filed while the office had the ball waits for nothing more: what it is about has ended."""

    type = "rows.let_go"
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesOverdue(Event):
    """The earliest moment of a series passed unreported; recorded once a moment."""

    type = "series.overdue"
    series_id: int
    since: datetime

    def key(self) -> str:
        return f"series.overdue/{self.series_id}/{self.since.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionEnded(Event):
    type = "correction.ended"
    row_id: int
    outcome: str


# Causes of a moved moment that somebody decided on for this very row.
EXTENSION, OFFICE = "extension", "office"
# That of one that waits for the correction of what another lead handed in.
BESIDE_CORRECTION = "beside_correction"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMoved(Event):
    """A moment changed: of one row, or of a whole form; `cause` says by what.

    `new_opens_at` is given where the form is also taken from another moment on.
    """

    type = "due.moved"
    period_id: int
    old_due_at: datetime
    new_due_at: datetime
    cause: str
    row_id: int | None = None
    correction: bool = False
    reason: str = ""
    new_opens_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LatenessFixed(Event):
    """A decision settled whether a first filing made meanwhile was late."""

    type = "lateness.fixed"
    row_id: int
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSettled(Event):
    """A row ended without being accepted: waived, missed 「漏报」, or its last filing stands; `cause` says why.

    `overdue` where it is waived as due after what it is about had ended, and was overdue when that was noted.
    """

    type = "row.settled"
    row_id: int
    period_id: int
    state: str
    cause: str
    reason: str = ""
    overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedRow(OpenedRow):
    """A row with where it stands when series begin to be reckoned.

    `held` where it is pending only because its lead's completion report is under review.
    """

    state: str
    filed_at: datetime | None
    late: bool | None
    correction_due_at: datetime | None
    pending: bool
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedForm:
    """A period as `FormOpened` tells it, with rows that may have been reported on already."""

    period_id: int
    code: str
    starts_on: date
    ends_on: date
    opens_at: datetime
    due_at: datetime
    rows: tuple[CarriedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesCarried(Event):
    """The opening state of a series where an older reckoning went before: all its periods and rows.

    It takes the place of whatever was told of the series' forms before. `waived` counts unreported periods of the
    older reckoning, past their end, that this unit need not report on any more.
    """

    type = "series.carried"
    series_id: int
    periods: tuple[CarriedForm, ...]
    waived: int = 0

    def key(self) -> str:
        return f"series.carried/{self.series_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesMoved(Event):
    """A merger moved a series to the successor; `into_series_id` differs where it had the same series already."""

    type = "series.moved"
    series_id: int
    into_series_id: int
    from_unit_id: int
