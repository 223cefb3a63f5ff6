"""The pages: a report's way from the liaison's day to the office, and what each person may not see."""

import html
import re
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
from docx import Document
from flask.testing import FlaskClient
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.databases import fresh_sqlite
from tests.support.office import BY, LATE
from tests.support.site import Site, post
from tracker.domain.circulars.meanings import MEANINGS
from tracker.domain.deliveries import Outgoing
from tracker.editions import differs_from_log
from tracker.steps.notices import notify
from tracker.store.database import Database
from tracker.store.queries.circulars import kept_edition_ids
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import ReminderRow
from tracker.store.tables.units import UnitRow, UserRow
from tracker.subscriptions import SUBSCRIPTIONS
from tracker.usecases.sweeping import sweep
from tracker.web.access import _RULE
from tracker.web.refused import sent_from


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(fresh_sqlite(tmp_path), tmp_path)


def test_every_route_has_an_access_rule(site: Site) -> None:
    views = {name: view for name, view in site.app.view_functions.items() if name != "static"}
    assert [name for name, view in views.items() if not hasattr(view, _RULE)] == []


def test_an_id_that_no_database_can_hold_is_refused_in_words(database: Database, tmp_path: Path) -> None:
    site, huge = Site(database, tmp_path), "9" * 30
    with site.client("office") as office:
        for address in ("/tasks/", "/documents/", "/series/", "/evidence/", "/circulars/"):
            assert office.get(address + huge).status_code == 404, address
        for address in ("/tasks?overdue=1&unit=", "/tasks?overdue=1&document=", "/review?page="):
            assert office.get(address + huge).status_code in (200, 400), address
    with site.client("swj") as liaison:
        assert liaison.get(f"/periods/{huge}/form").status_code == 404
        refused = post(liaison, "/today/acknowledge", at="/today", assignment=huge)
        assert (refused.status_code, "请从列出的选项中选择签收的事项" in refused.get_data(as_text=True)) == (400, True)


def test_the_way_back_from_a_refusal_leads_to_what_can_be_asked_for_again(site: Site) -> None:
    pages: dict[str, bool] = {}
    with site.app.test_request_context():
        for rule in site.app.url_map.iter_rules():
            address = site.app.url_for(rule.endpoint, **cast(dict[str, Any], dict.fromkeys(rule.arguments, 1)))
            pages[address] = pages.get(address, False) or "GET" in (rule.methods or ())
    assert not pages["/outages/preview"]
    for address, is_page in pages.items():
        sent = {"method": "POST", "headers": {"Referer": f"http://localhost{address}?page=2"}}
        with site.app.test_request_context("/questions/1", **sent):
            assert sent_from() == (f"{address}?page=2" if is_page else ""), address


def test_who_is_not_logged_in_is_sent_to_the_log_in_and_back(site: Site) -> None:
    with site.client() as nobody:
        answer = nobody.get("/today")
        assert (answer.status_code, answer.location) == (302, "/login?next=/today")
        away = post(nobody, "/login", at="/login", login="swj", password="correct horse", next="//evil.example")
        assert away.location == "/today"


def test_a_form_without_its_token_is_refused(site: Site) -> None:
    with site.client("swj") as liaison:
        assert liaison.post("/today/acknowledge", data={"assignment": "1"}).status_code == 400


def test_logging_out_ends_the_session_on_the_server(site: Site) -> None:
    with site.client("swj") as liaison:
        cookie = liaison.get_cookie("tracker_login")
        assert cookie is not None
        post(liaison, "/logout", at="/today")
        liaison.set_cookie("tracker_login", cookie.value)
        assert liaison.get("/today").status_code == 302


