"""The one writer of what can be searched: it follows every change of a text in the transaction of the change.

The same statements give the texts of what a transaction touched and of everything, so that an index made anew is the
one that grew. Who may read what stands here is asked when it is searched, not when it is written.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, event, exists, inspect, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, UOWTransaction
from sqlmodel import Session, SQLModel, col

from tracker.domain.searching import BETWEEN, SearchKind, folded, grams_of
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import EvidenceRow, ReportRow
from tracker.store.tables.inquiries import InquiryRow
from tracker.store.tables.search import START_BITS, SearchGramRow, SearchTextRow
from tracker.store.tables.tasks import TaskRow

_TOUCHED = "tracker_touched_texts"
_CHUNK = 500
# Last the tasks: an index that was begun and not finished lacks some of them.
FILLED_IN_ORDER = (*(kind for kind in SearchKind if kind is not SearchKind.TASK), SearchKind.TASK)
_Texts = Iterator[tuple[int, str]]
_FIGURE = re.compile(r"\{[a-z_]+\}")


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the texts of a kind come from; `texts` yields the place and the fields of one row."""

    table: type[SQLModel]
    wanted: Select[*tuple[Any, ...]]  # Any: as many columns as `texts` reads
    texts: Callable[[Row[*tuple[Any, ...]]], Iterator[tuple[int, Sequence[str | None]]]]

    @property
    def id(self) -> ColumnElement[int]:
        found: ColumnElement[int] = SQLModel.metadata.tables[str(self.table.__tablename__)].c.id
        return found


def _of_task(row: Row[*tuple[Any, ...]]) -> Iterator[tuple[int, Sequence[str | None]]]:
    # Number and clause stand side by side: they are asked for as they are said, with or without a space.
    yield row.id, (f"{row.number}{row.label}", row.document, row.title, row.text, row.responsibility)


def _of_document(row: Row[*tuple[Any, ...]]) -> Iterator[tuple[int, Sequence[str | None]]]:
    start = 0
    for paragraph in row.text.split("\n"):
        head = () if start else (row.number, row.title)
        if head or paragraph.strip():
            yield (row.id << START_BITS) + start, (*head, paragraph)
        start += len(paragraph) + 1


def _of_report(row: Row[*tuple[Any, ...]]) -> Iterator[tuple[int, Sequence[str | None]]]:
    yield row.id, (row.text, row.cause, row.next_step)


def _of_evidence(row: Row[*tuple[Any, ...]]) -> Iterator[tuple[int, Sequence[str | None]]]:
    yield row.id, (row.name,)


def _of_circular(row: Row[*tuple[Any, ...]]) -> Iterator[tuple[int, Sequence[str | None]]]:
    # One that is older than the words kept with their figures is found by what stands around these.
    older = (_FIGURE.sub(BETWEEN, str(statement[1])) for statement in row.statements)
    words = older if row.said is None else (row.said,)
    yield row.id, (row.number, row.title, row.unit_name, row.addressees, *words)


def _of_instruction(row: Row[*tuple[Any, ...]]) -> Iterator[tuple[int, Sequence[str | None]]]:
    yield row.id, (row.words, row.asked_by)


_SOURCES: Mapping[SearchKind, _Source] = {
    SearchKind.TASK: _Source(
        TaskRow,
        select(
            col(TaskRow.id),
            col(DocumentRow.number),
            col(DocumentRow.title).label("document"),
            col(ItemRow.label),
            col(ItemRow.title),
            col(ItemRow.text),
            col(ItemRow.responsibility),
        )
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id)),
        _of_task,
    ),
    SearchKind.DOCUMENT: _Source(
        DocumentRow,
        select(col(DocumentRow.id), col(DocumentRow.number), col(DocumentRow.title), col(DocumentRow.text)),
        _of_document,
    ),
    SearchKind.REPORT: _Source(
        ReportRow,
        # What has no share is the tick for all others, which says nothing.
        select(col(ReportRow.id), col(ReportRow.text), col(ReportRow.cause), col(ReportRow.next_step)).where(
            col(ReportRow.assignment_id).is_not(None)
        ),
        _of_report,
    ),
    SearchKind.EVIDENCE: _Source(EvidenceRow, select(col(EvidenceRow.id), col(EvidenceRow.name)), _of_evidence),
    SearchKind.CIRCULAR: _Source(
        CircularRow,
        select(
            col(CircularRow.id),
            col(CircularRow.number),
            col(CircularRow.title),
            col(CircularRow.unit_name),
            col(CircularRow.addressees),
            col(CircularRow.statements),
            col(CircularRow.said),
        ),
        _of_circular,
    ),
    SearchKind.INSTRUCTION: _Source(
        InquiryRow,
        # What leads ask of other units is no instruction.
        select(col(InquiryRow.id), col(InquiryRow.words), col(InquiryRow.asked_by)).where(
            col(InquiryRow.instruction_id).is_not(None)
        ),
        _of_instruction,
    ),
}
# What of a row stands in a text: a change of anything else is none here.
_WATCHED: Mapping[type[SQLModel], tuple[str, ...]] = {
    TaskRow: ("item_id", "document_id"),
    ItemRow: ("label", "title", "text", "responsibility"),
    DocumentRow: ("number", "title", "text"),
    ReportRow: ("assignment_id", "text", "cause", "next_step"),
    EvidenceRow: ("name",),
    CircularRow: ("number", "title", "unit_name", "addressees", "statements", "said"),
    InquiryRow: ("instruction_id", "words", "asked_by"),
}


