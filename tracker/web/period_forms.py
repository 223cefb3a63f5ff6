"""The form of one period as a page shows it, keeps it and hands it in: alone on its own page, or one of several."""

from collections.abc import Iterable, Mapping, Sequence

from flask import render_template
from pydantic import Field
from sqlmodel import Session

from tracker.domain.calendar import local_day
from tracker.domain.entries import Entry
from tracker.domain.errors import BadInput, NotFound, Rejected
from tracker.domain.filings import FilingKind
from tracker.store.queries.form_views import OPEN_ROWS, FormView, RowOfForm
from tracker.store.queries.forms import form_views
from tracker.usecases.filing import SubmitForm, submit_form
from tracker.usecases.jotting import Place, use_up
from tracker.web.access import acted_for, actor, services
from tracker.web.entries import EntriesUnreadable, Refusal, filled, is_blank, read_entries, refusal_of
from tracker.web.forms import Form, OptionalId, Tick, Words, read_form
from tracker.web.inputs_beside import with_inputs
from tracker.web.lacking import unproved
from tracker.web.news_beside import with_news
from tracker.web.others_beside import with_others
from tracker.web.own_box import lost_names, own_box, with_boxed
from tracker.web.pads import Pad, pad_of
from tracker.web.presentation import form_title
from tracker.web.quoting import quote_into
from tracker.web.stray_fields import stray_cover, stray_fault, stray_pleas, stray_words


class CoverForm(Form):
    """What is said of a form as a whole."""

    tick: Tick = Field(title="其他配合事项无新情况")
    missed_words: Words = Field(title="前期漏报说明")


class AgainForm(Form):
    """Whether the last reports are asked for, the answers to an inquiry, with or without files, or a share's news.

    Or what an evaluated month has of a share's item, or what other units told of its task by themselves.
    """

    again: Tick = Field(title="照上期")
    inquiry: OptionalId = Field(title="带入协办反馈")
    inquiry_files: OptionalId = Field(title="连同材料带入协办反馈")
    news: OptionalId = Field(title="沿用进展动态")
    inputs: OptionalId = Field(title="沿用月度考评数据")
    others: OptionalId = Field(title="带入其他单位报来的情况")


def form_at(period_id: int) -> FormView:
    """Return the form of a period of a unit of the viewer's. Raises NotFound."""
    return forms_at([period_id])[0]


def forms_at(period_ids: Sequence[int]) -> list[FormView]:
    """Return the forms of several periods, each once, as `form_at` does. Raises NotFound."""
    now = services().clock.now()
    with services().database.reading() as session:
        views = form_views(session, period_ids=period_ids, unit_ids=acted_for(session), now=now)
    if len(views) < len(period_ids):
        raise NotFound()
    return views


def place_of(period_id: int) -> Place:
    return Place(FilingKind.FORM, period_id=period_id)


def rows_of(view: FormView) -> tuple[RowOfForm, ...]:
    return (*view.rows, *view.others)


def pad_at(view: FormView, *, asks_time: bool = True) -> Pad:
    """Return the draft of a form; one that waits for the head has no fields."""
    return pad_of(
        place_of(view.head.period_id),
        rows_of(view),
        cover_of(view) | begun(view, rows_of(view)) | (pleas_of(view) if asks_time else {}),
        cover=("tick", "missed_words"),
        closed=view.waiting_filing_id is not None,
        asks_time=asks_time,
    )


def begun(view: FormView, rows: Iterable[RowOfForm], *, again: bool = False) -> dict[str, str]:
    """Return with what rows begin: what came back of them, with `again` else the last report."""
    today = local_day(services().clock.now())
    given: dict[str, str] = {}
    for row in rows:
        given |= filled(row, again=again, today=today)
    return given


def cover_of(view: FormView) -> dict[str, str]:
    """Return what came back of the form as a whole, beside its rows."""
    if view.cover is None:
        return {}
    ticked = view.cover.ticked and view.tick is not None and view.tick.state in OPEN_ROWS
    words = view.cover.missed_words if view.ends else ""
    said = {"tick": "yes" if ticked else "", "missed_words": words}
    return {name: text for name, text in said.items() if text}


def pleas_of(view: FormView) -> dict[str, str]:
    """Return what was asked in vain of the unit's own head, or withdrawn, where more time may still be asked for."""
    given: dict[str, str] = {}
    for row in view.rows:
        if row.extendable and row.petition is not None and row.petition.new_due_on is not None:
            given[f"x{row.row_id}-new_due_on"] = row.petition.new_due_on.isoformat()
            given[f"x{row.row_id}-reason"] = row.petition.reason
    return given


