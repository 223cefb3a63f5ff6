"""When a project counts as started, in production, at capacity: the questions of 驻政办〔2022〕53号 附件1 四.

竣工 has no standard there: its day counts, and whoever has to confirm it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Build(StrEnum):
    """What kind of works a project is, as far as the standards tell kinds apart."""

    INDUSTRIAL = "industrial"  # 工业项目
    GENERAL = "general"  # 非工业项目
    EARTHWORKS = "earthworks"  # 水利、交通、铁路等需要进行大量土、石方工程的项目
    REFIT = "refit"  # 技改类、入驻已建成的标准厂房等项目


class Milestone(StrEnum):
    STARTED = "started"  # 开工
    FINISHED = "finished"  # 竣工
    IN_PRODUCTION = "in_production"  # 投产
    AT_CAPACITY = "at_capacity"  # 达效


class Tick(StrEnum):
    """One statement that somebody confirms with evidence; `wording.projects` has the document's words."""

    GROUND_BROKEN = "ground_broken"
    PILES_DRIVEN = "piles_driven"
    EARTH_MOVED = "earth_moved"
    EQUIPMENT_THERE = "equipment_there"
    NOT_PREPARATION = "not_preparation"
    NOT_CLEARANCE = "not_clearance"
    LINES_BUILT = "lines_built"
    MAIN_WORKS_BUILT = "main_works_built"
    TRIAL_RUN = "trial_run"
    FULL_BENEFIT = "full_benefit"
    ACCEPTED = "accepted"
    IN_PRODUCTION_HANDS = "in_production_hands"
    IN_USE = "in_use"


@dataclass(frozen=True, slots=True)
class Checklist:
    """At least one of `one_of`, where there are any, and all of `all_of`."""

    one_of: tuple[Tick, ...] = ()
    all_of: tuple[Tick, ...] = ()

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """Every tick in the order in which it is asked."""
        return (*self.one_of, *self.all_of)

    def is_met(self, ticked: Collection[str]) -> bool:
        """Tell whether the ticks suffice; a checklist without questions is always met."""
        one = not self.one_of or any(tick in ticked for tick in self.one_of)
        return one and all(tick in ticked for tick in self.all_of)


_NO_MERE_PREPARATION = (Tick.NOT_PREPARATION, Tick.NOT_CLEARANCE)
_STARTED = {
    Build.EARTHWORKS: Checklist((Tick.EARTH_MOVED,), _NO_MERE_PREPARATION),
    Build.REFIT: Checklist((Tick.EQUIPMENT_THERE,)),
}
_STARTED_ELSE = Checklist((Tick.GROUND_BROKEN, Tick.PILES_DRIVEN), _NO_MERE_PREPARATION)
_WITH_LINES = frozenset({Build.INDUSTRIAL, Build.REFIT})  # 技改 renews production lines


def checklist(milestone: Milestone, build: Build) -> Checklist:
    """Return what has to be ticked before a project of a kind counts as having reached a milestone."""
    if milestone is Milestone.STARTED:
        return _STARTED.get(build, _STARTED_ELSE)
    if milestone is Milestone.FINISHED:
        return Checklist()
    built = Tick.LINES_BUILT if build in _WITH_LINES else Tick.MAIN_WORKS_BUILT
    if milestone is Milestone.IN_PRODUCTION:
        return Checklist(all_of=(built,))
    if build in _WITH_LINES:
        return Checklist(all_of=(built, Tick.TRIAL_RUN, Tick.ACCEPTED, Tick.IN_PRODUCTION_HANDS))
    return Checklist(all_of=(built, Tick.FULL_BENEFIT, Tick.ACCEPTED, Tick.IN_USE))
