"""Codes on their way to the page after the form that made them, so that a reload sends nothing again.

They go by the browser of whoever made them, encrypted for the account that they open; here only hashes are kept. A
one-time code, which another is told, is shown once; recovery codes until their person has written them down.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import session as of_browser

from tracker.domain.account_policy import SET_UP
from tracker.gateways.second_factor import seal, unseal
from tracker.web.access import actor, services

_KEPT, _RECOVERY = "one_time_code", "recovery_codes"


def keep_code(user_id: int, code: str, words: str) -> None:
    """Let the next page of an account show a code, with what it is for."""
    of_browser[_KEPT] = [seal(code, user_id=user_id, key=services().settings.secret_key), words]


def take_code(user_id: int) -> tuple[str, str]:
    """Return the code that is to be shown, and its words, once; empty where it was shown, or is another account's."""
    sealed, words = of_browser.pop(_KEPT, ["", ""])
    code = unseal(sealed, user_id=user_id, key=services().settings.secret_key) if sealed else None
    return (code, words) if code else ("", "")


def keep_recovery_codes(codes: Sequence[str]) -> None:
    """Let a page of one's own show recovery codes for as long as a secret is shown, or until they are forgotten."""
    said = " ".join((datetime.now(UTC).isoformat(), *codes))
    of_browser[_RECOVERY] = seal(said, user_id=actor().user_id or 0, key=services().settings.secret_key)


def kept_recovery_codes() -> Sequence[str]:
    """Return the recovery codes that were just made here for whoever is logged in; none where that is over."""
    sealed = of_browser.get(_RECOVERY, "")
    said = unseal(sealed, user_id=actor().user_id or 0, key=services().settings.secret_key) if sealed else None
    made_at, *codes = (said or "").split(" ")
    fresh = bool(made_at) and datetime.fromisoformat(made_at) > datetime.now(UTC) - SET_UP
    return codes if fresh else ()


def forget_recovery_codes() -> None:
    of_browser.pop(_RECOVERY, None)
