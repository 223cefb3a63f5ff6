"""An independent count of the played city, at five moments, agrees with every list, figure and digest."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.office import BY, CALENDAR, POLICY
from tests.support.played_autumn import ENDS_AT, MOMENTS, PlayedAutumn
from tests.support.recount import (
    Form,
    Series,
    counted_anew,
    first_filings,
    forget_digests,
    overdue_cells,
    paper_cells,
    rows_of,
)
from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.calendar import local_day
from tracker.domain.deliveries import Outgoing
from tracker.domain.items import CadenceKind
from tracker.domain.reminders import DigestEntry, DigestHeading, ReminderFacts, digest_entry
from tracker.steps.digests import plan_digests
from tracker.steps.rolling_up import roll_up
from tracker.store.history.export import exported_state
from tracker.store.history.facts import facts_as_of
from tracker.store.history.log import cut
from tracker.store.queries.owed_lists import count_overdue, overdue_lines, owed_by_units
from tracker.store.queries.paper import paper_lines
from tracker.store.queries.rollups import by_document, by_unit
from tracker.store.tables.filings import CorrectionRow, FilingRow
from tracker.store.tables.series import FormRow
from tracker.store.tables.served_papers import ServedPaperRow
from tracker.store.tables.units import UnitRow, UserRow
from tracker.wording.digests import digest_subject

ALL = 100_000
NEVER = datetime.max.replace(tzinfo=UTC)


@pytest.fixture(params=MOMENTS, ids=[str(local_day(moment)) for moment in MOMENTS])
def moment(request: pytest.FixtureRequest) -> datetime:
    found: datetime = request.param
    return found


@pytest.fixture
def city(played_autumn: PlayedAutumn, moment: datetime) -> list[Series]:
    return counted_anew(played_autumn.file(moment))


def test_the_overdue_lists_name_the_series_that_a_count_by_hand_finds(
    played_autumn: PlayedAutumn, city: list[Series], moment: datetime, tmp_path: Path
) -> None:
    database = played_autumn.open(moment, tmp_path)
    expected = {series.id: (series.overdue_from, series.run(moment)) for series in city if series.is_overdue(moment)}
    with database.reading() as session:
        lines = overdue_lines(session, now=moment, unit_ids=EVERY_UNIT, limit=ALL)
        owed = [line for line in owed_by_units(session, unit_ids=EVERY_UNIT, now=moment) if line.owed.since is not None]
        assert count_overdue(session, now=moment, unit_ids=EVERY_UNIT) == len(expected)
    assert {line.series_id: (line.owed.since, line.owed.run) for line in lines} == expected
    assert sorted(line.series_id for line in owed) == sorted(expected)
    assert Counter((line.unit_name, line.document_number) for line in lines) == overdue_cells(city, now=moment)


def test_every_roll_up_has_the_cells_of_a_count_by_hand(
    played_autumn: PlayedAutumn, city: list[Series], moment: datetime, tmp_path: Path
) -> None:
    database = played_autumn.open(moment, tmp_path)
    cells = overdue_cells(city, now=moment)
    units, documents = Counter[str](), Counter[str]()
    for (unit, document), overdue in cells.items():
        units[unit] += overdue
        documents[document] += overdue
    with database.reading() as session:
        assert {line.name: line.overdue for line in by_unit(session, now=moment)} == units
        assert {line.name: line.overdue for line in by_document(session, now=moment)} == documents
        assert sorted(overdue for *_cell, overdue in roll_up(session, now=moment)) == sorted(cells.values())


def test_each_series_stands_in_the_paper_class_of_a_count_by_hand(
    played_autumn: PlayedAutumn, city: list[Series], moment: datetime, tmp_path: Path
) -> None:
    database = played_autumn.open(moment, tmp_path)
    with database.reading() as session:
        lines = paper_lines(session, now=moment)
    expected = {series.id: (series.counted(moment).id, series.counted(moment).standing(moment)) for series in city}
    assert {line.series_id: (line.period.period_id, line.paper.value) for line in lines} == expected


def test_a_first_filing_is_marked_late_exactly_where_it_passed_its_moment(
    played_autumn: PlayedAutumn, city: list[Series], moment: datetime
) -> None:
    first = first_filings(played_autumn.file(moment))
    marked = {row.id: (row.filed_at, row.late) for _series, _form, row in rows_of(city) if row.filed_at is not None}
    assert marked == first
    assert all(row.late is None for _series, _form, row in rows_of(city) if row.filed_at is None)


def test_the_log_cut_at_a_moment_tells_what_the_tables_told_then(
    played_autumn: PlayedAutumn, city: list[Series], moment: datetime, tmp_path: Path
) -> None:
    database = played_autumn.open(ENDS_AT, tmp_path)
    with database.reading() as session:
        told: Any = exported_state(session, cut(session, as_of=moment), by=BY)  # Any: JSON
        facts = facts_as_of(session, as_of=moment)
    series = [one for one in told["series"] if one["owed"] is not None and one["owed"]["since"] is not None]
    assert Counter((one["unit"], one["document"]) for one in series) == overdue_cells(city, now=moment)
    assert {one["id"]: one["owed"]["run"] for one in series} == {
        one.id: one.run(moment) for one in city if one.is_overdue(moment)
    }
    papers = {unit: +Counter(classes) for unit, classes in told["paper"].items()}
    assert papers == paper_cells(city, now=moment)
    assert Counter((line.unit, line.document) for line in facts.overdue) == overdue_cells(city, now=moment)
    late = {form.id for one in city for form in one.forms if any(row.late for row in form.rows)}
    assert {form.period_id for form in facts.forms if form.late} == late


def test_each_digest_tells_what_its_unit_owes_by_a_count_by_hand(
    played_autumn: PlayedAutumn, city: list[Series], moment: datetime, tmp_path: Path
) -> None:
    database = played_autumn.open(moment, tmp_path)
    outgoing = Outgoing(mail=False, machine_now=moment)
    with database.transaction() as session:
        forget_digests(session)
        digests = plan_digests(session, now=moment, by=BY, outgoing=outgoing).rows
        keepers = {unit.id: unit.kept_by_unit_id or unit.id for unit in session.scalars(select(UnitRow))}
        people = {user.id: user.unit_id for user in session.scalars(select(UserRow)) if user.role == "liaison"}
        filings = session.scalars(select(FilingRow).where(col(FilingRow.state) == "awaiting_sign_off")).all()
        waiting = {filing.period_id for filing in filings}
        served = session.scalars(select(ServedPaperRow)).all() if CALENDAR.is_workday(local_day(moment)) else ()
        returned = {
            session.get_one(FormRow, correction.row_id).period_id: correction.opened_at
            for correction in session.scalars(select(CorrectionRow))
            if correction.ended_at is None
        }
    expected: dict[int, list[DigestEntry]] = {}
    overdue: Counter[int] = Counter()
    for series in city:
        entry = _entry(series, moment, waiting=waiting, returned=returned)
        hears = keepers[series.unit_id] or 0
        overdue[hears] += series.is_overdue(moment) and CALENDAR.is_workday(local_day(moment))
        if entry is not None and hears in people.values():
            expected.setdefault(hears, []).append(entry)
    papers = [one for one in served if one.state == "served" or (one.state == "received" and one.wants_answer)]
    until = CALENDAR.add_workdays(local_day(moment), 3)
    for paper in papers:
        if paper.answer_on is not None and paper.answer_on <= until and keepers[paper.unit_id] in people.values():
            expected.setdefault(keepers[paper.unit_id] or 0, [])
    told = {people[row.recipient_id]: row for row in digests if row.recipient_id in people}
    assert set(told) == set(expected)
    for unit_id, entries in expected.items():
        headings = Counter(entry.heading for entry in entries)
        counts = {heading: headings[heading] for heading in DigestHeading}
        own = [paper.unit_id for paper in papers if keepers[paper.unit_id] == unit_id]
        assert told[unit_id].subject == digest_subject(counts, papers=len(own), overdue=overdue[unit_id])
        content: Any = told[unit_id].content  # Any: JSON
        assert len(content["lines"]) + content["more"] == len(entries) + len(set(own))


def _entry(
    series: Series, now: datetime, *, waiting: set[int | None], returned: dict[int, datetime]
) -> DigestEntry | None:
    """Return the line of a series: of all that it is asked for, what can be saved before what is longest overdue."""
    asked: dict[tuple[int, bool, bool], tuple[datetime, bool, Form]] = {}
    for form in series.forms:
        for row in form.rows:
            if row.moment is not None and (row.state == "returned" or min(form.opens_at, row.moment) <= now):
                correction, past = row.state == "returned", row.moment <= now
                # Unreported periods are one line, by the oldest of them.
                key = (0 if past and not correction else form.id, correction, past)
                asked[key] = min((row.moment, correction, form), asked.get(key, (NEVER, False, form)), key=_place)
    told = []
    for due_at, correction, form in sorted(asked.values(), key=_place):
        facts = ReminderFacts(
            kind=CadenceKind(series.kind),
            starts_on=date.fromisoformat(form.starts_on),
            ends_on=date.fromisoformat(form.ends_on),
            due_at=due_at,
            since=due_at if due_at <= now else None,
            opens_at=form.opens_at,
            correction=correction,
            returned_at=returned.get(form.id) if correction else None,
            paused=form.id in waiting,
        )
        told.append(digest_entry(facts, today=local_day(now), policy=POLICY, calendar=CALENDAR))
    heard = [entry for entry in told if entry is not None]
    return min(heard, key=lambda entry: list(DigestHeading).index(entry.heading), default=None)


def _place(one: tuple[datetime, bool, Form]) -> tuple[datetime, bool]:
    return one[:2]
