"""Compared with the paper before: 已补报 is what left its unit since; whatever ended otherwise was not made good."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.office import CALENDAR, OFFICE, City, open_city
from tests.support.played_autumn import ENDS_AT, MOMENTS, PlayedAutumn
from tests.support.random_life import Life
from tracker.domain.circulars.comparing import Previous, compare
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.facts import OverdueFact
from tracker.domain.circulars.figures import compute
from tracker.domain.circulars.kinds import CircularType
from tracker.store.database import Database
from tracker.store.history.facts import facts_as_of
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.series import FormRow
from tracker.usecases.ending import suspend_task
from tracker.usecases.moving_due import move_due

CUT_OFF = datetime(2022, 10, 12, 1, 0, tzinfo=UTC)
SINCE = datetime(2022, 10, 13, 1, 0, tzinfo=UTC)
NEXT = datetime(2022, 11, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def city(database: Database) -> City:
    return open_city(database)


def _compared(city: City, *, because: str = "") -> tuple[int, int]:
    """Return how many of the overdue of the first cut-off were made good by the second, how many ended otherwise.

    `because` is what the paper says why nobody asks for the latter any more.
    """
    with city.database.reading() as session:
        before = Previous("驻政办督〔2022〕1号", facts_as_of(session, as_of=CUT_OFF))
        assert len(before.facts.overdue) == 1
        facts = facts_as_of(session, as_of=NEXT)
    content = compute(CircularType.SUPERVISION, facts, scope=Scope(), calendar=CALENDAR, previous=before)
    assert content.counts["overdue"] == 0
    assert content.figures["ended_why"].words == because
    return content.counts["made_good"], content.counts["ended_since"]


def _move_the_correction(city: City) -> None:
    with city.database.transaction() as session:
        row_id = city.row("swj", session).id or 0
        move_due(session, row_id=row_id, new_due_on=date(2022, 11, 30), reason="统筹安排", actor=OFFICE, at=SINCE)


def _suspend(city: City) -> None:
    with city.database.transaction() as session:
        task_id = city.assignment("swj", session).task_id
        suspend_task(session, task_id=task_id, reason="工作调整", actor=OFFICE, at=SINCE)


@pytest.mark.parametrize(("ends", "because"), [(_move_the_correction, "督查室调整时限"), (_suspend, "事项中止")])
def test_what_was_filed_before_the_paper_before_makes_nothing_good(
    city: City, ends: Callable[[City], None], because: str
) -> None:
    filing_id = city.file()
    city.give_back(filing_id)
    ends(city)
    assert _compared(city, because=because) == (0, 1)


def test_a_correction_that_left_its_unit_since_makes_good(city: City) -> None:
    city.give_back(city.file())
    city.file(at=SINCE)
    assert _compared(city) == (1, 0)


def _periods(city: City, *names: str, act: bool) -> None:
    """Make of the forms of these months acts, which are owed one by one, or accounts."""
    with city.database.transaction() as session:
        for name in names:
            city.row("swj", session, name=name).act = act


def test_a_later_report_with_a_word_on_the_earlier_one_leaves_that_unreported(city: City) -> None:
    city.sweep(datetime(2022, 10, 28, 1, 0, tzinfo=UTC))
    _periods(city, "2022-09", "2022-10", act=False)
    city.file(at=datetime(2022, 10, 31, 1, 0, tzinfo=UTC), name="2022-10", missed_words="前期漏报")
    assert city.row_states()["2022-09"] == "missed"
    assert _compared(city, because="已报送后续期次") == (0, 1)


def test_of_several_periods_that_were_overdue_one_that_is_filed_makes_good_nothing_yet(city: City) -> None:
    city.sweep(datetime(2022, 11, 4, 1, 0, tzinfo=UTC))
    filed_at, then, now = (datetime(2022, 11, day, 1, 0, tzinfo=UTC) for day in (8, 7, 9))
    _periods(city, "2022-09", "2022-10", act=True)
    with city.database.reading() as session:
        before = Previous("驻政办督〔2022〕1号", facts_as_of(session, as_of=then))
    assert [line.spans[0].run for line in before.facts.overdue] == [2]
    for name, made_good in (("2022-09", 0), ("2022-10", 1)):
        city.file(at=filed_at, name=name)
        with city.database.reading() as session:
            facts = facts_as_of(session, as_of=now)
        content = compute(CircularType.SUPERVISION, facts, scope=Scope(), calendar=CALENDAR, previous=before)
        assert (content.counts["made_good"], content.counts["still_overdue"]) == (made_good, 1 - made_good)


def test_what_is_overdue_anew_in_place_of_what_was_filed_is_told_as_both(city: City) -> None:
    city.file(at=SINCE)
    now = datetime(2022, 11, 7, 1, 0, tzinfo=UTC)
    city.sweep(now)
    with city.database.reading() as session:
        before = Previous("驻政办督〔2022〕1号", facts_as_of(session, as_of=CUT_OFF))
        facts = facts_as_of(session, as_of=now)
    counts = compute(CircularType.SUPERVISION, facts, scope=Scope(), calendar=CALENDAR, previous=before).counts
    told = [counts[key] for key in ("previous_overdue", "made_good", "still_overdue", "newly_overdue", "overdue")]
    assert told == [1, 1, 0, 1, 1]


def _assert_added_up(session: Session, before: Previous, *, now: datetime) -> Counter[str]:
    """Hold a paper of now against the paper before, in total and by unit, and against the tables; return its counts."""
    facts = facts_as_of(session, as_of=now)
    content = compute(CircularType.SUPERVISION, facts, scope=Scope(), calendar=CALENDAR, previous=before)
    by_unit = {key: Counter(source.unit for source in figure.sources) for key, figure in content.figures.items()}
    for counted, parts in (
        ("previous_overdue", ("made_good", "still_overdue", "ended_since")),
        ("overdue", ("still_overdue", "newly_overdue")),
    ):
        assert content.counts[counted] == sum(content.counts[part] for part in parts)
    became = by_unit["made_good"] + by_unit["still_overdue"] + by_unit["ended_since"]
    assert by_unit["previous_overdue"] == became
    told = compare(before, facts)
    _assert_filed_since(session, told.filed, before.facts.as_of)
    for line in told.ended:
        assert not all(_filed_since(session, row_id, before.facts.as_of) for row_id in line.row_ids)
    return Counter(content.counts)


def _assert_filed_since(session: Session, lines: Sequence[OverdueFact], then: datetime) -> None:
    for row in (session.get_one(FormRow, row_id) for line in lines for row_id in line.row_ids):
        assert row.filed_at is not None  # what no unit filed is counted as 逾期未报
        assert _filed_since(session, row.id or 0, then)


def _filed_since(session: Session, row_id: int, then: datetime) -> bool:
    left = select(col(ReportRow.filed_at)).where(col(ReportRow.row_id) == row_id, col(ReportRow.filed_at) > then)
    first = session.get_one(FormRow, row_id).filed_at
    # Of a row that a merger made one with another the report went to that one: the row says when it left first.
    return session.scalars(left).first() is not None or (first is not None and first > then)


def test_what_was_overdue_is_made_good_overdue_still_or_ended_in_the_played_city(
    played_autumn: PlayedAutumn, tmp_path: Path
) -> None:
    found: Counter[str] = Counter()
    with played_autumn.open(ENDS_AT, tmp_path).reading() as session:
        for then in MOMENTS[:-1]:
            before = Previous("驻政办督〔2022〕1号", facts_as_of(session, as_of=then))
            found += _assert_added_up(session, before, now=ENDS_AT)
    assert all(found[key] for key in ("made_good", "still_overdue", "newly_overdue"))


@pytest.mark.parametrize("seed", range(4))
def test_what_was_overdue_is_made_good_overdue_still_or_ended_in_any_life(database: Database, seed: int) -> None:
    life = Life(database, random.Random(seed))
    life.begin()
    life.live(60)
    for _look in range(8):
        with database.reading() as session:
            before = Previous("驻政办督〔2022〕1号", facts_as_of(session, as_of=life.now))
        life.live(12)
        life.now += timedelta(hours=1)
        life.do(life.made.choice(life.office_acts))
        with database.reading() as session:
            _assert_added_up(session, before, now=life.now)
