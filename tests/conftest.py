"""Fixtures that every test may ask for."""

from tests.support.commands import seeded_demonstration
from tests.support.databases import database, postgres_url, spare_postgres
from tests.support.played_autumn import played_autumn

__all__ = ["database", "played_autumn", "postgres_url", "seeded_demonstration", "spare_postgres"]
