"""Document text → its numbered outline: which paragraph stands under which numbers."""

import re
from collections import defaultdict
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from tracker.domain.readings.layout import CELL
from tracker.intake.decimals import DECIMAL, FIRST_OF_CHAPTER, numbered
from tracker.intake.expressions import expression

_HAN = "一二三四五六七八九十百零〇"
_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    # e.g. 附件1
    ("annex", expression(r"^附\s*[件表录]\s*(\d*)\s*[:：]?(?=$)")),
    # e.g. 第一部分 总则
    ("part", expression(r"^(第[一二三四五六七八九十]+部分)[ 　]?")),
    # e.g. 第十二条 本办法自发布之日起施行
    ("article", expression(rf"^(第[{_HAN}]+[条章节编])[ 　]?")),
    # e.g. 一、指导思想
    # e.g. 一百零二、加强调度
    ("han", expression(rf"^([{_HAN}]{{1,5}})、")),
    # e.g. （二）加强组织领导
    ("bracket_han", expression(rf"^[（(]([{_HAN}]{{1,5}})[）)]、?")),
    # e.g. 一是强化责任落实
    ("shi", expression(r"^([一二三四五六七八九十]{1,2})是")),
    # e.g. 3.优化营商环境
    # e.g. 2.2024年底前建成
    # but not 3.5亿元
    ("arabic", expression(r"^(\d{1,3})[.．、](?:(?!\d)|(?=20\d\d年|\d{1,2}月(?:\d|底|上|中|下|前|份)))")),
    # e.g. （1）建立台账
    # e.g. （100）建立台账
    ("bracket_arabic", expression(r"^[（(](\d{1,3})[）)]、?")),
    # e.g. 1）建立台账
    ("half_bracket", expression(r"^(\d{1,2})[）)]、?")),
    # e.g. ①项目签约
    ("circle", expression(r"^([①-⑳])")),
    # e.g. 12 森林覆盖率（%） ≥25
    ("row", expression(r"^(\d{1,3}) (?=\S.* \S*\d\S*$)")),
)
# What the marks begin with beside digits: a line without a number is passed over at once.
_BEGIN_MARKS = frozenset(f"{_HAN}附第（(①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
# A star before a number says that the matter weighs more.
# e.g. ★1.建成地铁
_STAR = expression(r"^[★☆▲△●■◆※*]{1,3}\s?(?=[\d一二三四五六七八九十（(①-⑳])")
# The chapters of a plan print their number without a mark behind it.
# e.g. 2组织指挥体系
_CHAPTER = expression(r"^(\d{1,2}) ?(?=[\u4e00-\u9fff、]{2,14}$)")
_LEAST_CHAPTERS = 3
_LONGEST_HEADING = 20


@dataclass(slots=True)
class Node:
    """One numbered stretch [start, end) with the paragraphs that follow it up to the next number."""

    kind: str
    mark: str
    start: int
    text_start: int
    end: int
    parent: "Node | None"
    children: list["Node"] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Return the printed path: 三（二）5, 附件1一（七）, 2.2."""
        if self.kind in {"decimal", "article"}:
            return self.mark
        if self.kind == "row":
            return f"指标{self.mark}"
        if self.kind == "arabic" and self.parent and self.parent.kind == "decimal":
            return f"{self.parent.label}/{self.mark}"
        return (self.parent.label if self.parent else "") + _printed(self)


def _printed(node: Node) -> str:
    if node.kind == "annex":
        return f"附件{node.mark}"
    return node.mark


def outline(text: str) -> list[Node]:
    """Return every numbered stretch in reading order; a kind of number that was open before closes what it opened."""
    nodes: list[Node] = []
    stack: list[Node] = []
    marks: defaultdict[int, set[str]] = defaultdict(set)  # by the start of the stretch they stand under
    start = 0
    lines = text.split("\n")
    chapters = {int(mark) for mark in FIRST_OF_CHAPTER.findall(text)}
    decimals = numbered(lines)
    for place, line in enumerate(lines):
        starred = _STAR.match(line)
        star = starred.end() if starred else 0
        found = _mark(line[star:] if star else line, chapters, is_decimal=place in decimals)
        if found is not None:
            kind, match = found
            if nodes:
                nodes[-1].end = start
            stack = _parents(stack, kind, match[1])
            printed = match.group().rstrip("、") if "bracket" in kind else match[1]
            parent = stack[-1] if stack else None
            beside = marks[parent.start if parent else -1]
            if kind == "han":
                printed = _told_apart(printed, line[star + match.end() :], beside=beside)
            beside.add(printed)
            node = Node(kind, printed, start, start + star + match.end(), len(text), parent)
            if parent:
                parent.children.append(node)
            stack.append(node)
            nodes.append(node)
        start += len(line) + 1
    return nodes


def _told_apart(mark: str, heading: str, *, beside: AbstractSet[str]) -> str:
    """Return what a chapter is called: with its heading where the document prints its number a second time."""
    heading = heading.strip()
    if mark not in beside or not 0 < len(heading) <= _LONGEST_HEADING or "。" in heading:
        return mark
    return f"{mark}、{heading}"


def _mark(line: str, chapters: set[int], *, is_decimal: bool) -> tuple[str, re.Match[str]] | None:
    if CELL in line:
        return None
    if is_decimal:
        found = DECIMAL.match(line)
        assert found
        return "decimal", found
    if len(chapters) >= _LEAST_CHAPTERS:
        heading = _CHAPTER.match(line)
        if heading and int(heading[1]) <= max(chapters) + 1:
            return "decimal", heading
    if line[:1] not in _BEGIN_MARKS and not line[:1].isdecimal():
        return None
    for kind, pattern in _MARKS:
        match = pattern.match(line)
        if match:
            return kind, match
    return None


def _parents(stack: list[Node], kind: str, mark: str) -> list[Node]:
    """Return the open stretches that a new number stands under."""
    if kind == "annex":
        return []
    if kind == "decimal":
        depth = mark.count(".")
        kept = [
            n
            for n in stack
            if n.kind not in {"decimal", "arabic"} or (n.kind == "decimal" and n.mark.count(".") < depth)
        ]
        return [n for n in kept if n.kind != "arabic"]
    for place, node in enumerate(stack):
        if node.kind == kind:
            return stack[:place]
    return stack
