"""What is said of names of units that the office entered."""

from tracker.domain.quoting import quoted


def entered_words(name: str, *, unit: str, kind: str) -> str:
    """Say as what a name was entered: 新建单位：市水力局（市政府部门）; “市水力局”即市水利局."""
    return f"新建单位：{name}（{kind}）" if name == unit else f"{quoted(name)}即{unit}"
