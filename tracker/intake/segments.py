"""Outline → items: which numbered stretch obliges somebody, and what the rest of the text is."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from tracker.domain.coverage import Span
from tracker.domain.items import ItemKind, SpanRole
from tracker.intake.outline import Node, outline
from tracker.intake.responsibility import annotations, is_unit

_BACKGROUND = re.compile(
    r"指导思想|总体要求|基本原则|工作原则|总体思路|重大意义|重要意义|编制目的|编制依据|适用范围|名词|术语|定义|附则|预案体系|(?:灾害|事件|事故)(?:等级|分级)|预警级别|预案制定|组成人员|人员名单|分级标准|基本情况|现状|形势|总则|考评对象|评分标准|标准$|预案(?:解释|管理|实施)|解释|施行|实施时间|有效期"
)
_GOAL = re.compile(r"^[\u4e00-\u9fff]{0,6}目标(?:任务|要求)?$|^主要指标|^目标任务")
_SAFEGUARD = re.compile(
    r"保障|组织实施|工作要求|有关要求|组织领导|组织推进|实施要求|监督管理|督促落实|监督考核|考核评价|要求$"
)
_POLICY = re.compile(r"政策|若干措施|扶持|奖励|补贴")
_RULE = re.compile(r"办法|制度|规定|细则|规则|规程")
_PLAN = re.compile(r"应急预案|预案")
_CLOSING = re.compile(
    r"^(?:[（(]此件|本(?:若干)?(?:意见|方案|办法|政策|政策措施|措施|通知|规定|预案|计划|细则)[^。]{0,12}自|以上(?:各项|各条|所有)?(?:任务|措施|工作|政策|事项)|此页无正文|抄送|主办|印发|联系人)"
)
_FINAL = re.compile(r"自(?:印发|发布|公布|\d{4}年)[^。]{0,20}(?:施行|实施|执行|生效)|由[^。]{2,30}负责解释")
_OBLIGES = re.compile(
    r"每[年月季周日半]|负责|应当|应于|须|不得|要|报送|报告|完成|建立|开展|推进|加强|强化|落实|实施|制定|组织|加大|健全|及时|提升|优化|支持|鼓励|推动|建设|实行|规范|确保|对"
)
_NUMBER = re.compile(r"\d")
_QUANTIFIED = re.compile(r"\d(?:\.\d+)?(?:[%％‰]|个百分点|(?![年月日号届次、.）)])[万亿]?[\u4e00-\u9fff])")
_SCORE = re.compile(r"[（(]\d+(?:\.\d+)?分[）)]")


@dataclass(frozen=True, slots=True)
class Segment:
    """One item's stretch [start, end), its printed label, kind, title and annotations (document offsets)."""

    label: str
    kind: ItemKind
    title: str
    start: int
    end: int
    annotations: tuple[tuple[int, int], ...]
    subject: str | None = None


def segment(text: str, *, title: str) -> tuple[list[Segment], list[Span]]:
    """Return the items of a document and the stretches that are none; together they leave nothing unclassified."""
    nodes = outline(text)
    found: list[Segment] = []
    for node in nodes:
        found += _items_of(text, node, title)
    found += _unnumbered(text, nodes, found)
    found.sort(key=lambda item: (item.start, item.end))
    return found, _background(text, nodes, found)


def _items_of(text: str, node: Node, title: str) -> list[Segment]:
    end = _end(text, node)
    body = text[node.text_start : end]
    if node.kind == "row":
        return [_row(text, node, end)]
    marks = annotations(body)
    chain = _headings(text, node)
    listed = _duties(text, node, end)
    if _PLAN.search(title) and not marks:
        listed = listed or _steps_of_levels(text, node, end) or _opening_of_level(text, node, chain)
    if listed or not body.strip():
        return listed
    if node.children and not (marks and body.split("\n", 1)[0].strip()):
        return []
    if not marks:
        if _GOAL.search(chain[-1]):
            return _goals(text, node, end)
        if any(_BACKGROUND.search(heading) for heading in chain):
            return []
        if any(_GOAL.search(heading) for heading in chain):
            return _goals(text, node, end)
        if not _obliges(body):
            return []
    return _parts(node, body, marks, kind=_kind(title, chain), end=end)


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
        found.append(Segment(node.label, kind, _title(body[start:stop], own), begins, ends, placed))
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


