"""Who decides about a report that has left its unit."""

import pytest

from tests.support.office import FIRST, IN_TIME, LEADER, City, open_city
from tracker.domain.accounts import NotYourTask
from tracker.domain.errors import NotFound
from tracker.store.database import Database
from tracker.usecases.reviewing import accept_report


@pytest.fixture
def city(database: Database) -> City:
    """The September form of 市商务局, which the words address to 市统计局, is filed."""
    city = open_city(database)
    with database.transaction() as session:
        series = city.series("swj", session)
        series.addressee, series.addressee_unit_id = "市统计局", city.unit_id("tjj")
    city.file("swj")
    return city


@pytest.mark.parametrize("role", ["liaison", "head"])
def test_the_people_of_the_body_a_report_is_addressed_to_decide_about_it(city: City, role: str) -> None:
    actor = city.liaison("tjj") if role == "liaison" else city.head("tjj")
    with city.database.transaction() as session:
        accept_report(session, report_id=1, actor=actor, at=IN_TIME)
    assert city.row_states()[FIRST] == "accepted"


def test_another_unit_finds_no_report_to_decide_about_and_a_leader_none_to_decide(city: City) -> None:
    for actor in (city.liaison("swj"), city.head("swj"), city.liaison("wjw"), city.head("yc")):
        with pytest.raises(NotFound), city.database.transaction() as session:
            accept_report(session, report_id=1, actor=actor, at=IN_TIME)
    with pytest.raises(NotYourTask), city.database.transaction() as session:
        accept_report(session, report_id=1, actor=LEADER, at=IN_TIME)
    assert city.row_states()[FIRST] == "filed"
