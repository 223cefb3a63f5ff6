"""The pages of liaison and head: the day, the form and its rows, news, the signature, the series behind a figure."""

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from lxml.html import fromstring
from sqlalchemy import select
from sqlmodel import col
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.office import BY, FIRST, IN_TIME, LATE, OFFICE
from tests.support.site import PASSWORD_HASH, Site, post
from tracker.domain.accounts import EVERY_UNIT, Role
from tracker.domain.claims import Claim
from tracker.store.queries.form_views import FormView
from tracker.store.queries.forms import form_view
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.filings import EvidenceRow, FilingRow, ReportRow, ReportValueRow, RequestRow
from tracker.store.tables.series import FormRow
from tracker.usecases.ending import cancel_task
from tracker.usecases.petitioning import sign_petition
from tracker.usecases.requesting import refuse_request
from tracker.usecases.sharing import change_deadline, release_share
from tracker.web import filing
from tracker.web.period_forms import counted


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = IN_TIME
    return made


def _form(site: Site, code: str = "swj", *, name: str = FIRST) -> str:
    with site.services.database.reading() as session:
        return f"/periods/{site.city.period(code, session, name=name).id}/form"


def _view(site: Site, code: str = "swj") -> FormView:
    with site.services.database.reading() as session:
        period_id = site.city.period(code, session).id or 0
        found = form_view(session, period_id=period_id, unit_ids=EVERY_UNIT, now=site.clock.at)
    assert found is not None
    return found


def _sign(site: Site) -> None:
    """Let the head sign what the liaison asks for."""
    with site.services.database.transaction() as session:
        sign_petition(session, petition_id=1, actor=site.city.head("swj"), at=site.clock.at, by=BY)


def _fields(site: Site, code: str = "swj", **changes: str) -> dict[str, str]:
    """Return what a liaison writes into the one row of the form."""
    row = _view(site, code).rows[0]
    key = f"a{row.assignment_id}-"
    written = {"claim": Claim.ON_SCHEDULE.value, "fact": "9月28日印发通报1期。", **changes}
    fields = {key + name: value for name, value in written.items()}
    for target in row.targets:
        fields.setdefault(f"{key}v{target.target_id}", "1")
        fields.setdefault(f"{key}on{target.target_id}", "2022-09-28")
    return fields


def _more_time(row: FormRow, day: str, why: str = "等口径") -> dict[str, str]:
    return {"period_id": str(row.period_id), f"x{row.id}-new_due_on": day, f"x{row.id}-reason": why}


def _words(answer: TestResponse) -> str:
    return html.unescape(answer.get_data(as_text=True))


def _submit(site: Site, client: FlaskClient, code: str = "swj", **fields: str) -> TestResponse:
    form = _form(site, code)
    return post(client, form, at=form, **{**_fields(site, code), **fields})


def _with_file(site: Site, client: FlaskClient, content: bytes, name: str, **fields: str) -> TestResponse:
    form, row = _form(site), _view(site).rows[0]
    token = client.get(form).get_data(as_text=True).split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    sent = {"csrf_token": token, **_fields(site), f"a{row.assignment_id}-e0": (BytesIO(content), name), **fields}
    return client.post(form, data=sent, content_type="multipart/form-data")


def test_a_form_goes_from_the_day_of_the_liaison_to_the_signature_of_the_head(site: Site) -> None:
    with site.client("swj") as liaison:
        today = _words(liaison.get("/today"))
        assert "招商工作方案" in today
        assert "10月10日（周一，含）" in today
        assert _submit(site, liaison).status_code == 303
        waiting = _words(liaison.get("/today"))
        assert "待本单位负责人审签" in waiting
        assert "另有1份等本单位负责人审签" in waiting
    with site.client("swj-head") as head:
        shown = _words(head.get("/sign-off"))
        assert "9月28日印发通报1期。" in shown
        assert "达序时" in shown
        assert "<b>1</b>次" in shown
        assert "不少于2次" in shown
        assert post(head, "/filings/1/sign", at="/sign-off").status_code == 303
        assert "没有等待审签的报送" in _words(head.get("/sign-off"))
    assert site.city.row_states()[FIRST] == "filed"
    with site.services.database.reading() as session:
        value = session.scalars(select(ReportValueRow)).one()
        assert (value.value, value.value_on.isoformat() if value.value_on else None) == (1, "2022-09-28")


