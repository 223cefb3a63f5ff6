"""Password hashes: argon2id with the library's defaults (RFC 9106, low memory)."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()


def hash_password(password: str) -> str:
    """Return a salted hash of a password; takes about 0.2 s by design."""
    return _HASHER.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Say whether the password is the one that was hashed."""
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def hash_of_nobody() -> str:
    """Return what is compared when no such login exists: an unknown name takes as long as a wrong password."""
    return hash_password("nobody has this password")
