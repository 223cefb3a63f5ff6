"""Raw text → normalised text: one paragraph a line, page furniture and layout spaces removed, nothing else changed."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from tracker.domain.readings.layout import CELL, PARAGRAPH
from tracker.intake.cell_words import has_blank
from tracker.intake.characters import folded
from tracker.intake.column_heads import DUTIES, Column, column_of
from tracker.intake.decimals import FIRST_OF_CHAPTER, numbered
from tracker.intake.expressions import expression
from tracker.intake.open_brackets import closed
from tracker.intake.table_lines import table_lines

# e.g. — 12 —
# e.g. 第 3 页 共 12 页
_PAGE_NUMBER = expression(r"^(?:[—–\-－·]+\s*\d{1,4}\s*[—–\-－·]*|第\s*\d{1,4}\s*页(?:\s*共\s*\d{1,4}\s*页)?)$")
_PAGE_BREAK = "\f"
_HEAD = 3
_BLANK = " \u3000\xa0"
# e.g. 12
_BARE_NUMBER = expression(r"^\d{1,3}$")
# e.g. 省人民政府公报 2019年第18期
_RUNNING_HEAD = expression(r"公报\s*[（(]?\d{4}\s*年?[\s·.]*(?:第\s*\d+\s*[期号])?")
_CJK = r"\u2e80-\u9fff\uf900-\ufaff\u3001-\u303f\uff00-\uffef—…“”‘’"
# e.g. 驻 马 店
# but not digital economy
_SPACE_BESIDE_CJK = expression(rf"(?<=[{_CJK}])[ \u3000\xa0]+|[ \u3000\xa0]+(?=[{_CJK}])")
# A row keeps its blanks, which part its cells.
# e.g. 12 森林覆盖率（%） ≥25
_TABLE_ROW = expression(r"^\d{1,3} +\S.* +\S*\d\S*$")
_BODY = r"[\u4e00-\u9fff]{2,20}(?:部|委|局|署|办|会|院|行|政府)"
# e.g. 市发展改革委 市财政局
_JOINT_ISSUERS = expression(rf"^(?:{_BODY}[ \u3000]+)+{_BODY}")
# e.g. 驻 马 店
_SPACES = expression(r"[ \u3000\xa0]+")
# A line that begins with the label of a field.
# e.g. 责任单位：市商务局
# e.g. 【完成时限】2024年10月底
_LABELLED = expression(
    r"^(?:——)?[【〔\[（(]?([\u4e00-\u9fff]{2,10})[】〕\]）)]?[:：]|^[【〔\[]([\u4e00-\u9fff]{2,10})[】〕\]]"
)
_FIELDS = {*DUTIES, Column.TIME, Column.PACE, Column.EVIDENCE, Column.OTHER, Column.PROBLEM}
# e.g. 一、指导思想
# e.g. 《2022年驻马店市招商引资工作方案》已经市政府研究同意
# but not 3.5亿元
_STRUCTURAL = expression(
    r"""^(?:第[一二三四五六七八九十百]+[条章节编]
    |[一二三四五六七八九十百零]{1,5}、
    |[（(][一二三四五六七八九十百零]{1,5}[）)]
    |[★☆▲△●■◆※*]{0,3}\s?\d{1,3}[.．、](?:(?!\d)|(?=20\d\d年|\d{1,2}月(?:\d|底|上|中|下|前|份)))
    |[（(]?\d{1,3}[）)](?![一-龥]?[%％])
    |[★☆▲△●■◆※]
    |[①-⑳]
    |附\s*[件表录]\s*\d*
    |——
    |《.*已经.*同意)""",
    re.VERBOSE,
)
# e.g. 2022年8月13日
# e.g. 驻政办〔2022〕49号
# e.g. 关于印发2022年驻马店市招商引资工作方案的通知
_STANDS_ALONE = expression(
    r"""\d{4}年\d{1,2}月\d{1,2}日
    |[\u4e00-\u9fff（）]{1,14}[〔［\[【（(]\d{4}[〕］\]】）)]第?\d{1,5}号
    |[^。；]{2,40}(?:的通知|文件)""",
    re.VERBOSE,
)
_ENDS = tuple("。：；！？:;!?")
_STOPS = "。：；！？:;!?，,、）)】]》”"
_WIDEST_WRAP = 64
_SHORTEST_WRAP = 30
_INDENT = 4
_SLACK = 4
# The number that begins the next item, behind the bracket of the one before.
# e.g. （责任单位：市商务局）（二）扩大开放
# e.g. 〔省水利厅牵头〕2.推进供水
_GLUED = expression(
    r"""[）)】\]〕］](?=\d{1,2}[.．、](?:(?!\d)[\u4e00-\u9fff“《]|20\d\d年)
    |[（(][一二三四五六七八九十]{1,3}[）)][\u4e00-\u9fff“《]
    |[一二三四五六七八九十]{1,3}、[\u4e00-\u9fff“《]
    |[（(]\d{1,2}[）)][\u4e00-\u9fff“《]
    |[①-⑳])""",
    re.VERBOSE,
)
# e.g. （市商务局负责
_WORDS_OF_DUTY = expression(r"单位|牵头|负责|配合|落实|局|委|政府")
# e.g. 2022
# but not 驻马店
_NARROW = expression("[\0-\u2e7f](?<![“”‘’—…])")
# e.g. 积极发展infor-
_HYPHENATED = expression(r"[A-Za-z]{2}[-\u2010]$")
_LOOK_BACK = 400


def normalise(raw: str) -> str:
    """Return the text, one paragraph a line, without a line break at its end. Linear in the length of `raw`."""
    text = folded(raw)
    knows_paragraphs = PARAGRAPH in text
    text = text.replace(PARAGRAPH + "\n", "\n").replace(PARAGRAPH, "\n").replace("\f", f"\n{_PAGE_BREAK}\n")
    lines = table_lines(_without_furniture(text.split("\n")))
    paragraphs = [_spaces(line.strip(_BLANK)) for line in lines] if knows_paragraphs else _join(lines)
    return "\n".join(line for paragraph in _chapters_apart(closed(paragraphs)) for line in _unglue(paragraph))


def _without_furniture(lines: list[str]) -> list[str]:
    """Drop page numbers, and short lines that stand beside them and nowhere else; a field is never one."""
    filled = [line for line in lines if line.strip(_BLANK)]
    bare = [line.strip(_BLANK) for line in filled]
    edges = [line == _PAGE_BREAK or bool(_PAGE_NUMBER.match(line)) for line in bare]
    for n, line in enumerate(bare):
        beside = range(max(0, n - 1), min(len(bare), n + 2))
        if _BARE_NUMBER.match(line) and any(_is_running_head(bare[m]) or bare[m] == _PAGE_BREAK for m in beside):
            edges[n] = True
    at_edge = [any(edges[max(0, n - 1) : n + 2]) for n in range(len(bare))]
    total = Counter(bare)
    at_edges = Counter(line for line, edge in zip(bare, at_edge, strict=True) if edge)
    kept = []
    for n, (line, words) in enumerate(zip(filled, bare, strict=True)):
        again = n > _HEAD and total[words] > 1 and at_edges[words] * 2 > total[words] and _may_be_furniture(words)
        if not edges[n] and not (at_edge[n] and again) and not _is_running_head(words):
            kept.append(line)
    return kept


def _may_be_furniture(line: str) -> bool:
    is_part = line.count("（") != line.count("）")  # the rest of what stands before or behind it
    return len(line) <= 40 and not line.endswith(_ENDS) and not is_part and CELL not in line and not _begins(line)


def _is_running_head(line: str) -> bool:
    return len(line) < 40 and bool(_RUNNING_HEAD.search(line)) and not line.endswith(_ENDS)


def _begins(line: str) -> bool:
    """Say whether a line begins a stretch of its own by its first words: with a number, or as a field."""
    if _STRUCTURAL.match(line) or _TABLE_ROW.match(line):
        return True
    return _is_field(line)


def _is_field(line: str) -> bool:
    label = _LABELLED.match(line)
    name = (label[1] or label[2]) if label else ""
    return len(name) > 1 and (column_of(name) in _FIELDS or (len(name) > 3 and column_of(name) is Column.TASK))


def _join(lines: Sequence[str]) -> list[str]:
    """Join the lines of a paragraph again where the text was wrapped."""
    clean = [_spaces(line.strip(_BLANK)) for line in lines]
    if any(len(line) > 2 * _WIDEST_WRAP and CELL not in line for line in clean):
        return clean  # Without measuring: no line is narrower than so many halves as it has characters.
    widths = [*map(_width, clean)]
    if not _is_wrapped(clean, widths):
        return clean
    indented = [line[:1] in "\u3000" or line.startswith("  ") for line in lines]
    by_indent = sum(indented) * 5 >= len(lines)
    lengths = [*map(len, lines)]
    chapters = numbered(clean)
    joined: list[list[str]] = [clean[:1]]
    for n, after in enumerate(clean[1:], start=1):
        before, behind = slice(max(0, n - 4), n), slice(n - 1, n + 3)
        wide = min(max(widths[before]), max(widths[behind]))
        long = min(max(lengths[before]), max(lengths[behind]))
        begins = len(joined[-1]) == 1 and clean[n - 1][-1:] not in _STOPS
        slack = _SLACK + _INDENT if begins and widths[n - 1] >= _SHORTEST_WRAP else _SLACK
        full = widths[n - 1] >= wide - slack or lengths[n - 1] >= long - 1
        starts = (by_indent and indented[n]) or n in chapters
        if _goes_on(clean[n - 1], after, full=full, starts=starts):
            _glue(joined[-1], after)
        else:
            joined.append([after])
    return ["".join(pieces) for pieces in joined]


def _glue(pieces: list[str], after: str) -> None:
    """Add a line to a paragraph; a Latin word that was hyphenated is made whole, two words are kept apart.

    The pieces are joined once, at the end: a paragraph may be as long as the text.
    """
    before = "".join(pieces[-3:])[-3:] if after[:1].isascii() else ""
    if _HYPHENATED.search(before) and after[:1].islower():
        pieces[-1] = pieces[-1][:-1]
    elif before[-1:].isascii() and before[-1:].isalpha() and after[:1].isalpha():
        pieces.append(" ")
    pieces.append(after)


def _chapters_apart(paragraphs: list[str]) -> list[str]:
    """Begin a new line with a chapter's heading that is glued to the text before: …工作。2组织指挥体系 before 2.1."""
    apart: list[str] = []
    for paragraph, after in pairwise([*paragraphs, ""]):
        first = FIRST_OF_CHAPTER.match(after)
        # built from the number of the chapter that the next line opens
        glued = re.search(rf"(?<=[^\d.])(?={first[1]}[\u4e00-\u9fff]{{2,12}}$)", paragraph) if first else None
        if glued and glued.start():
            apart += [paragraph[: glued.start()], paragraph[glued.start() :]]
        else:
            apart.append(paragraph)
    return apart


