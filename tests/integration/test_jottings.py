"""Half-done input is kept for the unit, field by field: nobody writes over another unseen, nothing is lost silently."""

import html
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html as lxml_html
from sqlalchemy import select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.office import FIRST, IN_TIME, OFFICE
from tests.support.site import PASSWORD_HASH, Site, post
from tracker.domain.accounts import EVERY_UNIT, Actor, Role
from tracker.domain.errors import NotFound
from tracker.domain.jottings import LONGEST_JOTTING, digest
from tracker.store.queries.forms import form_view
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.jottings import JottingRow
from tracker.store.tables.units import UnitRow, UserRow
from tracker.usecases.ending import cancel_task
from tracker.usecases.jotting import drop

FACT = "9月28日印发通报1期。"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = IN_TIME
    with made.services.database.transaction() as session:
        create_user(session, NewUser("swj-b", "李四", Role.LIAISON, PASSWORD_HASH, "swj"))
    return made


def _form(site: Site) -> str:
    with site.services.database.reading() as session:
        return f"/periods/{site.city.period('swj', session, name=FIRST).id}/form"


def _key(site: Site) -> str:
    with site.services.database.reading() as session:
        period_id = site.city.period("swj", session).id or 0
        view = form_view(session, period_id=period_id, unit_ids=EVERY_UNIT, now=site.clock.at)
    assert view is not None
    return f"a{view.rows[0].assignment_id}-"


def _words(answer: TestResponse) -> str:
    return html.unescape(answer.get_data(as_text=True))


class Opened:
    """A page that somebody has open: its fields as a browser would send them."""

    def __init__(self, client: FlaskClient, address: str) -> None:
        self.client, self.address = client, address
        self.read(client.get(address))

    def read(self, answer: TestResponse) -> "Opened":
        self.text = _words(answer)
        forms = list(lxml_html.document_fromstring(answer.get_data(as_text=True)).iter("form"))
        self.form = next((form for form in forms if form.get("data-keep")), None)
        values = [] if self.form is None else self.form.form_values()
        self.fields = {name: value.removeprefix("\n") for name, value in values}  # as a browser reads <textarea>
        return self

    def send(
        self, fields: Mapping[str, str] | None = None, *, to: str | None = None, script: bool = False
    ) -> TestResponse:
        self.fields |= fields or {}
        headers = {"Referer": f"http://localhost{self.address}"} | ({"Accept": "application/json"} if script else {})
        return self.client.post(to or self.address, data=self.fields, headers=headers)

    def keep(self, fields: Mapping[str, str] | None = None, *, script: bool = False) -> TestResponse:
        return self.send(fields, to=f"{self.address}/keep", script=script)


def _jottings(site: Site) -> dict[str, str]:
    with site.services.database.reading() as session:
        return {row.field: row.text for row in session.scalars(select(JottingRow))}


def _said(site: Site) -> tuple[list[str], int]:
    """Return what the log tells but for log-ins, and how much was filed."""
    with site.services.database.reading() as session:
        told = session.scalars(select(col(EventRow.type)).order_by(col(EventRow.seq))).all()
        return [type_ for type_ in told if not type_.startswith("login.")], len(
            session.scalars(select(FilingRow)).all()
        )


def _whole(site: Site, page: Opened) -> dict[str, str]:
    key = _key(site)
    values = {name: "1" for name in page.fields if re.fullmatch(rf"{key}v\d+", name)}
    return {f"{key}claim": "on_schedule", f"{key}fact": FACT, **values}


