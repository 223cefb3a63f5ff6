"""What every process works with: settings, database, clock, calendar, policy, files. Built by `tracker.bootstrap`."""

from dataclasses import dataclass, field

from tracker.domain.account_policy import AccountPolicy
from tracker.domain.calendar import WorkdayCalendar
from tracker.domain.file_rules import UNBOUNDED, FileRules
from tracker.domain.policy import ReminderPolicy
from tracker.domain.projects.lists import NO_LISTS, ProjectLists
from tracker.domain.units import Group
from tracker.domain.windows import Reckoning
from tracker.gateways.clock import Clock, DemonstrationClock
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.gateways.published_calendar import PublishedCalendar
from tracker.settings import Settings
from tracker.store.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """What a process works with; `seed_calendar` is the one that came with the program, `calendar` what holds now.

    `example_login` is an account that the log-in page of a demonstration names.
    """

    settings: Settings
    database: Database
    clock: Clock
    seed_calendar: WorkdayCalendar
    policy: ReminderPolicy
    evidence: EvidenceFiles
    groups: tuple[Group, ...] = ()
    example_login: str | None = None
    file_rules: FileRules = UNBOUNDED
    accounts: AccountPolicy = field(default_factory=AccountPolicy)
    common_passwords: frozenset[str] = frozenset()
    project_lists: ProjectLists = NO_LISTS
    _published: PublishedCalendar = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        published = PublishedCalendar(self.database, seed=self.seed_calendar)
        object.__setattr__(self, "_published", published)  # the class is frozen for everybody else

    @property
    def calendar(self) -> WorkdayCalendar:
        """The working days by every notice known now, those imported since the process began among them."""
        return self._published.now()

    def reread_calendar(self) -> None:
        """Make the next look at the calendar a fresh one: called by whoever has just imported a notice."""
        self._published.forget()

    @property
    def reckoning(self) -> Reckoning:
        """What windows and moments are counted with."""
        return Reckoning(calendar=self.calendar, policy=self.policy)

    @property
    def demonstration_clock(self) -> DemonstrationClock | None:
        """The clock as one that can be moved; None in production."""
        return self.clock if isinstance(self.clock, DemonstrationClock) else None
