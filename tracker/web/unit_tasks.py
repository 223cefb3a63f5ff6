"""All tasks of a unit in numbers, for a page that lists only what is to be done: each number leads to its lines."""

from dataclasses import dataclass

from flask import url_for
from sqlmodel import Session

from tracker.store.queries.task_ledger import roles_counted
from tracker.web.access import reads_for
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
