"""A month's inputs as a workbook, down and up: what comes back is checked and shown first, then handed in whole."""

from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadData
from pydantic import Field
from sqlmodel import Session

from tracker.domain.downloads import XLSX, Fetched
from tracker.domain.errors import NotFound, Rejected
from tracker.domain.scoring.asked import filled_in
from tracker.domain.scoring.entries import Entry, Evidence, Sourced
from tracker.domain.scoring.months import InputsClosed
from tracker.domain.scoring.plain import number_text
from tracker.gateways.evidence_files import EvidenceMissing
from tracker.gateways.filled_score_books import BookFaulty, BookTold, told_in
from tracker.gateways.schemes import read_scheme
from tracker.gateways.score_books import NONE, book_of, kind_names
from tracker.gateways.score_sheets import ScoreBook, read_score_book
from tracker.gateways.upload_inspection import EmptyFile, clean_name
from tracker.store.queries.scoring import entry_of
from tracker.usecases.scoring_inputs import Entered, enter_inputs, say_none
from tracker.web.access import actor, allow, services
from tracker.web.cookies import signer
from tracker.web.downloads import send_made
from tracker.web.forms import Form, Words, read_form
from tracker.web.scoring_inputs import SUPPLIERS, ask_back, kept_words
from tracker.web.scoring_views import MonthSeen, month_seen
from tracker.web.uploads import DeclarationMissing, is_declared, keep_upload

pages = Blueprint("scoring_books", __name__)
_LARGEST_BYTES = 5 * 1024 * 1024
_SALT, _HOLDS_SECONDS = "score-book", 8 * 60 * 60


class BookForgotten(Rejected):
    """The page that showed a workbook is too old, or of somebody else: it has to be handed in again."""

    code = "score_book_forgotten"


class BookForm(Form):
    ticket: Words = Field(title="核对结果")
    reason: Words = Field(title="更正理由")


