"""A one-time code on its way to the page after the form that made it: shown once, and a reload sends nothing again.

It goes by the browser of whoever made it, encrypted for the account that it opens; here only its hash is kept.
"""

from flask import session as of_browser

from tracker.gateways.second_factor import seal, unseal
from tracker.web.access import services

_KEPT = "one_time_code"


def keep_code(user_id: int, code: str, words: str) -> None:
    """Let the next page of an account show a code, with what it is for."""
    of_browser[_KEPT] = [seal(code, user_id=user_id, key=services().settings.secret_key), words]


def take_code(user_id: int) -> tuple[str, str]:
    """Return the code that is to be shown, and its words, once; empty where it was shown, or is another account's."""
    sealed, words = of_browser.pop(_KEPT, ["", ""])
    code = unseal(sealed, user_id=user_id, key=services().settings.secret_key) if sealed else None
    return (code, words) if code else ("", "")
