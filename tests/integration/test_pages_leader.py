"""The leader's page 「一页」 and the pages of 批示: figures that lead to their rows, the office that writes for him."""

import html
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME, City
from tests.support.owed_city import BY, OFFICE, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.site import PASSWORD_HASH, Site, post
from tracker.domain.accounts import Role
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind
from tracker.domain.verdicts import Verdict
from tracker.store.queries.work import task_standings
from tracker.store.tables.events import ReminderRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.inquiries import AskedRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.filing import SubmitOne, sign_off, submit_one
from tracker.web import instructions

_WORDS = "请说明原因"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = IN_TIME + timedelta(days=35)
    return made


def _page(site: Site, login: str, address: str, *, status: int = 200) -> str:
    with site.client(login) as client:
        answer = client.get(address)
        assert answer.status_code == status, answer.status_code
        return answer.get_data(as_text=True)


def _send(site: Site, login: str, address: str, *, status: int = 303, **fields: str | list[str]) -> str:
    with site.client(login) as client:
        # The form of an instruction stands on its own address, what is done with one on the list of them.
        at = address if address.endswith("/instruct") else "/instructions"
        answer = post(client, address, at=at, **fields)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)


def _form(site: Site) -> str:
    found = re.search(r"/tasks/\d+/instruct", _page(site, "leader", "/leader"))
    assert found is not None
    return found[0]


def _share(site: Site, code: str) -> str:
    with site.services.database.reading() as session:
        return str(site.city.assignment(code, session).id)


def _leader_id(site: Site) -> str:
    found = re.search(r'<option value="(\d+)" selected>领导', _page(site, "office", _form(site)))
    assert found is not None
    return found[1]


def _instruct(site: Site, login: str = "leader", **more: str) -> None:
    fields = {"words": _WORDS, "given_on": "2022-11-02", "haste": "urgent", "asked": _share(site, "swj"), **more}
    _send(site, login, _form(site), **fields)  # type: ignore[arg-type] # texts by name


def test_his_home_is_the_page_and_each_number_leads_to_as_many_rows(site: Site) -> None:
    with site.client("leader") as client:
        assert client.get("/").headers["Location"] == "/leader"
    page = _page(site, "leader", "/leader")
    links = re.findall(r'<a href="(/ledger[^"]*)"[^>]*>(?:<b[^>]*>)?(?:[^<]*?)(\d+)', page)
    assert len(links) >= 4
    for address, number in links:
        ledger = _page(site, "leader", address.replace("&amp;", "&"))
        assert f'任务<span class="count">{number}</span>' in ledger, address
    for words in (
        "逾期超过5个工作日的",
        "另：逾期未报的反馈共",
        "一份可含多项",
        "已逾期17个工作日",
        "市商务局联络员",
        "没有等您批的文稿和延期",
    ):
        assert words in page
    assert _page(site, "office", "/leader", status=404)


def test_what_is_overdue_for_five_working_days_is_not_yet_his_matter(site: Site) -> None:
    site.clock.at = IN_TIME + timedelta(days=19)  # 17 October, five working days after the 10th
    assert "没有逾期超过5个工作日的事项" in _page(site, "leader", "/leader")
    site.clock.at += timedelta(days=1)
    assert "没有逾期超过5个工作日的事项" not in _page(site, "leader", "/leader")


def test_the_office_writes_down_a_leaders_words_and_both_see_who_did(site: Site) -> None:
    page = _send(
        site, "office", _form(site), status=400, words=_WORDS, given_on="2022-11-02", haste="urgent", asked="1"
    )
    assert "请选择作出批示的领导" in page
    _instruct(site, "office", leader=_leader_id(site))
    for login, address in (("leader", "/leader"), ("office", "/instructions"), ("office", "/desk")):
        assert "督查员代录" in _page(site, login, address)
    today = _page(site, "swj", "/today")
    assert "领导批示" in today
    assert "督查员代录" in today


