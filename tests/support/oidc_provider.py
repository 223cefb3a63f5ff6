"""An OpenID Connect provider that speaks HTTP on this machine: discovery, authorize, token, userinfo, keys, end.

It does what the standard says; a test sets what it says otherwise. Nobody types a password: `login` is who is there.
"""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, CLIENT_SECRET = "tracker", "a secret of this client"


class Provider:
    """`twist` are claims said otherwise, None for one left out; `signs_with` is the key of its tokens."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256", "kid": "own"}, auto_kid=False)
        self.signs_with, self.issuer, self.says_issuer = self.key, "", ""
        self.login, self.twist = "swj", dict[str, object]()
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, str] = {}
        self.asked: list[str] = []

    def token(self, asked: dict[str, str]) -> str:
        now = int(time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "0001",
            "iat": now,
            "exp": now + 300,
            "nonce": asked.get("nonce"),
            "preferred_username": self.login,
        }
        said = {name: value for name, value in {**claims, **self.twist}.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": "own"}, said, self.signs_with)


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        parts, own = urlsplit(self.path), self.provider
        own.asked.append(parts.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            ends = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint")
            places = ("authorize", "token", "userinfo", "keys", "end")
            described = {end: f"{own.issuer}/{place}" for end, place in zip(ends, places, strict=True)}
            self._say(200, {"issuer": own.says_issuer, **described})
        elif parts.path == "/keys":
            self._say(200, KeySet([own.key]).as_dict(private=False))
        elif parts.path == "/authorize":
            self._authorize(asked)
        elif parts.path == "/userinfo":
            name = own.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
            self._say(200 if name else 401, {"sub": "0001", "preferred_username": name})
        else:
            self._say(404, {})

    def _authorize(self, asked: dict[str, str]) -> None:
        answer = {"state": asked.get("state", "")}
        if asked.get("response_type") != "code" or asked.get("client_id") != CLIENT:
            return self._say(400, {})
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            answer["error"] = "invalid_request"
        else:
            answer["code"] = secrets.token_urlsafe(16)
            self.provider.codes[answer["code"]] = asked
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(answer)}")
        self.end_headers()
        return None

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = {name: values[0] for name, values in parse_qs(sent).items()}
        self.provider.asked.append(self.path)
        basic = "Basic " + base64.b64encode(f"{CLIENT}:{CLIENT_SECRET}".encode()).decode()
        if self.path != "/token" or self.headers.get("Authorization") != basic:
            return self._say(401, {"error": "invalid_client"})
        asked = self.provider.codes.pop(form.get("code", ""), None)
        if asked is None or asked["redirect_uri"] != form.get("redirect_uri") or not _proves(form, asked):
            return self._say(400, {"error": "invalid_grant"})
        access = secrets.token_urlsafe(16)
        self.provider.tokens[access] = self.provider.login
        told = {"access_token": access, "token_type": "Bearer", "expires_in": 300}
        return self._say(200, {**told, "id_token": self.provider.token(asked)})

    def _say(self, status: int, what: object) -> None:
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _proves(form: dict[str, str], asked: dict[str, str]) -> bool:
    """Say whether whoever asks for the token is who asked for the code (RFC 7636)."""
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]


@contextmanager
def oidc_provider() -> Iterator[Provider]:
    """Run a provider until the end; its `issuer` is its address."""
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"provider": provider}))
    provider.issuer = provider.says_issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
