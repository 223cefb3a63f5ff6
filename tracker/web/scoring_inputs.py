"""Inputs of a month of evaluation by whoever hands them in: the form, what was handed in, files, taking back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.domain.accounts import Role
from tracker.domain.downloads import Fetched
from tracker.domain.entered import clean_words
from tracker.domain.entries import AttachedFile
from tracker.domain.errors import NotFound
from tracker.domain.scoring.entries import Evidence, InputKind, Sourced, What
from tracker.gateways.schemes import read_scheme
from tracker.store.queries.counted_months import doubts_of_month
from tracker.store.tables.scoring import ScoreInputRow
from tracker.usecases.scoring_inputs import Entered, enter_inputs, say_none, take_back
from tracker.web.access import UNITS, actor, allow, services
from tracker.web.downloads import send_kept
from tracker.web.forms import Form, Reason, RefusedForm, Version, Words, read_form
from tracker.web.parts import sent_fields
from tracker.web.scoring import VIEWERS
from tracker.web.scoring_files import files_open
from tracker.web.scoring_grid import ADDED, GridReader, Told, blocks_of, grids_of
from tracker.web.scoring_objections import owed_by_viewer
from tracker.web.scoring_views import MonthSeen, month_seen, oversees, require_part
from tracker.web.uploads import DeclarationMissing, is_declared, receive_field
from tracker.wording.score_flags import figure_flags
from tracker.wording.scoring import WINDOWS

pages = Blueprint("scoring_inputs", __name__)
SUPPLIERS = frozenset({*UNITS, Role.SUPERVISOR})
_MOST_ASKED = 5


class InputsForm(Form):
    """`version` is the last input that the page showed; the numbers have names of their own, see `scoring_grid`."""

    version: Version = Field(title="页面所列数据")
    reason: Words = Field(title="更正理由")


class TakeBackForm(Form):
    reason: Reason = Field(title="撤回理由")


@pages.get("/evaluation/<int:month_id>/inputs")
@allow(*VIEWERS)
def form(month_id: int) -> ResponseReturnValue:
    """Show what the viewer hands in; overseers may look at what any supplier did."""
    with services().database.reading() as session:
        seen, owner = month_seen(session, month_id), request.args.get("owner")
        if owner is None and oversees() and not seen.party.supplies:
            return redirect(url_for("scoring.show", month_id=month_id))
        supplies, is_own = _asked(seen, owner)
        return render_template(
            "web/scoring/inputs.html",
            seen=seen,
            grids=grids_of(seen, supplies),
            blocks=blocks_of(seen, supplies),
            whose="、".join(sorted({seen.handing_in(seen.whose[what]) for what in supplies})),
            writable=is_own and seen.takes_inputs,
            is_own=is_own,
            to_correct=owed_by_viewer(session, seen) if is_own else [],
            added=range(ADDED),
            windows=WINDOWS,
            figures={one.code: one for one in seen.scheme.figures},
            objects={one.unit: one.name for one in seen.scheme.objects},
        )


def _asked(seen: MonthSeen, owner: str | None) -> tuple[frozenset[What], bool]:
    """Return what is asked for of a supplier, of the viewer where none is named, and whether it is the viewer's own.

    Raises NotFound.
    """
    found = seen.party.supplies
    if owner is not None and oversees():
        wanted = frozenset(filter(None, owner.split(".")))
        found = frozenset(what for what, codes in seen.whose.items() if codes == wanted)
    if not found:
        raise NotFound()
    return found, found <= seen.party.supplies


@pages.post("/evaluation/<int:month_id>/inputs")
@allow(*SUPPLIERS)
def save(month_id: int) -> ResponseReturnValue:
    """Keep what was changed on the form, all of it or nothing."""
    sent = read_form(InputsForm)
    with services().database.reading() as session:
        seen = month_seen(session, month_id)
        supplies, _is_own = _asked(seen, None)
        told = GridReader(seen, version=sent.version).read(grids_of(seen, supplies), blocks_of(seen, supplies))
    if told.errors:
        raise RefusedForm(told.errors)
    if not is_declared():
        raise DeclarationMissing()
    flash(_kept(month_id, told, sent))
    return redirect(url_for("scoring_inputs.form", month_id=month_id), 303)


def _kept(month_id: int, told: Told, sent: InputsForm) -> str:
    """Keep what a form said in one transaction, its files before; return what was kept in words."""
    sources = {begin: _source(begin) for begin in dict.fromkeys(begin for _, begin in told.entries)}
    now, calendar = services().clock.now(), services().calendar
    with services().database.transaction() as session:
        entered = enter_inputs(
            session,
            month_id,
            [Sourced(entry, sources[begin]) for entry, begin in told.entries],
            seen=sent.version,
            reason=sent.reason,
            read=read_scheme,
            calendar=calendar,
            actor=actor(),
            at=now,
        )
        for input_id in told.emptied:
            take_back(
                session,
                input_id,
                reason=sent.reason,
                read=read_scheme,
                calendar=calendar,
                actor=actor(),
                at=now,
            )
        none = say_none(session, month_id, told.none, read=read_scheme, actor=actor(), at=now) if told.none else 0
    ask_back(month_id, after=sent.version)
    return kept_words(entered, taken_back=len(told.emptied), none=none)


def ask_back(month_id: int, *, after: int) -> None:
    """Ask whoever handed in figures to look again at those that are strange beside the month before.

    `after` is the last input that the page or file knew. They are kept: each may be right, and who looks at the month
    reads the same.
    """
    with services().database.reading() as session:
        seen = month_seen(session, month_id)
        found = doubts_of_month(session, seen.row, seen.rules)
    new = {(row.code, row.object) for row in seen.standing if (row.id or 0) > after}
    own = {code for kind, code in seen.party.supplies if kind is InputKind.FIGURE}
    strange = [one for one in found if one.against is not None and one.code in own and (one.code, one.object) in new]
    if strange:
        words = "；".join(one.words for one in figure_flags(seen.scheme, strange[:_MOST_ASKED]))
        more = f"；等{len(strange)}个数" if len(strange) > _MOST_ASKED else ""
        flash(f"请再核对：{words}{more}。有误的更正，无误的不用再报。")


def kept_words(entered: Entered, *, taken_back: int = 0, none: int = 0) -> str:
    """Say what was kept of a form or a workbook."""
    parts = [
        f"新报{entered.new}条" if entered.new else "",
        f"更正{entered.corrected}条" if entered.corrected else "",
        f"撤回{taken_back}条" if taken_back else "",
        f"说明本月没有的{none}类" if none else "",
    ]
    said = "，".join(filter(None, parts))
    return f"已报送：{said}。" if said else "没有改动。"


def _source(begin: str) -> Evidence:
    """Return the source that stands with an item or a kind, its file stored."""
    words = clean_words(sent_fields().get(f"{begin}-words", ""))
    files: list[AttachedFile] = receive_field(f"{begin}-file", requirement_id=None)
    if not files:
        return Evidence(words)
    return Evidence(words, files[0].sha256, files[0].name, files[0].media_type)


@pages.post("/evaluation/inputs/<int:input_id>/take-back")
@allow(*SUPPLIERS)
def withdraw(input_id: int) -> ResponseReturnValue:
    sent = read_form(TakeBackForm)
    with services().database.transaction() as session:
        month_id = _input(session, input_id)[1].month_id
        take_back(
            session,
            input_id,
            reason=sent.reason,
            read=read_scheme,
            calendar=services().calendar,
            actor=actor(),
            at=services().clock.now(),
        )
    flash("已撤回，不再计入；原内容留存。")
    return redirect(url_for("scoring_inputs.form", month_id=month_id), 303)


@pages.get("/evaluation/inputs/<int:input_id>/file")
@allow(*VIEWERS)
def download(input_id: int) -> ResponseReturnValue:
    """Send the file that shows an input, to whom `files_open` lets open it."""
    with services().database.reading() as session:
        seen, row = _input(session, input_id)
        if row.file_sha256 is None or input_id not in files_open(session, seen, [row]):
            raise NotFound()
        sha256, name, media_type = row.file_sha256, row.file_name or "", row.file_media_type or ""
    return send_kept(sha256, name=name, media_type=media_type, what=Fetched.SCORE_FILE, of=input_id)


def _input(session: Session, input_id: int) -> tuple[MonthSeen, ScoreInputRow]:
    """Return an input with its month as the viewer sees it. Raises NotFound."""
    require_part(session)
    row = session.get(ScoreInputRow, input_id)
    if row is None:
        raise NotFound()
    return month_seen(session, row.month_id), row
