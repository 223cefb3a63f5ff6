"""Logs of a process: one record a line on its standard error, ours from INFO on, those of libraries from WARNING on.

A record names what the program did and to which rows. What people entered stands in none of them: neither forms nor
addresses' queries nor cookies, and of an error only its kind, where its words may repeat what was entered.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.processors import JSONRenderer, TimeStamper
from structlog.stdlib import BoundLogger, LoggerFactory, ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import EventDict, Processor

from tracker.settings import Settings

# The module that a process is started with is called __main__ in it, whatever its file is.
_STARTED = "__main__"
_OURS = ("tracker", "workers", _STARTED)
_QUERY = re.compile(r"\?\S+")
# A ValueError or an IntegrityError quotes the value that it refuses; these speak of code, files and connections.
_SPEAK_OF_THE_PROGRAM = frozenset(
    {
        "AttributeError",
        "ImportError",
        "NameError",
        "OSError",
        "OperationalError",
        "ProgrammingError",
        "RedisError",
        "TemplateError",
        "TypeError",
    }
)


def configure_logs(settings: Settings, *, out: TextIO | None = None) -> None:
    """Send every record of this process to `out`, by default standard error; the last call holds.

    JSON in production, readable in a demonstration, with colours on a terminal only. Handlers and levels that a
    library gave its loggers are taken away.
    """
    stream = out or sys.stderr
    ours: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        add_logger_name,
        _name_started,
        add_log_level,
        TimeStamper(fmt="iso", utc=True),
    ]
    written: list[Processor] = [_name_program, JSONRenderer(ensure_ascii=False)]
    if settings.is_demo:
        written = [ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain_traceback)]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[*ours, _leave_out_queries],
            processors=[ProcessorFormatter.remove_processors_meta, _write_traceback, *written],
        )
    )
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *ours, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=BoundLogger,
        logger_factory=LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    _take_over(handler)


def log_what_nobody_catches() -> None:
    """Make records of warnings, and of the error that ends this process; commands leave both to the terminal."""
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught


def as_record(program: str, line: str) -> str:
    """Write as a JSON record what another program has said; a record stays as it is."""
    if line.startswith("{"):
        return line
    at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return json.dumps({"event": line, "level": "info", "program": program, "timestamp": at}, ensure_ascii=False)


def _take_over(handler: logging.Handler) -> None:
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for logger in list(logging.Logger.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.setLevel(logging.NOTSET)
            logger.propagate = True
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        logging.getLogger("tracker").critical("ended by an error", exc_info=(kind, error, trace))


def _name_started(_logger: object, _method: str, record: EventDict) -> EventDict:
    """Let a record of the module that the process was started with bear that module's name."""
    spec = getattr(sys.modules.get(_STARTED), "__spec__", None)
    if record["logger"] == _STARTED and spec is not None:
        record["logger"] = spec.name
    return record


def _name_program(_logger: object, _method: str, record: EventDict) -> EventDict:
    return {**record, "program": Path(sys.argv[0]).stem}


def _leave_out_queries(_logger: object, _method: str, record: EventDict) -> EventDict:
    """Servers quote the address of a request that they could not handle."""
    return {**record, "event": _QUERY.sub("?…", str(record["event"]))}


def _write_traceback(_logger: object, _method: str, record: EventDict) -> EventDict:
    error = record.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        record["exception"] = "\n".join(_words(one) for one in _chain(error))
    return record


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield what led to an error, the first cause first."""
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None:
        yield from _chain(earlier)
    yield error


def _words(error: BaseException) -> str:
    speaks = any(kind.__name__ in _SPEAK_OF_THE_PROGRAM for kind in type(error).__mro__)
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{frames}{type(error).__module__}.{type(error).__qualname__}{f': {error}' if speaks else ''}"
