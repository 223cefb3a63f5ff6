"""Whoever lets another into an account could go in himself: no right is had by one administrator alone."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.site import PASSWORD, PASSWORD_HASH, Site
from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import GUARDED, SYSTEM, Actor, Role
from tracker.steps.accounts import SecondPersonForAccount
from tracker.store.tables.second_factors import SecondFactorRow
from tracker.store.tables.units import UserRow
from tracker.usecases.accounts import grant_role
from tracker.usecases.renewing_access import reset_account, reset_factor

_CODE = re.compile(r'class="onetime"[^>]*>([A-Z0-9-]+)<')
_NOW = datetime.now(UTC)
_WHY = {"reason": "本人遗失，已当面核实"}
_OF_EACH = {
    "secadmin": Role.SECURITY_ADMIN,
    "auditor": Role.AUDIT_ADMIN,
    "sysadmin-b": Role.SYSTEM_ADMIN,
    "office": Role.SUPERVISOR,
    "leader": Role.LEADER,
    "swj-head": Role.UNIT_HEAD,
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Two of each administrator, so that none is the last one."""
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.app.config["WTF_CSRF_ENABLED"] = False
    with made.services.database.transaction() as session:
        for login, role in (("sysadmin", "system"), ("secadmin", "security"), ("auditor", "audit")):
            create_user(session, NewUser(f"{login}-b", f"另一{login}", Role(f"{role}_admin"), PASSWORD_HASH))
    yield made
    made.services.database.dispose()


def _user(site: Site, login: str) -> UserRow:
    with site.services.database.reading() as session:
        return session.scalars(select(UserRow).where(col(UserRow.login) == login)).one()


def _logged_in(site: Site, login: str, password: str = PASSWORD) -> FlaskClient:
    client = site.app.test_client()
    assert client.post("/login", data={"login": login, "password": password}).status_code == 303
    return client


def _page(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def _act(site: Site, act: str, login: str, *, by: str = "sysadmin") -> TestResponse:
    if act == "factor/reset":
        with site.services.database.transaction() as session:
            session.merge(SecondFactorRow(user_id=_user(site, login).id or 0, sealed="x", confirmed_at=_NOW))
    client = _logged_in(site, by)
    return client.post(f"/accounts/{_user(site, login).id}/{act}", data=_WHY, follow_redirects=True)


def test_whose_roles_are_tried_are_all_that_are_guarded() -> None:
    assert set(_OF_EACH.values()) == GUARDED


@pytest.mark.timeout(120)
@pytest.mark.parametrize("act", ["reset", "factor/reset", "enable"])
def test_letting_another_in_takes_the_role_back_until_it_is_granted_anew(site: Site, act: str) -> None:
    for login, role in _OF_EACH.items():
        if act == "enable":
            assert _act(site, "disable", login).status_code == 200
        done = _act(site, act, login)
        assert (done.status_code, "重新授予" in _page(done)) == (200, True), login
        now = _user(site, login)
        assert (now.role, now.asked_role) == ("pending", role), login
        if codes := _CODE.findall(_page(done)):
            own = _logged_in(site, login, codes[0])
            assert own.get("/grants").location == "/me"
        granting = _logged_in(site, "secadmin-b").get(f"/grants/{now.id}")
        assert "本人遗失，已当面核实" in _page(granting), "who grants anew does not see why it was reset"
    assert _act(site, "reset", "swj").status_code == 200
    assert _user(site, "swj").role == "liaison"  # who may not do more than one


@pytest.mark.parametrize("acts", [("reset", "factor/reset"), ("factor/reset", "reset")])
def test_nobody_resets_both_halves_of_a_log_in_within_a_day(site: Site, acts: tuple[str, str]) -> None:
    first, second = acts
    for login in ("secadmin", "swj"):
        assert _act(site, first, login).status_code == 200
        refused = _act(site, second, login)
        assert (refused.status_code, "不能由同一人在24小时内一并重置" in _page(refused)) == (409, True)
        assert _act(site, second, login, by="sysadmin-b").status_code == 200
    assert _act(site, first, "tjj").status_code == 200
    site.clock.at += timedelta(hours=24)
    assert _act(site, second, "tjj").status_code == 200


def test_disabling_and_enabling_is_a_reset_by_another_name(site: Site) -> None:
    assert _act(site, "disable", "swj").status_code == 200
    assert _act(site, "factor/reset", "swj").status_code == 200
    assert _act(site, "enable", "swj").status_code == 409
    assert _act(site, "enable", "swj", by="sysadmin-b").status_code == 200


@pytest.mark.parametrize("login", ["secadmin", "auditor"])
@pytest.mark.parametrize("act", ["reset", "factor/reset", "disable"])
def test_the_last_administrator_is_restored_by_the_command_line_only(site: Site, login: str, act: str) -> None:
    with site.services.database.transaction() as session:
        session.scalars(select(UserRow).where(col(UserRow.login) == f"{login}-b")).one().active = False
    refused = _act(site, act, login)
    assert (refused.status_code, "命令flask users" in _page(refused)) == (409, True)
    user = _user(site, login)
    assert (user.active, user.must_change) == (True, False)
    when, id_ = Moment(now=_NOW, at=site.clock.at), user.id or 0
    with site.services.database.transaction() as session:
        policy = AccountPolicy()
        session.merge(SecondFactorRow(user_id=id_, sealed="x", confirmed_at=_NOW))
        reset_account(session, user_id=id_, code_hash="-", reason="x", policy=policy, actor=SYSTEM, when=when)
        reset_factor(session, user_id=id_, reason="x", policy=policy, actor=SYSTEM, when=when)
    assert (_user(site, login).role, _user(site, login).must_change) == (_OF_EACH[login], True)


def test_who_reset_an_account_does_not_grant_its_role_whatever_he_is_now(site: Site) -> None:
    assert _act(site, "reset", "office").status_code == 200
    when, id_ = Moment(now=_NOW, at=site.clock.at), _user(site, "office").id or 0
    turned, other = (Actor(_user(site, by).id, "甲", Role.SECURITY_ADMIN) for by in ("sysadmin", "secadmin"))
    with pytest.raises(SecondPersonForAccount), site.services.database.transaction() as session:
        grant_role(session, user_id=id_, role=Role.SUPERVISOR, reason="x", actor=turned, when=when)
    with site.services.database.transaction() as session:
        grant_role(session, user_id=id_, role=Role.SUPERVISOR, reason="x", actor=other, when=when)
    with site.services.database.transaction() as session:  # what he reset was before that
        grant_role(session, user_id=id_, role=Role.READER, reason="x", actor=turned, when=when)


def test_the_person_is_told_on_his_page_who_reset_it_and_why(site: Site) -> None:
    [code] = _CODE.findall(_page(_act(site, "reset", "swj")))
    for _time in range(2):  # until he has chosen a password: somebody else may have been in first
        page = _page(_logged_in(site, "swj", code).get("/me"))
        assert "您的密码已由系统管理员重置（理由：本人遗失，已当面核实）" in page
    assert "您的密码已由" not in _page(_logged_in(site, "tjj").get("/me"))
    assert _logged_in(site, "sysadmin").post(f"/accounts/{_user(site, 'tjj').id}/reset").status_code == 400