@dataclass(frozen=True, slots=True)
class Change:
    """What a workbook would change; `before` is empty for what is new."""

    place: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A workbook that was checked: its file, and for which month."""

    month_id: int
    sha256: str
    name: str


class _Undo(Exception):
    """What was tried is taken back."""


@pages.get("/evaluation/<int:month_id>/inputs.xlsx")
@allow(*SUPPLIERS)
def as_workbook(month_id: int) -> ResponseReturnValue:
    """Send the workbook of what the viewer hands in, with what stands there."""
    with services().database.reading() as session:
        seen = _open_month(session, month_id)
        own = [one for one in map(entry_of, seen.standing) if one.what in seen.party.supplies]
        made = book_of(
            seen.scheme,
            month=seen.row.month,
            seen=seen.seen,
            entries=own,
            none_said=seen.none_said,
            asked=filled_in(seen.rules, seen.month, seen.party.supplies),
            owners={what: seen.handing_in(seen.whose[what]) for what in seen.party.supplies},
            unused=seen.rules.unused,
        )
    name = f"{seen.name}考评数据表.xlsx"
    return send_made(made, name=name, media_type=XLSX, what=Fetched.SCORE_BOOK, of=month_id)


@pages.get("/evaluation/<int:month_id>/inputs/upload")
@allow(*SUPPLIERS)
def choose(month_id: int) -> ResponseReturnValue:
    with services().database.reading() as session:
        return render_template("web/scoring/upload.html", seen=_open_month(session, month_id))


@pages.post("/evaluation/<int:month_id>/inputs/upload")
@allow(*SUPPLIERS)
def check(month_id: int) -> ResponseReturnValue:
    """Say what a workbook would change, or which cells are faulty; nothing is handed in."""
    with services().database.reading() as session:
        _open_month(session, month_id)
    file = request.files.get("file")
    if file is None or not file.filename:
        raise EmptyFile()
    if not is_declared():
        raise DeclarationMissing()
    name, books = clean_name(file.filename), list[ScoreBook]()

    def inspect(path: Path) -> None:
        books.append(read_score_book(path, name=name))

    stored = keep_upload(file, inspect=inspect, max_bytes=_LARGEST_BYTES)
    of = HandedIn(month_id=month_id, sha256=stored.sha256, name=name)
    with services().database.reading() as session:
        seen = _open_month(session, month_id)
        try:
            told = told_in(books[0], seen.scheme, seen.month, rules=seen.rules)
        except BookFaulty as faulty:
            return render_template("web/scoring/checked.html", seen=seen, name=name, faults=faulty.cells), 400
    entered, none = _tried(of, told, seen=books[0].seen)
    return render_template(
        "web/scoring/checked.html",
        seen=seen,
        name=name,
        faults=(),
        entered=entered,
        silent=none,
        changes=_changes(seen, told),
        ticket=_ticket(of),
    )


@pages.post("/evaluation/<int:month_id>/inputs/workbook")
@allow(*SUPPLIERS)
def take_over(month_id: int) -> ResponseReturnValue:
    """Hand in what was checked, all of it or nothing."""
    with services().database.reading() as session:
        seen = _open_month(session, month_id)
    form = read_form(BookForm)
    of = _handed_in(form.ticket, month_id)
    try:
        book = read_score_book(services().evidence.path(of.sha256), name=of.name)
    except EvidenceMissing:
        raise BookForgotten() from None
    told = told_in(book, seen.scheme, seen.month, rules=seen.rules)
    with services().database.transaction() as session:
        entered, none = _enter(session, of, told, seen=book.seen, reason=form.reason)
    ask_back(month_id, after=book.seen)
    flash(kept_words(entered, none=none))
    return redirect(url_for("scoring_inputs.form", month_id=month_id), 303)


def _open_month(session: Session, month_id: int) -> MonthSeen:
    """Raises NotFound, InputsClosed."""
    seen = month_seen(session, month_id)
    if not seen.party.supplies:
        raise NotFound()
    if not seen.takes_inputs:
        raise InputsClosed(score_month=seen.row.month)
    return seen


def _ticket(of: HandedIn) -> str:
    """Return what lets the page that shows a workbook, and whoever handed it in, carry it out."""
    told = {"month": of.month_id, "sha256": of.sha256, "name": of.name, "by": actor().user_id}
    return str(signer(_SALT).dumps(told))


def _handed_in(ticket: str, month_id: int) -> HandedIn:
    """Return what a ticket is for; one of another month or person is none. Raises BookForgotten."""
    try:
        told: Any = signer(_SALT).loads(ticket, max_age=_HOLDS_SECONDS)  # what `dumps` was given above
    except BadData:
        raise BookForgotten() from None
    if told["month"] != month_id or told["by"] != actor().user_id:
        raise BookForgotten()
    return HandedIn(month_id=month_id, sha256=told["sha256"], name=told["name"])


def _enter(session: Session, of: HandedIn, told: BookTold, *, seen: int, reason: str) -> tuple[Entered, int]:
    """Hand in what a workbook says; return also of how many kinds it newly says that nothing happened."""
    evidence, now = Evidence(of.name, of.sha256, of.name, XLSX), services().clock.now()
    entered = enter_inputs(
        session,
        of.month_id,
        [Sourced(one.entry, replace(evidence, words=one.source)) for one in told.entries],
        seen=seen,
        reason=reason,
        read=read_scheme,
        calendar=services().calendar,
        actor=actor(),
        at=now,
    )
    return entered, say_none(session, of.month_id, told.silent, read=read_scheme, actor=actor(), at=now)


def _tried(of: HandedIn, told: BookTold, *, seen: int) -> tuple[Entered, int]:
    """Return what handing in would do; nothing of it stays. A reason is asked for with the act itself."""
    found: list[tuple[Entered, int]] = []
    with suppress(_Undo), services().database.transaction() as session:
        found.append(_enter(session, of, told, seen=seen, reason="-"))
        raise _Undo()
    return found[0]


def _changes(seen: MonthSeen, told: BookTold) -> list[Change]:
    standing = {one.key: one for one in map(entry_of, seen.standing)}
    found = []
    for one in told.entries:
        entry = one.entry
        before = standing.get(entry.key)
        if before != entry:
            found.append(Change(one.place, _what(seen, entry), _value(before), _value(entry)))
    names = kind_names(seen.scheme)
    new = [one for one in told.none if one.what not in seen.none_said]
    return found + [Change(one.place, names[one.what], "", NONE) for one in new]


def _what(seen: MonthSeen, entry: Entry) -> str:
    named = {one.code: one.name for one in seen.scheme.figures} | {one.unit: one.name for one in seen.scheme.objects}
    what = named.get(entry.code) or kind_names(seen.scheme)[entry.what]
    return f"{named.get(entry.object, '')}{what}" + (f"：{entry.reference}" if entry.reference else "")


def _value(entry: Entry | None) -> str:
    if entry is None:
        return ""
    numbers: list[Decimal] = [one for one in (entry.value, entry.found) if one is not None]
    return "，核查".join(map(number_text, numbers)) or "有"
