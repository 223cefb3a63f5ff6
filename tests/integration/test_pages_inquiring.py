"""The pages of 协办: 今天 of both sides, the exchange on a task, the short form, what is quoted, the office's desk."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME, City
from tests.support.owed_city import BY, OFFICE, at, open_owed_city
from tests.support.site import Site, post
from tracker.usecases.sharing import release_share

_WORDS = "请报9月签约项目数"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = IN_TIME
    return made


def _page(site: Site, login: str, address: str) -> str:
    with site.client(login) as client:
        answer = client.get(address)
        assert answer.status_code == 200, answer.status_code
        return answer.get_data(as_text=True)


def _send(site: Site, login: str, address: str, at: str, *, status: int = 303, **fields: str) -> str:
    with site.client(login) as client:
        answer = post(client, address, at=at, **fields)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)


def _task(site: Site) -> int:
    with site.services.database.reading() as session:
        return site.city.assignment("swj", session).task_id or 0


def _exchange(site: Site) -> str:
    return f"/tasks/{_task(site)}/inquiries"


def _ask(site: Site, login: str = "swj") -> None:
    at = _exchange(site)
    _send(site, login, at, at, words=_WORDS, answer_by="2022-10-09", everyone="yes")


def _answer(site: Site, words: str = "9月签约3个项目") -> None:
    address = re.search(r'href="(/asked/\d+)"', _page(site, "tjj", "/today"))
    assert address is not None
    _send(site, "tjj", address[1], address[1], fact=words)
    assert "10月9日（周日，含）" in _page(site, "tjj", "/today").split('id="waiting"')[1], (
        "wanted by the day of the question"
    )
    waits = _page(site, "tjj-head", "/sign-off")
    assert "10月9日（周日，含）前报出" in waits
    signed = re.search(r"/filings/\d+/sign", waits)
    assert signed is not None
    _send(site, "tjj-head", signed[0], "/sign-off")


def test_a_unit_is_asked_in_its_day_answers_in_a_short_form_and_the_lead_sees_who_is_silent(site: Site) -> None:
    _ask(site)
    today = _page(site, "tjj", "/today")
    assert f"</b>问：{_WORDS}" in today
    assert "10月9日（周日，含）" in today
    assert "协办 <b>1</b>" in today
    _answer(site)
    assert "/asked/" not in _page(site, "tjj", "/today")
    for address in ("/today", _exchange(site)):
        assert "3个单位已反馈1个，还差驿城区、遂平县" in _page(site, "swj", address)
    page = _page(site, "swj", _exchange(site))
    assert re.findall(r'scope="row" class="full">([^<]+)<', page) == ["市统计局", "驿城区", "遂平县"]
    assert "9月签约3个项目" in page


def test_answers_are_carried_into_the_leads_form_marked_as_theirs_with_what_is_written(site: Site) -> None:
    _ask(site)
    _answer(site)
    link = re.search(r'href="(/periods/\d+/form)\?inquiry=(\d+)#', _page(site, "swj", _exchange(site)))
    assert link is not None
    form = _page(site, "swj", f"{link[1]}?inquiry={link[2]}")
    assert "据市统计局反馈：9月签约3个项目。\n驿城区、遂平县未反馈。" in form
    assert "带入1家的反馈" in form
    with site.services.database.reading() as session:
        field = f"a{site.city.assignment('swj', session).id}-fact"
    written = _send(site, "swj", f"{link[1]}/again", link[1], status=200, inquiry=link[2], **{field: "已通报1期。"})
    assert "已通报1期。\n据市统计局反馈：9月签约3个项目。" in written
    with site.client("tjj") as client:
        assert client.get(f"{link[1]}?inquiry={link[2]}").status_code == 404


def test_a_head_sends_an_answer_back_and_it_is_mended_from_the_day(site: Site) -> None:
    _ask(site)
    address = re.search(r'href="(/asked/\d+)"', _page(site, "tjj", "/today"))
    assert address is not None
    _send(site, "tjj", address[1], address[1], fact="9月签约3个项目")
    assert "待本单位负责人审签" in _page(site, "tjj", address[1])
    sent = re.search(r"/filings/\d+/send-back", _page(site, "tjj-head", "/sign-off"))
    assert sent is not None
    _send(site, "tjj-head", sent[0], "/sign-off", reason="请写截至日期")
    today = _page(site, "tjj", "/today")
    assert re.search(rf'href="{address[1]}">改后再送', today)
    page = _page(site, "tjj", address[1])
    assert "请写截至日期" in page
    assert "9月签约3个项目</textarea>" in page


def test_the_office_coordinates_by_its_own_clock_and_both_sides_read_the_decision(site: Site) -> None:
    _ask(site)
    assert "提请督查室协调" not in _page(site, "swj", _exchange(site))
    site.clock.at += timedelta(days=14)
    place = re.search(r"/inquiries/\d+/coordination", _page(site, "swj", _exchange(site)))
    assert place is not None
    _send(site, "swj", place[0], _exchange(site), words="催了两次没有反馈")
    for address in ("/desk", "/review"):
        assert "催了两次没有反馈" in _page(site, "office", address)
    assert "前办理" in _page(site, "office", "/desk").split("h-coordinate")[-1]
    decision = place[0].replace("coordination", "decision")
    _send(site, "office", decision, _exchange(site), words="请三家今天下班前提供")
    for login in ("swj", "tjj"):
        assert "请三家今天下班前提供" in _page(site, login, _exchange(site))
    assert "催了两次没有反馈" not in _page(site, "office", "/desk")
    assert "/asked/" not in _page(site, "tjj", "/today")


def test_who_may_not_ask_is_offered_nothing_and_refused_faults_stand_beside_their_fields(site: Site) -> None:
    _ask(site)
    assert "h-ask" not in _page(site, "tjj", _exchange(site))
    assert "驿城区" not in _page(site, "tjj", _exchange(site))
    assert "h-ask" not in _page(site, "leader", _exchange(site))
    assert "h-ask" in _page(site, "office", _exchange(site))
    fields = {"words": "再报一次", "answer_by": "2022-09-01", "everyone": "yes"}
    with site.client("swj") as client:
        refused = post(client, _exchange(site), at=_exchange(site), **fields)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 400
    assert "反馈时间2022年9月1日（周四）已过" in page
    assert "再报一次" in page
    with site.client("wjw") as client:
        assert client.get(_exchange(site)).status_code == 404


def test_messages_tell_both_sides(site: Site) -> None:
    _ask(site)
    site.work()
    assert "协办：" in _page(site, "tjj", "/notices")
    _answer(site)
    site.work()
    assert "市统计局反馈了本单位提请的协办" in _page(site, "swj", "/notices")


def test_a_lead_that_was_let_go_is_offered_to_ask_nobody(tmp_path: Path) -> None:
    city = open_owed_city(fresh_sqlite(tmp_path))
    site = Site(city.database, tmp_path, city=City(city.database))
    site.clock.at = at(9, 6)
    city.add_lead("wjw", at(9, 5))
    assert "提请其他单位反馈情况" in _page(site, "swj", f"/tasks/{city.task_id()}")
    with city.database.transaction() as session:
        share_id = city.share("swj").id or 0
        release_share(session, assignment_id=share_id, reason="职能划转", actor=OFFICE, at=at(9, 6), by=BY)
    assert "提请其他单位反馈情况" not in _page(site, "swj", f"/tasks/{city.task_id()}")


def test_whoever_writes_an_answer_is_told_to_whom_it_goes(site: Site) -> None:
    _ask(site)
    [asked, *_] = re.findall(r"/asked/\d+", _page(site, "tjj", "/today"))
    with site.client("tjj") as member:
        assert post(member, asked, at=asked, fact="3个。", not_secret="yes").status_code == 303
        assert "审签后送达提请单位" in member.get("/today").get_data(as_text=True)
    fields = {"words": "请说明原因", "given_on": "2022-09-28", "haste": "urgent"}
    instruct = f"/tasks/{_task(site)}/instruct"
    with site.services.database.reading() as session:
        share_id = str(site.city.assignment("swj", session).id)
    with site.client("leader") as leader:
        assert post(leader, instruct, at=instruct, asked=share_id, **fields).status_code == 303
    [asked] = re.findall(r"/asked/\d+", _page(site, "swj", "/today"))
    with site.client("swj") as liaison:
        assert post(liaison, asked, at=asked, fact="项目入库晚。", not_secret="yes").status_code == 303
        assert "审签后送达批示领导" in liaison.get("/today").get_data(as_text=True)
