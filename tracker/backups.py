"""Backups: everything that the database and its files hold at one moment, in one file, and back.

The database is read in one snapshot and says which files belong to it. They are copied afterwards: a file is kept
before any row names it and is never changed, and while a backup is made none is removed.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, cast

from sqlalchemy import Connection

from tracker.domain.errors import Rejected
from tracker.gateways.backup_archive import FORMAT, ArchiveWriter, BackupDamaged, Manifest, Part, Sum, check, parts_of
from tracker.gateways.configuration import CONFIGURATION
from tracker.gateways.evidence_files import LARGEST_FILE_BYTES, EvidenceAltered, EvidenceMissing
from tracker.gateways.whole_files import written_whole
from tracker.services import Services
from tracker.settings import VERSION, make_data_directory, remember_mode
from tracker.store import schema
from tracker.store.dumps import check_tables, foreign_in, lines_of, load, tables_of
from tracker.store.queries.evidence import FILE_COLUMNS
from tracker.store.restored import (
    Occupied,
    chain_head,
    end_what_was_open,
    make_room,
    named_files,
    refuse_occupied,
    set_sequences,
)

_PROGRAM = CONFIGURATION.parent
_FITTED_BY_OFFICES = ("config", "templates/circulars")


class FilesLost(Rejected):
    """Rows name files that are not there, or not as they came; facts: count, first."""

    code = "backup_files_lost"


class NoSchema(Rejected):
    """The database has no tables yet, or its file is not there."""

    code = "backup_no_schema"


class NewerBackup(Rejected):
    """The backup was made by a newer program; facts: revision."""

    code = "backup_newer"


class NewerSchema(Rejected):
    """The empty database has a newer schema than the backup; facts: revision."""

    code = "restore_newer_schema"


class OtherMode(Rejected):
    """A demonstration stays one, and nothing else becomes one; facts: mode."""

    code = "restore_other_mode"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back; `differing` are files of the program, fitted by the office, that are not as they were."""

    manifest: Manifest
    differing: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        return self.manifest.revision == schema.newest_revision()


def back_up(services: Services, target: Path, *, without_lost: bool = False) -> Manifest:
    """Write a backup while everything goes on; return what is in it.

    Files that rows name and that are gone make it fail, unless `without_lost` lets the manifest name them.
    Raises FilesLost, NoSchema, OtherSchema and what `written_whole` raises.
    """
    if services.database.missing_file is not None:
        raise NoSchema()
    with written_whole(target) as file, services.evidence.held():
        writer = ArchiveWriter(file, scratch=target.parent)
        with services.database.snapshot() as connection:
            revision = schema.revision_of(connection)
            if revision is None:
                raise NoSchema()
            tables, foreign = tables_of(connection), foreign_in(connection)
            counts = {table.name: writer.add_table(table.name, lines_of(connection, table)) for table in tables}
            last_event, last_hash = chain_head(connection)
            named = named_files(connection, tables)
        lost = _add_files(services, writer, sorted(named))
        if lost and not without_lost:
            raise FilesLost(count=len(lost), first=lost[0])
        for name, path in _program_files():
            writer.add_program(name, path.read_bytes())
        manifest = Manifest(
            format=FORMAT,
            made_at=datetime.now(UTC),
            program=VERSION,
            mode=services.settings.mode.value,
            database=services.database.engine.dialect.name,
            revision=revision,
            last_event=last_event,
            last_hash=last_hash,
            tables=counts,
            lost=tuple(lost),
            parts=dict(writer.parts),
            left_out=tuple(foreign),
        )
        writer.close(manifest)
    return manifest


def _add_files(services: Services, writer: ArchiveWriter, digests: list[str]) -> list[str]:
    """Add what is there as it came; return what is not."""
    lost = []
    for digest in digests:
        try:
            services.evidence.verify(digest)
        except (EvidenceMissing, EvidenceAltered):
            lost.append(digest)
            continue
        path = services.evidence.path(digest)
        with path.open("rb") as file:
            writer.add_file(digest, file, size_bytes=path.stat().st_size)
    return lost


def _program_files() -> Iterator[tuple[str, Path]]:
    """Yield the files of the program that an office fits to itself, without which its figures come out otherwise."""
    for folder in _FITTED_BY_OFFICES:
        for path in sorted((_PROGRAM / folder).rglob("*")):
            if path.is_file():
                yield path.relative_to(_PROGRAM).as_posix(), path


