"""Lists as Excel: as many rows as the page counts, in its order, of the viewer's own, without formulas."""

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell

from tests.support.audience_city import open_audience_city
from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME, LATE
from tests.support.site import Site, post


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
