"""The office's pages: review by row, requests, the task, the desk, both partitions, open questions; and who may not."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from tests.support.databases import fresh_sqlite
from tests.support.event_types import event_types
from tests.support.office import CALENDAR, IN_TIME, LATE, OFFICE
from tests.support.site import Site, post
from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.calendar import local_day
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import AttachedFile, Entry
from tracker.domain.events.decoding import FORMER_TYPES
from tracker.domain.filings import FilingKind, Outcome
from tracker.domain.intervals import INTERVALS
from tracker.domain.items import Basis, CadenceKind, ItemKind, QuestionTopic
from tracker.domain.owed import Paper
from tracker.domain.series import DocumentFrame, ItemDemands, RhythmDemand, Shares, row_duties
from tracker.store.database import Database
from tracker.store.queries.owed_lists import count_overdue
from tracker.store.queries.paper import by_document, paper_counts, paper_lines
from tracker.store.queries.tasks import task_view
from tracker.store.tables.documents import ItemCadenceRow, ItemGroupMemberRow, ItemGroupRow, ItemRow, QuestionRow
from tracker.store.tables.filings import ReportRow, RequestRow
from tracker.store.tables.series import FormRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.usecases.filing import SubmitOne, sign_off, submit_one
from tracker.usecases.requesting import RequestExtension, request_extension
from tracker.usecases.triggers import RecordTrigger, record_trigger
from tracker.web.form_fields import NoSuchChoice
from tracker.web.late_registration import chosen_from_on
from tracker.wording.catalogue import EVENTS

NEXT = "2022-10"
NEXT_IN_TIME = datetime(2022, 10, 31, 1, 0, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    site.clock.at = IN_TIME
    return site


def _text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def _words(page: str) -> str:
    """Return what a reader sees, in one line."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page))


def _report(site: Site, filing_id: int) -> ReportRow:
    with site.services.database.reading() as session:
        return session.scalars(select(ReportRow).where(col(ReportRow.filing_id) == filing_id)).one()


def _ask_for_time(site: Site, *, at: datetime = IN_TIME, day: date = date(2022, 10, 20)) -> int:
    actor = site.city.liaison("swj")
    with site.services.database.transaction() as session:
        row_id = site.city.row("swj", session).id or 0
        return request_extension(session, RequestExtension(row_id, day, "等统计口径"), actor=actor, at=at)


def test_the_queue_shows_all_that_a_row_carries(site: Site) -> None:
    site.city.file(files=(AttachedFile("0" * 64, "通报.docx", 10, "application/msword"),))
    with site.client("office") as office:
        words = _words(_text(office, "/review"))
    assert "待审核1份，共1行" in words
    assert "市商务局" in words
    assert "2022年9月" in words
    assert "自报达序时" in words
    assert "不少于2次" in words
    assert "截至9月28日（周三）" in words
    assert "9月28日印发通报1期。" in words
    assert "通报.docx" in words


def test_the_queue_shows_the_value_of_the_period_before(site: Site) -> None:
    site.city.accept(site.city.file())
    site.city.sweep(NEXT_IN_TIME)
    site.city.file(at=NEXT_IN_TIME, name=NEXT)
    site.clock.at = NEXT_IN_TIME
    with site.client("office") as office:
        page = _text(office, "/review")
    assert 'data-label="上期">2次' in page


def test_the_office_accepts_a_row_and_an_envelope(site: Site) -> None:
    filing_id = site.city.file()
    with site.client("office") as office:
        assert post(office, f"/filings/{filing_id}/accept", at="/review").status_code == 303
        assert "没有等待督查室办理的事项" in _text(office, "/review")
        again = office.get("/questions").get_data(as_text=True)
        token = again.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        refused = office.post(f"/filings/{filing_id}/accept", data={"csrf_token": token})
        assert refused.status_code == 409
    assert _report(site, filing_id).verified_claim == "on_schedule"


