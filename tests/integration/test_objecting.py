"""A unit answers a lowered claim, once and in time; the office decides once, and earlier days keep what held then."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.papers import paper, said
from tests.support.together import together
from tracker.domain.accounts import Actor, NotYourTask
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.claims import CauseClass, Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.errors import NotFound
from tracker.domain.filings import FilingKind, ReasonRequired, RequestAlreadyDecided, RequestState, ReturnReason
from tracker.domain.objections import NothingToObject, ObjectedAlready, ObjectionTooLate
from tracker.domain.verdicts import Verdict
from tracker.steps.lapsing import lapse_expired
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.identities import unit_facts
from tracker.store.history.log import cut
from tracker.store.history.work import past_standings
from tracker.store.queries.objections import lowered_claims, pending_objections
from tracker.store.queries.requests import request_backlog
from tracker.store.queries.work import task_standings
from tracker.store.tables.filings import ReportRow, RequestRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import cancel_task, suspend_task
from tracker.usecases.filing import SubmitOne, sign_off, submit_one
from tracker.usecases.merging import merge_units
from tracker.usecases.objecting import object_to_claim, restore_claim
from tracker.usecases.requesting import refuse_request
from tracker.usecases.returning import return_report
from tracker.usecases.sharing import reassign_share
from tracker.wording.refusals import sentence

LAST_DAY = at(9, 30)


@dataclass(frozen=True, slots=True)
class Lowered:
    """The September report of 市商务局, whose claim the office lowered on 2022-09-28."""

    city: OwedCity
    report_id: int

    def answer(self, *, when: datetime = LAST_DAY, reason: str = "本月已印发通报2期", by: Actor | None = None) -> int:
        actor = by or self.city.liaison("swj")
        with self.city.database.transaction() as session:
            return object_to_claim(session, report_id=self.report_id, reason=reason, actor=actor, at=when, by=BY)

    def restore(self, request_id: int, *, when: datetime = LAST_DAY) -> None:
        with self.city.database.transaction() as session:
            restore_claim(session, request_id=request_id, reason="佐证充分", actor=OFFICE, at=when)

    def uphold(self, request_id: int, *, when: datetime = LAST_DAY) -> None:
        with self.city.database.transaction() as session:
            refuse_request(session, request_id=request_id, reason="只认1期", actor=OFFICE, at=when, by=BY)

    def verified(self) -> str | None:
        with self.city.database.reading() as session:
            return session.get_one(ReportRow, self.report_id).verified_claim

    def request(self) -> RequestRow:
        with self.city.database.reading() as session:
            return session.scalars(select(RequestRow)).one()


@pytest.fixture
def lowered(database: Database) -> Lowered:
    return _lower(open_owed_city(database, expires_on=date(2022, 10, 31)))


def _lower(city: OwedCity) -> Lowered:
    report_id = city.file("swj", "2022-09", when=at(9, 27))
    with city.database.transaction() as session:
        verdict = Verdict(Claim.BEHIND, "只有1期")
        accept_report(session, report_id=report_id, actor=OFFICE, at=at(9, 28), verdict=verdict)
    return Lowered(city, report_id)


def _work(city: OwedCity, *, as_of: datetime) -> str:
    """Return the class of the task at a moment, as the log tells it."""
    with city.database.reading() as session:
        state = fold(session, cut(session, as_of=as_of))
        found = past_standings(session, state, units=unit_facts(session, until=state.until), by=BY)
        return next(task.work.work.value for task in found if task.task_id == city.task_id())


def _work_now(city: OwedCity, *, now: datetime) -> str:
    with city.database.reading() as session:
        [found] = task_standings(session, now=now, by=BY, task_ids=[city.task_id()])
        return found.work.work.value


def test_a_restored_claim_is_what_holds_from_then_on_and_the_lowered_one_what_held_before(lowered: Lowered) -> None:
    lowered.restore(lowered.answer(when=at(9, 29)), when=at(9, 30))
    assert lowered.verified() == "on_schedule"
    held = [_work(lowered.city, as_of=at(9, day, hour=10)) for day in (28, 29, 30)]
    assert held == ["behind", "behind", "on_schedule"]
    assert _work_now(lowered.city, now=at(9, 30, hour=10)) == "on_schedule"
    assert_reckoned(lowered.city.database)


def test_an_upheld_claim_stays_lowered_and_no_row_of_the_unit_moves(lowered: Lowered) -> None:
    before = lowered.city.rows("swj")
    lowered.uphold(lowered.answer())
    assert lowered.verified() == "behind"
    assert _work(lowered.city, as_of=at(10, 1)) == _work_now(lowered.city, now=at(10, 1)) == "behind"
    assert lowered.city.rows("swj") == before


def test_an_answer_waits_in_the_list_of_the_office_and_counts_there_until_it_is_decided(lowered: Lowered) -> None:
    request_id = lowered.answer()
    with lowered.city.database.reading() as session:
        [line] = pending_objections(session)
        assert (line.own, line.verified, line.verified_reason) == ("on_schedule", "behind", "只有1期")
        assert request_backlog(session).office == 1
    lowered.uphold(request_id)
    with lowered.city.database.reading() as session:
        assert pending_objections(session) == ()
        assert request_backlog(session).office == 0


@pytest.mark.parametrize(("when", "refused"), [(at(9, 30, hour=23), False), (at(10, 1, hour=0), True)])
def test_a_lowered_claim_is_answered_until_the_second_working_day_is_over(
    lowered: Lowered, when: datetime, refused: bool
) -> None:
    if not refused:
        assert lowered.answer(when=when)
        return
    with pytest.raises(ObjectionTooLate) as error:
        lowered.answer(when=when)
    assert "2022年9月30日" in sentence(error.value)


def test_a_lowered_claim_is_answered_once_whatever_became_of_the_answer(lowered: Lowered) -> None:
    request_id = lowered.answer()
    with pytest.raises(ObjectedAlready):
        lowered.answer()
    lowered.uphold(request_id)
    with pytest.raises(ObjectedAlready):
        lowered.answer(by=lowered.city.head("swj"))


def test_others_do_not_answer_and_an_answer_says_something(lowered: Lowered) -> None:
    for actor, refusal in ((lowered.city.liaison("tjj"), NotFound), (OFFICE, NotYourTask)):
        with pytest.raises(refusal):
            lowered.answer(by=actor)
    with pytest.raises(ReasonRequired):
        lowered.answer(reason=" ")


def test_a_claim_that_was_confirmed_is_not_answered(database: Database) -> None:
    city = open_owed_city(database)
    report_id = city.file("swj", "2022-09", when=at(9, 27))
    with database.transaction() as session:
        accept_report(session, report_id=report_id, actor=OFFICE, at=at(9, 28))
    with pytest.raises(NothingToObject):
        Lowered(city, report_id).answer()


def _complete(session: Session, city: OwedCity, *, when: datetime) -> int:
    """Let the lead ask to be done; return the report's id."""
    content = RowContent(claim=Claim.DONE, text="9月27日全部完成")
    entry = Entry(city.share("swj").id or 0, content, city.values())
    filing_id = submit_one(session, SubmitOne(FilingKind.COMPLETION, entry), actor=city.liaison("swj"), at=when)
    sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=when)
    return session.scalars(select(col(ReportRow.id)).where(col(ReportRow.filing_id) == filing_id)).one() or 0


