"""What is handed in for a month, one entry a figure, occurrence or check, and whose it is to hand it in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tracker.domain.errors import BadInput, Forbidden
from tracker.domain.scoring.inputs import Check, Inputs, Month, Occurrence
from tracker.domain.scoring.marks import ActsMark, CasesMark, ChecksMark
from tracker.domain.scoring.scheme import Scheme


class InputKind(StrEnum):
    """A number, something that happened once, or a project looked at on site."""

    FIGURE = "figure"
    OCCURRENCE = "occurrence"
    CHECK = "check"


class InputSource(StrEnum):
    """Somebody entered it, or it was counted from the projects that stand behind it."""

    ENTERED = "entered"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One input. `code` is the figure's, the kind of the occurrence or of the check; `object` is empty of a common figure.

    `value` is the figure, what an occurrence takes where that is left to the case, or what was reported of a checked
    project; `found` what was found on site. `reference` names the project, article or meeting; `items` are the codes of
    the items for which it is handed in.
    """

    kind: InputKind
    code: str
    object: str
    value: Decimal | None = None
    found: Decimal | None = None
    reference: str = ""
    items: tuple[str, ...] = ()


class InputUnknown(BadInput):
    """The scheme knows no such figure, kind or evaluated body; facts: value."""

    code = "score_input_unknown"


class ValueMissing(BadInput):
    """A number is missing; facts: field."""

    code = "score_value_missing"


class ValueNegative(BadInput):
    """What is counted or paid is not below zero; facts: field, value."""

    code = "score_value_negative"


class ReferenceMissing(BadInput):
    """An occurrence or a check does not say what it is about, or for which item; facts: field."""

    code = "score_reference_missing"


class NotYourFigure(Forbidden):
    """It is handed in by somebody else; facts: name, owner."""

    code = "score_not_your_figure"


def suppliers(scheme: Scheme) -> Mapping[tuple[InputKind, str], frozenset[str]]:
    """Return who hands in what, by codes of units, as the scheme prints it; empty where it prints nobody.

    What happened and what was found is handed in by whoever supplies a mark that counts it.
    """
    found = {
        (InputKind.FIGURE, figure.code): frozenset({figure.supplier} if figure.supplier else ())
        for figure in scheme.figures
    }
    for _, mark in scheme.marks():
        codes: Iterable[tuple[InputKind, str]] = ()
        if isinstance(mark, ActsMark):
            codes = ((InputKind.OCCURRENCE, act) for act in mark.acts)
        elif isinstance(mark, CasesMark):
            codes = ((InputKind.OCCURRENCE, case.kind) for case in mark.cases)
        elif isinstance(mark, ChecksMark):
            codes = ((InputKind.CHECK, mark.check),)
        for key in codes:
            found[key] = found.get(key, frozenset()) | set(mark.roles.supplies)
    return found


def items_of(scheme: Scheme) -> Mapping[tuple[InputKind, str], tuple[str, ...]]:
    """Return for which items something that happened, or was found, counts, by their codes in printed order."""
    found: dict[tuple[InputKind, str], tuple[str, ...]] = {}
    for item, mark in scheme.marks():
        if isinstance(mark, ActsMark):
            keys = [(InputKind.OCCURRENCE, act) for act in mark.acts]
        elif isinstance(mark, CasesMark):
            keys = [(InputKind.OCCURRENCE, case.kind) for case in mark.cases]
        elif isinstance(mark, ChecksMark):
            keys = [(InputKind.CHECK, mark.check)]
        else:
            continue
        for key in keys:
            known = found.get(key, ())
            found[key] = known if item.code in known else (*known, item.code)
    return found


def check_entry(scheme: Scheme, entry: Entry, *, name: str) -> Entry:
    """Return an entry that the scheme knows, with its numbers; for one item it needs not be said for which.

    Raises InputUnknown, ValueMissing, ValueNegative, ReferenceMissing.
    """
    figure = next((one for one in scheme.figures if one.code == entry.code), None)
    is_common = entry.kind is InputKind.FIGURE and figure is not None and figure.common
    if is_common != (entry.object == "") or not (is_common or any(o.unit == entry.object for o in scheme.objects)):
        raise InputUnknown(value=entry.object or name)
    if (entry.kind, entry.code) not in suppliers(scheme):
        raise InputUnknown(value=entry.code)
    if entry.kind is InputKind.FIGURE:
        if entry.value is None:
            raise ValueMissing(field=name)
        if entry.value < 0 and figure is not None and figure.unit != "%":
            raise ValueNegative(field=name, value=entry.value)
        return entry
    return _check_case(scheme, entry, name=name)


def _check_case(scheme: Scheme, entry: Entry, *, name: str) -> Entry:
    counted = items_of(scheme)[entry.kind, entry.code]
    items = entry.items or (counted if len(counted) == 1 else ())
    if not entry.reference or not items:
        raise ReferenceMissing(field=name)
    if unknown := set(items) - set(counted):
        raise InputUnknown(value="、".join(sorted(unknown)))
    for value in (entry.value, entry.found):
        if entry.kind is InputKind.CHECK and value is None:
            raise ValueMissing(field=name)
        if value is not None and value < 0:
            raise ValueNegative(field=name, value=value)
    return Entry(
        kind=entry.kind,
        code=entry.code,
        object=entry.object,
        value=entry.value,
        found=entry.found,
        reference=entry.reference,
        items=tuple(items),
    )


def inputs_of(month: Month, entries: Iterable[Entry]) -> Inputs:
    """Return what the entries of a month say together, in one order whatever order they came in."""
    figures: dict[tuple[str, str], Decimal] = {}
    common: dict[str, Decimal] = {}
    occurrences: list[Occurrence] = []
    checks: list[Check] = []
    for one in sorted(entries, key=lambda it: (it.kind, it.code, it.object, it.reference, it.items)):
        if one.kind is InputKind.FIGURE:
            assert one.value is not None
            if one.object:
                figures[one.code, one.object] = one.value
            else:
                common[one.code] = one.value
        elif one.kind is InputKind.OCCURRENCE:
            occurrences.append(Occurrence(one.object, one.code, one.reference, one.items, one.value))
        else:
            assert one.value is not None
            assert one.found is not None
            checks.append(Check(one.object, one.code, one.reference, one.items, one.value, one.found))
    return Inputs(month, figures, common, tuple(occurrences), tuple(checks))
