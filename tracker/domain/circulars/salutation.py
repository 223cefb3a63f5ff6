"""主送 as papers print it: by full names or accepted short ones, and a bare place is no body.

Source: GB/T 9704-2012, 7.3.2: 全称、规范化简称或者同类型机关统称. Bodies of one class share their last word, as
「驿城区、遂平县人民政府」, and stand apart by a comma.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from tracker.domain.errors import Rejected
from tracker.domain.units import UnitKind

_BETWEEN = re.compile("[、，]")  # between two bodies of one class, and between classes
_TYPED_BETWEEN = re.compile(r"[、，,；;\n]")  # what people type there
# A part that means a class of units, e.g. 市直有关部门, 各县区人民政府
_COLLECTIVE = re.compile("各|有关|相关|全体|部门|单位")
_PLACES = re.compile("县|各区|区(?:人民)?政府")  # e.g. 各县区人民政府
_ZONE_BODIES = re.compile("管委会|管理委员会|功能区|开发区")  # e.g. 各功能区管委会
_GOVERNMENT, _COMMITTEE = "人民政府", "管委会"
_ZONES = ("示范区", "开发区", "新区", "产业园区")


class OthersAddressed(Rejected):
    """A paper to one unit does not name it among those whom it says that it goes to; facts: unit."""

    code = "others_addressed"


def printed(names: Iterable[str]) -> str:
    """Write whom a paper goes to: names of units as lists have them, in official order."""
    classes = groupby(names, key=_last_word)
    return "，".join(f"{'、'.join(several)}{last}" for last, several in classes)


def names_printed(words: str) -> list[str]:
    """Read printed words back to the names of lists; whatever else was typed stays as one part."""
    return [_bare(part) for part in _BETWEEN.split(words) if part]


def _last_word(name: str) -> str:
    """Name what a bare place lacks to be a body; empty of whatever is one."""
    if name.endswith(_ZONES):
        return _COMMITTEE
    return _GOVERNMENT if name.endswith(("县", "区", "市")) else ""


def _bare(part: str) -> str:
    for last in (_GOVERNMENT, _COMMITTEE):
        name = part.removesuffix(last)
        if name != part and _last_word(name) == last:
            return name
    return part


def without(words: str, gone: Sequence[str], *, back: Sequence[str]) -> str:
    """Leave bodies out of printed words, and put others at their end."""
    kept = [name for name in names_printed(words) if name not in gone]
    return printed([*kept, *(name for name in back if name not in kept)])


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom printed words mean: units by name, whole classes by a collective, and whether a part could not be read."""

    units: frozenset[int]
    kinds: frozenset[UnitKind]
    is_unread: bool


def meant(words: str, names: Mapping[str, int | None]) -> Meant:
    """Read whom a paper says that it goes to; `names` are the units by every name that they bear or bore."""
    units: set[int | None] = set()
    kinds: set[UnitKind] = set()
    is_unread = False
    for part in filter(None, (part.strip(" ：。") for part in _TYPED_BETWEEN.split(words))):
        named, collective = _named_in(part, names), _classes(part)
        units |= named
        kinds |= collective
        is_unread = is_unread or not (named or collective)
    return Meant(frozenset(id_ for id_ in units if id_ is not None), frozenset(kinds), is_unread)


def _named_in(part: str, names: Mapping[str, int | None]) -> set[int | None]:
    """Return the units of a part: the one that it names as a whole, else those of the longest names in it."""
    for whole in (part, _bare(part)):
        if whole in names:
            return {names[whole]}
    if _COLLECTIVE.search(part):
        return set()
    found: set[int | None] = set()
    for name in sorted((name for name in names if name and name in part), key=len, reverse=True):
        if name in part:
            found.add(names[name])
            part = part.replace(name, "，")
    return found


def _classes(part: str) -> frozenset[UnitKind]:
    """Return the classes that a collective means, as 各县区人民政府; none of a part that is no collective."""
    if not _COLLECTIVE.search(part):
        return frozenset()
    of_places = {UnitKind.LOWER_GOVERNMENT} if _PLACES.search(part) else set()
    of_places |= {UnitKind.ZONE} if _ZONE_BODIES.search(part) else set()
    if "部门" in part:
        return frozenset(of_places | (set(UnitKind) - {UnitKind.LOWER_GOVERNMENT, UnitKind.ZONE}))
    return frozenset(of_places or UnitKind)
