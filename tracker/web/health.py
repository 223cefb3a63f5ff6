"""What monitoring asks: whether the parts answer, and figures in Prometheus' text format."""

import hmac
from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from tracker.domain.errors import NotFound
from tracker.gateways.embedded_redis import answers
from tracker.settings import VERSION
from tracker.store.queries.metrics import events_recorded, state_counts
from tracker.usecases.deliveries import lag_s, unread
from tracker.web.access import public, services

pages = Blueprint("health", __name__)
_LOCAL = {"127.0.0.1", "::1"}


@pages.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Say whether the parts answer; 503 names the ones that are down. Pages work on while Redis is away."""
    parts = {"database": "ok", "redis": "ok" if answers(services().settings.redis_url) else "down"}
    lag: float | None = None
    try:
        with services().database.reading() as session:
            lag = lag_s(session, machine_now=datetime.now(UTC))
    except SQLAlchemyError:
        parts["database"] = "down"
    down = "down" in parts.values()
    clock = services().clock.now().isoformat() if parts["database"] == "ok" else None
    facts = {"status": "down" if down else "ok", "version": VERSION, **parts, "outbox_lag_s": lag, "clock": clock}
    return jsonify(facts), 503 if down else 200


@pages.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Print the figures to this machine itself, or to who shows TRACKER_METRICS_TOKEN; to others there is no page."""
    if not _may_measure():
        raise NotFound()
    registry = CollectorRegistry()
    _gauge(registry, "tracker_redis_up", "1 where Redis answers", answers(services().settings.redis_url))
    with services().database.reading() as session:
        _measure(registry, session)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_measure() -> bool:
    token = services().settings.metrics_token
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token is not None and hmac.compare_digest(shown.encode(), token.encode()):
        return True
    return request.remote_addr in _LOCAL and "X-Forwarded-For" not in request.headers


def _measure(registry: CollectorRegistry, session: Session) -> None:
    lag = lag_s(session, machine_now=datetime.now(UTC))
    _gauge(registry, "tracker_outbox_lag_seconds", "age of the oldest unfinished delivery, seconds", lag)
    _gauge(registry, "tracker_outbox_unread_events", "events the relay has not read", unread(session))
    _gauge(registry, "tracker_events", "events recorded", events_recorded(session))
    rows = Gauge("tracker_rows", "rows by state", ["what", "state"], registry=registry)
    for line in state_counts(session):
        rows.labels(line.what, line.state).set(line.count)


def _gauge(registry: CollectorRegistry, name: str, words: str, value: float) -> None:
    Gauge(name, words, registry=registry).set(value)
