"""When a month's result may be drafted, checked or kept: the one rule for a month and for the correction of one."""

from sqlmodel import Session

from tracker.domain.errors import Rejected, refuse
from tracker.domain.scoring.entries import ReadScheme, kind_names
from tracker.domain.scoring.numbers import parts_over
from tracker.domain.scoring.written import Evaluated, Material, evaluate, standing_before
from tracker.steps.scoring import names_of, silent_of
from tracker.store.tables.scoring import ScoreMonthRow


class MonthIncomplete(Rejected):
    """Not every object has its total; facts: asked and lacking, how many questions are open and figures missing."""

    code = "score_month_incomplete"


class KindsSilent(Rejected):
    """Of some kinds nobody reported anything, nor that nothing happened; facts: score_month, count, names."""

    code = "score_kinds_silent"


def complete_result(session: Session, row: ScoreMonthRow, material: Material, read: ReadScheme) -> Evaluated:
    """Return what a month comes to from `material`, which has all that was handed in; everything must be there.

    Silence is not that nothing happened: of each kind something has to stand, or that nothing did, or the office's
    reason. Raises MonthIncomplete, KindsSilent, PartOverWhole.
    """
    evaluated = evaluate(material, read(material.content))
    if not evaluated.result.complete:
        raise MonthIncomplete(asked=len(standing_before(evaluated)), lacking=len(evaluated.result.lacking))
    if silent := silent_of(session, row, evaluated.rules.scheme):
        printed = kind_names(evaluated.rules.scheme)
        names = "、".join(printed[what] for what in silent)
        raise KindsSilent(score_month=row.month, count=len(silent), names=names)
    # What was counted from projects may be more than a whole that somebody entered.
    scheme, named = evaluated.rules.scheme, names_of(evaluated.rules.scheme)
    over = parts_over(scheme, evaluated.inputs.figures)
    refuse([one.refused(name=f"{named[one.object]}{one.part.name}") for one in over])
    return evaluated
