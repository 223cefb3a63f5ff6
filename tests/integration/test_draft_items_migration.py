"""Drafts that were kept when items named units by strings are read, shown and approved like any other."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.support.databases import create_postgres, drop_postgres
from tracker.domain.readings.item import AssignedLead, PrintedGroup, PrintedUnit
from tracker.store import schema
from tracker.store.database import Database
from tracker.store.tables.drafts import read_content

_BEFORE = "0020"
_ITEM = {
    "label": "一1",
    "kind": "action",
    "title": "办好推介会",
    "span": [0, 9],
    "responsibility_span": [6, 9],
    "lead_basis": "first_listed",
    "leads": ["市商务局"],
    "supports": ["市统计局", "市卫健体委"],
    "groups": ["各县区人民政府", "各成员单位"],
    "assigned_leads": [],
    "cadences": [{"kind": "monthly", "basis": "stated", "n": 1, "quote": "每月", "bound": {"bearer": "lead"}}],
    "deadline": {"on": "2022-10-31", "basis": "default", "quote": None, "bound": {"bearer": "lead", "named": []}},
    "targets": [],
    "evidence": [],
    "level": None,
    "doubts": [{"field": "lead", "confidence": 0.4, "words": "市商务局"}],
    "inherited": [["各县区人民政府", "一0"]],
    "confidence": [{"field": "lead", "share": 0.4}],
}
# The earliest drafts lack what later versions read.
_EARLIEST = {"label": "一2", "kind": "action", "title": "做好通报", "span": [9, 15], "assigned_leads": ["市统计局"]}
_CONTENT = {
    "number": "驻政办〔2022〕77号",
    "title": "工作方案",
    "issuer": None,
    "issued_on": "2022-09-01",
    "effective_on": None,
    "expires_on": None,
    "text": "办好推介会。（商）做好通报。。",
    "items": [_ITEM, _EARLIEST],
    "declared": [],
    "replaces": "驻政办〔2022〕49号",
    "plan_end": {"on": "2022-12-31", "words": "2022年"},
}


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the time before, with one draft."""
    if request.param == "sqlite":
        database, name = Database(f"sqlite:///{tmp_path / 'old.db'}"), None
    else:
        database, name = create_postgres(request.getfixturevalue("postgres_url"))
    schema.upgrade_to(database, _BEFORE)
    with database.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO draft (version, state, file_name, file_sha256, content, hands, uploaded_by, uploaded_at)"
                " VALUES (3, 'open', 'a.docx', 'ab', :content, '[7]', 'x', '2022-09-01 00:00:00')"
            ),
            {"content": json.dumps(_CONTENT)},
        )
    yield database
    database.dispose()
    if name is not None:
        drop_postgres(request.getfixturevalue("postgres_url"), name)


def test_a_draft_of_the_earlier_shape_keeps_every_word(old: Database) -> None:
    schema.upgrade(old)
    assert schema.differences(old) == []
    with old.engine.connect() as connection:
        [(content, version)] = connection.execute(text("SELECT content, version FROM draft")).all()
    draft = read_content(content)
    first, second = draft.items
    assert version == 3
    assert first.leads == (PrintedUnit("市商务局"),)
    assert first.supports == (PrintedUnit("市统计局"), PrintedUnit("市卫健体委"))
    assert first.groups == (PrintedGroup("各县区人民政府", inherited_from="一0"), PrintedGroup("各成员单位"))
    assert second.assigned_leads == (AssignedLead("市统计局"),)
    assert (second.leads, second.supports, second.groups, first.assigned_leads) == ((), (), (), ())
    [cadence], deadline = first.cadences, first.deadline
    assert (cadence.kind.value, cadence.quote, deadline and str(deadline.on)) == ("monthly", "每月", "2022-10-31")
    assert [(doubt.field.value, doubt.words) for doubt in first.doubts] == [("lead", "市商务局")]
    assert [(sure.field.value, sure.share) for sure in first.confidence] == [("lead", 0.4)]
    assert (first.span, first.responsibility_span, first.code) == ((0, 9), (6, 9), "")
    assert (draft.text, draft.replaces, str(draft.plan_end.on)) == (
        _CONTENT["text"],
        "驻政办〔2022〕49号",
        "2022-12-31",
    )
