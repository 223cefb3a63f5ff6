"""The pages of 协办: 今天 of both sides, the exchange on a task, the short form, what is quoted, the office's desk."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html
from openpyxl import load_workbook
from sqlalchemy import select
from sqlmodel import col

from tests.support.agreement import disagreements
from tests.support.databases import fresh_sqlite
from tests.support.office import FIRST, IN_TIME, City
from tests.support.owed_city import BY, OFFICE, at, open_owed_city
from tests.support.site import Site, post
from tracker.domain.calendar import local_day
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.tables.boxes import BoxFileRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.merging import merge_units
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


def _send(site: Site, login: str, address: str, at: str, *, status: int = 303, **fields: Any) -> str:  # Any: files too
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
    assert "10月9日（周日，含）前报出" in _page(site, "tjj-head", "/sign-off")
    _sign(site, "tjj")


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


def test_who_is_asked_reads_that_the_day_is_over(site: Site) -> None:
    _ask(site)
    assert "已过反馈时间" not in _page(site, "tjj", "/today")
    site.clock.at = datetime(2022, 10, 11, 1, 0, tzinfo=UTC)
    listed = _page(site, "tjj", "/today").split('id="asked"')[1].split("</section>")[0]
    assert re.search(r'class="c-red">10月9日（周日，含）</b><span class="why c-red">已过反馈时间2个工作日<', listed)


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


def test_an_answer_that_is_taken_back_is_shown_where_it_was_written(site: Site) -> None:
    _ask(site)
    asked = re.search(r'href="(/asked/\d+)"', _page(site, "tjj", "/today"))
    assert asked is not None
    _send(site, "tjj", asked[1], asked[1], fact="9月签约3个项目")
    with site.client("tjj") as client:
        answer = post(client, "/filings/1/withdraw", at="/today")
        assert (answer.status_code, answer.headers["Location"]) == (303, asked[1])
        assert "9月签约3个项目" in client.get(asked[1]).get_data(as_text=True)


def _form(site: Site) -> tuple[str, int]:
    """Return the address of the lead's form, and its share."""
    with site.services.database.reading() as session:
        period, share = site.city.period("swj", session, name=FIRST), site.city.assignment("swj", session)
        return f"/periods/{period.id}/form", share.id or 0


def _news(site: Site, words: str, *, sign: bool = True) -> None:
    """Let the statistics bureau tell news on the task."""
    with site.services.database.reading() as session:
        key = f"a{site.city.assignment('tjj', session).id}-"
    place = f"/tasks/{_task(site)}/update"
    _send(site, "tjj", place, place, status=303, **{f"{key}claim": "ongoing_active", f"{key}fact": words})
    if sign:
        _sign(site, "tjj")


def _merge(site: Site, code: str, into: str) -> None:
    with site.services.database.transaction() as session:
        old, new = (
            session.scalars(select(col(UnitRow.id)).where(col(UnitRow.code) == one)).one() for one in (code, into)
        )
        ids = {"from_unit_id": old or 0, "into_unit_id": new or 0}
        merge_units(session, **ids, on=local_day(IN_TIME), reason="机构改革", actor=OFFICE, at=IN_TIME)


def _sign(site: Site, unit: str) -> None:
    signed = re.search(r"/filings/\d+/sign", _page(site, f"{unit}-head", "/sign-off"))
    assert signed is not None
    _send(site, f"{unit}-head", signed[0], "/sign-off")


def test_what_a_unit_tells_by_itself_stands_in_the_leads_form_and_is_brought_in_as_its_word(site: Site) -> None:
    told = "9月20日核对统计口径1次。"
    form, share = _form(site)
    _news(site, told, sign=False)
    assert told not in _page(site, "swj", form), "its head has not let it go"
    _sign(site, "tjj")
    page = _page(site, "swj", form)
    assert re.search(rf"市统计局进展动态（[^）]+）：{told}", page)
    field = f"a{share}-fact"
    written = _send(site, "swj", f"{form}/again", form, status=200, others=share, **{field: "已通报1期。"})
    assert f"已通报1期。\n据市统计局反馈：{told}</textarea>" in written
    with site.client("swj") as client:
        assert post(client, f"{form}/again", at=form, others="9999").status_code == 404
    _ask(site)
    _answer(site)
    assert "9月签约3个项目" not in _page(site, "swj", form), "an answer is brought in by its question"


