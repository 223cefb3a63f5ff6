"""The fonts of this machine, as fontconfig lists them: pages are shown and fitted with them."""

import shutil
import subprocess

_TIMEOUT_S = 20


def families() -> frozenset[str] | None:
    """Return the names of all font families, in each language; None where fontconfig is not installed or silent."""
    if shutil.which("fc-list") is None:
        return None
    try:
        listed = subprocess.run(
            ["fc-list", ":", "family"], capture_output=True, text=True, check=True, timeout=_TIMEOUT_S
        )
    except (OSError, subprocess.SubprocessError):
        return None
    names = (name.strip() for line in listed.stdout.splitlines() for name in line.split(","))
    return frozenset(name for name in names if name)
