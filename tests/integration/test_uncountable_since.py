"""A kept figure that a project makes uncountable has not gone: who causes it is named, and whoever enters is told."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session

from tests.support.counted_evaluation import Counted
from tests.support.counted_publishing import counted_in_check
from tests.support.published_evaluation import PUBLISHED_SCHEME, Publishing
from tests.support.site import post
from tracker.domain.scoring.inputs import Month
from tracker.store.database import Database

# The body's figure is what was invested in the month: the difference of two values of each project.
_INVESTED = PUBLISHED_SCHEME.replace(
    'window = "month"\nsupplier = "swj"',
    'supplier = "swj"\nwindow = "month"\ncohort = "foreign"\nmeasure = "invested"',
)
_NEW = {
    "code": "",
    "name": "外资乙",
    "build": "refit",
    "total": "10000",
    "county": "yc",
    "list": "waizi",
    "since": "2022-01",
    "planned": "1000",
}
_TOLD = "项目台账其后有1处与得分不一致"
_UNVALUED = "驿城区项目个数（重点外资项目：外资乙）已计入，现因所列项目缺少数值不能计数"


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Publishing:
    return Publishing.begun(database, tmp_path)


@pytest.fixture
def counted(house: Publishing) -> Counted:
    """A month in which each project has its values, and a check that differs from them, is published."""
    counted = counted_in_check(house, content=_INVESTED, told=_valued)
    office, page = house.site.logged_in("office"), f"/evaluation/{counted.worked.month_id}/freeze"
    assert post(office, page, at=page).status_code == 303
    house.publish(counted.worked.month_id)
    assert "其后有" not in office.get("/desk").get_data(as_text=True)
    return counted


def _valued(session: Session, counted: Counted, project: int) -> None:
    for month, amount in ((8, 10_000_000), (9, 30_000_000)):
        counted.invested(session, project, Month(2022, month), amount)
    counted.checked(session, project, found=20_000_000)


def test_whoever_enters_a_project_without_its_value_is_told_of_the_figure_that_goes_by_it(
    house: Publishing, counted: Counted
) -> None:
    """The projects behind it stand there unchanged: the new one is named, and no word says that something has gone."""
    swj, office = house.site.logged_in("swj"), house.site.logged_in("office")
    entered = post(swj, "/projects", at="/projects/new", **_NEW)
    assert entered.status_code == 303
    place = entered.headers["Location"]
    assert _TOLD in swj.get(place).get_data(as_text=True)
    page = f"/evaluation/{counted.worked.month_id}"
    told = office.get(page).get_data(as_text=True)
    assert (_UNVALUED in told, "台账现已没有" in told) == (True, False)
    for month, invested in (("2022-08", "100"), ("2022-09", "200")):
        _give(swj, place, month, invested)
        assert _TOLD in swj.get(place).get_data(as_text=True), month
    assert "驿城区项目个数（重点外资项目：外资乙）与计入的不同" in office.get(page).get_data(as_text=True)


def test_values_that_fall_until_a_kept_figure_is_below_nothing_are_told_and_named(
    house: Publishing, counted: Counted
) -> None:
    swj, office = house.site.logged_in("swj"), house.site.logged_in("office")
    place = post(swj, "/projects", at="/projects/new", **_NEW).headers["Location"]
    for month, invested in (("2022-08", "9000"), ("2022-09", "100")):
        _give(swj, place, month, invested)
    assert _TOLD in swj.get(place).get_data(as_text=True)
    words = "驿城区项目个数（重点外资项目：外资乙）已计入，现因所列项目累计数下降、计数为负不能计数"
    assert words in office.get(f"/evaluation/{counted.worked.month_id}").get_data(as_text=True)


def test_a_figure_whose_projects_all_left_has_gone(house: Publishing, counted: Counted) -> None:
    """Where nobody stands on the list any more there is nothing to count, whatever lacked a value there."""
    with house.city.database.transaction() as session:
        for project in (1, 2):
            counted.off(session, project)
    words = "驿城区项目个数（重点外资项目：外资甲）已计入，台账现已没有"
    page = house.site.logged_in("office").get(f"/evaluation/{counted.worked.month_id}").get_data(as_text=True)
    assert words in page


def test_a_check_that_is_entered_anew_without_a_number_has_not_gone(house: Publishing, counted: Counted) -> None:
    """It stands on record and lacks what it would be compared by."""
    office, place, page = house.site.logged_in("office"), "/projects/1", f"/evaluation/{counted.worked.month_id}"
    check = {"month": "2022-09", "day": "2022-10-18", "verdict": "false", "found": "", "words": "设备未到"}
    assert post(office, f"{place}/check", at=f"{place}/check", **check).status_code == 303
    told = office.get(page).get_data(as_text=True)
    assert "驿城区现场核查（重点外资项目：外资甲）已计入，现因所列项目缺少数值不能计数" in told
    house.wait(hours=1)
    assert post(office, f"{place}/check", at=f"{place}/check", **{**check, "found": "2000"}).status_code == 303
    assert "其后有" not in office.get(page).get_data(as_text=True), "counted as before"


def _give(client: FlaskClient, place: str, month: str, invested: str) -> None:
    value = {"month": month, "invested": invested, "source": "平台", "reason": "核对"}
    assert post(client, f"{place}/value", at=place, **value).status_code == 303
