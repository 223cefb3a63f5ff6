"""Files beside answers to served papers and leaders' instructions 「附件」, as pages list them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import label, select
from sqlmodel import Session, col

from tracker.store.rows import as_views
from tracker.store.tables.enclosures import EnclosureRow


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file; `of` is the served paper, or the inquiry, beside which it lies."""

    of: int
    enclosure_id: int
    sha256: str
    name: str
    size_bytes: int
    media_type: str


def enclosed_in_answers(session: Session, served_ids: Collection[int]) -> Mapping[int, tuple[Enclosure, ...]]:
    """Return by served papers the files of their answers, without those of earlier wordings."""
    return _enclosed(session, "served_id", served_ids)


def enclosed_in_writings(session: Session, inquiry_ids: Collection[int]) -> Mapping[int, tuple[Enclosure, ...]]:
    """Return by inquiries the files beside what a leader wrote."""
    return _enclosed(session, "inquiry_id", inquiry_ids)


def _enclosed(session: Session, name: str, ids: Collection[int]) -> Mapping[int, tuple[Enclosure, ...]]:
    found: dict[int, list[Enclosure]] = defaultdict(list)
    if not ids:
        return {}
    column = col(getattr(EnclosureRow, name))
    wanted = select(
        label("of", column),
        label("enclosure_id", col(EnclosureRow.id)),
        *(col(getattr(EnclosureRow, one)) for one in ("sha256", "name", "size_bytes", "media_type")),
    ).where(column.in_(list(ids)), col(EnclosureRow.out_at).is_(None))
    for one in as_views(Enclosure, session.execute(wanted.order_by(col(EnclosureRow.id)))):
        found[one.of].append(one)
    return {of: tuple(files) for of, files in found.items()}
