"""How it is said what an event tells of a row.

A column is given by the name of the fact that it holds; or by what stands beside the facts of an event (`Beside`); or
by a value, which is what it holds after such an event (`Is`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from tracker.store.row_digests import digest_field


class Beside(Enum):
    """What stands beside the facts of an event."""

    ACTOR = auto()
    ACTOR_ID = auto()
    AT = auto()
    UNIT = auto()
    TASK = auto()


@dataclass(frozen=True, slots=True)
class Is:
    """A value that a column has after an event."""

    value: object


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact under this name; None where it was not kept yet with `kept_later`, and an empty one with `or_none`."""

    name: str
    kept_later: bool = False
    or_none: bool = False


Columns = Mapping[str, "str | Beside | Is | Fact"]


@dataclass(frozen=True, slots=True)
class Says:
    """What an event says of a row of a table: which one, and what its columns hold.

    `each` names the fact that lists what is said of several rows. It holds only `when` a fact has a value, and with
    `optional` only of the events that name such a row.
    """

    table: str
    key: str | Beside
    columns: Columns
    each: str | None = None
    when: Mapping[str, object] = field(default_factory=dict)
    born: bool = False
    optional: bool = False


def sealed(table: str, fact: str = "sealed") -> Mapping[str, Fact]:
    """Say that an event tells the digest of such columns of a row."""
    return {digest_field(table): Fact(fact, kept_later=True)}
