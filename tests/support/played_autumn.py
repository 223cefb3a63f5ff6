"""The autumn of 2022 played once a test process, kept as it stood at five moments; each test works on a copy."""

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from seeds.demonstration import create_demonstration_accounts
from seeds.documents import load_documents
from seeds.registry import SEEDS, load_registry
from seeds.scenarios.player import ScenarioPlayer
from seeds.scenarios.scenario import load_scenario
from seeds.schemes import load_schemes
from tests.support.databases import fresh_sqlite, open_database
from tests.support.office import CALENDAR, POLICY
from tests.support.once import made_once
from tracker.domain.accounts import SYSTEM
from tracker.domain.calendar import at_local, local_day
from tracker.gateways.clock import Clock, DemonstrationClock
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.gateways.project_lists import load_project_lists
from tracker.gateways.schemes import read_scheme
from tracker.services import Services
from tracker.settings import load_settings
from tracker.store.database import Database
from tracker.usecases.registering import register_document, register_units
from tracker.usecases.scoring_rules import keep_scheme

ENDS_AT = at_local(date(2022, 11, 1), 9, 0)
MOMENTS = (
    *(at_local(day, 17, 30) for day in (date(2022, 9, 6), date(2022, 9, 30), date(2022, 10, 11), date(2022, 10, 20))),
    ENDS_AT,
)


_LISTS = load_project_lists(SEEDS.parent / "config" / "project_lists.toml")


@dataclass(frozen=True, slots=True)
class PlayedAutumn:
    """The files of the database as it stood at each moment."""

    folder: Path

    def file(self, moment: datetime) -> Path:
        return self.folder / f"{local_day(moment)}.db"

    @property
    def evidence(self) -> EvidenceFiles:
        """The files under reports and the facts of papers; what is kept under its digest is never changed."""
        return EvidenceFiles(self.folder / "evidence")

    def open(self, moment: datetime, folder: Path) -> Database:
        """Return a database of the test's own, as the city stood at a moment."""
        mine = folder / f"{local_day(moment)}.db"
        shutil.copyfile(self.file(moment), mine)
        return open_database(f"sqlite:///{mine}")


class _KeepingClock(DemonstrationClock):
    """A clock before whose move to a moment the file is copied: what the day did is committed by then."""

    def __init__(self, database: Database, *, starts_at: datetime, keep: Callable[[datetime], None]) -> None:
        super().__init__(database, starts_at=starts_at)
        self._keep = keep

    def move(self, session: Session, *, to: datetime) -> None:
        super().move(session, to=to)
        if to in MOMENTS[:-1]:
            self._keep(to)


@pytest.fixture(scope="session")
def played_autumn(tmp_path_factory: pytest.TempPathFactory) -> PlayedAutumn:
    """Play the scenario through the ordinary commands and keep the city at each moment; one process plays for all."""
    return PlayedAutumn(made_once(tmp_path_factory, "played_autumn", _play))


def _play(folder: Path) -> None:
    kept = PlayedAutumn(folder)
    database = fresh_sqlite(folder)
    scenario = load_scenario(SEEDS / "scenarios" / "autumn-2022.toml")
    begins_at = at_local(scenario.starts_on, 9, 0)
    register_city(database, at=begins_at)

    def keep(moment: datetime) -> None:
        _copy(folder / "tracker.db", kept.file(moment))

    clock = _KeepingClock(database, starts_at=begins_at, keep=keep)
    services = services_of(database, clock, folder=folder, evidence=kept.evidence)
    ScenarioPlayer(scenario, services=services, clock=clock).play()
    keep(ENDS_AT)
    database.dispose()


def register_city(database: Database, *, at: datetime) -> None:
    """Register the units, the eight documents and an account for each of its people, as before a scenario."""
    registry = load_registry(SEEDS / "units.toml")
    with database.transaction() as session:
        register_units(session, registry, at=at)
        for reading in load_documents(SEEDS / "documents", registry):
            register_document(session, reading, actor=SYSTEM, at=at)
        for content in load_schemes(SEEDS / "documents"):
            keep_scheme(session, content, read=read_scheme, at=at)
        create_demonstration_accounts(session, registry, hash_password=lambda _password: "-", at=at)


def services_of(database: Database, clock: Clock, *, folder: Path, evidence: EvidenceFiles) -> Services:
    """Return what the demonstration works with, on a database and a clock of a test."""
    settings = load_settings({"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(folder / "var")})
    return Services(settings, database, clock, CALENDAR, POLICY, evidence, project_lists=_LISTS)


def _copy(source: Path, target: Path) -> None:
    """Copy what is committed, the write-ahead log included."""
    with sqlite3.connect(source) as there, sqlite3.connect(target) as here:
        there.backup(here)
