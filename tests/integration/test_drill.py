"""The restore drill itself, on a small city at work."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.drill.drilling import compare, drill
from tests.support.backups import attached, services_on
from tests.support.databases import create_postgres, drop_postgres, open_database
from tests.support.office import IN_TIME
from tests.support.site import Site
from tracker.services import Services
from tracker.store.database import Database
from tracker.usecases.filing import send_back


@contextmanager
def _at_work(site: Site) -> Iterator[None]:
    """Reports are handed in and sent back, and the clock goes on by a minute for each."""
    over, under_way = Event(), Event()
    failed: list[Exception] = []

    def work() -> None:
        turn = 0
        try:
            while not over.is_set():
                turn += 1
                at = IN_TIME + timedelta(minutes=turn)
                filing = site.city.submit(at=at, files=(attached(site.services, b"%d" % turn),))
                with site.services.database.transaction() as session:
                    send_back(session, filing_id=filing, reason="再改", actor=site.city.head("swj"), at=at)
                site.city.sweep(at)
                under_way.set()
        except Exception as error:  # told to the test
            failed.append(error)
            under_way.set()

    working = Thread(target=work)
    working.start()
    assert under_way.wait(60)
    try:
        yield
    finally:
        over.set()
        working.join()
    assert failed == []


@pytest.fixture
def elsewhere(database: Database, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Services]:
    """An empty database of the same kind."""
    if database.engine.dialect.name == "sqlite":
        yield services_on(open_database(f"sqlite:///{tmp_path / 'elsewhere.db'}"), tmp_path / "elsewhere")
        return
    url = request.getfixturevalue("postgres_url")
    empty, name = create_postgres(url)
    yield services_on(empty, tmp_path / "elsewhere")
    empty.dispose()
    drop_postgres(url, name)


def test_a_city_at_work_comes_back_elsewhere_as_it_was_at_one_moment(
    database: Database, elsewhere: Services, tmp_path: Path
) -> None:
    site = Site(database, tmp_path / "site")
    done = drill(site.services, elsewhere, tmp_path / "a.tar", load=_at_work(site))
    assert done.manifest.files
    assert min(done.backup_s, done.verify_s, done.restore_s, done.compare_s) > 0
    elsewhere.evidence.drop(min(done.manifest.files))
    with pytest.raises(AssertionError):
        compare(elsewhere, done.manifest)
