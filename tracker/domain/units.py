"""Units 「单位」 and collectives: which body a printed name stands for.

A document prints one body under many names (full, short, outdated, misprinted). The registry resolves each of them
to one unit; the printed form itself is kept by whoever asked, for quotation.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from tracker.domain.errors import Rejected

_FULL_WIDTH_BRACKETS = str.maketrans("（）［］｛｝", "()[]{}")


class UnitKind(StrEnum):
    """Class of a unit 「单位类别」; `unit_classes` says how the office deals with each."""

    CITY_GOVERNMENT = "市政府"
    CITY_DEPARTMENT = "市政府部门"
    LOWER_GOVERNMENT = "下级政府"
    ZONE = "功能区管委会"
    CITY_INSTITUTION = "市属企业事业"
    PARTY_DEPARTMENT = "党委部门"
    CONGRESS = "人大政协"
    JUDICIARY = "司法机关"
    MASS_ORGANISATION = "群团"
    VERTICAL = "垂管"
    UPPER_LEVEL = "上级机关"
    LEADING_GROUP = "领导小组"


class UnitGone(Rejected):
    """The unit went up in another and takes no work any more; facts: unit."""

    code = "unit_gone"


class NameTaken(Rejected):
    """A unit's name stands for a registered unit already; facts: name."""

    code = "name_taken"


class InvalidRegistry(ValueError):
    """The list of units and groups contradicts itself."""


class DuplicateCode(InvalidRegistry):
    def __init__(self, code: str) -> None:
        super().__init__(f"code {code!r} is used by two entries")


class DuplicateName(InvalidRegistry):
    def __init__(self, name: str, *, owners: tuple[str, str]) -> None:
        super().__init__(f"name {name!r} belongs to {owners[0]!r} and to {owners[1]!r}")


class UnknownGroupMember(InvalidRegistry):
    def __init__(self, member: str, *, group: str) -> None:
        super().__init__(f"group {group!r} lists the member {member!r}, which is no unit's code")


class EmptyValidity(InvalidRegistry):
    def __init__(self, name: str) -> None:
        super().__init__(f"alias {name!r} ends before it begins")


class UnknownKeeper(InvalidRegistry):
    def __init__(self, keeper: str, *, unit: str) -> None:
        super().__init__(f"unit {unit!r} is kept by {keeper!r}, which is no unit's code")


class UnknownUnit(LookupError):
    def __init__(self, code: str) -> None:
        super().__init__(f"no unit has the code {code!r}")


