"""A unit is told two working days before what a 督查通报 would say of it by name, and agrees or objects."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from tests.support.naming_draft import AFTER, ANSWER_BY, DRAFTED_AT, LAST_DAY, OUTGOING, NamingDraft, open_naming_draft
from tests.support.office import CALENDAR, POLICY
from tracker.domain.accounts import EVERY_UNIT, NotYourTask
from tracker.domain.circulars.proposals import NamingAct, NamingGround
from tracker.domain.deliveries import ClaimedDelivery
from tracker.domain.errors import NotFound, Rejected
from tracker.domain.events.namings import NamingServed
from tracker.domain.namings import (
    NamingIncludedAlready,
    NamingNotServed,
    NamingObjected,
    NamingServedAlready,
    NamingTooEarly,
    NamingWordsMissing,
    NoNamingToAnswer,
    NoObjectionToKeep,
    NoSuchProposal,
)
from tracker.editions import differs_from_log
from tracker.store.database import Database
from tracker.store.queries.namings import naming_of_unit, open_namings
from tracker.store.tables.events import EventRow, ReminderRow
from tracker.store.tables.namings import NamingRow
from tracker.usecases.circulars.drafting import correct_circular, discard_circular
from tracker.usecases.circulars.naming import (
    include_naming,
    leave_out_naming,
)
from tracker.usecases.deliveries import delivered
from tracker.usecases.notices import announce


@pytest.fixture
def draft(database: Database, tmp_path: Path) -> NamingDraft:
    return open_naming_draft(database, tmp_path)


def _words(draft: NamingDraft) -> list[str]:
    return [str(statement[1]) for statement in draft.row.statements]


def test_a_proposal_stands_in_no_draft_until_somebody_puts_it_there(draft: NamingDraft) -> None:
    one = draft.proposal
    assert (one.act, one.grounds) == (NamingAct.BLAME, (NamingGround.URGED_IN_VAIN,))
    assert one.statement not in _words(draft)
    draft.include()
    words = _words(draft)
    at = words.index(one.statement)
    assert words[at + 1] == "四、报送情况", "it is the last of 存在问题"
    assert draft.content.figures[one.key].words in (draft.row.said or "")
    with pytest.raises(NamingIncludedAlready):
        draft.include()
    draft.do(leave_out_naming, key=one.key, content=draft.content)
    assert one.statement not in _words(draft)
    for act in (leave_out_naming, include_naming):
        with pytest.raises(NoSuchProposal):
            draft.do(act, key=one.key if act is leave_out_naming else "naming_zz", content=draft.content)
    draft.submit(at=DRAFTED_AT)


def test_who_agrees_is_named_at_once_and_who_says_nothing_after_two_full_working_days(draft: NamingDraft) -> None:
    draft.include()
    with pytest.raises(NamingNotServed):
        draft.submit()
    draft.serve()
    with pytest.raises(NamingServedAlready):
        draft.serve()
    naming = draft.naming
    assert (naming.state, naming.answer_by, naming.act) == ("served", ANSWER_BY, "blame")
    assert naming.words == draft.content.figures[naming.key].words
    with pytest.raises(NamingTooEarly) as refused:
        draft.submit(at=LAST_DAY)
    assert refused.value.facts == {"unit": "市商务投资局", "day": "2022年10月24日"}
    assert draft.disagreements() == []
    draft.answer(agrees=True, by="swj-head")
    draft.go_out(at=DRAFTED_AT + timedelta(hours=1))
    assert draft.naming.state == "agreed"
    assert draft.disagreements() == []


def test_who_says_nothing_is_named_from_the_day_after_on_and_may_answer_no_more(draft: NamingDraft) -> None:
    draft.serve()
    draft.include()
    with pytest.raises(NoNamingToAnswer):
        draft.answer(agrees=True, at=AFTER)
    draft.go_out()
    assert draft.naming.state == "ended"
    with pytest.raises(NoNamingToAnswer):
        draft.answer(agrees=True)
    assert draft.disagreements() == []
    with draft.database.reading() as session:
        assert not differs_from_log(draft.city.site.services, session, draft.row)


def test_an_objection_says_why_and_the_office_says_why_it_names_the_unit_all_the_same(draft: NamingDraft) -> None:
    draft.serve()
    draft.include()
    with pytest.raises(NoObjectionToKeep):
        draft.keep("事实清楚")
    with pytest.raises(NamingWordsMissing):
        draft.answer(agrees=False, words=" \x00 ")
    draft.answer(agrees=False, words="已于10月19日电话答复。", by="swj-head")
    with pytest.raises(NoNamingToAnswer):
        draft.answer(agrees=True)
    assert draft.disagreements() == []
    with pytest.raises(NamingObjected):
        draft.submit()
    draft.keep("电话答复不是书面答复")
    with pytest.raises(NoObjectionToKeep):
        draft.keep("再说一次")
    with pytest.raises(NamingTooEarly):
        draft.submit(at=LAST_DAY)
    draft.go_out()
    naming = draft.naming
    assert (naming.state, naming.answer, naming.kept_because) == (
        "objected",
        "已于10月19日电话答复。",
        "电话答复不是书面答复",
    )
    assert draft.disagreements() == []


def test_what_was_served_on_a_paper_that_is_sent_for_approval_is_answered_no_more(
    draft: NamingDraft,
) -> None:
    draft.serve()
    draft.submit(at=DRAFTED_AT)
    with pytest.raises(NoNamingToAnswer):
        draft.answer(agrees=True)
    with draft.database.reading() as session:
        assert not open_namings(session, unit_ids=[draft.naming.unit_id], today=ANSWER_BY)


def test_a_paper_that_is_put_away_ends_what_was_served(draft: NamingDraft) -> None:
    draft.serve()
    draft.answer(agrees=False, words="数据有误")
    draft.do(discard_circular)
    assert draft.naming.state == "ended"
    assert draft.disagreements() == []
    with pytest.raises(Rejected):
        draft.serve()


def test_a_correction_answers_for_what_was_served_for_the_edition_that_it_corrects(draft: NamingDraft) -> None:
    draft.serve()
    draft.include()
    draft.go_out()
    again = NamingDraft(draft.city, int(str(draft.do(correct_circular, at=AFTER, reason="标题有误"))), draft.content)
    assert again.naming.circular_id == draft.id
    again.go_out()
    assert draft.row.state == "corrected"


def test_what_an_issue_cut_off_is_served_anew_for_the_correction(draft: NamingDraft) -> None:
    draft.serve()
    draft.go_out(at=DRAFTED_AT)
    correction = draft.do(correct_circular, at=AFTER, reason="补充点名")
    again = NamingDraft(draft.city, int(str(correction)), draft.content)
    again.include()
    with pytest.raises(NamingNotServed):
        again.submit()
    again.serve()
    assert again.naming.circular_id == again.id


def test_a_unit_reads_and_answers_its_own_and_hears_of_it(draft: NamingDraft) -> None:
    draft.serve()
    naming = draft.naming
    with draft.database.reading() as session:
        assert naming_of_unit(session, naming_id=naming.naming_id, unit_ids=EVERY_UNIT) == naming
        assert naming_of_unit(session, naming_id=naming.naming_id, unit_ids=frozenset({-1})) is None
        assert open_namings(session, unit_ids=[naming.unit_id], today=ANSWER_BY) == (naming,)
        assert not open_namings(session, unit_ids=[naming.unit_id], today=AFTER.date())
    for login in ("tjj", "jtj-head"):
        with pytest.raises(NotFound):
            draft.answer(agrees=True, by=login)
    with pytest.raises(NotYourTask):
        draft.answer(agrees=True, by="office")
    with draft.database.transaction() as session:
        seq = session.scalars(select(col(EventRow.seq)).where(col(EventRow.type) == NamingServed.type)).one()
        delivery = delivered(session, ClaimedDelivery(id=1, reaction="notice", attempts=1, event_seq=seq))
        announce(session, delivery, calendar=CALENDAR, policy=POLICY, outgoing=OUTGOING)
    with draft.database.reading() as session:
        told = session.scalars(select(ReminderRow).where(col(ReminderRow.subject).contains("请核对"))).all()
    assert {row.recipient_id for row in told} == {draft.actor(login).user_id for login in ("swj", "swj-head")}
    assert all(naming.words in row.reason for row in told)


def test_the_audit_names_a_row_that_somebody_changed(draft: NamingDraft) -> None:
    draft.serve()
    draft.answer(agrees=False, words="数据有误")
    assert draft.disagreements() == []
    for changed in (
        {"words": "别的话"},
        {"kept_because": "无", "kept_by": "无"},
        {"state": "agreed"},
        {"answer": None},
        {"answer_by": date(2022, 10, 21)},
    ):
        with draft.database.transaction() as session:
            was = session.get_one(NamingRow, draft.naming.naming_id)
            before = {name: getattr(was, name) for name in changed}
            session.execute(update(NamingRow).values(**changed))
        assert len(draft.disagreements()) == len(changed), changed
        with draft.database.transaction() as session:
            session.execute(update(NamingRow).values(**before))
