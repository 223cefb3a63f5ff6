"""Whether a process of the site can do its work: database, migrations, outbox, and who works behind it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.exc import SQLAlchemyError

from tracker.gateways.embedded_redis import answers
from tracker.gateways.heartbeats import BACKGROUND, Heartbeats, hung, latest
from tracker.services import Services
from tracker.store import schema
from tracker.usecases.deliveries import Backlog, backlog

# A minute is what a claim lasts, ten what three attempts of a delivery take.
STUCK_AFTER_S = 600.0


class PartState(StrEnum):
    """`DEGRADED`: the work goes on without it, slower or later. `UNKNOWN`: what it is asked of is down."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Readiness:
    """The parts with their states; `backlog` is None where the database does not answer."""

    parts: dict[str, PartState]
    backlog: Backlog | None

    @property
    def state(self) -> PartState:
        """`DOWN` where a part without which nothing goes is down."""
        found = set(self.parts.values())
        return next((state for state in (PartState.DOWN, PartState.DEGRADED) if state in found), PartState.OK)

    def named(self, state: PartState) -> list[str]:
        return [name for name, found in self.parts.items() if found is state]


def readiness(services: Services, *, machine_now: datetime) -> Readiness:
    """Ask every part once; raises nothing because a part is away."""
    parts = dict.fromkeys(("database", "migrations", "outbox"), PartState.UNKNOWN)
    waiting: Backlog | None = None
    try:
        services.database.ask()
        parts["database"] = PartState.OK
        parts["migrations"] = PartState.OK if schema.is_current(services.database) else PartState.DOWN
        if parts["migrations"] is PartState.OK:
            with services.database.reading() as session:
                waiting = backlog(session, machine_now=machine_now)
            parts["outbox"] = _outbox(services, waiting, machine_now=machine_now)
    except SQLAlchemyError:
        parts["database"] = PartState.DOWN
    parts["redis"] = PartState.OK if answers(services.settings.redis_url) else PartState.DEGRADED
    return Readiness(parts | _background(services), waiting)


def _outbox(services: Services, waiting: Backlog, *, machine_now: datetime) -> PartState:
    """Tell whether what acts have caused still follows: of a demonstration's events nobody knows how old they are."""
    lag_s = waiting.deliveries_s
    if waiting.oldest_unread_at is not None and not services.settings.is_demo:
        lag_s = max(lag_s, (machine_now - waiting.oldest_unread_at).total_seconds())
    return PartState.DOWN if lag_s > STUCK_AFTER_S else PartState.OK


def _background(services: Services) -> dict[str, PartState]:
    beats = Heartbeats(services.settings.data_dir).read()
    stuck = hung(beats)
    found = {}
    for name in BACKGROUND:
        last = latest(beats, name)
        lives = last is not None and last.is_alive and (stuck is None or stuck.name != name)
        found[name] = PartState.OK if lives else PartState.DEGRADED
    return found
