"""Labels of fields that the grammar does not know 「主抓科室：」: which ones a text holds, and how they are read once
somebody has said of whom they speak.
"""

import re
from collections.abc import Collection, Mapping

from tracker.domain.readings.lessons import LabelRole
from tracker.intake.bodies import is_collective, is_unit, split_names
from tracker.intake.duty_words import FIELDS, LABEL_ALONE
from tracker.intake.expressions import expression

_LONGEST_FIELD = 200
_OPENS = r"(?:^|(?<=[\n。；;（(【\[［〔]))[ \u3000]*"
_CLOSES = r"(?:[】\]］〕]\s*[:：]?|\s*[:：])"
# What stands before a colon, or alone in brackets, where a sentence, a line or a bracket begins.
# e.g. 主抓科室：市商务局
# e.g. 【主抓科室】市商务局
# but not 推进主抓科室市商务局
_LABEL = expression(rf"{_OPENS}(?P<label>[\u4e00-\u9fff]{{2,10}}){_CLOSES}")
# e.g. 市商务局、市财政局。
_FIELD_ENDS = expression(r"[。；;\n）)】\]]")
# A label that stands for one, of its length: a long and a short one of each role.
_KNOWN = {
    LabelRole.LEAD: ("牵头单位", "牵头"),
    LabelRole.DUTY: ("责任单位", "承办"),
    LabelRole.SUPPORT: ("配合单位", "配合"),
}


def strange_labels(text: str, *, known: Collection[str] = ()) -> tuple[str, ...]:
    """Return the labels in a text before names of bodies that neither the grammar nor whoever asks knows, each once."""
    found: dict[str, None] = {}
    for mark in _LABEL.finditer(text):
        name = mark["label"]
        if name in known or LABEL_ALONE.fullmatch(name) or FIELDS.match(text, mark.start("label")):
            continue
        words = _FIELD_ENDS.split(text[mark.end() : mark.end() + _LONGEST_FIELD].strip(), maxsplit=1)[0]
        names = split_names(words)
        if any(is_unit(one) or is_collective(one) for one in names):
            found[name] = None
    return tuple(found)


def holds_label(text: str, label: str) -> bool:
    """Say whether a text holds a label as one of a field."""
    return any(mark["label"] == label for mark in _LABEL.finditer(text))


def respelled(text: str, labels: Mapping[str, LabelRole]) -> str:
    """Return a text of the same length in which each label that was taught is one that the grammar knows."""
    if not labels:
        return text

    def known(mark: re.Match[str]) -> str:
        name = mark["label"]
        if name not in labels:
            return mark.group()
        word = next(one for one in _KNOWN[labels[name]] if len(one) <= len(name))
        before, after = mark.group()[: mark.start("label") - mark.start()], text[mark.end("label") : mark.end()]
        return f"{before}{word}{after}{' ' * (len(name) - len(word))}"

    return _LABEL.sub(known, text)
