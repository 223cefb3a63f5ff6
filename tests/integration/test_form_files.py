"""A form as Excel, down and up: what comes back is checked first, then kept as a draft; nothing else is written."""

import html
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html as lxml_html
from openpyxl import Workbook, load_workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.office import FIRST
from tests.support.site import PASSWORD_HASH, Site, post
from tracker.domain.accounts import Role
from tracker.domain.claims import CauseClass
from tracker.gateways.filled_sheets import read_form_sheet
from tracker.gateways.form_sheets import form_workbook
from tracker.gateways.upload_inspection import inspect_upload
from tracker.store.queries.forms import form_view
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import FilingRow
from tracker.store.tables.jottings import JottingRow
from tracker.web.form_tables import came_back, table_of
from tracker.web.row_fields import CASES, OUTCOME, WORDS, filled_in
from tracker.wording.form_options import cause_options, claim_options

NOW = datetime(2022, 11, 1, 1, 0, tzinfo=UTC)
FACT = "9月28日印发通报1期。"
# Sheets know no zones.
_AFTERNOON = datetime(2022, 12, 1, 13, 30)  # noqa: DTZ001
_SHEET, _HEADS, _LINE = "填报表", 3, 4
_Edit = Callable[[Any], object]  # of a sheet of openpyxl, which has no types


class Form:
    """The form of 市商务局 as its liaison has it, as a workbook and as a page."""

    def __init__(self, site: Site, client: FlaskClient, period_id: int) -> None:
        self.site, self.client = site, client
        self.at = f"/periods/{period_id}/form"

    def down(self) -> Any:
        answer = self.client.get(f"{self.at}.xlsx")
        assert answer.status_code == 200
        return load_workbook(BytesIO(answer.data))

    def up(self, book: Any, *, name: str = "填报表.xlsx") -> TestResponse:
        packed = BytesIO()
        book.save(packed)
        return self.send(packed.getvalue(), name=name)

    def send(self, content: bytes, *, name: str = "填报表.xlsx") -> TestResponse:
        page = self.client.get(f"{self.at}/upload").get_data(as_text=True)
        token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        return self.client.post(
            f"{self.at}/upload",
            data={"csrf_token": token, "file": (BytesIO(content), name)},
            headers={"Referer": f"http://localhost{self.at}/upload"},
        )

    def keep(self, report: TestResponse) -> TestResponse:
        """Press 「填入草稿」 on the report."""
        document = lxml_html.document_fromstring(report.get_data(as_text=True))
        form = next(form for form in document.iter("form") if (form.get("action") or "").endswith("/keep"))
        fields = {field.name: field.get("value") or "" for field in form.iter("input") if field.name}
        return self.client.post(form.get("action"), data=fields)

    def draft(self) -> dict[str, str]:
        with self.site.services.database.reading() as session:
            return {row.field: row.text for row in session.scalars(select(JottingRow))}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = NOW
    made.city.sweep(NOW)
    return made


def _period(site: Site, name: str = FIRST) -> int:
    with site.services.database.reading() as session:
        return site.city.period("swj", session, name=name).id or 0


def _key(site: Site) -> str:
    with site.services.database.reading() as session:
        return f"a{site.city.assignment('swj', session).id}-"


@pytest.fixture
def form(site: Site) -> Iterator[Form]:
    with site.client("swj") as client:
        yield Form(site, client, _period(site))


def _column(sheet: Any, head: str) -> int:
    return next(int(cell.column) for cell in sheet[_HEADS] if cell.value == head)


def _put(book: Any, *, row: int = _LINE, **written: object) -> Any:
    """Write into a row of the form, by heads; return the book."""
    for head, value in written.items():
        book[_SHEET].cell(row, _column(book[_SHEET], head)).value = value
    return book


def _said(answer: TestResponse) -> str:
    return html.unescape(answer.get_data(as_text=True))


