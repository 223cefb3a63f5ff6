"""Whatever is handed out as a file is recorded with its bytes, once an answer; what cannot be recorded is not sent."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from sqlmodel import col

from tests.support.two_bureaus import OURS, THEIRS, TwoBureaus
from tests.support.two_bureaus_life import open_two_bureaus
from tests.support.ways import DRAWN
from tests.support.ways_in import Entrance
from tracker.domain.events.decoding import decode_as
from tracker.domain.events.downloads import FileFetched
from tracker.store import event_log
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import EvidenceRow

_FILES = {
    *("GET day_exports.changes", "GET day_exports.nobody"),
    *("GET day_exports.due", "GET day_exports.notices", "GET day_exports.review"),
    "GET evidence.download",
    *("GET enclosures.download", "GET enclosures.preview", "GET day_exports.week", "GET proposed_papers.as_workbook"),
    *(f"GET register_exports.{name}" for name in ("drafts", "lessons", "outages", "templates", "units")),
    "GET waiting_exports.inquiries",
    "GET evidence.preview",
    "GET ledgers.as_table",
    "GET ledgers.empty_ledger",
    "GET task_ledger.as_workbook",
    "GET task_ledger.as_csv",
    *("GET list_exports.overdue", "GET list_exports.series", "GET list_exports.reminders"),
    *("GET list_exports.circulars", "GET list_exports.documents"),
    *("GET list_exports.questions", "GET list_exports.instructions"),
    "GET circular_files.download",
    "GET circular_files.sources",
    "GET circular_templates.sample",
    *("GET projects.as_workbook", "GET projects.photo"),
    *("GET scoring_books.as_workbook", "GET scoring_inputs.download"),
    *("GET scoring_exports.published", "GET scoring_exports.ranking"),
}


@pytest.fixture
def entrance(tmp_path: Path) -> Iterator[Entrance]:
    """The city of the two bureaus, in which the papers to both are drawn."""
    city = open_two_bureaus(tmp_path)
    with city.database.transaction() as session:
        kept = session.scalars(select(EvidenceRow)).first()
        assert kept is not None
        papers = [city.of(bureau, "paper") for bureau in (OURS, THEIRS)]
        drawn = update(CircularRow).where(col(CircularRow.id).in_(papers))
        session.execute(drawn.values(sha256=kept.sha256, name="通知.docx"))
    yield Entrance(city)
    city.database.dispose()


def _fetched(city: TwoBureaus) -> list[FileFetched]:
    with city.database.reading() as session:
        wanted = select(col(EventRow.payload)).where(col(EventRow.type) == FileFetched.type)
        rows = session.scalars(wanted.order_by(col(EventRow.seq)))
        found = [decode_as(FileFetched, json.loads(payload)) for payload in rows]
        assert list(event_log.broken_links(session)) == []
    return found


def test_each_way_that_hands_out_a_file_records_it(entrance: Entrance) -> None:
    found = set()
    for name in entrance.pages(but=DRAWN):
        before = len(_fetched(entrance.city))
        answer = entrance.go("office", name)
        record = _fetched(entrance.city)[before:]
        is_file = answer.headers.get("Content-Disposition", "").startswith(("attachment", "inline"))
        assert len(record) == is_file, name
        if is_file:
            found.add(name.partition(":")[0])
            assert (record[0].sha256, record[0].size_bytes) == (_digest(answer.data), len(answer.data)), name
            assert record[0].address == "127.0.0.1"
            assert record[0].unit_id is None
    assert found == _FILES


def test_a_head_is_no_download_and_no_part_is_sent_by_itself(entrance: Entrance) -> None:
    address = f"/evidence/{entrance.city.of(OURS, 'evidence')}"
    client = entrance.client("swj")
    assert client.head(address, buffered=True).status_code == 200
    assert _fetched(entrance.city) == []
    part = client.get(address, headers={"Range": "bytes=0-1"}, buffered=True)
    assert (part.status_code, _digest(part.data)) == (200, _fetched(entrance.city)[0].sha256)
    again = client.get(address, headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, buffered=True)
    assert (again.status_code, len(_fetched(entrance.city))) == (200, 2)


def test_whoever_is_refused_fetched_nothing(entrance: Entrance) -> None:
    for login in ("jtj", "reader", "nobody", None):
        entrance.go(login, "GET evidence.download")
        entrance.go(login, "GET circular_files.download")
    assert _fetched(entrance.city) == []


def test_the_address_is_what_the_proxy_of_this_machine_adds(entrance: Entrance) -> None:
    def address(**asked: str) -> str | None:
        headers = {"X-Forwarded-For": asked["told"]} if "told" in asked else {}
        peer = {"REMOTE_ADDR": asked.get("peer", "127.0.0.1")}
        entrance.client("swj").get(
            f"/evidence/{entrance.city.of(OURS, 'evidence')}", headers=headers, environ_overrides=peer, buffered=True
        )
        return _fetched(entrance.city)[-1].address

    assert address(told="10.0.0.9, 192.0.2.7") == "192.0.2.7"
    assert address(told="192.0.2.7", peer="198.51.100.3") == "198.51.100.3"  # whoever is no proxy says nothing
    assert address(told="<b>") == "127.0.0.1"


def test_what_cannot_be_recorded_is_not_sent(entrance: Entrance) -> None:
    with entrance.city.database.engine.begin() as connection:
        connection.execute(
            text("CREATE TRIGGER full_disk BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'no room'); END")
        )
    entrance.app.testing = False
    for name in sorted(_FILES - DRAWN):
        answer = entrance.go("office", name)
        assert answer.status_code >= 400, name
        assert "Content-Disposition" not in answer.headers, name


def _page(client: FlaskClient, address: str) -> str:
    return client.get(address).get_data(as_text=True)


def test_the_office_sees_who_fetched_a_paper_and_who_did_not_yet(entrance: Entrance) -> None:
    address = f"/circulars/{entrance.city.of(OURS, 'paper')}"
    assert "尚未下载：市商务局" in _page(entrance.client("office"), address)
    for _ in range(2):
        assert entrance.client("swj").get(f"{address}/word", buffered=True).status_code == 200
    for login in ("office", "leader"):
        page = _page(entrance.client(login), address)
        assert "尚未下载" not in page
        assert '<th scope="row">市商务局</th><td>鹿鸣联络员</td><td class="num">2</td>' in page
    for login in ("swj", "swj-head"):
        assert "下载情况" not in _page(entrance.client(login), address)


def test_the_office_sees_on_a_task_who_fetched_its_files(entrance: Entrance) -> None:
    task = f"/tasks/{entrance.city.of(OURS, 'working task')}"
    assert "佐证下载" not in _page(entrance.client("office"), task)
    entrance.client("swj").get(f"/evidence/{entrance.city.of(OURS, 'working evidence')}", buffered=True)
    assert "佐证下载" in _page(entrance.client("office"), task)
    for login in ("swj", "tjj", "yc"):
        assert "佐证下载" not in _page(entrance.client(login), task)
        assert "下载文件" not in _page(entrance.client(login), task)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