def test_a_circular_goes_from_the_draft_over_the_leader_to_the_reader(site: Site) -> None:
    site.clock.at = LATE
    with site.client("office") as office:
        drafted = post(office, "/circulars", at="/circulars", type="supervision")
        assert drafted.headers["Location"] == "/circulars/1"
        assert ">驻政办〔2022〕99号一1</a>）" in office.get("/circulars/1").get_data(as_text=True)
        early = post(office, "/circulars/1/issue", at="/circulars/1", version="1")
        assert (early.status_code, "现为“草稿”，不能编号并印发" in early.get_data(as_text=True)) == (409, True)
        assert post(office, "/circulars/1/submit", at="/circulars/1", version="1").status_code == 303
        own = post(office, "/circulars/1/approve", at="/circulars/1", version="2", basis="同意")
        assert (own.status_code, "须由领导签批" in own.get_data(as_text=True)) == (409, True)
    with site.client("reader") as reader:
        assert reader.get("/circulars/1").status_code == 404
        assert post(reader, "/circulars", at="/circulars").status_code == 404
    with site.client("leader") as leader:
        assert post(leader, "/circulars/1/approve", at="/circulars/1", version="2", basis="同意印发").status_code == 303
    with site.client("office") as office:
        assert post(office, "/circulars/1/issue", at="/circulars/1", version="3").status_code == 303
        assert office.get("/circulars/1/word").status_code == 409
        for drawn in (False, True):
            for page in ("/circulars", "/circulars/1"):
                shown = office.get(page).get_data(as_text=True)
                assert ("正在排印" not in shown, "/circulars/1/word" in shown) == (drawn, drawn), page
            site.work()
        assert post(office, "/circulars/1/burn", at="/circulars/1", version="4").status_code == 404
    with site.client("reader") as reader:
        assert "驻政办督〔2022〕1号" in reader.get("/circulars").get_data(as_text=True)
        paragraphs = _paragraphs(reader, 1)
        assert "驻政办督〔2022〕1号" in paragraphs
        assert any("由市商务局承办（驻政办〔2022〕99号一1）" in paragraph for paragraph in paragraphs)
        assert any(paragraph.endswith("逾期未报事项清单") for paragraph in paragraphs)
        assert reader.get("/circulars/1/sources").status_code == 404
        assert reader.get("/circulars/1/pages/1").status_code == 404
        assert reader.get("/circulars/9/word").status_code == 404
    with site.client("leader") as leader:
        with leader.get("/circulars/1/sources") as answer:
            sheet = load_workbook(BytesIO(answer.get_data())).active
            assert isinstance(sheet, Worksheet)
            rows = list(sheet.iter_rows(values_only=True))
        assert ("1", MEANINGS["reports_due"]) in [row[1:3] for row in rows]
        assert "附件1第1行" in [row[0] for row in rows]


def test_a_paper_stands_before_whoever_acts_on_it_next(site: Site) -> None:
    def act(login: str, name: str, version: int, **fields: str) -> None:
        with site.client(login) as person:
            done = post(person, f"/circulars/1/{name}", at="/circulars/1", version=str(version), **fields)
            assert done.status_code == 303

    def line(page: str) -> str:
        return re.sub(r"<[^>]*>", "", page.partition("在办文稿</a>：")[2].partition("</p>")[0])

    site.clock.at = LATE
    with site.client("office") as office:
        post(office, "/circulars", at="/circulars", type="supervision")
        assert "在办文稿" not in office.get("/desk").get_data(as_text=True)
    with site.client("leader") as leader:
        assert "没有待签批的文稿" in leader.get("/review/leader").get_data(as_text=True)
    act("office", "submit", 1)
    with site.client("leader") as leader:
        page = leader.get("/review/leader").get_data(as_text=True)
        for words in ('href="/circulars/1"', "督查通报", "督查员", "10月11日 09:00", "待签批文稿 <b>1 件</b>"):
            assert words in page, words
        assert "文稿 1 件，延期申请 0 件" in leader.get("/desk").get_data(as_text=True)
    act("leader", "send-back", 2, reason="数字再核")
    with site.client("office") as office:
        assert line(office.get("/desk").get_data(as_text=True)) == "退回修改 1 件。"
    act("office", "submit", 3)
    act("leader", "approve", 4, basis="同意")
    with site.client("office") as office:
        assert line(office.get("/desk").get_data(as_text=True)) == "已签批待印发 1 件。"


def test_a_withdrawn_circular_is_kept_and_says_so(site: Site) -> None:
    with site.client("office") as office:
        post(office, "/circulars", at="/circulars", type="supervision")
        post(office, "/circulars/1/submit", at="/circulars/1", version="1")
    with site.client("leader") as leader:
        post(leader, "/circulars/1/approve", at="/circulars/1", version="2", basis="同意")
    with site.client("office") as office:
        post(office, "/circulars/1/issue", at="/circulars/1", version="3")
        site.work()
        reason = {"version": "4", "reason": "数据口径有误"}
        refused = post(office, "/circulars/1/withdraw", at="/circulars/1", **reason)
        assert (refused.status_code, "须由领导" in refused.get_data(as_text=True)) == (409, True)
        assert "撤回须由领导办理" in office.get("/circulars/1").get_data(as_text=True)
    with site.client("leader") as leader:
        assert post(leader, "/circulars/1/withdraw", at="/circulars/1", **reason).status_code == 303
    with site.client("reader") as reader:
        shown = reader.get("/circulars/1").get_data(as_text=True)
        assert "已撤回" in shown
        assert "数据口径有误" in shown
        assert "驻政办督〔2022〕1号" in _paragraphs(reader, 1)


