"""What is handed in for a month, one entry a figure, occurrence or check, and whose it is to hand it in."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from tracker.domain.entered import one_line
from tracker.domain.errors import BadInput, Forbidden
from tracker.domain.filings import check_words
from tracker.domain.scoring.fitting import UnknownInput, check_inputs
from tracker.domain.scoring.inputs import Check, Inputs, Month, Occurrence
from tracker.domain.scoring.marks import ActsMark, CasesMark, ChecksMark, Mark
from tracker.domain.scoring.needs import kinds_of
from tracker.domain.scoring.numbers import check_figure
from tracker.domain.scoring.scheme import Scheme, clause_label


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
    """One input; `code` is that of the figure, or the kind of the occurrence or the check.

    `object` is empty of a figure that all have in common. `value` is the figure, what an occurrence takes where that is
    left to the case, or what was reported of a checked project; `found` what was found on site. `reference` names the
    project, article or meeting; `items` are the codes of the items for which it is handed in.
    """

    kind: InputKind
    code: str
    object: str
    value: Decimal | None = None
    found: Decimal | None = None
    reference: str = ""
    items: tuple[str, ...] = ()

    @property
    def what(self) -> "What":
        return self.kind, self.code

    @property
    def key(self) -> "Key":
        """What a correction has in common with what it corrects; names that look the same are the same."""
        return self.kind, self.code, self.object, one_line(self.reference)


What = tuple[InputKind, str]
Key = tuple[InputKind, str, str, str]


# Reads the file of a scheme's rules as it was kept; what reads files stands beside the acts.
ReadScheme = Callable[[str], Scheme]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where an input comes from: its source in words, and the file that shows it."""

    words: str
    sha256: str | None = None
    name: str | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Sourced:
    """An input with what stands behind it: `behind` are the things that it was counted from."""

    entry: Entry
    evidence: Evidence
    source: InputSource = InputSource.ENTERED
    behind: tuple[str, ...] = ()


class ValueMissing(BadInput):
    """A number is missing; facts: field."""

    code = "score_value_missing"


class ReferenceMissing(BadInput):
    """An occurrence or a check does not say what it is about, or for which item; facts: field."""

    code = "score_reference_missing"


class NotCountedThere(UnknownInput):
    """What happens of a kind does not count for an item; facts: name (of the kind), label (of the item)."""

    code = "score_not_counted_there"


class MarksFixed(BadInput):
    """What a case gives or takes is printed, or it is none that marks hang on; facts: name (of the kind)."""

    code = "score_marks_fixed"


class ToldTwice(BadInput):
    """One form or file hands in the same thing twice, so that nobody knows which holds; facts: name."""

    code = "score_told_twice"


class NotYourFigure(Forbidden):
    """It is handed in by somebody else; facts: name, owners (names, empty: the office)."""

    code = "score_not_your_figure"


def whats_of(mark: Mark) -> tuple[What, ...]:
    """Return the kinds of what happens or is found that a mark looks at, each with what kind of input it is."""
    kind = InputKind.CHECK if isinstance(mark, ChecksMark) else InputKind.OCCURRENCE
    return tuple((kind, code) for code in kinds_of(mark))


def kinds_in(scheme: Scheme) -> Mapping[What, tuple[str, ...]]:
    """Return what may happen or be found by the scheme, with the codes of the items where it counts, as printed."""
    found: dict[What, tuple[str, ...]] = {}
    for item, mark in scheme.marks():
        for what in whats_of(mark):
            known = found.get(what, ())
            found[what] = known if item.code in known else (*known, item.code)
    return found


def kind_names(scheme: Scheme) -> Mapping[What, str]:
    """Return the names of what may happen or be found, as the scheme prints them."""
    found: dict[What, str] = {}
    for _, mark in scheme.marks():
        if isinstance(mark, CasesMark):
            found |= {(InputKind.OCCURRENCE, case.kind): case.name for case in mark.cases}
        elif isinstance(mark, ActsMark):
            told = dict(mark.act_names)
            found |= {(InputKind.OCCURRENCE, act): told.get(act, mark.name) for act in mark.acts}
        elif isinstance(mark, ChecksMark):
            found.setdefault((InputKind.CHECK, mark.check), mark.name)
    return found


