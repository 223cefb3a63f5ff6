"""An Excel ledger in: read cell by cell, every row accounted for; a second time it changes what somebody chose."""

import re
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.databases import fresh_sqlite
from tests.support.office import BY, LEADER, OFFICE
from tests.support.site import Site
from tracker.domain.accounts import Actor, Role
from tracker.domain.ledger_sheets import Cell, Column, Sheet, Wrong
from tracker.domain.ledgers import LedgerEntry, LedgerHead, draft_from_ledger
from tracker.gateways.ledger_files import COLUMNS
from tracker.gateways.ledger_sheets import read_sheets
from tracker.store.queries.registry import unit_registry
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.drafts import DraftRow, read_content
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.drafting import upload_draft
from tracker.usecases.issuing import issue_document
from tracker.usecases.registering import approve_draft
from tracker.usecases.sharing import change_deadline

NUMBER = "督办台账〔2022〕3号"
HEAD = {"title": "2022年重点工作台账", "number": NUMBER, "issued_on": "2022-08-01"}
DUE, EARLIER, EARLIEST = date(2022, 12, 20), date(2022, 11, 30), date(2022, 10, 31)
WORDS = ("办好推介会", "核实统计数据", "开展健康检查")
FIRST = (
    (1, WORDS[0], "市商务局", "市统计局", DUE, None),
    (2, WORDS[1], "市统计局", None, DUE, None),
    (3, WORDS[2], "市卫健体委", None, DUE, None),
)
Row = tuple[object, ...]


def _book(*rows: Row, change: Callable[[Workbook, Any], None] | None = None) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "台账"
    for row in (COLUMNS, *rows):
        sheet.append(list(row))
    if change is not None:
        change(book, sheet)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _sheets(folder: Path, content: bytes) -> tuple[Sheet, ...]:
    path = folder / "a.xlsx"
    path.write_bytes(content)
    return read_sheets(path, name="台账.xlsx")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(fresh_sqlite(tmp_path), tmp_path)


@pytest.fixture
def running(site: Site) -> Site:
    """A site on which the first ledger is registered and issued."""
    now = site.clock.now()
    head = LedgerHead("台账", NUMBER, HEAD["title"], date(2022, 8, 1))
    entries = [
        LedgerEntry(str(row[1]), (str(row[2]),), (str(row[3]),) if row[3] else (), DUE, None, str(row[0]))
        for row in FIRST
    ]
    with site.services.database.transaction() as session:
        draft = draft_from_ledger(head, entries)
        draft_id = upload_draft(session, draft, file_name="a.xlsx", file_sha256="", actor=OFFICE, at=now)
        session.flush()
        registry, second = unit_registry(session, groups=()), Actor(77, "复核人", Role.SUPERVISOR)
        approve_draft(session, draft_id=draft_id, version=1, basis="会议", registry=registry, actor=second, at=now)
        session.flush()
        issue_document(session, number=NUMBER, actor=OFFICE, at=now, by=BY)
    return site


def _check(client: FlaskClient, content: bytes) -> TestResponse:
    page = client.get("/ledgers").get_data(as_text=True)
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    data = {"csrf_token": token, "source": "台账", **HEAD, "file": (BytesIO(content), "台账.xlsx")}
    return client.post("/ledgers/import", data=data)


def _carry_out(client: FlaskClient, page: TestResponse, **fields: str | list[str]) -> TestResponse:
    words = page.get_data(as_text=True)
    token = words.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    ticket = words.split('name="ticket" value="', 1)[1].split('"', 1)[0]
    return client.post("/ledgers/import/carry-out", data={"csrf_token": token, "ticket": ticket, **fields})


def _events(site: Site) -> int:
    with site.services.database.reading() as session:
        return int(session.execute(select(func.count(col(EventRow.seq)))).scalar_one())


def _task(site: Site, words: str) -> TaskRow:
    with site.services.database.reading() as session:
        place = WORDS.index(words)
        wanted = select(TaskRow).join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        return session.scalars(wanted.where(col(DocumentRow.number) == NUMBER).order_by(col(TaskRow.id))).all()[place]


def _units(site: Site, task: TaskRow) -> dict[str, str]:
    with site.services.database.reading() as session:
        wanted = (
            select(col(UnitRow.code), col(AssignmentRow.role), col(AssignmentRow.state))
            .join(AssignmentRow, col(AssignmentRow.unit_id) == col(UnitRow.id))
            .where(col(AssignmentRow.task_id) == task.id)
        )
        return {code: role for code, role, state in session.execute(wanted) if state not in ("reassigned", "released")}


