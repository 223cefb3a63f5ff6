"""Which inputs a correction of a published month changed, or would change."""

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.scoring.changes import ChangedInput, LastWord, changed_inputs
from tracker.store.queries.scoring import entry_of, inputs_until, standing_inputs
from tracker.store.tables.scoring import ScoreInputRow


def inputs_changed(session: Session, month_id: int, *, edition: int) -> tuple[ChangedInput, ...]:
    """Return what differs between the inputs of a kept result of a month and those of the one before, each with why."""
    since, until = inputs_until(session, month_id, edition - 1), inputs_until(session, month_id, edition)
    return _changed(session, month_id, since=since, until=until)


def inputs_to_correct(session: Session, month_id: int) -> tuple[ChangedInput, ...]:
    """Return what differs between all that was handed in of a month being corrected and what was published of it."""
    return _changed(session, month_id, since=inputs_until(session, month_id, None), until=None)


def _changed(session: Session, month_id: int, *, since: int | None, until: int | None) -> tuple[ChangedInput, ...]:
    wanted = select(ScoreInputRow).where(col(ScoreInputRow.month_id) == month_id, col(ScoreInputRow.id) > (since or 0))
    if until is not None:
        wanted = wanted.where(col(ScoreInputRow.id) <= until)
    words = {
        entry_of(row).key: LastWord(row.source_words, row.reason)
        for row in session.scalars(wanted.order_by(col(ScoreInputRow.id)))
    }
    before = map(entry_of, standing_inputs(session, month_id, up_to=since))
    return changed_inputs(before, map(entry_of, standing_inputs(session, month_id, up_to=until)), words)
