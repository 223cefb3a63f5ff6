"""What a timeline says of papers that several organs issue, by the facts of each event."""

from collections.abc import Callable, Mapping

_ENDS = {"taken_back": "收回", "changed": "文稿有修改"}


def _answered(facts: Mapping[str, object]) -> str:
    return _with("同意" if facts["agrees"] else "退回", facts["words"])


def _ended(facts: Mapping[str, object]) -> str:
    return _with(_ENDS[str(facts["because"])], facts["reason"])


def _with(said: str, words: object) -> str:
    return f"{said}：{words}" if words else said


JOINT_TOLD: Mapping[str, Callable[[Mapping[str, object]], str]] = {
    "co_issuer.named": lambda facts: str(facts["name"]),
    "co_issuer.asked": lambda facts: str(facts["matter"]),
    "co_issuer.answered": _answered,
    "co_issuer.ask_ended": _ended,
}
