"""Many who log in at one moment: all have their turn, nobody else is held up, and what had none is not counted."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.site import PASSWORD, PASSWORD_HASH, Site
from tests.support.together import together
from tracker.domain.accounts import Role
from tracker.gateways.passwords import MOST_WAITING, TooManyLogIns, turn
from tracker.store.tables.units import LogInThrottleRow, UserRow

_ADDRESS = {"REMOTE_ADDR": "10.1.1.1"}
_MANY = 30  # more than a process works on at a time, and than one address may fail in a row


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.app.config["WTF_CSRF_ENABLED"] = False
    with made.services.database.transaction() as session:
        for number in range(_MANY):
            create_user(session, NewUser(f"many{number}", "联络员", Role.LIAISON, PASSWORD_HASH, "swj"))
    yield made
    made.services.database.dispose()


@contextmanager
def _taken(turns: int) -> Iterator[list["Future[bool]"]]:
    """Take this many turns, as far as there are, until the end; yield what becomes of each."""
    over = Event()

    def hold() -> bool:
        with turn():
            return over.wait(60)

    with ThreadPoolExecutor(turns) as pool:
        try:
            yield [pool.submit(hold) for _ in range(turns)]
        finally:
            over.set()


def _until(true: Callable[[], bool]) -> None:
    end = monotonic() + 30
    while not true():
        assert monotonic() < end
        sleep(0.01)


def _counted(site: Site) -> int:
    with site.services.database.reading() as session:
        return session.scalar(select(func.coalesce(func.sum(col(LogInThrottleRow.failures)), 0))) or 0


def _enter(site: Site, login: str) -> int:
    sent = {"login": login, "password": PASSWORD}
    return site.app.test_client().post("/login", data=sent, environ_base=_ADDRESS).status_code


def test_all_who_come_at_once_behind_one_address_are_let_in_and_hold_nobody_up(site: Site) -> None:
    reader = site.logged_in("reader")
    with ThreadPoolExecutor(_MANY) as pool:
        with _taken(2):
            came = [pool.submit(_enter, site, f"many{number}") for number in range(_MANY)]
            sleep(1)
            assert not any(one.done() for one in came)
            assert reader.get("/circulars").status_code == 200
        assert [one.result() for one in came] == [303] * _MANY
    assert _counted(site) == 0


def test_what_has_no_turn_is_neither_counted_nor_done(site: Site) -> None:
    """A flood is told at once to come again; so is whoever would make a code meanwhile."""
    keeper, own = site.logged_in("sysadmin"), site.logged_in("swj")
    new = {"login": "fresh", "name": "新人", "asked_role": "reader", "unit_id": "", "email": ""}
    choice = {"old_password": "x", "new_password": "y", "new_again": "y"}
    before = _counted(site)
    with _taken(2 + MOST_WAITING + 1) as held:
        _until(lambda: any(one.done() and isinstance(one.exception(), TooManyLogIns) for one in held))
        assert _enter(site, "many0") == 503
        assert keeper.post("/accounts", data=new).status_code == 503
        assert own.post("/me/password", data=choice).status_code == 503
        assert _counted(site) == before
        with site.services.database.reading() as session:
            assert session.scalars(select(UserRow).where(col(UserRow.login) == "fresh")).first() is None
    assert _enter(site, "many0") == 303


def test_right_passwords_at_once_are_all_right(site: Site) -> None:
    answers = together(*[lambda number=number: _enter(site, f"many{number}") for number in range(12)])
    assert answers == [303] * 12
