"""A letter that was answered is answered in its correction, too, unless that asks for more; else its own day counts."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.answered_urge import answer_urge
from tests.support.audience_city import AudienceCity
from tests.support.corrections import CHANGED
from tests.support.naming_draft import open_naming_draft
from tests.support.office import CALENDAR, LEADER, OFFICE
from tracker.auditing import table_findings
from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.calendar import at_local, local_day
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.differences import asks_more
from tracker.domain.circulars.kinds import CircularType
from tracker.editions import content_kept
from tracker.paper.letterheads import letterhead
from tracker.store.database import Database
from tracker.store.history.contents import content_as_of
from tracker.store.queries.served_papers import ServedPaper, services_of_paper
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import ReminderRow
from tracker.usecases.circulars.deciding import approve_circular, submit_circular
from tracker.usecases.circulars.drafting import correct_circular
from tracker.usecases.circulars.issuing import issue_circular, withdraw_circular

_IN_TIME = at_local(date(2022, 10, 17), 9, 0)  # the letter is to be answered by the 18th
_CORRECTED = at_local(date(2022, 10, 19), 9, 0)
_LATER = at_local(date(2022, 10, 27), 9, 0)  # after the last day of the correction, too


@pytest.fixture
def city(database: Database, tmp_path: Path) -> AudienceCity:
    return open_naming_draft(database, tmp_path).city


def _retitled(row: CircularRow) -> None:
    row.title = "关于催报事项进展的函（更正）"


def _longer(row: CircularRow) -> None:
    (level, words, *more), *rest = row.statements
    row.statements = [[level, f"{words}并附台账。", *more], *rest]


def _correct(city: AudienceCity, circular_id: int, change: Callable[[CircularRow], None], *, at: datetime) -> int:
    """Issue a correction of a letter; return its id."""
    services = city.site.services
    with services.database.transaction() as session:
        version = session.get_one(CircularRow, circular_id).version
        id_ = correct_circular(session, circular_id=circular_id, version=version, reason="有误", actor=OFFICE, at=at)
    with services.database.transaction() as session:
        change(session.get_one(CircularRow, id_))
    head = letterhead(CircularType.URGE)
    steps: tuple[tuple[Callable[..., object], dict[str, object]], ...] = (
        (submit_circular, {"actor": OFFICE}),
        (approve_circular, {"basis": "同意", "actor": LEADER}),
        (issue_circular, {"numbering": head.number, "calendar": CALENDAR, "actor": OFFICE}),
    )
    for act, given in steps:
        with services.database.reading() as session:
            row = session.get_one(CircularRow, id_)
            read = {"content": content_kept(services, session, row), "version": row.version, "corrects": CHANGED}
        with services.database.transaction() as session:
            act(session, circular_id=id_, at=at, **read, **given)
    return id_


def _served(city: AudienceCity, circular_id: int) -> ServedPaper:
    with city.site.services.database.reading() as session:
        [one] = services_of_paper(session, circular_id=circular_id, unit_ids=EVERY_UNIT)
    return one


def _is_blamed(city: AudienceCity, circular_id: int, at: datetime) -> bool:
    """Tell whether a 督查通报 of a moment would criticise the bureau for leaving a letter unanswered."""
    with city.site.services.database.reading() as session:
        content = content_as_of(
            session,
            kind=CircularType.SUPERVISION,
            scope=Scope(),
            as_of=at,
            up_to=None,
            previous=None,
            calendar=CALENDAR,
        )
    said = [content.figures[one.key].words for one in content.proposals if one.unit == "市商务投资局"]
    return any(f"{_served(city, circular_id).number}（" in words for words in said)


def test_who_answered_a_letter_owes_its_correction_nothing_and_is_not_criticised(city: AudienceCity) -> None:
    answer_urge(city, at=_IN_TIME)
    second = _correct(city, city.papers["urge"], _retitled, at=_CORRECTED)
    third = _correct(city, second, _retitled, at=_CORRECTED + timedelta(hours=1))
    for id_ in (second, third):
        paper = _served(city, id_)
        assert (paper.wants_answer, paper.answer_on) == (False, None)
        assert not _is_blamed(city, id_, _LATER)
    with city.site.services.database.reading() as session:
        assert [one for one in table_findings(session) if one.facts.get("table") == "served_paper"] == []


def test_a_correction_that_asks_for_more_asks_anew_with_days_of_its_own(city: AudienceCity) -> None:
    answer_urge(city, at=_IN_TIME)
    second = _correct(city, city.papers["urge"], _longer, at=_CORRECTED)
    until = CALENDAR.add_workdays(local_day(_CORRECTED), 5)
    assert (_served(city, second).wants_answer, _served(city, second).answer_on) == (True, until)
    assert not _is_blamed(city, second, at_local(until, 9, 0))
    third = _correct(city, second, lambda row: _shortened(city, row), at=_CORRECTED + timedelta(hours=1))
    assert not _served(city, third).wants_answer, "it asks for what the first letter did"


def _shortened(city: AudienceCity, row: CircularRow) -> None:
    with city.site.services.database.reading() as session:
        row.statements = session.get_one(CircularRow, city.papers["urge"]).statements


def test_who_did_not_answer_has_the_usual_days_from_the_correction(city: AudienceCity) -> None:
    assert _is_blamed(city, city.papers["urge"], _CORRECTED), "its day is over"
    second = _correct(city, city.papers["urge"], _retitled, at=_CORRECTED)
    until = CALENDAR.add_workdays(local_day(_CORRECTED), 5)
    paper = _served(city, second)
    assert (paper.wants_answer, paper.answer_on) == (True, until)
    assert not _is_blamed(city, second, at_local(until, 9, 0))
    assert _is_blamed(city, second, _LATER)
    assert not _is_blamed(city, city.papers["urge"], _LATER)
    with city.site.services.database.transaction() as session:
        row = session.get_one(CircularRow, second)
        given = {"version": row.version, "reason": "不再催办", "actor": LEADER, "at": _LATER}
        withdraw_circular(session, circular_id=second, **given)  # type: ignore[arg-type] # by name
    assert not _is_blamed(city, second, _LATER)


def test_the_page_and_the_message_say_that_the_answer_stands(city: AudienceCity) -> None:
    answer_urge(city, at=_IN_TIME)
    second = _correct(city, city.papers["urge"], _retitled, at=_CORRECTED)
    city.site.clock.at = _CORRECTED
    city.site.work()
    with city.site.client("swj") as liaison:
        page = liaison.get(f"/circulars/{second}").get_data(as_text=True)
    assert "对原件的答复继续有效，不用另行答复" in page
    assert "已经补报。" in page
    with city.site.services.database.reading() as session:
        of_correction = col(ReminderRow.subject).contains(_served(city, second).number)
        told = session.scalars(select(ReminderRow).where(of_correction)).all()
    assert told
    assert all("对原件的答复继续有效" in one.reason for one in told)


def test_what_was_written_for_the_letter_is_there_to_go_on_with(city: AudienceCity) -> None:
    answer_urge(city, at=_IN_TIME)
    second = _correct(city, city.papers["urge"], _longer, at=_CORRECTED)
    city.site.clock.at = _CORRECTED
    with city.site.client("swj") as liaison:
        page = liaison.get(f"/circulars/{second}").get_data(as_text=True)
    assert "已经补报。</textarea>" in page
    assert "对原件" in page


@pytest.mark.parametrize(
    ("now", "more"),
    [
        (["甲乙丙。", "丁戊。"], False),
        (["甲乙己。", "丁戊。"], False),
        (["丁戊。", "甲乙丙。"], False),
        (["甲乙丙。"], False),
        (["甲乙丙。", "丁戊。", "请附台账。"], True),
        (["甲乙丙，请附台账。", "丁戊。"], True),
    ],
)
def test_more_is_asked_where_words_were_added(now: list[str], more: bool) -> None:
    assert asks_more(["甲乙丙。", "丁戊。"], now) is more