def test_a_form_that_leaves_out_a_required_row_says_so_beside_the_row(site: Site) -> None:
    with site.client("swj") as liaison:
        form, row = _form(site), _view(site).rows[0]
        answer = post(liaison, form, at=form, tick="yes")
        assert answer.status_code == 400
        assert "表里还没有填写任何内容" in _words(answer)
        target = row.targets[0].target_id
        wrong = _submit(site, liaison, **{f"a{row.assignment_id}-v{target}": "两次"})
        assert wrong.status_code == 400
        assert (
            f'id="refused-a{row.assignment_id}-v{target}">一1“每月通报一次招商情况”：“通报次数”应填写数字，填写的是“两次”'
            in _words(wrong)
        )
        assert 'value="两次"' in _words(wrong)
        assert "9月28日印发通报1期。" in _words(wrong)
        day = _submit(site, liaison, **{f"a{row.assignment_id}-on{target}": "月底"})
        assert (day.status_code, "日期应按" in _words(day)) == (400, True)
    with site.services.database.reading() as session:
        assert session.scalars(select(FilingRow)).all() == []


def test_a_form_before_its_window_closes_is_not_taken_yet(site: Site) -> None:
    site.clock.at = IN_TIME.replace(day=5)
    with site.client("swj") as liaison:
        page = _words(liaison.get(_form(site)))
        assert "起收" in page
        form = _form(site)
        answer = post(liaison, form, at=form, **{f"a{_view(site).rows[0].assignment_id}-fact": "9月5日开会1次。"})
        assert answer.status_code == 400


def test_files_reach_the_head_and_a_wrong_one_is_named_to_be_chosen_again(site: Site) -> None:
    with site.client("swj") as liaison:
        undeclared = _with_file(site, liaison, b"ten", "台账.txt")
        assert undeclared.status_code == 400
        assert "确认材料不含国家秘密" in _words(undeclared)
        assert "刚才选的台账.txt没有保存，请重新选择" in _words(undeclared)
        assert "9月28日印发通报1期。" in _words(undeclared)
        refused = _with_file(site, liaison, b"ten", "台账.exe", not_secret="yes")
        assert (refused.status_code, "不接收" in _words(refused)) == (400, True)
        assert _with_file(site, liaison, b"ten visits", "台账.txt", not_secret="yes").status_code == 303
    with site.client("swj-head") as head:
        assert "台账.txt" in _words(head.get("/sign-off"))
        with head.get("/evidence/1") as answer:
            assert answer.get_data() == b"ten visits"


def test_what_the_head_sends_back_is_written_on_with_its_reason_and_its_files(site: Site) -> None:
    with site.client("swj") as liaison:
        assert _with_file(site, liaison, b"ten visits", "台账.txt", not_secret="yes").status_code == 303
    with site.client("swj-head") as head:
        empty = post(head, "/filings/1/send-back", at="/sign-off", reason=" ")
        assert (empty.status_code, "请填写理由" in _words(empty)) == (400, True)
        assert post(head, "/filings/1/send-back", at="/sign-off", reason="请写明日期").status_code == 303
        assert post(head, "/filings/1/sign", at="/sign-off").status_code == 409
    with site.client("swj") as liaison:
        page = _words(liaison.get(_form(site)))
        assert "本单位负责人退回意见" in page
        assert "督查室退回意见" not in page
        assert "请写明日期" in page
        assert "9月28日印发通报1期。" in page
        kept = re.findall(r'name="(a\d+-keep\d+)" value="yes" checked', page)
        assert len(kept) == 1
        assert _submit(site, liaison, **{kept[0]: "yes"}).status_code == 303
    with site.services.database.reading() as session:
        assert [file.name for file in session.scalars(select(EvidenceRow))] == ["台账.txt", "台账.txt"]


def test_a_withdrawn_form_keeps_what_was_written(site: Site) -> None:
    with site.client("swj") as liaison:
        form = _form(site)
        _submit(site, liaison)
        assert "撤回修改" in _words(liaison.get(form))
        again = post(liaison, form, at=form, **_fields(site))
        assert again.status_code == 409
        assert post(liaison, "/filings/1/withdraw", at=form).status_code == 303
        assert "9月28日印发通报1期。" in _words(liaison.get(form))
        assert post(liaison, "/filings/1/withdraw", at=form).status_code == 409


def test_a_returned_row_shows_its_reason_in_the_list_and_on_the_form(site: Site) -> None:
    site.city.give_back(site.city.file())
    with site.client("swj") as liaison:
        today = _words(liaison.get("/today"))
        assert "退回补正" in today
        assert "缺少数据" in today
        page = _words(liaison.get(_form(site)))
        assert "缺少数据" in page
        assert "9月28日印发通报1期。" in page
        assert _submit(site, liaison).status_code == 303


