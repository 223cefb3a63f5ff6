"""Half-width marks 「半角标点」 are read as the full-width ones that stand for the same, character for character.

Every pattern knows the full-width form; what was found is given back as it was printed, by its place.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from tracker.domain.readings.demands import Addressee, Bound, Cadence
from tracker.domain.readings.item import Item
from tracker.intake.expressions import expression

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_WIDE = {",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "!": "！", "?": "？"}
# Between digits a mark belongs to the number.
# e.g. ,
# but not 1,200
_NARROW = expression(r"[,:;!?()](?:(?<=[()])|(?<!\d.)|(?!\d))")


def widened(text: str) -> str:
    """Return a text of the same length with full-width marks."""
    return _NARROW.sub(lambda found: _WIDE[found.group()], text)


_Made = TypeVar("_Made", bound="DataclassInstance")


def _with(made: _Made, **fields: object) -> _Made:
    """Return a record with these fields, itself where it has them: most items hold no mark of half width."""
    for name, value in fields.items():
        had = getattr(made, name)
        if had is not value and had != value:
            return replace(made, **fields)
    return made


class AsPrinted:
    """Gives an item that was read from a widened text the words of the text itself."""

    def __init__(self, text: str, wide: str) -> None:
        self._text, self._wide = text, wide
        self._only_marks_differ = widened(text) == wide
        self._elsewhere: dict[str, str] = {}

    def item(self, item: Item) -> Item:
        """Return the item with its title, names and quotes verbatim."""
        if self._text == self._wide:
            return item
        start, end = item.span

        def own(words: str) -> str:
            return self._printed(words, start, end)

        def bound(whom: Bound) -> Bound:
            return (
                whom
                if not whom.named
                else replace(whom, named=tuple(_with(name, printed=own(name.printed)) for name in whom.named))
            )

        def to(rhythm: Cadence) -> Addressee | None:
            return rhythm.addressee and replace(rhythm.addressee, printed=own(rhythm.addressee.printed))

        read = {
            "title": own(item.title),
            "leads": tuple(_with(unit, printed=own(unit.printed)) for unit in item.leads),
            "supports": tuple(_with(unit, printed=own(unit.printed)) for unit in item.supports),
            "groups": tuple(_with(group, printed=own(group.printed)) for group in item.groups),
            "cadences": tuple(
                _with(rhythm, quote=own(rhythm.quote or "") or None, bound=bound(rhythm.bound), addressee=to(rhythm))
                for rhythm in item.cadences
            ),
            "deadline": item.deadline
            and _with(item.deadline, quote=own(item.deadline.quote or "") or None, bound=bound(item.deadline.bound)),
            "targets": tuple(
                _with(target, metric=own(target.metric), quote=own(target.quote or ""), bound=bound(target.bound))
                for target in item.targets
            ),
            "evidence": tuple(
                _with(one, what=own(one.what), quote=own(one.quote or "") or None) for one in item.evidence
            ),
        }
        return _with(item, **read)

    def _printed(self, words: str, start: int, end: int) -> str:
        if self._only_marks_differ and words.isalpha():
            return words
        at = self._wide.find(words, start, end) if words else -1
        if at >= 0:
            return self._text[at : at + len(words)]
        if words not in self._elsewhere:
            at = self._wide.find(words)
            self._elsewhere[words] = self._text[at : at + len(words)] if at >= 0 else words
        return self._elsewhere[words]
