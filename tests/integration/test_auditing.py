"""An audit names everything that somebody changed past the program, and goes on after the first."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlmodel import col

from tests.support.databases import fresh_sqlite
from tests.support.logs import written_logs
from tests.support.office import IN_TIME, LATE, OFFICE
from tests.support.readings import NUMBER
from tests.support.site import Site
from tracker.auditing import Audited, anchor_of, audit
from tracker.cli.commands import register_commands
from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import SYSTEM, Role
from tracker.gateways.anchor_key import AnchorKey, key_name
from tracker.store import event_log
from tracker.store.database import Database
from tracker.store.log_guards import GUARDS, missing_guards
from tracker.store.tables.events import ChainHeadRow, EventRow
from tracker.usecases.accounts import NewUser, create_account
from tracker.usecases.renaming import rename_unit
from tracker.wording.audit import finding_words
from workers import scheduler


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    """A city with an accepted report and an issued paper with its file."""
    return _played(Site(database, tmp_path))


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Path]:
    folder = tmp_path_factory.mktemp("audited")
    site = _played(Site(fresh_sqlite(folder), folder))
    return site, folder / "tracker.db"


@pytest.fixture
def lent_site(made_once: tuple[Site, Path], tmp_path: Path) -> Iterator[Site]:
    """The same on SQLite, of which what a test changes in the database is taken back."""
    site, file = made_once
    site.services.database.dispose()
    shutil.copyfile(file, tmp_path / "kept.db")
    yield site
    site.services.database.dispose()
    shutil.copyfile(tmp_path / "kept.db", file)


def _played(site: Site) -> Site:
    site.app.config["WTF_CSRF_ENABLED"] = False
    site.city.accept(site.city.file(at=IN_TIME), at=IN_TIME)
    site.clock.at = LATE
    with site.client("office") as office:
        assert office.post("/circulars", data={"type": "supervision"}).status_code == 303
        assert office.post("/circulars/1/submit", data={"version": "1"}).status_code == 303
    with site.client("leader") as leader:
        assert leader.post("/circulars/1/approve", data={"version": "2", "basis": "同意"}).status_code == 303
    with site.client("office") as office:
        assert office.post("/circulars/1/issue", data={"version": "3"}).status_code == 303
    site.work()
    with site.services.database.transaction() as session:
        user = NewUser("swj-2", "联络员", Role.LIAISON, "", "swj")
        when = Moment(now=LATE, at=LATE)
        create_account(session, user, policy=AccountPolicy(), actor=SYSTEM, when=when)
    return site


def _key(site: Site) -> AnchorKey:
    return AnchorKey(site.services.settings.anchor_key)


def _found(site: Site, *, anchors: Sequence[str] = (), public: str | None = None) -> list[str]:
    _guard_again(site.services.database)
    known = public or _key(site).public
    return [
        finding_words(finding) for finding in audit(site.services, anchors=anchors, public=known, audited=Audited())
    ]


def _tamper(database: Database, *statements: str) -> None:
    """Change what is stored as someone would who owns the database: the guards go first."""
    with database.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER IF EXISTS event_no_update"))
            connection.execute(text("DROP TRIGGER IF EXISTS event_no_delete"))
        else:
            connection.execute(text("ALTER TABLE event DISABLE TRIGGER event_append_only"))
        for statement in statements:
            connection.execute(text(statement))


def _guard_again(database: Database) -> None:
    """Put back the guards that are gone, as someone would who wants nobody to see that he was there."""
    with database.engine.begin() as connection:
        for name in missing_guards(connection):
            enabled = f"ALTER TABLE event ENABLE TRIGGER {name}"
            connection.execute(text(GUARDS["sqlite"][name] if connection.dialect.name == "sqlite" else enabled))


def test_a_log_without_its_guards_is_named(site: Site) -> None:
    _tamper(site.services.database)
    found = audit(site.services, anchors=[], public=_key(site).public, audited=Audited())
    told = [finding_words(finding) for finding in found]
    assert told
    assert all(words.startswith("事件记录的防改触发器event_") for words in told)


def _recompute(database: Database) -> None:
    """Compute the whole chain anew, as someone would who has read the program."""
    with database.transaction() as session:
        seq, previous = 0, event_log.GENESIS
        for row in session.scalars(select(EventRow).order_by(col(EventRow.seq))).all():
            facts = {name: getattr(row, name) for name in event_log._HASHED} | {"seq": seq + 1}
            facts["previous_hash"] = previous
            previous, seq = event_log._digest(facts), seq + 1
            changed = {"seq": seq, "previous_hash": facts["previous_hash"], "hash": previous}
            session.execute(update(EventRow).where(col(EventRow.seq) == row.seq).values(changed))
        session.execute(update(ChainHeadRow).values(seq=seq, hash=previous))


def test_nothing_is_found_where_nobody_changed_anything(site: Site) -> None:
    audited = Audited()
    assert list(audit(site.services, anchors=[], public=_key(site).public, audited=audited)) == []
    assert (audited.files, audited.editions, audited.counted_otherwise) == (2, 1, 0)
    assert audited.events > 0


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE report SET text = '全部完成' WHERE id = 1", "反馈1（内容）"),
        ("UPDATE report SET state = 'returned' WHERE id = 1", "反馈1（状态）：表中为returned，按事件应为accepted"),
        ("UPDATE report SET verified_claim = 'behind' WHERE id = 1", "反馈1（核定）"),
        ("UPDATE report SET row_id = NULL WHERE id = 1", "反馈1（所属填报行）"),
        ("UPDATE report_value SET value = value + 1 WHERE report_id = 1", "反馈的指标数1（数值）"),
        ("DELETE FROM report_value WHERE report_id = 1", "反馈的指标数1（数值）"),
        ("UPDATE form_row SET late = NULL WHERE late IS NOT NULL AND id = 1", "填报行1（是否逾期）"),
        ("UPDATE form_row SET state = 'accepted' WHERE state = 'open'", "按事件应为open"),
        ("UPDATE form_row SET due_at = '2030-01-01 00:00:00' WHERE id = 1", "填报行1（时限）"),
        ("UPDATE period SET due_at = '2030-01-01 00:00:00' WHERE id = 1", "报送期1（时限）"),
        ("UPDATE assignment SET role = 'support' WHERE id = 1", "分工1（角色）：表中为support，按事件应为lead"),
        ("UPDATE assignment SET state = 'released' WHERE id = 1", "分工1（状态）"),
        ("UPDATE task SET state = 'completed' WHERE id = 1", "事项1（状态）"),
        ("UPDATE series SET addressee = '市统计局' WHERE id = 1", "报送序列1（报送对象）"),
        ("UPDATE circular SET number = '驻政办督〔2022〕9号' WHERE id = 1", "文稿1（编号）"),
        (
            "UPDATE person SET role = 'supervisor' WHERE login = 'swj-2'",
            "（角色）：表中为supervisor",
        ),
        ("UPDATE person SET active = false WHERE login = 'swj-2'", "（是否在用）：表中为False，按事件应为True"),
        ("UPDATE person SET unit_id = 2 WHERE login = 'swj-2'", "（单位）：表中为2，按事件应为1"),
        ("UPDATE person SET login = 'x' WHERE login = 'swj-2'", "（账号）：表中为x"),
        (
            "INSERT INTO person (id, login, name, role, password_hash, active, demonstration, must_change)"
            " VALUES (99, 'x', 'x', 'supervisor', 'x', true, false, false)",
            "账号99：表中有，事件中没有",
        ),
        ("UPDATE circular SET sha256 = facts_sha256 WHERE id = 1", "文稿1（文件摘要）"),
        ("UPDATE circular SET title = title || 'x' WHERE id = 1", "、编号年份、顺序号）："),
    ],
)
def test_what_was_changed_in_a_table_is_named(lent_site: Site, statement: str, words: str) -> None:
    _tamper(lent_site.services.database, statement)
    found = _found(lent_site)
    assert found
    assert any(words in line for line in found), found


def test_everything_that_is_broken_is_named_not_the_first_only(site: Site) -> None:
    facts, paper = sorted(path for path in (site.services.settings.data_dir.parent / "evidence").glob("??/*"))
    facts.chmod(0o600)
    facts.write_bytes(b"")
    paper.unlink()
    _tamper(
        site.services.database,
        "UPDATE event SET actor = 'somebody else' WHERE seq IN (2, 4)",
        "UPDATE report SET text = '全部完成' WHERE id = 1",
        "UPDATE task SET state = 'completed' WHERE id = 1",
    )
    found = "\n".join(_found(site))
    for words in ("第2号事件：内容被改动", "第4号事件：内容被改动", "反馈1（内容）", "事项1（状态）"):
        assert words in found
    assert f"文件{facts.name}（文稿1）：内容与存入时不一致" in found
    assert f"文件{paper.name}（文稿1）：不存在" in found


def test_an_edition_that_cannot_be_computed_hides_nothing(site: Site) -> None:
    for path in (site.services.settings.data_dir.parent / "evidence").glob("??/*"):
        path.chmod(0o600)
        path.write_bytes(b"")
    _tamper(site.services.database, "UPDATE circular SET type = 'assignment', unit_name = NULL WHERE id = 1")
    found = _found(site)
    assert any("文稿1" in line and "按事件重算" in line for line in found)
    assert sum("内容与存入时不一致" in line for line in found) == 2


def test_a_log_that_says_what_no_program_wrote_is_reported_not_a_crash(site: Site) -> None:
    _tamper(site.services.database, "UPDATE event SET payload = '{}'")
    found = _found(site)
    assert any("内容被改动" in line for line in found)
    assert any("号事件内容不能读出" in line for line in found)


def test_an_anchor_kept_elsewhere_shows_a_chain_that_was_recomputed(site: Site) -> None:
    line = anchor_of(site.services, _key(site), at=LATE).line
    _tamper(site.services.database, "UPDATE event SET actor = 'somebody else' WHERE seq = 2")
    _recompute(site.services.database)
    assert _found(site) == []
    assert [found.split("：")[0] for found in _found(site, anchors=[line])] == ["锚记第1行"]


def test_an_anchor_kept_elsewhere_shows_a_tail_that_was_cut_off(site: Site) -> None:
    line = anchor_of(site.services, _key(site), at=LATE).line
    with site.services.database.reading() as session:
        last = event_log.head(session).seq
    _tamper(
        site.services.database,
        f"DELETE FROM event WHERE seq = {last}",
        f"UPDATE chain_head SET seq = {last - 1}, hash = (SELECT hash FROM event WHERE seq = {last - 1})",
    )
    assert f"锚记第1行：所记第{last}号事件已不存在" in _found(site, anchors=[line])


def test_an_anchor_goes_on_to_hold_while_the_log_grows(site: Site) -> None:
    lines = [anchor_of(site.services, _key(site), at=LATE).line]
    with site.client("office") as office:
        assert office.post("/circulars", data={"type": "supervision"}).status_code == 303
    lines.append(anchor_of(site.services, _key(site), at=LATE).line)
    assert _found(site, anchors=lines) == []


def test_lines_that_this_installation_did_not_sign_are_refused(site: Site, tmp_path: Path) -> None:
    other = AnchorKey(tmp_path / "other.key")
    own = anchor_of(site.services, _key(site), at=LATE).line
    seq = own.split()[1]
    lines = [anchor_of(site.services, other, at=LATE).line, own.replace(f" {seq} ", f" {int(seq) - 1} "), "x", own]
    by_another = f"锚记第1行：由另一密钥（{key_name(other.public)}）签署，不是用来核对的密钥"
    assert _found(site, anchors=lines) == [by_another, "锚记第2行：签名不符", "锚记第3行：不是锚记"]
    by_this = by_another.replace(key_name(other.public), key_name(_key(site).public))
    assert _found(site, anchors=[own], public=other.public) == [by_this]


def test_the_key_is_a_file_for_its_owner_alone(site: Site) -> None:
    public = _key(site).public
    assert site.services.settings.anchor_key.stat().st_mode & 0o777 == 0o600
    assert _key(site).public == public


def test_the_scheduler_signs_the_head_once_a_day_into_its_log_and_a_file(site: Site, tmp_path: Path) -> None:
    kept, key, now, day = tmp_path / "anchors", _key(site), datetime(2022, 9, 30, tzinfo=UTC), timedelta(days=1)
    settings = site.services.settings.model_copy(update={"anchor_file": kept})
    services = replace(site.services, settings=settings)
    with written_logs(tmp_path) as logs:
        last = scheduler.anchor(services, key, last=None, now=now)
        assert scheduler.anchor(services, key, last=last, now=now + day / 2) == now
        assert scheduler.anchor(services, key, last=last, now=now + day) == now + day
    lines = kept.read_text().splitlines()
    assert (len(lines), _found(site, anchors=lines)) == (2, [])
    assert [record["line"] for record in logs.records("anchor")] == lines
    assert kept.stat().st_mode & 0o777 == 0o600


def test_the_command_names_what_it_finds_and_fails(site: Site, tmp_path: Path) -> None:
    kept = tmp_path / "anchors"
    app = Flask(__name__)
    register_commands(app, site.services)
    run = app.test_cli_runner().invoke
    assert run(args=["audit", "anchor", "--out", str(kept)]).exit_code == 0
    holds = run(args=["audit", "verify", "--anchor", str(kept)])
    assert (holds.exit_code, "锚记1条，没有发现问题" in holds.output) == (0, True)
    _tamper(site.services.database, "UPDATE report SET text = '全部完成' WHERE id = 1")
    _guard_again(site.services.database)
    broken = run(args=["audit", "verify"])
    assert broken.exit_code == 1
    assert "反馈1（内容）" in broken.output
    assert "文稿1驻政办督〔2022〕1号：按事件重算" in broken.output  # which tells what the report says
    assert "发现2处问题" in broken.output
    public = run(args=["audit", "key"]).output.strip()
    assert public == _key(site).public


def test_a_paper_about_a_unit_is_computed_again_whatever_the_unit_is_called_since(site: Site) -> None:
    asked = {"type": "assignment", "unit": "市商务局", "document": NUMBER}
    with site.client("office") as office:
        assert office.post("/circulars", data=asked).status_code == 303
    names = {"full_name": "驻马店市商务和口岸局", "short_name": "市商务口岸局"}
    with site.services.database.transaction() as session:
        rename_unit(session, unit_id=1, **names, valid_from=LATE.date(), reason="机构改革", actor=OFFICE, at=LATE)
    assert _found(site) == []
    site.clock.at = LATE - timedelta(days=1)
    with site.client("office") as office:
        assert office.post("/circulars", data={**asked, "unit": names["short_name"]}).status_code == 303
    audited = Audited()
    assert list(audit(site.services, anchors=[], public=_key(site).public, audited=audited)) == []
    assert audited.editions == 3
