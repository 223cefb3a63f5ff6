"""What a password must be, and what a one-time code looks like."""

import secrets
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from tracker.domain.account_policy import AccountPolicy
from tracker.domain.errors import BadInput

LONGEST = 128
_CLASSES = 3
# Characters that are told apart when somebody reads them out or copies them by hand.
_CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_GROUPS, _GROUP = 3, 4
# Shorter names stand in too many words that have nothing to do with them.
_SHORTEST_NAME = 3
# What people put around a common word: 「Zhumadian@2022」 is no better than 「zhumadian」.
_SIGNS = "!@#$%^&*()_+-=.,?~` "
_DIGITS = "0123456789"


class PasswordRule(StrEnum):
    """Which rule a password breaks."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NAMED = "named"
    COMMON = "common"
    MONOTONOUS = "monotonous"
    FORMER = "former"


@dataclass(frozen=True, slots=True)
class WayIn:
    """What opens an account: the hash of a password, or of a one-time code.

    A code is whole, or has a second half with a hash of its own. One that `waits` for that half opens nothing.
    """

    first_hash: str
    is_code: bool = False
    second_hash: str | None = None
    waits: bool = False


class Opening(Enum):
    """How far what was typed opens an account; `HALF` is told to whoever typed the first half of a code right."""

    NO = auto()
    HALF = auto()
    YES = auto()


class PasswordRefused(BadInput):
    """A new password breaks rules; facts: rules, shortest, mixed, longest, former."""

    code = "password_refused"


class PasswordsDiffer(BadInput):
    """The two fields for the new password do not say the same."""

    code = "passwords_differ"


def normal(password: str) -> str:
    """Return a password in the form in which it is compared: what looks the same on every keyboard is the same."""
    return unicodedata.normalize("NFKC", password)


def check_password(
    password: str,
    *,
    names: Collection[str],
    common: Collection[str],
    policy: AccountPolicy,
    is_former: Callable[[str], bool] = lambda _password: False,
) -> str:
    """Return a new password as it is to be hashed. Raises PasswordRefused with every rule that it breaks.

    `names` are the login and the person's name. `is_former` is asked last and only of one that breaks no other rule,
    for it takes as long as some log-ins.
    """
    password = normal(password)
    broken = [rule for rule, breaks in _broken(password, names, common, policy) if breaks]
    if not broken and is_former(password):
        broken = [PasswordRule.FORMER]
    if broken:
        raise PasswordRefused(
            rules=tuple(rule.value for rule in broken),
            shortest=policy.shortest,
            mixed=policy.shortest_mixed,
            longest=LONGEST,
            former=policy.former_passwords,
        )
    return password


def _broken(
    password: str, names: Collection[str], common: Collection[str], policy: AccountPolicy
) -> tuple[tuple[PasswordRule, bool], ...]:
    low = password.casefold()
    return (
        (PasswordRule.TOO_SHORT, len(password) < _shortest(password, policy)),
        (PasswordRule.TOO_LONG, len(password) > LONGEST),
        (PasswordRule.NAMED, any(len(n) >= _SHORTEST_NAME and n in low for n in map(str.casefold, names))),
        (PasswordRule.COMMON, any(plain in common for plain in _plain(low))),
        (PasswordRule.MONOTONOUS, len(set(low)) < _SHORTEST_NAME + 2),
    )


def _shortest(password: str, policy: AccountPolicy) -> int:
    kinds = (str.islower, str.isupper, str.isdigit, lambda sign: not sign.isalnum())
    found = sum(any(kind(sign) for sign in password) for kind in kinds)
    return policy.shortest_mixed if found >= _CLASSES else policy.shortest


def _plain(low: str) -> tuple[str, ...]:
    """Return what may stand in the list of a password: without its signs, and without the digits around it."""
    bare = "".join(sign for sign in low if sign not in _SIGNS)
    return low, bare, bare.strip(_DIGITS)


def new_code() -> str:
    """Return a one-time code as it is shown: three groups of four, 60 bits."""
    return "-".join("".join(secrets.choice(_CODE_SIGNS) for _ in range(_GROUP)) for _ in range(_CODE_GROUPS))


def code_as_typed(text: str) -> str:
    """Return a one-time code as it is hashed, however it was typed."""
    return "".join(sign for sign in normal(text).upper() if sign.isalnum())


def halves(text: str) -> tuple[str, str]:
    """Return the two codes that were typed one after the other, as they are hashed; the second may be missing."""
    bare = code_as_typed(text)
    return bare[: _CODE_GROUPS * _GROUP], bare[_CODE_GROUPS * _GROUP :]


def spellings(password: str) -> tuple[str, ...]:
    """Return what may have been hashed of a text that is typed as a password: itself, and the codes that it may be."""
    codes = [half for half in halves(password) if half]
    are_codes = all(len(code) == _CODE_GROUPS * _GROUP and set(code) <= set(_CODE_SIGNS) for code in codes)
    return tuple(dict.fromkeys((normal(password), *codes))) if are_codes else (normal(password),)
