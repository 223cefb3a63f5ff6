"""The paper partition 「报送情况」: each series counted once, by the class of the form that counts now."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, label, select
from sqlmodel import Session, col

from tracker.domain.owed import PAPER_ORDER, Paper, PeriodView, standing_paper
from tracker.store.queries.series import series_views
from tracker.store.rows import as_view
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.series import SeriesRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One series as it stands: its form that counts, and that form's class."""

    series_id: int
    unit_id: int
    unit_name: str
    document_id: int
    document_number: str
    kind: str
    addressee: str | None
    period: PeriodView
    paper: Paper

    @property
    def due_at(self) -> datetime:
        """The moment that counts: the earliest of the rows that wait, else the form's."""
        return self.period.moment or self.period.due_at


@dataclass(frozen=True, slots=True)
class PaperCounts:
    """How many series stand in each class; the parts add up to `total`."""

    parts: Mapping[Paper, int]

    @property
    def total(self) -> int:
        return sum(self.parts.values())


@dataclass(frozen=True, slots=True)
class DocumentPaper:
    document_id: int
    number: str
    counts: PaperCounts


def paper_lines(
    session: Session, *, now: datetime, document_id: int | None = None, unit_id: int | None = None
) -> list[PaperLine]:
    """Return every series that has a form, by unit in official order, then by document."""
    heads = _heads(session, document_id=document_id, unit_id=unit_id)
    views = {view.series_id: view for view in series_views(session, [head.series_id for head in heads])}
    return [
        as_view(PaperLine, head, period=found[0], paper=found[1])
        for head in heads
        if (found := standing_paper(views[head.series_id].periods, now=now)) is not None
    ]


def paper_counts(lines: Iterable[PaperLine]) -> PaperCounts:
    """Count lines by class, each class named, in the order of `Paper`."""
    counted = Counter(line.paper for line in lines)
    return PaperCounts({paper: counted[paper] for paper in PAPER_ORDER})


def by_document(lines: Sequence[PaperLine]) -> tuple[DocumentPaper, ...]:
    """Count lines by class for each document, in the order in which documents were registered."""
    documents = sorted({(line.document_id, line.document_number) for line in lines})
    return tuple(
        DocumentPaper(id_, number, paper_counts(line for line in lines if line.document_id == id_))
        for id_, number in documents
    )


def _heads(
    session: Session, *, document_id: int | None, unit_id: int | None
) -> Sequence[Row[*tuple[Any, ...]]]:  # Any: the line types them
    wanted = (
        select(
            label("series_id", col(SeriesRow.id)),
            label("unit_id", col(UnitRow.id)),
            label("unit_name", col(UnitRow.short_name)),
            label("document_id", col(DocumentRow.id)),
            label("document_number", col(DocumentRow.number)),
            col(SeriesRow.kind),
            col(SeriesRow.addressee),
        )
        .join(UnitRow, col(UnitRow.id) == col(SeriesRow.unit_id))
        .join(DocumentRow, col(DocumentRow.id) == col(SeriesRow.document_id))
        .order_by(
            col(UnitRow.official_order),
            col(UnitRow.id),
            col(DocumentRow.issued_on),
            col(DocumentRow.id),
            col(SeriesRow.id),
        )
    )
    if document_id is not None:
        wanted = wanted.where(col(SeriesRow.document_id) == document_id)
    if unit_id is not None:
        wanted = wanted.where(col(SeriesRow.unit_id) == unit_id)
    return session.execute(wanted).all()
