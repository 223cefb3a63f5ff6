"""Whoever lets another into an account could go in himself: no right is had by one administrator alone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.accounts import NewUser, create_user
from tests.support.codes import granted, shown_codes
from tests.support.databases import fresh_sqlite
from tests.support.site import PASSWORD, PASSWORD_HASH, Site
from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import GUARDED, SYSTEM, Actor, Role
from tracker.domain.passwords import code_as_typed
from tracker.gateways.passwords import hash_password
from tracker.steps.accounts import SecondPersonForAccount
from tracker.store.tables.second_factors import SecondFactorRow
from tracker.store.tables.units import LogInThrottleRow, UserRow
from tracker.usecases.accounts import grant_role, take_back_role
from tracker.usecases.renewing_access import reset_account, reset_factor

_NOW = datetime.now(UTC)
_NEW = "Kz4#mTq9xL-tian"
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
        assert bool(shown_codes(done)) == (act != "factor/reset")
        granting = _logged_in(site, "secadmin-b").get(f"/grants/{now.id}")
        assert "本人遗失，已当面核实" in _page(granting), "who grants anew does not see why it was reset"
    assert act != "enable" or _act(site, "disable", "swj").status_code == 200
    assert _act(site, act, "swj").status_code == 200
    # Without a password a lost factor opens nothing: who may not do more than a liaison goes on.
    assert _user(site, "swj").role == ("liaison" if act == "factor/reset" else "pending")


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
    assert _act(site, "factor/reset", "swj").status_code == 200
    assert _act(site, "disable", "swj").status_code == 200
    assert _act(site, "factor/reset", "swj").status_code == 409, "of an account that is disabled it resets nothing"
    assert _act(site, "enable", "swj").status_code == 409
    assert _act(site, "enable", "swj", by="sysadmin-b").status_code == 200


@pytest.mark.parametrize("login", ["secadmin", "auditor"])
@pytest.mark.parametrize("act", ["reset", "factor/reset", "disable"])
@pytest.mark.parametrize("other_is", ["disabled", "left with a code that ended"])
def test_the_last_administrator_is_restored_by_the_command_line_only(
    site: Site, login: str, act: str, other_is: str
) -> None:
    with site.services.database.transaction() as session:
        other = session.scalars(select(UserRow).where(col(UserRow.login) == f"{login}-b")).one()
        if other_is == "disabled":
            other.active = False
        else:
            other.must_change, other.code_expires_at = True, _NOW - timedelta(hours=1)
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


def test_a_whole_code_takes_the_place_of_one_in_halves(site: Site) -> None:
    """Of the code of before neither half is asked for or opens anything, whoever made the new one."""
    first = shown_codes(_act(site, "reset", "swj"))
    halves = first + granted(site, _user(site, "swj").id, "liaison")
    assert _user(site, "swj").code_second_hash is not None
    when, code = Moment(now=_NOW, at=site.clock.at), "ABCD-EFGH-JKLM"
    with site.services.database.transaction() as session:
        hashed, id_ = hash_password(code_as_typed(code)), _user(site, "swj").id or 0
        reset_account(
            session, user_id=id_, code_hash=hashed, reason="x", policy=AccountPolicy(), actor=SYSTEM, when=when
        )
    for old in ("".join(halves), code + halves[1]):
        answer = site.app.test_client().post("/login", data={"login": "swj", "password": old})
        assert answer.status_code != 303, old
    assert _logged_in(site, "swj", code).get("/today").location == "/me"


def _grant(site: Site, login: str, role: Role, *, by: str) -> None:
    """Grant a role as somebody who is 安全保密管理员 now, whatever he was before."""
    actor, when = Actor(_user(site, by).id, "甲", Role.SECURITY_ADMIN), Moment(now=_NOW, at=site.clock.at)
    policy, id_ = AccountPolicy(), _user(site, login).id or 0
    with site.services.database.transaction() as session:
        grant_role(session, user_id=id_, role=role, reason="x", second_hash="-", policy=policy, actor=actor, when=when)


def _take_back(site: Site, login: str, *, by: str) -> None:
    actor, when = Actor(_user(site, by).id, "甲", Role.SECURITY_ADMIN), Moment(now=_NOW, at=site.clock.at)
    with site.services.database.transaction() as session:
        take_back_role(session, user_id=_user(site, login).id or 0, reason="x", actor=actor, when=when)


def _choose(site: Site, login: str, code: str) -> None:
    """Log in with a code and choose a password."""
    sent = {"old_password": code, "new_password": _NEW, "new_again": _NEW}
    assert _logged_in(site, login, code).post("/me/password", data=sent).status_code == 303


@pytest.mark.parametrize("act", ["reset", "factor/reset", "enable"])
def test_who_let_another_in_does_not_grant_his_role_whatever_he_is_now(site: Site, act: str) -> None:
    assert act != "enable" or _act(site, "disable", "office", by="sysadmin-b").status_code == 200
    first = shown_codes(_act(site, act, "office"))
    with pytest.raises(SecondPersonForAccount):
        _grant(site, "office", Role.SUPERVISOR, by="sysadmin")
    second = granted(site, _user(site, "office").id, Role.SUPERVISOR)
    assert len(first) == len(second) == (act != "factor/reset")
    if first:
        # While the code opens the account, nobody who saw its first half has a second one made for himself.
        with pytest.raises(SecondPersonForAccount):
            _take_back(site, "office", by="sysadmin")
        _take_back(site, "office", by="secadmin")
        with pytest.raises(SecondPersonForAccount):
            _grant(site, "office", Role.SUPERVISOR, by="sysadmin")
        _choose(site, "office", first[0] + granted(site, _user(site, "office").id, Role.SUPERVISOR)[0])
    _grant(site, "office", Role.READER, by="sysadmin")  # what he let him in by is over


def _enter(site: Site, login: str, typed: str) -> tuple[int, bool, bool]:
    """Try to log in; return the status, and whether the page says that half a code is missing, or only what all are."""
    answer = site.app.test_client().post("/login", data={"login": login, "password": typed})
    page = _page(answer)
    return answer.status_code, "须连在一起填写" in page, "账号或密码不正确" in page


_IN, _HALF, _NOT = (303, False, False), (403, True, False), (403, False, True)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("login", ["neu", "office", "swj", "secadmin"])
def test_neither_administrator_alone_opens_an_account_nor_both_halves_in_the_wrong_state(
    site: Site, login: str
) -> None:
    """Whoever has no right half is told what everybody is told; who has the first one, that the other is missing."""
    if login == "neu":
        new = {"login": login, "name": "新人", "asked_role": "supervisor"}
        made = _logged_in(site, "sysadmin").post("/accounts", data=new, follow_redirects=True)
    else:
        made = _act(site, "reset", login)
    [first] = shown_codes(made)
    id_, role = _user(site, login).id, _user(site, login).asked_role or ""
    assert [_enter(site, login, typed) for typed in (first, f"{first}-{first}", PASSWORD)] == [_HALF, _HALF, _NOT]
    [second] = granted(site, id_, role, by="secadmin-b")
    assert [_enter(site, login, typed) for typed in (first, second)] == [_HALF, _NOT]
    _let_time_pass(site)
    assert [_enter(site, login, typed) for typed in (second + first, first + first)] == [_NOT, _NOT]
    _take_back(site, login, by="secadmin-b")
    assert _enter(site, login, f"{first} {second}") == _HALF
    _let_time_pass(site)
    [third] = granted(site, id_, role, by="secadmin-b")
    assert _enter(site, login, f"{first} {second}") == _NOT
    assert _enter(site, login, f" {first.lower()} - {third} ") == _IN
    assert _logged_in(site, login, first + third).post("/me/factor", data={"password": first}).status_code == 403
    _choose(site, login, first + third)
    assert [_enter(site, login, typed) for typed in (first + third, _NEW)] == [_NOT, _IN]


def _let_time_pass(site: Site) -> None:
    with site.services.database.transaction() as session:
        session.execute(delete(LogInThrottleRow))


def test_halves_of_two_resets_do_not_go_together(site: Site) -> None:
    [first] = shown_codes(_act(site, "reset", "swj"))
    [second] = granted(site, _user(site, "swj").id, Role.LIAISON)
    [later] = shown_codes(_act(site, "reset", "swj"))
    assert [_enter(site, "swj", typed) for typed in (first + second, later + second)] == [_NOT, _HALF]


def test_who_keeps_his_password_has_nothing_new_to_type_when_a_role_is_granted(site: Site) -> None:
    """Moved, without the second factor, with another role: no code is shown, and the password opens what it opened."""
    user = _user(site, "swj-head")
    moved = {"name": user.name, "unit_id": str(_user(site, "tjj").unit_id)}
    assert _logged_in(site, "sysadmin").post(f"/accounts/{user.id}", data=moved).status_code == 303
    assert _user(site, "swj-head").role == "pending"
    assert _logged_in(site, "swj-head").get("/today").status_code == 404
    assert granted(site, user.id, Role.UNIT_HEAD) == []
    assert granted(site, user.id, Role.LIAISON) == []
    assert _act(site, "factor/reset", "office").status_code == 200
    assert granted(site, _user(site, "office").id, Role.SUPERVISOR) == []
    assert [_enter(site, login, PASSWORD) for login in ("swj-head", "office")] == [_IN, _IN]


def test_the_machine_gives_a_whole_code_but_to_whoever_waits_for_a_role(site: Site) -> None:
    when, policy = Moment(now=_NOW, at=site.clock.at), AccountPolicy()
    assert _act(site, "reset", "swj").status_code == 200
    assert len(granted(site, _user(site, "swj").id, Role.LIAISON)) == 1  # which the next code does not ask for
    for login, found in (("swj", _IN), ("pending", _HALF)):
        with site.services.database.transaction() as session:
            id_, hashed = _user(site, login).id or 0, hash_password("ABCDEFGHJKLM")
            reset_account(session, user_id=id_, code_hash=hashed, reason="x", policy=policy, actor=SYSTEM, when=when)
        assert _enter(site, login, "abcd-efgh-jklm") == found
    assert len(granted(site, _user(site, "pending").id, Role.READER)) == 1


def test_the_person_is_told_on_his_page_who_reset_it_and_why(site: Site) -> None:
    first = shown_codes(_act(site, "reset", "swj"))
    code = "".join(first + granted(site, _user(site, "swj").id, Role.LIAISON))
    for _time in range(2):  # until he has chosen a password: somebody else may have been in first
        page = _page(_logged_in(site, "swj", code).get("/me"))
        assert "您的密码已由系统管理员重置（理由：本人遗失，已当面核实）" in page
    assert "您的密码已由" not in _page(_logged_in(site, "tjj").get("/me"))
    assert _logged_in(site, "sysadmin").post(f"/accounts/{_user(site, 'tjj').id}/reset").status_code == 400
