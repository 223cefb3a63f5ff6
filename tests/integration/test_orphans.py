"""Files that no row names: found, and removed only when nobody can want them any more."""

import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

from sqlalchemy import Table
from sqlmodel import SQLModel

from tests.support.commands import SeededDemonstration, invoke_flask
from tests.support.databases import fresh_sqlite
from tests.support.site import Site
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.store.database import Database
from tracker.store.queries.evidence import FILE_COLUMNS, OTHER_DIGESTS, every_digest
from tracker.store.tables.drafts import DraftRow
from workers import scheduler

NOW = datetime(2022, 10, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def _kept(files: EvidenceFiles, content: bytes, *, age: timedelta) -> str:
    stored = files.store(io.BytesIO(content))
    os.utime(stored.path, ((NOW - age).timestamp(),) * 2)
    return stored.sha256


def test_every_column_with_a_digest_says_whether_it_names_a_file() -> None:
    tables: list[Table] = list(SQLModel.metadata.tables.values())
    found = {(table.name, column.name) for table in tables for column in table.c if column.name.endswith("sha256")}
    assert found == {*FILE_COLUMNS, *OTHER_DIGESTS}


def test_the_source_of_a_draft_is_a_file_that_is_audited(database: Database) -> None:
    with database.transaction() as session:
        for digest in ("a" * 64, ""):  # what was typed in has no file
            session.add(
                DraftRow(file_name="1.docx", file_sha256=digest, content="", hands=[], uploaded_by="", uploaded_at=NOW)
            )
    with database.reading() as session:
        assert every_digest(session) == ["a" * 64]


def test_only_files_that_nothing_names_and_that_are_old_are_removed(tmp_path: Path) -> None:
    files = EvidenceFiles(tmp_path)
    old, young, named = (
        _kept(files, content, age=age) for content, age in ((b"1", 2 * DAY), (b"2", DAY / 2), (b"3", 2 * DAY))
    )
    assert files.orphans(named=[named], before=NOW - DAY) == [old]
    assert files.drop_orphans(named=[named], before=NOW - DAY) == 1
    assert set(files.digests()) == {young, named}


def test_a_file_that_is_handed_in_again_is_young_again(tmp_path: Path) -> None:
    files = EvidenceFiles(tmp_path)
    again = _kept(files, b"1", age=2 * DAY)
    files.store(io.BytesIO(b"1"))
    assert (files.drop_orphans(named=[], before=NOW - DAY), list(files.digests())) == (0, [again])


def test_while_files_are_held_none_is_removed_and_others_come_in(tmp_path: Path) -> None:
    files = EvidenceFiles(tmp_path)
    old = _kept(files, b"1", age=2 * DAY)
    with files.held():
        young = files.store(io.BytesIO(b"2")).sha256
        assert files.drop_orphans(named=[], before=NOW - DAY) == 0
    assert set(files.digests()) == {old, young}
    assert files.drop_orphans(named=[], before=NOW - DAY) == 1


def test_a_sweep_beside_uploads_of_what_it_sweeps_loses_none_of_them(tmp_path: Path) -> None:
    files, lost = EvidenceFiles(tmp_path), []

    def upload() -> None:
        for turn in range(300):
            stored = files.store(io.BytesIO(b"%d" % (turn % 3)))
            if not stored.path.exists():
                lost.append(turn)
            os.utime(stored.path, ((NOW - 2 * DAY).timestamp(),) * 2)

    uploading = Thread(target=upload)
    uploading.start()
    while uploading.is_alive():
        # All three are old but for the moment between their arrival and the test's own ageing of them.
        files.drop_orphans(named=[], before=NOW - DAY)
    uploading.join()
    assert lost == []


def test_the_scheduler_tidies_once_a_day_and_removes_no_file_by_itself(tmp_path: Path) -> None:
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    files, incoming = site.services.evidence, tmp_path / "evidence" / "incoming"
    orphan = _kept(files, b"1", age=2 * DAY)

    def left_behind() -> Path:
        (incoming / "part").write_bytes(b"part")
        os.utime(incoming / "part", ((NOW - 2 * DAY).timestamp(),) * 2)
        return incoming / "part"

    part = left_behind()
    last = scheduler.tidy(site.services, last=None, now=NOW)
    assert (last, part.exists(), list(files.digests())) == (NOW, False, [orphan])
    left_behind()
    assert scheduler.tidy(site.services, last=last, now=NOW + DAY / 2) == NOW
    assert part.exists()
    assert scheduler.tidy(site.services, last=last, now=NOW + DAY) == NOW + DAY
    assert not part.exists()


def test_the_command_lists_orphans_and_removes_them_when_told_to(
    seeded_demonstration: SeededDemonstration, tmp_path: Path
) -> None:
    seeded_demonstration.copy_to(tmp_path)
    for path in (tmp_path / "evidence").glob("??/*"):
        os.utime(path, (NOW.timestamp(),) * 2)
    assert invoke_flask(tmp_path, "evidence", "orphans").stdout == "没有登记的文件0个\n"
    orphan = _kept(EvidenceFiles(tmp_path / "evidence"), b"1", age=2 * DAY)
    assert invoke_flask(tmp_path, "evidence", "orphans").stdout.splitlines() == [orphan, "没有登记的文件1个"]
    assert invoke_flask(tmp_path, "evidence", "orphans", "--remove").exit_code == 0
    assert invoke_flask(tmp_path, "evidence", "orphans").stdout == "没有登记的文件0个\n"
    assert invoke_flask(tmp_path, "audit", "verify").exit_code == 0
