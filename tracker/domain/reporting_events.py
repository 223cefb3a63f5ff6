"""Facts about what is owed and handed in. State at any moment is folded from these, so each carries all it changes."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.events import Event

# Why a row is settled for which a later report of its series, filed with a word on it, stands too.
LATER_PERIOD_FILED = "later_period_filed"


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
    """

    type = "row.moved"
    row_id: int
    into_row_id: int
    series_id: int
    period_id: int
    assignment_id: int | None
    state: str
    due_at: datetime
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
class RequestMooted(Event):
    """What a request was about ended before it was decided; `rows` waited for it, where not all of the share did."""

    type = "request.mooted"
    request_id: int
    kind: str
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRevived(Event):
    """What a dispute was about had not ended after all: it waits for its decision as since it was asked.

    `rows` were filed and wait with it; which rows that had ended do, their resets tell.
    """

    type = "request.revived"
    request_id: int
    kind: str
    asked_at: datetime
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesOverdue(Event):
    """The earliest moment of a series passed unreported; recorded once a moment."""

    type = "series.overdue"
    series_id: int
    since: datetime

    def key(self) -> str:
        return f"series.overdue/{self.series_id}/{self.since.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingSubmitted(Event):
    """A liaison handed an envelope to the head of the unit; work on its `shares` has begun."""

    type = "filing.submitted"
    filing_id: int
    kind: str
    period_id: int | None = None
    shares: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsTold(Event):
    """A unit told news 「进展动态」 of a share: it is seen at once, before the head of the unit has signed it."""

    type = "news.told"
    filing_id: int
    report_id: int
    assignment_id: int
    claim: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingStopped(Event):
    """An envelope did not leave the unit: the head sent it back, or the liaison withdrew it; `state` says which."""

    type = "filing.stopped"
    filing_id: int
    state: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingSigned(Event):
    """The head of the unit signed; the envelope left the unit."""

    type = "filing.signed"
    filing_id: int
    kind: str
    reports: int
    ticked: int = 0
    period_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedValue:
    """The value that a report gives for one target of its item, as of a day."""

    target_id: int
    value: float
    value_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFiled(Event):
    """What an envelope says about one share, in the order of `written_at`; None where it was told as it was written.

    `late` is decided by the first filing of the row and never changes. The cases are those of a clock per case.
    """

    type = "report.filed"
    report_id: int
    filing_id: int
    kind: str
    written_at: datetime | None = None
    row_id: int | None = None
    period_id: int | None = None
    claim: str | None = None
    outcome: str | None = None
    first: bool = False
    late: bool | None = None
    values: tuple[ReportedValue, ...] = ()
    cases_received: int | None = None
    cases_in_time: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StayedReport:
    """A report that could not leave with its envelope; `cause` names the act after which nobody asks for it."""

    report_id: int
    row_id: int | None
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsStayed(Event):
    """The head signed an envelope of which these reports could not leave the unit any more; the others did."""

    type = "reports.stayed"
    filing_id: int
    reports: tuple[StayedReport, ...]
    period_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportVerified(Event):
    """The office accepted a report; `claim` is what it holds to be true 「核定」, `own_claim` the unit's word."""

    type = "report.verified"
    report_id: int
    kind: str
    row_id: int | None = None
    claim: str | None = None
    own_claim: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSentBack(Event):
    """The office returned a report 「退回」; a correction with a moment of its own runs.

    `unfit` where the row was returned for want of substance before: it counts as 未按要求报送. `closing` where it was
    the closing report of what had lapsed: the task awaits it again.
    """

    type = "report.given_back"
    report_id: int
    kind: str
    reason: str
    reason_class: str
    correct_by: date
    row_id: int | None = None
    correction_due_at: datetime | None = None
    unfit: bool = False
    closing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionEnded(Event):
    type = "correction.ended"
    row_id: int
    outcome: str


# Causes of a moved moment that somebody decided on for this very row.
EXTENSION, OFFICE = "extension", "office"


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
class RequestAsked(Event):
    """A unit asked for more time on a row, or disputes its share; until it is decided the office has the ball.

    Of an answer to a lowered claim `claim` is what the office held to be true, `own_claim` the unit's word on its
    report; no row waits for it.
    """

    type = "request.asked"
    request_id: int
    kind: str
    reason: str
    rows: tuple[int, ...]
    new_due_at: datetime | None = None
    report_id: int | None = None
    claim: str | None = None
    own_claim: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestGranted(Event):
    """What a unit asked for was granted; of an answered report `claim` is what is held to be true from now on."""

    type = "request.granted"
    request_id: int
    kind: str
    rows: tuple[int, ...]
    reason: str = ""
    new_due_at: datetime | None = None
    report_id: int | None = None
    claim: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRefused(Event):
    type = "request.refused"
    request_id: int
    kind: str
    rows: tuple[int, ...]
    reason: str


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
class ReckoningSwitched(Event):
    """From here on series are reckoned; what was owed before is history."""

    type = "reckoning.switched"
    legacy_periods: int
    series: int
    waived: int = 0
    reviews: int = 0
    requests: int = 0

    def key(self) -> str:
        return "reckoning.switched"
