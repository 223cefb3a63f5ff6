"""Facts about accounts and log-ins. None carries a password, a code or a key; `address` is where it was done from.

`sealed` is the digest of how the account is opened and where it is written to, or of the second factor
(`store/row_digests.py`); None where it was told before that was kept.
"""

from dataclasses import dataclass
from datetime import datetime

from tracker.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCreated(Event):
    """An account was entered; `role` is what it may do from now on, `asked_role` what was asked for it."""

    type = "account.created"
    user_id: int
    login: str
    name: str
    role: str
    asked_role: str | None = None
    of_unit_id: int | None = None
    demonstration: bool = False
    address: str | None = None
    sealed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted(Event):
    """An account got another role, `pending` where its role was taken back."""

    type = "account.role_granted"
    user_id: int
    old_role: str
    role: str
    reason: str
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChanged(Event):
    """Name, unit or mail address of an account changed; of the mail address only that it did.

    `email_waits`: nothing is sent to the new one until its person has confirmed it.
    """

    type = "account.changed"
    user_id: int
    old_name: str
    new_name: str
    old_unit_id: int | None
    new_unit_id: int | None
    email_changed: bool
    email_waits: bool = False
    address: str | None = None
    sealed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailConfirmed(Event):
    """Somebody confirmed the mail address that another had entered for him: it is used from now on."""

    type = "account.email_confirmed"
    user_id: int
    address: str | None = None
    sealed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsChosen(Event):
    """Somebody chose how pages look to him and at which hour of Shanghai his digest comes, None: at the policy's."""

    type = "account.settings_chosen"
    user_id: int
    digest_hour: int | None
    large_print: bool
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarLinkSet(Event):
    """Somebody made a link for his calendar, or another one, or gave it up; of its key the digest, None of none."""

    type = "account.calendar_link_set"
    user_id: int
    calendar_sha256: str | None
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDisabled(Event):
    """Nobody logs in with an account any more."""

    type = "account.disabled"
    user_id: int
    reason: str
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountUnused(Event):
    """Nobody has used an account since a moment, and it is disabled from another one on unless somebody logs in.

    Both are of the host's clock; None: nothing was kept of when it was used or made. Whether mail tells its person, the
    ledger of messages says: not everybody has an address.
    """

    type = "account.unused"
    user_id: int
    unused_since: datetime | None
    disabled_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEnabled(Event):
    """An account that was disabled may be used again; a one-time code opens it."""

    type = "account.enabled"
    user_id: int
    reason: str
    address: str | None = None
    sealed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountReset(Event):
    """A one-time code took the place of the password; `reason` is empty of before anybody was asked for one."""

    type = "account.reset"
    user_id: int
    expires_at: datetime
    reason: str = ""
    address: str | None = None
    sealed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCompleted(Event):
    """Who granted a role saw the second half of the one-time code, without which the first opens nothing."""

    type = "account.code_completed"
    user_id: int
    expires_at: datetime
    address: str | None = None
    sealed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Event):
    """Somebody chose a new password himself."""

    type = "account.password_changed"
    user_id: int
    address: str | None = None
    sealed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorSetUp(Event):
    """Somebody set up a second factor, `renewed` where it took the place of another one."""

    type = "account.factor_set_up"
    user_id: int
    renewed: bool
    address: str | None = None
    sealed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRemoved(Event):
    """Somebody gave his second factor up."""

    type = "account.factor_removed"
    user_id: int
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorReset(Event):
    """An administrator took somebody's second factor away, who sets up another one."""

    type = "account.factor_reset"
    user_id: int
    reason: str
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodeUsed(Event):
    """A recovery code took the place of an authenticator; `left` are not used yet."""

    type = "account.recovery_code_used"
    user_id: int
    left: int
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogInSucceeded(Event):
    """Somebody logged in; `factor` is what he showed besides, `by_provider` that the unified log-in said who he is."""

    type = "login.succeeded"
    user_id: int
    address: str | None
    browser: str | None
    factor: str | None = None
    by_provider: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LogInFailed(Event):
    """A try to log in failed; `user_id` is none of an unknown account.

    What was typed for an unknown one is not told, for it may be a password: `typed` is a keyed digest, by which the
    same word is known again.
    """

    type = "login.failed"
    user_id: int | None
    typed: str
    why: str
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogInThrottled(Event):
    """Further tries are refused until a moment; one event for each such stretch, not for each try in it."""

    type = "login.throttled"
    user_id: int | None
    typed: str
    kind: str
    until: datetime
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogInsEnded(Event):
    """Log-ins of a person ended before their time: he left, or something ended them."""

    type = "login.ended"
    user_id: int
    cause: str
    ended: int
    address: str | None = None
