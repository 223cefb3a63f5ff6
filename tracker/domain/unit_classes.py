"""How the office deals with each class of unit: whom it tasks, asks by letter, informs, and whom not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from tracker.domain.errors import Rejected
from tracker.domain.units import UnitGone, UnitKind

_ON_SUPERVISION = "国务院令第733号 第五条, 第十三条"
_ON_OTHERS_BODIES = "地方各级人民代表大会和地方各级人民政府组织法（2022年修正）第八十四条"
_ON_DISABLED_PERSONS_FEDERATIONS = "残疾人保障法 第八条"


class NeverTasked(Rejected):
    """The body stands above the city: what it does is kept as printed. Facts: unit."""

    code = "never_tasked"


class Tasking(StrEnum):
    """What the office may ask of a unit.

    TASK: orders with deadlines 「责成」. LETTER: requests by letter 「商请」. FACTS: facts only 「函告」, because the
    body answers to another authority. NEVER: nothing; what such a body does is kept as printed.
    """

    TASK = "task"
    LETTER = "letter"
    FACTS = "facts"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitClass:
    """The rule for one class; `verb` is the word that papers use, none where nothing is ever sent.

    `copy_to_superior` where a paper also goes to the authority that the body answers to 「抄送其上级」.
    """

    may_task: Tasking
    may_be_blamed: bool
    verb: str | None
    copy_to_superior: bool
    source: str

    @property
    def instead(self) -> str:
        """Say what the office does instead of an order."""
        return f"请{self.verb}情况并抄送其上级" if self.copy_to_superior else f"请以函{self.verb}"


_TASKED = UnitClass(
    may_task=Tasking.TASK,
    may_be_blamed=True,
    verb="责成",
    copy_to_superior=False,
    source=_ON_SUPERVISION,
)
_ASKED = replace(_TASKED, may_task=Tasking.LETTER, may_be_blamed=False, verb="商请")
_INFORMED = replace(_ASKED, may_task=Tasking.FACTS, verb="函告", copy_to_superior=True, source=_ON_OTHERS_BODIES)
_LEFT_ALONE = replace(_ASKED, may_task=Tasking.NEVER, verb=None)

CLASSES: Mapping[UnitKind, UnitClass] = MappingProxyType(
    {
        # A government supervises below itself: what 市政府 itself does is the office's own work.
        UnitKind.CITY_GOVERNMENT: _LEFT_ALONE,
        UnitKind.CITY_DEPARTMENT: _TASKED,
        UnitKind.LOWER_GOVERNMENT: _TASKED,
        UnitKind.ZONE: _TASKED,
        UnitKind.CITY_INSTITUTION: _TASKED,
        UnitKind.PARTY_DEPARTMENT: _ASKED,
        UnitKind.CONGRESS: _ASKED,
        UnitKind.JUDICIARY: _ASKED,
        UnitKind.MASS_ORGANISATION: _ASKED,
        UnitKind.VERTICAL: _INFORMED,
        UnitKind.UPPER_LEVEL: _LEFT_ALONE,
        # A group is tasked through whoever keeps its office; it is no body that a circular could criticise.
        UnitKind.LEADING_GROUP: replace(_TASKED, may_be_blamed=False),
    }
)


def class_of(kind: UnitKind, *, tasked: bool | None = None) -> UnitClass:
    """Return the rule for a unit of this class; `tasked` is the unit's own override, `None` where it has none.

    Source: 残疾人保障法 第八条 for a mass organisation that works on the government's behalf (市残联); a body that the
    class would task and the override does not is an organ of somebody else and is asked by letter.
    """
    usual = CLASSES[kind]
    if tasked is None or tasked == (usual.may_task is Tasking.TASK):
        return usual
    if not tasked:
        return replace(_ASKED, source=usual.source)
    by_law = kind is UnitKind.MASS_ORGANISATION
    return replace(_TASKED, source=_ON_DISABLED_PERSONS_FEDERATIONS if by_law else usual.source)


def check_takes_work(name: str, kind: UnitKind, *, tasked: bool | None, gone: bool) -> None:
    """Refuse to give a share to a unit that went up in another, or to a body that is never tasked.

    Raises UnitGone, NeverTasked.
    """
    if gone:
        raise UnitGone(unit=name)
    if class_of(kind, tasked=tasked).may_task is Tasking.NEVER:
        raise NeverTasked(unit=name)


def may_keep(kind: UnitKind) -> bool:
    """Tell whether a unit of this class may keep a leading group's office and act in its name.

    A group acts for no group, and what is never tasked would never hear of it.
    """
    return kind is not UnitKind.LEADING_GROUP and CLASSES[kind].may_task is not Tasking.NEVER