def test_what_is_sent_twice_is_refused_with_the_way_to_what_stands(site: Site) -> None:
    _instruct(site)
    fields = {"words": _WORDS, "given_on": "2022-11-02", "haste": "urgent", "asked": _share(site, "swj")}
    form = _form(site)
    with site.client("leader") as client:
        token = client.get(form).get_data(as_text=True).split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        # The page on which he pressed, as a browser names it: the form comes back on it.
        named = {"Referer": f"http://localhost{form}"}
        answer = client.post(form, data={**fields, "csrf_token": token}, headers=named)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "同样批示已经发出，尚未了结，没有重复发出" in page) == (409, True)
    link = re.search(r'<a href="(/tasks/\d+)#(n\d+)">领导[^<]*：', page)
    assert link is not None
    assert f'id="{link[2]}"' in _page(site, "leader", link[1])


def test_who_is_not_asked_sees_nothing_of_it_on_any_page(site: Site) -> None:
    _instruct(site)
    task = _form(site).removesuffix("/instruct")
    for login in ("tjj", "tjj-head"):
        for address in (task, f"{task}/inquiries", "/ledger", "/notices"):
            page = _page(site, login, address)
            assert _WORDS not in page
            assert "批示" not in page
    for login in ("swj", "office", "leader"):
        assert _WORDS in _page(site, login, f"{task}/inquiries")
    site.work()
    assert "领导批示：" in _page(site, "swj", "/notices")
    assert "批示" not in _page(site, "tjj", "/notices")


def test_an_ended_one_is_opened_by_a_new_writing(site: Site) -> None:
    _instruct(site)
    closing = re.search(r"/instructions/(\d+)/close", _page(site, "leader", "/instructions"))
    assert closing is not None
    _send(site, "leader", closing[0])
    assert "已了结" in _page(site, "leader", "/instructions")
    assert "/asked/" not in _page(site, "swj", "/today")
    assert "原批示已了结，重新打开" in _page(site, "leader", f"{_form(site)}?again={closing[1]}")
    _instruct(site, words="再说明一次", again=closing[1])
    page = _page(site, "leader", "/instructions")
    assert "已了结" not in page
    assert "此前1次" in page
    assert "再说明一次" in _page(site, "swj", "/today")


def test_a_new_writing_takes_over_how_soon_the_last_was_to_be_answered(site: Site) -> None:
    _instruct(site, haste="standing")
    again = re.search(r'href="([^"]*/instruct\?again=\d+)"', _page(site, "leader", "/instructions"))
    assert again is not None
    for address, haste in ((_form(site), "ordinary"), (again[1], "standing")):
        checked = re.findall(r'name="haste" value="(\w+)" checked', _page(site, "leader", address.partition("&")[0]))
        assert checked == [haste], address


def test_all_faults_of_the_form_stand_beside_their_fields_at_once(site: Site) -> None:
    form = _form(site)
    with site.client("office") as client:
        page = client.get(form).get_data(as_text=True)
        token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        sent = {"csrf_token": token, "words": " ", "given_on": "2022-12-30", "answer_by": "2022-10-01"}
        answer = client.post(form, data=sent, headers={"Referer": f"http://localhost{form}"})
    assert answer.status_code == 400
    at_fault = set(re.findall(r'id="refused-(\w+)"', answer.get_data(as_text=True)))
    assert at_fault == {"words", "given_on", "answer_by", "haste", "leader", "asked"}


def test_of_several_leads_those_are_named_that_are_late_themselves(tmp_path: Path) -> None:
    city = open_owed_city(fresh_sqlite(tmp_path))
    site = Site(city.database, tmp_path, city=City(city.database))
    city.add_lead("wjw", at(9, 5))
    assert city.rows("wjw")["2022-09"].state == "open"
    city.file("swj", "2022-09", when=at(9, 28))
    site.clock.at = at(11, 2)
    page = _page(site, "leader", "/leader")
    heads = re.findall(r'<b class="u">([^<]*)</b>', page)
    assert heads == ["市卫生健康体育委"]
    assert "涉及1个单位" in page


