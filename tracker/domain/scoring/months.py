"""A month of evaluation 「考评月」 from its inputs to its circular: states, acts, and which decisions hold."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.domain.entered import FIRST_YEAR, LAST_YEAR
from tracker.domain.errors import BadInput, Rejected
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.questions import Decision

_MONTH = re.compile("([0-9]{4})(?:-([0-9]{2})|年([0-9]{1,2})月)")  # e.g. 2022-09, 2022年9月


class MonthState(StrEnum):
    """收集 → 排名初稿 → 核对 → 冻结 → 印发."""

    COLLECTING = "collecting"
    DRAFT = "draft"
    CHECK = "check"
    FROZEN = "frozen"
    ISSUED = "issued"


class MonthAct(StrEnum):
    """What the office does with a month."""

    RENEW = "renew"
    DRAFT = "draft"
    COLLECT = "collect"
    CHECK = "check"
    FREEZE = "freeze"
    ISSUE = "issue"


class ObjectionState(StrEnum):
    """Whether an objection is answered, and how."""

    OPEN = "open"
    UPHELD = "upheld"
    REFUSED = "refused"


class CorrectionState(StrEnum):
    """Of the correction of a published result: inputs are taken again, its result is kept, its circular is out."""

    OPEN = "open"
    FROZEN = "frozen"
    ISSUED = "issued"
    DROPPED = "dropped"


MONTH_TRANSITIONS: dict[tuple[MonthState, MonthAct], MonthState] = {
    (MonthState.COLLECTING, MonthAct.RENEW): MonthState.COLLECTING,
    (MonthState.COLLECTING, MonthAct.DRAFT): MonthState.DRAFT,
    (MonthState.DRAFT, MonthAct.COLLECT): MonthState.COLLECTING,
    (MonthState.DRAFT, MonthAct.CHECK): MonthState.CHECK,
    (MonthState.CHECK, MonthAct.FREEZE): MonthState.FROZEN,
    (MonthState.FROZEN, MonthAct.ISSUE): MonthState.ISSUED,
}
# What is handed in still counts.
TAKES_INPUTS = frozenset({MonthState.COLLECTING, MonthState.DRAFT, MonthState.CHECK})
# The evaluated bodies may read their own marks.
SHOWN_TO_OBJECTS = frozenset({MonthState.CHECK, MonthState.FROZEN, MonthState.ISSUED})
KEPT = frozenset({MonthState.FROZEN, MonthState.ISSUED})
# A correction of which something is still to come: a dropped one is over as a published one is.
CORRECTIONS_UNDER_WAY = frozenset({CorrectionState.OPEN, CorrectionState.FROZEN})


class MonthNotReady(Rejected):
    """A month is not in the state that the act needs; facts: score_month, score_state, score_act (codes)."""

    code = "score_month_not_ready"


class InputsClosed(Rejected):
    """A month takes no inputs any more; facts: score_month."""

    code = "score_inputs_closed"


class MonthUnreadable(BadInput):
    """A month is written neither as 2022-09 nor as 2022年9月; facts: value."""

    code = "score_month_unreadable"


class MonthBeforeScheme(Rejected):
    """A scheme may not be used for so early a month; facts: score_month, score_first."""

    code = "score_month_before_scheme"


class MonthRunning(Rejected):
    """A month has its figures when it is over; facts: score_month, until (its last day)."""

    code = "score_month_running"


def require_over(month: Month, *, today: date) -> None:
    """Refuse what is made of a month's figures as long as they are those of a part of it. Raises MonthRunning.

    Source: 驻政办〔2022〕53号 附件1一（五）: 截至当月末.
    """
    if not month.is_over(today):
        raise MonthRunning(score_month=str(month), until=month.last_day)


def next_state(state: MonthState, act: MonthAct, *, month: str) -> MonthState:
    """Return the state after an act. Raises MonthNotReady."""
    found = MONTH_TRANSITIONS.get((state, act))
    if found is None:
        raise MonthNotReady(score_month=month, score_state=state.value, score_act=act.value)
    return found


def takes_inputs(state: MonthState, corrections: Iterable[str]) -> bool:
    """Whether inputs are handed in: until the month is kept, and while a correction of what it published is open.

    `corrections` are the states of its corrections.
    """
    return state in TAKES_INPUTS or CorrectionState.OPEN.value in corrections


def require_from(month: Month, first: tuple[int, int] | None) -> None:
    """Refuse a month before the `first` one (year, month) of a scheme, where it has one. Raises MonthBeforeScheme."""
    if first is not None and (month.year, month.number) < first:
        year, number = first
        raise MonthBeforeScheme(score_month=str(month), score_first=str(Month(year, number)))


def written_month(text: str) -> Month | None:
    """Return the month that is written as 2022-09 or as people do, 2022年9月; None where it is neither."""
    found = _MONTH.fullmatch(text.strip())
    if found is None:
        return None
    year, number = int(found[1]), int(found[2] or found[3])
    return Month(year, number) if FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= 12 else None


def read_month(text: str) -> Month:
    """Return the month that is written as `written_month` reads it. Raises MonthUnreadable."""
    found = written_month(text)
    if found is None:
        raise MonthUnreadable(value=text.strip()[:20])
    return found


@dataclass(frozen=True, slots=True)
class Term:
    """For which months a decision holds: the first and the last, both included, as 2022-09; empty is no bound."""

    first: str = ""
    last: str = ""

    def covers(self, month: str) -> bool:
        return self.first <= month and (not self.last or month <= self.last)


def in_effect(decisions: Iterable[tuple[Term, Decision]], *, month: str) -> tuple[Decision, ...]:
    """Return the newest decision on each question that holds in a month, by the codes of the questions."""
    found: dict[str, Decision] = {}
    for term, decision in decisions:
        known = found.get(decision.question)
        if term.covers(month) and (known is None or known.version < decision.version):
            found[decision.question] = decision
    return tuple(found[code] for code in sorted(found))
