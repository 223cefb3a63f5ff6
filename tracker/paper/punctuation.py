"""Brackets as Chinese text prints them: （） where a Chinese character is in them or beside them. Source: GB/T 15834.

〔〕 of a year stay, and so do brackets among Latin letters and digits: f(x), 0396(123).
"""

import re
from dataclasses import replace

from tracker.paper.documents import Annex, OfficialDocument

_CHINESE = r"\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff“”‘’，；：！？（）"
_PAIR = re.compile(r"\(([^()]*)\)")
_SINGLE = re.compile(f"(?<=[{_CHINESE}])[()]|[()](?=[{_CHINESE}])")
_ANY = re.compile(f"[{_CHINESE}]")
_WIDE = {"(": "（", ")": "）"}


def full_width_brackets(text: str) -> str:
    """Return a text with the brackets of its Chinese words in full width; of a pair both or none."""
    if "(" not in text and ")" not in text:
        return text
    before = ""
    while before != text:
        before, text = text, _PAIR.sub(_widened, text)
    return _SINGLE.sub(lambda found: _WIDE[found[0]], text)


def _widened(found: re.Match[str]) -> str:
    beside = found.string[max(0, found.start() - 1) : found.start()] + found.string[found.end() : found.end() + 1]
    return f"（{found[1]}）" if _ANY.search(found[1] + beside) else found[0]


def punctuated(document: OfficialDocument) -> OfficialDocument:
    """Return a document whose names, titles, sentences and tables bear full-width brackets."""
    return replace(
        document,
        mark=full_width_brackets(document.mark),
        title=full_width_brackets(document.title),
        signature=full_width_brackets(document.signature),
        joint=tuple(map(full_width_brackets, document.joint)),
        addressees=full_width_brackets(document.addressees),
        print_office=full_width_brackets(document.print_office),
        copies=full_width_brackets(document.copies),
        note=full_width_brackets(document.note),
        body=tuple((level, full_width_brackets(text)) for level, text in document.body),
        annexes=tuple(map(_punctuated_annex, document.annexes)),
    )


def _punctuated_annex(annex: Annex) -> Annex:
    rows = tuple(tuple(map(full_width_brackets, row)) for row in annex.rows)
    return replace(annex, title=full_width_brackets(annex.title), rows=rows)
