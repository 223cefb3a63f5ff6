"""A unit is told two working days before what a 督查通报 would say of it by name, and agrees or objects."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from tests.support.answered_urge import answer_urge
from tests.support.audience_city import AudienceCity, open_audience_city
from tests.support.office import CALENDAR, POLICY
from tracker.auditing import table_findings
from tracker.domain.accounts import EVERY_UNIT, Actor, NotYourTask, Role
from tracker.domain.calendar import at_local
from tracker.domain.circulars.blame_now import BlameOvertaken
from tracker.domain.circulars.content import Content, Scope
from tracker.domain.circulars.editions import EditionRefused, EditionState
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.proposals import NamingAct, NamingGround, Proposal
from tracker.domain.deliveries import ClaimedDelivery, Outgoing
from tracker.domain.errors import NotFound, Rejected, Stale
from tracker.domain.events.namings import NamingServed
from tracker.domain.filings import ReasonRequired
from tracker.domain.namings import (
    NamingIncludedAlready,
    NamingNotServed,
    NamingObjected,
    NamingServedAlready,
    NamingTooEarly,
    NoNamingToAnswer,
    NoObjectionToKeep,
    NoSuchProposal,
)
from tracker.editions import compute, content_kept, differs_from_log, facts_now
from tracker.paper.letterheads import letterhead
from tracker.store.database import Database
from tracker.store.history.contents import content_as_of
from tracker.store.queries.namings import Naming, naming_of_unit, namings_of_paper, open_namings
from tracker.store.queries.overtaken_blame import FactsNow
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import EventRow, ReminderRow
from tracker.store.tables.namings import NamingRow
from tracker.store.tables.units import UnitRow, UserRow
from tracker.usecases.circulars.deciding import approve_circular, submit_circular
from tracker.usecases.circulars.drafting import correct_circular, discard_circular, draft_circular
from tracker.usecases.circulars.issuing import issue_circular, withdraw_circular
from tracker.usecases.circulars.naming import (
    answer_naming,
    include_naming,
    keep_naming,
    leave_out_naming,
    serve_namings,
)
from tracker.usecases.deliveries import delivered
from tracker.usecases.merging import merge_units
from tracker.usecases.notices import announce

_DRAFTED = at_local(date(2022, 10, 20), 9, 0)  # a Thursday; the urge was to be answered by the 18th
_ANSWER_BY = date(2022, 10, 24)  # two full working days after it
_LAST_DAY, _AFTER = at_local(_ANSWER_BY, 23, 0), at_local(date(2022, 10, 25), 9, 0)
_OUTGOING = Outgoing(mail=False, machine_now=_DRAFTED)
_HEAD = letterhead(CircularType.SUPERVISION, office="office")


@dataclass
class _Draft:
    """A 督查通报 on its way, which would criticise the bureau that left a 催办单 unanswered."""

    city: AudienceCity
    id: int
    content: Content

    @property
    def database(self) -> Database:
        return self.city.site.services.database

    @property
    def proposal(self) -> Proposal:
        [one] = [one for one in self.content.proposals if one.unit == "市商务投资局"]
        return one

    @property
    def row(self) -> CircularRow:
        with self.database.reading() as session:
            return session.get_one(CircularRow, self.id)

    @property
    def naming(self) -> Naming:
        with self.database.reading() as session:
            return namings_of_paper(session, circular_id=self.id)[-1]

    def actor(self, login: str) -> Actor:
        with self.database.reading() as session:
            user = session.scalars(select(UserRow).where(col(UserRow.login) == login)).one()
            return Actor(user.id, user.name, Role(user.role), unit_id=user.unit_id)

    def do(self, act: Callable[..., object], *, by: str = "office", at: datetime = _DRAFTED, **facts: object) -> object:
        given = {"circular_id": self.id, "version": self.row.version, **facts}
        with self.database.transaction() as session:
            return act(session, **given, actor=self.actor(by), at=at)

    def serve(self) -> None:
        self.do(serve_namings, keys=[self.proposal.key], content=self.content, calendar=CALENDAR)

    def include(self) -> None:
        self.do(include_naming, key=self.proposal.key, content=self.content)

    def answer(self, *, agrees: bool, words: str = "", by: str = "swj", at: datetime = _DRAFTED) -> None:
        with self.database.transaction() as session:
            answer_naming(
                session, naming_id=self.naming.naming_id, agrees=agrees, words=words, actor=self.actor(by), at=at
            )

    def keep(self, reason: str) -> None:
        with self.database.transaction() as session:
            keep_naming(
                session, naming_id=self.naming.naming_id, reason=reason, actor=self.actor("office"), at=_DRAFTED
            )

    def now(self, at: datetime) -> FactsNow | None:
        """Compute what the paper would say at a moment."""
        self.city.site.clock.at = at
        with self.database.reading() as session:
            return facts_now(self.city.site.services, session, self.row, self.content)

    def submit(self, *, at: datetime = _AFTER) -> None:
        self.do(submit_circular, at=at, content=self.content, facts_now=self.now(at))

    def approve(self, *, at: datetime = _AFTER) -> None:
        given = {"basis": "同意", "content": self.content, "facts_now": self.now(at)}
        self.do(approve_circular, by="leader", at=at, **given)

    def issue(self, *, at: datetime = _AFTER) -> None:
        self.do(issue_circular, at=at, numbering=_HEAD.number, content=self.content, facts_now=self.now(at))

    def go_out(self, *, at: datetime = _AFTER) -> None:
        self.submit(at=at)
        self.approve(at=at)
        self.issue(at=at)

    def disagreements(self) -> list[str]:
        with self.database.reading() as session:
            found = [one for one in table_findings(session) if one.facts.get("table") == "naming"]
        return [f"{one.kind} {one.facts}" for one in found]


@pytest.fixture
def draft(database: Database, tmp_path: Path) -> _Draft:
    city = open_audience_city(database, tmp_path)
    city.site.clock.at = _DRAFTED
    services = city.site.services
    new = compute(services, CircularType.SUPERVISION, _HEAD, scope=Scope(), layout_id=None, now=_DRAFTED)
    with database.reading() as session:
        office = session.scalars(select(UserRow).where(col(UserRow.login) == "office")).one()
    actor = Actor(office.id, office.name, Role(office.role))
    with database.transaction() as session:
        id_ = draft_circular(session, new, actor=actor, at=_DRAFTED)
    with database.reading() as session:
        content = content_kept(services, session, session.get_one(CircularRow, id_))
    assert content is not None
    return _Draft(city, id_, content)


def _words(draft: _Draft) -> list[str]:
    return [str(statement[1]) for statement in draft.row.statements]


def test_a_proposal_stands_in_no_draft_until_somebody_puts_it_there(draft: _Draft) -> None:
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
    draft.submit(at=_DRAFTED)


def test_who_agrees_is_named_at_once_and_who_says_nothing_after_two_full_working_days(draft: _Draft) -> None:
    draft.include()
    with pytest.raises(NamingNotServed):
        draft.submit()
    draft.serve()
    with pytest.raises(NamingServedAlready):
        draft.serve()
    naming = draft.naming
    assert (naming.state, naming.answer_by, naming.act) == ("served", _ANSWER_BY, "blame")
    assert naming.words == draft.content.figures[naming.key].words
    with pytest.raises(NamingTooEarly) as refused:
        draft.submit(at=_LAST_DAY)
    assert refused.value.facts == {"unit": "市商务投资局", "day": "2022年10月24日"}
    assert draft.disagreements() == []
    draft.answer(agrees=True, by="swj-head")
    draft.go_out(at=_DRAFTED + timedelta(hours=1))
    assert draft.naming.state == "agreed"
    assert draft.disagreements() == []


def test_who_says_nothing_is_named_from_the_day_after_on_and_may_answer_no_more(draft: _Draft) -> None:
    draft.serve()
    draft.include()
    with pytest.raises(NoNamingToAnswer):
        draft.answer(agrees=True, at=_AFTER)
    draft.go_out()
    assert draft.naming.state == "ended"
    with pytest.raises(NoNamingToAnswer):
        draft.answer(agrees=True)
    assert draft.disagreements() == []
    with draft.database.reading() as session:
        assert not differs_from_log(draft.city.site.services, session, draft.row)


def test_an_objection_says_why_and_the_office_says_why_it_names_the_unit_all_the_same(draft: _Draft) -> None:
    draft.serve()
    draft.include()
    with pytest.raises(NoObjectionToKeep):
        draft.keep("事实清楚")
    with pytest.raises(ReasonRequired):
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
        draft.submit(at=_LAST_DAY)
    draft.go_out()
    naming = draft.naming
    assert (naming.state, naming.answer, naming.kept_because) == (
        "objected",
        "已于10月19日电话答复。",
        "电话答复不是书面答复",
    )
    assert draft.disagreements() == []


def test_what_a_liaison_answers_leaves_the_head_his_days(draft: _Draft) -> None:
    draft.serve()
    draft.include()
    draft.answer(agrees=True, words="数字已核")
    naming = draft.naming
    assert (naming.state, naming.answer, naming.is_proposed) == ("served", "数字已核", True)
    assert draft.disagreements() == []
    with draft.database.reading() as session:
        assert not open_namings(session, unit_ids=[naming.unit_id], today=_ANSWER_BY)
        assert open_namings(session, unit_ids=[naming.unit_id], today=_ANSWER_BY, head=True) == (naming,)
    with pytest.raises(NoNamingToAnswer):
        draft.answer(agrees=False, words="再想想")
    with pytest.raises(NamingTooEarly):
        draft.submit(at=_LAST_DAY)
    draft.answer(agrees=False, words="时间不对", by="swj-head", at=_LAST_DAY)
    assert draft.naming.state == "objected"
    draft.keep("时间经核无误")
    draft.answer(agrees=False, words="数字也不对", by="swj-head", at=_LAST_DAY)
    assert draft.naming.kept_because is None, "what was said to another objection answers this one not"
    with pytest.raises(NamingObjected):
        draft.submit()
    with pytest.raises(NoNamingToAnswer):
        draft.answer(agrees=False, words="数字也不对", by="swj-head", at=_LAST_DAY)
    draft.answer(agrees=True, by="swj-head", at=_LAST_DAY)
    assert draft.disagreements() == []
    draft.go_out(at=_LAST_DAY)


def test_what_a_liaison_agreed_to_stands_once_the_days_are_over(draft: _Draft) -> None:
    draft.serve()
    draft.include()
    draft.answer(agrees=True)
    with pytest.raises(NoNamingToAnswer):
        draft.answer(agrees=False, words="晚了", by="swj-head", at=_AFTER)
    draft.go_out()
    assert (draft.naming.state, draft.naming.answered_by is not None) == ("ended", True)
    assert draft.disagreements() == []


def test_a_liaison_speaks_for_a_unit_that_has_no_head(draft: _Draft) -> None:
    with draft.database.transaction() as session:
        session.execute(update(UserRow).where(col(UserRow.login) == "swj-head").values(active=False))
    draft.serve()
    draft.include()
    draft.answer(agrees=True)
    assert draft.naming.state == "agreed"
    draft.go_out(at=_DRAFTED + timedelta(hours=1))


def test_who_answers_what_another_answered_meanwhile_is_told(draft: _Draft) -> None:
    draft.serve()
    shown = draft.naming.version
    draft.answer(agrees=False, words="数据有误")
    with pytest.raises(Stale), draft.database.transaction() as session:
        given = {"naming_id": draft.naming.naming_id, "agrees": True, "words": "", "version": shown}
        answer_naming(session, **given, actor=draft.actor("swj-head"), at=_DRAFTED)  # type: ignore[arg-type] # by name
    assert draft.naming.state == "objected"


@pytest.mark.parametrize("state", [one for one in EditionState if one is not EditionState.DRAFT])
@pytest.mark.parametrize("objected", [False, True])
def test_nothing_is_done_about_a_naming_of_a_paper_that_is_no_draft(
    draft: _Draft, state: EditionState, objected: bool
) -> None:
    """From a page that was opened while it was one."""
    draft.serve()
    draft.include()
    if objected:
        draft.answer(agrees=False, words="数据有误")
    with draft.database.transaction() as session:
        session.execute(update(CircularRow).where(col(CircularRow.id) == draft.id).values(state=state.value))
    before = draft.naming
    acts: list[Callable[[], object]] = [
        draft.serve,
        draft.include,
        lambda: draft.do(leave_out_naming, key=draft.proposal.key, content=draft.content),
        lambda: draft.keep("事实清楚"),
        lambda: draft.answer(agrees=True),
        lambda: draft.answer(agrees=True, by="swj-head"),
        lambda: draft.answer(agrees=False, words="不实", by="swj-head"),
    ]
    for act in acts:
        with pytest.raises((EditionRefused, NoObjectionToKeep, NoNamingToAnswer)):
            act()
    assert draft.naming == before


def test_what_was_served_on_a_paper_that_is_sent_for_approval_or_put_away_is_answered_no_more(draft: _Draft) -> None:
    draft.serve()
    draft.submit(at=_DRAFTED)
    with pytest.raises(NoNamingToAnswer):
        draft.answer(agrees=True)
    with draft.database.reading() as session:
        assert not open_namings(session, unit_ids=[draft.naming.unit_id], today=_ANSWER_BY)


def test_a_paper_that_is_put_away_ends_what_was_served(draft: _Draft) -> None:
    draft.serve()
    draft.answer(agrees=False, words="数据有误")
    draft.do(discard_circular)
    assert draft.naming.state == "ended"
    assert draft.disagreements() == []
    with pytest.raises(Rejected):
        draft.serve()


def test_a_correction_answers_for_what_was_served_for_the_edition_that_it_corrects(draft: _Draft) -> None:
    draft.serve()
    draft.include()
    draft.go_out()
    again = _Draft(draft.city, int(str(draft.do(correct_circular, at=_AFTER, reason="标题有误"))), draft.content)
    assert again.naming.circular_id == draft.id
    again.go_out()
    assert draft.row.state == "corrected"


def test_what_an_issue_cut_off_is_served_anew_for_the_correction(draft: _Draft) -> None:
    draft.serve()
    draft.go_out(at=_DRAFTED)
    correction = draft.do(correct_circular, at=_AFTER, reason="补充点名")
    again = _Draft(draft.city, int(str(correction)), draft.content)
    again.include()
    with pytest.raises(NamingNotServed):
        again.submit()
    again.serve()
    assert again.naming.circular_id == again.id


@pytest.mark.parametrize("step", ["submit", "approve", "issue"])
def test_what_the_unit_has_mended_since_is_held_against_it_at_no_step(draft: _Draft, step: str) -> None:
    draft.serve()
    draft.include()
    steps = {"submit": draft.submit, "approve": draft.approve, "issue": draft.issue}
    for name, take in steps.items():
        if name == step:
            break
        take()
    answer_urge(draft.city, at=_AFTER)
    before = draft.row.state
    with pytest.raises(BlameOvertaken) as refused:
        steps[step]()
    assert refused.value.facts == {"unit": "市商务投资局", "grounds": "urged_in_vain", "into": ""}
    assert draft.row.state == before


def test_who_went_up_in_another_since_is_not_named_and_a_text_without_it_goes_out(draft: _Draft) -> None:
    draft.serve()
    draft.include()
    with draft.database.transaction() as session:
        into = session.scalars(select(col(UnitRow.id)).where(col(UnitRow.code) == "tjj")).one() or 0
        given = {"on": _LAST_DAY.date(), "reason": "机构改革", "actor": draft.actor("office"), "at": _LAST_DAY}
        merge_units(session, from_unit_id=draft.naming.unit_id, into_unit_id=into, **given)  # type: ignore[arg-type] # by name
    with pytest.raises(BlameOvertaken) as refused:
        draft.submit()
    assert refused.value.facts["into"] == "市统计局"
    draft.do(leave_out_naming, key=draft.proposal.key, content=draft.content)
    draft.go_out()


def test_nothing_goes_out_against_a_unit_where_nobody_looked_at_what_holds_now(draft: _Draft) -> None:
    draft.serve()
    draft.include()
    with pytest.raises(Stale):
        draft.do(submit_circular, at=_AFTER, content=draft.content)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite lets one writer in
def test_an_answer_that_comes_between_the_look_and_the_end_of_the_step_stops_it(draft: _Draft) -> None:
    draft.serve()
    draft.include()
    now, actor, version = draft.now(_AFTER), draft.actor("office"), draft.row.version
    given = {"circular_id": draft.id, "version": version, "content": draft.content, "actor": actor, "at": _AFTER}
    with pytest.raises(BlameOvertaken), draft.database.transaction() as session:
        submit_circular(session, **given, facts_now=now)  # type: ignore[arg-type] # by name
        answer_urge(draft.city, at=_AFTER)
    assert draft.row.state == "draft"


def test_a_correction_says_again_what_was_said_then(draft: _Draft) -> None:
    draft.serve()
    draft.include()
    draft.go_out()
    answer_urge(draft.city, at=_AFTER)
    again = _Draft(draft.city, int(str(draft.do(correct_circular, at=_AFTER, reason="标题有误"))), draft.content)
    again.go_out()
    assert draft.row.state == "corrected"


def test_what_an_issued_paper_named_a_unit_for_is_proposed_in_no_later_one(draft: _Draft) -> None:
    later = at_local(date(2022, 10, 27), 9, 0)
    assert [one.unit for one in _proposed(draft, later)] == ["市商务投资局"]
    draft.serve()
    draft.include()
    draft.go_out()
    assert _proposed(draft, later) == ()
    draft.do(withdraw_circular, by="leader", at=_AFTER, reason="另行印发")
    assert [one.unit for one in _proposed(draft, later)] == ["市商务投资局"], "it does not stand any more"


def _proposed(draft: _Draft, at: datetime) -> tuple[Proposal, ...]:
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


def test_a_unit_reads_and_answers_its_own_and_hears_of_it(draft: _Draft) -> None:
    draft.serve()
    naming = draft.naming
    with draft.database.reading() as session:
        assert naming_of_unit(session, naming_id=naming.naming_id, unit_ids=EVERY_UNIT) == naming
        assert naming_of_unit(session, naming_id=naming.naming_id, unit_ids=frozenset({-1})) is None
        assert open_namings(session, unit_ids=[naming.unit_id], today=_ANSWER_BY) == (naming,)
        assert not open_namings(session, unit_ids=[naming.unit_id], today=_AFTER.date())
    for login in ("tjj", "jtj-head"):
        with pytest.raises(NotFound):
            draft.answer(agrees=True, by=login)
    with pytest.raises(NotYourTask):
        draft.answer(agrees=True, by="office")
    with draft.database.transaction() as session:
        seq = session.scalars(select(col(EventRow.seq)).where(col(EventRow.type) == NamingServed.type)).one()
        delivery = delivered(session, ClaimedDelivery(id=1, reaction="notice", attempts=1, event_seq=seq))
        announce(session, delivery, calendar=CALENDAR, policy=POLICY, outgoing=_OUTGOING)
    with draft.database.reading() as session:
        told = session.scalars(select(ReminderRow).where(col(ReminderRow.subject).contains("请核对"))).all()
    assert {row.recipient_id for row in told} == {draft.actor(login).user_id for login in ("swj", "swj-head")}
    assert all(naming.words in row.reason for row in told)


def test_the_audit_names_a_row_that_somebody_changed(draft: _Draft) -> None:
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