def test_lowering_a_claim_needs_a_reason_and_keeps_both_words(site: Site) -> None:
    filing_id = site.city.file()
    address = f"/reports/{_report(site, filing_id).id}/accept"
    with site.client("office") as office:
        assert post(office, address, at="/review", claim="behind", reason=" ").status_code == 400
        raised = post(office, address, at="/review", claim="done", reason="更好")
        assert raised.status_code == 400
        assert post(office, address, at="/review", claim="behind", reason="只有1期").status_code == 303
        page = _words(_text(office, "/tasks/1"))
    report = _report(site, filing_id)
    assert (report.claim, report.verified_claim, report.verified_reason) == ("on_schedule", "behind", "只有1期")
    assert "自报达序时→核定未达序时只有1期" in page


def test_the_second_return_for_want_of_substance_is_recorded_as_not_reporting_as_required(site: Site) -> None:
    for n in (1, 2):
        report_id = _report(site, site.city.file(text=f"9月28日印发通报{n}期。")).id
        with site.client("office") as office:
            fields = {"reason": "只有口号", "reason_class": "no_substance"}
            assert post(office, f"/reports/{report_id}/return", at="/review", **fields).status_code == 303
            assert ("记为未按要求报送" in _words(_text(office, "/tasks/1"))) is (n == 2)


def test_a_row_is_returned_with_a_class_and_a_reason(site: Site) -> None:
    address = f"/reports/{_report(site, site.city.file()).id}/return"
    with site.client("office") as office:
        assert post(office, address, at="/review", reason="缺数据").status_code == 400
        assert post(office, address, at="/review", reason=" ", reason_class="figures").status_code == 400
        assert post(office, address, at="/review", reason="缺数据", reason_class="figures").status_code == 303
        assert "数据有误或者口径不符：缺数据" in _words(_text(office, "/tasks/1"))
    assert site.city.row_states()["2022-09"] == "returned"


def test_a_row_is_found_untrue_in_a_sentence(site: Site) -> None:
    address = f"/reports/{_report(site, site.city.file()).id}/return"
    said = "现场核查，签约的3个项目均未开工，合同系补签"
    with site.client("office") as office:
        assert post(office, address, at="/review", reason="数据造假", reason_class="falsified").status_code == 400
        assert site.city.row_states()["2022-09"] == "filed"
        assert post(office, address, at="/review", reason=said, reason_class="falsified").status_code == 303
        assert f"弄虚作假：{said}" in _words(_text(office, "/tasks/1"))
    assert site.city.row_states()["2022-09"] == "returned"


def test_a_completion_is_let_pass_only_with_a_word_while_a_lead_owes(site: Site) -> None:
    actor = site.city.liaison("swj")
    with site.services.database.transaction() as session:
        entry = site.city.entry("swj", session, claim=Claim.DONE, text="全年通报4期，已完成。", outcome=Outcome.MET)
        filing_id = submit_one(session, SubmitOne(FilingKind.COMPLETION, entry), actor=actor, at=LATE)
    _sign(site, filing_id, at=LATE)
    site.clock.at = LATE
    address = f"/reports/{_report(site, filing_id).id}/accept"
    with site.client("office") as office:
        assert "放行理由" in _text(office, "/review")
        assert post(office, address, at="/review", outcome="met").status_code == 409
        assert post(office, f"/filings/{filing_id}/accept", at="/review").status_code == 409
        lowered = {"outcome": "unmet", "let_pass": "9月份通报已在办结报告中写明"}
        assert post(office, address, at="/review", **lowered).status_code == 400
        assert post(office, address, at="/review", reason="缺1期佐证", **lowered).status_code == 303
        page = _words(_text(office, "/tasks/1"))
    assert "已办结（未达标）" in page
    assert "自报已完成·达标→核定已完成·未达标缺1期佐证" in page
    assert "放行理由：9月份通报已在办结报告中写明" in page


def test_what_its_unit_says_was_not_met_is_neither_raised_nor_shown_as_met(site: Site) -> None:
    actor = site.city.liaison("swj")
    with site.services.database.transaction() as session:
        entry = site.city.entry("swj", session, claim=Claim.DONE, text="全年通报3期，缺1期。", outcome=Outcome.UNMET)
        filing_id = submit_one(session, SubmitOne(FilingKind.COMPLETION, entry), actor=actor, at=IN_TIME)
    _sign(site, filing_id, at=IN_TIME)
    site.clock.at = IN_TIME
    address = f"/reports/{_report(site, filing_id).id}/accept"
    with site.client("office") as office:
        page = _words(_text(office, "/review"))
        assert "准予办结（未达标）" in page
        assert "核定未达标" not in page
        raised = post(office, address, at="/review", outcome="met", reason="已核实")
        assert "单位自报未达标，不能核定为达标" in raised.get_data(as_text=True)
        assert post(office, address, at="/review").status_code == 303
        page = _words(_text(office, "/tasks/1"))
    assert "已办结（未达标）" in page
    assert "自报已完成·未达标→核定已完成·未达标" in page