def test_what_a_unit_said_before_it_went_up_in_another_is_quoted_under_its_own_name(site: Site) -> None:
    told = "9月20日核对统计口径1次。"
    form, share = _form(site)
    _news(site, told)
    _ask(site)
    _answer(site)
    _merge(site, "tjj", "wjw")
    page = _page(site, "swj", form)
    assert re.search(rf"市统计局进展动态（[^）]+）：{told}", page)
    written = _send(site, "swj", f"{form}/again", form, status=200, others=share, inquiry="1")
    assert "据市统计局反馈：9月签约3个项目。\n" in written
    assert f"据市统计局反馈：{told}</textarea>" in written
    exchange = _page(site, "swj", _exchange(site))
    assert re.search(r'scope="row" class="full">市统计局</th>', exchange), "it answered"
    assert re.search(r'scope="row" class="full">驿城区</th>', exchange), "it is waited for"


def test_what_is_brought_in_twice_is_written_once_and_the_page_says_so(site: Site) -> None:
    told = "9月20日核对统计口径1次。\n无差错。"
    form, share = _form(site)
    _news(site, told)
    _ask(site)
    _answer(site)
    field, both = f"a{share}-fact", {"inquiry": "1", "others": str(share)}
    first = _send(site, "swj", f"{form}/again", form, status=200, **both, **{field: "已通报1期。"})
    assert "没有重复写入" not in first
    words = lxml_html.document_fromstring(first).get_element_by_id(field).value
    assert words.startswith("已通报1期。\n据市统计局反馈：9月签约3个项目。\n")
    as_a_browser = words.strip().replace("\n", "\r\n")
    second = _send(site, "swj", f"{form}/again", form, status=200, **both, **{field: as_a_browser})
    assert lxml_html.document_fromstring(second).get_element_by_id(field).value.strip() == words.strip()
    assert "带入的内容有2段已经写在“实事”中，没有重复写入。" in second, "the answers with who was silent"
    assert "带入的内容有1段已经写在“实事”中，没有重复写入。" in second, "the news"
    more = _send(site, "swj", f"{form}/again", form, status=200, others=share, **{field: "又" + words.split("\n")[3]})
    assert "没有重复写入" not in more, "other words stand there"


def test_what_is_brought_in_is_stood_at_where_it_was_asked_for(site: Site) -> None:
    with site.services.database.reading() as session:
        period_id = site.city.period("swj", session, name=FIRST).id
        share = site.city.assignment("swj", session).id
    _news(site, "9月20日核对统计口径1次。")
    _ask(site)
    _answer(site)
    form, fact = f"/periods/{period_id}/form", f"a{share}-fact"
    alone = _page(site, "swj", form)
    among = _send(site, "swj", "/forms/again", form, status=200, **{f"p{period_id}-{fact}": "已通报1期。"})
    for start, page in {"": alone, f"p{period_id}-": among}.items():
        shown = lxml_html.document_fromstring(page)
        buttons = [one for one in shown.iter("button") if "#" in one.get("formaction", "")]
        places = {one.get("name"): one.get("formaction").partition("#")[2] for one in buttons}
        row = f"{start}a{share}"
        assert places == {f"{start}again": f"{start}h-rows", f"{start}inquiry": row, f"{start}others": row}
        assert all(shown.get_element_by_id(place) is not None for place in places.values())


def test_who_asked_is_named_as_it_was_once_nobody_waits_for_an_answer(site: Site) -> None:
    _ask(site)
    exchange = _exchange(site)
    _merge(site, "swj", "wjw")
    assert "市卫生健康体育委提请协办" in _page(site, "tjj", exchange), "an answer goes to it"
    _answer(site)
    assert "市商务局提请协办" in _page(site, "tjj", exchange)


def test_a_head_reads_an_answer_as_it_is_written_not_struck_into_a_report_of_the_work(site: Site) -> None:
    _news(site, "9月20日核对统计口径1次。")
    _ask(site)
    address = re.search(r'href="(/asked/\d+)"', _page(site, "tjj", "/today"))
    assert address is not None
    _send(site, "tjj", address[1], address[1], fact="9月签约3个项目，口径已核对1次。")
    waits = _page(site, "tjj-head", "/sign-off")
    assert "9月签约3个项目，口径已核对1次。" in waits
    assert "划去的是" not in waits


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