def test_two_thousand_and_some_rows_are_all_accounted_for(site: Site) -> None:
    rows: list[Row] = [(n, f"第{n}件事", "市商务局", None, DUE, "每月") for n in range(1, 2098)]
    rows[9] = (None,) * 6
    rows[19] = (20, "第20件事", None, None, None, None)
    rows += [("合计", None, None, None, None, None), (None,) * 6, (2098, None, None, None, None, None), rows[0]]
    rows += [(2099, "第2099件事", "市商务局", None, "2022-02-30", None), (2100, "第2100件事", "市统计局", None, None)]
    assert len(rows) + 1 == 2104
    with site.client("office") as office:
        page = _check(office, _book(*rows))
        words = page.get_data(as_text=True)
        assert "共2104行＝新事项2096＋有误2＋空行2＋表头和标题行1＋跳过3。" in words
        assert "台账!E2103：时限“2022-02-30”没有这一天" in words
        assert 2096 + 2 + 2 + 1 + 3 == 2104
        address = re.findall(r'href="(/ledgers/import/report[^"]+)"', words)[0].replace("&amp;", "&")
        before = _events(site)
        report = load_workbook(BytesIO(office.get(address).data)).worksheets[0]
        assert _events(site) == before + 1  # that it was fetched
        told = list(report.iter_rows(min_row=2, values_only=True))
        assert [row[1] for row in told[:2104]] == list(range(1, 2105))
        assert str(told[2104][3]).startswith("共2104行＝")
        refused = _carry_out(office, page)
        assert refused.status_code == 400
        assert "有2行有误" in refused.get_data(as_text=True)
        assert _carry_out(office, page, without_faulty="yes").status_code == 303
    with site.services.database.reading() as session:
        (draft,) = session.scalars(select(DraftRow)).all()
        assert len(read_content(draft.content).items) == 2096


def test_errors_formulas_and_numbers_are_read_by_their_cells(tmp_path: Path) -> None:
    def spoil(_book: Workbook, sheet: Any) -> None:
        sheet["D2"] = "#REF!"
        sheet["D2"].data_type = "e"
        sheet["E2"] = "=TODAY()+30"
        sheet["E3"] = datetime(2022, 12, 31)  # noqa: DTZ001 # as Excel has it
        sheet["A3"] = 7.0

    (sheet,) = _sheets(tmp_path, _book(FIRST[0], FIRST[1], change=spoil))
    first, second = sheet.rows
    assert first.cells[Column.SUPPORTS] == Cell("D2", "#REF!", Wrong.ERROR)
    assert first.cells[Column.DUE] == Cell("E2", "", Wrong.UNCOMPUTED)
    assert second.cells[Column.DUE].text == "2022-12-31"
    assert second.cells[Column.LABEL].text == "7"


def test_sheets_hidden_rows_and_columns_and_titles_are_told(tmp_path: Path) -> None:
    def hide(book: Workbook, sheet: Any) -> None:
        sheet.insert_rows(1)
        sheet["A1"] = "重点工作台账"
        sheet["G2"], sheet["G3"] = "备注", "略"
        sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["D"].hidden = True
        notes = book.create_sheet("说明")
        notes.append(["填表说明"])
        more = book.create_sheet("二")
        more.sheet_state = "hidden"
        for row in (COLUMNS[1:3], ("新的", "市商务局")):
            more.append(list(row))

    first, notes, more = _sheets(tmp_path, _book(*FIRST, change=hide))
    assert (first.head_row, first.used) == (2, 5)
    assert (first.hidden_rows, first.hidden_columns, first.unread_columns) == ((4,), ("D配合单位",), ("G备注",))
    assert (notes.head_row, notes.used) == (0, 1)
    assert more.hidden
    assert more.rows[0].cells[Column.WORDS].place == "A2"


def test_merged_cells_hold_for_each_row_but_for_the_task_itself(tmp_path: Path) -> None:
    def merge(_book: Workbook, sheet: Any) -> None:
        sheet.merge_cells("C2:C3")
        sheet.merge_cells("B3:B4")
        sheet.append(["二、民生"])
        sheet.merge_cells("A5:F5")

    (sheet,) = _sheets(tmp_path, _book(*FIRST, change=merge))
    first, second, third, section = sheet.rows
    assert second.cells[Column.LEADS] == Cell("C3", "市商务局", None, "C2")
    assert third.cells[Column.WORDS] == Cell("B4", "", Wrong.MERGED, "B3")
    assert section.across
    assert first.cells[Column.LEADS].filled_from == ""


