"""What a paper says to others than those who issue it: no organ addresses, orders, praises or criticises itself.

The facts that an edition keeps are those of the log; who issues it is put on them wherever they are read.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from tracker.domain.calendar import full_date
from tracker.domain.circulars.content import Content, Figure, Source, listed
from tracker.domain.circulars.issuers_owing import but, without_their_own
from tracker.domain.circulars.kinds import KINDS, CircularType
from tracker.domain.circulars.paragraphs import Paragraph
from tracker.domain.circulars.proposals import named
from tracker.domain.circulars.salutation import printed, without
from tracker.domain.errors import BadInput

_BETWEEN_NAMES = "、"


class OrdersItsIssuers(BadInput):
    """Whom the paper would order or criticise are those who issue it, and nobody else; facts: type."""

    code = "orders_its_issuers"


class NamesItsIssuer(BadInput):
    """The text praises or criticises by name an organ that is to issue it; facts: unit."""

    code = "names_its_issuer"


@dataclass(frozen=True, slots=True)
class MadeOf:
    """What a paper was made of, whoever issues it, and how its template words such a content."""

    content: Content
    words: Callable[[Content], Sequence[tuple[int, str]]]


def for_others(content: Content, issuers: Collection[str]) -> Content:
    """Return what is said to others than the issuers, given by every name of theirs: whom it goes to, what it calls in.

    Where things stand is told of them as of all; what they owe is counted and in no list.
    """
    named_here = [one for one in content.proposals if one.unit in issuers]
    gone = {one.key for one in named_here}
    content = replace(
        content,
        figures={key: figure for key, figure in content.figures.items() if key not in gone},
        proposals=tuple(one for one in content.proposals if one.key not in gone),
    )
    if content.type is CircularType.SUPERVISION and not content.scope.unit:
        content = without_their_own(content, issuers)
    to = tuple(name for name in content.goes_to if name not in issuers)
    if content.scope.unit or len(to) == len(content.goes_to):
        return content
    given: dict[str, Figure] = {**content.figures, **_called_in(content, issuers), **_closing(content, issuers)}
    owing = {source.unit for source in given["called_in"].sources} if "called_in" in given else set()
    counts: dict[str, int] = {**content.counts, "addressed": len(to), "called_count": len(owing)}
    counts |= {key: len(given[key].sources) for key in ("called_in", "closing") if key in given}
    return replace(content, addressees=listed(to), figures=given, counts=counts)


def check_says_it_to_others(before: Content, now: Content, issuers: Collection[str]) -> None:
    """Refuse a paper that is written to its issuers alone. Raises OrdersItsIssuers."""
    to_unit = before.scope.unit in issuers and (KINDS[before.type].is_order or KINDS[before.type].judges)
    if to_unit or (before.goes_to and not now.goes_to):
        raise OrdersItsIssuers(type=before.type.value)


def check_names_no_issuer(before: Content, issuers: Collection[str], words: Sequence[str]) -> None:
    """Refuse an issuer whom the text praises or criticises by name. Raises NamesItsIssuer."""
    for one in named(before.proposals, words):
        if one.unit in issuers:
            raise NamesItsIssuer(unit=one.unit)


def readdressed(addressees: str, before: Content, now: Content) -> str:
    """Return 主送 without the issuers of now, with those that are none any more; what was typed else stays."""
    if addressees == printed(before.goes_to):
        return printed(now.goes_to)
    gone = [name for name in before.goes_to if name not in now.goes_to]
    return without(addressees, gone, back=[name for name in now.goes_to if name not in before.goes_to])


def reworded(
    told: Sequence[Paragraph], before: Sequence[tuple[int, str]], now: Sequence[tuple[int, str]]
) -> list[Paragraph]:
    """Return paragraphs with the sentences of the template as they are now; what somebody changed stays as it is."""
    changes: dict[str, list[tuple[int, str]]] = {}
    for tag, start, end, first, last in SequenceMatcher(a=before, b=now, autojunk=False).get_opcodes():
        if tag == "replace":
            changes |= {before[start + n][1]: [now[first + n]] for n in range(min(end - start, last - first))}
        elif tag == "delete":
            changes |= {words: [] for _level, words in before[start:end]}
    found: list[Paragraph] = []
    for one in told:
        if one.by_hand or one.words not in changes:
            found.append(one)
        else:
            found += [replace(one, level=level, words=words) for level, words in changes[one.words]]
    return found


def _called_in(content: Content, issuers: Collection[str]) -> dict[str, Figure]:
    """Return the figures of what is called in, without what the issuers owe."""
    if "called_in" not in content.figures:
        return {}
    left = [one for one in content.figures["called_in"].sources if one.unit not in issuers]
    units = list(dict.fromkeys(one.unit for one in left))
    each = [f"{unit}{sum(one.unit == unit for one in left)}份" for unit in units]
    words = {"called_in": str(len(left)), "called_units": _BETWEEN_NAMES.join(units)}
    words["called_list"] = _BETWEEN_NAMES.join(each)
    return _figures(content, words, left)


def _closing(content: Content, issuers: Collection[str]) -> dict[str, Figure]:
    """Return the figures of the closing reports that are ordered, without those of the issuers."""
    sources = content.figures["closing"].sources if "closing" in content.figures else ()
    left = [replace(one, unit=but(one.unit, issuers)) for one in sources if but(one.unit, issuers)]
    if tuple(left) == tuple(sources):
        return {}
    days = sorted({one.due_on for one in left if one.due_on})
    return _figures(content, {"closing": str(len(left)), "closing_by": _BETWEEN_NAMES.join(map(full_date, days))}, left)


def _figures(content: Content, words: dict[str, str], sources: Sequence[Source]) -> dict[str, Figure]:
    return {
        key: replace(content.figures[key], words=said, sources=tuple(sources))
        for key, said in words.items()
        if key in content.figures
    }