@contextmanager
def _nothing_written(form: Form) -> Iterator[None]:
    """Hold that nothing is kept, filed or recorded meanwhile."""

    def stands() -> tuple[dict[str, str], list[int | None], list[int | None]]:
        with form.site.services.database.reading() as session:
            filed, told = session.scalars(select(FilingRow)).all(), session.scalars(select(EventRow)).all()
            return form.draft(), [row.id for row in filed], [row.seq for row in told]

    before = stands()
    yield
    assert stands() == before


def test_what_is_filled_in_offline_stands_in_the_draft_after_it_was_looked_at(form: Form) -> None:
    book, key = form.down(), _key(form.site)
    _put(book, 完成数值=2, 自报="达序时", 实事=FACT, 数值截至日期=date(2022, 9, 28))
    _put(book, 原因类别="等待上级文件或政策", 原因="＝待文件", 下一步措施="催办", 何时补上=_AFTERNOON)
    with _nothing_written(form):
        report = form.up(book)
        assert report.status_code == 200
        assert "读到1个事项，1个有改动，0个没有改动" in _said(report)
    assert form.keep(report).status_code == 303
    assert form.draft() == {
        f"{key}v1": "2",
        f"{key}on1": "2022-09-28",
        f"{key}claim": "on_schedule",
        f"{key}fact": FACT,
        f"{key}cause_class": "awaits_policy",
        f"{key}cause": "＝待文件",
        f"{key}next_step": "催办",
        f"{key}next_on": "2022-12-01",
    }
    assert f"{FACT}</textarea>" in form.client.get(form.at).get_data(as_text=True)
    again = form.down()
    assert again[_SHEET].cell(_LINE, _column(again[_SHEET], "自报")).value == "达序时"
    unchanged = _said(form.up(again))
    assert "没有改动" in unchanged
    assert "填入草稿" not in unchanged


def test_every_field_of_a_row_has_its_column(form: Form) -> None:
    heads = [cell.value for cell in form.down()[_SHEET][_HEADS]]
    page = form.client.get(form.at).get_data(as_text=True)
    for kind in WORDS:
        assert f'name="{_key(form.site)}{kind}"' in page
    # A form that neither counts cases nor asks for a completion has no column for them.
    assert len(heads) == 1 + 5 + 2 + len(WORDS)
    assert {*CASES, OUTCOME}.isdisjoint(heads)


def test_a_cell_that_cannot_be_taken_is_named_and_the_others_are_taken(form: Form) -> None:
    key = _key(form.site)
    book = _put(form.down(), 完成数值="两次", 自报="很好", 实事=FACT, 数值截至日期="明天", 何时补上="12月1日")
    report = form.up(book)
    said = _said(report)
    for place, words in (("G4", "“两次”"), ("H4", "“明天”"), ("I4", "请从列出的选项中选择"), ("N4", "“12月1日”")):
        fault = said.split(f"<b>{place}</b>：", 1)[1].split("</li>", 1)[0]
        assert words in fault
    assert "4格有误" in said
    assert form.keep(report).status_code == 303
    assert form.draft() == {f"{key}fact": FACT}


def test_a_bad_day_is_named_where_nothing_else_stands_on_the_row(form: Form) -> None:
    report = form.up(_put(form.down(), 数值截至日期="明天"))
    assert "<b>H4</b>" in _said(report)
    assert "填入草稿" not in _said(report)


def test_a_number_far_beyond_its_goal_is_taken_and_asked_back(form: Form) -> None:
    report = form.up(_put(form.down(), 完成数值=999, 自报="达序时"))
    assert "请核对的数字" in _said(report)
    assert form.keep(report).status_code == 303
    assert form.draft()[f"{_key(form.site)}v1"] == "999"
    assert "核对无误" in form.client.get(form.at).get_data(as_text=True)


def test_what_sending_would_lack_is_told_by_the_form_itself(form: Form) -> None:
    said = _said(form.up(_put(form.down(), 自报="未达序时")))
    assert "送审前还要补的" in said
    lacking = said.split("送审前还要补的", 1)[1]
    assert "<b>G4</b>" in lacking
    assert "<b>K4</b>" in lacking


