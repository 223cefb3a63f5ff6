"""A completion that comes late is the office's all the same: whatever asks for it waits, by whichever door it came."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session

from tests.support.completing import DAY, do, due_of, give_back, standing_at, stands, started, to_deadline
from tests.support.owed_city import BY, OFFICE, UNPROVED, OwedCity, assert_reckoned, at, open_owed_city
from tracker.domain.claims import Claim, RowContent
from tracker.domain.deliveries import Outgoing
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind, Outcome
from tracker.domain.light_kinds import LightReason
from tracker.domain.owed import Paper, paper_class
from tracker.domain.progress import Work
from tracker.domain.verdicts import LeadsStillOwe, Verdict
from tracker.store.database import Database
from tracker.store.queries.series import series_views
from tracker.store.tables.filings import CorrectionRow, ReportRow
from tracker.store.tables.series import PeriodRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.filing import SubmitOne, sign_off, submit_one
from tracker.usecases.sweeping import sweep

_RED = (LightReason.NOT_COMPLETED, LightReason.OVERDUE, LightReason.CORRECTION_OVERDUE)


def _paper(city: OwedCity, code: str) -> Paper:
    """Return the class of the form that asks a unit for the completion."""
    row = city.rows(code)["2022-11"]
    with city.database.reading() as session:
        series_id = session.get_one(PeriodRow, row.period_id).series_id
        [view] = series_views(session, [series_id])
        [period] = [period for period in view.periods if period.period_id == row.period_id]
        return paper_class(period, now=due_of(city, code) + 60 * DAY)


def _accept(city: OwedCity, report_id: int, days: int, *, let_pass: str = "") -> None:
    """Let the office accept a report, with or without a word on what is owed besides."""

    def act(session: Session) -> None:
        when = due_of(city, "swj") + days * DAY
        accept_report(session, report_id=report_id, actor=OFFICE, at=when, verdict=Verdict(let_pass=let_pass))

    do(city, act)


@pytest.mark.parametrize("by_form", [True, False], ids=["in its form", "outside forms"])
def test_a_late_completion_is_the_same_by_either_door(database: Database, by_form: bool) -> None:
    city = started(database, "swj")
    due = due_of(city, "swj")
    assert stands(city, due + 2 * DAY) == (Work.OVERDUE_WORK, LightReason.NOT_COMPLETED, ["市商务局"])
    came = due + 3 * DAY
    report_id = city.file("swj", "2022-11", when=came) if by_form else city.complete("swj", when=came)
    for days in (4, 10, 30):
        work, light, lines = stands(city, due + days * DAY)
        assert (work, lines) == (Work.COMPLETION_PENDING, [])
        assert light not in _RED
    assert city.rows("swj")["2022-11"].late is True
    with database.reading() as session:
        assert session.get_one(ReportRow, report_id).late
    assert_reckoned(database)
    _accept(city, report_id, 31)
    assert standing_at(city, due + 32 * DAY).work.work is Work.COMPLETED_MET
    assert _paper(city, "swj") is Paper.LATE
    assert_reckoned(database)


@pytest.mark.parametrize("by_form", [True, False], ids=["in its form", "outside forms"])
def test_a_late_completion_that_is_returned_is_late_and_corrected_by_either_door(
    database: Database, by_form: bool
) -> None:
    city = started(database, "swj")
    due = due_of(city, "swj")
    came = due + 3 * DAY
    report_id = city.file("swj", "2022-11", when=came) if by_form else city.complete("swj", when=came)
    give_back(city, report_id, due + 31 * DAY)
    row = city.rows("swj")["2022-11"]
    assert (row.state, row.late) == ("returned", True)
    assert row.correction_due_at is not None
    assert row.correction_due_at > due + 31 * DAY
    work, light, _lines = stands(city, due + timedelta(days=31, hours=1))
    assert (work, light) == (Work.OVERDUE_WORK, LightReason.NOT_COMPLETED)
    again = city.file("swj", "2022-11", when=due + 32 * DAY)
    _accept(city, again, 33)
    assert _paper(city, "swj") is Paper.LATE
    assert_reckoned(database)


def test_what_the_head_signs_after_the_moment_is_late_and_lies_with_the_office(database: Database) -> None:
    city = started(database, "swj")
    due, share = due_of(city, "swj"), city.share("swj")
    content = RowContent(text="9月15日全部建成并投入使用。", claim=Claim.DONE)
    entry = Entry(share.id or 0, content, city.values(), outcome=Outcome.MET)
    with database.transaction() as session:
        command = SubmitOne(FilingKind.COMPLETION, replace(entry, evidence_reason=UNPROVED))
        filing_id = submit_one(session, command, actor=city.liaison("swj"), at=due - DAY)
    moment = due + timedelta(minutes=1)
    do(city, lambda session: sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=moment))
    work, light, lines = stands(city, due + 30 * DAY)
    assert (work, lines) == (Work.COMPLETION_PENDING, [])
    assert light not in _RED
    assert city.rows("swj")["2022-11"].late is True


def test_who_is_asked_waits_while_the_office_has_what_another_lead_handed_in_late(database: Database) -> None:
    """The work is done by one report on it; that nobody else reported is told once the office has decided."""
    city = started(database, "swj", "wjw")
    due = due_of(city, "swj")
    city.file("wjw", "2022-11", when=due - 6 * DAY)
    report_id = city.complete("wjw", when=due + 2 * DAY)
    later = due + 30 * DAY
    work, light, lines = stands(city, later)
    assert (work, lines) == (Work.COMPLETION_PENDING, [])
    assert light not in _RED
    assert all(one.time.reason not in _RED for one in standing_at(city, later).lead_lights.values())
    assert _paper(city, "swj") is Paper.HELD
    assert_reckoned(database)
    with pytest.raises(LeadsStillOwe, match="市商务局"):
        _accept(city, report_id, 31)
    _accept(city, report_id, 31, let_pass="由市卫健体委一并办结")
    assert city.states("swj")["2022-11"] == "missed"  # it was overdue before the other lead spoke
    assert_reckoned(database)


def test_what_another_lead_handed_in_late_gives_nobody_more_time_when_it_is_returned(database: Database) -> None:
    city = started(database, "swj", "wjw")
    due = due_of(city, "swj")
    city.file("wjw", "2022-11", when=due - 6 * DAY)
    give_back(city, city.complete("wjw", when=due + 2 * DAY), due + 30 * DAY)
    assert due_of(city, "swj") == due
    returned = due + timedelta(days=30, hours=1)
    assert stands(city, returned) == (Work.OVERDUE_WORK, LightReason.NOT_COMPLETED, ["市商务局"])
    assert_reckoned(database)


def _other_came_late(database: Database) -> tuple[OwedCity, datetime, int]:
    """The asked lead is overdue; the office has what the other one completed four days late."""
    city = started(database, "swj", "wjw")
    due_at = due_of(city, "swj")
    city.file("wjw", "2022-11", when=due_at - 5 * DAY)
    return city, due_at, city.complete("wjw", when=due_at + 4 * DAY)


def test_what_the_asked_lead_files_late_is_late_though_its_row_lies_with_the_office(database: Database) -> None:
    city, due_at, others = _other_came_late(database)
    report_id = city.file("swj", "2022-11", when=due_at + 5 * DAY)
    row = city.rows("swj")["2022-11"]
    assert (row.state, row.late) == ("filed", True)
    give_back(city, others, due_at + 6 * DAY)
    give_back(city, report_id, due_at + 6 * DAY + timedelta(hours=1))
    assert city.rows("swj")["2022-11"].late is True
    assert stands(city, due_at + 7 * DAY)[0] is Work.OVERDUE_WORK


def test_so_it_is_by_the_other_door_and_no_accepted_completion_counts_as_missing(database: Database) -> None:
    city, due_at, others = _other_came_late(database)
    report_id = city.complete("swj", when=due_at + 5 * DAY)
    row = city.rows("swj")["2022-11"]
    assert (row.state, row.late) == ("filed", True)
    give_back(city, others, due_at + 6 * DAY)
    _accept(city, report_id, 7)
    assert city.rows("swj")["2022-11"].state == "accepted"


def test_a_correction_that_ran_out_before_another_lead_completed_is_late(database: Database) -> None:
    city = started(database, "swj", "wjw")
    due_at = due_of(city, "swj")
    city.file("wjw", "2022-11", when=due_at - 5 * DAY)
    give_back(city, city.file("swj", "2022-11", when=due_at - 3 * DAY), due_at - 2 * DAY)
    city.complete("wjw", when=due_at + 10 * DAY)
    city.file("swj", "2022-11", when=due_at + 11 * DAY)
    with city.database.reading() as session:
        assert [one.outcome for one in session.scalars(select(CorrectionRow))] == ["late"]


def test_no_deadline_that_moves_meanwhile_excuses_what_was_overdue(database: Database) -> None:
    city, due_at, others = _other_came_late(database)
    to_deadline(city, date(2022, 12, 30), due_at + 5 * DAY)
    give_back(city, others, due_at + 7 * DAY)
    assert "市商务局" in stands(city, due_at + 8 * DAY)[2]


def test_a_closing_report_by_the_other_door_is_that_of_its_row(database: Database) -> None:
    city = open_owed_city(database, expires_on=date(2022, 12, 20))
    for period, day in (("2022-09", at(9, 28)), ("2022-10", at(10, 31)), ("2022-11", at(11, 28))):
        city.grow(day)
        city.file("swj", period, when=day)
    sweep(database, now=at(12, 22), by=BY, outgoing=Outgoing(mail=False, machine_now=at(12, 22)))
    report_id = city.complete("swj", when=at(1, 13, year=2023))
    row = city.rows("swj")["closing"]
    assert (row.state, row.late) == ("filed", True)
    assert "市商务局" not in stands(city, at(1, 30, year=2023))[2]
    give_back(city, report_id, at(1, 30, year=2023))
    assert city.rows("swj")["closing"].state == "returned"
    assert stands(city, at(1, 31, year=2023))[0] is Work.LAPSED
