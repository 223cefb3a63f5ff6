"""Who works with the system and what each role is for."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.errors import Forbidden


class Role(StrEnum):
    LIAISON = "liaison"
    UNIT_HEAD = "unit_head"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    READER = "reader"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"
    SYSTEM = "system"


# Three people who keep the system and see nothing of what it is about: accounts, rights, and what everybody did.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
# Who works on documents and tasks.
ON_MATTERS = frozenset(Role) - ADMINISTRATORS - {Role.SYSTEM}


class NotYourTask(Forbidden):
    """The role or the unit does not entitle this person to the act; facts: act."""

    code = "not_your_task"


class EveryUnit:
    """The scope of whoever sees what is every unit's: it has to be named, for a scope of no units sees nothing."""

    def __contains__(self, unit_id: object) -> bool:
        return True

    def __bool__(self) -> bool:
        return True


EVERY_UNIT = EveryUnit()
# Whose matters a question is about. There is no third: what is neither is refused, not taken for everybody's.
Scope = Collection[int] | EveryUnit


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
