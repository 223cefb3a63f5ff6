"""Numbers that are likelier slips than facts: asked back once 「核对无误」, and marked for whoever judges them."""

from collections.abc import Iterable, Mapping
from datetime import date

from tracker.domain.counting import Counting, Figure
from tracker.domain.entered import number_text, read_day, read_number
from tracker.domain.errors import BadInput
from tracker.domain.quoting import quoted
from tracker.domain.values import Filed, ValueDoubted, latest_before, value_doubts
from tracker.store.queries.asked_of_shares import Target
from tracker.store.queries.envelopes import EnvelopeRow
from tracker.store.queries.form_parts import LastValue
from tracker.store.queries.form_views import RowOfForm
from tracker.store.queries.report_values import ValueView
from tracker.web.row_fields import key_of
from tracker.wording.refusals import sentence

Doubts = Mapping[type[ValueDoubted], Figure | None]


def doubts_of(
    target: Target, said: Figure, last: LastValue | None, filed: Iterable[Filed], *, report_id: int | None
) -> Doubts:
    """Return why a number in a form of a period, or outside of forms, may be a slip, each with what it is held against.

    What the office gave back says nothing of it. `report_id` is None where it is still to be reported.
    """
    before = Figure(last.value, last.value_on, last.period) if last is not None and not last.returned else None
    return _doubts(target.counting, target.value, said, before, filed, report_id=report_id)


def doubts_of_row(row: EnvelopeRow, target: Target) -> Doubts:
    """Return why a number that an envelope gives may be a slip."""
    id_, report = target.target_id, row.report
    said = Figure(report.values[id_].value, report.values[id_].value_on, report.period)
    return doubts_of(target, said, row.before.get(id_), row.beside.filed.get(id_, ()), report_id=report.report_id)


def doubts_of_view(value: ValueView) -> Doubts:
    """Return why a reported number may be a slip."""
    known = value.before is not None and not value.before_returned
    before = Figure(value.before or 0, value.before_on, value.before_period) if known else None
    return _doubts(value.counting, value.target, value.figure, before, value.filed, report_id=value.report_id)


def _doubts(
    counting: Counting,
    goal: float,
    said: Figure,
    before: Figure | None,
    filed: Iterable[Filed],
    *,
    report_id: int | None,
) -> Doubts:
    latest = latest_before(said, filed, counting, report_id=report_id)
    return value_doubts(said, goal=goal, counting=counting, before=before, latest=latest)


def asked_back(row: RowOfForm, target: Target, value: float, on: date | None) -> str:
    """Ask back a number of a row, in words; empty where nothing speaks against it."""
    unit = target.unit or ""
    facts = {
        "item": row.named,
        "metric": target.metric,
        "value": f"{number_text(value)}{unit}",
        "day": on,
        "goal": f"{number_text(target.value)}{unit}",
    }
    said = []
    for doubt, against in _of_row(row, target, value, on).items():
        other = {"before": f"{number_text(against.value)}{unit}", "before_on": against.on} if against else {}
        said.append(sentence(doubt(**facts, **other)))
    return "".join(said)


def _of_row(row: RowOfForm, target: Target, value: float, on: date | None) -> Doubts:
    id_, said = target.target_id, Figure(value, on, row.period)
    return doubts_of(target, said, row.last_values.get(id_), row.filed.get(id_, ()), report_id=None)


def is_doubtful(given: Mapping[str, str], row: RowOfForm, target: Target) -> bool:
    """Tell whether a number is asked back as it is written."""
    key, named = key_of(row), quoted(target.metric)
    text, on = (given.get(f"{key}{name}{target.target_id}", "").strip() for name in ("v", "on"))
    try:
        value, day = read_number(text, field=named) if text else None, read_day(on, field=named) if on else None
    except BadInput:
        return False
    return value is not None and bool(_of_row(row, target, value, day))
