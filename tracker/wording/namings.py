"""What is said of praise and criticism by name: what of them holds no more, and how they ended."""

from collections.abc import Mapping, Sequence

_OVERTAKEN: Mapping[str, str] = {
    "overdue_work": "所列逾期事项有的已报办结、调整时限或者正在研究，或者已在印发的通报中点名",
    "behind_twice": "所列未达序时事项有的情况已变，或者已在印发的通报中点名",
    "urged_in_vain": "所列催办单有的已经答复，所催反馈有的已经报送，或者已在印发的通报中点名",
    "falsity": "所列认定弄虚作假的事项有的已不由该单位牵头，或者已在印发的通报中点名",
}


PRAISED_UNTRUE = "该单位所报经查实弄虚作假，自认定之日起一年内不能表扬"


def overtaken_words(grounds: str, *, into: object) -> str:
    """Say why a unit may not be criticised any more: what became of the grounds, by their codes, and of the unit."""
    told = [f"该单位已并入{into}"] if into else []
    return "；".join([*told, *(_OVERTAKEN[ground] for ground in grounds.split("、") if ground in _OVERTAKEN)])


def answer_words(facts: Mapping[str, object]) -> str:
    """Say what a unit answered, by the facts of its event."""
    if not facts["agrees"]:
        return "有异议"
    return "联络员核对属实" if facts.get("proposed") else "属实，没有异议"


def outcome_words(editions: Sequence[tuple[str | None, str, bool]], *, left_out: bool, redrafted: bool = False) -> str:
    """Say to a unit what became of what was served on it; empty while that is open.

    `editions` are the paper and the issued ones that took its place one after another, each with its number, its state
    and whether it names the unit so; `left_out` where the office took it out after an objection, `redrafted` where the
    draft was given up for one that is made anew.
    """
    number, state, named = editions[0]
    if redrafted:
        return "通报稿已按新的数据重拟，原送内容不再核对；重拟稿仍拟写入的，另行送核。"
    if state == "discarded":
        return "通报稿已作废，没有通报这项内容；以后的通报再拟写的，另行送核。"
    if number is None:
        return "督查室已将这项内容移出通报稿。" if left_out and not named else ""
    naming = [n for n, (_number, _state, says) in enumerate(editions) if says]
    if not naming:
        return f"通报已以{number}印发，没有写入这项内容。"
    return f"已在{editions[naming[0]][0]}中通报{_since(editions[naming[0] :], last=naming[-1] - naming[0])}。"


def _since(editions: Sequence[tuple[str | None, str, bool]], *, last: int) -> str:
    """Say what became of that in the editions since the first that says it; `last` is the place of the last."""
    number, state, _named = editions[last]
    still = f"，其后由{number}更正，更正件仍写有这项内容" if last else ""
    if last + 1 < len(editions):
        return f"，{editions[last + 1][0]}更正时已删去这项内容，不再据此通报"
    if state == "withdrawn":
        return f"{still}，{number if last else '该通报'}已撤回；以后的通报再拟写的，另行送核"
    return still
