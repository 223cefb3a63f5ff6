"""「双因素验证」: set up, asked for, used once, throttled, mandatory, replaced, given up, reset; kept encrypted."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.databases import fresh_sqlite
from tests.support.site import PASSWORD, Site
from tracker.domain.account_policy import FactorRule
from tracker.gateways.second_factor import matching_counter, seal, unseal
from tracker.store.history.peculiar import factors
from tracker.store.tables.events import EventRow
from tracker.store.tables.second_factors import HalfLogInRow, RecoveryCodeRow, SecondFactorRow
from tracker.store.tables.units import LogInThrottleRow, UserRow
from tracker.web.app import create_app
from tracker.web.cookies import Cookie

_SECRET = re.compile(r'class="secret">([A-Z2-7 ]+)<')
_CODES = re.compile(r"<li>([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4})</li>")
_WRONG = "验证码不正确、已经用过，或者输错次数过多"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.app.config["WTF_CSRF_ENABLED"] = False
    yield made
    made.services.database.dispose()


def _under(site: Site, rule: FactorRule) -> None:
    site.services = replace(site.services, accounts=replace(site.services.accounts, second_factor=rule))
    site.app = create_app(site.services)
    site.app.config["WTF_CSRF_ENABLED"] = False


def _enter(client: FlaskClient, login: str, address: str = "10.1.1.1") -> TestResponse:
    return client.post("/login", data={"login": login, "password": PASSWORD}, environ_base={"REMOTE_ADDR": address})


def _show(client: FlaskClient, code: str, address: str = "10.1.1.1") -> TestResponse:
    return client.post("/login/second", data={"factor_code": code}, environ_base={"REMOTE_ADDR": address})


def _send(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    return client.post(address, data=fields, headers={"Referer": "http://localhost/me/factor"})


def _code(secret: str, *, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(datetime.now(UTC), counter_offset=steps)


def _set_up(client: FlaskClient, **shown: str) -> tuple[str, list[str]]:
    """Set up a factor at an open log-in; return its secret and the recovery codes."""
    assert _send(client, "/me/factor", password=PASSWORD, **shown).status_code == 303
    found = _SECRET.search(client.get("/me/factor").get_data(as_text=True))
    assert found
    secret = found[1].replace(" ", "")
    answer = _send(client, "/me/factor/confirm", factor_code=_code(secret))
    assert (answer.status_code, answer.location) == (303, "/me/factor/codes"), answer.get_data(as_text=True)
    codes = _CODES.findall(client.get("/me/factor/codes").get_data(as_text=True))
    assert len(codes) == 10
    return secret, codes


def _forget_last(site: Site) -> None:
    """Let the code of now count as one that was not used yet, as it is half a minute later."""
    with site.services.database.transaction() as session:
        for row in session.scalars(select(SecondFactorRow)):
            row.last_counter = 0


def _events(site: Site) -> list[tuple[str, dict[str, object]]]:
    with site.services.database.reading() as session:
        wanted = select(col(EventRow.type), col(EventRow.payload)).order_by(col(EventRow.seq))
        return [(type_, json.loads(payload)) for type_, payload in session.execute(wanted)]


def _with_factor(site: Site, login: str = "office") -> tuple[str, list[str]]:
    client = site.app.test_client()
    assert _enter(client, login).status_code == 303
    made = _set_up(client)
    _forget_last(site)
    return made


@pytest.mark.timeout(60)
def test_a_factor_is_set_up_with_the_password_and_a_right_code_and_asked_for_then(site: Site) -> None:
    own, other = site.app.test_client(), site.app.test_client()
    for client in (own, other):
        _enter(client, "office")
    answer = _send(own, "/me/factor", password="falsch-falsch")
    assert (answer.status_code, "密码不正确" in answer.get_data(as_text=True)) == (400, True)
    assert _send(own, "/me/factor/confirm", factor_code="000000").status_code == 409
    assert _send(own, "/me/factor", password=PASSWORD).status_code == 303
    page = own.get("/me/factor").get_data(as_text=True)
    picture = page[page.index("<svg width") :].split("</svg>")[0]
    assert ("style" in picture, "<script" in picture, 'class="qr"' in picture) == (False, False, True)
    assert _SECRET.search(page)
    assert not _SECRET.search(other.get("/me/factor").get_data(as_text=True)), "another log-in is shown the secret"
    assert _send(own, "/me/factor/confirm", factor_code="12345").status_code == 400
    secret, _codes = _set_up(own)
    assert (own.get("/desk").status_code, other.get("/desk").status_code) == (200, 302)
    _forget_last(site)
    with site.app.test_client() as client:
        answer = _enter(client, "office")
        assert (answer.status_code, "登录验证" in answer.get_data(as_text=True)) == (200, True)
        assert client.get_cookie(Cookie.LOG_IN) is None
        assert _show(client, _code(secret)).location == "/desk"
        assert (client.get("/desk").status_code, client.get_cookie(Cookie.HALF_LOG_IN)) == (200, None)
    told = [facts for type_, facts in _events(site) if type_ == "login.succeeded"]
    assert [facts["factor"] for facts in told] == [None, None, "totp"]


def test_a_secret_that_was_shown_is_to_be_confirmed_within_ten_minutes(site: Site) -> None:
    with site.app.test_client() as client:
        _enter(client, "office")
        assert _send(client, "/me/factor", password=PASSWORD).status_code == 303
        for minutes, shown in ((9.5, True), (10, False)):
            with site.services.database.transaction() as session:
                pending = session.scalars(select(SecondFactorRow)).one()
                pending.pending_at = datetime.now(UTC) - timedelta(minutes=minutes)
            assert bool(_SECRET.search(client.get("/me/factor").get_data(as_text=True))) is shown


@pytest.mark.timeout(60)
def test_recovery_codes_are_shown_again_until_their_person_has_them_or_ten_minutes_passed(site: Site) -> None:
    own = site.app.test_client()
    _enter(own, "office")
    _secret, codes = _set_up(own)

    def shown() -> list[str]:
        return _CODES.findall(own.get("/me/factor/codes").get_data(as_text=True))

    assert shown() == codes
    with own.session_transaction() as kept:
        assert not any(code in str(dict(kept)) for code in codes), "whoever reads the cookie reads the codes"
    assert own.post("/me/factor/codes").status_code == 303
    assert (shown(), "另行生成" in own.get("/me/factor/codes").get_data(as_text=True)) == ([], True)
    id_, key = _id(site, "office"), site.services.settings.secret_key
    for user_id, minutes, found in ((id_, 9, codes), (id_, 11, []), (id_ + 1, 9, [])):
        made_at = datetime.now(UTC) - timedelta(minutes=minutes)
        with own.session_transaction() as kept:
            kept["recovery_codes"] = seal(" ".join((made_at.isoformat(), *codes)), user_id=user_id, key=key)
        assert shown() == found


def _id(site: Site, login: str) -> int:
    with site.services.database.reading() as session:
        return session.scalars(select(col(UserRow.id)).where(col(UserRow.login) == login)).one() or 0


@pytest.mark.timeout(60)
def test_who_is_half_in_may_do_nothing_and_not_for_long(site: Site) -> None:
    secret, _codes = _with_factor(site)
    with site.app.test_client() as client:
        _enter(client, "office")
        key = client.get_cookie(Cookie.HALF_LOG_IN)
        assert key is not None
        for address in ("/desk", "/me", "/me/factor", "/"):
            assert client.get(address).status_code == 302
        client.set_cookie(Cookie.LOG_IN, key.value)
        assert client.get("/desk").status_code == 302, "the key of half a log-in opens a page"
        client.delete_cookie(Cookie.LOG_IN)
        with site.services.database.transaction() as session:
            session.scalars(select(HalfLogInRow)).one().created_at -= timedelta(minutes=5, seconds=1)
        answer = _show(client, _code(secret))
        assert (answer.status_code, "请重新输入账号和密码" in answer.get_data(as_text=True)) == (403, True)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "change", [{"active": False}, {"password_hash": "another"}, {"code_second_hash": "another"}, {"role": "pending"}]
)
def test_half_a_log_in_is_worth_nothing_where_its_account_changed(site: Site, change: dict[str, object]) -> None:
    secret, _codes = _with_factor(site)
    with site.app.test_client() as client:
        _enter(client, "office")
        with site.services.database.transaction() as session:
            user = session.scalars(select(UserRow).where(col(UserRow.login) == "office")).one()
            for name, value in change.items():
                setattr(user, name, value)
        assert _show(client, _code(secret)).status_code == 403
        assert client.get_cookie(Cookie.LOG_IN) is None


@pytest.mark.timeout(60)
def test_a_code_is_taken_once_and_within_one_step(site: Site) -> None:
    secret, _codes = _with_factor(site)
    for n, (steps, status) in enumerate(((-3, 403), (3, 403), (-1, 303), (-1, 403), (1, 303), (0, 403), (1, 403))):
        with site.app.test_client() as client:
            _enter(client, "office")
            answer = _show(client, _code(secret, steps=steps))
            assert answer.status_code == status, n
            assert (_WRONG in answer.get_data(as_text=True)) is (status == 403)


def test_the_vectors_of_the_standard_are_computed() -> None:
    """RFC 6238, appendix B, for SHA-1; six digits are the last ones of its eight."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        now = datetime.fromtimestamp(seconds, UTC)
        assert matching_counter(secret, code, now=now) == seconds // 30
        assert matching_counter(secret, code, now=now + timedelta(seconds=91)) is None
    assert matching_counter(secret, "２８７０８２", now=datetime.fromtimestamp(59, UTC)) is None