def _paragraphs(client: FlaskClient, circular_id: int) -> list[str]:
    with client.get(f"/circulars/{circular_id}/word") as answer:
        return [paragraph.text for paragraph in Document(BytesIO(answer.get_data())).paragraphs]


def test_sentences_may_be_edited_and_figures_stay_bound(site: Site) -> None:
    site.clock.at = LATE
    with site.client("office") as office:
        post(office, "/circulars", at="/circulars", type="urge", unit="市商务局")
        page = office.get("/circulars/1").get_data(as_text=True)
        words = [html.unescape(text) for text in re.findall(r'name="text" rows="\d">([^<]*)<', page)]
        assert any("{overdue}" in text for text in words)

        def save(texts: list[str], **fields: str) -> TestResponse:
            token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
            form = {"csrf_token": token, "version": "1", "title": "关于催报的函", "text": texts, **fields}
            return office.post("/circulars/1/edit", data=form)

        by_hand = save([words[0].replace("{overdue}", "77"), *words[1:]])
        assert (by_hand.status_code, "77" in by_hand.get_data(as_text=True)) == (400, True)
        unknown = save([words[0] + "{nobody}", *words[1:]])
        assert (unknown.status_code, "{nobody}" in unknown.get_data(as_text=True)) == (400, True)
        assert save(words[1:]).status_code == 400
        assert save([words[0] + "请高度重视。", *([""] * (len(words) - 1))], urgency="特急").status_code == 303
        shown = office.get("/circulars/1").get_data(as_text=True)
        assert "请高度重视。" in shown
        paragraphs = _paragraphs(office, 1)
        assert any(text.startswith("特急") for text in paragraphs)
        assert not any("请抓紧办理" in text for text in paragraphs)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"type": "urge"}, "致送单位"),
        ({"type": "breakdown"}, "依据文件"),
        ({"type": "notice"}, "致送单位或者依据文件"),
        ({"type": "urge", "unit": "市统计局"}, "没有可写入催办单的事项"),
        ({"type": "urge", "unit": "没有的单位"}, "致送单位"),
        ({"type": "urge", "unit": "市商务局", "office": "government"}, "没有设置催办单的版头"),
        ({"type": "poem"}, "请从列出的选项中选择文种"),
        ({"type": "supervision", "document": "驻政办〔1999〕1号"}, "请从列出的选项中选择文件"),
    ],
)
def test_a_draft_that_cannot_be_is_refused_with_the_reason(site: Site, fields: dict[str, str], words: str) -> None:
    with site.client("office") as office:
        answer = post(office, "/circulars", at="/circulars", **fields)
        assert answer.status_code == 400
        assert words in answer.get_data(as_text=True)


def test_a_liaison_reads_the_digest_and_the_office_its_ledger(site: Site) -> None:
    site.clock.at = LATE
    sweep(site.services.database, now=LATE, by=BY, outgoing=Outgoing(mail=False, machine_now=LATE))
    with site.client("swj") as liaison:
        assert 'aria-label="未读1条"' in liaison.get("/today").get_data(as_text=True)
        page = liaison.get("/notices").get_data(as_text=True)
        assert "督办提醒：逾期1份" in page
        assert "为什么收到：您是市商务局的联络员" in page
        assert "未读" not in liaison.get("/today").get_data(as_text=True)
    with site.client("office") as office:
        page = office.get("/reminders").get_data(as_text=True)
        assert "市商务局 联络员" in page
        assert "邮件渠道停用" in page
        assert "逾期走势" in office.get("/desk").get_data(as_text=True)
        assert post(office, "/reminders/1/resend", at="/reminders").status_code == 409
        assert post(office, "/reminders/99/settle", at="/reminders").status_code == 404
    with site.client("leader") as leader:
        page = leader.get("/leader").get_data(as_text=True)
        [(week, figure)] = set(re.findall(r'<a href="(/desk/weeks/\w+)" aria-label="[^"]+逾期(\d+)份"', page))
        assert "逾期走势" in page
        assert f"反馈逾期未报 <b>{figure} 份</b>" in leader.get(week).get_data(as_text=True)


