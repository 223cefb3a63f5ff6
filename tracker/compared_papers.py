"""The words of a correction 「更正」 beside those of the paper whose place it takes."""

from sqlmodel import Session

from tracker.domain.circulars.content import Content
from tracker.domain.circulars.days import with_answer_day
from tracker.domain.circulars.differences import Difference, Words, differences
from tracker.domain.circulars.paragraphs import paragraphs
from tracker.paper.annex_columns import uncounted_rows
from tracker.store.queries.co_issuers import joint_names
from tracker.store.queries.issued_days import answer_ordered
from tracker.store.tables.circulars import CircularRow
from tracker.wording.corrections import without_correction_note


def compared(
    session: Session, row: CircularRow, content: Content | None, *, original: CircularRow, before: Content | None
) -> tuple[Difference, ...]:
    """Return in what a correction differs from its original, each with its own figures."""
    if content is not None and row.number is None:
        # What a draft leaves to its issue is no correction of what its original was issued with.
        content = with_answer_day(content, answer_ordered(session, original))
    return differences(_words(session, original, before), _words(session, row, content))


def _words(session: Session, row: CircularRow, content: Content | None) -> Words:
    told = (one.words for one in paragraphs(row.statements))
    tables = content.tables if content is not None else ()
    return Words(
        (
            *(("标题", row.title), ("主送机关", row.addressees), ("抄送", row.copies), ("紧急程度", row.urgency)),
            ("联合印发机关", "、".join(joint_names(session, row.id or 0))),
            ("附注", without_correction_note(row.note)),
        ),
        tuple(words if content is None else content.fill(words) for words in told),
        tuple((table.title, uncounted_rows(table)) for table in tables),
    )
