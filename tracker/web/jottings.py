"""What people of a unit have written and not sent 「草稿」: form by form, readable until it is sent or deleted."""

from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.domain.filings import FilingKind
from tracker.domain.jottings import digest
from tracker.store.queries.jottings import JottingOfUnit, jottings_of_units
from tracker.store.queries.units import units_acted_for, units_read_for
from tracker.usecases.jotting import drop as drop_jottings
from tracker.web.access import UNITS, actor, allow, services
from tracker.web.field_words import words_of
from tracker.web.form_fields import read_id
from tracker.web.forms import Form, Texts, read_form

pages = Blueprint("jottings", __name__)


class DropForm(Form):
    """What of a draft is deleted: ids, each with the digest of the text that was shown."""

    jotting: Texts = Field(title="草稿")


@dataclass(frozen=True, slots=True)
class DraftField:
    name: str
    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What is kept of one share on one page; `address` is that of the page, None where another unit has it now."""

    head: JottingOfUnit
    last: JottingOfUnit
    fields: tuple[DraftField, ...]
    address: str | None


@pages.get("/own-drafts")
@allow(*UNITS)
def show() -> ResponseReturnValue:
    return render_template("web/jottings/list.html", drafts=drafts_shown())


def drafts_shown() -> list[Draft]:
    """Return what the viewer's units wrote and did not send, share by share."""
    with services().database.reading() as session:
        own = units_acted_for(session, actor().unit_id)
        found = jottings_of_units(session, unit_ids=units_read_for(session, actor().unit_id))
    rows = [tuple(row) for _key, row in groupby(found, key=lambda one: (one.period_id, one.kind, one.assignment_id))]
    return [_draft(row, own) for row in rows]


@pages.post("/own-drafts/drop")
@allow(*UNITS)
def drop() -> ResponseReturnValue:
    """Delete what was shown; what somebody changed since stays."""
    shown = {}
    for told in read_form(DropForm).jotting:
        id_, _space, seen = told.partition(" ")
        if (jotting_id := read_id(id_)) is not None:
            shown[jotting_id] = seen
    with services().database.transaction() as session:
        gone = drop_jottings(session, shown, actor=actor())
    stayed = len(shown) - gone
    flash(("草稿已删去。" if gone else "") + (f"有{stayed}处刚刚改过或者已经送出，没有删。" if stayed else ""))
    return redirect(url_for("jottings.show"), 303)


def _draft(row: tuple[JottingOfUnit, ...], own: frozenset[int]) -> Draft:
    fields = []
    for one in row:
        name, text = words_of(one.field, one.text)
        fields.append(DraftField(name=name, text=text, mark=f"{one.jotting_id} {digest(one.text)}"))
    last = max(row, key=lambda one: one.written_at)
    return Draft(row[0], last, tuple(fields), _address(row[0]) if row[0].holder_id in own else None)


def _address(one: JottingOfUnit) -> str:
    if one.kind == FilingKind.FORM.value:
        return url_for("filing.form", period_id=one.period_id)
    return url_for(f"news.{one.kind}", task_id=one.task_id)
