"""What a browser is told to keep: every cookie of ours is set, read and taken away here, by one rule.

No script reads one, and no other site's form sends one. In production they travel by TLS only and belong to this very
host, which the browser itself sees to (`__Host-`); a demonstration also speaks plain HTTP.
"""

from enum import StrEnum

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from tracker.settings import Settings

_HOST_ONLY = "__Host-"
_IS_BOUND = "TRACKER_COOKIES_ARE_BOUND"
_SAME_SITE = "Lax"


class Cookie(StrEnum):
    """What we let a browser keep, beside the session of Flask."""

    LOG_IN = "tracker_login"
    # Of whoever has shown his password and not yet his second factor: it opens the page for that alone.
    HALF_LOG_IN = "tracker_half_login"
    # The accounts that the browser has been let in to.
    DEVICE = "tracker_device"
    # What the provider of the unified log-in was asked.
    ASKED = "tracker_unified"


class _Sessions(SecureCookieSessionInterface):
    """Lets Flask's own session, which keeps the marks of forms and what is told once, travel as the others do."""

    def get_cookie_name(self, app: Flask) -> str:
        return _name("session")

    def get_cookie_secure(self, app: Flask) -> bool:
        return _by_tls_only()


def set_up_cookies(app: Flask, settings: Settings) -> None:
    """Say how cookies of this application are bound and with which keys they are signed."""
    app.config |= {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": settings.secret_key_fallbacks,
        "SESSION_COOKIE_PATH": "/",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": _SAME_SITE,
        _IS_BOUND: not settings.is_demo,
    }
    app.session_interface = _Sessions()


def keep(response: Response, cookie: Cookie, value: str, *, seconds: int) -> None:
    """Let the browser at hand keep a value for some time."""
    response.set_cookie(
        _name(cookie), value, max_age=seconds, httponly=True, samesite=_SAME_SITE, secure=_by_tls_only()
    )


def carried(cookie: Cookie) -> str:
    """Return what the browser at hand keeps; empty where it keeps nothing."""
    return request.cookies.get(_name(cookie), "")


def forget(response: Response, cookie: Cookie) -> None:
    """Let the browser at hand forget what it keeps."""
    response.delete_cookie(_name(cookie), httponly=True, samesite=_SAME_SITE, secure=_by_tls_only())


def signer(salt: str) -> URLSafeTimedSerializer:
    """Return what signs values that a browser keeps; what keys of before have signed still holds."""
    former = reversed(current_app.config["SECRET_KEY_FALLBACKS"])
    return URLSafeTimedSerializer([*former, current_app.config["SECRET_KEY"]], salt=salt)


def _name(name: str) -> str:
    return f"{_HOST_ONLY}{name}" if current_app.config[_IS_BOUND] else str(name)


def _by_tls_only() -> bool:
    return bool(current_app.config[_IS_BOUND]) or request.is_secure