def test_the_offices_own_clock_turns_red_when_it_is_past(site: Site) -> None:
    site.city.file()
    with site.client("office") as office:
        assert "在限内10月8日（周六，含）前办理" in _words(_text(office, "/review"))
        site.clock.at = datetime(2022, 10, 8, 1, 0, tzinfo=UTC)
        assert "今日截止" in _words(_text(office, "/review"))
        assert "审核超期0份" in _words(_text(office, "/desk"))
        site.clock.at = datetime(2022, 10, 9, 1, 0, tzinfo=UTC)
        assert "超期应于10月8日（周六，含）前办理，已超1个工作日" in _words(_text(office, "/review"))
        assert "审核超期1份" in _words(_text(office, "/desk"))


def test_an_extension_is_granted_as_asked_or_to_another_day(site: Site) -> None:
    request_id = _ask_for_time(site)
    with site.client("office") as office:
        page = _words(_text(office, "/review"))
        assert "申请延至10月20日（周四，含）" in page
        wrong = post(office, f"/requests/{request_id}/grant", at="/review", new_due_on="2022-10-01")
        assert wrong.status_code == 400
        less = {"new_due_on": "2022-10-18"}
        assert post(office, f"/requests/{request_id}/grant", at="/review", **less).status_code == 400
        granted = post(office, f"/requests/{request_id}/grant", at="/review", **less, reason="急需汇总")
        assert granted.status_code == 303
        assert "由2022年10月10日（周一，含）调至2022年10月18日（周二，含）" in _words(_text(office, "/tasks/1"))


def test_a_request_is_refused_with_a_reason(site: Site) -> None:
    request_id = _ask_for_time(site)
    with site.client("office") as office:
        assert post(office, f"/requests/{request_id}/refuse", at="/review", reason=" ").status_code == 400
        assert post(office, f"/requests/{request_id}/refuse", at="/review", reason="口径已明确").status_code == 303


def test_what_is_the_leaders_to_decide_is_refused_to_the_office(site: Site) -> None:
    request_id = _ask_for_time(site)
    with site.services.database.transaction() as session:
        session.get_one(RequestRow, request_id).by_leader = True
    with site.client("office") as office:
        page = _text(office, "/review")
        assert "由领导审批" in page
        assert f"/requests/{request_id}/grant" not in page
        assert post(office, f"/requests/{request_id}/grant", at="/questions").status_code == 409
    with site.client("leader") as leader:
        assert "等统计口径" in _text(leader, "/review/leader")
        assert post(leader, f"/requests/{request_id}/grant", at="/review/leader").status_code == 303


def test_the_leader_does_not_decide_what_is_the_offices(site: Site) -> None:
    request_id = _ask_for_time(site)
    with site.client("leader") as leader:
        assert post(leader, f"/requests/{request_id}/grant", at="/review/leader").status_code == 403


@pytest.mark.parametrize(
    ("login", "seen", "hidden"),
    [
        ("swj", ["/tasks/1", "/documents/1", "/tasks?overdue=1"], ["/review", "/desk", "/overview", "/questions"]),
        ("swj-head", ["/tasks/1"], ["/review", "/review/leader", "/overview/series"]),
        (
            "office",
            ["/review", "/desk", "/overview", "/overview/series", "/questions"],
            ["/review/leader"],
        ),
        ("leader", ["/review/leader", "/desk", "/overview", "/tasks/1"], ["/review", "/questions"]),
        (
            "reader",
            ["/documents/1"],
            ["/tasks/1", "/desk", "/overview", "/review", "/questions", "/desk/weeks/2022W40"],
        ),
    ],
)
def test_each_role_sees_its_pages_only(site: Site, login: str, seen: list[str], hidden: list[str]) -> None:
    with site.client(login) as person:
        assert {address: person.get(address).status_code for address in seen} == dict.fromkeys(seen, 200)
        assert {address: person.get(address).status_code for address in hidden} == dict.fromkeys(hidden, 404)


