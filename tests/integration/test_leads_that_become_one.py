"""Two leads of a task become one, and what each said differs: its class stays until the successor speaks."""

from dataclasses import dataclass
from datetime import date
from itertools import cycle, product

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tracker.domain.claims import CauseClass, Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind
from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.parts import NewShare
from tracker.domain.progress import Work
from tracker.domain.verdicts import Verdict
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.identities import unit_facts
from tracker.store.history.log import cut
from tracker.store.history.work import past_standings
from tracker.store.queries.work import TaskStanding, task_standings
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.filing import SubmitForm, SubmitOne, sign_off, submit_form, submit_one
from tracker.usecases.sharing import add_share, release_share


@dataclass(frozen=True)
class Word:
    """What a lead said by its form, or as news; `accepted` where the office confirmed it."""

    claim: Claim | None
    accepted: bool = False
    news: bool = False

    def __repr__(self) -> str:
        """Return the name of a case."""
        return f"{self.claim or 'silent'}{' accepted' * self.accepted}{' news' * self.news}"


BEHIND = Word(Claim.BEHIND)
WORDS = [
    Word(None),
    BEHIND,
    Word(Claim.BEHIND, accepted=True),
    Word(Claim.ON_SCHEDULE, accepted=True),
    Word(Claim.ON_SCHEDULE, news=True),
]
DIRECTIONS = cycle([("swj", "wjw"), ("wjw", "swj")])
CASES = [(one, other, *next(DIRECTIONS)) for one, other in product(WORDS, WORDS) if one != other]


@pytest.fixture
def city(database: Database) -> OwedCity:
    """The small city, whose first task 市商务局 and 市卫生健康委 lead."""
    city = open_owed_city(database)
    city.add_lead("wjw", at(8, 25))
    city.grow(at(10, 31))
    return city


def _stands(city: OwedCity, month: int, day: int) -> TaskStanding:
    """Return how the lead's task stands, by the tables and by the log, which agree."""
    with city.database.reading() as session:
        [stands] = task_standings(session, now=at(month, day), by=BY, task_ids=[city.task_id()])
        until = cut(session, as_of=at(month, day))
        past = past_standings(session, fold(session, until), units=unit_facts(session, until=until), by=BY)
        [was] = [one for one in past if one.task_id == stands.task_id]
        assert (was.work, was.lights.progress.colour) == (stands.work, stands.lights.progress.colour)
        return stands


def _say(city: OwedCity, code: str, word: Word, day: int, *, month: int = 9, period: str = "2022-09") -> None:
    if word.claim is None:
        return
    behind = word.claim in (Claim.BEHIND, Claim.DIFFICULT)
    content = RowContent(
        text="9月15日召开推进会，签约3个项目。",
        claim=word.claim,
        cause_class=CauseClass.OWN_WORK if behind else None,
        cause="人手不足，资料未报齐。" if behind else "",
        next_step="补报资料" if behind else "",
        next_on=date(2022, 10, 31) if behind else None,
    )
    values = city.values(on=date(2022, month, day))
    if behind:
        values = {target_id: (0, on) for target_id, (_value, on) in values.items()}
    entry = Entry(city.share(code).id or 0, content, values)
    when = at(month, day)
    with city.database.transaction() as session:
        if word.news:
            submit_one(session, SubmitOne(FilingKind.UPDATE, entry), actor=city.liaison(code), at=when)
            return
        command = SubmitForm(city.rows(code)[period].period_id, (entry,))
        filing_id = submit_form(session, command, actor=city.liaison(code), at=when)
        sign_off(session, filing_id=filing_id, actor=city.head(code), at=when)
        if word.accepted:
            filed = select(col(ReportRow.id)).where(col(ReportRow.filing_id) == filing_id)
            accept_report(session, report_id=session.scalars(filed).one() or 0, actor=OFFICE, at=when)


def _merge(city: OwedCity, old: str, into: str) -> None:
    city.merge(old, into, at(10, 8))


@pytest.mark.parametrize(("earlier", "later", "old", "into"), CASES, ids=repr)
def test_the_class_and_the_light_stay_what_they_were(
    city: OwedCity, earlier: Word, later: Word, old: str, into: str
) -> None:
    _say(city, "swj", earlier, 28)
    _say(city, "wjw", later, 29)
    before = _stands(city, 10, 8)
    _merge(city, old, into)
    after = _stands(city, 10, 8)
    assert (after.work.work, after.work.own_claim) == (before.work.work, before.work.own_claim)
    assert after.lights.progress.colour == before.lights.progress.colour
    assert_reckoned(city.database)


