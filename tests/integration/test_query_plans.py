"""Every question behind a page or a pass finds its rows by an index, on both databases.

Each is asked as the application asks it, of a few thousand rows; what the driver was given is explained.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlmodel import Session, col

from tests.bench.bulk import NOW, QUIET, BulkCity, liaison_of
from tests.support.databases import drop_postgres, fresh_postgres, fresh_sqlite
from tests.support.owed_city import BY
from tests.support.projects import LISTS
from tracker.cli.search import fill_search
from tracker.domain.accounts import EVERY_UNIT, Role
from tracker.domain.calendar import local_day
from tracker.domain.deliveries import Outgoing
from tracker.domain.scoring.inputs import Month
from tracker.domain.searching import SearchKind
from tracker.steps.asking_completions import ask_for_completions
from tracker.steps.digests import plan_digests
from tracker.steps.event_clocks import extend_triggered
from tracker.steps.growing import extend_due
from tracker.steps.instructions import repeat_standing
from tracker.steps.lapsing import lapse_expired
from tracker.steps.overdue import note_overdue
from tracker.steps.rolling_up import roll_up
from tracker.store import reckoning
from tracker.store.database import Database
from tracker.store.queries.audiences import Viewer
from tracker.store.queries.audit_trail import AuditQuestion, audit_lines
from tracker.store.queries.boxes import box_files, offered_files, uses
from tracker.store.queries.changes import changes_since
from tracker.store.queries.close_up import close_up
from tracker.store.queries.downloads import fetched_paper
from tracker.store.queries.due_days import (
    count_due,
    due_forms,
    page_of_due,
    requested_since,
    under_review_since,
)
from tracker.store.queries.envelopes import waiting_envelopes
from tracker.store.queries.filings import filings_under_review, review_backlog
from tracker.store.queries.instruction_groups import given_at_once
from tracker.store.queries.instructions import instructions_of, instructions_on, open_instructions
from tracker.store.queries.newly_overdue import newly_overdue
from tracker.store.queries.nobody import count_nobody
from tracker.store.queries.objections import lowered_claims, pending_objections
from tracker.store.queries.others_words import words_of_others
from tracker.store.queries.overtaking import log_head
from tracker.store.queries.owed_lists import count_overdue, hour_clocks, overdue_lines, owed_by_units
from tracker.store.queries.pickers import document_choices
from tracker.store.queries.precedents import decided_requests
from tracker.store.queries.projects import EVERY_PROJECT, ProjectScope, project_ids, reads_any_project
from tracker.store.queries.reminders import count_unread, ledger
from tracker.store.queries.requests import oldest_requests, pending_requests, request_backlog
from tracker.store.queries.review_walk import envelope_of, first_to_review, place_in_queue
from tracker.store.queries.rollups import by_document, by_unit
from tracker.store.queries.scoring import last_inputs, standing_inputs
from tracker.store.queries.searching import find, sought
from tracker.store.queries.sent_back import sent_back_envelopes
from tracker.store.queries.sent_back_before import sent_back_before
from tracker.store.queries.series import series_views
from tracker.store.queries.shares import facts_of_shares
from tracker.store.queries.since_kept import moved_since
from tracker.store.queries.task_courts import waits_of
from tracker.store.queries.task_ledger import last_facts, ledger_tasks, rhythms_of_shares
from tracker.store.queries.task_rows import task_rows
from tracker.store.queries.to_sign import count_to_sign
from tracker.store.queries.untrue_praise import found_untrue
from tracker.store.queries.verifying import count_before_leads, reports_before_leads
from tracker.store.queries.work import task_standings
from tracker.store.tables.events import ReminderRow
from tracker.store.tables.series import SeriesRow
from tracker.usecases.deliveries import deliveries_to_ring
from tracker.usecases.mail_outbox import release_expired, reminders_to_ring

_TASKS = 3_000
_GROWING = (
    "series",
    "period",
    "form_row",
    "filing",
    "report",
    "event",
    "delivery",
    "reminder",
    "request",
    "task",
    "search_text",
    "search_gram",
    "box_file",
    "evidence",
)
_OUTGOING = Outgoing(mail=False, machine_now=NOW)

# The city has no instructions, and of an empty table PostgreSQL takes any index.
_OF_LEADER = "instruction_of_leader or Index Scan using instruction_of_task"
# Nor are there files under its reports.
_BY_DIGEST = "ix_evidence_sha256 or Index Scan Backward using evidence_pkey"
# The pairs of a word are found by the primary key of the index, which SQLite does not name.
_BY_PAIR = "search_gram_pkey or search_gram USING PRIMARY KEY"


def _search(session: Session, *, kind: SearchKind, viewer: Viewer) -> object:
    return find(session, sought(session, ("完成项目",)), kind, viewer=viewer)


def _place(session: Session) -> object:
    first = first_to_review(session) or 0
    envelope = envelope_of(session, first)
    assert envelope is not None
    return place_in_queue(session, first, envelope)


Question = Callable[[Session], object]
_QUESTIONS: dict[str, tuple[Question, str]] = {
    "the overdue list": (lambda s: overdue_lines(s, now=NOW, unit_ids=EVERY_UNIT, limit=50), "series_overdue"),
    "the number of overdue forms": (lambda s: count_overdue(s, now=NOW, unit_ids=EVERY_UNIT), "series_overdue"),
    "the log of a day": (
        lambda s: audit_lines(s, AuditQuestion(since=NOW - timedelta(days=1)), limit=50),
        "event_when",
    ),
    "what a head had sent back before": (lambda s: sent_back_before(s, [1, 2, 3]), "filing_sent_back"),
    "the overdue list of one unit": (
        lambda s: overdue_lines(s, now=NOW, unit_ids=[QUIET], limit=50),
        "series_overdue_of_unit",
    ),
    "the hour clocks to be told of": (
        lambda s: hour_clocks(s, since=NOW - timedelta(days=1), until=NOW + timedelta(hours=6), now=NOW),
        "series_overdue",
    ),
    "what one unit owes": (lambda s: owed_by_units(s, unit_ids=[QUIET], now=NOW), "series_overdue_of_unit"),
    "what is due in the city in a month, by the day": (
        lambda s: count_due(s, unit_ids=EVERY_UNIT, since=NOW, until=NOW + timedelta(days=30)),
        "period_due",
    ),
    "what is due in the city on a day": (
        lambda s: page_of_due(s, unit_ids=EVERY_UNIT, since=NOW, until=NOW + timedelta(days=1), limit=50, offset=0),
        "period_due",
    ),
    "what is due of one unit in a month": (
        lambda s: due_forms(s, unit_ids=[QUIET], since=NOW, until=NOW + timedelta(days=30)),
        "series_overdue_of_unit",
    ),
    "since when envelopes wait for review": (under_review_since, "report_under_review"),
    "since when requests wait": (requested_since, "request_pending"),
    "the open rows of some series": (lambda s: series_views(s, range(1, 21), open_only=True), "form_row_open"),
    "the rows of a task": (lambda s: task_rows(s, task_id=2, now=NOW), "form_row_of_share"),
    "what some shares are asked": (lambda s: facts_of_shares(s, range(1, 21)), "ix_item_document_id"),
    "how a task stands": (lambda s: task_standings(s, now=NOW, by=BY, task_ids=[2]), "form_row_of_share"),
    "the ledger of a unit": (
        lambda s: ledger_tasks(s, unit_ids=[QUIET], now=NOW, by=BY),
        "ix_assignment_unit_id",
    ),
    "what was last told of tasks": (
        lambda s: last_facts(s, range(1, 51), unit_ids=EVERY_UNIT),
        "report_of_share",
    ),
    "what others told leads": (
        lambda s: words_of_others(s, range(1, 51), since=NOW - timedelta(days=40), unit_ids=[QUIET]),
        "report_of_share",
    ),
    "in whose court shares are": (lambda s: waits_of(s, range(1, 51), unit_ids=EVERY_UNIT), "request_of_share"),
    "how often shares are reported on": (lambda s: rhythms_of_shares(s, range(1, 51)), "ix_duty_assignment_id"),
    "what a leader instructed": (
        lambda s: instructions_of(s, leader_id=1, limit=20, offset=0),
        _OF_LEADER,
    ),
    "what a leader instructed at once": (lambda s: given_at_once(s, leader_id=1), _OF_LEADER),
    "what leaders instructed on a task": (lambda s: instructions_on(s, task_id=2), "instruction_of_task"),
    "the standing instructions whose day is over": (
        lambda s: repeat_standing(s, now=NOW, by=BY),
        "instruction_open",
    ),
    "the open instructions": (lambda s: open_instructions(s, limit=20), "instruction_open"),
    "what a unit's head is to sign": (lambda s: waiting_envelopes(s, unit_ids=[QUIET]), "filing_to_sign"),
    "what a unit's head sent back": (lambda s: sent_back_envelopes(s, unit_ids=[QUIET]), "filing_sent_back"),
    "what lies in a unit's box": (lambda s: box_files(s, unit_ids={QUIET}, limit=50), "box_file_of_unit"),
    "what a form offers from the box": (
        lambda s: offered_files(s, unit_ids={QUIET}, today=NOW.date()),
        "box_file_of_unit",
    ),
    "where files of the box were used": (lambda s: uses(s, ["a", "b"], unit_ids={QUIET}), _BY_DIGEST),
    "what changed since an event": (
        lambda s: changes_since(s, since=log_head(s) - 100, unit_ids=EVERY_UNIT, user_id=1),
        "event_pkey or event USING INTEGER PRIMARY KEY",
    ),
    "what changed since an event, for a unit": (
        lambda s: changes_since(s, since=log_head(s) - 100, unit_ids=[QUIET], user_id=1),
        "event_pkey or event USING INTEGER PRIMARY KEY or ix_assignment_unit_id",
    ),
    "the review queue": (lambda s: filings_under_review(s, limit=20), "report_under_review"),
    "the first row to review": (first_to_review, "report_under_review"),
    "where a row stands in the review queue": (_place, "report_under_review"),
    "what a row under review is held against": (lambda s: close_up(s, first_to_review(s) or 0), "report_of_share"),
    "what waits for review": (review_backlog, "report_under_review"),
    "what waits for review too long": (lambda s: review_backlog(s, filed_before=NOW), "report_under_review"),
    "of which units a report was found untrue": (
        lambda s: found_untrue(s, among=[QUIET], today=local_day(NOW)),
        "report_untrue",
    ),
    "what was lowered for a unit": (
        lambda s: lowered_claims(s, unit_ids=[QUIET], decided_since=NOW),
        "report_lowered",
    ),
    "what members filed before a lead": (
        lambda s: reports_before_leads(s, unit_ids=[QUIET], filed_since=NOW - timedelta(days=4)),
        "report_of_share or report_under_review",  # whichever gives fewer: the lead's tasks, or what is under review
    ),
    "how much waits for heads": (lambda s: count_to_sign(s, unit_ids=range(1, 21)), "filing_to_sign"),
    "how much lies before leads": (
        lambda s: count_before_leads(s, unit_ids=range(1, 21), filed_since=NOW - timedelta(days=4)),
        "report_under_review",
    ),
    "answers to lowered claims": (pending_objections, "request_pending"),
    "pending requests": (pending_requests, "request_pending"),
    "what was decided on requests of a kind": (lambda s: decided_requests(s, "extension"), "request_decided"),
    "how many requests are pending": (request_backlog, "request_pending"),
    "how many requests of each kind are pending": (oldest_requests, "request_pending"),
    "what turned overdue since the day before": (
        lambda s: newly_overdue(s, since=NOW - timedelta(days=1), now=NOW, limit=10),
        "series_overdue",
    ),
    "units with nobody to remind": (count_nobody, "ix_assignment_unit_id"),
    "the documents to choose from": (lambda s: document_choices(s, unit_ids=EVERY_UNIT), "series_document"),
    "overdue by unit": (lambda s: by_unit(s, now=NOW), "series_overdue_of_unit"),
    "overdue by document": (lambda s: by_document(s, now=NOW, limit=20), "series_overdue"),
    "the snapshot of the week": (lambda s: roll_up(s, now=NOW), "series_overdue"),
    "series that need a period ahead": (lambda s: extend_due(s, now=NOW, by=BY), "series_extends"),
    "clocks of events that go on": (lambda s: extend_triggered(s, now=NOW), "series_extends"),
    "series that turned overdue": (lambda s: note_overdue(s, now=NOW), "series_overdue"),
    "rows that ask for a completion now": (lambda s: ask_for_completions(s, now=NOW, by=BY), "series_unasked"),
    "tasks of expired documents": (lambda s: lapse_expired(s, now=NOW, by=BY), "task_running"),
    "the digests of a day that were planned": (
        lambda s: plan_digests(s, now=NOW, by=BY, outgoing=_OUTGOING),
        "series_overdue",
    ),
    **{
        f"where a word stands, {kind.value}": (partial(_search, kind=kind, viewer=Viewer(Role.SUPERVISOR)), _BY_PAIR)
        for kind in SearchKind
    },
    "where several words stand": (
        lambda s: find(s, sought(s, ("完成", "项目")), SearchKind.REPORT, viewer=Viewer(Role.SUPERVISOR)),
        _BY_PAIR,
    ),
    "what a named unit told with a word in it": (
        lambda s: find(s, sought(s, (f"市第{QUIET}局", "完成")), SearchKind.REPORT, viewer=Viewer(Role.SUPERVISOR)),
        _BY_PAIR,
    ),
    "where a frequent word stands for a unit": (
        partial(_search, kind=SearchKind.REPORT, viewer=Viewer(Role.LIAISON, frozenset({QUIET}))),
        "ix_assignment_unit_id",
    ),
    "what a named unit told": (
        lambda s: find(s, sought(s, (f"市第{QUIET}局",)), SearchKind.REPORT, viewer=Viewer(Role.SUPERVISOR)),
        "ix_assignment_unit_id",
    ),
    "who fetched a paper": (lambda s: fetched_paper(s, 1), "event_about"),
    "deliveries to ring": (lambda s: deliveries_to_ring(s, machine_now=NOW), "delivery_due"),
    "messages to ring": (lambda s: reminders_to_ring(s, now=NOW, machine_now=NOW), "reminder_due"),
    "messages of dead workers": (lambda s: release_expired(s, machine_now=NOW), "reminder_due"),
    "a person's unread messages": (lambda s: count_unread(s, user_id=liaison_of(QUIET)), "reminder_unread"),
    "the projects of a county": (
        lambda s: project_ids(s, scope=ProjectScope([QUIET], frozenset({"waizi"})), unit_id=QUIET),
        "project_of_unit",
    ),
    "the projects of a list": (
        lambda s: project_ids(s, scope=EVERY_PROJECT, on_list=("waizi", 2022)),
        "project_listing_of or project_listing_once",
    ),
    "the projects that stand on a list": (
        lambda s: project_ids(s, scope=EVERY_PROJECT, stands_on=(LISTS.need("waizi"), Month(2022, 8))),
        "project_listing_of or project_listing_once",
    ),
    "whether somebody reads any project": (
        lambda s: reads_any_project(s, scope=ProjectScope([QUIET])),
        "project_of_unit",
    ),
    "whether records came since a month was kept": (
        lambda s: moved_since(s, Month(2022, 8), 1),
        "event_pkey or event USING INTEGER PRIMARY KEY or ix_event_type",
    ),
    "what holds of a month of evaluation": (lambda s: standing_inputs(s, 1), "score_input_of_month"),
    "what was last handed in of a month of evaluation": (lambda s: last_inputs(s, 1), "score_input_corrected_once"),
    "a page of the ledger": (lambda s: ledger(s, limit=50), "reminder_ledger"),
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A city of 3,000 tasks, read by every test and changed by none."""
    if request.param == "sqlite":
        fresh = fresh_sqlite(Path(tmp_path_factory.mktemp("plans")))
        _load(fresh)
        yield fresh
        fresh.dispose()
        return
    url = request.getfixturevalue("postgres_url")
    fresh, name = fresh_postgres(url)
    _load(fresh)
    yield fresh
    fresh.dispose()
    drop_postgres(url, name)


