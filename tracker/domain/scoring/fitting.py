"""Whether what was handed in belongs to the scheme at all."""

from collections.abc import Iterator
from decimal import Decimal

from tracker.domain.errors import BadInput, refuse
from tracker.domain.scoring.inputs import Check, Inputs, Occurrence
from tracker.domain.scoring.needs import kinds_of
from tracker.domain.scoring.scheme import Scheme


class UnknownInput(BadInput):
    """Something the scheme does not have: a figure, an object, an item or a kind; facts: input_part, name."""

    code = "score_input_unknown"


class ImpossibleInput(BadInput):
    """A number that cannot be: not finite, or below 0 where nothing can be; facts: input_part, name, value."""

    code = "score_input_impossible"


def check_inputs(scheme: Scheme, inputs: Inputs) -> None:
    """Refuse what does not belong to the scheme. Raises UnknownInput, ImpossibleInput, Faults.

    That things contradict each other is no reason: each may have come alone, and a month is read whatever stands in it.
    """
    refuse([*_of_figures(scheme, inputs), *_of_things(scheme, inputs), *_of_numbers(scheme, inputs)])


def _of_figures(scheme: Scheme, inputs: Inputs) -> Iterator[BadInput]:
    units = {one.unit for one in scheme.objects}
    common = {one.code for one in scheme.figures if one.common}
    own = {one.code for one in scheme.figures if not one.common and not one.sum_of}
    if not 1 <= inputs.month.number <= 12:
        yield UnknownInput(input_part="month", name=str(inputs.month))
    for figure, unit in inputs.figures:
        if figure not in own:
            yield UnknownInput(input_part="figure", name=figure)
        if unit not in units:
            yield UnknownInput(input_part="object", name=unit)
    for figure in inputs.common:
        if figure not in common:
            yield UnknownInput(input_part="figure", name=figure)


def _of_things(scheme: Scheme, inputs: Inputs) -> Iterator[BadInput]:
    units = {one.unit for one in scheme.objects}
    places = {(kind, item.code) for item, mark in scheme.marks() for kind in kinds_of(mark)}
    things: list[Occurrence | Check] = [*inputs.occurrences, *inputs.checks]
    for one in things:
        if one.object not in units:
            yield UnknownInput(input_part="object", name=one.object)
        if not one.items:
            yield UnknownInput(input_part="item", name=one.reference)
        for item in one.items:
            if (one.kind, item) not in places:
                yield UnknownInput(input_part="kind", name=f"{one.kind} {item}")


def _of_numbers(scheme: Scheme, inputs: Inputs) -> Iterator[BadInput]:
    signed = {one.code for one in scheme.figures if one.signed}
    told = [(figure, f"{figure} {unit}", value) for (figure, unit), value in inputs.figures.items()]
    told += [(figure, figure, value) for figure, value in inputs.common.items()]
    for figure, name, value in told:
        if not value.is_finite() or (value < 0 and figure not in signed):
            yield ImpossibleInput(input_part="figure", name=name, value=str(value))
    for one in inputs.occurrences:
        if one.marks is not None and not _is_amount(one.marks):
            yield ImpossibleInput(input_part="marks", name=one.reference, value=str(one.marks))
    for check in inputs.checks:
        for value in (check.reported, check.found):
            if not _is_amount(value):
                yield ImpossibleInput(input_part="check", name=check.reference, value=str(value))


def _is_amount(value: Decimal) -> bool:
    return value.is_finite() and value >= 0
