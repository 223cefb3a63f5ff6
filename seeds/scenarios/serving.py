"""What units of a scenario do with papers that were served on them, and the office with their answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from seeds.scenarios.deciding import OFFICE
from seeds.scenarios.people import acting_unit, head, liaison
from seeds.scenarios.scenario import Conduct
from tracker.domain.calendar import WorkdayCalendar, at_local, local_day
from tracker.domain.served_papers import ServedState
from tracker.store.queries.served_papers import unread_answers
from tracker.store.tables.served_papers import ServedPaperRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.served_papers import read_answer, receive_paper, sign_answer, write_answer

_ANSWER = "已逐项核查所列事项：逾期的主要是报送环节衔接不及时，已明确专人负责，进展和佐证随填报表补报，今后按期报送。"
_LATE_BY_WORKDAYS = 2
_READ_WITHIN_WORKDAYS = 2


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who acts for units: `plays` says whether the player does, `conduct` how."""

    plays: Callable[[UnitRow], bool]
    conduct: Callable[[UnitRow], Conduct]


def handle_papers(session: Session, day: date, *, by: Recipients, calendar: WorkdayCalendar) -> None:
    """Let units sign for what they were served, answer it when its day comes, and the office read what came.

    Whoever says nothing at all leaves papers lying too.
    """
    wanted = (
        select(ServedPaperRow, UnitRow)
        .join(UnitRow, col(UnitRow.id) == col(ServedPaperRow.unit_id))
        .where(col(ServedPaperRow.state).in_([ServedState.SERVED.value, ServedState.RECEIVED.value]))
        .order_by(col(ServedPaperRow.id))
    )
    for paper, unit in session.execute(wanted).all():
        acting = acting_unit(session, unit)
        if acting is None or not by.plays(acting) or by.conduct(acting) is Conduct.SILENT:
            continue
        served_id = paper.id or 0
        if paper.state == ServedState.SERVED.value:
            receive_paper(session, served_id=served_id, actor=liaison(acting), at=at_local(day, 10, 5))
        if paper.wants_answer and by.conduct(acting).reports and _is_the_day(paper, by.conduct(acting), day, calendar):
            session.flush()
            given = {"served_id": served_id, "version": paper.version, "at": at_local(day, 10, 40)}
            write_answer(session, words=_ANSWER, actor=liaison(acting), **given)
            session.flush()
            sign_answer(session, served_id=served_id, shown=paper.version, actor=head(acting), at=at_local(day, 15, 10))
    for answer in unread_answers(session):
        signed_on = local_day(answer.signed_at or at_local(day, 0, 0))
        if calendar.add_workdays(signed_on, _READ_WITHIN_WORKDAYS) <= day:
            read_answer(session, served_id=answer.served_id, actor=OFFICE, at=at_local(day, 16, 40))


def _is_the_day(paper: ServedPaperRow, conduct: Conduct, day: date, calendar: WorkdayCalendar) -> bool:
    """Tell whether a unit answers on this day: on the last working day for it, or some days late."""
    if paper.answer_on is None:
        return True
    if conduct is Conduct.LATE:
        return day >= calendar.add_workdays(paper.answer_on, _LATE_BY_WORKDAYS)
    return day >= calendar.previous_workday(paper.answer_on)
