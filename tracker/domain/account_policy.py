"""The policy of accounts: passwords, one-time codes, log-ins and their failures, all of it data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from tracker.domain.accounts import ADMINISTRATORS, Role

# A log-in ends when nobody used it for so long, and at the latest after a working day.
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=8)
# Between the password and the second factor.
HALF = timedelta(minutes=5)
# A secret that was shown is to be confirmed within so long.
SET_UP = timedelta(minutes=10)
RECOVERY_CODES = 10
# The pass disables within a day of what was announced. Whoever still stands so long after was left for another reason
# (the rule was off, he was the last administrator, nothing ran) and could not know that it holds again.
ANNOUNCED_HOLDS = timedelta(days=14)


class WarnedTooEarly(ValueError):
    """The end of an unused account would be announced to whoever has just logged in."""


class FactorRule(StrEnum):
    """Whether there are second factors: none is asked, whoever set one up is asked, some roles must have one."""

    OFF = "off"
    VOLUNTARY = "voluntary"
    MANDATORY = "mandatory"


class Reached(StrEnum):
    """Whether mail told somebody that his unused account ends: who was not reached by it, another has to tell."""

    MAILED = "mailed"
    MAIL_WAITS = "mail_waits"
    NOT_MAILED = "not_mailed"
    NO_ADDRESS = "no_address"
    NO_MAIL = "no_mail"


@dataclass(frozen=True, slots=True)
class Moment:
    """`now` is the host's time, by which log-ins and codes are counted, `at` the office's, which events bear."""

    now: datetime
    at: datetime


class ThrottleKind(StrEnum):
    """What failures are counted of: one browser or address on one account, one address, one network, one account."""

    PAIR = "pair"
    ADDRESS = "address"
    NETWORK = "network"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttle:
    """So many failures are free; each further one doubles the wait. After `forget` without one all are forgotten."""

    free: int
    first: timedelta
    longest: timedelta
    forget: timedelta

    def wait(self, failures: int) -> timedelta:
        """Return how long the next try has to wait after so many failures."""
        if failures < self.free:
            return timedelta()
        doubled: int = 2 ** min(failures - self.free, 20)
        return min(self.longest, self.first * doubled)


_MINUTE = timedelta(minutes=1)
_THROTTLES: Mapping[ThrottleKind, Throttle] = {
    ThrottleKind.PAIR: Throttle(free=5, first=_MINUTE, longest=15 * _MINUTE, forget=30 * _MINUTE),
    ThrottleKind.ADDRESS: Throttle(free=40, first=_MINUTE / 2, longest=10 * _MINUTE, forget=60 * _MINUTE),
    ThrottleKind.NETWORK: Throttle(free=80, first=_MINUTE / 2, longest=10 * _MINUTE, forget=60 * _MINUTE),
    ThrottleKind.ACCOUNT: Throttle(free=20, first=_MINUTE / 2, longest=10 * _MINUTE, forget=60 * _MINUTE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPolicy:
    """What `config/accounts.toml` says, with what it says as it is shipped; days and hours are of the host's clock.

    Raises WarnedTooEarly.
    """

    code_hours: int = 72
    resets_apart_hours: int = 24
    stale_days: int = 200
    disable_stale: bool = True
    warn_days: int = 14
    password_days: int = 0
    former_passwords: int = 5
    shortest: int = 12
    shortest_mixed: int = 10
    sessions: int = 5
    second_factor: FactorRule = FactorRule.VOLUNTARY
    factor_roles: frozenset[Role] = ADMINISTRATORS | {Role.SUPERVISOR}
    password_beside_provider: bool = True
    provider_factors: frozenset[str] = frozenset()
    leave_days: int = 90
    throttles: Mapping[ThrottleKind, Throttle] = field(default_factory=lambda: _THROTTLES)

    def __post_init__(self) -> None:
        if self.warn_days >= self.stale_days:
            raise WarnedTooEarly()

    def stale_before(self, now: datetime) -> datetime:
        """Return the moment since which an account must have been used, else it is 长期未登录."""
        return now - timedelta(days=self.stale_days)

    def warn_before(self, now: datetime) -> datetime:
        """Return the moment since which an account must have been used, else it is announced that it will end."""
        return now - timedelta(days=self.stale_days - self.warn_days)

    def disabled_from(self, unused_since: datetime | None, *, now: datetime) -> datetime:
        """Return from when on an unused account is disabled that is announced now: never without notice."""
        warned = now + timedelta(days=self.warn_days)
        return warned if unused_since is None else max(warned, unused_since + timedelta(days=self.stale_days))

    def still_holds(self, disabled_from: datetime, *, unused_since: datetime | None, now: datetime) -> bool:
        """Say whether what was announced of an unused account fits the rule of now; else it is announced anew.

        Not where the rule of now gives it longer, nor long after the day.
        """
        early = unused_since is not None and disabled_from < unused_since + timedelta(days=self.stale_days)
        return not early and now <= disabled_from + ANNOUNCED_HOLDS

    def demands_factor(self, role: Role) -> bool:
        """Say whether nothing is open to a role without a second factor."""
        return self.second_factor is FactorRule.MANDATORY and role in self.factor_roles

    def is_expired(self, changed_at: datetime | None, *, now: datetime) -> bool:
        """Say whether a password that was set at a moment has to be changed by now."""
        return self.password_days > 0 and (changed_at is None or changed_at < now - timedelta(days=self.password_days))


def used_last(last_login_at: datetime | None, created_at: datetime | None) -> datetime | None:
    """Return since when an account is unused: nobody logged in since, nor was given a way in.

    `created_at` is when it was made, enabled, reset, or the second half of its code given.
    """
    return max((at for at in (last_login_at, created_at) if at is not None), default=None)
