"""Facts 「情况、问题」 and tables of contents: numbered stretches that oblige nobody."""

from tracker.intake.expressions import expression
from tracker.intake.guards import holds_any

# e.g. 总体情况
# e.g. 存在的主要问题
# but not 落实情况报告制度
_HEADS_FACTS = expression(
    r"(?:总体|基本|进展|完成|推进|落实|工作|有关|整改|运行)情况$|(?:存在|主要|突出)(?:的)?(?:主要)?问题$|(?:主要|工作)?(?:成效|做法)$"
)
# e.g. 请市住建局加快进度
# e.g. 各县区要抓紧整改
_ASKS = expression(r"请|要(?!点|求|素|闻|件)|须|责成|应当|应于|务必|不得|限期|每[月季周日]|前(?:完成|报送|上报)")
# e.g. 1 总则 …………………… 1
# e.g. 2.1 指挥部......3
_LEADER = expression(r"(?:(?<!…)…{2,20}|(?<!\.)\.{4,80}|(?<!·)·{4,80}|(?<!—)—{4,40})\s*[（(]?\d{1,3}[）)]?")
_LEADERS = ("……", "....", "····", "————")
# e.g. 目录
_CONTENTS = expression(r"^目\s*录$")
# e.g. 1 总则 1
_PAGE_AT_END = expression(r"\S\s*\d{1,3}$")


def heads_facts(headings: list[str]) -> bool:
    """Say whether a heading announces what has been and not what is to be done."""
    return any(_HEADS_FACTS.search(heading) for heading in headings)


def asks(words: str) -> bool:
    """Say whether words under such a heading ask for something all the same."""
    return bool(_ASKS.search(words))


def contents(text: str) -> set[int]:
    """Return where the lines of a table of contents begin: with leaders, or under its heading and ending in a page."""
    found: set[int] = set()
    start, listing = 0, False
    dotted = holds_any(text, _LEADERS)  # Most documents have none, and need not be asked by line.
    for line in text.split("\n"):
        if _CONTENTS.match(line):
            listing = True
        elif line:
            listing = listing and bool(_PAGE_AT_END.search(line)) and "。" not in line
        if listing or (dotted and holds_any(line, _LEADERS) and _LEADER.search(line)):
            found.add(start)
        start += len(line) + 1
    return found
