"""Accounts: created by one, granted by another, changed, disabled and reset."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.codes import granted, shown_codes
from tests.support.databases import fresh_sqlite
from tests.support.site import PASSWORD, PASSWORD_HASH, Site
from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import SYSTEM, Actor, Role
from tracker.domain.calendar import local_day
from tracker.store.database import Database
from tracker.store.queries.accounts import AccountState, account_lines, count_accounts
from tracker.store.tables.events import EventRow
from tracker.store.tables.units import UnitAliasRow, UserRow
from tracker.usecases.accounts import (
    NewUser,
    SecondPersonForAccount,
    UnknownUnit,
    create_account,
    grant_role,
    unit_named,
)
from tracker.usecases.renaming import rename_unit

_NEW = "Kz4#mTq9xL-tian"
_NOW = Moment(now=datetime.now(UTC), at=datetime(2022, 9, 2, 1, 0, tzinfo=UTC))
_MATTERS = ("/documents", "/circulars", "/tasks?overdue=1", "/tasks/1", "/evidence/1", "/notices", "/desk")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.app.config["WTF_CSRF_ENABLED"] = False
    yield made
    made.services.database.dispose()


def _user(site: Site, login: str) -> UserRow:
    with site.services.database.reading() as session:
        return session.scalars(select(UserRow).where(col(UserRow.login) == login)).one()


def _told(site: Site) -> list[tuple[str, dict[str, object]]]:
    with site.services.database.reading() as session:
        wanted = select(col(EventRow.type), col(EventRow.payload)).where(col(EventRow.type).startswith("account."))
        return [(type_, json.loads(payload)) for type_, payload in session.execute(wanted.order_by(col(EventRow.seq)))]


def _logged_in(site: Site, login: str, password: str = PASSWORD) -> FlaskClient:
    client = site.app.test_client()
    assert client.post("/login", data={"login": login, "password": password}).status_code == 303
    return client


def _said(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def _create(site: Site, **fields: str) -> TestResponse:
    sent = {"login": "zhangsan", "name": "张三", "unit_id": str(site.city.unit_id("swj")), "asked_role": "liaison"}
    return _logged_in(site, "sysadmin").post("/accounts", data={**sent, **fields}, follow_redirects=True)


@pytest.mark.parametrize("role", ["supervisor", "leader", "system_admin", "security_admin", "audit_admin"])
def test_who_sees_all_units_is_somebody_of_none_of_them(site: Site, role: str) -> None:
    asked = _create(site, asked_role=role)
    assert (asked.status_code, "不属任何单位" in _said(asked)) == (409, True)
    _create(site)
    user = _user(site, "zhangsan")
    refused = _logged_in(site, "secadmin").post(f"/grants/{user.id}", data={"role": role, "reason": "任职文件"})
    assert (refused.status_code, "请先将所属单位改为“无”" in _said(refused)) == (409, True)
    assert _user(site, "zhangsan").role == "pending"


def test_an_account_comes_from_two_people_and_is_opened_by_a_code_that_is_shown_once(site: Site) -> None:
    made = _create(site)
    assert made.status_code == 200
    [first] = shown_codes(made)
    user = _user(site, "zhangsan")
    assert (user.role, user.asked_role) == ("pending", "liaison")
    assert first not in _said(_logged_in(site, "sysadmin").get(f"/accounts/{user.id}"))
    security = _logged_in(site, "secadmin")
    assert "张三" in _said(security.get("/grants"))
    [second] = granted(site, user.id, "liaison")
    assert second not in _said(security.get(f"/grants/{user.id}/code"))
    code = f"{first} {second}"
    own = _logged_in(site, "zhangsan", code.lower())
    assert [own.get(address).location for address in ("/today", "/", "/documents")] == ["/me"] * 3
    assert own.post("/me/log-ins/end").status_code == 403
    for shown in (code, code.lower(), code.replace("-", ""), first, second):
        kept = own.post("/me/password", data={"old_password": code, "new_password": shown, "new_again": shown})
        assert (kept.status_code, _user(site, "zhangsan").must_change) == (400, True)  # others have read it
    sent = {"old_password": code, "new_password": _NEW, "new_again": _NEW}
    assert own.post("/me/password", data=sent).status_code == 303
    assert own.get("/today").status_code == 200
    assert _logged_in(site, "zhangsan", _NEW).get("/today").status_code == 200
    told = ["account.created", "account.role_granted", "account.code_completed", "account.password_changed"]
    assert [type_ for type_, _facts in _told(site)] == told
    assert all(word not in json.dumps(_told(site)) for word in (first, second, _NEW, "argon2"))


def test_a_code_that_nobody_used_in_time_is_said_to_have_expired(site: Site) -> None:
    _create(site)
    id_ = _user(site, "zhangsan").id
    granted(site, id_, "liaison")
    pages = (("sysadmin", f"/accounts/{id_}"), ("secadmin", f"/grants/{id_}"), ("sysadmin", "/accounts?state=code"))
    for days, expired in ((3, False), (-1, True)):
        with site.services.database.transaction() as session:
            user = session.scalars(select(UserRow).where(col(UserRow.login) == "zhangsan")).one()
            user.code_expires_at = datetime.now(UTC) + timedelta(days=days)
        for login, address in pages:
            page = _said(_logged_in(site, login).get(address))
            said = ("过期" in page, "一次性口令有效至" in page)
            assert said == (expired, not expired and "?" not in address), (address, days)


def test_who_had_to_change_his_password_comes_to_the_first_page_of_his_role(site: Site) -> None:
    id_ = _user(site, "swj").id
    reset = _logged_in(site, "sysadmin").post(f"/accounts/{id_}/reset", data={"reason": "遗忘"}, follow_redirects=True)
    code = "".join(shown_codes(reset) + granted(site, id_, "liaison"))
    own = _logged_in(site, "swj", code)
    sent = {"old_password": code, "new_password": _NEW, "new_again": _NEW}
    assert own.post("/me/password", data=sent).location == "/"
    assert own.get("/").location == "/today"
    again = {"old_password": _NEW, "new_password": f"{_NEW}2", "new_again": f"{_NEW}2"}
    assert own.post("/me/password", data=again).location == "/me"


def test_every_fault_of_a_new_account_is_said_at_once(site: Site) -> None:
    refused = _create(site, login="张三", name=" ", unit_id="", email="kaputt")
    words = ("账号只能用小写字母", "请填写姓名", "必须有所属单位", "电子邮箱格式不正确")
    assert (refused.status_code, [word for word in words if word not in _said(refused)]) == (400, [])


def test_a_code_is_shown_once_and_a_reload_sends_nothing_again(site: Site) -> None:
    client, unit = _logged_in(site, "sysadmin"), str(site.city.unit_id("swj"))
    sent = {"login": "zhangsan", "name": "张三", "unit_id": unit, "asked_role": "liaison"}
    made = client.post("/accounts", data=sent)
    id_ = _user(site, "zhangsan").id
    assert (made.status_code, made.location) == (303, f"/accounts/{id_}/code")
    cookies = " ".join(made.headers.getlist("Set-Cookie"))
    [code] = shown_codes(client.get(made.location))
    granting = _logged_in(site, "secadmin").get(f"/grants/{id_}")
    assert (granting.status_code, "系统管理员填报的申请角色：联络员" in _said(granting)) == (200, True)
    session = next(c for c in cookies.split() if c.startswith("session=")).removeprefix("session=").strip(";")
    read = site.app.session_interface.get_signing_serializer(site.app)  # type: ignore[attr-defined]  # Flask's own
    assert code not in str(read.loads(session)), "whoever reads the cookie reads the code"
    again = client.get(made.location)
    assert (again.status_code, "已经显示过" in _said(again), shown_codes(again)) == (200, True, [])
    assert [type_ for type_, _facts in _told(site)] == ["account.created"]


def test_why_something_was_done_to_an_account_stands_on_its_page(site: Site) -> None:
    """Who is asked for a reason tells it to those who answer for the account, and to its own person."""
    sysadmin, security = _logged_in(site, "sysadmin"), _logged_in(site, "secadmin")
    id_ = _user(site, "swj").id
    acts = (
        (security, f"/grants/{id_}", {"role": "unit_head", "reason": "驻商〔2022〕3号"}, "联络员”变更为“单位负责人"),
        (security, f"/grants/{id_}/take-back", {"reason": "任职文件有误"}, "收回角色“单位负责人”"),
        (security, f"/grants/{id_}", {"role": "liaison", "reason": "单位来函"}, "授予角色“联络员”"),
        (sysadmin, f"/accounts/{id_}/disable", {"reason": "借调<外单位>"}, "停用账号"),
        (sysadmin, f"/accounts/{id_}/enable", {"reason": "借调期满"}, "启用账号"),
    )
    for client, address, fields, _words in acts:
        assert client.post(address, data=fields).status_code in (200, 303), address
    pages = [_said(client.get(f"{room}/{id_}")) for client, room in ((sysadmin, "/accounts"), (security, "/grants"))]
    for _client, _address, fields, words in acts:
        assert all(words in page and str(escape(fields["reason"])) in page for page in pages), words
    told = _said(_logged_in(site, "secadmin").get(f"/grants/{_user(site, 'tjj').id}"))
    assert "办理记录" in told
    assert "借调" not in told


def test_a_code_is_good_for_its_hours_only(site: Site) -> None:
    first = shown_codes(_create(site))
    with site.services.database.transaction() as session:  # it waited for longer than it is good
        session.scalars(select(UserRow).where(col(UserRow.login) == "zhangsan")).one().code_expires_at = _NOW.now
    code = "".join(first + granted(site, _user(site, "zhangsan").id, "liaison"))
    with site.services.database.transaction() as session:
        user = session.scalars(select(UserRow).where(col(UserRow.login) == "zhangsan")).one()
        assert user.code_expires_at is not None
        assert timedelta(hours=71) < user.code_expires_at - datetime.now(UTC) <= timedelta(hours=72)
        user.code_expires_at = datetime.now(UTC)
    answer = site.app.test_client().post("/login", data={"login": "zhangsan", "password": code})
    assert (answer.status_code, "已过有效期" in _said(answer)) == (403, True)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"login": "swj"}, "账号swj已经存在"),
        ({"login": "张三"}, "账号只能用小写字母"),
        ({"login": "a\nb"}, "账号只能用小写字母"),
        ({"name": "\u3000"}, "请填写姓名"),
        ({"unit_id": ""}, "必须有所属单位"),
        ({"unit_id": "99999"}, "单位名册中没有这个单位"),
        ({"asked_role": "system"}, "请从列出的选项中选择"),
        ({"asked_role": "pending"}, "请从列出的选项中选择"),
        ({"email": "a b@c"}, "电子邮箱格式不正确"),
        ({"email": "“中文”@例子.中国"}, "电子邮箱格式不正确"),
        ({"email": "zhang..san@zmd.gov.cn"}, "电子邮箱格式不正确"),
        ({"name": "张" * 41}, "姓名不能超过40字，现有41字"),
        ({"email": "a@b\nBcc: x@y"}, "电子邮箱格式不正确"),
    ],
)
def test_what_is_no_account_is_refused_in_words(site: Site, fields: dict[str, str], words: str) -> None:
    answer = _create(site, **fields)
    assert (answer.status_code in (400, 409), words in _said(answer)) == (True, True), _said(answer)[-2000:]
    assert _told(site) == []


@pytest.mark.parametrize("role", ["liaison", "unit_head"])
def test_nobody_of_a_unit_is_without_one_in_the_database_either(database: Database, role: str) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(UserRow(login="x", name="x", role=role, password_hash="-"))


def test_another_unit_takes_the_role_back_until_it_is_granted_anew(site: Site) -> None:
    liaison, user, beside = _logged_in(site, "swj"), _user(site, "swj"), _user(site, "tjj")
    fields = {"name": "李四", "unit_id": str(beside.unit_id), "email": "ls@example.org"}
    sysadmin = _logged_in(site, "sysadmin")
    assert sysadmin.post(f"/accounts/{user.id}", data=fields).status_code == 303
    now = _user(site, "swj")
    assert (now.role, now.asked_role, now.unit_id) == ("pending", "liaison", beside.unit_id)
    own, granting = (
        _said(_logged_in(site, "swj").get("/me")),
        _said(_logged_in(site, "secadmin").get(f"/grants/{user.id}")),
    )
    assert ("原角色已收回（原因：所属单位变更），待安全保密管理员授予" in own, "账号已开通" in own) == (True, False)
    assert ("收回前的角色：联络员（收回原因：所属单位变更）" in granting, "系统管理员填报" in granting) == (True, False)
    assert all("所属单位（“市商务局”改为“市统计局”）" in page for page in (own, granting))
    assert liaison.get("/today").status_code == 302
    assert "ls@example.org" not in json.dumps(_told(site))
    same_unit = {"name": "王五", "unit_id": str(beside.unit_id), "email": ""}
    assert sysadmin.post(f"/accounts/{beside.id}", data=same_unit).status_code == 303
    assert (_user(site, "tjj").role, _user(site, "tjj").name) == ("liaison", "王五")


def test_disabling_resetting_and_granting_end_log_ins(site: Site) -> None:
    sysadmin, security = _logged_in(site, "sysadmin"), _logged_in(site, "secadmin")
    why = {"reason": "调离"}
    acts: tuple[tuple[str, Callable[[int | None], TestResponse]], ...] = (
        ("swj", lambda id_: sysadmin.post(f"/accounts/{id_}/disable", data=why)),
        ("tjj", lambda id_: sysadmin.post(f"/accounts/{id_}/reset", data=why)),
        ("wjw", lambda id_: security.post(f"/grants/{id_}/take-back", data=why)),
        ("office", lambda id_: security.post(f"/grants/{id_}/log-ins")),
    )
    for login, act in acts:
        client = _logged_in(site, login)
        assert client.get("/").status_code == 302
        assert act(_user(site, login).id).status_code in (200, 303)
        assert client.get("/").location == "/login?next=/", login
    again = security.post(f"/grants/{_user(site, 'office').id}/log-ins", follow_redirects=True)
    assert "该账号没有在用的登录。" in again.get_data(as_text=True)
    sent = {"login": "swj", "password": PASSWORD}
    assert site.app.test_client().post("/login", data=sent).status_code == 403
    enabled = sysadmin.post(f"/accounts/{_user(site, 'swj').id}/enable", data={"reason": "返岗"}, follow_redirects=True)
    code = "".join(shown_codes(enabled) + granted(site, _user(site, "swj").id, "liaison"))
    assert site.app.test_client().post("/login", data=sent).status_code == 403
    assert _logged_in(site, "swj", code).get("/today").location == "/me"


def test_nobody_decides_on_himself_and_the_last_administrators_stay(site: Site) -> None:
    sysadmin, security = _logged_in(site, "sysadmin"), _logged_in(site, "secadmin")
    own, other = _user(site, "sysadmin").id, _user(site, "secadmin").id
    granted = {"role": "reader", "reason": "x"}
    for refused in (
        sysadmin.post(f"/accounts/{own}/disable", data={"reason": "x"}),
        sysadmin.post(f"/accounts/{own}/reset", data={"reason": "x"}),
        security.post(f"/grants/{other}", data=granted),
    ):
        assert (refused.status_code, "不能办理本人的账号" in _said(refused)) == (409, True)
    last = sysadmin.post(f"/accounts/{other}/disable", data={"reason": "x"})
    assert (last.status_code, "没有其他能够登录的安全保密管理员账号" in _said(last)) == (409, True)
    last = security.post(f"/grants/{own}", data=granted)
    assert (last.status_code, "没有其他能够登录的系统管理员账号" in _said(last)) == (409, True)


def test_the_page_of_the_last_administrator_offers_nothing_that_it_would_refuse(site: Site) -> None:
    """One who is disabled, or let a one-time code run out, is no other; with one who can log in all is offered."""
    sysadmin, security, id_ = _logged_in(site, "sysadmin"), _logged_in(site, "secadmin"), _user(site, "auditor").id
    offered = ("停用账号</button>", "重置密码</button>"), ("变更</button>", "收回角色</button>")
    past, ahead = (datetime.now(UTC) + timedelta(days=days) for days in (-1, 1))
    for active, code_ends, is_other in (
        (False, None, False),
        (True, past, False),
        (True, ahead, True),
        (True, None, True),
    ):
        with site.services.database.transaction() as session:
            other = session.scalars(select(UserRow).where(col(UserRow.login) == "auditor2")).first()
            other = other or UserRow(login="auditor2", name="乙", role="audit_admin", password_hash="-")
            other.active, other.code_expires_at, other.must_change = active, code_ends, code_ends is not None
            session.add(other)
        for client, room, buttons in zip((sysadmin, security), ("accounts", "grants"), offered, strict=True):
            page = _said(client.get(f"/{room}/{id_}"))
            assert [button in page for button in buttons] == [is_other, is_other], room
            assert ("没有其他能够登录的审计管理员账号" in page) is not is_other


def test_who_created_an_account_does_not_grant_its_role_whatever_he_is_now(site: Site) -> None:
    creator = _user(site, "sysadmin").id
    with site.services.database.transaction() as session:
        by, new = Actor(creator, "甲", Role.SYSTEM_ADMIN), NewUser("neu", "新人", Role.SUPERVISOR, "-")
        user_id = create_account(session, new, policy=AccountPolicy(), actor=by, when=_NOW)
    assert _user(site, "neu").role == "pending"  # whatever role was asked for
    by = Actor(creator, "甲", Role.SECURITY_ADMIN)
    with pytest.raises(SecondPersonForAccount), site.services.database.transaction() as session:
        policy, role = AccountPolicy(), Role.READER
        grant_role(session, user_id=user_id, role=role, reason="x", second_hash="-", policy=policy, actor=by, when=_NOW)


def test_accounts_are_listed_by_state_and_by_words(site: Site) -> None:
    sysadmin = _logged_in(site, "sysadmin")
    assert "市商务局" in _said(sysadmin.get("/accounts?q=商务"))
    assert ">tjj<" not in _said(sysadmin.get("/accounts?q=商务"))
    assert ">pending<" in _said(sysadmin.get("/accounts?state=pending"))
    assert sysadmin.get("/accounts?state=zzz").status_code == 400
    assert sysadmin.get("/accounts?page=99999&q=%25").status_code == 200
    assert sysadmin.get("/accounts/99999").status_code == 404


def test_a_unit_that_was_renamed_is_found_by_each_of_its_names(site: Site) -> None:
    unit_id = site.city.unit_id("swj")
    with site.services.database.transaction() as session:
        rename_unit(
            session,
            unit_id=unit_id,
            full_name="驻马店市外贸局",
            short_name="市外贸局",
            valid_from=local_day(site.clock.at),
            reason="机构改革",
            actor=Actor(None, "督查员", Role.SUPERVISOR),
            at=site.clock.at,
        )
        session.add(UnitAliasRow(unit_id=unit_id, name="该局", document="驻政办〔2022〕99号"))
    sysadmin = _logged_in(site, "sysadmin")
    for words in ("市商务局", "驻马店市商务局", "商务", "外贸", "市外贸局"):
        assert ">swj<" in _said(sysadmin.get(f"/accounts?q={words}")), words
    assert ">swj<" not in _said(sysadmin.get("/accounts?q=该局"))
    with site.services.database.reading() as session:
        for words in ("swj", "市商务局", "驻马店市商务局", "市外贸局", "驻马店市外贸局"):
            assert unit_named(session, words).id == unit_id, words
        with pytest.raises(UnknownUnit):
            unit_named(session, "该局")


def test_each_account_is_listed_and_counted_in_the_one_state_that_it_is_in(database: Database) -> None:
    before, early, late = _NOW.now, _NOW.now - timedelta(days=1), _NOW.now + timedelta(days=1)
    kinds = list(product((True, False), (Role.PENDING, Role.READER), (None, late), (early, late)))
    with database.transaction() as session:
        session.add_all(
            UserRow(
                login=f"u{n}",
                name="某",
                role=role.value,
                password_hash="-",
                active=active,
                code_expires_at=code,
                created_at=early,
                last_login_at=used,
            )
            for n, (active, role, code, used) in enumerate(kinds)
        )
    with database.reading() as session:
        every = account_lines(session, stale_before=before, words="", state=None, limit=99)
        assert len(every) == len(kinds)
        for state in AccountState:
            lines = account_lines(session, stale_before=before, words="", state=state, limit=99)
            assert lines == [line for line in every if line.state is state] != []
            assert count_accounts(session, stale_before=before, words="", state=state) == len(lines)


@pytest.mark.parametrize("login", ["sysadmin", "secadmin", "auditor", "pending"])
def test_administrators_and_who_waits_for_a_role_see_no_matter(site: Site, login: str) -> None:
    client = _logged_in(site, login)
    assert {address: client.get(address).status_code for address in _MATTERS} == dict.fromkeys(_MATTERS, 404)


def test_the_office_is_told_which_units_have_no_account(site: Site) -> None:
    with site.services.database.transaction() as session:
        session.scalars(select(UserRow).where(col(UserRow.login) == "swj")).one().active = False
    page = _said(_logged_in(site, "office").get("/documents/1"))
    assert "市商务局" in page.split("没有联络员账号：</b>")[1].split("</div>")[0]
    assert "没有联络员账号" not in _said(_logged_in(site, "leader").get("/documents/1"))


def test_the_command_line_gives_a_role_at_once(site: Site) -> None:
    new = NewUser("erster", "第一人", Role.SECURITY_ADMIN, PASSWORD_HASH)
    with site.services.database.transaction() as session:
        create_account(session, new, policy=AccountPolicy(), actor=SYSTEM, when=_NOW)
    assert _logged_in(site, "erster").get("/").location == "/grants"
