"""Password hashes of the least cost there is, for what is no test of that cost.

One of the product takes a fifth of a second and 64 MiB on purpose; a test of log-ins pays for dozens. It is the same
library and the same algorithm, and a hash says itself what it cost: only the parameters of new ones differ.
"""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from tracker.gateways import passwords

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_OF_THE_PRODUCT = passwords._HASHER


def hash_quickly() -> None:
    """Let this process make hashes of the least cost from now on; programs that it starts make those of the product."""
    _make_by(QUICK)


@pytest.fixture
def full_cost() -> Iterator[None]:
    """Hash as the product does, also what is compared with where there is no account."""
    _make_by(_OF_THE_PRODUCT)
    yield
    _make_by(QUICK)


def _make_by(hasher: PasswordHasher) -> None:
    passwords._HASHER = hasher
    passwords.hash_of_nobody.cache_clear()
