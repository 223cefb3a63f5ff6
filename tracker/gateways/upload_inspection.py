"""What may be handed in: the name it is kept under, and the inspection of its content within limits."""

import re
import unicodedata
from pathlib import Path

from tracker.domain.entered import clean_words
from tracker.domain.errors import BadInput
from tracker.gateways.bounded import read_bounded
from tracker.inspection.files import inspect_file
from tracker.inspection.markings import is_marked_name
from tracker.inspection.refusals import ContentUnlikeEnding, EmptyFile, EndingNotAllowed, SecrecyMarked

__all__ = ("BadFileName", "ContentUnlikeEnding", "EmptyFile", "EndingNotAllowed", "clean_name", "inspect_upload")
_LONGEST_NAME = 150
_LONGEST_GIVEN = 1_000  # what follows is not looked at: composing letters takes time by the square of their number


class BadFileName(BadInput):
    """Nothing is left of the name but its ending; facts: name."""

    code = "bad_file_name"


def inspect_upload(path: Path, name: str) -> str:
    """Return the media type of a complete file that was handed in under a name, read in a process with limits.

    Raises BadFileName, SecrecyMarked, FileTooComplex and what `inspection.files.inspect_file` refuses.
    """
    return str(read_bounded(inspect_within, str(path.resolve()), ending_of_unmarked(name)))


def ending_of_unmarked(name: str) -> str:
    """Return the ending of a name that may be kept. Raises BadFileName, SecrecyMarked."""
    cleaned = Path(clean_name(name))
    if is_marked_name(cleaned.stem):
        raise SecrecyMarked(place="name")
    return cleaned.suffix[1:].lower()


def inspect_within(path: str, ending: str) -> str:
    """Inspect a file in this process: only for one that has limits. Raises what `inspect_file` refuses."""
    with open(path, "rb") as file:
        return inspect_file(file, ending=ending)


def clean_name(name: str) -> str:
    """Make a name that is safe to show and to save under: NFC, one line, no path, at most 150 characters.

    The ending survives the shortening. Raises BadFileName.
    """
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name[-_LONGEST_GIVEN:]))[-1]
    visible = "".join(sign for sign in clean_words(base) if unicodedata.category(sign) not in {"Cc", "Cf"})
    stem, dot, ending = visible.strip().rpartition(".")
    stem = stem.strip(" .")
    if not stem or not dot:
        raise BadFileName(name=visible)
    return stem[: _LONGEST_NAME - len(ending) - 1] + "." + ending[: _LONGEST_NAME // 2]
