"""Composition root: the one module that knows every adapter."""

from datetime import UTC, datetime

from seeds.demonstration import EXAMPLE_UNIT
from seeds.registry import SEEDS, load_registry
from tracker.gateways.clock import Clock, DemonstrationClock, SystemClock
from tracker.gateways.configuration import CONFIGURATION, load_calendar, load_file_rules, load_policy
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.services import Services
from tracker.settings import Settings
from tracker.store.database import Database

DEMONSTRATION_STARTS_AT = datetime(2022, 8, 15, 1, 0, tzinfo=UTC)


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
    )
