"""Registered documents: the list, and one with its text cut by coverage."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, label, select
from sqlmodel import Session, col

from tracker.domain.items import SpanRole
from tracker.domain.readings.coverage import ItemSpan, Span, cover
from tracker.store.queries.audiences import Viewer, documents_for
from tracker.store.rows import as_view, as_views
from tracker.store.tables.documents import DocumentRow, DocumentSpanRow, ItemRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


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
    code: str
    label: str
    title: str
    kind: str
    task_id: int
    task_state: str
    key_reason: str | None


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
        select(ItemRow, col(TaskRow.id), col(TaskRow.state), col(TaskRow.key_reason))
        .join(TaskRow, col(TaskRow.item_id) == col(ItemRow.id))
        .where(col(ItemRow.document_id) == document_id)
        .order_by(col(ItemRow.id))
    ).all()
    spans = cover(document.text, [_span(item) for item, _id, _state, _reason in rows], _declared(session, document_id))
    unclassified = sum(span.end - span.start for span in spans if span.role is SpanRole.UNCLASSIFIED)
    return DocumentView(
        line=as_view(DocumentLine, row),
        stretches=tuple(Stretch(document.text[s.start : s.end], s.role.value, s.items) for s in spans),
        items=tuple(
            DocumentItem(
                code=item.code,
                label=item.label,
                title=item.title,
                kind=item.kind,
                task_id=task_id,
                task_state=state,
                key_reason=key_reason,
            )
            for item, task_id, state, key_reason in rows
        ),
        classified_percent=100 - -(-100 * unclassified // max(1, len(document.text))),
    )


def tasks_of_unit(session: Session, *, document_id: int, unit_ids: Collection[int]) -> set[int]:
    """Return the tasks of a document in which units have a share."""
    wanted = (
        select(col(AssignmentRow.task_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(col(TaskRow.document_id) == document_id, col(AssignmentRow.unit_id).in_(unit_ids))
    )
    return set(session.scalars(wanted))


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
    rows = session.scalars(select(DocumentSpanRow).where(col(DocumentSpanRow.document_id) == document_id))
    return [Span(row.start_at, row.end_at, SpanRole(row.role)) for row in rows]


def _span(item: ItemRow) -> ItemSpan:
    if item.responsibility_start_at is None or item.responsibility_end_at is None:
        return ItemSpan(item.code, item.start_at, item.end_at)
    return ItemSpan(item.code, item.start_at, item.end_at, (item.responsibility_start_at, item.responsibility_end_at))