def left_to_case(scheme: Scheme) -> frozenset[str]:
    """Return the kinds of which the scheme prints no marks, so that each case may be handed in with its own."""
    marks = [mark for _, mark in scheme.marks() if isinstance(mark, CasesMark)]
    return frozenset(case.kind for mark in marks for case in mark.cases if case.each is None)


def suppliers(scheme: Scheme) -> Mapping[What, frozenset[str]]:
    """Return who hands in what, by codes of units, as the scheme prints it; empty where it prints nobody.

    What happened and what was found is handed in by whoever supplies a mark that counts it.
    """
    found = {
        (InputKind.FIGURE, figure.code): frozenset({figure.supplier} if figure.supplier else ())
        for figure in scheme.figures
        if not figure.sum_of
    }
    for _, mark in scheme.marks():
        for what in whats_of(mark):
            found[what] = found.get(what, frozenset()) | set(mark.roles.supplies)
    return found


def check_entry(scheme: Scheme, month: Month, entry: Entry, *, name: str) -> Entry:
    """Return an entry that the scheme knows, with its numbers; what counts for one item only needs not say for which.

    What it is about is named on one line, without signs that nobody sees.
    Raises ValueMissing, ReferenceMissing, ReasonTooLong (of the name), NotCountedThere, MarksFixed, UnknownInput,
    BelowLeast, NotWhole, ImpossibleInput, Faults.
    """
    entry = replace(entry, reference=check_words(one_line(entry.reference)))
    if entry.kind is not InputKind.FIGURE:
        if entry.what not in kinds_in(scheme):
            raise UnknownInput(input_part="kind", name=entry.code)
        counted = kinds_in(scheme)[entry.what]
        entry = replace(entry, items=entry.items or (counted if len(counted) == 1 else ()))
        labels = {item.code: clause_label(annex.label, item.label) for annex, item in scheme.items()}
        if beside := [item for item in entry.items if item in labels and item not in counted]:
            raise NotCountedThere(name=kind_names(scheme)[entry.what], label=labels[beside[0]])
        if not entry.reference or not entry.items:
            raise ReferenceMissing(field=name)
    if entry.kind is InputKind.OCCURRENCE and entry.value is not None and entry.code not in left_to_case(scheme):
        raise MarksFixed(name=kind_names(scheme)[entry.what])
    needed = {
        InputKind.FIGURE: (entry.value,),
        InputKind.OCCURRENCE: (),
        InputKind.CHECK: (entry.value, entry.found),
    }[entry.kind]
    if None in needed:
        raise ValueMissing(field=name)
    figures = {one.code: one for one in scheme.figures}
    if entry.kind is InputKind.FIGURE and entry.code in figures and entry.value is not None and entry.value.is_finite():
        check_figure(figures[entry.code], entry.value, name=name)
    check_inputs(scheme, inputs_of(month, [entry]))
    return entry


def inputs_of(month: Month, entries: Iterable[Entry]) -> Inputs:
    """Return what the entries of a month say together, in one order whatever order they came in."""
    figures: dict[tuple[str, str], Decimal] = {}
    common: dict[str, Decimal] = {}
    occurrences: list[Occurrence] = []
    checks: list[Check] = []
    for one in sorted(entries, key=lambda it: (it.kind, it.code, it.object, it.reference, it.items)):
        if one.kind is InputKind.OCCURRENCE:
            occurrences.append(Occurrence(one.object, one.code, one.reference, one.items, one.value))
            continue
        assert one.value is not None
        if one.kind is InputKind.CHECK:
            assert one.found is not None
            checks.append(Check(one.object, one.code, one.reference, one.items, one.value, one.found))
        elif one.object:
            figures[one.code, one.object] = one.value
        else:
            common[one.code] = one.value
    return Inputs(month, figures, common, tuple(occurrences), tuple(checks))
