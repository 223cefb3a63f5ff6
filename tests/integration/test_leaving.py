"""The head of a unit signs what can leave, sees what cannot, and the liaison hears of it: page and act say the same."""

import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.databases import fresh_sqlite
from tests.support.office import City
from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import NUMBER, small_reading
from tests.support.site import Site, post
from tracker.domain.accounts import EVERY_UNIT, SYSTEM
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind
from tracker.domain.items import Basis, CadenceKind, ItemKind
from tracker.domain.leaving import NothingLeaves
from tracker.domain.owed import RowState
from tracker.domain.readings.demands import Cadence
from tracker.domain.readings.reading import Reading
from tracker.steps.settling import settle_rows
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.envelopes import Envelope, envelope, waiting_envelopes
from tracker.store.queries.forms import form_view
from tracker.store.queries.series import series_views
from tracker.store.tables.events import EventRow, ReminderRow
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.usecases.ending import cancel_task, resume_task, suspend_task
from tracker.usecases.filing import SubmitForm, SubmitOne, send_back, sign_off, submit_form, submit_one
from tracker.usecases.registering import register_document
from tracker.usecases.sharing import reassign_share
from tracker.wording.refusals import sentence

WRITTEN, SIGNED = at(9, 28), at(10, 12, hour=16)
SAID = "9月28日印发通报1期。"


@dataclass(frozen=True, slots=True)
class Change:
    """What the office did to one task while its report waited, and the cause that is told for it."""

    do: Callable[[OwedCity, Session, AssignmentRow], None]
    cause: str


def _cancel(city: OwedCity, session: Session, share: AssignmentRow) -> None:
    cancel_task(session, task_id=share.task_id, reason="职能划转", actor=OFFICE, at=at(10, 9))


def _reassign(city: OwedCity, session: Session, share: AssignmentRow) -> None:
    reassign_share(
        session,
        assignment_id=share.id or 0,
        to_unit_id=city.unit_id("wjw"),
        reason="职能划转",
        actor=OFFICE,
        at=at(10, 9),
        by=BY,
    )


def _suspend(city: OwedCity, session: Session, share: AssignmentRow) -> None:
    suspend_task(session, task_id=share.task_id, reason="疫情防控", actor=OFFICE, at=at(10, 11))


def _resume(city: OwedCity, session: Session, share: AssignmentRow) -> None:
    suspend_task(session, task_id=share.task_id, reason="疫情防控", actor=OFFICE, at=at(9, 29))
    resume_task(session, task_id=share.task_id, reason="恢复", actor=OFFICE, at=at(10, 12), by=BY)


def _waived(cause: str) -> Change:
    def settle(city: OwedCity, session: Session, share: AssignmentRow) -> None:
        rows = session.scalars(select(FormRow).where(col(FormRow.assignment_id) == share.id, col(FormRow.required)))
        settle_rows(session, rows.all()[:1], RowState.WAIVED, cause=cause, actor=OFFICE, at=at(10, 9))

    return Change(settle, cause)


CHANGES: Mapping[str, Change] = {
    "cancelled": Change(_cancel, "task_cancelled"),
    "reassigned": Change(_reassign, "share_reassigned"),
    "suspended once it was overdue": Change(_suspend, "task_suspended"),
    "suspended and resumed": Change(_resume, "task_resumed"),
    **{f"waived by {cause}": _waived(cause) for cause in ("interval_set", "question_answered", "document_expired")},
}


def _two_monthly_tasks() -> Reading:
    reading = small_reading()
    first, second = reading.items
    monthly = Cadence(CadenceKind.MONTHLY, Basis.STATED, 1, "发生疫情")
    other = replace(second, kind=ItemKind.ACTION, level=None, leads=first.leads, cadences=(monthly,))
    return replace(reading, items=(replace(first, targets=()), other))


def _shares(city: OwedCity, session: Session) -> list[AssignmentRow]:
    mine = select(AssignmentRow).where(col(AssignmentRow.unit_id) == city.unit_id("swj"))
    return list(session.scalars(mine.order_by(col(AssignmentRow.id))))


def _september(city: OwedCity, session: Session) -> int:
    wanted = select(col(PeriodRow.id)).join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
    wanted = wanted.where(col(PeriodRow.code) == "2022-09", col(SeriesRow.unit_id) == city.unit_id("swj"))
    return session.scalars(wanted).one() or 0


