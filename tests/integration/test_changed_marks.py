"""Marks that change in the check are told to those whose they are, who have one full working day to look again."""

from datetime import UTC, date, datetime
from functools import partial

import pytest

from tests.support.agreement import disagreements
from tests.support.announced import announced
from tests.support.office import BY, OFFICE, open_city
from tests.support.projects import LISTS
from tests.support.small_evaluation import SOURCE, Worked, figure, in_check
from tracker.domain.scoring.entries import Entry, Sourced
from tracker.gateways.schemes import read_scheme
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.scoring import standing_inputs
from tracker.store.tables.scoring import ScoreMonthRow
from tracker.usecases.objecting_to_marks import CheckOver, object_to_marks
from tracker.usecases.scoring_inputs import enter_inputs, take_back
from tracker.usecases.scoring_months import CheckRunning, freeze_month

EVENT = "scoring.marks_changed"
FIRST, LAST = date(2022, 10, 12), date(2022, 10, 17)  # of the window as it was opened, a Wednesday and a Monday


@pytest.fixture
def worked(database: Database) -> Worked:
    return in_check(open_city(database))


def _at(day: int, hour: int = 9) -> datetime:
    return datetime(2022, 10, day, hour - 8, tzinfo=UTC)


def _correct(worked: Worked, *entries: Entry, at: datetime) -> None:
    enter = partial(enter_inputs, read=read_scheme, calendar=BY.calendar, actor=worked.city.liaison("swj"), at=at)
    with worked.city.database.transaction() as session:
        enter(session, worked.month_id, [Sourced(one, SOURCE) for one in entries], seen=99, reason="核实后更正")


def _until(worked: Worked) -> date | None:
    with worked.city.database.reading() as session:
        return session.get_one(ScoreMonthRow, worked.month_id).check_until


def test_both_whose_places_change_are_told_and_the_window_lasts_another_full_working_day(worked: Worked) -> None:
    _correct(worked, figure("projects", "sp", "5"), at=_at(17, hour=17))
    assert _until(worked) == date(2022, 10, 18)
    messages = announced(worked.city.database, EVENT, to=("yc", "sp", "swj"))
    assert len(messages) == 2, "who only supplies has no marks"
    assert all("2022年10月18日（含）" in one.reason for one in messages)
    assert all("1项指标得分有变动。可以提出异议至" in one.reason for one in messages), "each reads what of its own"
    assert ["名次由第1名变为第2名，总分由8分变为6分" in one.reason for one in messages].count(True) == 1
    with pytest.raises(CheckRunning), worked.city.database.transaction() as session:
        freeze_month(session, worked.month_id, read=read_scheme, lists=LISTS, actor=OFFICE, at=_at(18))
    with worked.city.database.transaction() as session:
        freeze_month(session, worked.month_id, read=read_scheme, lists=LISTS, actor=OFFICE, at=_at(19))
    with worked.city.database.reading() as session:
        assert list(disagreements(session, fold(session, cut(session, as_of=_at(20))))) == []


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (12, LAST),  # early in the window a day is left anyhow
        (14, LAST),  # on a Friday the next working day is its last one
        (17, date(2022, 10, 18)),
        (21, date(2022, 10, 24)),  # after it, on a Friday: it is opened anew over the weekend
    ],
)
def test_the_window_ends_no_earlier_than_the_working_day_after_the_change(
    worked: Worked, day: int, until: date
) -> None:
    _correct(worked, figure("projects", "sp", "5"), at=_at(day))
    assert _until(worked) == until
    objected = partial(object_to_marks, object_code="yc", item="1-1", words="多计", read=read_scheme)
    late = datetime(until.year, until.month, until.day + 1, 1, tzinfo=UTC)
    with pytest.raises(CheckOver), worked.city.database.transaction() as session:
        objected(session, worked.month_id, actor=worked.city.head("yc"), at=late)
    with worked.city.database.transaction() as session:
        objected(session, worked.month_id, actor=worked.city.head("yc"), at=_at(until.day, hour=17))


def test_what_changes_no_mark_is_told_to_nobody_and_moves_nothing(worked: Worked) -> None:
    _correct(worked, figure("projects", "yc", "4"), at=_at(17))
    assert _until(worked) == LAST
    with pytest.raises(IndexError):
        announced(worked.city.database, EVENT)


def test_a_figure_that_is_taken_back_changes_marks_too(worked: Worked) -> None:
    with worked.city.database.transaction() as session:
        (row,) = [
            one for one in standing_inputs(session, worked.month_id) if (one.code, one.object) == ("projects", "sp")
        ]
        back = partial(take_back, read=read_scheme, calendar=BY.calendar, actor=worked.city.liaison("swj"))
        back(session, row.id or 0, reason="误报", at=_at(17))
    assert _until(worked) == date(2022, 10, 18)
    assert len(announced(worked.city.database, EVENT, to=("yc", "sp"))) == 2
