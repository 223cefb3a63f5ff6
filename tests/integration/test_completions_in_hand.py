"""A completion that is in hand or not: class, lights and lists tell it alike, by the row that asks for it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.completing import DAY, DEADLINE, do, due_of, give_back, standing_at, stands, started, to_deadline
from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind, ReportKind
from tracker.domain.lifecycle import TransitionRefused
from tracker.domain.light_kinds import LightReason
from tracker.domain.progress import Work, WorkReason
from tracker.steps.lapsing import lapse_expired
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.identities import unit_facts
from tracker.store.history.log import cut
from tracker.store.history.work import past_classes
from tracker.store.tables.filings import ReportRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import suspend_task
from tracker.usecases.filing import SubmitForm, SubmitOne, sign_off, submit_form, submit_one
from tracker.usecases.requesting import RequestExtension, request_extension
from tracker.usecases.sharing import reassign_share


def _returned_after_the_deadline_moved(database: Database) -> OwedCity:
    """A completion waited for the head while the deadline moved on: its row is one as any other when it is returned."""
    city = started(database, "swj")
    to_deadline(city, date(2022, 11, 25), at(11, 7))
    city.grow(at(11, 24))
    row = city.rows("swj")["2022-11"]
    content = RowContent(text="11月24日验收1次。", claim=Claim.DONE)
    entry = Entry(row.assignment_id or 0, content, city.values())
    with city.database.transaction() as session:
        filing_id = submit_form(
            session,
            SubmitForm(row.period_id, (replace(entry, evidence_reason="整理"),)),
            actor=city.liaison("swj"),
            at=at(11, 24),
        )
    to_deadline(city, date(2022, 12, 30), at(11, 25))
    do(city, lambda session: sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=at(11, 28)))
    with city.database.reading() as session:
        [report_id] = session.scalars(select(col(ReportRow.id)).where(col(ReportRow.filing_id) == filing_id))
    give_back(city, report_id or 0, at(11, 29))
    assert standing_at(city, at(11, 29, hour=10)).work.work is Work.COMPLETION_PENDING
    return city


def test_a_completion_is_corrected_no_longer_than_its_row_is(database: Database) -> None:
    """What is filed in its place is a report as any other."""
    city = _returned_after_the_deadline_moved(database)
    again = city.file("swj", "2022-11", when=at(11, 30))
    do(city, lambda session: accept_report(session, report_id=again, actor=OFFICE, at=at(12, 1)))
    assert standing_at(city, at(12, 2)).work.work is Work.ON_SCHEDULE
    city.grow(at(2, 20, year=2023))
    assert stands(city, at(5, 20, year=2023)) == (Work.OVERDUE_WORK, LightReason.NOT_COMPLETED, ["市商务局"])
    assert_reckoned(city.database)


def test_a_correction_ends_with_the_lead_that_made_it(database: Database) -> None:
    city = started(database, "swj")
    due = due_of(city, "swj")
    give_back(city, city.file("swj", "2022-11", when=due - DAY), due - timedelta(hours=20))
    for code, when in (("wjw", due + DAY), ("swj", due + 2 * DAY)):
        share_id, unit_id = city.share("swj" if code == "wjw" else "wjw").id or 0, city.unit_id(code)
        with city.database.transaction() as session:
            reassign_share(
                session, assignment_id=share_id, to_unit_id=unit_id, reason="调整", actor=OFFICE, at=when, by=BY
            )
    later = due_of(city, "swj") + 20 * DAY
    assert stands(city, later) == (Work.OVERDUE_WORK, LightReason.NOT_COMPLETED, ["市商务局"])


def test_more_time_for_a_correction_undoes_no_delay_of_the_completion(database: Database) -> None:
    city = started(database, "swj")
    due = due_of(city, "swj")
    report_id = city.file("swj", "2022-11", when=due + 3 * DAY)
    give_back(city, report_id, due + 4 * DAY)
    row = city.rows("swj")["2022-11"]
    assert row.correction_due_at is not None
    until = local_day(row.correction_due_at) + 10 * DAY
    asked = RequestExtension(row.id or 0, until, "等验收")
    moment = due + timedelta(days=4, hours=2)
    do(city, lambda session: request_extension(session, asked, actor=city.liaison("swj"), at=moment))
    work, light, _lines = stands(city, moment + timedelta(hours=1))
    assert (work, light) == (Work.OVERDUE_WORK, LightReason.NOT_COMPLETED)


@pytest.mark.parametrize("day", [at(11, 8), at(12, 13)], ids=["before it was due", "when it was overdue"])
def test_what_the_office_paused_is_not_overdue_because_its_document_ends(database: Database, day: datetime) -> None:
    city = started(database, "swj", expires_on=date(2022, 12, 20))
    city.grow(day)
    do(city, lambda session: suspend_task(session, task_id=city.task_id(), reason="等", actor=OFFICE, at=day))
    city.grow(at(12, 22))
    do(city, lambda session: lapse_expired(session, now=at(12, 22), by=BY))
    assert stands(city, at(12, 22)) == (Work.LAPSED, LightReason.LAPSED_AWAITS_CLOSING, [])
    _work, light, lines = stands(city, at(2, 1, year=2023))
    assert light is LightReason.CLOSING_OVERDUE
    assert "市商务局" in lines
    assert_reckoned(city.database)


@pytest.mark.parametrize("noted", [True, False], ids=["after the pass", "before the pass"])
def test_what_was_overdue_when_its_document_ended_is_paused_no_more(database: Database, noted: bool) -> None:
    """Whether the pass came before or after the office's act, the work is what the end made of it."""
    city = started(database, "swj", expires_on=date(2022, 12, 20))
    after = at(12, 21, hour=1)
    if noted:
        do(city, lambda session: lapse_expired(session, now=after, by=BY))
    with pytest.raises(TransitionRefused):
        do(city, lambda session: suspend_task(session, task_id=city.task_id(), reason="等", actor=OFFICE, at=after))
    do(city, lambda session: lapse_expired(session, now=at(12, 21), by=BY))
    assert stands(city, at(12, 21)) == (Work.OVERDUE_WORK, LightReason.NOT_COMPLETED, ["市商务局"])
    assert_reckoned(city.database)


