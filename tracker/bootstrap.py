"""Composition root: the one module that knows every adapter."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy.exc import DBAPIError

from seeds.demonstration import EXAMPLE_UNIT
from seeds.registry import SEEDS, load_registry
from tracker.addresses import Fault
from tracker.failures import failure_words, start_words
from tracker.gateways.clock import Clock, DemonstrationClock, SystemClock
from tracker.gateways.configuration import (
    CONFIGURATION,
    BadConfiguration,
    load_account_policy,
    load_calendar,
    load_common_passwords,
    load_file_rules,
    load_policy,
)
from tracker.gateways.embedded_redis import check_options
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.gateways.project_lists import load_project_lists
from tracker.logs import configure_logs, log_what_nobody_catches
from tracker.services import Services
from tracker.settings import Settings, SettingsError, serving_settings
from tracker.store.database import Database
from tracker.store.queries.accounts import active_demonstration
from tracker.store.sqlite_file import refusal_in
from tracker.wording.refusals import sentence
from tracker.wording.settings import configuration_words

DEMONSTRATION_STARTS_AT = datetime(2022, 8, 15, 1, 0, tzinfo=UTC)


class DemonstrationInProduction(SettingsError):
    """The data hold accounts of a demonstration, whose password everybody knows; the message says what to do."""


@contextmanager
def one_line_where_nothing_starts() -> Iterator[None]:
    """End this process with exit code 1 and one Chinese line where it cannot be started: every program begins in this.

    A database that does not answer keeps nothing from starting: whoever started asks again.
    """
    try:
        yield
    except SettingsError as error:
        sys.exit(start_words(error))
    except (OSError, DBAPIError) as error:
        sys.exit(failure_words(error))


def start_program(environ: Mapping[str, str] = os.environ) -> Services:
    """Read the settings, open the logs and build the services of a process that serves people.

    What keeps it from starting ends it with one line. What it writes from now on is its own user's.
    """
    with one_line_where_nothing_starts():
        services = start_services(serving_settings(environ))
    configure_logs(services.settings)
    log_what_nobody_catches()
    return services


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
    """Open the database and choose the clock of the mode; nothing is started. Raises SettingsError."""
    try:
        return _built(settings)
    except BadConfiguration as error:
        raise SettingsError(configuration_words(str(error))) from None


def _built(settings: Settings) -> Services:
    _check_redis(settings)
    database = _database(settings)
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
        project_lists=load_project_lists(CONFIGURATION / "project_lists.toml"),
        common_passwords=load_common_passwords(CONFIGURATION / "common_passwords.txt"),
    )


def _database(settings: Settings) -> Database:
    """Open what the address leads to. Raises SettingsError where the library cannot read what looks right."""
    try:
        return Database(settings.database_url)
    except Exception:  # of whatever kind: the libraries read an address each in its way
        raise SettingsError("TRACKER_DATABASE_URL: cannot be read", fault=Fault.OPTION) from None


def _check_redis(settings: Settings) -> None:
    """Raises SettingsError where the library does not know an option of the address, or does not take its value."""
    try:
        check_options(settings.redis_url)
    except Exception:  # of whatever kind: the library hands an option to whoever knows it
        raise SettingsError("TRACKER_REDIS_URL: cannot be read", fault=Fault.OPTION) from None
