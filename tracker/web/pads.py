"""Half-done input 「草稿」 on a page: what is kept stands in the fields and says whose it is.

A page carries in one hidden field what stood in its fields when it was opened, so that the server tells what its writer
changed. The button 「暂存」 sends the page as it stands; so does `static/keeping.js` after a pause, which reads JSON.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flask import flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from tracker.domain.calendar import SHANGHAI
from tracker.domain.entered import clean_words
from tracker.domain.errors import BadInput, Rejected
from tracker.domain.jottings import (
    LONGEST_JOTTING,
    MINE,
    OLDER,
    THEIRS,
    FormSent,
    JottedMeanwhile,
    JottingTooLong,
    Merged,
    Sheet,
    choice,
    digest,
    digests,
    merge,
)
from tracker.store.queries.form_views import RowOfForm
from tracker.store.queries.jottings import Jotting, jottings_on, written_by_oneself
from tracker.usecases.jotting import Jot, Place, jot
from tracker.web.access import actor, services
from tracker.web.field_words import TICKS, kind_of, words_of
from tracker.web.forms import RefusedForm
from tracker.web.parts import of_part, sent_fields
from tracker.web.row_fields import fields_of
from tracker.web.uploads import chosen_names
from tracker.wording.moments import clock_words
from tracker.wording.refusals import sentence

WAS, _CHOICE = "was", "-whose"
# What the script of a page sends when it is left: the fields that were written, and nothing of those beside them.
_CHANGED_ONLY = "changed_only"
# A browser sends nothing of these where nothing is chosen.
_SWITCHES = TICKS | {"outcome"}


@dataclass(frozen=True, slots=True)
class Left:
    """What is kept of a field that cannot be written any more, or was before its writer's newer words `older`."""

    jotting: Jotting
    name: str
    text: str

    @property
    def older(self) -> bool:
        return self.jotting.field.startswith(OLDER)


@dataclass(frozen=True, slots=True)
class Pad:
    """The draft of a page. `shares` are all its fields with the share each is about, `shown` those that stand on it.

    `begun` is what stands where nothing is kept. `merged` holds what was sent against what is kept,
    of which `own` was written by whoever has the page.
    """

    place: Place
    shares: Mapping[str, int | None]
    shown: frozenset[str]
    begun: Mapping[str, str]
    kept: Mapping[str, Jotting]
    sheet: Sheet
    merged: Merged
    own: frozenset[str] = frozenset()

    @property
    def given(self) -> dict[str, str]:
        """What the page begins with."""
        return {**self.begun, **{field: row.text for field, row in self.kept.items() if field in self.shown}}

    @property
    def seen(self) -> Mapping[str, str]:
        """What the page says stood in its fields: after it was sent, still what its writer began with."""
        return self.sheet.seen if request.method == "POST" and WAS in request.form else digests(self.given, self.shown)

    @property
    def was(self) -> str:
        return json.dumps(dict(self.seen))

    @property
    def touched(self) -> bool:
        """Whether somebody has written or changed anything: the sender, or who kept a draft."""
        changed = any(digest(text) != self.sheet.seen.get(field, "") for field, text in self.sheet.sent.items())
        kept = {field: row.text for field, row in self.kept.items() if field in self.shown}
        return changed or any(text != self.begun.get(field, "") for field, text in kept.items()) or bool(chosen_names())

    @property
    def marks(self) -> Mapping[int | None, str]:
        """Who kept what stands on a row, and when, by its share."""
        said: dict[int | None, dict[str, str]] = {}
        for field, row in self.kept.items():
            if field in self.shown:
                said.setdefault(self.shares[field], {})[row.written_by] = clock_words(row.written_at)
        return {share: "；".join(f"{by} {at}保存" for by, at in each.items()) for share, each in said.items()}

    @property
    def left(self) -> tuple[Left, ...]:
        """What is kept of fields that the page does not have."""
        gone = [row for field, row in self.kept.items() if field not in self.shown and row.text]
        words = [words_of(row.field, row.text) for row in gone]
        return tuple(Left(jotting=row, name=name, text=text) for row, (name, text) in zip(gone, words, strict=True))

    def command(self, *, fields: Iterable[str] | None = None) -> Jot:
        names = self.shares.keys() if fields is None else fields
        shares = {field: self.shares[field] for field in names}
        sent = {field: text for field, text in self.sheet.sent.items() if field in shares}
        return Jot(self.place, Sheet(sent, self.sheet.seen, self.sheet.chosen), shares, self.begun)

    def beside(self) -> dict[str, str]:
        """Return what stands beside each field that two people filled in differently, as HTML."""
        return {field: _two_texts(self.kept[field], self.sheet.sent[field]) for field in sorted(self.merged.disputed)}