def test_one_leads_completion_is_the_works_while_the_office_has_it_and_while_it_is_corrected(
    database: Database,
) -> None:
    """The first lead is asked for it; the second hands it in, in time, and is given a correction."""
    city = started(database, "swj", "wjw")
    due = due_of(city, "swj")
    city.file("wjw", "2022-11", when=due - 2 * DAY)
    report_id = city.complete("wjw", when=due - DAY)
    later = due + 30 * DAY
    work, light, lines = stands(city, later)
    assert (work, lines) == (Work.COMPLETION_PENDING, [])
    assert light not in (LightReason.NOT_COMPLETED, LightReason.OVERDUE)
    give_back(city, report_id, later)
    with city.database.reading() as session:
        corrected_by = session.get_one(ReportRow, report_id).correct_by
    assert corrected_by is not None
    work, light, lines = stands(city, later + timedelta(hours=1))
    assert (work, lines) == (Work.COMPLETION_PENDING, [])
    assert light is not LightReason.NOT_COMPLETED
    long_after = later + 60 * DAY
    assert due_of(city, "swj") >= later
    work, _light, lines = stands(city, long_after)
    assert (work, lines) == (Work.OVERDUE_WORK, ["市商务局"])
    assert_reckoned(city.database)


def test_after_the_deadline_too_one_lead_is_asked_for_the_completion(database: Database) -> None:
    """The task went to another unit and the first one came back as a lead beside it: it is the first again."""
    city = started(database, "swj")
    share_id, unit_id = city.share("swj").id or 0, city.unit_id("wjw")
    do(
        city,
        lambda session: reassign_share(
            session, assignment_id=share_id, to_unit_id=unit_id, reason="调整", actor=OFFICE, at=at(12, 1), by=BY
        ),
    )
    assert [row.final for row in city.rows("wjw").values() if row.state == "open"] == [True]
    city.add_lead("swj", at(12, 2))
    asked = [code for code in ("swj", "wjw") for row in city.rows(code).values() if row.final and row.state == "open"]
    assert asked == ["swj"]
    work, light, lines = stands(city, due_of(city, "swj") + 30 * DAY)
    assert (work, light, lines) == (Work.OVERDUE_WORK, LightReason.NOT_COMPLETED, ["市商务局"])
    assert_reckoned(city.database)


def test_a_late_completion_of_another_lead_is_in_hand_only_while_the_office_has_it(database: Database) -> None:
    city = started(database, "swj", "wjw")
    due = due_of(city, "swj")
    city.file("wjw", "2022-11", when=due - 2 * DAY)
    late = due + 10 * DAY
    report_id = city.complete("wjw", when=late)
    assert stands(city, late + timedelta(hours=1))[0] is Work.COMPLETION_PENDING
    give_back(city, report_id, late + DAY)
    returned = late + DAY + timedelta(hours=1)
    assert stands(city, returned) == (Work.OVERDUE_WORK, LightReason.NOT_COMPLETED, ["市商务局"])
    assert standing_at(city, returned).lead_works[city.unit_id("wjw")].work is Work.AWAITING_FIGURES
    assert stands(city, late + 20 * DAY) == (Work.OVERDUE_WORK, LightReason.NOT_COMPLETED, ["市商务局"])