def test_a_completion_held_to_be_less_ends_its_task_and_is_not_answered(database: Database) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        report_id = _complete(session, city, when=at(9, 27))
        verdict = Verdict(Claim.DIFFICULT, "未见成果")
        accept_report(session, report_id=report_id, actor=OFFICE, at=at(9, 28), verdict=verdict)
    with pytest.raises(NothingToObject):
        Lowered(city, report_id).answer()
    with database.reading() as session:
        assert lowered_claims(session, unit_ids=[city.unit_id("swj")], decided_since=at(9, 1)) == ()


def _cancel(session: Session, city: OwedCity) -> None:
    cancel_task(session, task_id=city.task_id(), reason="上级取消", actor=OFFICE, at=LAST_DAY)


def _reassign(session: Session, city: OwedCity) -> None:
    share, to_unit = city.share("swj").id or 0, city.unit_id("wjw")
    reassign_share(session, assignment_id=share, to_unit_id=to_unit, reason="调整", actor=OFFICE, at=LAST_DAY, by=BY)


def _merge(session: Session, city: OwedCity) -> None:
    old, new = city.unit_id("swj"), city.unit_id("tjj")
    merge_units(
        session, from_unit_id=old, into_unit_id=new, on=date(2022, 9, 30), reason="机构改革", actor=OFFICE, at=LAST_DAY
    )


