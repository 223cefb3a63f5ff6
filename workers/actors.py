"""What the worker's processes load (`workers.worker`). An actor's message carries a row's id and nothing else."""

import dramatiq

from tracker.bootstrap import start_program
from tracker.gateways.heartbeats import Heartbeats
from workers import dispatch
from workers.broker import make_broker
from workers.pulse import Pulse

_SERVICES = start_program()  # its logs too: dramatiq has given this process another standard error by now
BROKER = make_broker(_SERVICES.settings.redis_url, Pulse(Heartbeats(_SERVICES.settings.data_dir)))
dramatiq.set_broker(BROKER)


@dramatiq.actor(broker=BROKER, queue_name="deliveries")
def deliver(delivery_id: int) -> None:
    dispatch.react(_SERVICES, delivery_id)


@dramatiq.actor(broker=BROKER, queue_name="mail")
def send(reminder_id: int) -> None:
    dispatch.send_mail(_SERVICES, reminder_id)
