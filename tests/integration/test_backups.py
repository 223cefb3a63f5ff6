"""A backup is one moment with all its files, and comes back as it was, on either database."""

import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlmodel import Session, col

from tests.support.backups import attached, parts_in, services_on
from tests.support.commands import invoke_flask, run_flask
from tests.support.databases import create_postgres, drop_postgres, fresh_sqlite, open_database
from tests.support.office import IN_TIME, City, open_city
from tests.support.site import PASSWORD, Site, post
from tracker import backups
from tracker.backups import FilesLost, NewerSchema, NoSchema, OtherMode, back_up, restore, verify
from tracker.gateways.backup_archive import BackupDamaged
from tracker.gateways.whole_files import FileExists, written_whole
from tracker.services import Services
from tracker.store import event_log, schema
from tracker.store.database import Database
from tracker.store.dumps import OtherSchema, UnreadableCells, lines_of, tables_of
from tracker.store.queries.evidence import every_digest
from tracker.store.restored import Occupied
from tracker.store.tables.events import ReminderRow
from tracker.store.tables.filings import EvidenceRow
from tracker.store.tables.units import LoginRow, UserRow
from tracker.usecases.filing import send_back
from tracker.web.app import create_app


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    """A city in which a report with a file was handed to the head, and sent back."""
    site = Site(database, tmp_path / "site")
    _report(site, "台账".encode())
    return site


def _report(site: Site, content: bytes) -> None:
    filing = site.city.submit(files=(attached(site.services, content),))
    with site.services.database.transaction() as session:
        send_back(session, filing_id=filing, reason="再改", actor=site.city.head("swj"), at=IN_TIME)


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Services]:
    """A database without a schema and a data directory that is not there, for each kind of database."""
    with _nothing(request, tmp_path / "elsewhere") as services:
        yield services


@contextmanager
def _nothing(request: pytest.FixtureRequest, folder: Path) -> Iterator[Services]:
    folder.mkdir()
    if request.param == "sqlite":
        database = open_database(f"sqlite:///{folder / 'tracker.db'}")
        database.create()
        yield services_on(database, folder / "var")
        database.dispose()
        return
    url = request.getfixturevalue("postgres_url")
    database, name = create_postgres(url)
    yield services_on(database, folder / "var")
    database.dispose()
    drop_postgres(url, name)


def test_the_commands_say_what_is_in_a_backup_and_why_they_refuse(tmp_path: Path) -> None:
    here, there, file = tmp_path / "here", tmp_path / "there", tmp_path / "a.tar"
    here.mkdir()
    database = fresh_sqlite(here)
    open_city(database)
    _by_another_hand(database, "CREATE TABLE zz (x INTEGER)")
    written = invoke_flask(here, "backup", str(file))
    assert (written.exit_code, written.stderr) == (0, "不属于本系统、未列入备份的数据表或者列：zz\n")
    assert re.search(rf"数据库结构{schema.newest_revision()}，最后事件\d+ [0-9a-f]{{64}}$", written.stdout)
    again = invoke_flask(here, "backup", str(file))
    assert (again.exit_code, again.stderr) == (1, f"Error: {file}已经存在。备份不覆盖原有文件，请另取文件名。\n")
    checked = invoke_flask(there, "restore", "--verify", str(file))
    assert (checked.exit_code, (there / "tracker.db").exists(), "完整：" in checked.stdout) == (0, False, True)
    restored = run_flask(there, "restore", str(file))
    assert (restored.returncode, restored.stderr, (there / "mode").read_text()) == (0, written.stderr, "demo")
    assert invoke_flask(there, "audit", "verify").exit_code == 0
    full = invoke_flask(there, "restore", str(file))
    assert (full.exit_code, full.stderr.count("\n"), "没有恢复任何内容" in full.stderr) == (1, 1, True)


def _dump(database: Database) -> dict[str, list[bytes]]:
    with database.snapshot() as connection:
        return {table.name: list(lines_of(connection, table)) for table in tables_of(connection)}


