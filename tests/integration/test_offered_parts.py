"""What 补协办 offers a further member is what it is then asked for."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.databases import fresh_sqlite
from tests.support.office import City
from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.site import Site
from tracker.domain.items import AssignmentRole, Basis, Bearer, CadenceKind, Duty
from tracker.domain.parts import NewShare
from tracker.domain.readings.demands import Bound, Cadence
from tracker.store.tables.series import DutyRow, SeriesRow
from tracker.usecases.sharing import add_share

# Whom the words of the rhythm bind, what the page offers, and the series that comes of it: with a row or a tick only.
_OFFERED = [
    (Bearer.LEAD, "配合，在其他配合事项中打勾确认", (False, "half_yearly")),
    (Bearer.GROUP, "配合，按期报送（每月）", (True, "monthly")),
    (Bearer.BOTH, "配合，按期报送（每月）", (True, "monthly")),
]


def _asked(city: OwedCity) -> list[tuple[bool, str]]:
    with city.database.reading() as session:
        rows = session.execute(
            select(col(DutyRow.assignment_id), col(SeriesRow.kind))
            .join(SeriesRow, col(SeriesRow.id) == col(DutyRow.series_id))
            .where(col(SeriesRow.unit_id) == city.unit_id("wjw"))
        )
        return [(assignment_id is not None, kind) for assignment_id, kind in rows]


@pytest.mark.parametrize(("bearer", "offered", "asked"), _OFFERED)
def test_a_further_member_is_asked_for_what_the_page_offered(
    tmp_path: Path, bearer: Bearer, offered: str, asked: tuple[bool, str]
) -> None:
    reading = small_reading()
    rhythm = Cadence(CadenceKind.MONTHLY, Basis.STATED, 1, "每月通报一次", bound=Bound(bearer))
    item = replace(reading.items[0], cadences=(rhythm,), targets=())
    city = open_owed_city(fresh_sqlite(tmp_path), reading=replace(reading, items=(item, *reading.items[1:])))
    site = Site(city.database, tmp_path, city=City(city.database))
    site.clock.at = at(10, 12)
    with site.client("office") as office:
        page = office.get(f"/tasks/{city.task_id()}").get_data(as_text=True)
        waiting = office.get(f"/tasks/{city.task_id() + 1}").get_data(as_text=True)
    assert re.findall(r'<option value="member">([^<]*)', page) == [offered]
    assert ("只要求牵头单位按期报送" in page) == (bearer is Bearer.LEAD)
    assert re.findall(r'<option value="member">([^<]*)', waiting) == ["配合，事件触发后按时限报送"]
    with city.database.transaction() as session:
        part = NewShare(city.unit_id("wjw"), AssignmentRole.SUPPORT, Duty.REPORT)
        add_share(session, task_id=city.task_id(), share=part, reason="工作需要", actor=OFFICE, at=at(10, 12), by=BY)
    assert _asked(city) == [asked]
    assert_reckoned(city.database)
