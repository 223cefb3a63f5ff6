"""Whose matters a question is about is said: who is of no unit sees nothing, and nothing means everything by itself."""

import importlib
import inspect
import pkgutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import g
from sqlalchemy import select
from sqlalchemy.exc import ArgumentError
from sqlmodel import col

import tracker.store.queries
from tests.support.databases import fresh_sqlite
from tests.support.site import Site
from tracker.domain.accounts import EVERY_UNIT, Actor, Role
from tracker.domain.audiences import OVERSEERS
from tracker.store.queries.owed_lists import count_overdue
from tracker.store.queries.scopes import within
from tracker.store.tables.units import UnitRow
from tracker.web.access import acted_for

_NOW = datetime(2022, 10, 20, 1, 0, tzinfo=UTC)


def test_no_query_takes_a_scope_that_may_be_missing() -> None:
    found = []
    for module in pkgutil.walk_packages(tracker.store.queries.__path__, "tracker.store.queries."):
        for name, query in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            asked = inspect.signature(query).parameters.get("unit_ids")
            if asked is not None and (asked.default is not asked.empty or "None" in str(asked.annotation)):
                found.append(f"{module.name}.{name}")
    assert found == []


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM}))
def test_who_is_of_no_unit_sees_nothing_but_the_office_and_the_leaders_all(tmp_path: Path, role: Role) -> None:
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    with site.app.test_request_context(), site.services.database.reading() as session:
        g.actor = Actor(9, "甲", role)
        scope = acted_for(session)
        assert (scope is EVERY_UNIT) == (role in OVERSEERS)
        assert (count_overdue(session, now=_NOW, unit_ids=scope) > 0) == (role in OVERSEERS)


def test_what_is_no_scope_is_refused(tmp_path: Path) -> None:
    with fresh_sqlite(tmp_path).reading() as session, pytest.raises((ArgumentError, TypeError)):
        session.scalars(select(UnitRow).where(within(None, col(UnitRow.id))))  # type: ignore[arg-type] # that is the test