def _written(city: OwedCity) -> int:
    """Let the liaison write the form of two rows that waits for its head; return its envelope."""
    liaison = city.liaison("swj")
    with city.database.transaction() as session:
        said = RowContent(claim=Claim.ONGOING_ACTIVE, text=SAID)
        entries = tuple(Entry(share.id or 0, said) for share in _shares(city, session))
        command = SubmitForm(_september(city, session), entries)
        return submit_form(session, command, actor=liaison, at=WRITTEN)


def _changed(city: OwedCity, change: Change, *, whole: bool) -> None:
    with city.database.transaction() as session:
        for share in _shares(city, session)[: 2 if whole else 1]:
            change.do(city, session, share)


def _shown(city: OwedCity, filing_id: int) -> Envelope:
    with city.database.reading() as session:
        found = envelope(session, filing_id=filing_id, unit_ids=[city.unit_id("swj")])
    assert found is not None
    return found


def _states(database: Database, filing_id: int) -> dict[int, str]:
    with database.reading() as session:
        reports = session.scalars(select(ReportRow).where(col(ReportRow.filing_id) == filing_id))
        return {report.id or 0: report.state for report in reports}


def _assert_told_alike(database: Database, *, now: datetime) -> None:
    assert_reckoned(database)
    with database.reading() as session:
        ids = [id_ for id_ in session.scalars(select(col(SeriesRow.id))) if id_ is not None]
        stored = {view.series_id: view for view in series_views(session, ids)}
        told = {view.series_id: view for view in fold(session, cut(session, as_of=now)).views()}
    assert stored == told


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_the_page_shows_to_leave_is_what_leaves_and_the_rest_stays_with_its_reason(
    database: Database, change: Change
) -> None:
    city = open_owed_city(database, reading=_two_monthly_tasks())
    filing_id = _written(city)
    _changed(city, change, whole=False)
    shown = _shown(city, filing_id)
    assert [row.stays for row in shown.rows] == [change.cause, None]
    with database.transaction() as session:
        signed = sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=SIGNED)
    assert (signed.left, signed.stayed) == (len(shown.leaving), len(shown.staying)) == (1, 1)
    stays, leaves = (row.report.report_id for row in shown.rows)
    assert _states(database, filing_id) == {stays: "withdrawn", leaves: "filed"}
    with database.reading() as session:
        [event] = session.scalars(select(EventRow).where(col(EventRow.type) == "reports.stayed"))
    [told] = json.loads(event.payload)["reports"]
    assert (told["report_id"], told["cause"]) == (stays, change.cause)
    _assert_told_alike(database, now=SIGNED)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_where_nothing_can_leave_nothing_is_signed_and_the_envelope_waits_to_be_given_back(
    database: Database, change: Change
) -> None:
    city = open_owed_city(database, reading=_two_monthly_tasks())
    filing_id = _written(city)
    _changed(city, change, whole=True)
    shown = _shown(city, filing_id)
    assert (shown.leaves, shown.causes, shown.leaving) == (False, (change.cause,), ())
    with database.transaction() as session, pytest.raises(NothingLeaves) as refused:
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=SIGNED)
    assert "这份报送所列事项（一1、一2）不能报出" in sentence(refused.value)
    assert set(_states(database, filing_id).values()) == {"awaiting_sign_off"}
    with database.reading() as session:
        assert session.get_one(FilingRow, filing_id).state == "awaiting_sign_off"
    _assert_told_alike(database, now=SIGNED)


@pytest.mark.parametrize("kind", [FilingKind.UPDATE, FilingKind.COMPLETION])
def test_what_was_written_outside_forms_on_a_task_that_was_cancelled_is_not_signed(
    database: Database, kind: FilingKind
) -> None:
    city = open_owed_city(database, reading=_two_monthly_tasks())
    liaison = city.liaison("swj")
    with database.transaction() as session:
        claim = Claim.DONE if kind is FilingKind.COMPLETION else Claim.ONGOING_ACTIVE
        entry = Entry(_shares(city, session)[0].id or 0, RowContent(claim=claim, text=SAID))
        filing_id = submit_one(session, SubmitOne(kind, entry), actor=liaison, at=WRITTEN)
    _changed(city, CHANGES["cancelled"], whole=False)
    assert not _shown(city, filing_id).leaves
    with database.transaction() as session, pytest.raises(NothingLeaves):
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=SIGNED)