def test_what_comes_back_on_either_database_is_what_was_there(site: Site, elsewhere: Services, tmp_path: Path) -> None:
    with site.client("swj"):
        before = _dump(site.services.database)
        manifest = back_up(site.services, tmp_path / "a.tar")
    restore(elsewhere, tmp_path / "a.tar")
    after = _dump(elsewhere.database)
    assert {name for name in before if before[name] != after[name]} == {"login"}
    assert (manifest.last_event, manifest.revision) == (len(before["event"]) - 1, schema.newest_revision())
    with elsewhere.database.reading() as session:
        assert list(event_log.broken_links(session)) == []
        [digest] = every_digest(session)
        assert session.scalars(select(LoginRow).where(col(LoginRow.revoked_at).is_(None))).all() == []
    elsewhere.evidence.verify(digest)
    assert oct(elsewhere.evidence.path(digest).stat().st_mode & 0o777) == "0o400"


def _by_another_hand(database: Database, *statements: str) -> None:
    with database.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_what_others_put_into_the_database_is_left_out_by_name_and_hinders_no_restore(
    site: Site, elsewhere: Services, tmp_path: Path
) -> None:
    before = _dump(site.services.database)
    _by_another_hand(
        site.services.database,
        "CREATE TABLE zz (x INTEGER)",
        'CREATE TABLE "台账 2" (id INTEGER PRIMARY KEY, login_id INTEGER REFERENCES login (id))',
        "ALTER TABLE person ADD COLUMN memo VARCHAR",
        'CREATE VIEW "who\nwhat" AS SELECT x FROM zz',
    )
    others = ("zz", "台账 2", "person.memo", "who�what")
    assert back_up(site.services, tmp_path / "a.tar").left_out == others
    assert verify(tmp_path / "a.tar").left_out == others
    restore(elsewhere, tmp_path / "a.tar")
    assert {name for name, lines in _dump(elsewhere.database).items() if before[name] != lines} <= {"login"}


def test_a_cell_that_no_program_of_ours_wrote_is_named(tmp_path: Path) -> None:
    site = Site(fresh_sqlite(tmp_path), tmp_path / "site")
    with site.services.database.transaction() as session:
        session.execute(text("UPDATE chain_head SET hash = x'00ff'"))
    with pytest.raises(UnreadableCells) as refusal:
        back_up(site.services, tmp_path / "a.tar")
    assert refusal.value.facts == {"where": "chain_head.hash"}


def test_a_backup_is_refused_where_something_of_ours_is_gone(site: Site, tmp_path: Path) -> None:
    _by_another_hand(site.services.database, "ALTER TABLE login DROP COLUMN last_seen_at")
    with pytest.raises(OtherSchema) as refusal:
        back_up(site.services, tmp_path / "a.tar")
    assert refusal.value.facts["what"] == "login.last_seen_at"
    assert not (tmp_path / "a.tar").exists()


def test_rows_that_a_restore_would_refuse_are_refused_by_the_check(tmp_path: Path) -> None:
    """Whoever goes past the program can write what our keys forbid; a check by digests alone lets it pass."""
    site = Site(fresh_sqlite(tmp_path), tmp_path / "site")
    with site.services.database.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute("UPDATE person SET unit_id = 999 WHERE id = 1")
    back_up(site.services, tmp_path / "a.tar")
    with pytest.raises(BackupDamaged) as refusal:
        verify(tmp_path / "a.tar")
    assert refusal.value.facts["part"] == "person"


def test_life_goes_on_after_a_restore_with_numbers_that_nobody_has(
    site: Site, elsewhere: Services, tmp_path: Path
) -> None:
    back_up(site.services, tmp_path / "a.tar")
    restore(elsewhere, tmp_path / "a.tar")
    City(elsewhere.database).file()
    with elsewhere.database.reading() as session:
        assert list(event_log.broken_links(session)) == []
    with elsewhere.database.transaction() as session:
        session.add(UserRow(login="new", name="新", role="reader", password_hash="x"))


def test_everybody_logs_in_again_after_a_restore(site: Site, elsewhere: Services, tmp_path: Path) -> None:
    back_up(site.services, tmp_path / "a.tar")
    restore(elsewhere, tmp_path / "a.tar")
    with create_app(elsewhere).test_client() as client:
        assert post(client, "/login", at="/login", login="swj", password=PASSWORD).status_code == 303
        assert client.get("/today").status_code == 200