def test_of_several_late_leads_those_are_named_that_are_late_for_so_long_and_the_delay_is_the_longest(
    tmp_path: Path,
) -> None:
    city = open_owed_city(fresh_sqlite(tmp_path))
    site = Site(city.database, tmp_path, city=City(city.database))
    city.add_lead("wjw", at(9, 5))
    city.file("swj", "2022-09", when=at(9, 28))
    site.clock.at = at(11, 4)
    # 市商务局 comes first in official order and is late for one day, 市卫生健康体育委 for weeks.
    with site.services.database.reading() as session:
        [standing] = [
            one
            for one in task_standings(session, now=site.clock.at, by=BY)
            if set(one.lead_lights) == {city.unit_id("swj"), city.unit_id("wjw")}
        ]
        days = {unit_id: lights.workdays_late for unit_id, lights in standing.lead_lights.items()}
    assert 0 < days[city.unit_id("swj")] < 5 < days[city.unit_id("wjw")] == standing.lights.workdays_late
    page = _page(site, "leader", "/leader")
    assert re.findall(r'<b class="u">([^<]*)</b>', page) == ["市卫生健康体育委"]
    assert "逾期超过5个工作日的" in page
    assert "涉及1个单位" in page
    assert re.search(r"球在</dt><dd>市卫生健康体育委", page)


def test_of_several_leads_those_are_named_as_behind_whose_own_work_is(tmp_path: Path) -> None:
    city = open_owed_city(fresh_sqlite(tmp_path))
    site = Site(city.database, tmp_path, city=City(city.database))
    city.add_lead("wjw", at(9, 5))
    city.file("swj", "2022-09", when=at(9, 28))
    city.file("wjw", "2022-09", when=at(9, 28))
    with city.database.transaction() as session:
        [own] = session.scalars(
            select(ReportRow)
            .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
            .where(col(AssignmentRow.unit_id) == city.unit_id("wjw"))
        )
        verdict = Verdict(claim=Claim.BEHIND, reason="只有1期")
        accept_report(session, report_id=own.id or 0, actor=OFFICE, at=at(9, 29), verdict=verdict)
    site.clock.at = at(9, 30)
    page = _page(site, "leader", "/leader")
    assert re.findall(r'<b class="u">([^<]*)</b>', page) == ["市卫生健康体育委"]


def _ticked(page: str) -> set[str]:
    return set(re.findall(r'name="asked" value="(\d+)" checked', page))


def test_an_instruction_from_a_card_is_for_the_units_of_the_card_and_again_for_who_has_not_answered(
    tmp_path: Path,
) -> None:
    city = open_owed_city(fresh_sqlite(tmp_path))
    site = Site(city.database, tmp_path, city=City(city.database))
    city.add_lead("wjw", at(9, 5))
    city.file("swj", "2022-09", when=at(9, 28))
    site.clock.at = at(11, 2)
    own, other = (str(city.share(code).id) for code in ("wjw", "swj"))
    [link] = re.findall(r'href="(/tasks/\d+/instruct[^"]*)"', _page(site, "leader", "/leader"))
    assert _ticked(_page(site, "leader", link)) == {own}
    form = link.partition("?")[0]
    assert _ticked(_page(site, "leader", form)) == {own, other}
    _send(site, "leader", form, words=_WORDS, given_on="2022-11-02", haste="urgent", asked=[own, other])
    again = re.search(r'href="(/tasks/\d+/instruct\?again=\d+)"', _page(site, "leader", "/instructions"))
    assert again is not None
    assert _ticked(_page(site, "leader", again[1])) == {own, other}
    with city.database.transaction() as session:
        asked = select(col(AskedRow.id)).where(col(AskedRow.assignment_id) == int(other))
        entry = Entry(int(other), RowContent(text="已入库。", claim=None))
        command = SubmitOne(FilingKind.REPLY, entry, answers=session.scalars(asked).one())
        filing_id = submit_one(session, command, actor=city.liaison("swj"), at=site.clock.at)
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=site.clock.at)
    assert _ticked(_page(site, "leader", again[1])) == {own}