def test_a_tick_that_nobody_asks_for_any_more_is_shown_as_what_stays_and_not_signed(database: Database) -> None:
    city = open_owed_city(database)
    city.grow(at(12, 28))
    liaison, head = city.liaison("yc"), city.head("yc")
    with database.transaction() as session:
        row, period_id = session.execute(
            select(FormRow, col(PeriodRow.id))
            .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
            .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
            .where(col(SeriesRow.unit_id) == head.unit_id, col(FormRow.assignment_id).is_(None))
            .order_by(col(PeriodRow.starts_on))
        ).all()[0]
        command = SubmitForm(period_id or 0, (), ticked=True)
        filing_id = submit_form(session, command, actor=liaison, at=at(12, 28))
        settle_rows(session, [row], RowState.WAIVED, cause="task_cancelled", actor=OFFICE, at=at(12, 28))
    with database.reading() as session:
        shown = envelope(session, filing_id=filing_id, unit_ids=EVERY_UNIT)
    assert shown is not None
    assert (shown.leaves, shown.ticked, shown.tick_stays) == (False, 0, "task_cancelled")
    with database.transaction() as session, pytest.raises(NothingLeaves) as refused:
        sign_off(session, filing_id=filing_id, actor=head, at=at(12, 28))
    assert "其他配合事项" in sentence(refused.value)


def test_a_report_that_stays_ends_no_earlier_account_of_its_share(database: Database) -> None:
    city = open_owed_city(database, reading=_two_monthly_tasks())
    liaison, head = city.liaison("swj"), city.head("swj")
    city.grow(at(11, 1))
    with database.transaction() as session:
        for row in session.scalars(select(FormRow)):
            row.act = False
        [october] = session.scalars(
            select(col(PeriodRow.id))
            .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
            .where(col(PeriodRow.code) == "2022-10", col(SeriesRow.unit_id) == city.unit_id("swj"))
        )
        said = RowContent(claim=Claim.ONGOING_ACTIVE, text=SAID)
        entries = tuple(Entry(share.id or 0, said) for share in _shares(city, session))
        command = SubmitForm(october or 0, entries, missed_words="统计口径调整")
        filing_id = submit_form(session, command, actor=liaison, at=at(11, 1))
        first = _shares(city, session)[0].id
        rows = session.scalars(
            select(FormRow).where(col(FormRow.assignment_id) == first, col(FormRow.period_id) == october)
        )
        settle_rows(session, rows, RowState.WAIVED, cause="interval_set", actor=OFFICE, at=at(11, 1))
    with database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=head, at=at(11, 2))
        september = {
            row.assignment_id: row.state
            for row in session.scalars(select(FormRow).where(col(FormRow.period_id) == _september(city, session)))
        }
        stayed, left = (share.id for share in _shares(city, session))
    assert (september[stayed], september[left]) == ("open", "missed")


@pytest.mark.parametrize("whole", [False, True])
def test_what_was_written_on_work_that_goes_on_begins_its_next_form(database: Database, whole: bool) -> None:
    city = open_owed_city(database, reading=_two_monthly_tasks())
    filing_id = _written(city)
    _changed(city, CHANGES["suspended and resumed"], whole=whole)
    with database.transaction() as session:
        if whole:
            send_back(session, filing_id=filing_id, reason="不能报出", actor=city.head("swj"), at=SIGNED)
        else:
            sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=SIGNED)
    later = at(10, 28)
    city.grow(later)
    with database.reading() as session:
        series = session.scalars(select(col(SeriesRow.id)).where(col(SeriesRow.unit_id) == city.unit_id("swj")))
        codes = select(col(PeriodRow.id)).where(
            col(PeriodRow.series_id).in_(series.all()), col(PeriodRow.code) == "2022-10"
        )
        form = form_view(session, period_id=session.scalars(codes).one() or 0, unit_ids=EVERY_UNIT, now=later)
        over = form_view(session, period_id=_september(city, session), unit_ids=EVERY_UNIT, now=later)
    assert form is not None
    assert over is not None
    carried = [row.draft.text if row.draft is not None and row.carried else None for row in form.rows]
    assert carried == ([SAID, SAID] if whole else [SAID, None])
    assert [row.unsent.text for row in over.rows if row.unsent is not None] == [SAID] * (2 if whole else 1)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    database = fresh_sqlite(tmp_path)
    open_owed_city(database, reading=_two_monthly_tasks())
    made = Site(database, tmp_path, city=City(database))
    made.clock.at = SIGNED
    return made


