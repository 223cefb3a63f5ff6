"""All forms that are due on one page 「一次多报」: what is handed in, comes back and is kept, and whose it is."""

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html as lxml_html
from sqlalchemy import event, select
from werkzeug.test import TestResponse, encode_multipart

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.office import FIRST, IN_TIME
from tests.support.site import PASSWORD, PASSWORD_HASH, Site
from tracker.domain.accounts import Role
from tracker.store.tables.filings import EvidenceRow, FilingRow, ReportRow
from tracker.store.tables.jottings import JottingRow
from tracker.store.tables.series import FormRow
from tracker.usecases.filing import send_back

FACT = "9月28日印发通报1期。"
NOW = datetime(2022, 11, 1, 1, 0, tzinfo=UTC)
_SECOND = "2022-10"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """市商务局 owes two forms: September, which is overdue, and October, which is due this week."""
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = NOW
    made.city.sweep(NOW)
    return made


class Page:
    """The page as a browser has it: its fields, by the names that it gives them."""

    def __init__(self, client: FlaskClient, answer: TestResponse | None = None) -> None:
        self.client = client
        self.read(answer or client.get("/forms"))

    def read(self, answer: TestResponse) -> None:
        self.status, self.text = answer.status_code, html.unescape(answer.get_data(as_text=True))
        document = lxml_html.document_fromstring(answer.get_data(as_text=True))
        form = next((form for form in document.iter("form") if form.get("data-keep")), None)
        self.fields = {} if form is None else {n: v.removeprefix("\n") for n, v in form.form_values()}
        self.periods = tuple(dict.fromkeys(re.findall(r'id="p(\d+)-form"', self.text)))
        self.faults = dict(re.findall(r'id="refused-([^"]+)">([^<]+)', self.text))

    def send(self, to: str = "/forms", /, **more: object) -> TestResponse:
        headers = {"Referer": "http://localhost/forms"}
        return self.client.post(to, data={**self.fields, **more}, headers=headers, content_type="multipart/form-data")


def _period(site: Site, name: str) -> int:
    with site.services.database.reading() as session:
        return site.city.period("swj", session, name=name).id or 0


def _key(site: Site, name: str) -> str:
    with site.services.database.reading() as session:
        return f"p{_period(site, name)}-a{site.city.assignment('swj', session).id}-"


def _written(site: Site, name: str, **changes: str) -> Mapping[str, str]:
    said = {"claim": "on_schedule", "fact": FACT, "v1": "2", "on1": "2022-09-28", **changes}
    return {_key(site, name) + field: text for field, text in said.items()}


def _drafts(site: Site) -> list[JottingRow]:
    with site.services.database.reading() as session:
        return list(session.scalars(select(JottingRow)))


def _filed(site: Site) -> list[tuple[int | None, str]]:
    with site.services.database.reading() as session:
        return [(row.period_id, row.state) for row in session.scalars(select(FilingRow))]


def test_every_form_that_is_asked_for_stands_on_the_page_and_one_button_hands_in_what_was_written(site: Site) -> None:
    september, october = _period(site, FIRST), _period(site, _SECOND)
    with site.client("swj") as liaison:
        assert 'href="/forms"' in liaison.get("/today").get_data(as_text=True)
        page = Page(liaison)
        assert set(page.periods) >= {str(september), str(october)}
        answer = page.send(**_written(site, FIRST))
        assert answer.status_code == 303
        assert _filed(site) == [(september, "awaiting_sign_off")]
        told = html.unescape(liaison.get("/today").get_data(as_text=True))
        assert "已送本单位负责人审签1张表" in told
        assert "没有送" in told
        assert str(september) not in Page(liaison).periods
        second = Page(liaison)
        assert second.send(**_written(site, _SECOND, fact="10月9日召开调度会。")).status_code == 303
    assert _filed(site) == [(september, "awaiting_sign_off"), (october, "awaiting_sign_off")]


def test_a_form_with_faults_comes_back_filled_and_holds_up_no_other(site: Site) -> None:
    september, october = _period(site, FIRST), _period(site, _SECOND)
    with site.client("swj") as liaison:
        page = Page(liaison)
        page.read(page.send(**_written(site, FIRST), **_written(site, _SECOND, v1="两次", fact="无变化")))
        assert page.status == 400
        assert _filed(site) == [(september, "awaiting_sign_off")]
        assert "已送本单位负责人审签1张表" in page.text
        assert "另有1张没有送出" in page.text
        assert str(september) not in page.periods
        key = _key(site, _SECOND)
        assert page.fields[f"{key}fact"] == "无变化"
        assert page.faults.keys() == {f"{key}v1", f"{key}fact"}
        assert "两次" in page.faults[f"{key}v1"]
        more = {f"{key}v1": "2", f"{key}fact": "10月9日召开调度会。"}
        assert page.send(**more).status_code == 303
    assert _filed(site) == [(september, "awaiting_sign_off"), (october, "awaiting_sign_off")]


