"""Two units each handed in, corrected or asked for the same, and merge: one row and one share say what became of it."""

import json
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.announced import announced
from tests.support.office import CALENDAR
from tests.support.owed_city import BY, LEADER, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.calendar import end_of_day
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.events.reports import ReportSentBack
from tracker.domain.filings import FilingKind, Outcome, ReportKind, ReturnReason
from tracker.domain.items import Basis, Bearer, CadenceKind
from tracker.domain.owed import RowState
from tracker.domain.plan_ends import PlanEnd
from tracker.domain.progress import WorkClass
from tracker.domain.readings.demands import Bound, Cadence, NamedBearer
from tracker.domain.verdicts import Verdict
from tracker.steps.for_the_leader import LeaderDecides
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.series import series_views
from tracker.store.queries.work import task_standings
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import CorrectionRow, ReportRow, RequestRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.filing import SubmitOne, sign_off, submit_one
from tracker.usecases.publishing_calendar import publish_notices
from tracker.usecases.requesting import (
    RequestExtension,
    dispute_share,
    grant_extension,
    refuse_request,
    request_extension,
)
from tracker.usecases.returning import return_report

MONTH, FORM_TAKEN_AT = "2022-09", at(10, 8)
SWJ, TJJ = "swj", "tjj"
EITHER_WAY = pytest.mark.parametrize(("old", "new"), [(SWJ, TJJ), (TJJ, SWJ)])


def _two_bearers(database: Database, *, now: datetime = FORM_TAKEN_AT) -> OwedCity:
    """The small plan, whose monthly account 市商务局 and 市统计局 each report; from 8 October on that of September."""
    reading = small_reading()
    first, waiting = reading.items
    bound = Bound(Bearer.NAMED, (NamedBearer("市商务局、市统计局", (SWJ, TJJ)),))
    monthly = Cadence(CadenceKind.MONTHLY, Basis.STATED, 1, "每月通报一次", bound)
    items = (replace(first, cadences=(monthly,), targets=()), waiting)
    plan = replace(reading, plan_end=PlanEnd(date(2022, 12, 31)), items=items)
    city = open_owed_city(database, reading=plan)
    city.grow(now)
    return city


def _merge(city: OwedCity, old: str, new: str, when: datetime) -> None:
    city.merge(old, new, when)
    _assert_told_alike(city, when)


def _file(city: OwedCity, code: str, when: datetime) -> int:
    return city.file(code, MONTH, when=when, claim=Claim.ONGOING_ACTIVE)


def _accept(city: OwedCity, report_id: int, when: datetime, outcome: Outcome | None = None) -> None:
    with city.database.transaction() as session:
        verdict = Verdict(None, outcome=outcome, let_pass="已核" if outcome else "")
        accept_report(session, report_id=report_id, actor=OFFICE, at=when, verdict=verdict)
    _assert_told_alike(city, when)


def _return(city: OwedCity, report_id: int, when: datetime, why: ReturnReason = ReturnReason.NO_EVIDENCE) -> None:
    with city.database.transaction() as session:
        return_report(session, report_id=report_id, reason="缺附件", reason_class=why, actor=OFFICE, at=when, by=BY)
    _assert_told_alike(city, when)


def _ask(city: OwedCity, code: str, on: date, when: datetime) -> int:
    with city.database.transaction() as session:
        command = RequestExtension(city.rows(code)[MONTH].id or 0, on, "待会签")
        return request_extension(session, command, actor=city.liaison(code), at=when)


def _decide(city: OwedCity, request_id: int, when: datetime, *, yes: bool) -> None:
    with city.database.transaction() as session:
        by_leader = session.get_one(RequestRow, request_id).by_leader
        actor = LEADER if by_leader else OFFICE
        if yes:
            grant_extension(session, request_id=request_id, actor=actor, at=when, by=BY)
        else:
            refuse_request(session, request_id=request_id, reason="不予延期", actor=actor, at=when, by=BY)
    _assert_told_alike(city, when)


def _request_states(city: OwedCity) -> list[str]:
    with city.database.reading() as session:
        return list(session.scalars(select(col(RequestRow.state)).order_by(col(RequestRow.id))))