def filled_again(view: FormView, given: Mapping[str, str], asked: AgainForm, *, again: bool) -> dict[str, str]:
    """Return what is written with, `again`, the last report on each blank row, and with what else was asked for.

    Raises NotFound.
    """
    blank = [row for row in rows_of(view) if is_blank(row)] if again else []
    filled_in = with_answers({**given, **begun(view, blank, again=True)}, asked.inquiry)
    told = with_news(view, with_answers(filled_in, asked.inquiry_files, files=True), asked.news)
    return with_others(view, with_inputs(view, told, asked.inputs), asked.others)


def with_answers(given: dict[str, str], inquiry_id: int | None, *, files: bool = False) -> dict[str, str]:
    """Add what other units answered to an inquiry, where one is named, `files` too. Raises NotFound."""
    return given if inquiry_id is None else quote_into(given, inquiry_id=inquiry_id, files=files)


def hand_in(view: FormView, pad: Pad, *, lost: Mapping[str, str] | None = None) -> int | Refusal:
    """Hand what was sent of a form to the head; return of how many rows it speaks, or why it came back.

    `lost` has by their fields the faults of what would be lost with it. Raises NotFound.
    """
    unread: dict[str, str] = {}
    try:
        entries, unread = read_entries(rows_of(view))
        unread |= {**stray_fault(rows_of(view)), **(lost or {})}
        with services().database.transaction() as session:
            _submit(session, view, entries)
            use_up(session, pad.command(fields=pad.shown), actor=actor())
            if unread:  # refused after all else was looked at, so that every fault is told at once
                raise EntriesUnreadable(count=len(unread))
    except (BadInput, Rejected) as error:
        return refusal_of(error, rows_of(view), unread)
    return len(entries)


class _Tried(Exception):
    """Nothing of what was tried is to stay."""


def try_out(view: FormView) -> Refusal | None:
    """Return what sending the form that is read would be refused for, None for nothing; nothing of it stays."""
    unread: dict[str, str] = {}
    try:
        entries, unread = read_entries(rows_of(view))
        with services().database.transaction() as session:
            _submit(session, view, entries)
            raise _Tried
    except _Tried:
        return refusal_of(EntriesUnreadable(count=len(unread)), rows_of(view), unread) if unread else None
    except (BadInput, Rejected) as error:
        return refusal_of(error, rows_of(view), unread)


def _submit(session: Session, view: FormView, entries: tuple[Entry, ...]) -> None:
    cover = read_form(CoverForm)
    command = SubmitForm(
        view.head.period_id,
        entries,
        ticked=cover.tick,
        missed_words=cover.missed_words,
    )
    submit_form(session, command, actor=actor(), at=services().clock.now())


def shown_form(view: FormView, pad: Pad, given: Mapping[str, str], refused: Refusal | None) -> dict[str, object]:
    """Return what the templates of a form are given."""
    given = with_boxed({**given, **pad.merged.theirs}, rows_of(view))
    return {
        "view": view,
        "title": form_title(view, now=services().clock.now(), calendar=services().calendar),
        "given": given,
        "pad": pad,
        "refused": refused,
        "chosen": lost_names(),
        "box": own_box(),
        "stray": [*stray_words(rows_of(view)), *stray_pleas(rows_of(view), given)],  # what was asked for is not lost
        "stray_cover": [],
        "in_vain": frozenset(row.assignment_id for row in rows_of(view) if not (row.writable or is_blank(row))),
        "spoken": frozenset(row.assignment_id for row in view.others if not is_blank(row)),
        "unproved": unproved(rows_of(view), given),
        "counts": counted(view),
    }


def rendered(template: str, shown: Mapping[str, object], **more: object) -> str:
    """Return the page or the piece of it that shows a form; what it has no field for any more is shown to be copied."""
    page = render_template(template, **shown, **more)
    lost = stray_cover(CoverForm, page)
    return render_template(template, **{**shown, "stray_cover": lost}, **more) if lost else page


def counted(view: FormView) -> dict[str, int]:
    """Count what a liaison looks for: rows to be written, returned, with the office, owed later than the form."""
    waits = view.waiting_filing_id is not None  # then nothing is left to be written
    unreported = [row for row in view.rows if row.state == "open" and not waits]
    later = [row for row in unreported if not row.pending and _is_later(row, view)]
    return {
        "to_write": sum(row.writable and row.required and not row.pending and row not in later for row in unreported),
        "returned": sum(row.state == "returned" for row in view.rows),
        "pending": sum(row.pending for row in unreported),
        "later": len(later),
    }


def _is_later(row: RowOfForm, view: FormView) -> bool:
    """Tell whether a row is owed after the moment that the head of the page names, and is not late itself."""
    first = view.moment or view.head.due_at
    return not row.overdue and (row.due_at or view.head.due_at) > first
