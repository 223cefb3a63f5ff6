"""Several organs issue a paper together 「联合行文」, and the head of each countersigns it 「会签」.

Source: 党政机关公文处理工作条例（中办发〔2012〕14号） 第十七条 (organs of one level), 第二十二条 (their heads sign).
"""

from collections.abc import Collection, Sequence
from enum import StrEnum

from tracker.domain.errors import BadInput, Rejected
from tracker.domain.units import UnitKind

# No rule names a time for an answer; the office asks for one within three working days, as for other words of units.
COUNTERSIGN_WORKDAYS = 3
_MOST_NAMED = 3
_DEPARTMENTS = (UnitKind.CITY_DEPARTMENT, UnitKind.PARTY_DEPARTMENT)
# An organ that issues a paper with the host: its full name and its class.
Organ = tuple[str, UnitKind]


class Purpose(StrEnum):
    """What a co-issuing organ signs: that the paper goes out, or that one which went out is withdrawn."""

    ISSUE = "issue"
    WITHDRAWAL = "withdrawal"


class CoIssuerState(StrEnum):
    """Where an organ stands with a paper: named, asked, agreed, returned with a reason, dropped.

    It is `named` again where the office took its question back or the words were changed.
    """

    NAMED = "named"
    ASKED = "asked"
    AGREED = "agreed"
    RETURNED = "returned"
    DROPPED = "dropped"


# Who was shown the words may read them.
SHOWN = frozenset({CoIssuerState.ASKED, CoIssuerState.AGREED, CoIssuerState.RETURNED})


class AskEnd(StrEnum):
    """Why a question or a signature counts no more: taken back by the office, or the words were changed."""

    TAKEN_BACK = "taken_back"
    CHANGED = "changed"


class DropCause(StrEnum):
    """Why an organ is no co-issuer any more: dropped by the office, or its paper was put away or superseded."""

    DROPPED = "dropped"
    DISCARDED = "discarded"
    OVERTAKEN = "overtaken"


class NoJointPaper(BadInput):
    """The office issues this paper with nobody: a brief to leaders, or by an organ that has no equal."""

    code = "no_joint_paper"


class MayNotCoIssue(BadInput):
    """The unit is no organ of the same level, is the host itself or whom the paper is written to; facts: unit."""

    code = "may_not_co_issue"


class CoIssuerWithoutHead(BadInput):
    """Nobody could countersign for the unit; facts: unit."""

    code = "co_issuer_without_head"


class CoIssuerAlready(Rejected):
    """The unit co-issues the paper already; facts: unit."""

    code = "co_issuer_already"


class CoIssuersOfCorrection(Rejected):
    """A correction is issued by the organs that issued what it corrects."""

    code = "co_issuers_of_correction"


class NobodyToCountersign(Rejected):
    """There is no co-issuer, each has been asked already, or the paper was approved, issued or put away."""

    code = "nobody_to_countersign"


class NothingToCountersign(Rejected):
    """It was answered, the office took it back, or the words were changed since the page was opened."""

    code = "nothing_to_countersign"


class CountersignWordsMissing(BadInput):
    """A head gives the words back and does not say why."""

    code = "countersign_words_missing"


class NotCountersigned(Rejected):
    """A co-issuer has not agreed to the words as they stand; facts: units."""

    code = "not_countersigned"


class CoIssuerChanged(Rejected):
    """A co-issuer went up in another unit, or bears another name than the paper prints; facts: unit."""

    code = "co_issuer_changed"


class WithdrawalNotCountersigned(Rejected):
    """A co-issuer has not agreed to withdraw the paper for this reason; facts: units."""

    code = "withdrawal_not_countersigned"


def check_may_co_issue(
    unit: str, kind: UnitKind, *, gone: bool, host: str, addressed: str | None, kinds: Collection[UnitKind]
) -> None:
    """Refuse an organ that the host may not issue with; `kinds` are those of its level. Raises MayNotCoIssue."""
    if gone or kind not in kinds or unit in (host, addressed):
        raise MayNotCoIssue(unit=unit)


def organs_in_title(host: str, others: Sequence[Organ]) -> str:
    """Return how a title names the organs: up to three by name, else the host and how many; the host first.

    Departments of government and party are 「等4部门」; with a court or a congress among them 「等4个单位」.
    """
    organs = [host, *(name for name, _kind in others)]
    if len(organs) <= _MOST_NAMED:
        return " ".join(organs)
    word = "部门" if all(kind in _DEPARTMENTS for _name, kind in others) else "个单位"
    return f"{host}等{len(organs)}{word}"


def retitled(title: str, host: str, *, before: Sequence[Organ], now: Sequence[Organ]) -> str:
    """Return a title that names the organs of now, where it began with those of before; else as it is."""
    old = organs_in_title(host, before)
    return organs_in_title(host, now) + title.removeprefix(old) if title.startswith(old) else title
