"""Units 「单位」, their names, their groups and their people."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.domain.accounts import Role
from tracker.domain.units import UnitKind
from tracker.store.tables.columns import states


class UnitRow(SQLModel, table=True):
    """A unit; `tasked` overrides its class, `kept_by_unit_id` is the unit that acts for a leading group.

    One that went up in another has no work any more: `merged_into_unit_id` is its successor.
    """

    __tablename__ = "unit"
    __table_args__ = (states("kind", UnitKind, table="unit"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    full_name: str = Field(unique=True)
    short_name: str
    kind: str
    official_order: int
    needs_sign_off: bool = True
    tasked: bool | None = None
    kept_by_unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    merged_into_unit_id: int | None = Field(default=None, foreign_key="unit.id")


class UnitAliasRow(SQLModel, table=True):
    __tablename__ = "unit_alias"

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    name: str = Field(index=True)
    valid_from: date | None = None
    valid_to: date | None = None
    document: str | None = None
    note: str | None = None


class UserRow(SQLModel, table=True):
    """An account. Its role says what it may do; a liaison or a head is always somebody of a unit."""

    __tablename__ = "person"
    __table_args__ = (
        states("role", Role, table="person"),
        CheckConstraint("unit_id IS NOT NULL OR (role <> 'liaison' AND role <> 'unit_head')", name="person_of_unit"),
    )

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(unique=True)
    name: str
    role: str
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    email: str | None = None
    # What another entered in its place, "" where none is to be; nothing is sent there until the person confirms it.
    new_email: str | None = None
    password_hash: str
    active: bool = True
    # What the administrator of the system asked for; it carries no right.
    asked_role: str | None = None
    # Or when another last gave its person a way in: from then on it may be left unused.
    created_at: datetime | None = None
    created_by: int | None = Field(default=None, foreign_key="person.id")
    demonstration: bool = False
    must_change: bool = False
    # Set while the hash is that of a one-time code.
    code_expires_at: datetime | None = None
    # Of a code's second half, which is made when the role is granted; none of a password and of the machine's codes.
    code_second_hash: str | None = None
    password_changed_at: datetime | None = None
    last_login_at: datetime | None = None
    # Of the working day, in Shanghai, at which the digest of the day is wanted; none at the policy's time.
    digest_hour: int | None = None
    large_print: bool = False
    # Of the key of the link by which a calendar program reads what is due; none where there is no link.
    calendar_sha256: str | None = Field(default=None, unique=True)

    @property
    def wanted_email(self) -> str | None:
        """What is or will be the address, once it is confirmed."""
        return self.email if self.new_email is None else self.new_email or None


class LoginRow(SQLModel, table=True):
    """A log-in session on the server; only the hash of its key is kept.

    `factor` is what was shown besides a password, none where nothing was; `by_provider`: the unified log-in said who.
    `seen_event` is the last event of the log when it was last seen, `since_event` that of the person's log-in before.
    """

    __tablename__ = "login"
    __table_args__ = (UniqueConstraint("key_sha256"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="person.id", index=True)
    key_sha256: str
    created_at: datetime
    last_seen_at: datetime
    seen_event: int | None = None
    since_event: int | None = None
    revoked_at: datetime | None = None
    address: str | None = None
    browser: str | None = None
    factor: str | None = None
    by_provider: bool = False
    # In whose name his deputy acts by this log-in, while he may.
    acting_for_id: int | None = Field(default=None, foreign_key="person.id")


class FormerPasswordRow(SQLModel, table=True):
    """What opened an account before, chosen or made for its person, so that none of the last is chosen again."""

    __tablename__ = "former_password"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="person.id", index=True)
    password_hash: str
    set_at: datetime


class LogInThrottleRow(SQLModel, table=True):
    """Failures of log-ins that are counted together; `key_sha256` is of what they have in common."""

    __tablename__ = "login_throttle"

    key_sha256: str = Field(primary_key=True)
    failures: int = 0
    last_at: datetime
    blocked_until: datetime | None = None
