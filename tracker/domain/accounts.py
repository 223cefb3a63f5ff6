"""Who works with the system and what each role is for."""

from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.errors import Forbidden


class Role(StrEnum):
    LIAISON = "liaison"
    UNIT_HEAD = "unit_head"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    READER = "reader"
    SYSTEM = "system"


class NotYourTask(Forbidden):
    """The role or the unit does not entitle this person to the act; facts: act."""

    code = "not_your_task"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person of a unit, a person of the office, or the system itself."""

    user_id: int | None
    name: str
    role: Role
    unit_id: int | None = None
    unit_name: str | None = None


SYSTEM = Actor(user_id=None, name="系统", role=Role.SYSTEM)


def require_role(actor: Actor, *roles: Role, act: str) -> None:
    """Refuse an act that the actor's role does not carry. Raises NotYourTask."""
    if actor.role not in roles:
        raise NotYourTask(act=act)