def test_a_mail_that_was_about_to_leave_waits_for_the_office(site: Site, elsewhere: Services, tmp_path: Path) -> None:
    with site.services.database.transaction() as session:
        person = session.scalars(select(UserRow)).first()
        assert person is not None
        for state in ("pending", "handing_over", "sent"):
            session.add(_mail(state, person.id or 0))
    back_up(site.services, tmp_path / "a.tar")
    restore(elsewhere, tmp_path / "a.tar")
    with elsewhere.database.reading() as session:
        mails = session.scalars(select(ReminderRow).where(col(ReminderRow.channel) == "mail"))
        assert {row.ukey: row.state for row in mails} == {"pending": "held", "handing_over": "held", "sent": "sent"}


def _mail(state: str, recipient_id: int) -> ReminderRow:
    return ReminderRow(
        ukey=state,
        kind="digest",
        channel="mail",
        recipient_id=recipient_id,
        recipient="张三",
        address="swj@example.org",
        subject="督办提醒",
        reason="测试",
        content={},
        planned_for=IN_TIME,
        planned_on=IN_TIME.date(),
        state=state,
        next_at=IN_TIME,
    )


def test_a_backup_under_load_is_one_moment_with_every_file_that_it_names(site: Site, tmp_path: Path) -> None:
    over, failed = Event(), []

    def report() -> None:
        turn = 0
        try:
            while not over.is_set():
                turn += 1
                _report(site, b"%d" % turn)
        except Exception as error:  # told to the test
            failed.append(error)

    reporting = Thread(target=report)
    reporting.start()
    try:
        manifests = [back_up(site.services, tmp_path / f"{turn}.tar") for turn in range(3)]
    finally:
        over.set()
        reporting.join()
    assert failed == []
    assert manifests[0].last_event < manifests[2].last_event
    for turn, manifest in enumerate(manifests):
        assert verify(tmp_path / f"{turn}.tar") == manifest
        assert manifest.tables["event"] == manifest.last_event
        assert manifest.tables["evidence"] == len(manifest.files)


def test_a_backup_is_private_and_nothing_is_written_over(site: Site, tmp_path: Path) -> None:
    there = tmp_path / "backups"
    there.mkdir()
    back_up(site.services, there / "a.tar")
    assert stat.S_IMODE((there / "a.tar").stat().st_mode) == 0o600
    before = (there / "a.tar").read_bytes()
    with pytest.raises(FileExists):
        back_up(site.services, there / "a.tar")
    assert ((there / "a.tar").read_bytes(), os.listdir(there)) == (before, ["a.tar"])
    with pytest.raises(FileNotFoundError):
        back_up(site.services, tmp_path / "nowhere" / "a.tar")


def test_a_file_that_is_lost_or_altered_is_not_passed_over_in_silence(
    site: Site, elsewhere: Services, tmp_path: Path
) -> None:
    there = tmp_path / "backups"
    there.mkdir()
    with site.services.database.reading() as session:
        [digest] = every_digest(session)
    path = site.services.evidence.path(digest)
    path.chmod(0o600)
    path.write_bytes(b"altered")
    for _ in range(2):
        with pytest.raises(FilesLost) as lost:
            back_up(site.services, there / "a.tar")
        assert (lost.value.facts, os.listdir(there)) == ({"count": 1, "first": digest}, [])
        path.unlink(missing_ok=True)
    manifest = back_up(site.services, there / "a.tar", without_lost=True)
    assert (manifest.lost, manifest.files) == ((digest,), set())
    assert restore(elsewhere, there / "a.tar").manifest.lost == (digest,)


def test_what_a_killed_backup_left_is_removed_by_the_next_and_what_is_being_written_is_not(
    site: Site, tmp_path: Path
) -> None:
    there = tmp_path / "backups"
    there.mkdir()
    (there / ".backup-killed.part").write_bytes(b"half")
    with written_whole(there / "b.tar"):
        back_up(site.services, there / "a.tar")
        assert len(os.listdir(there)) == 2
    assert sorted(os.listdir(there)) == ["a.tar", "b.tar"]


