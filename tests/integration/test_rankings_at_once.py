"""The circulars of one month of evaluation on PostgreSQL: two that go out, one that goes out while one is withdrawn."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.agreement import disagreements
from tests.support.office import LEADER, OFFICE, open_city
from tests.support.projects import LISTS
from tests.support.published_evaluation import NOW, Publishing, corrected_figures
from tests.support.site import Site
from tests.support.together import together
from tracker.domain.errors import TrackerError
from tracker.gateways.schemes import read_scheme
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.scoring import last_inputs
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.scoring import ScoreCorrectionRow, ScoreMonthRow
from tracker.usecases.circulars.issuing import withdraw_circular
from tracker.usecases.correcting_months import freeze_correction, open_correction


@pytest.fixture
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Publishing]:
    """A city on PostgreSQL: SQLite lets one writer in at a time."""
    with request.getfixturevalue("spare_postgres").taken() as database:
        city = open_city(database)
        site = Site(database, tmp_path, city=city)
        site.clock.at = NOW
        yield Publishing(site, city)


def _tried(act: Callable[[], object]) -> str:
    """Do an act; return how it was refused, empty where it was not."""
    try:
        act()
    except TrackerError as error:
        return error.code
    return ""


def _withdraw(house: Publishing, id_: int) -> None:
    at = house.site.services.clock.now()
    with house.city.database.transaction() as session:
        version = session.get_one(CircularRow, id_).version
        withdraw_circular(session, circular_id=id_, version=version, reason="有误", actor=LEADER, at=at)


def _approved(house: Publishing, month_id: int) -> int:
    id_ = house.draft(month_id)
    house.approve(id_)
    return id_


def _out(session: Session, month_id: int) -> dict[int, tuple[str, str | None]]:
    """Return state and number of a month's circulars; refuses records of which the log tells otherwise."""
    assert list(disagreements(session, fold(session, cut(session, as_of=NOW.replace(year=2023))))) == []
    rows = session.scalars(select(CircularRow).where(col(CircularRow.score_month_id) == month_id))
    return {row.id or 0: (row.state, row.number) for row in rows}


def test_of_two_circulars_of_one_month_at_once_one_goes_out_and_no_number_is_lost(house: Publishing) -> None:
    worked = house.frozen("2022-09")
    house.decide("issuer", "office")
    ids = [_approved(house, worked.month_id) for _ in range(2)]
    told = together(*(partial(_tried, partial(house.give_number, id_)) for id_ in ids))
    assert sorted(told) == ["", "score_ranking_out_already"]
    with house.city.database.reading() as session:
        assert sorted(_out(session, worked.month_id).values(), key=str) == [
            ("approved", None),
            ("issued", "考评〔2022〕1号"),
        ]


@pytest.mark.parametrize("turn", range(3))
def test_a_circular_goes_out_beside_one_that_is_withdrawn_or_is_refused_whole(house: Publishing, turn: int) -> None:
    worked = house.frozen("2022-09")
    house.decide("issuer", "office")
    first, second = _approved(house, worked.month_id), _approved(house, worked.month_id)
    house.give_number(first)
    issue, withdraw = partial(house.give_number, second), partial(_withdraw, house, first)
    acts = (issue, withdraw) if turn % 2 else (withdraw, issue)
    told = sorted(together(*(partial(_tried, act) for act in acts)))
    assert told in (["", ""], ["", "score_ranking_out_already"])
    with house.city.database.reading() as session:
        out = _out(session, worked.month_id)
        assert out[first] == ("withdrawn", "考评〔2022〕1号")
        assert out[second] == (("approved", None) if any(told) else ("issued", "考评〔2022〕2号"))
        assert session.get_one(ScoreMonthRow, worked.month_id).state == "issued"


def test_what_corrects_a_circular_and_its_withdrawal_at_once_leave_one_of_both(house: Publishing) -> None:
    worked = house.frozen("2022-09")
    house.decide("issuer", "office")
    first, month = house.publish(worked.month_id), worked.month_id
    with house.city.database.transaction() as session:
        at = house.wait(hours=1)
        open_correction(session, month_id=month, reason="异议属实", read=read_scheme, actor=OFFICE, at=at)
    with house.city.database.transaction() as session:
        corrected_figures(worked, session, seen=max(one.id or 0 for one in last_inputs(session, month)))
    with house.city.database.transaction() as session:
        freeze_correction(session, month, read=read_scheme, lists=LISTS, actor=OFFICE, at=house.wait(hours=1))
    second = _approved(house, month)
    told = together(
        partial(_tried, partial(house.give_number, second)), partial(_tried, partial(_withdraw, house, first))
    )
    with house.city.database.reading() as session:
        out = _out(session, month)
        [correction] = session.scalars(select(ScoreCorrectionRow))
        assert told.count("") == 1 or out[second][0] == "issued", told
        assert (correction.state == "issued") is (out[second][0] == "issued")
        assert out[first][0] == ("corrected" if out[second][0] == "issued" else "withdrawn")
