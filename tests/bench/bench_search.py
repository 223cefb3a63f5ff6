"""The search over 200,000 texts on both databases, each question as the office and as units ask it, against 200 ms."""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlmodel import Session, col

from tests.bench.bulk import NOW, QUIET, SUPERVISOR, liaison_of
from tests.bench.bulk_writer import BulkWriter
from tests.bench.cities import bench_cities
from tests.bench.measuring import Count, Measurement, by_turns
from tracker.cli.search import fill_search
from tracker.store.database import Database
from tracker.store.tables.filings import EvidenceRow, FilingRow, ReportRow
from tracker.store.tables.tasks import AssignmentRow

_TEXTS = 200_000
_TASKS = 3_000
_FILES_EACH = 4  # one file under so many reports
_ROUNDS = 11
_AIM_S = 0.2
_SEEDS = Path("seeds/documents")
# The rare and the frequent, of one pair and of several, with what stands nowhere and with a name.
_QUESTIONS = {
    "two rare characters": "盲文",
    "two frequent characters": "工作",
    "a phrase": "无障碍环境建设",
    "a phrase of frequent pairs that is rare": "工作建设",
    "three frequent words": "工作 建设 单位",
    "a frequent word and what stands nowhere": "工作 鹤唳",
    "a unit": "市第81局",
    "a unit and a frequent word": "市第1局 工作",
}


def measure() -> list[Measurement | Count]:
    """Ask each question by turns with the page that only says what may be searched."""
    found: list[Measurement | Count] = []
    for kind in ("sqlite", "postgresql"):
        with bench_cities(kind, sizes=(_TASKS,)) as (city,):
            write_texts(city.database, _TEXTS)
            for who, person in {"office": SUPERVISOR, "quiet unit": liaison_of(QUIET), "unit": liaison_of(1)}.items():
                client = city.client(person)
                for name, question in _QUESTIONS.items():
                    (taken,) = by_turns(_get(client, question), rounds=_ROUNDS)
                    found.append(Measurement(f"search, {name}, {who}, {kind}", taken, "200 ms", _AIM_S, 1))
    return found


def _get(client: FlaskClient, question: str) -> Callable[[], object]:
    def get() -> None:
        answer = client.get("/search", query_string={"q": question})
        assert answer.status_code == 200, f"{question}: {answer.status_code}"

    return get


def write_texts(database: Database, count: int) -> None:
    """Write reports in the words of the eight documents, with files, until there is so much to search; index it all."""
    chance = random.Random(52)
    source = "".join(path.read_text() for path in sorted(_SEEDS.glob("*/text.txt"))).replace("\n", "")
    with database.reading() as session:
        shares = session.execute(select(col(AssignmentRow.id), col(AssignmentRow.unit_id))).all()
        last = {table: _last(session, table) for table in (FilingRow, ReportRow, EvidenceRow)}
    out = BulkWriter(database)
    out.begin_after({table.__tablename__: id_ for table, id_ in last.items()})
    for number in range(count * _FILES_EACH // (_FILES_EACH + 1)):
        share_id, unit_id = chance.choice(shares)
        _write_report(out, share_id or 0, unit_id, _words(chance, source), number)
        out.write_if_many()
    out.finish()
    fill_search(database)
    out.finish()


def _last(session: Session, table: Any) -> int:  # Any: a table with an id
    return session.scalars(select(func.max(col(table.id)))).one() or 0


def _words(chance: random.Random, source: str) -> str:
    """Return some sentences as long as reports are, 40 to 160 characters, cut out of the documents."""
    start = chance.randrange(len(source) - 160)
    return source[start : start + chance.randint(40, 160)]


def _write_report(out: BulkWriter, share_id: int, unit_id: int, words: str, number: int) -> None:
    at = NOW - timedelta(minutes=number)
    written = {"written_by": "联络员", "written_at": at, "filed_at": at}
    filing_id = out.add("filing", kind="update", unit_id=unit_id, state="filed", **written)
    report_id = out.add(
        "report", filing_id=filing_id, assignment_id=share_id, kind="update", state="accepted", text=words, **written
    )
    if number % _FILES_EACH == 0:
        out.add(
            "evidence",
            report_id=report_id,
            sha256=f"{number:064x}",
            name=f"{words[:12]}.pdf",
            size_bytes=1,
            media_type="application/pdf",
            uploaded_by="联络员",
            uploaded_at=at,
        )
