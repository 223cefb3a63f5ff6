"""The page of the form of a period: one table for all rows, one signature; more time is asked for a row by itself."""

import re

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.domain.entered import DayTooFar
from tracker.domain.errors import BadInput, NotFound, Rejected
from tracker.domain.filings import NotAnExtension, RequestKind, RowsGone
from tracker.domain.petitions import Asked
from tracker.store.queries.envelopes import Envelope, envelope
from tracker.store.queries.form_views import FormView
from tracker.store.queries.inquiries import inquiry_asked
from tracker.store.queries.units import units_acted_for
from tracker.usecases.filing import withdraw
from tracker.usecases.jotting import forget
from tracker.usecases.petitioning import petition
from tracker.web.access import UNITS, acted_for, actor, allow, services
from tracker.web.asked_together import over_of
from tracker.web.clocks import day_off_words
from tracker.web.entries import Refusal, as_sent, refusal_of, sent_text
from tracker.web.files_of_drafts import with_files
from tracker.web.forms import Day, Form, Id, Reason, read_form
from tracker.web.marking import with_asides, with_faults
from tracker.web.news import goes_on
from tracker.web.own_words import own_words, sent_already, waiting_envelope
from tracker.web.pads import asked_by_script, keep_down, more_time_fields, not_kept
from tracker.web.pads import keep as keep_pad
from tracker.web.period_forms import (
    AgainForm,
    begun,
    cover_of,
    filled_again,
    form_at,
    hand_in,
    pad_at,
    place_of,
    pleas_of,
    rendered,
    rows_of,
    shown_form,
    with_answers,
)
from tracker.web.stray_fields import stray_words
from tracker.web.uploads import chosen_names
from tracker.wording.refusals import sentence

pages = Blueprint("filing", __name__)
_LEFT = "延期申请已送出，批复前这一行不计逾期。"
_WAITS = "延期申请已送本单位负责人审签；审签报出后才停止计时，此前照常计时。"
# What a person writes in a form: rows, requests for more time, and what is said of the form as a whole.
_FIELD = re.compile(r"[ax][0-9]+-\w+|tick|missed_words|not_secret")


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
    view = form_at(period_id)
    return _page(view, with_answers(pad_at(view).given, request.args.get("inquiry", type=int)), None)


@pages.post("/periods/<int:period_id>/form/keep")
@allow(*UNITS)
def keep(period_id: int) -> ResponseReturnValue:
    """Keep the form as it stands for the unit 「暂存」; what another changed meanwhile is shown beside it."""
    view = form_at(period_id)
    if stray_words(rows_of(view)):
        keep_down(with_files(pad_at(view), rows_of(view)))  # the rest is kept all the same
        if asked_by_script():
            return not_kept(RowsGone())
        return _page(view, as_sent(), refusal_of(RowsGone(), view.rows, {})), 409
    return keep_pad(
        with_files(pad_at(view), rows_of(view)),
        render=lambda meanwhile: _page(view, as_sent(), refusal_of(meanwhile, view.rows, {})),
        back=url_for("filing.form", period_id=period_id),
    )


@pages.post("/periods/<int:period_id>/form/again")
@allow(*UNITS)
def go_on(period_id: int) -> ResponseReturnValue:
    """Show the form as it is written, asked to with the last report on each blank row 「照上期」; it is not kept.

    Asked to, with what other units answered to an inquiry, too; their files are put into the unit's box then.
    """
    view, asked = form_at(period_id), read_form(AgainForm)
    return _page(view, filled_again(view, as_sent(), asked, again=asked.again), None)


@pages.post("/periods/<int:period_id>/form")
@allow(*UNITS)
def submit(period_id: int) -> ResponseReturnValue:
    """Hand the form to the head; a refused one comes back with its reasons and everything that was written."""
    view = form_at(period_id)
    told = hand_in(view, pad_at(view), lost=_unasked(view))
    if isinstance(told, Refusal):
        return _page(form_at(period_id), as_sent(), told), told.status
    flash(f"已送本单位负责人审签，共{told}行。审签前可以撤回。")
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
    if found.period_id is None and found.answers_id is None and not goes_on(found):
        flash("已撤回。填报页面上另有内容，撤回的没有列在那里，在本页“反馈和动态”中，标明“已撤回”，可以复制。")
        return redirect(url_for("tasks.show", task_id=found.rows[0].task_id), 303)
    flash(_taken_back(found))
    if found.period_id is None:
        return redirect(_page_of(found), 303)
    view = form_at(found.period_id)
    if unsent := _unsent(view):
        return _page(view, pad_at(view).given | unsent, None)
    return redirect(url_for("filing.form", period_id=found.period_id), 303)


