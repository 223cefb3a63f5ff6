"""All tasks of a unit in numbers, for a page that lists only what is to be done: each number leads to its lines."""

from dataclasses import dataclass

from flask import url_for
from sqlmodel import Session

from tracker.store.queries.handlers import count_handled
from tracker.store.queries.task_ledger import roles_counted
from tracker.store.queries.units import units_read_for
from tracker.web.access import actor, reads_for
from tracker.web.ledger_question import LedgerQuestion
from tracker.wording.task_ledger import ROLE_NAMES


@dataclass(frozen=True, slots=True)
class Count:
    name: str
    tasks: int
    address: str


def unit_tasks(session: Session) -> tuple[Count, ...]:
    """Count the tasks of the viewer's units by their part in them, as their ledger lists them.

    How each stands is judged by the ledger alone, as judging takes longer than all else on a first page.
    """
    ledger, counted = url_for("task_ledger.show"), roles_counted(session, unit_ids=reads_for(session))
    return tuple(
        Count(ROLE_NAMES[role], tasks, LedgerQuestion(role=role).address(ledger))
        for role, tasks in counted.items()
        if tasks
    )


def handled_tasks(session: Session) -> Count | None:
    """Count those that the viewer handles himself 「经办」; None where he handles none."""
    units, address = units_read_for(session, actor().unit_id), LedgerQuestion(mine=True).address
    handled = count_handled(session, person_id=actor().user_id or 0, unit_ids=units)
    return Count("本人经办", handled, address(url_for("task_ledger.show"))) if handled else None
