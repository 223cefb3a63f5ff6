"""The page of one row under review: what it is held against, where it leads, and how much it asks of the database."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.support.databases import fresh_sqlite
from tests.support.office import City
from tests.support.owed_city import BY, OFFICE, at
from tests.support.review_city import NOW, OCTOBER, PICTURE, file_reports, open_review_city
from tests.support.site import Site, post
from tracker.domain.filings import ReturnReason
from tracker.store.tables.filings import EvidenceRow, FilingRow, ReportRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.returning import return_report


@pytest.fixture
def site(tmp_path: Path) -> Site:
    database = fresh_sqlite(tmp_path)
    open_review_city(database)
    return Site(database, tmp_path, city=City(database))


@pytest.fixture
def reports(site: Site) -> dict[str, int]:
    return file_reports(site)


def _read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (answer.status_code, answer.headers.get("Location"))
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", answer.get_data(as_text=True))))


def test_a_decision_in_the_queue_leads_on_to_the_row_after_it(site: Site, reports: dict[str, int]) -> None:
    with site.client("office") as office:
        page = office.get("/review").get_data(as_text=True)
        first, second, third = re.findall(r'id="row(\d+)"', page)
        returned = {"reason": "缺台账", "reason_class": "figures"}
        for act, fields, after in (
            (f"/reports/{first}/accept", {}, f"/review#row{second}"),
            (f"/reports/{second}/return", returned, f"/review#row{third}"),
            (f"/reports/{third}/accept", {}, "/review"),
        ):
            done = post(office, act, at="/review", **fields)
            assert done.headers["Location"] == after, act
            assert after == "/review" or f'id="{after.partition("#")[2]}"' in office.get("/review").get_data(
                as_text=True
            )


def test_an_envelope_that_is_accepted_whole_leads_on_to_the_next(site: Site, reports: dict[str, int]) -> None:
    with site.client("office") as office:
        page = office.get("/review").get_data(as_text=True)
        [envelope, *_others] = re.findall(r'action="(/filings/\d+/accept)"', page)
        behind = page.split(envelope, 1)[1]
        following = re.search(r'id="row(\d+)"', behind)
        assert following is not None
        assert post(office, envelope, at="/review").headers["Location"] == f"/review#row{following[1]}"


def _row(report_id: int, **asked: int) -> str:
    return f"/review/rows/{report_id}" + ("?" if asked else "") + "&".join(f"{k}={v}" for k, v in asked.items())


def test_a_row_stands_beside_all_it_is_held_against(site: Site, reports: dict[str, int]) -> None:
    with site.client("office") as office:
        page = _read(office, _row(reports["yc"]))
        again = _read(office, _row(reports["sp"]))
        first = _read(office, _row(reports["swj"]))
    for words in (
        "每月通报一次招商情况，全年不少于2次。",
        "自报达序时",
        "达序时应达1.64次，多0.36次",
        "截至10月27日",
        "待牵头核实",
        "除日期和数字外与上期相同",
        "（删）9月（增）10月召开推进会",
        "划去的是上期（2022年9月，自报达序时），下划线的是本期新写的",
        "与上期同一文件通报文稿",
        "齐现场照片",
        "与2022年9月同一文件",
        "第1行，待审核共3行",
    ):
        assert words in page, words
    assert "与上期相同" in again
    assert "上期：2022年9月，自报达序时" in again
    assert "缺通报文稿" in again
    assert "没有附佐证" not in again  # what is asked for says what lacks
    assert "此前没有报过，没有可以对比的" in first
    assert "前期漏报说明：人员变动" in first


def test_what_came_back_is_compared_with_what_was_given_back(site: Site, reports: dict[str, int]) -> None:
    with site.services.database.transaction() as session:
        told = {"reason": "数字与台账不符", "reason_class": ReturnReason.FIGURES, "actor": OFFICE, "by": BY}
        return_report(session, report_id=reports["yc"], at=site.clock.at, **told)  # type: ignore[arg-type] # by name
    mended = NOW.replace("5个", "4个")
    filing_id = site.city.file("yc", at=site.clock.at, name=OCTOBER, text=mended, value_on=date(2022, 10, 28))
    with site.services.database.reading() as session:
        report_id = site.city.report_of(filing_id, session).id or 0
    with site.client("office") as office:
        page = _read(office, _row(report_id))
        assert "退回后补正督查室退回意见：数字与台账不符" in page
        assert "（删）5个（增）4个" in page
        assert "划去的是退回前（2022年10月，自报达序时，已退回）" in page
        assert "与上期（2022年9月）对比" in page
        assert "本行已办理" in _read(office, _row(reports["yc"]))


def test_a_decision_leads_to_the_next_row_and_the_last_one_to_the_queue(site: Site, reports: dict[str, int]) -> None:
    yc, sp, swj = (reports[unit] for unit in ("yc", "sp", "swj"))
    with site.client("office") as office:
        assert office.get("/review/rows").headers["Location"] == _row(yc)
        done = post(office, f"/reports/{yc}/accept", at=_row(yc), walk="1", onward=str(sp))
        assert done.headers["Location"] == _row(sp)
        for _again in range(2):  # the address is that of the row shown: loaded anew it leads back to the same one
            assert f'href="{_row(yc)}"' in office.get(_row(sp)).get_data(as_text=True)
        onward = re.search(r'data-key="j" href="([^"]+)"', office.get(_row(sp)).get_data(as_text=True))
        assert onward is not None
        stepped = office.get(html.unescape(onward[1]))
        assert stepped.headers["Location"] == _row(swj)
        assert f'href="{_row(sp)}"' in office.get(_row(swj)).get_data(as_text=True)
        skipped = office.get(_row(swj)).get_data(as_text=True)
        assert f'href="{_row(sp)}"' in skipped  # the row before, where nobody came from another
        fields = {"reason": "缺台账", "reason_class": "figures", "walk": "1", "onward": ""}
        done = post(office, f"/reports/{swj}/return", at=_row(swj), **fields)
        assert done.headers["Location"] == "/review"
        assert "后面没有待审核的行" in _read(office, "/review")
        assert office.get("/review/rows").headers["Location"] == _row(sp)
        refused = post(office, f"/reports/{sp}/accept", at=_row(sp), walk="1", claim="behind", reason=" ")
        assert refused.status_code == 400
        post(office, f"/reports/{sp}/accept", at=_row(sp), walk="1", claim="behind", reason="只有推进会")
        assert office.get("/review/rows").headers["Location"] == "/review"


def test_what_another_decided_meanwhile_is_said_and_skipped(site: Site, reports: dict[str, int]) -> None:
    yc, sp, swj = (reports[unit] for unit in ("yc", "sp", "swj"))
    with site.services.database.transaction() as session:
        accept_report(session, report_id=sp, actor=OFFICE, at=site.clock.at)
    said = "遂平县“一1每月通报一次招商情况”已由督查员办理（审核通过），本次跳过。"
    with site.client("office") as office:
        assert office.get(_row(sp, onward=1)).headers["Location"] == _row(swj)
        assert said in _read(office, _row(swj))
        assert "本行已办理" in _read(office, _row(sp))  # asked for by itself it is shown
        late = post(office, f"/reports/{sp}/accept", at=_row(swj), walk="1")
        assert late.headers["Location"] == _row(swj)
        assert said in _read(office, _row(swj))
        done = post(office, f"/reports/{yc}/accept", at=_row(yc), walk="1", onward=str(sp))
        assert done.headers["Location"] == _row(swj)
        assert said in _read(office, _row(swj))
        written = {"walk": "1", "claim": "behind", "reason": "写了很久的理由"}
        both = post(office, f"/reports/{sp}/accept", at=_row(swj), **written)
        assert both.status_code == 409  # what somebody wrote is shown beside what the other decided
        assert "写了很久的理由" in both.get_data(as_text=True)
    with site.services.database.reading() as session:
        assert session.get_one(ReportRow, sp).verified_claim == "on_schedule"


def test_what_is_late_is_walked_by_itself(site: Site, reports: dict[str, int]) -> None:
    with site.services.database.transaction() as session:
        report = session.get_one(ReportRow, reports["sp"])
        report.filed_at = session.get_one(FilingRow, report.filing_id).filed_at = at(10, 10)
    with site.client("office") as office:
        assert office.get("/review/rows?late=1").headers["Location"] == f"{_row(reports['sp'])}?late=1"
        page = _read(office, f"{_row(reports['sp'])}?late=1")
        assert "已过审核限的第1行，待审核共1行" in page
        done = post(office, f"/reports/{reports['sp']}/accept", at=f"{_row(reports['sp'])}?late=1", walk="1", late="1")
        assert done.headers["Location"] == "/review?late=1"


def test_pictures_and_pdfs_are_looked_at_and_nothing_else(site: Site, reports: dict[str, int]) -> None:
    with site.services.database.transaction() as session:
        kept = site.services.evidence.store(BytesIO("台账".encode()), max_bytes=1000)
        session.add(
            EvidenceRow(
                id=99,
                report_id=reports["sp"],
                sha256=kept.sha256,
                name="台账.txt",
                size_bytes=kept.size_bytes,
                media_type="text/plain",
                uploaded_by="遂平县",
                uploaded_at=site.clock.at,
            )
        )
    with site.client("office") as office:
        page = office.get(_row(reports["yc"])).get_data(as_text=True)
        picture = re.search(r'<img src="(/evidence/\d+/preview)" alt="现场.png" loading="lazy"', page)
        assert picture
        shown = office.get(picture[1], buffered=True)
        assert (shown.data, shown.mimetype) == (PICTURE, "image/png")
        assert shown.headers["Content-Disposition"].startswith("inline")
        assert "script-src 'self'" in shown.headers["Content-Security-Policy"]
        assert office.get("/evidence/99/preview").status_code == 404
        assert office.get("/evidence/99", buffered=True).status_code == 200
    with site.client("tjj") as other:
        assert other.get(picture[1]).status_code == 404


@contextmanager
def _asked(site: Site) -> Iterator[list[str]]:
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        # The calendar is looked at again after some seconds, whatever the page.
        if statement.startswith("SELECT") and "FROM calendar_year" not in statement:
            found.append(statement)

    event.listen(site.services.database.engine, "before_cursor_execute", note)
    yield found
    event.remove(site.services.database.engine, "before_cursor_execute", note)


def test_neither_page_asks_more_of_the_database_for_more_rows(site: Site, reports: dict[str, int]) -> None:
    """Of three envelopes and of one, the same: nothing is asked for each row or each envelope."""
    counts: dict[str, list[int]] = {"/review": [], _row(reports["sp"]): []}
    with site.client("office") as office:
        for _round in range(2):
            for address, found in counts.items():
                with _asked(site) as statements:
                    assert office.get(address).status_code == 200
                found.append(len(statements))
            for unit in ("yc", "swj"):
                with site.services.database.transaction() as session:
                    session.get_one(ReportRow, reports[unit]).state = "accepted"
    queue, row = counts.values()
    assert queue[0] == queue[1]
    assert row[0] - row[1] <= 6, "at the end of the queue there are no neighbours to look for"
