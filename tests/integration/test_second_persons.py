"""Where two persons have to act, a deputy is no third one: what he does is his and that of whom he acts for."""

from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import col

from tests.support import rights_acts as how
from tests.support.two_bureaus import NOW
from tests.support.two_bureaus_life import open_two_bureaus
from tracker.domain.accounts import acting_for
from tracker.domain.circulars.editions import OtherPersonNeeded
from tracker.store.queries.editions_under_way import waiting_for
from tracker.store.tables.absences import HandoverRow
from tracker.store.tables.circulars import CircularRow
from tracker.usecases.circulars.deciding import approve_circular
from tracker.usecases.handing_over import hand_over
from tracker.usecases.registering import SecondPersonNeeded


def test_two_persons_have_to_act_where_two_have_to(tmp_path: Path) -> None:
    """What a deputy drafts is his and the other's, and so is what he approves: neither approves it."""
    city = open_two_bureaus(tmp_path)
    office, second, leader = (city.actor(login) for login in ("office", "second", "leader"))
    for_office = acting_for(second, user_id=office.user_id or 0, name=office.name)
    approve = how.on_paper(approve_circular, "submitted notice", 2, basis=how.WHY, content=None)
    with city.database.transaction() as session:
        row = session.get_one(CircularRow, city.ids["submitted notice paper"])
        assert row.drafted_by_id == office.user_id
        assert row.id not in [one.circular_id for one in waiting_for(session, for_office).to_approve]
        with pytest.raises(OtherPersonNeeded):
            approve(city, session, for_office)
        with pytest.raises(SecondPersonNeeded):
            how.approve_draft(city, session, for_office)
        drafted_in_anothers_name = {"drafted_by_id": second.user_id, "drafted_for_id": office.user_id}
        session.execute(update(CircularRow).where(col(CircularRow.id) == row.id).values(**drafted_in_anothers_name))
        for person in (office, second, for_office):
            assert row.id not in [one.circular_id for one in waiting_for(session, person).to_approve]
            with pytest.raises(OtherPersonNeeded):
                approve(city, session, person)
        drafted = session.get_one(CircularRow, how.draft_paper(city, session, for_office))
        assert (drafted.drafted_by, drafted.drafted_for_id) == (for_office.name, office.user_id)
        approve(city, session, leader)
        session.info.clear()
        session.rollback()


def test_who_drafted_a_paper_stays_its_drafter(tmp_path: Path) -> None:
    city = open_two_bureaus(tmp_path)
    office, second = city.ids["account office"], city.ids["account second"]
    with city.database.transaction() as session:
        admin = city.actor("sysadmin")
        made = hand_over(session, user_id=office, to_id=second, reason=how.WHY, actor=admin, at=NOW)
        kinds = {line[0] for line in session.get_one(HandoverRow, made).lines}
        assert {"paper", "draft"} <= kinds
        row = session.get_one(CircularRow, city.ids["submitted notice paper"])
        assert row.drafted_by_id == office
        with pytest.raises(OtherPersonNeeded):
            how.on_paper(approve_circular, "submitted notice", 2, basis=how.WHY, content=None)(
                city, session, city.actor("office")
            )
