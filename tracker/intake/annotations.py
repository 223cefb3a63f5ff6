"""Annotations 「责任分工」: the stretches of an item that say who is responsible: bracketed, as fields, at its end."""

from collections.abc import Iterator
from functools import lru_cache

from tracker.intake.bodies import is_body, is_unit, split_names
from tracker.intake.duty_words import (
    BEFORE_NAME,
    FIELD_AFTER_SENTENCE,
    FIELD_LINE,
    FIELDS,
    LABEL_ALONE,
    TIME_WORDS,
    WORDS_OF_DUTY,
    labels,
    without_noise,
    without_tail,
    without_verb,
)
from tracker.intake.expressions import expression

_OPENS = "（(【〔[［"
_CLOSES = {"（": "）)", "(": "）)", "【": "】", "〔": "〕]", "[": "]］〕", "［": "］]"}
_LONGEST_REST = 300
Stretch = tuple[int, int]
# No annotation stands without a bracket or what closes a label.
# e.g. （市商务局）
# e.g. 责任单位：市商务局
_MAY_SAY = expression(r"[（()【】〔〕\[\]［］:：—－]")
# e.g. 市商务局、市财政局按职责分工负责
_ENDS_WITH_DUTY = expression(r"(?:负责|落实|牵头|配合|实施)。?$")
# e.g. （责任单位：市商务局）
_BRACKET_OR_END = expression(r"[（）()【】〔〕\[\]［］\n]")


def annotations(text: str) -> list[Stretch]:
    """Return the stretches of an item's text that say who is responsible, in order, brackets included."""
    if not _MAY_SAY.search(text):
        return []
    found = [*_bracketed(text), *_lines(text)]
    found.sort()
    kept: list[Stretch] = []
    for start, end in found:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept or _at_the_end(text)


class Notes:
    """The annotations of stretches of one text, each looked for once: several rules ask for the same stretch."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._known: dict[Stretch, list[Stretch]] = {}

    def within(self, start: int, end: int) -> list[Stretch]:
        """Return the annotations of [start, end), counted from its start; line breaks at its end change nothing."""
        while end > start and self.text[end - 1] == "\n":
            end -= 1
        found = self._known.get((start, end))
        if found is None:
            found = self._known[start, end] = annotations(self.text[start:end])
        return found


def bare(note: str) -> str:
    """Return the words of an annotation without the brackets around it."""
    inner = note.strip()
    return inner[1:-1] if inner[:1] in _CLOSES and inner[-1:] in _CLOSES[inner[0]] else inner


def names_bodies(note: str) -> bool:
    """Say whether an annotation names who does something, and not merely a time or whom to call."""
    found = labels(note)
    return not found or any(label.lastgroup in {"lead", "duty", "support", "local"} for label in found)


def _bracketed(text: str) -> Iterator[Stretch]:
    opened: list[tuple[str, int]] = []
    for found in _BRACKET_OR_END.finditer(text):
        place, character = found.start(), found.group()
        if character in _OPENS:
            opened.append((character, place))
        elif opened and character in _CLOSES[opened[-1][0]]:
            _, start = opened.pop()
            if not opened and _is_annotation(text[start + 1 : place], apart=_stands_apart(text, start, place)):
                yield start, place + 1
        elif character == "\n" and opened:
            start = opened[0][1]
            if not _goes_on_below(text, start, place):
                if _is_broken_off(text, start, place):
                    yield start, place
                opened.clear()
    if opened and _is_broken_off(text, opened[0][1], len(text)):
        yield opened[0][1], len(text)


def _goes_on_below(text: str, start: int, line_end: int) -> bool:
    """Say whether a bracket of fields is closed on the next line, as a list that was broken is."""
    if not FIELDS.match(text[start + 1 : start + 20].lstrip()) or text[line_end - 1] == "。":
        return False
    after = text[line_end + 1 : line_end + 1 + _LONGEST_REST].split("\n", 1)[0]
    closing = min((after.find(mark) for mark in _CLOSES[text[start]] if mark in after), default=-1)
    opening = min((after.find(mark) for mark in "（(" if mark in after), default=len(after))
    return closing >= 0 and (closing < opening or bool(FIELDS.match(after)))


def _is_broken_off(text: str, start: int, end: int) -> bool:
    """Say whether an annotation was opened that nothing closes: a list of fields or of bodies up to the line's end."""
    content = text[start + 1 : end]
    several = len(split_names(content)) > 1
    return bool(FIELDS.match(content)) or (
        (several or bool(_ENDS_WITH_DUTY.search(content)))
        and _is_annotation(content, apart=several or _stands_apart(text, start, end))
    )


def _stands_apart(text: str, start: int, end: int) -> bool:
    """Say whether a bracket begins or ends a sentence; a list of bodies inside of one explains a word of it."""
    last = start - 1
    while last >= 0 and text[last].isspace():
        last -= 1
    after = text[end + 1 : end + 2]
    return last < 0 or text[last] in "。；！.;]］】〕）)" or text[start - 1] == "\n" or after in {"", "\n"}


@lru_cache(2048)  # as of names of bodies
def _is_annotation(content: str, *, apart: bool) -> bool:
    if len(content) < 2 or "以下简称" in content or "下称" in content or LABEL_ALONE.fullmatch(content):
        return False
    if labels(content):
        return True
    content = without_noise(content)
    names = [name for name in split_names(content) if not TIME_WORDS.fullmatch(name)]
    names[-1:] = [name for name in map(without_tail, names[-1:]) if name]
    if not names:
        return False
    if WORDS_OF_DUTY.search(content):
        stripped = [BEFORE_NAME.sub("", without_verb(name)) for name in names]
        return any(is_unit(without_tail(name)) for name in stripped if name)
    alone = len(names) == 1 and (len(names[0]) < 3 or names[0] == "管委会")
    return apart and not alone and all(is_body(name) for name in names)


def _lines(text: str) -> Iterator[Stretch]:
    start = 0
    for line in text.split("\n"):
        if FIELD_LINE.match(line):
            yield start, start + len(line)
        start += len(line) + 1


def _at_the_end(text: str) -> list[Stretch]:
    """Find fields that follow a sentence without brackets or a line of their own."""
    found = FIELD_AFTER_SENTENCE.search(text)
    return [(found.end(), len(text.rstrip()))] if found else []
