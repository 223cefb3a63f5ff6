"""The silent year, played by months as `flask seed --scenario silent-year` plays it, and what its rows cost alone."""

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Integer
from sqlmodel import SQLModel

from seeds.registry import SEEDS
from seeds.scenarios.going_on import GoingOn
from seeds.scenarios.player import ScenarioPlayer
from seeds.scenarios.scenario import Scenario, load_scenario
from tests.support.databases import fresh_sqlite
from tests.support.played_autumn import register_city, services_of
from tracker.domain.calendar import at_local, local_day
from tracker.domain.deliveries import Outgoing
from tracker.gateways.clock import DemonstrationClock
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.services import Services
from tracker.store.database import Database

_FLOOR_ROUNDS = 5
_Rows = Mapping[str, Sequence[tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class Month:
    """What playing to the end of a month took, and what writing the rows that it left takes; both in seconds of CPU."""

    ends_on: date
    cpu_s: float
    floor_s: float


@dataclass(frozen=True, slots=True)
class SilentYear:
    """A database file in which the autumn was played, and the scenario that goes on from there."""

    folder: Path
    services: Services
    scenario: Scenario
    clock: DemonstrationClock

    @property
    def database(self) -> Database:
        return self.services.database

    @property
    def file(self) -> Path:
        return self.folder / "tracker.db"

    def months(self) -> Iterator[Month]:
        """Play on to the scenario's end, a month at a time; needs some minutes."""
        since = self.scenario.ends_at
        assert self.scenario.goes_on_until is not None
        for ends_on in _month_ends(local_day(since), local_day(self.scenario.goes_on_until)):
            to, before = at_local(ends_on, 18, 0), _last_rows(self.file)
            city = GoingOn(self.scenario, services=self.services, clock=self.clock)
            began = time.process_time()
            city.go_on(since=since, to=to, outgoing=Outgoing(mail=False, machine_now=to))
            cpu_s = time.process_time() - began
            yield Month(ends_on, cpu_s, _floor(_rows_after(self.file, before)))
            since = to

    def megabytes(self) -> float:
        """Return the size of the file with everything in it that is committed, in millions of bytes."""
        with sqlite3.connect(self.file) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self.file.stat().st_size / 1_000_000


def play_autumn(folder: Path) -> SilentYear:
    """Seed a city into a folder and play the scenario to where its units behave on."""
    scenario = load_scenario(SEEDS / "scenarios" / "silent-year.toml")
    database = fresh_sqlite(folder)
    begins_at = at_local(scenario.starts_on, 9, 0)
    register_city(database, at=begins_at)
    clock = DemonstrationClock(database, starts_at=begins_at)
    services = services_of(database, clock, folder=folder, evidence=EvidenceFiles(folder / "evidence"))
    ScenarioPlayer(scenario, services=services, clock=clock).play()
    return SilentYear(folder, services, scenario, clock)


def _month_ends(first: date, last: date) -> Iterator[date]:
    months = range(first.year * 12 + first.month, last.year * 12 + last.month + 1)
    for month in months:
        yield date.fromordinal(date(month // 12, month % 12 + 1, 1).toordinal() - 1)


def _numbered() -> dict[str, str]:
    """Return the tables whose rows are numbered as they come, with the column of the number."""
    found = {}
    for table in SQLModel.metadata.sorted_tables:
        keys = list(table.primary_key.columns)
        if len(keys) == 1 and isinstance(keys[0].type, Integer):
            found[table.name] = keys[0].name
    return found


def _last_rows(file: Path) -> dict[str, int]:
    with sqlite3.connect(file) as connection:
        return {
            table: connection.execute(f"SELECT coalesce(max({key}), 0) FROM {table}").fetchone()[0]
            for table, key in _numbered().items()
        }


def _rows_after(file: Path, last: Mapping[str, int]) -> _Rows:
    with sqlite3.connect(file) as connection:
        return {
            table: connection.execute(f"SELECT * FROM {table} WHERE {key} > ?", (last[table],)).fetchall()
            for table, key in _numbered().items()
        }


def _floor(rows: _Rows) -> float:
    """Write rows into an empty database in one transaction of the driver; return the least CPU that this took.

    What no way of keeping them can do without: nothing is decided, checked, changed or read.
    """
    return min(_write_once(rows) for _ in range(_FLOOR_ROUNDS))


def _write_once(rows: _Rows) -> float:
    with TemporaryDirectory() as folder:
        fresh_sqlite(Path(folder)).dispose()
        connection = sqlite3.connect(Path(folder) / "tracker.db")
        began = time.process_time()
        for table, values in rows.items():
            if values:
                connection.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(values[0]))})", values)
        connection.commit()
        spent = time.process_time() - began
        connection.close()
    return spent
