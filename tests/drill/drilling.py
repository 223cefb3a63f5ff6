"""One restore drill: back up while the city is at work, restore elsewhere, and hold what came back against the log."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select
from sqlmodel import col

from tracker.backups import back_up, restore, verify
from tracker.gateways.backup_archive import Manifest
from tracker.services import Services
from tracker.store import event_log
from tracker.store.dumps import tables_of
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.evidence import every_digest
from tracker.store.queries.series import series_views
from tracker.store.restored import chain_head
from tracker.store.tables.series import SeriesRow
from tracker.store.tables.tasks import AssignmentRow

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Drilled:
    """How long each part took, in seconds, and what it was about."""

    manifest: Manifest
    archive_bytes: int
    behind: int  # events that came while the backup was made and the load was ended
    backup_s: float
    verify_s: float
    restore_s: float
    compare_s: float


def drill(source: Services, target: Services, archive: Path, *, load: AbstractContextManager[object]) -> Drilled:
    """Back `source` up into `archive` under a load, restore it into the empty `target` and compare.

    Raises AssertionError where what came back is not one moment of what was there.
    """
    with load:
        before = _head(source)
        manifest, backup_s = _timed(lambda: back_up(source, archive))
    after = _head(source)
    assert before <= manifest.last_event <= after, (before, manifest.last_event, after)
    _checked, verify_s = _timed(lambda: verify(archive))
    _restored, restore_s = _timed(lambda: restore(target, archive))
    _same, compare_s = _timed(lambda: compare(target, manifest))
    return Drilled(
        manifest,
        archive.stat().st_size,
        after - manifest.last_event,
        backup_s,
        verify_s,
        restore_s,
        compare_s,
    )


def compare(services: Services, manifest: Manifest) -> None:
    """Hold a restored city against the manifest and against its own log. Raises AssertionError."""
    with services.database.snapshot() as connection:
        for table in tables_of(connection):
            rows = connection.execute(select(func.count()).select_from(table)).scalar_one()
            assert rows == manifest.tables[table.name], table.name
        assert chain_head(connection) == (manifest.last_event, manifest.last_hash)
    with services.database.reading() as session:
        assert list(event_log.broken_links(session)) == []
        named = every_digest(session)
        state = fold(session, cut(session, as_of=services.clock.now()))
        ids = session.scalars(select(col(SeriesRow.id))).all()
        assert state.views() == series_views(session, [id_ for id_ in ids if id_])
        shares = session.scalars(select(AssignmentRow)).all()
        assert {id_: share.state.value for id_, share in state.shares.items()} == {row.id: row.state for row in shares}
    assert set(named) == manifest.files == set(services.evidence.digests())
    for digest in named:
        services.evidence.verify(digest)


def _head(services: Services) -> int:
    with services.database.snapshot() as connection:
        return chain_head(connection)[0]


def _timed(work: Callable[[], _Result]) -> tuple[_Result, float]:
    began_at = time.perf_counter()
    return work(), time.perf_counter() - began_at
