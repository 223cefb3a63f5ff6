"""Pages of the monthly evaluation: handing in, what did not happen, workbooks, checking, a tried decision."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests.support.two_bureaus import OURS
from tests.support.two_bureaus_life import open_two_bureaus
from tests.support.ways_in import Entrance


@pytest.fixture
def entrance(tmp_path: Path) -> Iterator[Entrance]:
    made = Entrance(open_two_bureaus(tmp_path))
    yield made
    made.city.database.dispose()


def _page(entrance: Entrance, login: str, address: str) -> str:
    answer = entrance.look(login, address)
    assert answer.status_code == 200, (address, answer.status)
    return answer.get_data(as_text=True)


def _month(entrance: Entrance) -> str:
    return f"/evaluation/{entrance.city.ids['swj.score month']}"


def _send(client: FlaskClient, address: str, fields: dict[str, Any], *, back: str) -> tuple[int, str]:
    answer = client.post(address, data=fields, headers={"Referer": f"http://localhost{back}"})
    return answer.status_code, answer.get_data(as_text=True)


def test_numbers_come_with_source_and_reason_and_what_is_refused_comes_back(entrance: Entrance) -> None:
    form, client = f"{_month(entrance)}/inputs", entrance.client("swj")
    status, page = _send(client, form, {"f0-swj": "许多", "f0-yc": "3", "version": "99"}, back=form)
    assert (status, 'value="许多"' in page, "不是数" in page or "数字" in page) == (400, True, True)
    status, page = _send(client, form, {"f0-swj": "2.5", "s0-words": "台账", "version": "99"}, back=form)
    assert (status, "应填整数，填写的是2.5" in page) == (400, True)
    status, page = _send(client, form, {"f0-swj": "5", "f0-yc": "3", "version": "99"}, back=form)
    assert status == 400
    assert "数据来源" in page
    told = {"f0-swj": "5", "f0-yc": "3", "s0-words": "台账", "version": "99"}
    status, page = _send(client, form, told, back=form)
    assert status == 400, "a correction needs its reason"
    assert _send(client, form, {**told, "reason": "漏计"}, back=form)[0] == 303
    assert "更正理由：漏计" in _page(entrance, "swj", f"{_month(entrance)}/objects/1")
    assert _send(client, form, {**told, "f0-swj": "", "reason": "误报"}, back=form)[0] == 303
    assert "还缺" in _page(entrance, "office", _month(entrance))


def test_a_field_of_signs_that_nobody_can_read_is_refused_and_takes_nothing_back(entrance: Entrance) -> None:
    form, client = f"{_month(entrance)}/inputs", entrance.client("swj")
    for signs in ("\x01\x02", "\u200b"):
        sent = {"f0-swj": signs, "f0-yc": "3", "version": "99", "reason": "误报"}
        status, page = _send(client, form, sent, back=form)
        assert (status, "应填数字" in page or "不是数" in page or "数字" in page) == (400, True)
    assert 'name="f0-swj" type="text" inputmode="decimal" autocomplete="off" value="3"' in _page(entrance, "swj", form)


def test_what_others_corrected_since_is_not_written_over(entrance: Entrance) -> None:
    form, client = f"{_month(entrance)}/inputs", entrance.client("swj")
    told = {"f0-swj": "5", "s0-words": "台账", "version": "", "reason": "漏计"}
    status, page = _send(client, form, told, back=form)
    assert (status, "在读取以后已经更正（他人更正，或者本人另行更正）" in page) == (409, True)


def test_what_did_not_happen_is_said_and_ends_when_something_is_handed_in(entrance: Entrance) -> None:
    form, client = f"{_month(entrance)}/inputs", entrance.client("swj")
    assert "没有报" in _page(entrance, "swj", form)
    assert _send(client, form, {"k1-none": "yes"}, back=form)[0] == 303
    assert "没有报" not in _page(entrance, "swj", form)
    added = {"k1r0-object": "swj", "k1r0-reference": "通报批评", "k1-words": "文件", "version": "99"}
    assert _send(client, form, added, back=form)[0] == 303
    assert _send(client, form, {"k1-none": "yes"}, back=form)[0] == 409


def test_what_the_office_lets_count_as_not_having_happened_stands_on_the_page(entrance: Entrance) -> None:
    page = _page(entrance, "office", _month(entrance))
    assert f"{OURS.name}未报批评，按没有计（理由：经电话询问没有发生）" in page
    assert "按没有计的理由" not in page, "nothing is silent any more"
    status, page = _send(
        entrance.client("office"), f"{_month(entrance)}/silent", {"reason": "再说"}, back=_month(entrance)
    )
    assert (status, "各类事项都已报" in page) == (409, True)


def test_a_workbook_is_checked_cell_by_cell_and_handed_in_whole(entrance: Entrance) -> None:
    upload, client = f"{_month(entrance)}/inputs/upload", entrance.client("swj")
    book: Any = load_workbook(BytesIO(client.get(f"{_month(entrance)}/inputs.xlsx").data))
    sheet: Any = book["数据"]
    tries = (("许多", "月报", 400, "“数据”F3"), (9, None, 400, "请写明数据来源："), (9, "月报", 200, "全部报送"))
    for value, source, status, word in tries:
        sheet["F3"].value, sheet["H3"].value = value, source
        filled = BytesIO()
        book.save(filled)
        filled.seek(0)
        answer = client.post(upload, data={"file": (filled, "表.xlsx"), "not_secret": "yes"})
        assert answer.status_code == status
        page = answer.get_data(as_text=True)
        assert word in page
    ticket = page.partition('name="ticket" value="')[2].partition('"')[0]
    take = f"{_month(entrance)}/inputs/workbook"
    assert entrance.client("tjj").post(take, data={"ticket": ticket, "reason": "漏计"}).status_code == 409
    assert client.post(take, data={"ticket": ticket, "reason": "漏计"}).status_code == 303
    assert 'value="9"' in _page(entrance, "swj", f"{_month(entrance)}/inputs")


def _upload(entrance: Entrance, book: Any) -> tuple[int, str]:
    filled = BytesIO()
    book.save(filled)
    filled.seek(0)
    told = {"file": (filled, "表.xlsx"), "not_secret": "yes"}
    answer = entrance.client("swj").post(f"{_month(entrance)}/inputs/upload", data=told)
    return answer.status_code, answer.get_data(as_text=True)


def test_that_nothing_happened_is_said_in_the_workbook_and_stands_there_afterwards(entrance: Entrance) -> None:
    address, client = f"{_month(entrance)}/inputs.xlsx", entrance.client("swj")
    book: Any = load_workbook(BytesIO(client.get(address).data))
    none, cases = book["本月没有"], book["事项"]
    assert [[cell.value for cell in row] for row in none.iter_rows(min_row=3)] == [
        ["occurrence:criticism", "事项", "批评", None]
    ]
    none["D3"].value = "没有"
    status, page = _upload(entrance, book)
    assert (status, "“本月没有”D3" in page) == (400, True)
    none["D3"].value = "本月没有"
    for place, value in zip("ABC", (OURS.name, "批评", "通报"), strict=True):
        cases[f"{place}3"].value = value
    status, page = _upload(entrance, book)
    assert (status, "“本月没有”D3" in page, "只留一处" in page) == (400, True, True)
    for place in "ABC":
        cases[f"{place}3"].value = None
    status, page = _upload(entrance, book)
    assert (status, "说明本月没有的1类" in page) == (200, True)
    assert "没有报</span>" in _page(entrance, "swj", f"{_month(entrance)}/inputs"), "looking hands in nothing"
    ticket = page.partition('name="ticket" value="')[2].partition('"')[0]
    assert client.post(f"{_month(entrance)}/inputs/workbook", data={"ticket": ticket}).status_code == 303
    assert "没有报</span>" not in _page(entrance, "swj", f"{_month(entrance)}/inputs")
    again: Any = load_workbook(BytesIO(client.get(address).data))
    assert again["本月没有"]["D3"].value == "本月没有"
    assert "与已报的相同" in _upload(entrance, again)[1]


def test_of_what_was_handed_in_since_no_workbook_says_that_there_was_none(entrance: Entrance) -> None:
    form, client = f"{_month(entrance)}/inputs", entrance.client("swj")
    book: Any = load_workbook(BytesIO(client.get(f"{form}.xlsx").data))
    added = {"k1r0-object": "swj", "k1r0-reference": "通报批评", "k1-words": "文件", "version": "99"}
    assert _send(client, form, added, back=form)[0] == 303
    book["本月没有"]["D3"].value = "本月没有"
    status, page = _upload(entrance, book)
    assert (status, "已经报有事项" in page) == (409, True)


def test_in_check_each_reads_his_own_marks_alone_and_why(entrance: Entrance) -> None:
    own, other = f"{_month(entrance)}/objects/1", f"{_month(entrance)}/objects/2"
    page = _page(entrance, "swj-head", own)
    assert "鹿鸣台账" in page, "the source of a figure stands beside it"
    assert "提出异议" in page
    assert "按没有计</p>" in page, "why there is neither a deduction nor an addition"
    month = _page(entrance, "swj-head", _month(entrance))
    assert f'<a href="{own}">本单位得分</a>' in month, "straight to why"
    assert "得分和排名" not in month
    assert entrance.look("swj-head", other).status_code == 404
    assert entrance.look("yc", own).status_code == 404
    assert "提出异议</button>" not in _page(entrance, "swj", own)
    ranking = _page(entrance, "yc", f"{_month(entrance)}/ranking")
    assert "试算" not in ranking
    assert f'{_month(entrance)}/objects/1"' not in ranking


def _exported(entrance: Entrance, login: str) -> list[list[Any]]:
    answer = entrance.look(login, f"{_month(entrance)}/ranking.xlsx?try=ties|dense")
    sheet: Any = load_workbook(BytesIO(answer.data)).active
    assert sheet.title == ("2022年8月考评得分和排名（未冻结）" if login == "office" else "2022年8月考评得分（未冻结）")
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_ranking_is_had_as_a_workbook_by_each_as_far_as_he_reads_it(entrance: Entrance) -> None:
    assert f'{_month(entrance)}/ranking.xlsx"' in _page(entrance, "swj-head", f"{_month(entrance)}/ranking")
    head, *rows = _exported(entrance, "office")
    assert head == ["序号", "考评对象", "名次", "总分", "附件"], "what was only tried is not handed out"
    assert rows == [[1, OURS.name, 1, 10, 10], [2, "驿城区", 2, 8, 8]]
    assert [row[1] for row in _exported(entrance, "swj-head")[1:]] == [OURS.name]


def _ranks(entrance: Entrance) -> str:
    page = _page(entrance, "office", f"{_month(entrance)}/ranking")
    return page.partition('id="h-ranks"')[2].partition("</tbody>")[0]


def test_a_look_with_another_decision_is_marked_and_changes_nothing(entrance: Entrance) -> None:
    before = _ranks(entrance)
    page = _page(entrance, "office", f"{_month(entrance)}/ranking?try=ties|dense")
    assert "试算，不得发布" in page
    assert "试算名次" in page
    assert _ranks(entrance) == before
    for bad in ("ties|x", "|", "9" * 5000):
        assert "试算名次" not in _page(entrance, "office", f"{_month(entrance)}/ranking?try={bad}")


def test_the_first_pages_say_what_is_to_be_done(entrance: Entrance) -> None:
    assert "2022年7月考评：" in _page(entrance, "tjj", "/today")
    assert "2022年8月考评：核对本单位得分" in _page(entrance, "swj-head", "/sign-off")
    desk = _page(entrance, "office", "/desk")
    assert len(re.findall(r'class="clause" href="[^"]*">[^<]*答复异议', desk)) == 1
    assert "考评异议待答复" not in desk
    assert "月度考评" in desk
    assert "月度考评" not in _page(entrance, "jtj", "/today")


def test_freezing_says_first_what_it_keeps(entrance: Entrance) -> None:
    page = _page(entrance, "office", f"{_month(entrance)}/freeze")
    assert "期满后才能冻结" in page
    assert "确认冻结" not in page


def test_freezing_is_offered_only_when_no_objection_waits_and_the_window_is_over(entrance: Entrance) -> None:
    objection = entrance.city.ids["swj.score objection"]
    waits, answered = f'有1件异议没有答复，<a href="#o{objection}">', f"/evaluation/objections/{objection}/answer"
    offered = f'href="{_month(entrance)}/freeze"'
    page = _page(entrance, "office", _month(entrance))
    assert (waits in page, offered in page) == (True, False)
    entrance.city.services.clock.at += timedelta(days=20)  # type: ignore[attr-defined]  # the clock of the city
    page = _page(entrance, "office", _month(entrance))
    assert (waits in page, offered in page) == (True, False)
    assert f"#o{objection}" in _page(entrance, "office", f"{_month(entrance)}/freeze")
    office = entrance.client("office")
    assert office.post(f"{_month(entrance)}/freeze").status_code == 409
    assert office.post(answered, data={"verdict": "refused", "reason": "数据无误"}).status_code == 303
    page = _page(entrance, "office", _month(entrance))
    assert ("没有答复" in page, offered in page) == (False, True)
    assert office.post(f"{_month(entrance)}/freeze").status_code == 303
    number = _month(entrance).rpartition("/")[2]
    assert f'href="/circulars?month={number}#h-new">拟月度考评通报</a>' in _page(entrance, "office", _month(entrance))
    assert "拟月度考评通报" not in _page(entrance, "swj-head", _month(entrance))


def test_the_page_of_a_body_leads_to_each_item_and_back(entrance: Entrance) -> None:
    page = _page(entrance, "office", f"{_month(entrance)}/objects/1")
    index = page[page.index('<nav class="jumps') :].partition("</nav>")[0]
    led = re.findall(r'href="#([^"]+)"', index)  # e.g. href="#i-1-1"
    items = re.findall(r'<article class="card" id="(i-[^"]+)"', page)  # e.g. <article class="card" id="i-1-1"
    assert [one for one in led if one.startswith("i-")] == items
    assert all(f'id="{one}"' in page for one in led)
    assert page.count('href="#items"') == len(led) - len(items) > 0


def test_an_evaluated_body_reads_its_marks_from_the_check_on_and_not_in_the_draft(entrance: Entrance) -> None:
    drafted, checked = f"/evaluation/{entrance.city.ids['drafted score month']}", _month(entrance)
    for page in ("/ranking", "/objects/1", "/ranking.xlsx"):
        answers = [entrance.look(login, drafted + page).status_code for login in ("office", "swj", "swj-head")]
        assert answers == [200, 404, 404], page
        assert entrance.look("swj-head", checked + page).status_code == 200


def test_what_cannot_be_shown_does_not_say_that_something_was_not_kept(entrance: Entrance) -> None:
    for address in ("/published-months/own/meeting/2022-08", "/published-months/own/year/2022"):
        answer = entrance.look("office", address)
        assert answer.status_code == 409
        assert "没有保存" not in answer.get_data(as_text=True)


def test_there_is_no_account_of_a_year_that_cannot_be(entrance: Entrance) -> None:
    for year in (0, 1999, 2100, 9999, 10000):
        assert entrance.look("office", f"/published-months/own/year/{year}").status_code == 404


def test_marks_that_the_scheme_prints_are_nobodys_to_hand_in(entrance: Entrance) -> None:
    form, client = f"{_month(entrance)}/inputs", entrance.client("swj")
    added = {"k1r0-object": "swj", "k1r0-reference": "通报批评", "k1-words": "文件", "k1r0-marks": "3"}
    status, page = _send(client, form, added, back=form)
    assert (status, "“批评”得分、扣分由考评办法规定，不填认定扣分" in page) == (400, True)


def test_an_empty_field_is_called_as_the_page_calls_it(entrance: Entrance) -> None:
    own, at = entrance.city.ids["swj.score input"], f"{_month(entrance)}/inputs"
    status, page = _send(entrance.client("swj"), f"/evaluation/inputs/{own}/take-back", {"reason": " "}, back=at)
    assert (status, "请填写撤回理由" in page) == (400, True)
    number, at = _month(entrance).rpartition("/")[2], "/published-months"
    status, page = _send(entrance.client("office"), f"{at}/{number}/correct", {"reason": ""}, back=at)
    assert (status, "请填写更正原因" in page) == (400, True)
