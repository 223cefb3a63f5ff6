"""What somebody wrote on a form that takes nothing any more: by item, and of one that a colleague sent what differs."""

from collections.abc import Iterator

from tracker.domain.entered import clean_words, number_text
from tracker.domain.jottings import FormSent
from tracker.domain.quoting import quoted
from tracker.store.queries.envelopes import Envelope, envelope
from tracker.store.queries.form_views import FormView, RowOfForm
from tracker.web.access import acted_for, services
from tracker.web.conflicts import Written
from tracker.web.entries import Refusal, refusal_of, said_in
from tracker.web.field_words import TICKS, kind_of, words_of
from tracker.web.parts import sent_fields
from tracker.web.row_fields import EVIDENCE_REASON, fields_of, key_of
from tracker.web.stray_fields import stray_pleas, stray_words

# What stands beside a number says nothing without it.
_DAY_OF, _NUMBER = "on", "v"


def waiting_envelope(view: FormView) -> Envelope | None:
    """Return what of a form waits for the head of the unit; None where nothing does."""
    if view.waiting_filing_id is None:
        return None
    with services().database.reading() as session:
        return envelope(session, filing_id=view.waiting_filing_id, unit_ids=acted_for(session))


def sent_already(waiting: Envelope) -> Refusal:
    """Return the refusal of what is written on a form of which an envelope waits."""
    return refusal_of(FormSent(by=waiting.written_by, sent_at=waiting.written_at), (), {})


def own_words(view: FormView, waiting: Envelope | None) -> tuple[Written, ...]:
    """Return what was written at hand on a form without fields, each with its item; of `waiting` only what differs."""
    rows = (*view.rows, *view.others)
    name, text = words_of("missed_words", _sent("missed_words"))
    cover = [Written(name, text)]
    told = waiting.missed_words if waiting else None
    found = [one for one in cover if one.text and not _alike(one.text, told or "")]
    for row in rows:
        found += _of_row(row, _told(row, waiting))
    strays = (*stray_words(rows), *stray_pleas(rows))
    return (*found, *(Written(one.name, one.text) for one in strays))


def _of_row(row: RowOfForm, told: dict[str, str]) -> Iterator[Written]:
    metrics = {f"{kind}{one.target_id}": one.metric for one in row.targets for kind in (_NUMBER, _DAY_OF)}
    for field in fields_of(row):
        name, text = field.removeprefix(key_of(row)), _sent(field)
        bare = kind_of(field) == _DAY_OF and not _sent(f"{key_of(row)}{_NUMBER}{name.removeprefix(_DAY_OF)}")
        if text and not bare and kind_of(field) not in TICKS and not _alike(text, told.get(field, "")):
            called, words = words_of(field, text)
            metric = quoted(metrics[name]) if name in metrics else ""
            yield Written(f"{row.named}：{metric}{called}", words)


def _told(row: RowOfForm, waiting: Envelope | None) -> dict[str, str]:
    """Return what an envelope says of a row, as the fields of its page."""
    key = key_of(row)
    reports = [one.report for one in waiting.rows] if waiting else []
    report = next((one for one in reports if one.assignment_id == row.assignment_id), None)
    if report is None:
        return {}
    told = said_in(report, key) | {key + EVIDENCE_REASON: report.evidence_reason or ""}
    for id_, value in report.values.items():
        told[f"{key}{_NUMBER}{id_}"] = number_text(value.value)
        told[f"{key}{_DAY_OF}{id_}"] = value.value_on.isoformat() if value.value_on else ""
    return told


def _sent(field: str) -> str:
    return clean_words(sent_fields().get(field, ""))


def _alike(one: str, other: str) -> bool:
    return one.split() == other.split()