def test_of_a_page_that_comes_back_what_may_wait_is_shut_as_before_and_what_was_filled_in_is_open(site: Site) -> None:
    def opened(page: Page) -> list[bool]:
        return [" open" in found for found in re.findall(r'<section class="part"[^>]*>\s*<details([^>]*)>', page.text)]

    with site.client("swj") as liaison:
        page = Page(liaison)
        before = opened(page)
        assert before == [True, False]
        page.read(page.send(**_written(site, FIRST, v1="两次")))
        assert (page.status, opened(page)) == (400, before)
        page.read(page.send("/forms/again", **_written(site, _SECOND)))
        assert opened(page) == [True, True]
        page = Page(liaison)
        page.read(page.send("/forms/again", again="yes"))
        assert opened(page) == [True, True], "who asks for the last reports on all forms works on all"


def test_nothing_that_nobody_touched_is_sent_and_what_is_to_stay_stays(site: Site) -> None:
    filing_id = site.city.submit(at=NOW)
    with site.services.database.transaction() as session:
        send_back(session, filing_id=filing_id, reason="写明文号", actor=site.city.head("swj"), at=NOW)
    october = _period(site, _SECOND)
    with site.client("swj") as liaison:
        page = Page(liaison)
        assert page.fields[f"{_key(site, FIRST)}fact"] == FACT, "what came back is written on"
        assert "写明文号" in page.text
        page.read(page.send())
        assert (page.status, "没有送出" in page.text) == (400, True)
        held = {f"p{october}-hold": "yes", **_written(site, _SECOND)}
        page.read(page.send(**held))
        assert page.status == 400
        assert page.fields[f"{_key(site, _SECOND)}fact"] == FACT
        assert page.fields[f"p{october}-hold"] == "yes"
    assert [state for _period_id, state in _filed(site)] == ["sent_back"]


def test_the_draft_is_that_of_the_forms_own_page(site: Site) -> None:
    october, key = _period(site, _SECOND), _key(site, _SECOND)
    with site.client("swj") as liaison:
        page = Page(liaison)
        told = liaison.post(
            "/forms/keep", data={**page.fields, f"{key}fact": "写了一半"}, headers={"Accept": "application/json"}
        ).get_json()
        assert "草稿已保存" in told["said"]
        assert f"{key}fact" in told["was"]
        own = liaison.get(f"/periods/{october}/form").get_data(as_text=True)
        assert "写了一半</textarea>" in own
        assert Page(liaison).fields[f"{key}fact"] == "写了一半"
        assert Page(liaison).send("/forms/keep", **{f"{key}fact": "又写了"}).status_code == 303
        assert Page(liaison).fields[f"{key}fact"] == "又写了"
        assert Page(liaison).send(**_written(site, _SECOND)).status_code == 303
    with site.services.database.reading() as session:
        assert session.scalars(select(JottingRow)).all() == []


def test_what_a_colleague_wrote_meanwhile_is_seen_before_it_is_sent(site: Site) -> None:
    key = _key(site, _SECOND)
    with site.services.database.transaction() as session:
        create_user(session, NewUser("swj-b", "李四", Role.LIAISON, PASSWORD_HASH, "swj"))
    page = Page(site.beside("swj"))
    with site.client("swj-b") as colleague:
        Page(colleague).send("/forms/keep", **{f"{key}fact": "同事写的"})
    page.read(page.send(**_written(site, _SECOND)))
    assert page.status == 409
    assert f'data-beside="{key}fact"' in page.text
    assert page.fields[f"{key}fact"] == FACT
    assert _filed(site) == []


def test_what_was_written_of_a_form_that_a_colleague_sent_is_shown_to_be_copied(site: Site) -> None:
    with site.client("swj") as liaison:
        untouched, page = Page(liaison), Page(liaison)
        site.city.submit(at=NOW)
        page.read(page.send(**_written(site, FIRST, fact="我写的九月情况")))
        assert (page.status, "我写的九月情况" in page.text) == (409, True)
        assert untouched.send(**_written(site, _SECOND)).status_code == 303, "of his form nothing was written"


