"""What stands as said before is of the period before, in whatever order the reports came, wherever it is shown."""

import html
import re
from pathlib import Path

import pytest
from sqlmodel import Session

from tests.support.office import FIRST, IN_TIME, City, open_city
from tests.support.site import Site
from tracker.domain.accounts import EVERY_UNIT
from tracker.store.database import Database
from tracker.store.queries.earlier import before
from tracker.store.queries.form_parts import last_values, reports_of_shares
from tracker.store.queries.forms import form_view
from tracker.store.queries.report_values import values_of
from tracker.store.tables.filings import FilingRow, ReportRow, ReportValueRow
from tracker.usecases.filing import sign_off

LATER = IN_TIME.replace(month=10, day=28)
_OCTOBER, _SEPTEMBER = 7.0, 5.0


@pytest.fixture
def city(database: Database) -> City:
    """The form of October was filed before that of September."""
    city = open_city(database)
    city.accept(city.file())
    city.sweep(LATER)
    city.file(name="2022-10", at=LATER)
    with database.transaction() as session:
        first, second = session.get_one(ReportRow, 1), session.get_one(ReportRow, 2)
        first.row_id, second.row_id = second.row_id, first.row_id
        one, two = session.get_one(FilingRow, first.filing_id), session.get_one(FilingRow, second.filing_id)
        one.period_id, two.period_id = two.period_id, one.period_id
        for report, value in ((first, _OCTOBER), (second, _SEPTEMBER)):
            session.get_one(ReportValueRow, (report.id, 1)).value = value
    return city


def _form_of(city: City, session: Session, name: str) -> dict[int, float]:
    period_id = city.period("swj", session, name=name).id or 0
    view = form_view(session, period_id=period_id, unit_ids=EVERY_UNIT, now=LATER)
    assert view is not None
    return {target_id: value.value for target_id, value in view.rows[0].last_values.items()}


def test_the_review_shows_the_value_of_the_period_before(city: City) -> None:
    with city.database.reading() as session:
        values = values_of(session, [1, 2])
    assert [value.before for value in values[1]] == [_SEPTEMBER]
    assert [value.before for value in values[2]] == [None]


def test_the_head_sees_the_same(city: City) -> None:
    with city.database.reading() as session:
        share = city.assignment("swj", session).id or 0
        reports = reports_of_shares(session, [share])[share]
    for report, value in ((1, {1: _SEPTEMBER}), (2, {})):
        own = next(one for one in reports if one.report_id == report)
        told = before(reports, ends_on=own.period_ends_on, row_id=own.row_id, report_id=report)
        assert {id_: one.value for id_, one in last_values(told).items()} == value


def test_the_form_shows_the_same(city: City) -> None:
    with city.database.reading() as session:
        assert _form_of(city, session, "2022-10") == {1: _SEPTEMBER}
        assert _form_of(city, session, FIRST) == {}


def test_of_a_row_that_was_corrected_the_correction_stands_before(database: Database) -> None:
    city = open_city(database)
    city.give_back(city.file())
    city.file(value_on=IN_TIME.date().replace(day=27))
    with database.transaction() as session:
        session.get_one(ReportValueRow, (2, 1)).value = _SEPTEMBER
    city.accept(2)
    city.sweep(LATER)
    with database.reading() as session:
        assert _form_of(city, session, "2022-10") == {1: _SEPTEMBER}


@pytest.mark.parametrize("returned", [True, False])
def test_what_was_given_back_is_marked_so_with_its_day_wherever_it_stands_as_said_before(
    database: Database, tmp_path: Path, returned: bool
) -> None:
    city = open_city(database)
    filing_id = city.file()
    if returned:
        city.give_back(filing_id)
    city.sweep(LATER)
    site = Site(database, tmp_path, city=city)
    site.clock.at = LATER
    with database.reading() as session:
        period_id = city.period("swj", session, name="2022-10").id or 0

    def read(login: str, address: str) -> str:
        with site.client(login) as client:
            page = html.unescape(client.get(address).get_data(as_text=True))
        return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page))

    told = "上次2次，截至9月28日" + ("已退回" if returned else "")
    form = read("swj", f"/periods/{period_id}/form")
    filing_id = city.submit(name="2022-10", at=LATER)
    signing = read("swj-head", "/sign-off")
    assert told in form
    assert "2次截至9月28日（周三）" in signing
    assert ("截至9月28日已退回" in form, "截至9月28日（周三）已退回" in signing) == (returned, returned)
    with database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=LATER)
    assert ("截至9月28日（周三）已退回" in read("office", "/review")) is returned
