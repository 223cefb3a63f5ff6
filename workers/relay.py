"""The relay: reads the event log and rings for what is due. Any number may run; without Redis it does the work."""

import signal
import threading
from collections.abc import Callable

from dramatiq import Message
from dramatiq.brokers.redis import RedisBroker
from dramatiq.errors import BrokerError
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from structlog.stdlib import get_logger

from tracker.bootstrap import start_program
from tracker.gateways.heartbeats import RELAY, Heartbeats
from tracker.services import Services
from workers import dispatch
from workers.broker import make_broker

_LOG = get_logger(__name__)
_PAUSE_S = 1.0
_QUEUES = {"deliver": "deliveries", "send": "mail"}


def turn(services: Services, broker: RedisBroker, *, alive: Callable[[], object] = lambda: None) -> int:
    """Read the log once and ring for everything due; return how much was due. `alive` is called before each piece.

    Once Redis did not answer, the rest of the turn's work is done here: slower, and as correct, because the database
    is the queue. Asking again for each row would only wait for the same refusal.
    """
    dispatch.read_log(services)
    due, rings = 0, True
    for actor, ids, work in (
        ("deliver", dispatch.due_deliveries(services), dispatch.react),
        ("send", dispatch.due_reminders(services), dispatch.send_mail),
    ):
        due += len(ids)
        for row_id in ids:
            alive()
            rings = rings and _ring(broker, actor, row_id)
            if not rings:
                work(services, row_id)
    return due


def _ring(broker: RedisBroker, actor: str, row_id: int) -> bool:
    """Ring for one row; tell whether Redis heard it."""
    message: Message[None] = Message(queue_name=_QUEUES[actor], actor_name=actor, args=(row_id,), kwargs={}, options={})
    try:
        broker.enqueue(message)
    except (BrokerError, RedisError):
        return False
    return True


def main() -> None:
    services = start_program()
    broker = make_broker(services.settings.redis_url)
    for queue in _QUEUES.values():
        broker.declare_queue(queue)
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    beats = Heartbeats(services.settings.data_dir)
    while not over.is_set():
        beats.beat(RELAY)
        try:
            due = turn(services, broker, alive=lambda: beats.beat(RELAY))
        except SQLAlchemyError:
            _LOG.exception("the database did not answer; trying again")
            due = 0
        over.wait(0 if due else _PAUSE_S)
    beats.leave(RELAY)


if __name__ == "__main__":
    main()
