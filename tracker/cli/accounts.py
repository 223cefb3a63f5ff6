"""`flask users …`: accounts by whoever has the machine. No password is ever an option, only codes are printed."""

from collections.abc import Sequence
from datetime import UTC, datetime

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlmodel import Session, col

from tracker.cli.options import one_line_on_failure
from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import ADMINISTRATORS, GRANTABLE, Actor, Role
from tracker.domain.calendar import SHANGHAI
from tracker.domain.passwords import check_password, code_as_typed, new_code
from tracker.gateways.passwords import hash_password
from tracker.services import Services
from tracker.store.queries.accounts import AccountLine, AccountState, account_lines, roles_with_somebody
from tracker.store.tables.units import UserRow
from tracker.usecases.accounts import (
    NewUser,
    change_account,
    create_account,
    disable_account,
    unit_named,
)
from tracker.usecases.renewing_access import enable_account, reset_account, reset_factor
from tracker.wording.accounts import ACCOUNT_STATES
from tracker.wording.catalogue import ROLES

_ROLES = click.Choice(sorted(role.value for role in GRANTABLE))
# Whoever has the machine; no account.
_MACHINE = Actor(user_id=None, name="命令行", role=Role.SYSTEM)
_AT_MOST = 100_000


def account_commands(services: Services) -> AppGroup:
    """Return the group `users`."""
    group = AppGroup("users", help="Accounts.")
    for command in (_create, _list, _disable, _enable, _reset, _factor, _unit):
        group.add_command(command(services))
    return group


def _now(services: Services) -> Moment:
    return Moment(now=datetime.now(UTC), at=services.clock.now())


def _create(services: Services) -> click.Command:
    @click.command("create")
    @click.argument("login")
    @click.option("--name", required=True)
    @click.option("--role", required=True, type=_ROLES)
    @click.option(
        "--unit",
        "unit_code",
        help="any name of the unit, or its code in seeds/units.toml; a liaison or a head needs one",
    )
    @click.option("--email")
    @click.option("--code", "by_code", is_flag=True, help="print a one-time code instead of asking for a password")
    @one_line_on_failure
    def create(login: str, name: str, role: str, unit_code: str | None, email: str | None, by_code: bool) -> None:
        """Create an account with its role, as nobody else can by himself; the password is asked for."""
        _refuse_early(services, NewUser(login, name, Role(role), "", unit_code, email))
        code = new_code() if by_code else ""
        secret = code_as_typed(code) if by_code else _asked(services, login, name)
        user = NewUser(login, name, Role(role), hash_password(secret), unit_code, email, is_code=by_code)
        with services.database.transaction() as session:
            create_account(session, user, policy=services.accounts, actor=_MACHINE, when=_now(services))
        click.echo(f"账号{login}已开通。")
        _tell(code, services.accounts)

    return create


def _refuse_early(services: Services, user: NewUser) -> None:
    """Refuse what cannot be before a password is asked for: create the account, and keep nothing. Raises as that."""
    with services.database.reading() as session:
        create_account(session, user, policy=services.accounts, actor=_MACHINE, when=_now(services))


def _asked(services: Services, login: str, name: str) -> str:
    """Ask for a password twice. Raises PasswordRefused."""
    password = click.prompt("密码", hide_input=True, confirmation_prompt=True, default="", show_default=False)
    return check_password(password, names=(login, name), common=services.common_passwords, policy=services.accounts)


def _tell(code: str, policy: AccountPolicy, *, waits: bool = False) -> None:
    """Print a code, if any; one of an account that waits for its role is a first half, as everybody's."""
    if waits:
        click.echo(f"一次性口令前半部分：{code}（账号待授权，后半部分由安全保密管理员授予角色后告知本人）")
    elif code:
        click.echo(f"一次性口令：{code}（{policy.code_hours}小时内有效，首次登录须改密）")


def _list(services: Services) -> click.Command:
    @click.command("list")
    @click.option("--state", type=click.Choice([state.value for state in AccountState]))
    @one_line_on_failure
    def list_(state: str | None) -> None:
        """Print the accounts: login, name, role, unit, state, last log-in."""
        before = services.accounts.stale_before(datetime.now(UTC))
        chosen = AccountState(state) if state else None
        with services.database.reading() as session:
            lines = account_lines(session, stale_before=before, words="", state=chosen, limit=_AT_MOST)
        for line in lines:
            click.echo(_line(line))
        click.echo(f"共{len(lines)}个账号")

    return list_


def _line(line: AccountLine) -> str:
    last = line.last_login_at.astimezone(SHANGHAI).isoformat(timespec="minutes") if line.last_login_at else "-"
    return "  ".join((line.login, line.name, ROLES[line.role], line.unit_name or "-", ACCOUNT_STATES[line.state], last))


