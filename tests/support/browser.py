"""Finds a Chromium for the tests, or installs one: `python -m tests.support.browser`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


def installed() -> str | None:
    """Return the path of an installed browser: the system's, else Playwright's own download."""
    for name in _NAMES:
        if found := shutil.which(name):
            return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if os.path.exists(own) else None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = installed()
    if path is None:
        pytest.fail("no browser: install the package chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield launched
        launched.close()


def main() -> int:
    """Make sure that there is a browser; return the exit code."""
    if installed() is not None:
        return 0
    commands = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        apt = "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk"
        commands.insert(0, ["sh", "-c", apt])
    for command in commands:
        try:
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        except (subprocess.CalledProcessError, OSError, Error):
            continue
        if installed() is not None:
            return 0
    print("the tests need a browser and none could be installed: install the package chromium", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
