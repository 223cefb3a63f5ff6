"""Composition root: the one module that knows every adapter."""

from datetime import UTC, datetime

from seeds.demonstration import EXAMPLE_UNIT
from seeds.registry import SEEDS, load_registry
from tracker.gateways.clock import Clock, DemonstrationClock, SystemClock
from tracker.gateways.configuration import (
    CONFIGURATION,
    load_account_policy,
    load_calendar,
    load_common_passwords,
    load_file_rules,
    load_policy,
)
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.services import Services
from tracker.settings import Settings, SettingsError
from tracker.store.database import Database
from tracker.store.queries.accounts import active_demonstration
from tracker.store.sqlite_file import refusal_in
from tracker.wording.refusals import sentence

DEMONSTRATION_STARTS_AT = datetime(2022, 8, 15, 1, 0, tzinfo=UTC)


class DemonstrationInProduction(SettingsError):
    """The data hold accounts of a demonstration, whose password everybody knows; the message says what to do."""


def start_services(settings: Settings) -> Services:
    """Build the services of a process that serves people.

    Raises DemonstrationInProduction where somebody could log in with an account of a demonstration in production mode,
    SettingsError where another file lies in the database's place.
    """
    services = build_services(settings)
    try:
        with services.database.reading() as session:
            count = 0 if settings.is_demo else active_demonstration(session)
    except Exception as error:
        if (refusal := refusal_in(error)) is None:
            raise
        raise SettingsError(sentence(refusal)) from None
    if count:
        services.database.dispose()
        raise DemonstrationInProduction(
            f"正式环境不能启动：数据中还有{count}个在用的演示账号，密码是公开的。请改用新的数据目录或者数据库，"
            "或者先执行 flask users disable --demonstration 停用后再启动。"
        )
    return services


def build_services(settings: Settings) -> Services:
    """Open the database and choose the clock of the mode; nothing is started."""
    database = Database(settings.database_url)
    clock: Clock = SystemClock()
    if settings.is_demo:
        clock = DemonstrationClock(database, starts_at=DEMONSTRATION_STARTS_AT)
    return Services(
        settings=settings,
        database=database,
        clock=clock,
        seed_calendar=load_calendar(CONFIGURATION / "calendar.toml"),
        policy=load_policy(CONFIGURATION / "policy.toml"),
        evidence=EvidenceFiles(settings.data_dir / "evidence"),
        groups=load_registry(SEEDS / "units.toml").groups,
        file_rules=load_file_rules(CONFIGURATION / "files.toml"),
        example_login=EXAMPLE_UNIT if settings.is_demo else None,
        accounts=load_account_policy(CONFIGURATION / "accounts.toml", demonstration=settings.is_demo),
        common_passwords=load_common_passwords(CONFIGURATION / "common_passwords.txt"),
    )
