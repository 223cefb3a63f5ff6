"""The overdue list 「逾期清单」: one line a series, and the series behind every line."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.domain.accounts import EVERY_UNIT, Role, Scope
from tracker.domain.errors import NotFound
from tracker.store.queries.overtaking import on_moment
from tracker.store.queries.owed_lists import count_overdue, lines_of, overdue_lines
from tracker.store.queries.pickers import Choice, document_choices, reporting_units
from tracker.store.queries.series_page import series_page
from tracker.usecases.moving_due import move_due
from tracker.web.access import EVERYBODY, UNITS, acted_for, actor, allow, reads_for, services
from tracker.web.clocks import day_off_words
from tracker.web.form_fields import asked_id
from tracker.web.forms import Day, Form, Reason, read_form
from tracker.web.paging import Paging, paging
from tracker.web.presentation import ListLine, list_line
from tracker.web.seen import check_seen, note_seen

pages = Blueprint("overdue", __name__)
_PAGE = 50
_MOVERS = frozenset({Role.SUPERVISOR, Role.LEADER})


class MomentForm(Form):
    new_due_on: Day = Field(title="新时限")
    reason: Reason = Field(title="理由")


@dataclass(frozen=True, slots=True)
class OverdueView:
    lines: tuple[ListLine, ...]
    paging: Paging
    unit_id: int | None
    document_id: int | None
    units: tuple[Choice, ...]
    documents: tuple[Choice, ...]

    @property
    def filters(self) -> dict[str, int | None]:
        return {"unit": self.unit_id, "document": self.document_id}


@pages.get("/tasks")
@allow(*EVERYBODY - {Role.READER})
def show() -> ResponseReturnValue:
    """List overdue series, the longest overdue first; a unit sees its own only."""
    if request.args.get("overdue") != "1":
        return redirect(url_for("overdue.show", overdue=1))
    with services().database.reading() as session:
        view = _view(session)
    return render_template("web/overdue/list.html", view=view, paging=view.paging, own=actor().role in UNITS)


@pages.get("/series/<int:series_id>")
@allow(*EVERYBODY - {Role.READER})
def series(series_id: int) -> ResponseReturnValue:
    """Show a series with its periods and rows; one of another unit does not exist for a unit."""
    now = services().clock.now()
    with services().database.reading() as session:
        note_seen(session)
        page = series_page(session, series_id=series_id, unit_ids=reads_for(session), now=now)
        lines = lines_of(session, [series_id], now=now) if page else []
    if page is None:
        raise NotFound()
    owed = next((list_line(line, now=now, services=services()) for line in lines), None)
    rights = {"may_file": actor().role in UNITS, "may_move": actor().role in _MOVERS}
    return render_template("web/overdue/series.html", page=page, owed=owed, **rights)


@pages.post("/series/<int:series_id>/rows/<int:row_id>/due")
@allow(*_MOVERS)
def move(series_id: int, row_id: int) -> ResponseReturnValue:
    """Let the office set a row another moment, an overdue one or a running correction too."""
    form, now = read_form(MomentForm), services().clock.now()
    with services().database.transaction() as session:
        page = series_page(session, series_id=series_id, unit_ids=EVERY_UNIT, now=now)
        periods = page.periods if page is not None else ()
        period_id = next((one.period_id for one in periods if any(row.row_id == row_id for row in one.rows)), None)
        if period_id is None:
            raise NotFound()
        move_due(
            session,
            row_id=row_id,
            new_due_on=form.new_due_on,
            reason=form.reason,
            actor=actor(),
            at=now,
        )
        check_seen(session, on_moment(row_id, period_id=period_id))
    flash(f"时限已调整，已通知该单位。{day_off_words(form.new_due_on, services=services())}")
    return redirect(url_for("overdue.series", series_id=series_id), 303)


def asked_scope(session: Session) -> tuple[Scope, int | None]:
    """Return of which units, and of which document, the address asks for the list; a unit gets its own only."""
    mine = acted_for(session)
    unit_id = asked_id("unit") if mine is EVERY_UNIT else None
    return mine if unit_id is None else [unit_id], asked_id("document")


def _view(session: Session) -> OverdueView:
    now = services().clock.now()
    mine = acted_for(session)
    unit_id = asked_id("unit") if mine is EVERY_UNIT else None
    unit_ids, document_id = asked_scope(session)
    part = paging(count_overdue(session, now=now, unit_ids=unit_ids, document_id=document_id), size=_PAGE)
    lines = overdue_lines(
        session, now=now, unit_ids=unit_ids, document_id=document_id, limit=part.length, offset=part.first
    )
    return OverdueView(
        lines=tuple(list_line(line, now=now, services=services()) for line in lines),
        paging=part,
        unit_id=unit_id,
        document_id=document_id,
        units=() if actor().role in UNITS else tuple(reporting_units(session)),
        documents=tuple(document_choices(session, unit_ids=mine, chosen_id=document_id)),
    )