_AS_MEANT = (
    ("完成数值", "２", "v1", "２"),
    ("完成数值", " 1.5 ", "v1", "1.5"),
    ("完成数值", 0.1 + 0.2, "v1", "0.3"),
    ("完成数值", 1e11, "v1", "100000000000"),
    ("自报", "  达序时　", "claim", "on_schedule"),
    ("自报", "未启动(应启未启)", "claim", "not_started_overdue"),
    ("实事", f"{FACT}  ", "fact", FACT),
    ("实事", 20220928, "fact", "20220928"),
    ("实事", "第一行\n第二行", "fact", "第一行\n第二行"),
    ("实事", "=1+1", "fact", "=1+1"),
    ("实事", "@x", "fact", "@x"),
    ("数值截至日期", "2022年9月8日", "on1", "2022-09-08"),
    ("数值截至日期", "２０２２/9/9", "on1", "2022-09-09"),
    ("数值截至日期", _AFTERNOON, "on1", "2022-12-01"),
    ("何时补上", "2022.12.1", "next_on", "2022-12-01"),
)


def test_what_table_programs_make_of_a_cell_is_read_as_it_is_meant(form: Form) -> None:
    for head, value, field, text in _AS_MEANT:
        book = form.down()
        cell = book[_SHEET].cell(_LINE, _column(book[_SHEET], head))
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
        report = form.up(book)
        assert "填入草稿" in _said(report), value
        form.keep(report)
        assert form.draft()[f"{_key(form.site)}{field}"] == text, value


def _formula(sheet: Any) -> None:
    sheet.cell(_LINE, 7).value = "=1+1"


def _error(sheet: Any) -> None:
    sheet.cell(_LINE, 10).value, sheet.cell(_LINE, 10).data_type = "#REF!", "e"


def _percent(sheet: Any) -> None:
    sheet.cell(_LINE, 7).value, sheet.cell(_LINE, 7).number_format = 0.85, "0%"


def _merged(sheet: Any) -> None:
    sheet.merge_cells(start_row=_LINE, start_column=9, end_row=_LINE, end_column=10)


def _added(sheet: Any) -> None:
    sheet.cell(_LINE + 3, 3).value = "自己加的事项"


def _copied(sheet: Any) -> None:
    for cell in list(sheet[_LINE]):
        sheet.cell(_LINE + 1, cell.column).value = cell.value


def _of_no_form(sheet: Any) -> None:
    sheet.cell(_LINE, 1).value = "a999-1"


_DONE_TO_IT: tuple[tuple[_Edit, str], ...] = (
    (_formula, "<b>G4</b>：公式没有算出结果"),
    (_error, "<b>J4</b>：单元格是错误值"),
    (_percent, "“85%”"),
    (_merged, "<b>J4</b>：在合并的单元格里"),
    (_added, "第7行：是自己添加的行"),
    (_copied, "第5行：与另一行是同一事项"),
    (_of_no_form, "第4行：现在不在本表可填之列"),
    (lambda sheet: sheet.delete_cols(9), "表中没有“自报”一栏"),
    (lambda sheet: sheet.delete_rows(_LINE), "有1个事项的行不在表中"),
)


def test_what_was_done_to_the_table_is_told_where_it_was_done(form: Form) -> None:
    post(form.client, f"{form.at}/keep", at=form.at, was="{}", **{f"{_key(form.site)}fact": FACT})
    kept = form.draft()
    for edit, words in _DONE_TO_IT:
        book = form.down()
        edit(book[_SHEET])
        report = form.up(book)
        assert (report.status_code, words in _said(report)) == (200, True), words
        assert "填入草稿" not in _said(report)
    assert form.draft() == kept


