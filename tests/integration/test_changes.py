"""What others did since somebody was there last: from log-in to log-in, of what he may read, none of his own."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from sqlmodel import col

from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME, OFFICE
from tests.support.owed_city import BY
from tests.support.site import Site, post
from tracker.domain.filings import ReturnReason
from tracker.store.tables.units import LoginRow, UserRow
from tracker.usecases.returning import return_report


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = IN_TIME
    return made


def _text(client: FlaskClient, address: str = "/changes") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", answer.get_data(as_text=True)))


def _return(site: Site, report_id: int) -> None:
    with site.services.database.transaction() as session:
        person = session.scalars(select(UserRow).where(col(UserRow.login) == "office")).one()
        return_report(
            session,
            report_id=report_id,
            reason="没有实质进展",
            reason_class=ReturnReason.FIGURES,
            actor=replace(OFFICE, user_id=person.id),
            at=IN_TIME,
            by=BY,
        )


def test_the_first_time_there_is_nothing_before(site: Site) -> None:
    site.city.file(at=IN_TIME, code="swj")
    with site.client("swj") as liaison:
        assert "没有上一次登录的记录" in _text(liaison)
        assert "上次登录以来" not in _text(liaison, "/today")


def test_what_others_did_meanwhile_is_told_once_to_whom_it_concerns(site: Site) -> None:
    report_id = site.city.file(at=IN_TIME, code="swj")
    for login in ("swj", "swj-head", "tjj", "office", "leader"):
        with site.client(login):
            pass
    _return(site, report_id)
    for login, home, told in (
        ("swj", "/today", True),
        ("swj-head", "/sign-off", True),
        ("office", "/desk", False),  # his own act
        ("leader", "/leader", True),
        ("tjj", "/today", False),  # of another unit
    ):
        with site.client(login) as client:
            assert ("上次登录以来1项有变化" in _text(client, home)) is told, login
            listed = _text(client)
            assert ("督查室退回（市商务局）" in listed and "没有实质进展" in listed) is told, login
            assert ("没有他人办理的事项" in listed) is not told, login
    with site.client("swj") as liaison:
        assert "没有他人办理的事项" in _text(liaison)


def test_what_happens_while_one_is_there_is_not_new_the_next_time(site: Site) -> None:
    report_id = site.city.file(at=IN_TIME, code="swj")
    with site.client("swj"):
        pass
    with site.client("swj") as liaison:
        _return(site, report_id)
        assert "没有实质进展" in _text(liaison)
        with site.services.database.transaction() as session:
            for row in session.scalars(select(LoginRow)):
                row.last_seen_at -= timedelta(minutes=2)
        _text(liaison, "/today")  # which is noted
    with site.client("swj") as liaison:
        assert "没有他人办理的事项" in _text(liaison)


def test_who_is_asked_or_instructed_is_told_and_nobody_else(site: Site) -> None:
    site.clock.at = IN_TIME
    for login in ("swj", "tjj", "wjw", "leader", "office"):
        with site.client(login):
            pass
    with site.services.database.reading() as session:
        shares = {code: site.city.assignment(code, session) for code in ("swj", "tjj")}
    task = f"/tasks/{shares['swj'].task_id}"
    with site.client("swj") as lead:
        said = {"asked": str(shares["tjj"].id), "words": "请提供统计口径。", "answer_by": "2022-10-10"}
        assert post(lead, f"{task}/inquiries", at=f"{task}/inquiries", **said).status_code == 303
    with site.client("leader") as leader:
        said = {"words": "请说明原因", "given_on": "2022-09-28", "haste": "urgent", "asked": str(shares["swj"].id)}
        assert post(leader, f"{task}/instruct", at=f"{task}/instruct", **said).status_code == 303
    told: dict[str, set[str]] = {
        "swj": {"领导批示"},
        "tjj": {"提请协办"},
        "wjw": set(),
        "office": {"提请协办", "领导批示"},
    }
    for login, words in told.items():
        with site.client(login) as client:
            page = html.document_fromstring(client.get("/changes").get_data(as_text=True))
            assert {one.text for one in page.xpath("//tbody//td//b")} == words, login
