"""Whom a paper may praise or criticise by name 「拟表扬、拟批评」, as its content keeps it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class NamingAct(StrEnum):
    PRAISE = "praise"
    BLAME = "blame"


class NamingGround(StrEnum):
    """By which rule a unit is proposed: a recorded class, never words of a template."""

    WORK_DONE = "work_done"
    OVERDUE_WORK = "overdue_work"
    BEHIND_TWICE = "behind_twice"
    URGED_IN_VAIN = "urged_in_vain"


_ENDS = {NamingAct.PRAISE: "予以表扬", NamingAct.BLAME: "予以通报批评"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One unit with what is proposed for it, under its short name at the cut-off.

    `key` names the figure whose words are the grounds with their numbers, and whose sources are the facts.
    """

    key: str
    unit: str
    act: NamingAct
    grounds: tuple[NamingGround, ...]

    @property
    def statement(self) -> str:
        """The one sentence in which its figure may stand, word for word."""
        return f"{{{self.key}}}，{_ENDS[self.act]}。"


def named(proposals: Iterable[Proposal], statements: Iterable[str]) -> tuple[Proposal, ...]:
    """Return the proposals that a text makes use of, in their order."""
    said = " ".join(statements)
    return tuple(one for one in proposals if f"{{{one.key}}}" in said)
