"""Beside what waits for a decision stands how the like was decided, for the office and the leader."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from tests.support.acts import NOW, site_of_acts
from tests.support.owed_city import BY, OFFICE, at
from tests.support.site import Site
from tracker.domain.filings import RequestKind, RequestState
from tracker.domain.precedents import Likeness
from tracker.store.database import Database
from tracker.store.queries.precedents import precedents_of
from tracker.usecases.requesting import (
    RequestExtension,
    dispute_share,
    grant_extension,
    refuse_request,
    request_extension,
)
from tracker.wording.precedents import DECISION_NAMES, LIKENESS_NAMES


@pytest.fixture
def site(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return site_of_acts(database, tmp_path_factory.mktemp("site"))


def _dispute(site: Site, code: str, reason: str) -> int:
    with site.services.database.transaction() as session:
        share = site.city.assignment(code, session).id or 0
        return dispute_share(session, assignment_id=share, reason=reason, actor=site.city.liaison(code), at=NOW, by=BY)


def _refuse(site: Site, request_id: int, reason: str) -> None:
    with site.services.database.transaction() as session:
        refuse_request(session, request_id=request_id, reason=reason, actor=OFFICE, at=NOW, by=BY)


def _words(client: FlaskClient, address: str) -> str:
    return re.sub(r"<[^>]+>|\s+", "", client.get(address).get_data(as_text=True))


def test_a_dispute_is_decided_beside_what_was_decided_of_its_task_and_of_nothing_else(site: Site) -> None:
    first = _dispute(site, "swj", "不属我局职责")
    with site.client("office") as office:
        assert "先例" not in _words(office, "/review")
        _refuse(site, first, "三定方案明确由商务局承担")
        second = _dispute(site, "tjj", "应由商务局办理")
        page = _words(office, "/review")
    assert "先例1件：维持原分工" in page
    assert "同一事项维持原分工市商务局" in page
    assert "申请理由：不属我局职责答复：三定方案明确由商务局承担" in page
    with site.services.database.reading() as session:
        [found] = precedents_of(session, [second])[second]
        assert (found.likeness, found.decided.request_id) == (Likeness.SAME_TASK, first)


def test_no_request_that_waits_is_a_precedent_of_itself_or_of_another(site: Site) -> None:
    both = [_dispute(site, code, "不属我局职责") for code in ("swj", "tjj")]
    with site.services.database.reading() as session:
        assert precedents_of(session, both) == dict.fromkeys(both, ())


def test_a_request_for_time_is_told_until_when_the_last_was_granted(site: Site) -> None:
    site.clock.at = asked_at = at(10, 9)
    ids = []
    for until in (date(2022, 10, 20), date(2022, 10, 28)):
        with site.services.database.transaction() as session:
            row = site.city.row("swj", session).id or 0
            command = RequestExtension(row, until, f"等{until:%d}日的统计口径")
            ids.append(request_extension(session, command, actor=site.city.liaison("swj"), at=asked_at))
        if len(ids) == 1:
            with site.services.database.transaction() as session:
                grant_extension(session, request_id=ids[0], actor=OFFICE, at=asked_at, by=BY)
    with site.client("leader") as leader:
        page = _words(leader, "/review/leader")
    assert "先例1件：同意延期" in page
    assert "同一事项同意延期（延至10月20日（周四，含））市商务局" in page
    assert "申请理由：等20日的统计口径" in page


def test_every_decision_and_likeness_has_its_words() -> None:
    decided = (RequestState.GRANTED, RequestState.REFUSED)
    assert set(DECISION_NAMES) == {(kind.value, state.value) for kind in RequestKind for state in decided}
    assert set(LIKENESS_NAMES) == set(Likeness)
