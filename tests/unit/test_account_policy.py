"""The policy of accounts as data: what contradicts itself keeps the program from being started, in words."""

import shutil
from pathlib import Path

import pytest

from tracker import bootstrap
from tracker.failures import start_words
from tracker.gateways.configuration import CONFIGURATION
from tracker.settings import SettingsError, load_settings


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("warn_days = 14 ", "warn_days = 200 ", "warn_days（提前告知天数）须小于stale_days"),
        ("stale_days = 200 ", "stale_days = 14 ", "warn_days（提前告知天数）须小于stale_days"),
        ("warn_days = 14 ", "warn_days = 0 ", "warn_days"),
        ("stale_days = 200 ", "idle_days = 200 ", "idle_days"),
        ("[throttle.pair]", "[throttle.two]", "throttle"),
    ],
)
def test_with_a_policy_that_contradicts_itself_nothing_starts_and_one_line_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, words: str
) -> None:
    shutil.copytree(CONFIGURATION, tmp_path / "config")
    broken = tmp_path / "config" / "accounts.toml"
    text = broken.read_text(encoding="utf-8")
    assert old in text
    broken.write_text(text.replace(old, new), encoding="utf-8")
    monkeypatch.setattr(bootstrap, "CONFIGURATION", tmp_path / "config")
    settings = load_settings({"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(tmp_path / "var")})
    with pytest.raises(SettingsError) as refused:
        bootstrap.build_services(settings)
    said = start_words(refused.value)
    assert said.startswith("配置文件有误，系统不能启动。accounts.toml")
    assert words in said
    assert len(said.splitlines()) == 1