def test_of_a_form_that_a_colleague_sent_what_one_wrote_otherwise_is_named_by_its_item(site: Site) -> None:
    """On the page of several forms and on its own: by whom it was sent is said, what he wrote too is left out."""
    said = {"claim": "on_schedule", "cause": "我写的原因"}
    with site.client("swj") as liaison:
        single = f"/periods/{_period(site, FIRST)}/form"
        page = Page(liaison)
        site.city.submit(at=NOW)
        with site.services.database.reading() as session:
            sent = session.scalars(select(ReportRow)).one()
            said |= {"fact": sent.text or "", "claim": sent.claim or ""}
        page.read(page.send(**_written(site, FIRST, **said)))
        key = _key(site, FIRST).partition("-")[2]
        own = {key + name: text for name, text in said.items()} | {"csrf_token": page.fields["csrf_token"]}
        alone = liaison.post(single, data=own).get_data(as_text=True)
        for text in (page.text, html.unescape(alone)):
            named = re.findall(r'<label for="[^"]*w\d+">([^<]*)</label>', text)
            assert any(re.fullmatch(r".+“.+”：.*原因", name) for name in named), named
            assert not [name for name in named if name.endswith(("实事", "自报", "自报情况"))]
            assert re.search(r"本表已由\S+于2022年11月1日 09:00送本单位负责人审签", text)
        assert f'href="{single}">看已送审的表' in page.text
        same = {**own, f"{key}cause": ""}
        assert "您写的与已送审的相同" in liaison.post(single, data=same).get_data(as_text=True)


def test_a_form_that_a_colleague_sent_holds_up_no_other_draft_and_is_named(site: Site) -> None:
    with site.client("swj") as liaison:
        page = Page(liaison)
        site.city.submit(at=NOW)
        first, second = f"{_key(site, FIRST)}fact", f"{_key(site, _SECOND)}fact"
        json = {"Accept": "application/json", "Referer": "http://localhost/forms"}
        told = liaison.post("/forms/keep", data={**page.fields, first: "九月", second: "十月"}, headers=json)
        assert (told.status_code, told.json and told.json["over"]) == (409, [_key(site, FIRST).partition("-")[0] + "-"])
        assert "本表已由" in (told.json or {})["said"]
        assert [row.text for row in _drafts(site)] == ["十月"]


def test_what_a_page_sends_that_is_left_says_nothing_of_other_fields_and_is_told_to_nobody(site: Site) -> None:
    key = _key(site, FIRST)
    with site.client("swj") as liaison:
        page = Page(liaison)
        page.send("/forms/keep", **{f"{key}outcome": "met", f"{key}fact": "一"})
        before = {row.field for row in _drafts(site)}
        page = Page(liaison)
        own = {name: text for name, text in page.fields.items() if name in ("csrf_token", "was", "page_of_form")}
        page.fields = {**own, f"{key}fact": "二", "changed_only": "yes"}
        assert page.send("/forms/keep").status_code == 200
        assert {row.field for row in _drafts(site)} == before
        assert "二" in {row.text for row in _drafts(site)}
        assert "草稿已保存" not in liaison.get("/today").get_data(as_text=True)


def test_files_go_to_the_row_of_their_form(site: Site) -> None:
    key = _key(site, FIRST)
    with site.client("swj") as liaison:
        page = Page(liaison)
        file = (BytesIO("台账".encode()), "台账.txt")
        page.read(page.send(**_written(site, FIRST), **{f"{key}e0": file}))
        assert page.faults.keys() == {"not_secret"}
        file = (BytesIO("台账".encode()), "台账.txt")
        assert page.send(**{f"{key}e0": file}, not_secret="yes").status_code == 303
    with site.services.database.reading() as session:
        (evidence,) = session.scalars(select(EvidenceRow)).all()
        report = session.get_one(ReportRow, evidence.report_id)
        assert session.get_one(FilingRow, report.filing_id).period_id == _period(site, FIRST)


def test_last_reports_are_written_into_blank_rows_of_one_form_or_of_all(site: Site) -> None:
    site.city.accept(site.city.file(at=NOW), at=NOW)
    october = _period(site, _SECOND)
    key = _key(site, _SECOND)
    with site.client("swj") as liaison:
        page = Page(liaison)
        assert page.fields[f"{key}fact"] == ""
        for asked in ("again", f"p{october}-again"):
            page = Page(liaison)
            page.read(page.send("/forms/again", **{asked: "yes"}))
            assert (page.status, page.fields[f"{key}fact"]) == (200, FACT)
        page = Page(liaison)
        page.read(page.send("/forms/again", **{f"{key}fact": "自己写的", "again": "yes"}))
        assert page.fields[f"{key}fact"] == "自己写的"


def test_after_the_log_in_ended_everything_comes_back(site: Site) -> None:
    key = _key(site, _SECOND)
    with site.client("swj") as liaison:
        page = Page(liaison)
        liaison.delete_cookie("tracker_login")
        answer = page.send(**{f"{key}fact": "写了很久的十月情况"})
        assert answer.status_code == 403
        gate = lxml_html.document_fromstring(answer.get_data(as_text=True))
        form = next(form for form in gate.iter("form") if "login" in form.get("action", ""))
        sent = {**dict(form.form_values()), "login": "swj", "password": PASSWORD}
        back = liaison.post(form.get("action"), data=sent, headers={"Referer": "http://localhost/forms"})
        assert Page(liaison, back).fields[f"{key}fact"] == "写了很久的十月情况"
    assert _filed(site) == []