def follow(session: Session) -> None:
    """Write anew what can be searched of all that this transaction has touched; called before each commit."""
    session.flush()
    noted: dict[type[SQLModel], set[int]] = session.info.pop(_TOUCHED, {})
    if not noted:
        return
    items, documents = noted.get(ItemRow, set()), noted.get(DocumentRow, set())
    if items or documents:
        of_either = or_(col(TaskRow.item_id).in_(items), col(TaskRow.document_id).in_(documents))
        noted.setdefault(TaskRow, set()).update(
            id_ or 0 for id_ in session.scalars(select(col(TaskRow.id)).where(of_either))
        )
    for kind, source in _SOURCES.items():
        ids = sorted(noted.get(source.table, ()))
        for start in range(0, len(ids), _CHUNK):
            _write(session, kind, ids[start : start + _CHUNK])


def empty(session: Session) -> None:
    """Forget all that can be searched: the pairs first, so that none is left that a text would bring."""
    session.execute(delete(SearchGramRow))
    session.execute(delete(SearchTextRow))


def fill(session: Session, kind: SearchKind, *, after: int) -> tuple[int, int | None]:
    """Write what can be searched of the next things of a kind; return how many, and the last id, None at the end."""
    source = _SOURCES[kind]
    ids = list(session.scalars(select(source.id).where(source.id > after).order_by(source.id).limit(_CHUNK)))
    if not ids:
        return 0, None
    # On PostgreSQL whoever changes one of them meanwhile waits, or has ended before.
    session.scalars(select(source.id).where(source.id.in_(ids)).with_for_update(read=True)).all()
    _write(session, kind, ids)
    return len(ids), ids[-1]


def is_filled(session: Session) -> bool:
    """Tell whether all that was there before this index was known has been put into it."""
    tasks = select(col(TaskRow.id)).where(~_known(SearchKind.TASK, col(TaskRow.id)))
    writings = select(col(InquiryRow.id)).where(
        col(InquiryRow.instruction_id).is_not(None), ~_known(SearchKind.INSTRUCTION, col(InquiryRow.id))
    )
    return all(session.scalars(lacking.limit(1)).first() is None for lacking in (tasks, writings))


def _known(kind: SearchKind, id_: Mapped[int | None]) -> ColumnElement[bool]:
    return exists().where(col(SearchTextRow.kind) == kind.value, col(SearchTextRow.place) == id_)


def _write(session: Session, kind: SearchKind, ids: Sequence[int]) -> None:
    """Bring the texts of some things and their pairs to what they are now."""
    source = _SOURCES[kind]
    now = {
        place: BETWEEN.join(folded(text) for text in texts if text)
        for row in session.execute(source.wanted.where(source.id.in_(ids)))
        for place, texts in source.texts(row)
    }
    stored = select(col(SearchTextRow.place), col(SearchTextRow.text)).where(
        col(SearchTextRow.kind) == kind.value, _places(kind, ids)
    )
    before: dict[int, str] = dict(session.execute(stored).all())
    changed = [place for place in now.keys() | before.keys() if now.get(place) != before.get(place)]
    gone, texts, grams = [], [], []
    for place in sorted(changed):
        old = grams_of(before.get(place, ""), kind)
        new = grams_of(now.get(place, ""), kind)
        for gram in old - new:
            gone.append((gram, place))
        grams += [{"gram": gram, "place": place} for gram in new - old]
        if place in now:
            texts.append({"kind": kind.value, "place": place, "text": now[place]})
    _remove(session, kind, [place for place in changed if place in before], gone)
    _insert(session, SearchTextRow, texts)
    _insert(session, SearchGramRow, sorted(grams, key=lambda one: (one["gram"], one["place"])))


def _places(kind: SearchKind, ids: Sequence[int]) -> ColumnElement[bool]:
    if kind is not SearchKind.DOCUMENT:
        return col(SearchTextRow.place).in_(ids)
    first_and_last = ((id_ << START_BITS, ((id_ + 1) << START_BITS) - 1) for id_ in ids)
    return or_(*(col(SearchTextRow.place).between(*pair) for pair in first_and_last))


def _remove(session: Session, kind: SearchKind, places: Iterable[int], grams: Iterable[tuple[int, int]]) -> None:
    for place in places:
        session.execute(
            delete(SearchTextRow).where(col(SearchTextRow.kind) == kind.value, col(SearchTextRow.place) == place)
        )
    for gram, place in grams:
        session.execute(delete(SearchGramRow).where(col(SearchGramRow.gram) == gram, col(SearchGramRow.place) == place))


def _insert(session: Session, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:  # Any: of any column
    if rows:
        makes = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        session.connection().execute(makes(table).on_conflict_do_nothing(), rows)


@event.listens_for(Session, "after_flush")
def _note(session: Session, _flush: UOWTransaction) -> None:
    """Note what a flush wrote: rows of which something changed that can be searched."""
    for row in (*session.new, *session.dirty, *session.deleted):
        names = _WATCHED.get(type(row))
        if names is None:
            continue
        state = inspect(row)
        if row not in session.dirty or any(state.attrs[name].history.has_changes() for name in names):
            touched: dict[type[SQLModel], set[int]] = session.info.setdefault(_TOUCHED, {})
            touched.setdefault(type(row), set()).add(row.id)
