"""What was written on rows that a form does not have any more: it is told and shown, or it would be lost.

A share that ends, or a task that is suspended, takes its row from the form, and what was decided or asked of a row
takes the fields in which more time is asked for; a page that was opened before still has them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.domain.entered import clean_words
from tracker.domain.filings import RowsGone
from tracker.store.queries.form_views import RowOfForm
from tracker.store.queries.share_rows import labels_of_shares
from tracker.store.queries.units import units_read_for
from tracker.web.access import actor, services
from tracker.web.field_words import words_of
from tracker.web.form_fields import read_id
from tracker.web.forms import Form, text_fields
from tracker.web.parts import sent_fields
from tracker.web.row_fields import CASES, EVIDENCE_REASON, WORDS
from tracker.wording.refusals import sentence

# "a7-fact", "a7-v12": what people write on a row, not the days, ticks and files beside it
_DAYS = frozenset({"next_on"})
_KINDS = "|".join(kind for kind in (*WORDS, *CASES, EVIDENCE_REASON) if kind not in _DAYS)
_WRITTEN = re.compile(rf"a([0-9]{{1,10}})-(?:{_KINDS}|v[0-9]{{1,10}})")
# "x7-reason": why more time is asked for on a row
_PLEA = re.compile(r"x([0-9]{1,10})-reason")


@dataclass(frozen=True, slots=True)
class Stray:
    """What was written in one field, with the label of the item that it was about."""

    name: str
    text: str


def stray_words(rows: Iterable[RowOfForm]) -> list[Stray]:
    """Return what was sent of shares of the unit that none of the rows is about."""
    known = {row.assignment_id for row in rows}
    found: dict[int, list[tuple[str, str]]] = {}
    for field, text in sent_fields().items():
        named = _WRITTEN.fullmatch(field)
        share_id = read_id(named[1]) if named else None
        if share_id is not None and share_id not in known and clean_words(text):
            found.setdefault(share_id, []).append((field, clean_words(text)))
    if not found:
        return []
    with services().database.reading() as session:
        labels = labels_of_shares(session, found, unit_ids=units_read_for(session, actor().unit_id))
    told = ((labels[id_], *words_of(field, text)) for id_ in labels for field, text in found[id_])
    return [Stray(f"{label}：{name}", words) for label, name, words in told]


def stray_pleas(rows: Iterable[RowOfForm], sent: Mapping[str, str] | None = None) -> list[Stray]:
    """Return why more time is asked for of rows for which none may be asked for any more.

    `sent` are the fields that were not settled by the act at hand; without it all that were sent.
    """
    labels = {row.row_id: row.label for row in rows}
    asked_for = {row.row_id for row in rows if row.extendable}
    fields = sent_fields() if sent is None else sent
    read = ((_PLEA.fullmatch(field), clean_words(text)) for field, text in fields.items())
    ids = ((read_id(named[1]), text) for named, text in read if named and text)
    return [Stray(f"{labels.get(id_, '')}延期理由", text) for id_, text in ids if id_ not in asked_for]


def stray_cover(form: type[Form], page: str) -> list[Stray]:
    """Return what was sent in the text fields of what is said of a form as a whole, of which a page has none any more.

    The page itself is asked: when it has which field is decided in its templates, and a list beside them would be left
    behind by the next field.
    """
    sent = ((name, label, clean_words(sent_fields().get(name, ""))) for name, label in text_fields(form).items())
    return [Stray(label, words) for name, label, words in sent if words and f'name="{name}"' not in page]


def stray_fault(rows: tuple[RowOfForm, ...]) -> dict[str, str]:
    """Return the refusal of what was written on such rows, by a field that no page has; nothing where there is none."""
    return {"gone": sentence(RowsGone())} if stray_words(rows) or stray_pleas(rows) else {}
