"""A paper whose units were renamed, or went up in others, after it was drafted goes no further under the old names."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.databases import fresh_sqlite
from tests.support.owed_city import OFFICE, at
from tests.support.site import Site, post
from tracker.store.queries.names_since import outdated_names
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.merging import merge_units
from tracker.usecases.renaming import rename_unit


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    site.clock.at = at(10, 12)
    site.city.sweep(site.clock.at)
    return site


def _rename(site: Site, short: str, full: str, new: str) -> None:
    with site.services.database.transaction() as session:
        unit = session.scalars(select(UnitRow).where(col(UnitRow.short_name) == short)).one()
        rename_unit(
            session,
            unit_id=unit.id or 0,
            full_name=full,
            short_name=new,
            valid_from=date(2022, 10, 12),
            reason="机构改革",
            actor=OFFICE,
            at=site.clock.at,
        )


def _draft(site: Site, number: int) -> None:
    with site.client("office") as office:
        sent = post(office, "/circulars", at="/circulars", type="supervision")
        assert (sent.status_code, sent.headers["Location"].endswith(f"/{number}")) == (303, True)


def _sent(site: Site, number: int) -> tuple[int, str]:
    with site.client("office") as office:
        sent = post(office, f"/circulars/{number}/submit", at=f"/circulars/{number}", version="1")
        return sent.status_code, sent.get_data(as_text=True)


def _page(site: Site, number: int) -> str:
    with site.client("office") as office:
        return office.get(f"/circulars/{number}").get_data(as_text=True)


def test_a_draft_that_names_a_unit_as_it_was_has_to_be_drawn_anew(site: Site) -> None:
    _draft(site, 1)
    assert "市商务局" in _page(site, 1)
    _rename(site, "市商务局", "驻马店市商务和外事局", "市商务和外事局")
    status, words = _sent(site, 1)
    assert (status, "市商务局现为市商务和外事局" in words) == (409, True)
    assert "本稿不能送批、签批、印发" in _page(site, 1)
    _draft(site, 2)
    assert "市商务和外事局" in _page(site, 2)
    assert "不能送批、签批、印发" not in _page(site, 2)
    assert _sent(site, 2)[0] == 303


def test_names_that_the_paper_does_not_say_and_names_that_are_borne_again_stop_nothing(site: Site) -> None:
    _draft(site, 1)
    _rename(site, "市商务局", "驻马店市商务和外事局", "市商务局")
    assert _sent(site, 1)[0] == 303, "the paper says the short name alone, which did not change"
    _draft(site, 2)
    _rename(site, "市商务局", "驻马店市商务和外事局", "市商务和外事局")
    _rename(site, "市商务和外事局", "驻马店市商务和外事局", "市商务局")
    assert _sent(site, 2)[0] == 303, "it bears again what the paper prints"


def test_a_longer_name_is_no_mention_of_a_former_one_within_it_and_a_unit_that_is_gone_is_told(site: Site) -> None:
    _draft(site, 1)
    database = site.services.database
    with database.transaction() as session:
        units = {row.short_name: row for row in session.scalars(select(UnitRow))}
        gone, into = (
            units["市商务局"].id or 0,
            next(
                row.id or 0 for name, row in units.items() if name != "市商务局" and row.kind == units["市商务局"].kind
            ),
        )
        merge_units(
            session,
            from_unit_id=gone,
            into_unit_id=into,
            on=date(2022, 10, 12),
            reason="机构改革",
            actor=OFFICE,
            at=site.clock.at,
        )
    with database.reading() as session:
        row = session.get_one(CircularRow, 1)
        row.title, row.addressees = "甲的通知", "市商务局"
        assert outdated_names(session, row, None) == {"市商务局": session.get_one(UnitRow, into).short_name}
        row.addressees = "市商务局考察组"
        session.get_one(UnitRow, into).full_name = "市商务局考察组"
        assert outdated_names(session, row, None) == {}
        row.addressees, row.replaces_id = "市商务局", 1
        assert outdated_names(session, row, None) == {}, "a correction keeps the names of what it corrects"
