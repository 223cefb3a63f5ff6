"""Figures of a supervision circular 「督查通报」: one computation feeds its text and its tables."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """How many tasks stand where. The five parts are disjoint and add up to `total`."""

    total: int
    completed: int
    on_schedule: int
    warned: int
    overdue: int
    not_started: int

    def __post_init__(self) -> None:
        parts = self.completed + self.on_schedule + self.warned + self.overdue + self.not_started
        if parts != self.total:
            raise ValueError(f"parts {parts} do not add up to total {self.total}")


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """What one unit had to report by the cut-off and what it did; units are listed in official order."""

    unit_name: str
    reports_due: int
    reports_on_time: int
    reports_late: int
    overdue: int
    item_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentStanding:
    """Counts of the tasks of one document."""

    number: str
    title: str
    counts: TaskCounts


@dataclass(frozen=True, slots=True)
class OverdueRow:
    """One overdue report: a row of the annex."""

    item_code: str
    title: str
    document_number: str
    unit_name: str
    period_label: str
    due_on: date
    workdays_late: int


@dataclass(frozen=True, slots=True)
class SupervisionFigures:
    """Everything a supervision circular says, computed once from the data as they stood at `as_of`.

    `as_of` is an aware time; days are calendar days in Asia/Shanghai. `good` are units that owed at least one
    report and filed all of them in time; `behind` are units with at least one overdue report.
    """

    as_of: datetime
    since_on: date
    counts: TaskCounts
    documents: tuple[DocumentStanding, ...]
    good: tuple[UnitStanding, ...]
    behind: tuple[UnitStanding, ...]
    overdue: tuple[OverdueRow, ...]
    reports_due: int
    reports_on_time: int
    reports_late: int
    nil_reports: int
    returned: int
    extended: int
    silent_supports: int
    answer_by: date