def _goes_on(before: str, after: str, *, full: bool, starts: bool) -> bool:
    if starts or not full or CELL in before or CELL in after or _begins(after):
        return False
    return not (_stands_alone(before) or _stands_alone(after))


def _is_wrapped(lines: Sequence[str], widths: Sequence[int]) -> bool:
    """Say whether the lines were cut at a column: none is long, and many are about as long as the longest ones."""
    running, widest = [], 0
    for line, width in zip(lines, widths, strict=True):
        if len(line) > 12 and CELL not in line:
            running.append(line)
            widest = max(widest, width)
    if len(running) < 6 or widest > 2 * _WIDEST_WRAP:
        return False
    unfinished = sum(
        1
        for line in running
        if not line.endswith((*_ENDS, "）", ")", "】", "”")) and not _stands_alone(line) and not _is_field(line)
    )
    return unfinished * 4 >= len(running)


def _stands_alone(line: str) -> bool:
    """Say whether a line is a date, a number of a document or the end of a title; all others end otherwise."""
    return line[-1:] in "日号知件" and bool(_STANDS_ALONE.fullmatch(line))


def _width(line: str) -> int:
    """Return the width in half characters."""
    return 2 * len(line) - len(_NARROW.findall(line))


def _spaces(line: str) -> str:
    if CELL in line or not has_blank(line):
        return line
    if _TABLE_ROW.match(line):
        return _SPACES.sub(" ", line)
    issuers = _JOINT_ISSUERS.match(line)
    if issuers:
        kept = _SPACES.sub(" ", issuers.group())
        return kept + _SPACE_BESIDE_CJK.sub("", line[issuers.end() :])
    return _SPACE_BESIDE_CJK.sub("", line)


def _unglue(paragraph: str) -> list[str]:
    """Begin a new line with a number that is glued to the annotation before it."""
    if CELL in paragraph:
        return [paragraph]
    parts = []
    start = 0
    for glued in _GLUED.finditer(paragraph):
        before = paragraph[max(start, glued.end() - _LOOK_BACK) : glued.end()]
        opened = max(before.rfind(mark) for mark in "（(【[〔［")
        if opened >= 0 and _WORDS_OF_DUTY.search(before[opened:]):
            parts.append(paragraph[start : glued.end()])
            start = glued.end()
    parts.append(paragraph[start:])
    return parts