def test_what_the_office_asks_stands_on_its_desk_until_all_have_answered(site: Site) -> None:
    """Who asks sees who is silent, without going to each task for it."""
    assert "督查室提请的协办" not in _page(site, "office", "/desk")
    _ask(site, "office")
    for address in ("/desk", "/review"):
        page = _page(site, "office", address).split('id="h-asking"')[-1]
        assert f'href="{_exchange(site)}#i1"' in page
        assert "时间已过" not in page
    assert 'id="h-asking"' not in _page(site, "leader", "/leader"), "what the office asks is its own"
    site.clock.at += timedelta(days=14)
    assert "时间已过" in _page(site, "office", "/desk").split('id="h-asking"')[-1]


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
    there = f'<a href="{_exchange(site)}">打开协办往来'
    assert "协办：" in _page(site, "tjj", "/notices")
    _answer(site)
    site.work()
    told = _page(site, "swj", "/notices")
    assert "市统计局反馈了本单位提请的协办" in told
    assert there in told


def test_each_message_leads_to_where_it_goes_on_and_the_task_says_what_is_asked(site: Site) -> None:
    task, exchange = f"/tasks/{_task(site)}", _exchange(site)
    _ask(site)
    site.work()
    heard = re.search(r'href="(/asked/\d+)">打开反馈', _page(site, "tjj", "/notices"))
    assert heard is not None
    shown = _page(site, "tjj", task)
    assert "本单位要反馈的" in shown
    assert _WORDS in shown
    assert f'href="{heard[1]}"' in shown
    assert "联络员尚未填报" in _page(site, "tjj-head", task)
    assert "本单位要反馈的" not in _page(site, "swj", task), "of whom nothing is asked"
    _send(site, "tjj", heard[1], heard[1], fact="9月签约3个项目")
    waits = _page(site, "tjj", task).split("本单位要反馈的")[1].split("</section>")[0]
    assert "待本单位负责人审签" in waits
    assert "/asked/" not in waits
    _sign(site, "tjj")
    site.work()
    assert "本单位要反馈的" not in _page(site, "tjj", task)
    assert f'href="{exchange}">打开协办往来' in _page(site, "swj", "/notices")


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


def _answer_with_a_file(site: Site) -> int:
    """Let 市统计局 answer with a file; return what it was asked by."""
    address = re.search(r'href="/asked/(\d+)"', _page(site, "tjj", "/today"))
    assert address is not None
    at_ = f"/asked/{address[1]}"
    file: Any = (BytesIO("九月签约".encode()), "九月签约台账.txt")
    _send(site, "tjj", at_, at_, fact="9月签约3个项目", file=file, not_secret="yes")
    signed = re.search(r"/filings/\d+/sign", _page(site, "tjj-head", "/sign-off"))
    assert signed is not None
    _send(site, "tjj-head", signed[0], "/sign-off")
    return int(address[1])


def _row_of(site: Site) -> tuple[str, str]:
    """Return the address of the lead's form and with what the names of its row begin."""
    with site.services.database.reading() as session:
        period, share = site.city.period("swj", session, name=FIRST).id, site.city.assignment("swj", session).id
    return f"/periods/{period}/form", f"a{share}-"


