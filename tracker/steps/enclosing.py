"""Files are laid beside an answer to a served paper, or beside a leader's instruction 「附件」."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.entries import AttachedFile
from tracker.domain.events.documents import SealedRow
from tracker.store.row_digests import row_digest
from tracker.store.tables.enclosures import EnclosureRow


def enclose(
    session: Session,
    files: Sequence[AttachedFile],
    *,
    served_id: int | None = None,
    inquiry_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> tuple[SealedRow, ...]:
    """Lay files beside an answer or a writing; return their digests, which the event of the act tells."""
    rows = [
        EnclosureRow(
            served_id=served_id,
            inquiry_id=inquiry_id,
            sha256=file.sha256,
            name=file.name,
            size_bytes=file.size_bytes,
            media_type=file.media_type,
            put_by=actor.name,
            put_at=at,
        )
        for file in files
    ]
    session.add_all(rows)
    session.flush()
    return tuple(SealedRow(id=row.id or 0, sha256=row_digest(row)) for row in rows)


def take_out_enclosed(session: Session, *, served_id: int, at: datetime) -> tuple[SealedRow, ...]:
    """Let the files of an answer that is written anew lie beside it no more; return them as the event tells them."""
    standing = select(EnclosureRow).where(col(EnclosureRow.served_id) == served_id, col(EnclosureRow.out_at).is_(None))
    rows = session.scalars(standing.order_by(col(EnclosureRow.id))).all()
    for row in rows:
        row.out_at = at
    return tuple(SealedRow(id=row.id or 0, sha256=row_digest(row)) for row in rows)


def enclosed_before(session: Session, *, inquiry_id: int) -> tuple[AttachedFile, ...]:
    """Return what lies beside one writing of an instruction, to be laid beside the next that repeats it."""
    lying = select(EnclosureRow).where(col(EnclosureRow.inquiry_id) == inquiry_id).order_by(col(EnclosureRow.id))
    return tuple(AttachedFile(row.sha256, row.name, row.size_bytes, row.media_type) for row in session.scalars(lying))
