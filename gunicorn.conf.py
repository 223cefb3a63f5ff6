"""What gunicorn is started with here: its own words go into our logs, and the pages write a line a request."""

from tracker.bootstrap import start_program
from tracker.gateways.passwords import MOST_WAITING

# A search's longest question, nine signs a character, and more: what is too long, our page says in Chinese. It is as
# much as gunicorn may be told and as a proxy takes by default.
limit_request_line = 8190
loglevel = "warning"  # until the hook below has taken over
# Those who wait for their passwords to be looked at have a thread each, and are never so many that none is left: what a
# process works on at a time is bounded by places, not by threads (`tracker/web/places.py`).
worker_class, threads = "workers.web_worker.PatientWorker", MOST_WAITING + 16
secure_scheme_headers: dict[str, str] = {}  # whom to believe that a request came by TLS, the application decides


def on_starting(_server: object) -> None:
    """Configure the process that watches over the workers; they inherit it."""
    start_program().database.dispose()  # each process opens its own


on_reload = on_starting