def _finish(session: Session, city: OwedCity) -> None:
    report_id = _complete(session, city, when=LAST_DAY)
    accept_report(session, report_id=report_id, actor=OFFICE, at=LAST_DAY)


def _expire(session: Session, city: OwedCity) -> None:
    lapse_expired(session, now=at(11, 1), by=BY)


@pytest.mark.parametrize("end", [_cancel, _reassign, _merge, _expire, _finish])
def test_an_answer_ends_with_what_it_is_about_and_none_is_given_after(
    lowered: Lowered, end: Callable[[Session, OwedCity], None]
) -> None:
    request_id = lowered.answer()
    with lowered.city.database.transaction() as session:
        end(session, lowered.city)
    assert lowered.request().state == RequestState.MOOT.value
    for decide in (lowered.restore, lowered.uphold):
        with pytest.raises(RequestAlreadyDecided):
            decide(request_id, when=at(11, 2))
    assert lowered.verified() == "behind"
    with lowered.city.database.reading() as session:
        ids = [lowered.city.unit_id(code) for code in ("swj", "tjj", "wjw")]
        assert lowered_claims(session, unit_ids=ids, decided_since=at(9, 1)) == ()
    assert_reckoned(lowered.city.database)


@pytest.mark.parametrize("end", [_cancel, _reassign, _finish])
def test_what_has_ended_is_not_answered_any_more(lowered: Lowered, end: Callable[[Session, OwedCity], None]) -> None:
    with lowered.city.database.transaction() as session:
        end(session, lowered.city)
    with pytest.raises(NothingToObject):
        lowered.answer()


def test_a_suspended_task_is_answered_for_and_decided_about(lowered: Lowered) -> None:
    with lowered.city.database.transaction() as session:
        suspend_task(session, task_id=lowered.city.task_id(), reason="等待政策", actor=OFFICE, at=at(9, 29))
    request_id = lowered.answer()
    lowered.restore(request_id)
    assert lowered.verified() == "on_schedule"
    assert _work(lowered.city, as_of=at(10, 1)) == _work_now(lowered.city, now=at(10, 1)) == "suspended"


def test_an_answer_goes_on_for_the_successor_that_takes_the_share_over_as_it_is(database: Database) -> None:
    lowered = _lower(open_owed_city(database))
    request_id = lowered.answer(when=at(9, 29))
    with database.transaction() as session:
        old, new = lowered.city.unit_id("swj"), lowered.city.unit_id("wjw")
        merge_units(
            session, from_unit_id=old, into_unit_id=new, on=date(2022, 9, 30), reason="改革", actor=OFFICE, at=LAST_DAY
        )
    lowered.restore(request_id, when=at(10, 8))
    assert _work(lowered.city, as_of=at(10, 9)) == _work_now(lowered.city, now=at(10, 9)) == "on_schedule"


def test_rows_that_a_returned_completion_frees_do_not_wait_for_an_answer(lowered: Lowered) -> None:
    lowered.city.grow(at(9, 29))
    lowered.answer()
    with lowered.city.database.transaction() as session:
        report_id = _complete(session, lowered.city, when=at(9, 30, hour=10))
    assert lowered.city.rows("swj")["2022-10"].pending_at is not None
    with lowered.city.database.transaction() as session:
        return_report(
            session,
            report_id=report_id,
            reason="未见成果",
            reason_class=ReturnReason.NO_SUBSTANCE,
            actor=OFFICE,
            at=at(9, 30, hour=15),
            by=BY,
        )
    assert lowered.city.rows("swj")["2022-10"].pending_at is None


