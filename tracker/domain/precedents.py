"""How the office decided a like request before 「先例」."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Likeness(IntEnum):
    """What a decided request has in common with one that waits, the most telling first."""

    SAME_TASK = 1
    SAME_UNIT_AND_DOCUMENT = 2
    SAME_UNIT = 3
    SAME_DOCUMENT = 4


@dataclass(frozen=True, slots=True)
class Matter:
    """What a request is about."""

    kind: str
    task_id: int
    unit_id: int
    document_id: int


@dataclass(frozen=True, slots=True)
class Decided:
    """A decided request; `new_due_at` is what was granted of an extension, or what was asked for and refused."""

    request_id: int
    kind: str
    task_id: int
    unit_id: int
    document_id: int
    unit_name: str
    document_number: str
    item_label: str
    item_title: str
    state: str
    reason: str
    new_due_at: datetime | None
    decision_reason: str | None
    decided_by: str
    decided_at: datetime

    @property
    def matter(self) -> Matter:
        return Matter(self.kind, self.task_id, self.unit_id, self.document_id)


@dataclass(frozen=True, slots=True)
class Precedent:
    likeness: Likeness
    decided: Decided


def likeness(asked: Matter, decided: Matter) -> Likeness | None:
    """Tell what two requests have in common; None where nothing, or where they ask for different things."""
    if asked.kind != decided.kind:
        return None
    same_unit, same_document = asked.unit_id == decided.unit_id, asked.document_id == decided.document_id
    cases = {
        Likeness.SAME_TASK: asked.task_id == decided.task_id,
        Likeness.SAME_UNIT_AND_DOCUMENT: same_unit and same_document,
        Likeness.SAME_UNIT: same_unit,
        Likeness.SAME_DOCUMENT: same_document,
    }
    return next((one for one, holds in cases.items() if holds), None)


def precedents(asked: Matter, decided: Iterable[Decided], *, most: int) -> tuple[Precedent, ...]:
    """Return the likest of what was decided, of those that are alike the latest first."""
    alike = [Precedent(like, one) for one in decided if (like := likeness(asked, one.matter)) is not None]
    alike.sort(key=lambda found: (found.likeness, -found.decided.decided_at.timestamp(), -found.decided.request_id))
    return tuple(alike[:most])
