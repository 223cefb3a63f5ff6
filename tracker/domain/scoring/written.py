"""A computed month as text: the same month gives the same bytes, whenever and wherever it is computed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tracker.domain.scoring.entries import Entry, What, inputs_of, suppliers
from tracker.domain.scoring.inputs import Inputs
from tracker.domain.scoring.month import compute_month
from tracker.domain.scoring.months import Term, read_month
from tracker.domain.scoring.plain import as_plain
from tracker.domain.scoring.questions import Decision
from tracker.domain.scoring.results import MonthResult
from tracker.domain.scoring.rules import Rules, answers_in
from tracker.domain.scoring.scheme import Scheme

FORMAT = "tracker.score/1"
# What inputs were counted from, by code of figure or kind, object and reference (empty of a figure).
Behind = Mapping[tuple[str, str, str], tuple[str, ...]]
NOTHING_BEHIND: Behind = MappingProxyType({})
# Kinds that count as not having happened though nobody reported, each with the office's reason.
Presumed = tuple[tuple[What, str], ...]


@dataclass(frozen=True, slots=True)
class Material:
    """All that a month is computed from: the rules' file and its digest, the decisions, what was handed in.

    The decisions are all that were made, each with the months for which it holds.
    """

    month: str
    content: str
    sha256: str
    decisions: tuple[tuple[Term, Decision], ...]
    entries: tuple[Entry, ...]
    behind: Behind = field(default_factory=lambda: NOTHING_BEHIND)
    presumed: Presumed = ()


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A month as computed, with what it was computed from."""

    rules: Rules
    inputs: Inputs
    result: MonthResult
    sha256: str
    behind: Behind = field(default_factory=lambda: NOTHING_BEHIND)
    presumed: Presumed = ()

    @property
    def text(self) -> str:
        """All that the month is made of and came to, as JSON with one value a line and a line's end at the end."""
        scheme = self.rules.scheme
        told: dict[str, object] = {
            "format": FORMAT,
            "scheme": {"code": scheme.code, "document": scheme.document, "sha256": self.sha256},
            "decisions": as_plain(self.rules.decisions),
            "inputs": as_plain(self.inputs),
            "result": as_plain(self.result),
        }
        if self.behind:
            told["behind"] = as_plain(self.behind)
        if self.presumed:
            told["presumed"] = as_plain(self.presumed)
        return json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def rules_for(material: Material, scheme: Scheme) -> Rules:
    """Return a month's rules with what holds for it of what was decided. Raises InvalidDecision."""
    return Rules(scheme, answers_in(scheme, material.decisions, month=material.month))


def evaluate(material: Material, scheme: Scheme, *, instead: Iterable[Decision] = ()) -> Evaluated:
    """Compute a month; `instead` are decisions tried in the place of those that hold, for a look that changes nothing.

    Raises UnknownInput, ImpossibleInput, InvalidDecision.
    """
    tried = {one.question: one for one in instead}
    held = {one.question: one for one in rules_for(material, scheme).decisions} | tried
    rules = Rules(scheme, tuple(held[code] for code in sorted(held)))
    inputs = inputs_of(read_month(material.month), material.entries)
    asked = suppliers(scheme)  # earlier rules of a month that took newer ones over may have had other kinds
    presumed = tuple((what, reason) for what, reason in material.presumed if what in asked)
    return Evaluated(rules, inputs, compute_month(rules, inputs), material.sha256, material.behind, presumed)


def first_difference(kept: str, computed: str) -> tuple[int, str, str] | None:
    """Return the number and both wordings of the first line in which two texts differ; None where they are equal."""
    if kept == computed:
        return None
    one, other = kept.split("\n"), computed.split("\n")
    for number, (before, now) in enumerate(zip(one, other, strict=False), start=1):
        if before != now:
            return number, before.strip(), now.strip()
    number = min(len(one), len(other))
    return number + 1, "".join(one[number : number + 1]), "".join(other[number : number + 1])


def standing_before(evaluated: Evaluated) -> tuple[str, ...]:
    """Return the open questions that keep marks or totals of the month from being computed, in the scheme's order."""
    found = set(evaluated.rules.open_for_totals())
    for one in evaluated.result.objects:
        found |= {code for annex in one.annexes for item in annex.items for part in item.parts for code in part.asked}
    return tuple(one.code for one in evaluated.rules.scheme.questions if one.code in found)
