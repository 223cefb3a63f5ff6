"""Lists and roll-ups of what is owed: which line comes first, and since when a unit is overdue."""

from datetime import timedelta

import pytest

from tests.support.owed_city import BY, ISSUED_AT, OFFICE, OwedCity, at, open_owed_city
from tests.support.readings import NUMBER, small_reading
from tracker.domain.accounts import EVERY_UNIT, SYSTEM
from tracker.steps.overdue import note_overdue
from tracker.steps.rolling_up import roll_up
from tracker.store.database import Database
from tracker.store.queries.owed_lists import count_overdue, overdue_lines, owed_by_units
from tracker.store.queries.rollups import by_document, by_unit
from tracker.usecases.issuing import issue_document
from tracker.usecases.registering import approve_document, register_document

SECOND = "驻政办〔2022〕98号"
NOW = at(11, 10)


@pytest.fixture
def city(database: Database) -> OwedCity:
    """市商务局 owes two documents monthly: of the first October is overdue, of the second already September."""
    city = open_owed_city(database)
    with database.transaction() as session:
        register_document(session, small_reading(number=SECOND), actor=SYSTEM, at=ISSUED_AT)
        approve_document(session, number=SECOND, basis="市政府常务会议议定", actor=OFFICE, at=ISSUED_AT)
        issue_document(session, number=SECOND, actor=OFFICE, at=ISSUED_AT, by=BY)
    city.file("swj", "2022-09", when=at(9, 28))
    city.grow(NOW)
    return city


def test_the_longest_overdue_stands_first(city: OwedCity) -> None:
    with city.database.reading() as session:
        for lines in (
            overdue_lines(session, now=NOW, unit_ids=EVERY_UNIT, limit=9),
            owed_by_units(session, unit_ids=[city.unit_id("swj")], now=NOW),
            owed_by_units(session, unit_ids=EVERY_UNIT, now=NOW),
        ):
            overdue = [(line.document_number, line.code) for line in lines if line.owed.since is not None]
            assert overdue == [(SECOND, "2022-09"), (NUMBER, "2022-10")]


def test_a_unit_is_overdue_since_its_oldest_form_and_a_document_since_its_own(city: OwedCity) -> None:
    september, october = at(10, 11, hour=0), at(11, 4, hour=0)
    with city.database.reading() as session:
        [unit] = by_unit(session, now=NOW)
        documents = {line.name: (line.overdue, line.since) for line in by_document(session, now=NOW)}
    assert (unit.name, unit.overdue, unit.since) == ("市商务局", 2, september)
    assert documents == {NUMBER: (1, october), SECOND: (1, september)}


def test_a_form_is_overdue_from_the_moment_after_its_last_day_on_wherever_it_is_counted(city: OwedCity) -> None:
    swj, october = city.unit_id("swj"), at(11, 4, hour=0)
    before = october - timedelta(seconds=1)
    with city.database.transaction() as session:
        for now, cells in ((before, [(swj, 2, 1)]), (october, [(swj, 1, 1), (swj, 2, 1)])):
            assert roll_up(session, now=now) == cells
            assert count_overdue(session, now=now, unit_ids=EVERY_UNIT) == len(cells)
            assert note_overdue(session, now=now) == 1, "one more than were noted before"