def _load(fresh: Database) -> None:
    BulkCity(fresh, _TASKS).load()
    fill_search(fresh)


@pytest.mark.parametrize("name", _QUESTIONS)
def test_a_question_finds_its_rows_by_the_index_that_was_made_for_it(city: Database, name: str) -> None:
    question, index = _QUESTIONS[name]
    plans = _plans(city, question)
    named = index.split(" or ")
    assert any(f" {one}" in line for plan in plans for line in plan for one in named), plans
    assert [line for plan in plans for line in plan if _reads_all(line)] == []


def test_a_report_finds_the_series_of_its_rows_by_index(city: Database) -> None:
    def touch(session: Session) -> None:
        series = session.scalars(select(SeriesRow).where(col(SeriesRow.unit_id) == QUIET)).all()
        reckoning.touch(session, [row.id or 0 for row in series])
        reckoning.reckon(session)

    plans = _plans(city, touch)
    assert [line for plan in plans for line in plan if _reads_all(line) and "unit_id" not in line] == []


def test_the_city_has_the_messages_that_the_ledger_shows(city: Database) -> None:
    with city.reading() as session:
        planned = plan_digests(session, now=NOW, by=BY, outgoing=_OUTGOING)
        assert len({row.recipient_id for row in planned.rows}) > 20
        assert session.scalars(select(ReminderRow)).first() is None


def _plans(database: Database, question: Question) -> list[list[str]]:
    """Return the plan of every statement that a question asks, as the database would carry it out."""
    asked: list[tuple[str, Any]] = []  # Any: the driver's parameters, a tuple or a dict

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            # Of a statement for many rows the first row's parameters: the plan is the same for each.
            asked.append((statement, parameters[0] if isinstance(parameters, list) else parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        with Session(database.engine) as session:
            question(session)
            session.rollback()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    with database.engine.connect() as connection:
        if database.engine.dialect.name == "sqlite":
            return [
                [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
                for statement, parameters in asked
            ]
        # A table of a few rows is read whole for less; what is asked here is whether an index can serve at all.
        connection.exec_driver_sql("SET enable_seqscan = off")
        return [
            [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]
            for statement, parameters in asked
        ]


def _reads_all(line: str) -> bool:
    """Tell whether a step of a plan reads a growing table from end to end; an index of few rows may be read so."""
    line = line.strip()
    return any(
        f"Seq Scan on {table} " in line or f"Seq Scan on {table}" == line or line == f"SCAN {table}"
        for table in _GROWING
    )
