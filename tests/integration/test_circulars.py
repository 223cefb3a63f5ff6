"""Editions of circulars on real databases: figures of an earlier time, decisions, numbers without gaps."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import Session, col

from tests.support.corrections import CHANGED
from tests.support.office import CALENDAR, LEADER, OFFICE, POLICY, City, open_city
from tests.support.owed_city import at
from tests.support.papers import annex
from tracker.domain.accounts import Actor, NotYourTask, Role
from tracker.domain.circulars.content import Content, Figure, Scope, Table
from tracker.domain.circulars.days import AnswerDayPast, ClosingDayPast, MendingDayPast, OrderedDayPast
from tracker.domain.circulars.editions import (
    CorrectionUnderWay,
    EditionRefused,
    LeaderNeeded,
    OtherPersonNeeded,
    SpanToldOtherwise,
)
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.new_editions import NewEdition
from tracker.domain.claims import Claim
from tracker.domain.errors import NotFound, Stale
from tracker.domain.filings import FilingKind, ReasonRequired
from tracker.domain.holidays import DaysOff
from tracker.domain.windows import Reckoning
from tracker.paper.circulars import word
from tracker.paper.letterheads import letterhead
from tracker.store.database import Database
from tracker.store.history.contents import content_as_of, content_of
from tracker.store.history.facts import find_unit
from tracker.store.history.log import last_event
from tracker.store.queries.calendar import imported_notices
from tracker.store.queries.circulars import last_running_number, previous_edition
from tracker.store.queries.editions_under_way import waiting_for
from tracker.store.tables.circulars import CircularRow, NumberSeriesRow
from tracker.usecases.circulars.deciding import (
    approve_circular,
    send_back_circular,
    submit_circular,
)
from tracker.usecases.circulars.drafting import correct_circular, discard_circular, draft_circular
from tracker.usecases.circulars.issuing import issue_circular, withdraw_circular
from tracker.usecases.filing import SubmitOne, sign_off, submit_one
from tracker.usecases.publishing_calendar import publish_notices
from tracker.usecases.requesting import RequestExtension, grant_extension, request_extension
from tracker.wording.refusals import sentence

BEFORE = datetime(2022, 9, 30, 1, 0, tzinfo=UTC)
CUT_OFF = datetime(2022, 10, 12, 1, 0, tzinfo=UTC)
AFTER = datetime(2022, 10, 14, 1, 0, tzinfo=UTC)
# What the editions here are made of: of days only, each of which another paper orders.
CONTENT = Content(
    CircularType.SUPERVISION,
    Scope(),
    CUT_OFF,
    figures={
        "answer_by": Figure("answer_by", "2022年10月19日", "", ()),
        "closing_by": Figure("closing_by", "2022年10月20日、2022年11月4日", "", ()),
    },
    tables=(Table("faults", "整改问题清单", (("1", "一", "事项", "9月", "未补正", "2022年10月24日"),)),),
)
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
    )


def _counts(city: City, *, as_of: datetime, up_to: int | None = None) -> Mapping[str, int]:
    with city.database.reading() as session:
        return _content(session, as_of=as_of, up_to=up_to).counts


def test_a_report_filed_later_does_not_change_the_figures_of_an_earlier_cut_off(city: City) -> None:
    with city.database.reading() as session:
        first = _content(session)
        seen = last_event(session)
    assert (first.counts["owed"], first.counts["overdue"]) == (1, 1)
    filing_id = city.file(at=AFTER)
    with city.database.reading() as session:
        assert _content(session) == first
        assert _content(session, up_to=seen) == first
        now = _content(session, as_of=AFTER + timedelta(hours=1))
    assert (now.counts["owed"], now.counts["under_review"], now.counts["late_elsewhere"]) == (0, 1, 1)
    assert now.figures["under_review"].sources[0].events
    city.accept(filing_id, at=AFTER + timedelta(hours=2))
    assert _counts(city, as_of=AFTER + timedelta(hours=3))["late"] == 1


def test_a_late_report_stays_late_when_it_is_returned_and_filed_again_in_time(city: City) -> None:
    filing_id = city.file(at=CUT_OFF)
    returned_at, again_at = AFTER, AFTER + timedelta(days=1)
    before = _counts(city, as_of=CUT_OFF + timedelta(hours=1))
    city.give_back(filing_id, at=returned_at)
    running = _counts(city, as_of=returned_at + timedelta(hours=1))
    assert (running["correction"], running["owed"], running["late_elsewhere"], running["returned"]) == (1, 0, 1, 1)
    city.accept(city.file(at=again_at), at=again_at + timedelta(hours=1))
    done = _counts(city, as_of=again_at + timedelta(hours=2))
    assert (done["late"], done["on_time"], done["reports_due"]) == (1, 0, 1)
    assert _counts(city, as_of=CUT_OFF + timedelta(hours=1)) == before


def test_a_correction_past_its_own_moment_is_uncorrected_and_stands_in_the_annex(city: City) -> None:
    city.give_back(city.file(at=BEFORE), at=CUT_OFF)
    with city.database.reading() as session:
        content = _content(session, as_of=CUT_OFF + timedelta(days=9))
    assert (content.counts["uncorrected"], content.counts["owed"], content.counts["overdue"]) == (1, 0, 1)
    assert "未补正" in annex(content).rows[0][4]
    assert content.figures["return_reasons"].words == "佐证不足1项次"


def test_an_extension_asked_in_time_is_pending_and_granted_later_leaves_the_earlier_figures(city: City) -> None:
    with city.database.transaction() as session:
        row = city.row("swj", session)
        asked = RequestExtension(row.id or 0, date(2022, 10, 25), "等待上级口径")
        request_id = request_extension(session, asked, actor=city.liaison("swj"), at=BEFORE)
    pending = _counts(city, as_of=CUT_OFF)
    assert (pending["pending"], pending["owed"], pending["overdue"]) == (1, 0, 0)
    with city.database.transaction() as session:
        grant_extension(
            session, request_id=request_id, actor=OFFICE, at=AFTER, by=Reckoning(calendar=CALENDAR, policy=POLICY)
        )
    assert _counts(city, as_of=CUT_OFF) == pending
    assert _counts(city, as_of=AFTER)["reports_due"] == 0


def test_periods_unreported_in_a_row_are_one_line(city: City) -> None:
    for now in (CUT_OFF, datetime(2022, 11, 8, 1, 0, tzinfo=UTC), datetime(2022, 12, 8, 1, 0, tzinfo=UTC)):
        city.sweep(now)
    with city.database.reading() as session:
        content = _content(session, as_of=datetime(2022, 12, 8, 1, 0, tzinfo=UTC))
    assert (content.counts["owed"], content.counts["overdue"]) == (3, 1)
    assert annex(content).rows[0][4] == "2022年9月起共3期"


def test_nothing_is_said_of_work_that_the_log_does_not_tell(city: City) -> None:
    with city.database.reading() as session:
        content = _content(session, as_of=BEFORE)
        words = "".join(text for _level, text in word(content, letterhead(CircularType.SUPERVISION)).statements)
    assert (content.counts["unreceived"], content.counts["waits"]) == (1, 1)
    for false in ("表扬", "内容不实", "按序时推进", "未到办理期"):
        assert false not in words


def test_a_task_done_is_told_by_its_completion_and_not_by_its_forms(city: City) -> None:
    with city.database.transaction() as session:
        done = SubmitOne(FilingKind.COMPLETION, city.entry("swj", session, claim=Claim.DONE))
        filing_id = submit_one(session, done, actor=city.liaison("swj"), at=BEFORE)
    with city.database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=BEFORE)
    assert _counts(city, as_of=BEFORE + timedelta(hours=1))["completion_pending"] == 1
    city.accept(filing_id, at=BEFORE + timedelta(hours=2))
    done_counts = _counts(city, as_of=CUT_OFF)
    assert (done_counts["completed_met"], done_counts["waived"], done_counts["owed"]) == (1, 1, 0)


def _new(session: Session, *, kind: CircularType = CircularType.SUPERVISION) -> NewEdition:
    return NewEdition(
        type=kind,
        office="office",
        scope=Scope(),
        as_of=CUT_OFF,
        last_event=last_event(session),
        facts_sha256="f" * 64,
        template_version="t",
        rule_version="r",
        series="驻政办督",
        title="关于重点工作推进情况的督查通报",
        addressees="各县区",
        copies="",
        note="",
        statements=[(0, "共{total}项。")],
    )


def test_an_edition_waits_for_everybody_who_may_approve_it_and_for_nobody_else(city: City) -> None:
    kinds = {CircularType.SUPERVISION: AFTER, CircularType.NOTICE: AFTER + timedelta(hours=1)}
    with city.database.transaction() as session:
        for kind, at in kinds.items():
            id_ = draft_circular(session, _new(session, kind=kind), actor=OFFICE, at=at)
            submit_circular(session, circular_id=id_, version=1, content=CONTENT, corrects=CHANGED, actor=OFFICE, at=at)
    with city.database.reading() as session:
        waits = {who: [one.since for one in waiting_for(session, who).to_approve] for who in (OFFICE, SECOND, LEADER)}
    assert waits == {OFFICE: [], SECOND: [kinds[CircularType.NOTICE]], LEADER: list(kinds.values())}
    back_at = AFTER + timedelta(hours=2)
    with city.database.transaction() as session:
        send_back_circular(session, circular_id=1, version=1, reason='"circular_id": 2,', actor=LEADER, at=back_at)
    with city.database.reading() as session:
        office, leader = waiting_for(session, OFFICE), waiting_for(session, LEADER)
    assert [(one.circular_id, one.since) for one in office.to_change] == [(1, back_at)]
    assert [(one.circular_id, one.since) for one in leader.to_approve] == [(2, kinds[CircularType.NOTICE])]


def _drafted(city: City, *, kind: CircularType = CircularType.SUPERVISION) -> int:
    with city.database.transaction() as session:
        return draft_circular(session, _new(session, kind=kind), actor=OFFICE, at=CUT_OFF)


def _approved(city: City, *, kind: CircularType = CircularType.SUPERVISION) -> int:
    circular_id = _drafted(city, kind=kind)
    _approve(city, circular_id)
    return circular_id


def _approve(city: City, circular_id: int, *, at: datetime = CUT_OFF) -> None:
    with city.database.transaction() as session:
        submit_circular(
            session, circular_id=circular_id, version=1, content=CONTENT, corrects=CHANGED, actor=OFFICE, at=at
        )
    with city.database.transaction() as session:
        approve_circular(
            session,
            circular_id=circular_id,
            version=2,
            basis="同意",
            content=CONTENT,
            corrects=CHANGED,
            actor=LEADER,
            at=at,
        )


def _issue(
    city: City, circular_id: int, *, at: datetime = CUT_OFF, fails: bool = False, content: Content = CONTENT
) -> str:
    def number(year: int, running: int) -> str:
        if fails:
            raise RuntimeError("no number today")
        return f"驻政办督〔{year}〕{running}号"

    with city.database.transaction() as session:
        return issue_circular(
            session,
            circular_id=circular_id,
            version=3,
            numbering=number,
            content=content,
            corrects=CHANGED,
            calendar=CALENDAR,
            actor=OFFICE,
            at=at,
        )


@pytest.mark.parametrize(
    ("words", "passed_at", "error"),
    [
        ("请于{answer_by}前报送。", at(10, 19), AnswerDayPast),
        ("请于{closing_by}前报送收尾报告。", at(10, 21), ClosingDayPast),
        ("请按附件所列期限整改。", at(10, 25), MendingDayPast),
    ],
)
def test_a_paper_that_orders_something_by_a_day_that_is_past_goes_no_further_and_takes_no_number(
    city: City, words: str, passed_at: datetime, error: type[OrderedDayPast]
) -> None:
    with city.database.transaction() as session:
        late = draft_circular(session, replace(_new(session), statements=[(0, words)]), actor=OFFICE, at=CUT_OFF)
    in_time = passed_at - timedelta(days=1)
    with pytest.raises(error), city.database.transaction() as session:
        submit_circular(session, circular_id=late, version=1, content=CONTENT, actor=OFFICE, at=passed_at)
    with city.database.transaction() as session:
        submit_circular(session, circular_id=late, version=1, content=CONTENT, actor=OFFICE, at=in_time)
    with pytest.raises(error) as refused, city.database.transaction() as session:
        approve_circular(
            session, circular_id=late, version=2, basis="同意", content=CONTENT, actor=LEADER, at=passed_at
        )
    assert "按现在的数据重拟" in sentence(refused.value)
    with city.database.transaction() as session:
        approve_circular(session, circular_id=late, version=2, basis="同意", content=CONTENT, actor=LEADER, at=in_time)
    with pytest.raises(error):
        _issue(city, late, at=passed_at)
    assert _issue(city, late, at=in_time).endswith("1号")
    with city.database.transaction() as session:
        second = correct_circular(session, circular_id=late, version=4, reason="数字有误", actor=OFFICE, at=passed_at)
    _approve(city, second, at=passed_at)
    assert _issue(city, second, at=passed_at).endswith("2号")


def test_praise_and_criticism_need_the_leader_and_nobody_approves_a_draft_of_his_own(city: City) -> None:
    blaming, plain = _drafted(city), _drafted(city, kind=CircularType.ASSIGNMENT)
    for circular_id in (blaming, plain):
        with city.database.transaction() as session:
            submit_circular(session, circular_id=circular_id, version=1, content=CONTENT, actor=OFFICE, at=CUT_OFF)
    for circular_id, actor, error in (
        (blaming, SECOND, LeaderNeeded),
        (plain, OFFICE, OtherPersonNeeded),
        (plain, city.liaison("swj"), NotYourTask),
    ):
        with pytest.raises(error), city.database.transaction() as session:
            approve_circular(
                session, circular_id=circular_id, version=2, basis="同意", content=CONTENT, actor=actor, at=CUT_OFF
            )
    with pytest.raises(ReasonRequired), city.database.transaction() as session:
        approve_circular(session, circular_id=plain, version=2, basis=" ", content=CONTENT, actor=SECOND, at=CUT_OFF)
    with city.database.transaction() as session:
        approve_circular(session, circular_id=plain, version=2, basis="同意", content=CONTENT, actor=SECOND, at=CUT_OFF)


def test_what_is_stale_closed_or_unknown_is_refused(city: City) -> None:
    circular_id = _drafted(city)
    with pytest.raises(Stale), city.database.transaction() as session:
        submit_circular(session, circular_id=circular_id, version=9, content=CONTENT, actor=OFFICE, at=CUT_OFF)
    with pytest.raises(NotFound), city.database.transaction() as session:
        submit_circular(session, circular_id=99, version=1, content=CONTENT, actor=OFFICE, at=CUT_OFF)
    with city.database.transaction() as session:
        discard_circular(session, circular_id=circular_id, version=1, actor=OFFICE, at=CUT_OFF)
    with pytest.raises(EditionRefused), city.database.transaction() as session:
        submit_circular(session, circular_id=circular_id, version=2, content=CONTENT, actor=OFFICE, at=CUT_OFF)


def test_a_draft_sent_back_loses_its_approval(city: City) -> None:
    circular_id = _approved(city)
    with city.database.transaction() as session:
        send_back_circular(session, circular_id=circular_id, version=3, reason="改标题", actor=LEADER, at=CUT_OFF)
    with city.database.reading() as session:
        row = session.get_one(CircularRow, circular_id)
        assert (row.state, row.approved_by, row.sent_back_because) == ("draft", None, "改标题")


def test_an_issue_that_fails_leaves_no_gap_in_the_series(city: City) -> None:
    circular_id = _approved(city)
    with pytest.raises(RuntimeError):
        _issue(city, circular_id, fails=True)
    assert _issue(city, circular_id) == "驻政办督〔2022〕1号"
    with city.database.reading() as session:
        assert last_running_number(session, series="驻政办督", year=2022, by=AFTER) == 1
        assert last_running_number(session, series="驻政办督", year=2022, by=BEFORE) == 0


def test_a_paper_takes_its_number_from_the_series_of_the_year_in_which_it_is_issued(city: City) -> None:
    """The year is that of Shanghai's clock at issue, whatever the cut-off of the figures."""
    ordering_nothing = replace(CONTENT, figures={}, tables=())
    cut_off, new_year = datetime(2022, 12, 31, 1, 0, tzinfo=UTC), datetime(2022, 12, 31, 16, 0, tzinfo=UTC)
    numbers = []
    for issued_at in (new_year - timedelta(seconds=1), new_year, new_year + timedelta(days=10)):
        with city.database.transaction() as session:
            new = replace(_new(session, kind=CircularType.NOTICE), as_of=cut_off, title=f"截至{issued_at}")
            circular_id = draft_circular(session, new, actor=OFFICE, at=cut_off)
        _approve(city, circular_id, at=CUT_OFF)
        numbers.append(_issue(city, circular_id, at=issued_at, content=ordering_nothing))
    assert numbers == ["驻政办督〔2022〕1号", "驻政办督〔2023〕1号", "驻政办督〔2023〕2号"]
    with city.database.reading() as session:
        years = session.execute(select(col(CircularRow.year), col(CircularRow.as_of)).order_by(col(CircularRow.id)))
        assert [(year, as_of) for year, as_of in years] == [(2022, cut_off), (2023, cut_off), (2023, cut_off)]


