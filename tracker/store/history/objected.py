"""What a circular about an evaluated month says of the objections to it."""

from datetime import datetime

from sqlmodel import Session

from tracker.domain.events.scoring import MarksObjected, MarksObjectionAnswered
from tracker.domain.scoring.months import ObjectionState
from tracker.domain.scoring.objections import Became
from tracker.domain.scoring.rules import Rules
from tracker.store.history.log import Cut, Part, Told, told
from tracker.store.queries.scoring import inputs_until, objection_rows
from tracker.store.queries.scoring_objections import overtaken_objections, upheld_objections
from tracker.store.tables.scoring import ScoreMonthRow, ScoreObjectionRow

_OBJECTED = frozenset({MarksObjected.type, MarksObjectionAnswered.type})


def objected(session: Session, row: ScoreMonthRow, rules: Rules, kept: Told, *, edition: int) -> dict[str, int]:
    """Count the objections that were raised before the month was kept, and what had become of them by then.

    Of those that did not hold then a later edition tells of how many it corrects the matter. `kept` is the event that
    kept it.
    """
    until, frozen_at = inputs_until(session, row.id or 0, 1), row.frozen_at
    raised = [one for one in objection_rows(session, row.id or 0) if _was_before(one, row)]
    ids = {one.id for one in raised}
    upheld = [one for one in upheld_objections(session, row, rules, up_to=until) if one.row.id in ids]
    overtaken = kept.facts.get("overtaken", ())
    # Papers about results that were kept before this was told, or told so, stay what they said, to the byte.
    if edition > 1 and "overtaken" not in kept.facts and "uncounted" in kept.facts:
        now = inputs_until(session, row.id or 0, edition)
        known = overtaken_objections(session, row, rules, before=until, now=now, former=True)
        overtaken = [one.id for one in known]
    settled = [one for one in upheld if one.became is Became.UNCHANGED]
    return {
        "upheld": len(upheld),
        "mended": sum(one.became is Became.CORRECTED for one in upheld),
        "unchanged": sum(_was_by(one.row.settled_at, frozen_at) for one in settled),
        "refused": len(raised) - len(upheld),
        "overtaken": sum(one in ids for one in overtaken),
    }


def objected_between(
    session: Session, row: ScoreMonthRow, rules: Rules, kept: Told, *, edition: int, until: Cut
) -> dict[str, int]:
    """Count the objections raised since a month was published until its correction was kept, by what came of them.

    All were answered by then, and each that held was carried out. `overtaken_between` are those without success that
    were answered by the inputs of the first result and whose matter is another since. Papers about results that were
    kept before this was told stay what they said, to the byte.
    """
    if not kept.facts.get("tells_between"):
        return {}
    events = told(session, until=until, types=frozenset({MarksObjected.type}), part=Part())
    ids = {one.facts["objection_id"] for one in events if one.seq < kept.seq}
    found = [one for one in objection_rows(session, row.id or 0) if one.id in ids and not _was_before(one, row)]
    known, first = {one.id for one in found}, inputs_until(session, row.id or 0, 1) or 0
    came = upheld_objections(session, row, rules, up_to=inputs_until(session, row.id or 0, edition))
    mended = [one for one in came if one.row.id in known and one.became is Became.CORRECTED]
    refused = [one for one in found if one.state == ObjectionState.REFUSED.value]
    by_first = {one.id for one in refused if one.inputs_after is not None and one.inputs_after <= first}
    return {
        "right_between": len(found) - len(refused),
        "mended_between": len(mended),
        "unchanged_between": len(found) - len(refused) - len(mended),
        "kept_between": len(refused),
        "overtaken_between": sum(one in by_first for one in kept.facts["overtaken"]),
    }


def objected_since(session: Session, month_id: int, kept: Told, *, until: Cut) -> tuple[int, int]:
    """Count the objections to a corrected result raised since it was kept: without success, held to be right.

    Papers about results that were kept before this was told stay what they said, to the byte.
    """
    if "overtaken" not in kept.facts:
        return 0, 0
    later = [one for one in told(session, until=until, types=_OBJECTED, part=Part()) if one.seq > kept.seq]
    found = [one for one in later if one.facts["month_id"] == month_id]
    raised = {one.facts["objection_id"] for one in found if one.type == MarksObjected.type}
    answers = [one.facts for one in found if one.type == MarksObjectionAnswered.type]
    states = [one["state"] for one in answers if one["objection_id"] in raised]
    return states.count(ObjectionState.REFUSED.value), states.count(ObjectionState.UPHELD.value)


def _was_before(one: ScoreObjectionRow, row: ScoreMonthRow) -> bool:
    """Tell whether an objection was raised before its month was kept, and so against what was no result yet."""
    return row.frozen_at is None or one.raised_at < row.frozen_at


def _was_by(at: datetime | None, until: datetime | None) -> bool:
    return at is not None and (until is None or at <= until)
