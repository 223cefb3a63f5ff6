"""The form of a period: one table for all rows, one signature; more time is asked for a row by itself."""

import re
from collections.abc import Iterable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.domain.calendar import local_day
from tracker.domain.errors import BadInput, NotFound, Rejected
from tracker.domain.filings import FilingKind, NotAnExtension
from tracker.store.queries.envelopes import envelope
from tracker.store.queries.form_views import OPEN_ROWS, FormView, RowOfForm
from tracker.store.queries.forms import form_view, value_day
from tracker.usecases.filing import SubmitForm, submit_form, withdraw
from tracker.usecases.jotting import Place, forget, use_up
from tracker.usecases.requesting import RequestExtension, request_extension
from tracker.web.access import UNITS, acted_for, actor, allow, services
from tracker.web.clocks import day_off_words
from tracker.web.entries import (
    EntriesUnreadable,
    Refusal,
    as_sent,
    filled,
    gaps,
    is_blank,
    read_entries,
    refusal_of,
    sent_text,
)
from tracker.web.forms import Day, Form, Id, OptionalId, Reason, Tick, Words, read_form
from tracker.web.inquiries import quote_into
from tracker.web.marking import with_asides, with_faults
from tracker.web.pads import Pad, more_time_fields, pad_of
from tracker.web.pads import keep as keep_pad
from tracker.web.presentation import form_title
from tracker.web.uploads import chosen_names
from tracker.wording.refusals import sentence

pages = Blueprint("filing", __name__)
# What a person writes in a form: rows, requests for more time, and what is said of the form as a whole.
_FIELD = re.compile(r"[ax][0-9]+-\w+|tick|missed_words|not_secret")


class CoverForm(Form):
    """What is said of a form as a whole."""

    tick: Tick = Field(title="其他配合事项无新情况")
    missed_words: Words = Field(title="前期漏报说明")


class AgainForm(Form):
    """Whether the last reports are asked for, or the answers to an inquiry."""

    again: Tick = Field(title="照上期")
    inquiry: OptionalId = Field(title="带入协办反馈")


class RowPlace(Form):
    """The form on which a row stands."""

    period_id: Id = Field(title="期次")


class ExtensionForm(Form):
    """Stands in the form once a row that may be extended; the fields of row 7 begin with `x7-`."""

    new_due_on: Day = Field(title="新时限")
    reason: Reason = Field(title="延期理由")


class ExtensionNotAsked(BadInput):
    """What is written to ask for more time would be lost, for the form is sent without asking; facts: label."""

    code = "extension_not_asked"


@pages.get("/periods/<int:period_id>/form")
@allow(*UNITS)
def form(period_id: int) -> ResponseReturnValue:
    view = _view(period_id)
    return _page(view, _with_answers(_pad(view).given, request.args.get("inquiry", type=int)), None)


@pages.post("/periods/<int:period_id>/form/keep")
@allow(*UNITS)
def keep(period_id: int) -> ResponseReturnValue:
    """Keep the form as it stands for the unit 「暂存」; what another changed meanwhile is shown beside it."""
    view = _view(period_id)
    return keep_pad(
        _pad(view),
        render=lambda meanwhile: _page(view, as_sent(), refusal_of(meanwhile, view.rows, {})),
        back=url_for("filing.form", period_id=period_id),
    )


@pages.post("/periods/<int:period_id>/form/again")
@allow(*UNITS)
def go_on(period_id: int) -> ResponseReturnValue:
    """Show the form as it is written, asked to with the last report on each blank row 「照上期」; nothing is kept.

    Asked to, with what other units answered to an inquiry, too.
    """
    view, asked = _view(period_id), read_form(AgainForm)
    blank = [row for row in (*view.rows, *view.others) if is_blank(row)] if asked.again else []
    return _page(view, _with_answers(as_sent() | _begun(view, blank, again=True), asked.inquiry), None)


@pages.post("/periods/<int:period_id>/form")
@allow(*UNITS)
def submit(period_id: int) -> ResponseReturnValue:
    """Hand the form to the head; a refused one comes back with its reasons and everything that was written."""
    view = _view(period_id)
    rows, pad = (*view.rows, *view.others), _pad(view)
    unread: dict[str, str] = {}
    try:
        entries, unread = read_entries(rows)
        unread |= _unasked(view)
        cover = read_form(CoverForm)
        with services().database.transaction() as session:
            command = SubmitForm(period_id, entries, ticked=cover.tick, missed_words=cover.missed_words)
            submit_form(session, command, actor=actor(), at=services().clock.now())
            use_up(session, pad.command(fields=pad.shown), actor=actor())
            if unread:  # refused after all else was looked at, so that every fault is told at once
                raise EntriesUnreadable(count=len(unread))
    except (BadInput, Rejected) as error:
        refused = refusal_of(error, rows, unread)
        return _page(_view(period_id), as_sent(), refused), refused.status
    flash(f"已送本单位负责人审签，共{len(entries)}行。审签前可以撤回。")
    return redirect(url_for("login.home"), 303)


@pages.post("/filings/<int:filing_id>/withdraw")
@allow(*UNITS)
def take_back(filing_id: int) -> ResponseReturnValue:
    with services().database.reading() as session:
        found = envelope(session, filing_id=filing_id, unit_ids=acted_for(session))
    if found is None:
        raise NotFound()
    with services().database.transaction() as session:
        withdraw(session, filing_id=filing_id, actor=actor(), at=services().clock.now())
    flash("已撤回，内容保留在表中，可改后再送。")
    if found.period_id is None:
        return redirect(url_for("login.home"), 303)
    view = _view(found.period_id)
    if unsent := _unsent(view):
        return _page(view, _pad(view).given | unsent, None)
    return redirect(url_for("filing.form", period_id=found.period_id), 303)


