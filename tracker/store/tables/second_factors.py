"""Second factors of people 「双因素验证」, and log-ins that wait for one."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class SecondFactorRow(SQLModel, table=True):
    """A person's authenticator: `sealed` is its secret, encrypted, none where there is no factor (any more).

    `last_counter` is the time step of the last code that was taken: none up to it is taken again. What is pending was
    shown to one log-in and not confirmed yet. `reset_*` say who took a factor away, until another one is set up.
    """

    __tablename__ = "second_factor"

    user_id: int = Field(primary_key=True, foreign_key="person.id", sa_column_kwargs={"autoincrement": False})
    sealed: str | None = None
    confirmed_at: datetime | None = None
    last_counter: int | None = None
    pending_sealed: str | None = None
    pending_at: datetime | None = None
    pending_log_in_id: int | None = Field(default=None, foreign_key="login.id")
    reset_at: datetime | None = None
    reset_by: str | None = None
    reset_told: bool = False


class RecoveryCodeRow(SQLModel, table=True):
    """A code that opens once in the place of an authenticator; `mark` is its first group, by which it is found."""

    __tablename__ = "recovery_code"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="person.id", index=True)
    mark: str
    code_hash: str
    used_at: datetime | None = None


class HalfLogInRow(SQLModel, table=True):
    """Somebody whose password was right and who has not shown his second factor yet: no log-in, opens nothing.

    `password_sha256` is of the hash of that password, or code, and of the role: with another one it is worth nothing.
    """

    __tablename__ = "half_log_in"

    key_sha256: str = Field(primary_key=True)
    user_id: int = Field(foreign_key="person.id")
    password_sha256: str
    by_provider: bool = False
    created_at: datetime
