"""The worker's sign of life: which of its threads has been at one message for how long."""

import threading
import time
from typing import Any

from dramatiq import Broker, Middleware, Worker
from dramatiq.broker import MessageProxy

from tracker.gateways.heartbeats import WORKER, Heartbeats

_EVERY_S = 5.0


class Pulse(Middleware):
    """Beats while the worker lives, from a thread that does no other work: a hung one cannot hide behind it."""

    def __init__(self, beats: Heartbeats, *, every_s: float = _EVERY_S) -> None:
        self._beats, self._every_s = beats, every_s
        self._began: dict[int, float] = {}
        self._over = threading.Event()

    @property
    def busy_s(self) -> float:
        """For how many seconds the slowest thread has been at its message; 0 where all wait."""
        began = list(self._began.values())
        return time.monotonic() - min(began) if began else 0.0

    def after_worker_boot(self, broker: Broker, worker: Worker) -> None:
        threading.Thread(target=self._run, name="pulse", daemon=True).start()

    def before_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        self._over.set()

    def before_process_message(self, broker: Broker, message: MessageProxy) -> None:
        self._began[threading.get_ident()] = time.monotonic()

    def after_process_message(
        self, broker: Broker, message: MessageProxy, *, result: Any = None, exception: BaseException | None = None
    ) -> None:
        self._began.pop(threading.get_ident(), None)

    def after_skip_message(self, broker: Broker, message: MessageProxy) -> None:
        self._began.pop(threading.get_ident(), None)

    def _run(self) -> None:
        while True:
            self._beats.beat(WORKER, busy_s=round(self.busy_s, 1))
            if self._over.wait(self._every_s):
                return self._beats.leave(WORKER)
