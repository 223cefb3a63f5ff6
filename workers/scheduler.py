"""The scheduler: one pass whenever the office's minute changes. Any number may run, none is needed twice."""

import signal
import threading
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from time import perf_counter

from sqlalchemy.exc import SQLAlchemyError
from structlog.stdlib import get_logger

from tracker.bootstrap import build_services
from tracker.logs import configure_logs, log_what_nobody_catches
from tracker.services import Services
from tracker.settings import load_settings
from tracker.usecases.sweeping import Swept, sweep
from workers.dispatch import outgoing

_LOG = get_logger(__name__)
_PAUSE_S = 5.0
_EVERY_S = 60.0
_UPLOADS_TAKE_AT_MOST = timedelta(days=1)


def tick(services: Services, *, last: datetime | None) -> datetime:
    """Make a pass unless the last one is less than a minute old; return the time of the last pass.

    A pass that found something to do is logged.
    """
    now = services.clock.now()
    if last is not None and abs((now - last).total_seconds()) < _EVERY_S:
        return last
    began_at = perf_counter()
    swept = sweep(services.database, now=now, by=services.reckoning, outgoing=outgoing(services))
    if swept != Swept():
        _LOG.info("pass", now=now.isoformat(), ms=round((perf_counter() - began_at) * 1000, 1), **asdict(swept))
    return now


def main() -> None:
    services = build_services(load_settings())
    configure_logs(services.settings)
    log_what_nobody_catches()
    services.evidence.drop_unfinished(before=datetime.now(UTC) - _UPLOADS_TAKE_AT_MOST)
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    last: datetime | None = None
    while not over.is_set():
        try:
            last = tick(services, last=last)
        except SQLAlchemyError:
            _LOG.exception("the database did not answer; trying again")
        over.wait(_PAUSE_S)


if __name__ == "__main__":
    main()