def test_the_reason_of_a_return_stays_on_the_form_whatever_became_of_an_attempt_to_mend_it(site: Site) -> None:
    site.city.give_back(site.city.file())
    form = _form(site)
    with site.client("swj") as liaison:
        assert _submit(site, liaison).status_code == 303
        assert post(liaison, "/filings/2/withdraw", at=form).status_code == 303
        assert "缺少数据" in _words(liaison.get(form))
        assert _submit(site, liaison).status_code == 303
    with site.client("swj-head") as head:
        assert "督查室退回意见：缺少数据" in _words(head.get("/sign-off"))
        assert post(head, "/filings/3/send-back", at="/sign-off", reason="数字与台账不符").status_code == 303
    with site.client("swj") as liaison:
        page = _words(liaison.get(form))
        assert "缺少数据" in page
        said = re.sub(r"<[^>]+>", "", page)
        assert "督查室退回意见：缺少数据" in said
        assert "本单位负责人退回意见：数字与台账不符" in said
        assert _submit(site, liaison).status_code == 303
        assert post(liaison, "/filings/4/withdraw", at=form).status_code == 303
        assert "本单位负责人退回意见：数字与台账不符" in re.sub(r"<[^>]+>", "", _words(liaison.get(form)))


def test_what_ended_unreported_is_not_offered_to_be_reported(site: Site) -> None:
    site.clock.at = LATE.replace(month=11)
    site.city.sweep(site.clock.at)
    with site.services.database.transaction() as session:
        task_id = site.city.assignment("swj", session).task_id
        cancel_task(session, task_id=task_id, reason="上级取消", actor=OFFICE, at=site.clock.at)
    with site.client("swj") as liaison:
        page = _words(liaison.get(f"/tasks/{task_id}"))
        form = re.sub(r"<[^>]+>", "", _words(liaison.get(_form(site))))
        series = _words(liaison.get("/series/1"))
    assert "漏报，应于10月10日（周一，含）前报送，已经了结，不再补报" in page
    assert "未报" not in re.sub(r"<[^>]+>", "", page + series)
    assert ">填报<" not in page
    assert "2022年11月11日因事项撤销，记为漏报（上级取消），不能再填报" in form
    assert "已逾期" not in form
    assert "送本单位负责人审签" not in form
    assert "照上期" not in form


def test_a_form_of_which_every_row_is_reported_says_when_it_was(site: Site) -> None:
    site.city.accept(site.city.file())
    site.clock.at = LATE.replace(month=11)
    with site.client("swj") as liaison:
        form = re.sub(r"<[^>]+>", "", _words(liaison.get(_form(site))))
    assert "本期已于2022年9月28日报出，没有要填写的内容" in form
    assert not [offer for offer in ("已逾期", "照上期", "送本单位负责人审签", "送审以后") if offer in form]


def test_a_form_that_takes_nothing_yet_offers_no_button_that_would_be_refused(site: Site) -> None:
    with site.services.database.reading() as session:
        site.clock.at = site.city.period("swj", session).opens_at - timedelta(days=1)
    with site.client("swj") as liaison:
        form = re.sub(r"<[^>]+>", "", _words(liaison.get(_form(site))))
    assert "起收" in form
    assert not [offer for offer in ("照上期", "送本单位负责人审签", "送审以后") if offer in form]


def test_a_form_that_came_back_is_not_called_overdue(site: Site) -> None:
    site.city.give_back(site.city.file())
    site.clock.at = LATE
    with site.client("swj") as liaison:
        form = re.sub(r"<[^>]+>", "", _words(liaison.get(_form(site))))
    assert "本期已报出，退回的行按各行时限补正" in form


def test_nobody_attests_that_there_is_nothing_new_without_saying_so(site: Site) -> None:
    with site.services.database.transaction() as session:
        create_user(session, NewUser("yc", "联络员", Role.LIAISON, PASSWORD_HASH, "yc"))
    site.clock.at = LATE.replace(month=12, day=28)
    form = _form(site, "yc", name="2022H2")
    with site.services.database.reading() as session:
        share = site.city.assignment("yc", session)
    with site.client("yc") as county:
        page = _words(county.get(form))
        assert 'name="tick"' in page
        assert not re.search(r'name="tick"[^>]*checked', page)
        assert "本表须勾选才能送审" in page
        for told in ({}, {f"a{share.id}-claim": "ongoing_active", f"a{share.id}-fact": "12月2日签约1个项目。"}):
            refused = post(county, form, at=form, **told)
            assert (refused.status_code, "其他配合事项1项还没有说明" in _words(refused)) == (400, True)
        assert post(county, form, at=form, tick="yes").status_code == 303


