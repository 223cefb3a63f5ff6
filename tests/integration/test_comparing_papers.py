"""Compared with the paper before: 已补报 is what left its unit since; whatever ended otherwise was not made good."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from tests.support.office import CALENDAR, OFFICE, City, open_city
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.facts import Previous
from tracker.domain.circulars.figures import compute
from tracker.domain.circulars.kinds import CircularType
from tracker.store.database import Database
from tracker.store.history.facts import facts_as_of
from tracker.usecases.ending import suspend_task
from tracker.usecases.moving_due import move_due

CUT_OFF = datetime(2022, 10, 12, 1, 0, tzinfo=UTC)
SINCE = datetime(2022, 10, 13, 1, 0, tzinfo=UTC)
NEXT = datetime(2022, 11, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def city(database: Database) -> City:
    return open_city(database)


def _compared(city: City) -> tuple[int, int]:
    """Return how many of the overdue of the first cut-off were made good by the second, how many ended otherwise."""
    with city.database.reading() as session:
        before = Previous("驻政办督〔2022〕1号", facts_as_of(session, as_of=CUT_OFF))
        assert len(before.facts.overdue) == 1
        facts = facts_as_of(session, as_of=NEXT)
    content = compute(CircularType.SUPERVISION, facts, scope=Scope(), calendar=CALENDAR, previous=before)
    assert content.counts["overdue"] == 0
    return content.counts["made_good"], content.counts["ended_since"]


def _move_the_correction(city: City) -> None:
    with city.database.transaction() as session:
        row_id = city.row("swj", session).id or 0
        move_due(session, row_id=row_id, new_due_on=date(2022, 11, 30), reason="统筹安排", actor=OFFICE, at=SINCE)


def _suspend(city: City) -> None:
    with city.database.transaction() as session:
        task_id = city.assignment("swj", session).task_id
        suspend_task(session, task_id=task_id, reason="工作调整", actor=OFFICE, at=SINCE)


@pytest.mark.parametrize("ends", [_move_the_correction, _suspend])
def test_what_was_filed_before_the_paper_before_makes_nothing_good(city: City, ends: Callable[[City], None]) -> None:
    filing_id = city.file()
    city.give_back(filing_id)
    ends(city)
    assert _compared(city) == (0, 1)


def test_a_correction_that_left_its_unit_since_makes_good(city: City) -> None:
    city.give_back(city.file())
    city.file(at=SINCE)
    assert _compared(city) == (1, 0)


def test_a_later_report_with_a_word_on_the_earlier_one_makes_that_good(city: City) -> None:
    city.sweep(datetime(2022, 10, 28, 1, 0, tzinfo=UTC))
    with city.database.transaction() as session:
        for name in ("2022-09", "2022-10"):
            city.row("swj", session, name=name).act = False
    city.file(at=datetime(2022, 10, 31, 1, 0, tzinfo=UTC), name="2022-10", missed_words="前期漏报，已补齐")
    assert city.row_states()["2022-09"] == "missed"
    assert _compared(city) == (1, 0)
