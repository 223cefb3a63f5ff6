"""Composition root: the one module that knows every adapter."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from seeds.policy import load_policy
from seeds.registry import load_calendar, load_registry
from tracker.domain.calendar import WorkdayCalendar
from tracker.domain.policy import ReminderPolicy
from tracker.domain.units import Group
from tracker.gateways.clock import Clock, DemonstrationClock, SystemClock
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.settings import Settings
from tracker.store.database import Database

SEEDS = Path(__file__).parent.parent / "seeds"
DEMONSTRATION_STARTS_AT = datetime(2022, 8, 15, 1, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Services:
    """What a process works with."""

    settings: Settings
    database: Database
    clock: Clock
    calendar: WorkdayCalendar
    policy: ReminderPolicy
    evidence: EvidenceFiles
    groups: tuple[Group, ...] = ()

    @property
    def demonstration_clock(self) -> DemonstrationClock | None:
        """The clock as one that can be moved; None in production."""
        return self.clock if isinstance(self.clock, DemonstrationClock) else None


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
        calendar=load_calendar(SEEDS / "calendar.toml"),
        policy=load_policy(SEEDS / "policy.toml"),
        evidence=EvidenceFiles(settings.data_dir / "evidence"),
        groups=load_registry(SEEDS / "units.toml").groups,
    )