def test_the_last_report_begins_the_next_one_without_the_days_of_its_numbers(site: Site) -> None:
    site.city.accept(site.city.file())
    site.clock.at = IN_TIME.replace(month=10, day=28)
    site.city.sweep(site.clock.at)
    with site.client("swj") as liaison:
        form = _form(site, name="2022-10")
        assert "9月28日印发通报1期。</textarea>" not in _words(liaison.get(form))
        page = _words(post(liaison, f"{form}/again", at=form, again="yes"))
        assert "9月28日印发通报1期。</textarea>" in page
        assert re.search(r'name="a\d+-v\d+" type="text" inputmode="decimal" value="2"', page)
        assert re.search(r'name="a\d+-on\d+" type="date" value=""', page)


def test_a_value_of_a_day_to_come_is_refused_by_name_in_forms_and_news(site: Site) -> None:
    with site.client("swj") as liaison:
        row = _view(site).rows[0]
        day = {f"a{row.assignment_id}-on{row.targets[0].target_id}": "2022-09-29"}
        refused = _submit(site, liaison, **day)
        assert refused.status_code == 400
        place = f"refused-a{row.assignment_id}-on{row.targets[0].target_id}"
        assert f'id="{place}">一1“每月通报一次招商情况”：“通报次数”的截至日期2022年9月29日（周四）还没有到' in _words(
            refused
        )
        news = f"/tasks/{row.task_id}/update"
        told = post(liaison, news, at=news, **{**_fields(site), **day})
        assert (told.status_code, "还没有到" in _words(told)) == (400, True)


def test_a_day_of_another_year_is_shown_with_its_year(site: Site) -> None:
    site.city.file()
    with site.services.database.transaction() as session:
        session.scalars(select(ReportValueRow)).one().value_on = date(2021, 9, 30)
    site.clock.at = IN_TIME.replace(month=10, day=28)
    site.city.sweep(site.clock.at)
    with site.services.database.reading() as session:
        row = site.city.row("swj", session, name="2022-10")
    asks = f"/rows/{row.id}/extension"
    with site.client("swj") as liaison:
        form = _form(site, name="2022-10")
        assert "截至2021年9月30日" in _words(liaison.get(form))
        assert post(liaison, asks, at=form, **_more_time(row, "2023-01-03")).status_code == 303
        _sign(site)
        assert "已申请延至2023年1月3日（周二，含）" in _words(liaison.get(form))


def test_who_decides_reads_what_strikes_of_the_day_that_is_asked_for(site: Site) -> None:
    with site.services.database.transaction() as session:
        row = site.city.row("swj", session)
        session.scalars(select(DocumentRow)).one().ends_on = date(2022, 12, 31)
    with site.client("swj") as liaison:
        asks = f"/rows/{row.id}/extension"
        assert post(liaison, asks, at=_form(site), **_more_time(row, "2023-03-31")).status_code == 303
    far = "晚于文件期限2022年12月31日，比原时限延后172天。"
    with site.client("swj-head") as head:
        assert far in _words(head.get("/sign-off"))
    _sign(site)
    with site.client("office") as office:
        assert far in _words(office.get("/review"))


def test_more_time_is_asked_for_a_row_and_refused_after_its_day(site: Site) -> None:
    with site.services.database.reading() as session:
        row = site.city.row("swj", session)
    form, asks = _form(site), f"/rows/{row.id}/extension"
    with site.client("swj") as liaison:
        bad = post(liaison, asks, at=form, **_more_time(row, "soon"))
        assert (bad.status_code, "新时限应按" in _words(bad)) == (400, True)
        early = post(liaison, asks, at=form, **_more_time(row, "2022-10-01"))
        assert (early.status_code, "不构成延期" in _words(early)) == (400, True)
        slip = post(liaison, asks, at=form, **_more_time(row, "2099-01-01"))
        field = fromstring(slip.get_data(as_text=True)).get_element_by_id(f"x{row.id}-new_due_on").getparent()
        assert (slip.status_code, "最晚可定在2023年10月10日（周二）" in str(field.text_content())) == (400, True)
        assert post(liaison, asks, at=form, **_more_time(row, "2022-10-20")).status_code == 303
        assert "已拟申请延至10月20日（周四，含），待本单位负责人审签" in _words(liaison.get(form))
        assert post(liaison, asks, at=form, **_more_time(row, "2022-10-21")).status_code == 409
        _sign(site)
        assert "已申请延至10月20日（周四，含）" in _words(liaison.get(form))
        twice = post(liaison, asks, at=form, **_more_time(row, "2022-10-20"))
        assert twice.status_code == 409
        with site.services.database.transaction() as session:
            request_id = session.scalars(select(col(RequestRow.id))).one() or 0
            refuse_request(session, request_id=request_id, reason="不予延期", actor=OFFICE, at=IN_TIME, by=BY)
        assert "已申请延至" not in _words(liaison.get(form))
    with site.client("tjj") as stranger:
        foreign = post(stranger, asks, at="/today", **_more_time(row, "2022-10-20"))
        assert foreign.status_code == 404


