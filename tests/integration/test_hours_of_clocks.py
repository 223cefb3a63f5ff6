"""A clock of hours is told by its minute wherever anybody reads of it, and its delay by hours and days."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.office import BY
from tests.support.site import Site, post
from tracker.domain.accounts import Role
from tracker.domain.calendar import at_local
from tracker.domain.deliveries import Outgoing
from tracker.store.tables.events import ReminderRow
from tracker.store.tables.series import PeriodRow, SeriesRow
from tracker.usecases.sweeping import sweep
from tracker.wording.digests import digest_text

OCCURRED = at_local(date(2022, 9, 29), 9, 20)
RECORDED = at_local(date(2022, 9, 29), 9, 30)
RUNS_OUT = at_local(date(2022, 9, 30), 9, 20)  # before a holiday of seven days
ADDRESS = "li@example.org"
MINUTE, THE_DAY = "9月30日9时20分", "9月30日（"
UNIT = ("/series/{series}", "/tasks/2", "/today", "/periods/{period}/form")
OFFICE = ("/series/{series}", "/tasks/2", "/overview/series")
OVERDUE = ("/tasks?overdue=1", "/desk")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    site.clock.at = RECORDED
    settings = site.services.settings.model_copy(update={"smtp_url": "smtp://localhost:25"})
    site.services = replace(site.services, settings=settings)
    with site.services.database.transaction() as session:
        create_user(session, NewUser("mail", "李四", Role.LIAISON, "hash", "wjw", ADDRESS))
    with site.client("office") as office:
        occurred = f"{OCCURRED + timedelta(hours=8):%Y-%m-%dT%H:%M}"
        assert post(office, "/tasks/2/trigger", at="/tasks/2", occurred_at=occurred, matter="疫情").status_code == 303
    site.work()
    return site


def _words(client: FlaskClient, address: str) -> str:
    """Return what a reader sees, each piece of text after a line."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "|", answer.get_data(as_text=True)))


@pytest.mark.parametrize(
    ("after", "late"),
    [
        (timedelta(minutes=-40), ""),
        (timedelta(0), "已逾期"),
        (timedelta(hours=3, minutes=5), "已逾期3小时"),
        (timedelta(days=4, hours=1), "已逾期4天"),
    ],
)
def test_every_page_names_the_minute_of_a_clock_of_hours(site: Site, after: timedelta, late: str) -> None:
    site.clock.at = RUNS_OUT + after
    with site.services.database.reading() as session:
        wanted = select(PeriodRow).join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
        period = session.scalars(wanted.where(col(SeriesRow.trigger_id).is_not(None))).one()
        known = {"series": period.series_id, "period": period.id}
    for login, addresses in (("wjw", UNIT), ("office", OFFICE + (OVERDUE if late else ()))):
        with site.client(login) as person:
            for address in addresses:
                words = _words(person, address.format(**known))
                assert MINUTE in words, (login, address)
                assert THE_DAY not in words, (login, address)
                asked = set(re.findall(rf"应于{MINUTE}前报送，([^|，（；]*)", words))
                assert asked <= {late}, (login, address)
                assert asked or not late or address in ("/overview/series", "/desk"), (login, address)


def _told(site: Site, kind: str, *, at: datetime) -> str:
    """Return the mail of a kind that the liaison got last by then."""
    sweep(site.services.database, now=at, by=BY, outgoing=Outgoing(mail=True, machine_now=at))
    with site.services.database.reading() as session:
        wanted = select(ReminderRow).where(col(ReminderRow.kind) == kind, col(ReminderRow.address) == ADDRESS)
        row = session.scalars(wanted.order_by(col(ReminderRow.id).desc())).first()
        return digest_text(row.content, reason=row.reason) if row is not None else ""


@pytest.mark.parametrize(
    ("kind", "at", "said"),
    [
        ("digest", at_local(date(2022, 9, 30), 8, 40), f"，今天（{MINUTE}前）截止。"),
        ("digest", at_local(date(2022, 10, 1), 8, 40), f"，应于{MINUTE}前报送，已逾期23小时。"),
        ("digest", at_local(date(2022, 10, 8), 8, 40), f"，应于{MINUTE}前报送，已逾期7天。"),
        ("clock.near", RUNS_OUT - timedelta(hours=3), f"请于2022年{MINUTE}前报送，还有3小时。"),
        ("clock.passed", RUNS_OUT + timedelta(hours=12), f"应于2022年{MINUTE}前报送，已逾期12小时。"),
        ("trigger.recorded", RECORDED, f"说明：疫情。请于2022年{MINUTE}前报送。"),
    ],
)
def test_every_mail_names_the_minute_of_a_clock_of_hours(site: Site, kind: str, at: datetime, said: str) -> None:
    told = _told(site, kind, at=at)
    assert said in told
    assert THE_DAY not in told
    assert "含）" not in told
