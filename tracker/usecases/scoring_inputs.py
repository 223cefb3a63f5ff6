"""Inputs of a month of evaluation by their suppliers: handed in, corrected by new rows, taken back."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.calendar import WorkdayCalendar
from tracker.domain.errors import BadInput, NotFound, Rejected, refuse
from tracker.domain.scoring.entries import (
    Entry,
    Evidence,
    InputKind,
    Key,
    ReadScheme,
    Sourced,
    ToldTwice,
    What,
    check_entry,
    kinds_in,
)
from tracker.domain.scoring.fitting import UnknownInput
from tracker.domain.scoring.months import read_month
from tracker.domain.scoring.numbers import parts_over
from tracker.domain.scoring.scheme import Scheme
from tracker.steps.changed_marks import marks_in_check, tell_changed_marks
from tracker.steps.scoring import (
    keep_inputs,
    lock_month,
    names_of,
    require_open,
    require_supplier,
)
from tracker.store.queries.scoring import entry_of, last_inputs, said_none
from tracker.store.queries.scoring_rules import rules_of
from tracker.store.tables.scoring import ScoreInputRow, ScoreMonthRow


class InputChangedMeanwhile(Rejected):
    """Somebody else handed in another value since the page or file was made; facts: names."""

    code = "score_input_changed"


class CorrectionReason(BadInput):
    """What replaces something needs a reason; facts: names."""

    code = "score_correction_reason"


class SourceMissing(BadInput):
    """Where a number comes from is not said; facts: names."""

    code = "score_source_missing"


class NothingToTakeBack(Rejected):
    """It was corrected or taken back already."""

    code = "score_nothing_to_take_back"


class HappenedAlready(Rejected):
    """Somebody says that nothing happened of a kind of which something is handed in; facts: count."""

    code = "score_happened_already"


@dataclass(frozen=True, slots=True)
class Entered:
    """How many inputs were new, corrected others, and stood there already."""

    new: int
    corrected: int
    same: int


def enter_inputs(
    session: Session,
    month_id: int,
    told: Sequence[Sourced],
    *,
    seen: int,
    reason: str,
    read: ReadScheme,
    calendar: WorkdayCalendar,
    actor: Actor,
    at: datetime,
) -> Entered:
    """Hand in inputs of a month, all or none; what stands there with the same value stays as it is.

    `seen` is the number of the last input that the page or file knew. Records ScoringInputsEntered and, where marks
    change that are being checked, ScoringMarksChanged. Raises NotFound, NotYourTask, NotYourFigure, InputsClosed,
    SourceMissing, ToldTwice, InputChangedMeanwhile, CorrectionReason, PartOverWhole, ReasonTooLong and what
    `check_entry` raises.
    """
    month = lock_month(session, month_id)
    rules = rules_of(session, month, read)
    scheme = rules.scheme
    named = names_of(scheme)
    unit_id = require_supplier(
        session, rules, [(one.entry.what, named.get(one.entry.code, one.entry.code)) for one in told], actor=actor
    )
    require_open(session, month)
    standing = _by_key(last_inputs(session, month_id))
    checked = [_checked(scheme, month, it) for it in told]
    _refuse_twice([one.entry for one in checked], named)
    kept = [(one, standing.get(one.entry.key)) for one in checked]
    new = [(one, before) for one, before in kept if before is None or before.void or entry_of(before) != one.entry]
    _check_changes(new, named, seen=seen, reason=reason)
    _check_parts(scheme, [entry_of(row) for row in standing.values() if not row.void], [one.entry for one, _ in new])
    kept_for = [(one, None if row is None else row.id) for one, row in new]
    marks = marks_in_check(session, month, read)
    keep_inputs(session, month, kept_for, reason=reason, unit_id=unit_id, actor=actor, at=at)
    tell_changed_marks(session, month, marks, read=read, calendar=calendar, actor=actor, at=at)
    corrected = sum(before is not None for _, before in new)
    return Entered(len(new) - corrected, corrected, len(told) - len(new))


def take_back(
    session: Session,
    input_id: int,
    *,
    reason: str,
    read: ReadScheme,
    calendar: WorkdayCalendar,
    actor: Actor,
    at: datetime,
) -> None:
    """Take back what was handed in by mistake; it stays to be seen, and counts no more.

    Records ScoringInputsEntered and, where marks change that are being checked, ScoringMarksChanged. Raises NotFound,
    NotYourTask, NotYourFigure, InputsClosed, CorrectionReason, NothingToTakeBack, ReasonTooLong.
    """
    row = session.get(ScoreInputRow, input_id)
    if row is None:
        raise NotFound()
    month = lock_month(session, row.month_id)
    rules = rules_of(session, month, read)
    scheme = rules.scheme
    entry = entry_of(row)
    name = names_of(scheme).get(entry.code, entry.code)
    unit_id = require_supplier(session, rules, [(entry.what, name)], actor=actor)
    require_open(session, month)
    later = select(col(ScoreInputRow.id)).where(col(ScoreInputRow.replaces_id) == input_id)
    if row.void or session.scalars(later).first() is not None:
        raise NothingToTakeBack()
    if not reason:
        raise CorrectionReason(names=name)
    told = Sourced(entry, Evidence(row.source_words))
    marks = marks_in_check(session, month, read)
    keep_inputs(session, month, [(told, input_id)], reason=reason, unit_id=unit_id, void=True, actor=actor, at=at)
    tell_changed_marks(session, month, marks, read=read, calendar=calendar, actor=actor, at=at)


def say_none(
    session: Session, month_id: int, kinds: Sequence[What], *, read: ReadScheme, actor: Actor, at: datetime
) -> int:
    """Say of kinds of occurrences or checks that none happened in a month; return of how many it was not said yet.

    It counts nowhere: it tells what nobody reported from what did not happen. Records ScoringInputsEntered. Raises
    NotFound, NotYourTask, UnknownInput, NotYourFigure, InputsClosed, HappenedAlready.
    """
    month = lock_month(session, month_id)
    rules = rules_of(session, month, read)
    scheme = rules.scheme
    if any(what not in kinds_in(scheme) for what in kinds):
        raise UnknownInput(input_part="kind", name="、".join(code for _, code in kinds))
    named = names_of(scheme)
    unit_id = require_supplier(session, rules, [(what, named[what[1]]) for what in kinds], actor=actor)
    require_open(session, month)
    rows = last_inputs(session, month_id)
    if happened := {*kinds} & {entry_of(row).what for row in rows if not row.void}:
        raise HappenedAlready(count=len(happened))
    new = [what for what in dict.fromkeys(kinds) if what not in said_none(rows)]
    told = [(Sourced(Entry(kind=kind, code=code, object=""), Evidence("")), None) for kind, code in new]
    keep_inputs(session, month, told, reason="", unit_id=unit_id, void=True, actor=actor, at=at)
    return len(new)


def _checked(scheme: Scheme, month: ScoreMonthRow, told: Sourced) -> Sourced:
    named = names_of(scheme)
    name = f"{named.get(told.entry.object, '')}{named.get(told.entry.code, told.entry.code)}"
    return replace(told, entry=check_entry(scheme, read_month(month.month), told.entry, name=name))


def _by_key(rows: Iterable[ScoreInputRow]) -> dict[Key, ScoreInputRow]:
    """Return what a new input of each key would take the place of: what holds rather than what was taken back."""
    return {entry_of(row).key: row for row in sorted(rows, key=lambda one: not one.void)}


def _refuse_twice(told: Iterable[Entry], named: Mapping[str, str]) -> None:
    """Refuse one thing handed in twice, with equal numbers too: one of them is a slip. Raises ToldTwice, Faults."""
    times = Counter(one.key for one in told)
    refuse(
        [
            ToldTwice(name=f"{named.get(unit, '')}{reference or named.get(code, code)}")
            for (_, code, unit, reference), count in times.items()
            if count > 1
        ]
    )


def _check_changes(
    new: Sequence[tuple[Sourced, ScoreInputRow | None]], named: Mapping[str, str], *, seen: int, reason: str
) -> None:
    if unsourced := [named.get(one.entry.code, one.entry.reference) for one, _ in new if not one.evidence.words]:
        raise SourceMissing(names="、".join(dict.fromkeys(unsourced)))
    corrected = [row for _, row in new if row is not None]
    if unseen := [row for row in corrected if (row.id or 0) > seen]:
        raise InputChangedMeanwhile(names=_listed(unseen, named))
    if corrected and not reason:
        raise CorrectionReason(names=_listed(corrected, named))


def _check_parts(scheme: Scheme, standing: Iterable[Entry], new: Sequence[Entry]) -> None:
    """Refuse what would be more than its whole with what stands there."""
    named = names_of(scheme)
    numbers = {
        (one.code, one.object): one.value
        for one in (*standing, *new)
        if one.kind is InputKind.FIGURE and one.value is not None
    }
    touched = {(one.code, one.object) for one in new}
    over = [part for part in parts_over(scheme, numbers) if part.keys & touched]
    refuse([one.refused(name=f"{named[one.object]}{one.part.name}") for one in over])


def _listed(rows: Sequence[ScoreInputRow], named: Mapping[str, str]) -> str:
    return "、".join(
        f"{named.get(row.object, '')}{row.reference or named.get(row.code, row.code)}" for row in rows[:5]
    ) + ("等" if len(rows) > 5 else "")