@pytest.mark.parametrize("login", ["swj", "swj-head", "leader", "reader"])
def test_only_the_office_reviews_and_answers(site: Site, login: str) -> None:
    filing_id = site.city.file()
    report_id = _report(site, filing_id).id
    acts = [f"/filings/{filing_id}/accept", f"/reports/{report_id}/accept", f"/reports/{report_id}/return"]
    with site.client(login) as person:
        for address in [*acts, "/questions/1/answer", "/tasks/2/trigger", "/triggers/1/end"]:
            assert post(person, address, at="/documents").status_code == 404, address


def test_a_unit_reads_its_own_reports_and_others_only_as_a_state(site: Site) -> None:
    site.city.file("swj", text="商务局9月28日印发通报1期。")
    with site.client("tjj") as support:
        page = _text(support, "/tasks/1")
        assert "商务局9月28日印发通报1期。" not in page
        assert "审核中" in page
    with site.client("wjw") as stranger:
        assert stranger.get("/tasks/1").status_code == 404
    with site.client("swj") as lead:
        assert "商务局9月28日印发通报1期。" in _text(lead, "/tasks/1")


def test_a_report_that_its_head_has_not_signed_is_not_read_outside_but_news_is(site: Site) -> None:
    site.city.submit("swj", text="待审签9月28日印发通报1期。")
    actor = site.city.liaison("tjj")
    with site.services.database.transaction() as session:
        share = site.city.assignment("tjj", session).id or 0
        news = Entry(assignment_id=share, content=RowContent(claim=Claim.ONGOING_ACTIVE, text="9月27日数据已核。"))
        submit_one(session, SubmitOne(FilingKind.UPDATE, news), actor=actor, at=IN_TIME)
    with site.client("office") as office:
        page = _text(office, "/tasks/1")
        assert "待审签9月28日印发通报1期。" not in page
        assert "9月27日数据已核。" in page
        assert "未审签" in page
    with site.client("swj") as lead:
        assert "9月27日数据已核。" in _text(lead, "/tasks/1")


def test_the_task_says_what_is_asked_and_how_it_stands(site: Site) -> None:
    with site.client("office") as office:
        words = _words(_text(office, "/tasks/1"))
    assert "每月原文由牵头单位承担" in words
    assert "通报次数不少于2次/年" in words
    assert "时限灯" in words
    assert "进度灯" in words
    assert "2022年9月10月10日（周一，含）前" in words


def test_a_trigger_is_recorded_with_its_hour_and_ended(site: Site) -> None:
    with site.client("office") as office:
        wrong = post(office, "/tasks/2/trigger", at="/tasks/2", occurred_at="soon", matter="疫情")
        assert wrong.status_code == 400
        done = post(office, "/tasks/2/trigger", at="/tasks/2", occurred_at="2022-09-28T08:30", matter="某地报告1例")
        assert done.status_code == 303
        assert "某地报告1例" in _text(office, "/tasks/2")
        assert post(office, "/triggers/1/end", at="/tasks/2", reason="响应终止").status_code == 303
        assert "终止响应响应终止" in _words(_text(office, "/tasks/2"))
        assert post(office, "/triggers/1/end", at="/tasks/2", reason="再次").status_code == 409


def test_the_page_says_which_clock_counts_from_the_recording_of_its_event(site: Site) -> None:
    with site.client("office") as office:
        done = post(office, "/tasks/2/trigger", at="/tasks/2", occurred_at="2022-09-26T08:30", matter="某地报告1例")
        assert done.status_code == 303
        words = _words(_text(office, "/tasks/2"))
    told = (
        "24小时时限（2022年9月27日8时30分前）在登记时已过，自登记时起按24小时另行计算，应于2022年9月29日9时00分前报送"
    )
    assert f"已登记，1份反馈开始计时。{told}。" in words
    assert f"某地报告1例，{told}" in words
    assert "原文时限9月27日8时30分前，登记时已过，另行计算" in words
    assert "2022年9月26日8时30分事件" in words


