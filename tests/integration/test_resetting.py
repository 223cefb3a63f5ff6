"""Which rows wait for somebody's decision."""

import pytest
from sqlalchemy import select
from sqlmodel import Session

from tests.support.office import IN_TIME, City, open_city
from tests.support.owed_city import at
from tracker.steps.resetting import disputed_since, is_waiting
from tracker.store.database import Database
from tracker.store.tables.filings import ReportRow, RequestRow
from tracker.usecases.requesting import RequestExtension, request_extension


@pytest.fixture
def city(database: Database) -> City:
    city = open_city(database)
    city.sweep(at(10, 2))
    return city


def _waits(session: Session, city: City, code: str = "swj", name: str = "2022-09") -> bool:
    return is_waiting(session, city.row(code, session, name=name))


@pytest.mark.parametrize(("state", "waits"), [("awaiting_sign_off", True), ("withdrawn", False)])
def test_a_row_waits_while_its_report_lies_before_the_head(city: City, state: str, waits: bool) -> None:
    city.submit()
    with city.database.transaction() as session:
        session.scalars(select(ReportRow)).one().state = state
        assert (_waits(session, city), _waits(session, city, name="2022-10")) == (waits, False)


@pytest.mark.parametrize(("state", "waits"), [("pending", True), ("refused", False)])
def test_a_row_waits_while_its_request_is_undecided(city: City, state: str, waits: bool) -> None:
    liaison = city.liaison("swj")
    with city.database.transaction() as session:
        command = RequestExtension(city.row("swj", session).id or 0, at(10, 31).date(), "数据未出")
        request_extension(session, command, actor=liaison, at=at(10, 9))
        session.scalars(select(RequestRow)).one().state = state
        session.flush()
        assert (_waits(session, city), _waits(session, city, name="2022-10")) == (waits, False)


@pytest.mark.parametrize(
    ("kind", "state", "share", "disputed"),
    [
        ("dispute", "pending", "disputed", True),
        ("dispute", "refused", "disputed", False),
        ("dispute", "pending", "received", False),
        ("extension", "pending", "disputed", False),
    ],
)
def test_a_share_is_in_dispute_while_the_office_has_its_dispute(
    city: City, kind: str, state: str, share: str, disputed: bool
) -> None:
    with city.database.transaction() as session:
        own, other = city.assignment("swj", session), city.assignment("tjj", session)
        own.state = share
        row_id = city.row("swj", session).id if kind == "extension" else None
        asked = RequestRow(
            kind=kind,
            assignment_id=own.id or 0,
            row_id=row_id,
            state=state,
            reason="不属我局",
            asked_by="联络员",
            asked_at=IN_TIME,
        )
        session.add(asked)
        session.flush()
        assert disputed_since(session, own.id) == (IN_TIME if disputed else None)
        assert disputed_since(session, other.id) is None
