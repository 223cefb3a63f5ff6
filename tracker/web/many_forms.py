"""The forms that are due, one under the other, handed in by one button 「一次多报」.

Each form is an envelope of its own and is handed in by a transaction of its own: one with faults, or one that a
colleague has sent meanwhile, comes back filled with its reasons and holds up none of the others, which may be due
today. In one transaction together the last of ten would undo nine that were right. What breaks off between two forms
leaves those before it sent, which is told, and the others as they were, with their drafts.

The forms of the page are those that are asked for now, all that are overdue of each series, and those that it sends:
nothing that somebody has written falls off the page because its form is not asked for any more. What is more than one
page can hold is named with its link.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.domain.errors import BadInput, Rejected
from tracker.domain.filings import EarlierNotSent, NothingFiled, RowsGone
from tracker.domain.jottings import FormSent, JottedMeanwhile
from tracker.domain.quoting import titled
from tracker.store.queries.form_views import FormView
from tracker.store.queries.unreported_forms import NamedForm, named_forms
from tracker.web.access import UNITS, allow, services
from tracker.web.asked_forms import forms_asked_for, may_wait
from tracker.web.conflicts import Written
from tracker.web.entries import Refusal, as_sent, refusal_of
from tracker.web.files_of_drafts import with_files
from tracker.web.forms import Form, Tick, read_form
from tracker.web.kept_pages import of_page
from tracker.web.marking import as_part, with_asides, with_faults
from tracker.web.own_words import own_words, sent_already, waiting_envelope
from tracker.web.pads import Jotted, Pad, asked_by_script, keep_down, kept_words, not_kept
from tracker.web.parts import in_part, on_page, parts_sent, sent_fields, start_of
from tracker.web.period_forms import (
    AgainForm,
    filled_again,
    forms_at,
    hand_in,
    pad_at,
    rendered,
    rows_of,
    shown_form,
)
from tracker.web.stray_fields import stray_words
from tracker.wording.periods import period_label
from tracker.wording.refusals import sentence

pages = Blueprint("many_forms", __name__)
# Said once of the whole page.
_OF_THE_PAGE = frozenset({"not_secret"})
# What stands on the page, besides what it sends.
_MOST = 40


class PartForm(AgainForm):
    """What is said of one form among several: whether it stays here this time, and what its own buttons ask."""

    hold: Tick = Field(title="本次不送")


class PageForm(Form):
    """What the page asks for all its forms."""

    again: Tick = Field(title="照上期")


@dataclass(frozen=True, slots=True)
class Block:
    """One form of the page. `body` is its rows as HTML; `written` is what was sent of one that takes nothing now.

    `waits` where nothing of it is due, was given back or written: it is shut until somebody opens it.
    """

    view: FormView
    name: str
    start: str
    shown: Mapping[str, object]
    pad: Pad
    body: str
    refused: Refusal | None
    held: bool
    waits: bool
    written: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was handed in, with of how many rows it speaks."""

    view: FormView
    rows: int

    @property
    def words(self) -> str:
        return f"{_name(self.view)}（{self.rows}行）" if self.rows else _name(self.view)


@pages.get("/forms")
@allow(*UNITS)
def show() -> ResponseReturnValue:
    blocks = []
    for view in _views():
        with in_part(view.head.period_id):
            pad = pad_at(view, asks_time=False)
            blocks.append(_block(view, pad, pad.given, None))
    return _page(blocks)


@pages.post("/forms/again")
@allow(*UNITS)
def go_on() -> ResponseReturnValue:
    """Show the page as it is written, asked to with the last report on each blank row; nothing is kept."""
    everywhere, blocks = read_form(PageForm).again, []
    for view in _views():
        with in_part(view.head.period_id):
            asked, pad = read_form(PartForm), pad_at(view, asks_time=False)
            given = as_sent() if sent_fields() else pad.given
            given = filled_again(view, given, asked, again=everywhere or asked.again)
            if _touched(view, pad) or view.takes:
                blocks.append(_block(view, pad, given, None, full=everywhere or asked.again))
    return _page(blocks)


