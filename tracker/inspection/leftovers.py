"""What systems leave in folders without being asked, and archives therefore hold: they are taken as what they are.

Source: RFC 1740, appendix A (AppleDouble); Windows' Thumbs.db is a compound file, Finder's .DS_Store begins as below.
Word, Excel and PowerPoint write `~$name` while a file is open: the length of a user's name, the name, blanks.
"""

import re
from collections.abc import Set

from tracker.inspection.ole2 import OLE2
from tracker.inspection.programs import HEAD_BYTES

_BY_NAME = {"thumbs.db": OLE2, ".ds_store": b"\0\0\0\x01Bud1"}
_APPLE_DOUBLE = b"\0\x05\x16\x07"
# What a folder looks like: nothing that is fetched from another machine, and no class that a folder would run as.
_LOOK = re.compile(
    r"\s*(?:;.*|\[[.\w{}-]*\]|(?:IconResource|IconFile|IconIndex|LocalizedResourceName|InfoTip|ConfirmFileOp|NoSharing"
    r"|Mode|Vid|FolderType)\s*=(?!.*(?:[\\/]{2}|:[\\/]+[^\\/]*@)).*)?\s*",
    re.IGNORECASE,
)
_LOCK, _LOCK_BYTES, _LONGEST_USER = "~$", (162, 165), 53
_OF_LOCKS = frozenset(("doc", "docx", "xls", "xlsx", "ppt", "pptx"))
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
    if base.lower() == "desktop.ini":
        return _is_look(head)
    if base.startswith(_LOCK):
        is_one = len(head) in _LOCK_BYTES and 0 < head[0] <= _LONGEST_USER
        return is_one and base.rpartition(".")[2].lower() in _OF_LOCKS
    if not base.startswith(_APPLE_MARK) or not head.startswith(_APPLE_DOUBLE):
        return False
    return (folder + slash).removeprefix(_APPLE_FOLDER) + base.removeprefix(_APPLE_MARK) in beside


def _is_look(head: bytes) -> bool:
    """Say whether a file that is seen whole says how a folder looks and no more."""
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = head.decode("utf-16" if wide else "latin-1", "replace").removeprefix("\u00ef\u00bb\u00bf")
    return len(head) < HEAD_BYTES and all(_LOOK.fullmatch(line) for line in re.split("[\r\n]+", text))
