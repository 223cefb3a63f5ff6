"""The box of evidence of one's unit 「佐证箱」: dropped once, attached to any row by its number."""

from collections.abc import Collection, Iterable
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from werkzeug.datastructures import FileStorage

from tracker.domain.boxes import check_term, is_expired
from tracker.domain.calendar import local_day
from tracker.domain.downloads import Fetched
from tracker.domain.entered import clean_words
from tracker.domain.entries import AttachedFile
from tracker.domain.errors import BadInput, NotFound
from tracker.domain.quoting import quoted
from tracker.store.queries.boxes import BoxFile, box_file, box_files, boxed_already, count_box_files, replaced_by, uses
from tracker.store.queries.origins import origins
from tracker.store.queries.units import units_read_for
from tracker.usecases.keeping_evidence import Seen, put_in_box, replace_in_box, set_term, take_out
from tracker.web.access import UNITS, actor, allow, services
from tracker.web.downloads import send_kept
from tracker.web.forms import Form, OptionalDay, RefusedForm, Version, read_form
from tracker.web.paging import paging
from tracker.web.parts import sent_files
from tracker.web.uploads import DeclarationMissing, is_declared, note_boxed, receive_each
from tracker.wording.refusals import sentence

pages = Blueprint("boxes", __name__)
_PAGE = 50
_LONGEST_QUESTION = 100


class NoFileChosen(BadInput):
    """A form for files came without any."""

    code = "no_file_chosen"


class TermForm(Form):
    """Until when, inclusive, a file may be attached."""

    good_until: OptionalDay = Field(title="有效期至")


class SeenTermForm(TermForm):
    version: Version = Field(title="版本")


class SeenForm(Form):
    version: Version = Field(title="版本")


def asked_name() -> str:
    """Return the words that the address asks for in names of files."""
    return clean_words(request.args.get("q", ""))[:_LONGEST_QUESTION]


@pages.get("/box")
@allow(*UNITS)
def show() -> ResponseReturnValue:
    named = asked_name()
    out = bool(request.args.get("out"))
    with services().database.reading() as session:
        units = units_read_for(session, actor().unit_id)
        part = paging(count_box_files(session, unit_ids=units, named=named, out=out), size=_PAGE)
        files = box_files(session, unit_ids=units, named=named, out=out, limit=part.length, offset=part.first)
        used = uses(session, {file.sha256 for file in files}, unit_ids=units)
        of = origins(session, {file.from_report_id for file in files})
        replaced = replaced_by(session, [file.number for file in files]) if out else {}
    return render_template(
        "web/boxes/show.html",
        files=files,
        total=part.total,
        used=used,
        replaced=replaced,
        origins=of,
        named=named,
        out=out,
        paging=part,
        today=_today(),
    )


@pages.post("/box")
@allow(*UNITS)
def put_in() -> ResponseReturnValue:
    """Put files into the box; of several of which some are refused the others lie there, and each refusal is told."""
    until = check_term(read_form(TermForm).good_until, today=_today())
    good, faults = _files()
    files = list(good.values())
    unit_id = actor().unit_id
    if unit_id is None:
        raise NotFound()
    with services().database.transaction() as session:
        there = boxed_already(session, files, unit_id=unit_id)
        numbers = [
            put_in_box(session, file, unit_id=unit_id, good_until=until, actor=actor(), at=services().clock.now())
            for file in files
        ]
    for number, upload in zip(numbers, good, strict=True):
        note_boxed("file", number, upload.filename or "")
    said = _said(numbers, there, dated=until is not None)
    if faults:
        raise RefusedForm({"file": "".join(faults) + (f"其余的{said}" if said else "")})
    flash(said)
    return redirect(url_for("boxes.show"), 303)


def _said(numbers: Iterable[int], there: Collection[int], *, dated: bool) -> str:
    """Say what was put in, and what lay there already, for which a date that was given counts now."""
    new, old = ([one for one in numbers if (one in there) is known] for known in (False, True))
    told = [f"已存入佐证箱{len(new)}份，编号{_listed(new)}。填报时在“佐证”下填编号即可附上。"] if new else []
    again = "，有效期已更正" if dated else ""
    told += [f"箱中已有的{len(old)}份没有重复存入，编号{_listed(old)}{again}。"] if old else []
    return "".join(told)


def _listed(numbers: Iterable[int]) -> str:
    return "、".join(map(str, numbers))


def _today() -> date:
    return local_day(services().clock.now())


@pages.post("/box/<int:number>/term")
@allow(*UNITS)
def set_term_of(number: int) -> ResponseReturnValue:
    form = read_form(SeenTermForm)
    with services().database.transaction() as session:
        seen = Seen(number, form.version)
        set_term(session, seen, form.good_until, actor=actor(), at=services().clock.now())
    over = is_expired(form.good_until, today=_today())
    flash("有效期已更正，已经过期，不能再附。" if over else "有效期已更正。")
    return redirect(url_for("boxes.show"), 303)


@pages.post("/box/<int:number>/version")
@allow(*UNITS)
def replace(number: int) -> ResponseReturnValue:
    """Put a new version in the place of a file."""
    _own(number)  # nothing is kept for a file of others
    form = read_form(SeenTermForm)
    check_term(form.good_until, today=_today())
    good, faults = _files()
    files = list(good.values())
    if faults:
        raise RefusedForm({"file": "".join(faults)})
    with services().database.transaction() as session:
        seen = Seen(number, form.version)
        new = replace_in_box(
            session, seen, files[0], good_until=form.good_until, actor=actor(), at=services().clock.now()
        )
    flash(f"新版已存入，编号{new}；已经报出的仍是原来的版本。")
    return redirect(url_for("boxes.show"), 303)


@pages.post("/box/<int:number>/out")
@allow(*UNITS)
def take_out_of(number: int) -> ResponseReturnValue:
    name = _own(number).name
    with services().database.transaction() as session:
        take_out(session, Seen(number, read_form(SeenForm).version), actor=actor(), at=services().clock.now())
    flash(f"{number}号{quoted(name)}已移出佐证箱；已经报出的不受影响，要再用的重新存入。")
    return redirect(url_for("boxes.show"), 303)


@pages.get("/box/<int:number>/file")
@allow(*UNITS)
def download(number: int) -> ResponseReturnValue:
    """Send a file that lies or lay in the unit's box."""
    found = _own(number)
    return send_kept(found.sha256, name=found.name, media_type=found.media_type, what=Fetched.BOX, of=number)


def _own(number: int) -> BoxFile:
    with services().database.reading() as session:
        found = box_file(session, number, unit_ids=units_read_for(session, actor().unit_id))
    if found is None:
        raise NotFound()
    return found


def _files() -> tuple[dict[FileStorage, AttachedFile], list[str]]:
    """Return the files by what came, and why others of them were refused. Raises NoFileChosen, DeclarationMissing."""
    uploads = [upload for upload in sent_files().getlist("file") if upload.filename]
    if not uploads:
        raise NoFileChosen()
    if not is_declared():
        raise DeclarationMissing()
    good, faults = receive_each(uploads, None)
    return good, [sentence(fault) for fault in faults]
