"""Paths of programs with and without LibreOffice, which takes seconds a paper where its pages are no matter."""

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

_NAMES = ("soffice", "libreoffice")


@cache
def with_office_suite() -> str:
    """Return the search path of programs as it is."""
    return os.environ.get("PATH", os.defpath)


@cache
def without_office_suite() -> str:
    """Return the search path of programs on which all are but LibreOffice, by links instead of folders that have it."""
    folders = with_office_suite().split(os.pathsep)
    return os.pathsep.join(_linked(one) if any(Path(one, name).exists() for name in _NAMES) else one for one in folders)


def _linked(folder: str) -> str:
    links = Path(tempfile.mkdtemp(prefix="programs-"))
    atexit.register(shutil.rmtree, links, ignore_errors=True)
    for program in Path(folder).iterdir():
        if program.name not in _NAMES:
            (links / program.name).symlink_to(program)
    return str(links)
