"""Fits a document to its pages: a signature alone, a last line of one character, an odd count of pages.

Source: GB/T 9704-2012, 7.3.5.5 (room for the signature is made by spacing, never by 此页无正文).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tracker.domain.calendar import full_date
from tracker.domain.quoting import quoted
from tracker.paper import joint
from tracker.paper.columns import wrapped_rows
from tracker.paper.documents import Form, OfficialDocument, fitted
from tracker.paper.ooxml import LINE_PITCH, LONGEST_UNSPLIT_LINES, row_lines
from tracker.paper.titles import title_lines

LINES, CHARACTERS = 22, 28
_HALF_LINE = 290
_SINGLE_MARK = 1200
_CLOSER_PITCH = 550  # 27.5 pt
_FURNITURE = re.compile(r"^[—\-–]\s*\d+\s*[—\-–]$")
_FEW = re.compile(r"^[\u4e00-\u9fff0-9]?[。！？；：”’）》]{0,2}$")
_ROUNDS = 4
# So many characters of the text tell it from what stands above it.
_FIRST_CHARACTERS = 10
# Other programs and typefaces break a line elsewhere: one line of text beside the signature would be none there.
_LEAST_BESIDE = 2

Pages = list[list[str]]
Paginate = Callable[[OfficialDocument], Pages]


@dataclass(frozen=True, slots=True)
class Fitting:
    """The document as adjusted, what was found and done, in Chinese, and whether its first page shows text (7.3.3)."""

    document: OfficialDocument
    remarks: tuple[str, ...]
    begins_on_the_first_page: bool = True


def fit(document: OfficialDocument, paginate: Paginate) -> Fitting:
    """Adjust spacing until the pages are as they should be, four rounds at most."""
    done: list[str] = []
    pages = paginate(document)
    for _ in range(_ROUNDS):
        change = _next_change(document, pages)
        if change is None:
            break
        document, words = change
        done.append(words)
        pages = paginate(document)
    document, filled, pages = _filled(document, paginate, pages)
    done += filled
    if signature_is_alone(document, pages):
        done.append("落款与正文不在同一页，请增删文字。")
    if _note_goes_over(document, pages):
        done.append("附注仍转入次页，请精简附注。")
    done += _long_rows(document)
    if not document.two_sided and not document.annexes and len(pages) % 2 and len(pages) > 1:
        done.append(f"共{len(pages)}页，双面印刷时末页背面为空白。")
    return Fitting(document, tuple(done), begins_on_the_first_page(document, pages))


def _long_rows(document: OfficialDocument) -> Iterator[str]:
    """Name the rows of annexes that may go over two pages, so that none of their words is lost on paper."""
    for annex in document.annexes:
        rows = wrapped_rows(annex.columns, annex.rows)
        long = [cells for cells in rows if row_lines(annex.columns, cells) > LONGEST_UNSPLIT_LINES]
        if long:
            yield f"附件{quoted(annex.title)}有{len(long)}行较长，已允许跨页断行。"


def begins_on_the_first_page(document: OfficialDocument, pages: Pages) -> bool:
    """Tell whether the first page shows text (7.3.3); a title that begins like it is none."""
    if not document.body or not pages:
        return True
    below_title = _bare("".join(pages[0])).partition(_bare(document.title))
    return _bare(document.body[0][1])[:_FIRST_CHARACTERS] in (below_title[2] or below_title[0])


def _next_change(document: OfficialDocument, pages: Pages) -> tuple[OfficialDocument, str] | None:
    if not begins_on_the_first_page(document, pages):
        if document.joint and document.form is Form.FILE and not document.adjusted.raised:
            return fitted(document, raised=True), "首页没有正文，已将版头上移。"
        if document.addressees and not document.adjusted.below:
            return fitted(document, below=True), "首页没有正文，已将主送机关移至版记。"
    if signature_is_alone(document, pages):
        if document.adjusted.gap > _HALF_LINE:
            return fitted(document, gap=_HALF_LINE), "落款单独成页，已将落款前空行压缩为半行。"
        last = len(document.body) - 1
        if last not in document.adjusted.tighter:
            return fitted(document, tighter=document.adjusted.tighter | {last}), "落款单独成页，已收紧末段字距。"
    if _note_goes_over(document, pages) and (closer := _closer_to_its_note(document)):
        return closer
    lonely = frozenset(_lonely_ends(document, pages)) - document.adjusted.tighter
    if lonely:
        return fitted(document, tighter=document.adjusted.tighter | lonely), f"{len(lonely)}段末行仅一字，已收紧字距。"
    return None


def _closer_to_its_note(document: OfficialDocument) -> tuple[OfficialDocument, str] | None:
    if document.adjusted.gap > _HALF_LINE:
        return fitted(document, gap=_HALF_LINE), "附注转入次页，已将落款前空行压缩为半行。"
    if document.adjusted.pitch != _CLOSER_PITCH:
        return fitted(document, pitch=_CLOSER_PITCH), "附注转入次页，已压缩行距。"
    return None


def _filled(document: OfficialDocument, paginate: Paginate, pages: Pages) -> tuple[OfficialDocument, list[str], Pages]:
    """Fill the page before the signature's where it was left short: what must stay together went over as a whole.

    Smaller gaps may bring the signature to its text, else the last paragraph is divided between the pages.
    """
    place = _page_of_signature(document, pages)
    if not place or not _ends_with_a_paragraph(document, pages[place - 1]):
        return document, [], pages
    closer = fitted(document, gap=_HALF_LINE)
    trials = (
        (closer, "已将落款前空行压缩为半行，使落款移入前页。"),
        (fitted(closer, pitch=_CLOSER_PITCH), "已压缩落款前空行和行距，使落款移入前页。"),
        (fitted(document, divided=True), "末段跨页排印，前页不留空白。"),
    )
    for trial, words in trials:
        drawn = paginate(trial)
        now = _page_of_signature(trial, drawn)
        more = len(_bare_lines(drawn[place - 1])) > len(_bare_lines(pages[place - 1]))
        if (now is not None and now < place) or (more and _lines_beside_signature(trial, drawn) >= _LEAST_BESIDE):
            return trial, [words], drawn
    return document, [], pages


def _page_of_signature(document: OfficialDocument, pages: Pages) -> int | None:
    day = _bare(full_date(document.dated_on))
    if document.form is Form.BRIEF:
        return None
    return next((place for place, lines in enumerate(pages) if day in map(_bare, lines)), None)


def _ends_with_a_paragraph(document: OfficialDocument, lines: list[str]) -> bool:
    bare = _bare_lines(lines)
    return bool(bare) and any(_bare(text).endswith(bare[-1]) for _, text in document.body)


def _bare_lines(lines: list[str]) -> list[str]:
    return [_bare(line) for line in lines if line.strip() and not _FURNITURE.match(line.strip())]


def signature_is_alone(document: OfficialDocument, pages: Pages) -> bool:
    """Say whether the page with the date holds no line of the body."""
    return _page_of_signature(document, pages) is not None and not _lines_beside_signature(document, pages)


def _note_goes_over(document: OfficialDocument, pages: Pages) -> bool:
    """Say whether the note 「附注」, which stands below the date, ends on a page after it."""
    place = _page_of_signature(document, pages)
    if place is None or not document.note:
        return False
    end = f"{_bare(document.note)}）"
    return any(end.endswith(line) for later in pages[place + 1 :] for line in _bare_lines(later))


def _lines_beside_signature(document: OfficialDocument, pages: Pages) -> int:
    """Count the lines of the body on the page with the date."""
    place = _page_of_signature(document, pages)
    if place is None:
        return 0
    body = {_bare(text) for _, text in document.body}
    day = _bare(full_date(document.dated_on))
    told = [line for line in map(_bare, pages[place]) if line != day and len(line) > 1 and not _signs(document, line)]
    return sum(any(line in text for text in body) for line in told)


def _signs(document: OfficialDocument, line: str) -> bool:
    """Tell a line of signatures, whose names may well stand in the text."""
    for organ in sorted(map(_bare, document.organs), key=len, reverse=True):
        line = line.replace(organ, "")
    return not line


def _lonely_ends(document: OfficialDocument, pages: Pages) -> Iterator[int]:
    lines = [_bare(line) for page in pages for line in page if not _FURNITURE.match(line.strip())]
    for place, (level, text) in enumerate(document.body):
        bare = _bare(text)
        if level or len(bare) <= CHARACTERS:
            continue
        for n in range(1, len(lines)):
            if lines[n] and _FEW.match(lines[n]) and bare.endswith(lines[n - 1] + lines[n]):
                yield place


def _bare(words: str) -> str:
    return re.sub(r"\s", "", words)


def estimated_pages(document: OfficialDocument) -> Pages:
    """Break a document into pages by the format's arithmetic, where no LibreOffice is: 22 lines of 28 characters.

    The last line of the body goes with the signature, as the file tells every word processor to keep them.
    """
    lines: list[str] = list(_head_lines(document))
    for place, (_, text) in enumerate(document.body):
        tighter = place in document.adjusted.tighter
        lines += _wrapped(text, indent=2, width=CHARACTERS + (1 if tighter else 0))
    kept_from = len(lines) - 1
    for place, annex in enumerate(document.annexes, 1):
        lines += ([""] if place == 1 else []) + _wrapped(annex.title, indent=6, width=CHARACTERS)
    if document.form is not Form.BRIEF:
        gap = [] if document.adjusted.gap <= _HALF_LINE else [""] * (3 if document.sealed else 1)
        lines += [*gap, *_signature_lines(document), full_date(document.dated_on)]
    if kept_from // LINES != (len(lines) - 1) // LINES and len(lines) - kept_from <= LINES:
        lines[kept_from:kept_from] = [""] * (LINES - kept_from % LINES)
    if document.note:
        lines += _wrapped(f"（{document.note}）", indent=2, width=CHARACTERS)
    return [lines[n : n + LINES] for n in range(0, len(lines), LINES)] or [[]]


def _signature_lines(document: OfficialDocument) -> list[str]:
    """Return the names: one under another, or in rows of seals, which stand four lines and a half apart."""
    if not document.joint or not document.sealed:
        return list(document.organs)
    rows = ["".join(names) for names in joint.rows_of(document.organs)]
    return [line for place, names in enumerate(rows) for line in ([] if place == 0 else [""] * 4) + [names]]


def _head_lines(document: OfficialDocument) -> Iterator[str]:
    blank = {Form.FILE: 9, Form.LETTER: 4, Form.BRIEF: 5}[document.form]
    if document.joint and document.form is Form.FILE:
        blank += max(0, -(-(joint.mark_height(document) - _SINGLE_MARK) // LINE_PITCH))
        blank -= joint.RAISED_LINES if document.adjusted.raised else 0
    yield from [""] * blank
    yield from title_lines(document.title)
    yield ""
    if document.addressees and not document.adjusted.below:
        yield from _wrapped(f"{document.addressees}：", indent=0, width=CHARACTERS)


def _wrapped(text: str, *, indent: int, width: int) -> list[str]:
    """Wrap at `width` characters; a mark that may not begin a line stays on the one before."""
    lines: list[str] = []
    current, room = "", float(width - indent)
    for character in text:
        size = 1.0 if ord(character) > 0x2000 else 0.5
        if room < size and character not in "，。；：、！？”’）》":
            lines.append(current)
            current, room = "", float(width)
        current += character
        room -= size
    return [*lines, current]
