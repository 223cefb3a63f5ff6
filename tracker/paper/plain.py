"""Papers that are read beside a meeting and bear no red head: a title, paragraphs, one table."""

from collections.abc import Sequence
from datetime import date

from tracker.paper import ooxml
from tracker.paper.columns import LANDSCAPE_WIDTH, fitted_columns, wrapped_heads, wrapped_rows
from tracker.paper.documents import Column
from tracker.paper.ooxml import TYPE_AREA_WIDTH, paragraph, spacing
from tracker.paper.package import Part, assemble
from tracker.paper.titles import title_lines

_WIDE, _NARROW = 2600, 900


def plain_paper(
    title: str,
    body: Sequence[tuple[int, str]],
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    turned: bool,
    author: str,
    on: date,
) -> bytes:
    """Return the .docx file; the same bytes for the same words. `turned`: on sheets that lie on their side."""
    names = max(range(len(heads)), key=lambda n: max((len(row[n]) for row in rows), default=0))
    columns = [Column(head, _WIDE if n == names else _NARROW, "center") for n, head in enumerate(heads)]
    fitted = fitted_columns(columns, rows, whole=LANDSCAPE_WIDTH if turned else TYPE_AREA_WIDTH)
    blocks = [paragraph(line, style="Title", properties=spacing(0, line=680)) for line in title_lines(title)]
    blocks += [paragraph(text, style=f"Level{level}" if level else "Body") for level, text in body]
    blocks += [
        paragraph("", style="Flush", properties=f"<w:keepNext/>{spacing(0, line=200)}"),
        ooxml.table(wrapped_heads(fitted), wrapped_rows(fitted, rows)),
        paragraph("", style="Flush", properties=spacing(0, line=20)),
    ]
    return assemble(
        [Part(landscape=turned, blocks=blocks)], first_page_unnumbered=False, title=title, author=author, on=on
    )
