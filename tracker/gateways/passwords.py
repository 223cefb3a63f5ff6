"""Password hashes: argon2id with the library's defaults (RFC 9106, low memory), a few at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tracker.domain.errors import Unavailable
from tracker.domain.passwords import LONGEST, Opening, WayIn, code_as_typed, halves, normal

_HASHER = PasswordHasher()
# A hash takes 64 MiB and a fifth of a second of every core it gets. So many at a time leave threads for those who are
# logged in; whoever would wait longer than a page may take is told to come again.
_AT_A_TIME, _WAITING = BoundedSemaphore(2), BoundedSemaphore(3)
_PATIENCE_S = 5.0


class TooManyLogIns(Unavailable):
    """So many passwords are being looked at that this one has to wait."""

    code = "too_many_log_ins"


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for one's turn, unless too many wait already. Raises TooManyLogIns."""
    if not _WAITING.acquire(blocking=False):
        raise TooManyLogIns()
    try:
        if not _AT_A_TIME.acquire(timeout=_PATIENCE_S):
            raise TooManyLogIns()
        try:
            yield
        finally:
            _AT_A_TIME.release()
    finally:
        _WAITING.release()


def hash_password(password: str) -> str:
    """Return a salted hash of a password; takes about 0.2 s by design. Raises TooManyLogIns."""
    with _turn():
        return _HASHER.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Say whether the password is the one that was hashed. Raises TooManyLogIns."""
    if len(password) > 2 * LONGEST:
        password = ""  # longer than any may be: it is none, and takes no longer
    with _turn():
        try:
            return _HASHER.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


def tried(way: WayIn, typed: str) -> Opening:
    """Say how far what was typed opens an account. Raises TooManyLogIns.

    One hash is looked at, as for an account that there is not, until the first half of a code is right.
    """
    if not way.is_code:
        return Opening.YES if matches(way.first_hash, normal(typed)) else Opening.NO
    in_halves = way.waits or way.second_hash is not None
    first, second = halves(typed) if in_halves else (code_as_typed(typed), "")
    if not matches(way.first_hash, first):
        return Opening.NO
    if not in_halves:
        return Opening.YES
    if way.second_hash is None or way.waits or not second:
        return Opening.HALF
    return Opening.YES if matches(way.second_hash, second) else Opening.NO


@cache
def hash_of_nobody() -> str:
    """Return what is compared when no such login exists: an unknown name takes as long as a wrong password."""
    return hash_password("nobody has this password")
