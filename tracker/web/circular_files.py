"""Files of circulars: the paper itself, the table behind its numbers, its pages as they are drawn."""

import hashlib
from dataclasses import replace

from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from tracker.domain.audiences import OVERSEERS
from tracker.domain.circulars.content import BETWEEN_CODES, Content, Figure, tokens
from tracker.domain.circulars.editions import PUBLISHED, EditionState, NotDrawnYet
from tracker.domain.circulars.paragraphs import paragraphs
from tracker.domain.downloads import DOCX, XLSX, Fetched
from tracker.domain.errors import NotFound
from tracker.editions import Edition, check_usable, content_kept, differs_from_original, tells_differences
from tracker.gateways import office_suite
from tracker.gateways.source_files import write_sources
from tracker.store.queries.circulars import circular_to_read
from tracker.store.queries.citations import items_cited
from tracker.store.tables.circulars import CircularRow
from tracker.web.access import EVERYBODY, allow, services, viewer
from tracker.web.downloads import send_kept, send_made
from tracker.wording.codes import CIRCULAR_NAMES
from tracker.wording.moments import clock_words

pages = Blueprint("circular_files", __name__)
MAKERS = OVERSEERS
_ROWS_OF_A_PREVIEW = 60


@pages.get("/circulars/<int:circular_id>/word")
@allow(*EVERYBODY)
def download(circular_id: int) -> ResponseReturnValue:
    """Send the file: of an issued circular the bytes as issued, of a draft what it would be now."""
    with services().database.reading() as session:
        row = visible(session, circular_id)
        edition = _edition(session, row) if row.sha256 is None else None
    if edition is not None:
        if row.state in PUBLISHED:
            check_usable(services(), row.layout_id)
            raise NotDrawnYet()
        name = f"{CIRCULAR_NAMES[row.type]}（{'草稿' if row.state == EditionState.DRAFT.value else '送审稿'}）.docx"
        docx = edition.press(services()).docx
        return send_made(docx, name=name, media_type=DOCX, what=Fetched.PAPER, of=circular_id)
    assert row.sha256 is not None
    mark = {"withdrawn": "（已撤回）", "corrected": "（已更正）"}.get(row.state, "")
    return send_kept(row.sha256, name=f"{mark}{row.name}", media_type=DOCX, what=Fetched.PAPER, of=circular_id)


@pages.get("/circulars/<int:circular_id>/sources")
@allow(*MAKERS)
def sources(circular_id: int) -> ResponseReturnValue:
    """Send 《数字溯源表》: every figure with the facts and events behind it."""
    with services().database.reading() as session:
        row = visible(session, circular_id)
        content = content_kept(services(), session, row)
        compares = tells_differences(session, row) and differs_from_original(services(), session, row, content)
    if content is None:
        raise NotFound()
    head = [
        ("文稿", f"{row.number or '未编号'} {row.title}"),
        ("数据截至", clock_words(row.as_of)),
        ("事件截至", f"第{row.last_event}号"),
        ("范围", row.unit_name or row.document_number or "全部已交办事项"),
        ("模板版本", row.template_version),
        ("规则版本", row.rule_version),
    ]
    name = f"数字溯源表{row.number or ''}.xlsx"
    placed = _placed(row, content, annexes=len(content.tables) + bool(compares))
    codes = {code for _place, figure in placed for one in figure.sources for code in one.item_code.split(BETWEEN_CODES)}
    with services().database.reading() as session:
        cited = {code: item.words for code, item in items_cited(session, codes).items()}
    made = write_sources(placed, head=head, cited=cited)
    return send_made(made, name=name, media_type=XLSX, what=Fetched.SOURCES, of=circular_id)


@pages.get("/circulars/<int:circular_id>/pages")
@allow(*MAKERS)
def preview(circular_id: int) -> ResponseReturnValue:
    """Show the first pages as they are drawn: a page of its own, because drawing takes seconds."""
    if not office_suite.is_present():
        raise NotFound()
    with services().database.reading() as session:
        return render_template("web/circulars/preview.html", row=visible(session, circular_id))


@pages.get("/circulars/<int:circular_id>/pages/<int:page>")
@allow(*MAKERS)
def picture(circular_id: int, page: int) -> ResponseReturnValue:
    """Send one page as LibreOffice draws it; the annexes are drawn with their first rows only."""
    if not office_suite.is_present():
        raise NotFound()
    with services().database.reading() as session:
        edition = _edition(session, visible(session, circular_id))
    short = tuple(replace(table, rows=table.rows[:_ROWS_OF_A_PREVIEW], sources=()) for table in edition.content.tables)
    docx = edition.press(services(), content=replace(edition.content, tables=short)).docx
    folder = services().settings.data_dir.resolve() / "previews" / hashlib.sha256(docx).hexdigest()
    try:
        found = office_suite.pictures_of(docx, folder)
    except office_suite.RenderingFailed:
        raise NotFound() from None
    if not 1 <= page <= len(found):
        raise NotFound()
    return send_file(found[page - 1], mimetype="image/png", etag=False)


def visible(session: Session, circular_id: int) -> CircularRow:
    """Return an edition that this person may read. Raises NotFound."""
    row = circular_to_read(session, circular_id=circular_id, viewer=viewer(session))
    if row is None:
        raise NotFound()
    return row


def _edition(session: Session, row: CircularRow) -> Edition:
    edition = Edition.of(services(), session, row)
    if edition is None:
        raise NotFound()
    return edition


def _placed(row: CircularRow, content: Content, *, annexes: int) -> list[tuple[str, Figure]]:
    """Say of every figure in the text and of every row of the annexes where it stands in a paper of so many annexes."""
    placed = []
    for place, told in enumerate(paragraphs(row.statements), 1):
        placed += [(f"第{place}段", content.figures[key]) for key in dict.fromkeys(tokens(told.words))]
        if told.by_hand:
            placed.append(
                (f"第{place}段", Figure("", told.words, f"人工撰写，所依据事项：{'、'.join(told.cited)}", ()))
            )
    for n, table in enumerate(content.tables, 1):
        annex = f"附件{n}" if annexes > 1 else "附件"
        # Marks of an evaluated month lead to their figures on its own pages.
        of_rows = zip(table.rows, table.sources, strict=bool(table.sources))
        for place, (cells, source) in enumerate(of_rows, 1):
            placed.append((f"{annex}第{place}行", Figure("", cells[2], table.title, (source,))))
    return placed
