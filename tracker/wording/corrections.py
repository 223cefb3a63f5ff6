"""What a correction 「更正」 of a paper says of the paper whose place it takes."""

import re


def correction_note(number: str, *, reason: str) -> str:
    """Say on a correction 「更正」 which paper's place it takes, and why."""
    return f"因{reason}，本件更正{number}，原件同时废止"


def with_correction_note(note: str, *, number: str, reason: str) -> str:
    """Put that before what stands in the note 「附注」 of the paper, which may be a correction itself."""
    kept = [part for part in note.split("；") if part and not _CORRECTION_NOTE.fullmatch(part)]
    return "；".join((correction_note(number, reason=reason.replace("；", "，").rstrip("。，")), *kept))


def without_correction_note(note: str) -> str:
    """Return what a note says beside that: whom to ask, and whatever else stands there."""
    return "；".join(part for part in note.split("；") if part and not _CORRECTION_NOTE.fullmatch(part))


# e.g. 因附件数字有误，本件更正驻政办函〔2022〕1号，原件同时废止
_CORRECTION_NOTE = re.compile("(?:因[^；]+，)?本件更正[^；，]+，原件同时废止")