@pytest.mark.timeout(90)
def test_a_recovery_code_opens_once(site: Site) -> None:
    _secret, codes = _with_factor(site)
    for code, status in ((codes[3].lower(), 303), (codes[3], 403), (codes[4].replace("-", " "), 303)):
        with site.app.test_client() as client:
            _enter(client, "office")
            assert _show(client, code).status_code == status
    told = [facts["left"] for type_, facts in _events(site) if type_ == "account.recovery_code_used"]
    assert told == [9, 8]
    with site.services.database.reading() as session:
        kept = "\n".join(row.code_hash for row in session.scalars(select(RecoveryCodeRow)))
    assert kept.count("$argon2id$") == 10


@pytest.mark.timeout(90)
def test_guesses_of_a_code_are_few_from_however_many_addresses_and_the_known_browser_is_let_in(site: Site) -> None:
    secret, _codes = _with_factor(site)
    own = site.app.test_client()
    _enter(own, "office")
    assert _show(own, _code(secret)).status_code == 303
    for n in range(7):
        with site.app.test_client() as foe:
            _enter(foe, "office", address=f"10.9.9.{n}")
            assert _show(foe, "123456", address=f"10.9.9.{n}").status_code == 403
    _forget_last(site)
    with site.app.test_client() as foe:
        _enter(foe, "office", address="10.9.9.9")
        assert _show(foe, _code(secret), address="10.9.9.9").status_code == 403, "a guess too many was looked at"
    _enter(own, "office")
    assert _show(own, _code(secret)).status_code == 303
    told = [(type_, facts.get("why")) for type_, facts in _events(site)]
    assert told.count(("login.failed", "factor")) == 5
    with site.services.database.transaction() as session:
        for row in session.scalars(select(LogInThrottleRow)):
            row.blocked_until = None
    _forget_last(site)
    with site.app.test_client() as client:
        _enter(client, "office", address="10.9.9.9")
        assert _show(client, _code(secret), address="10.9.9.9").status_code == 303


