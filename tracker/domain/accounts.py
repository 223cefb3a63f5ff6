"""Who works with the system and what each role is for."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from tracker.domain.errors import BadInput, Forbidden


class Role(StrEnum):
    LIAISON = "liaison"
    UNIT_HEAD = "unit_head"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    READER = "reader"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"
    PENDING = "pending"
    SYSTEM = "system"


# Three people who keep the system and see nothing of what it is about: accounts, rights, and what everybody did.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
# Whose account waits until somebody else than who created it has granted a role: it carries no right but to itself.
WAITING = frozenset({Role.PENDING})
# Who works on documents and tasks.
ON_MATTERS = frozenset(Role) - ADMINISTRATORS - WAITING - {Role.SYSTEM}
# Who is always somebody of a unit, and whose role nobody has without one.
OF_A_UNIT = frozenset({Role.LIAISON, Role.UNIT_HEAD})
# Who sees what is every unit's, or keeps accounts, and is nobody of one of them.
OVER_ALL_UNITS = ADMINISTRATORS | {Role.SUPERVISOR, Role.LEADER}
# Whose role goes back where another takes the second factor away: who may do more than a liaison or a reader may.
GUARDED = ADMINISTRATORS | {Role.SUPERVISOR, Role.LEADER, Role.UNIT_HEAD}
# What somebody may be granted.
GRANTABLE = ON_MATTERS | ADMINISTRATORS


class NotYourTask(Forbidden):
    """The role or the unit does not entitle this person to the act; facts: act."""

    code = "not_your_task"


_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
# As mail servers take it that know nothing of other letters (RFC 5321): atoms with dots between, a name of a host.
_ATOM, _LABEL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+", r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
_LONGEST_EMAIL = 254


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
    """Who acts: a person of a unit, a person of the office, or the system itself; `address` is where from.

    A deputy acts as himself in another's name: `user_id` is his own, `for_id` of whom he acts for, and `name` has both.
    """

    user_id: int | None
    name: str
    role: Role
    unit_id: int | None = None
    unit_name: str | None = None
    address: str | None = None
    for_id: int | None = None

    @property
    def persons(self) -> frozenset[int]:
        """Whose act it counts as, where two persons have to act: that of the deputy and of whom he acts for."""
        return frozenset(id_ for id_ in (self.user_id, self.for_id) if id_ is not None)


SYSTEM = Actor(user_id=None, name="系统", role=Role.SYSTEM)


_FOR = "（代"


def acting_for(deputy: Actor, *, user_id: int, name: str) -> Actor:
    """Return a deputy as he acts in another's name, with his own rights: 王某（代李某）."""
    return replace(deputy, name=f"{deputy.name}{_FOR}{name}）", for_id=user_id)


def own_name(written: str) -> str:
    """Return the person's own name of one under which somebody acted, for himself or for another."""
    return written.partition(_FOR)[0]


class LoginMalformed(BadInput):
    """A login is not written as one."""

    code = "login_malformed"


class EmailMalformed(BadInput):
    """A mail address is not written as one."""

    code = "email_malformed"


def check_login(text: str) -> str:
    """Return a login of lower-case letters, digits and a few signs. Raises LoginMalformed."""
    if not _LOGIN.fullmatch(text):
        raise LoginMalformed()
    return text


def check_email(text: str) -> str | None:
    """Return a mail address, None where none was written. Raises EmailMalformed."""
    if text and not (_EMAIL.fullmatch(text) and len(text) <= _LONGEST_EMAIL):
        raise EmailMalformed()
    return text or None


def require_role(actor: Actor, *roles: Role, act: str) -> None:
    """Refuse an act that the actor's role does not carry. Raises NotYourTask."""
    if actor.role not in roles:
        raise NotYourTask(act=act)
