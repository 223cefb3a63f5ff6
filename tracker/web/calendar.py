"""The working-day calendar 「工作日历」: published and estimated years, and how a notice becomes one."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from werkzeug.datastructures import FileStorage

from tracker.domain.accounts import Role
from tracker.domain.calendar import WorkdayCalendar, local_day
from tracker.domain.calendar_changes import DayChange
from tracker.domain.deadlines import due_day
from tracker.domain.errors import BadInput
from tracker.domain.holidays import DaysOff
from tracker.gateways.calendar_files import read_calendar_text
from tracker.gateways.upload_inspection import clean_name
from tracker.intake.holiday_notice import read_notices
from tracker.store.queries.calendar import imported_years
from tracker.usecases.publishing_calendar import Move, Publication, preview_notices, publish_notices
from tracker.web.access import actor, allow, services
from tracker.web.form_fields import asked_id
from tracker.web.forms import Form, Tick, Words, read_form
from tracker.web.uploads import look_for_viruses
from tracker.wording.moments import day_words
from tracker.wording.periods import period_label

pages = Blueprint("calendar", __name__)
_YEARS_AHEAD = 2


class NoticeForm(Form):
    text: Words = Field(title="通知原文")
    replace: Tick = Field(title="替换已公布的安排")


class NothingToImport(BadInput):
    """Neither a file nor a text was handed in."""

    code = "calendar_empty"


@dataclass(frozen=True, slots=True)
class _Year:
    """One year in the list; `imported` says who brought it in, empty where it came with the program."""

    year: int
    source: str
    issued_on: date | None
    imported: str

    @property
    def is_estimated(self) -> bool:
        return self.issued_on is None


@dataclass(frozen=True, slots=True)
class _Shown:
    """A publication for the page: its words are ready."""

    year: int
    source: str
    replaces: str
    turns: tuple[tuple[str, str], ...]
    moves: tuple[tuple[str, str, str, str], ...]


@pages.get("/calendar")
@allow(Role.SUPERVISOR)
def show() -> ResponseReturnValue:
    calendar = services().calendar
    this_year = local_day(services().clock.now()).year
    years = _years(calendar, this_year=this_year)
    year = asked_id("year") or this_year
    chosen = next((entry for entry in years if entry.year == year), years[-1])
    off, make_ups = _days(calendar, chosen.year)
    return render_template("web/calendar/calendar.html", years=years, chosen=chosen, off=off, make_ups=make_ups)


@pages.post("/calendar/preview")
@allow(Role.SUPERVISOR)
def preview() -> ResponseReturnValue:
    """Show what a notice would change; nothing is written."""
    text = _text()
    notices = read_notices(text)
    with services().database.reading() as session:
        found = preview_notices(session, notices, now=services().clock.now(), by=services().reckoning)
        shown = [_shown(publication) for publication in found]
    return render_template("web/calendar/preview.html", shown=shown, text=text)


@pages.post("/calendar")
@allow(Role.SUPERVISOR)
def publish() -> ResponseReturnValue:
    notices = read_notices(_text())
    with services().database.transaction() as session:
        done = publish_notices(
            session,
            notices,
            actor=actor(),
            at=services().clock.now(),
            by=services().reckoning,
            replace=read_form(NoticeForm).replace,
        )
    services().reread_calendar()
    named = "、".join(str(publication.notice.year) for publication in done)
    moved = sum(len(publication.moves) for publication in done)
    flash(f"{named}年工作日历已公布，{moved}处报送时限随之调整。" if done else "这些安排已经公布，没有变化。")
    year = done[-1].notice.year if done else None
    return redirect(url_for("calendar.show", year=year), 303)


def _years(calendar: WorkdayCalendar, *, this_year: int) -> list[_Year]:
    with services().database.reading() as session:
        imported = {row.year: f"{row.imported_by}，{local_day(row.imported_at)}" for row in imported_years(session)}
    last = max(this_year + _YEARS_AHEAD, *calendar.published_years)
    found = []
    for year in range(min(calendar.published_years), last + 1):
        notice = calendar.notices.get(year)
        source, issued_on = (notice.source, notice.issued_on) if notice else ("", None)
        found.append(_Year(year, source, issued_on, imported.get(year, "")))
    return found


def _days(calendar: WorkdayCalendar, year: int) -> tuple[tuple[DaysOff, ...], tuple[date, ...]]:
    """Return the days off and the make-up days of a year; of an estimated one what the law grants, day by day."""
    notice = calendar.notices.get(year)
    if notice is not None:
        return notice.holidays, notice.make_ups
    return tuple(DaysOff(day, day, name) for day, name in calendar.statutory_days(year).items()), ()


def _text() -> str:
    """Return the notice from the upload, or what was pasted."""
    file: FileStorage | None = request.files.get("file")
    if file is None or not file.filename:
        text = read_form(NoticeForm).text
        if not text.strip():
            raise NothingToImport()
        return text
    name = clean_name(file.filename)
    with TemporaryDirectory(prefix="tracker-notice-") as folder:
        path = Path(folder) / "upload"
        file.save(path)
        look_for_viruses(path)
        return read_calendar_text(path, name=name)


def _shown(publication: Publication) -> _Shown:
    notice = publication.notice
    return _Shown(
        notice.year,
        notice.source,
        publication.replaces.source if publication.replaces else "",
        tuple((day_words(change.day, today=None), _turn(change)) for change in publication.days),
        tuple(_move_words(move) for move in publication.moves),
    )


def _turn(change: DayChange) -> str:
    if not change.off:
        return "改为上班"
    return f"改为放假（{change.name}）" if change.name else "改为放假"


def _move_words(move: Move) -> tuple[str, str, str, str]:
    form = f"{move.form.document_number}{period_label(move.form.period.code)}"
    old, new = (due_day(at) for at in (move.old_due_at, move.new_due_at))
    return move.form.unit_name, form, day_words(old, today=None), day_words(new, today=None)
