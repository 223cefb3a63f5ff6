"""Words that no item claims and that may oblige somebody 「可能漏项」: open until a person decides them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.items import SpanRole
from tracker.domain.readings.coverage import Span


class PossibleReason(StrEnum):
    """Why words may oblige somebody."""

    BODY_AND_DUTY = "body_and_duty"
    NUMBER_AND_GOAL = "number_and_goal"
    DAY = "day"
    RHYTHM = "rhythm"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class PossibleItem:
    """A stretch [start, end) with its reason; `classes` are the roles that its own words speak for."""

    start: int
    end: int
    reason: PossibleReason
    classes: tuple[SpanRole, ...] = ()

    def accepts(self, span: Span) -> bool:
        """Say whether declaring the stretch decides it: by a class of its own words, or by a person who is named."""
        return span.role in self.classes or bool(span.decided_by)


def undecided(
    found: Iterable[PossibleItem], *, items: Iterable[tuple[int, int]], declared: Iterable[Span]
) -> tuple[PossibleItem, ...]:
    """Return what neither became an item nor was declared background by a class or a person."""
    claimed, named = tuple(items), tuple(declared)
    return tuple(
        one
        for one in found
        if not any(start < one.end and one.start < end for start, end in claimed)
        and not any(span.start <= one.start and one.end <= span.end and one.accepts(span) for span in named)
    )