def _page(text: str) -> str:
    return html.unescape(text)


def test_the_head_is_told_what_left_and_the_liaison_what_did_not(site: Site) -> None:
    city = OwedCity(site.services.database)
    filing_id = _written(city)
    _changed(city, CHANGES["suspended and resumed"], whole=False)
    with site.client("swj-head") as head:
        page = _page(head.get("/sign-off").get_data(as_text=True))
        assert "不能报出1行" in page.replace('<span class="count">', "").replace("</span>", "")
        assert "因事项中止期间到期的报送免报，未报出" in page
        assert post(head, f"/filings/{filing_id}/sign", at="/sign-off").status_code == 303
        flashed = _page(head.get("/sign-off").get_data(as_text=True))
        assert "已审签报出1行；1行所报事项已撤销、改派或者免报，未报出，已告知填报人。" in flashed
    site.work()
    with site.services.database.reading() as session:
        messages = session.scalars(select(ReminderRow).where(col(ReminderRow.kind) == "reports.stayed")).all()
        assert len({one.recipient_id for one in messages}) == 2, "the liaison, and the head whose signature it was"
        message = messages[0]
        share = _shares(city, session)[0]
        september = _september(city, session)
    assert "一1“每月通报一次招商情况”因事项中止期间到期的报送免报，未报出" in message.reason
    with site.client("swj") as liaison:
        task = _page(liaison.get(f"/tasks/{share.task_id}").get_data(as_text=True))
        form = _page(liaison.get(f"/periods/{september}/form").get_data(as_text=True))
        for shown in (task, form):
            assert SAID in shown
            assert "未报出" in shown


def test_where_nothing_can_leave_the_page_offers_to_give_it_back_and_no_signature(site: Site) -> None:
    city = OwedCity(site.services.database)
    filing_id = _written(city)
    _changed(city, CHANGES["cancelled"], whole=True)
    with site.client("swj-head") as head:
        page = _page(head.get("/sign-off").get_data(as_text=True))
        assert "同意报出" not in page
        assert "因事项撤销，这份报送不能报出</textarea>" in page
        refused = post(head, f"/filings/{filing_id}/sign", at="/sign-off")
        assert (refused.status_code, "（一1、一2）不能报出，请退回联络员" in _page(refused.get_data(as_text=True))) == (
            409,
            True,
        )
        reason = "因事项撤销，这份报送不能报出"
        assert post(head, f"/filings/{filing_id}/send-back", at="/sign-off", reason=reason).status_code == 303
        assert "没有等待审签的报送" in _page(head.get("/sign-off").get_data(as_text=True))


def test_an_envelope_bears_the_number_of_the_document_of_its_form(database: Database) -> None:
    open_owed_city(database)
    with database.transaction() as session:
        register_document(session, small_reading(number="驻政办〔2022〕98号"), actor=SYSTEM, at=at(8, 26))
    filing_id = City(database).submit()
    with database.reading() as session:
        unit_ids = [City(database).unit_id("swj")]
        found = [(one.filing_id, one.document_number) for one in waiting_envelopes(session, unit_ids=unit_ids)]
    assert found == [(filing_id, NUMBER)]


def test_what_waits_for_the_head_stands_by_its_moment_and_what_has_none_last(database: Database) -> None:
    open_owed_city(database).grow(at(10, 28))
    city = City(database)
    with database.transaction() as session:
        news = Entry(city.assignment("swj", session).id or 0, RowContent(text="10月27日签约1个项目。"))
        told = submit_one(session, SubmitOne(FilingKind.UPDATE, news), actor=city.liaison("swj"), at=at(10, 27))
    forms = [city.submit(at=at(10, day), name=name) for day, name in ((28, "2022-10"), (29, "2022-09"))]
    with database.reading() as session:
        found = [one.filing_id for one in waiting_envelopes(session, unit_ids=[city.unit_id("swj")])]
    assert found == [*reversed(forms), told]
