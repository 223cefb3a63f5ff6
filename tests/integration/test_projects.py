"""Projects on their pages: imported by who supplies them, ticked, checked on site, read by their county."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlmodel import col

from tests.support.accounts import NewUser, create_user
from tests.support.agreement import disagreements
from tests.support.databases import fresh_sqlite
from tests.support.project_pages import put, send, take
from tests.support.project_pages import words as words_of
from tests.support.projects import LISTS
from tests.support.site import PASSWORD_HASH, Site
from tracker.domain.accounts import Role
from tracker.domain.projects.counting import checks_of, counted
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.scheme import Cohort, Figure, Measure, Window
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.projects import EVERY_PROJECT, projects
from tracker.store.tables.projects import ProjectRow, ProjectValueRow

AUGUST = Month(2022, 8)
FIRST = ("P1", "外资甲", "遂平县", 1.5, 5000, 1200.5, "2022-08-10")
SECOND = ("P2", "外资乙", "驿城区", 0.8, 3000, None, None)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    with made.services.database.transaction() as session:
        create_user(session, NewUser("sp", "联络员", Role.LIAISON, PASSWORD_HASH, "sp"))
    return made


def test_an_export_is_shown_cell_by_cell_and_nothing_is_kept_before_it_is_taken(site: Site) -> None:
    with site.client("swj") as client:
        page = put(client, FIRST, SECOND).headers["Location"]
        words = words_of(client.get(page))
        assert "新增2个" in words
        assert "外资甲" in words
        with site.services.database.reading() as session:
            assert session.scalars(select(ProjectRow)).all() == []
        send(client, f"{page}/take", page=page)
        again = put(client, FIRST, ("P2", "外资乙", "驿城区", 0.8, 3500, 90, None)).headers["Location"]
        words = words_of(client.get(again))
        assert "新增0个、有变化1个" in words
        assert "年度计划投资（万元）：3000→3500" in words
        assert "元月至当月累计完成投资（万元）：90" in words


def test_a_faulty_export_is_refused_by_its_cells(site: Site) -> None:
    with site.client("swj") as client:
        page = put(client, FIRST, ("", "丙", "外县", "约1亿", 1, 1, None)).headers["Location"]
        words = words_of(client.get(page))
        assert "C4单元格：“外县”不是考评对象" in words
        assert "D4单元格：总投资（万元）“约1亿”不能识别" in words
        assert f'action="{page}/take"' not in words
        with site.services.database.reading() as session:
            assert session.scalars(select(ProjectRow)).all() == []
        wrong = put(client, FIRST, month="2022-13")
        assert wrong.status_code == 400
        assert "应当写成2022-08" in words_of(wrong)


def test_only_who_supplies_a_list_enters_it_and_a_county_reads_its_own(site: Site) -> None:
    with site.client("swj") as client:
        take(client, FIRST, SECOND)
        assert "外资甲" in words_of(client.get("/projects"))
        assert "外资乙" in words_of(client.get("/projects"))
    with site.client("sp") as client:
        words = words_of(client.get("/projects"))
        assert "外资甲" in words
        assert "外资乙" not in words
        assert client.get("/projects/imports").status_code == 404
        assert client.get("/projects/2").status_code == 404
        assert client.get("/projects/1").status_code == 200
        fields = {"month": "2022-08", "invested": "1", "source": "自报"}
        assert send(client, "/projects/1/value", page="/me", **fields).status_code == 404
    with site.client("wjw") as client:
        assert client.get("/projects/1").status_code == 404
    with site.client("office") as client:  # the document names who supplies the list
        assert send(client, "/projects/1/value", page="/me", **fields).status_code == 404


def test_a_start_counts_when_its_standard_is_ticked_with_evidence(site: Site) -> None:
    figure = Figure("f", "已开工", "个", Window.YEAR_TO_MONTH, "c", Measure.PROJECTS, ("started",))

    def count() -> tuple[int, ...]:
        with site.services.database.reading() as session:
            known = projects(session, scope=EVERY_PROJECT)
        return counted(figure, known, cohort=Cohort("c", "外资项目", 0), lists=LISTS, month=AUGUST).projects

    with site.client("swj") as client:
        take(client, FIRST)
        assert "已报开工，但未按标准核对" in words_of(client.get("/projects/1"))
        assert count() == ()
        ticks = {"tick": ["ground_broken", "not_preparation", "not_clearance"], "milestone": "started"}
        lacking = send(client, "/projects/1/milestone", page="/projects/1", on="2022-08-10", **ticks)
        assert lacking.status_code == 400
        assert "要写明佐证" in words_of(lacking)
        evidence = {f"evidence-{tick}": "监理日志" for tick in ticks["tick"]}
        done = send(client, "/projects/1/milestone", page="/projects/1", on="2022-08-10", **ticks, **evidence)
        assert done.status_code == 303
        words = words_of(client.get("/projects/1"))
        assert "永久性工程正式破土开槽开始施工" in words
        assert "监理日志（联络员，2022-09-02）" in words
        assert count() == (1,)


def test_what_is_found_on_site_is_flagged_and_handed_in(site: Site) -> None:
    with site.client("swj") as client:
        take(client, FIRST)
        assert client.get("/projects/1/check").status_code == 404
    with site.client("office") as client:
        page = "/projects/1/check"
        form = client.get(page).get_data(as_text=True)
        assert "1200.5万元" in form
        assert form.index('name="not_secret"') < form.index("登记核查</button>"), "read before it is sent"
        fields = {"month": "2022-08", "day": "2022-09-01", "not_secret": "yes"}
        silent = send(client, page, page=page, **fields, verdict="false")
        assert silent.status_code == 400
        photo = (BytesIO(b"words"), "现场.txt")
        done = send(client, page, page=page, **fields, verdict="false", found="1000", words="设备未到", photo=photo)
        assert done.status_code == 303, words_of(done)
        words = words_of(client.get("/projects/1"))
        assert "上报1200.5万元，现场核查落实1000万元" in words
        assert "相差" not in words, "of what it is a part, the rules of a month say"
        with client.get("/projects/photos/1") as answer:
            assert answer.data == b"words"
    site.work()
    with site.client("sp") as client:
        told = words_of(client.get("/notices"))
        assert "项目现场核查不属实：外资甲" in told, "marks hang on it"
        assert "上报累计完成投资1200.5万元，核查1000万元，设备未到" in told
        assert 'href="/projects/1"' in told
    with site.client("wjw") as client:
        assert client.get("/projects/photos/1").status_code == 404
    with site.services.database.reading() as session:
        (check,) = checks_of(
            projects(session, scope=EVERY_PROJECT),
            LISTS.lists[0],
            of_year=None,
            kind="site",
            items=("1-3",),
            month=AUGUST,
        )
    assert (float(check.reported), float(check.found)) == (1200.5, 1000.0)


def test_what_is_found_true_is_as_reported_and_the_last_check_holds(site: Site) -> None:
    with site.client("swj") as client:
        take(client, FIRST)
    page, fields = "/projects/1/check", {"month": "2022-08", "day": "2022-09-01"}
    with site.client("office") as client:
        for told, at_fault, said in (
            (
                {"verdict": "true", "found": "1000"},
                "found",
                "与上报的1200.5万元不一致，不能选“属实”：有出入的选“不属实”",
            ),
            ({"verdict": "false", "found": "1200.5"}, "words", "填与上报不同的核查落实数"),
            ({"verdict": "true", "day": "2022-09-03"}, "day", "还没有到"),
        ):
            refused = send(client, page, page=page, **{**fields, **told})
            assert (refused.status_code, said in words_of(refused)) == (400, True)
            assert f'id="refused-{at_fault}"' in words_of(refused)
        assert send(client, page, page=page, **fields, verdict="false", found="1000").status_code == 303
        assert "现场核查落实1000万元" in words_of(client.get("/projects/1"))
        for found in ("1200.5", ""):
            assert send(client, page, page=page, **fields, verdict="true", found=found).status_code == 303
        assert "现场核查落实1000万元" not in words_of(client.get("/projects/1")), "the last check mends the first"


def test_the_head_of_a_body_is_told_what_was_found_on_site(site: Site) -> None:
    with site.services.database.transaction() as session:
        create_user(session, NewUser("sp-head", "负责人", Role.UNIT_HEAD, PASSWORD_HASH, "sp"))
    with site.client("swj") as client:
        take(client, FIRST)
    with site.client("office") as client:
        told = {"month": "2022-08", "day": "2022-09-01", "verdict": "false", "found": "1000"}
        assert send(client, "/projects/1/check", page="/projects/1/check", **told).status_code == 303
    site.work()
    for login in ("sp", "sp-head"):
        with site.client(login) as client:
            assert "项目现场核查不属实：外资甲" in words_of(client.get("/notices")), login


def test_whoever_supplies_the_statistics_corrects_nothing_else_and_no_day_ahead(site: Site) -> None:
    with site.client("swj") as client:
        take(client, FIRST)
        ahead = {"name": "外资新", "build": "refit", "county": "sp", "list": "waizi", "since": "2022-01"}
        refused = send(client, "/projects", page="/projects/new", **ahead, in_statistics="2022-09-03")
        assert (refused.status_code, 'id="refused-in_statistics"' in words_of(refused)) == (400, True)
    with site.client("tjj") as client:
        told = {"name": "改名", "build": "refit", "total": "1", "strategic": "yes", "reason": "入库", "version": "1"}
        for day, status in (("2022-09-03", 400), ("2022-09-02", 303)):
            answer = send(client, "/projects/1/correct", page="/projects/1", **told, in_statistics=day)
            assert answer.status_code == status
    with site.services.database.reading() as session:
        (project,) = projects(session, scope=EVERY_PROJECT)
    assert project.in_statistics == date(2022, 9, 2)
    assert (project.name, project.total, project.strategic) == ("外资甲", 150_000_000, False)


def test_single_projects_are_entered_corrected_and_confirmed(site: Site) -> None:
    entered = {"name": "省重点甲", "build": "industrial", "county": "sp", "list": "shengji", "since": "2022-01"}
    with site.client("office") as client:
        assert send(client, "/projects", page="/projects/new", **entered, planned="9000").status_code == 303
        again = send(client, "/projects", page="/projects/new", **entered)
        assert again.status_code == 409
        correct = {"name": "省重点甲", "build": "refit", "total": "12000.5", "reason": "核对", "version": "1"}
        assert send(client, "/projects/1/correct", page="/projects/1", **correct).status_code == 303
        assert send(client, "/projects/1/correct", page="/projects/1", **correct).status_code == 409
        value = {"month": "2022-08", "invested": "100", "source": "省重点项目建设网"}
        assert send(client, "/projects/1/value", page="/projects/1", **value).status_code == 303
        lower = {**value, "month": "2022-09", "invested": "80.1234"}
        assert send(client, "/projects/1/value", page="/projects/1", **lower).status_code == 303
        assert "少于此前月份的100万元" in words_of(client.get("/projects/1"))
        early = send(client, "/projects/1/confirm", page="/projects/1", milestone="started")
        assert early.status_code == 409
        tick = {"milestone": "started", "tick": "equipment_there", "evidence-equipment_there": "到货单"}
        assert send(client, "/projects/1/milestone", page="/projects/1", on="2022-08-02", **tick).status_code == 303
        assert send(client, "/projects/1/confirm", page="/projects/1", milestone="started").status_code == 303
        place = {"list": "shengji", "since": "2022-01", "planned": "8000", "reason": "调整计划"}
        assert send(client, "/projects/1/place", page="/projects/1", **place).status_code == 303
        words = words_of(client.get("/projects/1"))
        assert "核查确认" in words
        assert "调整计划" in words
        book = load_workbook(BytesIO(client.get("/projects.xlsx?month=2022-09").data))
        assert "省重点甲" in [cell.value for row in book.active.iter_rows() for cell in row]  # type: ignore[union-attr]


def _rows(site: Site) -> list[tuple[int, str, int | None, str | None]]:
    """Return how the one project stands on its list: year, since when, with which plan, until when."""
    with site.services.database.reading() as session:
        (project,) = projects(session, scope=EVERY_PROJECT)
    return [
        (one.year, one.since.isoformat(), one.planned, one.until.isoformat() if one.until else None)
        for one in project.listings
    ]


def test_who_takes_a_project_off_a_list_writes_over_nothing_of_it(site: Site) -> None:
    with site.client("swj") as client:
        take(client, FIRST)
        stood = _rows(site)
        ((_, since, plan, _),) = stood
        off = {"listing": "waizi:2022", "reason": "终止"}
        early = send(client, "/projects/1/off", page="/projects/1", **off, off="2021-12-31")
        assert early.status_code == 400
        assert "移出日期不能早于列入日期" in words_of(early)
        assert _rows(site) == stood
        for listing in ("waizi:2021", "waizi", "shengji:2022", ""):
            wrong = send(client, "/projects/1/off", page="/projects/1", listing=listing, off="2022-08-20", reason="误")
            assert wrong.status_code == 400, listing
        assert send(client, "/projects/1/off", page="/projects/1", **off, off="2022-08-20").status_code == 303
        assert _rows(site) == [(2022, since, plan, "2022-08-20")], "earlier months keep it, with its plan"
        assert "（2022年度，已移出）" in words_of(client.get("/projects/1"))
        value = {"month": "2022-07", "invested": "900", "source": "月报", "reason": "核对"}
        assert send(client, "/projects/1/value", page="/projects/1", **value).status_code == 303, (
            "it counts in July yet"
        )
    with site.client("sp") as client:
        assert send(client, "/projects/1/off", page="/me", **off, off="2022-08-21").status_code == 404


def test_who_corrects_how_a_project_stands_reads_what_he_wrote_over(site: Site) -> None:
    with site.client("swj") as client:
        take(client, FIRST)
        page, ((_, since, plan, _),) = "/projects/1", _rows(site)
        form = client.get(page).get_data(as_text=True)
        assert '<input id="since" name="since" type="month" required>' in form, (
            "a month that nobody wrote moves nothing"
        )
        place = {"list": "waizi", "since": since[:7], "reason": "核对"}
        assert send(client, f"{page}/place", page=page, **place).status_code == 303
        assert _rows(site) == [(2022, since, plan, None)], "an empty plan takes none away"
        send(client, f"{page}/off", page=page, listing="waizi:2022", off="2022-08-20", reason="误")
        send(client, f"{page}/place", page=page, **{**place, "since": "2022-03"}, planned="7000")
        words = words_of(client.get(page))
        assert "改为2022年3月1日。2022年8月20日的移出不变" in words
        assert _rows(site) == [(2022, "2022-03-01", 70_000_000, "2022-08-20")]


def test_everything_that_is_kept_is_told_by_the_log(site: Site) -> None:
    with site.client("swj") as client:
        take(client, FIRST, SECOND)
        take(client, (*FIRST[:5], 1300, "2022-08-12"))
    with site.services.database.reading() as session:
        assert list(disagreements(session, fold(session, cut(session, as_of=site.clock.at)))) == []
        values = session.scalars(select(ProjectValueRow).order_by(col(ProjectValueRow.id))).all()
    assert [value.invested for value in values] == [13_000_000]