def _assert_told_alike(city: OwedCity, now: datetime) -> None:
    assert_reckoned(city.database)
    with city.database.reading() as session:
        ids = [id_ for id_ in session.scalars(select(col(SeriesRow.id))) if id_]
        assert fold(session, cut(session, as_of=now)).views() == series_views(session, ids)


@EITHER_WAY
def test_a_period_that_was_accepted_is_not_asked_again_where_the_other_report_on_it_is_returned(
    database: Database, old: str, new: str
) -> None:
    city = _two_bearers(database)
    accepted, other = _file(city, SWJ, at(10, 8)), _file(city, TJJ, at(10, 8))
    _accept(city, accepted, at(10, 9))
    _merge(city, old, new, at(10, 12))
    assert city.states(new)[MONTH] == "accepted"
    _return(city, other, at(10, 13))
    assert city.states(new)[MONTH] == "accepted"


@pytest.mark.parametrize("accepted_first", [True, False])
def test_of_two_reports_under_review_it_is_enough_that_one_is_accepted(
    database: Database, accepted_first: bool
) -> None:
    city = _two_bearers(database)
    good, bad = _file(city, SWJ, at(10, 8)), _file(city, TJJ, at(10, 8))
    _merge(city, SWJ, TJJ, at(10, 12))
    if accepted_first:
        _accept(city, good, at(10, 13))
        _return(city, bad, at(10, 14))
    else:
        _return(city, bad, at(10, 13))
        assert city.states(TJJ)[MONTH] == "filed", "the other still lies with the office"
        _accept(city, good, at(10, 14))
    assert city.states(TJJ)[MONTH] == "accepted"
    [told] = announced(database, "report.given_back")
    assert "另有反馈已报，本件不需补正" in told.reason


def test_of_two_reports_that_are_returned_the_last_one_is_corrected(database: Database) -> None:
    city = _two_bearers(database)
    one, two = _file(city, SWJ, at(10, 8)), _file(city, TJJ, at(10, 8))
    _merge(city, SWJ, TJJ, at(10, 12))
    _return(city, one, at(10, 13), ReturnReason.NO_SUBSTANCE)
    _return(city, two, at(10, 14), ReturnReason.NO_SUBSTANCE)
    row = city.rows(TJJ)[MONTH]
    assert (row.state, row.correction_due_at) == ("returned", end_of_day(date(2022, 10, 19)))
    with database.reading() as session:
        days = list(session.scalars(select(col(ReportRow.correct_by)).order_by(col(ReportRow.id))))
    assert days == [None, date(2022, 10, 19)]
    with database.reading() as session:
        told = session.scalars(select(col(EventRow.payload)).where(col(EventRow.type) == ReportSentBack.type))
        assert not any(json.loads(payload)["unfit"] for payload in told), "neither mends the other"
    _accept(city, _file(city, TJJ, at(10, 17)), at(10, 18))
    assert city.states(TJJ)[MONTH] == "accepted"


@EITHER_WAY
@pytest.mark.parametrize("later", [SWJ, TJJ])
def test_of_two_corrections_one_runs_by_the_earlier_moment(database: Database, old: str, new: str, later: str) -> None:
    city = _two_bearers(database)
    ids = {code: _file(city, code, at(10, 8)) for code in (SWJ, TJJ)}
    _return(city, ids[TJJ if later == SWJ else SWJ], at(10, 10))
    _return(city, ids[later], at(10, 13))
    _merge(city, old, new, at(10, 13))
    row = city.rows(new)[MONTH]
    assert (row.state, row.correction_due_at) == ("returned", end_of_day(date(2022, 10, 13)))
    _file(city, new, at(10, 14))
    with database.reading() as session:
        outcomes = session.scalars(select(col(CorrectionRow.outcome)).order_by(col(CorrectionRow.id))).all()
    assert outcomes == ["late", "waived"], "the one that ran is corrected"


