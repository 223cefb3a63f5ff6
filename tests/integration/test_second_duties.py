"""A series that is overdue still says what else it is asked for: a correction that runs, then one that ran out."""

import html
import json
import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlmodel import col

from tests.support.office import City
from tests.support.owed_city import BY, OFFICE, OwedCity, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.site import Site
from tracker.cli.commands import register_commands
from tracker.domain.absences import Person
from tracker.domain.accounts import EVERY_UNIT, Role
from tracker.domain.claims import Claim, RowContent
from tracker.domain.deliveries import Outgoing
from tracker.domain.entries import Entry
from tracker.domain.filings import ReturnReason
from tracker.steps.digests import plan_digests
from tracker.store.database import Database
from tracker.store.history.export import exported_state
from tracker.store.history.log import cut
from tracker.store.queries.open_work import open_work
from tracker.store.queries.owed_lists import count_overdue, overdue_lines
from tracker.store.tables.series import FormRow
from tracker.usecases.filing import SubmitForm, submit_form
from tracker.usecases.moving_due import move_due
from tracker.usecases.returning import return_report

RETURNED_AT = at(11, 9, hour=15)


@pytest.fixture
def city(database: Database) -> OwedCity:
    """市商务局 owes October since 11-04; its September came back on 11-09, to be corrected by 11-14."""
    made = open_owed_city(database)
    report_id = made.file("swj", "2022-09", when=at(9, 28))
    made.grow(at(11, 9))
    with database.transaction() as session:
        said = {"reason": "缺少数据", "reason_class": ReturnReason.FIGURES, "actor": OFFICE, "by": BY}
        return_report(session, report_id=report_id, at=RETURNED_AT, **said)  # type: ignore[arg-type] # by name
    return made


@pytest.fixture
def site(city: OwedCity, tmp_path: Path) -> Site:
    made = Site(city.database, tmp_path, city=City(city.database))
    made.clock.at = at(11, 10)
    return made


def _page(client: FlaskClient, address: str) -> str:
    return html.unescape(client.get(address).get_data(as_text=True))


def _words(page: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page))


def _digest(site: Site, day: int) -> tuple[str, str]:
    """Return the subject that the liaison's digest of a day of November has by its preview, and its only line."""
    app = Flask("tracker")
    register_commands(app, site.services)
    told = app.test_cli_runner().invoke(args=["reminders", "preview", "--on", f"2022-11-{day}", "--json"])
    assert told.exit_code == 0, told.output
    subjects = [row["subject"] for row in json.loads(told.output) if row["recipient"] == "市商务局 联络员"]
    with site.services.database.reading() as session:
        now = at(11, day)
        rows = plan_digests(session, now=now, by=BY, outgoing=Outgoing(mail=False, machine_now=now)).rows
    [own] = [row for row in rows if row.recipient == "市商务局 联络员"]
    assert subjects == [own.subject]
    lines: Any = own.content["lines"]  # Any: JSON
    [line] = lines
    return own.subject, line["sentence"]


def test_a_running_correction_is_shown_reminded_of_and_called_overdue_behind_another_period(
    site: Site, city: OwedCity
) -> None:
    correction = f"/periods/{city.rows('swj')['2022-09'].period_id}/form"
    with site.client("swj") as liaison:
        for address in ("/today", "/tasks?overdue=1"):
            page = _page(liaison, address)
            assert (
                "另：2022年9月退回补正，11月14日（周一，含）前补正，还有2个工作日；退回意见（一1）：缺少数据"
                in _words(page)
            )
            assert f'href="{correction}">补正' in page
        series = _words(_page(liaison, "/series/1"))
    assert "另：2022年9月退回补正，11月14日（周一，含）前补正" in series

    subject, line = _digest(site, 11)
    assert subject == "督办提醒：退回待补1份；目前逾期共1份"
    assert "2022年9月（一1“每月通报一次招商情况”）被退回，11月14日" in line
    assert "另：2022年10月逾期未报，应于11月3日（周四，含）前报送，已逾期6个工作日。" in line
    subject, line = _digest(site, 14)
    assert subject == "督办提醒：今日必报1份；目前逾期共1份"
    assert "被退回，今天补正截止。另：2022年10月逾期未报" in line
    subject, line = _digest(site, 15)
    assert subject == "督办提醒：逾期1份"
    assert "退回后应于11月14日（周一，含）前补正，已逾期1个工作日，未补正。另：2022年10月逾期未报" in line

    site.clock.at = at(11, 14)
    with site.client("swj") as liaison:
        assert "补报或补正1份逾期的（其中1份另有今天到期的）" in _words(_page(liaison, "/today"))
    site.clock.at = at(11, 15)
    with site.client("office") as office:
        page = _words(_page(office, "/tasks?overdue=1"))
    assert "共1份反馈逾期" in page
    assert "另：2022年9月未补正，退回后应于11月14日（周一，含）前补正，已逾期1个工作日" in page