def test_what_is_kept_stands_in_the_form_for_everybody_of_the_unit_and_is_no_act(site: Site) -> None:
    key, form = _key(site), _form(site)
    before = _said(site)
    with site.client("swj") as mine:
        answer = Opened(mine, form).keep({f"{key}fact": FACT, f"{key}claim": "on_schedule"})
        assert answer.status_code == 303
        assert _jottings(site) == {f"{key}fact": FACT, f"{key}claim": "on_schedule"}  # only what differs
        again = Opened(mine, form)
        assert (again.fields[f"{key}fact"], again.fields[f"{key}claim"]) == (FACT, "on_schedule")
        assert "草稿已保存" in again.text
        assert re.search(r"草稿</span> 联络员 2022年9月\d+日 \d\d:\d\d保存", again.text)
        today = _words(mine.get("/today"))
        assert "草稿 1 行" in today
        assert "本单位草稿" in today
    for other in ("swj-b", "swj-head"):
        with site.client(other) as client:
            assert Opened(client, form).fields[f"{key}fact"] == FACT
            assert FACT in _words(client.get("/own-drafts"))
    for other in ("tjj", "office", "leader", "reader"):
        with site.client(other) as client:
            assert FACT not in _words(client.get("/own-drafts"))
            for page in ("/desk", "/review", form, "/tasks/1", "/today"):
                assert FACT not in _words(client.get(page))
    assert _said(site) == before


def test_a_field_that_was_emptied_stays_empty(site: Site) -> None:
    key, form = _key(site), _form(site)
    with site.client("swj") as client:
        day = next(name for name in Opened(client, form).fields if re.fullmatch(rf"{key}on\d+", name))
        Opened(client, form).keep({f"{key}fact": FACT, day: ""})
        Opened(client, form).keep({f"{key}fact": ""})
        again = Opened(client, form)
        assert (again.fields[f"{key}fact"], again.fields[day]) == ("", "")
        assert "草稿 1 行" not in _words(client.get("/today"))


def test_the_form_that_is_sent_takes_its_draft_along_in_one_transaction(site: Site) -> None:
    form = _form(site)
    with site.client("swj") as client:
        page = Opened(client, form)
        page.keep(_whole(site, page))
        page = Opened(client, form)
        refused = page.send({next(name for name in page.fields if re.search(r"-v\d+$", name)): "两次"})
        assert refused.status_code == 400
        assert _jottings(site), "a refused form loses its draft"
        assert Opened(client, form).send().status_code == 303
        assert _jottings(site) == {}
        late = page.keep({f"{_key(site)}fact": "后来写的。"})
        assert late.status_code == 409
        assert "后来写的。" in _words(late)
    with site.services.database.reading() as session:
        assert session.scalars(select(col(ReportRow.text)).where(col(ReportRow.text) != "")).all() == [FACT]


def test_two_people_see_each_others_changes_side_by_side_and_choose(site: Site) -> None:
    key, form = _key(site), _form(site)
    with site.client("swj") as client:
        mine = Opened(client, form)
    with site.client("swj-b") as client:
        other = Opened(client, form)
        assert other.keep({f"{key}fact": "李四写的。", f"{key}cause": "李四的原因。"}).status_code == 303
    with site.client("swj") as client:
        mine.client = client
        mine.fields["csrf_token"] = Opened(client, form).fields["csrf_token"]
        answer = mine.keep({f"{key}fact": "张三写的。", f"{key}next_step": "张三的打算。"})
        assert answer.status_code == 409
        page = mine.read(answer)
        assert "两人填写不同，请选定" in page.text
        assert "李四写的。" in page.text
        assert (page.fields[f"{key}fact"], page.fields[f"{key}cause"]) == ("张三写的。", "李四的原因。")
        kept = {f"{key}fact": "李四写的。", f"{key}cause": "李四的原因。", f"{key}next_step": "张三的打算。"}
        assert _jottings(site) == kept  # what was not disputed is kept
        assert page.keep().status_code == 409, "pressed again is not chosen"
        assert page.send().status_code in (400, 409), "what is disputed is not sent"
        choices = re.findall(rf'name="{key}fact-whose" value="([^"]+)"', page.text)
        assert len(choices) == 2
        assert page.keep({f"{key}fact-whose": choices[0]}).status_code == 303
        assert _jottings(site) == {**kept, f"{key}fact": "张三写的。"}


