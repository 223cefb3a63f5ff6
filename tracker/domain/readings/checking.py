"""What a document reads as must hold against its own text before it is registered."""

from tracker.domain.entered import check_day, check_number
from tracker.domain.errors import BadInput
from tracker.domain.items import Basis, Bearer
from tracker.domain.plan_ends import check_ends
from tracker.domain.quoting import quoted
from tracker.domain.readings.demands import Cadence, Deadline, EvidenceRequirement
from tracker.domain.readings.item import Item
from tracker.domain.readings.reading import Reading


class QuoteNotInText(BadInput):
    """A quotation is not verbatim; facts: code, quote."""

    code = "quote_not_in_text"


class NoLead(BadInput):
    """An item has neither a printed nor an assigned lead; facts: item."""

    code = "no_lead"


class LabelTwice(BadInput):
    """Two items that are not bundled carry one label; facts: label."""

    code = "label_twice"


class SpanOutOfText(BadInput):
    code = "span_out_of_text"


class BearerUnclear(BadInput):
    """A demand names its bearers although others are said to bear it, or none although it should; facts: item."""

    code = "bearer_unclear"


def check_reading(reading: Reading) -> None:
    """Refuse a reading that does not hold against its own text.

    Raises SpanOutOfText, QuoteNotInText, NoLead, LabelTwice, BearerUnclear, DayOutOfBounds, NumberOutOfBounds,
    EndBeforeIssue.
    """
    _check_bounds(reading)
    bundled: dict[str, tuple[int, int]] = {}
    for item in reading.items:
        start, end = item.span
        if not 0 <= start < end <= len(reading.text):
            raise SpanOutOfText(item=item.code)
        if not item.leads and not item.assigned_leads:
            raise NoLead(item=item.code)
        for bound in item.bounds:
            if bool(bound.named) is not (bound.bearer is Bearer.NAMED):
                raise BearerUnclear(item=item.code)
        for quote, haystack in _quotes(reading, item):
            if quote not in haystack:
                raise QuoteNotInText(item=item.code, quote=quote)
        before = bundled.setdefault(item.label, item.span)
        if before is not item.span and item.span[0] > before[1] + 1:
            raise LabelTwice(label=item.label)
        bundled[item.label] = (before[0], max(before[1], end))


def _check_bounds(reading: Reading) -> None:
    """Refuse days and numbers that nothing can be reckoned with, also where a document prints them."""
    days = {
        "成文日期": reading.issued_on,
        "施行日期": reading.effective_on,
        "有效期至": reading.expires_on,
        "计划截止日期": reading.plan_end.on,
        "数据报送日期": reading.filing_on,
    }
    for field, day in days.items():
        if day is not None:
            check_day(day, field=field)
    check_ends(issued_on=reading.issued_on, expires_on=reading.expires_on, ends_on=reading.plan_end.on)
    for item in reading.items:
        if item.deadline is not None:
            check_day(item.deadline.on, field=f"事项{item.label}的时限")
        for target in item.targets:
            check_number(target.value, field=f"事项{item.label}的目标{quoted(target.metric)}")


def _quotes(reading: Reading, item: Item) -> list[tuple[str, str]]:
    """Return each quotation with the text it must stand in: the item's own words, or the whole document.

    Its own is also the annotation that it shares with the items after it.
    """
    own = f"{reading.text[item.span[0] : item.span[1]]}\n{_shared_annotation(reading, item)}"
    quotes: list[tuple[str, str]] = [(target.quote, own) for target in item.targets]
    if item.responsibility:
        quotes.append((item.responsibility, own))
    demands: list[Cadence | Deadline | EvidenceRequirement] = [*item.cadences, *item.evidence]
    if item.deadline:
        demands.append(item.deadline)
    for demand in demands:
        if demand.quote:
            quotes.append((demand.quote, own if demand.basis is Basis.STATED else reading.text))
    return quotes


def _shared_annotation(reading: Reading, item: Item) -> str:
    """Return the annotation that follows an item which has none: it stands at the end of the last of several."""
    if item.responsibility_span:
        return ""
    notes = [one.responsibility_span for one in reading.items if one.responsibility_span]
    following = min((note for note in notes if note[0] >= item.span[1]), default=(0, 0))
    return reading.text[slice(*following)]