def test_offices_that_issue_in_the_same_instant_get_numbers_one_after_another(city: City) -> None:
    ready = [_approved(city, kind=CircularType.ASSIGNMENT) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        numbers = list(pool.map(lambda circular_id: _issue(city, circular_id), ready))
    assert sorted(numbers) == [f"驻政办督〔2022〕{n}号" for n in range(1, 7)]
    with city.database.reading() as session:
        assert session.scalars(select(NumberSeriesRow)).one().last == 6


def test_a_correction_keeps_cut_off_facts_and_words_and_takes_the_place_of_the_first_edition(city: City) -> None:
    first = _approved(city)
    with city.database.transaction() as session:
        session.execute(update(CircularRow).values(note="联系人：张三"))
    _issue(city, first)
    with city.database.transaction() as session:
        second = correct_circular(session, circular_id=first, version=4, reason="数字有误", actor=OFFICE, at=AFTER)
    with pytest.raises(CorrectionUnderWay), city.database.transaction() as session:
        correct_circular(session, circular_id=first, version=4, reason="数字有误", actor=OFFICE, at=AFTER)
    _approve(city, second)
    _issue(city, second, at=AFTER)
    with city.database.reading() as session:
        rows = {row.id: row for row in session.scalars(select(CircularRow).order_by(col(CircularRow.id)))}
    assert (rows[first].state, rows[second].state) == ("corrected", "issued")
    assert "2号" in (rows[first].closed_because or "")
    for name in ("as_of", "last_event", "facts_sha256", "statements", "title", "previous_id"):
        assert getattr(rows[first], name) == getattr(rows[second], name)
    with city.database.transaction() as session:
        third = correct_circular(session, circular_id=second, version=4, reason="数字有误", actor=OFFICE, at=AFTER)
        assert rows[second].note == f"因数字有误，本件更正{rows[first].number}，原件同时废止；联系人：张三"
        note = f"因数字有误，本件更正{rows[second].number}，原件同时废止；联系人：张三"
        assert session.get_one(CircularRow, third).note == note


def test_the_next_circular_compares_itself_with_the_last_one(city: City) -> None:
    first = _approved(city)
    _issue(city, first)
    city.file(at=AFTER)
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
        )
    assert (content.counts["previous_overdue"], content.counts["made_good"]) == (1, 1)


