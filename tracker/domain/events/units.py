"""Facts about units themselves."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredUnit:
    """A unit as it was entered; `sealed` is the digest of what else is said of it (`store/row_digests.py`)."""

    id: int
    full_name: str
    short_name: str
    kept_by_unit_id: int | None
    merged_into_unit_id: int | None
    sealed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsEntered(Event):
    """Units were entered from the office's list, or had been before the log told of them."""

    type = "unit.entered"
    entered: tuple[EnteredUnit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRegistered(Event):
    """The office entered a body that a document names, or one more name of a registered one.

    `entered` is the body; none of a name, and of what was told before that was kept.
    """

    type = "unit.registered"
    name: str
    alias: bool
    entered: tuple[EnteredUnit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsMerged(Event):
    """A unit went up in another from a day on; its open work moved with its moments."""

    type = "unit.merged"
    into_unit_id: int
    merged_on: date
    shares: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRenamed(Event):
    """A unit bears another name from a day on; history keeps the old one."""

    type = "unit.renamed"
    old_name: str
    new_name: str
    valid_from: date
    reason: str
    old_short_name: str = ""
    new_short_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeeperSet(Event):
    """The office said which unit keeps a leading group's office; `keeper_unit_id` is none where it took that back.

    `unit_id` is the group.
    """

    type = "unit.keeper_set"
    keeper_unit_id: int | None
    old_keeper_unit_id: int | None
    reason: str
