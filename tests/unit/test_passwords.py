"""Passwords are kept as argon2id at its full cost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from argon2 import PasswordHasher

from tracker.gateways.passwords import TooManyLogIns, hash_password, matches


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
    barrier = Barrier(24)

    def one(_n: int) -> bool:
        barrier.wait()
        try:
            hash_password("correct horse")
        except TooManyLogIns:
            return False
        return True

    with ThreadPoolExecutor(24) as pool:
        served = sum(pool.map(one, range(24)))
    assert 2 <= served < 24
    assert hash_password("correct horse")


def test_what_is_too_long_for_a_password_is_none() -> None:
    assert not matches(hash_password("correct horse"), "correct horse" * 1000)