def test_a_correction_of_an_older_circular_is_not_the_one_before_the_next(city: City) -> None:
    first = _approved(city)
    _issue(city, first)
    with city.database.transaction() as session:
        new = replace(_new(session), as_of=AFTER, previous_id=first)
        later = draft_circular(session, new, actor=OFFICE, at=AFTER)
    _approve(city, later)
    _issue(city, later, at=AFTER)
    with city.database.transaction() as session:
        second = correct_circular(session, circular_id=first, version=4, reason="数字有误", actor=OFFICE, at=AFTER)
    _approve(city, second)
    _issue(city, second, at=AFTER + timedelta(hours=1))
    before = AFTER + timedelta(days=1)
    with city.database.reading() as session:
        kind = CircularType.SUPERVISION
        previous = previous_edition(session, kind=kind, office="office", scope=Scope(), before=before)
        assert previous is not None
        assert previous.id == later


def test_of_two_papers_that_tell_of_the_same_time_one_goes_out(city: City) -> None:
    """Both were drafted before either went out; it holds of two that are issued in the same instant, too."""
    ready = [_approved(city) for _ in range(2)]

    def issued(circular_id: int) -> str:
        try:
            return _issue(city, circular_id)
        except SpanToldOtherwise:
            return ""

    with ThreadPoolExecutor(2) as pool:
        numbers = list(pool.map(issued, ready))
    assert sorted(numbers) == ["", "驻政办督〔2022〕1号"]


