"""All open work of a person goes to another, with a sheet; an account is not disabled over it unknowingly."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from lxml import html
from openpyxl import load_workbook
from sqlalchemy import select
from sqlmodel import col

from tests.support.accounts import NewUser, create_user
from tests.support.office import IN_TIME
from tests.support.site import PASSWORD_HASH, Site, post
from tracker.domain.accounts import Actor, Role
from tracker.domain.calendar import full_date, local_day
from tracker.domain.deliveries import Outgoing
from tracker.domain.handovers import OpenWorkLeft, ReceiverUnfit
from tracker.steps.notices import notify
from tracker.store.database import Database
from tracker.store.queries.absences import may_act_for
from tracker.store.queries.reminders import count_unread, notices_for
from tracker.store.tables.absences import AbsenceRow, HandoverRow
from tracker.store.tables.events import EventRow, ReminderRow
from tracker.store.tables.units import UserRow
from tracker.usecases.handing_over import hand_over
from tracker.wording.refusals import sentence


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    made = Site(database, tmp_path)
    made.clock.at = IN_TIME
    with made.services.database.transaction() as session:
        for login, name in (("li", "李某"), ("wang", "王某"), ("zhao", "赵某")):
            create_user(session, NewUser(login, name, Role.LIAISON, PASSWORD_HASH, "swj"))
        session.flush()
        for event_id, only in ((1, "li"), (2, "li"), (2, "wang")):
            told = session.scalars(select(UserRow).where(col(UserRow.login) == only)).one()
            notify(
                session,
                rule="document.issued",
                subject_id=event_id,
                unit_id=None,
                subject=f"新交办：{event_id}",
                reason="",
                tasks=(),
                at=IN_TIME,
                mail_at=IN_TIME,
                outgoing=Outgoing(mail=False, machine_now=IN_TIME),
                person_id=told.id,
            )
        li, zhao = (session.scalars(select(UserRow).where(col(UserRow.login) == who)).one() for who in ("li", "zhao"))
        today = local_day(IN_TIME)
        away = AbsenceRow(
            user_id=zhao.id or 0,
            deputy_id=li.id,
            first_on=today,
            last_on=today,
            reason="出差",
            set_by="",
            set_at=IN_TIME,
        )
        session.add(away)
    return made


def _id(site: Site, login: str) -> int:
    with site.services.database.reading() as session:
        return session.scalars(select(col(UserRow.id)).where(col(UserRow.login) == login)).one() or 0


def _hand_over(site: Site, login: str = "swj-head", *, to: str = "wang", **more: str) -> str:
    at = f"/people/{_id(site, 'li')}"
    with site.client(login) as client:
        answer = post(client, f"{at}/hand-over", at=at, to_id=str(_id(site, to)), why="岗位调整", **more)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return answer.location


def _subjects(site: Site, login: str, *, unread: bool = True) -> list[str]:
    with site.services.database.reading() as session:
        rows = notices_for(session, user_id=_id(site, login), limit=99)
        return [row.subject for row in rows if (row.read_at is None) == unread]


def test_unread_messages_go_over_and_nobody_is_told_twice(site: Site) -> None:
    assert (_subjects(site, "li"), _subjects(site, "wang")) == (["新交办：2", "新交办：1"], ["新交办：2"])
    _hand_over(site)
    assert (_subjects(site, "li"), _subjects(site, "li", unread=False)) == ([], ["新交办：2"])
    assert _subjects(site, "wang") == ["新交办：2", "新交办：1"]
    with site.services.database.reading() as session:
        ledger = select(col(ReminderRow.recipient)).where(col(ReminderRow.subject) == "新交办：1")
        assert session.scalars(ledger).all() == ["市商务局 李某"]  # to whom it was sent stays written


def test_standing_in_for_others_goes_over_but_not_to_whom_it_is_for(site: Site) -> None:
    def acting() -> list[list[str]]:
        on = local_day(IN_TIME)
        with site.services.database.reading() as session:
            return [[one.name for one in may_act_for(session, user_id=_id(site, who), on=on)] for who in ("li", "wang")]

    assert acting() == [["赵某"], []]
    _hand_over(site)
    assert acting() == [[], ["赵某"]]


def test_who_is_away_himself_gets_the_work_and_stands_in_for_nobody(site: Site) -> None:
    address = _hand_over(site, to="zhao", although_away="yes")
    with site.services.database.reading() as session:
        standing = session.scalars(select(AbsenceRow).where(col(AbsenceRow.ended_at).is_(None))).one()
        assert (standing.user_id, standing.deputy_id) == (_id(site, "zhao"), None)
    with site.client("zhao") as client:
        assert "代赵某办理" not in client.get(address).get_data(as_text=True), "nobody stands in for himself"


def test_work_goes_to_somebody_who_is_away_knowingly_only(site: Site) -> None:
    at = f"/people/{_id(site, 'li')}"
    with site.client("swj-head") as client:
        assert "赵某（请假至2022年9月28日（含），由李某代办）" in client.get(at).get_data(as_text=True)
        refused = post(client, f"{at}/hand-over", at=at, to_id=str(_id(site, "zhao")), why="岗位调整")
    page = refused.get_data(as_text=True)
    assert (refused.status_code, "赵某请假至2022年9月28日（含），由李某代办。请另选接收人" in page) == (409, True)
    with site.services.database.reading() as session:
        assert session.scalars(select(HandoverRow)).all() == []


@pytest.mark.parametrize(
    ("to", "deputy"), [("zhao", "未指定代办人"), ("wang", "由王某代办")], ids=["his own deputy", "another"]
)
def test_who_is_away_is_told_who_acts_for_him_now_and_not_that_his_leave_ended(
    site: Site, to: str, deputy: str
) -> None:
    _hand_over(site, to=to, although_away="yes")
    site.work()
    told = [subject for subject in _subjects(site, "zhao") if subject.startswith(("请假", "登记", "代办人"))]
    assert told == ["代办人变更：赵某"]
    with site.services.database.reading() as session:
        [said] = [
            row.reason
            for row in notices_for(session, user_id=_id(site, "zhao"), limit=9)
            if "代办人变更" in row.subject
        ]
    assert f"2022年9月28日至2022年9月28日，出差，{deputy}" in said
    assert any(subject.startswith("代办终止") for subject in _subjects(site, "li"))


def test_the_sheet_lists_what_was_open_with_its_days_and_stays_as_it_was(site: Site) -> None:
    address = _hand_over(site)
    site.work()
    for login, seen in (("li", 200), ("wang", 200), ("swj-head", 200), ("swj", 404), ("tjj", 404), ("tjj-head", 404)):
        with site.client(login) as client:
            assert client.get(address).status_code == seen, login
    with site.client("wang") as client:
        assert "工作移交：李某移交王某" in client.get("/notices").get_data(as_text=True)
        page = client.get(address).get_data(as_text=True)
        assert all(
            word in page
            for word in (
                "移交人：李某　接收人：王某　经办：负责人",
                "岗位调整",
                "待报送",
                "待签收",
                "未读消息",
                "代赵某办理",
            )
        )
        assert address in client.get("/me").get_data(as_text=True)
        book = load_workbook(BytesIO(client.get(f"{address}/sheet.xlsx").data)).worksheets[0]
        cells = list(book.iter_rows(values_only=True))
    assert any(row[1] == "待报送" and "月" in str(row[6]) for row in cells)


def test_the_sheet_is_printed_and_signed_with_where_each_matter_stands(site: Site) -> None:
    """Page and workbook say the same: who, each matter with number, clause and cause, how many, room to sign."""
    site.clock.at += timedelta(days=60)
    address = _hand_over(site)
    with site.client("wang") as client:
        page = client.get(address).get_data(as_text=True)
        sheet = load_workbook(BytesIO(client.get(f"{address}/sheet.xlsx").data)).worksheets[0]
    lines = [[str(cell) for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    said = "\n".join("".join(line) for line in lines)
    for room in (page, said):
        for words in (
            "工作交接单",
            "市商务局",
            "经办：负责人",
            "岗位调整",
            "未了原因",
            "逾期自",
            "逾期未报",
            "交办后尚未签收",
        ):
            assert words in room, words
        assert all(f"{who}（签字）" in room for who in ("移交人", "接收人", "单位负责人"))
        assert "已移交，交接单如下" not in room, "what is told of the act is no part of the sheet"
    work = [line for line in lines if line[0].isdigit()]
    assert f"未了事项共{len(work)}项，其中逾期{sum(line[7] != '—' for line in work)}项。" in said
    assert all(line[2:4] != ["—", "—"] for line in work if line[1] in ("待报送", "待签收"))
    assert any(line[7] != "—" for line in work)
    labels = re.findall(r'<td role="cell" data-label="([^"]+)"', page)
    heads = re.findall(r'<th role="columnheader" scope="col">([^<]+)<', page)
    assert labels == heads * len(work), "on a phone each cell says what it is"
    assert (sheet.page_setup.orientation, sheet.print_title_rows is not None) == ("landscape", True)
    with site.services.database.reading() as session:
        event = session.scalars(select(col(EventRow.payload)).where(col(EventRow.type) == "account.handed_over")).one()
    assert f'"listed": {len(work)}' in event, "messages are no work, in the event as on the sheet"


@pytest.mark.parametrize(
    ("role", "heading", "line"),
    [(Role.LEADER, "领导", "角色：领导"), (Role.SUPERVISOR, "市政府督查室", "单位：市政府督查室")],
)
def test_a_sheet_of_somebody_of_no_unit_does_not_make_him_one_of_the_office(
    site: Site, role: Role, heading: str, line: str
) -> None:
    with site.services.database.transaction() as session:
        for login in ("xu", "he"):
            create_user(session, NewUser(login, f"{login}某", role, PASSWORD_HASH))
    at = f"/people/{_id(site, 'xu')}"
    with site.client("sysadmin") as client:
        assert heading in html.document_fromstring(client.get(at).data).xpath("string(//h1)")
        assert ("市政府督查室" in client.get(at).get_data(as_text=True)) == (role is Role.SUPERVISOR)
        answer = post(client, f"{at}/hand-over", at=at, to_id=str(_id(site, "he")), why="岗位调整")
    assert answer.status_code == 303
    with site.client("he") as client:
        listed = html.document_fromstring(client.get("/me").data).xpath('//a[starts-with(@href, "/hand-overs/")]/@href')
        page = html.document_fromstring(client.get(listed[0]).data)
        assert page.xpath("string(//h1/span)") == heading
        book = load_workbook(BytesIO(client.get(f"{listed[0]}/sheet.xlsx").data)).worksheets[0]
    assert line in [row[0] for row in book.iter_rows(values_only=True)]


def test_unread_messages_are_one_number_beside_the_work_not_work(site: Site) -> None:
    at = f"/people/{_id(site, 'li')}"
    for login, address in (("swj-head", at), ("sysadmin", f"/accounts/{_id(site, 'li')}")):
        with site.client(login) as client:
            told = client.get(address).get_data(as_text=True)
            assert "在办工作1项（在办文稿、在拆解文件、受托代办），未读消息2条" in told
    address = _hand_over(site)
    with site.client("wang") as client:
        page = client.get(address).get_data(as_text=True)
        cells = list(
            load_workbook(BytesIO(client.get(f"{address}/sheet.xlsx").data)).worksheets[0].iter_rows(values_only=True)
        )
    work = [row for row in cells if str(row[0] or "").isdigit()]
    assert "未读消息：2条，已转接收人" in page
    assert "新交办：" not in page
    assert f'<span class="count">{len(work)}</span>' in page
    assert {row[1] for row in work} == {"待报送", "待签收", "受托代办"}
    assert any("未读消息：2条，已转接收人" in str(row[0]) for row in cells)


def test_it_is_one_event_without_what_the_work_is_about(site: Site) -> None:
    _hand_over(site)
    with site.services.database.reading() as session:
        told = session.scalars(select(col(EventRow.payload)).where(col(EventRow.type) == "account.handed_over")).one()
    assert '"messages": 2' in told
    assert "新交办" not in told


def test_the_administrator_hands_over_and_sees_no_matter(site: Site) -> None:
    back = _hand_over(site, "sysadmin")
    with site.client("sysadmin") as client:
        page = client.get(back).get_data(as_text=True)
        assert "本人名下没有在办工作和未读消息" in page
        assert "新交办" not in page
        assert client.get("/hand-overs/1").status_code == 404


@pytest.mark.parametrize("to", ["li", "swj-head", "tjj", "office"])
def test_work_goes_to_another_of_the_same_unit_and_role(site: Site, to: str) -> None:
    head = Actor(_id(site, "swj-head"), "负责人", Role.UNIT_HEAD, site.city.unit_id("swj"))
    user_id, to_id = _id(site, "li"), _id(site, to)
    with site.services.database.transaction() as session, pytest.raises(ReceiverUnfit):
        hand_over(session, user_id=user_id, to_id=to_id, reason="岗位调整", actor=head, at=IN_TIME)


def test_an_account_with_open_work_is_moved_and_disabled_after_a_hand_over_or_knowingly(site: Site) -> None:
    at = f"/accounts/{_id(site, 'li')}"
    with site.client("sysadmin") as client:
        refused = post(client, f"{at}/disable", at=at, reason="调离")
        assert (refused.status_code, "请先移交" in refused.get_data(as_text=True)) == (409, True)
    with site.client("sysadmin") as client:
        elsewhere = {"name": "李某", "unit_id": str(site.city.unit_id("tjj"))}
        refused = post(client, at, at=at, **elsewhere)
        assert (refused.status_code, "请先移交" in refused.get_data(as_text=True)) == (409, True)
        assert post(client, at, at=at, name="李某某", unit_id=str(site.city.unit_id("swj"))).status_code == 303
    site.work()
    _hand_over(site)
    site.work()  # he is told that it was handed over, which is no work
    with site.services.database.reading() as session:
        assert count_unread(session, user_id=_id(site, "li")) > 0, "nobody told him"
    with site.client("sysadmin") as client:
        assert "请先移交" not in client.get(at).get_data(as_text=True)
        assert post(client, at, at=at, **elsewhere).status_code == 303
        assert post(client, f"{at}/disable", at=at, reason="调离").status_code == 303
        at = f"/accounts/{_id(site, 'wang')}"
        assert post(client, f"{at}/disable", at=at, reason="调离", anyway="yes").status_code == 303


@pytest.mark.parametrize(
    ("left", "unread", "words"),
    [
        (2, 0, "本人名下还有在办工作2项（在办文稿、在拆解文件、受托代办），请先移交"),
        (0, 33, "本人名下还有未读消息33条，请先移交"),
        (1, 1, "本人名下还有在办工作1项（在办文稿、在拆解文件、受托代办），未读消息1条，请先移交"),
    ],
)
def test_of_what_is_left_only_what_there_is_is_named(left: int, unread: int, words: str) -> None:
    assert sentence(OpenWorkLeft(open=left, unread=unread)).startswith(words)


def test_a_hand_over_and_leave_stand_on_the_pages_of_the_accounts(site: Site) -> None:
    """With why, for whoever answers for the accounts: a hand-over with who has the work from then on too."""
    _hand_over(site)
    day, at = local_day(IN_TIME) + timedelta(days=3), f"/people/{_id(site, 'li')}"
    with site.client("swj-head") as client:
        sent = {
            "first_on": day.isoformat(),
            "last_on": day.isoformat(),
            "reason": "培训",
            "deputy_id": str(_id(site, "wang")),
        }
        assert post(client, f"{at}/leave", at=at, **sent).status_code == 303
    moved, away = "李某的工作移交王某", f"登记李某请假，{full_date(day)}至{full_date(day)}，由王某代办"
    for login, room, own in (("li", "accounts", True), ("wang", "accounts", False), ("li", "grants", True)):
        with site.client("secadmin" if room == "grants" else "sysadmin") as client:
            page = client.get(f"/{room}/{_id(site, login)}").get_data(as_text=True)
        assert (moved in page, "岗位调整" in page) == (True, True), login
        assert (away in page, "培训" in page) == (True, own), login


def test_another_deputy_is_told_alike_wherever_it_stands(site: Site) -> None:
    """Neither ended the leave nor was any entered anew: on the pages of all three accounts, and on the auditor's."""
    _hand_over(site)
    day = "2022年9月28日"
    gone, came = "变更赵某请假的代办人，李某不再代办", f"变更赵某请假的代办人，{day}至{day}，由王某代办"
    told = {}
    for login in ("zhao", "li", "wang"):
        with site.client("sysadmin") as client:
            page = client.get(f"/accounts/{_id(site, login)}").get_data(as_text=True)
        told[login] = (gone in page, came in page, "提前结束赵某" in page or "登记赵某" in page)
    assert told == {"zhao": (True, True, False), "li": (True, False, False), "wang": (False, True, False)}
    with site.client("auditor") as client:
        page = client.get("/audit").get_data(as_text=True)
    assert page.count('data-label="事项">变更代办人<') == 2
