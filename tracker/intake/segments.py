"""Outline → items: which numbered stretch obliges somebody, and what the rest of the text is."""

import re
from bisect import bisect_right

from tracker.domain.items import ItemKind
from tracker.domain.readings.coverage import Span
from tracker.intake.annotations import Notes, annotations
from tracker.intake.background import FINAL, background, is_closing, is_heading_of_annex
from tracker.intake.expressions import expression
from tracker.intake.facts import asks, contents, heads_facts
from tracker.intake.goals import goals
from tracker.intake.headings import BACKGROUND, GOAL, PLAN, headings, kind_of
from tracker.intake.levels import opening_of_level, steps_of_levels
from tracker.intake.listed_duties import listed_duties
from tracker.intake.outline import Node
from tracker.intake.running_duties import running_duties
from tracker.intake.shared_annotations import Borrowing, Shared, shared_annotations
from tracker.intake.stretches import Segment, title_of
from tracker.intake.unnumbered import closing_cut, closing_demands, letter, preamble_goals

# e.g. 各县区要建立工作台账
# e.g. 每季度通报一次
_OBLIGES = expression(
    r"""每[年月季周日半]|负责|应当|应于|须|不得|要|报送|报告|完成|建立|开展|推进|加强|强化|落实|实施|制定|组织|加大
    |健全|及时|提升|优化|支持|鼓励|推动|建设|实行|规范|确保|对""",
    re.VERBOSE,
)


_MEASURES = {"han", "bracket_han", "arabic", "shi"}
# A number that describes, lists or defines obliges nobody.
# e.g. 造成3人以上死亡的；
# e.g. 组长：张三
# e.g. 本办法所称企业，是指
_NO_MEASURE = expression(r"的[；;。]$|^[^，。；]{2,12}[:：]|是指|所称")
_SHORTEST_MEASURE = 4
# A heading of an article is shorter than a sentence.
_SENTENCE = 12
# e.g. 为规范公共停车场管理，根据有关法律法规，制定本办法。
_GROUNDS = expression(r"为了?[^。]{4,200}制定本(?:办法|规定|细则|制度|方案|预案|规则)。$")
# e.g. 本措施自印发之日起施行。各区要制定细则。
_SENTENCES = expression(r"[^。\n]+。?")
# e.g. 本办法所称公共停车场，是指向社会开放的停车场所。
# e.g. 本办法适用于本市行政区域内的停车场。
_DEFINES = expression(r"本(?:办法|规定|细则|制度|规则|预案)(?:所称|适用于)")
# 保障 in the name of what is built or supplied makes no safeguard of it.
# e.g. 保障性住房
# e.g. 电力保障
_SUPPLIED = expression(
    r"保障性|保障房|(?:住房|社会|民生|电力|能源|供应|供水|供热|医疗|食品|粮食|用地|要素|生活|救助)保障"
)


def segment(text: str, *, nodes: list[Node], title: str) -> tuple[list[Segment], list[Span]]:
    """Return the items of a document and the stretches that are none; together they leave nothing unclassified.

    `nodes` is the outline of the text.
    """
    listed = contents(text)
    nodes = [node for node in nodes if node.start not in listed]
    notes = Notes(text)
    shared = shared_annotations(notes, nodes)
    ends = [_ends(text, node) for node in nodes]
    found: list[Segment] = []
    for node, (end, _) in zip(nodes, ends, strict=True):
        found += _items_of(notes, node, end, title, shared)
    found += _unnumbered(text, nodes, found, shared)
    found += preamble_goals(text, nodes=nodes)
    for node, (cut, whole) in zip(nodes, ends, strict=True):
        if not node.children and cut < whole:
            found += closing_demands(text, start=cut + 1, end=whole)
    found = found or letter(text)
    found.sort(key=lambda item: (item.start, item.end))
    return found, background(text, nodes=nodes)


def _items_of(notes: Notes, node: Node, end: int, title: str, shared: Shared) -> list[Segment]:
    text = notes.text
    body = text[node.text_start : end]
    if node.kind == "row":
        return [_row(text, node, end)]
    own = notes.within(node.text_start, end)
    marks = [] if node.start in shared.taken_away else own
    if node.start in shared.taken_away and own:
        end = node.text_start + own[0][0]
        body = text[node.text_start : end].rstrip()
        end = node.text_start + len(body)
    chain = headings(text, node=node)
    listed = listed_duties(text, node=node, end=end)
    if PLAN.search(title) and not marks:
        listed = (
            listed or steps_of_levels(text, node=node, end=end) or opening_of_level(text, node=node, heading=chain[-1])
        )
    if listed or not body.strip() or node.start in shared.headings:
        return listed
    if node.children and not (marks and body.split("\n", 1)[0].strip()):
        return []
    kind = kind_of(title, chain=[_SUPPLIED.sub("", heading) if "保障" in heading else heading for heading in chain])
    borrowed = shared.of.get(node.start, ())
    if not marks and not borrowed:
        return _without_annotation(text, node, chain, kind=kind, end=end)
    parts = _parts(node, body, marks, kind=kind, end=end)
    return [_borrowing(part, borrowed) for part in parts] if borrowed and not marks else parts


