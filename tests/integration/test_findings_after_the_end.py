"""What has ended, expired or passed its deadline: nothing goes on being owed for it, and nothing is made of its end."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.databases import fresh_sqlite
from tests.support.eight_documents import PLAN_49, POLICIES_54, Documents, at, issue
from tests.support.office import BY, CALENDAR, OFFICE, open_city
from tests.support.owed_city import assert_reckoned
from tests.support.played_autumn import ENDS_AT, PlayedAutumn
from tests.support.standings import work_counts
from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.calendar import end_of_day
from tracker.domain.circulars.comparing import Previous
from tracker.domain.circulars.content import Content, Scope
from tracker.domain.circulars.figures import compute
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.filings import ReturnReason
from tracker.domain.light_kinds import LightColour, LightReason
from tracker.domain.progress import Work
from tracker.paper.circulars import word
from tracker.paper.letterheads import letterhead
from tracker.store.database import Database
from tracker.store.history.facts import facts_as_of
from tracker.store.queries.owed_lists import count_overdue, overdue_lines, owed_by_units
from tracker.store.tables.events import EventRow, ReminderRow
from tracker.store.tables.filings import CorrectionRow
from tracker.usecases.ending import close_task
from tracker.usecases.requesting import RequestExtension, grant_extension, request_extension

EXPIRED_AT = at(1, 3, year=2023)
CLOSING_AT = end_of_day(CALENDAR.add_workdays(date(2022, 12, 31), 15))
OUTLIVING = ("54-04", "54-12")


def _circular(city: Documents, *, as_of: datetime, since: datetime | None = None) -> Content:
    with city.database.reading() as session:
        before = Previous("驻政办督〔2022〕1号", facts_as_of(session, as_of=since)) if since else None
        facts = facts_as_of(session, as_of=as_of)
    return compute(CircularType.SUPERVISION, facts, scope=Scope(), calendar=CALENDAR, previous=before)


def _named_in_digests(city: Documents, code: str, *, since: date) -> list[date]:
    with city.database.reading() as session:
        digests = session.scalars(select(ReminderRow).where(col(ReminderRow.planned_on) > since)).all()
    named: list[date] = []
    for digest in digests:
        content: Mapping[str, object] = digest.content
        if code in str(content["tasks"]):
            named.append(digest.planned_on)
    return named


def test_a_task_completed_and_struck_off_is_neither_overdue_nor_reminded_and_every_count_agrees(
    played_autumn: PlayedAutumn, tmp_path: Path
) -> None:
    city = Documents(played_autumn.open(ENDS_AT, tmp_path))
    filing_id = city.complete("49-17", "zhaoshangju", when=at(11, 1, hour=10))
    city.accept(filing_id, when=at(11, 1, hour=10))
    with city.database.transaction() as session:
        close_task(session, task_id=city.task_id("49-17"), reason="已办结", actor=OFFICE, at=at(11, 1, hour=11))
    with city.database.reading() as session:
        last = session.scalars(select(col(EventRow.seq)).order_by(col(EventRow.seq).desc())).first() or 0
    assert {row.state for *_form, row in city.rows("49-17", "zhaoshangju")} <= {"accepted", "waived"}
    for day in (2, 3, 4, 10, 30):
        city.sweep(at(11, day))
    now = at(12, 1)
    city.sweep(now)
    own = {series.id for series, _period, _row in city.rows("49-17", "zhaoshangju") if series.kind == "weekly"}
    with city.database.reading() as session:
        later = session.scalars(
            select(EventRow).where(col(EventRow.seq) > last, col(EventRow.type) == "series.overdue")
        )
        assert own.isdisjoint(json.loads(event.payload)["series_id"] for event in later)
        desk = count_overdue(session, now=now, unit_ids=EVERY_UNIT)
        assert desk == len(facts_as_of(session, as_of=now).overdue)
        assert own.isdisjoint(line.series_id for line in owed_by_units(session, unit_ids=EVERY_UNIT, now=now))
    assert desk == _circular(city, as_of=now).counts["overdue"]
    assert _named_in_digests(city, "49-17", since=date(2022, 11, 1)) == []
    assert_reckoned(city.database)


@pytest.fixture
def expired(tmp_path: Path) -> Documents:
    """54号 as issued, passed through to the first working days of 2023, with nobody reporting."""
    city = issue(fresh_sqlite(tmp_path), [POLICIES_54])
    for now in (at(10, 12), at(11, 4), at(12, 6), at(12, 30), EXPIRED_AT):
        city.sweep(now)
    return city


def test_what_expires_is_no_success_and_the_measures_with_a_term_of_their_own_go_on(expired: Documents) -> None:
    states = {code: expired.standing(code, now=EXPIRED_AT).work.work for code in (f"54-{n:02}" for n in range(1, 20))}
    assert [code for code, work in states.items() if work is not Work.LAPSED] == list(OUTLIVING)
    with expired.database.reading() as session:
        counts = work_counts(session, now=EXPIRED_AT, by=BY)
    assert (counts[Work.LAPSED], counts[Work.ON_SCHEDULE], sum(counts.values())) == (17, 0, 19)
    content = _circular(expired, as_of=EXPIRED_AT, since=at(12, 30))
    assert (content.counts["lapsed"], content.counts["total"]) == (17, 19)
    assert content.counts["made_good"] == 0
    assert content.counts["ended_since"] == content.counts["previous_overdue"] - content.counts["overdue"] > 0
    words = "".join(text for _level, text in word(content, letterhead(CircularType.SUPERVISION)).statements)
    assert "按序时推进" not in words + "".join(figure.words for figure in content.figures.values())
    lasting = [period.code for _series, period, row in expired.rows("54-12", "jinrongju") if row.state == "open"]
    assert max(lasting) > "2023"


def test_closing_reports_are_due_fifteen_working_days_after_the_expiry_and_red_from_then_on(
    expired: Documents,
) -> None:
    lapsed = [task.id or 0 for task in expired.tasks_of(POLICIES_54) if task.state == "lapsed"]
    with expired.database.reading() as session:
        owed = [
            line
            for line in owed_by_units(session, unit_ids=EVERY_UNIT, now=EXPIRED_AT)
            if any(item.task_id in lapsed for item in line.items)
        ]
    assert {(line.code, line.owed.due_at, line.owed.since) for line in owed} == {("closing", CLOSING_AT, None)}
    assert sorted({item.task_id for line in owed for item in line.items}) == sorted(lapsed)
    assert expired.standing("54-05", now=EXPIRED_AT).lights.shown.colour is LightColour.YELLOW
    late = expired.standing("54-05", now=CLOSING_AT).lights.shown
    assert (late.colour, late.reason) == (LightColour.RED, LightReason.CLOSING_OVERDUE)
    with expired.database.reading() as session:
        lines = overdue_lines(session, now=CLOSING_AT, unit_ids=EVERY_UNIT, limit=99, document_id=owed[0].document_id)
    assert {line.series_id for line in owed} <= {line.series_id for line in lines}


def test_a_goal_past_its_own_filing_day_is_overdue_work_and_red_whatever_was_accepted_before(tmp_path: Path) -> None:
    city = issue(fresh_sqlite(tmp_path), [PLAN_49])
    for month in (9, 10):
        due = next(
            period for _series, period, _row in city.rows("49-01", "zhaoshangju") if period.due_at > at(month, 1)
        )
        filing_id = city.file("zhaoshangju", due.id or 0, when=due.due_at.replace(tzinfo=UTC))
        city.accept(filing_id, when=due.due_at)
        city.sweep(due.due_at)
    now = at(3, 1, year=2023)
    city.sweep(now)
    found = city.standing("49-01", now=now)
    assert (found.work.work, found.lights.time.colour) == (Work.OVERDUE_WORK, LightColour.RED)
    with city.database.reading() as session:
        codes = {
            item.code
            for line in overdue_lines(session, now=now, unit_ids=[city.unit_id("zhaoshangju")], limit=99)
            for item in line.items
        }
    assert "49-01" in codes


def test_a_completion_is_accepted_while_a_county_is_silent_and_the_countys_silence_stays_in_history(
    tmp_path: Path,
) -> None:
    city = issue(fresh_sqlite(tmp_path), [PLAN_49])
    city.sweep(at(10, 12))
    assert next(row.state for _series, _period, row in city.rows("49-06", "xincai")) == "open"
    for period_id in {
        period.id or 0 for _s, period, row in city.rows("49-06", "zhaoshangju") if period.due_at < at(10, 12)
    }:
        city.file("zhaoshangju", period_id, when=at(10, 12, hour=10))
    filing_id = city.complete("49-06", "zhaoshangju", when=at(10, 12, hour=11))
    city.accept(filing_id, when=at(10, 12, hour=15))
    assert city.standing("49-06", now=at(10, 13)).work.work is Work.COMPLETED_MET
    states = [row.state for _series, _period, row in city.rows("49-06", "xincai")]
    assert states[0] == "missed"
    assert set(states[1:]) == {"waived"}
    assert_reckoned(city.database)


def test_a_report_returned_twice_and_then_extended_is_corrected_by_its_new_moment(database: Database) -> None:
    city = open_city(database)
    city.give_back(city.file())
    first_at = datetime(2022, 9, 29, 1, 0, tzinfo=UTC)
    city.give_back(city.file(at=first_at), at=first_at, reason_class=ReturnReason.NO_SUBSTANCE)
    extended_on = date(2022, 10, 20)
    with database.transaction() as session:
        row = city.row("swj", session)
        command = RequestExtension(row.id or 0, extended_on, "数据尚在核实")
        request_id = request_extension(session, command, actor=city.liaison("swj"), at=first_at)
    overdue_at = end_of_day(date(2022, 10, 11))
    city.sweep(overdue_at)
    with database.reading() as session:
        assert count_overdue(session, now=overdue_at, unit_ids=[city.unit_id("swj")]) == 0
    with database.transaction() as session:
        grant_extension(session, request_id=request_id, actor=OFFICE, at=overdue_at, by=BY)
    with database.reading() as session:
        row = city.row("swj", session)
        assert (row.state, row.correction_due_at, row.late) == ("returned", end_of_day(extended_on), False)
    mended_at = at(10, 19)
    city.accept(city.file(at=mended_at), at=mended_at)
    with database.reading() as session:
        outcomes = [one.outcome for one in session.scalars(select(CorrectionRow).order_by(col(CorrectionRow.id)))]
        assert outcomes == ["in_time", "in_time"]
        assert city.row("swj", session).late is False
    assert_reckoned(database)
