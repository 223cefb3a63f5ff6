"""Checks of what is kept in the database, and of who works on it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from seeds.demonstration import PASSWORD
from tracker.cli.doctor.findings import Finding, Level, mend, warn
from tracker.domain.accounts import ADMINISTRATORS, Role
from tracker.domain.calendar import local_day
from tracker.failures import known_words, said_by
from tracker.gateways.embedded_redis import answers
from tracker.gateways.heartbeats import BACKGROUND, Heartbeats, hung, latest
from tracker.gateways.passwords import matches
from tracker.readiness import STUCK_AFTER_S
from tracker.services import Services
from tracker.store import event_log, schema
from tracker.store.log_guards import missing_guards
from tracker.store.queries.accounts import active_demonstration, locked_out, roles_with_somebody
from tracker.store.queries.nobody import nobody_to_remind
from tracker.store.queries.unused_accounts import unused_accounts
from tracker.store.sqlite_file import refusal_in
from tracker.store.tables.events import ChainHeadRow, DemonstrationClockRow, EventRow
from tracker.store.tables.units import UserRow
from tracker.usecases.deliveries import backlog
from tracker.wording.catalogue import ROLES
from tracker.wording.refusals import sentence

_PROGRAMS = {"worker": "办理进程（worker）", "relay": "分发进程（relay）", "scheduler": "定时进程（scheduler）"}
_MOST_NAMES = 8
_CLOCK_MAY_DIFFER = timedelta(minutes=2)


def database(services: Services) -> Iterator[Finding]:
    """Write a row as it is and take it back: what only reads would say nothing of a full or read-only disk."""
    try:
        services.database.ask()
    except SQLAlchemyError as error:
        if (refusal := refusal_in(error)) is not None:
            yield mend(sentence(refusal), "")
            return
        if (known := known_words(error)) is not None:
            yield mend(known, "")
            return
        yield mend(f"连不上数据库（{said_by(error)}）。", "核对 TRACKER_DATABASE_URL，确认数据库服务已经启动。")
        return
    if not has_tables(services):
        return
    try:
        with services.database.engine.connect() as connection:
            connection.execute(update(ChainHeadRow).values(seq=ChainHeadRow.seq))
            connection.rollback()
    except SQLAlchemyError as error:
        if (known := known_words(error)) is not None:
            yield mend(known, "")
            return
        yield mend(f"数据库不能写入（{said_by(error)}）。", "检查磁盘空间、文件属主和数据库账号的权限。")


def has_tables(services: Services) -> bool:
    """Tell whether the database answers and holds the tables of this program."""
    try:
        return schema.is_current(services.database)
    except SQLAlchemyError:
        return False


def migrations(services: Services) -> Iterator[Finding]:
    try:
        found = schema.revision(services.database)
    except SQLAlchemyError:
        yield warn("数据库可用以后才能检查。", "先处理数据库。")
        return
    if found != schema.newest_revision():
        yield mend(
            f"数据库结构是{found or '空'}，程序需要{schema.newest_revision()}。", "停止各进程后运行 flask db upgrade。"
        )


def event_chain(services: Services) -> Iterator[Finding]:
    """Compare the head with the last event only, `flask audit verify` looks at each; and ask what guards the log."""
    with services.database.reading() as session:
        unguarded = missing_guards(session.connection())
        head = session.scalars(select(ChainHeadRow)).one_or_none()
        last = session.scalars(select(EventRow).order_by(col(EventRow.seq).desc()).limit(1)).one_or_none()
    if head is None:
        yield mend("事件链没有链头。", "数据库不完整，请从备份恢复。")
    elif (head.seq, head.hash) != ((last.seq, last.hash) if last else (0, event_log.GENESIS)):
        yield mend(f"事件链链头（第{head.seq}号）与最后一个事件不一致。", "运行 flask audit verify 查明，从备份恢复。")
    if unguarded:
        yield mend(
            f"事件记录的防改触发器（{'、'.join(unguarded)}）不在、被停用或者被改动。",
            "运行 flask audit verify 核对事件有无改动，查明何人所为，从备份恢复到新的数据库。",
        )


def redis(services: Services) -> Iterator[Finding]:
    if not answers(services.settings.redis_url):
        yield warn("Redis没有应答，系统仍能使用，提醒发送较慢。", "启动Redis，或者核对 TRACKER_REDIS_URL。")


def background(services: Services) -> Iterator[Finding]:
    beats = Heartbeats(services.settings.data_dir).read()
    silent = Level.WARN if services.settings.is_demo else Level.MEND
    for name in BACKGROUND:
        last = latest(beats, name)
        if last is None or not last.is_alive:
            since = "没有运行过的痕迹" if last is None else f"已有{last.age_s / 60:.0f}分钟没有动静"
            yield Finding(silent, f"{_PROGRAMS[name]}{since}，提醒不会发出。", "启动该进程，并查看它的日志。")
    if (stuck := hung(beats)) is not None:
        words = f"{_PROGRAMS[stuck.name]}有一件工作已办{stuck.busy_s / 60:.0f}分钟没有结束，可能卡死。"
        yield mend(words, "查看日志，重新启动该进程；没有办完的工作会自动重办。")
    with services.database.reading() as session:
        waiting = backlog(session, machine_now=datetime.now(UTC))
    if waiting.lag_s > STUCK_AFTER_S:
        yield mend(f"有待办的工作已等候{waiting.lag_s / 60:.0f}分钟。", "确认各后台进程在运行，邮件服务器可用。")
    if waiting.unread and (waiting.lag_s > STUCK_AFTER_S or not _lives(services, "relay")):
        yield warn(f"有{waiting.unread}个事件还没有分发。", "启动分发进程（relay）。")
    if waiting.failed:
        yield warn(f"有{waiting.failed}件工作多次失败，已经放弃。", "在日志中查找 outcome 为 failed 的 delivery 记录。")


def _lives(services: Services, name: str) -> bool:
    last = latest(Heartbeats(services.settings.data_dir).read(), name)
    return last is not None and last.is_alive


def clock_of_the_log(services: Services) -> Iterator[Finding]:
    """Compare this machine's clock with the database's, and with what was recorded last: it may have gone back."""
    with services.database.reading() as session:
        last = session.scalars(select(func.max(EventRow.occurred_at))).one()
        demonstration = session.get(DemonstrationClockRow, 1)
        if session.get_bind().dialect.name == "postgresql":
            apart = abs(session.scalars(select(func.now())).one() - datetime.now(UTC))
            if apart > _CLOCK_MAY_DIFFER:
                yield mend(f"本机时钟与数据库服务器相差{apart.total_seconds():.0f}秒。", "两台机器都与时间服务器对时。")
    if services.settings.is_demo:
        return
    if demonstration is not None:
        yield mend("数据带有演示时钟，不能用于正式工作。", "换一个空的数据目录或数据库，重新初始化。")
    elif last is not None and last - services.clock.now() > _CLOCK_MAY_DIFFER:
        yield mend("最后一个事件的时间晚于现在，本机时钟可能被拨回。", "与时间服务器对时，并运行 flask audit verify。")


def administrators(services: Services) -> Iterator[Finding]:
    """Name each of the three administrators with which nobody can log in: pages cannot make one good who is missing.

    And the last of each whose account is as good as unused: the pass leaves it, so somebody has to know.
    """
    policy, now, demo = services.accounts, datetime.now(UTC), services.settings.is_demo
    with services.database.reading() as session:
        missing = ADMINISTRATORS - roles_with_somebody(session, demonstration=demo, now=now)
        shut = {role: locked_out(session, role=role, now=now) for role in sorted(missing)}
        unused = unused_accounts(session, before=policy.stale_before(now), policy=policy, now=now)
    for role, logins in shut.items():
        yield _missing(role, logins, Level.WARN if demo else Level.MEND)
    for one in (one for one in unused if one.is_last and one.role not in missing):
        yield warn(
            f"能够登录的{ROLES[one.role]}账号只有{one.login}，已有{policy.stale_days}日以上没有登录，不自动停用。",
            "请本人登录履职；已调离的，另行开通账号，由其本人登录以后停用。",
        )


def _missing(role: Role, logins: Sequence[str], level: Level) -> Finding:
    """Say that nobody can log in with a role, and its remedy: renewed codes where codes ran out."""
    create = f"flask users create 账号 --name 姓名 --role {role} --code"
    if not logins:
        remedy = f"请服务器运维人员（root）运行 {create}，或者用 flask users enable 启用原有账号。"
        return Finding(level, f"没有在用的{ROLES[role]}账号。", remedy)
    return Finding(
        level,
        f"没有人能够以{ROLES[role]}身份登录：{'、'.join(logins[:_MOST_NAMES])}的一次性口令已经过期，尚未改为本人的密码。",
        f"请服务器运维人员（root）运行 flask users reset {logins[0]}，将打印的一次性口令当面告知本人并督促及时登录；"
        f"人员已调离的，运行 {create}。",
    )


def liaisons(services: Services) -> Iterator[Finding]:
    with services.database.reading() as session:
        names = [unit.name for unit in nobody_to_remind(session)]
        demo, now = services.settings.is_demo, datetime.now(UTC)
        present = roles_with_somebody(session, demonstration=demo, now=now)
    if not names and Role.LIAISON not in present:
        yield warn("还没有能够登录的联络员账号，交办的事项无人签收、报送。", "请系统管理员为承办单位开通联络员账号。")
    if names:
        shown = "、".join(names[:_MOST_NAMES]) + ("等" if len(names) > _MOST_NAMES else "")
        yield warn(
            f"{len(names)}个承办单位没有联络员：{shown}。", "为这些单位开通联络员账号，领导小组请明确办公室所在单位。"
        )


def demonstration_accounts(services: Services) -> Iterator[Finding]:
    """Count the accounts that a demonstration made, with which nothing starts, and try its password on others.

    It is tried on hashes that several accounts share, and on those of the demonstration's office by name.
    """
    with services.database.reading() as session:
        made = active_demonstration(session)
        if services.settings.is_demo:
            yield Finding(Level.OK, f"演示环境，有{made}个在用的演示账号。")
            return
        rows = session.execute(
            select(col(UserRow.password_hash), func.count(), func.min(UserRow.login))
            .where(col(UserRow.active).is_(True), col(UserRow.demonstration).is_(False))
            .group_by(col(UserRow.password_hash))
        ).all()
        office = set(session.scalars(select(col(UserRow.password_hash)).where(col(UserRow.login).in_(_OF_THE_OFFICE))))
    if made:
        yield mend(f"有{made}个在用的演示账号，系统不能启动。", "运行 flask users disable --demonstration。")
    suspected = [(hash_, count, login) for hash_, count, login in rows if count > 1 or hash_ in office]
    found = [(count, login) for hash_, count, login in suspected if matches(hash_, PASSWORD)]
    if found:
        number = sum(count for count, _login in found)
        yield mend(f"有{number}个账号使用演示密码（如{found[0][1]}）。", "停用这些账号；演示数据不能转为正式使用。")


_OF_THE_OFFICE = ("ducha", "zhuren", "leader", "reader")


def calendar(services: Services) -> Iterator[Finding]:
    year = local_day(services.clock.now()).year
    published = services.calendar.published_years
    remedy = "国务院办公厅放假通知公布后，运行 flask calendar import 文件。"
    if year not in published:
        yield mend(f"没有{year}年的放假安排，工作日按法定节假日估算。", remedy)
    if year + 1 not in published:
        yield warn(f"没有{year + 1}年的放假安排，跨年的时限按估算。", remedy)