@pytest.mark.timeout(60)
def test_whoever_must_have_a_factor_sets_it_up_before_anything_else(site: Site) -> None:
    _under(site, FactorRule.MANDATORY)
    for login, home in (("office", "/desk"), ("sysadmin", "/accounts"), ("swj", None)):
        with site.app.test_client() as client:
            _enter(client, login)
            if home is None:
                assert client.get("/today").status_code == 200
                continue
            for address in (home, "/me", "/"):
                assert client.get(address).location == "/me/factor"
            assert client.post("/me/log-ins/end").status_code == 403
            assert "请先设置" in client.get("/me/factor").get_data(as_text=True)
            secret, _codes = _set_up(client)
            assert client.get(home).status_code == 200
            _forget_last(site)
            answer = _send(client, "/me/factor/remove", password=PASSWORD, factor_code=_code(secret))
            assert answer.status_code == 409


@pytest.mark.timeout(60)
def test_a_new_password_comes_before_a_factor(site: Site) -> None:
    _under(site, FactorRule.MANDATORY)
    with site.services.database.transaction() as session:
        session.scalars(select(UserRow).where(col(UserRow.login) == "office")).one().must_change = True
    with site.app.test_client() as client:
        _enter(client, "office")
        assert client.get("/me/factor").location == "/me"


