"""What the office accepted and finds untrue afterwards 「弄虚作假」: returned, corrected while the work goes on."""

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.completing import DAY, do, due_of, standing_at, started
from tests.support.naming_pages import text_of
from tests.support.office import City
from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at
from tests.support.site import Site, post
from tracker.domain.accounts import NotYourTask
from tracker.domain.calendar import local_day
from tracker.domain.claims import Claim
from tracker.domain.falsity import AnotherUnderReview, FindingTooShort, NotAccepted, ObjectionUndecided
from tracker.domain.filings import ReportState, ReturnReason
from tracker.domain.progress import Work
from tracker.domain.verdicts import Verdict
from tracker.store.database import Database
from tracker.store.history.facts import facts_as_of
from tracker.store.tables.filings import ReportRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import archive_task, close_task, reopen_task, resume_task, suspend_task
from tracker.usecases.objecting import object_to_claim, restore_claim
from tracker.usecases.returning import return_untrue_report

FOUND = "现场核查，签约的3个项目均未开工，合同系补签。"


def _find(city: OwedCity, report_id: int, when: datetime, *, reason: str = FOUND) -> None:
    said = {"report_id": report_id, "reason": reason, "actor": OFFICE, "at": when, "by": BY}
    do(city, lambda session: return_untrue_report(session, **said))  # type: ignore[arg-type] # by name


def _accept(city: OwedCity, report_id: int, when: datetime, verdict: Verdict | None = None) -> None:
    more = {"verdict": verdict} if verdict is not None else {}
    do(city, lambda session: accept_report(session, report_id=report_id, actor=OFFICE, at=when, **more))


def _of_october(city: OwedCity, *, period: str = "2022-10") -> int:
    row = city.rows("swj")[period]
    with city.database.reading() as session:
        return session.scalars(select(col(ReportRow.id)).where(col(ReportRow.row_id) == row.id)).one() or 0


def _report(city: OwedCity, report_id: int) -> ReportRow:
    with city.database.reading() as session:
        return session.get_one(ReportRow, report_id)


def _untrue(city: OwedCity, when: datetime) -> list[tuple[str, date]]:
    with city.database.reading() as session:
        leads = facts_as_of(session, as_of=when).leads
    return [(one.what, one.found_on) for part in leads.parts for one in part.untrue]


def test_an_accepted_report_is_taken_back_and_corrected(database: Database) -> None:
    city = started(database, "swj")
    report_id = _of_october(city)
    _accept(city, report_id, at(11, 1))
    assert standing_at(city, at(11, 2)).work.work is Work.ON_SCHEDULE
    _find(city, report_id, at(11, 3))
    report, row = _report(city, report_id), city.rows("swj")["2022-10"]
    assert (report.state, report.reason_class, report.verified_claim) == (
        ReportState.RETURNED,
        ReturnReason.FALSIFIED,
        None,
    )
    assert (row.state, row.correction_due_at is not None, report.correct_by) == ("returned", True, date(2022, 11, 8))
    assert _untrue(city, at(11, 4)) == [("2022年10月反馈", date(2022, 11, 3))]
    assert _untrue(city, at(11, 2)) == [], "by the cut"
    assert standing_at(city, at(11, 4)).work.own_claim, "what was accepted of it holds no more"
    assert_reckoned(database)
    again = city.file("swj", "2022-10", when=at(11, 7))
    _accept(city, again, at(11, 8))
    assert (city.rows("swj")["2022-10"].state, city.rows("swj")["2022-10"].correction_due_at) == ("accepted", None)
    assert _untrue(city, at(11, 9)) == [("2022年10月反馈", date(2022, 11, 3))], "no correction takes it back"
    assert_reckoned(database)


def test_of_work_that_has_ended_it_is_found_and_nothing_is_corrected(database: Database) -> None:
    city = started(database, "swj")
    report_id, due = _of_october(city), due_of(city, "swj")
    _accept(city, report_id, at(11, 1))
    _accept(city, city.complete("swj", when=due - 2 * DAY), due - DAY)
    said = {"task_id": city.task_id(), "actor": OFFICE}
    do(city, lambda session: close_task(session, **said, reason="验收合格", at=due))  # type: ignore[arg-type] # by name
    do(city, lambda session: archive_task(session, **said, reason="年度归档", at=due + DAY))  # type: ignore[arg-type] # by name
    _find(city, report_id, due + 2 * DAY)
    report = _report(city, report_id)
    assert (report.state, report.correct_by, city.rows("swj")["2022-10"].state) == ("returned", None, "accepted")
    assert _untrue(city, due + 3 * DAY) == [("2022年10月反馈", local_day(due + 2 * DAY))]
    assert_reckoned(database)


