"""Cities with files to back up, empty places to restore into, and archives that somebody tampered with."""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.support.keys import SECRET_KEY
from tests.support.office import CALENDAR, IN_TIME, POLICY
from tests.support.site import FixedClock
from tracker.domain.entries import AttachedFile
from tracker.gateways.backup_archive import FORMAT, ArchiveWriter, Manifest
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.services import Services
from tracker.settings import load_settings
from tracker.store.database import Database

Parts = dict[str, bytes]


def services_on(database: Database, folder: Path, *, mode: str = "demo") -> Services:
    """Return services on a database with a data directory of its own, a week after what happens there."""
    environ = {"TRACKER_MODE": mode, "TRACKER_DATA_DIR": str(folder), "TRACKER_SECRET_KEY": SECRET_KEY}
    clock = FixedClock(IN_TIME + timedelta(days=7))
    settings = load_settings(environ)
    return Services(settings, database, clock, CALENDAR, POLICY, EvidenceFiles(folder / "evidence"))


def attached(services: Services, content: bytes) -> AttachedFile:
    """Keep a file as an upload does, for a report."""
    stored = services.evidence.store(io.BytesIO(content))
    return AttachedFile(stored.sha256, "台账.txt", stored.size_bytes, "text/plain", None)


def small_backup(path: Path) -> None:
    """Write the least that is a backup: one file of the program, the manifest and its digest."""
    with path.open("wb") as file:
        writer = ArchiveWriter(file, scratch=path.parent)
        writer.add_program("config/policy.toml", b"")
        manifest = Manifest(
            format=FORMAT,
            made_at=IN_TIME,
            program="",
            mode="production",
            database="sqlite",
            revision="",
            last_event=0,
            last_hash="",
            tables={},
            lost=(),
            parts=dict(writer.parts),
        )
        writer.close(manifest)


def parts_in(archive: Path) -> Parts:
    with tarfile.open(archive) as opened:
        return {member.name: opened.extractfile(member).read() for member in opened}  # type: ignore[union-attr] # files


def rewritten(archive: Path, change: Callable[[Parts], None], *, said: Callable[[dict[str, Any]], None]) -> Path:
    """Write an archive anew after a change, with a manifest that agrees with it: what a careful forger does.

    `said` changes the manifest at last. Any: as JSON has it.
    """
    parts = parts_in(archive)
    manifest = json.loads(parts.pop("manifest.json"))
    del parts["manifest.sha256"]
    change(parts)
    manifest["parts"] = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "size_bytes": len(content)}
        for name, content in parts.items()
    }
    said(manifest)
    parts["manifest.json"] = json.dumps(manifest).encode()
    parts["manifest.sha256"] = hashlib.sha256(parts["manifest.json"]).hexdigest().encode()
    return write_tar(archive.with_suffix(".forged"), parts)


def write_tar(path: Path, parts: Parts, *, kind: bytes = tarfile.REGTYPE) -> Path:
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as archive:
        for name, content in parts.items():
            header = tarfile.TarInfo(name)
            header.size, header.type = (len(content) if kind == tarfile.REGTYPE else 0), kind
            header.linkname = "/etc/passwd" if kind != tarfile.REGTYPE else ""
            archive.addfile(header, io.BytesIO(content))
    return path