@EITHER_WAY
@pytest.mark.parametrize("granted", [SWJ, TJJ])
def test_a_correction_that_was_given_more_time_keeps_it_in_a_merger(
    database: Database, old: str, new: str, granted: str
) -> None:
    city = _two_bearers(database)
    for code in (SWJ, TJJ):
        _return(city, _file(city, code, at(10, 8)), at(10, 10))
    _decide(city, _ask(city, granted, date(2022, 10, 20), at(10, 10)), at(10, 11), yes=True)
    _merge(city, old, new, at(10, 12))
    assert city.rows(new)[MONTH].correction_due_at == end_of_day(date(2022, 10, 20))


@EITHER_WAY
def test_nothing_is_corrected_where_the_other_unit_filed(database: Database, old: str, new: str) -> None:
    city = _two_bearers(database)
    ids = {code: _file(city, code, at(10, 8)) for code in (SWJ, TJJ)}
    _return(city, ids[SWJ], at(10, 10))
    _ask(city, SWJ, date(2022, 10, 20), at(10, 10))
    _merge(city, old, new, at(10, 11))
    assert (city.states(new)[MONTH], _request_states(city)) == ("filed", ["moot"])
    _return(city, ids[TJJ], at(10, 12))
    assert city.rows(new)[MONTH].correction_due_at == end_of_day(date(2022, 10, 17))


@EITHER_WAY
@pytest.mark.parametrize("late", [SWJ, TJJ])
@pytest.mark.parametrize("returned", [True, False])
def test_what_one_of_two_units_filed_first_says_whether_the_period_is_late(
    database: Database, old: str, new: str, late: str, returned: bool
) -> None:
    city = _two_bearers(database)
    first = _file(city, TJJ if late == SWJ else SWJ, at(10, 8))
    if returned:  # then the second says what becomes of the row
        _return(city, first, at(10, 9))
    _file(city, late, at(10, 12))
    _merge(city, old, new, at(10, 13))
    row = city.rows(new)[MONTH]
    assert (row.state, row.late, row.filed_at) == ("filed", False, at(10, 8))


@EITHER_WAY
def test_what_was_filed_first_before_an_extension_is_decided_is_in_time_where_nobody_decides_it(
    database: Database, old: str, new: str
) -> None:
    city = _two_bearers(database)
    _ask(city, SWJ, date(2022, 10, 20), at(10, 8))
    _file(city, SWJ, at(10, 11))
    _accept(city, _file(city, TJJ, at(10, 12)), at(10, 12))
    _merge(city, old, new, at(10, 13))
    row = city.rows(new)[MONTH]
    assert (row.state, row.late, row.filed_at, row.pending_at) == ("accepted", False, at(10, 11), None)
    assert _request_states(city) == ["moot"]


@EITHER_WAY
@pytest.mark.parametrize("accepted", [True, False])
def test_more_time_for_what_the_other_unit_reported_is_asked_no_more(
    database: Database, old: str, new: str, accepted: bool
) -> None:
    city = _two_bearers(database)
    report_id = _file(city, TJJ, at(10, 8))
    if accepted:
        _accept(city, report_id, at(10, 9))
    _ask(city, SWJ, date(2022, 10, 14), at(10, 9))
    _merge(city, old, new, at(10, 12))
    row = city.rows(new)[MONTH]
    assert (row.state, row.late, row.pending_at) == ("accepted" if accepted else "filed", False, None)
    assert _request_states(city) == ["moot"]


@EITHER_WAY
@pytest.mark.parametrize("asking", [SWJ, TJJ])
def test_a_row_waits_for_the_extension_that_one_of_the_two_asked(
    database: Database, old: str, new: str, asking: str
) -> None:
    city = _two_bearers(database)
    asked = _ask(city, asking, date(2022, 10, 20), at(10, 8))
    held = city.rows(asking)[MONTH].pending_at
    _merge(city, old, new, at(10, 12))
    assert held is not None
    assert city.rows(new)[MONTH].pending_at == held
    _decide(city, asked, at(10, 13), yes=True)
    row = city.rows(new)[MONTH]
    assert (row.pending_at, row.due_at) == (None, end_of_day(date(2022, 10, 20)))


