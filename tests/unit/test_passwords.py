"""Passwords are kept as argon2id at its full cost."""

import pytest
from argon2 import PasswordHasher

from tests.support.together import together
from tracker.gateways.passwords import MOST_WAITING, TooManyLogIns, hash_password, matches

pytestmark = pytest.mark.usefixtures("full_cost")


def test_a_password_is_kept_as_a_salted_hash_of_full_cost_and_matches_only_itself() -> None:
    kept, again = hash_password("correct horse"), hash_password("correct horse")
    assert kept.startswith("$argon2id$")
    assert kept != again
    assert not PasswordHasher().check_needs_rehash(kept)
    assert matches(kept, "correct horse")
    assert not matches(kept, "Correct horse")
    assert not matches("-", "correct horse")


def test_a_flood_of_log_ins_is_turned_away() -> None:
    """Only as many are hashed as have their turn soon; the others are told at once, and the next one is served."""

    def one() -> bool:
        try:
            hash_password("correct horse")
        except TooManyLogIns:
            return False
        return True

    served = sum(together(*[one] * (2 * MOST_WAITING)))
    assert 2 <= served < 2 * MOST_WAITING
    assert hash_password("correct horse")


def test_what_is_too_long_for_a_password_is_none() -> None:
    assert not matches(hash_password("correct horse"), "correct horse" * 1000)
