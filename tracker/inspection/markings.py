"""Markings of state secrets 「密级标志」 in a text: a level with a star, beside the label 密级, or alone on its line.

Any star counts, before a level at a line's head too, an asterisk with a term or at a line's head; signs are read
plainly (`plain_signs`). A sentence that speaks of secrecy is no marking.
内部 and 工作秘密 are no levels of state secrets.
Source: 国家秘密文件、资料和其他物品标志的规定 (1990), clauses 3 and 4; GB/T 9704-2012, 7.2.2.
"""

import re
from collections.abc import Callable

from tracker.inspection.plain_signs import ASTERISK, STAR, plain_signs

_GAP = "[ \t\u00a0\u3000]"
_BARE = f"(?:绝{_GAP}{{0,4}}密|机{_GAP}{{0,4}}密|秘{_GAP}{{0,4}}密)"
_LEVEL = f"(?P<level>{_BARE})"
_TERM = "(?:[0-9０-９一二三四五六七八九十百]{1,4}个?[年月日天]|长期)"
_OPEN, _CLOSE = "[【〖\\[［〔（({]", "[】〗\\]］〕）)}]"
_URGENCY = "(?:特急|加急|急件|特提|平急|急)"
_BREAK = "[\r\n\f\v\u0085\u2028\u2029]"
_END = f"(?={_BREAK}|\\Z)"

# What speaks for itself wherever it stands.
_STARRED = re.compile(
    f"(?<!商业)(?<!工作){_LEVEL}级?{_GAP}{{0,4}}(?:{STAR}|[{ASTERISK}]{_GAP}{{0,4}}{_TERM})"
)  # e.g. 机密★1年, 秘密*10年
_ASTERISK = re.compile(f"{_LEVEL}级?{_GAP}{{0,4}}[{ASTERISK}](?![{ASTERISK}])")  # a marking at the head of a line
_LABELLED = re.compile(
    f"(?:密{_GAP}{{0,4}}级|保密等级|保密级别|秘密等级|涉密等级|密别)"
    f"(?:(?:{_GAP}{{0,4}}{_CLOSE}?{_GAP}{{0,4}}[:：]|{_GAP}{{0,4}}{_CLOSE}|{_GAP}){_GAP}{{0,8}}{_OPEN}?|(?P<opens>{_OPEN}))"
    f"(?:[☑■√✓]{_GAP}{{0,2}}(?:绝|机|秘){_GAP}{{0,4}}密|{_LEVEL}级?{_GAP}{{0,4}}"
    f"(?(opens){_CLOSE}(?={_GAP}|[,，;；。|]|{_END})|(?:{_CLOSE}|{_OPEN}?{_TERM}|{_GAP}|[,，;；。|]|{_END}))"
    f"(?!{_GAP}{{0,4}}[□○☐/／、或和]))"
)  # e.g. 密级：机密, 【密级】机密, 密级（机密）
# What is a marking if nothing but a copy's number stands before it on its line; `rest` is empty at the line's end.
_CANDIDATE = re.compile(
    f"{_LEVEL}级?(?:{_GAP}{{0,4}}(?:[·.—–―─-]{{0,2}}{_GAP}{{0,4}}{_TERM}|{_OPEN}{_GAP}{{0,2}}{_TERM}{_GAP}{{0,2}}{_CLOSE}))?"
    f"{_GAP}{{0,2}}"
    f"(?:(?P<closed>{_CLOSE})|(?={_GAP}|[\r\n\f\v\u0085\u2028\u2029]|\\Z))"
    f"(?:{_GAP}{{0,20}}{_URGENCY}?{_GAP}{{0,40}}(?P<ends>{_END}))?"
)
_BEFORE = re.compile(
    f"{_GAP}{{0,40}}(?:[0-9０-９]{{1,8}}{_GAP}{{1,8}})?{STAR}?{_GAP}{{0,2}}(?P<open>{_OPEN}{_GAP}{{0,2}})?"
)
_LINE = re.compile(_BREAK)
# A level whose signs have a line each: in two paragraphs or cells, or in a column.
_APART = re.compile(f"[绝机秘]{_GAP}{{0,4}}{_BREAK}{{1,4}}{_GAP}{{0,4}}密")
_SIGN_ALONE = re.compile(
    f"(?:(?<={_BREAK})|\\A){_GAP}{{0,4}}(\\S){_GAP}{{0,4}}{_BREAK}{{1,4}}"
    f"(?={_GAP}{{0,4}}(?:\\S{_GAP}{{0,4}}{_END}|[密{STAR}{ASTERISK}0-9]))"
)
# Apart from what else a name says: in brackets, or between signs that part its words.
_PARTS = f"(?:{_GAP}|[-_—–+.·~])"
_IN_NAME = re.compile(
    f"{_OPEN}{_GAP}{{0,2}}{_BARE}级?(?:{_GAP}{{0,2}}{_TERM})?{_GAP}{{0,2}}{_CLOSE}"
    f"|(?:\\A|{_PARTS}){_BARE}级?(?={_PARTS}|\\Z)"
)
_SECRET = "密"  # in each level; it has no other form
_LONGEST_BEFORE = 64
# So many lines that might be markings are no text that people write; whoever sends them is not examined further.
_MOST_CANDIDATES = 10_000