@EITHER_WAY
@pytest.mark.parametrize("answers", [(True, True), (True, False), (False, True), (False, False)])
def test_a_row_waits_until_both_of_its_extensions_are_decided(
    database: Database, old: str, new: str, answers: tuple[bool, bool]
) -> None:
    city = _two_bearers(database)
    asked = [_ask(city, SWJ, date(2022, 10, 20), at(10, 8)), _ask(city, TJJ, date(2022, 10, 14), at(10, 9))]
    _merge(city, old, new, at(10, 12))
    _decide(city, asked[0], at(10, 13), yes=answers[0])
    assert city.rows(new)[MONTH].pending_at is not None
    kind = "granted" if answers[0] else "refused"
    told = announced(database, f"request.{kind}")[-1]
    assert "另有异议或申请尚未答复" in told.reason
    _decide(city, asked[1], at(10, 31), yes=answers[1])
    row = city.rows(new)[MONTH]
    assert (row.pending_at, row.due_at) == (None, end_of_day(date(2022, 11, 2)))


@pytest.mark.parametrize("granted_before", [True, False])
def test_the_leader_decides_what_a_merger_makes_the_second_extension_of_a_row(
    database: Database, granted_before: bool
) -> None:
    city = _two_bearers(database)
    first = _ask(city, SWJ, date(2022, 10, 14), at(10, 8))
    second = _ask(city, TJJ, date(2022, 10, 21), at(10, 9))
    if granted_before:
        _decide(city, first, at(10, 10), yes=True)
    _merge(city, SWJ, TJJ, at(10, 12))
    if not granted_before:
        _decide(city, first, at(10, 12), yes=True)
    with pytest.raises(LeaderDecides), database.transaction() as session:
        grant_extension(session, request_id=second, actor=OFFICE, at=at(10, 13), by=BY)
    with database.transaction() as session:
        grant_extension(session, request_id=second, actor=LEADER, at=at(10, 13), by=BY)
    assert city.rows(TJJ)[MONTH].due_at == end_of_day(date(2022, 10, 21))
    _assert_told_alike(city, at(10, 13))


def test_a_filing_made_before_both_extensions_are_decided_is_judged_by_the_later_decision(database: Database) -> None:
    city = _two_bearers(database)
    asked = [_ask(city, SWJ, date(2022, 10, 14), at(10, 8)), _ask(city, TJJ, date(2022, 10, 14), at(10, 9))]
    _merge(city, SWJ, TJJ, at(10, 12))
    _file(city, TJJ, at(10, 12))
    _decide(city, asked[0], at(10, 13), yes=False)
    row = city.rows(TJJ)[MONTH]
    assert (row.late, row.pending_at is None) == (None, False)
    _decide(city, asked[1], at(10, 13), yes=False)
    row = city.rows(TJJ)[MONTH]
    assert (row.late, row.pending_at) == (False, None)


def test_what_was_filed_is_held_by_the_dispute_of_the_share_to_which_a_merger_brings_it(database: Database) -> None:
    city = _two_bearers(database)
    with database.transaction() as session:
        share = city.share(TJJ).id or 0
        asked = dispute_share(
            session, assignment_id=share, reason="非职责", actor=city.liaison(TJJ), at=at(8, 26), by=BY
        )
        before = session.get_one(RequestRow, asked).asked_at
    city.grow(at(10, 8))
    report_id = _file(city, SWJ, at(10, 8))
    _merge(city, SWJ, TJJ, at(10, 12))
    row = city.rows(TJJ)[MONTH]
    assert (row.state, row.late, row.pending_at) == ("filed", False, before)
    _return(city, report_id, at(10, 13))
    assert city.rows(TJJ)[MONTH].pending_at == before


def _two_leads(database: Database) -> OwedCity:
    city = open_owed_city(database)
    city.add_lead("wjw", at(8, 25))
    return city


