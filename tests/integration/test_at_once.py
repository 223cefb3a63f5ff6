"""Two people who do the same at the same moment: one is told so, and neither sees an error of the server."""

from datetime import date
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import col

from tests.support.holiday_notices import INVENTED_2027
from tests.support.office import IN_TIME, OFFICE
from tests.support.site import Site
from tests.support.together import together
from tracker.domain.errors import Rejected
from tracker.store.database import Database
from tracker.store.tables.units import UnitRow
from tracker.usecases.renaming import rename_unit
from tracker.web.errors import answer_errors

_TWO = 2


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    site = Site(database, tmp_path)
    site.clock.at = IN_TIME
    site.app.config["WTF_CSRF_ENABLED"] = False
    return site


def test_one_calendar_imported_twice_at_once_is_no_error_of_the_server(site: Site) -> None:
    def publish(client: FlaskClient) -> int:
        return client.post("/calendar", data={"text": INVENTED_2027, "replace": "yes"}).status_code

    one, other = (site.logged_in("office") for _ in range(_TWO))
    assert set(together(partial(publish, one), partial(publish, other))) <= {303, 409}


def test_two_units_do_not_get_one_short_name_at_once(site: Site) -> None:
    def rename(code: str) -> bool:
        unit_id = site.city.unit_id(code)
        try:
            with site.services.database.transaction() as session:
                rename_unit(
                    session,
                    unit_id=unit_id,
                    full_name=f"驻马店市新设{code}局",
                    short_name="市新设局",
                    valid_from=date(2022, 9, 1),
                    reason="机构改革",
                    actor=OFFICE,
                    at=IN_TIME,
                )
        except Rejected:
            return False
        return True

    assert sorted(together(partial(rename, "swj"), partial(rename, "tjj"))) == [False, True]
    with site.services.database.reading() as session:
        named = session.scalars(select(UnitRow).where(col(UnitRow.short_name) == "市新设局")).all()
        assert len(named) == 1


class _Stopped(Exception):
    """What a driver raises; PostgreSQL says by its code what happened."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (IntegrityError("", {}, _Stopped("23505")), 409, "刚才的操作没有保存"),
        (OperationalError("", {}, _Stopped("40P01")), 409, "他人正在办理同一事项"),
        (OperationalError("", {}, _Stopped("40001")), 409, "他人正在办理同一事项"),
        (OperationalError("", {}, _Stopped("57P01")), 503, "数据库暂时不可用"),
    ],
)
def test_what_the_database_refuses_is_answered_in_words(
    error: Exception, status: int, words: str, tmp_path: Path
) -> None:
    app = Flask(__name__, template_folder=str(tmp_path))
    (tmp_path / "web" / "errors").mkdir(parents=True)
    (tmp_path / "web" / "errors" / "error.html").write_text("{{ words }}", encoding="utf-8")
    answer_errors(app)

    @app.get("/")
    def fails() -> str:
        raise error

    answer = app.test_client().get("/")
    assert answer.status_code == status
    assert words in answer.get_data(as_text=True)