def test_a_foreign_form_looks_like_a_missing_one(site: Site) -> None:
    foreign = _written(site, FIRST)
    with site.client("wjw") as stranger:
        for to in ("/forms", "/forms/keep", "/forms/again"):
            assert Page(stranger).send(to, **_token(stranger), **foreign).status_code == 404
            assert Page(stranger).send(to, **_token(stranger), **{"p999-a1-fact": "一"}).status_code == 404
        assert "招商工作方案" not in Page(stranger).text
    assert _filed(site) == []


def _token(client: FlaskClient) -> Mapping[str, str]:
    page = client.get("/today").get_data(as_text=True)
    return {"csrf_token": page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]}


def test_no_row_costs_a_question_of_its_own(site: Site) -> None:
    """What a form costs does not grow with its rows: each part is asked for all shares of a form at once."""
    asked: list[str] = []
    engine = site.services.database.engine
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(str(told[2])))
    with site.client("swj") as liaison:
        asked.clear()
        liaison.get("/forms")
    assert len(asked) < 40 * len(Page(site.logged_in("swj")).periods) + 40


def test_a_page_of_many_rows_is_not_too_long_to_be_sent(site: Site) -> None:
    """Eighty rows have some thousand fields."""
    with site.client("swj") as liaison:
        page = Page(liaison)
        many = {f"p{_period(site, FIRST)}-a999-x{n}": "字" * 150 for n in range(2500)}
        edge, body = encode_multipart({**page.fields, **many, **_written(site, FIRST)})
        answer = liaison.post("/forms", data=body, content_type=f"multipart/form-data; boundary={edge}")
        assert answer.status_code == 303
    assert _filed(site) == [(_period(site, FIRST), "awaiting_sign_off")]


def test_in_time_only_what_is_near_stands_on_the_page(site: Site) -> None:
    site.clock.at = IN_TIME.replace(day=5)
    with site.client("swj") as liaison:
        page = Page(liaison)
        assert page.periods == ()
        assert "现在没有要报的表" in page.text


def test_every_overdue_form_of_a_series_stands_on_the_page_and_all_go_with_one_press(site: Site) -> None:
    site.clock.at = datetime(2023, 1, 10, 1, 0, tzinfo=UTC)
    site.city.sweep(site.clock.at)
    with site.services.database.transaction() as session:
        for row in session.scalars(select(FormRow)):
            row.act = False  # accounts: an earlier one that is not sent would end with a later one
    names = (FIRST, _SECOND, "2022-11", "2022-12")
    with site.client("swj") as liaison:
        page = Page(liaison)
        assert page.periods[:4] == tuple(str(_period(site, name)) for name in names)
        written = {name: text for each in names for name, text in _written(site, each).items()}
        assert page.send(**written).status_code == 303
        assert _filed(site) == [(_period(site, name), "awaiting_sign_off") for name in names]
        assert Page(liaison).periods == ()


def test_a_later_account_waits_for_an_earlier_one_that_was_refused_with_it(site: Site) -> None:
    site.clock.at = datetime(2022, 11, 8, 1, 0, tzinfo=UTC)
    site.city.sweep(site.clock.at)
    with site.services.database.transaction() as session:
        for row in session.scalars(select(FormRow)):
            row.act = False
    faulty = {name: "x" if re.search(r"-v\d+$", name) else text for name, text in _written(site, FIRST).items()}
    with site.client("swj") as liaison:
        refused = Page(liaison).send(**faulty, **_written(site, _SECOND))
        assert refused.status_code == 400
        assert "2022年9月没有送出，本期未送：请先改好2022年9月，一并再送" in refused.get_data(as_text=True)
    assert _filed(site) == []


def test_what_one_page_cannot_hold_is_named_with_its_link(site: Site) -> None:
    site.clock.at = datetime(2026, 6, 10, 1, 0, tzinfo=UTC)
    site.city.sweep(site.clock.at)
    with site.client("swj") as liaison:
        page = Page(liaison)
        assert (len(page.periods), page.periods[0]) == (40, str(_period(site, FIRST)))
        left = [
            f"/periods/{_period(site, name)}/form" for name in ("2026-01", "2026-02", "2026-03", "2026-04", "2026-05")
        ]
        assert "另有5张表" in page.text
        assert re.findall(r'<li><a href="(/periods/\d+/form)"', page.text) == left
