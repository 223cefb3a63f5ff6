"""One line a request, by which an administrator finds what the number on a page stands for."""

import re
from secrets import token_hex
from time import perf_counter
from types import TracebackType

from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars
from structlog.stdlib import get_logger

_LOG = get_logger(__name__)
_HEADER = "X-Request-ID"
_TRUSTED = re.compile(r"[A-Za-z0-9-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
_ASKED_BY_MACHINES = ("static", "health.healthz", "health.readyz", "health.metrics")


class LoggedFlask(Flask):
    """An application that names no address in its errors: route and number stand in the record already."""

    def log_exception(
        self, exc_info: tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
    ) -> None:
        _LOG.error("request failed", exc_info=exc_info)


def request_id() -> str:
    """Return the number of the request that is being answered: given by the proxy before us, or made."""
    if "request_id" not in g:  # what is refused before a request begins has a number too
        g.request_id = _given() or token_hex(8)
    return str(g.request_id)


def log_requests(app: Flask) -> None:
    """Number every request and write its line once the answer is made.

    Must be registered before everything else that looks at a request, so that it begins first and ends last.
    """

    @app.before_request
    def begin() -> None:
        g.began_at = perf_counter()
        rule, found = request.url_rule, request.view_args or {}
        clear_contextvars()
        bind_contextvars(
            request_id=request_id(),
            method=request.method if request.method in _METHODS else "other",  # the word is the sender's
            route=rule.rule if rule else None,
            # Apart from the record's own names: an address may name an id as the record names itself.
            ids={name: value for name, value in found.items() if isinstance(value, int)},
        )

    @app.after_request
    def end(response: Response) -> Response:
        response.headers[_HEADER] = request_id()
        write = _LOG.debug if request.endpoint in _ASKED_BY_MACHINES else _LOG.info
        write(
            "request",
            status=response.status_code,
            ms=round((perf_counter() - g.began_at) * 1000, 1),
            bytes=response.content_length,
        )
        return response

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        clear_contextvars()


def _given() -> str | None:
    given = request.headers.get(_HEADER, "")
    return given if _TRUSTED.fullmatch(given) else None
