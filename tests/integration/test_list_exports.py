"""Lists as Excel: as many rows as the page counts, in its order, of the viewer's own, without formulas."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from sqlalchemy import select
from sqlmodel import col

from tests.support.audience_city import open_audience_city
from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME, LATE
from tests.support.site import Site, post
from tracker.store.tables.events import EventRow
from tracker.store.tables.units import UserRow
from tracker.usecases.filing import send_back
from tracker.wording.audit_events import Names, setting_words


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = IN_TIME + timedelta(days=35)
    made.city.sweep(made.clock.at)
    return made


def _rows(client: FlaskClient, address: str) -> list[tuple[str, ...]]:
    answer = client.get(address)
    assert answer.status_code == 200
    sheet = load_workbook(BytesIO(answer.data)).active
    assert sheet is not None
    return [tuple(_told(cell) for cell in row) for row in sheet.iter_rows()]


def _told(cell: Cell | MergedCell) -> str:
    """Return what a cell has, of a day that can be sorted and filtered the day."""
    if isinstance(cell.value, datetime) and cell.number_format == "yyyy-mm-dd":
        return cell.value.date().isoformat()
    return "" if cell.value is None else str(cell.value)


def _listed(client: FlaskClient, address: str, column: int) -> list[str]:
    page = html.document_fromstring(client.get(address).get_data(as_text=True))
    rows = page.xpath("//table[@role='table']/tbody/tr")
    return [row.xpath("./td|./th")[column].text_content().strip() for row in rows]


@pytest.mark.parametrize("login", ["office", "swj", "tjj"])
def test_the_overdue_list_has_the_rows_of_its_page(site: Site, login: str) -> None:
    with site.client(login) as client:
        head, *rows = _rows(client, "/tasks.xlsx")
        assert head[:3] == ("序号", "单位", "文件")
        assert [row[0] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
        shown = _listed(client, "/tasks?overdue=1", 3)
        assert [row[6] for row in rows] == ["2022-10-10"] * len(shown)
        assert {row[1] for row in rows} == (set() if login == "tjj" else {"市商务局"})
        assert all("逾期" in row[7] for row in rows)


def test_the_log_tells_which_list_was_fetched(site: Site) -> None:
    with site.client("office") as office:
        for address in ("/tasks.xlsx", "/circulars.xlsx"):
            assert office.get(address).status_code == 200
    with site.services.database.reading() as session:
        wanted = select(col(EventRow.payload)).where(col(EventRow.type) == "file.fetched").order_by(col(EventRow.seq))
        told = [
            setting_words("file.fetched", json.loads(payload), Names({}, {})) for payload in session.scalars(wanted)
        ]
    assert told == ["清单：逾期清单", "清单：通报"]


def test_filters_of_the_page_hold_for_the_workbook(site: Site) -> None:
    with site.client("office") as office:
        with site.services.database.reading() as session:
            units = {code: site.city.assignment(code, session).unit_id for code in ("swj", "tjj")}
        found = {code: _rows(office, f"/tasks.xlsx?unit={unit_id}")[1:] for code, unit_id in units.items()}
        assert [len(found["swj"]), len(found["tjj"])] == [1, 0]
        series = _rows(office, "/overview/series.xlsx")[1:]
        late = _rows(office, "/overview/series.xlsx?class=unreported")[1:]
        assert 0 < len(late) < len(series)
        assert {row[7] for row in late} == {"未报"}
        assert [row[1] for row in late] == _listed(office, "/overview/series?class=unreported", 0)


def test_the_ledger_of_reminders_has_each_message(site: Site) -> None:
    with site.client("office") as office:
        rows = _rows(office, "/reminders.xlsx")[1:]
        assert [row[2] for row in rows] == _listed(office, "/reminders", 1)
        assert rows
        assert _rows(office, "/reminders.xlsx?state=failed")[1:] == []


@pytest.mark.parametrize(
    ("address", "numbers", "moments"),
    [
        ("/tasks.xlsx", "未报期数", "时限"),
        ("/overview/series.xlsx", "序号", "时限"),
        ("/reminders.xlsx", "序号", "时间"),
    ],
)
def test_numbers_add_up_and_days_sort_in_a_table_program(site: Site, address: str, numbers: str, moments: str) -> None:
    with site.client("office") as office:
        sheet = load_workbook(BytesIO(office.get(address).data)).active
    assert sheet is not None
    head, *rows = sheet.iter_rows()
    at = [cell.value for cell in head]
    assert rows
    assert {row[at.index(numbers)].data_type for row in rows} == {"n"}
    assert {row[at.index(moments)].data_type for row in rows} == {"d"}
    assert "f" not in {cell.data_type for row in rows for cell in row}


@pytest.fixture
def papers(tmp_path: Path) -> Site:
    site = open_audience_city(fresh_sqlite(tmp_path), tmp_path).site
    site.clock.at = LATE
    site.app.config["WTF_CSRF_ENABLED"] = False
    return site


@pytest.mark.parametrize("login", ["office", "swj", "reader"])
def test_papers_and_documents_have_the_rows_that_their_reader_sees(papers: Site, login: str) -> None:
    with papers.client(login) as client:
        head, *rows = _rows(client, "/circulars.xlsx")
        assert head[-4:] == ("送达单位数", "签收", "答复", "逾期答复")
        page = html.document_fromstring(client.get("/circulars").get_data(as_text=True))
        numbers = page.xpath("//table[@aria-labelledby='h-issued']/tbody/tr/th/a/text()")
        assert [row[1] for row in rows if row[1]] == numbers
        served = {row[1]: row[8] for row in rows if row[8] not in ("", "0")}
        assert bool(served) == (login != "reader")
        _head, *documents = _rows(client, "/documents.xlsx")
        assert [row[1] for row in documents] == _listed(client, "/documents", 0)


def test_what_is_to_be_clarified_and_what_leaders_instructed_have_their_rows(site: Site) -> None:
    with site.services.database.reading() as session:
        share = site.city.assignment("swj", session)
    at = f"/tasks/{share.task_id}/instruct"
    said = {"words": "请说明签约为何落后", "given_on": "2022-10-28", "haste": "urgent", "asked": str(share.id)}
    with site.client("leader") as leader:
        assert post(leader, at, at=at, **said).status_code == 303
        _head, row = _rows(leader, "/instructions.xlsx")
    with site.client("office") as office:
        assert _rows(office, "/instructions.xlsx")[1] == row
        assert (row[2], row[6], row[-1]) == ("2022-10-28", "请说明签约为何落后", "未了结")
        assert len(_rows(office, "/questions.xlsx")) - 1 == _questions(office, "/questions")
        assert len(_rows(office, "/questions.xlsx?answered=1")) - 1 == _questions(office, "/questions?answered=1")


def _questions(client: FlaskClient, address: str) -> int:
    return len(html.document_fromstring(client.get(address).get_data(as_text=True)).xpath("//article[@class='card']"))


def _page(client: FlaskClient, address: str) -> html.HtmlElement:
    return html.document_fromstring(client.get(address).get_data(as_text=True))


def test_the_month_and_the_messages_have_what_their_pages_show_and_nothing_is_read_by_it(site: Site) -> None:
    with site.client("swj") as liaison:
        page = _page(liaison, "/due?month=2022-10")
        head, *due = _rows(liaison, "/due.xlsx?month=2022-10")
        assert head == ("序号", "日期", "事项", "情况")
        assert [row[2] for row in due] == page.xpath("//table[contains(@class, 'month')]//li/a/text()")
        assert due[0][1:] == ("2022-10-10", due[0][2], "逾期")
        assert _rows(liaison, "/due.xlsx?month=2021-09")[1:] == []
        _head, *told = _rows(liaison, "/notices.xlsx")
        page = _page(liaison, "/notices")
        heads = [one.text_content().strip() for one in page.xpath("//section/div/h2")]
        assert [f"新 {row[3]}" for row in told] == heads, "unread still"
        assert told
        assert [row[3] for row in _rows(liaison, "/notices.xlsx")[1:]] == [row[3] for row in told]
        sentences = [one.text_content() for one in page.xpath("//section//li")]
        assert [line for row in told for line in row[4].splitlines()] == sentences
    with site.client("office") as office:
        [[_number, on, words, late]] = _rows(office, "/due.xlsx?month=2022-10")[1:]
        assert (on, words, late) == ("2022-10-10", "各单位报送1份", "已过时限")


def test_the_day_of_a_liaison_has_as_many_rows_of_each_list_as_its_page_counts(site: Site) -> None:
    def listed(login: str) -> Mapping[str, int]:
        with site.client(login) as client:
            links = _page(client, "/today").xpath("//nav[@class='index']/a[b]")
            shown = {link.text.strip(): int(link.xpath("./b")[0].text) for link in links}
            assert dict(Counter(row[1] for row in _rows(client, "/today.xlsx")[1:])) == shown
            return shown

    assert listed("swj")["逾期"] > 0
    with site.services.database.reading() as session:
        swj, tjj = site.city.assignment("swj", session), site.city.assignment("tjj", session)
    filing_id = site.city.submit(at=site.clock.at)
    assert listed("swj")["待审签"] == 1
    with site.services.database.transaction() as session:
        send_back(session, filing_id=filing_id, reason="写明文号", actor=site.city.head("swj"), at=site.clock.at)
    with site.client("swj") as lead:
        at = f"/tasks/{swj.task_id}/inquiries"
        said = {"asked": str(tjj.id), "words": "请提供统计口径。", "answer_by": "2022-11-30"}
        assert post(lead, at, at=at, **said).status_code == 303
        rows = {row[1]: row for row in _rows(lead, "/today.xlsx")[1:]}
        assert rows["负责人退回"][-1] == "写明文号"
    assert listed("swj").items() >= {"负责人退回": 1, "本单位提请的协办": 1}.items()
    assert listed("tjj")["协办"] == 1


def test_the_units_nobody_hears_for_and_what_others_did_have_their_rows(site: Site) -> None:
    with site.services.database.transaction() as session:
        [liaison] = session.scalars(select(UserRow).where(col(UserRow.login) == "tjj"))
        liaison.active = False
    with site.client("office") as office:
        rows = _rows(office, "/nobody.xlsx")[1:]
        names = _page(office, "/nobody").xpath("//table[@aria-labelledby='h-nobody']/tbody/tr/th/text()")
        assert [row[1] for row in rows] == names != []
        assert _rows(office, "/changes.xlsx")[1:] == [], "was never here before"
    site.city.file("swj", at=site.clock.at)
    with site.client("office") as office:
        page = _page(office, "/changes")
        rows = _rows(office, "/changes.xlsx")[1:]
        assert rows
        assert list(dict.fromkeys(row[1] for row in rows)) == page.xpath("//a[@class='clause']/text()")


def test_the_box_and_the_queue_have_what_their_pages_show(site: Site) -> None:
    site.clock.at = IN_TIME
    with site.client("swj") as liaison:
        kept = {"file": (BytesIO("台账".encode()), "台账.txt"), "good_until": "2022-12-31", "not_secret": "yes"}
        assert post(liaison, "/box", at="/box", **kept).status_code == 303  # type: ignore[arg-type]  # a file
        [row] = _rows(liaison, "/box.xlsx")[1:]
        assert (row[1], row[2], row[3], row[6], row[7]) == ("1", "台账.txt", "6", "2022-12-31", "")
        assert _rows(liaison, "/box.xlsx?q=照片")[1:] == _rows(liaison, "/box.xlsx?out=1")[1:] == []
    with site.client("tjj") as other:
        assert _rows(other, "/box.xlsx")[1:] == []
    with site.client("office") as office:
        assert _rows(office, "/review.xlsx")[1:] == []
    site.city.file("swj", at=IN_TIME)
    with site.client("office") as office:
        page = _page(office, "/review")
        rows = _rows(office, "/review.xlsx")[1:]
        assert len(rows) == len(page.xpath("//article[contains(@class, 'row')]")) > 0
        titles = " ".join(page.xpath("//article//a[@class='clause']/text()"))
        assert all(f"{row[6]} {row[7]}" in titles for row in rows if row[6])
        assert {row[1] for row in rows} == {"市商务局"}
        assert _rows(office, "/review.xlsx?late=1")[1:] == []


def test_the_ladder_proposes_a_paper_which_one_press_drafts_and_which_is_then_proposed_no_more(site: Site) -> None:
    with site.client("office") as office:
        assert "建议发文待定" in office.get("/desk").get_data(as_text=True)
        head, row = _rows(office, "/desk/papers.xlsx")
        assert (head[2], row[1:3], row[4]) == ("建议文种", ("市商务局", "督办通知单"), "2022-10-10")
        page = html.document_fromstring(office.get("/desk/papers").get_data(as_text=True))
        [form] = page.xpath("//form[@action='/circulars']")
        drafted = office.post("/circulars", data={one.get("name"): one.get("value") for one in form.iter("input")})
        assert drafted.status_code == 303
        assert "督办通知单" in office.get(drafted.location).get_data(as_text=True)
        assert len(_rows(office, "/desk/papers.xlsx")) == 1
        assert "建议发文待定" not in office.get("/desk").get_data(as_text=True)