def test_the_figure_of_late_reviews_leads_to_the_late_ones_only(site: Site) -> None:
    site.city.file("swj")
    with site.services.database.transaction() as session:
        share = site.city.assignment("wjw", session)
        content = RowContent(claim=Claim.DONE, text="10月10日报告1例。")
        entry = Entry(share.id or 0, content, outcome=Outcome.MET)
        command = SubmitOne(FilingKind.COMPLETION, entry)
        filing_id = submit_one(session, command, actor=site.city.liaison("wjw"), at=LATE)
        sign_off(session, filing_id=filing_id, actor=site.city.head("wjw"), at=LATE)
    site.clock.at = LATE
    with site.client("office") as office:
        desk = _text(office, "/desk")
        assert 'href="/review?late=1"><span class="k">审核超期</span><b class="c-red">1</b>' in desk
        every, late = _text(office, "/review"), _text(office, "/review?late=1")
        assert every.count('<section class="panel" id="f') == 2
        assert late.count('<section class="panel" id="f') == 1
        assert "只列已过审核限的1份" in _words(late)
        done = post(office, f"/reports/{_report(site, 1).id}/accept", at="/review?late=1", late="1")
        assert done.location.endswith("/review?late=1")
        assert "没有超过审核限的报送" in _text(office, "/review?late=1")


def test_each_figure_of_the_desk_leads_to_its_rows(site: Site) -> None:
    site.clock.at = LATE
    site.city.sweep(LATE)
    with site.client("office") as office:
        page = _text(office, "/desk")
        assert "/tasks?overdue=1&amp;unit=" in page
        assert "/tasks?overdue=1&amp;document=1" in page
        week = re.search(r"/desk/weeks/\d{4}W\d\d", page)
        assert week is not None
        past = _text(office, week.group())
        assert "市商务局" in past
        unit = site.city.unit_id("swj")
        assert f"/tasks?overdue=1&amp;unit={unit}&amp;document=1" in past
        assert "现在的逾期清单" in past
        assert 'href="#h-unit">涉及' in page
        assert 'id="h-unit"' in page
        assert "市商务局" in _text(office, "/tasks?overdue=1&document=1")
        assert "没有逾期" in _text(office, "/tasks?overdue=1&document=99")


def test_the_parts_of_the_paper_add_up_and_each_series_counts_once(site: Site) -> None:
    site.city.file("swj")
    with site.services.database.reading() as session:
        lines = paper_lines(session, now=LATE)
        counts = paper_counts(lines)
        assert counts.total == len(lines) == len({line.series_id for line in lines})
        assert counts.parts[Paper.UNDER_REVIEW] == 1
        assert counts.parts[Paper.UNREPORTED] == count_overdue(session, now=LATE, unit_ids=EVERY_UNIT)
        assert sum(part.counts.total for part in by_document(lines)) == counts.total
    site.clock.at = LATE
    with site.client("office") as office:
        overview = _text(office, "/overview")
        assert "/overview/series?class=under_review" in overview
        listed = _text(office, "/overview/series?class=under_review")
        assert "市商务局" in listed
        assert "1 个序列" in listed
        assert "没有这一类" in _text(office, "/overview/series?class=late")
        assert "共 2 项" in _text(office, "/ledger")


def test_a_form_that_was_missed_is_history_once_a_later_one_is_accepted(site: Site) -> None:
    site.city.sweep(NEXT_IN_TIME)
    with site.services.database.transaction() as session:
        site.city.row("swj", session).state = "missed"
    site.city.accept(site.city.file(at=NEXT_IN_TIME, name=NEXT), at=NEXT_IN_TIME)
    with site.services.database.reading() as session:
        lines = paper_lines(session, now=NEXT_IN_TIME, unit_id=site.city.unit_id("swj"))
    assert [line.paper for line in lines if line.kind == "monthly"] == [Paper.ON_TIME]


def _question(site: Site, topic: QuestionTopic, *, item: int = 1) -> int:
    with site.services.database.transaction() as session:
        item_id = session.scalars(select(col(ItemRow.id)).order_by(col(ItemRow.id)).offset(item - 1)).first() or 0
        row = QuestionRow(item_id=item_id, topic=topic.value, words="没有写明，请明确。")
        session.add(row)
        session.flush()
        return row.id or 0


