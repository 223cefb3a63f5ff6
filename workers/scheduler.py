"""The scheduler: one pass whenever the office's minute changes, and once a day a look at the files.

Any number may run, none is needed twice.
"""

import signal
import threading
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from time import perf_counter

from sqlalchemy.exc import SQLAlchemyError
from structlog.stdlib import get_logger

from tracker.auditing import anchor_of
from tracker.bootstrap import one_line_where_nothing_starts, start_program
from tracker.gateways.anchor_key import AnchorKey, append_line
from tracker.gateways.evidence_files import LONGEST_UPLOAD
from tracker.gateways.heartbeats import SCHEDULER, Heartbeats
from tracker.services import Services
from tracker.store.queries.evidence import every_digest
from tracker.usecases.sealing import seal_reminders
from tracker.usecases.stale_accounts import disable_stale
from tracker.usecases.sweeping import Swept, sweep
from workers.dispatch import outgoing

_LOG = get_logger(__name__)
_PAUSE_S = 5.0
_EVERY_S = 60.0
_TIDIES_EVERY = timedelta(days=1)
_ANCHORS_EVERY = timedelta(days=1)


def tick(services: Services, *, last: datetime | None) -> datetime:
    """Make a pass unless the last one is less than a minute old; return the time of the last pass.

    A pass that found something to do is logged.
    """
    now = services.clock.now()
    if last is not None and abs((now - last).total_seconds()) < _EVERY_S:
        return last
    began_at = perf_counter()
    swept = sweep(services.database, now=now, by=services.reckoning, outgoing=outgoing(services))
    with services.database.transaction() as session:
        disable_stale(session, policy=services.accounts, now=datetime.now(UTC), at=now)
    if swept != Swept():
        _LOG.info("pass", now=now.isoformat(), ms=round((perf_counter() - began_at) * 1000, 1), **asdict(swept))
    return now


def tidy(services: Services, *, last: datetime | None, now: datetime) -> datetime:
    """Remove what interrupted uploads left, unless that was done within a day; return when it was done last.

    Files that no row names are counted in the log and stay: in front of a wrong or empty database all of them would
    seem to be such, so a person removes them (`flask evidence orphans --remove`). `now` is the host's time. Idempotent.
    """
    if last is not None and now - last < _TIDIES_EVERY:
        return last
    dropped = services.evidence.drop_unfinished(before=now - LONGEST_UPLOAD)
    with services.database.reading() as session:
        named = every_digest(session)
    orphans = len(services.evidence.orphans(named=named, before=now - LONGEST_UPLOAD))
    if dropped or orphans:
        _LOG.info("files", unfinished_removed=dropped, orphans=orphans)
    return now


def anchor(services: Services, key: AnchorKey, *, last: datetime | None, now: datetime) -> datetime:
    """Seal messages and sign the head of the log, unless that was done within a day; return when it was done last.

    The line goes into the log of the process, which the system keeps apart from the database, and is appended to
    TRACKER_ANCHOR_FILE where that is set. `now` is the host's time. Raises OSError where the file cannot be written.
    """
    if last is not None and now - last < _ANCHORS_EVERY:
        return last
    with services.database.transaction() as session:
        seal_reminders(session, at=services.clock.now())
    line = anchor_of(services, key, at=now).line
    _LOG.info("anchor", line=line)
    if services.settings.anchor_file is not None:
        append_line(services.settings.anchor_file, line)
    return now


def main() -> None:
    services = start_program()
    with one_line_where_nothing_starts():
        key = AnchorKey(services.settings.anchor_key)
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    last = tidied = anchored = None
    beats = Heartbeats(services.settings.data_dir)
    while not over.is_set():
        beats.beat(SCHEDULER)
        try:
            last = tick(services, last=last)
            anchored = anchor(services, key, last=anchored, now=datetime.now(UTC))
            tidied = tidy(services, last=tidied, now=datetime.now(UTC))
        except SQLAlchemyError:
            _LOG.exception("the database did not answer; trying again")
        except OSError:
            _LOG.exception("a file could not be written or the files not be looked through; trying again")
        over.wait(_PAUSE_S)
    beats.leave(SCHEDULER)


if __name__ == "__main__":
    main()
