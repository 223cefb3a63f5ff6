"""All tasks of a unit in numbers, for a page that lists only what is to be done: each number leads to its lines."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlmodel import Session

from tracker.domain.courts import Holder
from tracker.domain.items import AssignmentRole
from tracker.domain.light_kinds import LightColour
from tracker.store.queries.task_ledger import ledger_tasks
from tracker.web.access import reads_for, services
from tracker.web.ledger_question import LedgerQuestion
from tracker.wording.task_ledger import HOLDER_NAMES, LIGHT_CHOICES


@dataclass(frozen=True, slots=True)
class Count:
    name: str
    tasks: int
    address: str


@dataclass(frozen=True, slots=True)
class UnitTasks:
    """How many tasks the units have; those that they lead by light and by who holds the ball, each once in either."""

    total: int
    led: Count
    supported: Count
    lights: tuple[Count, ...]
    courts: tuple[Count, ...]


def unit_tasks(session: Session, *, now: datetime) -> UnitTasks:
    """Count the tasks of the viewer's units, as their ledger lists them."""
    tasks = ledger_tasks(session, unit_ids=reads_for(session), now=now, by=services().reckoning)
    led = [one for one in tasks if one.own_role == AssignmentRole.LEAD.value]
    lights = Counter(one.standing.lights.shown.colour for one in led)
    courts = Counter(one.court.holder for one in led)
    lead = LedgerQuestion(role=AssignmentRole.LEAD)
    support = LedgerQuestion(role=AssignmentRole.SUPPORT)
    return UnitTasks(
        len(tasks),
        _count("牵头", len(led), lead),
        _count("配合", len(tasks) - len(led), support),
        tuple(
            _count(LIGHT_CHOICES[colour.value], lights[colour], LedgerQuestion(role=AssignmentRole.LEAD, light=colour))
            for colour in LightColour
            if lights[colour]
        ),
        tuple(
            _count(HOLDER_NAMES[holder], courts[holder], LedgerQuestion(role=AssignmentRole.LEAD, holder=holder))
            for holder in Holder
            if courts[holder]
        ),
    )


def _count(name: str, tasks: int, question: LedgerQuestion) -> Count:
    return Count(name, tasks, question.address(url_for("task_ledger.show")))