def test_the_figures_are_for_this_machine_or_the_token(site: Site) -> None:
    with site.client() as here:
        page = here.get("/metrics").get_data(as_text=True)
        assert 'tracker_rows{state="open",what="row"}' in page
        assert "tracker_redis_up 0.0" in page
        elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
        assert here.get("/metrics", environ_overrides=elsewhere).status_code == 404
        assert here.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404
        site.services = replace(
            site.services, settings=site.services.settings.model_copy(update={"metrics_token": "t" * 16})
        )
        site.app.extensions["tracker"] = site.services
        token = {"Authorization": "Bearer " + "t" * 16}
        assert here.get("/metrics", environ_overrides=elsewhere, headers=token).status_code == 200


def _template(*paragraphs: str, sabotage: str = "") -> BytesIO:
    """Return an office's template in Word; `sabotage` adds a part that must not be there."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    saved = BytesIO()
    document.save(saved)
    if sabotage:
        with zipfile.ZipFile(saved, "a") as package:
            package.writestr(sabotage, b"x")
    saved.seek(0)
    return saved


def _upload(client: FlaskClient, file: BytesIO, *, name: str = "简版.docx", kind: str = "urge") -> TestResponse:
    page = client.get("/circulars/templates").get_data(as_text=True)
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    return client.post("/circulars/templates", data={"csrf_token": token, "type": kind, "file": (file, name)})


_GOOD = ("{{文号}}", "{{标题}}", "{{主送}}：", "{{一级标题}}", "{{正文}}", "{{署名}}", "{{成文日期}}", "{{附件}}")


def test_a_template_of_the_office_is_checked_tried_out_and_used(site: Site) -> None:
    site.clock.at = LATE
    with site.client("office") as office:
        assert _upload(office, _template(*_GOOD)).status_code == 303
        with office.get("/circulars/templates/1/sample") as answer:
            texts = [paragraph.text for paragraph in Document(BytesIO(answer.get_data())).paragraphs]
        assert "一、这里是一级标题" in texts
        assert not any("{{" in text for text in texts)
        drafted = post(office, "/circulars", at="/circulars", type="urge", unit="市商务局", layout="1")
        assert drafted.status_code == 303
        made = _paragraphs(office, 1)
        assert "驻马店市商务局：" in made
        page = office.get("/circulars/1").get_data(as_text=True)
        assert "纸张不是A4（5.1）。" in page, "Word's own default is another sheet"
        assert ("格式检查的范围：" in page, "未发现与" in page) == (True, False)
        assert any("反馈逾期1份" in text for text in made)
        assert "附件" in made
        wrong = post(office, "/circulars", at="/circulars", type="supervision", layout="1")
        assert (wrong.status_code, "不能用于所选文种" in wrong.get_data(as_text=True)) == (400, True)
        assert post(office, "/circulars/templates/1/retire", at="/circulars/templates").status_code == 303
        assert "简版" not in office.get("/circulars").get_data(as_text=True)
        assert "驻马店市商务局：" in _paragraphs(office, 1)
        assert post(office, "/circulars/templates/1/retire", at="/circulars/templates").status_code == 404


@pytest.mark.parametrize(
    ("paragraphs", "sabotage", "words"),
    [
        (("{{标题}}",), "", "缺少字段“{{正文}}”"),
        (("{{标题}}", "{{正文}}", "{{密码}}"), "", "字段“密码”不在允许之列"),
        (("{{标题}}", "{{正文}}", "{% for a in b %}"), "", "只能使用字段"),
        (("{{标题}}", "前言{{正文}}"), "", "须单独成段"),
        (("{{标题}}", "{{正文}}", "{{一级标题}}", "{{一级标题}}"), "", "只能写一处"),
        (("{{标题}}", "{{正文}}", "{{文"), "", "没有写完整"),
        (("{{标题}}", "{{正文}}"), "word/vbaProject.bin", "宏程序（word/vbaProject.bin）"),
    ],
)
def test_a_template_that_is_not_safe_or_not_whole_is_refused(
    site: Site, paragraphs: tuple[str, ...], sabotage: str, words: str
) -> None:
    with site.client("office") as office:
        refused = _upload(office, _template(*paragraphs, sabotage=sabotage))
        assert (refused.status_code, words in html.unescape(refused.get_data(as_text=True))) == (400, True)
        broken = _upload(office, BytesIO(b"PK\x03\x04 no zip"))
        assert (broken.status_code, "不是可以打开的Word文件" in broken.get_data(as_text=True)) == (400, True)
        for name in ("简版.docm", "简版.dotx", "简版"):
            other = _upload(office, _template("{{标题}}", "{{正文}}"), name=name)
            assert (other.status_code, "模板须是Word文件" in other.get_data(as_text=True)) == (400, True)
        assert "还没有自制模板" in office.get("/circulars/templates").get_data(as_text=True)


def test_a_correction_has_the_figures_and_the_words_of_what_it_corrects(site: Site) -> None:
    with site.client("office") as office:
        post(office, "/circulars", at="/circulars", type="supervision")
        post(office, "/circulars/1/submit", at="/circulars/1", version="1")
    with site.client("leader") as leader:
        post(leader, "/circulars/1/approve", at="/circulars/1", version="2", basis="同意")
    with site.client("office") as office:
        post(office, "/circulars/1/issue", at="/circulars/1", version="3")
        site.work()
        wrong = _paragraphs(office, 1)
        site.clock.at = LATE
        said = {"version": "4", "reason": "数字有误"}
        assert post(office, "/circulars/1/correct", at="/circulars/1", **said).status_code == 303
        assert "文字与原件相同，还没有更正" in office.get("/circulars/2").get_data(as_text=True)
        refused = post(office, "/circulars/2/submit", at="/circulars/2", version="1")
        assert (refused.status_code, "还没有更正" in refused.get_data(as_text=True)) == (409, True)
    with site.client("leader") as leader:
        kept = post(leader, "/circulars/1/withdraw", at="/circulars/1", **said)
        assert (kept.status_code, "更正稿正在办理" in kept.get_data(as_text=True)) == (409, True)
    with site.client("office") as office:
        mended = _paragraphs(office, 2)
        body = wrong.index("一、总体情况")
        assert mended[mended.index("一、总体情况") :][:3] == wrong[body:][:3]
        # Source: GB/T 9704-2012, 7.3.6: in brackets below the date.
        note = mended.index("（因数字有误，本件更正驻政办督〔2022〕1号，原件同时废止）")
        assert re.fullmatch(r"\d{4}年\d+月\d+日", mended[note - 1])
        replaced = '<a href="/circulars/1">驻政办督〔2022〕1号</a>'
        assert f"本稿印发后替代{replaced}。" in office.get("/circulars/2").get_data(as_text=True)
        post(office, "/circulars", at="/circulars", type="supervision")
        assert "与上期" in office.get("/circulars/3").get_data(as_text=True)
    with site.services.database.transaction() as session:
        session.get_one(CircularRow, 2).copies = "市委办公室"
    _issue(site, 2)
    with site.client("office") as office:
        assert f"本件更正{replaced}，原件同时废止。" in office.get("/circulars/2").get_data(as_text=True)


def _issue(site: Site, circular_id: int) -> None:
    """Let a draft be approved and issued."""
    at = f"/circulars/{circular_id}"
    for login, act in (("office", "submit"), ("leader", "approve"), ("office", "issue")):
        with site.services.database.reading() as session:
            version = str(session.get_one(CircularRow, circular_id).version)
        with site.client(login) as client:
            assert post(client, f"{at}/{act}", at=at, version=version, basis="同意").status_code == 303


def test_an_edition_shows_what_it_was_made_of_whatever_becomes_of_the_city_and_its_log(site: Site) -> None:
    with site.client("office") as office:
        post(office, "/circulars", at="/circulars", type="supervision")
        before = _paragraphs(office, 1)
        site.city.file(at=LATE)
        with site.services.database.transaction() as session:
            for unit in session.scalars(select(UnitRow)):
                unit.short_name = f"{unit.short_name}（改）"
        assert _paragraphs(office, 1) == before
        with site.services.database.reading() as session:
            [id_] = kept_edition_ids(session)
            edition = session.get_one(CircularRow, id_)
            facts = site.services.evidence.path(edition.facts_sha256 or "")
            assert differs_from_log(site.services, session, edition)  # these names were changed behind the log's back
        facts.chmod(0o600)
        facts.write_bytes(facts.read_bytes().replace(b"1", b"2"))
        broken = office.get("/circulars/1")
        assert (broken.status_code, "与上传时不一致" in broken.get_data(as_text=True)) == (500, True)


def test_whoever_is_written_to_is_told_how_many_messages_wait_and_can_open_them(site: Site) -> None:
    outgoing = Outgoing(mail=False, machine_now=LATE)
    with site.services.database.transaction() as session:
        leaving = session.scalars(select(UserRow).where(col(UserRow.login) == "tjj")).one()
        leaving.active = False  # its head stands in
        units = dict(session.execute(select(col(UnitRow.code), col(UnitRow.id))).all())
        told_of = [(event.type, unit_id) for event in SUBSCRIPTIONS for unit_id in (None, units["swj"], units["tjj"])]
        for rule, unit_id in told_of:
            notify(
                session,
                rule=rule,
                subject_id=1,
                unit_id=unit_id,
                subject=f"有一件事：{rule}",
                reason="试发",
                tasks=(),
                at=LATE,
                mail_at=LATE,
                outgoing=outgoing,
            )
    with site.services.database.reading() as session:
        told = select(col(UserRow.login)).join(ReminderRow, col(ReminderRow.recipient_id) == col(UserRow.id))
        logins = set(session.scalars(told))
    assert {"office", "swj", "tjj-head"} <= logins
    for login in logins:
        with site.client(login) as client:
            assert f'aria-label="未读{len(SUBSCRIPTIONS)}条"' in client.get("/documents").get_data(as_text=True)
            first = client.get("/notices").get_data(as_text=True)
            left = len(SUBSCRIPTIONS) - 60
            assert (f"另有{left}条未读" in first) == (left > 0)
            page = first + client.get("/notices").get_data(as_text=True)  # what had no place the first time
            assert 'aria-label="未读' not in client.get("/documents").get_data(as_text=True)
            assert [rule for rule, _unit_id in told_of if f"有一件事：{rule}</h2>" not in page] == []


def test_a_paragraph_is_written_by_hand_on_items_that_are_cited_and_says_so(site: Site) -> None:
    site.clock.at = LATE
    with site.client("office") as office:
        post(office, "/circulars", at="/circulars", type="urge", unit="市商务局")
        page = office.get("/circulars/1").get_data(as_text=True)
        words = [html.unescape(text) for text in re.findall(r'name="text" rows="\d">([^<]*)<', page)]

        def save(**fields: object) -> TestResponse:
            token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
            form = {"csrf_token": token, "version": "1", "title": "关于催报的函", "text": words, **fields}
            return office.post("/circulars/1/edit", data=form, headers={"Referer": "http://localhost/circulars/1"})

        by_hand = "市商务局9月30日来电说明，正在补报。"
        named = save(text=[words[0] + "市商务局弄虚作假。", *words[1:]])
        assert (named.status_code, "单位名称只能引用" in named.get_data(as_text=True)) == (400, True)
        uncited = save(added=by_hand)
        assert (uncited.status_code, by_hand in uncited.get_data(as_text=True)) == (400, True)
        unknown = save(added=by_hand, cited="驻政办〔2022〕99号九")
        assert (unknown.status_code, "不是已交办的事项" in unknown.get_data(as_text=True)) == (400, True)
        assert save(added=by_hand, cited="驻政办〔2022〕99号一1", added_after="1").status_code == 303
        shown = office.get("/circulars/1").get_data(as_text=True)
        assert "人工撰写，所依据事项：驻政办〔2022〕99号一1" in shown
        paragraphs = _paragraphs(office, 1)
        assert paragraphs.index(by_hand) == next(n for n, text in enumerate(paragraphs) if "反馈" in text) + 1
        with office.get("/circulars/1/sources") as answer:
            sheet = load_workbook(BytesIO(answer.get_data())).active
            assert isinstance(sheet, Worksheet)
            assert any("人工撰写" in str(row[2]) for row in sheet.iter_rows(values_only=True))


@pytest.mark.parametrize(("login", "house"), [("office", True), ("leader", False), ("reader", False)])
def test_the_office_alone_is_named_as_the_house_of_whoever_has_no_unit(site: Site, login: str, house: bool) -> None:
    with site.client(login) as client:
        who = client.get("/documents").get_data(as_text=True).partition('class="who"')[2].partition("</span>")[0]
    assert ("市政府督查室" in who) is house
