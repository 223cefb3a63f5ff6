"""Who asks, and whether by TLS: as a proxy that is trusted tells it, else as the connection itself does."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from flask import request

from tracker.settings import Settings
from tracker.web.access import services

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PEER = "tracker.peer"
_WAS_FORWARDED = "tracker.was_forwarded"
_PREFIX = "HTTP_X_FORWARDED"
# Any of these says that somebody passed the request on.
_SIGNS = ("HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
_PORT = re.compile(r":\d+$")
_OWN_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Forwarded:
    """Puts the client whom a trusted proxy names in the place of the proxy, and takes nobody else's word for it."""

    def __init__(self, app: "WSGIApplication", settings: Settings) -> None:
        self._app = app
        self._proxies = settings.proxies

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        peer = environ[_PEER] = str(environ.get("REMOTE_ADDR") or "")
        told = [name for name in environ if name.startswith(_PREFIX)]
        environ[_WAS_FORWARDED] = bool(told) or any(name in environ for name in _SIGNS)
        if _is_trusted(peer, self._proxies):
            self._take_over(environ)
        for name in told:  # who asks stands in one place from here on
            del environ[name]
        return self._app(environ, start_response)

    def _take_over(self, environ: "WSGIEnvironment") -> None:
        """Take the last client that is no proxy of ours: what stands before it anybody may have written."""
        clients = _from_the_right(str(environ.get(f"{_PREFIX}_FOR", "")))
        stranger = next((one for one in clients if not _is_trusted(one, self._proxies)), None)
        if stranger is not None and (address := _address(stranger)) is not None:
            environ["REMOTE_ADDR"] = str(address)
        if next(_from_the_right(str(environ.get(f"{_PREFIX}_PROTO", ""))), "") == "https":
            environ["wsgi.url_scheme"] = "https"


def is_local() -> bool:
    """Tell whether whoever made the request at hand sits on this machine and speaks to us without anybody between.

    The address of a proxy that the settings name is not local: one that adds no header would let everybody in.
    """
    peer, settings = str(request.environ.get(_PEER, "")), services().settings
    if request.environ.get(_WAS_FORWARDED, True) or _PORT.sub("", request.host) not in _OWN_NAMES:
        return False
    return _is_loopback(peer) and not (settings.proxies_are_named and _is_trusted(peer, settings.proxies))


def _is_trusted(peer: str, proxies: tuple[str, ...]) -> bool:
    if not peer:  # a socket file has no address
        return "unix" in proxies
    address = _address(peer)
    if address is None:
        return False
    return any(address in network for network in _networks(proxies) if network.version == address.version)


@cache
def _networks(proxies: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(one) for one in proxies if one != "unix")


def _is_loopback(peer: str) -> bool:
    address = _address(peer)
    return address is not None and address.is_loopback


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Return an address, one of IPv4 that is written as of IPv6 as what it is; None where the text is none."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _from_the_right(header: str) -> Iterator[str]:
    return (one.strip() for one in reversed(header.split(",")) if one.strip())
