"""Numbers that are likelier slips than facts: asked back once 「核对无误」, and marked for whoever judges them."""

from collections.abc import Mapping, Sequence
from datetime import date

from tracker.domain.cadences import Span
from tracker.domain.counting import Figure
from tracker.domain.entered import number_text, read_day, read_number
from tracker.domain.errors import BadInput
from tracker.domain.items import Measure
from tracker.domain.quoting import quoted
from tracker.domain.values import ValueDoubted, value_doubts
from tracker.store.queries.asked_of_shares import Target
from tracker.store.queries.form_parts import LastValue
from tracker.store.queries.form_views import RowOfForm
from tracker.store.queries.report_values import ValueView
from tracker.web.row_fields import key_of
from tracker.wording.refusals import sentence


def doubts_of(
    target: Target, value: float, on: date | None, last: LastValue | None, *, period: Span | None
) -> tuple[type[ValueDoubted], ...]:
    """Return why a number in a form of a period, or outside of forms, may be a slip.

    What the office gave back says nothing of it.
    """
    before = Figure(last.value, last.value_on, last.period) if last is not None and not last.returned else None
    measure = Measure(target.measure) if target.measure else None
    said = Figure(value, on, period)
    return value_doubts(said, goal=target.value, measure=measure, before=before, rhythm=target.rhythm)


def doubts_of_view(value: ValueView) -> Sequence[type[ValueDoubted]]:
    """Return why a reported number may be a slip."""
    known = value.before is not None and not value.before_returned
    before = Figure(value.before or 0, value.before_on, value.before_period) if known else None
    measure = Measure(value.measure) if value.measure else None
    said = Figure(value.value, value.value_on, value.period)
    return value_doubts(said, goal=value.target, measure=measure, before=before, rhythm=value.rhythm)


def asked_back(row: RowOfForm, target: Target, value: float, on: date | None) -> str:
    """Ask back a number of a row, in words; empty where nothing speaks against it."""
    last = row.last_values.get(target.target_id)
    unit = target.unit or ""
    facts = {
        "item": row.named,
        "metric": target.metric,
        "value": f"{number_text(value)}{unit}",
        "day": on,
        "goal": f"{number_text(target.value)}{unit}",
        "before": f"{number_text(last.value)}{unit}" if last else "",
        "before_on": last.value_on if last else None,
    }
    return "".join(sentence(doubt(**facts)) for doubt in doubts_of(target, value, on, last, period=row.period))


def is_doubtful(given: Mapping[str, str], row: RowOfForm, target: Target) -> bool:
    """Tell whether a number is asked back as it is written."""
    key, named = key_of(row), quoted(target.metric)
    text, on = (given.get(f"{key}{name}{target.target_id}", "").strip() for name in ("v", "on"))
    try:
        value, day = read_number(text, field=named) if text else None, read_day(on, field=named) if on else None
    except BadInput:
        return False
    last = row.last_values.get(target.target_id)
    return value is not None and bool(doubts_of(target, value, day, last, period=row.period))
