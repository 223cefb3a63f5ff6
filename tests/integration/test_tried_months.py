"""A look with another decision asks what marks hang on, and takes no number that could not be decided."""

from pathlib import Path

import pytest

from tests.support.office import open_city
from tests.support.published_evaluation import NOW, PUBLISHED_SCHEME, Publishing
from tests.support.site import Site
from tests.support.small_evaluation import decided, filled, opened
from tracker.store.database import Database

_SETTLED = """[[settled]]
point = "rounding"
choice = "exact"
sources = ["1"]
"""
_ASKED = """[[questions]]
code = "rounding"
point = "rounding"
title = "比率保留几位小数"
words = "没有规定。"
sources = ["1"]
options = [
  { code = "exact", words = "不取整", choice = "exact" },
  { code = "places", words = "取整", choice = "places", asks_number = true, least = 1, most = 4, whole = true },
]
"""


@pytest.fixture
def ranking(database: Database, tmp_path: Path) -> tuple[Publishing, str]:
    city = open_city(database)
    site = Site(database, tmp_path, city=city)
    site.clock.at = NOW
    content = PUBLISHED_SCHEME.replace(_SETTLED, _ASKED)
    worked = opened(city, content=content)
    decided(city)
    filled(worked)
    return Publishing(site, city, content), f"/evaluation/{worked.month_id}/ranking"


def test_only_what_marks_hang_on_is_offered_to_be_tried(ranking: tuple[Publishing, str]) -> None:
    house, address = ranking
    office = house.site.logged_in("office")
    page = office.get(address).get_data(as_text=True).partition('id="try"')[2].partition("</select>")[0]
    assert 'label="比率保留几位小数"' in page
    assert 'label="名次并列"' in page
    for title in ("由谁印发", "推进会按哪个名次", "推进会点评哪两个月", "怎么计入年度"):
        assert title not in page
    for beside in ("meeting-order|sum", "issuer|office"):
        assert "试算名次" not in office.get(f"{address}?try={beside}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("2", "<b>试算，不得发布。</b>"),
        ("0", "不能试算：“比率保留几位小数”的数值应为1至4，填写的是0。"),
        ("5", "不能试算：“比率保留几位小数”的数值应为1至4，填写的是5。"),
        ("1.5", "不能试算：“比率保留几位小数”的数值应为1至4的整数，填写的是1.5。"),
    ],
)
def test_a_number_that_could_not_be_decided_is_not_tried(
    ranking: tuple[Publishing, str], number: str, said: str
) -> None:
    house, address = ranking
    page = house.site.logged_in("office").get(f"{address}?try=rounding|places&number={number}").get_data(as_text=True)
    assert said in page
    assert ("试算名次" in page) == (number == "2")
