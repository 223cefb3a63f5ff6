"""Outline → items: which numbered stretch obliges somebody, and what the rest of the text is."""

import re

from tracker.domain.items import ItemKind
from tracker.domain.readings.coverage import Span
from tracker.intake.annotations import annotations
from tracker.intake.background import FINAL, background, is_closing, is_heading_of_annex
from tracker.intake.goals import goals
from tracker.intake.headings import BACKGROUND, GOAL, PLAN, headings, kind_of
from tracker.intake.levels import opening_of_level, steps_of_levels
from tracker.intake.listed_duties import listed_duties
from tracker.intake.outline import Node, outline
from tracker.intake.stretches import Segment, title_of

# e.g. 各县区要建立工作台账
# e.g. 每季度通报一次
_OBLIGES = re.compile(
    r"""每[年月季周日半]|负责|应当|应于|须|不得|要|报送|报告|完成|建立|开展|推进|加强|强化|落实|实施|制定|组织|加大
    |健全|及时|提升|优化|支持|鼓励|推动|建设|实行|规范|确保|对""",
    re.VERBOSE,
)


def segment(text: str, *, title: str) -> tuple[list[Segment], list[Span]]:
    """Return the items of a document and the stretches that are none; together they leave nothing unclassified."""
    nodes = outline(text)
    found: list[Segment] = []
    for node in nodes:
        found += _items_of(text, node, title)
    found += _unnumbered(text, nodes, found)
    found.sort(key=lambda item: (item.start, item.end))
    return found, background(text, nodes=nodes)


def _items_of(text: str, node: Node, title: str) -> list[Segment]:
    end = _end(text, node)
    body = text[node.text_start : end]
    if node.kind == "row":
        return [_row(text, node, end)]
    marks = annotations(body)
    chain = headings(text, node=node)
    listed = listed_duties(text, node=node, end=end)
    if PLAN.search(title) and not marks:
        listed = (
            listed or steps_of_levels(text, node=node, end=end) or opening_of_level(text, node=node, heading=chain[-1])
        )
    if listed or not body.strip():
        return listed
    if node.children and not (marks and body.split("\n", 1)[0].strip()):
        return []
    if not marks:
        if GOAL.search(chain[-1]):
            return goals(text, node=node, end=end)
        if any(BACKGROUND.search(heading) for heading in chain):
            return []
        if any(GOAL.search(heading) for heading in chain):
            return goals(text, node=node, end=end)
        if not _obliges(body):
            return []
    return _parts(node, body, marks, kind=kind_of(title, chain=chain), end=end)


def _row(text: str, node: Node, end: int) -> Segment:
    line_end = text.find("\n", node.start)
    stop = line_end if line_end >= 0 else end
    metric = text[node.text_start : stop].rsplit(" ", 1)[0].strip()
    return Segment(node.label, ItemKind.INDICATOR, metric, node.start, stop, ())


def _parts(node: Node, body: str, marks: list[tuple[int, int]], *, kind: ItemKind, end: int) -> list[Segment]:
    """Return one item, or one for each sentence that carries an annotation of its own."""
    at = node.text_start
    found = []
    parts = _bundled(body, marks)
    for n, (start, stop, inside) in enumerate(parts):
        own = [(a - start, b - start) for a, b in inside]
        placed = tuple((at + a, at + b) for a, b in inside)
        begins = node.start if n == 0 else at + start
        ends = end if n == len(parts) - 1 else at + stop
        found.append(Segment(node.label, kind, title_of(body[start:stop], marks=own), begins, ends, placed))
    return found


def _bundled(body: str, marks: list[tuple[int, int]]) -> list[tuple[int, int, list[tuple[int, int]]]]:
    """Cut a stretch whose sentences carry annotations of their own into (start, end, annotations)."""
    groups: list[list[tuple[int, int]]] = []
    for mark in marks:
        between = body[groups[-1][-1][1] : mark[0]] if groups else ""
        if groups and len(between.strip()) <= 8:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    leading = bool(groups) and len(body[: groups[0][0][0]].strip()) <= 1
    if len(groups) < 2 or leading:
        return [(0, len(body), marks)]
    parts = []
    start = 0
    for n, group in enumerate(groups):
        end = len(body) if n == len(groups) - 1 else group[-1][1]
        parts.append((start, end, group))
        start = end
    return parts


def _end(text: str, node: Node) -> int:
    """Return where the item ends: before closing lines, without the line break."""
    lines = text[node.start : node.end].split("\n")
    end = node.start
    for n, line in enumerate(lines):
        if n and (is_closing(line) or is_heading_of_annex(line)):
            break
        end += len(line) + (1 if n else 0)
    return end - (1 if text[end - 1 : end] == "\n" else 0)


def _obliges(body: str) -> bool:
    if FINAL.search(body) and len(body) < 80:
        return False
    first = body.split("\n", 1)[0].strip()
    if len(body.strip()) < 16 and not first.endswith("。"):
        return False
    return bool(_OBLIGES.search(body)) or (len(body) > 30 and body.rstrip().endswith("。"))


def _unnumbered(text: str, nodes: list[Node], found: list[Segment]) -> list[Segment]:
    """Paragraphs with an annotation that stand under no number, or under a number that is no item."""
    taken = [(item.start, item.end) for item in found]
    extra: list[Segment] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if len(line) > 30 and not any(a <= start < b for a, b in taken):
            marks = [mark for mark in annotations(line) if mark[0] > 8]
            inside = [node for node in nodes if node.start <= start < node.end]
            if marks and "：" in line[marks[0][0] : marks[0][1]]:
                label = inside[-1].label if inside else "—"
                placed = tuple((start + a, start + b) for a, b in marks)
                extra.append(Segment(label, ItemKind.ACTION, title_of(line, marks=marks), start, end, placed))
        start = end + 1
    return extra