def test_whoever_chooses_the_other_text_has_it(site: Site) -> None:
    key, form = _key(site), _form(site)
    client, colleague = site.beside("swj"), site.beside("swj-b")
    mine, other = Opened(client, form), Opened(colleague, form)
    other.keep({f"{key}fact": "李四写的。"})
    page = mine.read(mine.keep({f"{key}fact": "张三写的。"}))
    theirs = re.findall(rf'name="{key}fact-whose" value="(theirs [^"]+)"', page.text)[0]
    # What the other changed after it was shown is not chosen with it.
    other.read(colleague.get(form)).keep({f"{key}fact": "李四又改了。"})
    assert page.keep({f"{key}fact-whose": theirs}).status_code == 409
    page.read(page.keep())
    theirs = re.findall(rf'name="{key}fact-whose" value="(theirs [^"]+)"', page.text)[0]
    assert page.keep({f"{key}fact-whose": theirs}).status_code == 303
    assert Opened(client, form).fields[f"{key}fact"] == "李四又改了。"


def test_a_form_is_not_sent_over_what_another_wrote_unseen(site: Site) -> None:
    key, form = _key(site), _form(site)
    client, colleague = site.beside("swj"), site.beside("swj-b")
    mine, other = Opened(client, form), Opened(colleague, form)
    other.keep({f"{key}next_step": "李四补的打算。"})
    answer = mine.send(_whole(site, mine))
    assert answer.status_code == 409
    page = mine.read(answer)
    assert "他人改了1处" in page.text
    assert page.fields[f"{key}next_step"] == "李四补的打算。"
    assert _jottings(site) == {f"{key}next_step": "李四补的打算。"}
    assert page.send().status_code == 303
    assert _jottings(site) == {}


def test_what_one_wrote_on_another_page_is_never_a_colleagues_and_ones_newest_words_win(site: Site) -> None:
    key, form = _key(site), _form(site)
    with site.client("swj") as client:
        late, new = Opened(client, form), Opened(client, form)
        late.keep(
            {f"{key}fact": "先写的。", f"{key}cause": "先写的原因。", f"{key}next_step": "先写的打算。"}, script=True
        )
        told = new.keep({f"{key}fact": "后写的。", f"{key}cause": "先写的原因。还有。"}, script=True).get_json()
        assert (told["beside"], told["now"]) == ({}, {f"{key}next_step": "先写的打算。"})
        assert "他人" not in told["said"]
        assert "本人在另一页面先写的1处不同，存在“本单位草稿”里" in told["said"]
        assert _jottings(site) == {
            f"{key}fact": "后写的。",
            f"{key}cause": "先写的原因。还有。",  # what goes on in the newer words is not kept twice
            f"{key}next_step": "先写的打算。",
            f"older-{key}fact": "先写的。",
        }
        page = Opened(client, form)
        assert page.fields[f"{key}fact"] == "后写的。"
        aside = page.text.split("没有送出的草稿")[1]
        assert "实事（先写的）" in aside
        assert "先写的。" in aside
        assert "本人在另一页面后写的已经替换它" in aside
        assert "不在上表可填之列" not in aside, "its row stands above"
    for other in ("swj-head", "swj-b"):  # these did not write it
        with site.client(other) as client:
            aside = Opened(client, form).text.split("没有送出的草稿")[1]
        assert "填报人在另一页面后写的已经替换它" in aside
        assert "本人" not in aside


