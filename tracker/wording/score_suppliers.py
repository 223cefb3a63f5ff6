"""Who hands in data of an evaluation, in words: whose it is, and that the office enters it in the organiser's name."""

from collections.abc import Collection, Mapping

from tracker.domain.scoring.rules import Rules
from tracker.wording.codes import OFFICE_NAME


def owners_words(owners: Collection[str], names: Mapping[str, str]) -> str:
    """Name those whose something is, given by codes with names by their codes; the office where nobody is named."""
    return "、".join(sorted(names.get(code, code) for code in owners)) or OFFICE_NAME


def entered_for(name: str) -> str:
    """Name whose something is that the office enters for him, where the name stands alone."""
    return f"{name}（{OFFICE_NAME}代报）"


def entering_for(name: str) -> str:
    """Say who entered something for whom, where 「报送」 follows."""
    return f"{OFFICE_NAME}代{name}"


def unused_words(rules: Rules) -> Mapping[str, str]:
    """Say of each figure that no mark is made of why it is not handed in: as was decided, or before that is."""
    decided = dict.fromkeys(rules.unused, "按已作的决定本月不报")
    return decided | dict.fromkeys(rules.undecided, "是否报送待所涉疑义决定，决定以前不报")
