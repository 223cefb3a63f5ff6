"""What a unit reads of a lowered claim and may answer, what the office reads of the answer, and what stays in 经过."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME
from tests.support.owed_city import BY, at
from tests.support.site import Site, post
from tracker.domain.claims import Claim
from tracker.store.tables.filings import RequestRow
from tracker.usecases.petitioning import sign_petition

OF_TASK = "/tasks/1"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """The September claim of 市商务局 was lowered on Wednesday 28 September 2022."""
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    site.clock.at = IN_TIME
    site.city.accept(site.city.file(), at=IN_TIME, claim=Claim.BEHIND, reason="只有1期")
    return site


def _words(client: FlaskClient, address: str) -> str:
    return re.sub(r"<[^>]+>|\s+", "", client.get(address).get_data(as_text=True))


def test_a_unit_reads_what_was_lowered_why_and_until_when_and_what_became_of_its_answer(site: Site) -> None:
    with site.client("swj") as unit:
        for address in (OF_TASK, "/today"):
            page = _words(unit, address)
            assert "自报达序时→核定未达序时只有1期" in page, address
            assert "9月30日（周五，含）前提出" in page, address
        fields = {"reason": "本月已印发通报2期"}
        assert post(unit, "/tasks/1/reports/1/objection", at=OF_TASK, **fields).status_code == 303
        assert post(unit, "/tasks/1/reports/1/objection", at=OF_TASK, **fields).status_code == 409
        today = _words(unit, "/today")
        assert "申请待本单位负责人审签" in today
        assert "已写异议，待负责人审签，9月30日（周五，含）前审签报出有效" in today
        assert "有异议的" not in today
        with site.services.database.transaction() as session:
            sign_petition(session, petition_id=1, actor=site.city.head("swj"), at=site.clock.at, by=BY)
        assert "已提出异议，待督查室答复" in _words(unit, "/today")
    with site.services.database.reading() as session:
        request_id = session.scalars(select(col(RequestRow.id))).one()
    with site.client("office") as office:
        assert "待批复申请1件" in _words(office, "/review")
        assert "本月已印发通报2期" in _words(office, "/review")
        address = f"/objections/{request_id}/restore"
        assert post(office, address, at="/review", reason="佐证充分").status_code == 303
        page = _words(office, OF_TASK)
    assert "核定异议，自报达序时，核定未达序时，本月已印发通报2期" in page
    assert "核定异议，恢复自报达序时，佐证充分" in page


def test_a_lowered_claim_is_not_offered_to_be_answered_after_its_last_day(site: Site) -> None:
    site.clock.at = at(10, 1)
    with site.client("swj") as unit:
        assert "核定低于自报" not in _words(unit, "/today") + _words(unit, OF_TASK)
