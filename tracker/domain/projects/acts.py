"""What people enter of projects, and what of it is refused."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.domain.entered import check_number, number_text, one_line, read_number
from tracker.domain.errors import BadInput, Rejected
from tracker.domain.filings import check_words
from tracker.domain.projects.checklists import Build, Milestone
from tracker.domain.projects.counting import TEN_THOUSAND
from tracker.domain.scoring.inputs import Month

LONGEST_NAME, LONGEST_CODE = 200, 60
_MOST_DECIMALS = 4  # of a 万元: whole 元


class ProjectNameMissing(BadInput):
    """A project without a name, or with one longer than any; facts: most."""

    code = "project_name_missing"


class ProjectKnown(Rejected):
    """A project of this code, or of this name in this county, is on record; facts: name."""

    code = "project_known"


class NotMoney(BadInput):
    """An amount is negative or finer than a 元; facts: field, value."""

    code = "not_money"


class DayAhead(BadInput):
    """What happened cannot have happened after today; facts: field, day."""

    code = "project_day_ahead"


class MonthAhead(BadInput):
    """A month that has not begun has no cumulative value; facts: month."""

    code = "project_month_ahead"


class SourceMissing(BadInput):
    """A value without where it comes from."""

    code = "project_source_missing"


class EvidenceOfTickMissing(BadInput):
    """A statement is ticked without evidence; facts: tick."""

    code = "tick_evidence_missing"


class NothingReached(Rejected):
    """A milestone is to be confirmed of which no day is told, or whose checklist is not met."""

    code = "milestone_not_reached"


class ConfirmedAlready(Rejected):
    """Somebody confirmed it already."""

    code = "milestone_confirmed_already"


class CheckSaysNothing(BadInput):
    """What is not as reported needs words, or the other value that was found."""

    code = "site_check_says_nothing"


class CheckNotTrue(BadInput):
    """All is said to be as reported, and another value was found; facts: reported, in 万元."""

    code = "site_check_not_true"


class ExportTaken(Rejected):
    """The export was taken over already."""

    code = "export_taken_already"


class OffBeforeListed(BadInput):
    """A project left a list before it came onto it; facts: since."""

    code = "project_off_before_listed"


class NotListedThen(BadInput):
    """Nothing came onto the list in the month whose taking off is to be undone; facts: month."""

    code = "project_not_listed_then"


class PlanReversed(BadInput):
    """A project is planned to finish before it starts."""

    code = "project_plan_reversed"


@dataclass(frozen=True, slots=True)
class ProjectData:
    """What a project is, as entered; money in 元, months as their first day."""

    code: str
    name: str
    unit: str
    build: Build
    total: int | None
    planned_start: date | None
    planned_finish: date | None
    strategic: bool
    in_statistics: date | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """On which list a project stands, since a day of which month, with which plan of the year in 元; None: as it was.

    Where it was taken off, it stays off unless it is said to be `back`.
    """

    list: str
    year: int
    since: date
    planned: int | None
    back: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A milestone as entered: `ticks` are statements with their evidence."""

    milestone: Milestone
    on: date | None
    ticks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found on site of the report of a month; `found` in 元."""

    month: Month
    on: date
    holds: bool
    found: int | None
    words: str


def check_data(data: ProjectData) -> ProjectData:
    """Return what may be kept of a project. Raises ProjectNameMissing, PlanReversed."""
    name, code = one_line(data.name), "".join(one_line(data.code).split())
    if not name or len(name) > LONGEST_NAME or len(code) > LONGEST_CODE:
        raise ProjectNameMissing(most=LONGEST_NAME)
    if data.planned_start and data.planned_finish and data.planned_finish < data.planned_start:
        raise PlanReversed()
    return ProjectData(
        code,
        name,
        data.unit,
        data.build,
        data.total,
        data.planned_start,
        data.planned_finish,
        data.strategic,
        data.in_statistics,
    )


def read_money(text: str, *, field: str, scale: int = TEN_THOUSAND) -> int:
    """Return an amount in 元 that is written in units of `scale` 元. Raises NotANumber, NumberOutOfBounds, NotMoney."""
    value = Decimal(number_text(read_number(text, field=field))) * scale
    # One bound for all scales, that of 万元: the column has an end.
    check_number(float(value / TEN_THOUSAND), field=field)
    if value < 0 or value != value.to_integral_value():
        raise NotMoney(field=field, value=text.strip())
    return int(value)


def check_past(day: date | None, *, today: date, field: str) -> date | None:
    """Return a day that is not ahead. Raises DayAhead."""
    if day is not None and day > today:
        raise DayAhead(field=field, day=day)
    return day


def check_month(month: Month, *, today: date) -> Month:
    """Return a month that has begun. Raises MonthAhead."""
    if month > Month(today.year, today.month):
        raise MonthAhead(month=str(month))
    return month


def check_seen(seen: Seen, *, reported: int | None, today: date) -> Seen:
    """Return what may be kept of a check, beside what was reported in 元, None where nothing was.

    Raises DayAhead, MonthAhead, CheckSaysNothing, CheckNotTrue, ReasonTooLong.
    """
    check_past(seen.on, today=today, field="checked_on")
    check_month(seen.month, today=today)
    words = check_words(seen.words)
    if seen.holds and reported is not None and seen.found not in (None, reported):
        raise CheckNotTrue(reported=number_text(reported / TEN_THOUSAND))
    if not seen.holds and not words and seen.found in (None, reported):
        raise CheckSaysNothing()
    return Seen(seen.month, seen.on, seen.holds, seen.found, words)
