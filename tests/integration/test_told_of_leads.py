"""Of several leads of a task each thing said bears the name of whose it is, on the page, the card and the tables."""

import csv
import html
import re
from collections.abc import Mapping
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.support.databases import fresh_sqlite
from tests.support.office import City
from tests.support.owed_city import BY, at, open_owed_city
from tests.support.site import Site
from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.calendar import local_day
from tracker.store.queries.task_ledger import ledger_tasks
from tracker.usecases.requesting import RequestExtension, request_extension
from tracker.web.told_of_leads import told_of

LATE, ASKING = "市卫生健康体育委", "市商务局"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """One lead never reported; the other's report waits, and it asks for more time for the next."""
    city = open_owed_city(fresh_sqlite(tmp_path))
    site = Site(city.database, tmp_path, city=City(city.database))
    city.add_lead("wjw", at(9, 5))
    city.file("swj", "2022-09", when=at(9, 28))
    city.grow(at(10, 2))
    with city.database.transaction() as session:
        command = RequestExtension(city.rows("swj")["2022-10"].id or 0, date(2022, 12, 10), "等统计口径")
        request_extension(session, command, actor=city.liaison("swj"), at=at(10, 31))
    site.clock.at = at(11, 1)
    return site


def _words(site: Site, login: str, address: str) -> str:
    with site.client(login) as client:
        page = html.unescape(client.get(address).get_data(as_text=True))
    return re.sub(r"<[^>]+>|\s+", "", page)


def _row(cells: list[list[object]]) -> Mapping[object, object]:
    head = next(at for at, row in enumerate(cells) if "办理情况" in row)
    rows = [dict(zip(cells[head], row, strict=True)) for row in cells[head + 1 :]]
    [found] = [row for row in rows if LATE in str(row["牵头单位"]) and ASKING in str(row["牵头单位"])]
    return found


def test_what_is_not_said_of_every_lead_bears_a_name_wherever_it_stands(site: Site) -> None:
    with site.services.database.reading() as session:
        tasks = ledger_tasks(session, unit_ids=EVERY_UNIT, now=site.clock.at, by=BY)
    [task] = [one for one in tasks if set(one.leads.values()) == {LATE, ASKING}]
    told = told_of(task.standing, today=local_day(site.clock.at))
    assert told.work == f"情况不明（{LATE}逾期未报），{ASKING}新报告待审"
    assert told.time.why.startswith(f"{LATE}：")
    assert "已逾期" in told.time.why
    assert told.progress.why.startswith(f"{ASKING}：")
    for login, address in (("office", "/ledger"), ("swj", "/ledger"), ("office", f"/tasks/{task.standing.task_id}")):
        page = _words(site, login, address)
        for words in (told.work, told.time.why, told.progress.why):
            assert re.sub(r"\s", "", words) in page, (address, words)
    with site.client("office") as client:
        book = load_workbook(BytesIO(client.get("/ledger.xlsx").data))
        rows = [
            _row([list(row) for row in book.worksheets[0].iter_rows(values_only=True)]),
            _row([list(row) for row in csv.reader(StringIO(client.get("/ledger.csv").data.decode("utf-8-sig")))]),
        ]
    for row in rows:
        said = [row[name] for name in ("办理情况", "时限灯说明", "进度灯说明")]
        assert said == [told.work, told.time.why, told.progress.why]


def test_the_leaders_card_of_one_unit_tells_that_units_own(site: Site) -> None:
    page = _words(site, "leader", "/leader")
    why = re.search(r"为何(.*?)球在", page)
    assert why is not None
    assert why[1].startswith("情况不明（牵头单位逾期未报）；")
    for words in ("新报告待审", "申请延期", ASKING):
        assert words not in why[1]


def test_what_is_said_of_every_lead_bears_no_name(tmp_path: Path) -> None:
    city = open_owed_city(fresh_sqlite(tmp_path))
    city.add_lead("wjw", at(9, 5))
    with city.database.reading() as session:
        [task] = [
            one for one in ledger_tasks(session, unit_ids=EVERY_UNIT, now=at(11, 1), by=BY) if len(one.leads) == 2
        ]
    told = told_of(task.standing, today=date(2022, 11, 1))
    assert told.work == "情况不明（牵头单位逾期未报）"
    assert LATE not in told.time.why + told.progress.why
