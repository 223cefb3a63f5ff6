"""The form of a period as Excel, down and up: what comes back is checked and shown first, then kept as its draft.

Uploading keeps nothing: the report has a form that sends what was read as the page of the form would, to 「暂存」, with
what stood there when the workbook was made. So a colleague's words are never written over unseen, by the same rule.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker.domain.downloads import XLSX, Fetched
from tracker.domain.errors import Rejected
from tracker.domain.jottings import Sheet, digests, merge
from tracker.gateways.filled_sheets import ReadSheet, read_form_sheet
from tracker.gateways.form_sheets import form_workbook
from tracker.gateways.upload_inspection import EmptyFile, clean_name
from tracker.store.queries.form_views import FormView
from tracker.web.access import UNITS, allow
from tracker.web.doubts import is_doubtful
from tracker.web.downloads import send_made
from tracker.web.entries import read_entries
from tracker.web.field_words import words_of
from tracker.web.form_tables import CameBack, came_back, check_marks, form_words, head_of, lines_of, table_of
from tracker.web.pads import Pad
from tracker.web.parts import as_if_sent
from tracker.web.period_forms import form_at, pad_at, rows_of, try_out
from tracker.web.row_fields import key_of
from tracker.web.uploads import look_through

pages = Blueprint("form_files", __name__)
_LARGEST_BYTES = 5 * 1024 * 1024


class NothingToFill(Rejected):
    """Nothing of the form can be written now: it lies with the head, is reported, or has not opened."""

    code = "nothing_to_fill"


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a cell, `place` of it, or of the form where it is empty."""

    place: str
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """What would change in the draft; `disputed` where a colleague changed it too since the workbook was made."""

    place: str
    label: str
    head: str
    before: str
    after: str
    disputed: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """What a workbook would do. `fields` are those of the page of the form, `was` what stood in them."""

    rows: int
    changed_rows: int
    changes: tuple[Change, ...]
    wrong: tuple[Told, ...]
    doubtful: tuple[Told, ...]
    lacking: tuple[Told, ...]
    remarks: tuple[str, ...]
    theirs: int
    own: int
    fields: Mapping[str, str]
    was: str


@pages.get("/periods/<int:period_id>/form.xlsx")
@allow(*UNITS)
def as_workbook(period_id: int) -> ResponseReturnValue:
    """Send the form as it is kept."""
    view = _open_form(period_id)
    pad = pad_at(view)
    made = form_workbook(table_of(view, pad.given, pad.shown))
    name = f"填报表{form_words(view.head)}.xlsx"
    return send_made(made, name=name, media_type=XLSX, what=Fetched.FORM, of=period_id)


@pages.get("/periods/<int:period_id>/form/upload")
@allow(*UNITS)
def choose(period_id: int) -> ResponseReturnValue:
    return render_template("web/filing/upload.html", view=_open_form(period_id))


@pages.post("/periods/<int:period_id>/form/upload")
@allow(*UNITS)
def check(period_id: int) -> ResponseReturnValue:
    """Say what a workbook would change in the draft; nothing is kept."""
    view = _open_form(period_id)
    file = request.files.get("file")
    if file is None or not file.filename:
        raise EmptyFile()
    name, sheets = clean_name(file.filename), list[ReadSheet]()

    def read(path: Path) -> None:
        sheets.append(read_form_sheet(path, name=name))

    look_through(file, inspect=read, max_bytes=_LARGEST_BYTES)
    check_marks(sheets[0], view.head)
    return render_template("web/filing/checked.html", view=view, name=name, told=_checked(view, sheets[0]))


def _open_form(period_id: int) -> FormView:
    """Raises NotFound, NothingToFill."""
    view = form_at(period_id)
    if view.waiting_filing_id is not None or not any(row.writable for row in rows_of(view)):
        raise NothingToFill()
    return view


def _checked(view: FormView, sheet: ReadSheet) -> Checked:
    with as_if_sent({}):  # of the page that sent the file nothing is read as a field of the form
        pad = pad_at(view)
    told, current = came_back(view, sheet), {name: pad.given.get(name, "") for name in pad.shown}
    doubtful = _unreadable(view, current, told)
    taken = {name: text for name, text in told.texts.items() if name not in told.wrong}
    fields = {**current, **taken}
    seen = {name: seen for name, seen in digests(current, current).items() if name not in taken}
    seen |= {name: sheet.seen[name] for name in taken if name in sheet.seen}
    kept = {name: row.text for name, row in pad.kept.items()}
    merged = merge(Sheet(fields, seen, {}), kept=kept, begun=pad.begun, own=pad.own)
    with as_if_sent({**fields, **merged.theirs}):
        refused = try_out(view)
    lacking = _lacking(refused.errors if refused else {}, told, said={*told.wrong, *doubtful})
    if refused and not refused.errors:
        lacking = (Told("", refused.words),)
    changed = {name for name in fields if name in merged.mine or name in merged.disputed}
    return Checked(
        rows=told.rows,
        changed_rows=len({pad.shares[name] for name in changed}),
        changes=_changes(view, pad, told, fields, merged.disputed, changed),
        wrong=_placed(told.wrong, told),
        doubtful=_placed(doubtful, told),
        lacking=lacking,
        remarks=tuple(told.remarks),
        theirs=len(merged.theirs) - len(merged.own),
        own=len(merged.own),
        fields=fields,
        was=json.dumps(seen),
    )


def _unreadable(view: FormView, current: Mapping[str, str], told: CameBack) -> dict[str, str]:
    """Add to `told.wrong` what the reading of the page cannot read; return what it asks back 「核对无误」."""
    with as_if_sent({**current, **told.texts}):
        _entries, unread = read_entries(rows_of(view))
    doubtful = {name: unread[name] for name in _asked_back(view, {**current, **told.texts}) if name in unread}
    told.wrong |= {name: words for name, words in unread.items() if name in told.texts and name not in doubtful}
    return doubtful


def _asked_back(view: FormView, given: Mapping[str, str]) -> list[str]:
    """Name the numbers that are asked back as they stand."""
    written = [(row, target) for row in rows_of(view) if row.writable for target in row.targets]
    return [f"{key_of(row)}v{target.target_id}" for row, target in written if is_doubtful(given, row, target)]


def _lacking(errors: Mapping[str, str], told: CameBack, *, said: set[str]) -> tuple[Told, ...]:
    return _placed({name: words for name, words in errors.items() if name not in said}, told)


def _placed(faults: Mapping[str, str], told: CameBack) -> tuple[Told, ...]:
    """Put faults beside their cells, in the order of the sheet."""
    order = list(told.places)
    found = sorted(faults.items(), key=lambda fault: order.index(fault[0]) if fault[0] in told.places else len(order))
    return tuple(Told(told.places.get(name, ""), words) for name, words in found)


def _changes(
    view: FormView, pad: Pad, told: CameBack, fields: Mapping[str, str], disputed: frozenset[str], changed: set[str]
) -> tuple[Change, ...]:
    return tuple(
        Change(
            place=told.places[one.name],
            label=f"{line.row.label} {line.row.title}",
            head=head_of(kind),
            before=words_of(one.name, pad.given.get(one.name, ""))[1],
            after=words_of(one.name, fields[one.name])[1],
            disputed=one.name in disputed,
        )
        for line in lines_of(view)
        for kind, one in line.fields.items()
        if one.name in changed
    )
