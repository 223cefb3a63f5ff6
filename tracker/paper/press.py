"""From an edition's words to its Word file: composed, fitted to the pages, rendered, checked."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from tracker.domain.circulars.content import Content
from tracker.domain.quoting import titled
from tracker.paper.checking import deviations
from tracker.paper.circulars import Draft, compose
from tracker.paper.documents import OfficialDocument, fitted
from tracker.paper.fitting import Pages, estimated_pages, fit
from tracker.paper.letterheads import Letterhead
from tracker.paper.official import render

# e.g. 驻马店市人民政府办公室关于印发《2022年驻马店市招商引资工作方案》的通知, 关于转发市防汛预案的通知
_PASSED_ON = re.compile(r"关于(?:印发|转发)(?:《(?P<name>[^《》]+)》|(?P<plain>[^《》]+?))的通知$")
# e.g. 驻马店市人民政府办公室关于科学绿化的实施意见; not 李书记关于外贸企业用工的批示
_ISSUED = re.compile(r".{2,20}?(?:政府|办公室|委员会|委|局|部|厅|院)(?=关于)")
_ANNEX = re.compile(r"^\d*附件\d*$")
# A page number on a turned sheet is read in parts, one before the first line.
_FIRST_LINES = 3

NO_TEXT_ON_PAGE_1 = "首页没有显示正文（7.3.3），请精简标题、主送机关。"

PageLines = Callable[[bytes], Pages]


@dataclass(frozen=True, slots=True)
class Printed:
    """A Word file, what the fitting found and did, and every deviation from the format."""

    docx: bytes
    remarks: tuple[str, ...]
    deviations: tuple[str, ...]


def press(
    draft: Draft,
    content: Content,
    head: Letterhead,
    *,
    number: str,
    dated_on: date,
    urgency: str = "",
    page_lines: PageLines | None = None,
    joint: Sequence[str] = (),
) -> Printed:
    """Return the file; `page_lines` breaks a file into pages, without it they are estimated. Raises UnknownToken."""
    document = compose(draft, content, head, number=number, dated_on=dated_on, urgency=urgency, joint=joint)
    return print_document(document, page_lines=page_lines, has_number=bool(number.strip()))


def print_document(
    document: OfficialDocument, *, page_lines: PageLines | None = None, has_number: bool = True
) -> Printed:
    """Fit the text to its pages, then render it with its annexes.

    The annexes begin on pages of their own and have no part in the fitting; their tables are left out of its trials.
    """

    def paginate(trial: OfficialDocument) -> Pages:
        if page_lines is None:
            return estimated_pages(trial)
        bare = replace(trial, annexes=tuple(replace(annex, rows=()) for annex in trial.annexes))
        return pages_of_text(page_lines(render(bare)))

    fitting = fit(document, paginate)
    docx, remarks = _two_sided(fitting.document, page_lines)
    found = deviations(docx, has_number=has_number)
    if not fitting.begins_on_the_first_page:
        found = [NO_TEXT_ON_PAGE_1, *found]
    return Printed(docx, fitting.remarks + remarks, tuple(found))


def pages_of_text(pages: Pages) -> Pages:
    """Return the pages before the annexes."""
    return list(takewhile(lambda lines: not _begins_an_annex(lines), pages))


def _begins_an_annex(lines: list[str]) -> bool:
    """Tell a page that an annex begins on; on a turned sheet the page number lies beside its first line."""
    return any(_ANNEX.match(line.replace(" ", "")) for line in lines[:_FIRST_LINES])


def _two_sided(document: OfficialDocument, page_lines: PageLines | None) -> tuple[bytes, tuple[str, ...]]:
    """Return the file, its imprint on an even page where that is asked for and pages can be counted."""
    docx = render(document)
    if not document.two_sided:
        return docx, ()
    if page_lines is None:
        return docx, ("未能按实际版面计页，双面印刷前请核对版记是否在双数页。",)
    if len(page_lines(docx)) % 2 == 0:
        return docx, ()
    later = render(fitted(document, overleaf=True))
    if later == docx:
        return docx, ("没有版记，双面印刷时末页背面为空白。",)
    return later, ("已将版记移至双数页，供双面印刷。",)


def matter_of(title: str | None) -> str:
    """Name a document within a title as a text cites it: 《驻马店市招商引资工作方案》, 《关于科学绿化的实施意见》.

    Of one that a notice passes on, it is the name of what is passed on; the organ that issued it is left out. Nothing
    else of a title is changed: it would name a document that does not exist.
    """
    if not title:
        return ""
    found = _PASSED_ON.search(title)
    if found:
        return titled(found["name"] or found["plain"])
    issuer = _ISSUED.match(title)
    return titled(title[issuer.end() :] if issuer else title)
