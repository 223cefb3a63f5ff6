"""Messages about months of evaluation: inputs that are due, marks to be checked, objections and their answers."""

from dataclasses import replace
from functools import partial

from sqlmodel import Session

from tracker.domain.calendar import full_date, local_day
from tracker.domain.deliveries import Delivery
from tracker.domain.events.score_corrections import (
    ScoringCorrectionDropped,
    ScoringCorrectionFrozen,
    ScoringCorrectionOpened,
)
from tracker.domain.events.scoring import (
    MarksObjected,
    MarksObjectionAnswered,
    MarksObjectionSettled,
    ScoringCheckOpened,
    ScoringMarksChanged,
    ScoringMonthOpened,
    ScoringRulesRenewed,
    ScoringSuppliersNamed,
)
from tracker.domain.scoring.months import ObjectionState
from tracker.steps.document_notices import Notice
from tracker.steps.task_notices import decided_by
from tracker.store.queries.units import present_units, unit_names
from tracker.store.tables.scoring import ScoreCorrectionRow, ScoreMonthRow
from tracker.wording.notices import notice_reason, notice_subject
from tracker.wording.score_changes import corrected_words
from tracker.wording.scoring_months import month_words


def of_named_suppliers(session: Session, event: ScoringSuppliersNamed, delivery: Delivery) -> list[Notice]:
    """Tell whoever was decided to hand in something until when, and whoever hands in less that he does."""
    is_past = event.inputs_by < local_day(delivery.at)
    said = "原定期限已过，请尽快报送" if is_past else f"{full_date(event.inputs_by)}（含）前"
    named = _to_units(session, event.month_id, event.unit_ids, delivery, words=event.type, said=said)
    freed = tuple(one for one in event.freed_ids if one not in event.unit_ids)
    less = _to_units(session, event.month_id, freed, delivery, words=f"{event.type}.freed", said="")
    return [*named, *less, *_to_gone(session, event, delivery)]


def of_opened_month(session: Session, event: ScoringMonthOpened, delivery: Delivery) -> list[Notice]:
    """Tell whoever the scheme prints as supplier until when the month's inputs are asked for."""
    said = f"{full_date(event.inputs_by)}（含）前"
    return _to_units(session, event.month_id, event.unit_ids, delivery, words=event.type, said=said)


def of_renewed_rules(session: Session, event: ScoringRulesRenewed, delivery: Delivery) -> list[Notice]:
    """Tell the suppliers that the month goes by newer rules: what they hand in may be another thing now."""
    told = _to_units(session, event.month_id, event.unit_ids, delivery, words=event.type, said="")
    return [*told, *_to_gone(session, event, delivery)]


def _to_gone(session: Session, event: ScoringRulesRenewed | ScoringSuppliersNamed, delivery: Delivery) -> list[Notice]:
    """Tell who hands in nothing any more; the month's pages are not his, so that the message leads to none."""
    told = _to_units(session, event.month_id, event.gone_ids, delivery, words=f"{event.type}.gone", said="")
    return [replace(one, score_month_id=None) for one in told]


def of_opened_check(session: Session, event: ScoringCheckOpened, delivery: Delivery) -> list[Notice]:
    """Tell the evaluated bodies until when they may object; their heads do."""
    said = f"{full_date(event.check_until)}（含）前"
    return _to_units(session, event.month_id, event.unit_ids, delivery, words=event.type, said=said)


def of_changed_marks(session: Session, event: ScoringMarksChanged, delivery: Delivery) -> list[Notice]:
    """Tell the evaluated bodies what changed in the check of their marks, and until when they may object now."""
    said = f"可以提出异议至{full_date(event.check_until)}（含）"
    found = {one.unit_id: corrected_words(one, becomes="变为", items="变动") + "。" for one in event.changed}
    return [
        one
        for unit_id in event.unit_ids
        for one in _to_units(
            session, event.month_id, (unit_id,), delivery, words=event.type, said=found.get(unit_id, "") + said
        )
    ]


def of_objection(session: Session, event: MarksObjected, delivery: Delivery) -> list[Notice]:
    """Tell the office that an evaluated body objected."""
    subject = notice_subject(event.type, item=_month(session, event.month_id))
    reason = notice_reason(event.type, said=event.words, by=decided_by(session, delivery))
    return [Notice(None, delivery.seq, subject, reason, (), score_month_id=event.month_id)]


def of_answered_objection(session: Session, event: MarksObjectionAnswered, delivery: Delivery) -> list[Notice]:
    """Tell the evaluated body whether its objection holds, and why; the suppliers, that they have to correct it.

    Who objects to a figure of his own hears as its supplier.
    """
    words = event.type + (".refused" if event.state == ObjectionState.REFUSED.value else "")
    owing = tuple(present_units(session, event.unit_ids))
    to = partial(_to_units, session, event.month_id, delivery=delivery, said=event.answer)
    objectors = [one for one in present_units(session, (event.unit_id or 0,)) if one not in owing]
    whose = unit_names(session, [event.unit_id] if event.unit_id else []).get(event.unit_id or 0)
    said = f"异议由{whose}提出。{event.answer}" if whose else event.answer
    owed = _to_units(session, event.month_id, owing, delivery, words=f"{event.type}.owed", said=said)
    return [*to(tuple(objectors), words=words), *owed]


def of_settled_objection(session: Session, event: MarksObjectionSettled, delivery: Delivery) -> list[Notice]:
    """Tell the evaluated body why its objection holds and changes nothing in its marks."""
    return _to_units(session, event.month_id, (event.unit_id or 0,), delivery, words=event.type, said=event.because)


def of_opened_correction(session: Session, event: ScoringCorrectionOpened, delivery: Delivery) -> list[Notice]:
    """Tell the suppliers why a published month is corrected: what was wrong is handed in anew."""
    return _to_units(session, event.month_id, event.unit_ids, delivery, words=event.type, said=event.reason)


def of_dropped_correction(session: Session, event: ScoringCorrectionDropped, delivery: Delivery) -> list[Notice]:
    """Tell the suppliers that nothing is corrected after all."""
    return _to_units(session, event.month_id, event.unit_ids, delivery, words=event.type, said="")


def of_frozen_correction(session: Session, event: ScoringCorrectionFrozen, delivery: Delivery) -> list[Notice]:
    """Tell each body whose published marks or place a correction changes, what of them and why, before it is out."""
    because = session.get_one(ScoreCorrectionRow, event.correction_id).reason.rstrip("。")
    return [
        one
        for told in event.corrected
        if told.unit_id is not None
        for one in _to_units(
            session,
            event.month_id,
            (told.unit_id,),
            delivery,
            words=event.type,
            said=f"{corrected_words(told)}。更正原因：{because}",
        )
    ]


def _to_units(
    session: Session, month_id: int, unit_ids: tuple[int, ...], delivery: Delivery, *, words: str, said: str
) -> list[Notice]:
    subject = notice_subject(words, item=_month(session, month_id))
    reason = notice_reason(words, said=said)
    return [
        Notice(unit_id, delivery.seq, subject, reason, (), score_month_id=month_id, to_heads=True)
        for unit_id in present_units(session, unit_ids)
    ]


def _month(session: Session, month_id: int) -> str:
    return month_words(session.get_one(ScoreMonthRow, month_id).month)
