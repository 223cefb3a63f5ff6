"""Who decides about a report that has left its unit."""

import pytest

from tests.support.office import FIRST, IN_TIME, LEADER, OFFICE, City, open_city
from tracker.domain.accounts import NotYourTask
from tracker.domain.errors import NotFound
from tracker.domain.filings import Outcome, ReportKind
from tracker.domain.verdicts import Verdict
from tracker.store.database import Database
from tracker.store.tables.filings import ReportRow
from tracker.usecases.accepting import OutcomeNeeded, accept_filing, accept_report


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


def test_a_completion_without_its_outcome_is_not_accepted_with_the_rest(city: City) -> None:
    with city.database.transaction() as session:
        report = session.get_one(ReportRow, 1)
        report.kind, report.outcome = ReportKind.COMPLETION.value, None
    with pytest.raises(OutcomeNeeded), city.database.transaction() as session:
        accept_filing(session, filing_id=1, actor=OFFICE, at=IN_TIME)
    with city.database.transaction() as session:
        verdicts = {1: Verdict(outcome=Outcome.UNMET)}
        assert accept_filing(session, filing_id=1, actor=OFFICE, at=IN_TIME, verdicts=verdicts) == 1
