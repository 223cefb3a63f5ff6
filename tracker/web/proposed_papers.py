"""Papers that the ladder proposes to the office 「建议发文」: each a draft by one press, none sent by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from tracker.domain.accounts import Role
from tracker.domain.calendar import local_day
from tracker.domain.deadlines import due_day
from tracker.domain.proposed_papers import Delay, ProposedPaper, proposed_paper
from tracker.store.queries.proposed_papers import LateUnit, late_units
from tracker.web.access import allow, services
from tracker.web.clocks import late_before
from tracker.web.list_exports import send_list
from tracker.wording.codes import CIRCULAR_NAMES

pages = Blueprint("proposed_papers", __name__)
_COLUMNS = {"序号": 6, "单位": 30, "建议文种": 14, "逾期份数": 10, "最早一份的时限": 16, "已逾期工作日": 12}


@dataclass(frozen=True, slots=True)
class Proposal:
    unit: LateUnit
    paper: ProposedPaper

    @property
    def due_on(self) -> object:
        """The last day on which the oldest could be filed in time."""
        return due_day(self.paper.oldest.since)


@pages.get("/desk/papers")
@allow(Role.SUPERVISOR)
def show() -> ResponseReturnValue:
    """Show which papers are due by the ladder as things stand; looking writes nothing."""
    with services().database.reading() as session:
        found = proposals(session)
    steps = [(CIRCULAR_NAMES[step.paper.value], step.workdays_late) for step in services().policy.ladder if step.paper]
    return render_template("web/desk/papers.html", proposals=found, steps=steps)


@pages.get("/desk/papers.xlsx")
@allow(Role.SUPERVISOR)
def as_workbook() -> ResponseReturnValue:
    """Send the same as a list."""
    with services().database.reading() as session:
        found = proposals(session)
    rows = (
        (
            one.unit.name,
            CIRCULAR_NAMES[one.paper.type.value],
            one.paper.delays,
            due_day(one.paper.oldest.since),
            one.paper.oldest.workdays,
        )
        for one in found
    )
    return send_list("建议发文", _COLUMNS, rows)


def proposals(session: Session) -> Sequence[Proposal]:
    """Return what the ladder proposes now, in official order."""
    policy, now = services().policy, services().clock.now()
    first = min((step.workdays_late for step in policy.ladder if step.paper is not None), default=None)
    if first is None:
        return ()
    today, calendar, found = local_day(now), services().calendar, []
    # A day more is read than may be late enough; the domain counts.
    before = late_before(workdays=max(first - 1, 0), now=now, services=services())
    for unit in late_units(session, before=before):
        delays = [Delay(since, calendar.workdays_between(due_day(since), today)) for since in unit.since]
        paper = proposed_paper(delays, told=unit.told, ladder=policy.ladder)
        if paper is not None:
            found.append(Proposal(unit, paper))
    return found
