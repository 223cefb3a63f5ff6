"""What is done with an account is offered where it does something, and refused with a reason where it would not."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.accounts import NewUser, create_user
from tests.support.codes import granted
from tests.support.databases import fresh_sqlite
from tests.support.site import PASSWORD_HASH, Site
from tracker.domain.accounts import Role
from tracker.store.tables.events import EventRow
from tracker.store.tables.second_factors import SecondFactorRow
from tracker.store.tables.units import UserRow

_OFF = "账号已停用，不能授予、收回角色，也不能重置"
_SAME = "账号现在已经如此"
# By act who does it and how; by state what refuses it, None where it is done.
_ACTS: dict[str, tuple[str, str, dict[str, str]]] = {
    "change": ("sysadmin", "/accounts/{}", {"name": "王五", "unit_id": "{unit}"}),
    "disable": ("sysadmin", "/accounts/{}/disable", {"reason": "调离", "anyway": "yes"}),
    "enable": ("sysadmin", "/accounts/{}/enable", {"reason": "返岗"}),
    "reset": ("sysadmin", "/accounts/{}/reset", {"reason": "遗忘"}),
    "second factor": ("sysadmin", "/accounts/{}/factor/reset", {"reason": "遗失"}),
    "grant": ("secadmin", "/grants/{}", {"role": "unit_head", "reason": "任职文件"}),
    "take back": ("secadmin", "/grants/{}/take-back", {"reason": "离岗"}),
}
_REFUSED: dict[str, dict[str, str]] = {
    "active": {"enable": _SAME},
    "pending": {"enable": _SAME, "take back": _SAME},
    "half a code": {"enable": _SAME, "take back": _SAME},
    "whole code": {"enable": _SAME},
    "disabled": {"disable": _SAME, **dict.fromkeys(("reset", "second factor", "grant", "take back"), _OFF)},
}
_PAGES = (("sysadmin", "accounts"), ("secadmin", "grants"))
_REFUSED["disabled with half a code"] = _REFUSED["disabled"]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.app.config["WTF_CSRF_ENABLED"] = False
    with made.services.database.transaction() as session:
        for login, role in (("sysadmin2", Role.SYSTEM_ADMIN), ("secadmin2", Role.SECURITY_ADMIN)):
            create_user(session, NewUser(login, "乙", role, PASSWORD_HASH))
    yield made
    made.services.database.dispose()


def _account(site: Site, state: str) -> int:
    """Bring an account with a second factor into a state by the acts of its administrators."""
    with site.services.database.reading() as session:
        id_ = session.scalars(select(col(UserRow.id)).where(col(UserRow.login) == "tjj")).one() or 0
    with site.services.database.transaction() as session:
        session.add(SecondFactorRow(user_id=id_, sealed="x", confirmed_at=site.clock.at))
    done = {
        "active": [],
        "pending": ["take back"],
        "half a code": ["reset"],
        "whole code": ["reset"],
        "disabled": ["disable"],
        "disabled with half a code": ["reset", "disable"],
    }
    for act in done[state]:
        assert _send(site, act, id_, other=True)[0] == 303
    if state == "whole code":
        granted(site, id_, "liaison")
    return id_


def _send(site: Site, act: str, id_: int, *, other: bool = False) -> tuple[int, str]:
    """Let an administrator act, or another of his kind: who reset the one of two secrets does not reset the other."""
    login, address, fields = _ACTS[act]
    sent = {name: value.format(unit=site.city.unit_id("tjj")) for name, value in fields.items()}
    answer = site.logged_in(f"{login}2" if other else login).post(address.format(id_), data=sent)
    return answer.status_code, answer.get_data(as_text=True)


def _events(site: Site) -> int:
    with site.services.database.reading() as session:
        return len(session.scalars(select(col(EventRow.seq)).where(col(EventRow.type).startswith("account."))).all())


@pytest.mark.parametrize("state", sorted(_REFUSED))
def test_what_is_offered_is_done_and_what_does_nothing_is_neither(site: Site, state: str) -> None:
    id_ = _account(site, state)
    pages = {login: site.logged_in(login).get(f"/{where}/{id_}").get_data(as_text=True) for login, where in _PAGES}
    assert ("账号已停用，不能授予" in pages["secadmin"]) == state.startswith("disabled")
    if state.startswith("disabled"):
        assert not any(words in _facts(page) for page in pages.values() for words in ("一次性口令", "待授予"))
    forms = {login: set(re.findall(r'action="([^"]+)" method="post"', page)) for login, page in pages.items()}
    for act, (login, address, _fields) in _ACTS.items():
        assert (address.format(id_) in forms[login]) == (act not in _REFUSED[state]), act


def _facts(page: str) -> str:
    return page.split('id="h-facts"', 1)[1].split("</section>", 1)[0]


@pytest.mark.parametrize(("state", "act"), [(state, act) for state in sorted(_REFUSED) for act in _ACTS])
def test_an_act_that_does_nothing_is_refused_with_a_reason(site: Site, state: str, act: str) -> None:
    id_ = _account(site, state)
    before = _events(site)
    status, page = _send(site, act, id_)
    refusal = _REFUSED[state].get(act)
    if refusal is None:
        assert (status, _events(site) > before) == (303, True)
    else:
        assert (status, refusal in page, _events(site)) == (409, True, before)
