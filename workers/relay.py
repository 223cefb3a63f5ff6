"""The relay: reads the event log and rings for what is due. Any number may run; without Redis it does the work."""

import signal
import threading
from collections.abc import Callable

import structlog
from dramatiq import Message
from dramatiq.brokers.redis import RedisBroker
from dramatiq.errors import BrokerError
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from tracker.bootstrap import Services, build_services
from tracker.settings import load_settings
from workers import dispatch
from workers.broker import make_broker

_LOG = structlog.get_logger()
_PAUSE_S = 1.0
_QUEUES = {"deliver": "deliveries", "send": "mail"}


def turn(services: Services, broker: RedisBroker) -> int:
    """Read the log once and ring for everything due; return how much was due."""
    dispatch.read_log(services)
    due = 0
    for actor, ids, work in (
        ("deliver", dispatch.due_deliveries(services), dispatch.react),
        ("send", dispatch.due_reminders(services), dispatch.send_mail),
    ):
        due += len(ids)
        for row_id in ids:
            _ring(services, broker, actor, row_id, work)
    return due


def _ring(
    services: Services, broker: RedisBroker, actor: str, row_id: int, work: Callable[[Services, int], bool]
) -> None:
    message: Message[None] = Message(queue_name=_QUEUES[actor], actor_name=actor, args=(row_id,), kwargs={}, options={})
    try:
        broker.enqueue(message)
    except (BrokerError, RedisError):
        work(services, row_id)  # slower, and as correct: the database is the queue


def main() -> None:
    services = build_services(load_settings())
    broker = make_broker(services.settings.redis_url)
    for queue in _QUEUES.values():
        broker.declare_queue(queue)
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    while not over.is_set():
        try:
            due = turn(services, broker)
        except SQLAlchemyError:
            _LOG.exception("the database did not answer; trying again")
            due = 0
        over.wait(0 if due else _PAUSE_S)


if __name__ == "__main__":
    main()
