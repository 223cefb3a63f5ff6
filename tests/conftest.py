"""Fixtures that every test may ask for."""

import gc
import os

import pytest
from hypothesis import HealthCheck, settings

from tests.support.commands import seeded_demonstration
from tests.support.databases import database, postgres_url, spare_postgres
from tests.support.logs import write_plainly
from tests.support.office_programs import with_office_suite, without_office_suite
from tests.support.played_autumn import played_autumn
from tests.support.quick_hashes import full_cost, hash_quickly

__all__ = ["database", "full_cost", "played_autumn", "postgres_url", "seeded_demonstration", "spare_postgres"]

# A test says what is true, not how fast: beside other work the same inputs take many times as long to make.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
write_plainly()
hash_quickly()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Try each test on both databases, but the further cases of one on SQLite alone: they differ by data, not by SQL.

    TRACKER_EVERY_CASE=1 tries them all.
    """
    if os.environ.get("TRACKER_EVERY_CASE"):
        return
    on_sqlite = {_function_of(item) for item in items if _database_of(item) == "sqlite"}
    left_out = [item for item in items if _is_further_case(item) and _function_of(item) in on_sqlite]
    config.hook.pytest_deselected(items=left_out)
    left = set(left_out)
    items[:] = [item for item in items if item not in left]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let LibreOffice be found only where drawn pages are looked at; elsewhere pages are estimated, as without it."""
    draws = item.get_closest_marker("render") or item.get_closest_marker("browser")
    os.environ["PATH"] = with_office_suite() if draws else without_office_suite()


def pytest_collection_finish() -> None:
    """Take what was imported and collected out of the garbage collector's rounds; it stays until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _database_of(item: pytest.Item) -> object:
    case = getattr(item, "callspec", None)
    return case.params.get("database") if case else None


def _is_further_case(item: pytest.Item) -> bool:
    if _database_of(item) != "postgresql":
        return False
    return any(index for name, index in item.callspec.indices.items() if name != "database")  # type: ignore[attr-defined] # a case has it


def _function_of(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]