def may_be_marked(text: str) -> bool:
    """Say whether a text has the sign that every level has: most have not, and are done with."""
    return _SECRET in text


def is_marked(text: str) -> bool:
    """Say whether a text bears a marking; takes time in proportion to the text."""
    if not may_be_marked(text):
        return False
    text = plain_signs(text)
    return _is_marked(text) or (_APART.search(text) is not None and _is_marked(_SIGN_ALONE.sub(r"\1", text)))


def _is_marked(text: str) -> bool:
    if _STARRED.search(text) or _LABELLED.search(text):
        return True
    return _is_any(_CANDIDATE, text, _stands_apart) or _is_any(_ASTERISK, text, _is_at_head)


def _is_any(pattern: re.Pattern[str], text: str, is_one: Callable[[str, re.Match[str]], bool]) -> bool:
    """Say whether any that is found is one, or there are more than people write."""
    return any(seen > _MOST_CANDIDATES or is_one(text, found) for seen, found in enumerate(pattern.finditer(text)))


def is_marked_name(name: str) -> bool:
    """Say whether the name of a file, its ending left out, bears a marking, as 机密-某方案 and 某方案（机密） do."""
    plain = plain_signs(name)
    begins = re.match(f"{_OPEN}?{_LEVEL}级?{_CLOSE}?[-_—+.]", plain)
    return is_marked(name) or begins is not None or _IN_NAME.search(plain) is not None


def _stands_apart(text: str, found: re.Match[str]) -> bool:
    """Say whether a level stands alone on its line, or in brackets at its beginning, and is no member of a list."""
    head = _head_before(text, found)
    if head is None or (head["open"] is None) != (found["closed"] is None):
        return False
    if found["ends"] is None:
        return head["open"] is not None
    return not _is_listed(text, found)


def _is_at_head(text: str, found: re.Match[str]) -> bool:
    return _head_before(text, found) is not None


def _head_before(text: str, found: re.Match[str]) -> re.Match[str] | None:
    """Return what stands on the line before a level, None where that is more than a copy's number or a bracket."""
    return _BEFORE.fullmatch(_LINE.split(text[max(0, found.start() - _LONGEST_BEFORE) : found.start()])[-1])


def _is_listed(text: str, found: re.Match[str]) -> bool:
    """Say whether the line after or before is another level: the levels are told one by one, as in a glossary."""
    level = re.sub(_GAP, "", found["level"])
    after = _LINE.split(text[found.end() : found.end() + _LONGEST_BEFORE].strip())[0].strip()
    earlier = text[max(0, found.start() - _LONGEST_BEFORE) : found.start()].rstrip(f" \t\u00a0\u3000{STAR}")
    before = _LINE.split(earlier.strip())[-1].strip()
    lines = (line.strip(STAR) for line in (before, after))
    return any(line in {"绝密", "机密", "秘密"} and line != level for line in lines)


def is_starred(text: str) -> bool:
    """Say whether a level with a star stands in what need not be a text."""
    return may_be_marked(text) and _STARRED.search(plain_signs(text)) is not None
