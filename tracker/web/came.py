"""Where a request comes from, and whether its browser logged in to an account before."""

import hashlib
import re
import secrets

from flask import Response, request
from itsdangerous import BadSignature

from tracker.usecases.logging_in import Came
from tracker.web.cookies import Cookie, carried, keep, signer

_SALT = "device"
_KEPT_SECONDS = 90 * 24 * 3600
# Accounts that one browser is known by: of a machine that several people use, the last ones.
_MOST_KNOWN = 8
_LONGEST_BROWSER = 200
_BROWSERS = (
    (r"MicroMessenger", "微信"),
    (r"QIHU|360SE|360EE", "360浏览器"),
    (r"Edg/", "Edge"),
    (r"Firefox/", "Firefox"),
    (r"OPR/", "Opera"),
    (r"Chrome/", "Chrome"),
    (r"Safari/", "Safari"),
    (r"MSIE|Trident/", "IE"),
)
_SYSTEMS = (
    (r"Windows", "Windows"),
    (r"Android", "Android"),
    (r"iPhone|iPad", "iOS"),
    (r"Mac OS X", "macOS"),
    (r"Linux|X11", "Linux"),
)


def came() -> Came:
    """Return the address and the browser of the request at hand."""
    agent = "".join(sign for sign in request.headers.get("User-Agent", "") if sign.isprintable())
    return Came(request.remote_addr or None, agent[:_LONGEST_BROWSER] or None)


def browser_words(agent: str | None) -> str:
    """Name a browser and its system in few words."""
    known = [
        next((name for pattern, name in names if re.search(pattern, agent or "")), "")
        for names in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(name for name in known if name) or "未知浏览器"


def device_for(login: str) -> str | None:
    """Return the mark of the browser at hand where it logged in to this account before, which no other one has."""
    mark, logins = _known()
    return mark if _digest(login) in logins else None


def know_device(response: Response, login: str) -> None:
    """Let the browser at hand be known as one that logged in to an account."""
    mark, logins = _known()
    known = [_digest(login), *(one for one in logins if one != _digest(login))][:_MOST_KNOWN]
    told = signer(_SALT).dumps([mark or secrets.token_urlsafe(12), *known])
    keep(response, Cookie.DEVICE, told, seconds=_KEPT_SECONDS)


def _known() -> tuple[str, list[str]]:
    try:
        told = signer(_SALT).loads(carried(Cookie.DEVICE), max_age=_KEPT_SECONDS)
    except BadSignature:
        return "", []
    mark, *logins = told
    return str(mark), [str(one) for one in logins]


def _digest(login: str) -> str:
    return hashlib.sha256(login.strip().casefold().encode("utf-8", "surrogatepass")).hexdigest()[:24]
