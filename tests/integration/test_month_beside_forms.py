"""What was handed in for an evaluated month is offered in the forms of the document that orders it 「沿用」."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from tests.support.accounts import log_in
from tests.support.played_autumn import ENDS_AT, PlayedAutumn, services_of
from tests.support.site import FixedClock, post
from tracker.store.database import Database
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.series import PeriodRow, SeriesRow
from tracker.store.tables.units import UnitRow, UserRow
from tracker.web.app import create_app
from tracker.web.cookies import Cookie

_OCTOBER = date(2022, 10, 1)
_OFFER = re.compile(r"<b>月度考评</b>　(.*?) <button [^>]*name=\"inputs\" value=\"(\d+)\"", re.DOTALL)


@pytest.fixture
def database(played_autumn: PlayedAutumn, tmp_path: Path) -> Database:
    return played_autumn.open(ENDS_AT, tmp_path)


@pytest.fixture
def browser(database: Database, played_autumn: PlayedAutumn, tmp_path: Path) -> Iterator[FlaskClient]:
    services = services_of(database, FixedClock(ENDS_AT), folder=tmp_path, evidence=played_autumn.evidence)
    app = create_app(services)
    app.testing = True
    with app.test_client() as client:
        yield client


def _form(database: Database, client: FlaskClient, unit: str) -> str:
    """Log a unit's liaison in; return the address of its monthly form of October for 53号."""
    with database.transaction() as session:
        user = session.scalars(select(UserRow).where(col(UserRow.login) == unit)).one()
        client.set_cookie(Cookie.LOG_IN, log_in(session, user_id=user.id or 0, now=datetime.now(UTC)))
        period = session.scalars(
            select(col(PeriodRow.id))
            .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
            .join(UnitRow, col(UnitRow.id) == col(SeriesRow.unit_id))
            .join(DocumentRow, col(DocumentRow.id) == col(SeriesRow.document_id))
            .where(
                col(UnitRow.code) == unit,
                col(DocumentRow.number) == "驻政办〔2022〕53号",
                col(SeriesRow.kind) == "monthly",
                col(PeriodRow.starts_on) == _OCTOBER,
            )
        ).one()
    return f"/periods/{period}/form"


def test_a_supplier_takes_what_it_handed_in_into_its_report_with_one_press(
    database: Database, browser: FlaskClient
) -> None:
    address = _form(database, browser, "zhaoshangju")
    ((words, share),) = _OFFER.findall(browser.get(address).get_data(as_text=True))
    assert unescape(words).startswith("已报送2022年10月月度考评数据，涉及13个考评对象：“签约一批”项目个数合计")
    written = post(browser, f"{address}/again", at=address, inputs=share)
    assert written.status_code == 200
    fact = re.search(rf'name="a{share}-fact"[^>]*>([^<]*)<', written.get_data(as_text=True))
    assert fact is not None
    assert unescape(fact[1]).strip() == unescape(words)


def test_a_county_takes_its_own_number_and_what_it_wrote_stands(database: Database, browser: FlaskClient) -> None:
    address = _form(database, browser, "suiping")
    offers = {share: unescape(words) for words, share in _OFFER.findall(browser.get(address).get_data(True))}
    (share,) = (one for one, words in offers.items() if "谋划储备项目个数" in words)
    number = re.search(r"谋划储备项目个数(\d+)个", offers[share])
    assert number is not None
    page = post(browser, f"{address}/again", at=address, inputs=share, **{f"a{share}-fact": "已有话"}).get_data(True)
    assert re.search(rf'name="a{share}-fact"[^>]*>\s*已有话', page)
    assert re.search(rf'name="a{share}-v\d+"[^>]*value="{number[1]}"', page)
    assert re.search(rf'name="a{share}-on\d+"[^>]*value="2022-10-31"', page)


def test_what_is_not_offered_is_not_taken(database: Database, browser: FlaskClient) -> None:
    address = _form(database, browser, "suiping")
    assert post(browser, f"{address}/again", at=address, inputs="999999").status_code == 404