def test_what_was_written_where_nothing_is_read_is_told(form: Form) -> None:
    said = _said(form.up(form.down()))
    assert "灰色栏" not in said
    assert "不在本表各栏之内" not in said
    book = _put(form.down(), 实事=FACT, 目标="改为1个", 要求="不报")
    sheet = book[_SHEET]
    last = sheet.max_column
    sheet.cell(_LINE, last + 1).value, sheet.cell(_HEADS, last + 2).value = "旁注", "备注"
    sheet.cell(_LINE, last + 2).value = "须市里协调"
    places = {head: sheet.cell(_LINE, _column(sheet, head)).coordinate for head in ("目标", "要求", "备注")}
    report = form.up(book)
    said = _said(report)
    assert f"第{_LINE}行：{places['要求']}“要求”、{places['目标']}“目标”是灰色栏，其中的改动没有读。" in said
    assert f"{places['备注']}、{sheet.cell(_LINE, last + 1).coordinate}不在本表各栏之内，所写内容没有读。" in said
    form.keep(report)
    assert form.draft() == {f"{_key(form.site)}fact": FACT}


def test_fixed_cells_are_held_against_what_was_given_out_not_what_stands_there_now(form: Form) -> None:
    book = form.down()
    sheet = book[_SHEET]
    column = _column(sheet, "事项和原文")
    sheet.cell(_LINE, column).value = sheet.cell(_LINE, column).value.replace("\n", "\r\n ")
    assert "灰色栏" not in _said(form.up(book)), "a table program wraps as it likes"
    marks = book["原内容"]
    for row in marks.iter_rows():
        if str(row[0].value).endswith(":上次报送"):
            row[1].value = "of other words"
    sheet.cell(_LINE, _column(sheet, "上次报送")).value = None
    assert "灰色栏" not in _said(form.up(book)), "nothing was written there"


_MOVED: tuple[_Edit, ...] = (
    lambda sheet: sheet.insert_rows(1, 2),
    lambda sheet: sheet.insert_cols(3),
    lambda sheet: setattr(sheet.row_dimensions[_LINE], "hidden", True),
    lambda sheet: sheet.delete_rows(1),
)


def test_rows_and_columns_that_moved_are_found(form: Form) -> None:
    for number, edit in enumerate(_MOVED):
        book = _put(form.down(), 实事=f"{FACT}{number}")
        for area in list(book[_SHEET].merged_cells.ranges):
            book[_SHEET].unmerge_cells(str(area))
        edit(book[_SHEET])
        form.keep(form.up(book))
        assert form.draft() == {f"{_key(form.site)}fact": f"{FACT}{number}"}


def test_what_a_colleague_wrote_meanwhile_is_never_written_over_unseen(form: Form) -> None:
    key, book = _key(form.site), form.down()
    with form.site.services.database.transaction() as session:
        create_user(session, NewUser("swj-b", "李四", Role.LIAISON, PASSWORD_HASH, "swj"))
    written = {f"{key}fact": "同事写的", f"{key}cause": "同事的原因"}
    post(form.site.beside("swj-b"), f"{form.at}/keep", at=form.at, was="{}", **written)
    report = form.up(_put(book, 实事=FACT, 下一步措施="催办"))
    said = _said(report)
    assert "同事改了其中1处" in said
    assert "同事改了表中没有动过的1处" in said
    answer = form.keep(report)
    assert answer.status_code == 409
    assert f'data-beside="{key}fact"' in answer.get_data(as_text=True)
    assert form.draft() == {f"{key}fact": "同事写的", f"{key}cause": "同事的原因", f"{key}next_step": "催办"}


def test_what_one_wrote_on_the_page_meanwhile_gives_way_to_the_workbook_and_is_no_colleagues(form: Form) -> None:
    key, book = _key(form.site), form.down()
    written = {f"{key}fact": "页面上写的", f"{key}cause": "页面上的原因"}
    post(form.client, f"{form.at}/keep", at=form.at, was="{}", **written)
    report = form.up(_put(book, 实事=FACT))
    said = _said(report)
    assert "同事" not in said
    assert "表中没有动过的1处，本人下载以后在页面上改了" in said
    assert form.keep(report).status_code == 303
    assert form.draft() == {f"{key}fact": FACT, f"{key}cause": "页面上的原因", f"older-{key}fact": "页面上写的"}


def test_a_cell_that_was_emptied_empties_its_field(form: Form) -> None:
    key = _key(form.site)
    post(form.client, f"{form.at}/keep", at=form.at, was="{}", **{f"{key}fact": FACT})
    form.keep(form.up(_put(form.down(), 实事=None)))
    assert form.draft() == {f"{key}fact": ""}