@pages.post("/forms/keep")
@allow(*UNITS)
def keep() -> ResponseReturnValue:
    """Keep what was written in each form of the page 「暂存」, as its own page does; one refused holds up no other."""
    kept: list[tuple[int, Jotted]] = []
    gone: dict[int, Refusal] = {}
    faults: list[tuple[FormView, BadInput | Rejected]] = []
    for view in _views():
        with in_part(view.head.period_id):
            pad = with_files(pad_at(view, asks_time=False), rows_of(view))
            if stray_words(rows_of(view)):
                gone[view.head.period_id] = refusal_of(RowsGone(), (), {})
            if not (pad.merged.mine or pad.merged.theirs or pad.merged.disputed):
                continue
            try:
                kept.append((view.head.period_id, keep_down(pad)))
            except (BadInput, Rejected) as error:
                faults.append((view, error))
                gone[view.head.period_id] = refusal_of(error, rows_of(view), {})
    if faults and asked_by_script():
        return _not_kept(faults)
    if gone:
        return not_kept(RowsGone()) if asked_by_script() else _again(gone)
    jotted = of_page(kept)
    if jotted.beside and not asked_by_script():
        return _again({}, words=sentence(JottedMeanwhile(count=len(jotted.beside))), status=409)
    return kept_words(jotted, back=url_for("many_forms.show"))


def _not_kept(faults: list[tuple[FormView, BadInput | Rejected]]) -> ResponseReturnValue:
    """Tell the script why forms were not kept: of several one, the others when it asks again."""
    view, error = next((one for one in faults if isinstance(one[1], FormSent)), faults[0])
    sent = [start_of(one.head.period_id) for one, why in faults if isinstance(why, FormSent)]
    return not_kept(error, of=f"{_name(view)}：", over=sent)


@pages.post("/forms")
@allow(*UNITS)
def submit() -> ResponseReturnValue:
    """Hand in every form in which something is written, each by itself; those that are refused come back filled."""
    sent: list[Sent] = []
    refused: dict[int, Refusal] = {}
    left = 0
    try:
        # An earlier period first: what is said of a later one may close it as history.
        views = sorted(_views(), key=lambda view: view.head.due_at)
        for view in views:
            with in_part(view.head.period_id):
                pad = pad_at(view, asks_time=False)
                if read_form(PartForm).hold:
                    _keep_held(with_files(pad, rows_of(view)))
                if read_form(PartForm).hold or not _touched(view, pad):
                    left += 1
                    continue
                told = _wait_for_earlier(view, refused, views) or hand_in(view, pad)
            if isinstance(told, Refusal):
                refused[view.head.period_id] = told
            else:
                sent.append(Sent(view, told))
    finally:  # whatever comes between two forms, what was sent before is told
        if sent:
            flash(_account(sent, refused=len(refused), left=left))
    if not (sent or refused):
        return _again({}, words=f"没有送出：{sentence(NothingFiled())}", status=400)
    if refused:
        return _again(refused, gone=frozenset(one.view.head.period_id for one in sent))
    return redirect(url_for("login.home"), 303)


def _touched(view: FormView, pad: Pad) -> bool:
    """Tell whether something was written on a form, be it on rows that it does not have any more."""
    return pad.touched or bool(stray_words(rows_of(view)))


def _keep_held(pad: Pad) -> None:
    """Keep what stands on a form that is not to be sent yet as its draft, unless it cannot be: it is told by itself."""
    if pad.merged.mine:
        try:
            keep_down(pad)
        except (BadInput, Rejected) as error:
            flash(f"未送的表没有存为草稿：{sentence(error)}")


def _wait_for_earlier(view: FormView, refused: Mapping[int, Refusal], views: Iterable[FormView]) -> Refusal | None:
    """Return why a form waits where an earlier one of its series was refused: it would count that as 漏报."""
    earlier = [
        one.head.code for one in views if one.head.period_id in refused and one.head.series_id == view.head.series_id
    ]
    return Refusal(sentence(EarlierNotSent(periods="、".join(earlier))), {}, 400) if earlier else None


