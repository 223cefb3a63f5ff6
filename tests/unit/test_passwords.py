"""Passwords are kept as argon2id at its full cost."""

from argon2 import PasswordHasher

from tracker.gateways.passwords import hash_password, matches


def test_a_password_is_kept_as_a_salted_hash_of_full_cost_and_matches_only_itself() -> None:
    kept, again = hash_password("correct horse"), hash_password("correct horse")
    assert kept.startswith("$argon2id$")
    assert kept != again
    assert not PasswordHasher().check_needs_rehash(kept)
    assert matches(kept, "correct horse")
    assert not matches(kept, "Correct horse")
    assert not matches("-", "correct horse")