def test_overdue_periods_are_one_line_that_leads_to_the_series_and_its_rows(site: Site) -> None:
    site.clock.at = LATE.replace(month=11, day=8)
    site.city.sweep(site.clock.at)
    with site.services.database.reading() as session:
        series = site.city.series("swj", session)
    with site.client("office") as office:
        page = _words(office.get("/tasks?overdue=1"))
        assert "共2期" in page
        assert f"/series/{series.id}" in page
        unit = site.city.unit_id("swj")
        assert "市商务局" in _words(office.get(f"/tasks?overdue=1&unit={unit}"))
        assert "没有逾期" in _words(office.get("/tasks?overdue=1&document=99"))
        shown = _words(office.get(f"/series/{series.id}"))
        assert "2022年9月" in shown
        assert "2022年10月" in shown
        assert "未报" in shown
        assert office.get("/series/99").status_code == 404
    with site.client("swj") as liaison:
        assert "补报" in _words(liaison.get("/today"))
        assert liaison.get(f"/series/{series.id}").status_code == 200
    with site.client("wjw") as stranger:
        assert "没有逾期" in _words(stranger.get("/tasks?overdue=1"))
        assert stranger.get(f"/series/{series.id}").status_code == 404


def test_news_may_be_told_at_any_time_and_never_counts_as_a_period(site: Site) -> None:
    site.clock.at = IN_TIME.replace(day=5)
    with site.services.database.reading() as session:
        share = site.city.assignment("swj", session)
    address = f"/tasks/{share.task_id}/update"
    with site.client("swj") as liaison:
        empty = post(liaison, address, at=address)
        assert (empty.status_code, "还没有填写任何内容" in _words(empty)) == (400, True)
        told = post(liaison, address, at=address, **{f"a{share.id}-fact": "9月5日签约1个项目。"})
        assert told.status_code == 303
    with site.client("swj-head") as head:
        shown = _words(head.get("/sign-off"))
        assert "进展动态" in shown
        assert "9月5日签约1个项目。" in shown
    assert site.city.row_states()[FIRST] == "open"
    with site.client("wjw") as stranger:
        assert stranger.get(address).status_code == 404


def test_only_a_lead_asks_for_completion_and_only_a_support_replies(site: Site) -> None:
    with site.services.database.reading() as session:
        lead, support = site.city.assignment("swj", session), site.city.assignment("tjj", session)
    with site.client("swj") as liaison:
        address = f"/tasks/{lead.task_id}/completion"
        done = {f"a{lead.id}-claim": "done", f"a{lead.id}-outcome": "met", f"a{lead.id}-fact": "9月28日全部完成。"}
        assert "数字" in _words(post(liaison, address, at=address, **done))
        done |= {f"a{lead.id}-v1": "2", f"a{lead.id}-on1": "2022-09-28"}
        assert post(liaison, address, at=address, **done).status_code == 303
        with site.services.database.reading() as session:
            report = session.scalars(select(ReportRow)).one()
        assert (report.kind, report.outcome) == ("completion", "met")
        reply = f"/tasks/{lead.task_id}/reply"
        refused = post(liaison, reply, at=reply, **{f"a{lead.id}-fact": "9月28日已答复1件。"})
        assert refused.status_code == 409
    with site.client("tjj") as supporter:
        reply = f"/tasks/{support.task_id}/reply"
        answered = post(supporter, reply, at=reply, **{f"a{support.id}-fact": "9月28日已提供数据1份。"})
        assert answered.status_code == (303 if support.duty == "reply" else 409)


