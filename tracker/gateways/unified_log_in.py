"""The unified log-in 「统一身份认证」: OpenID Connect, authorization code with PKCE (RFC 7636), state and nonce.

Nothing is kept between two log-ins: endpoints and keys are asked of the issuer each time, so that keys may change.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry
from requests import RequestException

from tracker.domain.errors import Forbidden, Unavailable
from tracker.settings import Settings

_TIMEOUT_S = 5
_ALGORITHMS = ["RS256", "PS256", "ES256"]
_LEEWAY_S = 60
_DISCOVERY = "/.well-known/openid-configuration"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class ProviderDown(Unavailable):
    """The unified log-in does not answer, or not as its standard says."""

    code = "provider_down"


class IdentityRefused(Forbidden):
    """What came back is not the answer to what was asked here, or nothing that the issuer has signed for us."""

    code = "identity_refused"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of the provider by one browser: what came back is held against it."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who logged in, by the name of his account here, and how: the values of `amr` and `acr`."""

    login: str
    shown: frozenset[str]


@dataclass(frozen=True, slots=True)
class Provider:
    """An issuer and what this program is to it; `claim` is the claim that holds the name of an account."""

    issuer: str
    client_id: str
    client_secret: str
    claim: str

    def ask(self, redirect_uri: str) -> tuple[str, Asked]:
        """Return the address to send a browser to, and what it asks. Raises ProviderDown."""
        asked = Asked(generate_token(32), generate_token(32), generate_token(48))
        with self._session(redirect_uri) as client:
            address, _state = client.create_authorization_url(
                self._described(client)["authorization_endpoint"],
                state=asked.state,
                nonce=asked.nonce,
                code_verifier=asked.verifier,
            )
        return str(address), asked

    def identify(self, answer: Mapping[str, str], *, asked: Asked, redirect_uri: str, now: datetime) -> Identity:
        """Return who logged in by what the browser brought back. Raises IdentityRefused, ProviderDown."""
        if not hmac.compare_digest(answer.get("state", "").encode(), asked.state.encode()):
            raise IdentityRefused()
        if not answer.get("code") or answer.get("iss", self.issuer) != self.issuer:
            raise IdentityRefused()
        with self._session(redirect_uri) as client:
            described = self._described(client)
            token = self._token(client, described["token_endpoint"], answer["code"], asked)
            keys = self._get(client, described["jwks_uri"])
        return self._identity(self._claims(token, keys, asked.nonce, now))

    def end_address(self, back: str) -> str | None:
        """Return where a browser ends its log-in at the provider; None where that offers none. Raises ProviderDown."""
        with self._session(back) as client:
            end = self._described(client).get("end_session_endpoint")
        joined = "&" if end and urlsplit(end).query else "?"
        told = {"client_id": self.client_id, "post_logout_redirect_uri": back}
        return f"{end}{joined}{urlencode(told)}" if end else None

    def _session(self, redirect_uri: str) -> Any:  # Any: Authlib has no types
        return OAuth2Session(
            self.client_id,
            self.client_secret,
            scope="openid profile",
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            default_timeout=_TIMEOUT_S,
        )

    def _described(self, client: Any) -> dict[str, Any]:
        """Return what the issuer says of itself. Raises ProviderDown where it is another, or its addresses are none."""
        described = self._get(client, self.issuer.rstrip("/") + _DISCOVERY)
        if described.get("issuer") != self.issuer or not all(is_safe(described.get(name)) for name in _ENDPOINTS):
            raise ProviderDown()
        end = described.get("end_session_endpoint")
        return described if end is None or is_safe(end) else {**described, "end_session_endpoint": None}

    def _get(self, client: Any, address: str) -> dict[str, Any]:
        try:
            answer = client.get(address, withhold_token=True, timeout=_TIMEOUT_S, allow_redirects=False)
            read = answer.json() if answer.status_code == 200 else None
        except (RequestException, ValueError) as error:
            raise ProviderDown() from error
        if not isinstance(read, dict):
            raise ProviderDown()
        return read

    def _token(self, client: Any, address: str, code: str, asked: Asked) -> str:
        try:
            told = client.fetch_token(
                address,
                code=code,
                code_verifier=asked.verifier,
                grant_type="authorization_code",
                timeout=_TIMEOUT_S,
                allow_redirects=False,
            )
            return str(told["id_token"])
        except OAuthError as error:
            raise IdentityRefused() from error
        except (RequestException, ValueError) as error:
            raise ProviderDown() from error
        except (KeyError, TypeError) as error:
            raise IdentityRefused() from error

    def _claims(self, token: str, keys: Any, nonce: str, now: datetime) -> Mapping[str, Any]:
        """Return the claims of a token that this issuer signed, for us, for this log-in, and not long ago."""
        registry = JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY_S,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=_ALGORITHMS).claims
            registry.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise IdentityRefused() from error
        if claims.get("azp", self.client_id) != self.client_id:
            raise IdentityRefused()
        return claims

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        login, amr, acr = claims.get(self.claim), claims.get("amr"), claims.get("acr")
        if not isinstance(login, str) or not login:
            raise IdentityRefused()
        shown = [*(amr if isinstance(amr, list) else []), acr]
        return Identity(login, frozenset(one for one in shown if isinstance(one, str)))


def provider_of(settings: Settings) -> Provider | None:
    """Return the provider that the settings describe; None where they name none."""
    if settings.oidc_issuer is None:
        return None
    return Provider(
        settings.oidc_issuer, settings.oidc_client_id or "", settings.oidc_client_secret or "", settings.oidc_claim
    )


def is_safe(address: object) -> bool:
    """Say whether an address may be asked: by TLS, on this machine also without."""
    if not isinstance(address, str):
        return False
    parts = urlsplit(address)
    here = parts.scheme == "http" and parts.hostname in _LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or here)