def _disable(services: Services) -> click.Command:
    @click.command("disable")
    @click.argument("logins", nargs=-1)
    @click.option("--demonstration", is_flag=True, help="all accounts of a demonstration")
    @click.option("--reason", default="命令行停用", show_default=True)
    @one_line_on_failure
    def disable(logins: tuple[str, ...], demonstration: bool, reason: str) -> None:
        """Let nobody log in with accounts any more, and end their log-ins."""
        if not logins and not demonstration:
            raise click.UsageError("请写明账号，或者 --demonstration。")
        with services.database.transaction() as session:
            named = (_active(session, login) for login in dict.fromkeys(logins))
            users = list({user.id: user for user in (*named, *(_played(session) if demonstration else ()))}.values())
            for user in users:
                disable_account(session, user_id=user.id or 0, reason=reason, actor=_MACHINE, when=_now(services))
            session.flush()
            demo, now = services.settings.is_demo, datetime.now(UTC)
            present = roles_with_somebody(session, demonstration=demo, now=now)
            lost = ADMINISTRATORS.intersection(Role(user.role) for user in users) - present
        click.echo(f"已停用{len(users)}个账号。")
        for role in sorted(lost):
            click.echo(
                f"注意：现在没有能够登录的{ROLES[role]}账号，请尽快用 flask users create 开通一个，"
                "或者用 flask users reset 重置在用账号的密码。",
                err=True,
            )

    return disable


def _played(session: Session) -> Sequence[UserRow]:
    wanted = select(UserRow).where(col(UserRow.demonstration).is_(True), col(UserRow.active).is_(True))
    return session.scalars(wanted.order_by(col(UserRow.id))).all()


def _user(session: Session, login: str) -> UserRow:
    user = session.scalars(select(UserRow).where(col(UserRow.login) == login)).first()
    if user is None:
        raise click.ClickException(f"没有账号{login}。")
    return user


def _active(session: Session, login: str) -> UserRow:
    """Return an account to be disabled: of several, the one that is not to be is named, and none is."""
    user = _user(session, login)
    if not user.active:
        raise click.ClickException(f"账号{login}已经停用，请去掉后重新运行；这次没有停用任何账号。")
    return user


def _enable(services: Services) -> click.Command:
    @click.command("enable")
    @click.argument("login")
    @click.option("--reason", default="命令行启用", show_default=True)
    @one_line_on_failure
    def enable(login: str, reason: str) -> None:
        """Let an account be used again; prints a one-time code."""
        code = new_code()
        code_hash = hash_password(code_as_typed(code))
        with services.database.transaction() as session:
            user = _user(session, login)
            enable_account(
                session,
                user_id=user.id or 0,
                code_hash=code_hash,
                reason=reason,
                policy=services.accounts,
                actor=_MACHINE,
                when=_now(services),
            )
            waits = user.role == Role.PENDING
        click.echo(f"账号{login}已启用。")
        _tell(code, services.accounts, waits=waits)

    return enable


def _reset(services: Services) -> click.Command:
    @click.command("reset")
    @click.argument("login")
    @click.option("--reason", default="命令行重置", show_default=True)
    @one_line_on_failure
    def reset(login: str, reason: str) -> None:
        """Put a one-time code in the place of a password, print it, and end the log-ins."""
        code = new_code()
        code_hash = hash_password(code_as_typed(code))
        with services.database.transaction() as session:
            user = _user(session, login)
            reset_account(
                session,
                user_id=user.id or 0,
                code_hash=code_hash,
                reason=reason,
                policy=services.accounts,
                actor=_MACHINE,
                when=_now(services),
            )
            waits = user.role == Role.PENDING
        click.echo(f"账号{login}的密码已重置。")
        _tell(code, services.accounts, waits=waits)

    return reset


def _factor(services: Services) -> click.Command:
    @click.command("reset-factor")
    @click.argument("login")
    @click.option("--reason", default="命令行重置", show_default=True)
    @one_line_on_failure
    def reset_second(login: str, reason: str) -> None:
        """Take somebody's second factor away, who lost it, and end the log-ins; he sets up another one."""
        with services.database.transaction() as session:
            user_id = _user(session, login).id or 0
            reset_factor(
                session,
                user_id=user_id,
                reason=reason,
                policy=services.accounts,
                actor=_MACHINE,
                when=_now(services),
            )
        click.echo(f"账号{login}的双因素验证已重置。")

    return reset_second


def _unit(services: Services) -> click.Command:
    @click.command("unit")
    @click.argument("login")
    @click.argument("unit_code")
    @one_line_on_failure
    def unit(login: str, unit_code: str) -> None:
        """Let an account be of another unit."""
        with services.database.transaction() as session:
            user = _user(session, login)
            unit = unit_named(session, unit_code)
            change_account(
                session,
                user_id=user.id or 0,
                name=user.name,
                unit_id=unit.id,
                email=user.wanted_email,
                actor=_MACHINE,
                when=_now(services),
            )
        click.echo(f"账号{login}的所属单位已改为{unit.short_name}。")

    return unit
