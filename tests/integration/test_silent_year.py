"""A unit that acknowledges and then is silent for a year: lists and digests are as short as what it owes is various."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from seeds.registry import SEEDS, load_registry
from seeds.scenarios.scenario import Conduct, load_scenario
from tests.support.accounts import NewUser, create_user
from tests.support.owed_city import BY, OwedCity, at, open_owed_city
from tests.support.papers import paper
from tests.support.readings import small_reading
from tracker.domain.accounts import Role
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.deliveries import Outgoing
from tracker.domain.items import Basis, CadenceKind
from tracker.domain.readings.demands import Cadence
from tracker.steps.digests import DIGEST
from tracker.store.database import Database
from tracker.store.queries.owed_lists import overdue_lines
from tracker.store.tables.events import ReminderRow
from tracker.usecases.sweeping import sweep

BOTH_ARE_URGED = at(1, 10, year=2023)  # the account is 65 working days late, the act of the half-year 3
A_YEAR_ON = at(8, 31, year=2023)
SCENARIOS = sorted((SEEDS / "scenarios").glob("*.toml"))


@pytest.fixture
def city(database: Database) -> OwedCity:
    """市商务局 owes an account each quarter and something to be done each half-year."""
    reading = small_reading()
    first, second = reading.items
    asked = tuple(
        Cadence(kind, Basis.STATED, 1, "每月通报一次") for kind in (CadenceKind.CONTINUOUS, CadenceKind.HALF_YEARLY)
    )
    items = (replace(first, cadences=asked, targets=()), second)
    in_july = replace(reading, issued_on=date(2022, 7, 1), items=items)
    city = open_owed_city(database, reading=in_july, when=at(7, 4))
    with database.transaction() as session:
        create_user(session, NewUser("swj", "张三", Role.LIAISON, "-", "swj"))
    return city


def test_a_year_of_silence_is_one_line_a_series_on_the_board_and_in_the_urging_letter(city: OwedCity) -> None:
    day = at(10, 11)
    while day <= A_YEAR_ON:
        sweep(city.database, now=day, by=BY, outgoing=Outgoing(mail=False, machine_now=day))
        day += timedelta(days=91)
    with city.database.reading() as session:
        lines = overdue_lines(session, now=A_YEAR_ON, unit_ids=[city.unit_id("swj")], limit=50)
    assert {line.kind: line.owed.run for line in lines} == {"quarterly": 4, "half_yearly": 2}
    [annex] = paper(city.database, CircularType.URGE, unit="市商务局", as_of=A_YEAR_ON).tables
    assert [row[0] for row in annex.rows] == ["1", "2"]
    assert any("连续4期" in cell for row in annex.rows for cell in row)


def test_a_digest_names_what_stays_owed_before_accounts_that_are_missed(city: OwedCity) -> None:
    sweep(city.database, now=BOTH_ARE_URGED, by=BY, outgoing=Outgoing(mail=False, machine_now=BOTH_ARE_URGED))
    with city.database.reading() as session:
        digest = session.scalars(select(col(ReminderRow.content)).where(col(ReminderRow.kind) == DIGEST)).one()
    lines: list[dict[str, str]] = digest["lines"]  # type: ignore[assignment] # JSON
    act, account = (line["sentence"] for line in lines)
    assert "2022年下半年" in act
    assert "2022年第三季度" in account


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_knows_the_units_that_it_names_and_ends_after_it_began(path: Path) -> None:
    scenario = load_scenario(path)
    registry = load_registry(SEEDS / "units.toml")
    assert set(scenario.by_unit) <= {unit.code for unit in registry.units}
    assert date(2022, 8, 15) <= scenario.starts_on < scenario.ends_at.date()


def test_the_silent_year_has_one_county_that_acknowledges_and_never_reports() -> None:
    scenario = load_scenario(SEEDS / "scenarios" / "silent-year.toml")
    silent = [code for code, conduct in scenario.by_unit.items() if conduct is Conduct.RECEIPT_ONLY]
    assert silent == ["xincai"]
    assert not Conduct.RECEIPT_ONLY.reports