def pad_of(
    place: Place,
    rows: Iterable[RowOfForm],
    begun: Mapping[str, str],
    *,
    cover: Iterable[str] = (),
    closed: bool = False,
    asks_time: bool = True,
) -> Pad:
    """Return the draft of the page at hand; `cover` are its fields about no row. `closed`: it has no fields.

    Without `asks_time` it has none in which more time is asked for.
    """
    shares: dict[str, int | None] = dict.fromkeys(cover)
    shown = set(shares)
    for row in rows:
        names, more_time = fields_of(row), _fields_for_time(row)
        shares |= dict.fromkeys((*names, *more_time), row.assignment_id)
        shown |= {*(names if row.writable else ()), *(more_time if asks_time and row.extendable else ())}
    return _pad(place, shares, frozenset() if closed else frozenset(shown), begun, _sheet(shares))


def _pad(
    place: Place, shares: Mapping[str, int | None], shown: frozenset[str], begun: Mapping[str, str], sheet: Sheet
) -> Pad:
    with services().database.reading() as session:
        found = jottings_on(session, kind=place.kind, period_id=place.period_id, assignment_id=place.assignment_id)
        own = written_by_oneself(session, {row.field: row.written_by for row in found}, user_id=actor().user_id)
    kept = {row.field: row for row in found}
    merged = merge(sheet, kept={field: row.text for field, row in kept.items()}, begun=begun, own=own)
    return Pad(place, shares, shown, begun, kept, sheet, merged, own)


def keep(pad: Pad, *, render: Callable[[JottedMeanwhile], str], back: str) -> ResponseReturnValue:
    """Keep what stands on the page at hand, and answer it: with JSON where its script asks.

    Raises RefusedForm and what `jot` raises, which the script is told too.
    """
    try:
        kept = keep_down(pad)
    except (BadInput, Rejected) as error:
        if not asked_by_script():
            raise
        return not_kept(error)
    if kept.disputed and not asked_by_script():
        return render(JottedMeanwhile(count=kept.disputed)), 409
    return kept_words(kept, back=back)


@dataclass(frozen=True, slots=True)
class Jotted:
    """What became of a page that was kept, by the names of its fields: what it says stood in them, what others wrote
    there, and as HTML what stands beside those that two people filled in differently.

    `unplaced` counts the texts that are kept and have no field any more; `own` of theirs the sender wrote elsewhere,
    `replaced` counts what he wrote there and what he wrote here took the place of.
    """

    seen: Mapping[str, str]
    theirs: Mapping[str, str]
    beside: Mapping[str, str]
    unplaced: int = 0
    own: frozenset[str] = frozenset()
    replaced: int = 0

    @property
    def disputed(self) -> int:
        return len(self.beside)


def keep_down(pad: Pad) -> Jotted:
    """Keep what stands in the fields of a pad. Raises RefusedForm and what `jot` raises."""
    _refuse_too_long(pad.sheet)
    with services().database.transaction() as session:
        jot(session, pad.command(), actor=actor(), at=services().clock.now())
    replaced = len(pad.merged.older)
    pad = _pad(pad.place, pad.shares, pad.shown, pad.begun, pad.sheet)
    disputed = pad.merged.disputed
    stands = {field: row.text for field, row in pad.kept.items() if field in pad.sheet.sent and field not in disputed}
    seen = {**pad.sheet.seen, **{field: digest(text) for field, text in stands.items()}}
    unplaced = sum(
        bool(text) and field in pad.kept and field not in pad.shown for field, text in pad.sheet.sent.items()
    )
    return Jotted(seen, dict(pad.merged.theirs), pad.beside(), unplaced, pad.merged.own, replaced)