def test_no_paper_goes_out_that_cites_as_the_one_before_what_was_corrected_meanwhile(city: City) -> None:
    """A correction ends where the corrected one does and has another number: what cites that one cites a void paper."""
    first = _approved(city)
    _issue(city, first)
    with city.database.transaction() as session:
        new = replace(_new(session), as_of=AFTER, previous_id=first)
        later = draft_circular(session, new, actor=OFFICE, at=AFTER)
    _approve(city, later)
    with city.database.transaction() as session:
        second = correct_circular(session, circular_id=first, version=4, reason="数字有误", actor=OFFICE, at=AFTER)
    _approve(city, second)
    _issue(city, second, at=AFTER)
    with pytest.raises(SpanToldOtherwise):
        _issue(city, later, at=AFTER)


@pytest.mark.parametrize("act", ["submit", "approve", "issue"])
def test_a_paper_goes_no_further_once_the_one_before_it_is_withdrawn(city: City, act: str) -> None:
    """What the withdrawn one told would be told by none."""
    first = _approved(city)
    _issue(city, first)
    with city.database.transaction() as session:
        new = replace(_new(session), as_of=AFTER, previous_id=first)
        later = draft_circular(session, new, actor=OFFICE, at=AFTER)
    text: dict[str, Any] = {
        "circular_id": later,
        "content": CONTENT,
        "corrects": CHANGED,
        "at": AFTER,
    }  # Any: what the acts take
    steps: dict[str, Callable[[Session], object]] = {
        "submit": lambda session: submit_circular(session, version=1, actor=OFFICE, **text),
        "approve": lambda session: approve_circular(session, version=2, basis="同意", actor=LEADER, **text),
    }
    for name, step in steps.items():
        if name == act:
            break
        with city.database.transaction() as session:
            step(session)
    with city.database.transaction() as session:
        withdraw_circular(session, circular_id=first, version=4, reason="有误", actor=LEADER, at=AFTER)
    with pytest.raises(SpanToldOtherwise):
        if act == "issue":
            _issue(city, later, at=AFTER)
        else:
            with city.database.transaction() as session:
                steps[act](session)