@pytest.mark.timeout(60)
def test_where_it_is_off_nobody_is_asked_and_none_is_set_up(site: Site) -> None:
    _with_factor(site)
    _under(site, FactorRule.OFF)
    with site.app.test_client() as client:
        assert _enter(client, "office").status_code == 303
    with site.app.test_client() as client:
        _enter(client, "swj")
        assert _send(client, "/me/factor", password=PASSWORD).status_code == 409
        shown = client.get("/me").get_data(as_text=True)
        assert "本系统没有启用" in shown
        assert "/me/factor" not in shown


@pytest.mark.timeout(90)
def test_a_factor_is_replaced_and_given_up_with_password_and_code(site: Site) -> None:
    own = site.app.test_client()
    _enter(own, "swj")
    old, old_codes = _set_up(own)
    _forget_last(site)
    assert _send(own, "/me/factor", password=PASSWORD, factor_code="").status_code == 400
    assert _send(own, "/me/factor", password=PASSWORD, factor_code="123456").status_code == 400
    new, _codes = _set_up(own, factor_code=_code(old))
    assert new != old
    _forget_last(site)
    for code in (_code(old), old_codes[0]):
        assert _send(own, "/me/factor/remove", password=PASSWORD, factor_code=code).status_code == 400
    assert _send(own, "/me/factor/remove", password="falsch-falsch", factor_code=_code(new)).status_code == 400
    assert _send(own, "/me/factor/remove", password=PASSWORD, factor_code=_code(new)).status_code == 303
    with site.app.test_client() as client:
        assert _enter(client, "swj").status_code == 303
    told = [type_ for type_, _facts in _events(site) if type_.startswith("account.")]
    assert told == ["account.factor_set_up", "account.factor_set_up", "account.factor_removed"]


@pytest.mark.timeout(60)
def test_an_open_log_in_does_not_guess_the_code(site: Site) -> None:
    own = site.app.test_client()
    _enter(own, "swj")
    secret, _codes = _set_up(own)
    _forget_last(site)
    for _ in range(5):
        assert _send(own, "/me/factor/remove", password=PASSWORD, factor_code="123456").status_code == 400
    assert _send(own, "/me/factor/remove", password=PASSWORD, factor_code=_code(secret)).status_code == 400


