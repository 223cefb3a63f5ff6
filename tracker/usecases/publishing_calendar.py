"""The office publishes a year's working days; the moments that the estimate had set follow, the future ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.cadences import Span
from tracker.domain.calendar import WorkdayCalendar, at_local, end_of_day, local_day
from tracker.domain.calendar_changes import DayChange, day_changes, fresh_notices, moved_moment
from tracker.domain.events.calendar import CalendarPublished
from tracker.domain.events.forms import DueMoved
from tracker.domain.holidays import HolidayNotice
from tracker.domain.items import CadenceKind
from tracker.domain.windows import (
    CLOSING,
    PeriodWindow,
    Reckoning,
    RowWindow,
    closing_window,
    period_window,
    row_windows,
)
from tracker.steps.holding import hold_shares_again
from tracker.store import event_log
from tracker.store.queries.calendar import (
    OpenPeriod,
    OpenRow,
    clocked_rows,
    days_of,
    imported_notices,
    lock_imported_years,
    open_periods,
    open_rows,
)
from tracker.store.queries.demands import document_frames
from tracker.store.queries.duties import live_duties
from tracker.store.tables.calendar import CalendarYearRow

_CAUSE = "calendar"
_STEP = timedelta(microseconds=1)
_Windows = Mapping[tuple[int, int | None, str], RowWindow]


@dataclass(frozen=True, slots=True)
class Move:
    """A moment that follows the new calendar: of a whole form, of the row that is given, or of its correction."""

    form: OpenPeriod
    old_due_at: datetime
    new_due_at: datetime
    row: OpenRow | None = None
    correction: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """A form that takes reports from another day on, while its moment stays."""

    form: OpenPeriod
    new_opens_at: datetime


@dataclass(frozen=True, slots=True)
class Publication:
    """What one notice changes."""

    notice: HolidayNotice
    replaces: HolidayNotice | None
    days: tuple[DayChange, ...]
    moves: tuple[Move, ...]
    openings: tuple[Opening, ...]


def preview_notices(
    session: Session, notices: Sequence[HolidayNotice], *, now: datetime, by: Reckoning
) -> tuple[Publication, ...]:
    """Return what publishing would change, each notice by itself; nothing is written.

    A notice that says nothing new is left out.
    """
    current = by.calendar.with_notices(imported_notices(session))
    fresh = fresh_notices(notices, calendar=current, replace=True)
    return tuple(_publication(session, notice, current=current, now=now, by=by) for notice in fresh)


def publish_notices(
    session: Session,
    notices: Sequence[HolidayNotice],
    *,
    actor: Actor,
    at: datetime,
    by: Reckoning,
    replace: bool = False,
) -> tuple[Publication, ...]:
    """Keep notices and move the future moments that they change; return what changed.

    Idempotent: a notice that says nothing new changes nothing. Records CalendarPublished, then DueMoved for each
    moment. Raises NotYourTask, CalendarYearPublished.
    """
    require_role(actor, Role.SUPERVISOR, Role.SYSTEM, act="publish_calendar")
    rows = {row.year: row for row in lock_imported_years(session)}
    current = by.calendar.with_notices(imported_notices(session))
    done = []
    for notice in fresh_notices(notices, calendar=current, replace=replace):
        publication = _publication(session, notice, current=current, now=at, by=by)
        _keep(session, notice, rows=rows, actor=actor, at=at)
        _record(session, publication, actor=actor, at=at)
        current = current.with_notices([notice])
        for move in publication.moves:
            _apply(session, move, calendar=current, by=by, actor=actor, at=at, reason=notice.source)
        for opening in publication.openings:
            _open_anew(session, opening, actor=actor, at=at, reason=notice.source)
        corrected = (move.row.row.assignment_id for move in publication.moves if move.row and move.correction)
        hold_shares_again(session, filter(None, corrected), actor=actor, at=at)
        session.flush()
        done.append(publication)
    return tuple(done)


def _publication(
    session: Session, notice: HolidayNotice, *, current: WorkdayCalendar, now: datetime, by: Reckoning
) -> Publication:
    new = current.with_notices([notice])
    old_by, new_by = (Reckoning(calendar=calendar, policy=by.policy) for calendar in (current, new))
    moves = [*_period_moves(session, now=now, by=new_by), *_row_moves(session, now=now, old=old_by, new=new_by)]
    moves += list(_clock_moves(session, moves, now=now, old=old_by, new=new_by))
    openings = _openings(session, now=now, by=new_by, but={move.form.period.id for move in moves if move.row is None})
    days = day_changes(notice, old=current, new=new)
    return Publication(notice, current.notices.get(notice.year), days, tuple(moves), tuple(openings))


def _period_moves(session: Session, *, now: datetime, by: Reckoning) -> Iterator[Move]:
    for form in open_periods(session, now=now):
        due_on = _window(form, by=by).due_on
        due_at = moved_moment(form.period.due_at, computed_on=due_on, now=now, calendar=by.calendar)
        if due_at != form.period.due_at:
            yield Move(form, form.period.due_at, due_at)


def _openings(session: Session, *, now: datetime, by: Reckoning, but: set[int | None]) -> Iterator[Opening]:
    """Yield the forms whose last fifth begins on another day although they are due as before, that open later."""
    for form in open_periods(session, now=now):
        opens_at = at_local(_window(form, by=by).opens_on, 0, 0)
        if form.period.id not in but and form.period.opens_at > now and form.period.opens_at != opens_at:
            yield Opening(form, opens_at)


def _row_moves(session: Session, *, now: datetime, old: Reckoning, new: Reckoning) -> Iterator[Move]:
    """Yield the rows whose own moment is still the one that the old calendar gave: final figures, arrears."""
    rows = open_rows(session, now=now)
    series = sorted({row.of.period.series_id for row in rows})
    before, after = (_row_windows(session, series, now=now, by=by) for by in (old, new))
    for row in rows:
        key = (row.of.period.series_id, row.row.assignment_id, row.of.period.code)
        was, becomes = before.get(key), after.get(key)
        due_at = row.row.due_at
        if due_at is None or was is None or becomes is None or was.due_on is None or end_of_day(was.due_on) != due_at:
            continue
        computed_on = becomes.due_on or becomes.window.due_on
        moved_at = moved_moment(due_at, computed_on=computed_on, now=now, calendar=new.calendar)
        if moved_at != due_at:
            yield Move(row.of, due_at, moved_at, row)


def _clock_moves(
    session: Session, moves: Sequence[Move], *, now: datetime, old: Reckoning, new: Reckoning
) -> Iterator[Move]:
    """Yield the moments that count working days from an act: corrections, grace after a refusal, arrears."""
    moved = {move.row.row.id for move in moves if move.row is not None}
    forms = {move.form.period.id: move.new_due_at for move in moves if move.row is None}
    for clocked in clocked_rows(session, now=now):
        row, form = clocked.row, clocked.of
        if not clocked.correction and row.row.id in moved:
            continue
        own_at = row.row.due_at or form.period.due_at
        new_own_at = row.row.due_at or forms.get(form.period.id, own_at)
        before = clocked.within(own_at).ends_on(calendar=old.calendar, policy=old.policy)
        after = clocked.within(new_own_at).ends_on(calendar=new.calendar, policy=new.policy)
        if before is None or after is None or end_of_day(before) != clocked.due_at:
            continue
        moved_at = moved_moment(clocked.due_at, computed_on=after, now=now, calendar=new.calendar)
        if moved_at != clocked.due_at:
            yield Move(form, clocked.due_at, moved_at, row, clocked.correction)


def _row_windows(session: Session, series_ids: Sequence[int], *, now: datetime, by: Reckoning) -> _Windows:
    duties = live_duties(session, series_ids)
    frames = document_frames(session, {duty.document_id for duty in duties})
    found: dict[tuple[int, int | None, str], RowWindow] = {}
    for duty in duties:
        frame, filing_on = frames[duty.document_id]
        for row in row_windows(
            duty.row_duty,
            duty.within(frame),
            got_on=duty.got_on,
            today=local_day(now),
            by=by,
            from_on=duty.from_on,
            filing_on=filing_on,
        ):
            found[duty.series_id, duty.assignment_id, row.window.code] = row
    return found


def _keep(
    session: Session, notice: HolidayNotice, *, rows: dict[int, CalendarYearRow], actor: Actor, at: datetime
) -> None:
    """Write the year; its time is later than that of every import before it, whatever the clock shows."""
    imported_at = max([at, *(row.imported_at + _STEP for row in rows.values())])
    row = rows.get(notice.year)
    if row is None:
        row = rows[notice.year] = CalendarYearRow(
            year=notice.year,
            source=notice.source,
            issued_on=notice.issued_on,
            days=days_of(notice),
            imported_at=imported_at,
            imported_by=actor.name,
        )
    row.source, row.issued_on, row.days = notice.source, notice.issued_on, days_of(notice)
    row.imported_at, row.imported_by = imported_at, actor.name
    session.add(row)


def _record(session: Session, publication: Publication, *, actor: Actor, at: datetime) -> None:
    notice = publication.notice
    event = CalendarPublished(
        year=notice.year,
        source=notice.source,
        issued_on=notice.issued_on,
        days=publication.days,
        moved=len(publication.moves),
        replaces=publication.replaces.source if publication.replaces else None,
    )
    event_log.record(session, event, actor=actor, at=at)


def _apply(
    session: Session,
    move: Move,
    *,
    calendar: WorkdayCalendar,
    by: Reckoning,
    actor: Actor,
    at: datetime,
    reason: str,
) -> None:
    opens_at = None
    if move.row is not None:
        if move.correction:
            move.row.row.correction_due_at = move.new_due_at
        else:
            move.row.row.due_at = move.new_due_at
    else:
        period = move.form.period
        period.due_at = period.scheduled_at = move.new_due_at
        if period.opens_at > at:  # a form that can be filled in already is not taken away again
            window = _window(move.form, by=Reckoning(calendar=calendar, policy=by.policy))
            period.opens_at = opens_at = at_local(window.opens_on, 0, 0)
    event = DueMoved(
        task_id=move.row.task_id if move.row else None,
        unit_id=move.form.unit_id,
        period_id=move.form.period.id or 0,
        row_id=move.row.row.id if move.row else None,
        old_due_at=move.old_due_at,
        new_due_at=move.new_due_at,
        cause=_CAUSE,
        correction=move.correction,
        reason=reason,
        new_opens_at=opens_at,
    )
    event_log.record(session, event, actor=actor, at=at)


def _open_anew(session: Session, opening: Opening, *, actor: Actor, at: datetime, reason: str) -> None:
    period = opening.form.period
    period.opens_at = opening.new_opens_at
    event = DueMoved(
        unit_id=opening.form.unit_id,
        period_id=period.id or 0,
        row_id=None,
        old_due_at=period.due_at,
        new_due_at=period.due_at,
        cause=_CAUSE,
        correction=False,
        reason=reason,
        new_opens_at=opening.new_opens_at,
    )
    event_log.record(session, event, actor=actor, at=at)


def _window(form: OpenPeriod, *, by: Reckoning) -> PeriodWindow:
    period = form.period
    if period.code == CLOSING:
        return closing_window(period.ends_on, opens_on=local_day(period.opens_at), by=by)
    return period_window(CadenceKind(form.kind), Span(period.starts_on, period.ends_on), by=by)
