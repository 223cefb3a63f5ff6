"""A database of the version before goes over to reckoning by series: nothing is lost, nothing owed unseen."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlmodel import Session, col

from tests.support.legacy_city import EXPIRED, ISSUED_AT, NOW, NUMBER, LegacyCity, fill, reading
from tests.support.legacy_rows import old_database
from tracker.domain.accounts import EVERY_UNIT, Actor, Role
from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.items import CadenceKind
from tracker.domain.legacy import LegacyPeriod, last_ended
from tracker.domain.owed import overdue_from
from tracker.domain.windows import Reckoning
from tracker.gateways.configuration import CONFIGURATION, load_calendar, load_policy
from tracker.steps.signing import leave_the_unit
from tracker.store import event_log, schema
from tracker.store.database import Database
from tracker.store.history.facts import facts_as_of
from tracker.store.history.fold import fold
from tracker.store.history.log import BeforeTheReckoning, cut
from tracker.store.queries.owed_lists import count_overdue
from tracker.store.queries.series import series_views
from tracker.store.tables.documents import DocumentRow, ItemRow, ItemTargetRow, QuestionRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import CorrectionRow, EvidenceRow, FilingRow, ReportRow, ReportValueRow, RequestRow
from tracker.store.tables.series import DutyRow, FormRow, LegacyExtensionRow, LegacyPeriodRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.requesting import grant_extension
from tracker.usecases.switching import Switched, switch_reckoning

BY = Reckoning(
    calendar=load_calendar(CONFIGURATION / "calendar.toml"), policy=load_policy(CONFIGURATION / "policy.toml")
)
OFFICE = Actor(1, "督查员", Role.SUPERVISOR)
Q3_DUE = end_of_day(date(2022, 10, 10))


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the version before, empty."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    with old_database(request.param, folder=tmp_path, postgres_url=url) as database:
        yield database


@pytest.fixture
def city(old: Database) -> LegacyCity:
    return fill(old)


def _upgrade_and_switch(database: Database) -> Switched | None:
    schema.upgrade(database)
    with database.transaction() as session:
        return switch_reckoning(session, now=NOW, by=BY, readings=[reading()])


def _rows_of(session: Session, assignment_id: int) -> dict[str, FormRow]:
    rows = session.execute(
        select(FormRow, PeriodRow)
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .where(col(FormRow.assignment_id) == assignment_id)
    )
    return {period.code: row for row, period in rows}


def _moment(session: Session, row: FormRow) -> Any:  # Any: an aware time or None, compared at once
    return row.due_at or session.get_one(PeriodRow, row.period_id).due_at


def test_the_migration_loses_no_report_no_value_no_file_and_no_word(old: Database, city: LegacyCity) -> None:
    told = "SELECT id, text, nil_reason, written_by, decision_reason, state FROM report ORDER BY id"
    with old.reading() as session:
        before = session.execute(text(told)).all()
        periods = session.execute(text("SELECT * FROM period ORDER BY id")).all()
        asked = session.execute(text("SELECT * FROM extension ORDER BY id")).all()
    schema.upgrade(old)
    with old.reading() as session:
        assert session.execute(text(told)).all() == before
        kept = list(LegacyPeriodRow.model_fields)
        wanted = f"SELECT {', '.join(kept)} FROM legacy_period ORDER BY id"
        assert [set(map(str, row)) for row in session.execute(text(wanted))] == [set(map(str, row)) for row in periods]
        assert len(session.scalars(select(LegacyExtensionRow)).all()) == len(asked)
        value = session.scalars(select(ReportValueRow)).one()
        assert (value.report_id, value.value) == (city.reports["accepted/accepted"], 3.5)
        assert session.scalars(select(EvidenceRow)).one().report_id == city.reports["accepted/accepted"]
        assert list(event_log.broken_links(session)) == []


def test_each_report_stands_in_an_envelope_of_its_own(old: Database, city: LegacyCity) -> None:
    schema.upgrade(old)
    with old.reading() as session:
        told = {
            name: (filing.kind, filing.state, filing.legacy_period_id)
            for name, report_id in city.reports.items()
            for filing in [session.get_one(FilingRow, session.get_one(ReportRow, report_id).filing_id)]
        }
    assert told["under_review/filed"] == ("form", "filed", city.periods["under_review"])
    assert told["awaiting_sign_off/awaiting_sign_off"][1] == "awaiting_sign_off"
    assert told["sent_back/sent_back"][1] == "sent_back"
    assert told["completed/accepted"] == ("completion", "filed", None)


def test_a_share_was_got_on_the_day_of_issue_in_shanghai_and_what_was_completed_was_met(
    old: Database, city: LegacyCity
) -> None:
    schema.upgrade(old)
    with old.reading() as session:
        share = session.get_one(AssignmentRow, city.shares["unfiled"])
        assert share.got_on == local_day(ISSUED_AT) == date(2022, 8, 26)
        outcomes = {
            story: session.get_one(TaskRow, city.shares[f"{story}/task"]).outcome
            for story in ("completed", "closed", "unfiled")
        }
    assert outcomes == {"completed": "met", "closed": "met", "unfiled": None}


def test_what_is_written_after_the_migration_gets_new_ids(old: Database, city: LegacyCity) -> None:
    _upgrade_and_switch(old)
    with old.transaction() as session:
        filing = FilingRow(kind="update", unit_id=1, written_by="联络员", written_at=NOW)
        session.add(filing)
        session.flush()
        report = ReportRow(filing_id=filing.id or 0, kind="update", text="进展", written_by="联络员", written_at=NOW)
        session.add(report)
        session.flush()
        assert report.id is not None
        assert report.id > max(city.reports.values())


def test_the_unfiled_required_row_of_the_last_quarter_keeps_its_moment(old: Database, city: LegacyCity) -> None:
    switched = _upgrade_and_switch(old)
    assert switched is not None
    with old.reading() as session:
        for story in ("unfiled", "extension_refused", "sent_back", "awaiting_sign_off"):
            row = _rows_of(session, city.shares[story])["2022Q3"]
            assert (row.state, row.required, _moment(session, row)) == ("open", True, Q3_DUE)
        extended = _rows_of(session, city.shares["extended"])["2022Q3"]
        assert _moment(session, extended) == end_of_day(date(2022, 10, 25))
    assert switched.kept == 6  # these but the one that awaits the signature, the extended, a month's and the clock


def test_running_windows_are_open_and_earlier_ones_are_history(old: Database, city: LegacyCity) -> None:
    switched = _upgrade_and_switch(old)
    assert switched is not None
    with old.reading() as session:
        assert set(_rows_of(session, city.shares["accepted"])) == {"2022Q4", "2023Q1"}
        assert set(_rows_of(session, city.shares["waived"])) == {"2022Q4", "2023Q1"}
        assert set(_rows_of(session, city.shares["monthly_missed"])) == {"2022-10", "2022-11", "2022-12"}
        duty = session.scalars(select(DutyRow).where(col(DutyRow.assignment_id) == city.shares["accepted"])).one()
        assert duty.from_on == date(2022, 10, 1)
        assert session.get_one(LegacyPeriodRow, city.periods["monthly_missed"]).state == "missed"
        carried = session.scalars(select(col(EventRow.payload)).where(col(EventRow.type) == "series.carried"))
        told = [json.loads(payload)["waived"] for payload in carried]
    assert switched.waived == 4  # two missed months, the third quarter of two counties
    assert sorted(told) == [0, 0, 0, 0, 1, 1, 2]  # each in the series in which its share goes on


def test_counties_that_only_share_an_item_owe_no_quarterly_row_of_it(old: Database, city: LegacyCity) -> None:
    _upgrade_and_switch(old)
    with old.reading() as session:
        assert _rows_of(session, city.shares["yc"]) == {}
        unit_id = session.get_one(AssignmentRow, city.shares["yc"]).unit_id
        kinds = session.scalars(select(col(SeriesRow.kind)).where(col(SeriesRow.unit_id) == unit_id)).all()
        assert list(kinds) == ["half_yearly"]


def test_what_is_under_review_moves_with_its_lateness_and_can_be_accepted(old: Database, city: LegacyCity) -> None:
    switched = _upgrade_and_switch(old)
    assert switched is not None
    assert switched.reviews == 2  # one of the lapsed task
    with old.transaction() as session:
        row = _rows_of(session, city.shares["under_review"])["2022Q3"]
        assert (row.state, row.late, _moment(session, row)) == ("filed", True, Q3_DUE)
        report_id = city.reports["under_review/filed"]
        assert session.get_one(ReportRow, report_id).row_id == row.id
        accept_report(session, report_id=report_id, actor=OFFICE, at=NOW)
        assert row.state == "accepted"


def test_a_returned_report_goes_on_as_a_correction_with_its_moment(old: Database, city: LegacyCity) -> None:
    _upgrade_and_switch(old)
    with old.reading() as session:
        row = _rows_of(session, city.shares["returned"])["2022Q3"]
        correction = session.scalars(select(CorrectionRow).where(col(CorrectionRow.row_id) == row.id)).one()
        until = end_of_day(date(2022, 11, 3))
        assert (row.state, row.correction_due_at, row.late) == ("returned", until, False)
        assert (correction.report_id, correction.due_at) == (city.reports["returned/returned"], until)
        assert _moment(session, row) == Q3_DUE


def test_a_report_that_awaits_the_signature_is_signed_into_its_row(old: Database, city: LegacyCity) -> None:
    _upgrade_and_switch(old)
    with old.transaction() as session:
        report = session.get_one(ReportRow, city.reports["awaiting_sign_off/awaiting_sign_off"])
        leave_the_unit(session, session.get_one(FilingRow, report.filing_id), actor=OFFICE, at=NOW)
        row = session.get_one(FormRow, report.row_id)
        assert (report.state, row.state, row.late) == ("filed", "filed", True)


def test_a_pending_extension_is_a_request_on_the_row_and_can_be_granted(old: Database, city: LegacyCity) -> None:
    switched = _upgrade_and_switch(old)
    assert switched is not None
    assert switched.requests == 1
    with old.transaction() as session:
        row = _rows_of(session, city.shares["extension_pending"])["2022Q4"]
        request = session.scalars(select(RequestRow)).one()
        assert (request.row_id, request.by_leader, row.pending_at) == (row.id, False, request.asked_at)
        grant_extension(session, request_id=request.id or 0, actor=OFFICE, at=NOW, by=BY)
        assert _moment(session, row) == end_of_day(date(2023, 1, 20))


def test_a_clock_that_an_event_started_runs_on(old: Database, city: LegacyCity) -> None:
    _upgrade_and_switch(old)
    with old.reading() as session:
        (row,) = _rows_of(session, city.shares["clock"]).values()
        series = session.get_one(SeriesRow, session.get_one(PeriodRow, row.period_id).series_id)
        assert (series.kind, series.trigger_id is not None, row.state) == ("within_hours", True, "open")
        assert series.overdue_from is not None
        assert series.overdue_from <= NOW


def test_ended_tasks_owe_nothing_and_a_lapsed_one_its_closing_report(old: Database, city: LegacyCity) -> None:
    _upgrade_and_switch(old)
    with old.reading() as session:
        assert _rows_of(session, city.shares["completed"]) == {}
        assert _rows_of(session, city.shares["closed"]) == {}
        lapsed = _rows_of(session, city.shares["lapsed"])
        assert lapsed["closing"].state == "open"
        assert _moment(session, lapsed["closing"]) > NOW


def test_a_document_read_anew_gets_measures_questions_and_the_overlooked_item_as_a_proposal(
    old: Database, city: LegacyCity
) -> None:
    _upgrade_and_switch(old)
    with old.reading() as session:
        document = session.scalars(select(DocumentRow).where(col(DocumentRow.number) == NUMBER)).one()
        assert document.ends_on == date(2023, 12, 31)
        target = session.get_one(ItemTargetRow, city.shares["accepted/target"])
        assert target.measure == "cumulative"
        added = session.scalars(select(ItemRow).where(col(ItemRow.code) == "98-16")).one()
        task = session.scalars(select(TaskRow).where(col(TaskRow.item_id) == added.id)).one()
        assert task.state == "proposed"
        assert session.scalars(select(AssignmentRow).where(col(AssignmentRow.task_id) == task.id)).all() == []
        untouched = session.scalars(select(DocumentRow).where(col(DocumentRow.number) == EXPIRED)).one()
        assert untouched.ends_on is None
        assert session.scalars(select(QuestionRow)).all() == []


def test_the_log_tells_the_opening_state_of_every_series_and_the_chain_holds(old: Database, city: LegacyCity) -> None:
    switched = _upgrade_and_switch(old)
    assert switched is not None
    with old.reading() as session:
        types = [row.type for row in session.scalars(select(EventRow).order_by(col(EventRow.seq)))]
        assert types.count("series.carried") == switched.series
        assert types[-1] == "reckoning.switched"
        assert types[:3] == ["assignment.received"] * 3
        assert list(event_log.broken_links(session)) == []


def test_what_is_overdue_after_the_switch_is_what_the_domain_says(old: Database, city: LegacyCity) -> None:
    _upgrade_and_switch(old)
    with old.reading() as session:
        series = session.scalars(select(SeriesRow)).all()
        views = {view.series_id: view for view in series_views(session, [row.id or 0 for row in series])}
        for row in series:
            assert row.overdue_from == overdue_from(views[row.id or 0])
        # The bureau's quarterly form, and the clock.
        assert count_overdue(session, now=NOW, unit_ids=EVERY_UNIT) == 2


def test_a_second_switch_finds_nothing_to_do(old: Database, city: LegacyCity) -> None:
    assert _upgrade_and_switch(old) is not None
    assert _upgrade_and_switch(old) is None
    with old.reading() as session:
        assert [row.type for row in session.scalars(select(EventRow))].count("reckoning.switched") == 1


def test_a_switch_that_fails_leaves_nothing_behind(old: Database, city: LegacyCity) -> None:
    schema.upgrade(old)
    with pytest.raises(ZeroDivisionError), old.transaction() as session:
        switch_reckoning(session, now=NOW, by=BY, readings=[reading()])
        raise ZeroDivisionError
    with old.reading() as session:
        assert session.scalars(select(SeriesRow)).all() == []
    assert _upgrade_and_switch(old) is not None


def test_a_fresh_database_has_nothing_to_switch(old: Database) -> None:
    assert _upgrade_and_switch(old) is None


def test_after_the_switch_the_log_tells_what_the_rows_say_and_goes_on_telling_it(
    old: Database, city: LegacyCity
) -> None:
    _upgrade_and_switch(old)

    def compare(session: Session) -> None:
        state = fold(session, cut(session, as_of=NOW + timedelta(days=1)))
        assert state.views() == series_views(
            session, [id_ for id_ in session.scalars(select(col(SeriesRow.id))) if id_]
        )
        issued = session.scalars(select(TaskRow).where(col(TaskRow.issued_at).is_not(None))).all()
        assert {id_: task.state.value for id_, task in state.tasks.items()} == {task.id: task.state for task in issued}
        shares = session.scalars(select(AssignmentRow)).all()
        assert {id_: share.state.value for id_, share in state.shares.items()} == {row.id: row.state for row in shares}

    with old.reading() as session:
        compare(session)
    with old.transaction() as session:
        request = session.scalars(select(RequestRow).where(col(RequestRow.state) == "pending")).one()
        grant_extension(session, request_id=request.id or 0, actor=OFFICE, at=NOW, by=BY)
    with old.reading() as session:
        compare(session)


def test_circulars_count_from_the_switch_on_and_refuse_a_moment_before_it(old: Database, city: LegacyCity) -> None:
    _upgrade_and_switch(old)
    with old.reading() as session:
        told = facts_as_of(session, as_of=NOW)
        assert told.tasks
        assert told.overdue
        with pytest.raises(BeforeTheReckoning):
            facts_as_of(session, as_of=NOW - timedelta(days=1))


def test_of_the_periods_that_ended_before_today_the_last_of_its_share_and_rhythm_counts() -> None:
    today, kinds = date(2022, 9, 30), (CadenceKind.MONTHLY, CadenceKind.QUARTERLY)
    ends = (today - timedelta(days=31), today - timedelta(days=1), today, today + timedelta(days=1))
    facts = {"unit_id": 1, "document_id": 1, "code": "", "due_on": None, "due_at": None, "state": "open"}
    periods = [
        LegacyPeriod(period_id=n, assignment_id=share, kind=kind, starts_on=ends[0], ends_on=end, **facts)  # type: ignore[arg-type] # by name
        for n, (share, kind, end) in enumerate(product((1, 2), kinds, ends))
    ]
    for order in (periods, periods[::-1]):
        assert last_ended(order, today=today) == {1, 5, 9, 13}