def _complete(city: OwedCity, code: str, when: datetime) -> int:
    content = RowContent(claim=Claim.DONE, text="9月10日印发方案1份。")
    with city.database.transaction() as session:
        entry = Entry(city.share(code).id or 0, content, city.values(on=date(2022, 9, 10)), outcome=Outcome.MET)
        filing_id = submit_one(session, SubmitOne(FilingKind.COMPLETION, entry), actor=city.liaison(code), at=when)
        sign_off(session, filing_id=filing_id, actor=city.head(code), at=when)
    with city.database.reading() as session:
        wanted = select(col(ReportRow.id)).where(col(ReportRow.kind) == ReportKind.COMPLETION.value)
        return session.scalars(wanted.order_by(col(ReportRow.id).desc())).first() or 0


def _work(city: OwedCity, when: datetime) -> WorkClass:
    with city.database.reading() as session:
        [standing] = [one for one in task_standings(session, now=when, by=BY) if one.task_id == city.task_id()]
    return standing.work


@pytest.mark.parametrize("returned", [0, 1])
def test_of_two_completions_of_one_share_one_that_is_returned_leaves_the_task_under_review(
    database: Database, returned: int
) -> None:
    city = _two_leads(database)
    ids = [_complete(city, code, at(9, 12)) for code in (SWJ, "wjw")]
    held = city.rows("wjw")[MONTH].pending_at
    _merge(city, SWJ, "wjw", at(9, 14))
    work = _work(city, at(9, 14))
    _return(city, ids[returned], at(9, 15))
    assert (city.task().state, city.share("wjw").state) == ("under_review", "submitted")
    assert city.rows("wjw")[MONTH].pending_at == held, "what waits for the completion still does"
    assert _work(city, at(9, 15)) == work
    _accept(city, ids[1 - returned], at(9, 16), Outcome.MET)
    assert (city.task().state, city.share("wjw").state) == ("completed", "accepted")


def test_of_two_completions_of_one_share_that_are_both_returned_the_last_gives_the_task_back(
    database: Database,
) -> None:
    city = _two_leads(database)
    ids = [_complete(city, code, at(9, 12)) for code in (SWJ, "wjw")]
    _merge(city, SWJ, "wjw", at(9, 14))
    for report_id in ids:
        _return(city, report_id, at(9, 15))
    assert (city.task().state, city.share("wjw").state) == ("returned", "returned")
    assert city.rows("wjw")[MONTH].pending_at is None
    _accept(city, _complete(city, "wjw", at(9, 16)), at(9, 19), Outcome.MET)
    assert city.task().state == "completed"


@EITHER_WAY
def test_a_calendar_moves_the_row_that_went_on_after_a_merger_too(database: Database, old: str, new: str) -> None:
    city = _two_bearers(database, now=at(9, 20))
    _merge(city, old, new, at(9, 20))
    shorter = replace(CALENDAR.notices[2022], source="国办发明电〔2022〕50号", make_ups=())
    with database.transaction() as session:
        publish_notices(session, [shorter], actor=OFFICE, at=at(9, 22), by=BY, replace=True)
    _assert_told_alike(city, at(9, 22))
    row = city.rows(new)[MONTH]
    with database.reading() as session:
        form = session.get_one(PeriodRow, row.period_id)
    assert (row.due_at, form.due_at) == (None, end_of_day(date(2022, 10, 12)))


def test_what_a_merger_of_an_earlier_version_left_in_correction_beside_a_report_is_accepted(
    database: Database,
) -> None:
    city = _two_bearers(database)
    good, bad = _file(city, SWJ, at(10, 8)), _file(city, TJJ, at(10, 8))
    _merge(city, SWJ, TJJ, at(10, 12))
    row_id = city.rows(TJJ)[MONTH].id or 0
    with database.transaction() as session:
        until = end_of_day(date(2022, 10, 17))
        row = session.get_one(FormRow, row_id)
        row.state, row.correction_due_at = RowState.RETURNED.value, until
        session.add(CorrectionRow(row_id=row_id, report_id=bad, opened_at=at(10, 12), due_at=until))
    with database.transaction() as session:
        accept_report(session, report_id=good, actor=OFFICE, at=at(10, 13))
    assert city.states(TJJ)[MONTH] == "accepted"
    assert_reckoned(database)