@pytest.mark.timeout(60)
def test_an_administrator_resets_it_and_the_person_is_told(site: Site) -> None:
    _with_factor(site)
    with site.services.database.reading() as session:
        users = {user.login: user.id for user in session.scalars(select(UserRow))}
    with site.app.test_client() as client:
        _enter(client, "sysadmin")
        address = f"/accounts/{users['office']}/factor/reset"
        assert client.post(address, data={"reason": ""}).status_code == 400
        assert client.post(address, data={"reason": "手机遗失，已当面核实"}).status_code == 303
        assert client.post(address, data={"reason": "手机遗失"}).status_code == 409
        assert client.post(f"/accounts/{users['sysadmin']}/factor/reset", data={"reason": "x"}).status_code == 409
    told = [facts for type_, facts in _events(site) if type_ == "account.factor_reset"]
    assert [(one["user_id"], one["reason"]) for one in told] == [(users["office"], "手机遗失，已当面核实")]
    with site.app.test_client() as client:
        assert _enter(client, "office").status_code == 303
        assert "您的双因素验证已由系统管理员重置（理由：手机遗失，已当面核实）" in client.get("/me").get_data(
            as_text=True
        )
        assert "您的双因素验证已由" not in client.get("/me").get_data(as_text=True)
        assert "重置" in client.get("/me/factor").get_data(as_text=True)


@pytest.mark.timeout(60)
def test_secrets_are_encrypted_for_their_person_and_no_secret_is_in_the_log(site: Site) -> None:
    secret, codes = _with_factor(site)
    key = site.services.settings.secret_key
    with site.services.database.reading() as session:
        row = session.scalars(select(SecondFactorRow)).one()
        sealed, user_id = row.sealed or "", row.user_id
        tables = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        kept = "\n".join(repr(line) for name in tables for line in session.execute(text(f'SELECT * FROM "{name}"')))
    assert not [hidden for hidden in (secret, *codes, *(code.replace("-", "") for code in codes)) if hidden in kept]
    assert unseal(sealed, user_id=user_id, key=key) == secret
    assert unseal(sealed, user_id=user_id + 1, key=key) is None
    assert unseal(sealed, user_id=user_id, key=key[::-1]) is None
    assert seal(secret, user_id=user_id, key=key) != sealed


@pytest.mark.timeout(90)
def test_with_a_new_secret_key_recovery_codes_open_and_codes_do_not(site: Site) -> None:
    """Before it nobody is let in by less, and nothing breaks."""
    secret, codes = _with_factor(site)
    settings = site.services.settings.model_copy(update={"secret_key": "n" * 40})
    site.services = replace(site.services, settings=settings)
    _under(site, FactorRule.MANDATORY)
    with site.app.test_client() as client:
        _enter(client, "office")
        assert _show(client, _code(secret)).status_code == 403
        assert _show(client, codes[0]).status_code == 303
        assert client.get("/desk").status_code == 200
        _set_up(client, factor_code=codes[1])


@pytest.mark.timeout(60)
def test_what_was_written_survives_both_steps(site: Site) -> None:
    secret, _codes = _with_factor(site, "swj")
    kept = {
        "next": "/me",
        "kept_action": "/me/factor",
        "kept_fields": json.dumps([["words", "写到一半"]]),
    }
    with site.app.test_client() as client:
        page = client.post("/login", data={"login": "swj", "password": PASSWORD, **kept}).get_data(as_text=True)
        assert all(f'name="{name}"' in page for name in kept)
        again = client.post("/login/second", data={"factor_code": "123456", **kept})
        assert 'name="kept_fields"' in again.get_data(as_text=True)
        last = client.post("/login/second", data={"factor_code": _code(secret), **kept})
        assert (last.status_code, "写到一半" in last.get_data(as_text=True)) == (200, True)
        assert _enter(client, "swj").status_code == 200
        away = client.post("/login/second", data={"factor_code": "x", "next": "https://boese.example/"})
        assert away.status_code == 403


@pytest.mark.timeout(60)
def test_a_factor_that_was_taken_away_in_the_table_is_named(site: Site) -> None:
    _with_factor(site)
    with site.services.database.transaction() as session:
        assert list(factors(session)) == []
        row = session.scalars(select(SecondFactorRow)).one()
        row.sealed = None
        session.flush()
        found = list(factors(session))
    assert [(one.table, one.row_id, one.stored, one.told) for one in found] == [("second_factor", 7, False, True)]
