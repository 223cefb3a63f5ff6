"""Accounts that nobody uses: their end is announced, told by whom, and comes; or the count begins anew."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.codes import granted
from tests.support.databases import fresh_sqlite
from tests.support.office import BY
from tests.support.site import PASSWORD, Site
from tracker.cli.doctor.data import administrators
from tracker.domain.account_policy import AccountPolicy
from tracker.domain.deliveries import ClaimedDelivery, Outgoing
from tracker.store.tables.events import EventRow, ReminderRow
from tracker.store.tables.second_factors import SecondFactorRow
from tracker.store.tables.units import UserRow
from tracker.usecases.deliveries import delivered
from tracker.usecases.notices import announce
from tracker.usecases.stale_accounts import disable_stale
from tracker.wording.catalogue import EVENTS


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


_UNUSED = timedelta(days=201)


def _pass(site: Site, now: datetime, policy: AccountPolicy | None = None) -> int:
    with site.services.database.transaction() as session:
        return disable_stale(session, policy=policy or AccountPolicy(), now=now, at=site.clock.at)


def _leave_unused(site: Site, used: Mapping[str, datetime], *, others: datetime) -> None:
    with site.services.database.transaction() as session:
        for user in session.scalars(select(UserRow)):
            user.created_at, user.last_login_at = others - 2 * _UNUSED, used.get(user.login, others)


def test_accounts_that_nobody_uses_are_listed_and_disabled_after_a_word(site: Site) -> None:
    now = datetime.now(UTC)
    _leave_unused(site, {"swj": now - _UNUSED, "tjj": now - timedelta(days=185)}, others=now)
    with site.services.database.transaction() as session:
        demonstrated = session.scalars(select(UserRow).where(col(UserRow.login) == "wjw")).one()
        demonstrated.demonstration, demonstrated.last_login_at = True, None
    page = _said(_logged_in(site, "secadmin").get("/grants?state=stale"))
    assert (">swj<" in page, ">tjj<" in page, ">wjw<" in page) == (True, False, True)
    assert _pass(site, now + _UNUSED, replace(AccountPolicy(), disable_stale=False)) == 0
    assert [_pass(site, now + timedelta(days=days)) for days in (0, 0, 13, 14, 14)] == [0, 0, 0, 1, 0]
    assert [_user(site, login).active for login in ("swj", "tjj", "wjw")] == [False, True, True]
    told = [(type_, facts["user_id"]) for type_, facts in _told(site)]
    swj, tjj = _user(site, "swj").id, _user(site, "tjj").id
    assert told == [("account.unused", swj), ("account.unused", tjj), ("account.disabled", swj)]
    assert _told(site)[-1][1]["reason"] == "长期未登录，系统自动停用"
    assert _pass(site, now + timedelta(days=27)) == 1  # tjj was told on the thirteenth day


def test_whoever_logs_in_after_the_word_begins_anew(site: Site) -> None:
    now = datetime.now(UTC)
    _leave_unused(site, {"swj": now - _UNUSED}, others=now)
    assert _pass(site, now) == 0
    _logged_in(site, "swj")
    assert [_pass(site, now + timedelta(days=days)) for days in (14, 187)] == [0, 0]
    assert _user(site, "swj").active
    unused = [facts for type_, facts in _told(site) if type_ == "account.unused" and facts["user_id"] == _id(site)]
    assert len(unused) == 2
    assert _pass(site, now + timedelta(days=202)) > 0
    assert not _user(site, "swj").active


@pytest.mark.parametrize("act", ["reset", "factor/reset", "enable", "grant"])
def test_whoever_is_given_a_way_in_after_the_word_begins_anew(site: Site, act: str) -> None:
    now = datetime.now(UTC)
    admin = _logged_in(site, "sysadmin")
    with site.services.database.transaction() as session:
        session.add(SecondFactorRow(user_id=_id(site), sealed="-"))
    if act == "grant":
        assert admin.post(f"/accounts/{_id(site)}/reset", data={"reason": "遗忘"}).status_code == 303
    _leave_unused(site, {"swj": now - _UNUSED}, others=now)
    assert _pass(site, now) == 0
    if act == "grant":
        granted(site, _id(site), "liaison")
    else:
        if act == "enable":
            admin.post(f"/accounts/{_id(site)}/disable", data={"reason": "借调", "anyway": "1"})
        assert admin.post(f"/accounts/{_id(site)}/{act}", data={"reason": "遗忘"}).status_code == 303
    assert "即将停用" not in _said(admin.get("/accounts"))
    assert _days(site, now, (14, 185)) == [0, 0]
    assert _user(site, "swj").active


def _id(site: Site) -> int:
    return _user(site, "swj").id or 0


def test_nobody_is_disabled_without_notice_where_the_pass_did_not_run_for_long(site: Site) -> None:
    now = datetime.now(UTC)
    _leave_unused(site, {"swj": now - 3 * _UNUSED}, others=now)
    assert [_pass(site, now + timedelta(days=days)) for days in (0, 13)] == [0, 0]
    assert _pass(site, now + timedelta(days=14, seconds=1)) == 1


def _announce(site: Site, now: datetime, *, mail: bool = True) -> None:
    with site.services.database.transaction() as session:
        outgoing = Outgoing(mail=mail, machine_now=now)
        for seq in session.scalars(select(col(EventRow.seq)).where(col(EventRow.type) == "account.unused")).all():
            delivery = delivered(session, ClaimedDelivery(id=1, reaction="notice", attempts=1, event_seq=seq))
            announce(session, delivery, calendar=BY.calendar, policy=BY.policy, outgoing=outgoing)


def test_the_person_and_the_administrator_are_told_before_an_account_ends(site: Site) -> None:
    """By message where he reads any, by mail in any case; the administrator sees it where he keeps the accounts."""
    now = datetime.now(UTC)
    _leave_unused(site, {"swj": now - _UNUSED, "leader": now - _UNUSED}, others=now)
    with site.services.database.transaction() as session:
        for user in session.scalars(select(UserRow).where(col(UserRow.login).in_(("swj", "leader")))):
            user.email = f"{user.login}@example.org"
    _pass(site, now)
    _announce(site, now)
    with site.services.database.reading() as session:
        rows = session.scalars(select(ReminderRow).where(col(ReminderRow.kind) == "account.unused")).all()
        heard = {(row.recipient_id, row.channel) for row in rows}
        assert all("起停用" in row.subject and "停用前登录一次" in row.reason for row in rows)
        assert {row.recipient for row in rows} == {"市商务局 联络员", "领导 领导"}
    swj, leader = _user(site, "swj").id, _user(site, "leader").id
    assert heard == {(swj, "in_app"), (swj, "mail"), (leader, "mail")}
    page = _said(_logged_in(site, "sysadmin").get("/accounts"))
    assert page.count("起自动停用") == 2
    assert "即将停用" not in _said(_logged_in(site, "secadmin").get("/grants"))


def _ending(site: Site, login: str) -> str:
    """Return what 账号管理 says of the end of an account."""
    page = _said(_logged_in(site, "sysadmin").get("/accounts"))
    [line] = [line for line in page.splitlines() if f">{login}<" in line and "起自动停用" in line]
    return line


@pytest.mark.parametrize(
    ("address", "mail", "state", "words"),
    [
        ("a@example.org", True, "sent", "已发邮件告知本人"),
        ("a@example.org", True, "pending", "告知本人的邮件待发"),
        ("a@example.org", True, "failed", "没有发出邮件，请当面或者电话告知"),
        ("a@example.org", True, "held", "没有发出邮件，请当面或者电话告知"),
        ("a@example.org", False, None, "系统没有开通邮件，请当面或者电话告知"),
        (None, True, None, "没有邮箱，请当面或者电话告知"),
        (None, False, None, "没有邮箱，请当面或者电话告知"),
    ],
)
@pytest.mark.parametrize("login", ["swj", "leader", "reader", "pending"])
def test_whom_mail_did_not_reach_the_administrator_is_asked_to_tell(
    site: Site, login: str, address: str | None, mail: bool, state: str | None, words: str
) -> None:
    """A row on his own page tells nobody, for who reads it has logged in; the log does not say that he was told."""
    now = datetime.now(UTC)
    _leave_unused(site, {login: now - _UNUSED}, others=now)
    settings = site.services.settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:9" if mail else None})
    site.app.extensions["tracker"] = site.services = replace(site.services, settings=settings)
    with site.services.database.transaction() as session:
        session.scalars(select(UserRow).where(col(UserRow.login) == login)).one().email = address
    _pass(site, now)
    _announce(site, now, mail=mail)
    with site.services.database.transaction() as session:
        mails = session.scalars(select(ReminderRow).where(col(ReminderRow.channel) == "mail")).all()
        assert len(mails) == (state is not None)
        for row in mails:
            row.state = state or row.state
    assert words in _ending(site, login)
    page = _said(_logged_in(site, "sysadmin").get(f"/accounts/{_user(site, login).id}"))
    assert re.search("<li>长期未登录，[^<]*起自动停用<", page)
    assert "告知" not in EVENTS["account.unused"]


def _days(site: Site, now: datetime, days: Iterable[int], policy: AccountPolicy | None = None) -> list[int]:
    return [_pass(site, now + timedelta(days=day), policy) for day in days]


def test_what_was_announced_holds_no_longer_where_the_rule_gives_more_time(site: Site) -> None:
    now, strict = datetime.now(UTC), replace(AccountPolicy(), stale_days=190)
    _leave_unused(site, {"swj": now - timedelta(days=177)}, others=now)
    assert _days(site, now, (0, 13), strict) == [0, 0]
    assert _days(site, now, (14, 27)) == [0, 0]
    assert [facts["user_id"] for type_, facts in _told(site) if type_ == "account.unused"] == [_id(site)] * 2
    assert _days(site, now, (28,)) == [1]


def test_what_was_announced_holds_where_the_rule_gives_less_time(site: Site) -> None:
    now = datetime.now(UTC)
    _leave_unused(site, {"swj": now - timedelta(days=187)}, others=now)
    assert _days(site, now, (0,)) == [0]
    assert _days(site, now, (13, 14), replace(AccountPolicy(), stale_days=90)) == [0, 1]


def test_after_a_rest_of_the_rule_it_is_announced_anew(site: Site) -> None:
    now = datetime.now(UTC)
    _leave_unused(site, {"swj": now - _UNUSED}, others=now + _UNUSED)
    assert _days(site, now, (0,)) == [0]
    assert _days(site, now, (14, 99), replace(AccountPolicy(), disable_stale=False)) == [0, 0]
    assert _days(site, now, (100, 113, 114)) == [0, 0, 1]


def test_after_having_been_the_last_administrator_it_is_announced_anew(site: Site) -> None:
    now = datetime.now(UTC)
    _leave_unused(site, {"auditor": now - _UNUSED}, others=now + _UNUSED)
    with site.services.database.transaction() as session:
        beside = UserRow(
            login="beside", name="同事", role="audit_admin", password_hash="-", last_login_at=now + _UNUSED
        )
        session.add(beside)

    def let(active: bool) -> None:
        with site.services.database.transaction() as session:
            session.scalars(select(UserRow).where(col(UserRow.login) == "beside")).one().active = active

    assert _days(site, now, (0,)) == [0]
    let(False)
    assert _days(site, now, (14, 99)) == [0, 0]
    let(True)
    assert _days(site, now, (100, 113, 114)) == [0, 0, 1]


@pytest.mark.parametrize("login", ["sysadmin", "secadmin", "auditor"])
def test_the_pass_leaves_the_last_of_each_administrator_and_says_so(site: Site, login: str) -> None:
    """One who is disabled, or let a one-time code run out, is no other, as on the pages.

    With another who can log in the unused one goes as anybody's.
    """
    now = datetime.now(UTC)
    _leave_unused(site, {login: now - _UNUSED}, others=now)
    role = _user(site, login).role
    with site.services.database.transaction() as session:
        gone = UserRow(login="gone", name="前任", role=role, password_hash="-", active=False)
        gone.created_at = now
        session.add(gone)
    days = (0, 14, 99)
    for active, code_ends in ((False, None), (True, now - timedelta(minutes=1))):
        with site.services.database.transaction() as session:
            other = session.scalars(select(UserRow).where(col(UserRow.login) == "gone")).one()
            other.active, other.must_change, other.code_expires_at = active, code_ends is not None, code_ends
        assert [_pass(site, now + timedelta(days=after)) for after in days] == [0, 0, 0]
        assert _user(site, login).active
    said = [finding.words for finding in administrators(site.services)]
    assert any(login in words and "不自动停用" in words for words in said)
    if login != "sysadmin":
        assert "不自动停用，请督促本人登录" in _said(_logged_in(site, "sysadmin").get("/accounts"))
    with site.services.database.transaction() as session:
        other = session.scalars(select(UserRow).where(col(UserRow.login) == "gone")).one()
        other.must_change, other.code_expires_at = False, None
    assert [_pass(site, now + timedelta(days=after)) for after in (0, 14)] == [0, 1]
    assert not _user(site, login).active
