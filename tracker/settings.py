"""Settings of a process: read once from the environment, frozen afterwards."""

import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from tracker import addresses
from tracker.addresses import Fault
from tracker.data_directory import NotPrivate, keep_once, keep_private, private_directory, socket_path, write_whole
from tracker.random_keys import is_weak

VERSION = "0.1.0"
_SHORTEST_SECRET_KEY = 32
_MODE_FILE = "mode"
_KEY_FILE = "secret.key"
# A proxy on the same machine is the ordinary case; `unix` is one that speaks through a socket file.
_LOCAL_PROXIES = "127.0.0.1,::1,unix"
_VARIABLES = {
    "mode": "TRACKER_MODE",
    "data_dir": "TRACKER_DATA_DIR",
    "database_url": "TRACKER_DATABASE_URL",
    "redis_url": "TRACKER_REDIS_URL",
    "secret_key": "TRACKER_SECRET_KEY",
    "former_secret_keys": "TRACKER_SECRET_KEY_FALLBACKS",
    "smtp_url": "TRACKER_SMTP_URL",
    "mail_from": "TRACKER_MAIL_FROM",
    "anchor_key": "TRACKER_ANCHOR_KEY",
    "anchor_file": "TRACKER_ANCHOR_FILE",
    "metrics_token": "TRACKER_METRICS_TOKEN",
    "clamd": "TRACKER_CLAMD",
    "oidc_issuer": "TRACKER_OIDC_ISSUER",
    "oidc_client_id": "TRACKER_OIDC_CLIENT_ID",
    "oidc_client_secret": "TRACKER_OIDC_CLIENT_SECRET",
    "oidc_name": "TRACKER_OIDC_NAME",
    "oidc_claim": "TRACKER_OIDC_CLAIM",
    "oidc_redirect_uri": "TRACKER_OIDC_REDIRECT_URI",
    "trusted_proxies": "TRACKER_TRUSTED_PROXIES",
    "backup_dir": "TRACKER_BACKUP_DIR",
    "allow_root": "TRACKER_ALLOW_ROOT",
    "port": "PORT",
}


class SettingsError(Exception):
    """The environment cannot be worked with; the message is one line for the person who starts the program.

    `fault` says what is wrong with an address or a place, `place` where, for the sentence in his language.
    """

    def __init__(self, words: str, *, fault: Fault | None = None, place: Path | None = None) -> None:
        super().__init__(words)
        self.fault, self.place = fault, place


class Mode(StrEnum):
    """`demo` brings demo accounts and a clock that can be moved; `production` brings neither."""

    DEMO = "demo"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """What `load_settings` found; `redis_socket` is None where TRACKER_REDIS_URL names a server of its own.

    `anchor_key` is the file of the key that signs the head of the log, `anchor_file` where signed lines are appended.
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid")

    mode: Mode
    data_dir: Path
    database_url: addresses.Database = Field(repr=False)
    redis_url: addresses.Redis = Field(repr=False)
    redis_socket: Path | None
    secret_key: str = Field(repr=False, min_length=_SHORTEST_SECRET_KEY)
    smtp_url: addresses.Smtp | None = Field(default=None, repr=False)
    mail_from: addresses.Mailbox = "tracker@localhost"
    former_secret_keys: str = Field(default="", repr=False)
    metrics_token: str | None = Field(default=None, repr=False, min_length=16)
    anchor_key: Path
    anchor_file: Path | None = None
    clamd: addresses.Scanner | None = None
    oidc_issuer: addresses.Web | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = Field(default=None, repr=False)
    oidc_name: str = Field(default="统一身份认证", max_length=20)
    oidc_claim: str = Field(default="preferred_username", pattern=r"^\S{1,200}$")
    oidc_redirect_uri: addresses.Web | None = None
    trusted_proxies: str = _LOCAL_PROXIES
    proxies_are_named: bool = False
    backup_dir: Path | None = None
    allow_root: bool = False
    port: Annotated[int, Field(ge=1, le=65535)] = 8000

    @property
    def is_demo(self) -> bool:
        return self.mode is Mode.DEMO

    @field_validator("secret_key")
    @classmethod
    def _refuse_weak(cls, key: str) -> str:
        if is_weak(key):
            raise ValueError("is not random; make one with: openssl rand -hex 32")
        return key

    @field_validator("former_secret_keys")
    @classmethod
    def _refuse_weak_ones(cls, given: str) -> str:
        """What a key of before signed is believed as what the present one signs: it may be no weaker."""
        if any(len(key) < _SHORTEST_SECRET_KEY or is_weak(key) for key in _listed(given)):
            raise ValueError("holds a key that is short or not random, as none of ours was")
        return given

    @field_validator("anchor_key", "anchor_file")
    @classmethod
    def _refuse_where_no_file_can_be(cls, given: Path | None, info: ValidationInfo) -> Path | None:
        if given is not None and given.parent != info.data.get("data_dir"):  # which may have to be made yet
            addresses.check_place(given)
        return given

    @field_validator("trusted_proxies")
    @classmethod
    def _refuse_what_is_no_address(cls, given: str) -> str:
        for one in _listed(given):
            if one != "unix":
                ip_network(one)
        return given

    @property
    def proxies(self) -> tuple[str, ...]:
        """The addresses and networks whose word about a client is taken."""
        return tuple(_listed(self.trusted_proxies))

    @property
    def secret_key_fallbacks(self) -> list[str]:
        """Keys of before, whose signatures still hold."""
        return list(_listed(self.former_secret_keys))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Leave `load_settings` the only reader of the environment, so that a test can hand in another one."""
        return (init_settings,)


