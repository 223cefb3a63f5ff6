"""What counting a month again changes of its inputs, and where records of projects and what people entered differ."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.domain.projects.tallying import Found, Tally
from tracker.domain.scoring.entries import Entry, InputKind, InputSource


@dataclass(frozen=True, slots=True)
class Standing:
    """The last input of a figure, occurrence or check in a month."""

    id: int
    entry: Entry
    source: InputSource
    behind: tuple[str, ...] = ()
    void: bool = False


@dataclass(frozen=True, slots=True)
class Differing:
    """What somebody entered, None where it was taken back, beside what projects have, None where that is nothing."""

    entered: Entry | None
    counted: Found | None

    @property
    def entry(self) -> Entry:
        """What both are about."""
        found = self.entered or (self.counted.entry if self.counted else None)
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class Recount:
    """`keep` is to be written, each in the place of an input or new; `withdraw` holds no more; `same` stays.

    `differing` stays too: whoever entered it, or the office, corrects it or the records of the projects.
    """

    keep: tuple[tuple[Found, Standing | None], ...]
    withdraw: tuple[Standing, ...]
    same: int
    differing: tuple[Differing, ...]

    @property
    def changes(self) -> bool:
        """Tell whether counting would write anything."""
        return self.uncounted > 0

    @property
    def uncounted(self) -> int:
        """How many inputs counting would write or withdraw: so many records are in no mark."""
        return len(self.keep) + len(self.withdraw)


def recount(tally: Tally, standing: Iterable[Standing]) -> Recount:
    """Hold what the projects say against what stands.

    What people entered is never overwritten. A figure that was taken back is open to be counted; an occurrence or a
    check that was taken back by hand stays so, for somebody said that it does not count.
    """
    known = {one.entry.key: one for one in standing if one.entry.what in tally.whats}
    keep: list[tuple[Found, Standing | None]] = []
    differing: list[Differing] = []
    same = 0
    for found in tally.found:
        before = known.pop(found.entry.key, None)
        if before is None or _is_open(before):
            keep.append((found, before))
        elif before.source is InputSource.ENTERED:
            if not before.void and before.entry == found.entry:
                same += 1
            else:
                differing.append(Differing(None if before.void else before.entry, found))
        elif before.void or (before.entry, before.behind) != (found.entry, found.behind):
            keep.append((found, before))
        else:
            same += 1
    left = [one for one in known.values() if not one.void]
    withdraw = tuple(one for one in left if one.source is InputSource.COUNTED)
    # Where nothing is registered at all, what somebody entered contradicts nothing.
    differing += [
        Differing(one.entry, None)
        for one in left
        if one.source is InputSource.ENTERED and not _is_figure(one) and one.entry.what not in tally.unrecorded
    ]
    return Recount(tuple(keep), withdraw, same, tuple(differing))


def _is_figure(one: Standing) -> bool:
    return one.entry.kind is InputKind.FIGURE


def _is_open(one: Standing) -> bool:
    return one.void and _is_figure(one)
