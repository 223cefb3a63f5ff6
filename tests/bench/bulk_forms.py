"""The forms of a bulk city: series with their duties, periods, rows, envelopes, reports and requests."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

from tests.bench.bulk_writer import BulkWriter
from tests.support.owed_city import BY
from tracker.domain.accounts import SYSTEM
from tracker.domain.cadences import spans_from
from tracker.domain.calendar import at_local, end_of_day
from tracker.domain.events.reports import ReportFiled
from tracker.domain.items import CadenceKind
from tracker.domain.windows import PeriodWindow, period_window
from tracker.store import event_log

NOW = at_local(date(2022, 10, 27), 9, 30)
ISSUED_ON = date(2022, 7, 29)
CLOSED_AT = at_local(date(2022, 10, 22), 9, 0)
KIND = CadenceKind.MONTHLY
_ASKED_AT = at_local(date(2022, 10, 26), 16, 0)
_CORRECTION_AT = end_of_day(date(2022, 11, 1))


@dataclass(frozen=True, slots=True)
class Story:
    """How a running series stands: which of its periods is not filed yet, and what became of the last that was."""

    overdue: bool = False
    under_review: bool = False
    to_sign: bool = False
    returned: bool = False
    pending: bool = False


PLAIN = Story()


@dataclass(slots=True)
class BulkRow:
    """One item of a form as it stands in the period that is being written."""

    assignment_id: int
    task_id: int
    target_id: int
    open: bool


@dataclass(frozen=True, slots=True)
class _Envelope:
    """A filing with what its reports share."""

    filing_id: int
    period_id: int
    unit_id: int
    at: datetime
    signed: bool


def _windows() -> tuple[PeriodWindow, ...]:
    return tuple(period_window(KIND, span, by=BY) for span in islice(spans_from(KIND, date(2022, 8, 1)), 4))


@dataclass(slots=True)
class FormWriter:
    """Writes the forms of one unit and document after the other; `recorded` are the events of what was filed."""

    out: BulkWriter
    recorded: list[event_log.Recorded]
    _windows: tuple[PeriodWindow, ...] = field(default_factory=_windows)

    def write_series(self, document_id: int, unit_id: int, rows: Sequence[BulkRow], story: Story | None) -> None:
        since = self._moment(story) if story else None
        series_id = self.out.add(
            "series",
            unit_id=unit_id,
            document_id=document_id,
            kind=KIND.value,
            key=KIND.value,
            overdue_from=since,
            overdue_noted=since if since is not None and since <= NOW else None,
            extends_on=self._windows[-1].starts_on if story else None,
        )
        for row in rows:
            self.out.add(
                "duty",
                series_id=series_id,
                assignment_id=row.assignment_id,
                act=True,
                got_on=ISSUED_ON,
                ended_at=None if row.open else CLOSED_AT,
            )
        for place in range(4 if story else 2):
            self._write_period(series_id, unit_id, rows, place, story or PLAIN)

    def _moment(self, story: Story) -> datetime:
        """Return since when, or from when on, a running series is overdue, as the domain reckons it."""
        if story.overdue:
            return end_of_day(self._windows[1].due_on)
        if story.returned:
            return _CORRECTION_AT
        return end_of_day(self._windows[3 if story.under_review else 2].due_on)

    def _write_period(self, series_id: int, unit_id: int, rows: Sequence[BulkRow], place: int, story: Story) -> None:
        window = self._windows[place]
        due_at = end_of_day(window.due_on)
        filed = place == 0 or (place == 1 and not story.overdue) or (place == 2 and story.under_review)
        handed_in_at = due_at - timedelta(days=2) if place < 2 else NOW - timedelta(hours=20)
        period_id = self.out.add(
            "period",
            series_id=series_id,
            code=window.code,
            starts_on=window.starts_on,
            ends_on=window.ends_on,
            opens_at=at_local(window.opens_on, 0, 0),
            scheduled_at=due_at,
            due_at=due_at,
            frozen_at=handed_in_at if filed else None,
        )
        envelope = None
        if filed or (story.to_sign and place == 2):
            filing_id = self._file(unit_id, period_id, handed_in_at, signed=filed)
            envelope = _Envelope(filing_id, period_id, unit_id, handed_in_at, signed=filed)
        chosen = next(row for row in rows if row.open) if story is not PLAIN else None
        for row in rows:
            if row.open or place < 2:
                self._write_row(period_id, row, place, envelope, story if row is chosen else PLAIN)

    def _write_row(self, period_id: int, row: BulkRow, place: int, envelope: _Envelope | None, story: Story) -> None:
        filed = envelope is not None and envelope.signed
        state = "accepted" if filed else "open" if row.open else "waived"
        if filed and place == 2:
            state = "filed"
        if filed and place == 1 and story.returned:
            state = "returned"
        row_id = self.out.add(
            "form_row",
            period_id=period_id,
            assignment_id=row.assignment_id,
            act=True,
            state=state,
            correction_due_at=_CORRECTION_AT if state == "returned" else None,
            pending_at=_ASKED_AT if story.pending and place == 2 else None,
            filed_at=envelope.at if filed and envelope else None,
            late=False if filed else None,
        )
        if story.pending and place == 2:
            self._ask(row, row_id, end_of_day(self._windows[2].due_on))
        if envelope is not None and state != "waived":
            self._report(envelope, row, row_id, place, state if filed else "awaiting_sign_off")

    def _file(self, unit_id: int, period_id: int, at: datetime, *, signed: bool) -> int:
        return self.out.add(
            "filing",
            kind="form",
            unit_id=unit_id,
            period_id=period_id,
            state="filed" if signed else "awaiting_sign_off",
            written_by="联络员",
            written_at=at,
            filed_at=at if signed else None,
        )

    def _report(self, envelope: _Envelope, row: BulkRow, row_id: int, place: int, state: str) -> None:
        report_id = self.out.add(
            "report",
            filing_id=envelope.filing_id,
            assignment_id=row.assignment_id,
            row_id=row_id,
            kind="progress",
            state=state,
            claim="on_schedule",
            verified_claim="on_schedule" if state == "accepted" else None,
            text="本期召开推进会2次，完成项目3个，完成投资1.2亿元。",
            written_by="联络员",
            written_at=envelope.at,
            filed_at=envelope.at if envelope.signed else None,
            decision_reason="缺少佐证材料" if state == "returned" else None,
        )
        self.out.add_as_is(
            "report_value",
            {"report_id": report_id, "target_id": row.target_id, "value": 9.0, "value_on": ISSUED_ON},
        )
        if state == "returned":
            self.out.add("correction", row_id=row_id, report_id=report_id, opened_at=_ASKED_AT, due_at=_CORRECTION_AT)
        if envelope.signed and place > 0:
            event = ReportFiled(
                written_at=envelope.at,
                task_id=row.task_id,
                unit_id=envelope.unit_id,
                report_id=report_id,
                filing_id=envelope.filing_id,
                kind="progress",
                row_id=row_id,
                period_id=envelope.period_id,
                claim="on_schedule",
                first=True,
                late=False,
            )
            self.recorded.append(event_log.Recorded(event, SYSTEM, envelope.at))

    def _ask(self, row: BulkRow, row_id: int, due_at: datetime) -> None:
        self.out.add(
            "request",
            kind="extension",
            assignment_id=row.assignment_id,
            row_id=row_id,
            reason="项目用地手续正在办理",
            old_due_at=due_at,
            new_due_at=due_at + timedelta(days=10),
            asked_by="联络员",
            asked_at=_ASKED_AT,
        )
