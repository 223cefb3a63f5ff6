"""What decides whom a paper may name is folded from the log: the same at any later time for the same cut."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlmodel import col

from tests.support.answered_urge import answer_urge
from tests.support.audience_city import open_audience_city
from tests.support.office import IN_TIME, LATE, City, open_city
from tracker.domain.accounts import Actor, Role
from tracker.domain.calendar import at_local, local_day
from tracker.domain.circulars.led import LeadPart, LedFacts
from tracker.domain.claims import CauseClass, Claim
from tracker.domain.entries import AttachedFile
from tracker.domain.filings import ReturnReason
from tracker.domain.progress import Work
from tracker.store.database import Database
from tracker.store.history.facts import facts_as_of
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.served_papers import ServedPaperRow
from tracker.store.tables.units import UserRow
from tracker.usecases.filing import SubmitForm, sign_off, submit_form
from tracker.usecases.requesting import RequestExtension, request_extension
from tracker.usecases.served_papers import sign_answer, write_answer

_HOUR = timedelta(hours=1)
_USERS = select(UserRow)
_FILE = AttachedFile(sha256="0" * 64, name="通报.pdf", size_bytes=10, media_type="application/pdf")


def _leads(database: Database, at: datetime) -> LedFacts:
    with database.reading() as session:
        return facts_as_of(session, as_of=at).leads


def _part(database: Database, at: datetime) -> LeadPart:
    [part] = [part for part in _leads(database, at).parts if part.unit == "市商务局"]
    return part


def _behind(city: City, name: str, *, at: datetime) -> int:
    """File a form that says the work is behind by the unit's own doing; return the filing."""
    with city.database.transaction() as session:
        said = city.entry("swj", session, claim=Claim.BEHIND)
        content = replace(
            said.content,
            cause="前期分解不细",
            cause_class=CauseClass.OWN_WORK,
            next_step="倒排工期",
            next_on=at.date() + timedelta(days=30),
        )
        command = SubmitForm(
            city.period("swj", session, name=name).id or 0,
            (replace(said, content=content, files=(), outcome=None, evidence_reason="材料正在整理，随后补报"),),
        )
        filing_id = submit_form(session, command, actor=city.liaison("swj"), at=at)
    with city.database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=at)
    return filing_id


def test_a_part_tells_what_was_accepted_with_which_files_and_what_waits(database: Database) -> None:
    city = open_city(database)
    assert not _part(database, IN_TIME).waits
    filing_id = city.file("swj", files=(_FILE,))
    filed = IN_TIME + _HOUR
    assert (_part(database, filed).waits, _part(database, filed).proved) == (True, ())
    city.accept(filing_id, at=filed + _HOUR)
    accepted = _part(database, filed + 2 * _HOUR)
    assert (accepted.waits, accepted.work.work, len(accepted.proved)) == (False, Work.ON_SCHEDULE, 2)
    assert [(one.claim, one.period) for one in accepted.told] == [(Claim.ON_SCHEDULE, "2022年9月")]
    assert _part(database, filed).waits, "as it stood then"


def test_two_periods_behind_are_told_with_their_causes_and_what_was_lowered_without(database: Database) -> None:
    city = open_city(database)
    city.accept(_behind(city, "2022-09", at=IN_TIME), at=IN_TIME + _HOUR)
    october = at_local(date(2022, 10, 28), 9, 0)
    city.sweep(october)
    second = _behind(city, "2022-10", at=october + _HOUR)
    waiting = _part(database, october + 2 * _HOUR)
    assert (waiting.waits, len(waiting.told)) == (True, 1)
    city.accept(second, at=october + 3 * _HOUR)
    part = _part(database, october + 4 * _HOUR)
    assert [(one.claim, one.cause, one.period) for one in part.told] == [
        (Claim.BEHIND, CauseClass.OWN_WORK, "2022年10月"),
        (Claim.BEHIND, CauseClass.OWN_WORK, "2022年9月"),
    ]
    assert not part.waits
    assert _part(database, october + 2 * _HOUR) == waiting, "the same at a later time"


