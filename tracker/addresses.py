"""Addresses of servers and places of files as an administrator writes them, checked before anything is opened."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from pydantic import AfterValidator

_HIGHEST_PORT = 65_535
# As SQLAlchemy takes an address apart; its own parser belongs to the store.
_DATABASE = re.compile(
    r"(?P<scheme>[\w+]+)://(?:[^:/]*(?::[^@]*)?@)?(?:\[(?P<six>[^/?]+)\]|(?P<host>[^/:?]+))?"
    r"(?::(?P<port>[^/?]*))?(?:/(?P<name>[^?]*))?(?:\?(?P<query>.*))?",
    re.DOTALL,
)
_POSTGRESQL, _SQLITE = "postgresql+psycopg", ("sqlite", "sqlite+pysqlite")
_YES, _NO = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})
_SMTP_PORTS = {"smtp": 25, "smtps": 465}
_MAILBOX = re.compile(r"[^\s@<>(),;:\"\\]{1,64}@[A-Za-z0-9.\-]{1,255}", re.ASCII)
# On this machine also without TLS, so that it can be tried.
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


class Fault(StrEnum):
    """What is wrong with an address or a place; `tracker/wording/settings.py` has the sentences."""

    SCHEME = "scheme"
    DRIVER = "driver"
    HOST = "host"
    PORT = "port"
    FILE = "file"
    NUMBER = "number"
    OPTION = "option"
    FOLDER = "folder"
    IS_FOLDER = "is_folder"
    NO_KEY = "no_key"
    NOT_PRIVATE = "not_private"


class BadAddress(ValueError):
    """An address cannot be used; the message does not repeat it, for it may hold a password."""

    def __init__(self, fault: Fault, words: str) -> None:
        super().__init__(words)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """What TRACKER_SMTP_URL says; `user` is None where nobody logs in."""

    scheme: str
    host: str
    port: int
    user: str | None
    password: str
    starttls: bool


def check_database(url: str) -> None:
    """Refuse what neither of our two databases is reached by. Raises BadAddress."""
    found = _DATABASE.fullmatch(url)
    if found is None:
        raise BadAddress(Fault.SCHEME, "is no address of a database")
    scheme = found["scheme"]
    if scheme != _POSTGRESQL and (scheme == "pgsql" or scheme.startswith("postgres")):
        raise BadAddress(Fault.DRIVER, f"PostgreSQL is written {_POSTGRESQL}://")
    if scheme in _SQLITE:
        if found["host"] or found["six"] or found["name"] in (None, "", ":memory:"):
            raise BadAddress(Fault.FILE, "names no file; three slashes stand before it")
        if found["query"]:
            raise BadAddress(Fault.OPTION, "a file takes no options")
        return
    if scheme != _POSTGRESQL:
        raise BadAddress(Fault.SCHEME, f"the scheme must be {_POSTGRESQL} or sqlite")
    if re.search(r"\s", found["host"] or ""):
        raise BadAddress(Fault.HOST, "the host holds white space")
    if found["port"] and not _is_port(found["port"]):
        raise BadAddress(Fault.PORT, "the port is no number from 1 to 65535")


def check_redis(url: str) -> None:
    """Refuse what is no address of a Redis server. Raises BadAddress."""
    parts = _split(url, schemes=("redis", "rediss", "unix"))
    if parts.scheme == "unix":
        if not parts.path.strip("/"):
            raise BadAddress(Fault.FILE, "names no socket")
        return
    _check_port(parts)
    if not re.fullmatch(r"/?[0-9]*", parts.path):
        raise BadAddress(Fault.NUMBER, "the database is no number")


def read_smtp(url: str) -> SmtpServer:
    """Take the address of a mail server apart; the only option is starttls=1. Raises BadAddress."""
    parts = _split(url, schemes=tuple(_SMTP_PORTS))
    port = _check_port(parts)
    if not parts.hostname:
        raise BadAddress(Fault.HOST, "the host is missing")
    options = parse_qs(parts.query, keep_blank_values=True)
    wanted = [text.lower() for text in options.get("starttls", ["0"])]
    if set(options) - {"starttls"} or (options and parts.scheme == "smtps") or set(wanted) - _YES - _NO:
        raise BadAddress(Fault.OPTION, "the only option is starttls=1, for smtp")
    if parts.path.strip("/") or parts.fragment:
        raise BadAddress(Fault.OPTION, "nothing stands behind the port but the option")
    return SmtpServer(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port or _SMTP_PORTS[parts.scheme],
        user=None if parts.username is None else unquote(parts.username),
        password=unquote(parts.password or ""),
        starttls=wanted[-1] in _YES,
    )


def check_scanner(address: str) -> None:
    """Refuse what is neither unix:///path nor tcp://host:port. Raises BadAddress."""
    parts = _split(address, schemes=("unix", "tcp"))
    if parts.scheme == "unix":
        if parts.netloc or not parts.path.strip("/"):
            raise BadAddress(Fault.FILE, "names no socket")
    elif not parts.hostname:
        raise BadAddress(Fault.HOST, "the host is missing")
    elif _check_port(parts) is None:
        raise BadAddress(Fault.PORT, "the port is missing")


def check_web(address: str) -> None:
    """Refuse what is not reached by TLS, but for this machine. Raises BadAddress."""
    parts = _split(address, schemes=("https", "http"))
    _check_port(parts)
    if not parts.hostname:
        raise BadAddress(Fault.HOST, "the host is missing")
    if parts.scheme == "http" and parts.hostname not in _THIS_MACHINE:
        raise BadAddress(Fault.SCHEME, "must be https")


def is_mailbox(address: str) -> bool:
    """Tell whether mail can be sent from or to an address: ASCII, one @, no name beside it."""
    return address.isascii() and _MAILBOX.fullmatch(address) is not None


def check_mailbox(address: str) -> None:
    """Refuse what no mail can be sent from. Raises ValueError."""
    if not is_mailbox(address):
        raise ValueError("is no mail address")


def check_place(path: Path) -> None:
    """Refuse a file that could not be there: a folder itself, or within none. Raises BadAddress."""
    if os.path.isdir(path):
        raise BadAddress(Fault.IS_FOLDER, "is a folder, no file")
    if not os.path.isdir(path.absolute().parent):
        raise BadAddress(Fault.FOLDER, "its folder is not there")


def _split(url: str, *, schemes: tuple[str, ...]) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise BadAddress(Fault.HOST, "the host cannot be read") from None
    if parts.scheme not in schemes or not url.startswith(f"{parts.scheme}://"):
        raise BadAddress(Fault.SCHEME, f"the scheme must be one of: {', '.join(schemes)}")
    if re.search(r"\s", parts.hostname or ""):
        raise BadAddress(Fault.HOST, "the host holds white space")
    return parts


def _check_port(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise BadAddress(Fault.PORT, "the port is no number from 1 to 65535")
    return port


def _is_port(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,5}", text) is not None and 1 <= int(text) <= _HIGHEST_PORT


def _checked_by(check: Callable[[str], object]) -> AfterValidator:
    """Let a field of the settings be refused as `check` refuses, and else be kept as it was given."""
    return AfterValidator(lambda given: (check(given), given)[1])


Database = Annotated[str, _checked_by(check_database)]
Redis = Annotated[str, _checked_by(check_redis)]
Smtp = Annotated[str, _checked_by(read_smtp)]
Scanner = Annotated[str, _checked_by(check_scanner)]
Web = Annotated[str, _checked_by(check_web)]
Mailbox = Annotated[str, _checked_by(check_mailbox)]