_LEVEL = re.compile(r"(Ⅳ|Ⅲ|Ⅱ|Ⅰ|IV|III|II|I|[一二三四])级(?=[^，。]{0,6}响应|预警信息)")
_LEVELS = {"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV", "一": "I", "二": "II", "三": "III", "四": "IV"}


def level_of(words: str) -> str | None:
    """Return the response level that the words of an emergency plan name: I to IV."""
    found = _LEVEL.search(words)
    return _LEVELS.get(found[1], found[1]) if found else None


def _steps_of_levels(text: str, node: Node, end: int) -> list[Segment]:
    """Make an item of each line where every level has a line of its own: Ⅰ级预警信息由省指挥部提出…"""
    found = []
    start = node.text_start
    for line in text[node.text_start : end].split("\n"):
        if re.match(_LEVEL, line) and re.search(r"由[^。]+(?:发布|提出|启动|组织)", line):
            title = _title(line, [])
            found.append(Segment(node.label, ItemKind.RESPONSE_STEP, title, start, start + len(line), ()))
        start += len(line) + 1
    return found if len(found) > 1 else []


def _opening_of_level(text: str, node: Node, chain: list[str]) -> list[Segment]:
    """Make an item, step 0, of the words with which a response level begins, before its numbered steps."""
    body = text[node.text_start : node.end].strip()
    if node.kind != "decimal" or not level_of(chain[-1]) or len(body) < _LEAST_OPENING:
        return []
    stop = node.start + len(text[node.start : node.end].rstrip())
    return [Segment(f"{node.label}/0", ItemKind.RESPONSE_STEP, _title(body, []), node.start, stop, ())]


_LEAST_OPENING = 30
_DUTY = re.compile(
    r"(?:(?<=[。；\n])|(?<![\s\S]))(?P<unit>[\u4e00-\u9fff（）()]{2,30}?)(?P<heads>下设办公室，)?(?:主要职责是?)?[:：](?=负责|指导|协助|组织|承担|做好|履行|参与|配合|牵头|协调|督促|统一|贯彻|研究|审定|按照|在|为|执行|监督|贯彻|制定|履行)"
)


def _duties(text: str, node: Node, end: int) -> list[Segment]:
    """Make an item of each line that names a body and its duty, where a stretch lists several."""
    body = text[node.text_start : end]
    duties = [duty for duty in _DUTY.finditer(body) if is_unit(duty["unit"])]
    if len(duties) < 2:
        return []
    found = []
    for duty, after in pairwise([*duties, None]):
        assert duty is not None
        line_end = body.find("\n", duty.end())
        stop = min(line_end if line_end >= 0 else len(body), after.start() if after else len(body))
        unit = duty["unit"] + ("办公室" if duty["heads"] else "")
        title = f"{unit}主要职责" if "职责" in duty.group() else _title(body[duty.end() : stop], [])
        at = node.text_start
        found.append(Segment(node.label, ItemKind.DUTY, title, at + duty.start(), at + stop, (), unit))
    return found


def _headings(text: str, node: Node) -> list[str]:
    """Return the headings over a node and its own, the nearest last."""
    chain: list[str] = []
    current: Node | None = node
    while current is not None:
        line = text[
            current.text_start : text.find("\n", current.text_start)
            if "\n" in text[current.text_start :]
            else len(text)
        ]
        chain.append(re.split(r"[。：:；，]", line, maxsplit=1)[0][:24])
        current = current.parent
    return chain[::-1]


def _end(text: str, node: Node) -> int:
    """Return where the item ends: before closing lines, without the line break."""
    lines = text[node.start : node.end].split("\n")
    end = node.start
    for n, line in enumerate(lines):
        if n and (_is_closing(line) or _is_heading_of_annex(line)):
            break
        end += len(line) + (1 if n else 0)
    return end - (1 if text[end - 1 : end] == "\n" else 0)


def _is_closing(line: str) -> bool:
    if re.fullmatch(
        r"\d{4}年\d{1,2}月\d{1,2}日|[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]+月[一二三四五六七八九十]+日",
        line,
    ):
        return True
    if _CLOSING.match(line) or re.match(r"^附\s*[件表][:：\d]", line):
        return True
    return (
        len(line) <= 30
        and bool(re.search(r"(?:政府|委员会|办公室|办公厅|局|部|厅|委|办)$", line))
        and not re.search("[，：:,]", line)
    )


