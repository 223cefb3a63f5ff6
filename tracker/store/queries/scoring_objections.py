"""Objections to marks that hold, and whether they were carried out: by the inputs, whoever handed them in."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from tracker.domain.scoring.asked import inputs_behind
from tracker.domain.scoring.entries import What
from tracker.domain.scoring.months import ObjectionState, read_month
from tracker.domain.scoring.objections import Became, became, changes_its_matter
from tracker.domain.scoring.rules import Rules
from tracker.store.queries.scoring import entry_of, objection_rows, standing_inputs
from tracker.store.tables.projects import ProjectRow
from tracker.store.tables.scoring import ScoreInputRow, ScoreMonthRow, ScoreObjectionRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class UpheldObjection:
    """An objection that holds, the figures and kinds behind the marks that it is about, and what became of it."""

    row: ScoreObjectionRow
    behind: frozenset[What]
    became: Became


def upheld_objections(
    session: Session, month: ScoreMonthRow, rules: Rules, *, up_to: int | None = None
) -> Sequence[UpheldObjection]:
    """Return the objections to a month's marks that hold, in the order in which they were raised.

    With `up_to`, what had become of them when the input of that number was the last.
    """
    rows = [one for one in objection_rows(session, month.id or 0) if one.state == ObjectionState.UPHELD.value]
    if not rows:
        return ()
    now = [entry_of(one) for one in standing_inputs(session, month.id or 0, up_to=up_to)]
    found = []
    for row in rows:
        behind = inputs_behind(rules, read_month(month.month), row.item)
        told = standing_inputs(session, row.month_id, up_to=_inputs_after(session, row))
        before = [entry_of(one) for one in told]
        done = became(row.item, behind, before=before, now=now, because=row.settled_because)
        found.append(UpheldObjection(row, behind, done))
    return tuple(found)


def owed_objections(session: Session, month: ScoreMonthRow, rules: Rules) -> Sequence[UpheldObjection]:
    """Return the objections that hold and were not carried out."""
    return tuple(one for one in upheld_objections(session, month, rules) if one.became is Became.OWED)


def overtaken_objections(
    session: Session,
    month: ScoreMonthRow,
    rules: Rules,
    *,
    before: int | None,
    now: int | None,
    former: bool = False,
) -> Sequence[ScoreObjectionRow]:
    """Return the objections that did not hold and about whose matter their body has other inputs `now` than `before`.

    Both are numbers of a last input, None where there is none later. `former` takes any input behind the item for its
    matter, as papers did that stay what they said.
    """
    refused = [one for one in objection_rows(session, month.id or 0) if one.state == ObjectionState.REFUSED.value]
    told = [standing_inputs(session, month.id or 0, up_to=up_to) for up_to in (before, now)] if refused else []
    figures = {one.code: one.name for one in rules.scheme.figures}
    found = []
    for row in refused:
        behind = inputs_behind(rules, read_month(month.month), row.item)
        then, later = ([entry_of(one) for one in rows if one.object in ("", row.object)] for rows in told)
        if former:
            is_overtaken = became(row.item, behind, before=then, now=later, because=None) is Became.CORRECTED
        else:
            projects = _projects_of(session, row.object)
            is_overtaken = changes_its_matter(
                row.words, row.item, behind, before=then, now=later, figures=figures, projects=projects
            )
        if is_overtaken:
            found.append(row)
    return found


def _projects_of(session: Session, unit: str) -> Sequence[str]:
    """Return the names of the projects on record of a body."""
    wanted = select(col(ProjectRow.name)).join(UnitRow, col(UnitRow.id) == col(ProjectRow.unit_id))
    return session.scalars(wanted.where(col(UnitRow.code) == unit)).all()


def _inputs_after(session: Session, row: ScoreObjectionRow) -> int:
    """Return the number of the last input when an objection was answered; of answers of before, by their moment."""
    if row.inputs_after is not None:
        return row.inputs_after
    wanted = select(func.max(col(ScoreInputRow.id))).where(
        col(ScoreInputRow.month_id) == row.month_id, col(ScoreInputRow.entered_at) <= row.answered_at
    )
    return session.scalar(wanted) or 0


def open_objections(session: Session) -> list[ScoreObjectionRow]:
    """Return the objections that wait for the office's answer, the oldest first."""
    wanted = select(ScoreObjectionRow).where(col(ScoreObjectionRow.state) == ObjectionState.OPEN.value)
    return list(session.scalars(wanted.order_by(col(ScoreObjectionRow.id))))
