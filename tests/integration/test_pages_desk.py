"""The office's desk: what waits for it and since when, what turned red since yesterday, what will be told tomorrow."""

import html
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME
from tests.support.site import Site
from tests.support.two_bureaus import all_rows
from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.calendar import local_day
from tracker.domain.deliveries import Outgoing
from tracker.domain.reminders import digest_at
from tracker.store.queries.owed_lists import overdue_lines
from tracker.store.tables.events import ReminderRow
from tracker.usecases.coming_digests import coming_digests
from tracker.usecases.sweeping import sweep


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    site.clock.at = IN_TIME
    return site


def _read(site: Site, address: str) -> str:
    with site.client("office") as client:
        answer = client.get(address)
        assert answer.status_code == 200
        return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html.unescape(answer.get_data(as_text=True))))


def _overdue_from(site: Site) -> datetime:
    with site.services.database.reading() as session:
        far = datetime(2022, 10, 20, tzinfo=UTC)
        [line, *_more] = overdue_lines(session, now=far, unit_ids=EVERY_UNIT, limit=1)
        return line.owed.due_at


def test_what_waits_is_told_with_its_oldest_and_red_once_the_offices_clock_is_over(site: Site) -> None:
    assert "没有等督查室办的" in _read(site, "/desk")
    site.city.file()
    page = _read(site, "/desk")
    assert "等督查室办1件。" in page
    assert re.search("报送待审核1份(2022年)?9月28日", page)
    site.clock.at = datetime(2022, 10, 14, 1, 0, tzinfo=UTC)
    assert "报送待审核已超办理时限" in _read(site, "/desk")


def test_what_turned_red_since_the_last_close_is_listed_for_one_working_day(site: Site) -> None:
    passed = _overdue_from(site)
    site.clock.at = passed
    assert "新转红" in _read(site, "/desk")
    calendar = site.services.calendar
    after = calendar.next_workday(calendar.next_workday(local_day(passed)))
    site.clock.at = digest_at(after, policy=site.services.policy)
    page = _read(site, "/desk")
    assert "新转红" not in page
    assert "反馈逾期未报" in page


def test_what_will_be_told_is_what_the_pass_then_tells_and_looking_writes_nothing(site: Site) -> None:
    site.clock.at = datetime(2022, 10, 8, 1, 0, tzinfo=UTC)
    database, by = site.services.database, site.services.reckoning
    on = by.calendar.next_workday(local_day(site.clock.at))
    outgoing = Outgoing(mail=False, machine_now=site.clock.at)
    before = all_rows(database)
    with database.reading() as session:
        told = coming_digests(session, on=on, by=by, outgoing=outgoing)
        with_nothing = session.new, session.dirty
    assert all_rows(database) == before
    page = _read(site, "/desk/coming")
    assert (told != (), *map(len, with_nothing)) == (True, 0, 0)
    sweep(database, now=digest_at(on, policy=by.policy), by=by, outgoing=outgoing)
    with database.reading() as session:
        kept = session.execute(
            select(col(ReminderRow.recipient), col(ReminderRow.subject)).where(
                col(ReminderRow.planned_on) == on, col(ReminderRow.kind) == "digest"
            )
        ).all()
    assert sorted((one.recipient, one.subject) for one in told) == sorted(map(tuple, kept))
    for one in told:
        assert one.recipient.replace(" ", "") in page
        assert one.subject in page
