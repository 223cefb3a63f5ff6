"""Password hashes: argon2id with the library's defaults (RFC 9106, low memory), a few at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore, local

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tracker.domain.errors import Unavailable
from tracker.domain.passwords import LONGEST, Opening, WayIn, code_as_typed, halves, normal
from tracker.gateways.places import REQUESTS

_HASHER = PasswordHasher()
# A hash takes 64 MiB and a fifth of a second of every core it gets: two at a time. The others wait without holding up
# anything (`REQUESTS.left`), as long as eighty who log in at once take on two cores that have other work too: six a
# second were measured. Of a flood those beyond are told at once to come again.
MOST_WAITING, PATIENCE_S = 80, 15.0
_AT_A_TIME = 2
_TURNS, _ROOM = BoundedSemaphore(_AT_A_TIME), BoundedSemaphore(_AT_A_TIME + MOST_WAITING)
_MINE = local()


class TooManyLogIns(Unavailable):
    """So many passwords are being looked at that this one has to wait."""

    code = "too_many_log_ins"


@contextmanager
def turn() -> Iterator[None]:
    """Wait for one's turn to hash, unless too many wait already; within it nothing waits again.

    Whoever counts a try takes his turn before: what is never looked at is not counted. Raises TooManyLogIns.
    """
    if getattr(_MINE, "turn", False):
        yield
        return
    if not _ROOM.acquire(blocking=False):
        raise TooManyLogIns()
    try:
        with REQUESTS.left():
            came = _TURNS.acquire(timeout=PATIENCE_S)
        if not came:
            raise TooManyLogIns()
        _MINE.turn = True
        try:
            yield
        finally:
            _MINE.turn = False
            _TURNS.release()
    finally:
        _ROOM.release()


def hash_password(password: str) -> str:
    """Return a salted hash of a password; takes about 0.2 s by design. Raises TooManyLogIns."""
    with turn():
        return _HASHER.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Say whether the password is the one that was hashed. Raises TooManyLogIns."""
    if len(password) > 2 * LONGEST:
        password = ""  # longer than any may be: it is none, and takes no longer
    with turn():
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
