"""Who logs in, who is not let in, and that nobody learns from it which accounts exist, nor locks another out."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address
from pathlib import Path
from time import perf_counter

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.databases import fresh_sqlite
from tests.support.site import PASSWORD, Site
from tests.support.together import together
from tracker.domain.account_policy import AccountPolicy, Moment, ThrottleKind
from tracker.settings import Mode
from tracker.steps.log_ins import Came
from tracker.steps.second_factors import attempt_at_factor
from tracker.steps.throttling import Attempt, count_attempt, forget_attempt
from tracker.store.database import Database
from tracker.store.tables.events import EventRow
from tracker.store.tables.units import LoginRow, LogInThrottleRow, UserRow
from tracker.usecases.logging_in import WrongCredentials, begin_log_in, let_in
from tracker.web.app import create_app

_TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')
_WRONG = "账号或密码不正确"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.app.config["WTF_CSRF_ENABLED"] = False
    yield made
    made.services.database.dispose()


def _try(client: FlaskClient, login: str, password: str, *, address: str = "10.1.1.1") -> TestResponse:
    sent = {"login": login, "password": password}
    return client.post("/login", data=sent, environ_base={"REMOTE_ADDR": address})


def _words(answer: TestResponse, login: str) -> str:
    """Return what an answer says, without what was typed."""
    page = answer.get_data(as_text=True).replace(f'value="{login}"', "").split("<main", 1)[1]
    return _TOKEN.sub("", page)


def _events(site: Site, prefix: str) -> list[tuple[str, dict[str, object]]]:
    with site.services.database.reading() as session:
        wanted = select(col(EventRow.type), col(EventRow.payload)).where(col(EventRow.type).startswith(prefix))
        rows = session.execute(wanted.order_by(col(EventRow.seq)))
        return [(type_, json.loads(payload)) for type_, payload in rows]


def _account(site: Site, login: str, **facts: object) -> None:
    with site.services.database.transaction() as session:
        user = session.scalars(select(UserRow).where(col(UserRow.login) == login)).one()
        for name, value in facts.items():
            setattr(user, name, value)


def test_unknown_wrong_disabled_and_refused_are_told_alike(site: Site) -> None:
    _account(site, "tjj", active=False)
    with site.app.test_client() as client:
        said = {
            login: [_words(_try(client, login, "wrong"), login) for _ in range(8)] for login in ("swj", "tjj", "wer")
        }
    assert said["swj"] == said["tjj"] == said["wer"]
    assert len(set(said["swj"])) == 1
    assert _WRONG in said["swj"][0]


def test_after_five_failures_nothing_is_looked_at_for_a_while_not_even_the_right_password(site: Site) -> None:
    with site.app.test_client() as client:
        for _ in range(5):
            assert _try(client, "swj", "wrong").status_code == 403
        assert _try(client, "swj", PASSWORD).status_code == 403
        _let_time_pass(site, timedelta(seconds=61))
        assert _try(client, "swj", PASSWORD).status_code == 303
    told = [type_ for type_, _facts in _events(site, "login.")]
    assert (told.count("login.failed"), told.count("login.throttled")) == (5, 1)


def test_a_success_takes_its_own_failure_back_and_opens_what_is_below_the_limit_then(site: Site) -> None:
    throttles, attempt = AccountPolicy().throttles, Attempt("swj", "192.0.2.7")
    now = datetime(2022, 9, 2, 1, 0, tzinfo=UTC)
    key = attempt.keys()[ThrottleKind.ADDRESS]
    free = throttles[ThrottleKind.ADDRESS].free
    with site.services.database.transaction() as session:
        until = now + timedelta(minutes=1)
        session.add(LogInThrottleRow(key_sha256=key, failures=free + 1, last_at=now, blocked_until=until))
    for left, blocked in ((free, True), (free - 1, False)):
        with site.services.database.transaction() as session:
            forget_attempt(session, attempt, now=now, throttles=throttles)
        with site.services.database.reading() as session:
            row = session.get_one(LogInThrottleRow, key)
            assert (row.failures, row.blocked_until is not None) == (left, blocked)


def _let_time_pass(site: Site, span: timedelta) -> None:
    with site.services.database.transaction() as session:
        for row in session.scalars(select(LogInThrottleRow)):
            row.last_at -= span
            row.blocked_until = row.blocked_until - span if row.blocked_until else None


def test_the_wait_doubles_and_ends_within_a_quarter_of_an_hour() -> None:
    pair = AccountPolicy().throttles[ThrottleKind.PAIR]
    assert [pair.wait(n) // timedelta(minutes=1) for n in range(4, 11)] == [0, 1, 2, 4, 8, 15, 15]
    assert max(one.longest for one in AccountPolicy().throttles.values()) <= timedelta(minutes=15)


def test_a_right_password_forgets_failures(site: Site) -> None:
    with site.app.test_client() as client:
        for _round in range(3):
            for _ in range(4):
                assert _try(client, "swj", "wrong").status_code == 403
            assert _try(client, "swj", PASSWORD).status_code == 303


def test_nobody_locks_another_out(site: Site) -> None:
    """Neither from another address nor from the same one, where the browser was let in before; nor from everywhere."""
    own, foe = site.app.test_client(), site.app.test_client()
    assert _try(own, "swj", PASSWORD).status_code == 303
    for _ in range(9):
        assert _try(foe, "swj", "wrong", address="10.9.9.9").status_code == 403
        assert _try(foe, "swj", "wrong").status_code == 403
    assert _try(own, "swj", PASSWORD).status_code == 303
    with site.app.test_client() as fresh:
        assert _try(fresh, "swj", PASSWORD, address="10.2.2.2").status_code == 303
    for n in range(30):
        with site.app.test_client() as foe:
            assert _try(foe, "tjj", "wrong", address=f"10.3.3.{n}").status_code == 403
    with site.app.test_client() as fresh:
        assert _try(fresh, "tjj", PASSWORD, address="10.4.4.4").status_code == 303


def test_a_site_with_many_addresses_of_ipv6_is_one_place(database: Database) -> None:
    """Whichever of the bits it is in which its addresses differ that it chooses itself (RFC 6177)."""
    free, now = AccountPolicy().throttles[ThrottleKind.PAIR].free, datetime.now(UTC)
    for bit in (56, 57, 63, 64, 79, 95, 96, 111, 112, 127):
        site = int(IPv6Address(f"2001:db8:{bit}:100::1"))
        tries = [Attempt(f"swj{bit}", _turned(site, bit, n)) for n in range(2 * free)]
        assert [_begun(database, one, now) for one in tries] == [True] * free + [False] * free, bit
        assert _begun(database, Attempt(f"swj{bit}", _turned(site, 55, 1)), now), "another site is held for this one"


def test_a_network_of_many_sites_has_a_larger_allowance(database: Database) -> None:
    free, now = AccountPolicy().throttles[ThrottleKind.NETWORK].free, datetime.now(UTC)
    sites = [f"2001:db8:1:{n:02x}00::1" for n in range(free + 1)]
    looked_at = [_begun(database, Attempt(f"wer{n}", site), now) for n, site in enumerate(sites)]
    assert looked_at == [True] * free + [False]
    assert _begun(database, Attempt("wer", "2001:db8:0:100::1"), now), "another network is held for this one"
    assert all(_begun(database, Attempt(f"ip{n}", f"10.0.{n}.1"), now) for n in range(free + 1))


def _turned(address: int, bit: int, n: int) -> str:
    """Return an address of which one bit, the first being 0, is turned with every odd number."""
    return str(IPv6Address(address ^ ((n % 2) << (127 - bit))))


def test_one_address_does_not_try_a_password_on_every_account(site: Site) -> None:
    with site.app.test_client() as foe:
        for n in range(60):
            assert _try(foe, f"wer{n}", "Zhumadian2022").status_code == 403
    counted = [type_ for type_, _facts in _events(site, "login.")].count("login.failed")
    assert counted == AccountPolicy().throttles[ThrottleKind.ADDRESS].free


def test_a_mark_of_a_browser_is_not_forged(site: Site) -> None:
    with site.app.test_client() as foe:
        foe.set_cookie("tracker_device", "WyJhIiwiYiJd.x.y")
        for _ in range(5):
            assert _try(foe, "swj", "wrong").status_code == 403
        assert _try(foe, "swj", PASSWORD).status_code == 403


def test_guesses_at_once_are_no_more_than_guesses_in_a_row(database: Database) -> None:
    attempt, now = Attempt("swj", "10.1.1.1"), datetime.now(UTC)

    def guess() -> int:
        return sum(_begun(database, attempt, now) for _ in range(4))

    looked_at = sum(together(*[guess] * 12))
    assert looked_at == AccountPolicy().throttles[ThrottleKind.PAIR].free


@pytest.mark.parametrize(
    "attempt",
    [
        Attempt("swj", "10.1.1.1"),
        Attempt("swj", "2001:db8::1"),
        Attempt("swj", None, "a browser"),
        Attempt("7", None, device="own"),
        attempt_at_factor(7, None),
    ],
)
def test_a_free_try_bars_no_other_whichever_has_its_turn_first(database: Database, attempt: Attempt) -> None:
    """The moment of a try is taken before it has the counters: the later one may have them first."""
    now, throttles = datetime.now(UTC), AccountPolicy().throttles
    for earlier in (timedelta(), timedelta(seconds=1)):
        with database.transaction() as session:
            assert count_attempt(session, attempt, now=now - earlier, throttles=throttles) is None


@pytest.mark.parametrize("change", [{"active": False}, {"password_hash": "another"}])
def test_nobody_is_let_in_whose_account_changed_while_his_password_was_looked_at(
    site: Site, change: dict[str, object]
) -> None:
    attempt, when = Attempt("swj", "10.1.1.1"), Moment(now=datetime.now(UTC), at=datetime.now(UTC))
    with site.services.database.transaction() as session:
        begun = begin_log_in(session, attempt, policy=AccountPolicy(), when=when, demonstration=True)
    assert begun is not None
    _account(site, "swj", **change)
    with pytest.raises(WrongCredentials), site.services.database.transaction() as session:
        let_in(session, attempt, begun, came=Came(), policy=AccountPolicy(), when=when)


def _begun(database: Database, attempt: Attempt, now: datetime) -> bool:
    with database.transaction() as session:
        when = Moment(now=now, at=now)
        return begin_log_in(session, attempt, policy=AccountPolicy(), when=when, demonstration=False) is not None


@pytest.mark.timeout(60)
@pytest.mark.usefixtures("full_cost")
def test_an_unknown_account_takes_as_long_as_a_wrong_password(site: Site) -> None:
    _account(site, "swj", password_hash=PasswordHasher().hash("x"))
    spent = {"swj": 0.0, "wer": 0.0}
    with site.app.test_client() as client:
        _try(client, "warm", "wrong")  # the hash of nobody is made once
        for _ in range(4):
            for login in spent:
                began = perf_counter()
                _try(client, login, "wrong")
                spent[login] += perf_counter() - began
    assert 0.4 < spent["swj"] / spent["wer"] < 2.5, spent


def test_log_ins_are_told_by_events_and_no_secret_is(site: Site) -> None:
    with site.app.test_client() as client:
        _try(client, "swj", "geheim-geheim")
        _try(client, "mein-passwort-ins-falsche-feld", "x")
        assert _try(client, "swj", PASSWORD).status_code == 303
        client.post("/logout")
    told = _events(site, "login.")
    assert [type_ for type_, _facts in told] == ["login.failed", "login.failed", "login.succeeded", "login.ended"]
    known, unknown, into, out = (facts for _type, facts in told)
    assert (known["user_id"] is not None, known["why"], known["typed"]) == (True, "password", "")
    assert (unknown["user_id"], unknown["why"], len(str(unknown["typed"]))) == (None, "unknown", 16)
    assert (into["address"], out["cause"]) == ("10.1.1.1", "left")
    text = json.dumps(told, ensure_ascii=False)
    assert not any(word in text for word in ("geheim", "passwort", PASSWORD, "argon2"))


def test_the_address_is_that_which_the_proxy_on_this_machine_added(site: Site) -> None:
    for peer, told, found in (
        ("127.0.0.1", "6.6.6.6, 10.5.5.5", "10.5.5.5"),
        ("10.1.1.1", "6.6.6.6", "10.1.1.1"),
        ("127.0.0.1", "<script>", "127.0.0.1"),
    ):
        with site.app.test_client() as client:
            headers, base = {"X-Forwarded-For": told}, {"REMOTE_ADDR": peer}
            client.post("/login", data={"login": "swj", "password": "x"}, headers=headers, environ_base=base)
        assert _events(site, "login.failed")[-1][1]["address"] == found


def test_the_oldest_log_in_ends_where_there_are_as_many_as_allowed(site: Site) -> None:
    clients = [site.app.test_client() for _ in range(AccountPolicy().sessions + 1)]
    for client in clients:
        assert _try(client, "swj", PASSWORD).status_code == 303
    assert [client.get("/today").status_code for client in clients] == [302] + [200] * AccountPolicy().sessions
    assert _events(site, "login.ended")[-1][1]["cause"] == "limit"


def test_logging_in_again_ends_the_log_in_that_the_browser_had(site: Site) -> None:
    with site.app.test_client() as client:
        _try(client, "swj", PASSWORD)
        _try(client, "office", PASSWORD)
    with site.services.database.reading() as session:
        assert len(session.scalars(select(LoginRow).where(col(LoginRow.revoked_at).is_(None))).all()) == 1


def test_an_account_of_a_demonstration_is_let_in_to_a_demonstration_only(site: Site) -> None:
    _account(site, "swj", demonstration=True)
    with site.app.test_client() as client:
        assert _try(client, "swj", PASSWORD).status_code == 303
    serious = replace(site.services, settings=site.services.settings.model_copy(update={"mode": Mode.PRODUCTION}))
    app = create_app(serious)
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_client() as client:
        answer = _try(client, "swj", PASSWORD)
        assert (answer.status_code, _WRONG in answer.get_data(as_text=True)) == (403, True)
    assert _events(site, "login.failed")[-1][1]["why"] == "demonstration"
