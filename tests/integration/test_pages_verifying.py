"""What a lead reads of its members' reports and says of them, what the office reads of it and accepts at once."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.member_city import open_member_city
from tests.support.office import City
from tests.support.owed_city import OFFICE, OwedCity, at
from tests.support.site import PASSWORD_HASH, Site, post
from tracker.domain.accounts import Role
from tracker.store.queries.lead_words import lead_words
from tracker.store.tables.filings import EvidenceRow, ReportRow
from tracker.usecases.accepting import accept_report

LIST = "/verifying"


@pytest.fixture
def city(tmp_path: Path) -> OwedCity:
    return open_member_city(fresh_sqlite(tmp_path), lead_hears=False)


@pytest.fixture
def site(city: OwedCity, tmp_path: Path) -> Site:
    """Both counties filed their September rows on 2022-09-27."""
    site = Site(city.database, tmp_path, city=City(city.database))
    with city.database.transaction() as session:
        create_user(session, NewUser("yc", "联络员", Role.LIAISON, PASSWORD_HASH, "yc"))
    for code in ("yc", "sp"):
        city.file(code, "2022-09", when=at(9, 27))
    site.clock.at = at(9, 28)
    return site


def _words(client: FlaskClient, address: str) -> str:
    return re.sub(r"<[^>]+>|\s+", "", client.get(address).get_data(as_text=True))


def test_a_lead_sees_how_much_waits_and_the_office_and_the_member_read_what_it_said(site: Site) -> None:
    with site.client("swj") as lead:
        assert "待核实成员报送2" in _words(lead, "/today")
        page = _words(lead, LIST)
        for words in ("驿城区", "自报达序时", "9月29日（周四，含）前核实"):
            assert words in page, words
        assert post(lead, "/verifying/reports/1", at=LIST).status_code == 400
        said = {"opinion": "lower", "claim": "behind", "reason": "只有1期"}
        assert post(lead, "/verifying/reports/1", at=LIST, **said).status_code == 303
        assert post(lead, "/verifying/reports/1", at=LIST, **said).status_code == 409
        assert "驿城区" not in _words(lead, LIST)
    with site.client("swj-head") as head:
        assert "成员报送1行待核实" in _words(head, "/sign-off")
    with site.client("office") as office:
        page = _words(office, "/review")
        for words in ("牵头已核实", "市商务局核实建议调整为未达序时：只有1期", "待牵头核实市商务局，自"):
            assert words in page, words
        assert "牵头单位核实" in _words(office, "/tasks/1")
        site.clock.at = at(9, 30)
        assert "牵头未核实" in _words(office, "/review")
    site.work()
    with site.client("yc") as member:
        assert "市商务局核实建议调整为未达序时：只有1期" in _words(member, "/tasks/1")
        assert "市商务局建议调整为未达序时：只有1期。" in _words(member, "/notices")


def test_another_unit_and_the_office_find_nothing_to_verify(site: Site) -> None:
    for login in ("tjj", "wjw-head"):
        with site.client(login) as other:
            assert "没有等待本单位核实的成员报送" in _words(other, LIST)
            assert post(other, "/verifying/reports/1", at=LIST, opinion="stands").status_code == 404
            assert post(other, "/verifying/confirm", at=LIST, report="1").status_code == 404
            assert post(other, "/review/confirmed", at=LIST, report="1").status_code == 404
    with site.client("office") as office:
        assert office.get(LIST).status_code == 404
        assert post(office, "/verifying/reports/1", at="/review", opinion="stands").status_code == 404


def test_the_office_accepts_at_once_what_the_lead_found_true_and_opens_the_sample_singly(site: Site) -> None:
    with site.client("swj") as lead:
        assert post(lead, "/verifying/confirm", at=LIST, report=["1", "2"]).status_code == 303
    with site.client("office") as office:
        with site.services.database.reading() as session:
            drawn, left = sorted(("1", "2"), key=lambda id_: not lead_words(session, [int(id_)])[int(id_)].sampled)
        page = _words(office, "/review")
        assert "核实属实2行，其中抽查1行" in page
        assert "1行按自报核定" in page
        assert post(office, "/review/confirmed", at="/review", report=drawn).status_code == 409
        assert post(office, f"/filings/{drawn}/accept", at="/review").status_code == 409
        assert post(office, "/review/confirmed", at="/review", report=left).status_code == 303
        assert post(office, f"/reports/{drawn}/accept", at="/review").status_code == 303
        assert "牵头已核实属实" not in _words(office, "/review")
    with site.services.database.reading() as session:
        assert set(session.scalars(select(col(ReportRow.state)))) == {"accepted"}


def _hand_in_files(site: Site) -> None:
    """Let both counties have a file under their report, each of the number of its report."""
    stored = site.services.evidence.store(BytesIO("台账".encode()), max_bytes=1000)
    with site.services.database.transaction() as session:
        for report_id, unit_name in ((1, "驿城区"), (2, "遂平县")):
            file = EvidenceRow(
                id=report_id,
                report_id=report_id,
                sha256=stored.sha256,
                name="通报.pdf",
                size_bytes=stored.size_bytes,
                media_type="application/pdf",
                uploaded_by=unit_name,
                uploaded_at=site.clock.at,
            )
            session.add(file)


@pytest.mark.parametrize("verified", [False, True])
def test_the_lead_downloads_the_files_of_what_it_verifies_and_another_unit_does_not(site: Site, verified: bool) -> None:
    _hand_in_files(site)
    with site.services.database.transaction() as session:
        create_user(session, NewUser("sp", "联络员", Role.LIAISON, PASSWORD_HASH, "sp"))
        accept_report(session, report_id=2, actor=OFFICE, at=site.clock.at)
    with site.client("swj") as lead:
        assert "通报.pdf" in _words(lead, LIST)
        if verified:
            assert post(lead, "/verifying/reports/1", at=LIST, opinion="stands").status_code == 303
    readers = {"swj": (1,), "swj-head": (1,), "yc": (1,), "sp": (2,), "tjj": (), "wjw-head": ()}
    for login, reads in readers.items():
        with site.client(login) as reader:
            for id_ in (1, 2):
                with reader.get(f"/evidence/{id_}") as answer:
                    assert answer.status_code == (200 if id_ in reads else 404), (login, id_)


def test_whoever_comes_second_reads_what_was_said_before(site: Site) -> None:
    """The lead's own people, and the office whose page was made before the lead spoke."""
    with site.client("office") as office:
        seen = office.get("/review").get_data(as_text=True).split('name="seen" value="', 1)[1].split('"', 1)[0]
    with site.client("swj-head") as head:
        said = {"opinion": "lower", "claim": "behind", "reason": "只有1期"}
        assert post(head, "/verifying/reports/1", at=LIST, **said).status_code == 303
    with site.client("swj") as lead:
        for address, fields in (
            ("/verifying/reports/1", {"opinion": "return", "reason": "数据不实"}),
            ("/verifying/confirm", {"report": "1"}),
        ):
            second = post(lead, address, at=LIST, **fields)
            page = second.get_data(as_text=True)
            assert (second.status_code, "只有1期" in page, "已经核实" in page) == (409, True, True), address
    with site.client("office") as office:
        sent_back = {"reason": "缺少数据", "reason_class": "no_evidence"}
        for act, fields in (("accept", {}), ("return", sent_back)):
            early = post(office, f"/reports/1/{act}", at="/review", seen=seen, **fields)
            assert (early.status_code, "只有1期" in early.get_data(as_text=True)) == (409, True), act
        assert post(office, "/reports/1/accept", at="/review").status_code == 303


def test_a_lead_that_comes_after_the_office_reads_what_that_decided_and_another_member_does_not(site: Site) -> None:
    with site.client("office") as office:
        lowered = {"claim": "behind", "reason": "只有1期"}
        assert post(office, "/reports/1/accept", at="/review", **lowered).status_code == 303
    with site.client("swj") as lead:
        late = post(lead, "/verifying/reports/1", at=LIST, opinion="stands")
        assert (late.status_code, "只有1期" in late.get_data(as_text=True)) == (409, True)
    with site.client("tjj") as other:
        refused = post(other, "/verifying/reports/1", at="/today", opinion="stands")
        assert (refused.status_code, "只有1期" in refused.get_data(as_text=True)) == (404, False)