def test_only_an_accepted_report_on_progress_is_found_untrue_so_and_by_the_office(database: Database) -> None:
    city = started(database, "swj")
    report_id = _of_october(city)
    with pytest.raises(NotAccepted):
        _find(city, report_id, at(11, 1))
    _accept(city, report_id, at(11, 1))
    with pytest.raises(FindingTooShort):
        _find(city, report_id, at(11, 2), reason="造假")
    said = {"report_id": report_id, "reason": FOUND, "actor": city.head("swj"), "at": at(11, 2), "by": BY}
    with pytest.raises(NotYourTask):
        do(city, lambda session: return_untrue_report(session, **said))  # type: ignore[arg-type] # by name
    completion = city.complete("swj", when=at(11, 8))
    _accept(city, completion, at(11, 9))
    with pytest.raises(NotAccepted):
        _find(city, completion, at(11, 10))
    assert _report(city, report_id).state == ReportState.ACCEPTED


def test_an_objection_to_what_the_office_made_of_it_is_answered_first(database: Database) -> None:
    city = started(database, "swj")
    report_id = _of_october(city)
    _accept(city, report_id, at(11, 1), Verdict(Claim.BEHIND, "只有1期"))
    asked = {"report_id": report_id, "reason": "共3期", "actor": city.head("swj"), "at": at(11, 2), "by": BY}
    requests: list[int] = []
    do(city, lambda session: requests.append(object_to_claim(session, **asked)))  # type: ignore[arg-type] # by name
    with pytest.raises(ObjectionUndecided):
        _find(city, report_id, at(11, 3))
    said = {"request_id": requests[0], "reason": "佐证充分", "actor": OFFICE, "at": at(11, 3)}
    do(city, lambda session: restore_claim(session, **said))  # type: ignore[arg-type] # by name
    _find(city, report_id, at(11, 4))
    assert _report(city, report_id).verified_claim is None
    assert_reckoned(database)


def test_a_suspended_task_goes_on_and_what_was_untrue_is_corrected_then(database: Database) -> None:
    """And until then nothing of the report says how the work stands."""
    city = started(database, "swj")
    report_id, task = _of_october(city), {"task_id": city.task_id(), "actor": OFFICE}
    _accept(city, report_id, at(11, 1))
    do(city, lambda session: suspend_task(session, **task, reason="等待批复", at=at(11, 2)))  # type: ignore[arg-type] # by name
    _find(city, report_id, at(11, 3))
    assert city.rows("swj")["2022-10"].state == "returned"
    said = {**task, "reason": "已批复", "at": at(11, 14), "by": BY}
    do(city, lambda session: resume_task(session, **said))  # type: ignore[arg-type] # by name
    row = city.rows("swj")["2022-10"]
    assert (row.state, local_day(row.correction_due_at or at(11, 1))) == ("returned", date(2022, 11, 18))
    assert_reckoned(database)
    city.file("swj", "2022-10", when=at(11, 16))
    assert city.rows("swj")["2022-10"].state == "filed"


def test_what_was_untrue_is_nobodys_last_word(database: Database) -> None:
    """Where the work has ended meanwhile and is taken up again, what was said before it counts."""
    city = started(database, "swj")
    before, report_id, due = _of_october(city, period="2022-09"), _of_october(city), due_of(city, "swj")
    _accept(city, before, at(10, 8), Verdict(Claim.BEHIND, "只有1期"))
    _accept(city, report_id, at(11, 1))
    _accept(city, city.complete("swj", when=due - 2 * DAY), due - DAY)
    _find(city, report_id, due)
    said = {"task_id": city.task_id(), "reason": FOUND, "actor": OFFICE, "at": due + DAY, "by": BY}
    do(city, lambda session: reopen_task(session, **said, new_deadline_on=date(2022, 12, 20), falsified=True))  # type: ignore[arg-type] # by name
    work = standing_at(city, due + 2 * DAY).work
    assert (work.work, work.own_claim) == (Work.BEHIND, False)
    assert_reckoned(database)


def test_a_late_correction_does_not_overtake_what_was_said_of_a_later_period(database: Database) -> None:
    """In papers as in the class: else a unit would be blamed for a cause that a later report told otherwise."""
    city = started(database, "swj")
    before, later = _of_october(city, period="2022-09"), _of_october(city)
    _accept(city, before, at(10, 8))
    _accept(city, later, at(11, 1), Verdict(Claim.BEHIND, "只有1期"))
    _find(city, before, at(11, 3))
    _accept(city, city.file("swj", "2022-09", when=at(11, 4)), at(11, 5))
    with city.database.reading() as session:
        facts = facts_as_of(session, as_of=at(11, 6))
    [part] = [one for one in facts.leads.parts if one.unit == "市商务局"]
    assert [(one.period, one.claim) for one in part.told] == [
        ("2022年10月", Claim.BEHIND),
        ("2022年9月", Claim.ON_SCHEDULE),
    ]
    [result] = [result for task in facts.tasks for result in task.results]
    assert result.claim is Claim.BEHIND
    assert standing_at(city, at(11, 6)).work.work is Work.BEHIND


