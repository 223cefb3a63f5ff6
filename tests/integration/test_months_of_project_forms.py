"""Forms about projects begin with the month of which data is collected, for it is over when it is told."""

import re
from pathlib import Path

import pytest

from tests.support.counted_evaluation import Counted
from tests.support.office import open_city
from tests.support.projects import LISTS
from tests.support.site import Site
from tests.support.small_evaluation import OPENED, opened
from tests.support.small_scheme import SMALL_SCHEME
from tracker.store.database import Database
from tracker.store.tables.scoring import ScoreMonthRow

_OF_THE_LISTS = SMALL_SCHEME.replace("测政办〔2022〕1号", LISTS.document)


def _months(site: Site, project_id: int) -> list[set[str]]:
    """Return the months that the forms of a list's keeper, and the check on site, begin with."""
    pages = {
        "swj": ("/projects/new", "/projects/imports", f"/projects/{project_id}"),
        "office": (f"/projects/{project_id}/check",),
    }
    return [
        {*re.findall(r'type="month" required value="([^"]*)"', site.logged_in(who).get(page).get_data(as_text=True))}
        for who, addresses in pages.items()
        for page in addresses
    ]


@pytest.mark.parametrize("content", [_OF_THE_LISTS, SMALL_SCHEME])
def test_forms_begin_with_the_month_that_is_collected(database: Database, tmp_path: Path, content: str) -> None:
    city = open_city(database)
    for month in ("2022-08", "2022-09"):
        month_id = opened(city, month=month, content=content).month_id
    site = Site(database, tmp_path, city=city)
    site.clock.at = OPENED
    counted = Counted(opened(city, month="2022-07", content=content))
    with database.transaction() as session:
        project_id = counted.foreign(session, "外资甲")
    asked = "2022-09" if content == _OF_THE_LISTS else "2022-10"
    assert _months(site, project_id) == [{asked}] * 4, "another document's months ask for no list of this one"
    with database.transaction() as session:
        session.get_one(ScoreMonthRow, month_id).state = "draft"
    assert _months(site, project_id) == [{"2022-08" if content == _OF_THE_LISTS else "2022-10"}] * 4
