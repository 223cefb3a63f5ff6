"""Who hears what a unit owes: its liaison, its keeper's, its head, the office."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.kept import GROUP, city_led_by, person
from tests.support.office import IN_TIME, City
from tracker.domain.accounts import Role
from tracker.domain.calendar import at_local
from tracker.domain.deliveries import Outgoing
from tracker.steps.notices import notify
from tracker.store.database import Database
from tracker.store.queries.addressees import office_people
from tracker.store.queries.reminders import ledger
from tracker.store.tables.events import ReminderRow
from tracker.store.tables.units import UserRow

MONDAY = at_local(date(2022, 10, 10), 8, 40)  # the September form of the group is due on this day


@pytest.fixture
def city(database: Database) -> City:
    """市统计局 keeps the group that leads; the counties have liaisons of their own."""
    city = city_led_by(database, GROUP, kept_by="tjj")
    with database.transaction() as session:
        for county in ("yc", "sp"):
            person(session, county, role=Role.LIAISON, unit=county)
        person(session, "office", role=Role.SUPERVISOR)
    return city


def _enter(city: City, login: str, role: Role, unit: str) -> None:
    with city.database.transaction() as session:
        person(session, login, role=role, unit=unit)


def _digest_of_the_group(city: City) -> ReminderRow:
    """Make the pass and return the one digest that speaks of the group's form."""
    city.sweep(MONDAY)
    with city.database.reading() as session:
        (digest,) = [row for row in ledger(session) if "99-01" in str(row.content) and "县" not in row.recipient]
    return digest


def test_a_groups_digest_goes_to_its_keepers_liaison_who_reads_whose_form_it_is(city: City) -> None:
    _enter(city, "tjj", Role.LIAISON, "tjj")
    digest = _digest_of_the_group(city)
    assert digest.recipient == "市统计局 tjj"
    assert "招商领导小组：" in str(digest.content["lines"])
    assert digest.reason.endswith("招商领导小组的办公室设在本单位，由本单位代为签收、报送。")


def test_a_liaison_of_the_groups_own_hears_before_the_keepers(city: City) -> None:
    _enter(city, "tjj", Role.LIAISON, "tjj")
    _enter(city, "lxz", Role.LIAISON, GROUP)
    digest = _digest_of_the_group(city)
    assert digest.recipient == "招商领导小组 lxz"
    assert "招商领导小组：" not in str(digest.content["lines"])
    assert "设在" not in digest.reason


def test_without_a_liaison_the_head_hears_and_the_reason_says_so(city: City) -> None:
    _enter(city, "tjj-head", Role.UNIT_HEAD, "tjj")
    digest = _digest_of_the_group(city)
    assert digest.recipient == "市统计局 tjj-head"
    assert "您是市统计局的负责人" in digest.reason
    assert digest.reason.endswith("招商领导小组没有在用的联络员账号，提醒改送单位负责人。")


def test_without_anybody_the_office_hears_and_the_reason_says_so(city: City) -> None:
    digest = _digest_of_the_group(city)
    assert digest.recipient == "督查室 office"
    assert "招商领导小组：" in str(digest.content["lines"])
    assert digest.reason.endswith("没有在用的联络员、负责人账号，提醒改送督查室。")


def test_a_closed_account_hears_nothing(city: City) -> None:
    _enter(city, "tjj", Role.LIAISON, "tjj")
    with city.database.transaction() as session:
        session.scalars(select(UserRow).where(col(UserRow.login) == "tjj")).one().active = False
    assert _digest_of_the_group(city).recipient == "督查室 office"


def test_whoever_stands_in_for_several_units_still_gets_one_digest_a_day(city: City) -> None:
    with city.database.transaction() as session:
        for account in session.scalars(select(UserRow).where(col(UserRow.role) == Role.LIAISON.value)):
            account.active = False
    for minutes in range(3):
        city.sweep(MONDAY + timedelta(minutes=minutes))
    with city.database.reading() as session:
        (digest,) = ledger(session)
    assert digest.recipient == "督查室 office"


def _tell(city: City, code: str) -> int:
    with city.database.transaction() as session:
        return notify(
            session,
            rule="document.issued",
            subject_id=1,
            unit_id=city.unit_id(code),
            subject="新交办",
            reason="请签收。",
            tasks=("99-01",),
            at=IN_TIME,
            mail_at=IN_TIME,
            outgoing=Outgoing(mail=False, machine_now=IN_TIME),
        )


def test_one_event_speaks_to_a_keeper_and_to_the_group_it_keeps(city: City) -> None:
    _enter(city, "tjj", Role.LIAISON, "tjj")
    assert [_tell(city, "tjj"), _tell(city, GROUP), _tell(city, GROUP)] == [1, 1, 0]
    with city.database.reading() as session:
        reasons = {row.reason for row in ledger(session)}
    assert reasons == {"请签收。", "请签收。招商领导小组的办公室设在本单位，由本单位代为签收、报送。"}


def test_a_single_message_that_nobody_could_hear_is_not_sent_to_the_office_that_caused_it(city: City) -> None:
    assert _tell(city, "wjw") == 0


def test_nobody_of_the_office_whose_account_is_closed_is_written_to(city: City) -> None:
    with city.database.transaction() as session:
        person(session, "left", role=Role.SUPERVISOR)
        session.scalars(select(UserRow).where(col(UserRow.login) == "left")).one().active = False
        session.flush()
        assert [human.name for human in office_people(session).people] == ["office"]
