"""For whom the people of a unit act, and what the office says about it."""

import json

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.kept import GROUP, city_led_by, person
from tests.support.office import IN_TIME, LATE, OFFICE, City
from tracker.domain.accounts import Actor, NotYourTask, Role
from tracker.domain.errors import NotFound
from tracker.domain.filings import ReasonRequired
from tracker.domain.lifecycle import AssignmentState
from tracker.store.database import Database
from tracker.store.queries.nobody import count_nobody, kept_groups, nobody_to_remind, possible_keepers
from tracker.store.queries.owed_lists import count_overdue
from tracker.store.queries.units import units_acted_for
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import FilingRow
from tracker.store.tables.units import UserRow
from tracker.usecases.filing import SubmitForm, acknowledge, sign_off, submit_form, withdraw
from tracker.usecases.keeping import KeptAlready, MayNotKeep, NotALeadingGroup, SetKeeper, set_keeper

REASON = "办公室设在市统计局"


@pytest.fixture
def city(database: Database) -> City:
    """市统计局 keeps the office of the group that leads."""
    return city_led_by(database, GROUP, kept_by="tjj")


def _submit(city: City, actor: Actor) -> int:
    with city.database.transaction() as session:
        period_id = city.period(GROUP, session).id or 0
        command = SubmitForm(period_id, (city.entry(GROUP, session),))
        return submit_form(session, command, actor=actor, at=IN_TIME)


def _keep(city: City, code: str, keeper: str | None, *, reason: str = REASON, actor: Actor = OFFICE) -> None:
    unit_id, keeper_id = city.unit_id(code), city.unit_id(keeper) if keeper else None
    with city.database.transaction() as session:
        set_keeper(session, SetKeeper(unit_id, keeper_id, reason), actor=actor, at=IN_TIME)


def test_a_unit_acts_for_itself_and_the_groups_it_keeps(city: City) -> None:
    with city.database.reading() as session:
        tjj, swj, group = city.unit_id("tjj"), city.unit_id("swj"), city.unit_id(GROUP)
        assert units_acted_for(session, tjj) == {tjj, group}
        assert units_acted_for(session, swj) == {swj}
        assert units_acted_for(session, group) == {group}
        assert units_acted_for(session, None) == frozenset()


def test_the_keepers_people_acknowledge_file_and_sign_in_the_groups_name(city: City) -> None:
    with city.database.transaction() as session:
        share = city.assignment(GROUP, session)
        acknowledge(session, assignment_id=share.id or 0, actor=city.liaison("tjj"), at=IN_TIME)
    filing_id = _submit(city, city.liaison("tjj"))
    with city.database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=city.head("tjj"), at=IN_TIME)
    with city.database.reading() as session:
        filing = session.get_one(FilingRow, filing_id)
        assert (filing.unit_id, filing.state, filing.signed_by) == (city.unit_id(GROUP), "filed", "tjj负责人")
        assert city.assignment(GROUP, session).state == AssignmentState.WORKING.value


def test_what_the_group_owes_counts_for_the_group_and_not_for_its_keeper(city: City) -> None:
    with city.database.reading() as session:
        assert count_overdue(session, now=LATE, unit_ids=[city.unit_id(GROUP)]) == 1
        assert count_overdue(session, now=LATE, unit_ids=[city.unit_id("tjj")]) == 0


def test_another_unit_sees_nothing_of_the_group(city: City) -> None:
    with pytest.raises(NotFound):
        _submit(city, city.liaison("wjw"))
    filing_id = _submit(city, city.liaison("tjj"))
    with pytest.raises(NotFound), city.database.transaction() as session:
        withdraw(session, filing_id=filing_id, actor=city.liaison("wjw"), at=IN_TIME)
    with pytest.raises(NotFound), city.database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=city.head("wjw"), at=IN_TIME)


def test_the_office_may_give_a_group_to_another_keeper(city: City) -> None:
    _keep(city, GROUP, "swj")
    with pytest.raises(NotFound):
        _submit(city, city.liaison("tjj"))
    assert _submit(city, city.liaison("swj"))
    with city.database.reading() as session:
        (event,) = session.scalars(select(EventRow).where(col(EventRow.type) == "unit.keeper_set")).all()
        facts = json.loads(event.payload)
        assert (facts["old_keeper_unit_id"], facts["keeper_unit_id"]) == (city.unit_id("tjj"), city.unit_id("swj"))
        assert (event.unit_id, facts["reason"]) == (city.unit_id(GROUP), REASON)
        assert [(group.name, group.keeper_name) for group in kept_groups(session)] == [("招商领导小组", "市商务局")]


def test_the_office_may_say_that_nobody_keeps_a_group_any_more(city: City) -> None:
    _keep(city, GROUP, None)
    with city.database.reading() as session:
        assert kept_groups(session) == []
    with pytest.raises(KeptAlready):
        _keep(city, GROUP, None)


def test_only_the_office_names_a_keeper_with_a_reason_for_a_group_and_no_group_for_another(city: City) -> None:
    with pytest.raises(NotYourTask):
        _keep(city, GROUP, "swj", actor=city.head("swj"))
    with pytest.raises(ReasonRequired):
        _keep(city, GROUP, "swj", reason=" ")
    with pytest.raises(NotALeadingGroup):
        _keep(city, "wjw", "swj")
    with pytest.raises(KeptAlready):
        _keep(city, GROUP, "tjj")
    for unfit in (GROUP, "sheng"):
        with pytest.raises(MayNotKeep):
            _keep(city, GROUP, unfit)
    for missing in (SetKeeper(999, None, REASON), SetKeeper(city.unit_id(GROUP), 999, REASON)):
        with pytest.raises(NotFound), city.database.transaction() as session:
            set_keeper(session, missing, actor=OFFICE, at=IN_TIME)


def test_units_with_work_and_no_liaison_of_their_own_or_their_keepers_are_named(city: City) -> None:
    with city.database.transaction() as session:
        person(session, "tjj", role=Role.LIAISON, unit="tjj")
        person(session, "sp", role=Role.LIAISON, unit="sp")
        person(session, "wjw-head", role=Role.UNIT_HEAD, unit="wjw")
    with city.database.reading() as session:
        found = nobody_to_remind(session)
        assert [(unit.name, unit.open_assignments, unit.has_head) for unit in found] == [
            ("市卫生健康体育委", 1, True),
            ("驿城区", 1, False),
        ]
        assert count_nobody(session) == 2


def test_a_group_is_named_as_soon_as_its_keepers_only_liaison_is_gone(city: City) -> None:
    with city.database.transaction() as session:
        person(session, "tjj", role=Role.LIAISON, unit="tjj")
    with city.database.transaction() as session:
        assert GROUP not in {unit.name for unit in nobody_to_remind(session)}
        session.scalars(select(UserRow).where(col(UserRow.login) == "tjj")).one().active = False
    with city.database.reading() as session:
        (group,) = [unit for unit in nobody_to_remind(session) if unit.unit_id == city.unit_id(GROUP)]
        assert (group.kind, group.may_be_kept) == ("领导小组", True)


def test_neither_groups_nor_provincial_bodies_are_offered_as_keepers(city: City) -> None:
    with city.database.reading() as session:
        names = {keeper.name for keeper in possible_keepers(session)}
        assert names == {"市商务局", "市统计局", "市卫生健康体育委", "驿城区", "遂平县", "市委组织部"}