def load_settings(environ: Mapping[str, str] = os.environ, *, making: bool = True) -> Settings:
    """Read the variables of the contract; an empty one counts as not set.

    Without TRACKER_MODE the data directory says whether it holds a demonstration; else the mode is production.

    Shuts the data directory and what lies in it to others. Creates it and, in demo mode, keeps a random secret key in
    it, unless `making` is false: who only reads makes nothing, for its name may be mistyped.
    Raises SettingsError, caused by an OSError where the data directory or a file in it cannot be used.
    """
    with _refusing():
        return _loaded(environ, making=making)


def make_data_directory(settings: Settings) -> None:
    """Make the data directory where it is not there yet. Idempotent. Raises SettingsError."""
    with _refusing():
        private_directory(settings.data_dir, making=True)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        words = f"TRACKER_DATA_DIR: cannot use {error.filename}: {error.strerror}"
        raise SettingsError(words) from error
    except NotPrivate as error:
        raise SettingsError(str(error), fault=Fault.NOT_PRIVATE, place=error.folder) from None


def _loaded(environ: Mapping[str, str], *, making: bool) -> Settings:
    """Raises SettingsError, NotPrivate, OSError."""
    given: dict[str, object] = {
        field: environ[name] for field, name in _VARIABLES.items() if environ.get(name, "").strip()
    }
    data_dir = private_directory(Path(str(given.get("data_dir", "./var"))), making=making)
    socket = None if "redis_url" in given else socket_path(data_dir, making=making)
    mode = _mode(str(given.get("mode", _remembered_mode(data_dir))))
    given |= {
        "mode": mode,
        "data_dir": data_dir,
        "redis_socket": socket,
        "proxies_are_named": "trusted_proxies" in given,
    }
    given.setdefault("anchor_key", data_dir / "anchor.key")
    given.setdefault("database_url", f"sqlite:///{data_dir / 'tracker.db'}")
    if socket is not None:
        given["redis_url"] = f"unix://{quote(str(socket))}"
    _check_provider(given)
    if "secret_key" not in given:
        given["secret_key"] = _demo_key(data_dir, making=making) if mode is Mode.DEMO else _no_key()
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        raise _of_variable(error) from None


def serving_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of a process that serves, whose files are private from now on.

    Raises SettingsError, also for root in production unless TRACKER_ALLOW_ROOT says so.
    """
    settings = load_settings(environ)
    keep_private()
    refuse_root(settings)
    return settings


def refuse_root(settings: Settings) -> None:
    """Refuse to serve as root in production, unless that is asked for. Raises SettingsError."""
    if os.geteuid() == 0 and not settings.is_demo and not settings.allow_root:
        raise SettingsError(
            "TRACKER_ALLOW_ROOT: production is not served as root; run it as a user of its own, or set this to 1"
        )


def remember_mode(settings: Settings) -> Path | None:
    """Note in the data directory that it holds a demonstration, so that commands beside `make run` work on it.

    Return the file where it was not there before. Raises OSError, and leaves what was there.
    """
    path = settings.data_dir / _MODE_FILE
    if not settings.is_demo or _remembered_mode(settings.data_dir) == settings.mode.value:
        return None
    write_whole(path, settings.mode.value)
    return path


def _remembered_mode(data_dir: Path) -> str:
    """Return what is noted; an empty file, which a full disk left, says nothing."""
    path = data_dir / _MODE_FILE
    noted = path.read_text().strip() if path.is_file() else ""
    return noted or Mode.PRODUCTION.value


def _mode(text: str) -> Mode:
    try:
        return Mode(text.strip())
    except ValueError:
        raise SettingsError(f"TRACKER_MODE must be demo or production, not {text!r}") from None


def _check_provider(given: Mapping[str, object]) -> None:
    """Refuse a provider of the unified log-in that is described in part. Raises SettingsError."""
    needed = ("oidc_issuer", "oidc_client_id", "oidc_client_secret")
    missing = [_VARIABLES[name] for name in needed if name not in given]
    if 0 < len(missing) < len(needed):
        raise SettingsError(f"TRACKER_OIDC_ISSUER: the unified log-in also needs {', '.join(missing)}")


def _no_key() -> str:
    raise SettingsError(
        f"TRACKER_SECRET_KEY is not set: production needs a random key of at least {_SHORTEST_SECRET_KEY} characters, "
        "for example from: openssl rand -hex 32 (with the data of a demonstration: TRACKER_MODE=demo)"
    )


def _of_variable(error: ValidationError) -> SettingsError:
    """Name the variable and what is wrong with it, and never what it says: it may hold a password."""
    first = error.errors()[0]
    field, cause = str(first["loc"][0]), first.get("ctx", {}).get("error")
    fault = cause.fault if isinstance(cause, addresses.BadAddress) else None
    return SettingsError(f"{_VARIABLES.get(field, field)}: {first['msg']}", fault=fault)


def _listed(text: str) -> Iterator[str]:
    return (one for one in re.split(r"[,\s]+", text) if one)


def _demo_key(data_dir: Path, *, making: bool) -> str:
    """Return the key of a demonstration; one that nobody keeps where there is none yet and none is to be made."""
    path = data_dir / _KEY_FILE
    if not making and not path.exists():
        return secrets.token_hex(32)
    return keep_once(path, make=lambda: secrets.token_hex(32))