def test_the_same_ledger_again_changes_nothing(running: Site) -> None:
    before = _events(running)
    with running.client("office") as office:
        words = _check(office, _book(*FIRST)).get_data(as_text=True)
    assert "与系统一致3" in words
    assert "没有可导入的，系统中什么都没有改变" in words
    assert _events(running) - before <= 1  # the log-in


def test_what_waits_in_a_draft_is_not_drafted_again(site: Site) -> None:
    with site.client("office") as office:
        assert _check(office, _book(*FIRST)).status_code == 303
        assert "已在草稿中3" in _check(office, _book(*FIRST)).get_data(as_text=True)


CHANGED = (
    (1, WORDS[0], "市统计局", None, EARLIER, None),
    (2, WORDS[1], "市统计局", "市商务局", DUE, None),
    (3, WORDS[2], "市卫健体委", None, EARLIEST, None),
    (4, "新增的事", "市商务局", None, DUE, None),
)


def test_differences_are_decided_row_by_row_and_done_by_the_ordinary_acts(running: Site) -> None:
    third = _task(running, WORDS[2])
    with running.services.database.transaction() as session:
        change_deadline(
            session,
            task_id=third.id or 0,
            new_on=EARLIER,
            reason="提前",
            actor=LEADER,
            at=running.clock.now(),
            by=BY,
        )
    with running.client("office") as office:
        page = _check(office, _book(*CHANGED))
        words = page.get_data(as_text=True)
        assert "系统中和台账都改了" in words
        undecided = _carry_out(office, page, all_plain="take")
        assert undecided.status_code == 400
        assert "还有1行没有选定" in undecided.get_data(as_text=True)
        assert "台账!4" in undecided.get_data(as_text=True)
        choices = {"place": ["台账!2", "台账!3", "台账!4"], "choice": ["", "leave", ""]}
        answer = _carry_out(office, page, all_plain="take", all_disputed="leave", **choices)
        assert answer.status_code == 303, answer.get_data(as_text=True)
    first, second, third = (_task(running, words) for words in WORDS)
    assert first.due_on == EARLIER
    assert _units(running, first)["tjj"] == "lead"
    assert "swj" not in _units(running, first)
    assert set(_units(running, second)) == {"tjj"}
    assert third.due_on == EARLIER
    with running.services.database.reading() as session:
        kept = session.scalars(select(col(DraftRow.content)).order_by(col(DraftRow.id).desc())).first()
        assert kept is not None
        assert read_content(kept).number == f"{NUMBER}（补1）"
        types = set(session.scalars(select(col(EventRow.type))))
    assert {"task.deadline_changed", "share.added", "share.ended"} & types


def test_what_somebody_changed_since_the_check_is_shown_first(running: Site) -> None:
    with running.client("office") as office:
        page = _check(office, _book(*CHANGED))
        with running.services.database.transaction() as session:
            change_deadline(
                session,
                task_id=_task(running, WORDS[0]).id or 0,
                new_on=EARLIEST,
                reason="提前",
                actor=OFFICE,
                at=running.clock.now(),
                by=BY,
            )
        answer = _carry_out(office, page, all_plain="take", all_disputed="take")
        assert answer.status_code == 409
        assert "又有变化" in answer.get_data(as_text=True)
    assert _task(running, WORDS[2]).due_on == DUE


def test_what_an_act_refuses_is_told_before(running: Site) -> None:
    """Past a printed date only the leader sets a deadline, by a ledger too."""
    later = [(1, WORDS[0], "市商务局", "市统计局", date(2023, 1, 31), None), *FIRST[1:]]
    with running.client("office") as office:
        words = _check(office, _book(*later)).get_data(as_text=True)
    assert "由领导批复" in words
    assert "没有可导入的" in words
    assert _task(running, WORDS[0]).due_on == DUE


@pytest.mark.parametrize("ticket", ["", "x", "eyJ9.x.y"])
def test_a_ticket_that_is_none_is_a_sentence(site: Site, ticket: str) -> None:
    with site.client("office") as office:
        office.get("/ledgers")
        page = office.get("/ledgers").get_data(as_text=True)
        token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        answer = office.post("/ledgers/import/carry-out", data={"csrf_token": token, "ticket": ticket})
        assert answer.status_code == 409
        assert "请重新选择台账文件" in answer.get_data(as_text=True)
        assert office.get(f"/ledgers/import/report.xlsx?ticket={ticket}").status_code == 409
