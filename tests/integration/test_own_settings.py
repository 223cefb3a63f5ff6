"""What people set for themselves: the hour of their digest, which every pass obeys, and large print on every page."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.office import BY, POLICY, City, open_city
from tests.support.site import PASSWORD_HASH, Site
from tracker.domain.account_policy import Moment
from tracker.domain.accounts import Actor, Role
from tracker.domain.calendar import SHANGHAI, at_local
from tracker.domain.deliveries import Outgoing
from tracker.store.database import Database
from tracker.store.tables.events import EventRow, ReminderRow
from tracker.store.tables.units import UserRow
from tracker.usecases.own_account import HourNotOffered, OwnSettings, choose_settings
from tracker.usecases.sweeping import sweep, sweep_through

_MONDAY = date(2022, 10, 10)  # the September forms are due on this day
_OUT = Outgoing(mail=False, machine_now=at_local(_MONDAY, 8, 0))


@pytest.fixture
def city(database: Database) -> City:
    city = open_city(database)
    with database.transaction() as session:
        create_user(session, NewUser("swj", "张三", Role.LIAISON, PASSWORD_HASH, "swj"))
        create_user(session, NewUser("tjj", "李四", Role.LIAISON, PASSWORD_HASH, "tjj"))
    return city


def _choose(city: City, hour: int | None, *, at: datetime) -> None:
    with city.database.transaction() as session:
        user = session.scalars(select(UserRow).where(col(UserRow.login) == "swj")).one()
        who = Actor(user.id, user.name, Role.LIAISON, user.unit_id, "市商务局")
        choose_settings(session, chosen=OwnSettings(hour), policy=POLICY, actor=who, when=Moment(now=at, at=at))


def _digests(city: City) -> list[tuple[str, str]]:
    """Return the digests of the day so far: to whom, and at what time in Shanghai they were planned."""
    with city.database.reading() as session:
        rows = session.scalars(
            select(ReminderRow).where(col(ReminderRow.kind) == "digest", col(ReminderRow.planned_on) == _MONDAY)
        ).all()
    return sorted((row.recipient, f"{row.planned_for.astimezone(SHANGHAI):%H:%M}") for row in rows)


def _sweep(city: City, hour: int, minute: int) -> list[tuple[str, str]]:
    sweep(city.database, now=at_local(_MONDAY, hour, minute), by=BY, outgoing=_OUT)
    return _digests(city)


def _named(found: list[tuple[str, str]], name: str) -> list[str]:
    return [when for who, when in found if who.endswith(name)]


def test_a_digest_comes_at_the_hour_that_its_person_chose_and_once(city: City) -> None:
    _choose(city, 10, at=at_local(_MONDAY, 8, 0))
    assert _named(_sweep(city, 8, 40), "张三") == []
    assert _named(_sweep(city, 9, 59), "张三") == []
    assert _named(_sweep(city, 10, 0), "张三") == ["10:00"]
    assert _named(_sweep(city, 10, 1), "张三") == ["10:00"]


def test_a_pass_that_comes_late_makes_up_for_the_chosen_hour(city: City) -> None:
    _choose(city, 10, at=at_local(_MONDAY, 8, 0))
    _sweep(city, 8, 40)
    assert _named(_sweep(city, 15, 0), "张三") == ["10:00"]


def test_a_leap_of_the_clock_passes_the_chosen_hour_too(city: City) -> None:
    _choose(city, 10, at=at_local(_MONDAY, 8, 0))
    since, to = at_local(_MONDAY - timedelta(days=1), 18, 0), at_local(_MONDAY, 17, 0)
    sweep_through(city.database, since=since, to=to, by=BY, outgoing=_OUT)
    assert _named(_digests(city), "张三") == ["10:00"]


def test_an_hour_that_is_given_up_on_the_day_leaves_nobody_without_a_digest(city: City) -> None:
    _choose(city, 11, at=at_local(_MONDAY, 8, 0))
    _sweep(city, 9, 30)
    _choose(city, None, at=at_local(_MONDAY, 9, 31))
    assert _named(_sweep(city, 9, 32), "张三") == ["08:40"]


@pytest.mark.parametrize("hour", [0, 8, 12, 18, 24])
def test_only_hours_that_the_policy_offers_are_taken(city: City, hour: int) -> None:
    with pytest.raises(HourNotOffered):
        _choose(city, hour, at=at_local(_MONDAY, 8, 0))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.app.config["WTF_CSRF_ENABLED"] = False
    yield made
    made.services.database.dispose()


def _html(site: Site, login: str, page: str) -> str:
    with site.client(login) as client:
        return client.get(page).get_data(as_text=True)


def test_large_print_holds_on_every_page_of_who_chose_it_and_is_told_once(site: Site) -> None:
    for _ in range(2):
        with site.client("swj") as client:
            assert client.post("/me/settings", data={"digest_hour": "9", "large_print": "yes"}).status_code == 303
    assert all(
        '<html lang="zh-CN" class="large">' in _html(site, "swj", page) for page in ("/today", "/me", "/tasks/9999")
    )
    assert 'class="large"' not in _html(site, "office", "/desk")
    assert "变更使用设置" in _html(site, "swj", "/me")
    with site.services.database.reading() as session:
        told = session.scalars(select(EventRow).where(col(EventRow.type) == "account.settings_chosen")).all()
    assert len(told) == 1


def test_an_hour_that_is_not_offered_is_refused_beside_its_field(site: Site) -> None:
    with site.client("swj") as client:
        answer = client.post("/me/settings", data={"digest_hour": "3"}, headers={"Referer": "http://localhost/me"})
    assert answer.status_code == 400
    assert "每日摘要的时间请从列出的时间中选。" in answer.get_data(as_text=True)