def test_the_files_of_an_answer_go_into_the_leads_box_and_say_whose_they_were_to_the_office(site: Site) -> None:
    """By a button at the answer, once; what quotes it names them, and the review says from whom they came."""
    _ask(site)
    asked_id = _answer_with_a_file(site)
    exchange, take = _exchange(site), f"/asked/{asked_id}/files"
    assert f'action="{take}"' in _page(site, "swj", exchange)
    for login in ("office", "leader", "tjj"):  # of the task or above it, and no lead
        _send(site, login, take, exchange, status=404)
    for _again in range(2):
        _send(site, "swj", take, exchange)
    page = _page(site, "swj", exchange)
    assert f'action="{take}"' not in page
    assert "材料已在本单位佐证箱，编号2" in page  # 1 is that of 市统计局
    box = _page(site, "swj", "/box")
    assert re.search(r"九月签约台账.*来自市统计局\d+月\d+日反馈", box, re.S)
    with site.services.database.reading() as session:
        rows = session.scalars(select(BoxFileRow).order_by(col(BoxFileRow.id))).all()
        assert len({row.sha256 for row in rows}) == 1
        assert [(row.from_report_id is None, row.unit_id) for row in rows][1][0] is False
        assert len(rows) == 2
        assert not list(disagreements(session, fold(session, cut(session, as_of=site.clock.at))))
    form, key = _row_of(site)
    inquiry = re.search(r'name="inquiry" value="(\d+)"', _page(site, "swj", form))
    assert inquiry is not None
    shown = _send(site, "swj", f"{form}/again", form, status=200, inquiry=inquiry[1])
    assert "据市统计局反馈：9月签约3个项目" in shown
    assert re.search(rf'name="{key}b0"[^>]*value="2"', shown)
    own = {
        "claim": "on_schedule",
        "fact": "据市统计局反馈：9月签约3个项目。",
        "v1": "1",
        "on1": "2022-09-28",
        "b0": "2",
    }
    fields: dict[str, Any] = {key + name: words for name, words in own.items()}
    _send(site, "swj", form, form, **fields)
    assert "来自市统计局" in _page(site, "swj-head", "/sign-off")
    signed = re.search(r"/filings/\d+/sign", _page(site, "swj-head", "/sign-off"))
    assert signed is not None
    _send(site, "swj-head", signed[0], "/sign-off")
    with site.services.database.reading() as session:
        report = session.scalars(select(ReportRow).order_by(col(ReportRow.id).desc())).first()
        assert report is not None
        assert not list(disagreements(session, fold(session, cut(session, as_of=site.clock.at))))
    for address in ("/review", f"/review/rows/{report.id}", f"/tasks/{_task(site)}"):
        assert re.search(r"来自市统计局\d+月\d+日反馈", _page(site, "office", address)), address
    with site.client("office") as office:
        sheet = load_workbook(BytesIO(office.get("/review.xlsx").data)).worksheets[0]
        assert any("来自市统计局" in str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)


def test_the_form_brings_in_words_and_files_at_once_and_no_second_copy_of_known_bytes(site: Site) -> None:
    same: Any = (BytesIO("九月签约".encode()), "自存.txt")  # the same bytes by another name
    _send(site, "swj", "/box", "/box", file=same, not_secret="yes")
    _ask(site)
    _answer_with_a_file(site)
    form, key = _row_of(site)
    button = re.search(r'name="inquiry_files" value="(\d+)"', _page(site, "swj", form))
    assert button is not None
    shown = _send(site, "swj", f"{form}/again", form, status=200, inquiry_files=button[1], **{f"{key}fact": "已写的"})
    assert re.search(r"已写的\n据市统计局反馈：9月签约3个项目", shown)
    assert re.search(rf'name="{key}b0"[^>]*value="1"', shown)
    with site.services.database.reading() as session:
        assert len(session.scalars(select(BoxFileRow)).all()) == 2  # one of each unit


def _written(site: Site, words: str = "9月签约3个项目") -> str:
    """Let 市统计局 write an answer that waits for its head; return the address of its page."""
    asked = re.search(r'href="(/asked/\d+)"', _page(site, "tjj", "/today"))
    assert asked is not None
    _send(site, "tjj", asked[1], asked[1], fact=words)
    return asked[1]


def _withdraw_question(site: Site) -> None:
    _send(site, "swj", "/inquiries/1/withdraw", _exchange(site))


def test_an_answer_that_waits_when_its_question_is_withdrawn_is_told_with_it_everywhere(site: Site) -> None:
    """The state of the question and that of the answer, to the liaison, to the head and, once signed, to both sides."""
    _ask(site)
    address = _written(site)
    assert "9月签约3个项目" in _page(site, "tjj", address), "what waits is shown where it was written"
    _withdraw_question(site)
    page = _page(site, "tjj", address)
    assert "协办已撤回，不需再反馈。所写反馈仍待本单位负责人审签" in page
    assert "9月签约3个项目" in page
    for login, place in (("tjj", "/today"), ("tjj-head", "/sign-off")):
        assert "10月9日" not in _page(site, login, place), "wanted by no day"
    assert "协办已撤回，不需再反馈" in _page(site, "tjj-head", "/sign-off")
    exchange = _page(site, "tjj", _exchange(site))
    assert "所写反馈待本单位负责人审签" in exchange
    assert "9月签约3个项目" not in _page(site, "swj", _exchange(site)), "it has not left its unit"
    _sign(site, "tjj")
    for login in ("tjj", "swj", "office"):
        row = _page(site, login, _exchange(site)).split(">市统计局</th>")[1].split("</tr>")[0]
        assert "</svg>已反馈</span>" in row
        assert "协办已撤回" in row
        assert "9月签约3个项目" in row
        with site.client(login) as client:
            sheet = load_workbook(BytesIO(client.get(f"{_exchange(site)}.xlsx").data)).worksheets[0]
            cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
            assert "已反馈，协办已撤回" in cells
    page = _page(site, "tjj", address)
    assert "已反馈；协办已撤回，不需再反馈" in page
    assert "9月签约3个项目" in page


