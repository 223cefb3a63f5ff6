"""The next scheme needs data, no code: bureaus are evaluated by other rules, with commands and pages as they are."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from openpyxl import load_workbook

from tests.support.databases import fresh_sqlite
from tests.support.service_scheme import SERVICE_SCHEME, SERVICE_TEXT
from tests.support.site import Site
from tests.support.small_evaluation import AFTER, CHECKING, OPENED
from tracker.cli.commands import register_commands
from tracker.gateways.schemes import load_scheme, read_scheme
from tracker.store.queries.scoring import month_lines
from tracker.usecases.scoring_rules import keep_scheme

_NUMBERS = {("走访", "市商务局"): 3, ("走访", "市统计局"): 4, ("办结件", "市商务局"): 60, ("办结件", "市统计局"): 80}
_ASKED = {("应办件", "市商务局"): 100, ("应办件", "市统计局"): 100}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    site.clock.at = OPENED
    with site.services.database.transaction() as session:
        keep_scheme(session, SERVICE_SCHEME, read=read_scheme, at=OPENED)
    register_commands(site.app, site.services)
    return site


def _run(site: Site, *words: str) -> str:
    result: Result = site.app.test_cli_runner().invoke(args=["score", *words])
    assert result.exit_code == 0, result.output
    return result.output


def _handed_in(site: Site, folder: Path, *, marks: int | None) -> str:
    """Fill the workbook: its figures, and one case with what it takes, if that is said."""
    file = folder / "service.xlsx"
    _run(site, "template", "--month", "2022-09", "--out", str(file))
    book = load_workbook(file)
    figures: Any = book["数据"]
    heads = {cell.value: cell.column for cell in figures[2]}
    for row in range(3, figures.max_row + 1):
        for (name, bureau), value in (_NUMBERS | _ASKED).items():
            if figures.cell(row, heads["数据名称"]).value == name:
                figures.cell(row, heads[bureau]).value = value
                figures.cell(row, heads["数据来源"]).value = "月报"
    cases: Any = book["事项"]
    heads = {cell.value: cell.column for cell in cases[2]}
    told = {"考评对象": "市商务局", "类别": "作风问题", "名称": "推诿一次", "认定扣分": marks, "数据来源": "通报"}
    for column, place in heads.items():
        for word, written in told.items():
            if column and column.startswith(word):
                cases.cell(3, place).value = written
    book.save(file)
    return _run(site, "import", str(file), "--reason", "补填扣分")


def test_another_scheme_is_computed_shown_and_kept_without_a_line_of_code(site: Site, tmp_path: Path) -> None:
    (tmp_path / "scheme.toml").write_text(SERVICE_SCHEME, encoding="utf-8")
    (tmp_path / "text.txt").write_text(SERVICE_TEXT, encoding="utf-8")
    assert load_scheme(tmp_path / "scheme.toml", text=tmp_path / "text.txt").code == "service"
    _handed_in(site, tmp_path, marks=None)
    _run(site, "decide", "size", "one-by-one", "--decider", "张主任", "--on", "2022-10-08", "--reason", "明确")
    told = json.loads(_run(site, "month", "2022-09", "--json"))
    assert told["lacking"] == [{"figure": "bad", "object": "swj"}]
    with site.services.database.reading() as session:
        [month] = month_lines(session)
    pages = ("", "/ranking", "/questions", "/objects/1", "/ranking.xlsx")
    for login in ("office", "leader"):
        client = site.logged_in(login)
        assert {client.get(f"/evaluation/{month.id}{page}").status_code for page in pages} == {200}
    assert "市商务局作风问题的认定扣分" in site.logged_in("office").get(f"/evaluation/{month.id}").get_data(
        as_text=True
    )
    assert "更正1个" in _handed_in(site, tmp_path, marks=2)
    _kept(site)
    client = site.logged_in("swj-head")
    page = client.get(f"/evaluation/{month.id}/objects/1").get_data(as_text=True)
    assert "三　作风问题" in page
    assert "三三" not in page
    assert "目标4次，完成3次，少1次，得8分" in page


def _kept(site: Site) -> None:
    told = json.loads(_run(site, "month", "2022-09", "--json"))
    # 8 + (30 - 15 × 0.5) + 6 - 2; 10 + 30 + 10
    assert [(one["name"], one["total"], one["rank"]) for one in told["objects"]] == [
        ("市统计局", "50", 1),
        ("市商务局", "34.5", 2),
    ]
    site.clock.at = CHECKING
    _run(site, "draft", "2022-09")
    _run(site, "check", "2022-09")
    site.clock.at = AFTER
    _run(site, "freeze", "2022-09")
    assert "逐字节一致" in _run(site, "replay", "--month", "2022-09")