def _two_late_tasks(tmp_path: Path) -> Site:
    """Return a city in which one unit did not send a form of two tasks."""
    first, second = small_reading().items
    alike = replace(
        second,
        kind=first.kind,
        level=None,
        leads=(replace(second.leads[0], unit_code="swj"),),
        cadences=(replace(first.cadences[0], quote="报告"),),
    )
    city = open_owed_city(fresh_sqlite(tmp_path), reading=replace(small_reading(), items=(first, alike)))
    site = Site(city.database, tmp_path, city=City(city.database))
    site.clock.at = at(11, 20)
    city.grow(site.clock.at)
    return site


def test_the_tasks_of_one_card_are_instructed_in_one_form_and_answered_each(tmp_path: Path) -> None:
    site = _two_late_tasks(tmp_path)
    page = _page(site, "leader", "/leader")
    assert "批示全部2项" in page
    link = re.search(r'href="(/tasks/\d+/instruct\?[^"]*also=(\d+)[^"]*)"', page)
    assert link is not None
    form = html.unescape(link[1])
    shown = _page(site, "leader", form)
    assert re.search(rf'name="also" value="{link[2]}" checked', shown)
    [share] = _ticked(shown)
    fields = {"words": _WORDS, "given_on": "2022-11-18", "haste": "urgent", "asked": share, "also": link[2]}
    with site.client("leader") as leader:
        token = re.findall(r'name="csrf_token" value="([^"]+)"', leader.get(form).get_data(as_text=True))[0]
        sent = {**fields, "csrf_token": token, "words": " "}
        refused = leader.post(form.partition("?")[0], data=sent, headers={"Referer": f"http://localhost{form}"})
        assert refused.status_code == 400
        again = refused.get_data(as_text=True)
        assert re.search(rf'<input[^>]*name="also"[^>]*value="{link[2]}"[^>]*checked', again)
        given = post(leader, form.partition("?")[0], at=form, **fields)
        assert given.status_code == 303
        assert "2项事项的批示已发出" in leader.get(given.headers["Location"]).get_data(as_text=True)
    with site.services.database.reading() as session:
        asked = session.scalars(select(AskedRow)).all()
    assert len({one.inquiry_id for one in asked}) == len({one.assignment_id for one in asked}) == 2


def _instruct_both(site: Site) -> None:
    """Instruct what stands on the card of two tasks."""
    link = re.search(r'href="(/tasks/\d+/instruct\?[^"]*also=(\d+)[^"]*)"', _page(site, "leader", "/leader"))
    assert link is not None
    form = html.unescape(link[1])
    [share] = _ticked(_page(site, "leader", form))
    fields = {"words": _WORDS, "given_on": "2022-11-18", "haste": "urgent", "asked": share, "also": link[2]}
    with site.client("leader") as leader:
        assert post(leader, form.partition("?")[0], at=form, **fields).status_code == 303


def test_a_card_shows_the_newest_of_what_was_instructed_on_its_task(tmp_path: Path) -> None:
    """Another leader instructed the same since: his words and his day are what the units go by."""
    site = _two_late_tasks(tmp_path)
    _instruct_both(site)
    said = r"<dt>批示</dt><dd>(.*?)</dd>"
    [first] = re.findall(said, _page(site, "leader", "/leader"), re.DOTALL)
    assert _WORDS in first
    with site.services.database.transaction() as session:
        create_user(session, NewUser("deputy", "李副市长", Role.LEADER, PASSWORD_HASH))
    site.clock.at += timedelta(hours=1)
    again = {"words": "另查明原因。", "given_on": "2022-11-18", "haste": "urgent"}
    with site.services.database.reading() as session:
        tasks = sorted(set(session.scalars(select(col(AskedRow.assignment_id)))))
        shares = [session.get_one(AssignmentRow, id_) for id_ in tasks]
    with site.client("deputy") as deputy:
        for share in shares:
            address = f"/tasks/{share.task_id}/instruct"
            assert post(deputy, address, at=address, asked=str(share.id), **again).status_code == 303
    newest = re.findall(said, _page(site, "leader", "/leader"), re.DOTALL)
    assert ["另查明原因。" in words and _WORDS not in words for words in newest] == [True]


