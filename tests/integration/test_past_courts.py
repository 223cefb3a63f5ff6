"""A paper says who has to take the next step with an item, and since when, as the ledger of that moment did."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.completing import ask_for_more, decide_extension
from tests.support.courts import assert_courts_told_alike
from tests.support.owed_city import BY, at, open_owed_city
from tests.support.papers import annex, paper
from tests.support.played_autumn import ENDS_AT, PlayedAutumn
from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.courts import Holder
from tracker.store.database import Database
from tracker.store.queries.task_ledger import ledger_tasks
from tracker.store.tables.filings import RequestRow


@pytest.fixture(scope="module")
def autumn(played_autumn: PlayedAutumn, tmp_path_factory: pytest.TempPathFactory) -> Database:
    return played_autumn.open(ENDS_AT, tmp_path_factory.mktemp("courts"))


def test_the_log_tells_who_holds_the_ball_as_the_ledger_does(autumn: Database) -> None:
    with autumn.reading() as session:
        assert_courts_told_alike(session, now=ENDS_AT)


def test_annexes_say_who_takes_the_next_step(autumn: Database) -> None:
    rows = annex(paper(autumn, CircularType.SUPERVISION), "item_progress").rows
    held = {row[5] for row in rows}
    assert any(one.startswith("市政府督查室（") and one.endswith("起）") for one in held)
    assert any(one.startswith("市") and "（9月" in one for one in held)
    # Of what is behind a paper to all says of nobody that he holds it up; what is not due yet waits for nobody.
    nobodys = {row[5] for row in rows if row[4].startswith(("已办结", "中止", "报送期限未到", "未达序时"))}
    assert {one.partition("（")[0] for one in nobodys} <= {"—", "市政府督查室"}
    told = {row[4] for row in rows}
    assert "报送期限未到，2023年1月5日（含）前报送" in told, "the year's first form"
    assert "尚无报告" not in told, "whatever fell due came, or stands among the overdue"
    owed = {row[5] for row in rows if row[4].startswith(("因反馈逾期", "反馈逾期"))}
    assert all("（10月11日起）" in one for one in owed)
    assert owed


@pytest.mark.parametrize("leader_first", [True, False])
def test_of_two_requests_of_one_moment_the_first_says_whose_ball_it_is(database: Database, leader_first: bool) -> None:
    city = open_owed_city(database)
    city.grow(at(10, 5))
    ask_for_more(city, "swj", "2022-09", date(2022, 10, 14), at(10, 5))
    decide_extension(city, granted=True, when=at(10, 5))
    asked = at(10, 6)
    # A second extension of one row is the leader's.
    asks = [("2022-10", date(2022, 11, 14)), ("2022-09", date(2022, 10, 20))]
    for period, until in reversed(asks) if leader_first else asks:
        ask_for_more(city, "swj", period, until, asked)
    with database.reading() as session:
        requests = session.scalars(select(RequestRow).order_by(col(RequestRow.id))).all()
        assert [request.by_leader for request in requests[1:]] == [leader_first, not leader_first]
        assert_courts_told_alike(session, now=asked)
        [task] = ledger_tasks(session, unit_ids=EVERY_UNIT, now=asked, by=BY)[:1]
        assert task.court.holder is (Holder.LEADER if leader_first else Holder.OFFICE)
