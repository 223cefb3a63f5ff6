"""The leader's page 「一页」: three sentences, what is long overdue or behind with why and who, what waits for him."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from tracker.domain.accounts import EVERY_UNIT, Role
from tracker.domain.calendar import local_day
from tracker.domain.progress import Work
from tracker.store.queries.editions_under_way import waiting_for
from tracker.store.queries.instructions import (
    Instruction,
    count_instructions,
    count_news,
    instructions_of,
    open_instructions,
)
from tracker.store.queries.owed_lists import count_overdue
from tracker.store.queries.requests import pending_requests
from tracker.store.queries.rollups import by_unit
from tracker.store.queries.task_ledger import LedgerTask, last_facts, ledger_tasks
from tracker.web.access import actor, allow, services
from tracker.web.document_parts import document_parts
from tracker.web.instruction_cards import LOOKED_THROUGH, InstructionCard, card_of, cards_of, own_id
from tracker.web.ledger_lines import LedgerLine, ledger_line
from tracker.web.ledger_question import LedgerQuestion, in_order
from tracker.web.presentation import date_words
from tracker.web.trend import trend_shown

pages = Blueprint("leader", __name__)
# Working days from which a delay is the leader's matter: on the day after the third step of the ladder.
LATE_WORKDAYS = 5
_CARDS = 10
# The tasks that are looked through for those cards: a form that a unit did not send can hold all its tasks.
_LOOKED_THROUGH = 200
_INSTRUCTIONS = 5


@dataclass(frozen=True, slots=True)
class Rows:
    """What is listed: how many there are of how many units, the first in words, and where all are.

    `whose` are by task the units of whom its card speaks.

    Tasks of which all the same is to be said, as of those of a form that was not sent, are one card. Of several leads
    of a task those are counted and named that are late, or behind, themselves.
    """

    total: int
    units: int
    cards: Sequence[Sequence[LedgerLine]]
    whose: Mapping[int, Sequence[int]]
    address: str


@pages.get("/leader")
@allow(Role.LEADER)
def show() -> ResponseReturnValue:
    """Show what a leader sees first: every number leads to its rows, every row says why, who and what was done."""
    now = services().clock.now()
    with services().database.reading() as session:
        tasks = ledger_tasks(session, unit_ids=EVERY_UNIT, now=now, by=services().reckoning)
        late = _rows(session, LedgerQuestion(late=LATE_WORKDAYS), [one for one in tasks if is_long_late(one)])
        shown = {line.task_id for card in late.cards for line in card}
        behind = [one for one in tasks if one.standing.work.work is Work.BEHIND]
        behind_rows = _rows(session, LedgerQuestion(work=Work.BEHIND), behind, but=shown)
        editions = waiting_for(session, actor()).to_approve
        requests = pending_requests(session, by_leader=True)
        mine = instructions_of(session, leader_id=own_id(), limit=LOOKED_THROUGH, offset=0)
        given = open_instructions(session, limit=LOOKED_THROUGH)
        return render_template(
            "web/leader/show.html",
            day=date_words(local_day(now)),
            late_workdays=LATE_WORKDAYS,
            late=late,
            behind=behind_rows,
            overdue=count_overdue(session, now=now, unit_ids=EVERY_UNIT),
            overdue_units=len(by_unit(session, now=now)),
            editions=editions,
            requests=requests,
            instructions=cards_of(mine)[:_INSTRUCTIONS],
            given=_by_task(given),
            instructed=count_instructions(session, leader_id=own_id()),
            news=count_news(session, leader_id=own_id()),
            documents=document_parts(session, tasks),
            **trend_shown(session),
        )


def _by_task(given: Sequence[Instruction]) -> dict[int, InstructionCard]:
    """Return the newest open instruction on each task, whoever of the leaders gave it."""
    return {one.task_id: card_of(one) for one in reversed(given)}


def is_long_late(task: LedgerTask) -> bool:
    """Tell whether a task is overdue for more than `LATE_WORKDAYS` working days."""
    return task.standing.lights.workdays_late > LATE_WORKDAYS


def _rows(
    session: Session, question: LedgerQuestion, tasks: Sequence[LedgerTask], *, but: set[int] | None = None
) -> Rows:
    """Word the first of some tasks, the longest overdue first; `but` are shown elsewhere on the page."""
    today = local_day(services().clock.now())
    ordered = [one for one in in_order(question, tasks) if one.standing.task_id not in (but or ())][:_LOOKED_THROUGH]
    facts = last_facts(session, [one.standing.task_id for one in ordered], unit_ids=EVERY_UNIT)
    cards: dict[object, list[LedgerLine]] = defaultdict(list)
    for one in ordered:
        of = _whose(one, question)
        line = ledger_line(one, facts.get(one.standing.task_id), (), today=today, of=of)
        line = replace(line, leads="、".join(of.values()))
        cards[_said(line)].append(line)
    whose = {one.standing.task_id: tuple(_whose(one, question)) for one in tasks}
    units = {unit for named in whose.values() for unit in named}
    address = question.address(url_for("task_ledger.show"))
    return Rows(len(tasks), len(units), list(cards.values())[:_CARDS], whose, address)


def _whose(task: LedgerTask, question: LedgerQuestion) -> Mapping[int, str]:
    """Return the leads of whom the question holds themselves: who are late for so long, or whose own work is so."""
    standing = task.standing

    def is_asked_for(unit_id: int) -> bool:
        if question.late is not None:
            return standing.lead_lights[unit_id].workdays_late > question.late
        return standing.lead_works[unit_id].work is question.work

    return {unit_id: name for unit_id, name in task.leads.items() if is_asked_for(unit_id)}


def _said(line: LedgerLine) -> object:
    """Return what a card says beside the names of its tasks."""
    return line.document_id, line.leads, line.work, line.lights, line.court, line.since, line.fact_of, line.fact
