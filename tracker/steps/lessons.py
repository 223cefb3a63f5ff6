"""What was taught of issuers' documents, as acts hold names and new drafts against it."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.errors import Rejected
from tracker.domain.readings.lessons import names_with_units
from tracker.domain.readings.reading import Reading
from tracker.intake.strange_labels import holds_label
from tracker.store.queries.lessons import taught_anywhere
from tracker.store.tables.lessons import LessonRow


class NameTaught(Rejected):
    """A name stands for a unit in an issuer's documents; facts: name, issuer."""

    code = "name_taught"


def refuse_taught(session: Session, names: Iterable[str]) -> None:
    """Let no name be entered for everybody that means a unit in one issuer's documents. Raises NameTaught."""
    found = taught_anywhere(session, names)
    if found is not None:
        name, issuer = found
        raise NameTaught(name=name, issuer=issuer)


def count_lessons(session: Session, draft: Reading) -> tuple[int, ...]:
    """Count a new draft for each lesson that it was read with; return their ids in order."""
    names = names_with_units(draft)
    wanted = select(LessonRow).where(col(LessonRow.issuer) == draft.issuer, col(LessonRow.withdrawn_at).is_(None))
    used = [
        row
        for row in session.scalars(wanted.order_by(col(LessonRow.id)).with_for_update())
        if (row.printed in names if row.role is None else holds_label(draft.text, row.printed))
    ]
    for row in used:
        row.drafts += 1
    return tuple(row.id for row in used if row.id is not None)