def test_the_head_reads_which_period_came_back_and_why_though_another_comes_first(site: Site) -> None:
    """Overdue or only open: what is to be mended bears its own period, its own day and its reason."""
    for day, other, returned in ((10, "2022年10月", "11月14日"), (16, "2022年10月", "未补正")):
        site.clock.at = at(11, day)
        with site.client("swj-head") as head:
            page = _page(head, "/sign-off")
        back = _words(page.split('id="returned"')[1].split("</section>")[0])
        assert "督查室退回1份" in back
        assert "2022年9月" in back
        assert other not in back
        assert returned in back
        assert "一1：缺少数据（数据有误或者口径不符）" in back
        late = _words(page.split('id="red"')[1].split("</section>")[0])
        assert other in late
        assert "另：2022年9月" in late


@pytest.mark.parametrize("address", ["/tasks.xlsx", "/today.xlsx"])
def test_a_workbook_of_what_is_owed_says_what_else_and_why_it_came_back(site: Site, address: str) -> None:
    with site.client("swj") as liaison:
        sheet = load_workbook(BytesIO(liaison.get(address).data)).active
    assert sheet is not None
    [row] = {
        tuple(str(cell.value) for cell in row[-2:])
        for row in sheet.iter_rows(min_row=2)
        if "另：" in str(row[-2].value)
    }
    assert "；另：2022年9月退回补正，11月14日（周一，含）前补正，还有2个工作日" in row[0]
    assert row[1] == "2022年9月一1：缺少数据（数据有误或者口径不符）"


def test_what_stands_beside_is_counted_with_its_series_and_exported_from_the_log(city: OwedCity) -> None:
    ran_out = at(11, 15)
    with city.database.reading() as session:
        [line] = overdue_lines(session, now=ran_out, unit_ids=EVERY_UNIT, limit=9)
        assert count_overdue(session, now=ran_out, unit_ids=EVERY_UNIT) == 1
        told: Any = exported_state(session, cut(session, as_of=ran_out), by=BY)  # Any: JSON
    assert [(form.code, form.owed.kind.value) for form in line.forms] == [
        ("2022-10", "unreported"),
        ("2022-09", "correction"),
    ]
    [beside] = next(one["owed"]["beside"] for one in told["series"] if one["owed"])
    assert (beside["period"], beside["kind"], beside["since"]) == ("2022-09", "correction", "2022-11-15T00:00:00+08:00")


def test_a_correction_stays_in_the_liaisons_hands_while_the_overdue_form_lies_with_the_head(
    site: Site, city: OwedCity
) -> None:
    october = city.rows("swj")["2022-10"]
    content = RowContent(text="10月20日召开推进会，签约2个项目。", claim=Claim.ON_SCHEDULE)
    with city.database.transaction() as session:
        entry = Entry(october.assignment_id or 0, content, city.values())
        command = SubmitForm(october.period_id, (entry,))
        submit_form(session, command, actor=city.liaison("swj"), at=site.clock.at)
    with site.client("swj") as liaison:
        page = _words(_page(liaison, "/today"))
    assert "改好退回的1份；另有1份等本单位负责人审签" in page
    assert "另：2022年10月" not in page
    subject, line = _digest(site, 14)
    assert subject == "督办提醒：今日必报1份；目前逾期共1份"
    assert line.endswith("被退回，今天补正截止。")


