"""Whom a paper may praise or criticise by name 「拟表扬、拟批评」, as its content keeps it."""

from collections.abc import Iterable, Mapping
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
    FALSITY = "falsity"


_KEY = "naming_"
# By the words of its heading the chapter in which the sentence of an act stands last; the first that a paper has.
CHAPTERS: Mapping[NamingAct, tuple[str, ...]] = {
    NamingAct.PRAISE: ("办理进展",),
    NamingAct.BLAME: ("存在问题", "报送情况"),
}
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


def naming_key(letters: str) -> str:
    """Return the key of a proposal's figure."""
    return f"{_KEY}{letters}"


def is_naming(key: str) -> bool:
    """Tell whether a figure is that of a proposal."""
    return key.startswith(_KEY)


def named(proposals: Iterable[Proposal], statements: Iterable[str]) -> tuple[Proposal, ...]:
    """Return the proposals that a text makes use of, in their order."""
    said = " ".join(statements)
    return tuple(one for one in proposals if f"{{{one.key}}}" in said)
