"""What systems leave in folders without being asked, and archives therefore hold: they are taken as what they are.

Source: RFC 1740, appendix A (AppleDouble); Windows' Thumbs.db is a compound file, Finder's .DS_Store begins as below.
"""

from collections.abc import Set

from tracker.inspection.ole2 import OLE2

_BY_NAME = {"thumbs.db": OLE2, ".ds_store": b"\0\0\0\x01Bud1"}
_APPLE_DOUBLE = b"\0\x05\x16\x07"
_APPLE_FOLDER, _APPLE_MARK = "__MACOSX/", "._"


def is_leftover(name: str, head: bytes, *, beside: Set[str]) -> bool:
    """Say whether a file of an archive is one of them by name and first bytes.

    What accompanies a file or folder on a Mac has to have it in the archive too (`beside`, all paths without a slash at
    the end): alone it would be any file of any ending.
    """
    folder, slash, base = name.rpartition("/")
    expected = _BY_NAME.get(base.lower())
    if expected is not None:
        return head.startswith(expected)
    if not base.startswith(_APPLE_MARK) or not head.startswith(_APPLE_DOUBLE):
        return False
    return (folder + slash).removeprefix(_APPLE_FOLDER) + base.removeprefix(_APPLE_MARK) in beside