def test_a_completion_is_asked_for_in_the_form_whose_last_row_is_open(site: Site) -> None:
    with site.services.database.transaction() as session:
        facts = {"new_on": date(2022, 9, 30), "reason": "会议议定", "actor": OFFICE, "at": IN_TIME, "by": BY}
        change_deadline(session, task_id=1, **facts)  # type: ignore[arg-type] # by name
    with site.services.database.reading() as session:
        final = session.scalars(select(FormRow).where(col(FormRow.final), col(FormRow.state) == "open")).one()
    address = "/tasks/1/completion"
    with site.client("swj") as liaison:
        found = liaison.get(address)
        assert found.location == f"/periods/{final.period_id}/form#a{final.assignment_id}"
        for state, status in (("returned", 302), ("accepted", 200)):
            with site.services.database.transaction() as session:
                row = session.get_one(FormRow, final.id)
                row.state, row.correction_due_at = state, IN_TIME if state == "returned" else None
            assert liaison.get(address).status_code == status


def test_a_foreign_form_looks_like_a_missing_one(site: Site) -> None:
    with site.client("swj") as liaison:
        _submit(site, liaison)
    with site.client("wjw") as stranger:
        assert stranger.get(_form(site)).status_code == 404
        assert stranger.get("/periods/999/form").status_code == 404
        assert post(stranger, _form(site), at="/today", tick="yes").status_code == 404
        assert post(stranger, "/filings/1/withdraw", at="/today").status_code == 404
    with site.client("wjw-head") as head:
        assert post(head, "/filings/1/sign", at="/sign-off").status_code == 404
        assert post(head, "/filings/1/send-back", at="/sign-off", reason="不是我们的").status_code == 404


def test_receipts_are_given_for_what_is_ticked(site: Site) -> None:
    with site.services.database.reading() as session:
        share = site.city.assignment("swj", session)
    with site.client("swj") as liaison:
        assert "新交办" in _words(liaison.get("/today"))
        assert post(liaison, "/today/acknowledge", at="/today", assignment=str(share.id)).status_code == 303
        page = _words(liaison.get("/today"))
        assert "已签收1项" in page
        again = post(liaison, "/today/acknowledge", at="/today", assignment=str(share.id))
        assert again.status_code == 303
        assert "未能签收" in _words(liaison.get("/today"))


def test_a_form_sent_after_the_log_in_ended_gives_every_row_back(site: Site) -> None:
    with site.client("swj") as liaison:
        form = _form(site)
        page = liaison.get(form).get_data(as_text=True)
        token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        liaison.delete_cookie("tracker_login")
        answer = liaison.post(form, data={"csrf_token": token, **_fields(site, fact="写了很久的一段进展。")})
        assert (answer.status_code, "写了很久的一段进展。" in _words(answer)) == (403, True)


def _faults(answer: TestResponse) -> dict[str, str]:
    """Return each fault of a page by the field before which it stands."""
    told = re.findall(r'id="refused-([^"]+)">([^<]+)', _words(answer))
    assert len(told) == len(dict(told)), "each field has one"
    return dict(told)


def test_all_faults_of_a_row_are_told_at_once_each_beside_its_field(site: Site) -> None:
    with site.client("swj") as liaison:
        form, row = _form(site), _view(site).rows[0]
        key, target = f"a{row.assignment_id}-", row.targets[0].target_id
        sent = {"claim": "behind", "next_on": "下月", f"v{target}": "两次", "fact": "无变化"}
        answer = post(liaison, form, at=form, **{key + name: text for name, text in sent.items()})
        assert answer.status_code == 400
        faulty = ("fact", "cause_class", "cause", "next_step", "next_on", f"v{target}")
        assert _faults(answer).keys() == {key + name for name in faulty}
        assert "下月" in _faults(answer)[f"{key}next_on"]
        assert "两次" in _faults(answer)[f"{key}v{target}"]
        assert "有6处须改，原因写在各处" in _words(answer)
        assert site.city.row_states()[FIRST] == "open"


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("v", "-1", "不能为负"),
        ("on", "2021-09-28", "早于该指标的统计期"),
        ("on", "2022-09-29", "还没有到"),
        ("next_on", "2022-09-27", "已过"),
    ],
)
def test_a_sign_or_a_day_that_cannot_be_is_refused_in_forms_and_news(
    site: Site, name: str, text: str, why: str
) -> None:
    with site.client("swj") as liaison:
        row, form = _view(site).rows[0], _form(site)
        field = f"a{row.assignment_id}-{name}" + (str(row.targets[0].target_id) if name in ("v", "on") else "")
        for place in (form, f"/tasks/{row.task_id}/update"):
            faults = _faults(post(liaison, place, at=place, **{**_fields(site, cause_class="other"), field: text}))
            assert why in faults[field]
            assert faults[field].startswith("一1"), "which row"