def test_the_workbook_of_another_form_is_refused_by_name(form: Form) -> None:
    october = Form(form.site, form.client, _period(form.site, "2022-10"))
    book = form.down()
    with _nothing_written(form):
        answer = october.up(_put(book, 实事=FACT))
        assert answer.status_code == 400
        assert "2022年9月”的填报表，不是“" in _said(answer)
        assert "2022年10月" in _said(answer)


def test_each_mark_is_held(form: Form) -> None:
    for mark in ("unit_id", "document", "period", "period_id"):
        book = form.down()
        for row in book["填报标记"].iter_rows():
            row[1].value = "7" if row[0].value == mark else row[1].value
        assert "的填报表，不是“" in _said(form.up(book)), mark


def _packed(book: Any) -> bytes:
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def _without(title: str) -> Callable[[Any], bytes]:
    def made(book: Any) -> bytes:
        del book[title]
        return _packed(book)

    return made


def _unnamed(book: Any) -> bytes:
    book[_SHEET].cell(_HEADS, 1).value = "行"
    return _packed(book)


def _twice(book: Any) -> bytes:
    book[_SHEET].cell(_HEADS, 7).value = "自报"
    return _packed(book)


def _long(book: Any) -> bytes:
    book[_SHEET].cell(3_500, 10).value = "x"
    return _packed(book)


def _broken(book: Any) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(_packed(book))) as old, zipfile.ZipFile(packed, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, content.replace(b'r="B', b'r="@') if "sheet1" in part else content)
    return packed.getvalue()


_NO_SUCH: tuple[tuple[Callable[[Any], bytes], str, str], ...] = (
    (lambda book: b"", "填报表.xlsx", "文件是空的"),
    (lambda book: b"PK\x03\x04broken", "填报表.xlsx", "没有保存"),
    (lambda book: "序号,事项".encode(), "填报表.csv", "不接收“csv”格式"),
    (_packed, "填报表.et", "不接收“et”格式"),
    (lambda book: _packed(Workbook()), "填报表.xlsx", "不是从本系统下载的填报表"),
    (_without("填报标记"), "填报表.xlsx", "不是从本系统下载的填报表"),
    (_without("原内容"), "填报表.xlsx", "不是从本系统下载的填报表"),
    (_unnamed, "填报表.xlsx", "不是从本系统下载的填报表"),
    (_twice, "填报表.xlsx", "不是从本系统下载的填报表"),
    (_long, "填报表.xlsx", "表超过3000行"),
    (_broken, "填报表.xlsx", "没有保存"),
)


def test_whatever_is_no_such_workbook_is_refused_in_words(form: Form) -> None:
    for made, name, words in _NO_SUCH:
        content = made(form.down())
        with _nothing_written(form):
            answer = form.send(content, name=name)
            assert (answer.status_code, words in _said(answer)) == (400, True), words


def test_a_form_that_takes_nothing_goes_neither_down_nor_up(form: Form) -> None:
    assert "下载Excel" in form.client.get(form.at).get_data(as_text=True)
    book = form.down()
    form.site.city.submit(at=NOW)
    page = form.client.get(form.at).get_data(as_text=True)
    assert "下载Excel" not in page
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    for answer in (
        form.client.get(f"{form.at}.xlsx"),
        form.client.get(f"{form.at}/upload"),
        form.client.post(f"{form.at}/upload", data={"csrf_token": token, "file": (BytesIO(_packed(book)), "a.xlsx")}),
    ):
        assert answer.status_code == 409
        assert "现在没有可填的行" in _said(answer)


