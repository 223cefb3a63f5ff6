"""What `deploy/` ships is what the product is: units, proxy, compose file, environment; tried as it runs here."""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from http.client import HTTPConnection
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from tests.support.commands import FLASK, ROOT, invoke_flask, run_flask
from tests.support.keys import SECRET_KEY
from tracker.domain.searching import LONGEST_QUESTION
from tracker.gateways.backup_looks import looks_whole
from tracker.gateways.evidence_files import LARGEST_FILE_BYTES
from tracker.settings import _VARIABLES, load_settings
from tracker.web.sent_bytes import LARGEST_REQUEST_BYTES, LARGEST_TOGETHER_BYTES

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
# Where `make run` serves, and what nobody should need.
_NOT_SHIPPED = {"PORT", "TRACKER_ALLOW_ROOT"}
_NEVER = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "RestrictSUIDSGID": "yes",
    "LockPersonality": "yes",
    "CapabilityBoundingSet": "",
    "UMask": "0077",
    "User": "tracker",
}


def _facts(unit: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in unit.read_text(encoding="utf-8").splitlines():
        name, sign, value = line.partition("=")
        if sign and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def _environment(name: str = "tracker.env") -> dict[str, str]:
    lines = (DEPLOY / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def _compose() -> dict[str, Any]:  # Any: what YAML holds
    found = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def _commands() -> Iterator[tuple[str, list[str]]]:
    """Yield every command line that starts something of ours, whoever starts it."""
    for unit in UNITS:
        yield unit.stem, shlex.split(_facts(unit)["ExecStart"][0])
    for name, service in _compose()["services"].items():
        if service.get("image", "").startswith("tracker"):
            yield name, service["command"]


def _script() -> list[str]:
    return shlex.split((DEPLOY / "backup.sh").read_text(encoding="utf-8"), comments=True)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_each_unit_may_do_no_more_than_it_must(unit: Path) -> None:
    facts = _facts(unit)
    assert {name: facts.get(name) for name in _NEVER} == {name: [value] for name, value in _NEVER.items()}
    assert "MemoryMax" in facts
    assert "/var/lib/tracker" in facts["ReadWritePaths"]
    # What tells of a failure also tells of one that comes from that file.
    of_environment = [] if unit.stem == "tracker-failed@" else ["/etc/tracker/tracker.env"]
    assert facts.get("EnvironmentFile", []) == of_environment


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """In a copy whose programs, folder and user are those of this machine: whether these exist is asked elsewhere."""
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text(encoding="utf-8").replace("/opt/tracker/.venv/bin", str(Path(sys.executable).parent))
        (tmp_path / unit.name).write_text(text.replace("=tracker\n", "=root\n").replace("/opt/tracker", str(ROOT)))
    command = ["systemd-analyze", "verify", "--man=no", *sorted(map(str, tmp_path.iterdir()))]
    judged = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    said = [line for line in judged.stderr.splitlines() if str(tmp_path) in line or "tracker" in line]
    assert (judged.returncode, said) == (0, [])


def test_every_command_is_one_that_the_project_has(tmp_path: Path) -> None:
    shown = run_flask(tmp_path, "--help").stdout
    for name, command in _commands():
        words = [word.rpartition("/.venv/bin/")[2] for part in command for word in part.split()]
        if words[-1] == "/opt/tracker/deploy/backup.sh":
            words = _script()
        if "flask" in words:
            for called in (after for word, after in pairwise(words) if word == "flask"):
                assert f"  {called} " in shown, name
        elif "-m" in words:
            assert (ROOT / (words[words.index("-m") + 1].replace(".", "/") + ".py")).is_file(), name
        elif words[0] != "/usr/bin/logger":
            assert ("gunicorn" in words, words[-1]) == (True, "wsgi:app"), name


def test_every_variable_is_one_that_the_settings_read(tmp_path: Path) -> None:
    known, compose = set(_VARIABLES.values()), _compose()
    told = set(compose["x-tracker"]["environment"])
    assert _environment().keys() == known - _NOT_SHIPPED
    assert told == known - _NOT_SHIPPED
    asked = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose" / "compose.yaml").read_text(encoding="utf-8")))
    assert _environment("compose/compose.env").keys() == asked
    given = {**_environment(), "TRACKER_SECRET_KEY": SECRET_KEY, "TRACKER_DATA_DIR": str(tmp_path)}
    settings = load_settings(given)
    assert (settings.proxies, settings.proxies_are_named, settings.is_demo) == (("unix",), True, False)


def test_the_compose_file_starts_what_the_units_start() -> None:
    services = _compose()["services"]
    assert {"database", "cache", "migrate", "web", "worker", "relay", "scheduler", "backup"} == set(services)
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"]
    subnet = _compose()["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    assert _compose()["x-tracker"]["environment"]["TRACKER_TRUSTED_PROXIES"] == subnet
    assert all("/" not in service["image"].replace("valkey/valkey", "") for service in services.values())
    copied = re.findall(r"^COPY (.+) \S+$", (DEPLOY / "compose" / "Dockerfile").read_text(), re.M)
    assert all((ROOT / name).exists() for line in copied for name in line.split())


def test_what_a_container_must_not_lose_lies_outside_of_it() -> None:
    """All else is read-only, and /tmp a piece of the memory."""
    ours = _compose()["x-tracker"]
    targets = {one.partition(":")[2] if isinstance(one, str) else one["target"] for one in ours["volumes"]}
    environ, backup = ours["environment"], _compose()["services"]["backup"]
    assert (ours["read_only"], targets) == (True, {environ["TRACKER_DATA_DIR"], environ["TRACKER_BACKUP_DIR"]})
    assert backup["environment"]["TMPDIR"] in targets
    assert all("volumes" not in one for one in _compose()["services"].values() if "TRACKER" in str(one.get("command")))
    made = (DEPLOY / "compose" / "Dockerfile").read_text(encoding="utf-8")
    assert all(folder in made for folder in targets), "a volume takes over whose the image's folder is"


_BLOCKS = re.compile(r"^ {4,7}(\S.*)$", re.MULTILINE)


def _typed() -> list[list[str]]:
    """Return every command that the guide has somebody type, in its words; `A && B` are two."""
    blocks = _BLOCKS.findall((DEPLOY / "README.md").read_text(encoding="utf-8"))
    lines = [line.partition(" root ")[2] if line.startswith("30 2 ") else line for line in blocks]
    parts = [part for line in lines if not line.startswith("#") for part in line.split(" && ")]
    return [shlex.split(part) for part in parts]


def test_the_guide_speaks_of_what_is_shipped() -> None:
    """Packages, the user, folders, files, units and commands: each as the units and the program know them."""
    typed = _typed()
    installed = {name for words in typed if words[:2] == ["apt-get", "install"] for name in words[3:]}
    needed = {"postgresql", "redis-server", "nginx", "git", "make", "python3-venv", "openssl"}
    drawn = {"libreoffice-writer-nogui", "poppler-utils", "fontconfig", "fonts-noto-cjk"}
    assert needed | drawn <= installed
    assert drawn <= set((DEPLOY / "compose" / "Dockerfile").read_text(encoding="utf-8").split())
    paths = {word for words in typed for word in words if word.startswith("/opt/tracker/deploy/")}
    assert all(list(ROOT.glob(path.removeprefix("/opt/tracker/"))) for path in paths), paths
    enabled = {word for words in typed if words[:2] == ["systemctl", "enable"] for word in words[3:]}
    shipped = {path.name.removesuffix(".service") for path in (DEPLOY / "systemd").iterdir()}
    assert enabled == shipped - {"tracker-backup", "tracker-failed@"}
    made = {word for words in typed if words[:2] == ["install", "-d"] for word in words if word.startswith("/")}
    held = {path for unit in UNITS for path in _facts(unit)["ReadWritePaths"]} | {"/etc/tracker", "/etc/nginx/tls"}
    assert made == held
    role = re.search(r"://(\w+)@/(\w+)\?", _environment()["TRACKER_DATABASE_URL"])
    assert role is not None
    assert [words[-1] for words in typed if words[0] == "runuser"] == list(role.groups())


def _installed() -> Iterator[tuple[str, str, int]]:
    """Yield what the guide has somebody make: each path with the group that has it and the mode."""
    for words in _typed():
        if words[0] == "install":
            group, mode = (words[words.index(option) + 1] if option in words else "" for option in ("-g", "-m"))
            paths = [word for word in words[1:] if word.startswith("/")]
            for path in paths if "-d" in words else paths[-1:]:
                yield path, group or "root", int(mode or "0755", 8)


def test_the_proxy_s_user_may_enter_the_folder_of_the_socket_and_read_nothing_else() -> None:
    """Whatever groups the guide puts it into; the units read the environment as root does, before they are tracker."""
    [joined] = [words[words.index("-G") + 1] for words in _typed() if words[0] == "usermod" and words[-1] == "www-data"]
    open_ = [
        path for path, group, mode in _installed() if mode & 0o007 or (group in joined.split(",") and mode & 0o070)
    ]
    assert open_ == ["/usr/local/sbin/tracker-flask"]
    secrets = [(path, group, mode) for path, group, mode in _installed() if path.startswith("/etc/tracker")]
    assert len(secrets) == 3
    assert {mode & 0o077 for _path, _group, mode in secrets} == {0}
    folders = {name: value for unit in UNITS for name, value in _facts(unit).items() if name.endswith("DirectoryMode")}
    assert folders == {"StateDirectoryMode": ["0700"], "RuntimeDirectoryMode": ["0750"]}


def test_the_guide_s_commands_are_ones_that_the_program_takes(tmp_path: Path) -> None:
    """Each as it is typed there, on a machine and in a container, in that order, on a database of the test."""
    for first in ("tracker-flask", "docker"):
        folder = tmp_path / first
        if first == "docker":
            assert (
                invoke_flask(folder, *_compose()["services"]["migrate"]["command"][1:], mode="production").exit_code
                == 0
            )
        for words in _typed():
            command = (
                words[1:] if first == "tracker-flask" else words[words.index("flask") + 1 :] if "flask" in words else []
            )
            if words[0] != first or not command:
                continue
            done = invoke_flask(folder, *command, mode="production")
            assert done.exit_code == (1 if command == ["doctor"] else 0), (command, done.output)
        assert "【正常】管理员：三类管理员都有在用账号。" in done.output


def test_the_wrapper_runs_commands_as_the_units_are_run() -> None:
    text = (DEPLOY / "tracker-flask").read_text(encoding="utf-8")
    facts = _facts(DEPLOY / "systemd" / "tracker-web.service")
    for option, name in (
        ("--uid=", "User"),
        ("--gid=", "Group"),
        ("--working-directory=", "WorkingDirectory"),
        ("--property=EnvironmentFile=", "EnvironmentFile"),
        ("--property=UMask=", "UMask"),
    ):
        assert f"{option}{facts[name][0]}" in shlex.split(text, comments=True)


def test_the_proxy_s_limits_are_those_of_the_product() -> None:
    text = (DEPLOY / "nginx" / "tracker.conf").read_text(encoding="utf-8")
    size = re.search(r"client_max_body_size\s+(\d+)m;", text)
    assert size is not None
    assert int(size[1]) * 1024 * 1024 == LARGEST_REQUEST_BYTES > LARGEST_TOGETHER_BYTES > LARGEST_FILE_BYTES
    # What the product believes of a proxy, the proxy writes itself.
    for header in ("X-Forwarded-For   $remote_addr", "X-Forwarded-Proto $scheme", "Host              $http_host"):
        assert f"proxy_set_header {header};" in text
    assert "location ~ ^/login(/second)?$" in text  # where passwords and codes are tried
    web = _facts(DEPLOY / "systemd" / "tracker-web.service")["ExecStart"][0]
    assert "unix:/run/tracker/web.sock" in web
    assert "server unix:/run/tracker/web.sock" in text


def test_a_house_behind_one_address_logs_in_and_whoever_is_put_off_reads_why() -> None:
    """Two hundred people, a password and a code each, within four minutes; who looks at the form is not counted."""
    text = (DEPLOY / "nginx" / "tracker.conf").read_text(encoding="utf-8")
    assert re.search(r'map \$request_method \$tracker_try \{\s+default "";\s+POST\s+\$binary_remote_addr;\s+\}', text)
    rate, burst = (
        re.search(pattern, text)
        for pattern in (
            r"limit_req_zone \$tracker_try zone=tracker_login:10m rate=(\d+)r/m;",
            r"tracker_login burst=(\d+)",
        )
    )
    assert rate is not None
    assert burst is not None
    assert int(rate[1]) * 4 + int(burst[1]) >= 2 * 200
    for location in re.findall(r"location [^{]+\{(.+?)\n    \}", text, re.DOTALL):
        assert ("limit_req zone" in location) == ("error_page 429 @busy;" in location)
    assert re.search(r"return 429 '<!doctype html><html lang=\"zh-CN\">.*没有提交.*再试", text)


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_takes_its_sample(tmp_path: Path) -> None:
    key, certificate = tmp_path / "k", tmp_path / "c"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-days", "1"]
    subprocess.run([*make, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    sample = (DEPLOY / "nginx" / "tracker.conf").read_text(encoding="utf-8")
    sample = sample.replace("/etc/nginx/tls/tracker.crt", str(certificate)).replace(
        "/etc/nginx/tls/tracker.key", str(key)
    )
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{sample}\n}}\n")
    command = ["nginx", "-t", "-e", str(tmp_path / "log"), "-c", str(tmp_path / "nginx.conf")]
    judged = subprocess.run(command, capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stderr


def test_every_setting_stands_in_the_table_of_the_readme() -> None:
    table = (ROOT / "README.md").read_text(encoding="utf-8").split("## Settings", 1)[1].split("\n## ", 1)[0]
    first = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert sorted(name for cell in first for name in re.findall(r"`(\w+)`", cell)) == sorted(_VARIABLES.values())


def _unit_s_backup(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the unit's own command line with the sample's environment, as systemd does."""
    unit = _facts(DEPLOY / "systemd" / "tracker-backup.service")
    command = [word.replace("/opt/tracker", str(ROOT)) for word in shlex.split(unit["ExecStart"][0])]
    searched = unit["Environment"][0].removeprefix("PATH=").replace("/opt/tracker/.venv/bin", str(FLASK.parent))
    changed = {**_own(folder), "TRACKER_BACKUP_DIR": str(folder / "backups")}
    environ = {**_environment(), **changed, "PATH": searched}
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=120)


def test_the_backup_unit_really_makes_a_backup_that_holds(tmp_path: Path) -> None:
    """And keeps of those before it what the guide says."""
    (tmp_path / "var").mkdir()
    (backups := tmp_path / "backups").mkdir()
    failed = _unit_s_backup(tmp_path)
    assert (failed.returncode, list(backups.iterdir())) == (1, [])
    assert run_flask(tmp_path / "var", "db", "upgrade", mode="production").returncode == 0
    earlier = [date(2021, 1, 1) + timedelta(days=day) for day in range(500)]
    for day in earlier:
        for hour in ("023000", "100000"):
            (backups / f"tracker-{day:%Y%m%d}-{hour}.tar").touch()
    (backups / "before-upgrade.tar").touch()
    done = _unit_s_backup(tmp_path)
    [made] = [path for path in backups.glob("tracker-*.tar") if path.stat().st_size]
    assert (done.returncode, f"{backups}/.{made.name}完整：" in done.stdout) == (0, True), done.stderr
    assert [path.name for path in backups.iterdir() if looks_whole(path)] == [made.name]
    ends = {(day.year, day.month): day for day in earlier}  # of each month the last
    days = {*earlier[-29:], *sorted(ends.values())[-11:]}  # with the new one 30 days and 12 months
    left = {made.name, "before-upgrade.tar", *(f"tracker-{day:%Y%m%d}-100000.tar" for day in days)}
    assert {path.name for path in backups.iterdir()} == left


def test_of_backups_that_were_killed_nothing_stays(tmp_path: Path) -> None:
    """The one that runs is left to whoever runs it."""
    (backups := tmp_path / "backups").mkdir()
    old, young = backups / ".tracker-20220901-023000.tar", backups / ".tracker-20220902-023000.tar"
    for path in (old, young):
        path.touch()
    os.utime(old, (0, 0))
    assert _unit_s_backup(tmp_path).returncode == 1
    assert list(backups.iterdir()) == [young]


def test_a_backup_that_is_ended_takes_away_what_it_has_written(tmp_path: Path) -> None:
    (backups := tmp_path / "backups").mkdir()
    program = tmp_path / "flask"  # ends the script in the middle of its work
    program.write_text('#!/bin/sh\n: > "$2"\nkill -TERM "$PPID"\n')
    program.chmod(0o700)
    environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "TRACKER_BACKUP_DIR": str(backups)}
    ended = subprocess.run(["/bin/sh", DEPLOY / "backup.sh"], env=environ, check=False, timeout=60)
    assert (ended.returncode, list(backups.iterdir())) == (143, [])


def test_a_backup_that_fails_is_told_of() -> None:
    told = _facts(DEPLOY / "systemd" / "tracker-backup.service")["OnFailure"][0]
    assert (DEPLOY / "systemd" / re.sub("@.*", "@.service", told)).is_file()


def _own(folder: Path) -> dict[str, str]:
    """Return what a test says otherwise than the sample: a database of its own, no Redis, whoever runs it."""
    return {
        "TRACKER_SECRET_KEY": SECRET_KEY,
        "TRACKER_DATA_DIR": str(folder / "var"),
        "TRACKER_DATABASE_URL": f"sqlite:///{folder / 'var' / 'tracker.db'}",
        "TRACKER_REDIS_URL": "redis://127.0.0.1:1/0",
        "TRACKER_ALLOW_ROOT": "1",
    }


class _Socket(HTTPConnection):
    """HTTP through a socket file, as the proxy speaks."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=10)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(10)
        self.sock.connect(str(self._path))


@contextmanager
def _serving(folder: Path) -> Iterator[Path]:
    """Start the unit's own command line with the sample's environment, on a database and a socket of the test."""
    path = folder / "web.sock"
    command = shlex.split(_facts(DEPLOY / "systemd" / "tracker-web.service")["ExecStart"][0])
    command[0] = str(Path(sys.executable).parent / "gunicorn")
    command[command.index("--bind") + 1] = f"unix:{path}"
    environ = {"PATH": os.environ["PATH"], **_environment(), **_own(folder)}
    with subprocess.Popen(command, cwd=ROOT, env=environ, start_new_session=True, stderr=subprocess.PIPE) as server:
        try:
            deadline = time.monotonic() + 60
            while not path.exists():
                assert server.poll() is None, server.stderr.read() if server.stderr else ""
                assert time.monotonic() < deadline
                time.sleep(0.1)
            yield path
        finally:
            os.killpg(server.pid, signal.SIGKILL)


def _ask(path: Path, page: str, **headers: str) -> tuple[int, dict[str, str], str]:
    with closing(_Socket(path)) as line:
        line.request("GET", page, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = line.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()


def test_the_web_unit_really_serves_with_the_sample_s_environment(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    assert run_flask(tmp_path / "var", "db", "upgrade", mode="production").returncode == 0
    through = {"Host": "tracker.example.gov.cn", "X_Forwarded_For": "203.0.113.9", "X_Forwarded_Proto": "https"}
    with _serving(tmp_path) as path:
        status, headers, _page = _ask(path, "/login", **through)
        assert status == 200
        assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
        assert headers["set-cookie"].startswith("__Host-session=")
        assert _ask(path, "/healthz", **through)[::2] == (200, '{"status":"ok"}\n')
        assert _ask(path, "/readyz", **through)[0] == 200
        # A question longer than any field takes is answered by a page of ours, behind the log-in too.
        status, headers, _page = _ask(path, f"/search?q={quote('查' * 5 * LONGEST_QUESTION)}", **through)
        assert (status, headers["location"].startswith("/login?")) == (302, True)
        assert _ask(path, headers["location"], **through)[0] == 200
        assert _ask(path, "/metrics", **through)[0] == 404
        assert "strict-transport-security" not in _ask(path, "/login", Host="tracker.example.gov.cn")[1]
    data = tmp_path / "var"
    open_ = [path.name for path in (data, *data.rglob("*")) if path.lstat().st_mode & 0o077 and not path.is_symlink()]
    assert open_ == [], "whatever a process of the site writes is its own user's"
