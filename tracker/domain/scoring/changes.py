"""What is otherwise in two results of a month: what was handed in, and whose marks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.domain.scoring.entries import Entry, Key
from tracker.domain.scoring.results import ItemResult, MonthResult, ObjectResult
from tracker.domain.scoring.scheme import Scheme


@dataclass(frozen=True, slots=True)
class LastWord:
    """Where what was handed in last comes from, and why it took the place of what stood there."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChangedInput:
    """An input that is another; `before` or `now` is None where there was or is none. `word` is of what changed it."""

    before: Entry | None
    now: Entry | None
    word: LastWord

    @property
    def entry(self) -> Entry:
        found = self.now or self.before
        assert found is not None
        return found


def changed_inputs(
    before: Iterable[Entry], now: Iterable[Entry], words: Mapping[Key, LastWord]
) -> tuple[ChangedInput, ...]:
    """Return each input that differs, in one order whatever order they came in; `words` are of all that may have."""
    old, new = {one.key: one for one in before}, {one.key: one for one in now}
    keys = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    return tuple(ChangedInput(old.get(key), new.get(key), words.get(key, LastWord("", ""))) for key in keys)


def in_order(changes: Iterable[ChangedInput], scheme: Scheme) -> tuple[ChangedInput, ...]:
    """Return changed inputs in the order of the scheme's bodies, those of all first; of one body as they come."""
    places = {one.unit: at for at, one in enumerate(scheme.objects)}
    return tuple(sorted(changes, key=lambda one: places.get(one.entry.object, -1)))


def changed_objects(before: MonthResult, now: MonthResult) -> tuple[str, ...]:
    """Return the codes of the objects whose total, place or marks under an item are others, in the scheme's order."""
    old = {one.object: _read(one) for one in before.objects}
    return tuple(one.object for one in now.objects if old[one.object] != _read(one))


def items_changed(before: ObjectResult, now: ObjectResult) -> tuple[str, ...]:
    """Return the codes of the items whose marks are others, in the scheme's order."""
    pairs = zip(_items(before), _items(now), strict=True)
    return tuple(item.item for was, item in pairs if was.marks != item.marks)


def _items(one: ObjectResult) -> list[ItemResult]:
    return [item for annex in one.annexes for item in annex.items]


def _read(one: ObjectResult) -> tuple[object, ...]:
    return one.total, one.rank, tuple(item.marks for item in _items(one))
