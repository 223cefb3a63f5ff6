"""The kinds of old databases become the classes, on both databases, and nothing that points to a unit is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from tests.support.databases import create_postgres, drop_postgres
from tracker.store import schema
from tracker.store.database import Database
from tracker.store.tables.units import UnitAliasRow, UnitRow

_BEFORE = "0007"
_OLD = {
    "shizhengfu": "其他",
    "sheng-zhengfu": "其他",
    "u1f": "其他",
    "caizhengju": "市直部门",
    "ribaoshe": "市直部门",
    "zhongdaxiangmuban": "党委部门",
    "canlian": "群团",
    "haiguan": "中省直单位",
    "wujing": "军队武警",
    "huanghuai": "院校",
    "chengtou": "企业",
    "xincai": "县区",
    "gaoxinqu": "功能区",
    "linyeju": "市直部门",
    "linye-zhihuibu": "领导小组",
    "linye-zhihuibu-ban": "议事机构",
    "fayuan": "司法机关",
}
_NEW = {
    "shizhengfu": "市政府",
    "sheng-zhengfu": "上级机关",
    "u1f": "市属企业事业",
    "caizhengju": "市政府部门",
    "ribaoshe": "市属企业事业",
    "zhongdaxiangmuban": "党委部门",
    "canlian": "群团",
    "haiguan": "垂管",
    "wujing": "垂管",
    "huanghuai": "市属企业事业",
    "chengtou": "市属企业事业",
    "xincai": "下级政府",
    "gaoxinqu": "功能区管委会",
    "linyeju": "市政府部门",
    "linye-zhihuibu": "领导小组",
    "linye-zhihuibu-ban": "领导小组",
    "fayuan": "司法机关",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the time before the classes, with one unit of each kind."""
    if request.param == "sqlite":
        database, name = Database(f"sqlite:///{tmp_path / 'old.db'}"), None
    else:
        database, name = create_postgres(request.getfixturevalue("postgres_url"))
    schema.upgrade_to(database, _BEFORE)
    with database.engine.begin() as connection:
        for order, (code, kind) in enumerate(_OLD.items()):
            connection.execute(
                text(
                    "INSERT INTO unit (code, full_name, short_name, kind, official_order, needs_sign_off)"
                    " VALUES (:code, :code, :code, :kind, :place, true)"
                ),
                {"code": code, "kind": kind, "place": order},
            )
        connection.execute(text("INSERT INTO unit_alias (unit_id, name) SELECT id, '别名' FROM unit"))
    yield database
    database.dispose()
    if name is not None:
        drop_postgres(request.getfixturevalue("postgres_url"), name)


def test_every_old_kind_becomes_a_class(old: Database) -> None:
    schema.upgrade(old)
    assert schema.differences(old) == []
    with old.reading() as session:
        assert {unit.code: unit.kind for unit in session.scalars(select(UnitRow))} == _NEW


def test_exceptions_and_keepers_that_the_documents_print_are_filled_in(old: Database) -> None:
    schema.upgrade(old)
    with old.reading() as session:
        units = {unit.code: unit for unit in session.scalars(select(UnitRow))}
        assert {code: unit.tasked for code, unit in units.items() if unit.tasked is not None} == {
            "canlian": True,
            "zhongdaxiangmuban": False,
        }
        kept = {code for code, unit in units.items() if unit.kept_by_unit_id == units["linyeju"].id}
        assert kept == {"linye-zhihuibu", "linye-zhihuibu-ban"}


def test_what_points_to_a_unit_still_points_to_it(old: Database) -> None:
    schema.upgrade(old)
    with old.reading() as session:
        pairs = session.scalars(
            select(col(UnitRow.id)).join(UnitAliasRow, col(UnitAliasRow.unit_id) == col(UnitRow.id))
        ).all()
        assert len(pairs) == len(_OLD)
