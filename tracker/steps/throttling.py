"""Failures of log-ins, counted before a password is looked at, so that guesses made at once count too.

Nothing here asks whether an account exists: an unknown login is counted as a known one is. Nobody locks another out:
a browser that logged in to an account before is counted by itself, and an address from which nothing failed lately has
a first try on an account whatever others failed on it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col

from tracker.domain.account_policy import Throttle, ThrottleKind
from tracker.store.tables.units import LogInThrottleRow

_IPV6 = 6
# What a site is given of IPv6, and what it has at most (RFC 6177): it chooses its addresses within that as it likes.
_SITE, _NETWORK = 56, 48
_TABLE = SQLModel.metadata.tables[str(LogInThrottleRow.__tablename__)]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try to log in: what was typed, from where, and the mark of a browser that logged in to that account before."""

    login: str
    address: str | None
    device: str | None = None

    def keys(self) -> Mapping[ThrottleKind, str]:
        """Return what failures are counted by."""
        login, address = self.login.strip().casefold(), _holder(self.address or "", _SITE)
        if self.device is not None:
            return {ThrottleKind.PAIR: _key("device", self.device, login)}
        keys = {
            ThrottleKind.PAIR: _key("pair", address, login),
            ThrottleKind.ADDRESS: _key("address", address),
            ThrottleKind.ACCOUNT: _key("account", login),
        }
        network = _holder(self.address or "", _NETWORK)
        return keys if network == address else {**keys, ThrottleKind.NETWORK: _key("network", network)}


@dataclass(frozen=True, slots=True)
class Blocked:
    """What is refused, and until when."""

    kind: ThrottleKind
    until: datetime


Throttles = Mapping[ThrottleKind, Throttle]


def _holder(address: str, bits: int) -> str:
    """Return who an address belongs to as far as it says so: of IPv6 by its first bits, for a line has many of them."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, bits), strict=False)) if found.version == _IPV6 else address


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def count_attempt(session: Session, attempt: Attempt, *, now: datetime, throttles: Throttles) -> Blocked | None:
    """Count an attempt as a failure until it succeeds; where it is refused return that, and count nothing."""
    rows = _locked(session, attempt, now=now, throttles=throttles)
    fresh = all(rows[kind].failures == 0 for kind in rows.keys() - {ThrottleKind.ACCOUNT, ThrottleKind.NETWORK})
    for kind, row in rows.items():
        passes = kind is ThrottleKind.ACCOUNT and fresh
        if row.blocked_until is not None and row.blocked_until > now and not passes:
            return Blocked(kind, row.blocked_until)
    for kind, row in rows.items():
        row.failures += 1
        row.last_at = max(row.last_at, now)
        wait = throttles[kind].wait(row.failures)
        # Of two at once the later by its own time may have its turn first: a try that is free never bars another.
        row.blocked_until = now + wait if wait else None
    return None


def forget_attempt(session: Session, attempt: Attempt, *, now: datetime, throttles: Throttles) -> None:
    """Take an attempt back that succeeded, and with it what this browser or address failed on the account before."""
    for kind, row in _locked(session, attempt, now=now, throttles=throttles).items():
        row.failures = 0 if kind is ThrottleKind.PAIR else max(0, row.failures - 1)
        if row.failures < throttles[kind].free:
            row.blocked_until = None


def blocked_by(session: Session, attempt: Attempt, *, now: datetime, throttles: Throttles) -> Blocked | None:
    """Return what further tries are refused by."""
    rows = _locked(session, attempt, now=now, throttles=throttles)
    found = [Blocked(kind, row.blocked_until) for kind, row in rows.items() if row.blocked_until]
    return max((one for one in found if one.until > now), key=lambda one: one.until, default=None)


def forget_old(session: Session, *, before: datetime) -> int:
    """Delete what was counted before a moment; return how many rows."""
    old = delete(LogInThrottleRow).where(col(LogInThrottleRow.last_at) < before)
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined] # a DELETE gives a cursor's result


def _locked(
    session: Session, attempt: Attempt, *, now: datetime, throttles: Throttles
) -> dict[ThrottleKind, LogInThrottleRow]:
    """Return the counters of an attempt, made where they are missing, locked; those that are old begin anew."""
    keys = attempt.keys()
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    made = [{"key_sha256": key, "failures": 0, "last_at": now} for key in sorted(keys.values())]
    session.execute(dialect.insert(_TABLE).values(made).on_conflict_do_nothing())
    wanted = select(LogInThrottleRow).where(col(LogInThrottleRow.key_sha256).in_(keys.values()))
    found = session.scalars(wanted.order_by(col(LogInThrottleRow.key_sha256)).with_for_update()).all()
    by_key = {row.key_sha256: row for row in found}
    rows = {kind: by_key[key] for kind, key in keys.items()}
    for kind, row in rows.items():
        if row.last_at < now - throttles[kind].forget:
            row.failures, row.blocked_until = 0, None
    return rows