def verify(path: Path) -> Manifest:
    """Read a backup, check every digest in it, and fill a database with it that nobody keeps.

    So what it lets pass can be restored into either database, whatever came into the database beside us.
    Raises BackupDamaged, NewerBackup, OtherTables, UnfitRows, NotForEveryDatabase, OSError, DBAPIError where there is
    no room for it.
    """
    with path.open("rb") as file:
        manifest = _checked(file)
        file.seek(0)
        with _refusing_dangling(), schema.scratch(manifest.revision) as connection:
            _fill(connection, manifest, file, for_every_database=True)
        return manifest


def restore(services: Services, path: Path) -> Restored:
    """Fill an empty database and an empty evidence store from a backup, all of it or nothing.

    The rows stand in one transaction, which is committed once they, dumped again, have the digests of the manifest and
    each file lies on the disk as it was; nothing that can fail comes after. Cut off before, it may be begun again.
    Raises what `verify` raises, Occupied, OtherMode, NewerSchema, LogLeftBehind.
    """
    with path.open("rb") as file:
        manifest = _checked(file)
        _refuse(services, manifest)
        make_data_directory(services.settings)
        differing = _differing(manifest)
        file.seek(0)
        with ExitStack() as taken_back, _refusing_dangling():
            with schema.migrating(services.database, manifest.revision) as connection:
                known = set(services.evidence.digests())
                _fill(connection, manifest, file, keep=partial(_keep_file, services, taken_back, known))
                for digest in manifest.files:
                    services.evidence.verify(digest)
                if (noted := remember_mode(services.settings)) is not None:
                    taken_back.callback(noted.unlink)
            taken_back.pop_all()
    return Restored(manifest, differing)


@contextmanager
def _refusing_dangling() -> Iterator[None]:
    try:
        yield
    except schema.DanglingReferences as error:
        raise BackupDamaged(part=str(error)) from error


def _keep_file(services: Services, taken_back: ExitStack, known: set[str], part: Part) -> None:
    """Keep a file of evidence; `taken_back` drops it unless it was `known` before."""
    assert part.file is not None
    if part.file not in known:
        taken_back.callback(services.evidence.drop, part.file)
    services.evidence.store(cast(BinaryIO, BufferedReader(part)))


def _checked(file: BinaryIO) -> Manifest:
    manifest = check(file, naming=FILE_COLUMNS)
    if not schema.knows(manifest.revision):
        raise NewerBackup(revision=manifest.revision)
    for digest in sorted(manifest.files):
        if manifest.file_size_bytes(digest) > LARGEST_FILE_BYTES:  # more than was ever taken in
            raise BackupDamaged(part=f"evidence/{digest}")
    return manifest


def _refuse(services: Services, manifest: Manifest) -> None:
    if manifest.mode != services.settings.mode.value:
        raise OtherMode(mode=manifest.mode)
    # What the same backup left when it was cut off is no harm: a file's name says what is in it.
    if set(services.evidence.digests()) - manifest.files:
        raise Occupied(what="佐证库")


def _fill(
    connection: Connection,
    manifest: Manifest,
    file: BinaryIO,
    *,
    keep: Callable[[Part], None] | None = None,
    for_every_database: bool = False,
) -> None:
    """Enter all rows and hold them against the manifest; hand each file of evidence to `keep`."""
    tables = {table.name: table for table in tables_of(connection)}
    refuse_occupied(connection, tables.values())  # first: who has a full database needs another, whatever its schema
    if schema.revision_of(connection) != manifest.revision:
        raise NewerSchema(revision=manifest.revision)
    check_tables(manifest.tables, tables.values())
    make_room(connection, tables.values())
    for part in parts_of(file):
        if part.table is not None:
            load(connection, tables[part.table], part.lines(), for_every_database=for_every_database)
        elif part.file is not None and keep is not None:
            keep(part)
    for table in tables.values():
        if manifest.table(table.name) != _sum(lines_of(connection, table)):
            raise BackupDamaged(part=f"database/{table.name}")
    set_sequences(connection, tables.values())
    end_what_was_open(connection, tables.values(), now=datetime.now(UTC))


def _sum(lines: Iterable[bytes]) -> Sum:
    digest, size_bytes = sha256(), 0
    for line in lines:
        digest.update(line)
        size_bytes += len(line)
    return Sum(digest.hexdigest(), size_bytes)


def _differing(manifest: Manifest) -> tuple[str, ...]:
    here = {name: sha256(path.read_bytes()).hexdigest() for name, path in _program_files()}
    return tuple(name for name, digest in sorted(manifest.program_files.items()) if here.get(name) != digest)