def test_a_late_document_is_reported_from_a_quarter_that_is_over_or_from_its_issue(site: Site) -> None:
    def chosen(day: str) -> date | None:
        with site.app.test_request_context(method="POST", data={"from_on": day}):
            return chosen_from_on(date(2022, 3, 10))

    assert (chosen(""), chosen("2022-04-01")) == (None, date(2022, 4, 1))
    for day in ("2022-07-01", "2022-05-01", "2021-10-01"):
        with pytest.raises(NoSuchChoice):
            chosen(day)


def test_a_question_is_answered_once_and_in_words(site: Site) -> None:
    question_id = _question(site, QuestionTopic.OTHER)
    with site.client("office") as office:
        assert "没有写明，请明确。" in _text(office, "/questions")
        address = f"/questions/{question_id}/answer"
        assert post(office, address, at="/questions", answer=" ").status_code == 400
        assert post(office, address, at="/questions", answer="由商务局汇总", day="2022-12-31").status_code == 400
        assert post(office, address, at="/questions", answer="由商务局汇总").status_code == 303
        assert "没有待明确的事项" in _text(office, "/questions")
        assert "由商务局汇总" in _text(office, "/questions?answered=1")
        assert "督查室明确由商务局汇总" in _words(_text(office, "/tasks/1"))
        assert post(office, address, at="/questions?answered=1", answer="改").status_code in (400, 409)


def test_a_task_tells_what_was_asked_what_happened_and_who_has_a_part_of_its_own_item(site: Site) -> None:
    asked = [_question(site, QuestionTopic.OTHER, item=item) for item in (1, 2)]
    with site.services.database.transaction() as session:
        command = RecordTrigger(2, IN_TIME, "疫情")
        record_trigger(session, command, actor=OFFICE, at=IN_TIME, calendar=CALENDAR)
        views = [task_view(session, task_id=id_, unit_ids=EVERY_UNIT, now=IN_TIME) for id_ in (1, 2)]
    first, second = [view for view in views if view is not None]
    assert [[one.question_id for one in view.questions] for view in (first, second)] == [[one] for one in asked]
    assert (first.triggers, [one.matter for one in second.triggers]) == ((), ["疫情"])
    assert [one.unit_name for one in first.shares] == ["市商务局", "市统计局", "驿城区", "遂平县"]
    assert [one.unit_name for one in second.shares] == ["市卫生健康体育委"]


def test_an_answer_about_a_date_sets_the_deadline_where_there_is_none(site: Site) -> None:
    address = f"/questions/{_question(site, QuestionTopic.DATE)}/answer"
    with site.client("office") as office:
        assert post(office, address, at="/questions", answer="年底前", day="2022-12-31").status_code == 303
    with site.services.database.reading() as session:
        assert session.get_one(TaskRow, 1).due_on == date(2022, 12, 31)


def test_an_answer_about_an_interval_is_the_offices_and_quotes_nothing(site: Site) -> None:
    address = f"/questions/{_question(site, QuestionTopic.INTERVAL)}/answer"
    with site.services.database.transaction() as session:
        session.scalars(select(ItemCadenceRow).where(col(ItemCadenceRow.item_id) == 1)).one().kind = "irregular"
    with site.client("office") as office:
        page = office.get("/questions").get_data(as_text=True)
        assert re.findall(r'<option value="([a-z0-9_]+)">', page) == [kind.value for kind in INTERVALS]
        for unfit, words in (("once", "只能在每旬"), ("weekly", "只能在每旬"), ("hourly", "选择报送间隔")):
            refused = post(office, address, at="/questions", answer="每双月", interval=unfit)
            assert (refused.status_code, words in refused.get_data(as_text=True)) == (400, True)
        assert post(office, address, at="/questions", answer="每双月", interval="bimonthly").status_code == 303
    with site.services.database.reading() as session:
        rhythm = session.scalars(select(ItemCadenceRow).where(col(ItemCadenceRow.kind) == "bimonthly")).one()
        assert (rhythm.basis, rhythm.quote) == ("default", None)


