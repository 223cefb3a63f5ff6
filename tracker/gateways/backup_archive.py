"""The file of a backup: a plain tar whose parts have names of four kinds, closed by a manifest and its digest.

It is read with as little trust as anything that comes from outside: header by header, plain files only, no part is ever
written where its name says, none is unpacked, and nothing counts before the whole file has been held against its
manifest. It is not compressed: evidence hardly shrinks, and what is not unpacked cannot swell.
"""

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from tracker.data_directory import naming
from tracker.domain.errors import BadInput
from tracker.gateways.packings import packing_of

FORMAT = "tracker.backup/1"
_MANIFEST, CLOSING = "manifest.json", "manifest.sha256"
_TABLE, _FILE, _PROGRAM = "database/{}.jsonl", "evidence/{}", "program/{}"
_NAME = re.compile(
    r"database/(?P<table>[a-z_]{1,60})\.jsonl|evidence/(?P<file>[0-9a-f]{64})|program/(?P<program>[\w./-]{1,80})"
    r"|manifest\.json|manifest\.sha256",
    re.ASCII,
)
_LONGEST_MANIFEST = 256 * 1024 * 1024
_LONGEST_LINE = 256 * 1024 * 1024
_BUFFER = 1024 * 1024


class BackupDamaged(BadInput):
    """The file is cut, changed or no backup; facts: part."""

    code = "backup_damaged"


class BackupPacked(BackupDamaged):
    """The file was compressed or encrypted after it was made; facts: how, tool.

    It is not unpacked here: nothing that comes from outside may swell.
    """

    code = "backup_packed"


@dataclass(frozen=True, slots=True)
class Sum:
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `tables` counts rows, `lost` names files that rows name and that were not there any more.

    `left_out` names tables and columns of the database that are not ours.
    """

    format: str
    made_at: datetime
    program: str
    mode: str
    database: str
    revision: str
    last_event: int
    last_hash: str
    tables: Mapping[str, int]
    lost: tuple[str, ...]
    parts: Mapping[str, Sum]
    left_out: tuple[str, ...] = ()

    @property
    def files(self) -> set[str]:
        """The digests of the files of the evidence store that it holds."""
        return {match["file"] for name in self.parts if (match := _NAME.fullmatch(name)) and match["file"]}

    @property
    def program_files(self) -> dict[str, str]:
        """The digests of the program's files that an office fits to itself, by their path."""
        matches = ((_NAME.fullmatch(name), part) for name, part in self.parts.items())
        return {match["program"]: part.sha256 for match, part in matches if match and match["program"]}

    def table(self, name: str) -> Sum | None:
        return self.parts.get(_TABLE.format(name))

    def file_size_bytes(self, sha256: str) -> int:
        return self.parts[_FILE.format(sha256)].size_bytes

    @property
    def size_bytes(self) -> int:
        return sum(part.size_bytes for part in self.parts.values())


_SHAPE = TypeAdapter(Manifest)


class ArchiveWriter:
    """Writes one part after another into an open file; `close` makes it a backup."""

    def __init__(self, file: BinaryIO, *, scratch: Path) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT)  # noqa: SIM115 - closed by `close`
        self._scratch = scratch
        self.parts: dict[str, Sum] = {}

    def add_table(self, name: str, lines: Iterable[bytes]) -> int:
        """Add a table as it was dumped; return how many rows it has."""
        rows = -1  # the first line names the columns
        with TemporaryFile(dir=self._scratch) as spool:
            for line in lines:
                spool.write(line)
                rows += 1
            size_bytes = spool.tell()
            spool.seek(0)
            self._add(_TABLE.format(name), spool, size_bytes)
        return rows

    def add_file(self, sha256: str, file: BinaryIO, *, size_bytes: int) -> None:
        """Add a file of the evidence store. Raises BackupDamaged where it is another one by now."""
        if self._add(_FILE.format(sha256), file, size_bytes).sha256 != sha256:
            raise BackupDamaged(part=sha256)

    def add_program(self, name: str, content: bytes) -> None:
        self._add(_PROGRAM.format(name), io.BytesIO(content), len(content))

    def close(self, manifest: Manifest) -> None:
        content = json.dumps(_SHAPE.dump_python(manifest, mode="json"), ensure_ascii=False, indent=1).encode()
        said = self._add(_MANIFEST, io.BytesIO(content), len(content))
        self._add(CLOSING, io.BytesIO(said.sha256.encode()), len(said.sha256))
        self._tar.close()

    def _add(self, name: str, file: BinaryIO, size_bytes: int) -> Sum:
        header = tarfile.TarInfo(name)
        header.size, header.mode = size_bytes, 0o600
        counted = _Counted(file)
        self._tar.addfile(header, counted)
        self.parts[name] = Sum(counted.digest.hexdigest(), size_bytes)
        return self.parts[name]


