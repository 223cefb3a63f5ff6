"""The one judge of where things point: what a reader may click, and what is a place or a part of the file itself.

Whatever is not allowed here is refused, however it is spelled: relative addresses and unknown schemes lead to files
beside the document or start programs. Source: RFC 3986, 3 and 4; ECMA-376 part 2, 9.1 (names of parts).
"""

import re
from urllib.parse import unquote

# Control signs end or hide an address in some program, and outside of the web a backslash leads to another machine.
_HIDDEN = re.compile(r"[\x00-\x1f\x7f\\]")
# What stands before an @ is a name and a password, and makes the host look like another one.
_ADDRESS = re.compile(r"(?:https?://(?!/*+[^/?#@]*+@)[^\x00-\x1f\x7f]*|mailto:[^\x00-\x1f\x7f\\]*)", re.IGNORECASE)
_CELLS = r"\$?[A-Z]{1,3}\$?[0-9]{0,7}"
_SCHEME = re.compile(rf"\s{{0,40}}(?!{_CELLS}:{_CELLS}\Z)[a-z][a-z0-9+.-]{{0,40}}:", re.IGNORECASE)
_ELSEWHERE = re.compile(r"//|\[")  # e.g. //host, [a.xls]S!A1
_DATA = re.compile(r"data:image/[a-z0-9.+-]{1,40}[;,]", re.IGNORECASE)
_UNESCAPED = 2  # as often as any program undoes the escapes of an address


def may_be_clicked(target: str) -> bool:
    """Say whether a reader may click a link to it: http, https, mailto, or `#` and a place inside the file."""
    bare = target.strip(" \t\r\n")
    if bare.startswith("#"):
        return is_place(bare[1:])
    return _ADDRESS.fullmatch(bare) is not None


def is_place(name: str) -> bool:
    """Say whether it is a bookmark, a sheet or cells of the file itself, as they are named after a `#`; or nothing."""
    _, bar, item = name.partition("|")  # e.g. cmd|'/c calc'!A1
    return not (_HIDDEN.search(name) or _ELSEWHERE.search(name) or _SCHEME.match(name) or (bar and "!" in item))


def is_within(target: str) -> bool:
    """Say whether it is a part of the package, data in place, or nothing: no scheme, host or drive, escaped or not."""
    if _DATA.match(target):
        return True
    for _ in range(_UNESCAPED):
        target = unquote(target)
    if target.startswith("#"):
        return is_place(target[1:])
    return not (_HIDDEN.search(target) or ":" in target or "//" in target)
