"""A share asks to be done once at a time, by whichever door: outside forms, or in the row that asks for it."""

import html
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.databases import fresh_sqlite
from tests.support.office import City, open_city
from tests.support.owed_city import BY, OFFICE, assert_reckoned, open_owed_city
from tests.support.readings import small_reading
from tests.support.site import Site, post
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import AlreadyUnderway, CompletionUnderway, FilingKind, Outcome
from tracker.domain.owed import RowState
from tracker.store.database import Database
from tracker.store.queries.form_views import FormView
from tracker.store.queries.forms import form_view
from tracker.store.tables.filings import FilingRow
from tracker.store.tables.series import FormRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.usecases.filing import SubmitForm, SubmitOne, sign_off, submit_form, submit_one, withdraw
from tracker.usecases.sharing import change_deadline

NOW = datetime(2022, 9, 28, 1, 0, tzinfo=UTC)
DEADLINE = date(2022, 9, 30)


@pytest.fixture
def city(database: Database) -> City:
    return open_city(database)


def _ask(city: City) -> int:
    """Ask outside forms to be done 「申请办结」; return the filing's id."""
    with city.database.transaction() as session:
        entry = city.entry("swj", session, claim=Claim.DONE, outcome=Outcome.MET)
        command = SubmitOne(FilingKind.COMPLETION, replace(entry, evidence_reason="材料正在整理"))
        return submit_one(session, command, actor=city.liaison("swj"), at=NOW)


def _set_deadline(city: City) -> None:
    at = NOW + timedelta(minutes=1)
    with city.database.transaction() as session:
        task_id = city.assignment("swj", session).task_id
        change_deadline(session, task_id=task_id, new_on=DEADLINE, reason="会议议定", actor=OFFICE, at=at, by=BY)


def _final(city: City) -> FormRow:
    with city.database.reading() as session:
        return session.scalars(
            select(FormRow).where(col(FormRow.final), col(FormRow.state) == RowState.OPEN.value)
        ).one()


def _report(city: City, *, hours: int = 1) -> int:
    """Report the final row as not met."""
    with city.database.transaction() as session:
        entry = city.entry("swj", session, claim=Claim.DONE, outcome=Outcome.UNMET)
        command = SubmitForm(_final(city).period_id, (replace(entry, evidence_reason="材料正在整理"),), ticked=True)
        return submit_form(session, command, actor=city.liaison("swj"), at=NOW + timedelta(hours=hours))


def _view(city: City) -> FormView:
    with city.database.reading() as session:
        units = [city.unit_id("swj")]
        view = form_view(session, period_id=_final(city).period_id, unit_ids=units, now=NOW + timedelta(hours=1))
    assert view is not None
    return view


def _sign(city: City, filing_id: int) -> None:
    with city.database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=NOW + timedelta(hours=1))


@pytest.mark.parametrize("signed", [False, True])
def test_the_row_of_what_has_asked_to_be_done_waits(city: City, signed: bool) -> None:
    asked = _ask(city)
    if signed:
        _sign(city, asked)
    _set_deadline(city)
    (row,) = _view(city).rows
    assert (row.waits, row.writable, row.completion) == (True, False, "filed" if signed else "awaiting_sign_off")
    with pytest.raises(CompletionUnderway):
        _report(city)
    assert_reckoned(city.database)


def test_the_row_is_reported_once_what_was_asked_is_withdrawn(city: City) -> None:
    asked = _ask(city)
    _set_deadline(city)
    with city.database.transaction() as session:
        withdraw(session, filing_id=asked, actor=city.liaison("swj"), at=NOW + timedelta(hours=1))
    assert _view(city).rows[0].writable
    _sign(city, _report(city))
    assert_reckoned(city.database)


@pytest.mark.parametrize("signed", [False, True])
def test_what_its_row_asks_already_is_not_asked_outside(city: City, signed: bool) -> None:
    _set_deadline(city)
    reported = _report(city)
    if signed:
        _sign(city, reported)
    with pytest.raises(AlreadyUnderway):
        _ask(city)
    assert_reckoned(city.database)


def test_a_row_that_waits_holds_up_no_other_of_its_form(database: Database) -> None:
    reading = small_reading()
    first, second = reading.items
    monthly = replace(first.cadences[0], quote="24小时内")
    second = replace(second, kind=first.kind, level=None, leads=first.leads, cadences=(monthly,))
    city = open_owed_city(database, reading=replace(reading, items=(first, second)))
    with database.transaction() as session:
        shares = session.scalars(
            select(col(AssignmentRow.id)).where(col(AssignmentRow.unit_id) == city.unit_id("swj"))
        ).all()
        periods = session.scalars(select(FormRow).where(col(FormRow.assignment_id).in_(shares))).all()
        done, goes_on = (row for row in periods if row.period_id == periods[0].period_id)
        done.final = True
    said = RowContent(text="9月28日全部建成并投入使用。", claim=Claim.DONE)
    entry = Entry(done.assignment_id or 0, said, city.values(on=date(2022, 9, 28)), outcome=Outcome.MET)
    other = Entry(goes_on.assignment_id or 0, replace(said, claim=Claim.ONGOING_ACTIVE))
    with database.transaction() as session:
        asked = SubmitOne(FilingKind.COMPLETION, replace(entry, evidence_reason="材料正在整理"))
        submit_one(session, asked, actor=city.liaison("swj"), at=NOW)
        command = SubmitForm(done.period_id, (replace(other, evidence_reason="材料正在整理"),), ticked=True)
        assert submit_form(session, command, actor=city.liaison("swj"), at=NOW)


def test_the_page_says_that_the_row_waits_and_what_was_written_comes_back_beside_it(tmp_path: Path) -> None:
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    site.clock.at = NOW + timedelta(hours=1)
    _set_deadline(site.city)
    period_id, share = _final(site.city).period_id, _view(site.city).rows[0].assignment_id
    form = f"/periods/{period_id}/form"
    with site.client("swj") as liaison:
        assert f'name="a{share}-fact"' in liaison.get(form).get_data(as_text=True)
        _ask(site.city)  # by a colleague, while the page stands open
        page = html.unescape(liaison.get(form).get_data(as_text=True))
        assert f'name="a{share}-fact"' not in page
        assert "申请办结已送审，待本单位负责人审签，办理完毕前这一行不用报" in page
        fact = "9月28日签约1个项目。"
        said = {f"a{share}-claim": "done", f"a{share}-outcome": "unmet", f"a{share}-fact": fact}
        for start, to in (("", form), (f"p{period_id}-", "/forms")):
            answer = post(liaison, to, at=to, tick="yes", **{start + name: text for name, text in said.items()})
            told = html.unescape(answer.get_data(as_text=True))
            assert answer.status_code == 400
            assert "一1“每月通报一次招商情况”：申请办结已在办，办理完毕前不能再报办结" in told
            # Alone in its form among others, what was written stands there to be copied.
            assert start or f'id="refused-a{share}-claim">一1“每月通报一次招商情况”：申请办结已在办' in told
            assert fact in told
    with site.services.database.reading() as session:
        assert [filing.kind for filing in session.scalars(select(FilingRow))] == ["completion"]