def _account(sent: list[Sent], *, refused: int, left: int) -> str:
    """Say which forms were sent, and that others were not."""
    said = f"已送本单位负责人审签{len(sent)}张表：{'、'.join(one.words for one in sent)}。审签前可以撤回。"
    if refused:
        said += f"另有{refused}张没有送出，原因写在各表。"
    return said + (f"没有填写或者勾选“本表本次不送”的{left}张没有送。" if left else "")


def _views() -> list[FormView]:
    """Return the forms of the page at hand: those that are asked for now, and those that it sends. Raises NotFound."""
    now = services().clock.now()
    with services().database.reading() as session:
        asked = forms_asked_for(session, now=now)
    return forms_at(list(dict.fromkeys((*asked[:_MOST], *parts_sent()))))


def _left_out(blocks: list[Block]) -> list[NamedForm]:
    """Name what is asked for and has no place on the page."""
    now, shown = services().clock.now(), {block.view.head.period_id for block in blocks}
    with services().database.reading() as session:
        left = [period_id for period_id in forms_asked_for(session, now=now)[_MOST:] if period_id not in shown]
        return named_forms(session, left) if left else []


def _name(view: FormView) -> str:
    return f"{titled(view.head.document_title)}{period_label(view.head.code)}"


def _again(
    refused: Mapping[int, Refusal], *, gone: frozenset[int] = frozenset(), words: str = "", status: int = 0
) -> ResponseReturnValue:
    """Show the page as it was sent, but for the forms that are gone, each refusal at its form."""
    blocks = []
    for view in _views():
        period_id = view.head.period_id
        if period_id not in gone:
            with in_part(period_id):
                pad = pad_at(view, asks_time=False)
                given = as_sent() if sent_fields() else pad.given
                if _touched(view, pad) or view.takes:
                    blocks.append(_block(view, pad, given, refused.get(period_id)))
    return _page(blocks, words=words), status or max(one.status for one in refused.values())


def _block(view: FormView, pad: Pad, given: Mapping[str, str], refused: Refusal | None, *, full: bool = False) -> Block:
    """Put one form of the page together, within its part."""
    shown = shown_form(view, pad, given, refused)
    again_at, start = url_for("many_forms.go_on"), start_of(view.head.period_id)
    changed = any(given.get(field, "") != pad.given.get(field, "") for field in pad.shown)
    lost = not view.takes and _touched(view, pad)
    waiting = waiting_envelope(view) if lost else None
    refused = refused or (sent_already(waiting) if waiting else None)
    body = "" if lost else rendered("web/many_forms/form.html", shown, level=3, again_at=again_at, start=start)
    return Block(
        view=view,
        name=_name(view),
        start=start,
        shown=shown,
        pad=pad,
        body=as_part(body, start) if body else "",
        refused=refused,
        held=bool(given.get("hold")),
        waits=not (full or refused or lost or changed or _touched(view, pad)) and may_wait(view),
        written=own_words(view, waiting) if lost else (),
    )


def _page(blocks: list[Block], *, words: str = "") -> str:
    """Put the page together; what stands beside fields is found by their names on it."""
    was: dict[str, str] = {}
    asides: dict[str, str] = {}
    errors: dict[str, str] = {}
    for block in blocks:
        period_id, told = block.view.head.period_id, block.refused.errors if block.refused else {}
        was |= on_page(period_id, block.pad.seen)
        asides |= {block.start + name: as_part(html, block.start) for name, html in block.pad.beside().items()}
        errors |= {name: words for name, words in told.items() if name in _OF_THE_PAGE}
        errors |= on_page(period_id, {name: words for name, words in told.items() if name not in _OF_THE_PAGE})
    said = {"words": words, "given": as_sent(), "left_out": _left_out(blocks)}
    page = render_template("web/many_forms/page.html", blocks=blocks, was=json.dumps(was), **said)
    page = with_asides(page, asides)
    return with_faults(page, errors) if errors else page
