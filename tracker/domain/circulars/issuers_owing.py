"""What those who issue a paper owe themselves stands in it as what is named by nobody: counted, and in no list.

It is taken from the kept figures, whose lists are made of one part a unit or an item in the order of their facts.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from tracker.domain.circulars.content import Content, Figure, Source, Table
from tracker.domain.circulars.meanings import MEANINGS

_BETWEEN_NAMES, _BETWEEN_ITEMS = "、", "；"
_BORNE = "承办的"
# Lists of one number a unit, each with what counts it, what is told apart from it, and in what it counts.
_COUNTED: Sequence[tuple[str, str, str, str]] = (
    ("late_named", "late_list", "late_spared", "期"),
    ("unreceived_named", "unreceived_list", "unreceived_spared", "项"),
    ("unfit", "unfit_list", "unfit_spared", "项"),
)
# Annexes that hold something against those whom they name, by their kinds; the others list every item alike.
_HELD_AGAINST = frozenset({"overdue", "items_behind", "came_late", "unreceived"})
_UNIT_COLUMN = 1


def without_their_own(content: Content, issuers: Collection[str]) -> Content:
    """Return a paper to all that names its issuers, given by every name of theirs, in no list of what is owed.

    `issuers_overdue` counts what is overdue of theirs. What another bears with them is told of the other.
    """
    figures: dict[str, Figure] = dict(content.figures)
    counts: dict[str, int] = dict(content.counts)
    for key, list_key, apart_key, unit in _COUNTED:
        if key in figures:
            _take_apart(figures, counts, issuers, (key, list_key, apart_key, unit))
    _past(figures, counts, issuers)
    _overdue(figures, counts, issuers)
    tables = (_others(table, issuers) if table.kind in _HELD_AGAINST else table for table in content.tables)
    return replace(content, figures=figures, counts=counts, tables=tuple(table for table in tables if table.rows))


def but(units: str, issuers: Collection[str]) -> str:
    """Return names without those of issuers."""
    return _BETWEEN_NAMES.join(unit for unit in units.split(_BETWEEN_NAMES) if unit not in issuers)


def _take_apart(
    figures: dict[str, Figure], counts: dict[str, int], issuers: Collection[str], keys: tuple[str, str, str, str]
) -> None:
    """Count what the issuers did among what is named of nobody."""
    key, list_key, apart_key, unit = keys
    left = tuple(one for one in figures[key].sources if one.unit not in issuers)
    own = tuple(one for one in figures[key].sources if one.unit in issuers)
    if not own:
        return
    words = _BETWEEN_NAMES.join(f"{name}{n}{unit}" for name, n in Counter(one.unit for one in left).items())
    apart = (*figures[apart_key].sources, *own)
    for told, said, sources in (
        (key, str(len(left)), left),
        (list_key, words, left),
        (apart_key, str(len(apart)), apart),
    ):
        figures[told] = replace(figures[told], words=said, sources=sources)
    counts |= {key: len(left), apart_key: len(apart)}


def _past(figures: dict[str, Figure], counts: dict[str, int], issuers: Collection[str]) -> None:
    """List what is past its deadline without the issuers; what others bear with them is the others'."""
    sources = figures["past_list"].sources if "past_list" in figures else ()
    if all(but(one.unit, issuers) == one.unit for one in sources):
        return
    told = zip(sources, _cut(figures["past_list"].words, [f"{one.unit}{_BORNE}" for one in sources]), strict=True)
    left = [(one, but(one.unit, issuers), words) for one, words in told if but(one.unit, issuers)]
    words = _BETWEEN_ITEMS.join(name + said.removeprefix(one.unit) for one, name, said in left)
    others = tuple(replace(one, unit=name) for one, name, _said in left)
    figures["past_list"] = replace(figures["past_list"], words=words, sources=others)
    figures["past_named"] = replace(figures["past_named"], words=str(len(left)), sources=others)
    counts["past_named"] = len(left)


def _overdue(figures: dict[str, Figure], counts: dict[str, int], issuers: Collection[str]) -> None:
    """List what is overdue without the issuers; how much of it is theirs is counted apart."""
    if "behind_list" not in figures:
        return
    each = Counter(one.unit for one in figures["behind_list"].sources)
    own = tuple(one for one in figures["behind_list"].sources if one.unit in issuers)
    if not own:
        return
    parts = _cut(figures["behind_list"].words, [f"{unit}{n}份（" for unit, n in each.items()])
    told = {unit: words for unit, words in zip(each, parts, strict=True) if unit not in issuers}
    left = tuple(one for one in figures["behind_list"].sources if one.unit in told)
    said: Mapping[str, str] = {
        "blamed": str(len(left)),
        "behind_count": str(len(told)),
        "behind_units": _BETWEEN_NAMES.join(told),
        "behind_list": _BETWEEN_ITEMS.join(told.values()),
        "behind_items": "，".join(_items(words) for words in told.values()),
    }
    for key, words in said.items():
        figures[key] = replace(figures[key], words=words, sources=left)
    figures["issuers_overdue"] = Figure("issuers_overdue", str(len(own)), MEANINGS["issuers_overdue"], own)
    counts |= {"blamed": len(left), "behind_count": len(told), "issuers_overdue": len(own)}
    _longest(figures, counts, issuers)


def _items(words: str) -> str:
    return words.partition("（")[2].removesuffix("）")


def _longest(figures: dict[str, Figure], counts: dict[str, int], issuers: Collection[str]) -> None:
    """Say how long what is named is overdue at most only where that is not an issuer's own."""
    if "longest" not in figures:
        return
    worst = tuple(one for one in figures["longest"].sources if one.unit not in issuers)
    figures["longest"] = replace(figures["longest"], sources=worst)
    if not worst:
        del figures["longest"]
        counts.pop("longest", None)


def _others(table: Table, issuers: Collection[str]) -> Table:
    """Return an annex without the rows of issuers, numbered anew; a row of several names the others."""
    rows: list[tuple[str, ...]] = []
    sources: list[Source] = []
    number = 0
    for row, source in zip(table.rows, table.sources, strict=True):
        if not (name := but(row[_UNIT_COLUMN], issuers)):
            continue
        number += bool(row[0])  # the rows of one line after its first have none
        rows.append((str(number) if row[0] else "", name, *row[_UNIT_COLUMN + 1 :]))
        sources.append(replace(source, unit=but(source.unit, issuers)))
    return replace(table, rows=tuple(rows), sources=tuple(sources))


def _cut(words: str, starts: Sequence[str]) -> list[str]:
    """Cut a list into its parts, which begin as given, in their order; what stands between them is left out."""
    found, at = [], 0
    places: list[int] = []
    for start in starts:
        at = words.index(start, at)
        places.append(at)
        at += len(start)
    for place, end in zip(places, [*(one - len(_BETWEEN_ITEMS) for one in places[1:]), len(words)], strict=True):
        found.append(words[place:end])
    return found