def test_an_empty_form_is_not_told_that_what_it_wrote_is_kept(site: Site) -> None:
    with site.client("swj") as liaison:
        form = _form(site)
        page = _words(post(liaison, form, at=form))
        assert "表里还没有填写任何内容。请在下面填写。" in page
        assert "写的内容都在下面" not in page


def test_of_several_files_the_refused_one_is_named(site: Site) -> None:
    row = _view(site).rows[0]
    with site.client("swj") as liaison:
        several = {
            f"a{row.assignment_id}-e0": [(BytesIO("台账".encode()), "台账.txt"), (BytesIO(b"MZ\x90"), "工具.txt")]
        }
        token = (
            liaison.get(_form(site)).get_data(as_text=True).split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        )
        sent = {"csrf_token": token, **_fields(site), **several, "not_secret": "yes"}
        answer = liaison.post(_form(site), data=sent, content_type="multipart/form-data")
        assert answer.status_code == 400
        assert "“工具.txt”：" in _words(answer)
        assert "“台账.txt”：" not in _words(answer)


def test_files_that_are_too_large_together_say_so_and_leave_what_was_written(site: Site) -> None:
    """Of those that are too many nothing is kept, and what the form says comes back, also what follows them."""
    key = f"a{_view(site).rows[0].assignment_id}-e0"
    half = b"a" * (35 * 1024 * 1024)
    with site.client("swj") as liaison:
        page = liaison.get(_form(site)).get_data(as_text=True)
        token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        names = ("甲.txt", "乙.txt", "丙.txt")
        sent = {
            key: [FileStorage(BytesIO(content), name) for content, name in zip((half, half, b"c"), names, strict=True)],
            **_fields(site, fact="独一无二的一句"),
            "csrf_token": token,
            "not_secret": "yes",
        }
        refused = _post_whole(liaison, _form(site), sent)
    assert refused.status_code == 400
    assert "独一无二的一句" in _words(refused)
    assert "“乙.txt”：一次提交的附件合计超过60MB" in _words(refused)


def _post_whole(client: FlaskClient, address: str, sent: Mapping[str, object]) -> TestResponse:
    """Send a large form from memory: the client would leave a temporary file open."""
    boundary, body = encode_multipart(sent)
    return client.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def test_what_is_no_file_has_a_limit_of_its_own(site: Site) -> None:
    text = {f"a{number}": "字" * 150_000 for number in range(150)}
    with site.client("swj") as liaison:
        kind = "application/x-www-form-urlencoded"
        for refused in (
            _post_whole(liaison, _form(site), text),
            liaison.post(_form(site), data=urlencode(text), content_type=kind),
        ):
            assert refused.status_code == 413
            assert "合计不超过60MB" in _words(refused)


def test_a_member_is_not_told_that_nobody_reported_a_number(site: Site) -> None:
    for login, said in (("swj", "本单位还没有报过这个数"), ("office", "还没有单位报过这个数")):
        with site.client(login) as client:
            assert said in _words(client.get("/tasks/1"))


def test_what_is_written_on_a_row_that_ended_meanwhile_is_told_and_shown(site: Site) -> None:
    with site.client("swj") as liaison:
        form, fields = _form(site), _fields(site)
        page = liaison.get(form).get_data(as_text=True)
        with site.services.database.transaction() as session:
            cancel_task(session, task_id=1, reason="调整", actor=OFFICE, at=IN_TIME)
        token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        refused = _words(liaison.post(form, data={"csrf_token": token, **fields}))
        assert "在本页打开以后已经报出、结束或者改派，没有送出" in refused
        assert "9月28日印发通报1期。" in refused
    with site.services.database.reading() as session:
        assert session.scalars(select(FilingRow)).first() is None


