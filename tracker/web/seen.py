"""Who decides on what a page shows sends back until which event it was made; what others decided since comes first."""

from flask import g, request
from markupsafe import Markup
from sqlmodel import Session

from tracker.domain.errors import Stale
from tracker.store.queries.overtaking import Decisions, decided_since, log_head, on_account, on_leave
from tracker.web.form_fields import read_id

FIELD = "seen"


def note_seen(session: Session) -> None:
    """Keep until which event the log stands, before a page with forms reads what it shows."""
    g.seen = log_head(session)


def seen_field() -> Markup:
    """Return the hidden field that says until which event the page was made."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, g.seen)


def check_seen(session: Session, what: Decisions) -> None:
    """Refuse an act, done but not committed, if others decided on the thing after the page was made. Raises Stale.

    What was looked for is kept for the page that says what they decided, which looks again.

    What the act itself records is not in the log yet; whatever it has locked, others have committed.
    """
    seen = read_id(request.form.get(FIELD, ""))
    if seen is not None and decided_since(session, what, seen=seen):
        g.overtaken_in, g.overtaken_since = what, seen
        raise Stale()


def check_account(session: Session, user_id: int) -> None:
    """Refuse an act on an account, as `check_seen` does, that others changed after the page was made. Raises Stale."""
    check_seen(session, on_account(user_id))


def check_leave(session: Session, *user_ids: int | None) -> None:
    """Refuse leave or a hand-over where others changed an account, leave or work of these people. Raises Stale."""
    check_seen(session, on_leave(*(user_id for user_id in user_ids if user_id is not None)))