def _without_annotation(text: str, node: Node, chain: list[str], *, kind: ItemKind, end: int) -> list[Segment]:
    """Return the items of a stretch that only its own sentences say something of."""
    body = text[node.text_start : end]
    if GOAL.search(chain[-1]):
        return goals(text, node=node, end=end)
    if (
        _only_says(body)
        or any(BACKGROUND.search(heading) for heading in _titles(node, chain))
        or (heads_facts(chain) and not asks(body))
    ):
        return []
    if any(GOAL.search(heading) for heading in chain):
        return goals(text, node=node, end=end)
    duties = running_duties(text, node=node, end=end, kind=kind)
    if duties or not _obliges(body, numbered=node.kind in _MEASURES):
        return duties
    return _parts(node, body, [], kind=kind, end=end)


def _titles(node: Node, chain: list[str]) -> list[str]:
    """Return the headings that may say that nothing below is asked; an article begins with its sentence."""
    begins = FINAL.search(chain[-1]) or (node.kind == "article" and len(chain[-1]) >= _SENTENCE)
    return chain[:-1] if begins else chain


def _beside_effect(body: str) -> str:
    """Return the sentences beside the one that says when a document takes effect or who explains it."""
    return "".join(sentence for sentence in _SENTENCES.findall(body) if not FINAL.search(sentence))


def _only_says(body: str) -> bool:
    """Say whether a stretch of one line gives nothing but grounds or a definition."""
    words = body.strip()
    return "\n" not in words and bool(_GROUNDS.match(words) or (_DEFINES.match(words) and not asks(words)))


def _borrowing(part: Segment, notes: tuple[tuple[int, int], ...]) -> Segment:
    return Borrowing(part.label, part.kind, part.title, part.start, part.end, (), shared=notes)


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


# A line that begins with a number of its own is a measure of its own.
# e.g. \n1）储煤。
# e.g. \n★2.储气
_NEXT_NUMBER = expression(r"\n\s*(?:[★☆*]?\d{1,3}[)）.．、]|[★☆])")


def _bundled(body: str, marks: list[tuple[int, int]]) -> list[tuple[int, int, list[tuple[int, int]]]]:
    """Cut a stretch whose sentences carry annotations of their own into (start, end, annotations)."""
    groups: list[list[tuple[int, int]]] = []
    for mark in marks:
        between = body[groups[-1][-1][1] : mark[0]] if groups else ""
        if groups and len(between.strip()) <= 8 and not _NEXT_NUMBER.search(between):
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


def _ends(text: str, node: Node) -> tuple[int, int]:
    """Return where the item ends, without the line break: before closing paragraphs, and before closing lines alone."""
    end = _whole_end(text, node)
    return end if node.children else closing_cut(text, start=node.start, end=end), end


def _whole_end(text: str, node: Node) -> int:
    if text.find("\n", node.start, node.end - 1) < 0:
        return node.end - (1 if text[node.end - 1] == "\n" else 0)
    lines = text[node.start : node.end].split("\n")
    end = node.start
    for n, line in enumerate(lines):
        if n and (is_closing(line) or is_heading_of_annex(line)):
            break
        end += len(line) + (1 if n else 0)
    return end - (1 if text[end - 1 : end] == "\n" else 0)


def _obliges(body: str, *, numbered: bool) -> bool:
    if FINAL.search(body) and len(body) < 80:
        body = _beside_effect(body)
    words = body.strip()
    first = words.split("\n", 1)[0].strip()
    whole = first.endswith(("。", "；", "，"))
    if numbered and whole and len(words) >= _SHORTEST_MEASURE and not _NO_MEASURE.search(first):
        return True
    if len(words) < 16 and not first.endswith("。"):
        return False
    return bool(_OBLIGES.search(body)) or (len(body) > 30 and body.rstrip().endswith("。"))


def _unnumbered(text: str, nodes: list[Node], found: list[Segment], shared: Shared) -> list[Segment]:
    """Paragraphs with an annotation that stand under no number, or under a number that is no item."""
    taken = sorted(((item.start, item.end) for item in found), reverse=True)
    begins = [node.start for node in nodes]
    extra: list[Segment] = []
    start = taken_to = 0
    for line in text.split("\n"):
        end = start + len(line)
        while taken and taken[-1][0] <= start:  # Lines and items are passed once, side by side.
            taken_to = max(taken_to, taken.pop()[1])
        if len(line) > 30 and start not in shared.headings and start >= taken_to:
            marks = [mark for mark in annotations(line) if mark[0] > 8]
            if marks and "：" in line[marks[0][0] : marks[0][1]]:
                place = bisect_right(begins, start) - 1
                label = nodes[place].label if place >= 0 and start < nodes[place].end else "—"
                placed = tuple((start + a, start + b) for a, b in marks)
                extra.append(Segment(label, ItemKind.ACTION, title_of(line, marks=marks), start, end, placed))
        start = end + 1
    return extra