class _Counted:
    """A file whose digest is known once it has been read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.digest = file, hashlib.sha256()
        named = getattr(file, "name", None)  # what lies in memory has none, what has no name on the disk a number
        self._path = Path(named) if isinstance(named, str) else None

    def read(self, size: int = -1) -> bytes:
        with naming(self._path) if self._path is not None else nullcontext():
            content = self._file.read(size)
        self.digest.update(content)
        return content


class Part(io.RawIOBase):
    """One part of an archive while the reading stands at it."""

    def __init__(self, archive: BinaryIO, name: str, size_bytes: int) -> None:
        match = _NAME.fullmatch(name)
        if match is None:
            raise BackupDamaged(part=ascii(name))
        self.name, self.table, self.file, self.program = name, match["table"], match["file"], match["program"]
        self._archive, self._left, self._size_bytes, self._digest = archive, size_bytes, size_bytes, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # what a BufferedReader hands in
        content = self._archive.read(min(len(buffer), self._left))
        if not content and self._left:
            raise BackupDamaged(part=self.name)
        buffer[: len(content)] = content
        self._left -= len(content)
        self._digest.update(content)
        return len(content)

    def lines(self) -> Iterator[bytes]:
        """Yield its lines. Raises BackupDamaged, also where one is longer than any that was ever written."""
        reader = io.BufferedReader(self, _BUFFER)
        while line := reader.readline(_LONGEST_LINE):
            if not line.endswith(b"\n"):
                raise BackupDamaged(part=self.name)
            yield line

    def content(self) -> bytes:
        """Return the whole of a small part. Raises BackupDamaged where it is none."""
        if self._size_bytes > _LONGEST_MANIFEST:
            raise BackupDamaged(part=self.name)
        return self.readall()

    def finish(self) -> Sum:
        """Read what is left; return what the whole part was."""
        while self.read(_BUFFER):
            pass
        return Sum(self._digest.hexdigest(), self._size_bytes)


def parts_of(archive: BinaryIO) -> Iterator[Part]:
    """Yield part after part, each to be read before the next is asked for. Raises BackupDamaged."""
    while (block := archive.read(tarfile.BLOCKSIZE)) != bytes(tarfile.BLOCKSIZE):
        try:
            header = tarfile.TarInfo.frombuf(block, "ascii", "strict")
        except (tarfile.TarError, ValueError):
            raise BackupDamaged(part="文件头") from None
        if header.type != tarfile.REGTYPE or header.size < 0:
            raise BackupDamaged(part=ascii(header.name))
        part = Part(archive, header.name, header.size)
        yield part
        part.finish()
        archive.read(-header.size % tarfile.BLOCKSIZE)


def check(archive: BinaryIO, *, naming: Iterable[tuple[str, str]]) -> Manifest:
    """Read a whole backup and hold each part against the manifest; `naming` are the columns that name files.

    Raises BackupDamaged, BackupPacked.
    """
    if (packed := packing_of(archive)) is not None:
        raise BackupPacked(how=packed.how, tool=packed.tool)
    found = _Found()
    columns = set(naming)
    for part in parts_of(archive):
        if part.name in found.parts:
            raise BackupDamaged(part=part.name)
        if part.table is not None:
            found.tables[part.table] = _count(part, columns, found.named)
        elif part.file is None and part.program is None:
            found.said[part.name] = part.content()
        found.parts[part.name] = part.finish()
        if part.file not in (None, found.parts[part.name].sha256):
            raise BackupDamaged(part=part.name)
    manifest = _manifest(found.said)
    found.parts = {name: found.parts[name] for name in found.parts.keys() - {_MANIFEST, CLOSING}}
    _compare(found, manifest)
    return manifest


@dataclass(slots=True)
class _Found:
    """What was read: sums, rows, the files that rows name, and what the archive says of itself."""

    parts: dict[str, Sum] = field(default_factory=dict)
    tables: dict[str, int] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    said: dict[str, bytes] = field(default_factory=dict)


def _compare(found: _Found, manifest: Manifest) -> None:
    for name in sorted({*found.parts, *manifest.parts}):
        if found.parts.get(name) != manifest.parts.get(name):
            raise BackupDamaged(part=name)
    if found.tables != dict(manifest.tables):
        raise BackupDamaged(part="database")
    if lacking := sorted(found.named.difference(manifest.files, manifest.lost)):
        raise BackupDamaged(part=_FILE.format(lacking[0]))


def _manifest(said: Mapping[str, bytes]) -> Manifest:
    try:
        if hashlib.sha256(said[_MANIFEST]).hexdigest().encode() != said[CLOSING]:
            raise BackupDamaged(part=_MANIFEST)
        manifest = _SHAPE.validate_json(said[_MANIFEST])
    except (KeyError, ValidationError):
        raise BackupDamaged(part=_MANIFEST) from None
    if manifest.format != FORMAT:
        raise BackupDamaged(part=_MANIFEST)
    return manifest


def _count(part: Part, columns: set[tuple[str, str]], named: set[str]) -> int:
    """Count the rows of a table, and collect the files that they name."""
    lines = part.lines()
    try:
        names = json.loads(next(lines, b""))
        places = [place for place, name in enumerate(names) if (part.table, name) in columns]
        rows = 0
        for line in lines:
            rows += 1
            values = json.loads(line) if places else ()
            named.update(str(values[place]) for place in places if values[place])
    except (ValueError, TypeError, LookupError, RecursionError):
        raise BackupDamaged(part=part.name) from None
    return rows
