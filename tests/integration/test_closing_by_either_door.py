"""What lapsed is asked for its closing report alone: by whichever door it comes, it is that, and changes by no act."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.completing import DAY, do, due_of, give_back, standing_at, stands, started
from tests.support.owed_city import BY, LEADER, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tracker.domain.deliveries import Outgoing
from tracker.domain.lifecycle import TaskNotOpen
from tracker.domain.light_kinds import LightReason
from tracker.domain.owed import Paper, paper_class
from tracker.domain.progress import Work
from tracker.domain.verdicts import Verdict
from tracker.steps.closing import ClosingUnderReview
from tracker.store.database import Database
from tracker.store.queries.series import series_views
from tracker.store.queries.task_acts import task_acts
from tracker.store.tables.filings import CorrectionRow, ReportRow
from tracker.store.tables.series import PeriodRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import cancel_task, resume_task, suspend_task
from tracker.usecases.sharing import change_deadline, release_share
from tracker.usecases.sweeping import sweep

_BACK = at(1, 20, year=2023)
_CORRECT_BY = at(1, 30, year=2023)
Door = Callable[[OwedCity, datetime], int]


def _by_form(city: OwedCity, when: datetime) -> int:
    return city.file("swj", "closing", when=when)


def _outside(city: OwedCity, when: datetime) -> int:
    return city.complete("swj", when=when)


_DOORS = pytest.mark.parametrize("door", [_by_form, _outside], ids=["in its form", "outside forms"])


def _lapsed(database: Database) -> OwedCity:
    """Return the city whose document ended on 20 December; the closing report is due by 12 January."""
    city = open_owed_city(database, expires_on=date(2022, 12, 20))
    for period, day in (("2022-09", at(9, 28)), ("2022-10", at(10, 31)), ("2022-11", at(11, 28))):
        city.grow(day)
        city.file("swj", period, when=day)
    _pass(city, at(12, 22))
    return city


def _pass(city: OwedCity, now: datetime) -> None:
    sweep(city.database, now=now, by=BY, outgoing=Outgoing(mail=False, machine_now=now))


def _paper(city: OwedCity, now: datetime) -> Paper:
    row = city.rows("swj")["closing"]
    with city.database.reading() as session:
        [view] = series_views(session, [session.get_one(PeriodRow, row.period_id).series_id])
        return paper_class(next(one for one in view.periods if one.period_id == row.period_id), now=now)


def _deadline(city: OwedCity, when: datetime) -> None:
    act = {"task_id": city.task_id(), "new_on": date(2023, 2, 10), "reason": "会议议定", "at": when, "by": BY}
    do(city, lambda session: change_deadline(session, actor=LEADER, **act))  # type: ignore[arg-type]  # by name


@_DOORS
@pytest.mark.parametrize(("came", "late"), [(at(12, 26), False), (at(1, 13, year=2023), True)], ids=["early", "late"])
def test_it_is_filed_returned_and_filed_again_in_its_row(
    database: Database, door: Door, came: datetime, *, late: bool
) -> None:
    city = _lapsed(database)
    report_id = door(city, came)
    row = city.rows("swj")["closing"]
    assert (row.state, row.late) == ("filed", late)
    with database.reading() as session:
        report = session.get_one(ReportRow, report_id)
        assert (report.row_id, report.late) == (row.id, late)
    assert stands(city, came + DAY)[0] is Work.COMPLETION_PENDING
    give_back(city, report_id, _BACK)
    work, _light, lines = stands(city, _BACK + timedelta(hours=2))
    assert (work, lines) == (Work.LAPSED, [])
    assert city.task().state == "lapsed"
    assert (city.rows("swj")["closing"].correction_due_at or _BACK) > _CORRECT_BY
    assert stands(city, _CORRECT_BY)[2] == []
    again = door(city, _CORRECT_BY)
    with database.reading() as session:
        assert [one.outcome for one in session.scalars(select(CorrectionRow))] == ["in_time"]
    accept_at = _CORRECT_BY + DAY
    do(city, lambda session: accept_report(session, report_id=again, actor=OFFICE, at=accept_at, verdict=Verdict()))
    assert _paper(city, accept_at + DAY) is (Paper.LATE if late else Paper.ON_TIME)
    assert_reckoned(database)


@_DOORS
def test_while_it_waits_the_task_changes_by_no_act_and_lapses_again_when_it_is_returned(
    database: Database, door: Door
) -> None:
    city = _lapsed(database)
    with pytest.raises(TaskNotOpen):
        _deadline(city, at(12, 23))
    report_id, when = door(city, at(12, 26)), at(12, 27)
    with pytest.raises(ClosingUnderReview, match="市商务局"):
        _deadline(city, when)
    task_id, why = city.task_id(), "不再办理"
    with pytest.raises(ClosingUnderReview):
        do(city, lambda session: cancel_task(session, task_id=task_id, reason=why, actor=OFFICE, at=when))
    give_back(city, report_id, at(12, 29))
    assert city.task().state == "lapsed"
    assert "open" not in city.states("swj").values()
    assert stands(city, at(12, 30))[:1] == (Work.LAPSED,)
    with pytest.raises(TaskNotOpen):
        _deadline(city, at(12, 30))
    assert_reckoned(database)


def test_work_that_goes_on_after_a_pause_is_not_late_by_what_came_late_before(database: Database) -> None:
    city = started(database, "swj")
    due = due_of(city, "swj")
    give_back(city, city.complete("swj", when=due + 2 * DAY), due + 3 * DAY)
    assert stands(city, due + 4 * DAY)[:2] == (Work.OVERDUE_WORK, LightReason.NOT_COMPLETED)
    goes_on = due + 31 * DAY
    about = {"task_id": city.task_id(), "reason": "等待批复", "actor": OFFICE}
    do(city, lambda session: suspend_task(session, at=due + 4 * DAY, **about))  # type: ignore[arg-type]  # by name
    do(city, lambda session: resume_task(session, at=goes_on, by=BY, **about))  # type: ignore[arg-type]  # by name
    work, light, lines = stands(city, goes_on + timedelta(hours=2))
    assert (work, lines) == (Work.COMPLETION_PENDING, [])
    assert light is not LightReason.NOT_COMPLETED
    row = city.rows("swj")["2022-11"]
    assert row.late is True
    assert row.correction_due_at is not None
    work, light, lines = stands(city, row.correction_due_at + DAY)
    assert (work, lines) == (Work.OVERDUE_WORK, ["市商务局"])
    facts = standing_at(city, row.correction_due_at + DAY).lights.time.facts
    assert facts["due_at"] == row.correction_due_at
    assert_reckoned(database)


def test_what_an_act_would_end_is_said_before_as_the_act_ends_it(database: Database) -> None:
    """The asked lead was overdue before another one completed late: let go, its row is 漏报."""
    city = started(database, "swj", "wjw")
    due = due_of(city, "swj")
    city.file("wjw", "2022-11", when=due - 5 * DAY)
    city.complete("wjw", when=due + 4 * DAY)
    with database.reading() as session:
        acts = task_acts(session, task_id=city.task_id(), now=due + 5 * DAY)
    assert acts is not None
    [told] = [one.ending for one in acts.shares if one.unit_name == "市商务局"]
    assert (told.unreported, told.overdue) == (1, 1)
    share_id = city.share("swj").id or 0

    def let_go(session: Session) -> None:
        release_share(session, assignment_id=share_id, reason="调整", actor=OFFICE, at=due + 5 * DAY, by=BY)

    do(city, let_go)
    assert city.states("swj")["2022-11"] == "missed"


def test_a_completion_outside_forms_that_waits_is_said_to_wait(database: Database) -> None:
    city = started(database, "swj")
    due = due_of(city, "swj")
    for code, state in city.states("swj").items():
        if state == "filed":
            report_id = _report_of(city, city.rows("swj")[code].id or 0)
            do(city, lambda session, id_=report_id: accept_report(session, report_id=id_, actor=OFFICE, at=at(11, 5)))  # type: ignore[misc]  # of this turn
    city.complete("swj", when=due - 30 * DAY)
    assert stands(city, due - 29 * DAY)[1] is LightReason.UNDER_REVIEW


def _report_of(city: OwedCity, row_id: int) -> int:
    with city.database.reading() as session:
        return session.scalars(select(ReportRow).where(col(ReportRow.row_id) == row_id)).one().id or 0
