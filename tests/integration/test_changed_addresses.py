"""A mail address that another entered is used by nothing until its person, logged in, has confirmed it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.databases import fresh_sqlite
from tests.support.site import PASSWORD, Site
from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import SYSTEM, Role
from tracker.store.queries.addressees import one_person
from tracker.store.tables.events import ReminderRow
from tracker.store.tables.units import UserRow
from tracker.usecases.accounts import NewUser, change_account, create_account

_OLD, _NEW = "swj@zmd.gov.cn", "foe@example.org"
_ASKS, _TOLD = "确认电子邮箱</button>", "您的电子邮箱有变更待确认"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    mailing = made.services.settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:9"})
    made.services = replace(made.services, settings=mailing)
    made.app.config["WTF_CSRF_ENABLED"] = False
    with made.services.database.transaction() as session:
        session.scalars(select(UserRow).where(col(UserRow.login) == "swj")).one().email = _OLD
    yield made
    made.services.database.dispose()


def _user(site: Site, login: str) -> UserRow:
    with site.services.database.reading() as session:
        return session.scalars(select(UserRow).where(col(UserRow.login) == login)).one()


def _enter(site: Site, email: str, *, login: str = "swj", by: str = "sysadmin") -> TestResponse:
    user = _user(site, login)
    sent = {"name": user.name, "unit_id": str(user.unit_id or ""), "email": email}
    return site.logged_in(by).post(f"/accounts/{user.id}", data=sent)


def _written_to(site: Site, login: str) -> str | None:
    with site.services.database.reading() as session:
        [person] = one_person(session, user_id=_user(site, login).id or 0).people
    return person.address


def _page(client: FlaskClient, address: str) -> str:
    return client.get(address, follow_redirects=True).get_data(as_text=True)


@pytest.mark.parametrize(("login", "email"), [("swj", _NEW), ("swj", ""), ("tjj", _NEW)])
def test_an_address_that_another_entered_is_used_once_its_person_confirmed_it(
    site: Site, login: str, email: str
) -> None:
    """Another one, none any more, and the first one."""
    before = _written_to(site, login)
    assert _enter(site, email, login=login).status_code == 303
    assert _written_to(site, login) == before
    own, other = site.logged_in(login), site.logged_in("wjw")
    assert _TOLD in _page(own, "/")
    assert (_ASKS in _page(own, "/me"), f'value="{email}">' in _page(own, "/me")) == (True, True)
    assert (_ASKS in _page(other, "/me"), other.post("/me/email", data={"email": email}).status_code) == (False, 409)
    assert _written_to(site, login) == before
    assert own.post("/me/email", data={"email": email}).status_code == 303
    assert (_written_to(site, login) or "") == email
    assert own.post("/me/email", data={"email": email}).status_code == 409
    assert _ASKS not in _page(own, "/me")
    for client, page in ((own, "/me"), (site.logged_in("sysadmin"), f"/accounts/{_user(site, login).id}")):
        said = _page(client, page)
        assert ("变更电子邮箱（待本人确认）" in said, "确认电子邮箱" in said) == (True, True)


def test_nobody_confirms_what_he_did_not_read(site: Site) -> None:
    _enter(site, "li@zmd.gov.cn")
    own = site.logged_in("swj")
    assert "li@zmd.gov.cn" in _page(own, "/me")
    _enter(site, _NEW)
    answer = own.post("/me/email", data={"email": "li@zmd.gov.cn"}, headers={"Referer": "http://localhost/me"})
    assert (answer.status_code, "待确认的电子邮箱已有变动" in answer.get_data(as_text=True)) == (409, True)
    assert _user(site, "swj").email == _OLD


def test_going_back_to_the_address_in_use_needs_nobody_and_another_change_leaves_it(site: Site) -> None:
    _enter(site, _NEW)
    page = _page(site.logged_in("sysadmin"), f"/accounts/{_user(site, 'swj').id}")
    assert ("新的电子邮箱待本人登录后" in page, f'value="{_NEW}"' in page, _OLD in page) == (True, True, True)
    assert _enter(site, _NEW).status_code == 409  # nothing changed
    assert _enter(site, _OLD).status_code == 303
    assert (_user(site, "swj").email, _user(site, "swj").new_email) == (_OLD, None)


def test_the_person_is_told_in_the_site_and_by_mail_where_it_went_before(site: Site) -> None:
    _enter(site, _NEW)
    _enter(site, _OLD)
    site.work()
    with site.services.database.reading() as session:
        rows = session.scalars(select(ReminderRow).where(col(ReminderRow.kind) == "account.changed")).all()
        told = {(row.channel, row.address, row.recipient_id) for row in rows}
        said = rows[0].subject + rows[0].reason
    id_ = _user(site, "swj").id
    assert told == {("in_app", None, id_), ("mail", _OLD, id_)}
    assert len(rows) == 2, "he is told of what needs him not"
    assert ("电子邮箱变更待确认" in said, _NEW in said) == (True, False)


def test_a_new_account_writes_to_nobody_until_its_person_confirmed_the_address(site: Site) -> None:
    sent = {"login": "neu", "name": "新人", "asked_role": "reader", "email": _NEW}
    assert site.logged_in("sysadmin").post("/accounts", data=sent).status_code == 303
    assert (_user(site, "neu").email, _user(site, "neu").new_email) == (None, _NEW)


def test_ones_own_and_the_machines_word_need_no_second_step(site: Site) -> None:
    assert _enter(site, _NEW, login="sysadmin").status_code == 303
    assert (_user(site, "sysadmin").email, _user(site, "sysadmin").new_email) == (_NEW, None)
    when, new = Moment(now=site.clock.at, at=site.clock.at), NewUser("neu", "新人", Role.READER, "-", email=_NEW)
    with site.services.database.transaction() as session:
        create_account(session, new, policy=AccountPolicy(), actor=SYSTEM, when=when)
    assert _user(site, "neu").email == _NEW
    _enter(site, _NEW)
    user = _user(site, "swj")
    with site.services.database.transaction() as session:
        to = {"name": "李四", "unit_id": user.unit_id, "email": user.wanted_email}
        change_account(session, user_id=user.id or 0, **to, actor=SYSTEM, when=when)  # type: ignore[arg-type] # as given
    assert (_user(site, "swj").email, _user(site, "swj").new_email) == (_OLD, _NEW)


def test_who_has_to_choose_a_password_first_is_told_of_a_new_address_after_that(site: Site) -> None:
    """Until then his page shows none that he could confirm."""
    assert _enter(site, _NEW).status_code == 303
    with site.services.database.transaction() as session:
        session.scalars(select(UserRow).where(col(UserRow.login) == "swj")).one().must_change = True
    own = site.logged_in("swj")
    page = _page(own, "/")
    assert (_TOLD in page, _ASKS in page) == (False, False)
    chosen = {"old_password": PASSWORD, "new_password": "Kz4#mTq9xL-tian", "new_again": "Kz4#mTq9xL-tian"}
    assert own.post("/me/password", data=chosen).status_code == 303
    assert (_TOLD in _page(own, "/"), _ASKS in _page(own, "/me")) == (True, True)
