"""`flask users …`, and that nobody serves a demonstration's accounts in production."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.support.commands import ROOT, invoke_flask
from tests.support.databases import warmed
from tests.support.keys import SECRET_KEY
from tracker.bootstrap import DemonstrationInProduction, build_services, start_services
from tracker.cli.commands import register_commands
from tracker.settings import load_settings
from tracker.store import schema

_GOOD = "tianzhongshan lu 68"
_CODE = re.compile(r"一次性口令：([A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4})（")


def _environ(folder: Path, mode: str = "production") -> dict[str, str]:
    return {
        "TRACKER_MODE": mode,
        "TRACKER_DATA_DIR": str(folder),
        "TRACKER_SECRET_KEY": SECRET_KEY,
        "TRACKER_ALLOW_ROOT": "1",  # so that whoever runs the tests meets what is asked here
    }


def _users(folder: Path, *command: str, typed: str = "") -> Result:
    services = build_services(load_settings(_environ(folder)))
    warmed(services.database)
    app = Flask("tracker")
    register_commands(app, services)
    try:
        return app.test_cli_runner().invoke(args=["users", *command], input=typed)
    finally:
        services.database.dispose()


@pytest.fixture
def seeded(tmp_path: Path) -> Path:
    for command in (("db", "upgrade"), ("seed",)):
        assert invoke_flask(tmp_path, *command, mode="production").exit_code == 0
    return tmp_path


def _rows(folder: Path, wanted: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "tracker.db") as connection:
        return connection.execute(wanted).fetchall()


def test_an_account_is_created_listed_moved_reset_disabled_and_enabled(seeded: Path) -> None:
    create = ("create", "zhang", "--name", "张三", "--role", "liaison")
    assert _users(seeded, *create, "--unit", "shangwuju", typed=f"{_GOOD}\n{_GOOD}\n").exit_code == 0
    first = _users(seeded, "create", "an", "--name", "安全员", "--role", "security_admin", "--code")
    assert len(_CODE.findall(first.output)) == 1
    listed = _users(seeded, "list").output
    assert "zhang  张三  联络员  市商务局  在用  -" in listed
    assert "an  安全员  安全保密管理员  -  待首次登录改密  -" in listed
    assert _users(seeded, "unit", "zhang", "市统计局").exit_code == 0
    assert "市统计局" in _users(seeded, "list").output
    assert len(_CODE.findall(_users(seeded, "reset", "zhang").output)) == 1
    assert _users(seeded, "disable", "zhang").exit_code == 0
    assert "zhang  张三  联络员  市统计局  已停用" in _users(seeded, "list", "--state", "disabled").output
    assert len(_CODE.findall(_users(seeded, "enable", "zhang").output)) == 1
    told = [type_ for (type_,) in _rows(seeded, "SELECT type FROM event WHERE type LIKE 'account.%' ORDER BY seq")]
    assert told == [
        *("account.created", "account.created", "account.changed", "account.reset"),
        *("account.disabled", "account.enabled"),
    ]


def test_of_several_accounts_each_is_disabled_once_or_the_one_is_named_that_cannot_be(seeded: Path) -> None:
    for login in ("an", "bao", "chu"):
        assert _users(seeded, "create", login, "--name", "x", "--role", "leader", "--code").exit_code == 0
    twice = _users(seeded, "disable", "an", "bao", "bao")
    assert (twice.exit_code, "已停用2个账号" in twice.output) == (0, True), twice.output
    again = _users(seeded, "disable", "chu", "bao")
    assert (again.exit_code, "账号bao已经停用" in again.stderr, "没有停用任何账号" in again.stderr) == (1, True, True)
    assert "chu" not in _users(seeded, "list", "--state", "disabled").output
    none = _users(seeded, "reset-factor", "chu")
    assert (none.exit_code, "没有设置双因素验证" in none.stderr) == (1, True), none.stderr


def test_the_command_says_which_administrator_is_nobody_any_more(seeded: Path) -> None:
    for login in ("an", "bao"):
        assert _users(seeded, "create", login, "--name", "x", "--role", "security_admin", "--code").exit_code == 0
    first, last = _users(seeded, "disable", "an"), _users(seeded, "disable", "bao")
    assert (first.exit_code, "没有能够登录的" in first.stderr) == (0, False)
    assert (last.exit_code, "现在没有能够登录的安全保密管理员账号" in last.stderr) == (0, True)


@pytest.mark.parametrize(
    ("command", "typed", "words"),
    [
        (("create", "b", "--name", "张三", "--role", "leader"), f"{_GOOD}\n{_GOOD}\n", "账号只能用小写字母"),
        (("create", "bb", "--name", "张三", "--role", "liaison"), f"{_GOOD}\n{_GOOD}\n", "必须有所属单位"),
        (("create", "bb", "--name", "张三", "--role", "leader"), "\n\n", "新密码不符合要求：长度不够"),
        (("create", "bb", "--name", "张三", "--role", "leader"), "1\n1\n", "新密码不符合要求：长度不够"),
        (("create", "bb", "--name", "张三", "--role", "leader", "--unit", "x"), f"{_GOOD}\n{_GOOD}\n", "没有这个单位"),
        (("create", "bb", "--name", "张三", "--role", "leader", "--email", "bad"), "", "邮箱"),
        (("reset", "niemand"), "", "没有账号niemand"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(seeded: Path, command: tuple[str, ...], typed: str, words: str) -> None:
    refused = _users(seeded, *command, typed=typed)
    assert (refused.exit_code, words in refused.stderr) == (1, True), refused.output
    assert ("密码：" in refused.output or "密码:" in refused.output) is ("新密码" in words), (
        "only where all else is right"
    )
    assert _rows(seeded, "SELECT count(*) FROM person") == [(0,)]


def test_a_password_is_no_option(seeded: Path) -> None:
    given = _users(seeded, "create", "bb", "--name", "x", "--role", "leader", "--password", _GOOD)
    assert given.exit_code == 2
    assert _users(seeded, "create", "bb", "--name", "x", "--role", "system").exit_code == 2
    assert _users(seeded, "disable").exit_code == 2


@pytest.mark.timeout(120)
def test_production_does_not_start_with_the_accounts_of_a_demonstration(tmp_path: Path) -> None:
    for command in (("db", "upgrade"), ("seed",)):
        assert invoke_flask(tmp_path, *command).exit_code == 0
    settings = load_settings(_environ(tmp_path))
    with pytest.raises(DemonstrationInProduction, match="正式环境不能启动：数据中还有"):
        start_services(settings)
    for program in (["-c", "import wsgi"], *(["-m", f"workers.{name}"] for name in ("worker", "relay", "scheduler"))):
        ended = subprocess.run(
            [sys.executable, *program], cwd=ROOT, env=_environ(tmp_path), capture_output=True, text=True, check=False
        )
        said = ended.stdout + ended.stderr
        assert (ended.returncode, said.startswith("正式环境不能启动"), said.count("\n")) == (1, True, 1), said
    start_services(load_settings(_environ(tmp_path, "demo"))).database.dispose()
    assert _users(tmp_path, "disable", "--demonstration").exit_code == 0
    start_services(settings).database.dispose()


def test_what_was_made_before_is_put_right(tmp_path: Path) -> None:
    """Accounts of an earlier demonstration share one hash; a liaison without a unit waits for a role."""

    services = build_services(load_settings(_environ(tmp_path)))
    schema.upgrade_to(services.database, "0024")
    made = (("a", "leader", "h1"), ("b", "leader", "h1"), ("c", "liaison", "h2"), ("d", "reader", "h3"))
    with services.database.engine.begin() as connection:
        for login, role, hash_ in made:
            connection.exec_driver_sql(
                "INSERT INTO person (login, name, role, password_hash, active, failed_logins) VALUES "
                f"('{login}', 'x', '{role}', '{hash_}', 1, 0)"
            )
    schema.upgrade(services.database)
    services.database.dispose()
    found = _rows(tmp_path, "SELECT login, role, asked_role, demonstration FROM person ORDER BY login")
    assert found == [
        ("a", "leader", None, 1),
        ("b", "leader", None, 1),
        ("c", "pending", "liaison", 0),
        ("d", "reader", None, 0),
    ]


def test_a_second_factor_is_reset_by_whoever_has_the_machine(seeded: Path) -> None:
    create = ("create", "an", "--name", "安全员", "--role", "security_admin", "--code")
    assert _users(seeded, *create).exit_code == 0
    assert _users(seeded, "reset-factor", "an").exit_code == 1
    with sqlite3.connect(seeded / "tracker.db") as connection:
        wanted = (
            "INSERT INTO second_factor (user_id, sealed, reset_told) SELECT id, 'x', 0 FROM person WHERE login = 'an'"
        )
        connection.execute(wanted)
    assert _users(seeded, "reset-factor", "an").exit_code == 0
    assert _rows(seeded, "SELECT sealed, reset_by FROM second_factor") == [(None, "命令行")]
    assert _users(seeded, "reset-factor", "wer").exit_code == 1