def test_a_lead_is_silent_until_it_reports_and_told_no_day_of_what_it_asked_to_move(database: Database) -> None:
    city = open_city(database)
    with database.reading() as session:
        due_at = city.row("swj", session).due_at or city.period("swj", session).due_at
        row_id = city.row("swj", session).id or 0
    assert (_part(database, IN_TIME).silent, _part(database, IN_TIME).next_due) == (False, due_at)
    past = due_at + _HOUR
    assert (_part(database, past).silent, _part(database, past).next_due) == (True, None)
    with database.transaction() as session:
        asked = RequestExtension(row_id, local_day(due_at) + timedelta(days=3), "等统计数据")
        request_extension(session, asked, actor=city.liaison("swj"), at=IN_TIME)
    assert _part(database, IN_TIME + _HOUR).next_due is None, "it lies with the office, which may give another"


def test_who_reported_late_is_not_silent(database: Database) -> None:
    city = open_city(database)
    city.sweep(LATE)
    filing_id = city.file("swj", at=LATE)
    assert not _part(database, LATE + _HOUR).silent
    city.accept(filing_id, at=LATE + _HOUR)
    assert not _part(database, LATE + 2 * _HOUR).silent


def test_what_is_given_back_for_want_of_substance_is_told_and_holds_its_unit_up(database: Database) -> None:
    city = open_city(database)
    city.give_back(city.file("swj"), at=IN_TIME + _HOUR, reason_class=ReturnReason.NO_SUBSTANCE)
    leads = _leads(database, IN_TIME + 2 * _HOUR)
    assert leads.held_up == {"市商务局"}
    assert [once.unit for once in leads.given_back] == ["市商务局"]
    assert _leads(database, IN_TIME).given_back == ()


def test_a_demand_is_unanswered_until_its_answer_is_signed(database: Database, tmp_path: Path) -> None:
    city = open_audience_city(database, tmp_path)
    assert _leads(database, LATE - _HOUR).unanswered == ()
    with database.reading() as session:
        urge = session.get_one(CircularRow, city.papers["urge"])
        served = session.scalars(select(ServedPaperRow).where(col(ServedPaperRow.circular_id) == urge.id)).one()
        people = {row.login: Actor(row.id, row.name, Role(row.role), row.unit_id) for row in session.scalars(_USERS)}
    before = _leads(database, LATE).unanswered
    [one] = [one for one in before if one.number == urge.number]
    assert (one.unit, one.answer_on, one.as_of) == ("市商务投资局", date(2022, 10, 18), LATE)
    given, signed = {"served_id": served.id or 0, "at": LATE + _HOUR}, LATE + 2 * _HOUR
    with database.transaction() as session:
        write_answer(session, version=1, words="已补报。", actor=people["swj"], **given)  # type: ignore[arg-type]  # by name
    with database.transaction() as session:
        sign_answer(session, served_id=served.id or 0, shown=2, actor=people["swj-head"], at=signed)
    assert set(before) - set(_leads(database, signed).unanswered) == {one}
    [written] = set(_leads(database, signed - _HOUR).unanswered) - set(before)
    assert replace(written, signed_on=None, events=one.events) == one, "an answer that nobody signed is none"
    assert written.signed_on == local_day(LATE + _HOUR), "who writes one has the paper"


def test_what_was_urged_and_answered_is_told_with_what_it_was_about(database: Database, tmp_path: Path) -> None:
    city = open_audience_city(database, tmp_path)
    before = _leads(database, LATE).answered
    answer_urge(city, at=LATE + _HOUR)
    [one] = set(_leads(database, LATE + 2 * _HOUR).answered) - set(before)
    assert (one.unit, one.as_of, one.document) == ("市商务投资局", LATE, None)
