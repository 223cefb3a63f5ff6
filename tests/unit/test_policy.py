"""The reminder policy as data: what is shipped, and what is refused."""

from pathlib import Path

import pytest

from tracker.gateways.configuration import CONFIGURATION, BadConfiguration, load_policy


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("weekly = [1]", ""),
        ("weekly = [1]", "weekly = [0]"),
        ("workdays_late = 10", "workdays_late = 4"),
        ("digest_time = 08:40:00", "digest_time = 08:20:00"),
        ("digest_latest = 11:00:00", "digest_latest = 08:00:00"),
        ("digest_latest = 11:00:00", "digest_latest = 18:00:00"),
        ("version =", "edition ="),
        ("clock_hours = [-6, -2, 1]", "clock_hours = [-2, -6, 1]"),
        ("clock_hours = [-6, -2, 1]", "clock_hours = [0]"),
        ('tells = "unit_head"', 'tells = "leader"'),
        ('tells = "unit_head"', 'tells = "head"'),
    ],
)
def test_a_policy_that_contradicts_itself_is_not_loaded(tmp_path: Path, old: str, new: str) -> None:
    text = (CONFIGURATION / "policy.toml").read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "policy.toml"
    broken.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadConfiguration):
        load_policy(broken)
