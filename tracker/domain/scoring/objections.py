"""What became of an objection that holds: a verdict is no deed, the inputs behind the marks say whether it was done."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from tracker.domain.entered import one_line
from tracker.domain.errors import Rejected
from tracker.domain.scoring.entries import Entry, InputKind, What


class Became(StrEnum):
    """What was carried out of an objection that holds.

    `OWED`: nothing yet. `CORRECTED`: an input behind the marks is another than it was when the objection was answered.
    `UNCHANGED`: the office said, with its reason, that nothing in the marks is to be changed.
    """

    OWED = "owed"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"


class ObjectionsOpen(Rejected):
    """Objections are not answered; facts: count."""

    code = "score_objections_open"


class ObjectionsOwed(Rejected):
    """Objections hold and were not carried out; facts: count."""

    code = "score_objections_owed"


class NothingOwed(Rejected):
    """Nothing is owed of an objection: it does not hold, was carried out, or it was said why it changes nothing."""

    code = "score_nothing_owed"


def became(
    item: str, behind: Collection[What], *, before: Iterable[Entry], now: Iterable[Entry], because: str | None
) -> Became:
    """Say what became of an objection to an item that holds, from the inputs when it was answered and those of now.

    `behind` are the figures and kinds that make the item's marks; `because` is why nothing is to be changed, if that
    was said.
    """
    if _counting(item, behind, before) != _counting(item, behind, now):
        return Became.CORRECTED
    return Became.OWED if because is None else Became.UNCHANGED


def changes_its_matter(
    words: str,
    item: str,
    behind: Collection[What],
    *,
    before: Iterable[Entry],
    now: Iterable[Entry],
    figures: Mapping[str, str],
    projects: Collection[str] = (),
) -> bool:
    """Tell whether what an objection to an item is about is another now than before, from its body's inputs.

    Where its words name a project, an article, a meeting or, by `figures`, a figure of the item, one of these has to
    be. A name that stands only inside a longer one that is known, also of the body's `projects` on record, names
    nothing. Where they name none, figures make the marks that it is about; of records it cannot be told which it means.
    """
    before, now = tuple(before), tuple(now)
    known = {*figures.values(), *projects, *(one.reference for one in (*before, *now))}

    def name(entry: Entry) -> str:
        return one_line(figures[entry.code] if entry.kind is InputKind.FIGURE else entry.reference)

    then, later = _counting(item, behind, before), _counting(item, behind, now)
    said = _named(one_line(words), {one_line(one) for one in known})
    named = said & {name(one) for one in then | later}
    changed = then ^ later
    return any(name(one) in named if named else one.kind is InputKind.FIGURE for one in changed)


def _named(words: str, known: Iterable[str]) -> set[str]:
    """Return which of some names stand in words, and not only inside longer ones of them."""
    places = [(at, at + len(one)) for one in known if one for at in range(len(words)) if words.startswith(one, at)]
    inside = {one for one in places for other in places if one != other and other[0] <= one[0] and one[1] <= other[1]}
    return {words[begins:ends] for begins, ends in {*places} - inside}


def _counting(item: str, behind: Collection[What], entries: Iterable[Entry]) -> frozenset[Entry]:
    return frozenset(
        one for one in entries if one.what in behind and (one.kind is InputKind.FIGURE or item in one.items)
    )
