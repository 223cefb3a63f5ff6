"""A delay climbs: the head of its unit reads of it from the third working day on, the office from the fifth."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.office import BY, City, open_city
from tracker.domain.accounts import Role
from tracker.domain.calendar import at_local
from tracker.domain.deliveries import Outgoing
from tracker.store.queries.reminders import ledger
from tracker.store.tables.events import ReminderRow
from tracker.store.tables.units import UserRow
from tracker.usecases.sweeping import sweep

_DUE = date(2022, 10, 10)  # of the form of 市商务局, a Monday
_UNTIL_FIFTH = {0: 1, 1: 2, 2: 3, 3: 4, 4: 7, 5: 8}  # days after it of so many working days of delay, less one
_HEAD, _LIAISON, _OFFICE = "市商务局 李四", "市商务局 张三", "督查室 督查员"


@pytest.fixture
def city(tmp_path: Path) -> City:
    city = open_city(fresh_sqlite(tmp_path))
    with city.database.transaction() as session:
        create_user(session, NewUser("swj", "张三", Role.LIAISON, "x", "swj"))
        create_user(session, NewUser("swj-head", "李四", Role.UNIT_HEAD, "x", "swj"))
        create_user(session, NewUser("office", "督查员", Role.SUPERVISOR, "x"))
    return city


def _told(city: City, workdays: int, *, minutes: int = 0) -> dict[str, ReminderRow]:
    """Make the pass of a morning on which the form is late by so many working days; return its digests by person."""
    on = _DUE + timedelta(days=_UNTIL_FIFTH[workdays - 1])
    now = at_local(on, 8, 40) + timedelta(minutes=minutes)
    sweep(city.database, now=now, by=BY, outgoing=Outgoing(mail=False, machine_now=datetime(2026, 1, 5, tzinfo=UTC)))
    with city.database.reading() as session:
        return {row.recipient: row for row in ledger(session, on=on) if row.channel == "in_app"}


def _sentences(row: ReminderRow) -> list[str]:
    lines = row.content["lines"]
    assert isinstance(lines, list)
    return [line["sentence"] for line in lines]


@pytest.mark.parametrize(
    ("workdays", "people"),
    [
        (1, {_LIAISON}),
        (2, set()),
        (3, {_LIAISON, _HEAD}),
        (4, set()),
        (5, {_LIAISON, _HEAD, _OFFICE}),
        (6, set()),
    ],
)
def test_it_is_told_on_the_days_of_the_ladder_and_to_one_more_on_each(
    city: City, workdays: int, people: set[str]
) -> None:
    assert _told(city, workdays).keys() == people


def test_each_reads_whose_it_is_and_why_he_is_told(city: City) -> None:
    told = _told(city, 5)
    [liaison], [head], [office] = (_sentences(told[who]) for who in (_LIAISON, _HEAD, _OFFICE))
    assert "已逾期5个工作日" in liaison
    assert (head, office) == (liaison, f"市商务局：{liaison}")
    assert "同时告知" not in told[_LIAISON].reason
    assert told[_HEAD].reason.endswith("市商务局逾期满3个工作日的，同时告知单位负责人。")
    assert told[_OFFICE].reason.endswith("市商务局逾期满5个工作日的，同时告知督查室。")


def test_what_was_handed_in_climbs_no_further_and_its_head_is_told_that_it_waits_for_him(city: City) -> None:
    _told(city, 1)
    city.submit(at=at_local(date(2022, 10, 12), 10, 0))
    [head] = _told(city, 3).values()
    assert (head.recipient, _sentences(head)) == (_HEAD, ["报送、申请和文稿答复待审签1份，请在“待我审签”中办理。"])
    assert head.subject == "督办提醒：待审签1份"
    assert head.reason == "您是市商务局的负责人，1份待审签；每个工作日至多一封。"


def test_nobody_is_told_twice_and_whoever_hears_for_the_unit_hears_as_before(city: City) -> None:
    with city.database.transaction() as session:
        session.get_one(UserRow, 1).active = False  # the liaison
    [head] = _told(city, 1).values()
    assert (head.recipient, len(_sentences(head))) == (_HEAD, 1)
    told = _told(city, 5)
    assert told.keys() == {_HEAD, _OFFICE}
    assert len(_sentences(told[_HEAD])) == 1
    assert "同时告知" not in told[_HEAD].reason
    before = [row.id for row in told.values()]
    assert [row.id for row in _told(city, 5, minutes=3).values()] == before


def test_whoever_chose_an_hour_is_told_then(city: City) -> None:
    with city.database.transaction() as session:
        session.get_one(UserRow, 3).digest_hour = 10
    assert _told(city, 5).keys() == {_LIAISON, _HEAD}
    assert _told(city, 5, minutes=80).keys() == {_LIAISON, _HEAD, _OFFICE}