def _taken_back(found: Envelope) -> str:
    """Say where what was written stands now; an answer that nobody wants any more is not to be sent again."""
    over = None
    if found.answers_id is not None:
        with services().database.reading() as session:
            asked = inquiry_asked(
                session, asked_id=found.answers_id, unit_ids=units_acted_for(session, actor().unit_id)
            )
        over = over_of(asked, asked.units[0]) if asked is not None else None
    if over:
        return f"已撤回。{over}，不需再反馈；所写内容仍列在反馈页面。"
    return "已撤回，内容保留在填报页面，可改后再送。"


def _page_of(found: Envelope) -> str:
    """Return where what is of no form was written."""
    if found.answers_id is not None:
        return url_for("inquiries.answer_form", asked_id=found.answers_id)
    return url_for(f"news.{found.kind}", task_id=found.rows[0].task_id)


@pages.post("/rows/<int:row_id>/extension")
@allow(*UNITS)
def ask_for_time(row_id: int) -> ResponseReturnValue:
    """Ask for more time on one row, a liaison by way of the head.

    Whatever became of it, its form is shown with all that is written there.
    """
    period_id = read_form(RowPlace).period_id
    view = form_at(period_id)
    try:
        form = read_form(ExtensionForm, of=f"x{row_id}-")
        asked = Asked(RequestKind.EXTENSION, row_id, form.reason, form.new_due_on)
        with services().database.transaction() as session:
            waits = petition(session, asked, actor=actor(), at=services().clock.now(), by=services().reckoning)
            forget(session, place_of(period_id), more_time_fields(row_id), actor=actor())
    except (BadInput, Rejected) as error:
        beside = {f"x{row_id}-new_due_on": sentence(error)} if isinstance(error, (NotAnExtension, DayTooFar)) else {}
        refused = refusal_of(error, view.rows, beside)
        return _page(view, as_sent(), refused), refused.status
    flash((_WAITS if waits else _LEFT) + day_off_words(form.new_due_on, services=services()))
    return shown_again(period_id, done=f"x{row_id}-")


def shown_again(period_id: int, *, done: str = "-") -> ResponseReturnValue:
    """Show a form after an act on its page, with what was written there and not sent; `done` as of `_unsent`."""
    view = form_at(period_id)
    if (unsent := _unsent(view, done=done)) or chosen_names():
        return _page(view, unsent, None)
    return redirect(url_for("filing.form", period_id=period_id), 303)


def _unsent(view: FormView, *, done: str = "-") -> dict[str, str]:
    """Return what is written in the form at hand and was not sent; empty where it is what the page begins with.

    `done` begins the names of the fields that an act on the page has settled.
    """
    fields, pleas = as_sent(), pleas_of(view)
    sent = {name: text for name, text in fields.items() if text and _FIELD.fullmatch(name)}
    rest = {name: text for name, text in sent.items() if not name.startswith(done)}
    first = cover_of(view) | begun(view, (row for row in view.rows if row.writable))
    first |= {name: text for name, text in pleas.items() if name in fields}
    offered = {name: text for name, text in pleas.items() if name not in fields}  # since the act, by the page
    return offered | rest if rest and rest != first else {}


def _unasked(view: FormView) -> dict[str, str]:
    """Return what is written to ask for more time and would be lost with the form, by its fields."""
    first = pleas_of(view)
    return {
        field: sentence(ExtensionNotAsked(label=row.named))
        for row in view.rows
        for name in ExtensionForm.model_fields
        if row.extendable and sent_text(field := f"x{row.row_id}-{name}") not in ("", first.get(field))
    }


def _page(view: FormView, given: dict[str, str], refused: Refusal | None) -> str:
    waiting, pad = waiting_envelope(view), pad_at(view)
    if waiting is not None and refused is None and _unsent(view):
        refused = sent_already(waiting)  # a colleague sent it: the words have no fields here
    own = own_words(view, waiting) if waiting is not None and refused else ()
    page = rendered("web/filing/form.html", shown_form(view, pad, given, refused), waiting=waiting, own=own)
    page = with_asides(page, pad.beside())
    return with_faults(page, refused.errors) if refused else page
