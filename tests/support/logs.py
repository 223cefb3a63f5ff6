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


@contextmanager
def written_logs(folder: Path, *, mode: str = "production") -> Iterator[Logs]:
    """Configure the logs of this process as those of a mode, and give back what was configured before."""
    settings = load_settings(
        {"TRACKER_MODE": mode, "TRACKER_DATA_DIR": str(folder / "logging"), "TRACKER_SECRET_KEY": SECRET_KEY}
    )
    root, logs = logging.getLogger(), Logs()
    handlers, level = list(root.handlers), root.level
    configure_logs(settings, out=logs.out)
    try:
        yield logs
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()
