"""「统一身份认证」 against a provider that speaks HTTP: who is let in by it, and every answer that is not taken."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from sqlalchemy import select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.databases import fresh_sqlite
from tests.support.oidc_provider import CLIENT, CLIENT_SECRET, Provider, oidc_provider
from tests.support.site import PASSWORD, Site
from tracker.domain.account_policy import FactorRule
from tracker.gateways.unified_log_in import Provider as Client
from tracker.gateways.unified_log_in import ProviderDown
from tracker.settings import SettingsError, load_settings
from tracker.store.tables.events import EventRow
from tracker.store.tables.second_factors import SecondFactorRow
from tracker.store.tables.units import UserRow
from tracker.web.app import create_app
from tracker.web.cookies import Cookie

_REFUSED = "统一身份认证没有完成"
_NOBODY = "账号或密码不正确，或者尝试次数过多。"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with oidc_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider) -> Provider:
    running.login, running.twist, running.signs_with = "swj", {}, running.key
    running.says_issuer = running.issuer
    running.asked.clear()
    return running


@pytest.fixture
def site(tmp_path: Path, provider: Provider) -> Iterator[Site]:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    given = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": CLIENT_SECRET}
    made.services = replace(made.services, settings=made.services.settings.model_copy(update=given))
    _built(made)
    yield made
    made.services.database.dispose()


def _built(site: Site, **policy: object) -> None:
    accounts = replace(site.services.accounts, **policy)  # type: ignore[arg-type] # whatever a test says otherwise
    site.services = replace(site.services, accounts=accounts)
    site.app = create_app(site.services)
    site.app.config["WTF_CSRF_ENABLED"] = False


def _back(client: FlaskClient, wanted: str = "") -> str:
    """Go to the provider and return the address to which it sends the browser back."""
    answer = client.get("/login/unified", query_string={"next": wanted})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    there = requests.get(answer.location or "", allow_redirects=False, timeout=5)
    assert there.status_code == 302
    return there.headers["Location"].removeprefix("http://localhost")


def _refused(client: FlaskClient, answer: TestResponse, words: str = _REFUSED, status: int = 403) -> None:
    page = answer.get_data(as_text=True)
    assert (answer.status_code, words in page) == (status, True), page
    assert 'name="password"' in page, "the way by password is not offered"
    assert client.get_cookie(Cookie.LOG_IN) is None


def _events(site: Site, prefix: str) -> list[tuple[str, dict[str, object]]]:
    with site.services.database.reading() as session:
        wanted = select(col(EventRow.type), col(EventRow.payload)).where(col(EventRow.type).startswith(prefix))
        rows = session.execute(wanted.order_by(col(EventRow.seq)))
        return [(type_, json.loads(payload)) for type_, payload in rows]


def test_whom_the_provider_names_is_let_in_and_goes_where_he_wanted(site: Site, provider: Provider) -> None:
    with site.app.test_client() as client:
        assert "统一身份认证登录" in client.get("/login").get_data(as_text=True)
        address = client.get("/login/unified").location or ""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert (asked["response_type"], asked["code_challenge_method"], asked["scope"]) == (
            "code",
            "S256",
            "openid profile",
        )
        assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 32
        answer = client.get(_back(client, "/documents"))
        assert (answer.status_code, answer.location) == (303, "/documents")
        assert client.get("/today").status_code == 200
    [(_type, told)] = _events(site, "login.succeeded")
    assert (told["by_provider"], told["factor"]) == (True, None)


@pytest.mark.parametrize("wanted", ["https://boese.example/", "//boese.example/", "/\\boese.example"])
def test_nobody_is_sent_elsewhere(site: Site, wanted: str) -> None:
    with site.app.test_client() as client:
        assert client.get(_back(client, wanted)).location == "/today"


@pytest.mark.parametrize(
    "twist",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another client"},
        {"aud": None},
        {"aud": [CLIENT, "another client"], "azp": "another client"},
        {"iss": "http://127.0.0.1:1"},
        {"iss": None},
        {"exp": 1_600_000_000},
        {"exp": None},
        {"iat": 32_000_000_000},
        {"sub": None},
        {"preferred_username": None},
        {"preferred_username": ["swj"]},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_log_in_is_refused(
    site: Site, provider: Provider, twist: dict[str, object]
) -> None:
    provider.twist = twist
    with site.app.test_client() as client:
        _refused(client, client.get(_back(client)))
    assert _events(site, "login.succeeded") == []


def test_a_token_that_another_key_signed_is_refused(site: Site, provider: Provider) -> None:
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "own"}, auto_kid=False)
    with site.app.test_client() as client:
        _refused(client, client.get(_back(client)))


def test_a_state_is_good_once_and_in_the_browser_that_asked(site: Site) -> None:
    own, foe = site.app.test_client(), site.app.test_client()
    back = _back(own)
    _refused(foe, foe.get(back))
    _back(foe)
    _refused(foe, foe.get(back))
    asked = own.get_cookie(Cookie.ASKED)
    assert own.get(back).status_code == 303
    own.post("/logout")
    _refused(own, own.get(back))
    assert asked is not None
    own.set_cookie(Cookie.ASKED, asked.value)
    _refused(own, own.get(back))
    assert len(_events(site, "login.succeeded")) == 1


@pytest.mark.parametrize("broken", ["?state=x&code=y", "?error=access_denied", "", "?code=y", "?state=%ff&code=%00"])
def test_an_answer_that_is_none_is_refused(site: Site, broken: str) -> None:
    with site.app.test_client() as client:
        _back(client)
        _refused(client, client.get(f"/login/unified/back{broken}"))


def test_an_answer_of_another_issuer_is_refused(site: Site, provider: Provider) -> None:
    """By its name in the answer (RFC 9207), and in what the issuer says of itself."""
    with site.app.test_client() as client:
        _refused(client, client.get(_back(client) + "&iss=https%3A%2F%2Fboese.example"))
        back = _back(client)
        provider.says_issuer = "https://boese.example"
        _refused(client, client.get(back), "统一身份认证暂时不可用", 503)
        _refused(client, client.get("/login/unified"), "统一身份认证暂时不可用", 503)
    assert "/token" not in provider.asked[-2:]


def test_without_the_proof_of_who_asked_a_code_is_worth_nothing(site: Site, provider: Provider) -> None:
    """The provider refuses a code without PKCE, and one with another verifier; neither lets anybody in."""
    client, other = site.app.test_client(), site.app.test_client()
    address = client.get("/login/unified").location or ""
    bare = "&".join(part for part in address.split("&") if not part.startswith("code_challenge"))
    there = requests.get(bare, allow_redirects=False, timeout=5).headers["Location"]
    _refused(client, client.get(there.removeprefix("http://localhost")))
    stolen = parse_qs(urlsplit(_back(client)).query)["code"][0]
    own = parse_qs(urlsplit(_back(other)).query)["state"][0]
    _refused(other, other.get("/login/unified/back", query_string={"code": stolen, "state": own}))


def test_unknown_and_disabled_are_told_alike_and_as_at_a_log_in_and_no_account_is_made(
    site: Site, provider: Provider
) -> None:
    with site.services.database.transaction() as session:
        session.scalars(select(UserRow).where(col(UserRow.login) == "tjj")).one().active = False
        before = session.scalars(select(col(UserRow.id))).all()
    said = []
    for login in ("wer", "tjj", "SWJ"):
        provider.login = login
        with site.app.test_client() as client:
            answer = client.get(_back(client))
            _refused(client, answer, _NOBODY)
            said.append(answer.get_data(as_text=True).split('role="alert">')[1].split("<")[0])
    assert len(set(said)) == 1
    assert "请联系系统管理员开通或者启用" in said[0]
    told = [(facts["why"], facts["user_id"] is None) for _type, facts in _events(site, "login.failed")]
    assert told == [("unknown", True), ("disabled", False), ("unknown", True)]
    with site.services.database.reading() as session:
        assert session.scalars(select(col(UserRow.id))).all() == before


def test_where_the_provider_is_away_that_is_said_and_passwords_go_on(site: Site) -> None:
    settings = site.services.settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})
    site.services = replace(site.services, settings=settings)
    _built(site)
    with site.app.test_client() as client:
        _refused(client, client.get("/login/unified"), "统一身份认证暂时不可用", 503)
        assert client.post("/login", data={"login": "swj", "password": PASSWORD}).status_code == 303
        assert client.get("/today").status_code == 200


def test_passwords_are_closed_by_policy_but_for_administrators(site: Site) -> None:
    _built(site, password_beside_provider=False)
    for login, status in (("swj", 403), ("office", 403), ("sysadmin", 303)):
        with site.app.test_client() as client:
            answer = client.post("/login", data={"login": login, "password": PASSWORD})
            assert answer.status_code == status
            wrong = client.post("/login", data={"login": login, "password": "falsch"})
            assert "须通过统一身份认证登录" not in wrong.get_data(as_text=True)


def test_a_factor_is_asked_here_unless_the_policy_takes_what_the_provider_saw(site: Site, provider: Provider) -> None:
    provider.login = "office"
    with site.services.database.transaction() as session:
        user = session.scalars(select(UserRow).where(col(UserRow.login) == "office")).one()
        session.add(SecondFactorRow(user_id=user.id or 0, sealed="-", confirmed_at=datetime.now(UTC)))
    provider.twist = {"amr": ["pwd", "otp"]}
    with site.app.test_client() as client:
        page = client.get(_back(client)).get_data(as_text=True)
        assert ("登录验证" in page, client.get_cookie(Cookie.LOG_IN)) == (True, None)
        assert client.get_cookie(Cookie.HALF_LOG_IN) is not None
    _built(site, provider_factors=frozenset({"otp"}), second_factor=FactorRule.MANDATORY)
    with site.app.test_client() as client:
        assert client.get(_back(client)).status_code == 303
        assert client.get("/desk").status_code == 200
    provider.twist, provider.login = {"acr": "otp"}, "leader"
    with site.app.test_client() as client:
        assert client.get(_back(client)).status_code == 303
    provider.twist, provider.login = {"amr": ["pwd"]}, "sysadmin"
    with site.app.test_client() as client:
        assert client.get(_back(client)).status_code == 303
        assert client.get("/accounts").location == "/me/factor"


def test_leaving_ends_the_log_in_here_and_offers_to_end_the_one_there(site: Site, provider: Provider) -> None:
    with site.app.test_client() as client:
        client.get(_back(client))
        answer = client.post("/logout")
        assert client.get("/today").status_code == 302
        assert "一并退出统一身份认证" in client.get(answer.location or "").get_data(as_text=True)
        there = client.get("/login/unified/leave").location or ""
        assert there.startswith(f"{provider.issuer}/end?client_id={CLIENT}&post_logout_redirect_uri=http")
        client.post("/login", data={"login": "swj", "password": PASSWORD})
        assert client.post("/logout").location == "/login"


def test_without_a_provider_there_is_no_such_way(site: Site) -> None:
    site.services = replace(site.services, settings=site.services.settings.model_copy(update={"oidc_issuer": None}))
    _built(site)
    with site.app.test_client() as client:
        for address in ("/login/unified", "/login/unified/back", "/login/unified/leave"):
            assert client.get(address).status_code == 404
        assert "统一身份认证" not in client.get("/login").get_data(as_text=True)


def test_a_provider_is_described_whole_and_asked_by_tls(tmp_path: Path) -> None:
    given = {"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(tmp_path), "TRACKER_OIDC_ISSUER": "https://id.example"}
    with pytest.raises(SettingsError, match="TRACKER_OIDC_CLIENT_ID, TRACKER_OIDC_CLIENT_SECRET"):
        load_settings(given)
    whole = {**given, "TRACKER_OIDC_CLIENT_ID": "a", "TRACKER_OIDC_CLIENT_SECRET": "b"}
    assert load_settings(whole).oidc_claim == "preferred_username"
    with pytest.raises(SettingsError, match="TRACKER_OIDC_ISSUER"):
        load_settings({**whole, "TRACKER_OIDC_ISSUER": "http://id.example"})


def test_an_issuer_that_names_addresses_without_tls_is_not_asked(provider: Provider) -> None:
    client = Client(provider.issuer, CLIENT, CLIENT_SECRET, "preferred_username")
    own, provider.issuer = provider.issuer, "http://id.example"
    try:
        provider.says_issuer = own
        with pytest.raises(ProviderDown):
            client.ask("http://localhost/back")
    finally:
        provider.issuer = own