@pages.post("/rows/<int:row_id>/extension")
@allow(*UNITS)
def ask_for_time(row_id: int) -> ResponseReturnValue:
    """Ask for more time on one row; whatever became of it, its form is shown with all that is written there."""
    period_id = read_form(RowPlace).period_id
    view = _view(period_id)
    try:
        form = read_form(ExtensionForm, of=f"x{row_id}-")
        command = RequestExtension(row_id, form.new_due_on, form.reason)
        with services().database.transaction() as session:
            request_extension(session, command, actor=actor(), at=services().clock.now())
            forget(session, _place(period_id), more_time_fields(row_id), actor=actor())
    except (BadInput, Rejected) as error:
        beside = {f"x{row_id}-new_due_on": sentence(error)} if isinstance(error, NotAnExtension) else {}
        refused = refusal_of(error, view.rows, beside)
        return _page(view, as_sent(), refused), refused.status
    flash(f"延期申请已送出，批复前这一行不计逾期。{day_off_words(form.new_due_on, services=services())}")
    view = _view(period_id)
    if (unsent := _unsent(view, done=f"x{row_id}-")) or chosen_names():
        return _page(view, unsent, None)
    return redirect(url_for("filing.form", period_id=period_id), 303)


def _view(period_id: int) -> FormView:
    with services().database.reading() as session:
        view = form_view(session, period_id=period_id, unit_ids=acted_for(session), now=services().clock.now())
    if view is None:
        raise NotFound()
    return view


def _place(period_id: int) -> Place:
    return Place(FilingKind.FORM, period_id=period_id)


def _pad(view: FormView) -> Pad:
    """Return the draft of a form; one that waits for the head has no fields."""
    rows = (*view.rows, *view.others)
    begun = _cover(view) | _begun(view, rows)
    return pad_of(
        _place(view.head.period_id),
        rows,
        begun,
        cover=("tick", "missed_words"),
        closed=view.waiting_filing_id is not None,
    )


def _begun(view: FormView, rows: Iterable[RowOfForm], *, again: bool = False) -> dict[str, str]:
    """Return with what rows begin: what came back of them, with `again` else the last report."""
    today = local_day(services().clock.now())
    day = value_day(view.head, today=today)
    given: dict[str, str] = {}
    for row in rows:
        given |= filled(row, again=again, day=day, today=today)
    return given


def _with_answers(given: dict[str, str], inquiry_id: int | None) -> dict[str, str]:
    """Add what other units answered to an inquiry, where one is named. Raises NotFound."""
    return given if inquiry_id is None else quote_into(given, inquiry_id=inquiry_id)


def _cover(view: FormView) -> dict[str, str]:
    """Return what came back of the form as a whole, beside its rows."""
    if view.cover is None:
        return {}
    ticked = view.cover.ticked and view.tick is not None and view.tick.state in OPEN_ROWS
    words = view.cover.missed_words if view.ends else ""
    return {name: text for name, text in {"tick": "yes" if ticked else "", "missed_words": words}.items() if text}


def _unsent(view: FormView, *, done: str = "-") -> dict[str, str]:
    """Return what is written in the form at hand and was not sent; empty where it is what the page begins with.

    `done` begins the names of the fields that an act on the page has settled.
    """
    sent = {name: text for name, text in as_sent().items() if text and _FIELD.fullmatch(name)}
    rest = {name: text for name, text in sent.items() if not name.startswith(done)}
    begun = _cover(view) | _begun(view, (row for row in view.rows if row.writable))
    return {} if rest == begun else rest


def _unasked(view: FormView) -> dict[str, str]:
    """Return what is written to ask for more time and would be lost with the form, by its fields."""
    return {
        field: sentence(ExtensionNotAsked(label=row.label))
        for row in view.rows
        for name in ExtensionForm.model_fields
        if row.extendable and sent_text(field := f"x{row.row_id}-{name}")
    }


def _page(view: FormView, given: dict[str, str], refused: Refusal | None) -> str:
    waiting, pad = None, _pad(view)
    if view.waiting_filing_id is not None:
        with services().database.reading() as session:
            waiting = envelope(session, filing_id=view.waiting_filing_id, unit_ids=acted_for(session))
    page = render_template(
        "web/filing/form.html",
        view=view,
        title=form_title(view, now=services().clock.now(), calendar=services().calendar),
        given=given | dict(pad.merged.theirs),
        pad=pad,
        refused=refused,
        chosen=chosen_names(),
        waiting=waiting,
        complete={row.assignment_id: gaps(row) for row in (*view.rows, *view.others)},
        counts=_counts(view),
    )
    page = with_asides(page, pad.beside())
    return with_faults(page, refused.errors) if refused else page


def _counts(view: FormView) -> dict[str, int]:
    """Count what a liaison looks for: rows to be written, returned, with the office, owed later than the form."""
    unreported = [row for row in view.rows if row.state == "open"]
    later = [row for row in unreported if not row.pending and _is_later(row, view)]
    return {
        "to_write": sum(row.writable and row.required and not row.pending and row not in later for row in unreported),
        "returned": sum(row.state == "returned" for row in view.rows),
        "pending": sum(row.pending for row in unreported),
        "later": len(later),
    }


def _is_later(row: RowOfForm, view: FormView) -> bool:
    return row.due_at is not None and row.due_at > view.head.due_at