def test_the_successor_s_own_word_rules_from_then_on(city: OwedCity) -> None:
    _say(city, "swj", BEHIND, 28)
    _say(city, "wjw", Word(Claim.ON_SCHEDULE), 29)
    _merge(city, "swj", "wjw")
    assert _stands(city, 10, 8).work.work is Work.BEHIND
    _say(city, "wjw", Word(Claim.ON_SCHEDULE, accepted=True), 28, month=10, period="2022-10")
    assert _stands(city, 10, 28).work.work is Work.ON_SCHEDULE
    assert_reckoned(city.database)


def test_what_a_unit_said_before_it_was_let_go_does_not_rule_over_what_goes_up_in_it(city: OwedCity) -> None:
    _say(city, "swj", BEHIND, 28)
    _say(city, "wjw", Word(Claim.ON_SCHEDULE, accepted=True), 29)
    with city.database.transaction() as session:
        share_id = city.share("wjw").id or 0
        release_share(session, assignment_id=share_id, reason="免除", actor=OFFICE, at=at(9, 30), by=BY)
    before = _stands(city, 10, 8)
    _merge(city, "swj", "wjw")
    assert _stands(city, 10, 8).work == before.work
    assert before.work.work is Work.BEHIND
    assert_reckoned(city.database)


def _accept(city: OwedCity, code: str, claim: Claim) -> None:
    """Let the office decide on the last report of a unit, for what it finds true."""
    with city.database.transaction() as session:
        mine = select(col(ReportRow.id)).where(col(ReportRow.assignment_id) == city.share(code).id)
        filed = mine.where(col(ReportRow.state) == "filed").order_by(col(ReportRow.id))
        verdict = Verdict(claim=claim, reason="数据不支持")
        report_id = session.scalars(filed).all()[-1] or 0
        accept_report(session, report_id=report_id, actor=OFFICE, at=at(10, 9), verdict=verdict)


def test_what_the_office_finds_of_the_better_word_afterwards_counts(city: OwedCity) -> None:
    _say(city, "swj", Word(Claim.ON_SCHEDULE), 28)
    _say(city, "wjw", Word(Claim.DONE), 29)
    _merge(city, "swj", "wjw")
    assert _stands(city, 10, 8).work.work is Work.ON_SCHEDULE
    _accept(city, "wjw", Claim.BEHIND)
    assert _stands(city, 10, 9).work.work is Work.BEHIND
    assert_reckoned(city.database)


@pytest.mark.parametrize("first", [BEHIND, Word(Claim.ON_SCHEDULE, accepted=True)])
def test_of_three_that_become_one_each_is_heard(city: OwedCity, first: Word) -> None:
    with city.database.transaction() as session:
        replying = city.share("tjj").id or 0
        release_share(session, assignment_id=replying, reason="免除", actor=OFFICE, at=at(8, 26), by=BY)
        part = NewShare(city.unit_id("tjj"), AssignmentRole.LEAD, Duty.REPORT)
        add_share(session, task_id=city.task_id(), share=part, reason="补", actor=OFFICE, at=at(8, 26), by=BY)
    city.grow(at(10, 31))
    others = Word(Claim.ON_SCHEDULE, accepted=True), BEHIND
    for code, word, day in zip(("swj", "wjw", "tjj"), (first, *others), (27, 28, 29), strict=True):
        _say(city, code, word, day)
    before = _stands(city, 10, 8)
    _merge(city, "swj", "wjw")
    _merge(city, "wjw", "tjj")
    assert _stands(city, 10, 8).work == before.work
    assert before.work.work is Work.BEHIND
    assert_reckoned(city.database)


def test_news_that_the_successor_s_head_signs_stay_what_they_were(city: OwedCity) -> None:
    _say(city, "swj", BEHIND, 28)
    _say(city, "wjw", Word(Claim.ON_SCHEDULE, news=True), 29)
    _merge(city, "wjw", "swj")
    with city.database.transaction() as session:
        waiting = select(col(FilingRow.id)).where(col(FilingRow.state) == "awaiting_sign_off")
        filing_id = session.scalars(waiting).one() or 0
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=at(10, 10))
    assert _stands(city, 10, 10).work.work is Work.BEHIND
    assert_reckoned(city.database)


def test_what_a_member_said_when_it_led_is_no_word_of_the_lead_that_goes_up_in_it(city: OwedCity) -> None:
    _say(city, "wjw", Word(Claim.DONE, accepted=True), 28)
    with city.database.transaction() as session:
        released = city.share("wjw").id or 0
        release_share(session, assignment_id=released, reason="免除", actor=OFFICE, at=at(9, 29), by=BY)
        part = NewShare(city.unit_id("wjw"), AssignmentRole.SUPPORT, Duty.REPORT)
        add_share(session, task_id=city.task_id(), share=part, reason="补", actor=OFFICE, at=at(9, 30), by=BY)
    before = _stands(city, 10, 8)
    _merge(city, "swj", "wjw")
    assert _stands(city, 10, 8).work.work is before.work.work is Work.NOT_STARTED
    assert_reckoned(city.database)
