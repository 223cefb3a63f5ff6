"""`make run`: migrate, seed, then keep the demonstration's processes alive until Ctrl-C."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from seeds.demonstration import EXAMPLE_UNIT, PASSWORD, SCENARIO
from tracker.bootstrap import one_line_where_nothing_starts
from tracker.gateways.embedded_redis import answers, redis_command
from tracker.logs import as_record, configure_logs, log_what_nobody_catches
from tracker.settings import Mode, Settings, remember_mode, serving_settings
from workers.supervisor import ProcessSpec, supervise

_PROGRAMS = Path(sys.executable).parent
_INTERRUPTED = 130  # as shells say it of what Ctrl-C ended


def main() -> int:
    """Run the demonstration unless TRACKER_MODE says otherwise; return the exit code."""
    environ = {"TRACKER_MODE": Mode.DEMO.value, **os.environ}
    with one_line_where_nothing_starts():
        settings = serving_settings(environ)
        remember_mode(settings)
    if os.geteuid() == 0:
        print("· running as root, which a demonstration may and production may not", flush=True)
    configure_logs(settings)
    log_what_nobody_catches()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends what is prepared as Ctrl-C does
    try:
        code = _run(settings, environ)
    except KeyboardInterrupt:  # before anything runs that has to be ended
        code = _INTERRUPTED
    if settings.is_demo and code in (0, _INTERRUPTED):
        with suppress(OSError):  # the terminal may be what has gone
            print(_goodbye(settings), flush=True)
    return code


def _run(settings: Settings, environ: Mapping[str, str]) -> int:
    for words, command in _preparations(settings):
        print(f"· {words}", flush=True)
        done = subprocess.run([str(_PROGRAMS / "flask"), *command], env=environ, check=False)
        if done.returncode != 0:
            return 1
    return supervise(
        _processes(settings, environ),
        data_dir=settings.data_dir,
        listens_on=("127.0.0.1", settings.port),
        on_ready=lambda: print(_welcome(settings), flush=True),
        write=None if settings.is_demo else as_record,
    )


def _preparations(settings: Settings) -> list[tuple[str, list[str]]]:
    seed = ["seed", "--scenario", SCENARIO] if settings.is_demo else ["seed"]
    return [("migrating the database", ["db", "upgrade"]), ("loading units, documents and the scenario", seed)]


def _processes(settings: Settings, environ: Mapping[str, str]) -> list[ProcessSpec]:
    specs = []
    if settings.redis_socket is not None:
        specs.append(ProcessSpec("redis", redis_command(settings), ready=lambda: answers(settings.redis_url)))
    web = [
        str(_PROGRAMS / "gunicorn"),
        *("--bind", f"127.0.0.1:{settings.port}", "--workers", "2"),
        *("--no-control-socket", "wsgi:app"),
    ]
    worker = ["--processes", "1", "--threads", "4", "--worker-shutdown-timeout", "8000"]
    specs.append(ProcessSpec("worker", [sys.executable, "-m", "workers.worker", *worker], env=environ))
    specs.append(ProcessSpec("relay", [sys.executable, "-m", "workers.relay"], env=environ))
    specs.append(ProcessSpec("scheduler", [sys.executable, "-m", "workers.scheduler"], env=environ))
    specs.append(ProcessSpec("web", web, ready=lambda: _is_healthy(settings.port), env=environ))
    return specs


def _is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _welcome(settings: Settings) -> str:
    lines = [f"\n  Ready: http://127.0.0.1:{settings.port}/   (Ctrl-C stops everything)"]
    if settings.is_demo:
        lines += [
            f"  Demo accounts, all with the password {PASSWORD}:",
            "    ducha            督查员 (the office)   zhuren           督查室主任, who approves",
            f"    {EXAMPLE_UNIT:<16} 联络员 of 市商务局; every unit has one by its code in seeds/units.toml",
            f"    {EXAMPLE_UNIT + '-head':<16} its head, who signs off",
            "    leader           领导          reader           阅文人员",
            "    xitong           系统管理员    anquan           安全保密管理员    shenji   审计管理员",
        ]
    return "\n".join(lines) + "\n"


def _goodbye(settings: Settings) -> str:
    stays = f"everything entered stays in {settings.data_dir.resolve()}"
    return f"\n  Stopped: {stays}; `make run` starts again from there."


if __name__ == "__main__":
    sys.exit(main())
