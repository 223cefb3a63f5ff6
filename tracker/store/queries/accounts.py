"""Accounts as their administrators and their own people see them; nothing of a matter stands in them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, label, or_, select, true
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.domain.account_policy import ABSOLUTE, IDLE
from tracker.domain.accounts import Role
from tracker.store.queries.unit_names import is_called_like
from tracker.store.rows import as_view, as_views
from tracker.store.tables.units import LoginRow, UnitRow, UserRow


class AccountState(StrEnum):
    """How an account stands: what its administrators filter by."""

    PENDING = "pending"
    CODE = "code"
    STALE = "stale"
    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class AccountLine:
    user_id: int
    login: str
    name: str
    role: str
    asked_role: str | None
    unit_name: str | None
    active: bool
    must_change: bool
    code_expires_at: datetime | None
    last_login_at: datetime | None
    stale: bool

    @property
    def waits_with_code(self) -> bool:
        """Whether nobody logs in until the role is granted, and with it the second half of the code."""
        return self.role == Role.PENDING and self.code_expires_at is not None

    @property
    def state(self) -> AccountState:
        """The state that its administrators have most to do about."""
        if not self.active:
            return AccountState.DISABLED
        if self.role == Role.PENDING:
            return AccountState.PENDING
        if self.code_expires_at is not None:
            return AccountState.CODE
        return AccountState.STALE if self.stale else AccountState.ACTIVE


@dataclass(frozen=True, slots=True)
class Account:
    """One account whole; `created_by` is a name, `new_email` what waits for its person, "" where it is none.

    `created_at` is when it was made, or when another last gave its person a way in.
    """

    line: AccountLine
    unit_id: int | None
    email: str | None
    new_email: str | None
    created_at: datetime | None
    created_by: str | None
    created_by_id: int | None
    password_changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class LogInLine:
    """A log-in that may be used now."""

    log_in_id: int
    created_at: datetime
    last_seen_at: datetime
    address: str | None
    browser: str | None


def is_stale(before: datetime) -> ColumnElement[bool]:
    """Select active accounts that nobody logged in with since a moment, nor was given a way into since."""
    used = func.coalesce(col(UserRow.last_login_at), col(UserRow.created_at))
    either = or_(used.is_(None), used < before)
    return and_(
        col(UserRow.active).is_(True), either, or_(col(UserRow.created_at).is_(None), col(UserRow.created_at) < before)
    )


def may_log_in(now: datetime) -> ColumnElement[bool]:
    """Select accounts that can be used: active, with a password of their own or a one-time code that is still good.

    `now` is the host's time.
    """
    code_ends = col(UserRow.code_expires_at)
    return and_(col(UserRow.active).is_(True), or_(code_ends.is_(None), code_ends > now))


def _lines(before: datetime) -> Select[*tuple[object, ...]]:
    return select(
        label("user_id", col(UserRow.id)),
        col(UserRow.login),
        col(UserRow.name),
        col(UserRow.role),
        col(UserRow.asked_role),
        label("unit_name", col(UnitRow.short_name)),
        col(UserRow.active),
        col(UserRow.must_change),
        col(UserRow.code_expires_at),
        col(UserRow.last_login_at),
        label("stale", is_stale(before)),
    ).outerjoin(UnitRow, col(UnitRow.id) == col(UserRow.unit_id))


def account_lines(
    session: Session, *, stale_before: datetime, words: str, state: AccountState | None, limit: int, offset: int = 0
) -> list[AccountLine]:
    """Return accounts whose login, name or unit, by any of its names, holds the words, of one state where asked.

    Whatever waits to be granted comes first, then by unit.
    """
    chosen = _lines(stale_before).where(_holds(words), _in_state(state, stale_before))
    waits = (col(UserRow.role) != Role.PENDING.value) | col(UserRow.active).is_(False)
    ordered = chosen.order_by(
        waits, col(UnitRow.official_order).is_not(None), col(UnitRow.official_order), col(UserRow.id)
    )
    return as_views(AccountLine, session.execute(ordered.limit(limit).offset(offset)))


def count_accounts(session: Session, *, stale_before: datetime, words: str, state: AccountState | None) -> int:
    """Count what `account_lines` would return without a limit."""
    counted = select(func.count()).select_from(UserRow).outerjoin(UnitRow, col(UnitRow.id) == col(UserRow.unit_id))
    return int(session.execute(counted.where(_holds(words), _in_state(state, stale_before))).scalar_one())


def _holds(words: str) -> ColumnElement[bool]:
    if not words:
        return true()
    own = (column.contains(words, autoescape=True) for column in (col(UserRow.login), col(UserRow.name)))
    return or_(*own, is_called_like(words))


def _in_state(state: AccountState | None, before: datetime) -> ColumnElement[bool]:
    active, pending = col(UserRow.active).is_(True), col(UserRow.role) == Role.PENDING.value
    code = col(UserRow.code_expires_at).is_not(None)
    match state:
        case None:
            return true()
        case AccountState.DISABLED:
            return ~active
        case AccountState.PENDING:
            return and_(active, pending)
        case AccountState.CODE:
            return and_(active, ~pending, code)
        case AccountState.STALE:
            return and_(~pending, ~code, is_stale(before))
        case AccountState.ACTIVE:
            return and_(active, ~pending, ~code, ~is_stale(before))


def account(session: Session, *, user_id: int, stale_before: datetime) -> Account | None:
    """Return one account; None where there is none."""
    line = session.execute(_lines(stale_before).where(col(UserRow.id) == user_id)).first()
    if line is None:
        return None
    creator = aliased(UserRow)
    more = session.execute(
        select(
            col(UserRow.unit_id),
            col(UserRow.email),
            col(UserRow.new_email),
            col(UserRow.created_at),
            label("created_by", col(creator.name)),
            label("created_by_id", col(UserRow.created_by)),
            col(UserRow.password_changed_at),
        )
        .outerjoin(creator, col(creator.id) == col(UserRow.created_by))
        .where(col(UserRow.id) == user_id)
    ).one()
    return as_view(Account, more, line=as_view(AccountLine, line))


def present_log_ins(session: Session, *, user_id: int, now: datetime) -> list[LogInLine]:
    """Return the log-ins of somebody that may be used now, the latest first."""
    wanted = (
        select(
            label("log_in_id", col(LoginRow.id)),
            col(LoginRow.created_at),
            col(LoginRow.last_seen_at),
            col(LoginRow.address),
            col(LoginRow.browser),
        )
        .where(
            col(LoginRow.user_id) == user_id,
            col(LoginRow.revoked_at).is_(None),
            col(LoginRow.last_seen_at) > now - IDLE,
            col(LoginRow.created_at) > now - ABSOLUTE,
        )
        .order_by(col(LoginRow.id).desc())
    )
    return as_views(LogInLine, session.execute(wanted))


def roles_with_somebody(session: Session, *, demonstration: bool, now: datetime) -> frozenset[Role]:
    """Return the roles with which somebody could log in; accounts of a demonstration count in a demonstration only.

    `now` is the host's time.
    """
    wanted = select(col(UserRow.role)).where(may_log_in(now)).distinct()
    if not demonstration:
        wanted = wanted.where(col(UserRow.demonstration).is_(False))
    return frozenset(map(Role, session.scalars(wanted)))


def locked_out(session: Session, *, role: Role, now: datetime) -> list[str]:
    """Return the log-in names of active accounts of a role whose one-time code ended before it was used.

    `now` is the host's time.
    """
    out = col(UserRow.role) == role.value, col(UserRow.active).is_(True), ~may_log_in(now)
    return list(session.scalars(select(col(UserRow.login)).where(*out).order_by(col(UserRow.id))))


def active_demonstration(session: Session) -> int:
    """Count the accounts of a demonstration with which somebody could log in.

    None where the database does not answer or was not migrated yet: nobody can log in then either.
    """
    wanted = select(func.count()).select_from(UserRow)
    active = col(UserRow.demonstration).is_(True), col(UserRow.active).is_(True)
    try:
        return int(session.execute(wanted.where(*active)).scalar_one())
    except DBAPIError:
        return 0