def _at_once(*acts: Callable[[], object]) -> list[bool]:
    """Do acts at the same moment; return whether each was done, the refused ones first."""

    def act(what: Callable[[], object]) -> bool:
        try:
            what()
        except (RequestAlreadyDecided, ObjectedAlready):
            return False
        return True

    return sorted(together(*(partial(act, what) for what in acts)))


def test_of_two_answers_and_of_two_decisions_at_once_one_holds(lowered: Lowered) -> None:
    liaison, head = lowered.city.liaison("swj"), lowered.city.head("swj")
    assert _at_once(lambda: lowered.answer(by=liaison), lambda: lowered.answer(by=head)) == [False, True]
    request_id = lowered.request().id or 0
    assert _at_once(lambda: lowered.restore(request_id), lambda: lowered.uphold(request_id)) == [False, True]
    granted = lowered.request().state == RequestState.GRANTED.value
    assert lowered.verified() == ("on_schedule" if granted else "behind")


def _tell(city: OwedCity, claim: Claim, *, when: datetime) -> None:
    entry = Entry(city.share("swj").id or 0, RowContent(claim=claim, text="9月29日再谈成1期。"), city.values())
    with city.database.transaction() as session:
        submit_one(session, SubmitOne(FilingKind.UPDATE, entry), actor=city.liaison("swj"), at=when)


def _class(city: OwedCity, *, now: datetime) -> list[tuple[str, bool]]:
    """Return the class of the lead's task and whether it is the unit's own word, by the tables and by the log."""
    with city.database.reading() as session:
        [told] = task_standings(session, now=now, by=BY, task_ids=[city.task_id()])
        state = fold(session, cut(session, as_of=now))
        past = past_standings(session, state, units=unit_facts(session, until=state.until), by=BY)
        logged = next(one for one in past if one.task_id == city.task_id())
    assert told.work.unsigned is logged.work.unsigned
    return [(one.work.work.value, one.work.own_claim) for one in (told, logged)]


def test_news_does_not_undo_what_the_office_held_to_be_true_but_the_offices_own_word_does(lowered: Lowered) -> None:
    city = lowered.city
    _tell(city, Claim.ON_SCHEDULE, when=at(9, 29))
    assert _class(city, now=at(9, 29, hour=12)) == [("behind", False)] * 2
    lowered.restore(lowered.answer())
    _tell(city, Claim.ON_SCHEDULE, when=at(10, 1))
    assert _class(city, now=at(10, 1, hour=12)) == [("on_schedule", True)] * 2


def test_news_moves_a_claim_that_the_office_confirmed(database: Database) -> None:
    city = open_owed_city(database)
    report_id = city.file("swj", "2022-09", when=at(9, 27))
    with database.transaction() as session:
        accept_report(session, report_id=report_id, actor=OFFICE, at=at(9, 28))
    with database.transaction() as session:
        why = {
            "cause": "企业延期",
            "cause_class": CauseClass.OWN_WORK,
            "next_step": "再谈",
            "next_on": date(2022, 10, 9),
        }
        content = RowContent(claim=Claim.BEHIND, text="9月29日1期未谈成。", **why)  # type: ignore[arg-type] # by name
        entry = Entry(city.share("swj").id or 0, content, city.values())
        submit_one(session, SubmitOne(FilingKind.UPDATE, entry), actor=city.liaison("swj"), at=at(9, 29))
    assert _class(city, now=at(9, 29, hour=12)) == [("behind", True)] * 2


def test_what_the_head_has_not_signed_is_said_to_be_so_in_papers_too(database: Database) -> None:
    city = open_owed_city(database)
    _tell(city, Claim.ON_SCHEDULE, when=at(9, 29))
    words = said(paper(database, CircularType.SUPERVISION, as_of=at(9, 29, hour=12)))
    assert "以上进度中单位自报、尚未核定的1项（系动态所报，未经单位负责人审签）" in words
