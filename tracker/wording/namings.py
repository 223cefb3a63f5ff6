"""What is said of praise and criticism by name: what of them holds no more, and how they ended."""

from collections.abc import Mapping

_OVERTAKEN: Mapping[str, str] = {
    "overdue_work": "所列逾期事项有的已报办结、调整时限或者正在研究，或者已在印发的通报中点名",
    "behind_twice": "所列未达序时事项有的情况已变，或者已在印发的通报中点名",
    "urged_in_vain": "所列催办单有的已经答复，所催反馈有的已经报送，或者已在印发的通报中点名",
}


def overtaken_words(grounds: str, *, into: object) -> str:
    """Say why a unit may not be criticised any more: what became of the grounds, by their codes, and of the unit."""
    told = [f"该单位已并入{into}"] if into else []
    return "；".join([*told, *(_OVERTAKEN[ground] for ground in grounds.split("、") if ground in _OVERTAKEN)])
