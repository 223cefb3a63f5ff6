"""What the office finds untrue 「弄虚作假」: returned, taken up again, and held against the unit that said it alone."""

import json
from collections.abc import Mapping
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.completing import DAY, do, due_of, standing_at, started
from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at
from tracker.domain.accounts import NotYourTask
from tracker.domain.calendar import local_day
from tracker.domain.circulars.led import LedFacts
from tracker.domain.falsity import FindingTooShort, NothingFoundUntrue
from tracker.domain.filings import ReportState, ReturnReason
from tracker.domain.progress import Work
from tracker.steps.lapsing import lapse_expired
from tracker.store.database import Database
from tracker.store.history.facts import facts_as_of
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import ReportRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import reopen_task
from tracker.usecases.returning import return_report
from tracker.wording.decisions import correction_words

FOUND = "现场核查，签约的3个项目均未开工，合同系补签。"
_UNTRUE = ReturnReason.FALSIFIED
_UNTIL = date(2022, 12, 20)


def _return(city: OwedCity, report_id: int, *, day: int, reason: str = FOUND) -> None:
    said = {"reason": reason, "reason_class": _UNTRUE, "actor": OFFICE, "at": at(11, day), "by": BY}
    do(city, lambda session: return_report(session, report_id=report_id, **said))  # type: ignore[arg-type] # by name


def _reopen(city: OwedCity, when: datetime, *, reason: str = FOUND) -> None:
    said = {"reason": reason, "actor": OFFICE, "at": when, "by": BY, "new_deadline_on": _UNTIL}
    do(city, lambda session: reopen_task(session, task_id=city.task_id(), falsified=True, **said))  # type: ignore[arg-type] # by name


def _leads(city: OwedCity, when: datetime) -> LedFacts:
    with city.database.reading() as session:
        return facts_as_of(session, as_of=when).leads


def _untrue(city: OwedCity, when: datetime) -> Mapping[str, list[tuple[str, date]]]:
    return {part.unit: [(one.what, one.found_on) for one in part.untrue] for part in _leads(city, when).parts}


def _report(city: OwedCity, report_id: int) -> ReportRow:
    with city.database.reading() as session:
        return session.get_one(ReportRow, report_id)


def _told(city: OwedCity) -> dict[str, object]:
    with city.database.reading() as session:
        wanted = select(col(EventRow.payload)).where(col(EventRow.type) == "report.given_back")
        facts: dict[str, object] = json.loads(session.scalars(wanted.order_by(col(EventRow.seq).desc())).first() or "")
        return facts


def test_what_was_untrue_stays_so_when_it_is_corrected_and_is_the_units_own_who_said_it(database: Database) -> None:
    city = started(database, "swj", "wjw")
    first = city.complete("swj", when=at(11, 8))
    _return(city, first, day=9)
    assert _report(city, first).reason_class == _UNTRUE
    assert [once.unit for once in _leads(city, at(11, 10)).given_back] == ["市商务局"], "it counts against praise"
    again = city.complete("swj", when=at(11, 10))
    do(city, lambda session: accept_report(session, report_id=again, actor=OFFICE, at=at(11, 11)))
    assert _untrue(city, at(11, 12)) == {"市商务局": [("办结报告", date(2022, 11, 9))], "市卫生健康体育委": []}
    assert _untrue(city, at(11, 8)) == {"市商务局": [], "市卫生健康体育委": []}, "by the cut"
    assert_reckoned(database)


def test_a_row_of_a_form_is_called_by_its_period(database: Database) -> None:
    city = started(database, "swj")
    row = city.rows("swj")["2022-10"]
    with database.reading() as session:
        report_id = session.scalars(select(col(ReportRow.id)).where(col(ReportRow.row_id) == row.id)).one() or 0
    _return(city, report_id, day=7)
    assert _untrue(city, at(11, 8)) == {"市商务局": [("2022年10月反馈", date(2022, 11, 7))], "市卫生健康体育委": []}
    assert_reckoned(database)


