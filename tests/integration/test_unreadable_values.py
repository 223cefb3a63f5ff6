"""A value that cannot be read is named with its table, row and column, and hides nothing that comes after it."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME, LATE
from tests.support.site import Site, post
from tracker.auditing import Audited, audit
from tracker.cli.commands import register_commands
from tracker.gateways.anchor_key import AnchorKey
from tracker.store.log_guards import GUARDS, missing_guards
from tracker.usecases.sealing import seal_reminders
from tracker.wording.audit import finding_words

# What is not broken itself and has to be found beside whatever is.
_ALSO = "UPDATE reminder SET subject = 'x' WHERE id = 1"

_DRAFT = (
    "INSERT INTO draft (id, version, file_name, file_sha256, state, content, hands, uploaded_by, uploaded_at)"
    " VALUES (7, 1, 'x', 'x', 'open', '[]', '{}', 'x', '2022-09-01 00:00:00')"
)


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Path]:
    """A city with an accepted report, a paper that is drafted, and a draft."""
    folder = tmp_path_factory.mktemp("unreadable")
    site = Site(fresh_sqlite(folder), folder)
    site.city.accept(site.city.file(at=IN_TIME), at=IN_TIME)
    site.clock.at = LATE
    site.app.config["WTF_CSRF_ENABLED"] = False
    with site.client("office") as office:
        assert office.post("/circulars", data={"type": "supervision"}).status_code == 303
    site.work()
    with site.services.database.transaction() as session:
        assert seal_reminders(session, at=LATE) > 0
    return site, folder / "tracker.db"


@pytest.fixture
def site(made_once: tuple[Site, Path], tmp_path: Path) -> Iterator[Site]:
    site, file = made_once
    site.services.database.dispose()
    shutil.copyfile(file, tmp_path / "kept.db")
    yield site
    site.services.database.dispose()
    shutil.copyfile(tmp_path / "kept.db", file)


def _break(site: Site, *statements: str) -> None:
    """Write what no type reads, past every check, and let the guards of the log be as they were."""
    engine = site.services.database.engine
    engine.dispose()
    with closing(sqlite3.connect(str(engine.url.database))) as file, file:
        file.execute("PRAGMA ignore_check_constraints = ON")  # and of foreign keys SQLite asks only where it is told to
        for name in ("event_no_update", "event_no_delete"):
            file.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            file.execute(statement)
    with engine.begin() as connection:
        for name in missing_guards(connection):
            connection.execute(text(GUARDS["sqlite"][name]))


def _found(site: Site) -> list[str]:
    public = AnchorKey(site.services.settings.anchor_key).public
    return [finding_words(found) for found in audit(site.services, anchors=[], public=public, audited=Audited())]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE circular SET statements = '[[1,NaN]]' WHERE id = 1", None),  # words of what is not issued
        ("UPDATE circular SET as_of = 'x' WHERE id = 1", "文稿1（数据截止时间）：表中的值不能读出"),
        ("UPDATE circular SET statements = '[1,/*x*/2,]' WHERE id = 1", "文稿1：按事件重算，与印发时的数据不一致"),
        ("UPDATE item SET scoring = 'garbage' WHERE id = 1", "文件条目1（是否计入考核）：表中的值不能读出"),
        ("UPDATE item SET title = x'ff' WHERE id = 1", "文件条目1（"),
        ("UPDATE item SET title = CAST(x'ff' AS TEXT) WHERE id = 1", "文件条目1（标题）：表中的值不能读出"),
        ("UPDATE item_target SET value = 'x' WHERE item_id = 1", "文件条目1（指标、佐证和频次）"),
        ("UPDATE form_row SET due_at = 'garbage' WHERE id = 1", "填报行1（时限）：表中的值不能读出"),
        ("UPDATE report SET text = x'ff' WHERE id = 1", "反馈1（内容）"),
        ("UPDATE report SET next_on = 'x' WHERE id = 1", "反馈1（补上日期）：表中的值不能读出"),
        (
            "UPDATE report_value SET value_on = 'x' WHERE report_id = 1",
            "反馈的指标数1（数值截至日期）：表中的值不能读出",
        ),
        ("UPDATE task SET due_on = 'x' WHERE id = 1", "事项1（时限）"),
        ("UPDATE task SET item_id = CAST(x'ff' AS TEXT) WHERE id = 1", "事项1（"),
        ("UPDATE unit SET short_name = CAST(x'ff' AS TEXT) WHERE id = 1", "单位1（"),
        ("UPDATE document SET text = 5 WHERE id = 1", "文件1（内容）"),
        ("UPDATE document SET text = x'ff' WHERE id = 1", "文件1（内容）"),
        ("UPDATE reminder SET planned_for = 'x' WHERE id = 2", "消息2（计划发送时间）：表中的值不能读出"),
        *((_DRAFT.format(hands), "拆解件7（经手人）") for hands in ("5", "null", "[1,]")),
    ],
)
def test_a_value_that_cannot_be_read_is_named_and_hides_nothing(site: Site, statement: str, words: str | None) -> None:
    assert _found(site) == []
    _break(site, statement, _ALSO)
    found = _found(site)
    assert words is None or any(line.startswith(words) for line in found), found
    assert any(line.startswith("消息1（") for line in found), found
    assert len(found) < 8, found


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE event SET occurred_at = 'garbage' WHERE seq = 3", "第3号事件：内容被改动"),
        ("UPDATE event SET occurred_at = '0garbage' WHERE seq = 3", "第3号事件：内容被改动"),
        ("UPDATE event SET payload = x'ff00' WHERE seq = 3", "第3号事件：内容被改动"),
        ("UPDATE event SET payload = '[1,' WHERE type = 'report.filed'", "号事件内容不能读出"),
        ("UPDATE event SET payload = '7' WHERE type = 'report.verified'", "号事件内容不能读出"),
        (f"UPDATE event SET payload = '{'[' * 60_000}' WHERE type = 'report.filed'", "号事件内容不能读出"),
        (f"UPDATE event SET payload = '{'[' * 60_000}' WHERE type = 'unit.entered'", "号事件内容不能读出"),
        ("UPDATE event SET payload = replace(payload, '市商务局', '\\ud800') WHERE type = 'unit.entered'", "单位1（"),
        ("UPDATE event SET type = x'ff' WHERE seq = 3", "第3号事件：内容被改动"),
        ("UPDATE event SET hash = x'ff' WHERE seq = 3", "第3号事件：内容被改动"),
        ("DELETE FROM chain_head", "链头与最后一号事件不一致"),
        ("UPDATE chain_head SET seq = 'x'", "链头与最后一号事件不一致"),
    ],
)
def test_an_event_or_a_head_that_cannot_be_read_stops_neither_command_nor_page(
    site: Site, statement: str, words: str
) -> None:
    with site.client("auditor") as auditor:
        _break(site, statement, "UPDATE item SET title = 'x' WHERE id = 1")
        app = Flask(__name__)
        register_commands(app, site.services)
        told = app.test_cli_runner().invoke(args=["audit", "verify"])
        assert (told.exit_code, told.exception.__class__) == (1, SystemExit)
        assert words in told.output
        assert "文件条目1（" in told.output
        assert auditor.get("/audit").status_code == 200
        assert auditor.get("/audit?trail=matters").status_code == 200
        answer = post(auditor, "/audit/verify", at="/audit")
        assert answer.status_code == 200
        assert "处不一致" in answer.get_data(as_text=True)
        assert "文件条目1（" in answer.get_data(as_text=True), "tables are compared beside a chain that is broken"


@pytest.mark.parametrize(
    "broken",
    [
        *(f"{column} = CAST(x'ff' AS TEXT)" for column in ("payload", "unit_id", "task_id", "actor", "occurred_at")),
        *(f"{column} = x'ff'" for column in ("payload", "unit_id", "task_id", "occurred_at")),
        "occurred_at = 5",
        "payload = '{\"document_id\": ' || replace(hex(zeroblob(3000)), '0', '9') || '}'",
        "payload = replace(payload, ':', ':[')",
        "payload = '{}'",
    ],
)
@pytest.mark.parametrize(
    "kind",
    [
        *("unit.entered", "document.issued", "report.filed", "report.verified"),
        *("form.opened", "reminder.sealed", "document.registered"),
    ],
)
def test_no_event_hides_what_was_changed_in_other_tables(site: Site, kind: str, broken: str) -> None:
    """The event is named, and so are a task, a report and a message that have nothing to do with it."""
    also = (
        "UPDATE task SET is_key = 1 - is_key WHERE id = (SELECT max(id) FROM task)",
        "UPDATE unit SET short_name = '甲' WHERE code = 'wjw'",
        "UPDATE reminder SET reason = x'ff00' WHERE id = 2",
    )
    event = f"UPDATE event SET {broken} WHERE seq = (SELECT max(seq) FROM event WHERE type = '{kind}')"
    _break(site, event, *also, _ALSO)
    found = _found(site)
    messages = ("消息1（", "消息2（") if kind != "reminder.sealed" else ()
    for start in ("事项", *messages, *(("单位",) if kind != "unit.entered" else ())):
        assert any(line.startswith(start) for line in found), found
    assert not any("未能核对完毕" in line for line in found), found


def test_files_are_looked_at_though_the_name_of_their_unit_cannot_be_read(site: Site) -> None:
    digest = "a" * 64
    planted = (
        "INSERT INTO evidence (id, report_id, sha256, name, size_bytes, media_type, uploaded_by, uploaded_at)"
        f" VALUES (9, 1, '{digest}', 'x.txt', 1, 'text/plain', 'x', '2022-09-28 00:00:00')"
    )
    _break(site, planted, "UPDATE unit SET short_name = CAST(x'ff' AS TEXT)")
    found = _found(site)
    assert any(line.startswith(f"文件{digest}") for line in found), found
    assert any(line.startswith("单位1（简称）：表中的值不能读出") for line in found), found


_NOT_UTF8 = "CAST(x'ff' AS TEXT)"
# Facts that read well and are not what stands there.
_STRANGE = (
    *(f'{{"{name}": {10**20}}}' for name in ("user_id", "circular_id", "unit_id", "report_id", "document_id")),
    *(f'{{"address": {told}}}' for told in ('"\\ud800"', '{"a": 1}', '["x"]', "5")),
    '{"act": ["approve"], "circular_id": true, "user_id": 1.5}',
)


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE circular SET number = {_NOT_UTF8}",
        f"UPDATE circular SET type = {_NOT_UTF8}",
        f"UPDATE person SET login = {_NOT_UTF8} WHERE login = 'reader'",
        f"UPDATE unit SET short_name = {_NOT_UTF8} WHERE code = 'wjw'",
        f"UPDATE event SET actor = {_NOT_UTF8} WHERE seq = 4",
        f"UPDATE event SET actor_unit = {_NOT_UTF8} WHERE seq = 4",
        f"UPDATE event SET type = {_NOT_UTF8} WHERE seq = 4",
        "UPDATE event SET occurred_at = '9999-12-31 23:59:59.999999' WHERE seq = 4",
        "UPDATE event SET occurred_at = 5 WHERE seq = 4",
        "UPDATE event SET task_id = 'x' WHERE seq = 4",
        *(f"UPDATE event SET payload = '{told}' WHERE seq = (SELECT max(seq) FROM event)" for told in _STRANGE),
        "UPDATE event SET actor_unit = x'00ff' WHERE seq = 4",
        "UPDATE event SET actor = x'00ff' WHERE seq = 4",
        "UPDATE event SET actor = 5, actor_unit = 5 WHERE seq = 4",
        "UPDATE event SET task_id = 9223372036854775807 WHERE seq = 4",
        "UPDATE chain_head SET seq = 9223372036854775807",
        "DELETE FROM chain_head",
        "UPDATE chain_head SET seq = 'x'",
        f"UPDATE chain_head SET hash = {_NOT_UTF8}",
    ],
)
def test_no_address_of_the_auditor_ends_by_what_stands_beside_the_log(site: Site, statement: str) -> None:
    """What cannot be recorded is not done, and said: to fetch the trail is itself in the log."""
    with site.client("auditor") as auditor:
        _break(site, statement)
        for address in ("/audit", "/audit?page=2", "/audit?kind=circular_id&number=1", "/audit?login=office"):
            assert auditor.get(address).status_code == 200, address
        with auditor.get("/audit/export") as export:
            away = "chain_head" in statement
            assert export.status_code == (503 if away else 200)
            assert not away or "审计日志的链头" in export.get_data(as_text=True)
        assert auditor.post("/audit/verify").status_code == 200
