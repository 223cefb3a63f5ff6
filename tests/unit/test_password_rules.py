"""What a password must be, rule by rule, and what the refusal says."""

from dataclasses import replace

import pytest

from tracker.domain.account_policy import AccountPolicy, FactorRule
from tracker.domain.passwords import PasswordRefused, PasswordRule, check_password, code_as_typed, new_code, normal
from tracker.gateways.configuration import CONFIGURATION, load_account_policy, load_common_passwords
from tracker.wording.accounts import PASSWORD_RULES
from tracker.wording.refusals import sentence

COMMON = load_common_passwords(CONFIGURATION / "common_passwords.txt")
_GOOD = ("tianzhongshan lu 68", "Kz4#mTq9xL", "hao-tian-qi-shai-bei", "三月的风吹过天中山下的路口")


def _broken(password: str, *names: str) -> set[str]:
    try:
        check_password(password, names=names, common=COMMON, policy=AccountPolicy())
    except PasswordRefused as refused:
        said = sentence(refused)
        rules = refused.facts["rules"]
        assert isinstance(rules, tuple)
        assert said.startswith("新密码不符合要求：")
        assert "{" not in said
        return set(rules)
    return set()


@pytest.mark.parametrize("password", _GOOD)
def test_a_long_one_and_a_mixed_one_are_taken(password: str) -> None:
    assert _broken(password, "swj", "张三") == set()


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("", PasswordRule.TOO_SHORT),
        ("Kz4#mTq9x", PasswordRule.TOO_SHORT),  # nine of four classes
        ("kzamtqvxlwy", PasswordRule.TOO_SHORT),  # eleven of one class
        ("demo-2022", PasswordRule.TOO_SHORT),
        ("x" + "kq7" * 43, PasswordRule.TOO_LONG),
        ("my-shangwuju-home", PasswordRule.NAMED),
        ("MY-SHANGWUJU-HOME", PasswordRule.NAMED),
        ("Zhumadian@2022", PasswordRule.COMMON),
        ("zhumadian2024", PasswordRule.COMMON),
        ("WoAiNi5201314", PasswordRule.COMMON),
        ("1qaz2wsx3edc", PasswordRule.COMMON),
        ("Password@123456", PasswordRule.COMMON),
        ("Duchashi#20231105", PasswordRule.COMMON),
        ("ababababababab", PasswordRule.MONOTONOUS),
    ],
)
def test_a_bad_one_is_refused_by_its_rule(password: str, rule: PasswordRule) -> None:
    assert rule.value in _broken(password, "shangwuju", "联络员")


def test_former_ones_are_refused_and_asked_for_last() -> None:
    asked: list[str] = []

    def is_former(password: str) -> bool:
        asked.append(password)
        return True

    for password in ("short", _GOOD[0]):
        with pytest.raises(PasswordRefused):
            check_password(password, names=(), common=COMMON, policy=AccountPolicy(), is_former=is_former)
    assert asked == [_GOOD[0]]


def test_every_rule_has_words_and_the_list_is_plain() -> None:
    assert set(PASSWORD_RULES) == set(PasswordRule)
    assert len(COMMON) > 3_000
    assert all(word == word.lower() and " " not in word for word in COMMON)


def test_a_code_is_read_however_it_is_typed() -> None:
    code = new_code()
    assert code != new_code()
    assert code_as_typed(f" {code.lower().replace('-', ' ')} ") == code_as_typed(code)
    assert len(code_as_typed(code)) == 12
    assert normal("ａｂｃ") == "abc"


def test_the_shipped_policy_is_the_one_of_the_code() -> None:
    shipped = {mode: load_account_policy(CONFIGURATION / "accounts.toml", demonstration=mode) for mode in (True, False)}
    assert shipped[False] == replace(AccountPolicy(), second_factor=FactorRule.MANDATORY)
    assert shipped[True] == replace(AccountPolicy(), second_factor=FactorRule.OFF)
