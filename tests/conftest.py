"""Fixtures that every test may ask for."""

from hypothesis import HealthCheck, settings

from tests.support.commands import seeded_demonstration
from tests.support.databases import database, postgres_url, spare_postgres
from tests.support.played_autumn import played_autumn

__all__ = ["database", "played_autumn", "postgres_url", "seeded_demonstration", "spare_postgres"]

# A test says what is true, not how fast: beside other work the same inputs take many times as long to make.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
