"""Windows of a series: which one a unit begins with, until when filing is open, when each row is due.

All days are calendar days in Asia/Shanghai and include their last moment.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice

from tracker.domain.cadences import RHYTHMS, Span, label, spans_from
from tracker.domain.calendar import WorkdayCalendar, end_of_day, local_day
from tracker.domain.items import CadenceKind
from tracker.domain.policy import ReminderPolicy
from tracker.domain.series import DocumentFrame, RowDuty

# The code of the one window of a lead's closing report 「收尾情况」 on a document that has ended.
CLOSING = "closing"
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class PeriodWindow:
    """One period of a form: its days, its code, and from when on reports are taken."""

    starts_on: date
    ends_on: date
    code: str
    opens_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class RowWindow:
    """One row in a period. `due_on` is None where the row follows the period; `final` asks for the completion."""

    window: PeriodWindow
    final: bool = False
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """What windows are counted with."""

    calendar: WorkdayCalendar
    policy: ReminderPolicy


def first_span(kind: CadenceKind, *, got_on: date, last_on: date | None, counted: bool, by: Reckoning) -> Span | None:
    """Return the window a unit begins with that gets a task on `got_on`, that day included.

    With less than half of its working days left, or where only whole periods count, it is the next one, provided
    another window ends on or before `last_on`, the item's deadline or the document's end; else it stays. A window of
    holidays only, with no working day left to report on, is left too.
    """
    spans = list(islice(spans_from(kind, got_on), 2))
    if not spans:
        return None
    current, following = spans
    if not RHYTHMS[kind].half_rule or (last_on is not None and following.ends_on > last_on):
        return current
    if counted and got_on > current.starts_on:
        return following
    count = by.calendar.workdays_between
    left = count(got_on - _ONE_DAY, current.ends_on)
    return following if left == 0 or 2 * left < count(current.starts_on - _ONE_DAY, current.ends_on) else current


def running_from(kind: CadenceKind, *, got_on: date, today: date) -> date | None:
    """Return the first day of the window that runs on `today`, for a unit that had the task before it began.

    None where the ordinary rule holds: the unit got the task within that window, or no calendar makes windows.
    """
    span = next(spans_from(kind, today), None)
    return span.starts_on if span is not None and span.starts_on > got_on else None


def asked_from(kind: CadenceKind, *, asked_on: date, from_on: date | None, counted: bool, by: Reckoning) -> date | None:
    """Return from which day on a rhythm is reported that the office asks for on a day; None where the half rule says.

    Of a task that was registered late nothing before is asked for again, and what the office wants after the end of
    its plan it wants still.
    """
    if from_on is None or from_on >= asked_on:
        return from_on
    first = first_span(kind, got_on=asked_on, last_on=None, counted=counted, by=by)
    return max(from_on, first.starts_on) if first is not None else from_on


def window_about(kind: CadenceKind, span: Span, *, by: Reckoning) -> PeriodWindow:
    """Return the window of a rhythm that holds the last day of a span; the span itself where no calendar makes any."""
    return period_window(kind, next(spans_from(kind, span.ends_on), span), by=by)


def row_windows(
    duty: RowDuty,
    frame: DocumentFrame,
    *,
    got_on: date,
    today: date,
    by: Reckoning,
    from_on: date | None = None,
    filing_on: date | None = None,
) -> tuple[RowWindow, ...]:
    """Return the rows a duty has in periods that have begun by `today`, and in the one ahead of them.

    The row whose window holds the item's deadline is the last; where it asks for the completion it is due on the
    filing day: the due day of the window that the deadline closes, `statistic_workdays` after it where figures come
    later, or the day the office named, unless that lies before the deadline. `from_on` is the day from which the
    office wants reports on a task that is registered late. What lay wholly before the unit got the task is due
    `arrears_workdays` after that day.
    """
    last_on = _last_on(duty, frame, from_on=from_on)
    found: list[RowWindow] = []
    for span in _spans(duty, frame, got_on=got_on, from_on=from_on, by=by):
        begun_all = bool(found) and found[-1].window.starts_on > today
        if begun_all or (last_on is not None and span.starts_on > last_on):
            break
        closes = duty.until is not None and duty.until <= span.ends_on
        final = closes and duty.completes
        window = period_window(duty.form.kind, span, by=by)
        due_on = _final_due(duty, by=by, filing_on=filing_on) if final else window.due_on
        if _dated(duty, span, final=final) < got_on:
            due_on = max(due_on, by.calendar.add_workdays(got_on, by.policy.arrears_workdays))
        found.append(RowWindow(window, final, due_on if due_on != window.due_on else None))
        if closes:
            break
    return tuple(found)


def never_late_before_asked(row: RowWindow, *, at: datetime, by: Reckoning) -> RowWindow:
    """Give a row that is opened after its moment `arrears_workdays` from that day: no act makes anybody overdue."""
    if end_of_day(row.due_on or row.window.due_on) > at:
        return row
    return replace(row, due_on=by.calendar.add_workdays(local_day(at), by.policy.arrears_workdays))


def period_window(kind: CadenceKind, span: Span, *, by: Reckoning) -> PeriodWindow:
    """Give a window its code, the day from which reports are taken and the day by which they are due."""
    due_on = by.calendar.add_workdays(span.ends_on, by.policy.due_workdays_after_end[kind])
    return PeriodWindow(span.starts_on, span.ends_on, _code(kind, span), opens_on(span, by=by), due_on)


def closing_window(ended_on: date, *, opens_on: date, by: Reckoning) -> PeriodWindow:
    """Return the window of the closing report on what a document left open that ended on a day.

    It counts from the day before the report is asked: the document's last day, or later where it is asked late.
    """
    due_on = by.calendar.add_workdays(opens_on - _ONE_DAY, by.policy.closing_workdays)
    return PeriodWindow(ended_on, ended_on, CLOSING, opens_on, due_on)


def _code(kind: CadenceKind, span: Span) -> str:
    """Return a window's code in its series: the calendar's, an evaluation's 2023midterm, or a day's D2022-12-31."""
    if span.stage:
        return f"{span.ends_on.year}{span.stage}"
    return f"D{span.ends_on.isoformat()}" if RHYTHMS[kind].label is None else label(kind, span.starts_on)


def opens_on(span: Span, *, by: Reckoning) -> date:
    """Return the day from which reports are taken: the last fifth of the working days, at least one.

    A window of holidays only takes them on its last day.
    """
    days = by.calendar.workdays_between(span.starts_on - _ONE_DAY, span.ends_on)
    if days < 1:
        return span.ends_on
    first = by.calendar.add_workdays(span.ends_on + _ONE_DAY, -max(1, days // by.policy.filing_share))
    return max(first, span.starts_on)


def _dated(duty: RowDuty, span: Span, *, final: bool) -> date:
    """Return the day a row is about: the deadline of a final one, else the last of its window."""
    return duty.until if final and duty.until is not None else span.ends_on


def _final_due(duty: RowDuty, *, by: Reckoning, filing_on: date | None) -> date:
    assert duty.until is not None
    if filing_on is not None and filing_on >= duty.until:
        return filing_on
    days = by.policy.statistic_workdays if duty.statistic else by.policy.due_workdays_after_end[duty.form.kind]
    return by.calendar.add_workdays(duty.until, days)


def _last_on(duty: RowDuty, frame: DocumentFrame, *, from_on: date | None) -> date | None:
    """Return the last day on which windows begin: the item's deadline, else the document's end.

    A plan's year is its end only unless the office decides otherwise: it did where it wants reports from a later day.
    """
    over = frame.expires_on is None and frame.ends_on is not None and from_on is not None and from_on > frame.ends_on
    return duty.until or (None if over else frame.last_on)


def _spans(duty: RowDuty, frame: DocumentFrame, *, got_on: date, from_on: date | None, by: Reckoning) -> Iterator[Span]:
    kind, last_on = duty.form.kind, _last_on(duty, frame, from_on=from_on)
    begin_on = from_on or got_on
    if last_on is not None and last_on < begin_on:
        if duty.completes:  # the deadline is past: nothing but its completion is asked for
            yield _span_of(kind, last_on, frame=frame)
    elif kind is CadenceKind.ONCE:
        if last_on is not None:
            yield Span(begin_on, last_on)
    elif kind is CadenceKind.MIDTERM_AND_FINAL:
        if last_on is not None:
            yield from (span for span in _evaluations(frame.issued_on, last_on) if span.ends_on >= begin_on)
    elif from_on is not None:
        # A quarter may be chosen in which the document was made; nothing is wanted of the months before it was.
        yield from spans_from(kind, max(from_on, frame.issued_on))
    else:
        first = first_span(kind, got_on=got_on, last_on=last_on, counted=duty.counted, by=by)
        if first is not None:
            yield from spans_from(kind, first.starts_on)


def _span_of(kind: CadenceKind, day: date, *, frame: DocumentFrame) -> Span:
    """Return the one window that holds a day; the day itself where no calendar makes windows."""
    if kind is CadenceKind.MIDTERM_AND_FINAL:
        *_, final = _evaluations(frame.issued_on, day)
        return final
    return next(spans_from(kind, day), Span(day, day))


def _evaluations(issued_on: date, last_on: date) -> Iterator[Span]:
    """Yield the windows of a mid-term and a final evaluation; an odd number of years has the longer half first.

    The second begins where the first ends, so that its last fifth is one of its own years and one follows the other
    like the windows of any series.
    """
    first = date(issued_on.year, 1, 1)
    middle = issued_on.year + (last_on.year - issued_on.year) // 2
    if middle < last_on.year:
        yield Span(first, date(middle, 12, 31), "midterm")
        first = date(middle + 1, 1, 1)
    yield Span(first, last_on, "final")