@pytest.mark.parametrize("found_on", [9, 12], ids=["before the merger", "after it"])
def test_nobody_answers_for_what_a_unit_said_that_went_up_in_it(database: Database, found_on: int) -> None:
    city = started(database, "swj", "wjw")
    report_id = city.complete("swj", when=at(11, 8))
    if found_on < 10:
        _return(city, report_id, day=found_on)
    city.merge("swj", "tjj", at(11, 10))
    if found_on > 10:
        _return(city, report_id, day=found_on)
    assert _untrue(city, at(11, 14)) == {"市统计局": [], "市卫生健康体育委": []}
    assert_reckoned(database)


def test_falsity_is_found_in_a_sentence_and_by_the_office(database: Database) -> None:
    city = started(database, "swj")
    report_id = city.complete("swj", when=at(11, 8))
    with pytest.raises(FindingTooShort):
        _return(city, report_id, day=9, reason="造假")
    said = {"reason": FOUND, "reason_class": _UNTRUE, "at": at(11, 9), "by": BY, "actor": city.head("swj")}
    with pytest.raises(NotYourTask):
        do(city, lambda session: return_report(session, report_id=report_id, **said))  # type: ignore[arg-type] # by name
    assert _report(city, report_id).state == ReportState.FILED


@pytest.mark.parametrize("in_form", [True, False], ids=["in its form", "outside forms"])
def test_a_completion_that_was_accepted_is_returned_with_the_work_that_it_ended(
    database: Database, in_form: bool
) -> None:
    """Of two leads the one whose completion was accepted is found untrue; the other's goes back with no finding."""
    city = started(database, "swj", "wjw")
    due = due_of(city, "swj")
    city.file("wjw", "2022-11", when=due - 6 * DAY)
    other = city.complete("wjw", when=due - 3 * DAY)
    accepted = city.file("swj", "2022-11", when=due - 2 * DAY) if in_form else city.complete("swj", when=due - 2 * DAY)
    do(city, lambda session: accept_report(session, report_id=accepted, actor=OFFICE, at=due - DAY))
    for reason in ("造假", "."):
        with pytest.raises(FindingTooShort):
            _reopen(city, due, reason=reason)
    _reopen(city, due)
    report = _report(city, accepted)
    assert (report.state, report.reason_class, report.decision_reason) == (ReportState.RETURNED, _UNTRUE, FOUND)
    assert (report.verified_outcome, report.verified_claim, report.correct_by) == (None, None, None)
    assert _report(city, other).reason_class == ReturnReason.OTHER
    assert _untrue(city, due + DAY) == {"市商务局": [("办结报告", local_day(due))], "市卫生健康体育委": []}
    assert "市商务局" in {once.unit for once in _leads(city, due + DAY).given_back}
    assert standing_at(city, due + DAY).work.work not in (Work.COMPLETED_MET, Work.COMPLETION_PENDING)
    assert_reckoned(database)
    done = city.complete("swj", when=due + 2 * DAY)
    do(city, lambda session: accept_report(session, report_id=done, actor=OFFICE, at=due + 3 * DAY))
    assert standing_at(city, due + 4 * DAY).work.work is Work.COMPLETED_MET
    assert_reckoned(database)


def test_work_that_no_accepted_completion_ended_is_not_taken_up_for_one(database: Database) -> None:
    city = started(database, "swj", expires_on=date(2022, 11, 15))
    do(city, lambda session: lapse_expired(session, now=at(11, 16), by=BY))
    with pytest.raises(NothingFoundUntrue):
        _reopen(city, at(11, 18))


def test_a_unit_hears_what_is_asked_of_it_after_its_completion_was_found_untrue(database: Database) -> None:
    city = started(database, "swj")
    accepted = city.complete("swj", when=at(11, 8))
    do(city, lambda session: accept_report(session, report_id=accepted, actor=OFFICE, at=at(11, 9)))
    _reopen(city, at(11, 20))
    facts = _told(city)
    assert (facts["reopened"], facts["beside"], facts["correct_by"]) == (True, False, None)
    said = correction_words(None, beside=False, reason_class=_UNTRUE, reopened=True)
    assert said == "事项已经重启，须重新办理、据实报送。"
    assert (
        correction_words(None, beside=False, reason_class=_UNTRUE) == "该事项已经了结或者不再由本单位承办，不需补正。"
    )
