"""「我的账号」: another password, and log-ins of one's own."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.databases import fresh_sqlite
from tests.support.site import PASSWORD, Site
from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import SYSTEM
from tracker.gateways.configuration import CONFIGURATION, load_common_passwords
from tracker.steps.accounts import complete_code, keep_code
from tracker.store.tables.events import EventRow
from tracker.store.tables.units import UserRow
from tracker.web.app import create_app

_NEW = "Kz4#mTq9xL-tian-{}"
_NOW, _POLICY = datetime.now(UTC), AccountPolicy()
_CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
_FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko Firefox/120.0"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    common = load_common_passwords(CONFIGURATION / "common_passwords.txt")
    made.services = replace(made.services, common_passwords=common)
    made.app = create_app(made.services)
    made.app.config["WTF_CSRF_ENABLED"] = False
    yield made
    made.services.database.dispose()


def _logged_in(site: Site, password: str = PASSWORD, *, browser: str = _CHROME) -> FlaskClient:
    client = site.app.test_client()
    sent = {"login": "swj", "password": password}
    assert client.post("/login", data=sent, headers={"User-Agent": browser}).status_code == 303
    return client


def _change(client: FlaskClient, old: str, new: str, again: str | None = None) -> TestResponse:
    sent = {"old_password": old, "new_password": new, "new_again": new if again is None else again}
    return client.post("/me/password", data=sent, headers={"Referer": "http://localhost/me"})


@pytest.mark.timeout(60)
def test_a_password_is_changed_with_the_old_one_and_ends_other_log_ins(site: Site) -> None:
    own, other = _logged_in(site), _logged_in(site)
    assert _change(own, PASSWORD, _NEW.format(1)).status_code == 303
    assert (own.get("/today").status_code, other.get("/today").status_code) == (200, 302)
    sent = {"login": "swj", "password": PASSWORD}
    assert site.app.test_client().post("/login", data=sent).status_code == 403
    _logged_in(site, _NEW.format(1))
    with site.services.database.reading() as session:
        wanted = select(col(EventRow.type), col(EventRow.payload)).order_by(col(EventRow.seq))
        told = [(type_, json.loads(payload)) for type_, payload in session.execute(wanted)]
    assert [type_ for type_, _facts in told if type_.startswith("account.")] == ["account.password_changed"]
    assert [facts["cause"] for type_, facts in told if type_ == "login.ended"] == ["password"]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("old", "new", "again", "words", "beside"),
    [
        ("falsch-falsch", _NEW.format(1), None, "原密码不正确", "old_password"),
        (PASSWORD, _NEW.format(1), _NEW.format(2), "两次输入的新密码不一致", "new_again"),
        (PASSWORD, "Zhumadian@2022", None, "过于常见", "new_password"),
        (PASSWORD, "zu-kurz", None, "长度不够，须有12位以上", "new_password"),
        (PASSWORD, "swj-swj-Kz4#mTq9", None, "不能含有账号或者姓名", "new_password"),
        (PASSWORD, PASSWORD, None, "不能与最近5次用过的密码相同", "new_password"),
        (PASSWORD, "", None, "长度不够", "new_password"),
    ],
)
def test_a_refusal_says_which_rule_beside_its_field_and_brings_no_password_back(
    site: Site, old: str, new: str, again: str | None, words: str, beside: str
) -> None:
    answer = _change(_logged_in(site), old, new, again)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, words in page) == (400, True), page
    assert f'id="refused-{beside}"' in page
    assert not any(secret in page for secret in {old, new} - {""})


@pytest.mark.timeout(120)
def test_none_of_the_last_five_is_taken_again(site: Site) -> None:
    client, present = _logged_in(site), PASSWORD
    for n in range(6):
        assert _change(client, present, _NEW.format(n)).status_code == 303
        present = _NEW.format(n)
    for n in range(1, 6):
        assert _change(client, present, _NEW.format(n)).status_code == 400
    assert _change(client, present, _NEW.format(0)).status_code == 303


@pytest.mark.timeout(120)
def test_whatever_opened_the_account_is_former_whoever_made_it(site: Site) -> None:
    """A password that was entered for somebody, one that he chose, a whole code and the halves of another."""
    _change(_logged_in(site), PASSWORD, _NEW.format(1))
    whole, first, second = "ABCDEFGHJKLM", "MNPQRSTUVWXY", "QX7K4WZRTP2V"
    _put_code(site, whole)
    _change(_logged_in(site, whole), whole, _NEW.format(2))
    _put_code(site, first, second)
    own = _logged_in(site, first + second)
    assert [_change(own, first + second, new).status_code for new in (first, second, first + second)] == [400] * 3
    assert _change(own, first + second, _NEW.format(3)).status_code == 303
    for former in (whole, whole.lower(), first, second, second + first, _NEW.format(2), _NEW.format(3)):
        answer = _change(own, _NEW.format(3), former)
        assert (answer.status_code, "次用过的密码相同" in answer.get_data(as_text=True)) == (400, True), former


def _put_code(site: Site, first: str, second: str = "") -> None:
    """Let a code open the account, whole where it has no second half."""
    cheap, when = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1), Moment(now=_NOW, at=site.clock.at)
    with site.services.database.transaction() as session:
        user = session.scalars(select(UserRow).where(col(UserRow.login) == "swj")).one()
        keep_code(session, user, code_hash=cheap.hash(first), policy=_POLICY, now=_NOW)
        if second:
            hashed = cheap.hash(second)
            complete_code(session, user, second_hash=hashed, policy=_POLICY, actor=SYSTEM, when=when)


def test_an_entered_password_is_former_when_another_takes_its_place(site: Site) -> None:
    own = _logged_in(site)
    assert _change(own, PASSWORD, _NEW.format(1)).status_code == 303
    assert _change(own, _NEW.format(1), PASSWORD).status_code == 400


def test_the_old_password_is_not_guessed_at_an_open_log_in(site: Site) -> None:
    client = _logged_in(site)
    for _ in range(5):
        assert _change(client, "falsch-falsch", _NEW.format(1)).status_code == 400
    assert _change(client, PASSWORD, _NEW.format(1)).status_code == 400


def test_log_ins_are_listed_and_ended_one_by_one_or_all_others(site: Site) -> None:
    own = _logged_in(site)
    others = [_logged_in(site, browser=_FIREFOX) for _ in range(3)]
    page = own.get("/me").get_data(as_text=True)
    assert ("Chrome · Windows" in page, page.count("Firefox"), "127.0.0.1" in page) == (True, 3, True)
    ids = [int(part.split("/")[0]) for part in page.split("/me/log-ins/")[1:] if part[0].isdigit()]
    assert own.post(f"/me/log-ins/{ids[0]}/end").status_code == 303
    assert own.post(f"/me/log-ins/{ids[0]}/end").status_code == 404
    assert [client.get("/today").status_code for client in others].count(302) == 1
    assert own.post("/me/log-ins/end").status_code == 303
    assert [client.get("/today").status_code for client in others] == [302] * 3
    assert own.get("/today").status_code == 200


def test_a_password_expires_where_the_policy_says_so(site: Site) -> None:
    services = replace(site.services, accounts=replace(AccountPolicy(), password_days=90))
    app = create_app(services)
    app.config["WTF_CSRF_ENABLED"] = False
    for age, page in ((89, "/today"), (91, "/me")):
        with services.database.transaction() as session:
            user = session.scalars(select(UserRow).where(col(UserRow.login) == "swj")).one()
            user.password_changed_at = datetime.now(UTC) - timedelta(days=age)
        client = app.test_client()
        client.post("/login", data={"login": "swj", "password": PASSWORD})
        assert (client.get("/today").location or "/today") == page
