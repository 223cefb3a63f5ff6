"""The records of a process, caught as they are written."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback

from tests.support.keys import SECRET_KEY
from tracker.logs import configure_logs
from tracker.settings import load_settings


@dataclass(frozen=True, slots=True)
class Logs:
    """What was written; `records` reads it as production writes it."""

    out: StringIO = field(default_factory=StringIO)

    @property
    def text(self) -> str:
        return self.out.getvalue()

    def records(self, event: str | None = None) -> list[dict[str, Any]]:  # Any: what a record's fields hold
        read = [json.loads(line) for line in self.text.splitlines()]
        return [record for record in read if event in (None, record["event"])]


def write_plainly() -> None:
    """Let what no process configures write an error as Python does.

    Left alone, structlog draws each with its sources in colours and every variable of every frame, if it finds rich:
    seconds for one error, and tests are full of them.
    """
    rest = structlog.get_config()["processors"][:-1]
    structlog.configure(processors=[*rest, ConsoleRenderer(exception_formatter=plain_traceback)])


@contextmanager
def written_logs(folder: Path, *, mode: str = "production") -> Iterator[Logs]:
    """Configure the logs of this process as those of a mode, and give back what was configured before."""
    settings = load_settings(
        {"TRACKER_MODE": mode, "TRACKER_DATA_DIR": str(folder / "logging"), "TRACKER_SECRET_KEY": SECRET_KEY}
    )
    logs = Logs()
    with logs_given_back():
        configure_logs(settings, out=logs.out)
        yield logs


@contextmanager
def logs_given_back() -> Iterator[None]:
    """Give back what was configured before, whatever configures the logs of this process meanwhile."""
    root = logging.getLogger()
    handlers, level, before = list(root.handlers), root.level, structlog.get_config()
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.configure(**before)
        structlog.contextvars.clear_contextvars()
