"""What a paper orders: which tasks, whom, and what those whom it addresses owe themselves.

Whoever stands behind a number by which a sentence orders is addressed by the paper and may be ordered.
"""

from collections.abc import Sequence
from datetime import date

from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.facts import Facts, OverdueFact, TaskFact
from tracker.domain.circulars.kinds import KINDS, CircularType, Tasks
from tracker.domain.progress import Work


def ordered(kind: CircularType, tasks: Sequence[TaskFact]) -> list[TaskFact]:
    """Return the tasks that a paper of a type orders: its annex, its numbers and whom it goes to are of these."""
    match KINDS[kind].covers:
        case Tasks.GOING_ON:
            return [task for task in tasks if task.goes_on]
        case Tasks.NOT_ENDED:
            return [task for task in tasks if not task.ended]
        case Tasks.NOT_CANCELLED:
            return [task for task in tasks if task.work.work is not Work.CANCELLED]
        case Tasks.ALL:
            return list(tasks)


def addressed(kind: CircularType, facts: Facts, *, scope: Scope) -> tuple[str, ...]:
    """Return whom a paper goes to by name: the unit that it is about, else who may be ordered of those who lead what it
    orders, or have any part in it, in official order.

    What orders nothing goes to whoever may open it. None stand for a paper to all units or to the leaders.
    """
    rules = KINDS[kind]
    if rules.to_leaders:
        return ()
    if scope.unit:
        return (scope.unit,)
    if not rules.is_order:
        return facts.circle
    tasks = ordered(kind, facts.tasks)
    to = [name for task in tasks for name in (*task.orderable, *(task.beside if rules.goes_to_all_parts else ()))]
    places = {name: place for place, name in enumerate(facts.official)}
    return tuple(sorted(dict.fromkeys(to), key=lambda name: places.get(name, len(places))))


def leads_of(tasks: Sequence[TaskFact]) -> list[str]:
    """Return who leads any of the tasks by its share; whom the text names first may bear a support share alone."""
    return list(dict.fromkeys(unit for task in tasks for unit in task.leads))


def owed_by_addressees(kind: CircularType, facts: Facts, *, scope: Scope) -> tuple[OverdueFact, ...]:
    """Return what is overdue of those whom the paper goes to; facts about one unit hold nobody else's."""
    if scope.unit:
        return facts.overdue
    to = addressed(kind, facts, scope=scope)
    return tuple(line for line in facts.overdue if line.unit in to)


def closing_ordered(task: TaskFact, *, scope: Scope, from_day: date) -> tuple[tuple[str, date], ...]:
    """Return who may be ordered to hand in the closing report of a lapsed task, and by when, from a day on."""
    if task.work.work is not Work.LAPSED:
        return ()
    return tuple(
        (unit, due_on)
        for unit, due_on in task.closing
        if due_on >= from_day and (scope.unit is not None or unit in task.orderable)
    )


def to_sign(orders: Sequence[TaskFact], *, scope: Scope) -> tuple[list[TaskFact], bool]:
    """Return the tasks for which somebody whom the paper goes to has yet to sign, and whether nobody signed for any."""
    if scope.unit:
        waiting = [task for task in orders if task.own is not None and task.own.awaits_receipt]
        return waiting, len(waiting) == len(orders)
    waiting = [task for task in orders if task.unsigned]
    return waiting, all({*task.orderable, *task.beside} <= {*task.unsigned} for task in orders)


def handed(orders: Sequence[TaskFact], *, on: date) -> dict[str, int]:
    """Count on how many days before one the orders were handed out, and of how many the term is over by then."""
    return {
        "handed_days": len({task.issued_on for task in orders if task.issued_on < on}),
        "handed_today": sum(task.issued_on >= on for task in orders),
        "handed_past": sum(task.due_on is not None and task.due_on < on for task in orders),
    }
