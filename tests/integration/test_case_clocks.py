"""A clock that runs for each case has no period per case: the form counts what came and what was done in time."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.eight_documents import issue
from tests.support.office import City
from tests.support.owed_city import OwedCity, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.site import Site, post
from tracker.domain.items import Basis, CadenceKind, ItemKind
from tracker.domain.readings.demands import Cadence
from tracker.domain.readings.reading import Reading
from tracker.store.database import Database
from tracker.store.queries.shares import facts_of_shares
from tracker.store.tables.documents import ItemRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow

WHEN = at(12, 28)


def _reading() -> Reading:
    """Return a document without response levels: 市商务局 has one working day for each case, 市卫健体委 none."""
    first, second = small_reading().items
    per_case = Cadence(CadenceKind.WITHIN_WORKDAYS, Basis.STATED, 1, "每月通报一次")
    first = replace(first, cadences=(per_case,), targets=())
    second = replace(second, kind=ItemKind.ACTION, level=None, cadences=())
    return replace(small_reading(), items=(first, second))


@pytest.fixture
def city(database: Database) -> OwedCity:
    city = open_owed_city(database, reading=_reading())
    city.grow(WHEN)
    return city


@pytest.fixture
def site(city: OwedCity, tmp_path: Path) -> Site:
    site = Site(city.database, tmp_path, city=City(city.database))
    site.clock.at = WHEN
    return site


def _form(city: OwedCity, counts: dict[str, str], **more: str) -> tuple[str, dict[str, str]]:
    """Return the address of the quarter's form, and what is written on it."""
    row = city.rows("swj")["2022Q4"]
    written = {"claim": "ongoing_active"} | counts | more
    return f"/periods/{row.period_id}/form", {f"a{row.assignment_id}-{name}": text for name, text in written.items()}


@pytest.mark.parametrize(
    ("counts", "why"),
    [
        ({}, "一1“每月通报一次招商情况”：请填写本期收到的件数，没有收到的填0。"),
        ({"in_time": "3"}, "一1“每月通报一次招商情况”：请填写本期收到的件数，没有收到的填0。"),
        ({"received": "5"}, "一1“每月通报一次招商情况”：本期收到5件，请填写其中按时办结的件数。"),
        ({"received": "5", "in_time": "6"}, "一1“每月通报一次招商情况”：按时办结6件，多于本期收到的5件，请核对。"),
        ({"received": "0", "in_time": "1"}, "一1“每月通报一次招商情况”：按时办结1件，多于本期收到的0件，请核对。"),
        (
            {"received": "2.5", "in_time": "1"},
            "一1“每月通报一次招商情况”本期收到件数应填写0或者正整数，小于一亿，填写的是“2.5”。",
        ),
        (
            {"received": "5", "in_time": "-1"},
            "一1“每月通报一次招商情况”其中按时办结件数应填写0或者正整数，小于一亿，填写的是“-1”。",
        ),
        (
            {"received": "100000000", "in_time": "1"},
            "一1“每月通报一次招商情况”本期收到件数应填写0或者正整数，小于一亿，填写的是“100000000”。",
        ),
    ],
)
def test_a_row_that_counts_wrongly_or_not_at_all_is_refused_in_words(
    city: OwedCity, site: Site, counts: dict[str, str], why: str
) -> None:
    address, fields = _form(city, counts, fact="12月20日召开推进会1次。")
    with site.client("swj") as liaison:
        answer = post(liaison, address, at=address, **fields)
        assert answer.status_code == 400
        assert why in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("counts", "shown"), [({"received": "5", "in_time": "4"}, ("5", "4")), ({"received": "0"}, ("0", "0"))]
)
def test_counted_cases_are_fact_enough_and_seen_by_head_office_and_whoever_reports_next(
    city: OwedCity, site: Site, counts: dict[str, str], shown: tuple[str, str]
) -> None:
    address, fields = _form(city, counts)
    received, in_time = shown
    words = f"收到<b>{received}件</b>，按时办结<b>{in_time}件</b>"
    with site.client("swj") as liaison:
        assert post(liaison, address, at=address, **fields).status_code == 303
        assert words in liaison.get(address).get_data(as_text=True)
    with city.database.reading() as session:
        report = session.scalars(select(ReportRow)).one()
    with site.client("swj-head") as head:
        queue = head.get("/sign-off")
        assert words in queue.get_data(as_text=True)
        assert post(head, f"/filings/{report.filing_id}/sign", at="/sign-off").status_code == 303
    with site.client("office") as office:
        assert words in office.get("/review").get_data(as_text=True)
        assert words in office.get(f"/tasks/{city.task_id()}").get_data(as_text=True)
    with city.database.reading() as session:
        told = session.scalars(select(col(EventRow.payload)).where(col(EventRow.type) == "report.filed")).one()
    assert [json.loads(told)[name] for name in ("cases_received", "cases_in_time")] == [int(received), int(in_time)]


def test_the_next_form_shows_what_was_counted_last(city: OwedCity, site: Site) -> None:
    address, fields = _form(city, {"received": "5", "in_time": "4"})
    with site.client("swj") as liaison:
        post(liaison, address, at=address, **fields)
    with city.database.transaction() as session:
        session.scalars(select(ReportRow)).one().state = "accepted"
    city.grow(at(3, 30, year=2023))
    site.clock.at = at(3, 30, year=2023)
    with site.client("swj") as liaison:
        page = liaison.get(f"/periods/{city.rows('swj')['2023Q1'].period_id}/form").get_data(as_text=True)
    assert "上次收到5件，按时办结4件" in page


def test_of_the_eight_documents_only_the_audit_of_credit_repairs_counts_cases(database: Database) -> None:
    issue(database)
    with database.reading() as session:
        shares = dict(
            session.execute(
                select(col(AssignmentRow.id), col(ItemRow.code))
                .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
                .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
            ).all()
        )
        facts = facts_of_shares(session, [id_ or 0 for id_ in shares])
    assert {shares[id_] for id_, share in facts.items() if share.counts_cases} == {"54-16"}