def _section(page: str, heading: str) -> str:
    """Return the part of a page under a heading, up to the next."""
    return page.partition(f'id="{heading}"')[2].partition("</section>")[0]


@pytest.mark.parametrize("login", ["swj", "swj-head"])
def test_of_what_was_instructed_at_once_a_unit_and_its_head_hear_once(tmp_path: Path, login: str) -> None:
    site = _two_late_tasks(tmp_path)
    _instruct_both(site)
    site.work()
    with site.services.database.reading() as session:
        told = [row for row in session.scalars(select(ReminderRow)) if row.subject.startswith("领导批示：")]
    of_each = [(row.recipient_id, row.channel) for row in told]
    assert len(of_each) == len(set(of_each)) > 0, "one a person and channel"
    assert all(row.subject.endswith("等2项") for row in told)
    page = _page(site, login, "/notices")
    assert _WORDS in page
    assert "等2项" in page


@pytest.mark.parametrize("login", ["leader", "office"])
def test_what_was_instructed_at_once_is_parted_by_no_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    monkeypatch.setattr(instructions, "_PAGE", 1)
    site = _two_late_tasks(tmp_path)
    _instruct_both(site)
    page = _page(site, login, "/instructions")
    assert "<b>2 件</b>" in page
    assert "等2项</b>" in page
    assert "page=2" not in page, "one card fills the page, whatever its number of tasks"
    site.clock.at += timedelta(hours=1)
    with site.client("leader") as leader:
        task = re.search(r'href="(/tasks/\d+)/instruct\?again=', page) or re.search(r'href="(/tasks/\d+)"', page)
        assert task is not None
        [share, *_others] = _ticked(_page(site, "leader", f"{task[1]}/instruct"))
        fields = {"words": "另查明原因。", "given_on": "2022-11-18", "haste": "urgent", "asked": share}
        assert post(leader, f"{task[1]}/instruct", at=f"{task[1]}/instruct", **fields).status_code == 303
    first, second = (_page(site, login, f"/instructions?page={number}") for number in (1, 2))
    assert ("另查明原因。" in first, "等2项</b>" in first) == (True, False)
    assert ("另查明原因。" in second, "等2项</b>" in second) == (False, True)
    assert "page=3" not in second


def test_what_was_instructed_at_once_is_one_card_on_every_page_and_says_so_where_it_is_late(tmp_path: Path) -> None:
    site = _two_late_tasks(tmp_path)
    _instruct_both(site)
    page = _page(site, "leader", "/leader")
    assert "等2项" in _section(page, "h-instructions")
    assert "<b>2项，已全部反馈0项，还差市商务局</b>" in page
    late = _section(page, "h-late")
    assert _WORDS in late
    assert "其中" not in late  # all of the card
    assert _section(_page(site, "office", "/desk"), "h-instructions").count("<article") == 1
    today = _page(site, "swj", "/today")
    assert _section(today, "h-asked").count('class="btn main"') == 1
    assert "等2项，可以一并反馈" in today
    assert _section(_page(site, "swj-head", "/sign-off"), "h-instructed").count("<li>") == 1


def _answer_both(site: Site) -> None:
    """Answer from the one line of 今天, with what stands ticked there."""
    [address] = re.findall(r'class="btn main" href="(/asked/\d+)"', _page(site, "swj", "/today"))
    form = _page(site, "swj", address)
    beside = re.findall(r'name="beside" value="(\d+)" checked', form)
    with site.client("swj") as liaison:
        answer = post(liaison, address, at=address, fact="已补报，说明随附。", beside=beside)
    assert answer.status_code == 303, answer.get_data(as_text=True)


