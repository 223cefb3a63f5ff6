"""A process works on a few requests at a time; who waits for his password to be looked at does not count among them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tracker.gateways.places import REQUESTS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def one_of_a_few(app: "WSGIApplication") -> "WSGIApplication":
    """Return the application as it answers where there is a place; sending the answer takes none."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        with REQUESTS.taken():
            return app(environ, start_response)

    return answer
