"""What monitoring asks: does the process live, can it do its work, and figures in Prometheus' text format."""

import hmac
from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from sqlmodel import Session

from tracker.domain.errors import NotFound
from tracker.gateways.embedded_redis import answers
from tracker.gateways.heartbeats import BACKGROUND, Heartbeats, latest
from tracker.readiness import PartState, readiness
from tracker.settings import VERSION
from tracker.store.queries.metrics import events_recorded, state_counts
from tracker.usecases.deliveries import backlog
from tracker.web.access import public, services
from tracker.web.forwarded import is_local

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Say that this process serves, whatever its parts do; to this machine and to who shows the token how they are."""
    if not _may_know():
        return jsonify({"status": "ok"})
    found = readiness(services(), machine_now=datetime.now(UTC))
    there = found.backlog is not None
    return jsonify(
        {
            "status": "ok",
            "version": VERSION,
            "database": found.parts["database"].value,
            "redis": "ok" if found.parts["redis"] is PartState.OK else "down",
            "outbox_lag_s": found.backlog.lag_s if found.backlog else None,
            "clock": services().clock.now().isoformat() if there else None,
        }
    )


@pages.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Say whether the work can be done; 503 names what keeps it from that. Without Redis it is done slower."""
    found = readiness(services(), machine_now=datetime.now(UTC))
    facts: dict[str, object] = {"status": found.state.value}
    facts |= {state.value: found.named(state) for state in (PartState.DOWN, PartState.DEGRADED) if found.named(state)}
    if _may_know():
        facts["parts"] = {name: state.value for name, state in found.parts.items()}
        if found.backlog is not None:
            facts["outbox_lag_s"] = found.backlog.lag_s
            facts["oldest_claim_s"] = found.backlog.claimed_s
            facts["unread_events"] = found.backlog.unread
    return jsonify(facts), HTTPStatus.SERVICE_UNAVAILABLE if found.state is PartState.DOWN else HTTPStatus.OK


@pages.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Print the figures to this machine itself, or to who shows TRACKER_METRICS_TOKEN; to others there is no page."""
    if not _may_know():
        raise NotFound()
    registry = CollectorRegistry()
    _gauge(registry, "tracker_redis_up", "1 where Redis answers", answers(services().settings.redis_url))
    _measure_processes(registry)
    with services().database.reading() as session:
        _measure(registry, session)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_know() -> bool:
    token = services().settings.metrics_token
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return (token is not None and hmac.compare_digest(shown.encode(), token.encode())) or is_local()


def _measure_processes(registry: CollectorRegistry) -> None:
    beats = Heartbeats(services().settings.data_dir).read()
    silent = Gauge("tracker_silent_seconds", "since the last sign of life", ["process"], registry=registry)
    busy = Gauge("tracker_busy_seconds", "age of the oldest work in hand", ["process"], registry=registry)
    for name in BACKGROUND:
        if (last := latest(beats, name)) is not None:
            silent.labels(name).set(last.age_s)
            busy.labels(name).set(
                max(beat.busy_s for beat in beats if (beat.name == name and beat.is_alive) or beat is last)
            )


def _measure(registry: CollectorRegistry, session: Session) -> None:
    waiting = backlog(session, machine_now=datetime.now(UTC))
    _gauge(registry, "tracker_outbox_lag_seconds", "age of the oldest unfinished delivery, seconds", waiting.lag_s)
    _gauge(registry, "tracker_oldest_claim_seconds", "age of the oldest claim, seconds", waiting.claimed_s)
    _gauge(registry, "tracker_outbox_unread_events", "events the relay has not read", waiting.unread)
    _gauge(registry, "tracker_events", "events recorded", events_recorded(session))
    rows = Gauge("tracker_rows", "rows by state", ["what", "state"], registry=registry)
    for line in state_counts(session):
        rows.labels(line.what, line.state).set(line.count)


def _gauge(registry: CollectorRegistry, name: str, words: str, value: float) -> None:
    Gauge(name, words, registry=registry).set(value)
