"""Settings: what the environment says, what fills the gaps, what is refused."""

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from tests.support.keys import SECRET_KEY
from tracker.settings import Mode, Settings, SettingsError, load_settings, remember_mode

KEY = SECRET_KEY


def _load(folder: Path, **variables: str) -> Settings:
    return load_settings({"TRACKER_DATA_DIR": str(folder), **variables})


def test_production_is_the_default_and_keeps_everything_in_the_data_directory(tmp_path: Path) -> None:
    settings = _load(tmp_path, TRACKER_SECRET_KEY=KEY)
    assert settings.mode is Mode.PRODUCTION
    assert settings.database_url == f"sqlite:///{tmp_path}/tracker.db"
    assert settings.redis_url == f"unix://{tmp_path}/redis/redis.sock"
    assert settings.smtp_url is None
    assert settings.port == 8000


def test_given_addresses_are_taken_over(tmp_path: Path) -> None:
    settings = _load(
        tmp_path,
        TRACKER_SECRET_KEY=KEY,
        TRACKER_DATABASE_URL="postgresql+psycopg://db/tracker",
        TRACKER_REDIS_URL="redis://cache:6379/1",
        TRACKER_SMTP_URL="smtp://127.0.0.1:1025",
        PORT="8123",
    )
    assert settings.database_url == "postgresql+psycopg://db/tracker"
    assert (settings.redis_url, settings.redis_socket) == ("redis://cache:6379/1", None)
    assert (settings.smtp_url, settings.port) == ("smtp://127.0.0.1:1025", 8123)


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({}, "TRACKER_SECRET_KEY"),
        ({"TRACKER_SECRET_KEY": "   "}, "TRACKER_SECRET_KEY"),
        ({"TRACKER_SECRET_KEY": "short"}, "TRACKER_SECRET_KEY"),
        ({"TRACKER_SECRET_KEY": KEY, "PORT": "70000"}, "PORT"),
        ({"TRACKER_SECRET_KEY": KEY, "PORT": "http"}, "PORT"),
        ({"TRACKER_SECRET_KEY": KEY, "TRACKER_MODE": "test"}, "TRACKER_MODE"),
        ({"TRACKER_DATA_DIR": "/dev/null/tracker"}, "TRACKER_DATA_DIR"),
    ],
)
def test_a_bad_variable_is_refused_with_one_line_that_names_it(
    tmp_path: Path, variables: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingsError) as refusal:
        load_settings({"TRACKER_DATA_DIR": str(tmp_path), **variables})
    assert str(refusal.value).startswith(named)
    assert "\n" not in str(refusal.value)


def test_the_demo_makes_a_private_key_and_keeps_it(tmp_path: Path) -> None:
    first = _load(tmp_path, TRACKER_MODE="demo")
    assert len(first.secret_key) == 64
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert _load(tmp_path, TRACKER_MODE="demo").secret_key == first.secret_key
    assert _load(tmp_path / "other", TRACKER_MODE="demo").secret_key != first.secret_key


def test_long_socket_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fallback is a private directory with a short name; so is this test's, as its own path counts."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = tmp_path / ("督" * 40)
    first = _load(folder, TRACKER_MODE="demo").redis_socket
    assert first is not None
    assert len(str(first).encode()) <= 107
    assert stat.S_IMODE(first.parent.stat().st_mode) == 0o700
    first.parent.rmdir()
    assert _load(folder, TRACKER_MODE="demo").redis_socket == first
    assert first.parent.is_dir()


def test_a_fallback_directory_that_others_may_enter_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = tmp_path / ("督" * 40)
    socket = _load(folder, TRACKER_MODE="demo").redis_socket
    assert socket is not None
    socket.parent.chmod(0o755)
    with pytest.raises(SettingsError, match="not a private directory"):
        _load(folder, TRACKER_MODE="demo")


def test_settings_are_frozen_and_print_no_secret(tmp_path: Path) -> None:
    settings = _load(tmp_path, TRACKER_SECRET_KEY=KEY, TRACKER_SMTP_URL="smtp://u:geheim@h")
    assert KEY not in repr(settings)
    assert "geheim" not in repr(settings)
    with pytest.raises(ValidationError, match="frozen"):
        settings.port = 1  # type: ignore[misc]  # the refusal is what is tested


def test_a_data_directory_remembers_that_it_holds_a_demonstration(tmp_path: Path) -> None:
    remember_mode(load_settings({"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(tmp_path)}))
    assert load_settings({"TRACKER_DATA_DIR": str(tmp_path)}).is_demo
    named = {"TRACKER_MODE": "production", "TRACKER_SECRET_KEY": SECRET_KEY, "TRACKER_DATA_DIR": str(tmp_path)}
    assert not load_settings(named).is_demo


def test_an_empty_note_of_the_mode_says_nothing_and_is_written_anew(tmp_path: Path) -> None:
    """A disk that was full left such a file."""
    (tmp_path / "mode").touch()
    assert _load(tmp_path, TRACKER_SECRET_KEY=KEY).mode is Mode.PRODUCTION
    remember_mode(_load(tmp_path, TRACKER_MODE="demo"))
    assert _load(tmp_path).mode is Mode.DEMO
