"""A paper criticises a unit only for what holds when it goes a step further, and for nothing twice."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.answered_urge import answer_urge
from tests.support.naming_draft import AFTER, LAST_DAY, NamingDraft, open_naming_draft
from tests.support.office import CALENDAR, OFFICE
from tracker.domain.calendar import at_local, local_day
from tracker.domain.circulars.blame_now import BlameOvertaken
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.editions import CorrectionAwaits, NamesOutdated
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.proposals import NamingAct, NamingGround, Proposal
from tracker.domain.errors import Stale
from tracker.store.database import Database
from tracker.store.history.contents import content_as_of
from tracker.store.history.facts import facts_as_of
from tracker.store.tables.units import UnitRow
from tracker.usecases.circulars.deciding import submit_circular
from tracker.usecases.circulars.drafting import correct_circular, discard_circular
from tracker.usecases.circulars.issuing import withdraw_circular
from tracker.usecases.circulars.naming import (
    leave_out_naming,
)
from tracker.usecases.merging import merge_units


@pytest.fixture
def draft(database: Database, tmp_path: Path) -> NamingDraft:
    return open_naming_draft(database, tmp_path)


@pytest.mark.parametrize("step", ["submit", "approve", "issue"])
def test_what_the_unit_has_mended_since_is_held_against_it_at_no_step(draft: NamingDraft, step: str) -> None:
    draft.serve()
    draft.include()
    steps = {"submit": draft.submit, "approve": draft.approve, "issue": draft.issue}
    for name, take in steps.items():
        if name == step:
            break
        take()
    answer_urge(draft.city, at=AFTER)
    before = draft.row.state
    with pytest.raises(BlameOvertaken) as refused:
        steps[step]()
    assert refused.value.facts == {"unit": "市商务投资局", "grounds": "urged_in_vain", "into": ""}
    assert draft.row.state == before


def test_who_went_up_in_another_since_is_not_named_nor_does_a_list_with_the_old_name_go_out(draft: NamingDraft) -> None:
    draft.serve()
    draft.include()
    with draft.database.transaction() as session:
        into = session.scalars(select(col(UnitRow.id)).where(col(UnitRow.code) == "tjj")).one() or 0
        given = {"on": LAST_DAY.date(), "reason": "机构改革", "actor": draft.actor("office"), "at": LAST_DAY}
        merge_units(session, from_unit_id=draft.naming.unit_id, into_unit_id=into, **given)  # type: ignore[arg-type] # by name
    with pytest.raises(BlameOvertaken) as refused:
        draft.submit()
    assert refused.value.facts["into"] == "市统计局"
    draft.do(leave_out_naming, key=draft.proposal.key, content=draft.content)
    with pytest.raises(NamesOutdated) as old:
        draft.submit()
    assert old.value.facts["names"] == "市商务投资局现为市统计局"


def test_nothing_goes_out_against_a_unit_where_nobody_looked_at_what_holds_now(draft: NamingDraft) -> None:
    draft.serve()
    draft.include()
    with pytest.raises(Stale):
        draft.do(submit_circular, at=AFTER, content=draft.content)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite lets one writer in
def test_an_answer_that_comes_between_the_look_and_the_end_of_the_step_stops_it(draft: NamingDraft) -> None:
    draft.serve()
    draft.include()
    now, actor, version = draft.now(AFTER), draft.actor("office"), draft.row.version
    given = {"circular_id": draft.id, "version": version, "content": draft.content, "actor": actor, "at": AFTER}
    with pytest.raises(BlameOvertaken), draft.database.transaction() as session:
        submit_circular(session, **given, facts_now=now)  # type: ignore[arg-type] # by name
        answer_urge(draft.city, at=AFTER)
    assert draft.row.state == "draft"


def test_a_correction_says_again_what_was_said_then(draft: NamingDraft) -> None:
    draft.serve()
    draft.include()
    draft.go_out()
    answer_urge(draft.city, at=AFTER)
    again = NamingDraft(draft.city, int(str(draft.do(correct_circular, at=AFTER, reason="标题有误"))), draft.content)
    again.go_out()
    assert draft.row.state == "corrected"


def test_what_an_issued_paper_named_a_unit_for_is_proposed_in_no_later_one(draft: NamingDraft) -> None:
    later = at_local(date(2022, 10, 27), 9, 0)
    assert [one.unit for one in _proposed(draft, later)] == ["市商务投资局"]
    draft.serve()
    draft.include()
    draft.go_out()
    assert _proposed(draft, later) == ()
    draft.do(withdraw_circular, by="leader", at=AFTER, reason="另行印发")
    assert [one.unit for one in _proposed(draft, later)] == ["市商务投资局"], "it does not stand any more"


def test_who_took_work_over_is_not_named_for_what_its_unit_was_named_for(draft: NamingDraft) -> None:
    draft.serve()
    draft.include()
    draft.go_out()
    with draft.database.transaction() as session:
        codes = ("swj", "tjj")
        swj, tjj = (session.scalars(select(col(UnitRow.id)).where(col(UnitRow.code) == code)).one() for code in codes)
        said = {"on": local_day(AFTER), "reason": "机构改革", "actor": OFFICE, "at": AFTER}
        merge_units(session, from_unit_id=swj or 0, into_unit_id=tjj or 0, **said)  # type: ignore[arg-type] # by name
    with draft.database.reading() as session:
        named = facts_as_of(session, as_of=at_local(date(2022, 10, 27), 9, 0)).leads.named
    assert [(one.unit, one.act) for one in named] == [
        ("市商务投资局", NamingAct.BLAME),
        ("市统计局", NamingAct.BLAME),
    ]
    assert len({one.words for one in named}) == 1


def _proposed(draft: NamingDraft, at: datetime) -> tuple[Proposal, ...]:
    with draft.database.reading() as session:
        content = content_as_of(
            session,
            kind=CircularType.SUPERVISION,
            scope=Scope(),
            as_of=at,
            up_to=None,
            previous=None,
            calendar=CALENDAR,
        )
    return content.proposals


def test_what_an_issued_paper_praised_a_unit_for_is_remembered_as_praise(draft: NamingDraft) -> None:
    praise = replace(draft.proposal, act=NamingAct.PRAISE, grounds=(NamingGround.WORK_DONE,))
    draft.content = replace(draft.content, proposals=(praise,))
    draft.serve()
    draft.include()
    draft.go_out()
    with draft.database.reading() as session:
        [known] = facts_as_of(session, as_of=AFTER).leads.named
    assert (known.unit, known.act, known.last_event) == (praise.unit, NamingAct.PRAISE, draft.row.last_event)


def test_a_paper_is_not_withdrawn_while_a_correction_of_it_is_on_its_way(draft: NamingDraft) -> None:
    draft.go_out()
    again = int(str(draft.do(correct_circular, at=AFTER, reason="标题有误")))
    with pytest.raises(CorrectionAwaits):
        draft.do(withdraw_circular, by="leader", at=AFTER, reason="另行印发")
    assert draft.row.state == "issued"
    NamingDraft(draft.city, again, draft.content).do(discard_circular, at=AFTER)
    draft.do(withdraw_circular, by="leader", at=AFTER, reason="另行印发")
    assert draft.row.state == "withdrawn"
