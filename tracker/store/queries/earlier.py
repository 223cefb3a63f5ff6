"""What was said before 「上期、上次」: by the periods that reports are about, not by the order in which they came."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol, TypeVar

from tracker.domain.calendar import local_day
from tracker.domain.filings import ReportKind


class Said(Protocol):
    """A report: of a row and its period, or outside of forms; `value_day` is the latest day of what it counts."""

    @property
    def report_id(self) -> int: ...
    @property
    def row_id(self) -> int | None: ...
    @property
    def period_ends_on(self) -> date | None: ...
    @property
    def written_at(self) -> datetime: ...
    @property
    def value_day(self) -> date | None: ...
    @property
    def state(self) -> str: ...


class OfKind(Said, Protocol):
    """A report that tells of which kind it is."""

    @property
    def kind(self) -> str: ...


_Said = TypeVar("_Said", bound=Said)
_Kept = TypeVar("_Kept", bound=OfKind)
_ON_FILE = ("filed", "accepted")
_LEFT = (*_ON_FILE, "returned")


def said_before(
    reports: Iterable[_Said], *, ends_on: date | None, row_id: int | None, report_id: int | None
) -> list[_Said]:
    """Return the reports that were before one of a period, the latest period first, of one period the latest day.

    What is said of a later period is not before, however early it was filed; what is said outside of forms is before
    whatever is written later. A report on the same row is corrected and not followed. `report_id` is None where the
    report is still to be written, `ends_on` where it is about no period.
    """

    def is_before(old: _Said) -> bool:
        if old.report_id == report_id or (row_id is not None and old.row_id == row_id):
            return False
        if ends_on is not None and old.period_ends_on is not None and old.period_ends_on != ends_on:
            return old.period_ends_on < ends_on
        return report_id is None or old.report_id < report_id

    def place(old: _Said) -> tuple[date, date, int]:
        day = old.period_ends_on or local_day(old.written_at)
        return day, old.value_day or date.min, old.report_id

    return sorted(filter(is_before, _last_of_rows(reports)), key=place, reverse=True)


def before(
    reports: Iterable[_Kept],
    *,
    ends_on: date | None,
    row_id: int | None,
    report_id: int | None = None,
    kind: str = ReportKind.PROGRESS.value,
) -> list[_Kept]:
    """Return the reports that have left the unit before one of a kind, the latest first; else as `said_before`.

    What answers a question, of a lead or of a leader, is no report of the work: it stands before another answer alone.
    """
    left = (
        report
        for report in reports
        if report.state in _LEFT and (report.kind != ReportKind.REPLY.value or kind == ReportKind.REPLY.value)
    )
    return said_before(left, ends_on=ends_on, row_id=row_id, report_id=report_id)


def stands_beside(reports: Iterable[_Said], *, row_id: int | None, report_id: int | None) -> list[_Said]:
    """Return what is on file beside a report, of whatever period: of each row what was said last, not given back.

    `report_id` is None where the report is still to be written, `row_id` where it is in no row.
    """
    return [
        old
        for old in _last_of_rows(reports)
        if old.state in _ON_FILE and old.report_id != report_id and (row_id is None or old.row_id != row_id)
    ]


def _last_of_rows(reports: Iterable[_Said]) -> list[_Said]:
    """Return of each row the last report only: it has corrected those before."""
    last: dict[tuple[str, int], _Said] = {}
    for report in sorted(reports, key=lambda report: report.report_id):
        key = ("report", report.report_id) if report.row_id is None else ("row", report.row_id)
        last[key] = report
    return list(last.values())