def test_what_is_written_on_a_ticked_share_that_ended_meanwhile_is_told_once_and_shown(site: Site) -> None:
    with site.services.database.reading() as session:
        support = site.city.assignment("yc", session)
        period = site.city.period("yc", session, name="2022H2").id
    form, key = f"/periods/{period}/form", f"a{support.id}-"
    with site.services.database.transaction() as session:
        create_user(session, NewUser("yc", "联络员", Role.LIAISON, PASSWORD_HASH, "yc"))
    with site.client("yc") as liaison:
        token = liaison.get(form).get_data(as_text=True).split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        with site.services.database.transaction() as session:
            release_share(session, assignment_id=support.id or 0, reason="调整", actor=OFFICE, at=IN_TIME, by=BY)
        sent = {"csrf_token": token, "tick": "yes", f"{key}fact": "9月28日开工一个。", f"{key}claim": "on_schedule"}
        ways = {"": 400, "/keep": 409, "/again": 200}
        for way, status in ways.items():
            answer = liaison.post(form + way, data=sent)
            assert answer.status_code == status, way
            assert "没有送出的内容" in _words(answer)
            assert "9月28日开工一个。" in _words(answer)
        told = liaison.post(f"{form}/keep", data=sent, headers={"Accept": "application/json"})
        assert told.status_code == 409
        assert "没有保存：有的事项" in told.get_json()["said"]
        part = {name if name == "csrf_token" else f"p{period}-{name}": text for name, text in sent.items()}
        del part[f"p{period}-tick"]
        for way, status in {"/forms": 400, "/forms/keep": 409, "/forms/again": 200}.items():
            answer = liaison.post(way, data=part)
            assert answer.status_code == status, way
            assert "9月28日开工一个。" in _words(answer), way


def test_what_is_written_on_a_form_that_a_colleague_sent_is_shown_by_each_of_its_buttons(site: Site) -> None:
    with site.client("swj") as liaison:
        form, fields = _form(site), _fields(site)
        token = liaison.get(form).get_data(as_text=True).split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        site.city.submit(at=IN_TIME)
        key = next(iter(fields)).split("-")[0]
        written = {"csrf_token": token, **fields, f"{key}-fact": "另一件事已经办成。"}
        for way, status in {"": 409, "/again": 200}.items():
            answer = liaison.post(form + way, data=written)
            assert (answer.status_code, "另一件事已经办成。" in _words(answer)) == (status, True), way


def test_a_completion_that_is_due_before_its_form_opens_is_told_apart_from_the_rest(site: Site) -> None:
    site.clock.at, form = IN_TIME.replace(day=5), _form(site)
    with site.services.database.transaction() as session:
        row = site.city.row("swj", session)
        row.final, row.due_at = True, IN_TIME.replace(day=14, hour=16)
    with site.client("swj") as liaison:
        page, calendar = _words(liaison.get(form)), _words(liaison.get("/due?month=2022-09"))
    assert "9月14日（周三，含）前报送，只报标有“办结”的行；其余各行9月27日" in page
    assert "待报 1 行。" in page
    assert "2022年9月办结（1项）" in calendar
    assert "起收" not in calendar
    view = _view(site)
    first = view.rows[0]
    rest = [replace(first, final=False, due_at=None, assignment_id=900 + number) for number in range(2)]
    counts = counted(replace(view, rows=(first, *rest)))
    late = counted(replace(view, rows=tuple(replace(row, overdue=True) for row in (first, *rest))))
    assert (counts["to_write"], counts["later"], late["to_write"], late["later"]) == (1, 2, 3, 0)


def test_one_reason_of_the_head_for_the_whole_form_is_said_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    view = _view(site)
    first = view.rows[0]

    def shown(*reasons: str) -> str:
        rows = [replace(first, assignment_id=900 + n, head_reason=reason) for n, reason in enumerate(reasons)]
        monkeypatch.setattr(filing, "form_at", lambda _period_id: replace(view, rows=tuple(rows)))
        with site.client("swj") as liaison:
            return re.sub(r"<[^>]+>", "", _words(liaison.get(_form(site))))

    assert shown("数字与台账不符", "数字与台账不符", "").count("本单位负责人退回意见：数字与台账不符") == 1
    assert shown("数字与台账不符", "请写明日期", "").count("本单位负责人退回意见") == 2


def test_a_form_that_waits_for_the_head_says_nothing_of_what_is_to_be_written(site: Site) -> None:
    form = _form(site)
    with site.client("swj") as liaison:
        assert "；待报 1 行" in _words(liaison.get(form))
        site.clock.at = datetime(2022, 10, 10, 1, 0, tzinfo=UTC)
        page = _words(liaison.get(form))
        assert "今天须送出，10月10日（周一，含）前" in page
        site.city.submit(at=site.clock.at)
        page = _words(liaison.get(form))
        assert "已送本单位负责人审签，10月10日（周一，含）前报出" in page
        assert "；待报" not in page
        assert "须送出" not in page