@dataclass(frozen=True, slots=True)
class Alias:
    """A printed form of a unit's name besides its full and short name.

    It stands for the unit from `valid_from` to `valid_to`, both days inclusive, `None` meaning unlimited.
    `document` is the number of the only document in which it does 「以下简称」, `None` meaning everywhere.
    """

    name: str
    valid_from: date | None = None
    valid_to: date | None = None
    document: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise EmptyValidity(self.name)

    def is_valid(self, *, on: date) -> bool:
        """Tell whether the name may stand for the unit on that day."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Unit:
    """One body that can be responsible for something; `order` is its place in the official order 「建制顺序」.

    `tasked` overrides what the class says about tasking 「责成」, `None` where it does not. `kept_by` is the code of
    the unit that keeps a leading group's office 「办公室设在…」 and acts in the group's name.
    """

    code: str
    full_name: str
    short_name: str
    kind: UnitKind
    order: int
    aliases: tuple[Alias, ...] = ()
    note: str | None = None
    tasked: bool | None = None
    kept_by: str | None = None

    def every_name(self) -> Iterator[Alias]:
        """Yield all names of the unit: the full and the short one, unlimited, then the aliases."""
        yield Alias(self.full_name)
        if self.short_name != self.full_name:
            yield Alias(self.short_name)
        yield from self.aliases


@dataclass(frozen=True, slots=True)
class Group:
    """A collective 「集体」 under its printed forms; `members` are unit codes, empty where no source lists them."""

    code: str
    printed: tuple[str, ...]
    members: tuple[str, ...] = ()
    note: str | None = None


_Coded = TypeVar("_Coded", Unit, Group)


class UnitRegistry:
    """All units and groups, by every name they are printed under.

    Names are compared literally, except that full-width and half-width brackets are the same.
    Raises DuplicateCode, UnknownGroupMember, UnknownKeeper and DuplicateName: a name stands for one unit or one group,
    never for both or for two. Only abbreviations of different documents may be spelled alike.
    """

    def __init__(self, units: Iterable[Unit], *, groups: Iterable[Group] = ()) -> None:
        self._units = _by_code(units)
        self._groups = _by_code(groups)
        self._refuse_unknown_members()
        self._refuse_unknown_keepers()
        self._names: dict[str, list[tuple[Alias, Unit]]] = {}
        for unit in self._units.values():
            for name in unit.every_name():
                self._enter(name, unit=unit)
        self._printed_groups: dict[str, Group] = {}
        for group in self._groups.values():
            for printed in group.printed:
                self._enter_group(printed, group=group)

    @property
    def units(self) -> tuple[Unit, ...]:
        """All units in official order."""
        return self.in_official_order(self._units.values())

    @property
    def groups(self) -> tuple[Group, ...]:
        """All groups in the order they were given."""
        return tuple(self._groups.values())

    def unit(self, code: str) -> Unit:
        """Return the unit with that code. Raises UnknownUnit."""
        try:
            return self._units[code]
        except KeyError:
            raise UnknownUnit(code) from None

    def resolve(self, printed: str, *, on: date | None = None, document: str | None = None) -> Unit | None:
        """Return the unit that a printed name, elided prefixes restored, stands for.

        `on` admits only names valid that day, `document` (its number) only names that may be used in it; without
        them neither limit is applied. None means no unit, or more than one, is printed like this.
        """
        fitting = {
            unit.code: unit
            for alias, unit in self._names.get(fold_name(printed), ())
            if (on is None or alias.is_valid(on=on)) and (document is None or alias.document in (None, document))
        }
        return next(iter(fitting.values())) if len(fitting) == 1 else None

    def knows(self, name: str) -> bool:
        """Tell whether any unit or collective is called so, at any time and in any document."""
        return fold_name(name) in self._names or fold_name(name) in self._printed_groups

    def group(self, printed: str) -> Group | None:
        """Return the collective that is printed like this, if any."""
        return self._printed_groups.get(fold_name(printed))

    def members(self, group: Group) -> tuple[Unit, ...]:
        """Return the units of a group in official order; empty where the membership is not known."""
        return self.in_official_order(self.unit(code) for code in group.members)

    def in_official_order(self, units: Iterable[Unit]) -> tuple[Unit, ...]:
        """Sort units by the official order 「建制顺序」; equal places are ordered by code."""
        return tuple(sorted(units, key=lambda unit: (unit.order, unit.code)))

    def _refuse_unknown_members(self) -> None:
        for group in self._groups.values():
            for member in group.members:
                if member not in self._units:
                    raise UnknownGroupMember(member, group=group.code)

    def _refuse_unknown_keepers(self) -> None:
        for unit in self._units.values():
            if unit.kept_by is not None and unit.kept_by not in self._units:
                raise UnknownKeeper(unit.kept_by, unit=unit.code)

    def _enter(self, name: Alias, *, unit: Unit) -> None:
        holders = self._names.setdefault(fold_name(name.name), [])
        for held, holder in holders:
            if name.document is None or held.document in (None, name.document):
                raise DuplicateName(name.name, owners=(holder.code, unit.code))
        holders.append((name, unit))

    def _enter_group(self, printed: str, *, group: Group) -> None:
        key = fold_name(printed)
        if key in self._names:
            raise DuplicateName(printed, owners=(self._names[key][0][1].code, group.code))
        if key in self._printed_groups:
            raise DuplicateName(printed, owners=(self._printed_groups[key].code, group.code))
        self._printed_groups[key] = group


def _by_code(entries: Iterable[_Coded]) -> dict[str, _Coded]:
    found: dict[str, _Coded] = {}
    for entry in entries:
        if entry.code in found:
            raise DuplicateCode(entry.code)
        found[entry.code] = entry
    return found


def fold_name(name: str) -> str:
    """Write a name as it is compared with others: half-width brackets are those of Chinese print."""
    return name.translate(_FULL_WIDTH_BRACKETS)


class NotYetMerged(Rejected):
    """A merger or a new name is entered from its day on; facts: valid_from."""

    code = "not_yet_merged"