def test_a_set_interval_takes_the_place_of_the_quarterly_row() -> None:
    lasting = RhythmDemand(kind=CadenceKind.CONTINUOUS)
    chosen = RhythmDemand(kind=CadenceKind.MONTHLY, basis=Basis.DEFAULT)
    frame = DocumentFrame(issued_on=date(2022, 8, 24))

    def kinds(*rhythms: RhythmDemand) -> list[tuple[CadenceKind, bool]]:
        item = ItemDemands(kind=ItemKind.ACTION, shares=Shares(leads=(1,)), rhythms=rhythms)
        return [(duty.form.kind, duty.soft) for duty in row_duties(item, frame)]

    assert kinds(lasting) == [(CadenceKind.QUARTERLY, True)]
    assert kinds(lasting, chosen) == [(CadenceKind.MONTHLY, False)]
    assert kinds(chosen) == [(CadenceKind.MONTHLY, False)]


def test_named_members_get_the_task_and_a_form(site: Site) -> None:
    with site.services.database.transaction() as session:
        group = ItemGroupRow(item_id=1, position=9, printed="有关单位")
        session.add(group)
        session.flush()
        group_id = group.id or 0
    address = f"/questions/{_question(site, QuestionTopic.MEMBERS)}/answer"
    wjw = str(site.city.unit_id("wjw"))
    with site.client("office") as office:
        foreign = post(office, address, at="/questions", answer="卫健委", group="99", unit=wjw)
        assert foreign.status_code == 404
        assert post(office, address, at="/questions", answer="卫健委", group=str(group_id), unit=wjw).status_code == 303
    with site.services.database.reading() as session:
        members = session.scalars(select(ItemGroupMemberRow).where(col(ItemGroupMemberRow.item_group_id) == group_id))
        assert [row.unit_id for row in members] == [int(wjw)]
        share = session.scalars(
            select(AssignmentRow).where(col(AssignmentRow.task_id) == 1, col(AssignmentRow.unit_id) == int(wjw))
        ).one()
        assert (share.duty, share.got_on) == ("report", date(2022, 9, 28))
    with site.client("wjw") as member:
        assert member.get("/tasks/1").status_code == 200


def test_units_reach_their_own_tasks_from_the_document(site: Site) -> None:
    with site.client("swj") as lead:
        page = _text(lead, "/documents/1")
    assert 'href="/tasks/1"' in page
    assert 'href="/tasks/2"' not in page


def _sign(site: Site, filing_id: int, *, at: datetime) -> None:
    with site.services.database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=site.city.head("swj"), at=at)


def test_every_event_has_words_for_the_timeline() -> None:
    assert (event_types() | FORMER_TYPES) - set(EVENTS) == set()


def test_the_office_moves_an_overdue_moment_on_the_page_of_the_series_and_the_unit_is_told(
    database: Database, tmp_path: Path
) -> None:
    site = Site(database, tmp_path)
    site.clock.at = LATE
    site.city.sweep(LATE)
    with database.reading() as session:
        series, row = site.city.series("swj", session), site.city.row("swj", session)
    place = f"/series/{series.id}"
    with site.client("swj") as liaison:
        assert "调整时限" not in liaison.get(place).get_data(as_text=True)
        address = f"{place}/rows/{row.id}/due"
        assert post(liaison, address, at="/today", new_due_on="2022-10-20", reason="统计口径未定").status_code == 404
    for role, day in (("leader", "2022-10-19"), ("office", "2022-10-20")):
        with site.client(role) as client:
            assert "调整时限" in client.get(place).get_data(as_text=True)
            assert post(client, address, at=place, new_due_on=day, reason="统计口径未定").status_code == 303
    with site.client("office") as office:
        said = {"new_due_on": "2022-10-20", "reason": "急件"}
        assert post(office, f"/series/1/rows/{2**30}/due", at=place, **said).status_code == 404
    with database.reading() as session:
        assert count_overdue(session, now=LATE, unit_ids=[site.city.unit_id("swj")]) == 0
        moved = session.get_one(FormRow, row.id)
        assert local_day(moved.due_at or LATE).isoformat() == "2022-10-21"  # the moment after its last day
