"""A database server that does not let us in: every command says in one Chinese line why, and what to do."""

from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from tests.support.databases import _admin, create_postgres, drop_postgres
from tests.support.keys import SECRET_KEY
from tests.support.smtp import ScriptedSmtpServer, smtp_server
from tracker.bootstrap import build_services
from tracker.cli.commands import register_commands
from tracker.cli.doctor.machine import _GREETINGS
from tracker.gateways.mail import Greeting, SmtpSender, TemporaryFailure, greeting_failed
from tracker.settings import load_settings
from tracker.store import schema
from tracker.store.server_troubles import ServerTrouble, server_trouble
from tracker.wording.database import NO_TABLES, SERVER_TROUBLES

__all__ = ["smtp_server"]

_COMMANDS = (("users", "list"), ("db", "upgrade"), ("backup",), ("doctor",))


def _environ(folder: Path, url: str) -> dict[str, str]:
    return {
        "TRACKER_MODE": "production",
        "TRACKER_DATA_DIR": str(folder / "var"),
        "TRACKER_SECRET_KEY": SECRET_KEY,
        "TRACKER_DATABASE_URL": url,
        "TRACKER_ALLOW_ROOT": "1",
    }


def _said(folder: Path, url: str, *command: str) -> str:
    app = Flask("tracker")
    services = build_services(load_settings(_environ(folder, url)))
    register_commands(app, services)
    try:
        target = (str(folder / "b.tar"),) if command == ("backup",) else ()
        told = app.test_cli_runner().invoke(args=[*command, *target])
    finally:
        services.database.dispose()
    assert told.exit_code == 1, told.output
    return told.output


def _are_told(folder: Path, url: str, words: str) -> None:
    for command in _COMMANDS:
        said = _said(folder, url, *command)
        line = next(line for line in said.splitlines() if line.startswith(("Error: ", "【应处理】数据库：")))
        assert words in line, (command, said)
        assert ("connection" in line, "FATAL" in line, line.endswith(("。", "）"))) == (False, False, True), line
        assert command == ("doctor",) or said.count("\n") == 1


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql+psycopg://x:x@127.0.0.1:1/x", "127.0.0.1没有数据库服务应答"),
        ("postgresql+psycopg://x@nohost.invalid/x", "找不到主机nohost.invalid"),
        ("postgresql+psycopg://x@/x?host=/nonexistent", "没有套接字/nonexistent"),
        ("postgresql+psycopg://x@127.0.0.1:1/x?foo=1", "问号后面的选项有误"),
    ],
)
def test_a_server_that_is_not_there(tmp_path: Path, url: str, words: str) -> None:
    _are_told(tmp_path, url, words)


def test_a_server_that_knows_neither_the_database_nor_the_role(tmp_path: Path, postgres_url: str) -> None:
    server = make_url(postgres_url)
    for changed, words in (
        (server.set(database="nodb"), "没有名为nodb的库。请以数据库管理员身份运行 createdb"),
        (server.set(username="norole"), "没有名为norole的用户"),
    ):
        _are_told(tmp_path, changed.render_as_string(hide_password=False), words)


def test_a_database_without_our_tables_or_without_rights_to_them(tmp_path: Path, postgres_url: str) -> None:
    database, name = create_postgres(postgres_url)
    url, role = make_url(postgres_url).set(database=name), f"plain_{name}"
    try:
        assert NO_TABLES in _said(tmp_path, url.render_as_string(hide_password=False), "users", "list")
        schema.upgrade(database)
        with _admin(postgres_url).connect() as connection:
            connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        plain = url.set(username=role).render_as_string(hide_password=False)
        assert "数据库用户没有权限" in _said(tmp_path, plain, "users", "list")
    finally:
        database.dispose()
        drop_postgres(postgres_url, name)
        with _admin(postgres_url).connect() as connection:
            connection.execute(text(f"DROP ROLE IF EXISTS {role}"))


@pytest.mark.parametrize(
    ("said", "kind", "name"),
    [
        ('FATAL:  password authentication failed for user "t"', ServerTrouble.WRONG_PASSWORD, "t"),
        ('致命错误:  用户 "t" Password 认证失败', ServerTrouble.WRONG_PASSWORD, "t"),
        ('致命错误:  数据库 "d" 不存在', ServerTrouble.NO_DATABASE, "d"),
        ('致命错误:  角色 "t" 不存在', ServerTrouble.NO_ROLE, "t"),
        ('FATAL:  Peer authentication failed for user "t"', ServerTrouble.PEER, "t"),
        ('致命错误:  对用户"t"的 Peer 认证失败', ServerTrouble.PEER, "t"),
        ("failed: fe_sendauth: no password supplied", ServerTrouble.NO_PASSWORD, ""),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "t"', ServerTrouble.NOT_ADMITTED, ""),
        ("FATAL:  the database system is starting up", ServerTrouble.NOT_YET, ""),
        ('FATAL:  database "d" is not currently accepting connections', ServerTrouble.NOT_YET, ""),
        ("FATAL:  sorry, too many clients already", ServerTrouble.TOO_MANY, ""),
        ("connection timeout expired", ServerTrouble.SILENT, ""),
        ("server closed the connection unexpectedly", ServerTrouble.CLOSED, ""),
    ],
)
def test_what_a_server_says_in_either_language_is_understood(said: str, kind: ServerTrouble, name: str) -> None:
    found = server_trouble(OperationalError(None, None, psycopg.OperationalError(said)))
    assert found is not None
    assert (found.kind, found.name) == (kind, name)


def test_every_kind_has_its_sentence() -> None:
    assert SERVER_TROUBLES.keys() == set(ServerTrouble)
    assert _GREETINGS.keys() == set(Greeting)


def test_a_mail_server_is_judged_by_what_it_does(smtp_server: ScriptedSmtpServer) -> None:
    def kind(url: str) -> Greeting:
        with pytest.raises(TemporaryFailure) as failed:
            SmtpSender(url, timeout_s=5).greet()
        return greeting_failed(failed.value)

    plain = smtp_server.url.split("?")[0]
    assert kind("smtp://127.0.0.1:1") is Greeting.REFUSED
    assert kind("smtp://nohost.invalid") is Greeting.NO_HOST
    assert kind(plain.replace("smtp://", "smtps://")) is Greeting.NO_TLS
    assert kind(f"{plain}?starttls=1") is Greeting.NOT_OFFERED
    smtp_server.answer("connect", "554 go away")
    assert kind(plain) is Greeting.ANSWERED
