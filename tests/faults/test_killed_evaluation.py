"""Killed in the middle of publishing a month, or of taking over an export: all of it is there, or nothing.

TRACKER_FAULT_ROUNDS says how often each kill is repeated.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import event, func, select
from sqlmodel import Session

from tests.faults.test_killed_processes import ROUNDS, _url
from tests.support.agreement import disagreements
from tests.support.office import OFFICE, City, open_city
from tests.support.projects import LISTS
from tests.support.published_evaluation import NOW, Publishing
from tests.support.site import Site
from tracker.auditing import Audited, audit, month_difference
from tracker.domain.projects.frames import Frame
from tracker.domain.projects.imports import Column, ExportRow
from tracker.domain.scoring.inputs import Month
from tracker.editions import draw
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.projects import ProjectImportRow, ProjectListingRow, ProjectRow, ProjectValueRow
from tracker.store.tables.scoring import ScoreMonthRow
from tracker.usecases.project_exports import Export, put_export, take_export

pytestmark = pytest.mark.faults
_PROJECTS = 20
_FRAME = Frame("shengji", Month(2022, 9), date(2022, 1, 1), 2022)
_AT = datetime(2022, 10, 8, 1, 0, tzinfo=UTC)
_LONGEST_S = 60
_Act = Callable[[Database], object]


def _child(act: _Act, url: str, before: int | None, told: Connection) -> None:
    """Do an act, killed before one of its statements, at the latest before its commit; None kills nobody."""
    database, count = Database(url), 0

    def counted(*, is_commit: bool) -> None:
        nonlocal count
        count += 1
        if before is not None and (is_commit or count == before):
            told.send(count)
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine, "before_cursor_execute", lambda *_told: counted(is_commit=False))
    event.listen(database.engine, "commit", lambda *_told: counted(is_commit=True))
    act(database)
    told.send(count)


def _run(act: _Act, database: Database, before: int | None) -> int:
    """Do an act in a process of its own, which dies unless `before` is None; return how many statements it came to."""
    database.engine.dispose()  # no process shares a connection with another
    fork = get_context("fork")
    ours, theirs = fork.Pipe(duplex=False)
    child = fork.Process(target=_child, args=(act, _url(database), before, theirs))
    child.start()
    child.join(_LONGEST_S)
    assert child.exitcode == (0 if before is None else -signal.SIGKILL)
    return int(ours.recv())


def _die_everywhere(act: _Act, database: Database, nothing_there: Callable[[], None]) -> None:
    """Kill an act again and again, the first time before its commit, else spread over its statements; then do it."""
    statements = _run(act, database, sys.maxsize)
    for turn in range(ROUNDS):
        nothing_there()
        _run(act, database, 1 + statements * turn // ROUNDS)
    nothing_there()
    _run(act, database, None)


def _issue(folder: Path, id_: int, database: Database) -> None:
    site = Site(database, folder, city=City(database), has_people=True)
    site.clock.at = NOW
    Publishing(site, City(database)).give_number(id_)


def _take(import_id: int, database: Database) -> None:
    told = {Column.INVESTED: 10_000, Column.PLANNED: 20_000}
    rows = [ExportRow(3 + at, "", f"第{import_id}表第{at}个项目", "yc", told) for at in range(_PROJECTS)]
    with database.transaction() as session:
        take_export(session, import_id, rows, frame=_FRAME, lists=LISTS, actor=OFFICE, at=_AT)


def _agrees(session: Session) -> None:
    assert list(disagreements(session, fold(session, cut(session, as_of=NOW.replace(year=2023))))) == []


def test_a_month_that_is_killed_while_it_is_published_is_out_whole_or_not_at_all(
    database: Database, tmp_path: Path
) -> None:
    city = open_city(database)
    site = Site(database, tmp_path, city=city)
    site.clock.at = NOW
    house = Publishing(site, city)
    month_id = house.frozen("2022-09").month_id
    house.decide("issuer", "office")
    id_ = house.draft(month_id)
    house.approve(id_)

    def said() -> tuple[str, str | None, str]:
        with database.reading() as session:
            _agrees(session)
            row, month = session.get_one(CircularRow, id_), session.get_one(ScoreMonthRow, month_id)
            assert month_difference(session, month) is None
            return row.state, row.number, month.state

    def nothing_there() -> None:
        assert said() == ("approved", None, "frozen")

    _die_everywhere(partial(_issue, tmp_path, id_), database, nothing_there)
    assert said() == ("issued", "考评〔2022〕1号", "issued"), "no number is lost"
    draw(site.services, id_)
    assert list(audit(site.services, anchors=[], public="", audited=Audited())) == []


def test_an_export_that_is_killed_while_it_is_taken_is_there_whole_or_not_at_all(database: Database) -> None:
    city = open_city(database)
    export = Export(_FRAME, "平台", "导出.xlsx", "e" * 64, 9)
    with city.database.transaction() as session:
        import_id = put_export(session, export, lists=LISTS, actor=OFFICE, at=_AT)

    def there() -> tuple[bool, set[int]]:
        with database.reading() as session:
            _agrees(session)
            tables = (ProjectRow, ProjectListingRow, ProjectValueRow)
            counts = {session.scalars(select(func.count()).select_from(one)).one() for one in tables}
            return session.get_one(ProjectImportRow, import_id).taken_at is not None, counts

    def nothing_there() -> None:
        assert there() == (False, {0})

    _die_everywhere(partial(_take, import_id), database, nothing_there)
    assert there() == (True, {_PROJECTS})