def test_a_correction_that_ran_out_is_told_of_its_own_row_whatever_else_is_overdue(database: Database) -> None:
    """September was never reported: it is overdue before, and hides nothing of the completion."""
    city = open_owed_city(database)
    to_deadline(city, DEADLINE, at(9, 6))
    for month in (9, 10, 11):
        city.grow(at(month, 28 if month == 9 else 5))
    due = due_of(city, "swj")
    give_back(city, city.file("swj", "2022-11", when=due - DAY), due - timedelta(hours=20))
    row = city.rows("swj")["2022-11"]
    assert row.correction_due_at is not None
    assert city.rows("swj")["2022-09"].state == "open"
    assert stands(city, row.correction_due_at - DAY)[0] is Work.COMPLETION_PENDING
    work, _light, lines = stands(city, row.correction_due_at)
    assert (work, lines) == (Work.OVERDUE_WORK, ["市商务局"])


def test_a_report_that_took_the_place_of_a_completion_is_none_when_it_is_returned_itself(database: Database) -> None:
    city = _returned_after_the_deadline_moved(database)
    again = city.file("swj", "2022-11", when=at(11, 30))
    with city.database.reading() as session:
        assert session.get_one(ReportRow, again).kind == ReportKind.PROGRESS.value
    give_back(city, again, at(12, 1))
    assert stands(city, at(12, 1, hour=10))[0] is not Work.COMPLETION_PENDING


def test_a_lead_that_is_not_asked_for_the_completion_is_late_with_it_in_no_paper_of_its_own(
    database: Database,
) -> None:
    city = started(database, "swj", "wjw")
    due = due_of(city, "swj")
    city.file("wjw", "2022-11", when=due - DAY)
    later = due + 14 * DAY
    with city.database.reading() as session:
        until = cut(session, as_of=later)
        state, units = fold(session, until), unit_facts(session, until=until)
        found = {
            code: past_classes(session, state, units=units, unit_id=city.unit_id(code))[city.task_id()].work
            for code in ("swj", "wjw")
        }
    assert found == {"swj": Work.OVERDUE_WORK, "wjw": Work.AWAITING_FIGURES}


def test_a_lead_is_asked_again_no_earlier_than_what_it_handed_in_itself_is_to_be_corrected(database: Database) -> None:
    """It asked to be done outside its form: the row that asks for the completion waits with the correction."""
    city = started(database, "swj")
    due = due_of(city, "swj")
    report_id = city.complete("swj", when=at(11, 12))
    returned = due + 5 * DAY
    give_back(city, report_id, returned)
    with city.database.reading() as session:
        correct_by = session.get_one(ReportRow, report_id).correct_by
    assert correct_by is not None
    over = end_of_day(correct_by)
    assert due_of(city, "swj") == over
    assert stands(city, over - timedelta(minutes=1))[0] is Work.COMPLETION_PENDING
    assert stands(city, over) == (Work.OVERDUE_WORK, LightReason.NOT_COMPLETED, ["市商务局"])
    assert_reckoned(city.database)


def test_the_correction_of_one_leads_completion_waits_while_the_office_has_the_others(database: Database) -> None:
    city = started(database, "swj", "wjw")
    due = due_of(city, "swj")
    city.file("wjw", "2022-11", when=due - 3 * DAY)
    give_back(city, city.file("swj", "2022-11", when=due - 2 * DAY), due - DAY)
    corrected_by = city.rows("swj")["2022-11"].correction_due_at
    assert corrected_by is not None
    city.complete("wjw", when=due - timedelta(hours=10))
    work, light, lines = stands(city, corrected_by + 10 * DAY)
    assert (work, lines) == (Work.COMPLETION_PENDING, [])
    assert light not in (LightReason.CORRECTION_OVERDUE, LightReason.NOT_COMPLETED)
    assert_reckoned(city.database)


def test_what_was_told_in_no_row_and_given_back_lacks_its_correction_once_the_deadline_is_past(
    database: Database,
) -> None:
    city = open_owed_city(database)
    to_deadline(city, DEADLINE, at(9, 6))
    city.grow(at(9, 10))
    with database.transaction() as session:
        content = RowContent(claim=Claim.DONE, text="9月20日印发方案1份。")
        entry = Entry(city.share("swj").id or 0, content, city.values(on=date(2022, 9, 20)))
        filing_id = submit_one(
            session, SubmitOne(FilingKind.COMPLETION, entry), actor=city.liaison("swj"), at=at(9, 20)
        )
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=at(9, 20))
        [report] = session.scalars(select(ReportRow).where(col(ReportRow.kind) == ReportKind.COMPLETION.value))
        report_id, row_id = report.id or 0, report.row_id
    assert row_id is None
    give_back(city, report_id, at(9, 21))
    city.grow(at(11, 5))
    late = due_of(city, "swj") + 14 * DAY
    city.grow(late)
    work = standing_at(city, late).work
    assert (work.work, work.reason) == (Work.OVERDUE_WORK, WorkReason.UNCORRECTED)
    city.file("swj", "2022-11", when=late)
    assert standing_at(city, late).work.work is Work.COMPLETION_PENDING
