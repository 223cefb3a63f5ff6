"""A hand-over sheet has what stands on 「今天」, list by list; a list that comes there is decided on here."""

import dataclasses
import re
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME
from tests.support.site import PASSWORD_HASH, Site, post
from tracker.domain.accounts import Role
from tracker.domain.handovers import OpenKind, OpenLine
from tracker.store.queries.absences import person
from tracker.store.queries.open_work import open_work
from tracker.store.tables.units import UserRow
from tracker.web.today import TodayView
from tracker.wording.open_work import OPEN_NAMES

# What each part of the page is on a sheet; None with the reason.
_ON_SHEETS: dict[str, frozenset[OpenKind] | None] = {
    "day": None,  # a date
    "sentence": None,  # the numbers of the lists
    "lists": frozenset({OpenKind.FORM}),
    "later": frozenset({OpenKind.FORM}),
    "sent_back": frozenset({OpenKind.FORM, OpenKind.SENT_BACK}),  # forms by what they owe, what else came back
    "waiting": frozenset({OpenKind.SIGNATURE}),
    "papers": frozenset({OpenKind.SERVED, OpenKind.SIGNATURE}),
    "petitions": frozenset({OpenKind.SIGNATURE}),
    "petitions_back": frozenset({OpenKind.SENT_BACK}),
    "new": frozenset({OpenKind.RECEIPT}),
    "asked": frozenset({OpenKind.INSTRUCTED, OpenKind.ASKED}),
    "asking": frozenset({OpenKind.ASKING}),
    "lowered": None,  # a right to object for some days, nothing that is to be done
}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A leader instructs 市商务局, which asks 市统计局, whose head sent the answer back."""
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = IN_TIME
    with made.services.database.transaction() as session:
        for code in ("swj", "tjj"):
            create_user(session, NewUser(f"{code}2", "乙", Role.LIAISON, PASSWORD_HASH, code))
    with made.services.database.reading() as session:
        share = made.city.assignment("swj", session)
    exchange, instruct = f"/tasks/{share.task_id}/inquiries", f"/tasks/{share.task_id}/instruct"
    said = {"words": "请说明签约为何落后", "given_on": "2022-09-28", "haste": "urgent", "asked": str(share.id)}
    with made.client("leader") as client:
        assert post(client, instruct, at=instruct, **said).status_code == 303
    with made.client("swj") as client:
        wanted = {"words": "请报9月签约项目数", "answer_by": "2022-10-12", "everyone": "yes"}
        assert post(client, exchange, at=exchange, **wanted).status_code == 303
    with made.client("tjj") as client:
        address = re.findall(r'href="(/asked/\d+)"', client.get("/today").get_data(as_text=True))[0]
        assert post(client, address, at=address, fact="9月签约3个项目").status_code == 303
    with made.client("tjj-head") as client:
        back = re.findall(r"/filings/\d+/send-back", client.get("/sign-off").get_data(as_text=True))[0]
        assert post(client, back, at="/sign-off", reason="再核").status_code == 303
    return made


def _work(site: Site, login: str) -> list[OpenLine]:
    with site.services.database.reading() as session:
        wanted = session.scalars(select(col(UserRow.id)).where(col(UserRow.login) == login)).one()
        found = person(session, user_id=wanted or 0)
        assert found is not None
        return open_work(session, found, now=site.clock.at)


def test_each_list_of_today_is_on_the_sheet_or_says_why_not() -> None:
    assert _ON_SHEETS.keys() == {field.name for field in dataclasses.fields(TodayView)}
    assert OPEN_NAMES.keys() == set(OpenKind)


@pytest.mark.parametrize("login", ["swj", "tjj"])
def test_a_sheet_has_as_many_as_today(site: Site, login: str) -> None:
    with site.client(login) as client:
        page = client.get("/today").get_data(as_text=True)
    heads = re.findall(r'<section class="panel" id="([\w-]+)".*?<span class="count">(\d+)<', page, re.DOTALL)
    shown = Counter({name: int(count) for name, count in heads})
    listed = Counter(line.kind for line in _work(site, login))
    assert listed[OpenKind.FORM] == sum(shown[name] for name in ("today", "late", "back", "soon", "later"))
    assert listed[OpenKind.SENT_BACK] == shown["sent-back"]
    assert listed[OpenKind.INSTRUCTED] + listed[OpenKind.ASKED] == shown["asked"] > 0
    assert listed[OpenKind.ASKING] == shown["asking"]
    assert (listed[OpenKind.SIGNATURE], listed[OpenKind.RECEIPT]) == (shown["waiting"], shown["new"])


def test_what_is_asked_stands_on_the_sheet_with_who_asks_and_until_when(site: Site) -> None:
    head = "swj-head"
    with site.client(head) as client:
        with site.services.database.reading() as session:
            ids = {login: id_ for id_, login in session.execute(select(col(UserRow.id), col(UserRow.login)))}
        at = f"/people/{ids['swj']}"
        moved = post(client, f"{at}/hand-over", at=at, to_id=str(ids["swj2"]), why="岗位调整")
        page = client.get(moved.location).get_data(as_text=True)
    for words in ("领导批示", "领导2022年9月28日批示：请说明签约为何落后", "提请的协办", "请报9月签约项目数（"):
        assert words in page, words
    [asked] = [line for line in _work(site, "tjj") if line.kind is OpenKind.ASKED]
    assert (asked.title, asked.why) == ("市商务局问：请报9月签约项目数", "尚未反馈")
    [back] = [line for line in _work(site, "tjj") if line.kind is OpenKind.SENT_BACK]
    assert (back.title, back.why) == ("协办反馈", "负责人退回后尚未再送")