def asked_by_script() -> bool:
    """Tell whether a script reads the answer, or nobody does: of a page that was left nothing may be told later."""
    return request.accept_mimetypes.best == "application/json" or _CHANGED_ONLY in request.form


def not_kept(error: BadInput | Rejected, *, of: str = "", over: Iterable[str] = ("",)) -> ResponseReturnValue:
    """Tell the script of a page why it was not kept; `of` names what of it.

    `over` is with what the names begin of forms that wait for the head, if that is why: it has no use to ask again.
    """
    ended = list(over) if isinstance(error, FormSent) else []
    return jsonify(said=f"没有保存：{of}{sentence(error)}", over=ended), 400 if isinstance(error, BadInput) else 409


def kept_words(kept: Jotted, *, back: str) -> ResponseReturnValue:
    """Answer a page that was kept: its script with what stands in its fields now, else by going back to it."""
    said = f"草稿已保存 {services().clock.now().astimezone(SHANGHAI):%H:%M}"
    if kept.unplaced:
        said += f"；其中{kept.unplaced}处不能再报，存在“本单位草稿”里，没有报出"
    if kept.replaced:
        said += f"；本人在另一页面先写的{kept.replaced}处不同，存在“本单位草稿”里"
    if asked_by_script():
        if kept.disputed:
            said += f"；有{kept.disputed}处与他人填写的不同，请在旁边选定"
        return jsonify(said=said, was=dict(kept.seen), now=dict(kept.theirs), beside=dict(kept.beside))
    others = len(kept.theirs) - len(kept.own)
    changed = f"；他人改了{others}处，已在表中" if others else ""
    changed += f"；本人在另一页面改了{len(kept.own)}处，已在表中" if kept.own else ""
    flash(f"{said}{changed}。")
    return redirect(back, 303)


def _fields_for_time(row: RowOfForm) -> list[str]:
    return [] if row.row_id is None else more_time_fields(row.row_id)


def more_time_fields(row_id: int) -> list[str]:
    """Return the fields in which more time is asked for on a row."""
    return [f"x{row_id}-new_due_on", f"x{row_id}-reason"]


def _sheet(fields: Iterable[str]) -> Sheet:
    """Read what the page at hand sent; nothing of what it did not have."""
    if request.method != "POST":
        return Sheet({}, {}, {})
    told = sent_fields()
    # Of what a page does not send at all nobody has taken back a tick.
    ours = bool(told) and WAS in request.form and _CHANGED_ONLY not in request.form
    sent = {
        field: clean_words(told.get(field, ""))
        for field in fields
        if field in told or (ours and kind_of(field) in _SWITCHES)
    }
    chosen = {field: told.get(field + _CHOICE, "") for field in sent}
    return Sheet(sent, of_part(_read_was(request.form.get(WAS, ""))), chosen)


def _read_was(told: str) -> dict[str, str]:
    """Return the digests that a page sent; none where they are not what a page sends."""
    try:
        read = json.loads(told)
    except (ValueError, RecursionError):
        return {}
    return {str(field): str(seen) for field, seen in read.items()} if isinstance(read, dict) else {}


def _refuse_too_long(sheet: Sheet) -> None:
    long = {field: len(text) for field, text in sheet.sent.items() if len(text) > LONGEST_JOTTING}
    if long:
        raise RefusedForm(
            {field: sentence(JottingTooLong(most=LONGEST_JOTTING, length=length)) for field, length in long.items()}
        )


def _two_texts(theirs: Jotting, mine: str) -> str:
    name, mine_words = words_of(theirs.field, mine)
    return render_template(
        "web/jottings/two_texts.html",
        field=theirs.field,
        name=name,
        mine=mine_words or "（空）",
        theirs=words_of(theirs.field, theirs.text)[1] or "（空）",
        jotting=theirs,
        choices=(choice(MINE, theirs.text), choice(THEIRS, theirs.text)),
    )
