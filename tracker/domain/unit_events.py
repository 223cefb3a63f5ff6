"""Facts about units themselves."""

from dataclasses import dataclass

from tracker.domain.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class KeeperSet(Event):
    """The office said which unit keeps a leading group's office; `keeper_unit_id` is none where it took that back.

    `unit_id` is the group.
    """

    type = "unit.keeper_set"
    keeper_unit_id: int | None
    old_keeper_unit_id: int | None
    reason: str
