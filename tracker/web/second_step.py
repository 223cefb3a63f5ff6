"""The second step of a log-in: a page that asks whose password was right for his second factor."""

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from structlog.stdlib import get_logger

from tracker.domain.errors import Forbidden
from tracker.domain.passwords import code_as_typed
from tracker.gateways.passwords import hash_of_nobody, matches, turn
from tracker.gateways.second_factor import is_code, matching_counter, unseal
from tracker.usecases.logging_in import Attempt, Begun, note_failure
from tracker.usecases.second_step import (
    Kept,
    Shown,
    attempt_at_factor,
    count_factor,
    half_log_in,
    let_in_by_factor,
)
from tracker.web.access import moment, public, services
from tracker.web.came import came, device_for
from tracker.web.cookies import Cookie, carried, forget
from tracker.web.login import second_page, welcome
from tracker.web.refused import Kept as KeptForm
from tracker.wording.refusals import sentence

pages = Blueprint("second_step", __name__)
_LOG = get_logger(__name__)
_LONGEST = 40


class SecondStepWrong(Forbidden):
    """What was shown is no code of the person, was used before, or too many were tried: which of it is not said."""

    code = "second_step_wrong"


@pages.post("/login/second")
@public
def enter() -> ResponseReturnValue:
    """Look at a code outside of any transaction; it is counted before, and used up after."""
    policy, database = services().accounts, services().database
    key, typed = carried(Cookie.HALF_LOG_IN), request.form.get("factor_code", "")
    with turn_to_look(typed):
        when = moment()
        with database.transaction() as session:
            half = half_log_in(session, key=key, now=when.now)
            attempt = attempt_at_factor(half.kept.user_id, device_for(half.login))
            counted = count_factor(session, attempt, policy=policy, now=when.now)
        if not counted:
            raise SecondStepWrong()
        shown = look_at(half.kept, typed, now=when.now)
    opened = None
    if shown is not None:
        with database.transaction() as session:
            opened = let_in_by_factor(session, attempt, key=key, shown=shown, came=came(), policy=policy, when=when)
    if opened is None:
        _note(attempt, half.kept.user_id)
        raise SecondStepWrong()
    response = welcome(opened, half.login, when)
    forget(response, Cookie.HALF_LOG_IN)
    return response


def _note(attempt: Attempt, user_id: int) -> None:
    own = Attempt(attempt.login, came().address, attempt.device)
    with services().database.transaction() as session:
        note_failure(
            session,
            own,
            Begun(user_id, why_not="factor"),
            policy=services().accounts,
            secret=services().settings.secret_key,
            when=moment(),
        )


def second_step_again() -> str:
    """Return the page as it was sent, after a code that was not taken."""
    return second_page(KeptForm.of_login(), wanted=request.form.get("next", ""), words=sentence(SecondStepWrong()))


def turn_to_look(typed: str) -> AbstractContextManager[None]:
    """Wait for one's turn to have a recovery code looked at; a code of an authenticator takes none."""
    return nullcontext() if is_code(typed) else turn()


def look_at(kept: Kept, typed: str, *, now: datetime) -> Shown | None:
    """Return what was typed as what may be used up; None where it is neither a code of now nor a recovery code."""
    if is_code(typed):
        secret = unseal(kept.sealed, user_id=kept.user_id, key=services().settings.secret_key)
        if secret is None:
            _LOG.warning("second factor unreadable", user_id=kept.user_id)
            return None
        counter = matching_counter(secret, typed, now=now)
        return None if counter is None else Shown(kept.sealed, counter=counter)
    code = code_as_typed(typed[:_LONGEST])
    found = next((one for one in kept.recovery if one.mark == code[: len(one.mark)]), None)
    if not matches(found.code_hash if found else hash_of_nobody(), code) or found is None:
        return None
    return Shown(kept.sealed, recovery_id=found.recovery_id)
