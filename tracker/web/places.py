"""A process works on a few requests at a time; who waits for his password to be looked at does not count among them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tracker.gateways.places import REQUESTS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_WITHOUT_A_PLACE = frozenset({"/healthz", "/readyz"})


def one_of_a_few(app: "WSGIApplication") -> "WSGIApplication":
    """Return the application as it answers where there is a place; sending the answer takes none.

    Nor does it take one to say that the process serves.
    """

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("PATH_INFO") in _WITHOUT_A_PLACE:
            return app(environ, start_response)
        with REQUESTS.taken():
            return app(environ, start_response)

    return answer