def test_a_form_is_sent_over_ones_own_older_words_and_not_over_newer_ones_unseen(site: Site) -> None:
    key, form = _key(site), _form(site)
    with site.client("swj") as client:
        late, new = Opened(client, form), Opened(client, form)
        late.keep({f"{key}fact": "先写的。", f"{key}next_step": "另一页面的打算。"})
        answer = new.send(_whole(site, new))
        assert answer.status_code == 409
        page = new.read(answer)
        assert "您打开本表以后，在另一页面改了1处" in page.text
        assert "他人" not in page.text
        assert "两人填写不同" not in page.text
        assert page.fields[f"{key}fact"] == FACT
        assert page.fields[f"{key}next_step"] == "另一页面的打算。"
        assert page.send().status_code == 303
        assert _jottings(site) == {f"older-{key}fact": "先写的。"}
        assert "先写的。" in _words(client.get("/own-drafts"))
        with site.services.database.reading() as session:
            filing_id = session.scalars(select(col(FilingRow.id))).one()
        assert post(client, f"/filings/{filing_id}/withdraw", at="/today").status_code == 303
        assert "草稿 1 行" not in _words(client.get("/today")), "older words are none that wait to be sent"


def test_of_two_people_of_one_name_in_a_unit_neither_is_taken_for_the_other(site: Site) -> None:
    key, form = _key(site), _form(site)
    with site.services.database.transaction() as session:
        create_user(session, NewUser("swj-c", "联络员", Role.LIAISON, PASSWORD_HASH, "swj"))
    mine, other = Opened(site.beside("swj"), form), Opened(site.beside("swj-c"), form)
    other.keep({f"{key}fact": "同名人写的。"})
    assert mine.keep({f"{key}fact": "联络员写的。"}).status_code == 409


def test_the_script_is_told_what_stands_now(site: Site) -> None:
    key, form = _key(site), _form(site)
    client, colleague = site.beside("swj"), site.beside("swj-b")
    mine, other = Opened(client, form), Opened(colleague, form)
    told = mine.keep({f"{key}fact": "张三写的。"}, script=True).get_json()
    assert re.fullmatch(r"草稿已保存 \d\d:\d\d", told["said"])
    mine.fields["was"] = json.dumps(told["was"])
    told = other.keep({f"{key}fact": "李四写的。", f"{key}cause": "原因。"}, script=True).get_json()
    assert list(told["beside"]) == [f"{key}fact"]
    assert "张三写的。" in told["beside"][f"{key}fact"]
    told = mine.keep(script=True).get_json()
    assert (told["now"], told["beside"]) == ({f"{key}cause": "原因。"}, {})
    mine.fields |= {"was": json.dumps(told["was"]), f"{key}cause": "原因。"}
    assert mine.send(_whole(site, mine)).status_code == 303
    refused = other.keep(script=True)
    assert (refused.status_code, "没有保存" in refused.get_json()["said"]) == (409, True)


def test_what_is_no_longer_asked_stays_readable_until_it_is_deleted(site: Site) -> None:
    key, form = _key(site), _form(site)
    with site.client("swj") as client:
        page = Opened(client, form)
        page.fields["was"] = json.dumps(page.keep({f"{key}fact": FACT}, script=True).get_json()["was"])
        with site.services.database.transaction() as session:
            cancel_task(session, task_id=1, reason="合并办理", actor=OFFICE, at=site.clock.at)
        assert "没有送出的草稿" in _words(client.get(form))
        assert page.keep({f"{key}cause": "停办以后才写的。"}).status_code == 303
        listed = client.get("/own-drafts").get_data(as_text=True)
        assert FACT in listed
        assert "停办以后才写的。" in listed
        drop = lxml_html.document_fromstring(listed).xpath("//form[@action='/own-drafts/drop']")[0]
        fields: dict[str, list[str]] = {}
        for name, value in drop.form_values():
            fields.setdefault(name, []).append(value)
        assert page.keep({f"{key}fact": "又改了。"}).status_code == 303
        assert client.post("/own-drafts/drop", data=fields).status_code == 303
        assert _jottings(site) == {f"{key}fact": "又改了。"}, "what was changed since it was shown is not deleted"


