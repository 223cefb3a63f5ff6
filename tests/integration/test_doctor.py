"""`flask doctor` on a healthy site, and on one in which each thing is broken in turn: its sentence, and the exit."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from tests.support.backups import small_backup
from tests.support.clamd import clamd
from tests.support.commands import run_flask
from tests.support.databases import fresh_sqlite
from tests.support.keys import SECRET_KEY
from tests.support.oidc_provider import CLIENT, CLIENT_SECRET, oidc_provider
from tests.support.site import Site
from tests.support.smtp import ScriptedSmtpServer, smtp_server
from tracker.cli.doctor.command import CHECKS, doctor_command
from tracker.cli.doctor.findings import Check, Level, run
from tracker.gateways.clock import SystemClock
from tracker.gateways.heartbeats import BACKGROUND, HUNG_AFTER_S, WORKER, Heartbeats
from tracker.gateways.passwords import hash_password
from tracker.services import Services
from tracker.settings import load_settings
from tracker.store.database import Database
from tracker.store.tables.events import DeliveryRow, DemonstrationClockRow

__all__ = ["smtp_server"]


@dataclass
class Patient:
    """A site in production that lacks nothing but Redis; `settings` are the variables that a test changes."""

    site: Site
    folder: Path
    variables: dict[str, str]

    @property
    def var(self) -> Path:
        return self.folder / "var"

    def services(self) -> Services:
        base = {"TRACKER_MODE": "production", "TRACKER_SECRET_KEY": SECRET_KEY, "TRACKER_DATA_DIR": str(self.var)}
        settings = load_settings({**base, **self.variables})
        url = self.variables.get("TRACKER_DATABASE_URL")
        database = Database(url) if url else self.site.services.database
        return replace(self.site.services, settings=settings, database=database, clock=SystemClock())

    def told(self) -> Result:
        app = Flask("tracker")
        app.cli.add_command(doctor_command(self.services()))
        return app.test_cli_runner().invoke(args=["doctor"])

    def run_sql(self, *statements: str) -> None:
        with self.site.services.database.transaction() as session:
            for statement in statements:
                session.execute(text(statement))


@pytest.fixture
def patient(tmp_path: Path, smtp_server: ScriptedSmtpServer) -> Patient:
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    site.work()
    (tmp_path / "backups").mkdir()
    small_backup(tmp_path / "backups" / "today.tar")
    (tmp_path / "lines").touch()
    variables = {
        "TRACKER_DATABASE_URL": f"sqlite:///{tmp_path / 'tracker.db'}",
        "TRACKER_SMTP_URL": smtp_server.url,
        "TRACKER_MAIL_FROM": "dubanban@example.org",
        "TRACKER_TRUSTED_PROXIES": "unix",
        "TRACKER_BACKUP_DIR": str(tmp_path / "backups"),
        "TRACKER_ANCHOR_FILE": str(tmp_path / "lines"),
        "TRACKER_ALLOW_ROOT": "1",
    }
    for path in tmp_path.glob("tracker.db*"):
        path.chmod(0o600)
    made = Patient(site, tmp_path, variables)
    for name in BACKGROUND:
        Heartbeats(made.var).beat(name)
    made.run_sql("UPDATE person SET login = 'u' || id", "UPDATE person SET password_hash = 'x' || id")
    return made


def _old_delivery(patient: Patient) -> None:
    old = datetime.now(UTC) - timedelta(minutes=20)
    with patient.site.services.database.transaction() as session:
        session.add(DeliveryRow(event_seq=1, reaction="x", state="claimed", next_at=old, claim_until=old))


def _demonstration_clock(patient: Patient) -> None:
    with patient.site.services.database.transaction() as session:
        session.add(DemonstrationClockRow(id=1, now=datetime.now(UTC)))


def _away(patient: Patient) -> None:
    patient.variables["TRACKER_DATABASE_URL"] = "postgresql+psycopg://x:x@127.0.0.1:1/x"


def _set(name: str, value: str) -> Callable[[Patient], None]:
    return lambda patient: patient.variables.update({name: value})


def _sql(*statements: str) -> Callable[[Patient], None]:
    return lambda patient: patient.run_sql(*statements)


def _corrupt(patient: Patient) -> None:
    patient.site.services.database.dispose()
    for ending in ("-wal", "-shm"):
        (patient.folder / f"tracker.db{ending}").unlink(missing_ok=True)
    (patient.folder / "tracker.db").write_bytes(b"no database at all" * 100)


def _moved(patient: Patient) -> None:
    patient.site.services.database.dispose()
    (patient.folder / "tracker.db").rename(patient.folder / "elsewhere.db")


def _demo_account(patient: Patient) -> None:
    hashed = hash_password("demo-2022")
    with patient.site.services.database.transaction() as session:
        session.execute(text("UPDATE person SET password_hash = :h WHERE id < 4"), {"h": hashed})


def _silent(patient: Patient) -> None:
    for path in (patient.var / "run").glob("relay-*"):
        os.utime(path, (0, path.stat().st_mtime - 3600))


def _old_backup(patient: Patient) -> None:
    path = patient.folder / "backups" / "today.tar"
    os.utime(path, (0, path.stat().st_mtime - 3 * 86_400))


def _in_place_of_backup(content: bytes | None) -> Callable[[Patient], None]:
    """Put something else there; None: the backup without its end."""

    def put(patient: Patient) -> None:
        path = patient.folder / "backups" / "today.tar"
        path.write_bytes(path.read_bytes()[:600] if content is None else content)

    return put


def _killed_backup(name: str) -> Callable[[Patient], None]:
    def leave(patient: Patient) -> None:
        path = patient.folder / "backups" / name
        path.touch()
        os.utime(path, (0, path.stat().st_mtime - 3 * 86_400))

    return leave


def _old_anchor(patient: Patient) -> None:
    path = patient.folder / "lines"
    os.utime(path, (0, path.stat().st_mtime - 3 * 86_400))


def _no_provider(patient: Patient) -> None:
    given = {"ISSUER": "http://127.0.0.1:1", "CLIENT_ID": "x", "CLIENT_SECRET": "x"}
    patient.variables.update({f"TRACKER_OIDC_{name}": value for name, value in given.items()})


def _open_key(patient: Patient) -> None:
    path = patient.folder / "anchors" / "key"
    path.parent.mkdir()
    path.write_text("00")
    path.chmod(0o644)
    patient.variables["TRACKER_ANCHOR_KEY"] = str(path)


_BROKEN: dict[str, tuple[Callable[[Patient], object], str, str]] = {
    "database away": (_away, "【应处理】数据库：连不上数据库", "TRACKER_DATABASE_URL"),
    "database moved": (_moved, "【应处理】数据库：没有数据库文件", "放回原处"),
    "database broken": (_corrupt, "【应处理】数据库：连不上数据库", "数据库可用以后才能检查"),
    "old schema": (
        _sql("UPDATE alembic_version SET version_num = '0001'"),
        "【应处理】数据库结构：",
        "flask db upgrade",
    ),
    "head cut": (_sql("UPDATE chain_head SET seq = seq + 1"), "【应处理】事件链：事件链链头", "flask audit verify"),
    "log unguarded": (
        _sql("DROP TRIGGER event_no_delete"),
        "【应处理】事件链：事件记录的防改触发器（event_no_delete）",
        "flask audit verify",
    ),
    "relay silent": (_silent, "【应处理】后台进程：分发进程（relay）已有60分钟没有动静", "启动该进程"),
    "worker hangs": (
        lambda patient: Heartbeats(patient.var).beat(WORKER, busy_s=HUNG_AFTER_S * 2),
        "【应处理】后台进程：办理进程（worker）有一件工作已办6分钟没有结束",
        "重新启动该进程",
    ),
    "backlog": (_old_delivery, "【应处理】后台进程：有待办的工作已等候20分钟", "邮件服务器"),
    "given up": (_sql("UPDATE delivery SET state = 'failed'"), "已经放弃", "【提示】后台进程"),
    "demonstration's data": (_demonstration_clock, "【应处理】时间记录：数据带有演示时钟", "换一个空的"),
    "mail away": (_set("TRACKER_SMTP_URL", "smtp://127.0.0.1:1"), "【应处理】邮件：邮件服务器不可用", "核对"),
    "mail off": (
        lambda patient: patient.variables.update({"TRACKER_SMTP_URL": "", "TRACKER_MAIL_FROM": ""}),
        "【提示】邮件：没有设置邮件服务器",
        "TRACKER_SMTP_URL",
    ),
    "no sender": (
        _set("TRACKER_MAIL_FROM", "tracker@localhost"),
        "【应处理】邮件：没有设置发件人",
        "TRACKER_MAIL_FROM",
    ),
    "open database": (
        lambda patient: (patient.folder / "tracker.db").chmod(0o644),
        "tracker.db可以被其他用户读写",
        "chmod go=",
    ),
    "proxies": (_set("TRACKER_TRUSTED_PROXIES", ""), "【提示】前置代理：", "TRACKER_TRUSTED_PROXIES"),
    **{
        f"no {role}": (
            _sql(f"UPDATE person SET active = FALSE WHERE role = '{role}'"),
            f"【应处理】管理员：没有在用的{name}账号",
            f"flask users create 账号 --name 姓名 --role {role} --code",
        )
        for role, name in (
            ("system_admin", "系统管理员"),
            ("security_admin", "安全保密管理员"),
            ("audit_admin", "审计管理员"),
        )
    },
    **{
        f"{role} let his code run out": (
            _sql(
                "UPDATE person SET must_change = TRUE, code_expires_at = '2020-01-01 00:00:00.000000+00:00'"
                f" WHERE role = '{role}'"
            ),
            f"【应处理】管理员：没有人能够以{name}身份登录",
            "请服务器运维人员（root）运行 flask users reset u",
        )
        for role, name in (
            ("system_admin", "系统管理员"),
            ("security_admin", "安全保密管理员"),
            ("audit_admin", "审计管理员"),
        )
    },
    "nobody at all": (
        _sql("UPDATE person SET active = FALSE", "UPDATE task SET state = 'cancelled'"),
        "【提示】联络员：还没有能够登录的联络员账号",
        "没有在用的系统管理员账号",
    ),
    "no liaison": (_sql("UPDATE person SET active = FALSE"), "个承办单位没有联络员：", "开通联络员账号"),
    "demo accounts": (_demo_account, "【应处理】演示账号：有3个账号使用演示密码", "停用这些账号"),
    "made by a demonstration": (
        _sql("UPDATE person SET demonstration = TRUE WHERE id = 1"),
        "【应处理】演示账号：有1个在用的演示账号，系统不能启动",
        "flask users disable --demonstration",
    ),
    "no scanner": (_set("TRACKER_CLAMD", ""), "【提示】病毒扫描：没有设置病毒扫描", "TRACKER_CLAMD"),
    "scanner away": (_set("TRACKER_CLAMD", "tcp://127.0.0.1:1"), "【应处理】病毒扫描：病毒扫描没有应答", "启动clamd"),
    "provider away": (_no_provider, "【应处理】统一身份认证：统一身份认证没有应答", "TRACKER_OIDC_ISSUER"),
    "open key": (_open_key, "anchors/key可以被其他用户读写", "chmod go="),
    "no anchors set": (_set("TRACKER_ANCHOR_FILE", ""), "【提示】事件锚记：", "TRACKER_ANCHOR_FILE"),
    "no anchors": (
        lambda patient: (patient.folder / "lines").unlink(),
        "【应处理】事件锚记：还没有锚记文件",
        "scheduler",
    ),
    "old anchors": (_old_anchor, "【应处理】事件锚记：最近一次锚记是72小时以前", "scheduler"),
    "no backup set": (_set("TRACKER_BACKUP_DIR", ""), "【提示】备份：没有设置备份目录", "TRACKER_BACKUP_DIR"),
    "old backup": (_old_backup, "【应处理】备份：最近一次备份是72小时以前", "tracker-backup.service"),
    "a killed daily backup": (_killed_backup(".tracker-20220901-023000.tar"), "个中断后留下的备份", "手工删除"),
    "a killed backup": (_killed_backup(".backup-x.part"), "个中断后留下的备份", "手工删除"),
    "half a backup": (
        lambda patient: (patient.folder / "backups" / "today.tar").rename(
            patient.folder / "backups" / ".backup-x.part"
        ),
        "里没有备份",
        "tracker-backup.timer",
    ),
    "no backup": (
        lambda patient: (patient.folder / "backups" / "today.tar").unlink(),
        "里没有备份",
        "tracker-backup.timer",
    ),
    "something else where backups are": (_in_place_of_backup(b"SHA256 (today.tar) = ff\n"), "没有备份", "flask backup"),
    "half a copy of a backup": (
        _in_place_of_backup(None),
        "所放1个文件都不是完整的备份：today.tar等",
        "没有复制完的重新复制",
    ),
    "a compressed backup": (
        _in_place_of_backup(b"\x1f\x8b\x08"),
        "所放1个文件都不是完整的备份：today.tar等",
        "压缩、加密的须先还原",
    ),
    "no folder for backups": (
        lambda patient: shutil.rmtree(patient.folder / "backups"),
        "【应处理】备份：备份目录",
        "TRACKER_BACKUP_DIR",
    ),
    "a sender without a server": (
        _set("TRACKER_SMTP_URL", ""),
        "【提示】邮件：设置了发件人地址，没有设置邮件服务器",
        "TRACKER_SMTP_URL",
    ),
}


def test_a_healthy_site_lacks_nothing_that_must_be_mended(patient: Patient) -> None:
    told = patient.told()
    mended = [line for line in told.output.splitlines() if line.startswith("【应处理】") and "工作日历" not in line]
    assert mended == []
    assert "【提示】Redis：Redis没有应答" in told.output
    assert "【正常】数据库：可以读写。" in told.output
    assert "【正常】演示账号：没有。" in told.output
    assert {line.split("：")[0].partition("】")[2] for line in told.output.splitlines()[:-1]} == {
        c.name for c in CHECKS
    }


@pytest.mark.parametrize("what", sorted(_BROKEN))
def test_each_thing_that_is_broken_has_its_sentence_and_its_remedy(patient: Patient, what: str) -> None:
    breaking, words, remedy = _BROKEN[what]
    breaking(patient)
    told = patient.told()
    assert words in told.output, told.output
    assert remedy in told.output
    assert "检查没有完成" not in told.output
    assert (patient.folder / "tracker.db").exists() is (what != "database moved"), "it makes none"
    if "【应处理】" in words:
        assert told.exit_code == 1


@pytest.mark.parametrize("name", [".backup-x.part", ".tracker-20220901-023000.tar", "yesterday.tar"])
def test_a_backup_that_goes_while_doctor_looks_is_none(patient: Patient, name: str) -> None:
    """A link to nothing is as one that was renamed between the two looks: it has a name and no file."""
    (patient.folder / "backups" / name).symlink_to(patient.folder / "gone")
    assert "【正常】备份：" in patient.told().output


def test_scanner_and_provider_are_really_asked(patient: Patient) -> None:
    with clamd() as address, oidc_provider() as provider:
        patient.variables |= {"TRACKER_CLAMD": address, "TRACKER_OIDC_ISSUER": provider.issuer}
        patient.variables |= {"TRACKER_OIDC_CLIENT_ID": CLIENT, "TRACKER_OIDC_CLIENT_SECRET": CLIENT_SECRET}
        told = patient.told().output
    assert ("【正常】病毒扫描：" in told, "【正常】统一身份认证：" in told, len(provider.asked)) == (True, True, 1)


def test_warnings_alone_exit_0_and_one_thing_to_mend_exits_1(patient: Patient) -> None:
    """By the calendar that the program ships: a later year than it knows must be imported."""
    years = patient.site.services.calendar.published_years
    told = patient.told()
    this_year = datetime.now(UTC).astimezone().year
    assert told.exit_code == (0 if this_year in years else 1), told.output
    assert ("没有必须处理的问题" in told.output) is (this_year in years)


def test_the_office_s_calendar_is_asked_for_by_year(patient: Patient) -> None:
    services = patient.services()
    ask = next(check.ask for check in CHECKS if check.name == "工作日历")

    @dataclass
    class At:
        at: datetime

        def now(self) -> datetime:
            return self.at

    def levels(year: int) -> list[Level]:
        return [found.level for found in ask(replace(services, clock=At(datetime(year, 6, 1, tzinfo=UTC))))]

    assert levels(2023) == []
    assert levels(max(services.calendar.published_years)) == [Level.WARN]
    assert levels(2035) == [Level.MEND, Level.WARN]


def test_a_check_that_crashes_says_so_and_the_next_goes_on(patient: Patient) -> None:
    def crash(_services: Services) -> Iterator[None]:
        raise ZeroDivisionError("of its own")

    checks = (Check("坏的", crash, ""), Check("好的", lambda _services: (), "好。"))  # type: ignore[arg-type]  # it never yields
    found = [
        (check.name, finding.level, finding.words)
        for check, finding in run(checks, patient.services(), has_tables=True, has_folder=True)
    ]
    assert found == [
        ("坏的", Level.MEND, "检查没有完成（ZeroDivisionError: of its own）。"),
        ("好的", Level.OK, "好。"),
    ]


def test_a_machine_without_programs_and_fonts_is_told_what_to_install(
    patient: Patient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    bare = patient.told().output
    assert "没有安装LibreOffice" in bare
    assert "没有安装poppler" in bare
    assert "没有安装 fontconfig" in bare
    lister = programs / "fc-list"
    lister.write_text("#!/bin/sh\necho 'Noto Serif CJK SC,思源宋体'\n")
    lister.chmod(0o755)
    assert "缺少公文字体：小标宋体、仿宋、楷体、黑体，" in patient.told().output
    lister.write_text("#!/bin/sh\nprintf '方正小标宋简体\\n仿宋_GB2312\\n楷体_GB2312\\n黑体,SimHei\\n宋体\\n'\n")
    assert "【正常】公文字体：齐全。" in patient.told().output


def test_settings_with_which_nothing_starts_are_told_in_chinese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_METRICS_TOKEN", "short")
    told = run_flask(tmp_path, "doctor", mode="production")
    assert told.returncode == 1
    assert "【应处理】设置：TRACKER_METRICS_TOKEN有误，系统不能启动。监控口令不能少于16个字符，" in told.stdout
    assert "Traceback" not in told.stderr
