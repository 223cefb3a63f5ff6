"""Tasks without a document: the short form, an Excel ledger all or nothing, and the breakdown table."""

from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy import select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.databases import fresh_sqlite
from tests.support.office import BY, OFFICE
from tests.support.site import Site, post
from tracker.gateways.ledger_files import COLUMNS
from tracker.store.tables.drafts import DraftRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.sharing import reassign_share

HEAD = {"title": "市政府第12次常务会议议定事项", "number": "常务会议纪要〔2022〕12号", "issued_on": "2022-09-01"}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(fresh_sqlite(tmp_path), tmp_path)


def _book(*rows: tuple[object, ...], columns: tuple[str, ...] = COLUMNS) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(columns))
    for row in rows:
        sheet.append(list(row))
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _import(client: FlaskClient, content: bytes, name: str = "台账.xlsx") -> TestResponse:
    page = client.get("/ledgers").get_data(as_text=True)
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    data = {"csrf_token": token, "source": "台账", **HEAD, "file": (BytesIO(content), name)}
    return client.post("/ledgers/import", data=data)


def test_a_meetings_resolutions_become_a_draft(site: Site) -> None:
    with site.client("office") as office:
        entry = {"words": "办好招商推介会。", "leads": "市商务局", "supports": "市统计局", "due_on": "2022-10-31"}
        answer = post(office, "/ledgers", at="/ledgers", source="会议议定事项", **HEAD, **entry, rhythm="每月")
        assert answer.status_code == 303
        page = office.get(answer.headers["Location"]).get_data(as_text=True)
        assert "（牵头单位：市商务局；配合单位：市统计局；完成时限：2022年10月31日前）" in page
        assert "可以立项" in page
        assert post(office, "/ledgers", at="/ledgers", **HEAD, words=" ").status_code == 400
        assert post(office, "/ledgers", at="/ledgers", words="x", title="x", number=" ").status_code == 400


def test_a_ledger_of_a_years_plan_ends_with_the_year(site: Site) -> None:
    head = {**HEAD, "title": "2022年民生实事工作安排"}
    entry = {"words": "办好招商推介会。", "leads": "市商务局", "supports": "", "due_on": "", "rhythm": ""}
    with site.client("office") as office:
        answer = post(office, "/ledgers", at="/ledgers", **head, **entry)
        page = office.get(answer.headers["Location"]).get_data(as_text=True)
        assert 'name="ends_on" type="date" value="2022-12-31"' in page


def test_a_ledger_is_taken_over_whole(site: Site) -> None:
    rows = [(1, "办好推介会", "市商务局", "市统计局、市卫健体委", "2022-10-31", "每月"), (2, "核实数据", "市统计局")]
    with site.client("office") as office:
        answer = _import(office, _book(*rows, (None, None)))
        assert answer.status_code == 303
        page = office.get(answer.headers["Location"]).get_data(as_text=True)
        assert "2 项" in page
        assert "可以立项" in page


def test_every_fault_of_a_ledger_is_named_by_its_cell_and_nothing_is_kept(site: Site) -> None:
    rows = [(1, "办好推介会", "", "", "月底", "随时"), (2, "", "市统计局"), (3, "好的", "市统计局")]
    with site.client("office") as office:
        answer = _import(office, _book(*rows))
        assert answer.status_code == 200
        words = answer.get_data(as_text=True)
        assert "共4行＝新事项1＋有误2＋表头和标题行1。" in words
        for said in (
            "Sheet!2：牵头单位没有填写",
            "Sheet!E2：时限“月底”",
            "Sheet!F2：频次“随时”",
            "Sheet!3：事项没有填写",
        ):
            assert said in words
        assert "没有一个工作表" in _import(office, _book(columns=("a", "b", "c", "d", "e", "f"))).get_data(as_text=True)
        assert _import(office, b"PK\x03\x04 broken").status_code == 400
        assert _import(office, b"x", "台账.csv").status_code == 400
        assert _import(office, _book()).status_code == 400
    with site.services.database.reading() as session:
        assert session.scalars(select(DraftRow)).all() == []


def test_the_template_is_what_the_import_reads(site: Site) -> None:
    with site.client("office") as office:
        book = load_workbook(BytesIO(office.get("/ledgers/template.xlsx").data))
        assert tuple(cell.value for cell in book.worksheets[0][1]) == COLUMNS


def test_a_documents_tasks_are_downloaded_as_a_table_without_formulas(site: Site) -> None:
    with site.client("reader") as reader:
        sheet = load_workbook(BytesIO(reader.get("/documents/1/breakdown.xlsx").data)).worksheets[0]
        assert [row[3].value for row in sheet.iter_rows(min_row=2)] == ["市商务局（责任单位首位）", "市卫健体委"]
        assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
        assert reader.get("/documents/9/breakdown.xlsx").status_code == 404


def test_the_table_names_whom_the_office_put_in_the_place_of_another(site: Site) -> None:
    with site.services.database.transaction() as session:
        [lead] = session.scalars(
            select(AssignmentRow).where(col(AssignmentRow.task_id) == 1, col(AssignmentRow.role) == "lead")
        )
        [heir] = session.scalars(select(col(UnitRow.id)).where(col(UnitRow.code) == "tjj"))
        reassign_share(
            session,
            assignment_id=lead.id or 0,
            to_unit_id=heir or 0,
            reason="职能划转",
            actor=OFFICE,
            at=site.services.clock.now(),
            by=BY,
        )
    with site.client("reader") as reader:
        sheet = load_workbook(BytesIO(reader.get("/documents/1/breakdown.xlsx").data)).worksheets[0]
        assert next(sheet.iter_rows(min_row=2))[3].value == "市统计局（责任单位首位，督查室改派）"
