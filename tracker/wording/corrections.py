"""What a correction 「更正」 of a paper says of the paper whose place it takes."""

import re


def correction_note(number: str) -> str:
    """Say on a correction 「更正」 which paper's place it takes."""
    return f"本件更正{number}，原件同时废止"


def with_correction_note(note: str, *, number: str) -> str:
    """Put that before what stands in the note 「附注」 of the paper, which may be a correction itself."""
    kept = [part for part in note.split("；") if part and not _CORRECTION_NOTE.fullmatch(part)]
    return "；".join((correction_note(number), *kept))


_CORRECTION_NOTE = re.compile(correction_note("[^；，]+"))