def test_the_sheet_is_locked_printed_on_a4_and_passes_our_own_inspection(form: Form, tmp_path: Path) -> None:
    post(form.client, f"{form.at}/keep", at=form.at, was="{}", **{f"{_key(form.site)}fact": "=HYPERLINK(1)"})
    book = form.down()
    sheet = book[_SHEET]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    locked = {cell.value: sheet.cell(_LINE, cell.column).protection.locked for cell in sheet[_HEADS]}
    assert {head for head, fixed in locked.items() if fixed} == {
        "行标识",
        "条款",
        "事项和原文",
        "要求",
        "上次报送",
        "目标",
    }
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.freeze_panes) == ("landscape", 9, "D4")
    assert sheet.print_title_rows == "$3:$3"
    cell = sheet.cell(_LINE, _column(sheet, "实事"))
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")
    offered = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert len(offered) == 2
    path = tmp_path / "made"
    path.write_bytes(_packed(book))
    inspect_upload(path, "填报表.xlsx")
    assert book["填报标记"].sheet_state == "veryHidden"


def test_every_list_of_choices_fits_a_rule_of_a_sheet() -> None:
    offered = [
        claim_options(scheduled=scheduled, final=final) for scheduled in (True, False) for final in (True, False)
    ]
    for options in (*offered, cause_options()):
        names = [name for _code, name in options]
        assert len(",".join(names)) <= 255 - 2
        assert not any(sign in name for name in names for sign in ',"')
    assert len(cause_options()) == len(CauseClass)


def test_a_download_is_recorded(form: Form) -> None:
    form.down()
    with form.site.services.database.reading() as session:
        event = session.scalars(select(EventRow).order_by(EventRow.seq.desc())).first()  # type: ignore[attr-defined]
        assert event is not None
        assert "form" in str(event.payload)


def test_nobody_else_has_it(site: Site) -> None:
    with site.client("tjj") as stranger:
        for address in (f"/periods/{_period(site)}/form.xlsx", f"/periods/{_period(site)}/form/upload"):
            assert stranger.get(address).status_code == 404


def test_each_field_that_a_row_may_have_comes_back_as_it_went(site: Site, tmp_path: Path) -> None:
    with site.services.database.reading() as session:
        scope = frozenset({site.city.unit_id("swj")})
        view = form_view(session, period_id=_period(site), unit_ids=scope, now=NOW)
    assert view is not None
    (first,) = view.rows[0].targets
    share = replace(first, target_id=99, metric="增长率", unit="%")
    row = replace(view.rows[0], final=True, counts_cases=True, targets=(first, share))
    view = replace(view, rows=(row,), others=(replace(row, assignment_id=77, required=False, final=False),))
    options = {
        "claim": "done",
        "cause_class": "own_work",
        "outcome": "met",
        "on": "2022-09-08",
        "next_on": "2022-12-01",
    }
    words = {"v": "1234.5", "received": "3", "in_time": "2", "fact": "＝第一行\n-第二行", "cause": "+原因"}
    one_each = {**options, **words, "next_step": "@下一步"}
    given = {one.name: one_each[one.kind] for row in (*view.rows, *view.others) for one in filled_in(row)}
    made = form_workbook(table_of(view, given, frozenset(given)))
    (tmp_path / "made").write_bytes(made)
    told = came_back(view, read_form_sheet(tmp_path / "made", name="填报表.xlsx"))
    assert told.texts == given
    assert (told.rows, told.wrong, told.remarks) == (2, {}, [])
    assert len(set(told.places.values())) == len(given)
    book = load_workbook(BytesIO(made))
    cell = book[_SHEET].cell(_LINE + 1, _column(book[_SHEET], "完成数值"))
    cell.value, cell.number_format = 0.85, "0.0%"
    (tmp_path / "made").write_bytes(_packed(book))
    told = came_back(view, read_form_sheet(tmp_path / "made", name="填报表.xlsx"))
    assert told.texts[f"{_key(site)}v99"] == "85"
    assert told.remarks == []
    book[_SHEET].cell(_LINE + 1, _column(book[_SHEET], "实事")).value = "写在第二个数一行的实事。"
    (tmp_path / "made").write_bytes(_packed(book))
    told = came_back(view, read_form_sheet(tmp_path / "made", name="填报表.xlsx"))
    assert [remark.split("不在本行")[0][-4:] for remark in told.remarks] == ["“实事”"], "told, not left out in silence"
