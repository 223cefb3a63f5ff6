"""Why a database server did not let us in, read from what it says.

Of a connection that failed the driver gives no code, only the words of the library and of the server, which speaks the
language of its own settings.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.exc import DBAPIError


class ServerTrouble(StrEnum):
    """What keeps the server from working for us; `tracker/wording/database.py` has the sentences."""

    REFUSED = "refused"
    NO_SOCKET = "no_socket"
    NO_HOST = "no_host"
    SILENT = "silent"
    NO_DATABASE = "no_database"
    NO_ROLE = "no_role"
    WRONG_PASSWORD = "wrong_password"
    NO_PASSWORD = "no_password"
    PEER = "peer"
    NOT_ADMITTED = "not_admitted"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    TOO_MANY = "too_many"
    NO_RIGHT = "no_right"
    OPTION = "option"


@dataclass(frozen=True, slots=True)
class Said:
    """The kind, and of which database, role, host or socket it was said; empty where the server named none."""

    kind: ServerTrouble
    name: str = ""


# Source: PostgreSQL 14 to 17, messages of libpq and of the server in English and Chinese (zh_CN.po).
_WORDS: tuple[tuple[ServerTrouble, str], ...] = (
    (ServerTrouble.NO_DATABASE, r'(?:database|数据库) ?"(?P<name>[^"]*)" ?(?:does not exist|不存在)'),
    (ServerTrouble.NO_ROLE, r'(?:role|角色) ?"(?P<name>[^"]*)" ?(?:does not exist|不存在)'),
    (ServerTrouble.PEER, r'(?:Peer|Ident) .*"(?P<name>[^"]*)"|"(?P<other>[^"]*)".* (?:Peer|Ident) ?认证失败'),
    (ServerTrouble.WRONG_PASSWORD, r'password authentication failed for user "(?P<name>[^"]*)"'),
    (ServerTrouble.WRONG_PASSWORD, r'用户 ?"(?P<name>[^"]*)".*(?:认证失败|验证失败)'),
    (ServerTrouble.NO_PASSWORD, r"no password supplied|没有提供口令|未提供密码"),
    (ServerTrouble.NOT_ADMITTED, r"pg_hba\.conf"),
    (ServerTrouble.NOT_YET, r"starting up|shutting down|recovery mode|not currently accepting|not yet accepting"),
    (ServerTrouble.NOT_YET, r"正在启动|正在关闭|恢复模式|不接受"),
    (ServerTrouble.TOO_MANY, r"too many (?:clients|connections)|remaining connection slots|连接.*(?:过多|太多)"),
    (ServerTrouble.NO_HOST, r"(?:failed to resolve host|could not translate host name) ['\"](?P<name>[^'\"]*)['\"]"),
    (ServerTrouble.NO_SOCKET, r'socket "(?P<name>[^"]*)" failed: No such file'),
    (ServerTrouble.REFUSED, r'(?:at|socket) "(?P<name>[^"]*)".* failed: Connection refused'),
    (ServerTrouble.SILENT, r"timeout|timed out|No route to host|Network is unreachable"),
    (ServerTrouble.CLOSED, r"terminating connection|closed the connection|connection is closed|consuming input failed"),
    (ServerTrouble.OPTION, r"invalid connection option|bad value for|invalid URI|invalid (?:integer|\w+) value"),
)
_STATES = {
    "28000": ServerTrouble.NOT_ADMITTED,
    "28P01": ServerTrouble.WRONG_PASSWORD,
    "3D000": ServerTrouble.NO_DATABASE,
    "42501": ServerTrouble.NO_RIGHT,
    "53300": ServerTrouble.TOO_MANY,
    "57P01": ServerTrouble.CLOSED,
    "57P02": ServerTrouble.CLOSED,
    "57P03": ServerTrouble.NOT_YET,
}


def server_trouble(error: DBAPIError) -> Said | None:
    """Return why PostgreSQL did not let us in or go on; None where it says something else, or is another database."""
    if not type(error.orig).__module__.startswith("psycopg"):
        return None
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return Said(_STATES[state]) if state in _STATES else None
    for kind, words in _WORDS:
        if (found := re.search(words, str(error.orig))) is not None:
            named = found.groupdict()
            return Said(kind, named.get("name") or named.get("other") or "")
    return None
