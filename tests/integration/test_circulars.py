"""Editions of circulars on real databases: figures of an earlier time, decisions, numbers without gaps."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from tests.support.office import CALENDAR, OFFICE, POLICY, City, open_city
from tracker.domain.accounts import Actor, NotYourTask, Role
from tracker.domain.circulars import CircularType, Content, EditionRefused, Scope
from tracker.domain.errors import NotFound, Stale
from tracker.domain.reports import ReasonRequired, ReportKind
from tracker.store.database import Database
from tracker.store.queries.circulars import content_as_of, content_of, last_running_number, previous_edition
from tracker.store.queries.facts import find_unit, last_event
from tracker.store.tables.circulars import CircularRow, NumberSeriesRow
from tracker.usecases.circulars import (
    LeaderNeeded,
    NewEdition,
    OtherPersonNeeded,
    Rendered,
    approve_circular,
    discard_circular,
    draft_circular,
    issue_circular,
    send_back_circular,
    submit_circular,
    withdraw_circular,
)
from tracker.usecases.extensions import RequestExtension, grant_extension, request_extension
from tracker.usecases.reporting import SubmitReport, acknowledge, sign_off, submit_report

BEFORE = datetime(2022, 9, 2, 1, 0, tzinfo=UTC)
CUT_OFF = datetime(2022, 9, 6, 1, 0, tzinfo=UTC)
AFTER = datetime(2022, 9, 8, 1, 0, tzinfo=UTC)
LEADER = Actor(3, "市领导", Role.LEADER)
SECOND = Actor(4, "另一督查员", Role.SUPERVISOR)


@pytest.fixture
def city(database: Database) -> City:
    return open_city(database)


def _content(session: Session, *, as_of: datetime = CUT_OFF, up_to: int | None = None) -> Content:
    return content_as_of(
        session,
        kind=CircularType.SUPERVISION,
        scope=Scope(),
        as_of=as_of,
        up_to=up_to,
        previous=None,
        calendar=CALENDAR,
        policy=POLICY,
    )


def _report(city: City, *, at: datetime, kind: ReportKind = ReportKind.PROGRESS) -> int:
    with city.database.transaction() as session:
        period = city.period("swj", session)
        assignment = city.assignment("swj", session)
        if assignment.received_at is None:
            acknowledge(session, assignment_id=assignment.id or 0, actor=city.liaison("swj"), at=at)
        handed = SubmitReport(
            assignment_id=assignment.id or 0, kind=kind, text="已印发通报。", period_id=period.id, percent_done=40
        )
        report_id = submit_report(session, handed, actor=city.liaison("swj"), at=at)
        session.flush()
        sign_off(session, report_id=report_id, actor=city.head("swj"), at=at)
    return report_id


def test_a_report_filed_later_does_not_change_the_figures_of_an_earlier_cut_off(city: City) -> None:
    with city.database.reading() as session:
        first = _content(session)
        seen = last_event(session)
    assert first.counts["owed"] == 1
    _report(city, at=AFTER)
    with city.database.reading() as session:
        assert _content(session) == first
        assert _content(session, up_to=seen) == first
        now = _content(session, as_of=AFTER + timedelta(hours=1))
    assert (now.counts["owed"], now.counts["late"]) == (0, 1)
    assert now.figures["late"].sources[0].events


def test_an_extension_granted_later_leaves_the_earlier_due_day(city: City) -> None:
    with city.database.transaction() as session:
        period = city.period("swj", session)
        assert period.due_on is not None
        asked = RequestExtension(period.id or 0, period.due_on + timedelta(days=10), "等待上级口径")
        extension_id = request_extension(session, asked, actor=city.liaison("swj"), at=BEFORE)
    with city.database.reading() as session:
        before = _content(session)
    with city.database.transaction() as session:
        grant_extension(session, extension_id=extension_id, actor=OFFICE, at=AFTER)
    with city.database.reading() as session:
        assert _content(session) == before
        assert _content(session, as_of=AFTER).counts["owed"] == 0


def _new(session: Session, *, kind: CircularType = CircularType.SUPERVISION, replaces: int | None = None) -> NewEdition:
    return NewEdition(
        type=kind,
        office="office",
        scope=Scope(),
        as_of=CUT_OFF,
        last_event=last_event(session),
        template_version="t",
        rule_version="r",
        series="驻政办督",
        title="关于重点工作推进情况的督查通报",
        addressees="各县区",
        copies="",
        note="",
        statements=[(0, "共{total}项。")],
        replaces_id=replaces,
    )


def _drafted(city: City, *, kind: CircularType = CircularType.SUPERVISION, replaces: int | None = None) -> int:
    with city.database.transaction() as session:
        return draft_circular(session, _new(session, kind=kind, replaces=replaces), actor=OFFICE, at=CUT_OFF)


def _approved(city: City, *, replaces: int | None = None) -> int:
    circular_id = _drafted(city, replaces=replaces)
    with city.database.transaction() as session:
        submit_circular(session, circular_id=circular_id, version=1, actor=OFFICE, at=CUT_OFF)
    with city.database.transaction() as session:
        approve_circular(session, circular_id=circular_id, version=2, basis="同意", actor=LEADER, at=CUT_OFF)
    return circular_id


def _issue(city: City, circular_id: int, *, at: datetime = CUT_OFF, fails: bool = False) -> str:
    def render(_row: CircularRow, number: str) -> Rendered:
        if fails:
            raise RuntimeError("the printer burns")
        return Rendered("0" * 64, f"{number}.docx", ())

    with city.database.transaction() as session:
        return issue_circular(
            session,
            circular_id=circular_id,
            version=3,
            numbering=lambda year, running: f"驻政办督〔{year}〕{running}号",
            render=render,
            actor=OFFICE,
            at=at,
        )


def test_praise_and_criticism_need_the_leader_and_nobody_approves_a_draft_of_his_own(city: City) -> None:
    blaming, plain = _drafted(city), _drafted(city, kind=CircularType.ASSIGNMENT)
    for circular_id in (blaming, plain):
        with city.database.transaction() as session:
            submit_circular(session, circular_id=circular_id, version=1, actor=OFFICE, at=CUT_OFF)
    for circular_id, actor, error in (
        (blaming, SECOND, LeaderNeeded),
        (plain, OFFICE, OtherPersonNeeded),
        (plain, city.liaison("swj"), NotYourTask),
    ):
        with pytest.raises(error), city.database.transaction() as session:
            approve_circular(session, circular_id=circular_id, version=2, basis="同意", actor=actor, at=CUT_OFF)
    with pytest.raises(ReasonRequired), city.database.transaction() as session:
        approve_circular(session, circular_id=plain, version=2, basis=" ", actor=SECOND, at=CUT_OFF)
    with city.database.transaction() as session:
        approve_circular(session, circular_id=plain, version=2, basis="同意", actor=SECOND, at=CUT_OFF)


def test_what_is_stale_closed_or_unknown_is_refused(city: City) -> None:
    circular_id = _drafted(city)
    with pytest.raises(Stale), city.database.transaction() as session:
        submit_circular(session, circular_id=circular_id, version=9, actor=OFFICE, at=CUT_OFF)
    with pytest.raises(NotFound), city.database.transaction() as session:
        submit_circular(session, circular_id=99, version=1, actor=OFFICE, at=CUT_OFF)
    with city.database.transaction() as session:
        discard_circular(session, circular_id=circular_id, version=1, actor=OFFICE, at=CUT_OFF)
    with pytest.raises(EditionRefused), city.database.transaction() as session:
        submit_circular(session, circular_id=circular_id, version=2, actor=OFFICE, at=CUT_OFF)


def test_a_draft_sent_back_loses_its_approval(city: City) -> None:
    circular_id = _approved(city)
    with city.database.transaction() as session:
        send_back_circular(session, circular_id=circular_id, version=3, reason="改标题", actor=LEADER, at=CUT_OFF)
    with city.database.reading() as session:
        row = session.get_one(CircularRow, circular_id)
        assert (row.state, row.approved_by, row.sent_back_because) == ("draft", None, "改标题")


def test_a_failed_print_leaves_no_gap_in_the_series(city: City) -> None:
    circular_id = _approved(city)
    with pytest.raises(RuntimeError):
        _issue(city, circular_id, fails=True)
    assert _issue(city, circular_id) == "驻政办督〔2022〕1号"
    with city.database.reading() as session:
        assert last_running_number(session, series="驻政办督", year=2022, by=AFTER) == 1
        assert last_running_number(session, series="驻政办督", year=2022, by=BEFORE) == 0


def test_offices_that_issue_in_the_same_instant_get_numbers_one_after_another(city: City) -> None:
    ready = [_approved(city) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        numbers = list(pool.map(lambda circular_id: _issue(city, circular_id), ready))
    assert sorted(numbers) == [f"驻政办督〔2022〕{n}号" for n in range(1, 7)]
    with city.database.reading() as session:
        assert session.exec(select(NumberSeriesRow)).one().last == 6


def test_a_correction_takes_the_place_of_the_first_edition_and_both_are_kept(city: City) -> None:
    first = _approved(city)
    _issue(city, first)
    second = _approved(city, replaces=first)
    _issue(city, second, at=AFTER)
    with city.database.reading() as session:
        rows = {row.id: row for row in session.exec(select(CircularRow).order_by(col(CircularRow.id)))}
        assert (rows[first].state, rows[second].state) == ("corrected", "issued")
        assert "2号" in (rows[first].closed_because or "")
        assert rows[first].sha256 is not None


def test_the_next_circular_compares_itself_with_the_last_one(city: City) -> None:
    first = _approved(city)
    _issue(city, first)
    _report(city, at=AFTER)
    with city.database.reading() as session:
        previous = previous_edition(
            session, kind=CircularType.SUPERVISION, office="office", scope=Scope(), before=AFTER + timedelta(days=1)
        )
        assert previous is not None
        content = content_as_of(
            session,
            kind=CircularType.SUPERVISION,
            scope=Scope(),
            as_of=AFTER + timedelta(days=1),
            up_to=None,
            previous=previous,
            calendar=CALENDAR,
            policy=POLICY,
        )
    assert (content.counts["previous_owed"], content.counts["made_good"]) == (1, 1)


def test_figures_of_an_edition_stay_whatever_comes_later(city: City) -> None:
    circular_id = _drafted(city)
    with city.database.reading() as session:
        before = content_of(session, session.get_one(CircularRow, circular_id), calendar=CALENDAR, policy=POLICY)
    _report(city, at=AFTER)
    with city.database.transaction() as session:
        withdrawn = session.get_one(CircularRow, circular_id)
        assert content_of(session, withdrawn, calendar=CALENDAR, policy=POLICY) == before
    with pytest.raises(EditionRefused), city.database.transaction() as session:
        withdraw_circular(session, circular_id=circular_id, version=1, reason="无", actor=OFFICE, at=AFTER)


def test_a_unit_is_found_by_any_of_its_names(city: City) -> None:
    with city.database.reading() as session:
        assert find_unit(session, "市商务局") is not None
        assert find_unit(session, "没有的单位") is None