def _is_heading_of_annex(line: str) -> bool:
    return bool(re.fullmatch(r"附\s*[件表录]\s*\d*", line))


def _kind(title: str, chain: list[str]) -> ItemKind:
    if _SCORE.search(chain[-1]):
        return ItemKind.SCORING
    if any(_SAFEGUARD.search(heading) for heading in (chain[:-1] or chain)):
        return ItemKind.SAFEGUARD
    if _PLAN.search(title):
        return ItemKind.RESPONSE_STEP if any(level_of(heading) for heading in chain) else ItemKind.DUTY
    if _POLICY.search(title):
        return ItemKind.POLICY
    if _RULE.search(title):
        return ItemKind.RULE
    return ItemKind.ACTION


def _obliges(body: str) -> bool:
    if _FINAL.search(body) and len(body) < 80:
        return False
    first = body.split("\n", 1)[0].strip()
    if len(body.strip()) < 16 and not first.endswith("。"):
        return False
    return bool(_OBLIGES.search(body)) or (len(body) > 30 and body.rstrip().endswith("。"))


def _goals(text: str, node: Node, end: int) -> list[Segment]:
    """Make an item of each clause with a number of its own; a numbered goal is one item."""
    body = text[node.text_start : end]
    if node.kind in {"arabic", "circle", "bracket_arabic"}:
        return (
            [Segment(node.label, ItemKind.GOAL, _title(body, []), node.start, end, ())] if _NUMBER.search(body) else []
        )
    found: list[Segment] = []
    carried: int | None = None
    last = 0
    for clause in re.finditer(r"(?:[^；;。，,\n.]|\.(?=\d))+", body):
        words = clause.group()
        place = node.text_start + clause.start()
        if _QUANTIFIED.search(words):
            start = place if carried is None else carried
            if (
                found
                and place == last + 1
                and re.match(r"(?:同比|较上年|比上年)?(?:增长|增速|占|提高|下降)|其中", words)
            ):
                found[-1] = replace(found[-1], end=node.text_start + clause.end())
                last = found[-1].end
                continue
            found.append(Segment(node.label, ItemKind.GOAL, words.strip(), start, node.text_start + clause.end(), ()))
            carried, last = None, node.text_start + clause.end()
        else:
            carried = place if re.search(r"(?:到|至)?\d{4}年(?:底|末|年底)?$", words.strip()) else None
    return found


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
                extra.append(Segment(label, ItemKind.ACTION, _title(line, marks), start, end, placed))
        start = end + 1
    return extra


def _title(body: str, marks: list[tuple[int, int]]) -> str:
    words = body
    for start, end in sorted(marks, reverse=True):
        words = words[:start] + words[end:]
    words = words.strip()
    first = re.split(r"[。：:\n]", words, maxsplit=1)[0]
    if len(first) > 30:
        first = re.split(r"[，；。]", words, maxsplit=1)[0]
    return first.strip() or words[:40] or "—"


def _background(text: str, nodes: list[Node], items: list[Segment]) -> list[Span]:
    """Name every paragraph that belongs to no item."""
    headings = {node.start for node in nodes if node.children}
    spans: list[Span] = []
    start = 0
    for place, line in enumerate(text.split("\n")):
        end = start + len(line) + 1
        spans.append(Span(start, min(end, len(text)), _role(line, place, start in headings)))
        start = end
    merged: list[Span] = []
    for span in spans:
        if span.start >= span.end:
            continue
        if merged and merged[-1].role is span.role:
            merged[-1] = Span(merged[-1].start, span.end, span.role)
        else:
            merged.append(span)
    return merged


def _role(line: str, place: int, heading: bool) -> SpanRole:
    if re.match(r"^附\s*件[:：]", line):
        return SpanRole.ANNEX_LIST
    if _is_closing(line) or _FINAL.search(line):
        return SpanRole.CLOSING
    if heading or (len(line) <= 30 and not line.endswith(("。", "；"))):
        return SpanRole.HEADING
    if re.search(r"是指|所称", line):
        return SpanRole.DEFINITION
    if place < 12 and re.search(r"根据|依据|为(?:贯彻|落实|深入|进一步)", line):
        return SpanRole.BASIS
    return SpanRole.BACKGROUND