def test_a_hand_over_names_every_period_that_is_owed_and_counts_like_the_day(city: OwedCity, tmp_path: Path) -> None:
    """October overdue, September back; on 12-06 November is overdue too, on 12-28 December open to be filled."""
    made = Site(city.database, tmp_path, city=City(city.database))

    def listed() -> list[tuple[str, str]]:
        with city.database.reading() as session:
            person = Person(10, Role.LIAISON.value, city.unit_id("swj"), active=True)
            lines = open_work(session, person, now=made.clock.at)
        return [(line.kind.value, line.title) for line in lines]

    made.clock.at = at(11, 10)
    [form] = [title for kind, title in listed() if kind == "form"]
    assert form.endswith("（2022年10月逾期未报；另2022年9月退回补正，2022年11月14日（周一，含）前补正）")
    made.clock.at = at(12, 28)
    city.grow(made.clock.at)
    [form] = [title for kind, title in listed() if kind == "form"]
    assert "（2022年10月起共2期未报；另2022年9月未补正，2022年11月14日（周一，含）前补正" in form
    assert "；另2022年12月，2023年1月5日（周四，含）前报送" in form

    october = city.rows("swj")["2022-10"]
    content = RowContent(text="10月20日召开推进会，签约2个项目。", claim=Claim.ON_SCHEDULE)
    with city.database.transaction() as session:
        command = SubmitForm(october.period_id, (Entry(october.assignment_id or 0, content, city.values()),))
        submit_form(session, command, actor=city.liaison("swj"), at=made.clock.at)
    kinds = [kind for kind, _title in listed()]
    with made.client("swj") as liaison:
        page = _words(_page(liaison, "/today"))
    assert (kinds.count("form"), kinds.count("signature")) == (1, 1)
    assert "补报或补正1份逾期的" in page
    assert "另有1份等本单位负责人审签" in page
    [form] = [title for kind, title in listed() if kind == "form"]
    assert "2022年10月" not in form


def _one_row_extended(database: Database) -> OwedCity:
    """市商务局 owes September and October of two items; of October the second has time until 11-26."""
    reading = small_reading()
    first, second = reading.items
    second = replace(second, level=None, kind=first.kind, leads=first.leads)
    second = replace(second, cadences=(replace(first.cadences[0], quote="发生疫情"),))
    made = open_owed_city(database, reading=replace(reading, items=(first, second)))
    made.grow(at(11, 9))
    with database.reading() as session:
        shares = [row.assignment_id for row in session.scalars(select(FormRow)) if row.assignment_id is not None]
        wanted = select(col(FormRow.id)).where(
            col(FormRow.period_id) == made.rows("swj")["2022-10"].period_id,
            col(FormRow.assignment_id) == max(shares),
        )
        row_id = session.scalars(wanted).one() or 0
    with database.transaction() as session:
        moved = {"new_due_on": date(2022, 11, 26), "reason": "数据尚未核定", "actor": OFFICE, "at": at(11, 9)}
        move_due(session, row_id=row_id, **moved)  # type: ignore[arg-type] # by name
    return made


def test_one_row_with_more_time_dates_nothing_but_itself(database: Database, tmp_path: Path) -> None:
    city = _one_row_extended(database)
    site = Site(database, tmp_path, city=City(database))
    site.clock.at = at(11, 10)
    late = "另：2022年10月（一1）逾期未报，应于11月3日（周四，含）前报送，已逾期5个工作日"
    extended = "另：2022年10月（一2），11月26日（周六，含）前报送，还有11个工作日"
    with site.client("swj") as liaison:
        for address in ("/today", "/tasks?overdue=1", "/series/1"):
            page = _words(_page(liaison, address))
            assert late in page, address
            assert extended in page, address
    with database.reading() as session:
        person = Person(10, Role.LIAISON.value, city.unit_id("swj"), active=True)
        lines = open_work(session, person, now=site.clock.at)
        [line] = overdue_lines(session, now=site.clock.at, unit_ids=EVERY_UNIT, limit=9, document_id=1)[:1]
    [form] = [one.title for one in lines if one.kind.value == "form"]
    assert form.endswith(
        "（2022年9月起共2期未报；另2022年10月（一1）逾期未报，2022年11月3日（周四，含）前报送"
        "；另2022年10月（一2），2022年11月26日（周六，含）前报送）"
    )
    assert [(one.code, one.labels) for one in line.forms] == [
        ("2022-09", ("一1", "一2")),
        ("2022-10", ("一1",)),
        ("2022-10", ("一2",)),
    ]
