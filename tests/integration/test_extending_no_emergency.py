"""Nobody gets more time for the clock of an emergency: what is known is reported in time."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at
from tests.support.started_city import open_daily_city, open_started_city
from tracker.domain.cadences import RHYTHMS
from tracker.domain.calendar import local_day
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind, ReturnReason
from tracker.domain.items import CadenceKind
from tracker.domain.owed import overdue_from
from tracker.steps.raising import EmergencyClock
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.forms import form_view
from tracker.store.tables.filings import ReportRow, RequestRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.usecases.filing import SubmitOne, sign_off, submit_one
from tracker.usecases.requesting import (
    RequestExtension,
    dispute_share,
    refuse_request,
    request_extension,
)
from tracker.usecases.returning import return_report
from tracker.wording.refusals import sentence

_K = CadenceKind
HAPPENED, NOW = at(10, 11, hour=8), at(10, 11)
LATER = date(2022, 10, 31)


def _started(database: Database, kind: CadenceKind) -> tuple[OwedCity, FormRow]:
    return open_started_city(database, kind, happened=HAPPENED, recorded=NOW)


def _extendable(city: OwedCity, row: FormRow, code: str) -> bool:
    with city.database.reading() as session:
        form = form_view(session, period_id=row.period_id, unit_ids=[city.unit_id(code)], now=NOW)
    assert form is not None
    return next(one.extendable for one in form.rows if one.row_id == row.id)


def _ask(city: OwedCity, row: FormRow, code: str) -> None:
    with city.database.transaction() as session:
        command = RequestExtension(row.id or 0, LATER, "人手不足")
        request_extension(session, command, actor=city.liaison(code), at=NOW)


@pytest.mark.parametrize("kind", [_K.WITHIN_HOURS, _K.DAILY, _K.EVERY_2_DAYS])
def test_the_clock_of_an_emergency_is_not_extended_and_no_form_offers_it(database: Database, kind: CadenceKind) -> None:
    city, row = _started(database, kind)
    assert not _extendable(city, row, "wjw")
    with pytest.raises(EmergencyClock) as refused:
        _ask(city, row, "wjw")
    assert "不办理延期" in sentence(refused.value)
    with database.reading() as session:
        assert session.scalars(select(RequestRow)).all() == []
        assert session.get_one(FormRow, row.id).pending_at is None


@pytest.mark.parametrize("kind", [_K.WITHIN_WORKDAYS, _K.ON_EVENT])
def test_what_an_event_asks_for_in_working_days_may_be_extended(database: Database, kind: CadenceKind) -> None:
    city, row = _started(database, kind)
    assert _extendable(city, row, "wjw")
    _ask(city, row, "wjw")


def test_daily_reports_that_no_event_started_may_be_extended(database: Database) -> None:
    city, row = open_daily_city(database, when=HAPPENED)
    assert _extendable(city, row, "swj")
    _ask(city, row, "swj")


def test_hour_clocks_and_reports_by_the_day_are_emergency_clocks() -> None:
    assert {kind for kind in _K if RHYTHMS[kind].emergency} == {_K.WITHIN_HOURS, _K.DAILY, _K.EVERY_2_DAYS}


@pytest.mark.parametrize("kind", [_K.WITHIN_HOURS, _K.DAILY, _K.EVERY_2_DAYS])
@pytest.mark.parametrize("stopped_by", ["a completion", "a dispute"])
def test_neither_a_review_nor_a_dispute_stops_the_clock_of_an_emergency(
    database: Database, kind: CadenceKind, stopped_by: str
) -> None:
    city, row = _started(database, kind)
    period_id, later = row.period_id, NOW + timedelta(hours=1)
    with database.reading() as session:
        due_at = session.get_one(PeriodRow, period_id).due_at
        share = session.get_one(AssignmentRow, row.assignment_id)
    if stopped_by == "a completion":
        _complete(city, share, at=later)
    else:
        _dispute(city, share, at=later)

    def standing() -> tuple[str, datetime | None, datetime | None]:
        with database.reading() as session:
            now = session.get_one(FormRow, row.id)
            return now.state, now.pending_at, now.due_at

    assert standing() == ("open", None, None)
    assert_reckoned(database)
    decided_at = due_at + timedelta(days=2)
    if stopped_by == "a completion":
        _give_back(city, share, at=decided_at)
    else:
        _uphold(city, at=decided_at)
    assert standing() == ("open", None, None)
    assert_reckoned(database)
    with database.reading() as session:
        told = {view.series_id: overdue_from(view) for view in fold(session, cut(session, as_of=decided_at)).views()}
        series = session.scalars(select(SeriesRow).where(col(SeriesRow.trigger_id).is_not(None))).all()
        assert {one.id: one.overdue_from for one in series} == {one.id: told[one.id or 0] for one in series}


def _complete(city: OwedCity, share: AssignmentRow, *, at: datetime) -> None:
    content = RowContent(claim=Claim.DONE, text="10月11日印发通报1期，疫情处置结束。")
    with city.database.transaction() as session:
        one = SubmitOne(FilingKind.COMPLETION, Entry(share.id or 0, content))
        filing_id = submit_one(session, one, actor=city.liaison("wjw"), at=at)
        sign_off(session, filing_id=filing_id, actor=city.head("wjw"), at=at)


def _give_back(city: OwedCity, share: AssignmentRow, *, at: datetime) -> None:
    with city.database.transaction() as session:
        wanted = select(col(ReportRow.id)).where(
            col(ReportRow.assignment_id) == share.id, col(ReportRow.kind) == "completion"
        )
        return_report(
            session,
            report_id=session.scalars(wanted).one() or 0,
            reason="还要继续报告",
            reason_class=ReturnReason.OTHER,
            actor=OFFICE,
            at=at,
            by=BY,
        )


def _dispute(city: OwedCity, share: AssignmentRow, *, at: datetime) -> None:
    with city.database.transaction() as session:
        session.get_one(AssignmentRow, share.id).got_on = local_day(at)
        dispute_share(
            session, assignment_id=share.id or 0, reason="不属本单位职责", actor=city.liaison("wjw"), at=at, by=BY
        )


def _uphold(city: OwedCity, *, at: datetime) -> None:
    with city.database.transaction() as session:
        request_id = session.scalars(select(col(RequestRow.id))).one() or 0
        refuse_request(session, request_id=request_id, reason="属本单位职责", actor=OFFICE, at=at, by=BY)