def test_no_file_is_swept_while_a_backup_is_made(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    swept: list[int] = []
    add_files = backups._add_files

    def sweeping(services: Services, *rest: Any) -> list[str]:  # Any: handed on
        swept.append(services.evidence.drop_orphans(named=[], before=IN_TIME.replace(year=2999)))
        return add_files(services, *rest)

    monkeypatch.setattr(backups, "_add_files", sweeping)
    assert back_up(site.services, tmp_path / "a.tar").lost == ()
    assert swept == [0]


def test_only_what_is_empty_is_filled(site: Site, elsewhere: Services, tmp_path: Path) -> None:
    back_up(site.services, tmp_path / "a.tar")
    with pytest.raises(NoSchema):
        back_up(elsewhere, tmp_path / "b.tar")
    schema.upgrade(elsewhere.database)
    stranger = attached(elsewhere, b"of another city").sha256
    with pytest.raises(Occupied):
        restore(elsewhere, tmp_path / "a.tar")
    elsewhere.evidence.drop(stranger)
    restore(elsewhere, tmp_path / "a.tar")
    with pytest.raises(Occupied):
        restore(elsewhere, tmp_path / "a.tar")
    with elsewhere.database.reading() as session:
        assert len(session.scalars(select(EvidenceRow)).all()) == 1
        elsewhere.evidence.verify(every_digest(session)[0])


def test_a_demonstration_is_not_restored_into_production(site: Site, elsewhere: Services, tmp_path: Path) -> None:
    back_up(site.services, tmp_path / "a.tar")
    settings = services_on(elsewhere.database, tmp_path / "production", mode="production").settings
    with pytest.raises(OtherMode):
        restore(replace(elsewhere, settings=settings), tmp_path / "a.tar")


def test_what_an_earlier_version_left_comes_back_at_its_revision_and_is_migrated(
    elsewhere: Services, tmp_path: Path
) -> None:
    old = open_database(f"sqlite:///{tmp_path / 'old.db'}")
    schema.upgrade_to(old, "0005")
    with old.engine.begin() as connection:
        connection.execute(text("INSERT INTO unit VALUES (7, 'swj', '市商务局', '市商务局', '其他', 1, 1)"))
    source = services_on(old, tmp_path / "old")
    assert back_up(source, tmp_path / "a.tar").revision == "0005"
    old.dispose()
    assert not restore(elsewhere, tmp_path / "a.tar").is_current
    schema.upgrade(elsewhere.database)
    names, unit = map(json.loads, _dump(elsewhere.database)["unit"])
    came = dict(zip(names, unit, strict=True))
    assert (came["id"], came["code"]) == (7, "swj")
    with pytest.raises(Occupied):  # it is not said to be empty
        restore(elsewhere, tmp_path / "a.tar")
    with elsewhere.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM unit"))
    with pytest.raises(NewerSchema):
        restore(elsewhere, tmp_path / "a.tar")


def test_the_files_of_a_restore_that_was_cut_off_do_not_keep_the_next_from_beginning(
    site: Site, elsewhere: Services, tmp_path: Path
) -> None:
    back_up(site.services, tmp_path / "a.tar")
    attached(elsewhere, "台账".encode())  # in place before the rows, whose transaction was lost
    restore(elsewhere, tmp_path / "a.tar")
    with elsewhere.database.reading() as session:
        assert _named(session) == set(elsewhere.evidence.digests())


def _named(session: Session) -> set[str]:
    return set(every_digest(session))


def test_what_the_office_fitted_to_itself_travels_along_and_is_compared(
    site: Site, elsewhere: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "program"
    (program / "config").mkdir(parents=True)
    (program / "config" / "policy.toml").write_text("days = 3")
    monkeypatch.setattr(backups, "_PROGRAM", program)
    back_up(site.services, tmp_path / "a.tar")
    assert parts_in(tmp_path / "a.tar")["program/config/policy.toml"] == b"days = 3"
    (program / "config" / "policy.toml").write_text("days = 4")
    assert restore(elsewhere, tmp_path / "a.tar").differing == ("config/policy.toml",)