def test_the_unit_that_has_the_work_hears_of_what_one_reported_that_went_up_in_it(
    database: Database, tmp_path: Path
) -> None:
    city = started(database, "swj")
    report_id = _of_october(city)
    _accept(city, report_id, at(11, 1))
    site = Site(database, tmp_path, city=City(database))
    city.merge("swj", "tjj", at(11, 2))
    _find(city, report_id, at(11, 3))
    site.clock.at = at(11, 3)
    site.work()
    with site.client("tjj") as liaison:
        told = text_of(liaison, "/notices")
        assert "该反馈由并入本单位的市商务局报送。" in told
        assert "2022年10月反馈曾经审核认可，经查实不实" in told
    assert_reckoned(database)


def test_what_a_unit_handed_in_that_is_merged_before_its_completion_is_accepted_stays_the_result(
    database: Database,
) -> None:
    city = started(database, "swj")
    completion = city.complete("swj", when=at(11, 8))
    city.merge("swj", "tjj", at(11, 9))
    _accept(city, completion, at(11, 10))
    with city.database.reading() as session:
        facts = facts_as_of(session, as_of=at(11, 11))
    assert [result.claim for task in facts.tasks for result in task.results] == [Claim.DONE]


def test_a_completion_that_was_undone_is_no_last_word_in_papers(database: Database) -> None:
    """Where a cause that was told otherwise stands."""
    city = started(database, "swj")
    report_id, due = _of_october(city), due_of(city, "swj")
    _accept(city, report_id, at(11, 1), Verdict(Claim.BEHIND, "只有1期"))
    _accept(city, city.complete("swj", when=due - 2 * DAY), due - DAY)
    said = {"task_id": city.task_id(), "reason": "验收不合格", "actor": OFFICE, "at": due, "by": BY}
    do(city, lambda session: reopen_task(session, **said, new_deadline_on=date(2022, 12, 20)))  # type: ignore[arg-type] # by name
    with city.database.reading() as session:
        facts = facts_as_of(session, as_of=due + DAY)
    assert [result.claim for task in facts.tasks for result in task.results] == [Claim.BEHIND]
    assert_reckoned(database)
    done = city.complete("swj", when=due + 2 * DAY)
    _accept(city, done, due + 3 * DAY)
    assert standing_at(city, due + 4 * DAY).work.work is Work.COMPLETED_MET


@pytest.mark.parametrize("decided", [False, True], ids=["waits", "accepted"])
def test_of_two_reports_that_a_merger_brought_to_a_row_the_one_under_review_is_decided_first(
    database: Database, decided: bool
) -> None:
    city = started(database, "swj", "wjw")
    mine = _of_october(city)
    with database.reading() as session:
        row = city.rows("wjw")["2022-10"]
        theirs = session.scalars(select(col(ReportRow.id)).where(col(ReportRow.row_id) == row.id)).one() or 0
    city.merge("wjw", "swj", at(11, 1))
    _accept(city, mine, at(11, 2))
    if not decided:
        with pytest.raises(AnotherUnderReview):
            _find(city, mine, at(11, 3))
        return
    _accept(city, theirs, at(11, 2))
    _find(city, mine, at(11, 3))
    assert (_report(city, mine).correct_by, city.rows("swj")["2022-10"].state) == (None, "accepted")
    _find(city, theirs, at(11, 4))
    assert (_report(city, theirs).correct_by, city.rows("swj")["2022-10"].state) == (date(2022, 11, 9), "returned")
    assert_reckoned(database)


def test_the_office_returns_it_from_the_page_of_the_task_and_the_unit_reads_why(
    database: Database, tmp_path: Path
) -> None:
    city = started(database, "swj")
    report_id = _of_october(city)
    site = Site(database, tmp_path, city=City(database))
    site.clock.at = at(11, 2)
    address, task = f"/reports/{report_id}/untrue", f"/tasks/{city.task_id()}"
    with site.client("office") as office:
        assert "审核认可以后查实不实的" not in text_of(office, task), "it waits for the review"
        _accept(city, report_id, at(11, 1))
        refused = post(office, address, at=task, reason="造假")
        assert (refused.status_code, "不少于10字" in refused.get_data(as_text=True)) == (400, True)
        assert post(office, address, at=task, reason=FOUND).status_code == 303
        assert "审核认可以后查实不实的" not in text_of(office, task)
        again = post(office, address, at=task, reason=FOUND)
        assert (again.status_code, "或者已经退回" in again.get_data(as_text=True)) == (409, True)
    site.work()
    with site.client("swj") as liaison:
        for page in (task, "/today"):
            assert f"{FOUND}（弄虚作假）" in text_of(liaison, page)
        assert "2022年10月反馈曾经审核认可，经查实不实，认可和所报数值取消。" in text_of(liaison, "/notices")
