"""What the office wrote down before documents had an origin becomes internal, as a document and as a draft."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.support.databases import create_postgres, drop_postgres
from tracker.store import schema
from tracker.store.database import Database
from tracker.store.tables.drafts import read_content

_BEFORE = "0016"
# File name and digest of each draft of that time, and the origin that it gets.
_DRAFTED = {
    "领导批示": ("", "internal"),
    "台账.XLSX": ("ab", "internal"),
    "方案.docx": ("cd", "published"),
    "通知.pdf": ("ef", "published"),
}
_CONTENT: dict[str, object] = {
    "number": "1",
    "title": "x",
    "issuer": None,
    "issued_on": None,
    "effective_on": None,
    "expires_on": None,
    "text": "《批示》",
    "items": [],
    "declared": [],
}


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the time before, with an approved and an open draft of each kind, and a seeded document."""
    if request.param == "sqlite":
        database, name = Database(f"sqlite:///{tmp_path / 'old.db'}"), None
    else:
        database, name = create_postgres(request.getfixturevalue("postgres_url"))
    schema.upgrade_to(database, _BEFORE)
    with database.engine.begin() as connection:
        for id_, file_name in enumerate([*_DRAFTED, "seeded"], start=1):
            connection.execute(
                text(
                    "INSERT INTO document (id, number, title, text, text_sha256, day_off_rule)"
                    " VALUES (:id, :name, :name, 'x', 'x', 'stay')"
                ),
                {"id": id_, "name": file_name},
            )
        for id_, (file_name, (sha256, _origin)) in enumerate(_DRAFTED.items(), start=1):
            for document_id in (id_, None):
                connection.execute(
                    text(
                        "INSERT INTO draft (version, state, file_name, file_sha256, content, hands, uploaded_by,"
                        " uploaded_at, document_id) VALUES (1, 'open', :name, :sha, :content, '[]', 'x',"
                        " '2022-09-01 00:00:00', :document)"
                    ),
                    {"name": file_name, "sha": sha256, "content": json.dumps(_CONTENT), "document": document_id},
                )
    yield database
    database.dispose()
    if name is not None:
        drop_postgres(request.getfixturevalue("postgres_url"), name)


def test_what_was_written_down_is_internal_and_what_was_read_from_a_file_is_published(old: Database) -> None:
    schema.upgrade(old)
    assert schema.differences(old) == []
    with old.engine.connect() as connection:
        documents = {row.number: row.origin for row in connection.execute(text("SELECT number, origin FROM document"))}
        drafts = connection.execute(text("SELECT file_name, content FROM draft")).all()
    assert documents == {**{name: origin for name, (_sha, origin) in _DRAFTED.items()}, "seeded": "published"}
    assert len(drafts) == 2 * len(_DRAFTED)
    for name, content in drafts:
        draft = read_content(content)
        assert (draft.origin.value, draft.text) == (_DRAFTED[name][1], "《批示》"), name
