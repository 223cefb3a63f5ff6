"""To whom a file beside an answer to a served paper, or beside a leader's instruction, may be shown."""

from sqlalchemy import ColumnElement, and_, func, label, or_, select
from sqlmodel import Session, col

from tracker.domain.accounts import EveryUnit, Scope
from tracker.domain.served_papers import ServedState
from tracker.store.queries.enclosures import Enclosure
from tracker.store.queries.inquiry_views import writings_for
from tracker.store.rows import as_view
from tracker.store.tables.enclosures import EnclosureRow
from tracker.store.tables.inquiries import InquiryRow
from tracker.store.tables.served_papers import ServedPaperRow


def enclosure_file(session: Session, *, enclosure_id: int, unit_ids: Scope) -> Enclosure | None:
    """Return a file that a scope may read; else None.

    A file beside an instruction is read by whom that is read by; one under an answer by the unit, and once the head
    has signed by the office and the leaders; one of an earlier wording of the answer by nobody.
    """
    wanted = (
        select(
            label("of", func.coalesce(col(EnclosureRow.served_id), col(EnclosureRow.inquiry_id))),
            label("enclosure_id", col(EnclosureRow.id)),
            *(col(getattr(EnclosureRow, one)) for one in ("sha256", "name", "size_bytes", "media_type")),
        )
        .outerjoin(ServedPaperRow, col(ServedPaperRow.id) == col(EnclosureRow.served_id))
        .outerjoin(InquiryRow, col(InquiryRow.id) == col(EnclosureRow.inquiry_id))
        .where(
            col(EnclosureRow.id) == enclosure_id,
            col(EnclosureRow.out_at).is_(None),
            or_(
                and_(col(EnclosureRow.served_id).is_not(None), _answers_read_by(unit_ids)),
                and_(col(EnclosureRow.inquiry_id).is_not(None), writings_for(unit_ids)),
            ),
        )
    )
    row = session.execute(wanted).first()
    return as_view(Enclosure, row) if row else None


def _answers_read_by(unit_ids: Scope) -> ColumnElement[bool]:
    if isinstance(unit_ids, EveryUnit):
        return col(ServedPaperRow.state) == ServedState.ANSWERED.value
    return col(ServedPaperRow.unit_id).in_(list(unit_ids))
