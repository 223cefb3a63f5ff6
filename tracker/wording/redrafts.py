"""What is said of a draft that was made anew 「按现在的数据重拟」, and of what it did not take over."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tracker.domain.quoting import titled
from tracker.wording.moments import clock_words

FIELDS_OF_A_PAPER: Mapping[str, str] = {"title": "标题", "addressees": "主送机关", "copies": "抄送", "note": "附注"}


def redrafted_because(as_of: datetime, *, title: str) -> str:
    """Say of a draft that was given up by which other one: drafts have no number yet."""
    return f"已按{clock_words(as_of)}的数据重拟为新稿{titled(title)}"


def names_told(names: Mapping[str, str]) -> str:
    """Return names that units gave up, as a refusal says them."""
    return "，".join(f"{name}现为{now}" for name, now in names.items())


def left_words(words: str, cited: Sequence[str]) -> str:
    """Say a paragraph that is not carried over, one by hand with the items that it cites."""
    return f"{words}（人工撰写，所依据事项：{'、'.join(cited)}）" if cited else words
