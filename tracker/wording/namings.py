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


def answer_words(facts: Mapping[str, object]) -> str:
    """Say what a unit answered, by the facts of its event."""
    if not facts["agrees"]:
        return "有异议"
    return "联络员核对属实" if facts.get("proposed") else "属实，没有异议"


def outcome_words(paper_state: str, *, named: bool, left_out: bool, number: str | None, redrafted: bool = False) -> str:
    """Say to a unit what became of what was served on it; empty while that is open.

    `named` where the paper says it, `left_out` where the office took it out after an objection,
    `redrafted` where the draft was given up for one that is made anew.
    """
    if redrafted:
        return "通报稿已按新的数据重拟，原送内容不再核对；重拟稿仍拟写入的，另行送核。"
    if paper_state == "discarded":
        return "通报稿已作废，这项内容不再通报。"
    if number is None:
        return "督查室已将这项内容移出通报稿。" if left_out and not named else ""
    if not named:
        return f"通报已以{number}印发，没有写入这项内容。"
    after = {"withdrawn": "，该通报已撤回，不再据此通报", "corrected": "，该通报已更正，以更正件为准"}
    return f"已在{number}中通报{after.get(paper_state, '')}。"
