"""The embedded Redis as a real child process, and the broker that uses it."""

import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dramatiq
import pytest
from redis import Redis

from tracker.gateways.embedded_redis import RedisNotReady, redis_command, stop_redis, wait_until_ready
from tracker.settings import Settings, load_settings
from workers.broker import make_broker, make_client


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"TRACKER_DATA_DIR": str(tmp_path / "数据 var"), "TRACKER_MODE": "demo"})


@contextmanager
def _running(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(redis_command(settings), stdout=subprocess.DEVNULL) as server:
        try:
            wait_until_ready(settings.redis_url, timeout_s=10)
            yield server
        finally:
            server.kill()


def _client(settings: Settings) -> Redis:
    return make_client(settings.redis_url)


def test_it_listens_on_a_private_socket_and_on_no_port(settings: Settings) -> None:
    with _running(settings), _client(settings) as client:
        wanted = {
            "port": "0",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "save": "",
        }
        assert client.config_get(*wanted) == wanted
    assert settings.redis_socket is not None
    assert settings.redis_socket.parent.stat().st_mode & 0o077 == 0


def test_it_starts_again_with_its_keys_after_being_killed(settings: Settings) -> None:
    with _running(settings) as server, _client(settings) as client:
        client.set("kept", "yes")
        server.send_signal(signal.SIGKILL)
        server.wait(10)
    assert settings.redis_socket is not None
    assert settings.redis_socket.exists()
    with _running(settings), _client(settings) as client:
        assert client.get("kept") == b"yes"


def test_stopping_ends_the_server_and_may_be_repeated(settings: Settings) -> None:
    with _running(settings) as server:
        stop_redis(settings.redis_url, timeout_s=10)
        assert server.wait(10) == 0
        stop_redis(settings.redis_url, timeout_s=10)


def test_waiting_for_a_server_that_never_comes_ends_with_the_reason(settings: Settings) -> None:
    with pytest.raises(RedisNotReady) as failure:
        wait_until_ready(settings.redis_url, timeout_s=0.2)
    assert "redis.sock" in str(failure.value.facts["reason"])


def test_the_broker_delivers_over_the_unix_socket_and_forgets_what_failed(settings: Settings) -> None:
    with _running(settings):
        broker = make_broker(settings.redis_url)
        seen: list[int] = []
        both = threading.Event()

        @dramatiq.actor(broker=broker, queue_name="bells")
        def ring(*, row_id: int) -> None:
            seen.append(row_id)
            if len(seen) == 2:
                both.set()
            if row_id == 1:
                raise RuntimeError("the first bell breaks")

        worker = dramatiq.Worker(broker, worker_threads=1)
        worker.start()
        try:
            ring.send(row_id=1)
            ring.send(row_id=2)
            assert both.wait(10)
            broker.join("bells", timeout=10_000)
        finally:
            worker.stop()
            broker.close()
        assert seen == [1, 2]
        assert broker.actor_options.isdisjoint({"max_retries", "max_age"})
        broker.client.close()
