"""From a document's page to the months that are evaluated by it, as far as each viewer may read them."""

import re
from pathlib import Path

import pytest

from tests.support.office import open_city
from tests.support.published_evaluation import NOW, PUBLISHED_SCHEME, Publishing
from tests.support.readings import NUMBER
from tests.support.site import Site
from tests.support.small_evaluation import keep_small_scheme, opened
from tracker.store.database import Database


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Publishing:
    city = open_city(database)
    site = Site(database, tmp_path, city=city)
    site.clock.at = NOW
    return Publishing(site, city, PUBLISHED_SCHEME.replace("测政办〔2022〕1号", NUMBER))


def _page(house: Publishing, login: str) -> str:
    return house.site.logged_in(login).get("/documents/1").get_data(as_text=True)


def test_the_document_leads_each_to_the_months_that_he_may_read(house: Publishing) -> None:
    out, frozen = house.frozen("2022-08"), house.frozen("2022-09")
    house.decide("issuer", "office")
    house.publish(out.month_id)
    begun = opened(house.city, month="2022-10", content=house.content)
    for login in ("office", "swj"):
        page = _page(house, login)
        for one in (out, frozen, begun):
            assert f'href="/evaluation/{one.month_id}"' in page, login
    assert f'href="/evaluation/{out.month_id}/ranking"' in _page(house, "swj")
    assert f'href="/evaluation/{frozen.month_id}/ranking"' not in _page(house, "swj"), "not out yet"
    assert f'href="/evaluation/{frozen.month_id}/ranking"' in _page(house, "office")


def test_every_way_from_the_document_is_open(house: Publishing) -> None:
    house.frozen("2022-09")
    for login in ("office", "swj"):
        client = house.site.logged_in(login)
        ways = set(re.findall(r'href="(/evaluation/[^"]+)"', client.get("/documents/1").get_data(as_text=True)))
        assert ways
        assert {client.get(way).status_code for way in ways} == {200}


def test_a_document_by_which_nothing_is_evaluated_says_nothing_of_it(house: Publishing) -> None:
    assert 'id="evaluation"' not in _page(house, "office")


def test_an_evaluated_body_is_led_to_its_projects_before_the_first_is_on_record(house: Publishing) -> None:
    nothing = house.site.logged_in("wjw").get("/documents").get_data(as_text=True)
    assert 'href="/projects"' not in nothing, "projects are none of its business"
    cohort = '[[cohorts]]\ncode = "foreign"\nproject_list = "重点外资项目"\n\n[[metrics]]'
    content = house.content.replace("[[metrics]]", cohort, 1).replace('unit = "sp"', 'unit = "wjw"')
    with house.city.database.transaction() as session:
        keep_small_scheme(session, content=content)
    client = house.site.logged_in("wjw")
    assert 'href="/projects"' in client.get("/documents").get_data(as_text=True)
    assert client.get("/projects").status_code == 200


def test_each_cell_of_an_agenda_and_of_a_year_says_on_a_phone_what_it_is(house: Publishing) -> None:
    months = [house.frozen(month) for month in ("2022-08", "2022-09")]
    house.decide("issuer", "office")
    for one in months:
        house.publish(one.month_id)
        house.wait(hours=1)
    client = house.site.logged_in("swj")
    for way in ("meeting/2022-09", "year/2022"):
        page = client.get(f"/published-months/small/{way}").get_data(as_text=True)
        cells = re.findall(r"<td[^>]*>", page)
        assert cells
        assert all("data-label=" in one for one in cells)
        assert page.count('scope="row"') == 2
        assert 'class="cards"' in page, "a table of many columns becomes cards where it is too wide"
