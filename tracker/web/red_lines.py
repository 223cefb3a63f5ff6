"""What of a unit is red or behind, with who holds the ball: by the predicates of the overdue list and of the ledger."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from tracker.domain.calendar import local_day
from tracker.domain.courts import Court, Holder
from tracker.domain.progress import Work
from tracker.store.queries.owed_lists import count_overdue, overdue_lines
from tracker.store.queries.task_ledger import ledger_tasks
from tracker.web.access import services
from tracker.web.ledger_lines import LedgerLine, ledger_line
from tracker.web.presentation import ListLine, list_line
from tracker.wording.task_ledger import court_words

_MOST = 20


@dataclass(frozen=True, slots=True)
class RedLines:
    """The longest overdue series, each with who holds the ball, of `overdue` in all; tasks that are behind likewise."""

    lines: tuple[tuple[ListLine, str], ...]
    overdue: int
    tasks: tuple[LedgerLine, ...]
    behind: int


def red_lines(session: Session, *, unit_ids: Collection[int], now: datetime) -> RedLines:
    """Return what of units is overdue, and which of their tasks are behind their schedule."""
    late = overdue_lines(session, now=now, unit_ids=unit_ids, limit=_MOST)
    tasks = ledger_tasks(session, unit_ids=unit_ids, now=now, by=services().reckoning)
    behind = [task for task in tasks if task.standing.work.work is Work.BEHIND]
    return RedLines(
        lines=tuple(
            (list_line(line, now=now, services=services()), _court(line.awaiting_sign_off, line.unit_name))
            for line in late
        ),
        overdue=count_overdue(session, now=now, unit_ids=unit_ids),
        tasks=tuple(ledger_line(task, None, (), today=local_day(now)) for task in behind[:_MOST]),
        behind=len(behind),
    )


def _court(awaits_sign_off: bool, unit_name: str) -> str:
    """Say who holds the ball of an overdue series: what the office has is not overdue."""
    return court_words(Court(Holder.HEAD if awaits_sign_off else Holder.LIAISON, unit_name))