def test_an_answer_taken_back_after_the_withdrawal_is_shown_and_not_said_to_be_sent_again(site: Site) -> None:
    _ask(site)
    address = _written(site)
    _withdraw_question(site)
    with site.client("tjj") as client:
        assert post(client, "/filings/1/withdraw", at="/today").status_code == 303
        page = client.get(address).get_data(as_text=True)
    assert "可改后再送" not in page
    assert "已撤回。协办已撤回，不需再反馈；所写内容仍列在反馈页面。" in page
    assert "9月签约3个项目" in page
    assert "已撤回，没有报出" in page


def test_a_message_of_a_question_that_was_answered_leads_to_the_answer_and_to_the_exchange(site: Site) -> None:
    _ask(site)
    address = _written(site)
    _sign(site, "tjj")
    page = _page(site, "tjj", address)
    assert "已反馈，不需再反馈" in page
    assert "9月签约3个项目" in page
    assert f'href="{_exchange(site)}#i1"' in page


def test_what_the_head_sent_back_says_so_wherever_it_is_to_be_answered_and_ends_in_one_full_stop(site: Site) -> None:
    _ask(site)
    address = _written(site)
    sent = re.search(r"/filings/\d+/send-back", _page(site, "tjj-head", "/sign-off"))
    assert sent is not None
    _send(site, "tjj-head", sent[0], "/sign-off", reason="请写明清单在哪里。")
    today = _page(site, "tjj", "/today").split('id="asked"')[1].split("</section>")[0]
    task = _page(site, "tjj", f"/tasks/{_task(site)}").split('id="asked"')[1].split("</section>")[0]
    for page in (today, task):
        assert "负责人退回：请写明清单在哪里。<" in page
        assert "改后再送" in page
    assert "待联络员改后再送" in _page(site, "tjj-head", f"/tasks/{_task(site)}")
    page = _page(site, "tjj", address)
    assert "请写明清单在哪里。" in page
    assert "。。" not in re.sub(r"<[^>]+>", "", page)


def test_a_second_window_is_told_who_wrote_what_when_and_keeps_its_words_under_their_name(site: Site) -> None:
    _ask(site)
    address = _written(site, "9月签约3个项目")
    refused = _send(site, "tjj", address, address, status=409, fact="9月签约4个项目")
    told = r"\d+月\d+日[^<。]*已写好反馈送审，待本单位负责人审签，没有另送一份。"
    assert re.search(told, refused)
    assert "9月签约3个项目" in refused, "what waits"
    assert "9月签约4个项目" in refused, "what was written here"
    assert "反馈内容" in refused
    assert "实事" not in refused


@pytest.mark.parametrize(("signed", "why"), [(True, "已反馈，不需再反馈。"), (False, "协办已撤回，不需再反馈。")])
def test_an_answer_that_comes_too_late_is_refused_for_its_own_cause(site: Site, signed: bool, why: str) -> None:
    _ask(site)
    address = re.findall(r"/asked/\d+", _page(site, "tjj", "/today"))[0]
    if signed:
        _written(site)
        _sign(site, "tjj")
    else:
        _withdraw_question(site)
    refused = _send(site, "tjj", address, address, status=409, fact="9月签约4个项目")
    assert why in refused
    assert "已协调" not in refused
    assert "9月签约4个项目" in refused


def test_whoever_reminds_or_withdraws_too_late_reads_why(site: Site) -> None:
    _ask(site)
    _withdraw_question(site)
    for place in ("/asked/1/remind", "/inquiries/1/withdraw"):
        assert "协办已撤回，不需再反馈。" in _send(site, "swj", place, _exchange(site), status=409)
