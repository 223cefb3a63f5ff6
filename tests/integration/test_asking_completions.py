"""The deadline moves into a window whose report was written before: the completion is asked for all the same."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib import import_module

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select, text
from sqlmodel import Session, col

from tests.support.owed_city import BY, LEADER, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.claims import Claim, RowContent
from tracker.domain.deliveries import Outgoing
from tracker.domain.entries import Entry
from tracker.domain.filings import ReportKind, ReturnReason
from tracker.domain.light_kinds import LightReason
from tracker.domain.progress import Work
from tracker.store.database import Database
from tracker.store.history.export import exported_state
from tracker.store.history.log import cut
from tracker.store.queries.work import TaskStanding, task_standings
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.series import SeriesRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.filing import SubmitForm, sign_off, submit_form
from tracker.usecases.returning import return_report
from tracker.usecases.sharing import change_deadline
from tracker.usecases.sweeping import sweep

_WRITTEN, _MOVED, _SIGNED, _ACCEPTED = at(11, 25), at(11, 26), at(11, 28), at(12, 30)


def _to_deadline(session: Session, city: OwedCity, day: date, when: datetime) -> None:
    change_deadline(session, task_id=city.task_id(), new_on=day, reason="会议议定", actor=LEADER, at=when, by=BY)


def _sweep(city: OwedCity, now: datetime) -> None:
    sweep(city.database, now=now, by=BY, outgoing=Outgoing(mail=False, machine_now=now))


def _standing(city: OwedCity, now: datetime) -> TaskStanding:
    with city.database.reading() as session:
        [found] = task_standings(session, now=now, by=BY, task_ids=[city.task_id()])
        told = exported_state(session, cut(session, as_of=now), by=BY)["work"]
    assert isinstance(told, dict)
    assert told[found.work.work.value] > 0  # the log tells it alike
    return found


def _reported_before(database: Database, *, signed_after: bool) -> tuple[OwedCity, int]:
    """November's report is written on the 25th; on the 26th the deadline moves from the year's end to 30 November."""
    city = open_owed_city(database)
    with database.transaction() as session:
        _to_deadline(session, city, date(2022, 12, 30), at(9, 6))
    for period, day in (("2022-09", at(9, 28)), ("2022-10", at(10, 31))):
        city.grow(day)
        city.file("swj", period, when=day)
    city.grow(_WRITTEN)
    row = city.rows("swj")["2022-11"]
    entry = Entry(row.assignment_id or 0, RowContent(text="11月24日调度1次。", claim=Claim.ON_SCHEDULE), city.values())
    command = SubmitForm(row.period_id, (replace(entry, evidence_reason="整理"),))
    with database.transaction() as session:
        filing_id = submit_form(session, command, actor=city.liaison("swj"), at=_WRITTEN)
    for signs in (not signed_after, signed_after):
        with database.transaction() as session:
            if signs:
                sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=_SIGNED if signed_after else _WRITTEN)
            else:
                _to_deadline(session, city, date(2022, 11, 30), _MOVED)
    with database.reading() as session:
        report_id = session.scalars(select(col(ReportRow.id)).where(col(ReportRow.filing_id) == filing_id)).one() or 0
    return city, report_id


@pytest.mark.parametrize("signed_after", [False, True], ids=["with the office", "with the head"])
def test_a_report_of_before_stands_in_for_no_completion(database: Database, signed_after: bool) -> None:
    city, report_id = _reported_before(database, signed_after=signed_after)
    with database.reading() as session:
        assert session.get_one(ReportRow, report_id).kind == ReportKind.PROGRESS.value
    _sweep(city, at(12, 29))
    waiting = _standing(city, at(12, 29))
    assert waiting.work.work is Work.AWAITING_FIGURES  # whatever time the office takes, nobody is late
    with database.transaction() as session:
        accept_report(session, report_id=report_id, actor=OFFICE, at=_ACCEPTED)
    _sweep(city, _ACCEPTED + timedelta(minutes=5))
    row = city.rows("swj")["2022-11"]
    grace = end_of_day(BY.calendar.add_workdays(local_day(_ACCEPTED), BY.policy.decision_grace_workdays))
    assert (row.state, row.final, row.due_at) == ("open", True, grace)
    assert _standing(city, grace - timedelta(minutes=1)).work.work is Work.AWAITING_FIGURES
    late = _standing(city, grace)
    assert (late.work.work, late.lights.time.reason) == (Work.OVERDUE_WORK, LightReason.NOT_COMPLETED)
    assert_reckoned(database)
    completion = city.file("swj", "2022-11", when=grace + timedelta(hours=1))
    with database.transaction() as session:
        accept_report(session, report_id=completion, actor=OFFICE, at=grace + timedelta(hours=2))
    _sweep(city, grace + timedelta(hours=3))
    assert _standing(city, grace + timedelta(hours=3)).work.work is Work.COMPLETED_MET


def test_a_database_of_before_learns_where_nobody_was_asked(database: Database) -> None:
    city, report_id = _reported_before(database, signed_after=False)
    with database.transaction() as session:
        accept_report(session, report_id=report_id, actor=OFFICE, at=_ACCEPTED)
    with database.engine.begin() as connection:
        connection.execute(text("DROP INDEX series_unasked"))
        connection.execute(text("ALTER TABLE series DROP COLUMN unasked"))
        with Operations.context(MigrationContext.configure(connection)):
            import_module("tracker.store.migrations.versions.0050_series_with_an_unasked_completion").upgrade()
    with database.reading() as session:
        assert [row.unit_id for row in session.scalars(select(SeriesRow).where(col(SeriesRow.unasked)))] == [
            city.unit_id("swj")
        ]
    assert_reckoned(database)


def test_a_report_of_before_that_is_returned_and_mended_stands_in_for_none_either(database: Database) -> None:
    city, report_id = _reported_before(database, signed_after=False)
    with database.transaction() as session:
        return_report(
            session,
            report_id=report_id,
            reason="缺数",
            reason_class=ReturnReason.FIGURES,
            actor=OFFICE,
            at=_SIGNED,
            by=BY,
        )
    mended = city.file("swj", "2022-11", when=at(11, 29))
    with database.transaction() as session:
        accept_report(session, report_id=mended, actor=OFFICE, at=at(11, 30))
    _sweep(city, at(12, 1))
    row = city.rows("swj")["2022-11"]
    assert (row.state, row.final) == ("open", True)
    assert row.due_at == end_of_day(date(2022, 12, 28))  # by the completion's own moment
    _sweep(city, at(12, 2))
    assert city.rows("swj")["2022-11"].state == "open"
