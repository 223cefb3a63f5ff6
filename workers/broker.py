"""The Redis broker: a doorbell that may ring late, twice or not at all; the database knows what is to be done."""

import redis
from dramatiq import Middleware
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import ShutdownNotifications, TimeLimit
from redis.backoff import ExponentialWithJitterBackoff
from redis.retry import Retry

_SOCKET_TIMEOUT_S = 5.0
_TRIES_AFTER_THE_FIRST = 3
# Out of a million commands so many also look for the messages of dead workers; the library's 1,000 would take
# minutes to find them.
_MAINTENANCE_CHANCE = 100_000
_HEARTBEAT_TIMEOUT_MS = 60_000
_DEAD_MESSAGE_TTL_MS = 24 * 60 * 60 * 1000


def make_client(redis_url: str) -> redis.Redis:
    """Open a client for redis://, rediss:// or unix:// whose retries are written out.

    Given only an address, the broker would build a pool that never tries again after a lost connection.
    """
    return redis.Redis.from_url(
        redis_url,
        socket_timeout=_SOCKET_TIMEOUT_S,
        socket_connect_timeout=_SOCKET_TIMEOUT_S,
        retry=Retry(ExponentialWithJitterBackoff(base=0.05, cap=1.0), _TRIES_AFTER_THE_FIRST),
    )


def make_broker(redis_url: str, *more: Middleware) -> RedisBroker:
    """Build the broker without making it the library's global one, with what else is to watch over its messages.

    Its middleware holds neither Retries nor AgeLimit: when something is tried again is a column in the database,
    and a message delayed in a worker's memory can freeze there. A message whose actor raises is done with.
    """
    return RedisBroker(  # type: ignore[no-untyped-call]  # the library leaves this constructor untyped
        client=make_client(redis_url),
        namespace="tracker",
        middleware=[TimeLimit(), ShutdownNotifications(), *more],
        maintenance_chance=_MAINTENANCE_CHANCE,
        heartbeat_timeout=_HEARTBEAT_TIMEOUT_MS,
        dead_message_ttl=_DEAD_MESSAGE_TTL_MS,
    )
