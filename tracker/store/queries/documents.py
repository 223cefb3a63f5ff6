"""Registered documents: the list, and one with its text cut by coverage."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, label, select
from sqlmodel import Session, col

from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.items import SpanRole, titled_chapters
from tracker.domain.readings.coverage import ItemSpan, Span, cover
from tracker.store.queries.audiences import Viewer, documents_for
from tracker.store.queries.scopes import tasks_for
from tracker.store.rows import as_view, as_views
from tracker.store.tables.documents import DocumentRow, DocumentSpanRow, ItemRow
from tracker.store.tables.tasks import TaskRow


@dataclass(frozen=True, slots=True)
class DocumentLine:
    document_id: int
    number: str
    title: str
    issued_on: date | None
    expires_on: date | None
    ends_on: date | None
    items: int


@dataclass(frozen=True, slots=True)
class DocumentItem:
    """An item; `task_id` and what became of its task only where the viewer may open that."""

    code: str
    label: str
    title: str
    kind: str
    task_id: int | None
    task_state: str | None
    key_reason: str | None
    own: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the text with what it is; `items` are codes."""

    text: str
    role: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentView:
    line: DocumentLine
    stretches: tuple[Stretch, ...]
    items: tuple[DocumentItem, ...]
    classified_percent: int


def document_lines(session: Session, *, viewer: Viewer) -> tuple[DocumentLine, ...]:
    """Return the documents that a viewer may read with their number of items, in order of issue."""
    rows = session.execute(_lines(viewer).order_by(col(DocumentRow.issued_on), col(DocumentRow.id)))
    return tuple(as_views(DocumentLine, rows))


def document_view(session: Session, *, document_id: int, viewer: Viewer) -> DocumentView | None:
    """Return one document with its text and items; None where the viewer may not read it, or it does not exist."""
    row = session.execute(_lines(viewer).where(col(DocumentRow.id) == document_id)).first()
    if row is None:
        return None
    document = session.get_one(DocumentRow, document_id)
    rows = session.execute(
        select(
            ItemRow,
            col(TaskRow.id),
            col(TaskRow.state),
            col(TaskRow.key_reason),
            tasks_for(viewer.scope).label("opens"),
        )
        .join(TaskRow, col(TaskRow.item_id) == col(ItemRow.id))
        .where(col(ItemRow.document_id) == document_id)
        .order_by(col(ItemRow.id))
    ).all()
    spans = cover(document.text, [_span(row.ItemRow) for row in rows], _declared(session, document_id))
    unclassified = sum(span.end - span.start for span in spans if span.role is SpanRole.UNCLASSIFIED)
    return DocumentView(
        line=as_view(DocumentLine, row),
        stretches=tuple(Stretch(document.text[s.start : s.end], s.role.value, s.items) for s in spans),
        items=tuple(_item(*row, viewer=viewer) for row in rows),
        classified_percent=100 - -(-100 * unclassified // max(1, len(document.text))),
    )


def _item(
    item: ItemRow, task_id: int, state: str, key_reason: str | None, opens: bool, *, viewer: Viewer
) -> DocumentItem:
    return DocumentItem(
        code=item.code,
        label=item.label,
        title=item.title,
        kind=item.kind,
        task_id=task_id if opens else None,
        task_state=state if opens else None,
        key_reason=key_reason if opens else None,
        own=opens and viewer.scope is not EVERY_UNIT,
    )


def _lines(viewer: Viewer) -> Select[*tuple[Any, ...]]:  # Any: the columns are unpacked into a typed row at once
    return (
        select(
            label("document_id", col(DocumentRow.id)),
            col(DocumentRow.number),
            col(DocumentRow.title),
            col(DocumentRow.issued_on),
            col(DocumentRow.expires_on),
            col(DocumentRow.ends_on),
            func.count(col(ItemRow.id)).label("items"),
        )
        .outerjoin(ItemRow, col(ItemRow.document_id) == col(DocumentRow.id))
        .where(documents_for(viewer))
        .group_by(col(DocumentRow.id))
    )


def _declared(session: Session, document_id: int) -> list[Span]:
    wanted = select(DocumentSpanRow).where(col(DocumentSpanRow.document_id) == document_id)
    rows = session.scalars(wanted.order_by(col(DocumentSpanRow.start_at)))
    return [Span(row.start_at, row.end_at, SpanRole(row.role)) for row in rows]


def _span(item: ItemRow) -> ItemSpan:
    if item.responsibility_start_at is None or item.responsibility_end_at is None:
        return ItemSpan(item.code, item.start_at, item.end_at)
    return ItemSpan(item.code, item.start_at, item.end_at, (item.responsibility_start_at, item.responsibility_end_at))


def chapter_titles(session: Session, document_ids: Collection[int]) -> dict[tuple[int, str], str]:
    """Return the titles of the chapters of documents, by the document and what `chapter_of` calls the chapter."""
    texts = select(col(DocumentRow.id), col(DocumentRow.text)).where(col(DocumentRow.id).in_(list(document_ids)))
    by_document = {row.id: row.text for row in session.execute(texts)}
    lines: dict[int, list[str]] = {id_ or 0: [] for id_ in by_document}
    spans = (
        select(DocumentSpanRow)
        .where(
            col(DocumentSpanRow.document_id).in_(list(document_ids)),
            col(DocumentSpanRow.role) == SpanRole.HEADING.value,
        )
        .order_by(col(DocumentSpanRow.document_id), col(DocumentSpanRow.start_at))
    )
    for span in session.scalars(spans):
        text = by_document[span.document_id][span.start_at : span.end_at]
        lines[span.document_id] += [line.strip() for line in text.splitlines() if line.strip()]
    return {(id_, name): title for id_, told in lines.items() for name, title in titled_chapters(told).items()}