def test_the_head_signs_all_answers_to_one_card_with_one_click(tmp_path: Path) -> None:
    site = _two_late_tasks(tmp_path)
    _instruct_both(site)
    assert "同意报出这" not in _page(site, "swj-head", "/sign-off"), "nothing is written yet"
    _answer_both(site)
    card = _section(_page(site, "swj-head", "/sign-off"), "h-instructed")
    assert "同意报出这2份" in card
    with site.client("swj-head") as head:
        chosen = re.findall(r'name="envelope" value="(\d+-\w+)"', card)
        assert post(head, "/sign-off", at="/sign-off", envelope=chosen).status_code == 303
        assert "h-instructed" not in head.get("/sign-off").get_data(as_text=True)
    assert "2项，已全部反馈2项" in _page(site, "leader", "/leader")


def test_one_answer_serves_all_that_was_instructed_at_once_and_is_read_and_ended_at_once(tmp_path: Path) -> None:
    site = _two_late_tasks(tmp_path)
    _instruct_both(site)
    _answer_both(site)
    with site.client("swj-head") as head:
        for address in re.findall(r'action="(/filings/\d+/sign)"', head.get("/sign-off").get_data(as_text=True)):
            assert post(head, address, at="/sign-off").status_code == 303
    page = _page(site, "leader", "/leader")
    assert "2项，已全部反馈2项" in page
    [said] = re.findall(r"<dt>批示</dt><dd>(.*?)</dd>", page, re.DOTALL)
    assert "1个单位已反馈1个" in said
    assert "尚无反馈" not in page, "an answer is none of the work, and is there"
    read = _section(page, "h-instructions").partition("全部已阅")[0].rpartition("<form")[2]
    [instruction] = re.findall(r"/instructions/(\d+)/read", read)
    alike = re.findall(r'name="alike" value="(\d+)"', read)
    assert re.findall(r'name="shown" value="(\d+)"', read) == ["2"]
    with site.client("leader") as leader:
        post(leader, f"/instructions/{instruction}/read", at="/leader", shown="1", alike=alike)
        assert "全部已阅" in leader.get("/leader").get_data(as_text=True)
        post(leader, f"/instructions/{instruction}/read", at="/leader", shown="2", alike=alike)
        assert "已阅" not in _section(leader.get("/leader").get_data(as_text=True), "h-instructions")
        post(leader, f"/instructions/{alike[0]}/close", at="/leader")
        closed = post(leader, f"/instructions/{instruction}/close", at="/leader", alike=alike)
        assert closed.status_code == 303
        assert "了结</button>" not in leader.get("/leader").get_data(as_text=True)
    site.work()


def test_what_was_not_instructed_with_it_is_not_answered_with_it(tmp_path: Path) -> None:
    site = _two_late_tasks(tmp_path)
    form = html.unescape(re.findall(r'href="(/tasks/\d+/instruct\?unit=\d+)"', _page(site, "leader", "/leader"))[0])
    [share] = _ticked(_page(site, "leader", form))
    alone = {"words": "另一批示", "given_on": "2022-11-18", "haste": "urgent", "asked": share}
    _send(site, "leader", form.partition("?")[0], **alone)  # type: ignore[arg-type] # texts by name
    _instruct_both(site)
    with site.services.database.reading() as session:
        other = session.scalars(select(AskedRow).order_by(col(AskedRow.id))).first()
    assert other is not None
    addresses = re.findall(r'class="btn main" href="(/asked/\d+)"', _page(site, "swj", "/today"))
    assert len(addresses) == 2
    together = next(one for one in addresses if one != f"/asked/{other.id}")
    assert f'name="beside" value="{other.id}"' not in _page(site, "swj", together)
    with site.client("swj") as liaison:
        sent = post(liaison, together, at=together, fact="已补报。", beside=str(other.id))
    assert sent.status_code == 409
    assert "待本单位负责人审签" not in _section(_page(site, "swj", "/today"), "h-asked")