@pytest.mark.parametrize(
    "other",
    [
        {"type": CircularType.NOTICE.value},
        {"office": "government"},
        {"unit_name": "市商务局"},
        {"document_number": "驻政办〔2022〕1号"},
        {"issued_at": AFTER + timedelta(days=1)},
        {"as_of": AFTER + timedelta(days=1)},
        {"state": "withdrawn"},
        {"last_event": 0},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_paper_of_another_kind_place_or_time_is_not_the_one_before(city: City, other: dict[str, object]) -> None:
    first = _approved(city)
    _issue(city, first)
    before = AFTER + timedelta(days=1)
    asked = partial(previous_edition, kind=CircularType.SUPERVISION, office="office", scope=Scope(), before=before)
    with city.database.reading() as session:
        found = asked(session)
        assert found is not None
        assert found.id == first
    with city.database.transaction() as session:
        session.execute(update(CircularRow).values(**other))
    with city.database.reading() as session:
        assert asked(session) is None


def test_figures_of_an_edition_stay_whatever_comes_later(city: City) -> None:
    circular_id = _drafted(city)
    with city.database.reading() as session:
        before = content_of(session, session.get_one(CircularRow, circular_id), calendar=CALENDAR)
    city.file(at=AFTER)
    with city.database.transaction() as session:
        withdrawn = session.get_one(CircularRow, circular_id)
        assert content_of(session, withdrawn, calendar=CALENDAR) == before
    with pytest.raises(EditionRefused), city.database.transaction() as session:
        withdraw_circular(session, circular_id=circular_id, version=1, reason="无", actor=LEADER, at=AFTER)


def test_days_late_are_counted_by_the_calendar_that_was_known_at_the_cut_off(city: City) -> None:
    cut_off, known = CUT_OFF + timedelta(days=8), CALENDAR.notices[2022]
    with city.database.reading() as session:
        before = _content(session, as_of=cut_off)
    off = DaysOff(date(2022, 10, 13), date(2022, 10, 14), "补假")
    notice = replace(known, source="国办发明电〔2022〕9号", holidays=(*known.holidays, off))
    with city.database.transaction() as session:
        by = Reckoning(calendar=CALENDAR, policy=POLICY)
        publish_notices(session, [notice], actor=OFFICE, at=cut_off + timedelta(days=1), by=by, replace=True)

    def again(as_of: datetime) -> Content:
        with city.database.reading() as session:
            calendar = CALENDAR.with_notices(imported_notices(session))
            return content_as_of(
                session,
                kind=CircularType.SUPERVISION,
                scope=Scope(),
                as_of=as_of,
                up_to=None,
                previous=None,
                calendar=calendar,
            )

    assert again(cut_off) == before
    late = int(annex(before).rows[0][-1])
    assert int(annex(again(cut_off + timedelta(days=1, hours=1))).rows[0][-1]) == late + 1 - 2


def test_a_unit_is_found_by_any_of_its_names(city: City) -> None:
    with city.database.reading() as session:
        assert find_unit(session, "市商务局") is not None
        assert find_unit(session, "没有的单位") is None