def test_one_of_ones_own_beside_it_does_not_delete_what_is_of_another_unit(site: Site) -> None:
    key, form = _key(site), _form(site)
    with site.client("swj") as client:
        assert Opened(client, form).keep({f"{key}fact": FACT}).status_code == 303
    with site.services.database.transaction() as session:
        [own] = session.scalars(select(JottingRow)).all()
        names = {name: getattr(own, name) for name in JottingRow.model_fields if name != "id"}
        other = session.scalars(select(col(UnitRow.id)).where(col(UnitRow.code) == "tjj")).one()
        theirs = JottingRow(**names | {"unit_id": other, "field": "cause"})
        session.add(theirs)
        session.flush()
        shown = {own.id or 0: digest(own.text), theirs.id or 0: digest(theirs.text)}
        user = session.scalars(select(UserRow).where(col(UserRow.login) == "swj")).one()
    swj = Actor(user.id or 0, user.name, Role.LIAISON, user.unit_id, user.login)
    with pytest.raises(NotFound), site.services.database.transaction() as session:
        drop(session, shown, actor=swj)
    with site.services.database.reading() as session:
        assert len(session.scalars(select(JottingRow)).all()) == 2


def test_news_have_a_draft_of_their_own(site: Site) -> None:
    key = _key(site)
    address = "/tasks/1/update"
    with site.client("swj") as client:
        assert Opened(client, address).keep({f"{key}fact": FACT}).status_code == 303
        assert Opened(client, address).fields[f"{key}fact"] == FACT
        assert Opened(client, _form(site)).fields[f"{key}fact"] == ""
        assert "进展动态" in _words(client.get("/own-drafts"))
        assert Opened(client, address).send().status_code == 303
        assert _jottings(site) == {}


def test_what_is_kept_after_the_log_in_ended_comes_back_and_meets_what_others_wrote(site: Site) -> None:
    key, form = _key(site), _form(site)
    with site.client("swj") as client:
        mine = Opened(client, form)
    with site.client("swj-b") as client:
        Opened(client, form).keep({f"{key}fact": "李四写的。"})
    with site.app.test_client() as stranger:
        mine.client = stranger
        answer = mine.keep({f"{key}fact": "张三写的。"})
        assert answer.status_code in (400, 403)
        page = lxml_html.document_fromstring(answer.get_data(as_text=True))
        log_in = next(one for one in page.iter("form") if one.get("action") == "/login")
        back = stranger.post(
            "/login",
            data={**dict(log_in.form_values()), "login": "swj", "password": "correct horse"},
            headers={"Referer": "http://localhost/login"},
            follow_redirects=True,
        )
        page_again = mine.read(back)
        assert page_again.fields[f"{key}fact"] == "张三写的。"
        assert page_again.keep().status_code == 409, "what another wrote meanwhile is not written over"
    assert _jottings(site) == {f"{key}fact": "李四写的。"}


def test_no_input_breaks_the_draft_of_a_form(site: Site) -> None:
    key, form = _key(site), _form(site)
    with site.client("swj") as client:
        long = Opened(client, form).keep({f"{key}fact": "长" * (LONGEST_JOTTING + 1)})
        assert (long.status_code, "最多存10000字" in _words(long)) == (400, True)
        for was in ("", "[]", "{", "1", '{"a":[]}', "[" * 9000, '{"x":null}'):
            assert Opened(client, form).keep({"was": was, f"{key}fact": "一\x00\x1b二"}).status_code in (303, 409)
        Opened(client, form).keep({"a999-fact": "别人的", "zzz": "1", f"{key}v999": "3"})
        assert set(_jottings(site)) == {f"{key}fact"}
        for gone in ("²", "1", "9" * 5000, "1 zz", ""):
            assert client.post("/own-drafts/drop", data={"jotting": gone}).status_code in (303, 400)
        assert _jottings(site) == {f"{key}fact": "一二"}
