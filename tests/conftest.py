"""Fixtures that every test may ask for."""

from tests.support.databases import database, postgres_url

__all__ = ["database", "postgres_url"]
