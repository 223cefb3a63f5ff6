"""A corrected result is read before it is kept: the page shows it beside what is published, and tells nobody."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.accounts import NewUser, create_user
from tests.support.office import OFFICE
from tests.support.published_evaluation import NOW, Publishing, corrected_figures
from tests.support.site import PASSWORD_HASH, post
from tests.support.small_evaluation import Worked, figure
from tracker.domain.accounts import Role
from tracker.gateways.schemes import read_scheme
from tracker.store.database import Database
from tracker.store.queries.scoring import corrections_of
from tracker.store.tables.events import ReminderRow
from tracker.usecases.correcting_months import open_correction

_REASON = "遂平县项目少计三个"


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Publishing:
    return Publishing.begun(database, tmp_path)


@pytest.fixture
def worked(house: Publishing) -> Worked:
    """September is published, is being corrected, and its correction makes 遂平县 the first."""
    worked = house.published()
    with house.city.database.transaction() as session:
        create_user(session, NewUser("yc-head", "负责人", Role.UNIT_HEAD, PASSWORD_HASH, "yc"))
        open_correction(session, worked.month_id, reason=_REASON, read=read_scheme, actor=OFFICE, at=NOW)
    _correct(house, worked)
    return worked


def _correct(house: Publishing, worked: Worked) -> None:
    with house.city.database.transaction() as session:
        corrected_figures(worked, session, seen=int(house.shown(worked.month_id)["version"]))


def _address(worked: Worked) -> str:
    return f"/published-months/{worked.month_id}/correct/freeze"


def _page(house: Publishing, address: str) -> str:
    return house.site.logged_in("office").get(address).get_data(as_text=True)


def _version(page: str) -> str:
    return page.partition('name="version" value="')[2].partition('"')[0]


def _freeze(house: Publishing, worked: Worked, version: str) -> tuple[int, str]:
    address = _address(worked)
    office = house.site.logged_in("office")
    token = office.get("/desk").get_data(as_text=True).split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    sent, headers = {"csrf_token": token, "version": version}, {"Referer": f"http://localhost{address}"}
    answered = office.post(address, data=sent, headers=headers)
    return answered.status_code, answered.get_data(as_text=True)


def _states(house: Publishing, worked: Worked) -> list[str]:
    with house.city.database.reading() as session:
        return [one.state for one in corrections_of(session, worked.month_id)]


def _told(house: Publishing) -> int:
    house.site.work()
    with house.city.database.reading() as session:
        wanted = select(col(ReminderRow.id)).where(col(ReminderRow.kind) == "scoring.correction_frozen")
        return len(session.scalars(wanted).all())


def test_the_office_reads_the_new_ranking_beside_the_published_one_before_anybody_is_told(
    house: Publishing, worked: Worked
) -> None:
    for page in (_page(house, "/published-months"), _page(house, f"/evaluation/{worked.month_id}")):
        assert f'href="{_address(worked)}"' in page
        assert f'action="{_address(worked)}"' not in page, "no press beside which nothing is shown"
    page = _page(house, _address(worked))
    assert _REASON in page
    inputs = page.partition('id="h-inputs"')[2].partition("</section>")[0]
    assert [words in inputs for words in ("遂平县", "<b>5</b>", "核实后更正")] == [True] * 3
    places = page.partition('id="h-ranks"')[2].partition("</section>")[0]
    assert places.index("遂平县") < places.index("驿城区"), "by their new places"
    changed = page.partition('id="h-corrected"')[2].partition("</section>")[0]
    assert "第1名</td>" in changed
    assert "<b>第2名</b>" in changed
    assert (_states(house, worked), _told(house)) == (["open"], 0)
    assert _freeze(house, worked, _version(page))[0] == 303
    assert (_states(house, worked), _told(house) > 0) == (["frozen"], True)
    assert house.site.logged_in("office").get(_address(worked)).status_code == 409, "nothing is open any more"


def test_another_result_than_was_shown_is_not_kept_but_comes_back_with_what_happened(
    house: Publishing, worked: Worked
) -> None:
    page, seen = _page(house, _address(worked)), _version
    with house.city.database.transaction() as session:
        told = figure("projects", "sp", "500000")
        liaison, last = house.city.liaison("swj"), int(house.shown(worked.month_id)["version"])
        worked.enter(session, liaison, told, seen=last, reason="再核实")
    status, again = _freeze(house, worked, seen(page))
    assert (status, _states(house, worked), _told(house)) == (409, ["open"], 0)
    assert ("这项内容有过改动" in again, "500000" in again, "报送考评数据" in again) == (True, True, True)
    assert seen(again) != seen(page), "what it shows now may be kept"
    assert _freeze(house, worked, "")[0] == 409
    assert _freeze(house, worked, seen(again))[0] == 303


def test_what_keeps_a_correction_from_being_kept_stands_on_its_page_instead_of_the_press(
    house: Publishing, worked: Worked
) -> None:
    head, marks = house.site.logged_in("yc-head"), f"/evaluation/{worked.month_id}/objects/1"
    item = head.get(marks).get_data(as_text=True).partition('name="objected" value="')[2].partition('"')[0]
    assert post(head, f"{marks}/objections", at=marks, objected=item, reason="少计").status_code == 303
    page = _page(house, _address(worked))
    assert ("答复异议1件" in page, 'name="version"' in page, "第2名" in page) == (True, False, True)
